package flow

import (
	"regexp"
	"strings"

	"yingda/internal/kit/fault"
)

var (
	mailWhole = regexp.MustCompile(`[a-z0-9][a-z0-9._%+\-]{0,63}@[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?)*\.[a-z]{2,24}`)
	mailHalf  = regexp.MustCompile(`@`)
)

// readEmail finds an e-mail address.
func readEmail(sc *scan) (Value, *fault.Error) {
	sp, ok := sc.find(mailWhole)
	if ok && len(sp.groups[0]) <= 254 && !strings.Contains(sp.groups[0], "..") {
		return Value{Text: sp.groups[0], Said: sc.take(sp.from, sp.to)}, nil
	}
	if _, half := sc.find(mailHalf); half {
		return Value{}, fault.New(fault.Invalid, "flow.email_wrong", "this e-mail address is not whole; write it as name@example.com")
	}
	return Value{}, fault.New(fault.NotFound, "flow.email_none", "no e-mail address was found; write it as name@example.com")
}
