package rtp

import (
	"net/netip"
	"sync/atomic"

	"yingda/internal/kit/fault"
)

// Ports is a range of ports to receive sound on: even ones, and the one above
// each for its reports.
type Ports struct {
	address netip.Addr
	first   uint16
	pairs   uint32
	next    atomic.Uint32
	ears    ears
}

// NewPorts returns the pairs of ports from first to last, on one address of
// this machine.
func NewPorts(address netip.Addr, first, last uint16) (*Ports, error) {
	first += first & 1
	if !address.IsValid() || last <= first {
		return nil, fault.New(fault.Invalid, "rtp.ports", "the ports for sound must be a range of at least two, such as 40000-40999")
	}
	return &Ports{address: address, first: first, pairs: (uint32(last) - uint32(first) + 1) / 2}, nil
}

// ErrNoPort says that every port for sound is taken.
var ErrNoPort = fault.New(fault.Busy, "rtp.no_port", "every port for sound is taken; hang up a call or widen the range")

// open returns the next free pair.
func (p *Ports) open() (sound, reports *socket, err error) {
	for range p.pairs {
		port := p.first + uint16(p.next.Add(1)%p.pairs)*2
		if sound, err = p.ears.open(netip.AddrPortFrom(p.address, port)); err != nil {
			continue
		}
		if reports, err = p.ears.open(netip.AddrPortFrom(p.address, port+1)); err == nil {
			return sound, reports, nil
		}
		sound.close()
	}
	return nil, nil, ErrNoPort.Because(err)
}
