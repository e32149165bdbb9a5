package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func calc(args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = run(append([]string{"calc", "due"}, args...), streams{&o, &e})
	return status, o.String(), e.String()
}

func TestCalcDue(t *testing.T) {
	for _, c := range []struct{ args, target, limit, calendar string }{
		{"standard_000 complaint_feedback 2026-09-18T10:00:00+08:00", "2026-09-29T18:00:00+08:00", "2026-10-09T18:00:00+08:00", "office"},
		{"standard_000 complaint_feedback 2026-09-18T02:00:00Z", "2026-09-29T18:00:00+08:00", "2026-10-09T18:00:00+08:00", "office"},
		{"standard_000 complaint_acknowledge 2026-09-30T18:01:00+08:00", "", "2026-10-09T18:00:00+08:00", "office"},
		{"standard_000 first_response 2026-09-18T10:00:00+08:00 --channel email", "2026-09-20T18:00:00+08:00", "2026-09-21T18:00:00+08:00", "office"},
		{"standard_000 first_response 2026-09-18T10:00:00+08:00", "", "2026-09-18T10:00:30+08:00", "always"},
		{"standard_000 answer_wait 2026-09-18T10:00:00+08:00", "", "2026-09-18T10:05:00+08:00", "always"},
		{"standard_000 resolution 2026-09-18T10:00:00+08:00", "2026-09-22T18:00:00+08:00", "2026-09-24T18:00:00+08:00", "office"},
		{"standard_000 resolution 2026-09-18T10:00:00+08:00 --level complex", "2026-09-29T18:00:00+08:00", "2026-10-09T18:00:00+08:00", "office"},
		{"standard_000 complaint_feedback 2026-09-18T10:00:00+08:00 --category refund", "2026-09-29T18:00:00+08:00", "2026-10-03T10:00:00+08:00", "office"},
		{"express_001 first_response 2026-09-18T10:00:00+08:00 --level simple", "", "2026-09-18T10:30:00+08:00", "always"},
		{"express_001 first_response 2026-09-18T17:10:00+08:00 --channel email", "2026-09-18T17:40:00+08:00", "2026-09-20T10:10:00+08:00", "office"},
		{"express_001 complaint_feedback 2026-09-24T10:00:00+08:00", "", "2026-09-30T18:00:00+08:00", "office"},
		{"statutory_floor complaint_feedback 2026-09-18T10:00:00+08:00", "", "2026-10-03T10:00:00+08:00", "always"},
		{"statutory_floor privacy_request 2026-09-24T10:00:00+08:00", "", "2026-10-22T18:00:00+08:00", "office"},
	} {
		a := strings.Fields(c.args)
		status, out, errs := calc(append([]string{"--preset", a[0], "--metric", a[1], "--received", a[2]}, a[3:]...)...)
		var got struct {
			Preset, Metric, Received, Limit, Calendar string
			Target                                    *string
			Provisional                               bool
			Why                                       []string
		}
		d := json.NewDecoder(strings.NewReader(out))
		d.DisallowUnknownFields()
		if err := d.Decode(&got); status != 0 || err != nil || errs != "" {
			t.Errorf("%s: exit %d, %v, %s", c.args, status, err, errs)
			continue
		}
		target := ""
		if got.Target != nil {
			target = *got.Target
		}
		if target != c.target || got.Limit != c.limit || got.Calendar != c.calendar || got.Preset != a[0] || got.Metric != a[1] || got.Provisional || len(got.Why) < 3 {
			t.Errorf("%s: %s", c.args, out)
		}
	}
}

func TestCalcDueIsProvisional(t *testing.T) {
	status, out, _ := calc("--preset", "standard_000", "--metric", "resolution", "--received", "2026-12-30T10:00:00+08:00", "--language", "zh")
	if status != 0 || !strings.Contains(out, `"provisional":true`) || !strings.Contains(out, "2027 年放假通知尚未导入") {
		t.Errorf("exit %d, %s", status, out)
	}
}

func TestCalcDueRefuses(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{"--preset gold --metric resolution --received 2026-09-18T10:00:00+08:00", 1, "mobility_003"},
		{"--preset standard_000 --metric speed --received 2026-09-18T10:00:00+08:00", 1, "complaint_feedback"},
		{"--preset standard_000 --metric resolution --received yesterday", 1, "2026-09-18T10:00:00+08:00"},
		{"--preset generic_002 --metric complaint_feedback --received 2026-09-18T10:00:00+08:00", 1, "promises nothing"},
		{"--preset standard_000 --metric resolution --received 2026-09-18T10:00:00+08:00 --level special", 1, "not for this"},
		{"--preset standard_000 --metric resolution", 2, "--received"},
		{"--preset standard_000 --metric resolution --received 2026-09-18T10:00:00+08:00 --level hard", 2, "--level"},
		{"--what", 2, "--what"},
	} {
		status, out, errs := calc(strings.Fields(c.args)...)
		if status != c.status || out != "" && status == 1 || !strings.Contains(errs, c.says) {
			t.Errorf("%s: exit %d, %q, %q", c.args, status, out, errs)
		}
		if status == 1 && strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: more than one line: %q", c.args, errs)
		}
	}
}
