package certificate

import (
	"testing"

	"yingda/internal/kit/fault"
)

func TestStep(t *testing.T) {
	c := Certificate{Expires: "2026-12-31"}
	for today, want := range map[string]Step{
		"2026-11-30": Far, "2026-12-01": Month, "2026-12-23": Month, "2026-12-24": Week, "2026-12-31": Week, "2027-01-01": Expired, "2028-01-01": Expired,
	} {
		if got := c.Step(today); got != want || c.Valid(today) != (got != Expired) {
			t.Errorf("on %s it is at %d, want %d", today, got, want)
		}
	}
	if (Certificate{}).Step("2099-01-01") != Far || !(Certificate{}).Valid("2099-01-01") {
		t.Error("what does not end runs out")
	}
}

func TestCheck(t *testing.T) {
	good := Certificate{Kind: Paper, Name: "低压电工证", Issued: "2024-01-01", Expires: "2027-01-01"}
	for code, change := range map[string]func(*Certificate){
		"":                    func(*Certificate) {},
		"certificate.kind":    func(c *Certificate) { c.Kind = "x" },
		"certificate.name":    func(c *Certificate) { c.Name = " " },
		"report.day":          func(c *Certificate) { c.Issued = "01.01.2024" },
		"certificate.expires": func(c *Certificate) { c.Expires = "2023-01-01" },
	} {
		c := good
		change(&c)
		if err := c.Check(); err == nil && code != "" || err != nil && fault.CodeOf(err) != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
}
