package flow

import (
	"regexp"
	"strings"

	"yingda/internal/kit/fault"
)

var (
	referenceLettered = regexp.MustCompile(`(?:^|[^a-z0-9])([a-z]{1,4}[ \-杠横]?[0-9][0-9\-]{2,23})(?:[^a-z0-9]|$)`)
	referenceDigits   = regexp.MustCompile(`(?:^|[^a-z0-9])([0-9]{6,24})(?:[^a-z0-9]|$)`)
	referenceNamed    = regexp.MustCompile(`(?:单号|订单|工单|order|case|number)[号码是为:# ]*(?:is )?([0-9]{4,24})`)
	referenceShort    = regexp.MustCompile(`^\W*(?:哦|噢|啊|是|那|应该|编号|号|尾号|就)*\W*([0-9]{4,5})\W*$`)
)

// referenceSpoken is a number whose letters and digits were read out: g d 杠 八八零七.
var referenceSpoken = regexp.MustCompile(`(?:^|[^a-z0-9])([a-z](?: ?[a-z]){0,3}) ?[杠横\-]? ?([0-9零〇一二两三四五六七八九幺洞拐勾](?: ?[0-9零〇一二两三四五六七八九幺洞拐勾]){3,23})(?:[^a-z0-9零一二两三四五六七八九十百千万]|$)`)

// isLong reports digits that are too many for a number to call.
func isLong(digits string) bool { return len(digits) >= 12 }

// readReference finds the number of an order or a case: letters and digits as
// GD-1001, or digits alone in an answer or behind what they number.
func readReference(sc *scan, asked bool) (Value, *fault.Error) {
	for _, re := range []*regexp.Regexp{referenceLettered, referenceNamed, referenceDigits, referenceShort} {
		sp, ok := sc.find(re)
		if !ok || re == referenceShort && !asked || re == referenceDigits && !asked && !isLong(sp.groups[1]) {
			continue
		}
		text := strings.ToUpper(strings.Trim(strings.NewReplacer(" ", "-", "杠", "-", "横", "-").Replace(sp.groups[1]), "-"))
		return Value{Text: text, Said: sc.takeAlnum(sp)}, nil
	}
	if sp, ok := sc.find(referenceSpoken); ok {
		letters, digits := strings.ReplaceAll(sp.groups[1], " ", ""), strings.Map(spokenDigits, strings.ReplaceAll(sp.groups[2], " ", ""))
		return Value{Text: strings.ToUpper(letters) + "-" + digits, Said: sc.take(sp.from, sp.to)}, nil
	}
	return Value{}, fault.New(fault.NotFound, "flow.reference_none", "no number was found; it looks like GD-1001 or has 6 digits and more")
}
