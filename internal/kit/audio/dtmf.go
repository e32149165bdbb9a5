package audio

import "math"

// Detector finds the keys that somebody presses in the sound itself, for lines
// that do not send them as events. It follows ITU-T Q.24: a tone of 40 ms is
// heard, one of 20 ms is not; the two tones may differ as lines make them
// differ; speech and music, which have more in them than two tones, are not
// taken for keys. Its zero value is ready; one line has one.
type Detector struct {
	block  [blockSize]float64
	filled int
	last   byte // what the block before held
	down   byte // the key that is reported and still pressed
	miss   int  // blocks without it since
}

// blockSize is 12.75 ms: any tone of 40 ms fills at least two of them.
const blockSize = 102

const (
	leastTone        = -36.0 // dBFS, each of the two
	mostTwist        = 8.0   // dB that the lower tone may be louder
	mostReverseTwist = 6.0   // dB that the higher tone may be louder
	aside            = 8.0   // dB that the others of the same group stand below
	purity           = 0.82  // of all that sounds
)

// Hear returns the keys whose beginning was heard in these samples, in their
// order; samples may come in pieces of any size.
func (d *Detector) Hear(samples []int16) (keys []byte) {
	for _, s := range samples {
		d.block[d.filled] = float64(s) / (1 << 15)
		if d.filled++; d.filled == blockSize {
			d.filled = 0
			if k := d.decide(d.key()); k != 0 {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// decide reports a key once two blocks in a row have held it; it is over when
// two have not.
func (d *Detector) decide(key byte) (pressed byte) {
	if d.down != 0 && key != d.down {
		if d.miss++; d.miss >= 2 {
			d.down, d.miss = 0, 0
		}
	} else {
		d.miss = 0
	}
	if key != 0 && key == d.last && key != d.down {
		d.down, d.miss, pressed = key, 0, key
	}
	d.last = key
	return pressed
}

// key returns the key that the block holds, or 0.
func (d *Detector) key() byte {
	var all float64
	for _, v := range d.block {
		all += v * v
	}
	all /= blockSize
	if level(all) < leastTone {
		return 0
	}
	low, l, okLow := d.loudest(rows)
	high, h, okHigh := d.loudest(columns)
	twist := level(l) - level(h)
	switch {
	case !okLow, !okHigh, level(l) < leastTone, level(h) < leastTone:
		return 0
	case twist > mostTwist, -twist > mostReverseTwist, l+h < purity*all:
		return 0
	}
	return keypad[4*low+high]
}

// loudest returns which tone of a group is the loudest, its power, and whether
// it stands out.
func (d *Detector) loudest(group [4]float64) (at int, most float64, alone bool) {
	var powers [4]float64
	for i, hz := range group {
		if powers[i] = d.goertzel(hz); powers[i] > powers[at] {
			at = i
		}
	}
	for i, p := range powers {
		if i != at && level(powers[at])-level(p) < aside {
			return at, powers[at], false
		}
	}
	return at, powers[at], true
}

// goertzel returns the power of one tone in the block.
func (d *Detector) goertzel(hz float64) float64 {
	w := 2 * math.Cos(2*math.Pi*hz/Rate)
	var a, b float64
	for _, v := range d.block {
		a, b = v+w*a-b, a
	}
	return (a*a + b*b - w*a*b) * 2 / (blockSize * blockSize)
}
