// Package sdp reads and writes what two telephones say about their sound
// before they send it: RFC 4566 for audio in G.711 with telephone-event, and
// the questions and answers of RFC 3264.
//
// What others wrote is read generously: unknown lines are passed over, what is
// missing has its default. What would not let sound flow is an error.
package sdp

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
)

// Bounds of what is read from strangers.
const (
	maxSize   = 16 << 10
	maxMedia  = 16
	maxFormat = 64
)

// Direction says who sends, seen from whoever states it.
type Direction uint8

// The directions. The zero value is the default of RFC 4566.
const (
	SendRecv Direction = iota
	SendOnly
	RecvOnly
	Inactive
)

var directions = [...]string{"sendrecv", "sendonly", "recvonly", "inactive"}

func (d Direction) String() string { return directions[d] }

// Mirror returns the direction as the other side states it.
func (d Direction) Mirror() Direction {
	switch d {
	case SendOnly:
		return RecvOnly
	case RecvOnly:
		return SendOnly
	default:
		return d
	}
}

// Sends reports whether the side that states the direction may send.
func (d Direction) Sends() bool { return d == SendRecv || d == SendOnly }

// Receives reports whether the side that states the direction may be sent to.
func (d Direction) Receives() bool { return d == SendRecv || d == RecvOnly }

// both returns what is left of two wishes of the same side.
func (d Direction) both(o Direction) Direction {
	switch sends, receives := d.Sends() && o.Sends(), d.Receives() && o.Receives(); {
	case sends && receives:
		return SendRecv
	case sends:
		return SendOnly
	case receives:
		return RecvOnly
	default:
		return Inactive
	}
}

// Session is what one side says.
type Session struct {
	ID, Version string // of the origin line
	Media       []Media
}

// Media is one stream of a session.
type Media struct {
	Kind     string // audio, video, image, …
	Port     uint16 // 0: refused or gone
	Protocol string // RTP/AVP, RTP/SAVP, UDP/TLS/RTP/SAVP, …
	Formats  []string
	// Address is where to send; not valid if it is a name or missing, and
	// unspecified if the side asks to be sent nothing, as in old telephones.
	Address   netip.Addr
	RTCP      netip.AddrPort // where reports go, if not one port above
	Mux       bool           // reports on the same port (RFC 5761)
	Direction Direction
	Ptime     int // milliseconds in a packet; 0 if not said
	Maxptime  int
	Crypto    []Crypto

	maps map[string]string // rtpmap: payload number to encoding
}

// Crypto is a key for SRTP that was sent in the clear text of the session
// (RFC 4568), which is as secret as the SIP that carried it.
type Crypto struct {
	Tag   int
	Suite string
	Key   string // base64 of key and salt
}

func errMalformed(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "sdp.malformed", "the description of the sound cannot be read: %s", fmt.Sprintf(format, args...))
}

// ErrNoAudio says that two sides have no sound in common.
var ErrNoAudio = fault.New(fault.Invalid, "sdp.no_audio", "nothing fits: offer G.711 (PCMA or PCMU) over RTP/AVP")

// Parse reads a session. What it returns shares no memory with b.
func Parse(b []byte) (Session, error) {
	if len(b) > maxSize {
		return Session{}, errMalformed("it has more than %d bytes", maxSize)
	}
	p := parser{}
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	if !strings.HasPrefix(text, "v=0\n") && text != "v=0" {
		return Session{}, errMalformed("it does not begin with v=0")
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n \t")
		if line == "" {
			continue
		}
		if len(line) < 2 || line[1] != '=' {
			return Session{}, errMalformed("a line is no letter with an equals sign")
		}
		if err := p.line(line[0], line[2:]); err != nil {
			return Session{}, err
		}
	}
	return p.done()
}

type parser struct {
	session Session
	address netip.Addr // of the session
	given   bool       // whether the session has an address line
	whole   Media      // what the session says for all its media
	own     []bool     // whether a media has an address line of its own
}

func (p *parser) media() *Media {
	if len(p.session.Media) == 0 {
		return &p.whole
	}
	return &p.session.Media[len(p.session.Media)-1]
}

func (p *parser) line(kind byte, value string) error {
	switch kind {
	case 'o':
		if f := strings.Fields(value); len(f) >= 3 {
			p.session.ID, p.session.Version = f[1], f[2]
		}
	case 'c':
		address, err := parseConnection(value)
		if err != nil {
			return err
		}
		if len(p.session.Media) == 0 {
			p.address, p.given = address, true
			return nil
		}
		p.media().Address = address
		p.own[len(p.own)-1] = true
	case 'm':
		return p.newMedia(value)
	case 'a':
		name, rest, _ := strings.Cut(value, ":")
		p.media().attribute(name, strings.TrimSpace(rest))
	}
	return nil
}

func parseConnection(value string) (netip.Addr, error) {
	f := strings.Fields(value)
	if len(f) != 3 || f[0] != "IN" {
		return netip.Addr{}, errMalformed("the address line %q", value)
	}
	host, _, _ := strings.Cut(f[2], "/") // a multicast address has a time to live
	address, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}, nil //nolint:nilerr // a name: the address will be known by the first packet
	}
	address = address.Unmap().WithZone("")
	if address.IsMulticast() {
		return netip.Addr{}, errMalformed("the address is one for many")
	}
	return address, nil
}

func (p *parser) newMedia(value string) error {
	f := strings.Fields(value)
	if len(f) < 4 {
		return errMalformed("the media line %q", value)
	}
	if len(p.session.Media) >= maxMedia || len(f)-3 > maxFormat {
		return errMalformed("too many media or formats")
	}
	digits, _, _ := strings.Cut(f[1], "/") // how many ports
	port, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return errMalformed("the port %q", f[1])
	}
	m := Media{Kind: f[0], Port: uint16(port), Protocol: f[2], Formats: f[3:], Direction: p.whole.Direction, Ptime: p.whole.Ptime, Maxptime: p.whole.Maxptime}
	p.session.Media = append(p.session.Media, m)
	p.own = append(p.own, false)
	return nil
}

func (m *Media) attribute(name, value string) {
	switch name {
	case "sendrecv", "sendonly", "recvonly", "inactive":
		m.Direction = Direction(slices.Index(directions[:], name))
	case "rtpmap":
		if number, encoding, ok := strings.Cut(value, " "); ok && len(m.maps) < maxFormat {
			if m.maps == nil {
				m.maps = map[string]string{}
			}
			m.maps[number] = strings.ToLower(strings.TrimSpace(encoding))
		}
	case "ptime":
		m.Ptime = milliseconds(value)
	case "maxptime":
		m.Maxptime = milliseconds(value)
	case "rtcp-mux":
		m.Mux = true
	case "rtcp":
		m.rtcp(value)
	case "crypto":
		f := strings.Fields(value)
		if len(f) < 3 || len(m.Crypto) >= maxFormat {
			return
		}
		tag, err := strconv.Atoi(f[0])
		key, inline := strings.CutPrefix(f[2], "inline:")
		if err == nil && inline {
			key, _, _ = strings.Cut(key, "|")
			m.Crypto = append(m.Crypto, Crypto{Tag: tag, Suite: f[1], Key: key})
		}
	}
}

// rtcp reads RFC 3605: a port, and perhaps an address.
func (m *Media) rtcp(value string) {
	f := strings.Fields(value)
	if len(f) == 0 {
		return
	}
	port, err := strconv.ParseUint(f[0], 10, 16)
	if err != nil || port == 0 {
		return
	}
	var address netip.Addr
	if len(f) == 4 {
		address, _ = netip.ParseAddr(f[3]) // without one it is that of the sound
	}
	m.RTCP = netip.AddrPortFrom(address.Unmap(), uint16(port))
}

// milliseconds reads a number that may have a fraction, as some telephones write.
func milliseconds(value string) int {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || !(n >= 1 && n <= 1000) {
		return 0
	}
	return int(n)
}

func (p *parser) done() (Session, error) {
	if len(p.session.Media) == 0 {
		return Session{}, errMalformed("it has no media")
	}
	for i := range p.session.Media {
		m := &p.session.Media[i]
		if !p.own[i] {
			if !p.given {
				return Session{}, errMalformed("it has no address")
			}
			m.Address = p.address
		}
		if m.Port != 0 && m.RTCP.Port() == 0 {
			m.RTCP = netip.AddrPortFrom(m.Address, m.Port+1)
		}
		if !m.RTCP.Addr().IsValid() {
			m.RTCP = netip.AddrPortFrom(m.Address, m.RTCP.Port())
		}
	}
	return p.session, nil
}

// Hold reports whether the side asks to be sent nothing.
func (m Media) Hold() bool {
	return m.Address.IsValid() && m.Address.IsUnspecified() || !m.Direction.Receives()
}

// law returns which law a payload number stands for.
func (m Media) law(format string) (audio.Law, bool) {
	encoding, ok := m.maps[format]
	if !ok { // RFC 3551: two numbers that need no line
		encoding = map[string]string{"0": "pcmu/8000", "8": "pcma/8000"}[format]
	}
	switch strings.TrimSuffix(encoding, "/1") {
	case "pcmu/8000":
		return audio.ULaw, true
	case "pcma/8000":
		return audio.ALaw, true
	default:
		return 0, false
	}
}

// number returns a format as a payload number.
func number(format string) (uint8, bool) {
	n, err := strconv.ParseUint(format, 10, 7)
	return uint8(n), err == nil
}

// events returns the number of telephone-event, 0 if there is none.
func (m Media) events() uint8 {
	for _, f := range m.Formats {
		if n, ok := number(f); ok && n != 0 && strings.TrimSuffix(m.maps[f], "/1") == "telephone-event/8000" {
			return n
		}
	}
	return 0
}

// ptime returns how much sound goes into a packet for the side: what it asks
// for as far as we can, 20 ms otherwise.
func (m Media) ptime() int {
	p := m.Ptime
	if m.Maxptime > 0 && (p == 0 || p > m.Maxptime) {
		p = m.Maxptime / 10 * 10
	}
	switch p {
	case 30, 40, 60:
		return p
	default:
		return 20
	}
}
