package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Calls. A call is a conversation of channel "phone" with a row beside it that
// holds the walk and the record. The door tells what happens on the line; what
// is decided here it reads in the feed. See [channel.Hotline].

var _ channel.Hotline = (*Desk)(nil)

// byPhone reports whether a conversation is a call: somebody is on the line, and
// what is done to it is done with the telephone.
func byPhone(c conversation.Conversation) bool { return c.Channel == call.Channel }

// errByPhone is what whoever types is told who wants to do what only the
// telephone can.
var errByPhone = fault.New(fault.Conflict, "call.by_phone", "this is a call; use the telephone for it")

// line is a call in a transaction that may change it.
type line struct {
	k     call.Call
	c     conversation.Conversation
	again bool
}

func (l line) sight() channel.CallSight {
	s := channel.CallSight{
		Call: l.k, Conversation: l.c.ID, Number: l.c.Number, State: l.c.State, Contact: l.c.Contact, Inbox: l.c.Inbox, Agent: l.c.Agent, Again: l.again,
	}
	if l.c.Offer != nil {
		s.Rings = l.c.Offer.Agent
	}
	if !l.c.QueuedAt.IsZero() {
		s.Place = call.Place{Queue: l.k.Record.Queue(), Priority: l.c.Priority, Emergency: l.k.Record.Emergency, Since: l.c.QueuedAt}
	}
	return s
}

// do moves the record.
func (l *line) do(a call.Act, now time.Time, queue string, who agent.ID) error {
	name := ""
	if !who.IsZero() {
		name = who.String()
	}
	r, err := l.k.Record.Do(a, now, queue, name)
	if err == nil {
		l.k.Record = r
	}
	return err
}

// onLine does something to a call in one transaction. The conversation is read
// first, as everywhere, then the call.
func (d *Desk) onLine(ctx context.Context, i call.ID, f func(tx *store.Tx, l *line) error) (s channel.CallSight, err error) {
	defer fault.Wrap(&err, "call %s", i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		of, err := tx.ConversationOf(ctx, i)
		if err != nil {
			return err
		}
		l := &line{}
		if l.c, err = tx.Conversation(ctx, of); err != nil {
			return err
		}
		if l.k, err = tx.Call(ctx, i); err != nil {
			return err
		}
		if err := f(tx, l); err != nil {
			return err
		}
		s = l.sight()
		return nil
	})
	return s, err
}

// keepCall writes the call; that the door spoke of it is that the line was alive.
func (d *Desk) keepCall(ctx context.Context, tx *store.Tx, l *line) (err error) {
	l.k.SeenAt = d.Now()
	l.k, err = tx.SaveCall(ctx, l.k)
	return err
}

// followCall moves the record of the call of a conversation after the desk did
// something to it; of one that is no call nothing is written. An act that the
// record does not know where it stands is left out: what the door has said of
// the line is true, and it may have ended meanwhile.
func (d *Desk) followCall(ctx context.Context, tx *store.Tx, c conversation.Conversation, who agent.ID, acts ...call.Act) error {
	if !byPhone(c) {
		return nil
	}
	k, have, err := tx.CallIn(ctx, c.ID)
	if err != nil || !have {
		return err
	}
	l := &line{k: k, c: c}
	moved := false
	for _, a := range acts {
		moved = l.do(a, d.Now(), "", who) == nil || moved
	}
	if !moved {
		return nil
	}
	_, err = tx.SaveCall(ctx, l.k)
	return err
}

// Call returns a call as the desk has it.
func (d *Desk) Call(ctx context.Context, i call.ID) (s channel.CallSight, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		l := line{}
		if l.k, err = tx.Call(ctx, i); err != nil {
			return err
		}
		if l.c, err = tx.Conversation(ctx, l.k.Conversation); err != nil {
			return err
		}
		s = l.sight()
		return nil
	})
	return s, err
}

// CallCame begins a call: the contact, the conversation and the call are there
// or none of them is.
func (d *Desk) CallCame(ctx context.Context, in channel.CallIn) (s channel.CallSight, err error) {
	defer fault.Wrap(&err, "take call %s", in.Door)
	if in.Door == "" || len(in.Door) > longestDoor || in.Program == "" || len(in.Program) > longestDoor {
		return s, fault.New(fault.Invalid, "call.door", "a call has an id and a program, of at most %d characters", longestDoor)
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		k, have, err := tx.CallKnownAs(ctx, in.Door)
		if err != nil {
			return err
		}
		l := &line{k: k, again: have}
		if have {
			l.c, err = tx.Conversation(ctx, k.Conversation)
		} else {
			err = d.beginCall(ctx, tx, in, l)
		}
		s = l.sight()
		return err
	})
	return s, err
}

// longestDoor is the longest id that a door may have for a call.
const longestDoor = 200

func (d *Desk) beginCall(ctx context.Context, tx *store.Tx, in channel.CallIn, l *line) error {
	now := d.Now()
	via, err := d.entryFor(ctx, tx, in)
	if err != nil {
		return err
	}
	who, twins, err := d.callerOf(ctx, tx, in)
	if err != nil {
		return err
	}
	c := conversation.Conversation{
		ID: conversation.NewID(now), Inbox: via.ID, Channel: call.Channel, Contact: who.ID, ContactName: who.Name, Team: via.Team,
		State: conversation.Bot, Language: who.Language, StartedAt: now, LastAt: now,
	}
	if c, err = tx.InsertConversation(ctx, c); err != nil {
		return err
	}
	direction := in.Direction
	if direction == "" {
		direction = call.Inbound
	}
	i := call.NewID(now)
	l.k = call.Call{
		ID: i, Door: in.Door, Program: in.Program, Inbox: via.ID, Conversation: c.ID, SeenAt: now, Version: 1,
		Record: call.Begin(i, direction, contact.NormalPhone(in.Number), contact.NormalPhone(in.Line), now),
	}
	l.k.Record.Node = in.Node
	if !in.Agent.IsZero() {
		if err := d.mayCall(ctx, tx, in.Agent); err != nil {
			return err
		}
		l.k.Record = l.k.Record.MadeBy(in.Agent.String())
	}
	if err := tx.InsertCall(ctx, l.k); err != nil {
		return err
	}
	if !in.Callback.IsZero() {
		if err := d.backCame(ctx, tx, in.Callback, i); err != nil {
			return err
		}
	}
	if c, err = d.tell(ctx, tx, c, "call."+string(direction), map[string]string{"number": contact.MaskPhone(l.k.Record.Caller)}); err != nil {
		return err
	}
	if twins > 1 {
		if c, err = d.tell(ctx, tx, c, "call.twins", map[string]string{"number": strconv.Itoa(twins)}); err != nil {
			return err
		}
	}
	l.c = c
	return d.announce(ctx, tx, c, "call", 0)
}

// mayCall refuses a call that an agent makes while another rings at them.
func (d *Desk) mayCall(ctx context.Context, tx *store.Tx, a agent.ID) error {
	ringing, err := tx.OfferedTo(ctx, a)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(ringing, byPhone) {
		return errRings
	}
	return nil
}

var errRings = fault.New(fault.Conflict, "call.rings", "a call rings at you; answer or decline it first")

// entryFor returns the inbox of a call.
func (d *Desk) entryFor(ctx context.Context, tx *store.Tx, in channel.CallIn) (via inbox.Inbox, err error) {
	if !in.Callback.IsZero() {
		b, err := tx.Callback(ctx, in.Callback)
		if err != nil {
			return via, err
		}
		return tx.InboxByID(ctx, b.Inbox)
	}
	e, err := d.entryOf(ctx, tx, in.Line)
	if err != nil {
		return via, err
	}
	return tx.InboxByID(ctx, e.Inbox)
}

// mostNamesakes is how many people with one number are looked at.
const mostNamesakes = 20

// callerOf returns whose number it is, and how many people have it: of several
// the one with whom we spoke last. A number that nobody has is somebody new; a
// withheld one is each time.
func (d *Desk) callerOf(ctx context.Context, tx *store.Tx, in channel.CallIn) (who contact.Contact, people int, err error) {
	number := contact.NormalPhone(in.Number)
	if !contact.IsPhone(number) {
		who, err = d.meetByPhone(ctx, tx, "")
		return who, 0, err
	}
	ours := in.Direction == call.Outbound // whom we call may be called, blocked or not
	if !ours {
		b, have, err := tx.SameBlock(ctx, contact.Block{Kind: contact.BlockPhone, Value: number})
		if err != nil {
			return who, 0, err
		}
		if have && b.Holds(d.Now()) {
			return who, 0, errCallBlocked
		}
	}
	known, err := tx.KnownBy(ctx, contact.ByPhone, number, mostNamesakes)
	if err != nil {
		return who, 0, err
	}
	if len(known) == 0 {
		who, err = d.meetByPhone(ctx, tx, number)
		return who, 0, err
	}
	one, err := spokenLast(ctx, tx, known)
	if err != nil {
		return who, 0, err
	}
	if who, err = tx.Contact(ctx, one); err != nil {
		return who, 0, err
	}
	if !ours {
		if blocked, err := tx.ContactIsBlocked(ctx, one, d.Now()); err != nil || blocked {
			if err == nil {
				err = errCallBlocked
			}
			return who, 0, err
		}
	}
	return who, len(known), tx.SeeAgain(ctx, one, d.Now())
}

var errCallBlocked = fault.New(fault.Forbidden, "call.blocked", "calls from this number are not taken")

// spokenLast returns of some people the one with whom the last conversation was;
// if there was none, the one who is known for longest.
func spokenLast(ctx context.Context, tx *store.Tx, people []contact.ID) (contact.ID, error) {
	one, last := people[0], time.Time{}
	if len(people) == 1 {
		return one, nil
	}
	for _, p := range people {
		cs, err := tx.ConversationsOf(ctx, p, 0, 1)
		if err != nil {
			return one, err
		}
		if len(cs) > 0 && cs[0].LastAt.After(last) {
			one, last = p, cs[0].LastAt
		}
	}
	return one, nil
}

// meetByPhone makes the contact of somebody who calls for the first time. Their
// name says no more of the number than everybody may see.
func (d *Desk) meetByPhone(ctx context.Context, tx *store.Tx, number string) (contact.Contact, error) {
	now := d.Now()
	who := contact.Contact{ID: contact.NewID(now), Name: "未知来电 Unknown caller", Language: "zh", Phone: number, CreatedAt: now, LastSeenAt: now}
	if number != "" {
		who.Name = "来电 " + number[max(0, len(number)-4):]
	}
	if err := tx.InsertContact(ctx, who); err != nil {
		return who, err
	}
	return tx.Contact(ctx, who.ID)
}

// CallWalked keeps where the caller is in the menu.
func (d *Desk) CallWalked(ctx context.Context, i call.ID, w call.Walk) error {
	_, err := d.onLine(ctx, i, func(tx *store.Tx, l *line) error {
		l.k.Walk = w
		l.k.Record.Menu, l.k.Record.Version, l.k.Record.Path = w.Menu, w.Version, w.Path
		l.k.Record.Asked = w.Asked
		return d.keepCall(ctx, tx, l)
	})
	return err
}

// lineActs are those of the record that change nothing of who has the call but
// Continue, after which the agent has not.
var lineActs = []call.Act{call.Answer, call.Hold, call.Resume, call.Consult, call.Return, call.Join, call.Part, call.TakeMessage, call.Rate, call.Continue}

// CallMoved does an act to the call's record. After Continue, and Rate, an agent
// who had it has hung up: the conversation waits for the summary.
func (d *Desk) CallMoved(ctx context.Context, i call.ID, a call.Act) (channel.CallSight, error) {
	if !slices.Contains(lineActs, a) {
		return channel.CallSight{}, fault.New(fault.Invalid, "call.act", "%q is told in another way", string(a))
	}
	return d.onLine(ctx, i, func(tx *store.Tx, l *line) error {
		had := l.k.Record.State().WithAgent()
		if err := l.do(a, d.Now(), "", 0); err != nil {
			return err
		}
		if err := d.keepCall(ctx, tx, l); err != nil {
			return err
		}
		if had && !l.k.Record.State().WithAgent() {
			return d.callOver(ctx, tx, l, conversation.FromAgent)
		}
		return d.announce(ctx, tx, l.c, "call", 0)
	})
}

// CallChanged lets consoles hear that the line has news of a call.
func (d *Desk) CallChanged(ctx context.Context, i call.ID) error {
	_, err := d.onLine(ctx, i, func(tx *store.Tx, l *line) error { return d.announce(ctx, tx, l.c, "call", 0) })
	return err
}

// CallNoticed records that the caller was told of the recording.
func (d *Desk) CallNoticed(ctx context.Context, i call.ID) error {
	_, err := d.onLine(ctx, i, func(tx *store.Tx, l *line) (err error) {
		if !l.k.NoticeAt.IsZero() {
			return nil
		}
		l.k.NoticeAt = d.Now()
		if l.c, err = d.tell(ctx, tx, l.c, "call.notice", nil); err != nil {
			return err
		}
		l.k.Record.Recording.Notice = l.c.ID.String() + "/" + strconv.FormatInt(l.c.LastSeq, 10)
		return d.keepCall(ctx, tx, l)
	})
	return err
}

// CallCut records that the recording of a call ended early, or could not begin,
// and why. Who supervises, and who can do something about it, is told.
func (d *Desk) CallCut(ctx context.Context, i call.ID, why string) error {
	_, err := d.onLine(ctx, i, func(tx *store.Tx, l *line) (err error) {
		if l.k.Record.Recording.Cut != "" || !l.k.Record.State().Open() {
			return nil
		}
		l.k.Record.Recording.Cut = why
		if l.c, err = d.tell(ctx, tx, l.c, "call.recording_cut", map[string]string{"why": why}); err != nil {
			return err
		}
		if err := d.keepCall(ctx, tx, l); err != nil {
			return err
		}
		if err := d.announce(ctx, tx, l.c, "call", 0); err != nil {
			return err
		}
		return d.alertOfCut(ctx, tx, l, why)
	})
	return err
}

// alertEvery is how often who has to know is told that calls are not recorded.
const alertEvery = 10 * time.Minute

// alertOfCut tells those who supervise calls and those who manage channels; of
// many calls at once they hear once.
func (d *Desk) alertOfCut(ctx context.Context, tx *store.Tx, l *line, why string) error {
	first, err := tx.Once(ctx, "call_cut/"+strconv.FormatInt(d.Now().UnixMilli()/alertEvery.Milliseconds(), 10), d.Now())
	if err != nil || !first {
		return err
	}
	var told []agent.ID
	for _, p := range []agent.Permission{agent.ConversationMonitor, agent.ChannelManage} {
		who, err := tx.AgentsWhoMay(ctx, p)
		if err != nil {
			return err
		}
		told = append(told, who...)
	}
	slices.Sort(told)
	for _, to := range slices.Compact(told) {
		if err := d.Inform(ctx, tx, to, event.Notice{Kind: "call.recording_cut", Conversation: l.c.ID, Text: why, FromName: l.c.ContactName}); err != nil {
			return err
		}
	}
	return tx.Audit(ctx, audit.BySystem(d.Now(), "call.recording_cut", audit.Of("call", l.k.ID, l.k.Record.Line), map[string]any{"why": why}))
}

// longestAdvice is the longest name of an advice.
const longestAdvice = 40

// CallAdvised records an advice that the caller was given.
func (d *Desk) CallAdvised(ctx context.Context, i call.ID, advice string) error {
	_, err := d.onLine(ctx, i, func(tx *store.Tx, l *line) (err error) {
		if l.c, err = d.tell(ctx, tx, l.c, "call.advice", map[string]string{"name": clip(advice, longestAdvice)}); err != nil {
			return err
		}
		return d.keepCall(ctx, tx, l)
	})
	return err
}

// CallRated keeps a mark that the caller gave by keys. One that comes after the
// caller rated the call by a link counts no more: what was said last stands.
func (d *Desk) CallRated(ctx context.Context, i call.ID, question string, mark int) error {
	if question == "" || len(question) > longestAdvice || mark < 1 || mark > 5 {
		return fault.New(fault.Invalid, "call.mark", "a mark is 1 to %d", 5)
	}
	_, err := d.onLine(ctx, i, func(tx *store.Tx, l *line) error {
		if l.k.Record.Ratings[question] == mark || l.k.Record.RatedBy == call.ByLink {
			return nil
		}
		marks := map[string]int{question: mark}
		for q, m := range l.k.Record.Ratings {
			if q != question {
				marks[q] = m
			}
		}
		l.k.Record.Ratings, l.k.Record.RatedBy = marks, call.ByKeys
		return d.keepCall(ctx, tx, l)
	})
	return err
}

// CallEnded ends a call. A call that an agent had waits for its summary; what
// nobody took is closed, and is a case if somebody has to call.
func (d *Desk) CallEnded(ctx context.Context, i call.ID, end channel.CallEnd) (channel.CallSight, error) {
	if end.Reason != "" && !slices.Contains(call.Reasons(), end.Reason) {
		return channel.CallSight{}, fault.New(fault.Invalid, "call.reason", "there is no reason %q", string(end.Reason))
	}
	if now := d.Now(); end.At.IsZero() || end.At.After(now) {
		end.At = now
	}
	return d.onLine(ctx, i, func(tx *store.Tx, l *line) error { return d.endCall(ctx, tx, l, end) })
}

// CallRecovered keeps a recording that a program has left which died: its call,
// if nobody has ended it, lasted at least as long.
func (d *Desk) CallRecovered(ctx context.Context, i call.ID, r call.Recorded) error {
	_, err := d.onLine(ctx, i, func(tx *store.Tx, l *line) error {
		return d.loseCall(ctx, tx, l, r)
	})
	return err
}

// loseCall ends a call whose program has died as it stood when it was known last
// to have lasted.
func (d *Desk) loseCall(ctx context.Context, tx *store.Tx, l *line, r call.Recorded) error {
	at, err := d.lastHeard(ctx, tx, l.k, r)
	if err != nil {
		return err
	}
	if l.k.Record.State().Open() {
		l.k.Record = l.k.Record.Until(at)
	}
	return d.endCall(ctx, tx, l, channel.CallEnd{At: at, Reason: call.Lost, Recording: r})
}

// lastHeard returns up to when a call is known to have lasted: the door spoke of
// it, its program was alive, or it was recorded.
func (d *Desk) lastHeard(ctx context.Context, tx *store.Tx, k call.Call, r call.Recorded) (at time.Time, err error) {
	beat, err := tx.NodeBeat(ctx, k.Program)
	at = k.SeenAt
	if beat.After(at) {
		at = beat
	}
	if until := k.NoticeAt.Add(r.Length); !k.NoticeAt.IsZero() && until.After(at) {
		at = until
	}
	return at, err
}

func (d *Desk) endCall(ctx context.Context, tx *store.Tx, l *line, end channel.CallEnd) error {
	if !l.k.Record.State().Open() {
		l.again = true
		return d.foundRecording(ctx, tx, l, end.Recording)
	}
	at := end.At
	waited := l.k.Record.State()
	l.k.Record.Result = end.Reason
	if r := end.Recording; r.File != "" || r.Cut != "" {
		r.Notice = l.k.Record.Recording.Notice
		if r.Notice == "" { // nobody was told: there is none
			r = call.Recorded{Cut: call.CutNoNotice}
		}
		r.Cut = cmp.Or(r.Cut, l.k.Record.Recording.Cut)
		l.k.Record.Recording = r
	}
	if end.Quality != (call.Quality{}) {
		l.k.Record.Quality = end.Quality
	}
	if err := l.do(call.HangUp, at, "", 0); err != nil {
		return err
	}
	seen := l.k.SeenAt
	if at.After(seen) {
		seen = at
	}
	l.k.SeenAt = seen
	var err error
	if l.k, err = tx.SaveCall(ctx, l.k); err != nil {
		return err
	}
	if err := d.callOver(ctx, tx, l, conversation.FromContact); err != nil {
		return err
	}
	if err := d.backEnded(ctx, tx, l); err != nil {
		return err
	}
	if err := d.writeDown(ctx, tx, l.k); err != nil {
		return err
	}
	if err := d.missedCall(ctx, tx, l, waited); err != nil {
		return err
	}
	return d.textAfterCall(ctx, tx, l, waited)
}

// foundRecording keeps the recording of a call that ended without it: others had
// ended it, or the file could not be put away then.
func (d *Desk) foundRecording(ctx context.Context, tx *store.Tx, l *line, late call.Recorded) (err error) {
	r := l.k.Record.Recording.Found(late)
	if r == l.k.Record.Recording || r.Notice == "" {
		return nil
	}
	l.k.Record.Recording = r
	if l.k, err = tx.SaveCall(ctx, l.k); err != nil {
		return err
	}
	return d.writeDown(ctx, tx, l.k)
}

// callOver ends the conversation of a call, if it is not over yet. Who answered
// it owes the summary; what rang rings no more.
func (d *Desk) callOver(ctx context.Context, tx *store.Tx, l *line, by conversation.From) error {
	was := l.c
	if !was.State.Open() {
		return nil
	}
	if was.Offer != nil {
		if err := tx.EndOffer(ctx, was.ID, was.Offer.Agent, "withdrawn", d.Now()); err != nil {
			return err
		}
	}
	c, err := was.End(conversation.Leave, by, d.Now())
	if err != nil {
		return err
	}
	if err := d.unanswered(ctx, tx, was); err != nil {
		return err
	}
	if err := tx.EndForecasts(ctx, c.ID, "left", d.Now()); err != nil {
		return err
	}
	if c, err = d.tell(ctx, tx, c, "closed", map[string]string{"by": string(by)}); err != nil {
		return err
	}
	l.c = c
	if err := d.announce(ctx, tx, c, "closed", 0); err != nil {
		return err
	}
	if err := d.talkHappens(ctx, tx, automation.ConversationClosed, by, &was, c, 0); err != nil {
		return err
	}
	if err := d.tellGuests(ctx, tx, was); err != nil {
		return err
	}
	switch {
	case was.Offer != nil: // it rang at somebody who has room for another now
		return d.freed(ctx, tx, was.Offer.Agent)
	case c.Agent.IsZero() && l.k.Record.Agent() != "": // they called, and nobody answered
		var a agent.ID
		if err := a.UnmarshalText([]byte(l.k.Record.Agent())); err != nil {
			return err
		}
		return d.freed(ctx, tx, a)
	}
	return d.freed(ctx, tx, c.Agent)
}

// Subjects of the cases that calls leave.
var (
	missedSubject  = inbox.Text{Zh: "未接来电，请回电", En: "Missed call, please call back"}
	messageSubject = inbox.Text{Zh: "电话留言，请回电", En: "Voice message, please call back"}
	backSubject    = inbox.Text{Zh: "请求回电", En: "Call back"}
)

// missedCall leaves a case where somebody called and spoke with nobody: they
// hung up waiting, left a message, or the line was lost while they waited. A
// call back that was asked for has its case already. Who withheld their number
// cannot be called.
func (d *Desk) missedCall(ctx context.Context, tx *store.Tx, l *line, waited call.State) error {
	r := l.k.Record
	if r.Direction != call.Inbound || r.Served() {
		return nil
	}
	subject, waits := missedSubject, waited == call.Queued || waited == call.Offered || waited == call.Recording
	switch r.Result {
	case call.Abandoned:
	case call.MessageLeft:
		subject = messageSubject
	case call.Vanished, call.Failed, call.Drained, call.Lost:
		if !waits {
			return nil
		}
	case call.Completed, call.LeftMenu, call.OffHours, call.CallbackDue, call.NoAnswer, call.Engaged, call.Refused, call.Forwarded:
		return nil
	}
	return d.callCase(ctx, tx, l, subject, r.Caller)
}

// callCase opens a case for a call, or adds to the one that is open for the same
// person and the same reason: who tries five times is called back once.
func (d *Desk) callCase(ctx context.Context, tx *store.Tx, l *line, subject inbox.Text, number string) error {
	if !contact.IsPhone(number) {
		return nil
	}
	told := subject.In(l.c.Language) + " #" + strconv.FormatInt(l.c.Number, 10)
	open, err := tx.CasesOf(ctx, l.c.Contact, "", mostNamesakes)
	if err != nil {
		return err
	}
	for _, k := range open {
		if k.Source == ticket.FromPhone && k.Subject == subject.In(l.c.Language) && k.Phone == number && !k.State.Over() {
			return d.moveCase(ctx, tx, k, ticket.Doing{Act: ticket.Hear, By: ticket.Actor{Who: ticket.ByCustomer, Name: l.c.ContactName}, Text: told})
		}
	}
	k := ticket.Case{
		Kind: ticket.Consultation, Source: ticket.FromPhone, Conversation: l.c.ID, Contact: l.c.Contact, Name: cutRunes(l.c.ContactName, contact.MaxName),
		Phone: number, Subject: subject.In(l.c.Language), Text: told, ReceivedAt: d.Now(),
	}
	k.Language = l.c.Language
	k, isNew, err := d.openCase(ctx, tx, k, ticket.Actor{Who: ticket.ByCustomer, Name: k.Name}, l.c.Contact.String(), l.k.ID.String(), nil)
	if err != nil || !isNew {
		return err
	}
	if l.c, err = d.tell(ctx, tx, l.c, "case.created", map[string]string{"number": k.Number}); err != nil {
		return err
	}
	return tx.Audit(ctx, handedIn(k, l.c.Contact.String()))
}

// lostAtOnce is how many calls of a dead program one transaction ends.
const lostAtOnce = 50

// CallsLost ends the calls of a program that has died as lost: at the last time
// that anything was heard of them or of it, as nobody knows more. Its call backs
// are made by others.
func (d *Desk) CallsLost(ctx context.Context, program string) (n int, err error) {
	defer fault.Wrap(&err, "end the calls of %s", program)
	for {
		ids, err := d.DB.Now().OpenCalls(ctx, program, lostAtOnce)
		if err != nil {
			return n, err
		}
		for _, i := range ids {
			if _, err := d.onLine(ctx, i, func(tx *store.Tx, l *line) error {
				return d.loseCall(ctx, tx, l, call.Recorded{})
			}); err != nil {
				return n, err
			}
			n++
		}
		if len(ids) < lostAtOnce {
			return n, d.dropBacks(ctx, program)
		}
	}
}

// lineIsClosed refuses the summary of a call that goes on.
func lineIsClosed(c conversation.Conversation) error {
	if byPhone(c) && c.State.Open() {
		return errByPhone
	}
	return nil
}

// callWrapped notes in the record of a call that its agent has wrapped up, and
// what they say it was.
func (d *Desk) callWrapped(ctx context.Context, tx *store.Tx, c conversation.Conversation) error {
	if !byPhone(c) {
		return nil
	}
	k, have, err := tx.CallIn(ctx, c.ID)
	if err != nil || !have {
		return err
	}
	k.Record = k.Record.Finish(d.Now())
	k.Record.Disposition = c.Summary.Category
	_, err = tx.SaveCall(ctx, k)
	return err
}
