// Package transcript is what was said in a recorded call, written down
// afterwards (通话转写): where it is written, how a recording is cut into what is
// sent, whose words a line is, and how far the writing has come.
//
//	transcript.go  how far it is, and what comes next
//	settings.go    where it is written, and what it may take
//	cut.go         the pieces of a recording
//	line.go        the lines that came back, and who said them
package transcript

import (
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// State is how far the text of a call is.
type State string

// The states. A call that nobody asked the text of has none.
const (
	Waiting State = "waiting" // for its turn, or until it may go on: Why says for what
	Writing State = "writing"
	Done    State = "done"
	Failed  State = "failed" // Why says how; somebody may ask again
)

// Transcript is the text of a call. It is a value: every method returns it as it
// is afterwards.
type Transcript struct {
	Call    call.ID
	State   State
	By      agent.ID // who asked for it; zero: it was made by itself
	AskedAt time.Time
	Run     int64 // counts how often it was asked for: what an older run does is void
	Pieces  int   // that are sent; 0: not known yet
	Written int   // of them; there are lines of these
	Tries   int   // of the next piece, that failed
	Why     *phrase.Reason
	DueAt   time.Time     // when it is tried again
	Model   string        // that wrote it
	Sent    time.Duration // of sound
	Took    time.Duration // to write
	EndedAt time.Time
}

// Open reports whether it is still to be written.
func (t Transcript) Open() bool { return t.State == Waiting || t.State == Writing }

// Ask returns the text of a call anew, from the beginning. One that is being
// written is a Conflict.
func (t Transcript) Ask(of call.ID, by agent.ID, now time.Time) (Transcript, error) {
	if t.Open() {
		return t, fault.New(fault.Conflict, "transcript.open", "this call is being written down already")
	}
	return Transcript{Call: of, State: Waiting, By: by, AskedAt: now, Run: t.Run + 1, DueAt: now}, nil
}

// Begin says into how many pieces the recording was cut. Of nothing that was
// said nothing is written.
func (t Transcript) Begin(pieces int, model string, now time.Time) Transcript {
	t.State, t.Pieces, t.Model, t.Why = Writing, pieces, model, nil
	return t.end(now)
}

// Wrote says that one more piece was written.
func (t Transcript) Wrote(sent, took time.Duration, now time.Time) Transcript {
	t.State, t.Tries, t.Why = Writing, 0, nil
	t.Written++
	t.Sent, t.Took = t.Sent+sent, t.Took+took
	return t.end(now)
}

func (t Transcript) end(now time.Time) Transcript {
	if t.Written >= t.Pieces {
		t.State, t.EndedAt = Done, now
	}
	return t
}

// Wait says that it goes on later, and why.
func (t Transcript) Wait(why phrase.Reason, until time.Time) Transcript {
	t.State, t.Why, t.DueAt = Waiting, &why, until
	return t
}

// Fail says that it ends without a text, and why.
func (t Transcript) Fail(why phrase.Reason, now time.Time) Transcript {
	t.State, t.Why, t.EndedAt = Failed, &why, now
	return t
}

// How often a piece is tried, and how long it rests between: twice as long each
// time.
const (
	mostTries = 8
	firstRest = 30 * time.Second
	longRest  = time.Hour
)

// Missed says that a piece failed in a way that may pass. It is tried again after
// a rest, at the earliest when the endpoint said so; too often is failed.
func (t Transcript) Missed(why phrase.Reason, wait time.Duration, now time.Time) Transcript {
	if t.Tries++; t.Tries >= mostTries {
		return t.Fail(why, now)
	}
	return t.Wait(why, now.Add(max(wait, min(longRest, firstRest<<(t.Tries-1)))))
}
