package sms

import "strings"

// Advice says what to do about a failure.
type Advice string

// What to do.
const (
	CheckBalance   Advice = "balance"   // top the account up
	CheckSign      Advice = "sign"      // the signature is not approved, or not registered with carriers
	CheckTemplate  Advice = "template"  // the template, or its values
	CheckNumber    Advice = "number"    // it takes no texts
	CheckKey       Advice = "key"       // key, secret, permission, list of addresses or our clock
	WaitForLimits  Advice = "limit"     // the carrier's, of the number or the account
	WantsNone      Advice = "blacklist" // the number wants no texts of the carrier's customers
	CheckWords     Advice = "content"   // words that carriers do not carry
	CheckNetwork   Advice = "network"   // the provider was not reached
	AskRecipient   Advice = "doubt"     // it may have arrived
	AskTheProvider Advice = "provider"  // look the code up
)

// codes are parts of codes that providers give, and what helps. The first that is
// found counts.
var codes = []struct {
	part   string
	advice Advice
}{
	{Killed, AskRecipient},
	{"no_answer", AskRecipient},
	{"unreachable", CheckNetwork},
	{"AMOUNT_NOT_ENOUGH", CheckBalance},
	{"InsufficientBalance", CheckBalance},
	{"OUT_OF_SERVICE", CheckBalance},
	{"SIGNATURE_ILLEGAL", CheckSign},
	{"SignatureIncorrectOrUnapproved", CheckSign},
	{"SIGN_NAME", CheckSign},
	{"SignatureDoesNotMatch", CheckKey},
	{"AuthFailure", CheckKey},
	{"AccessKey", CheckKey},
	{"RAM_PERMISSION", CheckKey},
	{"InvalidTimeStamp", CheckKey},
	{"DENY_IP", CheckKey},
	{"IpNotInWhitelist", CheckKey},
	{"UnauthorizedOperation", CheckKey},
	{"TEMPLATE", CheckTemplate},
	{"Template", CheckTemplate},
	{"PARAM_LENGTH", CheckTemplate},
	{"ContentLengthLimit", CheckTemplate},
	{"MOBILE_NUMBER", CheckNumber},
	{"PhoneNumberLimit", WaitForLimits},
	{"IncorrectPhoneNumber", CheckNumber},
	{"Blacklist", WantsNone},
	{"BLACK_KEY", CheckWords},
	{"SensitiveWord", CheckWords},
	{"LIMIT_CONTROL", WaitForLimits},
	{"LimitExceeded", WaitForLimits},
	{"Throttling", WaitForLimits},
}

// AdviceFor returns what to do about a failure by its code.
func AdviceFor(code string) Advice {
	for _, c := range codes {
		if strings.Contains(code, c.part) {
			return c.advice
		}
	}
	return AskTheProvider
}
