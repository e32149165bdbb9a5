package audio

import "slices"

// Role is what somebody does in a conference.
type Role uint8

// The roles.
const (
	Talks    Role = iota // hears everybody and is heard by everybody
	Listens              // hears everybody and is heard by nobody
	Whispers             // hears everybody and is heard by one only
	Waits                // on hold: neither hears nor is heard
)

// Mixer puts the voices of a conference together, for each listener without
// their own. It is used by one goroutine.
type Mixer struct {
	parties []*party
}

type party struct {
	id   string
	role Role
	to   string // whom a whisper is for
	said [Frame]int16
	has  bool // something was said in this frame
}

// Set takes somebody into the conference or changes their role. to is whom
// somebody who whispers is heard by.
func (m *Mixer) Set(id string, role Role, to string) {
	p := m.find(id)
	if p == nil {
		p = &party{id: id}
		m.parties = append(m.parties, p)
	}
	p.role, p.to = role, to
}

// Remove takes somebody out.
func (m *Mixer) Remove(id string) {
	m.parties = slices.DeleteFunc(m.parties, func(p *party) bool { return p.id == id })
}

// Len returns how many are in the conference.
func (m *Mixer) Len() int { return len(m.parties) }

func (m *Mixer) find(id string) *party {
	for _, p := range m.parties {
		if p.id == id {
			return p
		}
	}
	return nil
}

// Put hands in what somebody said in this frame; more than a frame is cut, and
// of who says nothing is heard nothing. Strangers are not heard.
func (m *Mixer) Put(id string, law Law, codes []byte) {
	p := m.find(id)
	if p == nil {
		return
	}
	clear(p.said[:])
	for i, b := range codes[:min(len(codes), Frame)] {
		p.said[i] = law.Decode(b)
	}
	p.has = true
}

// Take writes into dst what somebody hears in this frame, and says whether
// there is anything to hear; otherwise dst is silence.
func (m *Mixer) Take(id string, law Law, dst []byte) (heard bool) {
	dst = dst[:min(len(dst), Frame)]
	var sum [Frame]int32
	if me := m.find(id); me != nil && me.role != Waits {
		for _, p := range m.parties {
			if p == me || !p.has || !p.reaches(id) {
				continue
			}
			heard = true
			for i, s := range p.said {
				sum[i] += int32(s)
			}
		}
	}
	for i := range dst {
		if s := sum[i]; s > -mixKnee && s < mixKnee {
			dst[i] = law.Encode(int16(s))
		} else { // several loud voices at once
			dst[i] = law.Encode(clip(round(float64(s)/(1<<15)) * (1 << 15)))
		}
	}
	return heard
}

const mixKnee = 22900 // 0.7 of full scale

func (p *party) reaches(id string) bool {
	return p.role == Talks || p.role == Whispers && p.to == id
}

// Next begins the next frame: what was said is over.
func (m *Mixer) Next() {
	for _, p := range m.parties {
		p.has = false
	}
}
