package canned

import (
	"regexp"
	"slices"
	"strings"

	"yingda/internal/kit/fault"
)

// Variable is a name that replies can hold in double braces.
type Variable string

// The variables.
const (
	ContactName Variable = "contact.name"
	AgentName   Variable = "agent.name"
	Company     Variable = "company"
	Phone       Variable = "company.phone"
	TalkNumber  Variable = "conversation.number"
	CaseNumber  Variable = "case.number" // of the contact's open case that is due next
	CaseDue     Variable = "case.due"    // when that is promised for
	Today       Variable = "today"
)

// Variables lists them, in the order in which a person reads them.
func Variables() []Variable {
	return []Variable{ContactName, AgentName, Company, Phone, TalkNumber, CaseNumber, CaseDue, Today}
}

var braces = regexp.MustCompile(`\{\{\s*([\w.]+)\s*\}\}`)

// Fill returns the text with its variables filled in, and those for which there
// is no value: they stay as they are, to be seen and filled in by a person.
// What a value holds is text: braces in it are not read again.
func Fill(text string, values map[Variable]string) (filled string, missing []Variable) {
	missing = []Variable{}
	filled = braces.ReplaceAllStringFunc(text, func(whole string) string {
		v := Variable(braces.FindStringSubmatch(whole)[1])
		if s := values[v]; s != "" {
			return s
		}
		if slices.Contains(Variables(), v) && !slices.Contains(missing, v) {
			missing = append(missing, v)
		}
		return whole
	})
	return filled, missing
}

// CheckFilled refuses a text for the contact in which one of our variables
// still stands. Other braces are the writer's own.
func CheckFilled(text string) error {
	if !strings.Contains(text, "{{") {
		return nil
	}
	if _, missing := Fill(text, nil); len(missing) > 0 {
		return fault.New(fault.Invalid, "message.unfilled", "fill in {{%s}} before you send", string(missing[0])).In("body.text")
	}
	return nil
}
