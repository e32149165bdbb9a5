// Package voicetest has telephones that were written by others, for tests: a
// baresip that says a tone and knows which tones it has heard, and a sipp that
// plays a scenario.
package voicetest

import (
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"testing"
	"time"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/clock"
)

// Peer returns a program that a test needs. Without it the test is left out,
// but not where everything must hold.
func Peer(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("TEST_EVERYTHING") != "" {
			t.Fatal(err)
		}
		t.Skipf("%s is not installed; test/install installs it", name)
	}
	return path
}

// Until asks again and again until ok, for at most twenty seconds.
func Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := clock.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if clock.Now().After(end) {
			t.Fatal("waited in vain for ", what)
		}
	}
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// PCM returns a WAV file of 16 bits.
func PCM(samples []int16) []byte {
	n := uint32(2 * len(samples))
	b := []byte("RIFF")
	b = binary.LittleEndian.AppendUint32(b, 36+n)
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
	b = binary.LittleEndian.AppendUint32(b, audio.Rate)
	b = binary.LittleEndian.AppendUint32(b, 2*audio.Rate)
	b = append(b, "\x02\x00\x10\x00data"...)
	b = binary.LittleEndian.AppendUint32(b, n)
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

// Tones is how long each tone was the loudest.
type Tones map[float64]time.Duration

const window = 400 // 50 ms

// Hear adds to each of the tones the time in which it was the loudest.
func (t Tones) Hear(samples []int16, tones ...float64) {
	for ; len(samples) >= window; samples = samples[window:] {
		power := 0.0
		for _, s := range samples[:window] {
			power += float64(s) * float64(s)
		}
		for _, hz := range tones {
			if goertzel(samples[:window], hz) > 0.7*power {
				t[hz] += 50 * time.Millisecond
			}
		}
	}
}

// Samples reads samples of 16 bits.
func Samples(pcm []byte) []int16 {
	out := make([]int16, len(pcm)/2)
	for i := range out {
		out[i] = int16(binary.LittleEndian.Uint16(pcm[2*i:]))
	}
	return out
}

// goertzel returns the power of one tone, in the unit of the sum of squares.
func goertzel(samples []int16, hz float64) float64 {
	w := 2 * math.Cos(2*math.Pi*hz/audio.Rate)
	var a, b float64
	for _, s := range samples {
		a, b = float64(s)+w*a-b, a
	}
	return (a*a + b*b - w*a*b) * 2 / float64(len(samples))
}
