package flow

import (
	"regexp"
	"strings"

	"yingda/internal/kit/fault"
)

// provinces are the first characters of plates (GA 36).
const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"

const plateSign = `[a-z0-9零〇一二两三四五六七八九幺妖洞拐勾]`

var (
	plateWhole = regexp.MustCompile(`([` + provinces + `]) ?([a-z])[ ·•.\-]?(` + plateSign + `(?: ?` + plateSign + `){2,7}[挂学警港澳领]?)`)
	plateAlone = regexp.MustCompile(`([` + provinces + `]) ?([a-z])[ ·•.\-]?([a-z0-9]{5,6})(?:[^a-z0-9挂学警港澳领]|$)`)
	plateBare  = regexp.MustCompile(`^\W*([a-z])[ ·•.\-]?([a-z0-9]{5,6})\W*$`)
)

// readPlate finds a plate: the province, the city's letter and five characters,
// or six of a new-energy vehicle (GA 36-2018). Digits may be spoken.
func readPlate(sc *scan, asked bool) (Value, *fault.Error) {
	sp, ok := sc.find(plateAlone)
	if ok && !isAlnum(sc.folded[sp.to-1]) {
		sp.to-- // what stands behind it
	}
	if !ok {
		sp, ok = sc.find(plateWhole)
	}
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
