package audio

import (
	"math"
	"strings"
	"time"
)

// Beat is a part of a signal: what sounds together, and for how long. Without
// tones it is a pause.
type Beat struct {
	Tones []float64 // Hz
	For   time.Duration
}

// toneLevel is how loud one tone is, in parts of full scale: -13 dBFS, and two
// together -10.
const toneLevel = 0.316

// ramp takes the click from where a tone begins and ends.
const ramp = 2 * time.Millisecond

// Signal returns the samples of beats one after another.
func Signal(beats ...Beat) []int16 {
	var out []int16
	for _, b := range beats {
		n := Samples(b.For)
		edge := float64(Samples(ramp))
		for i := range n {
			var v float64
			for _, hz := range b.Tones {
				v += math.Sin(2 * math.Pi * hz * float64(i) / Rate)
			}
			v *= toneLevel * min(1, float64(i+1)/edge, float64(n-i)/edge)
			out = append(out, clip(v*(1<<15)))
		}
	}
	return out
}

// signalTone is the one tone of the signals of Chinese exchanges (GB/T 3380), Hz.
const signalTone = 450

// RingBack returns one round of what a caller hears while it rings: a second of
// tone, four of silence.
func RingBack() []int16 {
	return Signal(Beat{[]float64{signalTone}, time.Second}, Beat{nil, 4 * time.Second})
}

// Busy returns one round of the busy signal.
func Busy() []int16 {
	return Signal(Beat{[]float64{signalTone}, 350 * time.Millisecond}, Beat{nil, 350 * time.Millisecond})
}

// Congested returns one round of the signal that no line is free.
func Congested() []int16 {
	return Signal(Beat{[]float64{signalTone}, 700 * time.Millisecond}, Beat{nil, 700 * time.Millisecond})
}

// Beep returns the tone after which a message is recorded.
func Beep() []int16 {
	return Signal(Beat{[]float64{1000}, 300 * time.Millisecond}, Beat{nil, 100 * time.Millisecond})
}

// The tones of the keys, by row and column of a keypad with four columns.
var (
	rows    = [4]float64{697, 770, 852, 941}
	columns = [4]float64{1209, 1336, 1477, 1633}
)

const keypad = "123A456B789C*0#D"

// Digits returns the tones of keys, each on for so long and then as long a
// pause. What is no key is left out.
func Digits(keys string, on time.Duration) []int16 {
	var beats []Beat
	for _, k := range keys {
		if i := strings.IndexRune(keypad, k); i >= 0 {
			beats = append(beats, Beat{[]float64{rows[i/4], columns[i%4]}, on}, Beat{nil, on})
		}
	}
	return Signal(beats...)
}
