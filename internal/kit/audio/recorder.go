package audio

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"yingda/internal/kit/fault"
)

// Side is a channel of a recording.
type Side int

// The sides.
const (
	Caller Side = iota // left: what the caller said
	Heard              // right: what the caller heard
)

// RecordingFile is where a recording goes; an *os.File is one.
type RecordingFile interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
}

const (
	blockTime    = 250 * time.Millisecond
	blockSamples = Rate / 4
	sides        = 2
	blockBytes   = blockSamples * sides
	mostBehind   = 8 * time.Second // that may wait for the disk
	// LongestRecording ends a recording: nothing longer fits into a header
	// that every player reads.
	LongestRecording = 24 * time.Hour
)

// Recorder writes a call to a file as it goes: WAV, A-law, two channels, a
// block four times a second. The disk is written to by a goroutine of its own,
// which is there while there is something to write, so that a slow disk makes
// nobody wait. If it fails, the recording ends there and keeps what it has; the
// call goes on.
type Recorder struct {
	file RecordingFile
	done chan struct{} // closed when nothing more will be written

	mu      sync.Mutex
	todo    []piece
	writing bool
	blocks  [2]*block // the quarter of a second that is now, and the next
	begin   int64     // the block that blocks[0] is
	end     int64     // samples up to the last that was heard
	paused  bool
	closed  bool
	failed  error // why it ended early
	told    bool  // whether somebody was told

	written int64 // bytes of data; the writer's until done
	broken  bool  // the disk does not take more; the writer's
}

type block [blockBytes]byte

// piece is what the writer writes next: a block, or so many blocks of silence.
type piece struct {
	block  *block
	silent int64
}

var blocks = sync.Pool{New: func() any { return new(block) }}

func newBlock() *block {
	b := blocks.Get().(*block) //nolint:forcetypeassert // only blocks are kept there
	copy(b[:], silent[:])
	return b
}

var silent = [blockBytes]byte(bytes.Repeat([]byte{ALaw.Silence()}, blockBytes))

// Record begins a recording in an empty file. Its header stands at once, so
// that Recover can mend it after a crash.
func Record(file RecordingFile) (*Recorder, error) {
	if _, err := file.WriteAt(header(sides, 0), 0); err != nil {
		return nil, errRecording(err)
	}
	return &Recorder{file: file, done: make(chan struct{}), blocks: [2]*block{newBlock(), newBlock()}}, nil
}

func errRecording(cause error) *fault.Error {
	return fault.New(fault.Internal, "audio.recording", "the recording could not be written and ends here; make room on the disk").Because(cause)
}

// Put hands in what was said on one side at a time since the recording began.
// What comes up to a quarter of a second late finds its place, what comes later
// is left out, and where nothing comes there is silence. It returns why the
// recording ended early, once; after that nothing.
func (r *Recorder) Put(side Side, at time.Duration, law Law, codes []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	from := int64(Samples(at))
	if r.closed || r.failed != nil || at < 0 || at >= LongestRecording {
		return r.tell()
	}
	for part := range slices.Chunk(codes, blockSamples) {
		r.put(side, from, law, part)
		from += int64(len(part))
	}
	return r.tell()
}

// put takes up at most a block.
func (r *Recorder) put(side Side, from int64, law Law, codes []byte) {
	r.advance((from + int64(len(codes))) / blockSamples)
	for i, c := range codes {
		s := from + int64(i)
		n := s/blockSamples - r.begin
		if n < 0 || n >= int64(len(r.blocks)) {
			continue
		}
		if r.paused {
			c = ALaw.Silence()
		} else if law == ULaw {
			c = uToA[c]
		}
		r.blocks[n][s%blockSamples*sides+int64(side)] = c
	}
	r.end = max(r.end, from+int64(len(codes)))
}

// Pause writes silence instead of what is said until Resume: for card numbers
// and other secrets. The length of the recording stays that of the call.
func (r *Recorder) Pause() { r.pause(true) }

// Resume ends a pause.
func (r *Recorder) Resume() { r.pause(false) }

func (r *Recorder) pause(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paused = on
}

// advance hands blocks to the writer until a block is the last that is kept.
func (r *Recorder) advance(last int64) {
	for r.begin+1 < last && r.failed == nil {
		r.hand(piece{block: r.blocks[0]})
		r.blocks[0], r.blocks[1] = r.blocks[1], newBlock()
		r.begin++
		if gap := last - 1 - r.begin - int64(len(r.blocks)); gap > 0 { // nobody was heard for long
			r.hand(piece{block: r.blocks[0]})
			r.hand(piece{block: r.blocks[1], silent: gap})
			r.blocks = [2]*block{newBlock(), newBlock()}
			r.begin += int64(len(r.blocks)) + gap
		}
	}
}

func (r *Recorder) hand(p piece) {
	if len(r.todo) >= int(mostBehind/blockTime) {
		r.failed = errRecording(fmt.Errorf("the disk is more than %s behind", mostBehind))
		return
	}
	r.todo = append(r.todo, p)
	if !r.writing {
		r.writing = true
		go r.write()
	}
}

// tell returns why the recording ended early if nobody was told yet.
func (r *Recorder) tell() error {
	if r.failed == nil || r.told {
		return nil
	}
	r.told = true
	return r.failed
}

// write is the goroutine that waits for the disk. It goes when everything is
// written.
func (r *Recorder) write() {
	for {
		r.mu.Lock()
		if len(r.todo) == 0 {
			r.writing = false
			if r.closed {
				close(r.done)
			}
			r.mu.Unlock()
			return
		}
		p := r.todo[0]
		r.todo = r.todo[1:]
		r.mu.Unlock()
		if !r.broken {
			if err := r.appendPiece(p); err != nil {
				r.broken = true
				r.fail(err)
			}
		}
		blocks.Put(p.block)
	}
}

func (r *Recorder) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = errRecording(err)
}

func (r *Recorder) appendPiece(p piece) error {
	if err := r.append(p.block[:]); err != nil {
		return err
	}
	for range p.silent {
		if err := r.append(silent[:]); err != nil {
			return err
		}
	}
	return nil
}

func (r *Recorder) append(b []byte) error {
	n, err := r.file.WriteAt(b, headerSize+r.written)
	r.written += int64(n - n%sides)
	return err
}

// Recorded is what came of a recording.
type Recorded struct {
	Length time.Duration
	Size   int64  // of the file, in bytes
	SHA256 string // of the file
	// Cut says why the recording ends before the call; nil otherwise.
	Cut error
}

// Close ends the recording at a time since its beginning, mends the header and
// reads the file once for its hash. The file is the caller's to close. A
// recording that was cut is no error as long as what there is can be read.
func (r *Recorder) Close(at time.Duration) (Recorded, error) {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		<-r.done
		return Recorded{}, fault.New(fault.Conflict, "audio.closed", "the recording has ended already")
	}
	r.closed = true
	r.end = min(max(r.end, int64(Samples(at))), int64(Samples(LongestRecording)))
	r.advance((r.end - 1) / blockSamples)
	if !r.writing {
		close(r.done)
	}
	r.mu.Unlock()
	<-r.done
	for _, b := range r.blocks {
		part := min(blockSamples, r.end-r.begin*blockSamples)
		if part > 0 && r.cut() == nil {
			if err := r.append(b[:part*sides]); err != nil {
				r.fail(err)
			}
		}
		r.begin++
		blocks.Put(b)
	}
	done, err := finish(r.file, r.written)
	done.Cut = r.cut()
	return done, err
}

func (r *Recorder) cut() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

// finish makes a file with so many bytes of sound whole: nothing behind them,
// a header that is true, and its hash.
func finish(file RecordingFile, data int64) (Recorded, error) {
	size := headerSize + data
	if err := file.Truncate(size); err != nil {
		return Recorded{}, errRecording(err)
	}
	if _, err := file.WriteAt(header(sides, data), 0); err != nil {
		return Recorded{}, errRecording(err)
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(file, 0, size)); err != nil {
		return Recorded{}, errRecording(err)
	}
	return Recorded{Length: Length(int(data / sides)), Size: size, SHA256: hex.EncodeToString(hash.Sum(nil))}, nil
}

// Recover mends a recording whose program was killed, by the size that its file
// has, and returns what is in it: all but the last half second. What is no
// recording of ours is Invalid.
func Recover(file RecordingFile, size int64) (Recorded, error) {
	l, err := readLayout(io.NewSectionReader(file, 0, size))
	if err != nil {
		return Recorded{}, err
	}
	if l.at != headerSize || l.format != formatALaw || l.channels != sides || l.rate != Rate {
		return Recorded{}, fault.New(fault.Invalid, "audio.foreign", "the file is no recording of this program; leave it as it is")
	}
	return finish(file, (size-headerSize)/sides*sides)
}
