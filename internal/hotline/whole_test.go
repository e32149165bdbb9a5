package hotline_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/clock"
	"yingda/internal/report"
	"yingda/internal/workforce"
)

// A customer walks through the menu, is told their place and how long it will
// take, asks to be called back, is called, talks, waits with music, is handed on
// and gives four marks. What the record says is what the reports say, and the
// recording has both voices, each on its side.
func TestAWholeCall(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		for i, n := range h.menu.Nodes {
			if n.Kind == call.KindQueue {
				h.menu.Nodes[i].Seconds = 1 // the place is told again after each
			}
		}
		h.online(h.wang)
		other := h.calls("13800000001")
		other.press("1")
		first := h.state(call.Offered).Call.ID
		h.must(h.Answer(ctx, h.wang, first))
		h.state(call.Talking)
		ahead := h.calls("13800000002")
		ahead.press("1")
		h.wait("somebody in the queue", func() bool { return len(h.open()) == 2 })
		h.last = h.open()[1]
		h.state(call.Queued)

		c := h.calls("13812345678")
		h.wait("the customer", func() bool { return len(h.open()) == 3 })
		h.last = h.open()[2]
		c.press("1")
		h.state(call.Queued)
		h.wait("place and wait to be heard", func() bool { return strings.Contains(c.heard(), "AB") })
		h.wait("both to be said as one", func() bool { return h.prompts.has("queue.one_ahead", "queue.wait_under.1", "n1", "minutes") })
		c.press("*")
		c.gone()
		if s := h.state(call.Ended); s.Call.Record.Result != call.CallbackDue || !strings.Contains(c.heard(), "D") {
			h.t.Errorf("it ends as %s, and they heard %s", s.Call.Record.Result, c.heard())
		}
		ahead.Hangup()
		ahead.gone()

		h.last = 0
		back := h.outside()
		h.online(h.lin)
		h.wait("the call", func() bool { h.CallBackNow(ctx); return back.came() })
		h.wait("it at the desk", func() bool { return len(h.open()) == 2 })
		h.last = h.open()[1]
		h.state(call.InMenu)
		back.Leg().Press("1")
		s := h.state(call.Offered)
		i := s.Call.ID
		lin := h.at(h.lin).ear
		h.must(h.Answer(ctx, h.lin, i))
		h.hears(lin, "4", back.ear)
		h.hears(back.ear, "5", lin)
		before := strings.Count(back.heard(), "C")
		h.must(h.Hold(ctx, h.lin, i))
		h.wait("music", func() bool { return strings.Count(back.heard(), "C") > before })
		h.must(h.Resume(ctx, h.lin, i))
		h.hears(lin, "6", back.ear)

		h.online(h.zhao)
		_, err := h.desk.Transfer(ctx, h.lin, s.Conversation, desk.Handover{Agent: h.zhao.Agent, Note: "请核对订单"})
		h.must(err)
		h.wait("the colleague to be rung", func() bool { return h.sees().Rings == h.zhao.Agent })
		h.must(h.Answer(ctx, h.zhao, i))
		zhao := h.at(h.zhao).ear
		h.hears(zhao, "7", back.ear)
		h.hears(back.ear, "8", zhao)
		h.must(h.Hangup(ctx, h.zhao, i))
		h.state(call.Surveying)
		marks := []struct {
			of   string
			mark int
		}{{"attitude", 5}, {"quality", 4}, {"efficiency", 3}, {"overall", 5}}
		for n, m := range marks {
			back.press(strconv.Itoa(m.mark))
			h.wait("the mark for "+m.of, func() bool { return len(h.sees().Call.Record.Ratings) > n })
		}
		back.gone()
		h.state(call.WrappingUp)
		_, err = h.desk.Close(ctx, h.zhao, s.Conversation, conversation.Summary{Category: "business.recall", Result: "solved"})
		h.must(err)
		other.Hangup()
		other.gone()

		s = h.state(call.Ended)
		r := s.Call.Record
		for _, m := range marks {
			if r.Ratings[m.of] != m.mark {
				h.t.Errorf("the marks are %v", r.Ratings)
			}
		}
		if r.Result != call.Completed || s.Agent != h.zhao.Agent || r.Recording.Notice == "" {
			h.t.Errorf("the record is %+v", r)
		}
		h.heardOnSides(r, "467", "58")
		h.agrees(first, i)
	})
}

// heardOnSides fails unless the recording has what each side said there, and
// nowhere else.
func (h *house) heardOnSides(r call.Record, customer, agents string) {
	h.t.Helper()
	f, err := h.files.Open(h.t.Context(), r.Recording.File)
	h.must(err)
	defer f.Close()
	b := make([]byte, f.Size)
	_, err = f.ReadAt(b, 0)
	h.must(err)
	sound, err := audio.ReadWAV(b)
	h.must(err)
	sides := [2]string{tones(sound, 0), tones(sound, 1)}
	for side, said := range []string{customer, agents} {
		for _, key := range said {
			if !strings.ContainsRune(sides[side], key) || strings.ContainsRune(sides[1-side], key) {
				h.t.Errorf("%c belongs on side %d: there is %q, on the other %q", key, side, sides[side], sides[1-side])
			}
		}
	}
}

// agrees fails unless the report of waits says of the calls what the records of
// the two answered ones say.
func (h *house) agrees(answered ...call.ID) {
	h.t.Helper()
	ctx := h.t.Context()
	var wait, handled time.Duration
	over := 0
	for _, i := range answered {
		s, err := h.desk.Call(ctx, i)
		h.must(err)
		r := s.Call.Record
		times := r.Times(clock.Now())
		if sum := times.Ring + times.Menu + times.Wait + times.Talk + times.Hold + times.WrapUp; sum != times.Total || times.Talk == 0 {
			h.t.Errorf("the record does not add up: %+v", times)
		}
		w, _ := r.AnswerWait()
		wait += w
		if end := r.EndedAt(); !end.IsZero() {
			over++
			handled += end.Sub(r.AnsweredAt())
		}
	}
	h.must((&workforce.Workforce{DB: h.desk.DB, Now: clock.Now, Desk: h.desk}).Measure(ctx))
	now := clock.Now()
	boss := agent.Actor{Permissions: []agent.Permission{agent.ReportAll}}
	w, err := (&report.Report{DB: h.desk.DB, Now: clock.Now}).Waits(ctx, boss, report.Span{From: now.Add(-time.Hour), To: now.Add(time.Hour)}, call.Channel, time.UTC)
	h.must(err)
	n := len(answered)
	if w.Total.Offered != n+2 || w.Total.Answered != n || w.Total.Abandoned != 2 {
		h.t.Errorf("the report has %+v", w.Total)
	}
	// An agent has a call a moment before both hear each other; a busy machine
	// takes its time between.
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 0.4 {
			h.t.Errorf("%s is %.3f s in the report, %.3f s in the records", what, got, want)
		}
	}
	near("the wait for an answer", w.Total.ASA, wait.Seconds()/float64(n))
	if over != 1 {
		h.t.Fatalf("%d calls are wrapped up", over)
	}
	near("the handling", w.Total.Handling, handled.Seconds())
}

// Who is in danger presses 0, is told whom else to call, and is served before
// twenty who came earlier; then the first of those is.
func TestAnEmergencyPasses(t *testing.T) {
	t.Parallel()
	const waiting = 20
	each(t, func(h *house) {
		ctx := h.t.Context()
		whole := call.Hotline()
		for _, id := range []string{"emergency", "emergency_queue"} {
			n, _ := whole.Find(id)
			n.Empty, n.Full = "", ""
			h.menu.Nodes = append(h.menu.Nodes, n)
		}
		for i, n := range h.menu.Nodes {
			if n.ID == "main" {
				h.menu.Nodes[i].Choices = append(n.Choices, call.Choice{Key: "0", Next: "emergency"})
			}
		}
		for n := range waiting {
			h.calls(fmt.Sprintf("138000000%02d", n)).press("1")
		}
		queued := func(of string) (ids []call.ID) {
			for _, i := range h.open() {
				s, err := h.desk.Call(ctx, i)
				h.must(err)
				if r := s.Call.Record; r.State() == call.Queued && r.Queue() == of {
					ids = append(ids, i)
				}
			}
			return ids
		}
		h.wait("twenty to wait", func() bool { return len(queued("vehicle")) == waiting })
		urgent := h.calls("13911112222")
		urgent.press("0")
		h.wait("the emergency to wait", func() bool { return len(queued("emergency")) == 1 })
		if !h.prompts.has("emergency.advice") {
			h.t.Error("nobody told them whom else to call")
		}
		h.last = queued("emergency")[0]

		h.online(h.lin)
		s := h.state(call.Offered)
		if s.Rings != h.lin.Agent || !s.Call.Record.Emergency || s.Call.Record.Caller != "13911112222" {
			h.t.Errorf("it rings for %+v", s.Call.Record)
		}
		h.must(h.Answer(ctx, h.lin, s.Call.ID))
		h.hears(h.at(h.lin).ear, "5", urgent.ear)
		if n := len(queued("vehicle")); n != waiting {
			h.t.Errorf("%d wait beside it", n)
		}
		since := func(i call.ID) time.Time {
			s, err := h.desk.Call(ctx, i)
			h.must(err)
			steps := s.Call.Record.Steps
			return steps[slices.IndexFunc(steps, func(s call.Step) bool { return s.State == call.Queued })].At
		}
		others := queued("vehicle")
		h.online(h.zhao)
		h.wait("the first of the others to ring", func() bool { return len(queued("vehicle")) == waiting-1 })
		left := queued("vehicle")
		h.last = others[slices.IndexFunc(others, func(i call.ID) bool { return !slices.Contains(left, i) })]
		if s := h.state(call.Offered); s.Rings != h.zhao.Agent || slices.ContainsFunc(left, func(i call.ID) bool { return since(i).Before(since(h.last)) }) {
			h.t.Errorf("the next rings at %v, and was not the first", s.Rings)
		}
	})
}
