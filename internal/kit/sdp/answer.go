package sdp

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"yingda/internal/kit/audio"
)

// Local is what we have to say about one stream of ours.
type Local struct {
	Address netip.Addr
	Port    uint16
	// Reports is the port of RTCP, 0 for one above.
	Reports   uint16
	Laws      []audio.Law // in the order of our liking
	Events    bool        // telephone-event
	Direction Direction
	Ptime     int    // 0: 20 ms
	ID        uint64 // of the session, the same for its life
	Version   uint64 // one more with each change
	// Key, if it is set, is our key for SRTP (base64 of key and salt).
	Key string
	// Secure offers SRTP only, and takes nothing else.
	Secure bool
}

// Agreed is what two sides send each other.
type Agreed struct {
	Remote  netip.AddrPort // where to send; not valid if only their packets will tell
	Reports netip.AddrPort // where to send RTCP
	Mux     bool           // RTCP comes and goes on the port of the sound
	Law     audio.Law
	Payload uint8 // the number of the law in packets
	Events  uint8 // the number of telephone-event in packets, 0: none
	Ptime   int   // milliseconds of sound in a packet of ours
	// Direction is ours: whether we may send, and will be sent to.
	Direction Direction
	// Suite, Ours and Theirs are the keys of SRTP, empty without.
	Suite        string
	Ours, Theirs string
	Tag          int
}

// Held reports whether the other side does not want to hear us.
func (a Agreed) Held() bool { return !a.Direction.Sends() }

// Suites of SRTP that we speak, best first (RFC 4568, 6.2).
var suites = []string{"AES_CM_128_HMAC_SHA1_80", ShortSuite}

// ShortSuite is the suite whose packets carry a tag of 32 bits.
const ShortSuite = "AES_CM_128_HMAC_SHA1_32"

// KeySize is how long the key and salt of each suite are together, in bytes.
const KeySize = 30

// NewKey returns a key for one direction of one line.
func NewKey() string {
	var b [KeySize]byte
	_, _ = rand.Read(b[:]) // it never fails
	return base64.StdEncoding.EncodeToString(b[:])
}

// isKey reports a key that packets can be sealed with.
func isKey(s string) bool {
	b, err := base64.StdEncoding.DecodeString(s)
	return err == nil && len(b) == KeySize
}

const (
	plain  = "RTP/AVP"
	secure = "RTP/SAVP"
	events = 101 // our number for telephone-event in an offer
)

// Answer answers an offer: the first stream of sound that fits is taken with
// the numbers of the other side, everything else is refused in its place.
func Answer(offer Session, l Local) ([]byte, Agreed, error) {
	chosen, agreed := -1, Agreed{}
	for i, m := range offer.Media {
		if a, ok := m.agree(l); ok {
			chosen, agreed = i, a
			break
		}
	}
	if chosen < 0 {
		return nil, Agreed{}, ErrNoAudio
	}
	var b strings.Builder
	l.head(&b)
	for i, m := range offer.Media {
		if i != chosen {
			fmt.Fprintf(&b, "m=%s 0 %s %s\r\n", m.Kind, m.Protocol, m.Formats[0])
			continue
		}
		l.media(&b, m.Protocol, []format{{agreed.Payload, agreed.Law}}, agreed.Events, agreed.Ptime, agreed.Direction)
		if m.Mux {
			b.WriteString("a=rtcp-mux\r\n")
		}
		if agreed.Suite != "" {
			fmt.Fprintf(&b, "a=crypto:%d %s inline:%s\r\n", agreed.Tag, agreed.Suite, agreed.Ours)
		}
	}
	return []byte(b.String()), agreed, nil
}

// agree returns what one stream and ours have in common.
func (m Media) agree(l Local) (Agreed, bool) {
	a := Agreed{Ptime: m.ptime(), Events: m.events(), Mux: m.Mux}
	if m.Kind != "audio" || m.Port == 0 || !m.agreeKeys(l, &a) {
		return a, false
	}
	found := slices.ContainsFunc(m.Formats, func(f string) bool {
		n, isNumber := number(f)
		law, isLaw := m.law(f)
		a.Law, a.Payload = law, n
		return isNumber && isLaw && slices.Contains(l.Laws, law)
	})
	if !found {
		return a, false
	}
	if !l.Events {
		a.Events = 0
	}
	theirs := m.Direction
	if m.Address.IsValid() && m.Address.IsUnspecified() { // the hold of old telephones
		theirs = theirs.both(SendOnly)
	} else if m.Address.IsValid() {
		a.Remote = netip.AddrPortFrom(m.Address, m.Port)
		a.Reports = m.RTCP
		if m.Mux {
			a.Reports = a.Remote
		}
	}
	a.Direction = theirs.Mirror().both(l.Direction)
	return a, true
}

// agreeKeys settles whether packets are sealed, and with which keys.
func (m Media) agreeKeys(l Local, a *Agreed) bool {
	switch m.Protocol {
	case plain, "RTP/AVPF":
		return !l.Secure
	case secure, "RTP/SAVPF":
		for _, suite := range suites {
			for _, c := range m.Crypto {
				if c.Suite == suite && l.Key != "" && isKey(c.Key) {
					a.Suite, a.Theirs, a.Ours, a.Tag = suite, c.Key, l.Key, c.Tag
					return true
				}
			}
		}
	}
	return false
}

// Offer asks for one stream of sound.
func Offer(l Local) []byte {
	var b strings.Builder
	l.head(&b)
	var formats []format
	for _, law := range l.Laws {
		formats = append(formats, format{uint8(law), law})
	}
	number, protocol := uint8(0), plain
	if l.Events {
		number = events
	}
	if l.Secure {
		protocol = secure
	}
	l.media(&b, protocol, formats, number, l.Ptime, l.Direction)
	if l.Secure {
		fmt.Fprintf(&b, "a=crypto:1 %s inline:%s\r\n", suites[0], l.Key)
	}
	return []byte(b.String())
}

// Accept reads the answer to our offer. A stream whose place is missing or
// refused is ErrNoAudio.
func Accept(l Local, answer Session) (Agreed, error) {
	if len(answer.Media) == 0 {
		return Agreed{}, ErrNoAudio
	}
	a, ok := answer.Media[0].agree(l)
	if !ok || l.Secure != (a.Suite != "") {
		return Agreed{}, ErrNoAudio
	}
	a.Mux = false // we did not offer it
	return a, nil
}

type format struct {
	number uint8
	law    audio.Law
}

func family(a netip.Addr) string {
	if a.Is6() {
		return "IP6"
	}
	return "IP4"
}

func (l Local) head(b *strings.Builder) {
	fmt.Fprintf(b, "v=0\r\no=- %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n",
		l.ID, l.Version, family(l.Address), l.Address, family(l.Address), l.Address)
}

func (l Local) media(b *strings.Builder, protocol string, formats []format, events uint8, ptime int, d Direction) {
	fmt.Fprintf(b, "m=audio %d %s", l.Port, protocol)
	for _, f := range formats {
		fmt.Fprintf(b, " %d", f.number)
	}
	if events != 0 {
		fmt.Fprintf(b, " %d", events)
	}
	b.WriteString("\r\n")
	for _, f := range formats {
		fmt.Fprintf(b, "a=rtpmap:%d %s/8000\r\n", f.number, f.law)
	}
	if events != 0 {
		fmt.Fprintf(b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\n", events, events)
	}
	if ptime == 0 {
		ptime = 20
	}
	fmt.Fprintf(b, "a=ptime:%d\r\na=%s\r\n", ptime, d)
	if l.Reports != 0 && l.Reports != l.Port+1 {
		b.WriteString("a=rtcp:" + strconv.Itoa(int(l.Reports)) + "\r\n")
	}
}
