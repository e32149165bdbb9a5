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
	case n != 17 && !asked && !named && (!vinShort.MatchString(sp.groups[0]) || !strings.ContainsAny(vin, "0123456789")):
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

// vinShort is what can only be meant for a VIN of ours, with a character or two
// missing or too many.
var (
	vinShort  = regexp.MustCompile(`^l[a-z]{2}[a-z0-9]{12,16}$`)
	shortInIt = regexp.MustCompile(`(?:^|[^a-z0-9])(l[a-z]{2}[a-z0-9]{12,16})(?:[^a-z0-9]|$)`)
)

// vinAlmost returns the first of those, among other words.
func vinAlmost(sc *scan) (span, bool) {
	sp, ok := sc.find(shortInIt)
	if !ok || !strings.ContainsAny(sp.groups[1], "0123456789") {
		return span{}, false
	}
	if !isAlnum(sc.folded[sp.from]) {
		sp.from++
	}
	return span{from: sp.from, to: sp.from + len(sp.groups[1]), groups: sp.groups[1:]}, true
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
		if !found && !ok {
			return vinAlmost(sc)
		}
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
		if part, only := vinWithin(sp); only && mixed {
			return part, true
		}
		from = sp.to
	}
}

// vinWithin returns the only part of a longer run that is a VIN by its check
// digit and stands between what parts the run: 还有个9 L Y X E.
func vinWithin(sp span) (part span, only bool) {
	run := sp.groups[0]
	for i := range run {
		if !isAlnum(rune(run[i])) || i > 0 && isAlnum(rune(run[i-1])) {
			continue
		}
		for j := i + 17; j <= len(run); j++ {
			vin := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(run[i:j]))
			if len(vin) != 17 || j < len(run) && isAlnum(rune(run[j])) || !isAlnum(rune(run[j-1])) {
				continue
			}
			if strings.ContainsAny(vin, "IOQ") || !checked(vin) || checkDigit(vin) != vin[8] {
				continue
			}
			if only {
				return span{}, false
			}
			part, only = span{from: sp.from + i, to: sp.from + j, groups: []string{run[i:j]}}, true
		}
	}
	return part, only
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
	return "0123456789X"[sum%11]
}
