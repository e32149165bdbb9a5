package channeltest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
)

// Line is a channel under test, from outside.
type Line interface {
	// Arrive is a person who has not written before.
	Arrive(t *testing.T) Person
	// Broken are things that no contact may send, by what is wrong with them.
	// Each hands one in on behalf of a person and returns the refusal.
	Broken(t *testing.T, p Person) map[string]func() error
}

// Person is a contact, from outside. Refusals are faults with their code.
type Person interface {
	// ID is who the desk takes them for.
	ID() contact.ID
	// Say sends a message under the sender's own id of it.
	Say(clientID, text string, files ...conversation.AttachmentID) error
	// Attach uploads a file.
	Attach(clientID, name, content string) (conversation.AttachmentID, error)
	// Heard returns what has reached them, in order, their own words included.
	Heard() ([]string, error)
}

// Exercise holds a channel against the promises of package channel. open makes
// the channel with a desk of its own.
func Exercise(t *testing.T, open func(t *testing.T) (*Desk, Line)) {
	t.Helper()
	for name, check := range map[string]func(*testing.T, *Desk, Line){
		"a message arrives once however often it is sent": once,
		"order is kept":                     order,
		"what is broken is refused":         broken,
		"a blocked contact is refused":      blocked,
		"an unknown contact is refused":     unknown,
		"files arrive with their message":   files,
		"replies reach the contact":         replies,
		"everyone gets only what is theirs": apart,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk, line := open(t)
			check(t, desk, line)
		})
	}
}

func texts(ms []conversation.Message) []string {
	ts := make([]string, len(ms))
	for i, m := range ms {
		ts[i] = m.Text
	}
	return ts
}

func once(t *testing.T, desk *Desk, line Line) {
	p := line.Arrive(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := p.Say("client-id-1", "在吗"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := p.Say("client-id-2", "在吗"); err != nil {
		t.Error(err)
	}
	if got := texts(desk.Messages()); !slices.Equal(got, []string{"在吗", "在吗"}) {
		t.Errorf("the desk has %q", got)
	}
}

func order(t *testing.T, desk *Desk, line Line) {
	p := line.Arrive(t)
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprintf("第 %d 条\n😀", i))
		if err := p.Say(fmt.Sprintf("client-id-%d", i), want[i]); err != nil {
			t.Fatal(err)
		}
	}
	if got := texts(desk.Messages()); !slices.Equal(got, want) {
		t.Errorf("the desk has %q", got)
	}
}

func broken(t *testing.T, desk *Desk, line Line) {
	p := line.Arrive(t)
	tries := line.Broken(t, p)
	tries["nothing said"] = func() error { return p.Say("client-id-1", " \n ") }
	tries["far too much said"] = func() error { return p.Say("client-id-1", strings.Repeat("长", conversation.MaxRunes+1)) }
	tries["a client id that is none"] = func() error { return p.Say("x", "在吗") }
	for what, try := range tries {
		if err := try(); err == nil || fault.KindOf(err) == fault.Internal {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := desk.Messages(); len(got) != 0 {
		t.Errorf("the desk has %q", texts(got))
	}
}

func blocked(t *testing.T, desk *Desk, line Line) {
	p := line.Arrive(t)
	desk.Block(p.ID())
	if err := p.Say("client-id-1", "在吗"); fault.CodeOf(err) != "contact.blocked" {
		t.Errorf("said: %v", err)
	}
	if _, err := p.Attach("client-id-2", "a.txt", "a"); fault.CodeOf(err) != "contact.blocked" {
		t.Errorf("attached: %v", err)
	}
}

func unknown(t *testing.T, desk *Desk, line Line) {
	p := line.Arrive(t)
	desk.Forget(p.ID())
	if err := p.Say("client-id-1", "在吗"); err == nil || fault.KindOf(err) == fault.Internal {
		t.Errorf("%v", err)
	}
}

func files(t *testing.T, desk *Desk, line Line) {
	p, other := line.Arrive(t), line.Arrive(t)
	id, err := p.Attach("client-id-1", "发票.txt", "壹佰元整")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := p.Attach("client-id-1", "发票.txt", "壹佰元整"); err != nil || again != id {
		t.Errorf("given again it is %s, %v", again, err)
	}
	if err := other.Say("client-id-3", "看", id); err == nil || fault.KindOf(err) == fault.Internal {
		t.Errorf("another's file: %v", err)
	}
	if err := p.Say("client-id-2", "", id); err != nil {
		t.Fatal(err)
	}
	ms := desk.Messages()
	if len(ms) != 1 || len(ms[0].Attachments) != 1 || ms[0].Attachments[0].ID != id || ms[0].Attachments[0].Name != "发票.txt" || ms[0].Attachments[0].Size != 12 {
		t.Errorf("the desk has %+v", ms)
	}
}

func replies(t *testing.T, desk *Desk, line Line) {
	p := line.Arrive(t)
	if err := p.Say("client-id-1", "在吗"); err != nil {
		t.Fatal(err)
	}
	desk.Say(t, p.ID(), conversation.Text, "您好")
	desk.Say(t, p.ID(), conversation.Note, "小心，这位很着急")
	desk.Say(t, p.ID(), conversation.Text, "请问有什么可以帮您？")
	got, err := p.Heard()
	if want := []string{"在吗", "您好", "请问有什么可以帮您？"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("the contact has %q, %v", got, err)
	}
}

func apart(t *testing.T, desk *Desk, line Line) {
	p, other := line.Arrive(t), line.Arrive(t)
	if p.ID() == other.ID() {
		t.Fatal("two people are taken for one")
	}
	for who, text := range map[Person]string{p: "我是甲", other: "我是乙"} {
		if err := who.Say("client-id-1", text); err != nil { // ids are each sender's own
			t.Fatal(err)
		}
	}
	desk.Say(t, p.ID(), conversation.Text, "甲您好")
	for who, want := range map[Person][]string{p: {"我是甲", "甲您好"}, other: {"我是乙"}} {
		if got, err := who.Heard(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s has %q, %v", who.ID(), got, err)
		}
	}
}
