package rtp

import (
	"encoding/base64"
	"errors"

	"github.com/pion/srtp/v3"

	"yingda/internal/kit/sdp"
)

// seal is what opens or closes the packets of one direction of a line that is
// sealed (SRTP, RFC 3711), with the key that its sender told in the signalling
// (RFC 4568).
type seal struct {
	key     string // and suite, as they were told
	context *srtp.Context
	buf     []byte
}

var errNotSealed = errors.New("the packet cannot be sealed")

// replayWindow is how far back a packet may come that did not come before (RFC
// 3711, 3.3.2: at least 64).
const replayWindow = 128

// renew returns the seal for a suite and key: the same while they stay, for it
// counts the packets; nil without a suite. A key that is none seals all the same:
// nothing goes, and nothing that comes is heard.
func (s *seal) renew(suite, key string) *seal {
	if suite == "" {
		return nil
	}
	if s != nil && s.key == suite+key {
		return s
	}
	s = &seal{key: suite + key}
	profile := srtp.ProtectionProfileAes128CmHmacSha1_80
	if suite == sdp.ShortSuite {
		profile = srtp.ProtectionProfileAes128CmHmacSha1_32
	}
	b, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(b) != sdp.KeySize {
		return s
	}
	const master = 16 // the rest is salt
	if c, err := srtp.CreateContext(b[:master], b[master:], profile, srtp.SRTPReplayProtection(replayWindow), srtp.SRTCPReplayProtection(replayWindow)); err == nil {
		s.context = c
	}
	return s
}

// opened returns what a packet of the other side says, false if it is not theirs,
// was changed on its way, or came before. Without a seal it is the packet.
func (s *seal) opened(b []byte, report bool) ([]byte, bool) {
	switch {
	case s == nil:
		return b, true
	case s.context == nil:
		return nil, false
	}
	var err error
	if report {
		s.buf, err = s.context.DecryptRTCP(s.buf[:0], b, nil)
	} else {
		s.buf, err = s.context.DecryptRTP(s.buf[:0], b, nil)
	}
	return s.buf, err == nil
}

// closed returns a packet as it goes, false if it cannot.
func (s *seal) closed(b []byte, report bool) ([]byte, bool) {
	switch {
	case s == nil:
		return b, true
	case s.context == nil:
		return nil, false
	}
	var err error
	if report {
		s.buf, err = s.context.EncryptRTCP(s.buf[:0], b, nil)
	} else {
		s.buf, err = s.context.EncryptRTP(s.buf[:0], b, nil)
	}
	return s.buf, err == nil
}
