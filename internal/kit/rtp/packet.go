// Package rtp carries the sound of a telephone call: a leg is one party's
// line, with what is played to it, what it says, the keys it presses, and how
// well it is heard. Two legs that are bridged hand each other their packets.
//
// Nothing here knows who calls whom. A leg allocates nothing for a packet.
package rtp

import "encoding/binary"

const headerSize = 12

// Packet is one packet as it came: a view into the bytes it was read from,
// which are somebody else's a moment later.
type Packet struct {
	Type     uint8 // the payload number
	Marker   bool
	Sequence uint16
	Time     uint32
	Source   uint32 // SSRC
	Payload  []byte
}

// Read reads the packet in b and reports whether it is one.
func (p *Packet) Read(b []byte) bool {
	if len(b) < headerSize || b[0]>>6 != 2 {
		return false
	}
	head := headerSize + int(b[0]&0x0f)*4
	if b[0]&0x10 != 0 { // an extension
		if len(b) < head+4 {
			return false
		}
		head += 4 + int(binary.BigEndian.Uint16(b[head+2:]))*4
	}
	if len(b) < head {
		return false
	}
	payload := b[head:]
	if b[0]&0x20 != 0 { // padding, whose last byte counts it
		if len(payload) == 0 {
			return false
		}
		n := int(payload[len(payload)-1])
		if n == 0 || n > len(payload) {
			return false
		}
		payload = payload[:len(payload)-n]
	}
	*p = Packet{
		Type: b[1] & 0x7f, Marker: b[1]&0x80 != 0,
		Sequence: binary.BigEndian.Uint16(b[2:]),
		Time:     binary.BigEndian.Uint32(b[4:]),
		Source:   binary.BigEndian.Uint32(b[8:]),
		Payload:  payload,
	}
	return true
}

// putHeader writes the head of a packet without its payload, which stands
// behind it already.
func (p *Packet) putHeader(b []byte) {
	b[0], b[1] = 0x80, p.Type
	if p.Marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], p.Sequence)
	binary.BigEndian.PutUint32(b[4:], p.Time)
	binary.BigEndian.PutUint32(b[8:], p.Source)
}

// isReport tells RTCP from RTP where both come on one port (RFC 5761).
func isReport(b []byte) bool {
	return len(b) >= 8 && b[0]>>6 == 2 && b[1] >= 192 && b[1] <= 223
}
