package audio_test

import (
	"bytes"
	"math"
	"testing"
	"time"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
)

func tone(hz float64, d time.Duration) []int16 {
	return audio.Signal(audio.Beat{Tones: []float64{hz}, For: d})
}

func pause(d time.Duration) []int16 { return make([]int16, audio.Samples(d)) }

// A recording is read in parts, each side by itself.
func TestATapeIsReadInParts(t *testing.T) {
	t.Parallel()
	caller := append(tone(440, time.Second), pause(2*time.Second)...)
	heard := append(pause(1500*time.Millisecond), tone(800, time.Second)...)
	file := audio.WriteSides(caller, heard)
	k, err := audio.OpenTape(bytes.NewReader(file), int64(len(file)))
	if err != nil || k.Channels() != 2 || k.Length() != 3*time.Second {
		t.Fatalf("%v: %+v", err, k)
	}
	levels, err := k.Levels()
	if err != nil || len(levels) != 2 || len(levels[0]) != 150 {
		t.Fatalf("%v: %d channels", err, len(levels))
	}
	for _, c := range []struct {
		side int
		at   time.Duration
		loud bool
	}{{0, 500 * time.Millisecond, true}, {0, 2 * time.Second, false}, {1, 500 * time.Millisecond, false}, {1, 2 * time.Second, true}, {1, 2800 * time.Millisecond, false}} {
		if got := levels[c.side][c.at/audio.FrameTime]; (got > -40) != c.loud {
			t.Errorf("side %d at %s is at %.0f dB", c.side, c.at, got)
		}
	}
	part, err := k.Part(1, time.Second, 2*time.Second)
	if err != nil || len(part) != audio.Rate || audio.Level(part[:audio.Rate/2-80]) > -60 || audio.Level(part[audio.Rate/2+80:]) < -30 {
		t.Errorf("%v: %d samples", err, len(part))
	}
	if rest, err := k.Part(0, 2500*time.Millisecond, time.Hour); err != nil || len(rest) != audio.Rate/2 {
		t.Errorf("behind the end: %d samples, %v", len(rest), err)
	}
	if torn, err := audio.OpenTape(bytes.NewReader(file[:len(file)-100]), int64(len(file))); err != nil {
		t.Error(err)
	} else if _, err := torn.Levels(); fault.CodeOf(err) != "audio.torn" {
		t.Errorf("a torn file: %v", err)
	}
}

// What is sent to be written down has the tone that the line had, twice as fine.
func TestWide(t *testing.T) {
	t.Parallel()
	was := tone(1000, time.Second)
	s, err := audio.ReadWAV(audio.WriteWide(was))
	if err != nil || s.Rate != 16000 || len(s.Channels) != 1 || s.Length() != time.Second {
		t.Fatalf("%v: %d Hz, %s", err, s.Rate, s.Length())
	}
	for i := 2000; i < 14000; i += 2 { // each second sample is one of the line's
		if d := math.Abs(float64(s.Channels[0][i]) - float64(was[i/2])); d > 200 {
			t.Fatalf("sample %d: %d, was %d", i, s.Channels[0][i], was[i/2])
		}
	}
	if a, b := audio.Level(s.Channels[0]), audio.Level(was); math.Abs(a-b) > 0.3 {
		t.Errorf("%.2f dB, was %.2f", a, b)
	}
}
