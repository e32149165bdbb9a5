package conversation

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
)

var states = []State{Bot, Queued, Active, WrapUp, Closed}

// The diagram in the docs is drawn from the table. UPDATE=1 redraws it.
func TestDiagram(t *testing.T) {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> bot: start, the inbox has an assistant\n    [*] --> queued: start, it has none\n")
	for _, s := range states {
		acts := make([]string, 0, len(moves[s]))
		for a := range moves[s] {
			acts = append(acts, string(a))
		}
		slices.Sort(acts)
		for _, a := range acts {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", s, moves[s][Act(a)], a)
		}
	}
	b.WriteString("    closed --> [*]\n")
	const file = "../../../docs/develop/conversation-states.mmd"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != b.String() {
		t.Errorf("%s is not the table (UPDATE=1 redraws it): %v", file, err)
	}
}

func TestEveryStateCanEnd(t *testing.T) {
	for _, s := range states {
		reached := map[State]bool{s: true}
		for range states {
			for from := range reached {
				for _, to := range moves[from] {
					reached[to] = true
				}
			}
		}
		if !reached[Closed] {
			t.Errorf("%s never ends", s)
		}
	}
}

func TestWhoWaitedKeepsThePlace(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	c := Conversation{State: Bot}
	c, err := c.Queue(HandOver, Asked, routing.DefaultRules(), now)
	if err != nil || c.State != Queued || !c.QueuedAt.Equal(now) {
		t.Fatalf("%+v, %v", c, err)
	}
	again, err := c.Queue(HandOver, Asked, routing.DefaultRules(), now.Add(time.Minute))
	if err != nil || !again.QueuedAt.Equal(now) {
		t.Errorf("the place moved to %s, %v", again.QueuedAt, err)
	}
	taken, err := c.Take(Accept, agent.Ref[agent.ID]{ID: 7, Name: "Lin"})
	if err != nil || taken.State != Active || taken.Agent != 7 || !taken.QueuedAt.IsZero() {
		t.Errorf("%+v, %v", taken, err)
	}
	if _, err := (Conversation{State: Closed}).Take(Accept, agent.Ref[agent.ID]{ID: 7}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a closed conversation was accepted: %v", err)
	}
}

func TestWhatIsSaid(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	c := Conversation{State: Active}
	c = c.Said(Message{Seq: 1, From: FromContact, Kind: Text, Text: "刹车\n异响", At: at})
	c = c.Said(Message{Seq: 2, From: FromContact, Kind: Text, Text: "在吗", At: at.Add(time.Second)})
	if c.Unread != 2 || !c.WaitingSince.Equal(at) || c.LastText != "在吗" || c.LastSeq != 2 {
		t.Errorf("after two messages: %+v", c)
	}
	c = c.Said(Message{Seq: 3, From: FromAgent, Kind: Note, Text: "老客户", At: at.Add(2 * time.Second)})
	if c.LastText != "在吗" || c.LastSeq != 3 || c.Unread != 2 || !c.FirstReplyAt.IsZero() {
		t.Errorf("after a note: %+v", c)
	}
	c = c.Said(Message{Seq: 4, From: FromAgent, Kind: Text, Text: "在的", At: at.Add(3 * time.Second)})
	if c.Unread != 0 || !c.WaitingSince.IsZero() || !c.FirstReplyAt.Equal(at.Add(3*time.Second)) {
		t.Errorf("after the answer: %+v", c)
	}
}

func TestCheckText(t *testing.T) {
	for _, c := range []struct {
		name, in string
		files    int
		want     string
		code     string
	}{
		{name: "plain", in: "退款\r\n谢谢 \n", want: "退款\n谢谢"},
		{name: "empty", in: " \n", code: "message.empty"},
		{name: "only a file", in: "", files: 1},
		{name: "broken UTF-8", in: "退\xff款", code: "message.encoding"},
		{name: "a zero byte", in: "a\x00b", code: "message.encoding"},
		{name: "too long", in: strings.Repeat("长", MaxRunes+1), code: "message.long"},
		{name: "as long as it may be", in: strings.Repeat("长", MaxRunes), want: strings.Repeat("长", MaxRunes)},
		{name: "too many files", in: "x", files: MaxAttachments + 1, code: "message.attachments"},
	} {
		got, err := CheckText(c.in, c.files)
		if c.code == "" && (err != nil || got != c.want) || c.code != "" && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %.20q, %v", c.name, got, err)
		}
	}
}
