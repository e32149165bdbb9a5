package audio

import (
	"math"
	"slices"
	"time"

	"yingda/internal/kit/fault"
)

// Loudness is how loud a prompt is made, in dB of full scale over the parts in
// which somebody speaks.
const Loudness = -18.0

const (
	quiet      = -45.0 // dBFS: nothing to hear
	quieter    = 25.0  // dB under the loudest frame: a pause between words
	mostGain   = 30.0  // dB: more would only lift the noise
	knee       = 0.7   // of full scale: louder peaks are rounded
	keepBefore = 40 * time.Millisecond
	keepAfter  = 80 * time.Millisecond
)

// Level returns how loud samples are in dB of full scale; silence is -96.
func Level(samples []int16) float64 { return level(power(samples)) }

func power(samples []int16) float64 {
	if len(samples) == 0 {
		return 0
	}
	var sum float64
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	return sum / float64(len(samples)) / (1 << 30)
}

func level(power float64) float64 { return max(-96, 10*math.Log10(power)) }

// Prepare makes an uploaded sound a prompt: as the line carries it, without the
// silence around it, as loud as the others. A sound in which nothing is to be
// heard is Invalid.
func Prepare(s Sound) ([]int16, error) {
	line := Normalise(Trim(s.Line()))
	if len(line) == 0 {
		return nil, fault.New(fault.Invalid, "audio.silent", "nothing is to be heard in the sound; check the microphone and record it again")
	}
	return line, nil
}

// Trim returns samples without the silence before and behind, but for a breath.
// Of silence nothing is left.
func Trim(samples []int16) []int16 {
	first, last := -1, -1
	for i := 0; i < len(samples); i += Frame {
		if Level(samples[i:min(i+Frame, len(samples))]) > quiet {
			if first < 0 {
				first = i
			}
			last = i + Frame
		}
	}
	if first < 0 {
		return nil
	}
	return samples[max(0, first-Samples(keepBefore)):min(len(samples), last+Samples(keepAfter))]
}

// Normalise returns samples as loud as Loudness; what would be too loud for the
// line is rounded, not cut.
func Normalise(samples []int16) []int16 {
	now := speech(samples)
	if now <= -96 {
		return samples
	}
	gain := math.Pow(10, min(mostGain, Loudness-now)/20)
	out := make([]int16, len(samples))
	for i, s := range samples {
		out[i] = clip(round(float64(s)*gain/(1<<15)) * (1 << 15))
	}
	return out
}

// round leaves what is below the knee as it is and bends the rest towards full
// scale.
func round(v float64) float64 {
	if a := math.Abs(v); a > knee {
		return math.Copysign(knee+(1-knee)*math.Tanh((a-knee)/(1-knee)), v)
	}
	return v
}

// speech returns how loud the frames are in which somebody speaks.
func speech(samples []int16) float64 {
	var powers []float64
	for f := range slices.Chunk(samples, Frame) {
		powers = append(powers, power(f))
	}
	if len(powers) == 0 {
		return -96
	}
	least := slices.Max(powers) * math.Pow(10, -quieter/10)
	sum, n := 0.0, 0.0
	for _, p := range powers {
		if p >= least {
			sum, n = sum+p, n+1
		}
	}
	return level(sum / n)
}
