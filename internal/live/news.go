package live

import (
	"encoding/json"
	"fmt"
	"strconv"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/ticket"
)

// news is an event, made ready to be told to many: read once, and written once
// for all agents.
type news struct {
	seq          int64
	kind         event.Kind
	conversation conversation.ID
	contact      contact.ID
	told         agent.ID // whom a notice, a presence or the end of a session concerns
	sight        agent.Sight
	was          agent.ID
	before       agent.Sight // who saw the conversation until now
	known        bool        // before is known
	whisper      bool        // for who answers and for supervisors only
	moves        bool        // who sees the conversation may have changed
	frame        []byte      // for agents; nil if it does not concern them
	matter       ticket.Case // as much of a case as decides who may hear of it

	what    string
	thread  *conversation.Conversation
	message *conversation.Message
}

// newsOf reads an event. What cannot be read is news of nothing, with an error
// for the log: the feed must go on.
func newsOf(e event.Event) (*news, error) {
	n := &news{
		seq: e.Seq, kind: e.Kind, conversation: e.Conversation, contact: e.Contact, told: e.Agent, sight: e.Sight(), was: e.Was,
	}
	var err error
	switch e.Kind {
	case event.MessageAdded, event.MessageRecalled, event.MessageChanged:
		var b event.Message
		if err = json.Unmarshal(e.Body, &b); err == nil {
			n.thread, n.message, n.whisper = &b.Conversation, &b.Message, b.Message.Kind == conversation.Whisper
			n.frame = framed("message", e.Seq, e.Body)
		}
	case event.ConversationChanged:
		var b event.Change
		if err = json.Unmarshal(e.Body, &b); err == nil {
			n.thread, n.what, n.moves = &b.Conversation, b.What, b.What != "read"
			n.frame = framed("conversation", e.Seq, e.Body)
		}
	case event.PresenceChanged:
		var b event.Presence
		if err = json.Unmarshal(e.Body, &b); err == nil {
			n.told, n.frame = b.Agent, framed("presence", e.Seq, e.Body)
		}
	case event.Noticed:
		var b event.Notice
		if err = json.Unmarshal(e.Body, &b); err == nil {
			n.matter.ID = b.Case
			n.frame = framed("notice", e.Seq, fmt.Appendf(nil, `{"notice":%s}`, e.Body))
		}
	case event.CaseChanged:
		var b event.Case
		if err = json.Unmarshal(e.Body, &b); err == nil {
			n.frame = framed("case", e.Seq, e.Body)
			n.matter.ID, n.matter.AboutStaff, n.matter.Accused, n.matter.Team, n.matter.Agent = b.ID, b.AboutStaff, b.Accused, e.Team, e.Agent
		}
	case event.ContactChanged:
		var b event.Contact
		if err = json.Unmarshal(e.Body, &b); err == nil {
			n.frame = framed("contact", e.Seq, e.Body)
		}
	case event.VerificationChanged:
		n.frame = framed(string(e.Kind), e.Seq, e.Body)
	case event.KnowledgeChanged, event.SettingsChanged:
		n.frame = framed(string(e.Kind), e.Seq, nil)
	case event.SessionEnded:
	}
	if n.thread != nil {
		n.sight.Guests = n.thread.Sight().Guests
	}
	if err != nil {
		return n, fmt.Errorf("event %d, %s: %w", e.Seq, e.Kind, err)
	}
	return n, nil
}

// framed makes a frame of an event's body as it stands in the feed.
func framed(kind string, seq int64, body json.RawMessage) []byte {
	b := make([]byte, 0, len(body)+48)
	b = append(b, `{"type":"`...)
	b = append(b, kind...)
	b = append(b, `","seq":`...)
	b = strconv.AppendInt(b, seq, 10)
	if len(body) <= len("{}") {
		return append(b, '}')
	}
	return append(append(b, ','), body[1:]...)
}

// frameFor returns what an agent is told of the news; nil if nothing.
func (n *news) frameFor(a *agent.Actor) []byte {
	switch n.kind {
	case event.MessageAdded, event.MessageRecalled, event.MessageChanged, event.ConversationChanged:
		if n.whisper && n.sight.Agent != a.Agent && !a.May(agent.ConversationMonitor) {
			return nil
		}
		if a.Sees(n.sight) {
			return n.frame
		}
		if n.leaves(a) {
			return framed("gone", n.seq, fmt.Appendf(nil, `{"conversation_id":%q}`, n.conversation))
		}
		return nil
	case event.PresenceChanged:
		if n.told == a.Agent || a.May(agent.AgentRead) {
			return n.frame
		}
		return nil
	case event.Noticed:
		if n.told == a.Agent {
			return n.frame
		}
		return nil
	case event.ContactChanged:
		if a.May(agent.ContactRead) {
			return n.frame
		}
		return nil
	case event.CaseChanged:
		if n.matter.SeenBy(*a) {
			return n.frame
		}
		return nil
	case event.VerificationChanged:
		if a.May(agent.ContactRead) {
			return n.frame
		}
		return nil
	default:
		return n.frame
	}
}

// leaves reports whether the conversation, which the agent does not see now,
// may have been on their screen. In doubt it says yes: to be told that
// something unknown is gone does no harm.
func (n *news) leaves(a *agent.Actor) bool {
	switch {
	case !n.was.IsZero() && n.was == a.Agent:
		return true
	case n.known:
		return a.Sees(n.before)
	default:
		return n.moves && a.May(agent.ConversationRead)
	}
}

// sights remembers who could see a conversation, to tell when someone cannot
// any more.
type sights map[conversation.ID]agent.Sight

// follow fills in what was before n, and remembers what is now.
func (s sights) follow(n *news) {
	if n.thread == nil {
		return
	}
	n.before, n.known = s[n.conversation]
	if n.thread.State == conversation.Closed {
		delete(s, n.conversation)
		return
	}
	s[n.conversation] = n.sight
}

// recent is the tail of the feed in memory: every event after floor.
type recent struct {
	floor int64
	news  []*news
}

// mostRecent is how many events are kept in memory for those who come back
// soon.
const mostRecent = 1024

func (r *recent) add(n *news) {
	if n.kind == event.CaseChanged && !n.matter.Accused.IsZero() {
		r.hide(n)
	}
	if n.kind == event.MessageRecalled && n.message != nil {
		r.forget(n)
	}
	r.news = append(r.news, n)
	if len(r.news) >= 2*mostRecent {
		r.floor = r.news[mostRecent-1].seq
		r.news = append([]*news(nil), r.news[mostRecent:]...)
	}
}

// hide lets nobody hear of a case what they may not hear any more: it is about
// somebody now. The list may be in use and stays as it is; a new one takes its
// place.
func (r *recent) hide(now *news) {
	kept := make([]*news, len(r.news), cap(r.news))
	for i, n := range r.news {
		switch {
		case n.kind == event.CaseChanged && n.matter.ID == now.matter.ID:
			hidden := *n
			hidden.matter.AboutStaff, hidden.matter.Accused = now.matter.AboutStaff, now.matter.Accused
			n = &hidden
		case n.kind == event.Noticed && n.matter.ID == now.matter.ID && n.told == now.matter.Accused:
			hidden := *n
			hidden.frame = nil
			n = &hidden
		}
		kept[i] = n
	}
	r.news = kept
}

// forget lets nobody who comes back hear what a message said before it was
// taken back.
func (r *recent) forget(now *news) {
	kept := make([]*news, len(r.news), cap(r.news))
	for i, n := range r.news {
		if n.kind == event.MessageAdded && n.message != nil && n.message.ID == now.message.ID {
			hidden := *n
			hidden.message, hidden.thread, hidden.frame = now.message, now.thread, now.frame
			n = &hidden
		}
		kept[i] = n
	}
	r.news = kept
}

// after returns the news after a sequence number, or false if some of it is
// not in memory any more.
func (r *recent) after(seq int64) ([]*news, bool) {
	if seq < r.floor {
		return nil, false
	}
	lo, hi := 0, len(r.news)
	for lo < hi {
		if mid := (lo + hi) / 2; r.news[mid].seq <= seq {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return r.news[lo:], true
}
