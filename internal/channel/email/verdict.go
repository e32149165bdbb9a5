package email

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"

	"yingda/internal/domain/conversation"
	"yingda/internal/kit/mail"
)

// Resolver answers what the checks of a sender ask the name servers. The one
// of the system does.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// sender is who hands a mail in, as they say.
type sender struct {
	ip   netip.Addr
	helo string
	from string // of the envelope
}

const (
	checkWithin    = 10 * time.Second // what all checks of one mail may take
	mostSignatures = 5                // that are looked at
)

// check finds out whether a mail comes from whom it says (RFC 7208, 6376,
// 7489). What name servers do not answer in time is a temporary error.
func check(ctx context.Context, r Resolver, s sender, f io.ReadSeeker) conversation.Verdicts {
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	if r == nil {
		r = net.DefaultResolver
	}
	spfResult, spfDomain := checkSPF(ctx, r, s)
	v := conversation.Verdicts{SPF: spfResult, DKIM: "none", DMARC: "none"}
	txt := func(name string) ([]string, error) { return r.LookupTXT(ctx, name) }
	signed, dkimResult := checkDKIM(txt, f)
	v.DKIM = dkimResult
	author := authorDomain(f)
	if author == "" {
		return v
	}
	v.DMARC = checkDMARC(txt, author, v.SPF, spfDomain, signed)
	return v
}

func checkSPF(ctx context.Context, r Resolver, s sender) (result, domain string) {
	from := s.from
	if from == "" {
		from = "postmaster@" + s.helo // RFC 7208 §2.4
	}
	domain = strings.ToLower(from[strings.LastIndexByte(from, '@')+1:])
	got, _ := spf.CheckHostWithSender(net.IP(s.ip.AsSlice()), s.helo, from, spf.WithContext(ctx), spf.WithResolver(r)) // the result says it
	return string(got), domain
}

// checkDKIM returns the domains that have signed, and whether one has.
func checkDKIM(txt func(string) ([]string, error), f io.ReadSeeker) (domains []string, result string) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, "temperror"
	}
	vs, err := dkim.VerifyWithOptions(bufio.NewReader(f), &dkim.VerifyOptions{LookupTXT: txt, MaxVerifications: mostSignatures})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return nil, "permerror"
	}
	result = "none"
	for _, v := range vs {
		switch {
		case v.Err == nil:
			domains, result = append(domains, strings.ToLower(v.Domain)), "pass"
		case result == "pass":
		case dkim.IsTempFail(v.Err):
			result = "temperror"
		default:
			result = "fail"
		}
	}
	return domains, result
}

// longestTop is how much of a mail is looked through for its author.
const longestTop = 256 << 10

// authorDomain is that of the From line, if there is one, with one author.
func authorDomain(f io.ReadSeeker) string {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return ""
	}
	top, err := io.ReadAll(io.LimitReader(f, longestTop))
	if err != nil {
		return ""
	}
	if end := strings.Index(string(top), "\r\n\r\n"); end >= 0 {
		top = top[:end+4]
	}
	from := mail.Parse(top, mail.Options{}).From
	if len(from) != 1 {
		return ""
	}
	return strings.ToLower(from[0].Address[strings.LastIndexByte(from[0].Address, '@')+1:])
}

// checkDMARC says whether what was proved belongs to the author's domain.
func checkDMARC(txt func(string) ([]string, error), author, spfResult, spfDomain string, signed []string) string {
	options := &dmarc.LookupOptions{LookupTXT: txt}
	record, err := dmarc.LookupWithOptions(author, options)
	if errors.Is(err, dmarc.ErrNoPolicy) {
		if org := organization(author); org != author {
			record, err = dmarc.LookupWithOptions(org, options)
		}
	}
	switch {
	case errors.Is(err, dmarc.ErrNoPolicy):
		return "none"
	case dmarc.IsTempFail(err):
		return "temperror"
	case err != nil:
		return "permerror"
	}
	if spfResult == string(spf.Pass) && aligned(author, spfDomain, record.SPFAlignment) {
		return "pass"
	}
	for _, d := range signed {
		if aligned(author, d, record.DKIMAlignment) {
			return "pass"
		}
	}
	return "fail"
}

func aligned(author, domain string, mode dmarc.AlignmentMode) bool {
	if mode == dmarc.AlignmentStrict {
		return author == domain
	}
	return organization(author) == organization(domain)
}

// organization is the part of a domain that somebody has registered.
func organization(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}
