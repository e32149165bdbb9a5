package api

import (
	"encoding/json"
	"testing"

	"yingda/internal/domain/sla"
)

// What the calls hand out of the presets, they take back as it is.
func TestPresetsGoRound(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var shipped list[sla.Preset]
	rec := r.call("boss", "GET", "/promises/presets", "")
	if err := json.Unmarshal(rec.Body.Bytes(), &shipped); err != nil || len(shipped.Items) != 5 {
		t.Fatalf("%d presets: %v", len(shipped.Items), err)
	}
	var raw struct{ Items []json.RawMessage }
	r.must(json.Unmarshal(rec.Body.Bytes(), &raw))
	for i, p := range raw.Items {
		if rec := r.call("boss", "POST", "/promises/preview", string(p)); rec.Code != 200 {
			t.Errorf("%s cannot be looked at: %s", shipped.Items[i].Code, rec.Body)
		}
		for _, c := range shipped.Items[i].Calendars {
			b, err := json.Marshal(c)
			r.must(err)
			if rec := r.call("boss", "PUT", "/promises/calendar", `{"version":0,"calendar":`+string(b)+`}`); rec.Code == 422 {
				t.Errorf("the calendar %s of %s cannot be saved: %s", c.Code, shipped.Items[i].Code, rec.Body)
			}
		}
	}
}

// The settings of promises, as an administrator changes them.
func TestPromiseCalls(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const notice = `{\"year\":2027,\"papers\":[],\"days\":[{\"name\":\"元旦\",\"date\":\"2027-01-01\",\"isOffDay\":true}]}`
	const torn = `{\"year\":2027,\"papers\":[],\"days\":[{\"name\":\"元旦\",\"date\":\"2027-01-02\",\"isOffDay\":true},{\"name\":\"元旦\",\"date\":\"2027-01-02\",\"isOffDay\":false}]}`
	r.play([]step{
		{"the house says what it promises", "boss", "GET", "/promises", "", 200, `"missing":[2027]`, ""},
		{"and what the law asks beside it", "boss", "GET", "/promises", "", 200, `"code":"statutory_floor"`, ""},
		{"an agent does not read it", "lin", "GET", "/promises", "", 403, "permission.missing", ""},
		{"customers may know", "", "GET", "/promises/public", "", 200, `"way":"phone","metric":"answer_wait"`, ""},
		{"a year day by day", "boss", "GET", "/promises/calendar-days?code=office&year=2026", "", 200, `{"date":"2026-09-20","open":true,"spans":[{"from":"09:00","to":"18:00"}],"as":"makeup","name":"国庆节","sure":true}`, ""},
		{"a calendar that nobody has", "boss", "GET", "/promises/calendar-days?code=moon&year=2026", "", 404, "calendar.unknown", ""},
		{"a year that is none", "boss", "GET", "/promises/calendar-days?code=office&year=1", "", 422, "query.year", ""},
		{"a complaint on a Friday", "boss", "GET", "/promises/due?metric=complaint_acknowledge&kind=complaint&received=2026-09-18T02:00:00Z", "", 200, `"limit":"2026-09-20T10:00:00Z"`, ""},
		{"says why", "boss", "GET", "/promises/due?metric=complaint_acknowledge&kind=complaint&received=2026-09-18T02:00:00Z", "", 200, `"2026-09-20 是调休上班的星期日`, ""},
		{"what nobody promised", "boss", "GET", "/promises/due?metric=rescue_arrival&kind=fault&received=2026-09-18T02:00:00Z", "", 200, `"promised":false`, ""},
		{"a metric that is none", "boss", "GET", "/promises/due?metric=speed&received=2026-09-18T02:00:00Z", "", 422, "target.metric", ""},
		{"a notice that contradicts itself", "boss", "POST", "/promises/notice-preview", `{"notice":"` + torn + `"}`, 422, "notice.both", ""},
		{"is not taken either", "boss", "PUT", "/promises/notice", `{"version":0,"notice":"` + torn + `"}`, 422, "notice.both", ""},
		{"no notice at all", "boss", "POST", "/promises/notice-preview", `{"notice":"hello"}`, 422, "notice.json", ""},
		{"a part of a notice", "boss", "POST", "/promises/notice-preview", `{"notice":"` + notice + `"}`, 200, `"off":1,"worked":0,"whole":false,"replaces":false`, ""},
		{"a supervisor does not take one", "wang", "PUT", "/promises/notice", `{"version":0,"notice":"` + notice + `"}`, 403, "permission.missing", ""},
		{"an administrator does", "boss", "PUT", "/promises/notice", `{"version":0,"notice":"` + notice + `"}`, 200, `"version":1`, ""},
		{"not upon what another one read", "boss", "PUT", "/promises/notice", `{"version":0,"notice":"` + notice + `"}`, 409, "store.changed", ""},
		{"a mistake is said where it is", "boss", "POST", "/promises/preview", `{"code":"own","name":{"zh":"自有","en":"Own"},"note":{"zh":"","en":""},"version":1,"calendars":[],"policies":[{"order":1,"match":{},"targets":[{"metric":"resolution","limit":0,"unit":"hour","calendar":"office"}]}]}`, 422, `"location":"preset.policies.0.targets.0.limit"`, ""},
		{"how cases are handled, too", "boss", "PUT", "/case-handling", `{"reopen_hours":360,"confirm_hours":168,"remind_hours":24,"reminders":2,"rises":[{"on":"demand","to":2},{"on":"warning","to":1}],"categories":[]}`, 422, `"location":"rises.1"`, ""},
		{"and not over another's change", "boss", "PUT", "/case-handling", `{"version":7,"reopen_hours":360,"confirm_hours":168,"remind_hours":24,"reminders":2,"rises":[],"categories":[]}`, 409, "store.changed", ""},
	})
}
