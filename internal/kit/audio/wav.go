package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"time"

	"yingda/internal/kit/fault"
)

// rates are those that files may have.
var rates = []int{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000}

// LongestFile is the longest sound that is read into memory.
const LongestFile = 5 * time.Minute

// Sound is what a file holds: one or two channels of equal length.
type Sound struct {
	Rate     int
	Channels [][]int16
}

// Length returns how long the sound is.
func (s Sound) Length() time.Duration {
	if len(s.Channels) == 0 || s.Rate == 0 {
		return 0
	}
	return time.Duration(len(s.Channels[0])) * time.Second / time.Duration(s.Rate)
}

// Line returns the sound as a telephone line carries it: one channel, 8 kHz.
func (s Sound) Line() []int16 {
	if len(s.Channels) == 0 {
		return nil
	}
	mono := s.Channels[0]
	if len(s.Channels) == 2 {
		mono = make([]int16, len(s.Channels[0]))
		for i := range mono {
			mono[i] = int16((int(s.Channels[0][i]) + int(s.Channels[1][i])) / 2)
		}
	}
	return resample(mono, s.Rate)
}

// How samples are written in a WAV file.
const (
	formatPCM        = 1
	formatALaw       = 6
	formatULaw       = 7
	formatExtensible = 0xfffe
)

// layout is what the head of a WAV file says.
type layout struct {
	format, channels, bits int
	rate                   int
	size                   int64 // of the data in bytes; -1: up to the end of the file
	at                     int64 // where the data begins
}

func (l layout) width() int { return l.channels * l.bits / 8 }

// ReadWAV reads a WAV file of PCM in 8 or 16 bits, A-law or µ-law, with one or
// two channels. Whatever else is Invalid and says what to do. A file whose
// header lies about its length is read as far as it goes.
func ReadWAV(file []byte) (Sound, error) {
	r := bytes.NewReader(file)
	l, err := readLayout(r)
	if err != nil {
		return Sound{}, err
	}
	data := file[l.at:]
	if l.size >= 0 && l.size < int64(len(data)) {
		data = data[:l.size]
	}
	n := len(data) / l.width()
	switch {
	case n == 0:
		return Sound{}, fault.New(fault.Invalid, "audio.empty", "there is no sound in the file; record it again")
	case time.Duration(n)*time.Second > LongestFile*time.Duration(l.rate):
		return Sound{}, fault.New(fault.TooLarge, "audio.long", "the sound is longer than %d minutes; cut it", int(LongestFile.Minutes()))
	}
	s := Sound{Rate: l.rate, Channels: make([][]int16, l.channels)}
	for c := range s.Channels {
		s.Channels[c] = make([]int16, n)
		for i := range n {
			s.Channels[c][i] = l.sample(data[i*l.width()+c*l.bits/8:])
		}
	}
	return s, nil
}

func (l layout) sample(b []byte) int16 {
	switch {
	case l.format == formatALaw:
		return ALaw.Decode(b[0])
	case l.format == formatULaw:
		return ULaw.Decode(b[0])
	case l.bits == 8:
		return int16(int(b[0])-128) << 8
	}
	return int16(binary.LittleEndian.Uint16(b))
}

// readLayout reads the head of a WAV file up to where the data begins.
func readLayout(r io.Reader) (l layout, err error) {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return l, fault.New(fault.Invalid, "audio.wav", "this is no WAV file; save the sound as WAV and try again")
	}
	l.at = int64(len(head))
	for {
		var chunk [8]byte
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			return l, cutShort(err)
		}
		l.at += int64(len(chunk))
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		switch string(chunk[:4]) {
		case "data":
			if l.rate == 0 {
				return l, cutShort(io.ErrUnexpectedEOF)
			}
			l.size = size
			if size == 0 || size >= 0xffffff00 { // written by a program that did not know it yet
				l.size = -1
			}
			return l, nil
		case "fmt ":
			if size < 16 || size > 4096 {
				return l, cutShort(io.ErrUnexpectedEOF)
			}
			b := make([]byte, size+size&1)
			if _, err := io.ReadFull(r, b); err != nil {
				return l, cutShort(err)
			}
			if err := l.read(b); err != nil {
				return l, err
			}
			l.at += int64(len(b))
		default:
			skipped, err := io.CopyN(io.Discard, r, size+size&1)
			if err != nil {
				return l, cutShort(err)
			}
			l.at += skipped
		}
	}
}

func cutShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.New(fault.Invalid, "audio.cut", "the WAV file ends before its sound begins; export it again")
	}
	return err
}

func (l *layout) read(b []byte) error {
	l.format = int(binary.LittleEndian.Uint16(b))
	l.channels = int(binary.LittleEndian.Uint16(b[2:]))
	l.rate = int(binary.LittleEndian.Uint32(b[4:]))
	l.bits = int(binary.LittleEndian.Uint16(b[14:]))
	if l.format == formatExtensible && len(b) >= 26 {
		l.format = int(binary.LittleEndian.Uint16(b[24:]))
	}
	g711 := (l.format == formatALaw || l.format == formatULaw) && l.bits == 8
	pcm := l.format == formatPCM && (l.bits == 8 || l.bits == 16)
	switch {
	case !g711 && !pcm:
		return fault.New(fault.Invalid, "audio.format", "the sound is in a format that is not read (format %d with %d bits); save it as PCM with 16 bits", l.format, l.bits)
	case l.channels != 1 && l.channels != 2:
		return fault.New(fault.Invalid, "audio.channels", "the sound has %d channels; save it with one or two", l.channels)
	case !slices.Contains(rates, l.rate):
		return fault.New(fault.Invalid, "audio.rate", "the sound has %d samples a second; save it with 8000, 16000, 24000, 44100 or 48000", l.rate)
	}
	return nil
}

// headerSize is what stands before the data in the files that we write.
const headerSize = 58

// header is the head of a WAV file in A-law with so many bytes of data. Files
// that are not PCM have the number of samples in a chunk "fact".
func header(channels int, size int64) []byte {
	short := func(n int64) uint32 { return uint32(min(n, 1<<32-1)) }
	b := make([]byte, 0, headerSize)
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, short(headerSize-8+size+size&1))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 18)
	b = binary.LittleEndian.AppendUint16(b, formatALaw)
	b = binary.LittleEndian.AppendUint16(b, uint16(channels))
	b = binary.LittleEndian.AppendUint32(b, Rate) // samples a second
	b = binary.LittleEndian.AppendUint32(b, Rate*uint32(channels))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels))
	b = binary.LittleEndian.AppendUint16(b, 8)
	b = binary.LittleEndian.AppendUint16(b, 0) // no more about the format
	b = append(b, "fact"...)
	b = binary.LittleEndian.AppendUint32(b, 4)
	b = binary.LittleEndian.AppendUint32(b, short(size/int64(channels)))
	b = append(b, "data"...)
	return binary.LittleEndian.AppendUint32(b, short(size))
}

// WriteWAV returns a line's sound as a WAV file in A-law: 8 KB a second.
func WriteWAV(samples []int16) []byte {
	b := ALaw.AppendEncoded(header(1, int64(len(samples))), samples)
	if len(samples)%2 == 1 {
		b = append(b, 0)
	}
	return b
}
