package audio

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"yingda/internal/kit/fault"
)

// disk is a file in memory that can be full.
type disk struct {
	mu   sync.Mutex
	b    []byte
	room int64         // bytes that fit; 0: all
	slow chan struct{} // a write waits for it; nil: none does
}

var errFull = errors.New("no space left on device")

func (d *disk) WriteAt(b []byte, at int64) (int, error) {
	if d.slow != nil && at >= headerSize {
		<-d.slow
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n := int64(len(b))
	if d.room > 0 && at+n > d.room {
		n = max(0, d.room-at)
	}
	if grow := at + n - int64(len(d.b)); grow > 0 {
		d.b = append(d.b, make([]byte, grow)...)
	}
	copy(d.b[at:], b[:n])
	if n < int64(len(b)) {
		return int(n), errFull
	}
	return len(b), nil
}

func (d *disk) ReadAt(b []byte, at int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return bytes.NewReader(d.b).ReadAt(b, at)
}

func (d *disk) Truncate(n int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.b = d.b[:n]
	return nil
}

// at returns the value of a side at a time in a finished recording.
func (d *disk) at(t *testing.T, side Side, at time.Duration) int16 {
	t.Helper()
	s, err := ReadWAV(d.b)
	if err != nil {
		t.Fatal(err)
	}
	return s.Channels[side][Samples(at)]
}

func put(t *testing.T, r *Recorder, side Side, at time.Duration, v int16) {
	t.Helper()
	settle(t, r)
	if err := r.Put(side, at, ALaw, constant(v)); err != nil {
		t.Fatal(err)
	}
}

func TestRecordsBothSidesWhereTheyWere(t *testing.T) {
	t.Parallel()
	d := &disk{}
	r, err := Record(d)
	if err != nil {
		t.Fatal(err)
	}
	put(t, r, Caller, 0, 1000)
	put(t, r, Heard, 2*time.Second, 2000)
	put(t, r, Caller, 1800*time.Millisecond, 3000) // late, and still in its place
	put(t, r, Caller, 500*time.Millisecond, 4000)  // too late
	if err := r.Put(Heard, 2500*time.Millisecond, ULaw, ULaw.AppendEncoded(nil, bytesOf(5000))); err != nil {
		t.Fatal(err)
	}
	r.Pause()
	put(t, r, Caller, 3*time.Second, 6000)
	r.Resume()
	put(t, r, Caller, 4*time.Second, 7000)
	if err := r.Put(Caller, 10*time.Second, ALaw, bytes.Repeat(constant(9000), 100)); err != nil { // two seconds at once
		t.Fatal(err)
	}
	put(t, r, Heard, 95*time.Second+990*time.Millisecond, 8000) // a long silence, then over the end of a second
	done, err := r.Close(100 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if done.Length != 100*time.Second || done.Cut != nil {
		t.Fatalf("%+v", done)
	}
	for _, c := range []struct {
		side Side
		at   time.Duration
		want int
	}{
		{Caller, 10 * time.Millisecond, 1000},
		{Heard, 10 * time.Millisecond, 0},
		{Heard, 2010 * time.Millisecond, 2000},
		{Caller, 1810 * time.Millisecond, 3000},
		{Caller, 510 * time.Millisecond, 0},
		{Heard, 2510 * time.Millisecond, 5000},
		{Caller, 3010 * time.Millisecond, 0},
		{Caller, 4010 * time.Millisecond, 7000},
		{Caller, 10*time.Second + 10*time.Millisecond, 9000},
		{Caller, 11*time.Second + 990*time.Millisecond, 9000},
		{Caller, 50 * time.Second, 0},
		{Heard, 95*time.Second + 995*time.Millisecond, 8000},
		{Heard, 96*time.Second + 5*time.Millisecond, 8000},
		{Heard, 99 * time.Second, 0},
	} {
		if got := int(d.at(t, c.side, c.at)); abs(got-c.want) > c.want/20+8 {
			t.Errorf("side %d at %s is %d, want %d", c.side, c.at, got, c.want)
		}
	}
	sum := sha256.Sum256(d.b)
	if done.Size != int64(len(d.b)) || done.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("%+v of %d bytes", done, len(d.b))
	}
	if err := r.Put(Caller, 0, ALaw, constant(1)); err != nil {
		t.Errorf("after its end: %v", err)
	}
	if _, err := r.Close(time.Second); fault.CodeOf(err) != "audio.closed" {
		t.Errorf("closed twice: %v", err)
	}
}

// settle waits until the writer has taken up what it was handed.
func settle(t testing.TB, r *Recorder) {
	t.Helper()
	waits := func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.todo) > 0
	}
	for end := time.Now().Add(10 * time.Second); waits(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal("nothing is written")
		}
	}
}

// A full disk ends the recording, is told once, and what was written is a file
// that can be played.
func TestAFullDiskEndsTheRecordingOnly(t *testing.T) {
	t.Parallel()
	d := &disk{room: headerSize + 3*blockBytes + 1001}
	r, err := Record(d)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	tell := func(err error) {
		if err != nil {
			if told++; fault.CodeOf(err) != "audio.recording" || !errors.Is(err, errFull) {
				t.Errorf("told %v", err)
			}
		}
	}
	for i := range 500 {
		tell(r.Put(Caller, time.Duration(i)*FrameTime, ALaw, constant(1000)))
		if i%50 == 0 { // the writer may take its time; the call does not
			settle(t, r)
		}
	}
	tell(r.Put(Caller, 10*time.Second, ALaw, constant(1000)))
	done, err := r.Close(11 * time.Second)
	if err != nil || done.Cut == nil || told != 1 {
		t.Fatalf("%+v %v, told %d times", done, err, told)
	}
	if want := 3*blockTime + Length(500); done.Length != want || int64(len(d.b)) != done.Size {
		t.Errorf("%s is left in %d bytes, want %s", done.Length, len(d.b), want)
	}
	if got := d.at(t, Caller, 700*time.Millisecond); abs(int(got)-1000) > 50 {
		t.Errorf("what was written is %d", got)
	}
	if _, err := Record(&disk{room: 10}); fault.CodeOf(err) != "audio.recording" {
		t.Errorf("no room for a header: %v", err)
	}
}

// A disk that hangs makes nobody wait.
func TestASlowDiskEndsTheRecordingOnly(t *testing.T) {
	t.Parallel()
	d := &disk{slow: make(chan struct{})}
	r, err := Record(d)
	if err != nil {
		t.Fatal(err)
	}
	var told error
	for i := range 2000 { // 40 s while nothing is written
		if err := r.Put(Heard, time.Duration(i)*FrameTime, ALaw, constant(1000)); err != nil {
			told = err
		}
	}
	close(d.slow)
	done, err := r.Close(40 * time.Second)
	if err != nil || told == nil || done.Cut == nil {
		t.Fatalf("%+v %v, told %v", done, err, told)
	}
	if s := done.Length; s < mostBehind || s > mostBehind+3*blockTime {
		t.Errorf("%s is left", s)
	}
	if got := d.at(t, Heard, 5*time.Second); abs(int(got)-1000) > 50 {
		t.Errorf("what was written is %d", got)
	}
}

func TestRecovers(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "call.wav")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := Record(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 250 {
		put(t, r, Caller, time.Duration(i)*FrameTime, 1000)
	}
	if _, err := r.Close(0); err != nil {
		t.Fatal(err)
	}
	// as a killed program leaves it: no length in the header, half a sample
	// at the end
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	killed := &disk{b: append(append(header(sides, 0), whole[headerSize:]...), 1)}
	done, err := Recover(killed, int64(len(killed.b)))
	if err != nil || done.Length != 5*time.Second || !bytes.Equal(killed.b, whole) {
		t.Errorf("%+v %v", done, err)
	}
	again, err := Recover(killed, int64(len(killed.b)))
	if err != nil || again != done {
		t.Errorf("a second time: %+v %v", again, err)
	}
	for _, other := range [][]byte{nil, []byte("hello"), WriteWAV(make([]int16, 100))} {
		before := bytes.Clone(other)
		if _, err := Recover(&disk{b: other}, int64(len(other))); fault.KindOf(err) != fault.Invalid || !bytes.Equal(before, other) {
			t.Errorf("a file of somebody else: %v", err)
		}
	}
}

// Both sides of a call, and who pauses it, are goroutines of their own.
func TestRecordsFromManyGoroutines(t *testing.T) {
	t.Parallel()
	d := &disk{}
	r, err := Record(d)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for _, side := range []Side{Caller, Heard} {
		all.Go(func() {
			for i := range 100 {
				if err := r.Put(side, time.Duration(i)*FrameTime, ALaw, constant(1000)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Go(func() { r.Pause(); r.Resume() })
	all.Wait()
	if done, err := r.Close(2 * time.Second); err != nil || done.Length != 2*time.Second {
		t.Errorf("%+v %v", done, err)
	}
}

func BenchmarkMixFive(b *testing.B) {
	var m Mixer
	ids := []string{"a", "b", "c", "d", "e"}
	for _, id := range ids {
		m.Set(id, Talks, "")
	}
	said, frame := constant(1000), make([]byte, Frame)
	for b.Loop() {
		for _, id := range ids {
			m.Put(id, ALaw, said)
		}
		for _, id := range ids {
			m.Take(id, ALaw, frame)
		}
		m.Next()
	}
}

func BenchmarkDetector(b *testing.B) {
	var d Detector
	frame := Digits("5", time.Second)[:Frame]
	for b.Loop() {
		d.Hear(frame)
	}
}

func BenchmarkRecorder(b *testing.B) {
	file, err := os.Create(filepath.Join(b.TempDir(), "call.wav"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	said := constant(1000)
	r, err := Record(file)
	if err != nil {
		b.Fatal(err)
	}
	at := time.Duration(0)
	for b.Loop() { // a second of a call
		for range 50 {
			_, _ = r.Put(Caller, at, ALaw, said), r.Put(Heard, at, ALaw, said)
			at += FrameTime
		}
		settle(b, r)
	}
	if _, err := r.Close(at); err != nil {
		b.Fatal(err)
	}
}
