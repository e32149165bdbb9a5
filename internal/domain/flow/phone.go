package flow

import (
	"regexp"
	"strings"

	"yingda/internal/kit/fault"
)

var (
	phoneDigit   = `[0-9零〇一二三四五六七八九幺妖洞拐勾]`
	phoneRun     = regexp.MustCompile(`\+?\(?` + phoneDigit + `(?:[ \-()]{0,2}` + phoneDigit + `){5,19}(?:(?: ?(?:转|分机|ext\.?|x) ?|-)([0-9]{1,6}))?`)
	mobile       = regexp.MustCompile(`^(?:\+?86|0086)?(1[3-9][0-9]{9})$`)
	landline     = regexp.MustCompile(`^(?:\+?86|0086)?(0(?:10|2[0-9])|0[3-9][0-9]{2})([0-9]{7,8})$`)
	servicePhone = regexp.MustCompile(`^(?:[48]00[0-9]{7}|9[56][0-9]{3,4}|1(?:23[0-9]{2}))$`)
	mobileAlone  = regexp.MustCompile(`(?:^|[^0-9a-z+\-][ ]?)(1[3-9][0-9]{9})(?:[^0-9a-z\-]|$)`)
	abroad       = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

// readPhone finds a phone number: a mobile of the mainland, a landline with its
// area code, a 400 number, or one from abroad with a plus sign.
func readPhone(sc *scan, asked bool) (Value, *fault.Error) {
	wrong := fault.New(fault.NotFound, "flow.phone_none", "no phone number was found; write a mobile of 11 digits, or a landline with its area code")
	if sp, ok := sc.find(mobileAlone); ok { // 少了个8 13912345678
		from := sp.from + strings.Index(sp.text(sc), sp.groups[1])
		return Value{Text: sp.groups[1], Said: sc.take(from, from+len(sp.groups[1]))}, nil
	}
	for from := 0; ; {
		sp, ok := sc.findFrom(phoneRun, from)
		if !ok {
			return Value{}, wrong
		}
		from = sp.to
		if sp.from > 0 && isAlnum(sc.folded[sp.from-1]) || sp.to < len(sc.folded) && isAlnum(sc.folded[sp.to]) {
			continue // a part of something longer
		}
		number, extension := phoneNumber(sp)
		text, why := phoneText(number, extension, asked)
		if why == nil {
			return Value{Text: text, Said: sc.take(sp.from, sp.to)}, nil
		}
		if why.Kind == fault.Invalid {
			wrong = why
		}
	}
}

// phoneNumber returns the digits of a run with its plus sign, and the extension.
func phoneNumber(sp span) (number, extension string) {
	extension = sp.groups[1]
	body := strings.TrimSuffix(sp.groups[0], extension)
	number = strings.Map(func(r rune) rune {
		if r = spokenDigits(r); r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, body)
	if extension != "" && !landline.MatchString(number) {
		return number + extension, ""
	}
	return number, extension
}

func phoneText(number, extension string, asked bool) (string, *fault.Error) {
	if m := mobile.FindStringSubmatch(number); m != nil {
		return m[1], nil
	}
	if m := landline.FindStringSubmatch(number); m != nil {
		text := m[1] + "-" + m[2]
		if extension != "" {
			text += "-" + extension
		}
		return text, nil
	}
	digits := strings.TrimPrefix(number, "+")
	switch {
	case abroad.MatchString(number) && !strings.HasPrefix(number, "+86"):
		return number, nil
	case servicePhone.MatchString(number) && asked:
		return number, nil
	case strings.HasPrefix(digits, "1") && (len(digits) == 10 || len(digits) == 12):
		return "", fault.New(fault.Invalid, "flow.phone_length", "a mobile number has 11 digits, this one has %d", len(digits))
	case asked && (len(digits) == 7 || len(digits) == 8):
		return "", fault.New(fault.Invalid, "flow.phone_area", "the area code of this landline is missing: 021-62345678")
	case asked:
		return "", fault.New(fault.Invalid, "flow.phone_wrong", "this is not a whole phone number; compare it digit by digit")
	}
	return "", fault.New(fault.NotFound, "flow.phone_none", "no phone number was found; write a mobile of 11 digits, or a landline with its area code")
}
