package flow

import (
	"regexp"
	"strings"

	"yingda/internal/kit/fault"
)

var (
	mailWhole = regexp.MustCompile(`[a-z0-9][a-z0-9._%+\-]{0,63}@[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?)*\.[a-z]{2,24}`)
	mailSaid  = regexp.MustCompile(`([a-z0-9][a-z0-9._%+\-]{0,63}) ?(?:@|艾特|圈a|圈|小老鼠| at ) ?([a-z0-9\-]+(?: ?(?:\.|点| dot ) ?[a-z0-9\-]+){0,2}) ?(?:\.|点| dot ) ?(com|cn|net|org|io|edu|gov|co)(?:[^a-z0-9]|$)`)
	mailHalf  = regexp.MustCompile(`@|艾特`)

	// written puts the dots into a domain that was said.
	written = strings.NewReplacer(" dot ", ".", "点", ".", " ", "")
)

// readEmail finds an e-mail address.
func readEmail(sc *scan) (Value, *fault.Error) {
	sp, ok := sc.find(mailWhole)
	if ok && len(sp.groups[0]) <= 254 && !strings.Contains(sp.groups[0], "..") {
		return Value{Text: sp.groups[0], Said: sc.take(sp.from, sp.to)}, nil
	}
	if sp, ok := sc.find(mailSaid); ok {
		text := sp.groups[1] + "@" + written.Replace(sp.groups[2]) + "." + sp.groups[3]
		return Value{Text: text, Said: sc.take(sp.from, sp.to)}, nil
	}
	if _, half := sc.find(mailHalf); half {
		return Value{}, fault.New(fault.Invalid, "flow.email_wrong", "this e-mail address is not whole; write it as name@example.com")
	}
	return Value{}, fault.New(fault.NotFound, "flow.email_none", "no e-mail address was found; write it as name@example.com")
}
