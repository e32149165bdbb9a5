package audio

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"yingda/internal/kit/fault"
)

// Tape is a recording that is read in parts: it may be longer than what fits
// into memory.
type Tape struct {
	file io.ReadSeeker
	l    layout
	n    int64 // samples of each channel
}

// OpenTape reads the head of a WAV file of some size.
func OpenTape(file io.ReadSeeker, size int64) (*Tape, error) {
	l, err := readLayout(file)
	if err != nil {
		return nil, err
	}
	data := size - l.at
	if l.size >= 0 {
		data = min(data, l.size)
	}
	return &Tape{file: file, l: l, n: max(0, data/int64(l.width()))}, nil
}

// Channels returns how many channels the recording has: two where it is known
// who spoke.
func (t *Tape) Channels() int { return t.l.channels }

// Length returns how long the recording is.
func (t *Tape) Length() time.Duration {
	return time.Duration(t.n) * time.Second / time.Duration(t.l.rate)
}

// Levels reads the whole recording as it streams by and returns how loud each
// channel is, for each frame of 20 ms in dB of full scale.
func (t *Tape) Levels() ([][]float32, error) {
	if _, err := t.file.Seek(t.l.at, io.SeekStart); err != nil {
		return nil, err
	}
	frame := t.l.rate / int(time.Second/FrameTime)
	all := make([][]float32, t.l.channels)
	r, b := bufio.NewReaderSize(t.file, 64<<10), make([]byte, frame*t.l.width())
	samples := make([]int16, frame)
	for left := t.n; left > 0; left -= int64(frame) {
		b := b[:min(int64(frame), left)*int64(t.l.width())]
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, t.torn(err)
		}
		for c := range all {
			one := t.channel(samples[:0], b, c)
			all[c] = append(all[c], float32(Level(one)))
		}
	}
	return all, nil
}

// Part returns what is on one channel from a time on, for so long, as the line
// carries it. What lies behind the end is left out.
func (t *Tape) Part(channel int, from, to time.Duration) ([]int16, error) {
	first := min(max(0, t.sample(from)), t.n)
	last := min(max(first, t.sample(to)), t.n)
	if _, err := t.file.Seek(t.l.at+first*int64(t.l.width()), io.SeekStart); err != nil {
		return nil, err
	}
	b := make([]byte, (last-first)*int64(t.l.width()))
	if _, err := io.ReadFull(t.file, b); err != nil {
		return nil, t.torn(err)
	}
	return resample(t.channel(nil, b, channel), t.l.rate), nil
}

func (t *Tape) sample(at time.Duration) int64 {
	return int64(at) * int64(t.l.rate) / int64(time.Second)
}

func (t *Tape) channel(to []int16, b []byte, c int) []int16 {
	for at := c * t.l.bits / 8; at < len(b); at += t.l.width() {
		to = append(to, t.l.sample(b[at:]))
	}
	return to
}

func (t *Tape) torn(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.New(fault.Invalid, "audio.torn", "the recording is shorter than it says; its file was damaged").Because(err)
	}
	return err
}

// wide is the rate at which programs that write down what is said want to hear.
const wide = 2 * Rate

// WriteWide returns a line's sound as a WAV file of 16 bits at 16 kHz, which
// every program that writes down what is said reads: 32 KB a second.
func WriteWide(samples []int16) []byte {
	const head = 44
	double := stretch(samples, Rate, wide)
	size := uint32(2 * len(double))
	b := make([]byte, 0, head+int(size))
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, head-8+size)
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, formatPCM)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint32(b, wide)
	b = binary.LittleEndian.AppendUint32(b, 2*wide)
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, size)
	for _, s := range double {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

// WriteSides returns both sides of a call as a recording has them: the caller
// left, what they heard right. The shorter one ends in silence.
func WriteSides(caller, heard []int16) []byte {
	n := max(len(caller), len(heard))
	b := header(sides, int64(n*sides))
	for i := range n {
		for _, side := range [][]int16{caller, heard} {
			s := int16(0)
			if i < len(side) {
				s = side[i]
			}
			b = append(b, ALaw.Encode(s))
		}
	}
	return b
}
