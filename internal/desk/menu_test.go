package desk_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/prompt"
	"yingda/internal/kit/audio"
)

// node returns a menu in which a node is otherwise.
func node(m call.Menu, id string, change func(n *call.Node)) call.Menu {
	m.Nodes = slices.Clone(m.Nodes)
	for i := range m.Nodes {
		if m.Nodes[i].ID == id {
			change(&m.Nodes[i])
		}
	}
	return m
}

// beside is the same desk on another node: it shares nothing but the database.
func (h *house) beside() *desk.Desk {
	return &desk.Desk{DB: h.DB, Now: h.Now, Files: h.Files}
}

// What is published is heard by who calls after, on every node; who is in the
// version before stays in it.
func TestAMenuIsChanged(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		wang := h.admin(agent.ChannelManage)
		other := h.beside()
		heard := func(d *desk.Desk, version int, want string) {
			h.t.Helper()
			m, err := d.CallMenu(ctx, "hotline", version)
			h.must(err)
			if n, _ := m.Find("welcome"); n.Next != want {
				h.t.Errorf("version %d is %d, and leads from the welcome to %s, want %s", version, m.Version, n.Next, want)
			}
		}
		heard(h.Desk, 0, "notice")
		heard(other, 0, "notice")
		b, err := h.MenuBook(ctx, wang, "hotline")
		h.must(err)
		if b.Version != 1 || b.Shipped != 1 || b.Published == nil || b.Changing != nil || len(b.Versions) > 0 {
			h.t.Fatalf("at first: %+v", b)
		}

		m := node(*b.Published, "welcome", func(n *call.Node) { n.Next = "gone" })
		b, err = h.DraftMenu(ctx, wang, "hotline", 0, m)
		h.must(err)
		if b.Base != 1 || b.Changing == nil || len(b.Problems) == 0 || b.Problems[0].Code != "menu.dangling" || b.Problems[0].Field != "nodes.welcome.next" {
			h.t.Errorf("a draft with a fault: %+v", b)
		}
		_, err = h.PublishMenu(ctx, wang, "hotline", b.Rev, "")
		h.code(err, "menu.unpublishable")
		_, err = h.DraftMenu(ctx, wang, "hotline", 0, m)
		h.code(err, "draft.moved")
		heard(h.Desk, 0, "notice") // a draft is heard by nobody

		b, err = h.DraftMenu(ctx, wang, "hotline", b.Rev, node(m, "welcome", func(n *call.Node) { n.Next = "hours" }))
		h.must(err)
		if codes := problemCodes(b); !slices.Equal(codes, []string{"menu.unreachable"}) { // nobody comes to the notice any more
			h.t.Errorf("%v", codes)
		}
		b, err = h.DraftMenu(ctx, wang, "hotline", b.Rev, node(node(m, "welcome", func(n *call.Node) { n.Next = "help" }), "help", func(n *call.Node) { n.Next = "notice" }))
		h.must(err)
		b, err = h.PublishMenu(ctx, wang, "hotline", b.Rev, "先说须知")
		h.must(err)
		if b.Version != call.Own+1 || b.Changing != nil || len(b.Versions) != 1 || b.Versions[0].Note != "先说须知" || b.Versions[0].ByName != wang.Name {
			h.t.Errorf("published: %+v", b)
		}
		heard(h.Desk, 0, "help")
		heard(h.Desk, 1, "notice")
		heard(other, 0, "notice") // it is held there
		h.clock.Turn(3 * time.Second)
		heard(other, 0, "help")

		// back to what came with the program, as a version of its own
		m, err = h.MenuVersion(ctx, wang, "hotline", 1)
		h.must(err)
		b, err = h.DraftMenu(ctx, wang, "hotline", b.Rev, m)
		h.must(err)
		b, err = h.PublishMenu(ctx, wang, "hotline", b.Rev, "")
		h.must(err)
		heard(h.Desk, 0, "notice")
		heard(other, call.Own+1, "help")
		if b.Version != call.Own+2 {
			h.t.Errorf("published again as %d", b.Version)
		}
		_, err = other.CallMenu(ctx, "hotline", 77)
		h.code(err, "menu.version_unknown")
		_, err = other.CallMenu(ctx, "shop", 0)
		h.code(err, "menu.unknown")
		if len(h.audited("menu.publish")) != 2 || len(h.audited("menu.draft")) != 4 {
			h.t.Errorf("%d publications and %d drafts in the audit", len(h.audited("menu.publish")), len(h.audited("menu.draft")))
		}
		_, err = h.MenuList(ctx, h.lin)
		h.code(err, "permission.missing")
		_, err = h.DraftMenu(ctx, h.lin, "hotline", b.Rev, m)
		h.code(err, "permission.missing")
	})
}

func problemCodes(b desk.MenuBook) (codes []string) {
	for _, p := range b.Problems {
		codes = append(codes, p.Code)
	}
	return codes
}

// A menu of the company's own is begun as a draft; a way in can be led to it once
// it is published.
func TestACompanysOwnMenu(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		wang := h.admin(agent.ChannelManage)
		h.hotline()
		m := call.Callback()
		m.ID, m.Name = "shop", call.Text{Zh: "门店", En: "Shop"}
		_, err := h.DraftMenu(ctx, wang, "elsewhere", 0, m)
		h.code(err, "menu.named_otherwise")
		bad := m
		bad.ID = "A Shop"
		_, err = h.DraftMenu(ctx, wang, "A Shop", 0, bad)
		h.code(err, "menu.size")
		h.code(h.DropMenuDraft(ctx, wang, "shop", 0), "draft.none")
		b, err := h.DraftMenu(ctx, wang, "shop", 0, m)
		h.must(err)
		h.must(h.DropMenuDraft(ctx, wang, "shop", b.Rev))
		_, err = h.MenuBook(ctx, wang, "shop")
		h.code(err, "menu.unknown")

		b, err = h.DraftMenu(ctx, wang, "shop", b.Rev+1, node(m, "queue", func(n *call.Node) { n.Queue = "sales" }))
		h.must(err)
		entries, err := h.CallEntries(ctx)
		h.must(err)
		e := entries[0]
		e.Menu, e.Lanes = "shop", []call.Lane{{Queue: "sales"}}
		_, err = h.ChangeCallEntry(ctx, wang, e)
		h.code(err, "entry.menu") // it is not published
		_, err = h.PublishMenu(ctx, wang, "shop", b.Rev, "")
		h.must(err)
		_, err = h.ChangeCallEntry(ctx, wang, e)
		h.must(err)
		e.Version++
		e.Lanes = nil
		_, err = h.ChangeCallEntry(ctx, wang, e)
		h.code(err, "entry.queue_missing")

		all, err := h.MenuList(ctx, wang)
		h.must(err)
		i := slices.IndexFunc(all, func(s desk.MenuStanding) bool { return s.ID == "shop" })
		if len(all) != 3 || i != 2 || all[i].Version != call.Own+1 || !slices.Equal(all[i].Queues, []string{"sales"}) || len(all[i].Lines) != 1 || len(all[0].Lines) != 0 {
			h.t.Errorf("%+v", all)
		}
		names, err := h.MenuNames(ctx, wang)
		h.must(err)
		if !slices.Contains(names.Queues, "sales") || !slices.Contains(names.Queues, "emergency") || len(names.Calendars) == 0 || names.Hooks == nil {
			h.t.Errorf("%+v", names)
		}
	})
}

// A call is tried in the interpreter that calls walk in, with a draft that nobody
// has published.
func TestAMenuIsRehearsed(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		wang := h.admin(agent.ChannelManage)
		said := func(r desk.Rehearsed) string {
			var text strings.Builder
			for _, a := range r.Actions {
				for _, l := range a.Said {
					text.WriteString(l.Text)
				}
			}
			return text.String()
		}
		out, problems, err := h.RehearseMenu(ctx, wang, call.Hotline(), desk.MenuRehearsal{Inputs: []string{"", "", "", "1", "", "join 林晓", "leave", "5555", ""}, Number: "13812345678", Ahead: 3, Minutes: 5})
		h.must(err)
		if len(problems) > 0 {
			h.t.Errorf("%v", problems[0])
		}
		if len(out) != 10 || !strings.Contains(said(out[0]), "欢迎致电") || out[4].Node != "use" || out[4].Phase != call.Waiting || out[6].Phase != call.Served || out[7].Node != "survey" || out[8].Phase != call.Listening || out[9].Phase != call.Over {
			h.t.Errorf("%+v", out)
		}
		if text := said(out[4]) + said(out[5]); !strings.Contains(text, "前面还有3位") {
			h.t.Errorf("who waits is told %q", text)
		}
		out, _, err = h.RehearseMenu(ctx, wang, call.Hotline(), desk.MenuRehearsal{Inputs: []string{"", ""}, Closed: true})
		h.must(err)
		if !strings.Contains(said(out[2]), "2026年11月23日09:00") {
			h.t.Errorf("while it is closed they are told %q", said(out[2]))
		}
		broken := node(call.Hotline(), "welcome", func(n *call.Node) { n.Prompts, n.Next = []string{"nobody.said"}, "gone" })
		out, problems, err = h.RehearseMenu(ctx, wang, broken, desk.MenuRehearsal{Inputs: []string{""}})
		h.must(err)
		if len(problems) != 2 || !out[0].Actions[0].Said[0].Mute {
			h.t.Errorf("a broken menu: %v, %+v", problems, out)
		}
		_, _, err = h.RehearseMenu(ctx, wang, call.Hotline(), desk.MenuRehearsal{Inputs: []string{"A"}})
		h.code(err, "menu.no_key")
	})
}

// tone is a WAV file of a tone, in 16 bits.
func tone(rate, channels int, d time.Duration) []byte {
	n := int(d.Seconds() * float64(rate))
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt ")
	for _, v := range []any{uint32(16), uint16(1), uint16(channels), uint32(rate), uint32(rate * channels * 2), uint16(channels * 2), uint16(16)} {
		b, _ = binary.Append(b, binary.LittleEndian, v)
	}
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(n*channels*2))
	for i := range n {
		s := int16(12000 * math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
		for range channels {
			b = binary.LittleEndian.AppendUint16(b, uint16(s))
		}
	}
	return b
}

// A company records a prompt of the program anew, and takes it back; every node
// plays what was recorded last.
func TestAPromptIsRecorded(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		files := h.cellar()
		wang := h.admin(agent.ChannelManage)
		other := h.beside()
		length := func(d *desk.Desk) time.Duration {
			h.t.Helper()
			file, err := d.CallClip(ctx, "zh", "welcome")
			h.must(err)
			s, err := audio.ReadWAV(file)
			h.must(err)
			if s.Rate != audio.Rate || len(s.Channels) != 1 {
				h.t.Errorf("it is kept with %d samples a second and %d channels", s.Rate, len(s.Channels))
			}
			return s.Length()
		}
		was := length(other)
		rev, err := h.PromptsRevision(ctx)
		h.must(err)
		for _, f := range []struct{ rate, channels int }{{8000, 1}, {16000, 1}, {44100, 2}, {48000, 2}} {
			c, err := h.RecordClip(ctx, wang, "zh", "welcome", bytes.NewReader(tone(f.rate, f.channels, 900*time.Millisecond)))
			h.must(err)
			if got := length(h.Desk); c.Sound != "own" || c.By != wang.Name || got < 850*time.Millisecond || got > time.Second {
				h.t.Errorf("%+v is recorded as %+v, and lasts %v", f, c, got)
			}
		}
		if now, err := h.PromptsRevision(ctx); err != nil || now == rev {
			h.t.Errorf("the revision is still %d, %v", now, err)
		}
		if got := length(other); got != was {
			h.t.Errorf("what the other node holds lasts %v, %v before", got, was)
		}
		h.clock.Turn(3 * time.Second)
		if got := length(other); got == was {
			h.t.Error("the other node has not heard of it")
		}
		_, err = h.RecordClip(ctx, wang, "zh", "welcome", bytes.NewReader(tone(8000, 1, 2*time.Second)))
		h.must(err)
		if got := length(other); got < 1900*time.Millisecond { // the file that it still names is gone
			h.t.Errorf("the other node plays %v", got)
		}
		if n := files(); n != 1 {
			h.t.Errorf("%d files are kept of one clip", n)
		}

		for _, c := range []struct {
			code string
			file []byte
		}{
			{"audio.wav", []byte("ID3 is no WAV file")},
			{"audio.rate", tone(7000, 1, time.Second)},
			{"audio.channels", tone(8000, 3, time.Second)},
			{"audio.silent", append(tone(8000, 1, time.Second)[:44], make([]byte, 16000)...)},
			{"prompt.lasts", tone(8000, 1, 61*time.Second)},
			{"file.large", make([]byte, 10<<20+1)},
		} {
			_, err := h.RecordClip(ctx, wang, "zh", "welcome", bytes.NewReader(c.file))
			h.code(err, c.code)
		}
		_, err = h.RecordClip(ctx, wang, "zh", "no.such", bytes.NewReader(tone(8000, 1, time.Second)))
		h.code(err, "prompt.unknown")
		_, err = h.RecordClip(ctx, h.lin, "zh", "welcome", bytes.NewReader(tone(8000, 1, time.Second)))
		h.code(err, "permission.missing")
		_, err = h.RecordClip(ctx, wang, prompt.Shared, prompt.Music, bytes.NewReader(tone(8000, 1, 2*time.Second)))
		h.must(err)

		h.must(h.DropClip(ctx, wang, "zh", "welcome"))
		h.code(h.DropClip(ctx, wang, "zh", "welcome"), "prompt.unknown")
		if got := length(h.Desk); got != was {
			h.t.Errorf("it lasts %v after it was taken back, %v before", got, was)
		}
		if n := len(h.audited("prompt.record")); n != 6 {
			h.t.Errorf("%d recordings in the audit", n)
		}
	})
}

// A prompt of the company's own is worded, recorded, and said by a menu; then it
// cannot be taken away under callers.
func TestAPromptOfOnesOwn(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.cellar()
		wang := h.admin(agent.ChannelManage)
		sight := func(key string) desk.PromptSight {
			h.t.Helper()
			b, err := h.PromptBook(ctx, wang)
			h.must(err)
			i := slices.IndexFunc(b.Prompts, func(p desk.PromptSight) bool { return p.Key == key })
			if i < 0 {
				return desk.PromptSight{}
			}
			return b.Prompts[i]
		}
		shop := prompt.Sentence{Key: "shop.ahead", Zh: "前面还有{count:ahead}位。", En: "{number:ahead} before you."}
		h.must(h.WordPrompt(ctx, wang, shop, 0))
		h.code(h.WordPrompt(ctx, wang, shop, 0), "store.changed")
		s := sight("shop.ahead")
		if s.Shipped || !s.Own || len(s.Clips) != 3 || s.Clips[0].Sound != "none" || len(s.Slots) != 1 || s.Slots[0].Sample == "" || s.Rev != 1 {
			h.t.Errorf("a new prompt: %+v", s)
		}
		_, err := h.PromptSound(ctx, wang, "zh", "shop.ahead", nil)
		h.code(err, "prompt.mute")
		if l, err := h.CallPrompts(ctx); err != nil || l.Has("shop.ahead", "zh") {
			h.t.Errorf("callers are to hear what is not recorded, %v", err)
		}

		m := node(call.Hotline(), "use", func(n *call.Node) { n.Comfort = []string{"shop.ahead"} })
		b, err := h.DraftMenu(ctx, wang, "hotline", 0, m)
		h.must(err)
		if codes := problemCodes(b); !slices.Equal(codes, []string{"menu.prompt"}) {
			h.t.Errorf("a menu says what has no sound: %v", codes)
		}
		for _, c := range s.Clips {
			_, err := h.RecordClip(ctx, wang, c.Language, c.Clip, bytes.NewReader(tone(16000, 1, time.Second)))
			h.must(err)
		}
		one, err := h.PromptSound(ctx, wang, "zh", "shop.ahead", map[string]string{"ahead": "2"})
		h.must(err)
		many, err := h.PromptSound(ctx, wang, "zh", "shop.ahead", map[string]string{"ahead": "123456"})
		h.must(err)
		if len(many) <= len(one) {
			h.t.Errorf("a long number takes %d bytes, a short one %d", len(many), len(one))
		}
		_, err = h.PromptSound(ctx, wang, "zh", "shop.ahead", map[string]string{"ahead": "x"})
		h.code(err, "prompt.value")
		b, err = h.PublishMenu(ctx, wang, "hotline", b.Rev, "")
		h.must(err)
		if s := sight("shop.ahead"); !slices.Equal(s.Menus, []string{"hotline"}) {
			h.t.Errorf("it is said by %v", s.Menus)
		}

		h.code(h.DropClip(ctx, wang, "zh", "shop.ahead.1"), "prompt.in_use")
		h.code(h.DropPrompt(ctx, wang, "shop.ahead", 1), "prompt.in_use")
		more := shop
		more.Zh = "前面还有{count:ahead}位，请等{minutes:patience}再来。"
		h.code(h.WordPrompt(ctx, wang, more, 1), "prompt.in_use")
		if got := sight("shop.ahead"); got.Zh != shop.Zh || got.Clips[0].Sound != "own" {
			h.t.Errorf("what was refused is kept: %+v", got)
		}
		other := shop
		other.Zh = "在您前面有{count:ahead}位。"
		h.must(h.WordPrompt(ctx, wang, other, 1))
		if got := sight("shop.ahead"); !got.Clips[0].Stale || got.Clips[1].Stale {
			h.t.Errorf("worded otherwise: %+v", got.Clips)
		}

		b, err = h.DraftMenu(ctx, wang, "hotline", b.Rev, call.Hotline())
		h.must(err)
		_, err = h.PublishMenu(ctx, wang, "hotline", b.Rev, "")
		h.must(err)
		h.code(h.DropPrompt(ctx, wang, "shop.ahead", 1), "store.changed")
		h.must(h.DropPrompt(ctx, wang, "shop.ahead", 2))
		if got := sight("shop.ahead"); got.Key != "" {
			h.t.Errorf("it is gone, and there: %+v", got)
		}

		// a prompt of the program is worded otherwise, and comes back as it was
		h.must(h.WordPrompt(ctx, wang, prompt.Sentence{Key: "welcome", Zh: "欢迎致电远行汽车。"}, 0))
		s = sight("welcome")
		if !s.Shipped || !s.Own || s.Zh != "欢迎致电远行汽车。" || s.En == "" || !s.Clips[0].Stale || s.Clips[1].Stale || s.Clips[0].Sound != "shipped" {
			h.t.Errorf("%+v", s)
		}
		h.must(h.DropPrompt(ctx, wang, "welcome", 1))
		if s = sight("welcome"); s.Own || s.Clips[0].Stale {
			h.t.Errorf("%+v", s)
		}
	})
}
