package main

import (
	"encoding/binary"
	"math"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// heard is what came of all streams.
type heard struct {
	Streams   int     `json:"streams"`
	Packets   int     `json:"packets"`
	Lost      int     `json:"lost"`
	Over40    int     `json:"gaps_over_40_ms"`
	Over100   int     `json:"gaps_over_100_ms"`
	LongestMs int64   `json:"longest_gap_ms"`
	JitterP95 float64 `json:"jitter_p95_ms"`
	// PauseMs is the longest time between two packets of one caller who speaks: how
	// late this program was itself, since on one machine it waits for the same cores.
	PauseMs int64 `json:"longest_pause_of_a_caller_ms,omitempty"`
}

// sink takes the sound of all callers at one port and tells streams by their SSRC.
type sink struct {
	mu      sync.Mutex
	streams map[uint32]*stream
	order   []uint32 // in which they came
	start   time.Time
	conn    *net.UDPConn
}

type stream struct {
	packets, lost, over40, over100 int
	sequence                       uint16
	last                           time.Time
	longest                        time.Duration
	transit, jitter                float64
	from                           netip.AddrPort
	said                           uint16
	saidAt                         time.Time
	pause                          time.Duration
}

func newSink(address string) *sink {
	at, err := net.ResolveUDPAddr("udp4", address)
	check(err)
	conn, err := net.ListenUDP("udp4", at)
	check(err)
	_ = conn.SetReadBuffer(16 << 20) // as much as the system allows
	stamped(conn)
	s := &sink{streams: map[uint32]*stream{}, start: time.Now(), conn: conn}
	go func() {
		b, beside := make([]byte, 1500), make([]byte, stampSize)
		for {
			n, notes, _, from, err := conn.ReadMsgUDPAddrPort(b, beside)
			if err == nil && n >= 12 && b[1]&0x7f <= 8 {
				s.take(b[:n], from, stamp(beside[:notes]))
			}
		}
	}()
	return s
}

// talk lets every caller say something, from where its sound is heard. They are
// out of step with each other, as callers are, but each keeps its step.
func (s *sink) talk() {
	const steps = 20
	b := make([]byte, 12+160)
	b[0], b[1] = 0x80, 8
	next := time.Now()
	for step := 0; ; step = (step + 1) % steps {
		for _, id := range s.inStep(step, steps) {
			s.mu.Lock()
			x := s.streams[id]
			now := time.Now()
			if !x.saidAt.IsZero() {
				x.pause = max(x.pause, now.Sub(x.saidAt))
			}
			x.said++
			x.saidAt = now
			said, from := x.said, x.from
			s.mu.Unlock()
			binary.BigEndian.PutUint16(b[2:], said)
			binary.BigEndian.PutUint32(b[4:], uint32(said)*160)
			binary.BigEndian.PutUint32(b[8:], id)
			_, _ = s.conn.WriteToUDPAddrPort(b, from)
		}
		next = next.Add(20 * time.Millisecond / steps)
		time.Sleep(time.Until(next))
	}
}

// inStep returns the streams whose turn it is.
func (s *sink) inStep(step, of int) (ids []uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := step; i < len(s.order); i += of {
		ids = append(ids, s.order[i])
	}
	return ids
}

func (s *sink) take(b []byte, from netip.AddrPort, now time.Time) {
	sequence, stamp := binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:])
	transit := now.Sub(s.start).Seconds()*8000 - float64(stamp)
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.streams[binary.BigEndian.Uint32(b[8:])]
	if x == nil {
		x = &stream{}
		s.streams[binary.BigEndian.Uint32(b[8:])] = x
		s.order = append(s.order, binary.BigEndian.Uint32(b[8:]))
	} else {
		if d := int16(sequence - x.sequence); d > 1 {
			x.lost += int(d - 1)
		}
		if b[1]&0x80 == 0 { // before a marker a pause is meant
			x.gap(now.Sub(x.last))
			if d := math.Abs(transit - x.transit); d < 8000 {
				x.jitter += (d - x.jitter) / 16
			}
		}
	}
	x.packets++
	x.from = from
	x.sequence, x.last, x.transit = sequence, now, transit
}

func (x *stream) gap(d time.Duration) {
	x.longest = max(x.longest, d)
	if d > 100*time.Millisecond {
		x.over100++
	}
	if d > 40*time.Millisecond {
		x.over40++
	}
}

func (s *sink) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.streams {
		*x = stream{sequence: x.sequence, last: x.last, transit: x.transit, jitter: x.jitter, from: x.from, said: x.said, saidAt: x.saidAt}
	}
}

func (s *sink) look() (h heard) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var jitter []float64
	for _, x := range s.streams {
		h.Streams++
		h.Packets += x.packets
		h.Lost += x.lost
		h.Over40 += x.over40
		h.Over100 += x.over100
		h.LongestMs = max(h.LongestMs, x.longest.Milliseconds())
		h.PauseMs = max(h.PauseMs, x.pause.Milliseconds())
		jitter = append(jitter, x.jitter/8)
	}
	if slices.Sort(jitter); len(jitter) > 0 {
		h.JitterP95 = math.Round(jitter[len(jitter)*95/100]*10) / 10
	}
	return h
}
