package audio

import (
	"bufio"
	"errors"
	"io"
	"time"
)

// Peaks is the picture of a recording: for each channel how far it swings in
// each of equal parts, 0 to 255.
type Peaks struct {
	Length   time.Duration `json:"length"`
	Channels [][]byte      `json:"channels"`
}

// PeaksOf reads a WAV file as it streams by and draws it in so many parts. It
// needs the file's size, since the parts are cut before its end is seen; a file
// that ends earlier has silence at its end.
func PeaksOf(file io.Reader, size int64, parts int) (Peaks, error) {
	r := bufio.NewReaderSize(file, 64<<10)
	l, err := readLayout(r)
	if err != nil {
		return Peaks{}, err
	}
	data := size - l.at
	if l.size >= 0 {
		data = min(data, l.size)
	}
	n := max(0, data/int64(l.width()))
	p := Peaks{Length: time.Duration(n) * time.Second / time.Duration(l.rate), Channels: make([][]byte, l.channels)}
	for c := range p.Channels {
		p.Channels[c] = make([]byte, parts)
	}
	b := make([]byte, l.width())
	for i := range n {
		if _, err := io.ReadFull(r, b); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		} else if err != nil {
			return Peaks{}, err
		}
		at := int(i * int64(parts) / n)
		for c := range p.Channels {
			v := int(l.sample(b[c*l.bits/8:]))
			if v < 0 {
				v = ^v
			}
			p.Channels[c][at] = max(p.Channels[c][at], byte(v>>7))
		}
	}
	return p, nil
}
