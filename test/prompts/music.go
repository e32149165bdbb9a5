package main

import (
	"math"

	"yingda/internal/kit/audio"
)

// The music for who waits is ours and free for any use (CC0): eight bars of
// soft chords, broken chords and a melody of five tones, whose end is their
// beginning.
const (
	bars, beatsABar = 8, 4
	beat            = 30 * audio.Rate / (bars * beatsABar) // samples: the whole is 30 s
)

// chords are the notes of each bar, in half tones above A2 (110 Hz).
var chords = [bars][4]int{
	{3, 10, 15, 19}, // C
	{0, 7, 12, 15},  // a
	{8, 15, 20, 24}, // F
	{10, 17, 22, 26},
	{3, 10, 15, 19},
	{0, 7, 12, 15},
	{5, 12, 17, 20}, // d
	{10, 17, 22, 26},
}

// melody is a note a beat, in half tones above A4; rest is a beat without one.
const rest = math.MinInt

var melody = [bars][beatsABar]int{
	{7, rest, 10, rest},
	{7, rest, 3, 5},
	{3, rest, rest, 0},
	{5, rest, rest, rest},
	{7, rest, 10, 12},
	{15, rest, 12, rest},
	{10, rest, 5, 3},
	{5, rest, rest, rest},
}

func music() []int16 {
	sum := make([]float64, bars*beatsABar*beat)
	for b, chord := range chords {
		for i, n := range chord {
			start := b * beatsABar * beat
			note(sum, start, pitch(110, n), 0.05, beatsABar*beat, 0.35, 2.5) // the chord swells
			for k := range 2 {                                               // and is broken twice
				note(sum, start+(4*k+i)*beat/2, pitch(220, n), 0.10, 60, 0.9, 3)
			}
		}
		for i, n := range melody[b] {
			if n != rest {
				note(sum, (b*beatsABar+i)*beat, pitch(440, n), 0.16, 80, 1.1, 4)
			}
		}
	}
	out := make([]int16, len(sum))
	for i, v := range sum {
		out[i] = int16(17000 * math.Tanh(v*1.4))
	}
	return out
}

func pitch(base float64, halves int) float64 { return base * math.Pow(2, float64(halves)/12) }

// note adds a tone that rises over so many samples and then dies away with a
// time constant in seconds; overtones die the faster, the higher they are. What
// sounds on beyond the end sounds at the beginning.
func note(sum []float64, start int, hz, loud float64, rise int, fade, overtones float64) {
	rise = max(1, rise/2)
	for i := range rise + int(5*fade*audio.Rate) {
		t := float64(i) / audio.Rate
		env := loud * math.Min(1, float64(i)/float64(rise))
		if i > rise {
			env *= math.Exp(-float64(i-rise) / audio.Rate / fade)
		}
		var v float64
		for k := 1.0; k <= 3 && hz*k < 3400; k++ {
			v += math.Sin(2*math.Pi*hz*k*t) / (k * k) * math.Exp(-(k-1)*overtones*t)
		}
		sum[(start+i)%len(sum)] += env * v
	}
}
