package email

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/emersion/go-msgauth/dkim"

	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
)

// signer signs what a mailbox sends (RFC 6376). A nil signer signs nothing.
type signer struct{ options dkim.SignOptions }

// signedFields are those that a reader sees or a program follows. From stands
// twice: a second one that somebody adds breaks the signature.
var signedFields = []string{
	"From", "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To",
	"MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted",
}

// openSigner reads the key of a mailbox; nil if it signs nothing.
func openSigner(m mailbox.Mailbox) (*signer, error) {
	send := m.Settings.Send
	if send.DKIMSelector == "" || m.Secrets.DKIMKey == "" {
		return nil, nil //nolint:nilnil // not to sign is no error
	}
	domain := send.DKIMDomain
	if domain == "" {
		domain = m.Address[strings.LastIndexByte(m.Address, '@')+1:]
	}
	key, err := ParseKey(m.Secrets.DKIMKey)
	if err != nil {
		return nil, err
	}
	return &signer{dkim.SignOptions{
		Domain: domain, Selector: send.DKIMSelector, Signer: key, Hash: crypto.SHA256,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed, HeaderKeys: signedFields,
	}}, nil
}

// ParseKey reads a key for signing: RSA or Ed25519 as PKCS #8 in PEM.
func ParseKey(text string) (crypto.Signer, error) {
	wrong := fault.New(fault.Invalid, "mailbox.dkim_key", "the key for DKIM is a private key of RSA or Ed25519 in PEM, and begins with BEGIN PRIVATE KEY").In("secrets.dkim_key")
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, wrong
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, wrong // its cause may tell of the key
	}
	s, ok := key.(crypto.Signer)
	if _, other := key.(*ecdsa.PrivateKey); !ok || other {
		return nil, wrong
	}
	return s, nil
}

// sign returns a mail with its signature before it.
func (s *signer) sign(body []byte) ([]byte, error) {
	if s == nil {
		return body, nil
	}
	var out bytes.Buffer
	out.Grow(len(body) + 1024)
	if err := dkim.Sign(&out, bytes.NewReader(body), &s.options); err != nil {
		return nil, fault.New(fault.Internal, "mailbox.dkim_fails", "a mail could not be signed; check the key for DKIM").Because(errors.Unwrap(err))
	}
	return out.Bytes(), nil
}
