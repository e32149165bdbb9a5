// Package audio is the sound of a telephone: G.711 in both laws, WAV files in
// and out, recordings that survive a crash, tones and digits, mixing, and what
// makes an uploaded prompt fit for a phone line.
//
// Sound inside is mono, 8000 samples a second, 16 bits, in frames of 20 ms.
// Nothing here knows of calls, packets or customers.
package audio

import "time"

// The measure of a telephone line.
const (
	Rate      = 8000                  // samples a second
	FrameTime = 20 * time.Millisecond // what goes into a packet
	Frame     = 160                   // samples in a frame; in G.711 as many bytes
)

// Law is one of the two codes of G.711.
type Law uint8

// The laws, by the numbers that RTP has given them.
const (
	ULaw Law = 0 // PCMU: North America and Japan
	ALaw Law = 8 // PCMA: China, Europe
)

func (l Law) String() string {
	if l == ALaw {
		return "PCMA"
	}
	return "PCMU"
}

// Length returns how long so many samples are.
func Length(samples int) time.Duration { return time.Duration(samples) * time.Second / Rate }

// Samples returns how many samples a time takes, rounded down.
func Samples(d time.Duration) int { return int(d * Rate / time.Second) }
