package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yingda/internal/kit/fault"
)

// The values of all codes are those that another program (sox) gives them.
func TestTables(t *testing.T) {
	t.Parallel()
	for file, law := range map[string]Law{"alaw.txt": ALaw, "ulaw.txt": ULaw} {
		raw, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		for code, field := range strings.Fields(string(raw)) {
			var want int16
			if _, err := fmt.Sscan(field, &want); err != nil {
				t.Fatal(err)
			}
			if got := law.Decode(byte(code)); got != want {
				t.Errorf("%s: code %#x is %d, want %d", law, code, got, want)
			}
		}
	}
}

// Every sample gets a code of its own sign whose value is as near as any, and
// the code of a code's value is the code itself.
func TestEncodesToTheNearest(t *testing.T) {
	t.Parallel()
	for _, law := range []Law{ALaw, ULaw} {
		for code := range 256 {
			v := law.Decode(byte(code))
			if got := law.Encode(v); got != byte(code) && law.Decode(got) != v {
				t.Errorf("%s: %#x is %d, which becomes %#x", law, code, v, got)
			}
		}
		for s := math.MinInt16; s <= math.MaxInt16; s++ {
			got := int(law.Decode(law.Encode(int16(s))))
			// steps grow with the sample: half of one is 1/32 of it and a little
			if off := abs(got - s); off > abs(s)/32+8 && abs(s) < 32256 {
				t.Fatalf("%s: %d becomes %d", law, s, got)
			}
			if s > 0 && got < 0 || s < 0 && got > 0 {
				t.Fatalf("%s: %d becomes %d", law, s, got)
			}
		}
	}
}

func TestEncodesAsSox(t *testing.T) {
	t.Parallel()
	sox, err := exec.LookPath("sox")
	if err != nil {
		t.Skip("sox is not installed")
	}
	var all bytes.Buffer
	for s := math.MinInt16; s <= math.MaxInt16; s++ {
		_ = binary.Write(&all, binary.LittleEndian, int16(s))
	}
	for law, name := range map[Law]string{ALaw: "a-law", ULaw: "u-law"} {
		cmd := exec.CommandContext(t.Context(), sox, "-D", "-t", "raw", "-r", "8000", "-c", "1", "-e", "signed", "-b", "16", "-", "-t", "raw", "-e", name, "-b", "8", "-")
		cmd.Stdin = bytes.NewReader(all.Bytes())
		codes, err := cmd.Output()
		if err != nil || len(codes) != 1<<16 {
			t.Fatalf("sox: %v, %d codes", err, len(codes))
		}
		for i, theirs := range codes {
			s := i + math.MinInt16
			ours := law.Encode(int16(s))
			// sox rounds where the standard cuts: right at the border of two
			// codes it takes the other
			near := func(d int) byte { return law.Encode(clip(float64(s + d))) }
			if law.Decode(theirs) != law.Decode(ours) && theirs != near(-8) && theirs != near(8) {
				t.Fatalf("%s: %d is %#x here and %#x there", law, s, ours, theirs)
			}
		}
	}
}

func TestTranscode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to Law }{{ALaw, ULaw}, {ULaw, ALaw}} {
		for code := range 256 {
			b := []byte{byte(code)}
			Transcode(b, c.from, c.to)
			was, is := int(c.from.Decode(byte(code))), int(c.to.Decode(b[0]))
			if abs(was-is) > max(8, abs(was)/24) {
				t.Errorf("%s %#x (%d) becomes %s %d", c.from, code, was, c.to, is)
			}
			once := b[0]
			Transcode(b, c.to, c.from)
			Transcode(b, c.from, c.to)
			if b[0] != once {
				t.Errorf("%s %#x wanders when it goes to and fro: %#x, then %#x", c.from, code, once, b[0])
			}
		}
	}
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// wav writes a file as others do, with a chunk that nobody needs before the
// sound.
func wav(format, channels, rate, bits int, data []byte) []byte {
	var b bytes.Buffer
	b.WriteString("RIFF\x00\x00\x00\x00WAVELIST\x03\x00\x00\x00abc\x00fmt ")
	for _, v := range []any{
		uint32(16), uint16(format), uint16(channels), uint32(rate), uint32(rate * channels * bits / 8), uint16(channels * bits / 8), uint16(bits),
	} {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	b.WriteString("data")
	_ = binary.Write(&b, binary.LittleEndian, uint32(len(data)))
	b.Write(data)
	return b.Bytes()
}

func TestReadsWhatOthersWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                   string
		format, channels, bits int
		data                   []byte
		want                   [][]int16
	}{
		{"16 bits", formatPCM, 1, 16, []byte{0, 0, 0xff, 0x7f, 0, 0x80}, [][]int16{{0, 32767, -32768}}},
		{"16 bits, stereo", formatPCM, 2, 16, []byte{1, 0, 2, 0, 3, 0, 4, 0}, [][]int16{{1, 3}, {2, 4}}},
		{"8 bits", formatPCM, 1, 8, []byte{128, 255, 0}, [][]int16{{0, 32512, -32768}}},
		{"A-law", formatALaw, 1, 8, []byte{0xd5, 0x2a}, [][]int16{{8, ALaw.Decode(0x2a)}}},
		{"µ-law", formatULaw, 1, 8, []byte{0xff, 0x00}, [][]int16{{0, -32124}}},
		{"an odd byte", formatPCM, 1, 16, []byte{5, 0, 9}, [][]int16{{5}}},
	} {
		for _, rate := range rates {
			s, err := ReadWAV(wav(c.format, c.channels, rate, c.bits, c.data))
			if err != nil || fmt.Sprint(s.Channels) != fmt.Sprint(c.want) || s.Rate != rate {
				t.Errorf("%s at %d: %v %v, want %v", c.name, rate, s.Channels, err, c.want)
			}
		}
	}
}

// What cannot be read says what to do.
func TestRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	good := wav(formatPCM, 1, 8000, 16, []byte{0, 0})
	for want, file := range map[string][]byte{
		"audio.wav":      []byte("ID3 this is an MP3"),
		"audio.cut":      good[:30],
		"audio.empty":    wav(formatPCM, 1, 8000, 16, nil),
		"audio.format":   wav(formatPCM, 1, 8000, 24, []byte{0, 0, 0}),
		"audio.channels": wav(formatPCM, 6, 8000, 16, make([]byte, 12)),
		"audio.rate":     wav(formatPCM, 1, 96000, 16, []byte{0, 0}),
		"audio.long":     wav(formatALaw, 1, 8000, 8, make([]byte, 8000*301)),
	} {
		if _, err := ReadWAV(file); fault.CodeOf(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := Prepare(Sound{Rate: 8000, Channels: [][]int16{make([]int16, 8000)}}); fault.CodeOf(err) != "audio.silent" {
		t.Errorf("a silent upload: %v", err)
	}
}

func TestWritesWhatItReads(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 160, 801} {
		sound := Signal(Beat{[]float64{440}, time.Second})[:n]
		s, err := ReadWAV(WriteWAV(sound))
		if err != nil || len(s.Channels[0]) != n {
			t.Fatalf("%d samples: %v", n, err)
		}
		for i, v := range s.Line() {
			if v != ALaw.Decode(ALaw.Encode(sound[i])) {
				t.Fatalf("sample %d of %d is %d", i, n, v)
			}
		}
	}
}

// sine is a tone of half of full scale.
func sine(rate int, hz float64, d time.Duration) []int16 {
	s := make([]int16, int(d.Seconds()*float64(rate)))
	for i := range s {
		s[i] = int16(16384 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return s
}

// What a line can carry passes as loud as it was, and what it cannot is gone
// and does not come back as another tone.
func TestResamples(t *testing.T) {
	t.Parallel()
	for _, rate := range rates {
		for hz, want := range map[float64]float64{300: -9, 1000: -9, 3400: -9, 4200: -70, 5000: -70, 7000: -70} {
			if hz > float64(rate)/2 || rate == Rate && hz > Rate/2 {
				continue
			}
			line := Sound{rate, [][]int16{sine(rate, hz, 500*time.Millisecond)}}.Line()
			if abs(len(line)-4000) > 1 {
				t.Errorf("half a second at %d becomes %d samples", rate, len(line))
			}
			got := Level(line[400 : len(line)-400])
			if want > -60 && math.Abs(got-want) > 0.3 || want < -60 && got > want {
				t.Errorf("%g Hz at %d is at %.1f dB, want %.0f", hz, rate, got, want)
			}
		}
	}
}

func TestPreparesAnUpload(t *testing.T) {
	t.Parallel()
	for _, loud := range []float64{0.01, 0.1, 0.9} {
		voice := sine(16000, 500, time.Second)
		var file []int16
		file = append(file, make([]int16, 16000)...)
		for i, s := range voice {
			if i/4000%2 == 0 { // words with pauses between them
				s = int16(float64(s) * 2 * loud)
			} else {
				s = 0
			}
			file = append(file, s)
		}
		file = append(file, make([]int16, 16000)...)
		line, err := Prepare(Sound{16000, [][]int16{file, file}})
		if err != nil {
			t.Fatal(err)
		}
		if d := Length(len(line)); d < 700*time.Millisecond || d > 1000*time.Millisecond {
			t.Errorf("%s of 1 s is left", d)
		}
		if got := speech(line); math.Abs(got-Loudness) > 0.5 {
			t.Errorf("what was at %g is at %.1f dB", loud, got)
		}
	}
}

func TestClips(t *testing.T) {
	t.Parallel()
	c := NewClip(sine(8000, 440, 50*time.Millisecond))
	if c.Frames() != 3 || c.Length() != 50*time.Millisecond {
		t.Fatalf("%d frames, %s", c.Frames(), c.Length())
	}
	if last := c.Frame(ALaw, 2); len(last) != Frame || last[Frame-1] != ALaw.Silence() || last[0] == ALaw.Silence() {
		t.Error("the last frame is not filled with silence")
	}
	if c.Frame(ULaw, 0)[5] != ULaw.Encode(sine(8000, 440, 50*time.Millisecond)[5]) {
		t.Error("µ-law is another sound")
	}

	loaded := map[string]int{}
	broken := errors.New("broken")
	clips := NewClips(3*2*8000, func(key string) ([]int16, error) {
		if loaded[key]++; key == "bad" {
			return nil, broken
		}
		return make([]int16, 8000), nil
	})
	for _, key := range []string{"a", "a", "b", "c", "a", "d", "a", "b", "bad", "bad"} {
		if _, err := clips.Get(key); (err != nil) != (key == "bad") {
			t.Fatalf("%s: %v", key, err)
		}
	}
	clips.Forget("a")
	if _, err := clips.Get("a"); err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"a": 2, "b": 2, "c": 1, "d": 1, "bad": 2}; fmt.Sprint(loaded) != fmt.Sprint(want) {
		t.Errorf("loaded %v, want %v", loaded, want)
	}
	if clips.bytes > clips.most {
		t.Errorf("%d bytes are kept", clips.bytes)
	}
}

func TestSignals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		sound  []int16
		length time.Duration
		hz     float64
	}{
		{"ring back", RingBack(), 5 * time.Second, 450},
		{"busy", Busy(), 700 * time.Millisecond, 450},
		{"congested", Congested(), 1400 * time.Millisecond, 450},
		{"beep", Beep(), 400 * time.Millisecond, 1000},
	} {
		if Length(len(c.sound)) != c.length {
			t.Errorf("%s lasts %s", c.name, Length(len(c.sound)))
		}
		crossings := 0
		for i := 1; i <= 2000; i++ {
			if c.sound[i-1] < 0 && c.sound[i] >= 0 {
				crossings++
			}
		}
		if got := float64(crossings) * 4; math.Abs(got-c.hz) > 8 {
			t.Errorf("%s has %g Hz, want %g", c.name, got, c.hz)
		}
		if tail := Level(c.sound[len(c.sound)-400:]); tail > -90 {
			t.Errorf("%s does not end in a pause: %.0f dB", c.name, tail)
		}
	}
}

// The keys that are pressed are heard, once each, as short and as bent as a line
// may make them, under noise and in either law.
func TestHearsKeys(t *testing.T) {
	t.Parallel()
	const keys = "1234567890*#ABCD"
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name  string
		on    time.Duration
		noise float64 // of full scale, at most
		gain  float64
		law   Law
	}{
		{"as made", 100 * time.Millisecond, 0, 1, ALaw},
		{"as short as allowed", 40 * time.Millisecond, 0, 1, ULaw},
		{"quiet", 60 * time.Millisecond, 0, 0.08, ALaw},
		{"in noise", 80 * time.Millisecond, 0.05, 1, ALaw},
		{"loud", 60 * time.Millisecond, 0, 1.5, ULaw},
	} {
		for shift := range 20 { // where the blocks begin is chance
			sound := append(make([]int16, 10*shift), Digits(keys, c.on)...)
			for i, s := range sound {
				v := clip(float64(s)*c.gain + c.noise*(rnd.Float64()*2-1)*(1<<15))
				sound[i] = c.law.Decode(c.law.Encode(v))
			}
			var d Detector
			var heard []byte
			for len(sound) > 0 {
				n := min(len(sound), Frame)
				heard = append(heard, d.Hear(sound[:n])...)
				sound = sound[n:]
			}
			if string(heard) != keys {
				t.Fatalf("%s, shifted by %d: %s, want %s", c.name, shift, heard, keys)
			}
		}
	}
}

func TestTwistAndLength(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		low, high, hz float64 // levels in dBFS; hz is added to both tones
		on            time.Duration
		want          string
	}{
		{"lower tone 6 dB louder", -10, -16, 0, 60 * time.Millisecond, "5"},
		{"higher tone 4 dB louder", -14, -10, 0, 60 * time.Millisecond, "5"},
		{"lower tone 12 dB louder", -10, -22, 0, 60 * time.Millisecond, ""},
		{"higher tone 12 dB louder", -22, -10, 0, 60 * time.Millisecond, ""},
		{"20 ms", -10, -10, 0, 20 * time.Millisecond, ""},
		{"1.5 % too high", -10, -10, 0.015, 60 * time.Millisecond, "5"},
		{"6 % too high", -10, -10, 0.06, 60 * time.Millisecond, ""},
		{"one tone only", -10, -90, 0, 60 * time.Millisecond, ""},
		{"too quiet", -45, -45, 0, 60 * time.Millisecond, ""},
	} {
		amplitude := func(db float64) float64 { return math.Pow(10, db/20) * math.Sqrt2 * (1 << 15) }
		sound := make([]int16, 2000)
		for i := range Samples(c.on) {
			x := 2 * math.Pi * float64(i) / Rate * (1 + c.hz)
			sound[400+i] = clip(amplitude(c.low)*math.Sin(770*x) + amplitude(c.high)*math.Sin(1336*x))
		}
		var d Detector
		if got := string(d.Hear(sound)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Noise, music and gliding voices are not taken for keys.
func TestIsNotTalkedInto(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 4))
	var d Detector
	noise := make([]int16, 60*Rate)
	for i := range noise {
		noise[i] = int16(rnd.IntN(20000) - 10000)
	}
	if got := d.Hear(noise); len(got) > 0 {
		t.Errorf("noise: %q", got)
	}
	for _, hz := range []float64{440, 697, 1336, 2000} { // a rich tone, as of strings and voices, that glides
		sound := make([]int16, 10*Rate)
		phase := 0.0
		for i := range sound {
			phase += 2 * math.Pi * hz * (1 + 0.3*float64(i)/float64(len(sound))) / Rate
			for k := 1.0; k < 6; k++ {
				sound[i] += int16(8000 / k * math.Sin(k*phase))
			}
		}
		if got := d.Hear(sound); len(got) > 0 {
			t.Errorf("a voice at %g Hz: %q", hz, got)
		}
	}
}

// constant is a frame of one value, which is easy to find again in a sum.
func constant(v int16) []byte {
	return ALaw.AppendEncoded(nil, bytesOf(v))
}

func bytesOf(v int16) []int16 {
	s := make([]int16, Frame)
	for i := range s {
		s[i] = v
	}
	return s
}

func TestMixer(t *testing.T) {
	t.Parallel()
	says := map[string]int16{"caller": 1000, "agent": 2000, "expert": 4000, "coach": 8000, "quiet": 16000, "held": 500}
	var m Mixer
	m.Set("caller", Talks, "")
	m.Set("agent", Talks, "")
	m.Set("expert", Talks, "")
	m.Set("coach", Whispers, "agent")
	m.Set("quiet", Listens, "")
	m.Set("held", Waits, "")
	for range 2 { // what was said in a frame is gone in the next
		for id, v := range says {
			m.Put(id, ALaw, constant(v))
		}
		m.Put("stranger", ALaw, constant(30000))
		for id, want := range map[string]int{
			"caller": 6000, "agent": 13000, "expert": 3000, "coach": 7000, "quiet": 7000, "held": 0, "stranger": 0,
		} {
			frame := make([]byte, Frame)
			heard := m.Take(id, ULaw, frame)
			if got := int(ULaw.Decode(frame[80])); abs(got-want) > 300 || heard != (want > 0) {
				t.Errorf("%s hears %d (%t), want %d", id, got, heard, want)
			}
		}
		m.Next()
	}
	frame := make([]byte, Frame)
	if m.Take("caller", ALaw, frame) || frame[0] != ALaw.Silence() {
		t.Error("somebody is heard who said nothing")
	}
	m.Set("coach", Talks, "") // barges in
	m.Put("coach", ALaw, constant(8000))
	if !m.Take("caller", ALaw, frame) {
		t.Error("who barges in is not heard")
	}
	for _, id := range []string{"caller", "agent", "expert", "coach"} {
		m.Put(id, ALaw, constant(30000))
	}
	m.Take("quiet", ALaw, frame)
	if got := ALaw.Decode(frame[0]); got < 30000 {
		t.Errorf("four loud voices are %d", got)
	}
	m.Remove("coach")
	if m.Len() != 5 {
		t.Errorf("%d are left", m.Len())
	}
}

func TestPeaks(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "call.wav"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := Record(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 { // two seconds: the caller in the first, then the other
		side, v := Caller, int16(16000)
		if i >= 50 {
			side, v = Heard, 32000
		}
		if err := r.Put(side, time.Duration(i)*FrameTime, ALaw, constant(v)); err != nil {
			t.Fatal(err)
		}
	}
	done, err := r.Close(2 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	p, err := PeaksOf(bytes.NewReader(raw), done.Size, 4)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(p.Length, p.Channels), "2s [[126 126 0 0] [0 0 252 252]]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := PeaksOf(bytes.NewReader(raw[:5000]), done.Size, 4); err != nil {
		t.Errorf("a file that was cut: %v", err)
	}
}

func FuzzReadWAV(f *testing.F) {
	f.Add(wav(formatPCM, 2, 44100, 16, make([]byte, 40)))
	f.Add(wav(formatPCM, 1, 8000, 8, []byte{1, 2, 3}))
	f.Add(WriteWAV([]int16{1, 2, 3}))
	f.Add(append(wav(formatExtensible, 1, 16000, 16, nil)[:12], "fmt \x1a\x00\x00\x00"...))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := ReadWAV(file)
		_, _ = PeaksOf(bytes.NewReader(file), int64(len(file)), 10)
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Errorf("an odd file is our mistake: %v", err)
			}
			return
		}
		if len(s.Channels) == 0 || len(s.Channels[0]) == 0 || len(s.Channels[0]) > len(file) {
			t.Errorf("%d channels, %s", len(s.Channels), s.Length())
		}
		if len(s.Channels[0]) < 5000 {
			NewClip(s.Line())
		}
	})
}
