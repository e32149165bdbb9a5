package canned

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yingda/internal/kit/fault"
)

func TestFill(t *testing.T) {
	values := map[Variable]string{ContactName: "张伟", AgentName: "小林", CaseNumber: ""}
	for text, c := range map[string]struct {
		want    string
		missing []Variable
	}{
		"您好": {"您好", []Variable{}},
		"{{contact.name}}您好，我是{{ agent.name }}": {"张伟您好，我是小林", []Variable{}},
		"工单 {{case.number}}，{{case.number}}":    {"工单 {{case.number}}，{{case.number}}", []Variable{CaseNumber}},
		"模板写作 {{ foo }}":                        {"模板写作 {{ foo }}", []Variable{}},
		"{{contact.name":                        {"{{contact.name", []Variable{}},
	} {
		got, missing := Fill(text, values)
		if got != c.want || !slices.Equal(missing, c.missing) {
			t.Errorf("%q became %q without %v", text, got, missing)
		}
		if err := CheckFilled(got); (fault.CodeOf(err) == "message.unfilled") != (len(c.missing) > 0) {
			t.Errorf("%q may be sent: %v", got, err)
		}
	}
}

// What a customer calls themself is never read as a variable, and what has all
// its values can be sent.
func TestValuesAreNotReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		values := map[Variable]string{}
		for _, v := range Variables() {
			values[v] = "x"
		}
		values[ContactName] = name + "{{agent.name}}"
		got, missing := Fill("{{contact.name}}|{{case.due}}", values)
		if len(missing) > 0 || got != name+"{{agent.name}}|x" || strings.Count(got, "|") != 1+strings.Count(name, "|") {
			t.Fatalf("%q, %v", got, missing)
		}
	})
}
