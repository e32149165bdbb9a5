package review

import (
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

var noon = time.Date(2026, 11, 29, 4, 0, 0, 0, time.UTC)

func TestReview(t *testing.T) {
	lin, zhao, wang := agent.Ref[agent.ID]{ID: 1, Name: "林"}, agent.Ref[agent.ID]{ID: 2, Name: "赵"}, agent.Ref[agent.ID]{ID: 3, Name: "王"}
	asked, err := Review{Decision: " 不在三包期内，不予更换 ", Decider: lin, Why: "购车发票日期有误", Asker: zhao}.Ask(noon)
	if err != nil || asked.State != Open || asked.Decision != "不在三包期内，不予更换" {
		t.Fatalf("%+v, %v", asked, err)
	}
	for _, c := range []struct {
		name string
		by   agent.Ref[agent.ID]
		v    Verdict
		code string
	}{
		{"their own decision", lin, Verdict{Reason: "对的"}, "review.self"},
		{"their own request", zhao, Verdict{Reason: "对的"}, "review.self"},
		{"without a reason", wang, Verdict{Reason: " "}, "review.text"},
		{"replaced by nothing", wang, Verdict{Replace: true, Reason: "发票有误"}, "review.text"},
		{"too long", wang, Verdict{Reason: strings.Repeat("长", MaxText+1)}, "review.long"},
		{"upheld", wang, Verdict{Reason: "发票无误"}, ""},
		{"replaced", wang, Verdict{Replace: true, Instead: "按三包更换", Reason: "发票有误"}, ""},
	} {
		got, err := asked.Decide(c.by, c.v, noon.Add(time.Hour))
		if code := fault.CodeOf(err); err != nil && code != c.code || err == nil && c.code != "" {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil {
			continue
		}
		if got.Decision != asked.Decision || got.Reviewer != wang || (got.State == Replaced) != c.v.Replace || got.Instead != c.v.Instead {
			t.Errorf("%s: %+v", c.name, got)
		}
		if _, err := got.Decide(wang, c.v, noon); fault.CodeOf(err) != "review.over" {
			t.Errorf("%s: a second verdict: %v", c.name, err)
		}
	}
	if _, err := (Review{Decision: "x"}).Ask(noon); fault.CodeOf(err) != "review.text" {
		t.Errorf("asked without why: %v", err)
	}
}
