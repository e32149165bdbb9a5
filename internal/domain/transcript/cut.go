package transcript

import (
	"cmp"
	"slices"
	"time"
)

// Side is on which channel of a recording something was said.
type Side string

// The sides.
const (
	Caller Side = "caller" // the customer
	Heard  Side = "heard"  // what the customer heard: an agent, or the machine
	Both   Side = "both"   // a recording with one channel: nobody knows
)

// SideOf returns the side of a channel of a recording with so many.
func SideOf(channel, channels int) Side {
	switch {
	case channels < 2:
		return Both
	case channel == 0:
		return Caller
	}
	return Heard
}

// Span is a part of a recording.
type Span struct{ From, To time.Duration }

// Piece is a part of one channel that is sent at once.
type Piece struct {
	Channel int
	Span
}

// Length returns how long the piece is.
func (p Piece) Length() time.Duration { return p.To - p.From }

const (
	frame = 20 * time.Millisecond // for which there is one level
	quiet = -45                   // dBFS: nothing to hear
	// A pause as long as parting ends a piece: silence is not worth sending, and
	// models make words up where there are none.
	parting = 8 * time.Second
	// LongestPiece is the longest that is sent at once. What goes on longer is cut
	// where it is most quiet, not before half of it.
	LongestPiece = 2 * time.Minute
	breath       = 200 * time.Millisecond // around what was said
	leastSpoken  = 10                     // frames: less is a click
)

// Cut returns the pieces of a channel in which something is to be heard, in
// their order. levels say how loud each 20 ms are, in dB of full scale; only what
// lies within the spans is looked at, or all if they are nil.
func Cut(channel int, levels []float32, within []Span) (all []Piece) {
	loud := func(i int) bool {
		return levels[i] > quiet && (within == nil || slices.ContainsFunc(within, func(s Span) bool { at := time.Duration(i) * frame; return at >= s.From && at < s.To }))
	}
	from, last, spoken := -1, 0, 0
	add := func() {
		if from >= 0 && spoken >= leastSpoken {
			around := int(breath / frame)
			all = append(all, parts(channel, levels, max(0, from-around), min(len(levels), last+1+around))...)
		}
		from, spoken = -1, 0
	}
	for i := range levels {
		if !loud(i) {
			continue
		}
		if from >= 0 && i-last > int(parting/frame) {
			add()
		}
		if from < 0 {
			from = i
		}
		last, spoken = i, spoken+1
	}
	add()
	return all
}

// parts cuts what is longer than a piece may be.
func parts(channel int, levels []float32, from, to int) (all []Piece) {
	most := int(LongestPiece / frame)
	for to-from > most {
		at := quietest(levels, from+most/2, from+most)
		all = append(all, piece(channel, from, at))
		from = at
	}
	return append(all, piece(channel, from, to))
}

func piece(channel, from, to int) Piece {
	return Piece{channel, Span{time.Duration(from) * frame, time.Duration(to) * frame}}
}

// quietest returns the middle of the most quiet fifth of a second between two
// frames; of several the last.
func quietest(levels []float32, from, to int) (at int) {
	const window = 10
	var sum, least float32
	for i := from; i < to; i++ {
		sum += levels[i]
		if i-from >= window {
			sum -= levels[i-window]
		}
		if i-from >= window-1 && (at == 0 || sum <= least) {
			least, at = sum, i-window/2+1
		}
	}
	return at
}

// InOrder returns pieces of all channels as they are sent: as they were said.
func InOrder(pieces []Piece) []Piece {
	slices.SortStableFunc(pieces, func(a, b Piece) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Channel, b.Channel)) })
	return pieces
}
