package verification

import (
	"time"

	"yingda/internal/kit/fault"
)

// CheckIDNumber refuses what cannot be the number of a Chinese identity card
// (GB 11643): 17 digits, of which eight are a day on which somebody can have
// been born, and a check character.
func CheckIDNumber(s string, now time.Time) error {
	wrong := fault.New(fault.Invalid, "verification.id_number", "this cannot be an identity card number; compare it character by character").In("value")
	if len(s) != 18 || !allDigits(s[:17]) {
		return wrong
	}
	born, err := time.Parse("20060102", s[6:14])
	if err != nil || born.After(now) || born.Year() < 1880 {
		return wrong
	}
	if s[17] != idCheck(s[:17]) {
		return wrong
	}
	return nil
}

// idCheck is the check character of 17 digits, by ISO 7064 MOD 11-2.
func idCheck(digits string) byte {
	rest := 0
	for i := range len(digits) {
		rest = (rest + int(digits[i]-'0')) * 2 % 11
	}
	return "10X98765432"[(rest)%11]
}
