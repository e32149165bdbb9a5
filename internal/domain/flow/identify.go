package flow

import (
	"regexp"
	"strings"

	"yingda/internal/kit/fault"
)

// vinRun is letters and digits with what people put between them.
var vinRun = regexp.MustCompile(`[a-z0-9](?:[ \-]?[a-z0-9]){9,24}`)

var vinNamed = regexp.MustCompile(`(?:车架号|车架|vin)[码号是为: ]*(?:is )?([a-z0-9][a-z0-9 \-]{2,30}[a-z0-9])`)

// readVIN finds a VIN (GB 16735, ISO 3779): 17 letters and digits without I, O
// and Q. The check digit at the ninth place counts where the law asks for it:
// China and North America, whose VINs begin with L and with 1 to 5.
func readVIN(sc *scan, asked bool) (Value, *fault.Error) {
	named := false
	sp, ok := sc.find(vinNamed)
	if ok {
		from := sp.to - len([]rune(sp.groups[1]))
		sp, named = span{from: from, to: sp.to, groups: []string{sp.groups[1]}}, true
	}
	if whole, found := bestVINRun(sc); found && (!ok || squeeze(whole.groups[0]) >= squeeze(sp.groups[0])) {
		sp, ok = whole, true
	}
	if !ok {
		return Value{}, fault.New(fault.NotFound, "flow.vin_none", "no VIN was found; it has 17 letters and digits and stands in the vehicle licence")
	}
	vin := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(sp.groups[0]))
	switch n := len(vin); {
	case n != 17 && !asked && !named:
		return Value{}, fault.New(fault.NotFound, "flow.vin_none", "no VIN was found; it has 17 letters and digits and stands in the vehicle licence")
	case n != 17:
		return Value{}, fault.New(fault.Invalid, "flow.vin_length", "a VIN has 17 characters, this one has %d", n)
	case strings.ContainsAny(vin, "IOQ"):
		meant := strings.NewReplacer("I", "1", "O", "0", "Q", "0").Replace(vin)
		if !checked(meant) || checkDigit(meant) == meant[8] {
			return Value{}, fault.New(fault.Invalid, "flow.vin_letters", "a VIN never has the letters I, O and Q; did you mean %s?", meant)
		}
		return Value{}, fault.New(fault.Invalid, "flow.vin_letter", "a VIN never has the letters I, O and Q; they are the digits 1 and 0")
	case !strings.ContainsAny(vin, "0123456789"), !strings.ContainsAny(vin, "ABCDEFGHJKLMNPRSTUVWXYZ") && !asked:
		return Value{}, fault.New(fault.NotFound, "flow.vin_none", "no VIN was found; it has 17 letters and digits and stands in the vehicle licence")
	case checked(vin) && checkDigit(vin) != vin[8]:
		return Value{}, fault.New(fault.Invalid, "flow.vin_check", "one character of this VIN is wrong: its check digit does not fit")
	}
	return Value{Text: vin, Said: sc.take(sp.from, sp.to)}, nil
}

// vinWhole is 17 characters that stand alone.
var vinWhole = regexp.MustCompile(`(?:^|[^a-z0-9])([a-z0-9]{17})(?:[^a-z0-9]|$)`)

// bestVINRun returns the run that has 17 characters, or else the first that has
// letters and digits.
func bestVINRun(sc *scan) (best span, ok bool) {
	if sp, whole := sc.find(vinWhole); whole && strings.ContainsAny(sp.groups[1], "0123456789") {
		if !isAlnum(sc.folded[sp.from]) {
			sp.from++
		}
		return span{from: sp.from, to: sp.from + 17, groups: sp.groups[1:]}, true
	}
	for from := 0; ; {
		sp, found := sc.findFrom(vinRun, from)
		if !found {
			return best, ok
		}
		mixed := strings.ContainsAny(sp.groups[0], "0123456789") && strings.ContainsAny(sp.groups[0], "abcdefghijklmnopqrstuvwxyz")
		if mixed && !ok && !strings.Contains(sp.groups[0], " ") {
			best, ok = sp, true
		}
		if squeeze(sp.groups[0]) == 17 && mixed {
			return sp, true
		}
		from = sp.to
	}
}

// squeeze returns how many characters a run has without what stands between.
func squeeze(s string) int { return len(s) - strings.Count(s, " ") - strings.Count(s, "-") }

// checked reports whether a VIN carries a check digit.
func checked(vin string) bool { return vin[0] == 'L' || vin[0] >= '1' && vin[0] <= '5' }

// checkDigit returns the character that belongs at the ninth place of a VIN
// (49 CFR 565, GB 16735 annex A).
func checkDigit(vin string) byte {
	const letters, values = "ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789"
	weights := [17]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	sum := 0
	for i := range 17 {
		c := vin[i]
		if at := strings.IndexByte(letters, c); at >= 0 {
			c = values[at]
		}
		sum += int(c-'0') * weights[i]
	}
	if sum%11 == 10 {
		return 'X'
	}
	return byte('0' + sum%11)
}

// provinces are the first characters of plates (GA 36).
const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"

const plateSign = `[a-z0-9零〇一二两三四五六七八九幺妖洞拐勾]`

var (
	plateWhole = regexp.MustCompile(`([` + provinces + `]) ?([a-z])[ ·•.\-]?(` + plateSign + `(?: ?` + plateSign + `){2,7}[挂学警港澳领]?)`)
	plateBare  = regexp.MustCompile(`^\W*([a-z])[ ·•.\-]?([a-z0-9]{5,6})\W*$`)
)

// readPlate finds a plate: the province, the city's letter and five characters,
// or six of a new-energy vehicle (GA 36-2018). Digits may be spoken.
func readPlate(sc *scan, asked bool) (Value, *fault.Error) {
	sp, ok := sc.find(plateWhole)
	if !ok {
		if _, bare := sc.find(plateBare); bare && asked {
			return Value{}, fault.New(fault.Invalid, "flow.plate_province", "the province at the beginning of the plate is missing")
		}
		return Value{}, fault.New(fault.NotFound, "flow.plate_none", "no plate was found; write it as 沪A12345")
	}
	said := []rune(strings.ReplaceAll(sp.groups[3], " ", ""))
	for i, r := range said {
		said[i] = spokenDigits(r)
	}
	number := strings.ToUpper(string(said))
	plate := sp.groups[1] + strings.ToUpper(sp.groups[2]) + number
	plain := strings.TrimRight(number, "挂学警港澳领")
	n := len([]rune(number))
	switch {
	case strings.ContainsAny(plain, "IO"):
		return Value{}, fault.New(fault.Invalid, "flow.plate_letters", "a plate never has the letters I and O after the city; they are the digits 1 and 0")
	case n != 5 && n != 6:
		return Value{}, fault.New(fault.Invalid, "flow.plate_length", "after the city's letter a plate has 5 characters, or 6 of a new-energy vehicle; this one has %d", n)
	case n == 6 && !newEnergy(number):
		return Value{}, fault.New(fault.Invalid, "flow.plate_energy", "a plate of 6 characters after the city's letter belongs to a new-energy vehicle and has a letter A to K first or last")
	}
	return Value{Text: plate, Said: sc.take(sp.from, sp.to)}, nil
}

var energySmall, energyLarge = regexp.MustCompile(`^[A-HJK][A-HJ-NP-Z0-9][0-9]{4}$`), regexp.MustCompile(`^[0-9]{5}[A-HJK]$`)

func newEnergy(number string) bool {
	return energySmall.MatchString(number) || energyLarge.MatchString(number)
}

var (
	phoneDigit   = `[0-9零〇一二三四五六七八九幺妖洞拐勾]`
	phoneRun     = regexp.MustCompile(`\+?\(?` + phoneDigit + `(?:[ \-()]{0,2}` + phoneDigit + `){5,19}(?:(?: ?(?:转|分机|ext\.?|x) ?|-)([0-9]{1,6}))?`)
	mobile       = regexp.MustCompile(`^(?:\+?86|0086)?(1[3-9][0-9]{9})$`)
	landline     = regexp.MustCompile(`^(?:\+?86|0086)?(0(?:10|2[0-9])|0[3-9][0-9]{2})([0-9]{7,8})$`)
	servicePhone = regexp.MustCompile(`^(?:[48]00[0-9]{7}|9[56][0-9]{3,4}|1(?:23[0-9]{2}))$`)
	abroad       = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

// readPhone finds a phone number: a mobile of the mainland, a landline with its
// area code, a 400 number, or one from abroad with a plus sign.
func readPhone(sc *scan, asked bool) (Value, *fault.Error) {
	wrong := fault.New(fault.NotFound, "flow.phone_none", "no phone number was found; write a mobile of 11 digits, or a landline with its area code")
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

var (
	referenceLettered = regexp.MustCompile(`(?:^|[^a-z0-9])([a-z]{1,4}[ \-]?[0-9][0-9\-]{2,23})(?:[^a-z0-9]|$)`)
	referenceDigits   = regexp.MustCompile(`(?:^|[^a-z0-9])([0-9]{6,24})(?:[^a-z0-9]|$)`)
	referenceNamed    = regexp.MustCompile(`(?:单号|订单|工单|order|case|number)[号码是为:# ]*(?:is )?([0-9]{4,24})`)
)

// readReference finds the number of an order or a case: letters and digits as
// GD-1001, or digits alone in an answer or behind what they number.
func readReference(sc *scan, asked bool) (Value, *fault.Error) {
	for _, re := range []*regexp.Regexp{referenceLettered, referenceNamed, referenceDigits} {
		sp, ok := sc.find(re)
		if !ok || re == referenceDigits && !asked {
			continue
		}
		text := strings.ToUpper(strings.Trim(strings.ReplaceAll(sp.groups[1], " ", "-"), "-"))
		return Value{Text: text, Said: sc.take(sp.from, sp.to)}, nil
	}
	return Value{}, fault.New(fault.NotFound, "flow.reference_none", "no number was found; it looks like GD-1001 or has 6 digits and more")
}
