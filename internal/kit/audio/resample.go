package audio

import "math"

// The low pass before sound is made 8 kHz: what lies above half of that would
// come back as noise below it. It keeps speech up to passes and lets nothing
// through above half of the rate.
const (
	passes    = 3600.0 // Hz
	stops     = 4000.0 // Hz
	stopLevel = 70.0   // dB
)

// resample returns samples of one of rates at 8 kHz.
func resample(samples []int16, rate int) []int16 { return stretch(samples, rate, Rate) }

// stretch returns samples of one rate at another, without what lies above half
// of the line's.
//
//go:norace
func stretch(samples []int16, rate, to int) []int16 {
	if rate == to {
		return samples
	}
	g := gcd(rate, to)
	up, down := to/g, rate/g
	half, phases := lowPass(rate, up)
	out := make([]int16, (len(samples)*up+down-1)/down)
	for i := range out {
		// the sound is stretched by up, filtered, and every down-th taken; only
		// the taps that meet a sample are multiplied
		at, taps := i*down/up-half, phases[i*down%up]
		from, to := max(0, -at), min(len(taps), len(samples)-at)
		var sum float64
		for k := from; k < to; k++ { // the detector of races would take ten times as long here
			sum += float64(samples[at+k]) * taps[k]
		}
		out[i] = clip(sum)
	}
	return out
}

// lowPass returns a Kaiser-windowed sinc for each place that a sample of the
// result can have between two of the source, and how many of the source it
// reaches back; it reaches one further ahead.
func lowPass(rate, up int) (half int, phases [][]float64) {
	width := 2 * math.Pi * (stops - passes) / float64(rate)
	half = int(math.Ceil((stopLevel - 8) / (2.285 * width) / 2))
	cut := (passes + stops) / 2 / float64(rate) // in turns a sample
	beta := 0.1102 * (stopLevel - 8.7)
	phases = make([][]float64, up)
	for p := range phases {
		phases[p] = make([]float64, 2*half+2)
		for k := range phases[p] {
			x := float64(p)/float64(up) - float64(k-half)
			r := x / float64(half)
			if math.Abs(r) > 1 {
				continue
			}
			sinc := 2 * cut
			if x != 0 {
				sinc = math.Sin(2*math.Pi*cut*x) / (math.Pi * x)
			}
			phases[p][k] = sinc * bessel(beta*math.Sqrt(1-r*r)) / bessel(beta)
		}
	}
	return half, phases
}

// bessel is the modified Bessel function of order 0.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= (x / 2 / k) * (x / 2 / k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// clip rounds to a sample and keeps it in its range.
func clip(v float64) int16 {
	return int16(max(math.MinInt16, min(math.MaxInt16, math.Round(v))))
}
