package rtp

import (
	"encoding/binary"
	"strings"
	"time"

	"yingda/internal/kit/audio"
)

// How long a key is pressed, and how long none is before the next, in frames.
const (
	pressFrames = 8
	endPackets  = 3
	pauseFrames = 4
	volume      = 10 // dBm0 below
)

// dial presses keys: events of RFC 4733.
type dial struct {
	keys  string
	frame int // of the key that is pressed, 0 before it
	time  uint32
}

func (d *dial) active() bool { return d.keys != "" }

// Press presses keys on the line, one after the other: as events if the other
// side takes them, in the sound otherwise. What is played waits. Other
// characters than keys are left out.
func (l *Leg) Press(pressed string) {
	pressed = strings.Map(func(r rune) rune {
		if strings.ContainsRune(names, r) {
			return r
		}
		return -1
	}, strings.ToUpper(pressed))
	if pressed == "" {
		return
	}
	o := &l.out
	o.mu.Lock()
	if o.ready && o.agreed.Events == 0 {
		o.dialInSound(pressed)
	} else {
		o.dial.keys += pressed
	}
	o.restart()
	o.mu.Unlock()
	l.pace()
}

// dialTick sends the next packet of the key that is pressed.
func (l *Leg) dialTick() {
	o := &l.out
	d := &o.dial
	d.frame++
	switch {
	case d.frame == 1:
		p := o.next(l.since(), audio.Frame)
		d.time = o.packet.Time
		l.event(p.Marker, false, 1)
	case d.frame <= pressFrames:
		o.packet.Sequence++
		l.event(false, false, d.frame)
	case d.frame == pressFrames+1:
		for range endPackets {
			o.packet.Sequence++
			l.event(false, true, pressFrames)
		}
		o.packet.Time = d.time + pressFrames*audio.Frame
	case d.frame > pressFrames+pauseFrames:
		d.keys, d.frame = d.keys[1:], 0
		o.restart()
	}
}

func (l *Leg) event(marker, end bool, frames int) {
	o := &l.out
	b := o.buf[headerSize:]
	b[0] = byte(strings.IndexByte(names, o.dial.keys[0]))
	b[1] = volume
	if end {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], uint16(frames*audio.Frame))
	p := Packet{Type: o.agreed.Events, Marker: marker, Sequence: o.packet.Sequence, Time: o.dial.time, Source: o.packet.Source}
	_ = l.sendAs(&p, 4) // an event is not recorded
}

func (o *outbound) dialInSound(pressed string) {
	o.dial = dial{}
	o.tones = Clips(false, audio.NewClip(audio.Digits(pressed, 100*time.Millisecond)))
}
