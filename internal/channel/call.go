package channel

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/prompt"
)

// Hotline is what the desk offers to the door through which calls come and go.
// The door has the line and the menu; the desk says who gets the call. Each
// method is one fact: telling it twice changes nothing. What the desk decides by
// itself, the door reads in the feed of a conversation whose channel is "phone"
// (event.ConversationChanged, by the word of what changed), and asks with Call
// what it means:
//
//	offered               CallSight.Rings rings until CallSight.Until
//	missed, declined,     it rings there no more, and stays in the queue
//	withdrawn
//	transferred           an agent handed it on: the line is joined to nobody, the
//	                      walk is SentOn, and CallSight.Place is where it waits
//	accepted              what CallAnswered said
type Hotline interface {
	// CallEntry returns the way in of a number of ours, and its inbox; NotFound if
	// it is nobody's.
	CallEntry(ctx context.Context, line string) (call.Entry, error)
	// CallMenu returns a menu in a version; version 0 is the one that is published
	// now. A call keeps the version in which it began.
	CallMenu(ctx context.Context, id string, version int) (call.Menu, error)
	// CallPrompts returns the sentences that can be said.
	CallPrompts(ctx context.Context) (prompt.Library, error)
	// CallClip returns the sound of a clip as a WAV file; NotFound if there is none.
	CallClip(ctx context.Context, language, clip string) ([]byte, error)
	// PromptsRevision returns a number that is another one as soon as anything was
	// worded or recorded otherwise: until then sentences and clips can be held.
	PromptsRevision(ctx context.Context) (int64, error)
	// CallCame begins a call: contact, conversation and call. It is Forbidden for a
	// number or a contact that is blocked.
	CallCame(ctx context.Context, in CallIn) (CallSight, error)
	// Call returns a call as the desk has it.
	Call(ctx context.Context, i call.ID) (CallSight, error)
	// CallWalked keeps where the caller is in the menu, and that the line is alive.
	CallWalked(ctx context.Context, i call.ID, w call.Walk) error
	// CallMoved does an act to the call's record: Answer, Hold, Resume, Consult,
	// Return, Join, Part, TakeMessage, Rate and Continue. Others have methods of
	// their own. What is not possible now is a Conflict.
	CallMoved(ctx context.Context, i call.ID, a call.Act) (CallSight, error)
	// CallChanged lets consoles hear that the line has news of a call which the desk
	// does not keep: who listens, whom the agent asks.
	CallChanged(ctx context.Context, i call.ID) error
	// CallWaits puts the caller into a queue, with the team, the skills and the lane
	// that its name stands for, waiting since the time of the place.
	CallWaits(ctx context.Context, i call.ID, p call.Place) (CallSight, error)
	// CallFacts returns what the menu may know and say now.
	CallFacts(ctx context.Context, i call.ID) (call.Facts, error)
	// CallLeavesQueue takes the caller back to the menu. What rang rings no more;
	// the place is held as the rules say.
	CallLeavesQueue(ctx context.Context, i call.ID) (CallSight, error)
	// CallReturns puts a call back to the head of the queue: of the agent at whom it
	// rings it says why they do not have it; the one who had it was cut off.
	CallReturns(ctx context.Context, i call.ID, from agent.ID, why Unanswered) (CallSight, error)
	// CallAnswered says that an agent has the caller on the line: the one at whom it
	// rings, the colleague who was consulted, or who called.
	CallAnswered(ctx context.Context, i call.ID, by agent.ID) (CallSight, error)
	// CallNoticed records that the caller was told of the recording; without it none
	// is kept.
	CallNoticed(ctx context.Context, i call.ID) error
	// CallAdvised records an advice that the caller was given, such as "122".
	CallAdvised(ctx context.Context, i call.ID, advice string) error
	// CallBackAsked records that the caller wants to be called back at a number, at
	// the place in the queue that they had; without one at the end of it.
	CallBackAsked(ctx context.Context, i call.ID, number string, p *call.Place) (call.Back, error)
	// CallRated keeps a mark that the caller gave.
	CallRated(ctx context.Context, i call.ID, question string, mark int) error
	// CallEnded ends a call: the line is closed. Of one that has ended it keeps the
	// recording, if there was none.
	CallEnded(ctx context.Context, i call.ID, end CallEnd) (CallSight, error)
	// CallCut records that the recording of a call ended early, or did not begin, and
	// why: call.CutDisk and others.
	CallCut(ctx context.Context, i call.ID, why string) error
	// CallRecovered keeps a recording that this program left when it died, and ends
	// its call if nobody has.
	CallRecovered(ctx context.Context, i call.ID, r call.Recorded) error
	// CallsLost ends the calls of a program that has died as lost, at the last time
	// that they or the program were heard of, and gives its call backs to others. A
	// program tells it of itself before it takes its first call.
	CallsLost(ctx context.Context, program string) (int, error)

	// Telephones records which telephones are connected at a program, all of them.
	// A program tells it at its start and each time that it is otherwise.
	Telephones(ctx context.Context, program string, t Telephones) error

	// CallbacksDue returns whom to call back now: everybody before their place has
	// been served and an agent is free for them.
	CallbacksDue(ctx context.Context, most int) ([]call.Back, error)
	// HoldCallback gives a call back to one program; false if it is not to be made
	// any more. CallCame follows.
	HoldCallback(ctx context.Context, i call.BackID, program string) (bool, error)
	// CallbackNotMade says that a call back which was held could not even begin: it
	// is tried again as one that nobody answered.
	CallbackNotMade(ctx context.Context, i call.BackID) error
}

// CallIn is a call that begins.
type CallIn struct {
	Door      string         // the door's own id of it; the same is the same call
	Program   string         // who has the line
	Node      string         // and how people know it: host and address
	Direction call.Direction //
	Number    string         // the customer's; empty: withheld
	Line      string         // ours: that was called, or from which we call
	Agent     agent.ID       // who calls, if one of us does
	Callback  call.BackID    // that is made, if it is one
}

// CallEnd is how a call ended.
type CallEnd struct {
	At        time.Time   // zero: now
	Reason    call.Reason // empty: somebody hung up, and the state says why
	Quality   call.Quality
	Recording call.Recorded
}

// CallSight is a call with what the desk has decided of it.
type CallSight struct {
	Call         call.Call
	Conversation conversation.ID
	Number       int64 // of the conversation
	State        conversation.State
	Contact      contact.ID
	Inbox        inbox.ID
	Rings        agent.ID // at whom it rings
	Agent        agent.ID // who has it
	Place        call.Place
	Again        bool // nothing has changed
}

// Telephones are what is connected of agents' telephones at a program.
type Telephones struct {
	Consoles   []agent.ID           // whose telephone in the console is connected
	Registered map[string]time.Time // SIP telephones, until when they are registered
}

// Unanswered is why an agent does not have a call that was offered to them.
type Unanswered string

// Why not.
const (
	CallMissed      Unanswered = "missed"      // it rang, and nobody answered
	CallDeclined    Unanswered = "declined"    // they do not want it
	CallUnreachable Unanswered = "unreachable" // no telephone of theirs could ring
)
