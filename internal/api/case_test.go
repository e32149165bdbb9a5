package api

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"yingda/internal/domain/audit"
	"yingda/internal/domain/sla"
)

// What is wrong in a request about cases or promises is answered with what is
// wrong, and never with a failure of ours.

func (r *room) handIn(who, name, body string) {
	r.t.Helper()
	rec := r.call(who, "POST", "/cases", body)
	var got struct{ ID string }
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != 201 {
		r.t.Fatalf("%d %s: %v", rec.Code, rec.Body, err)
	}
	r.names[name] = got.ID
}

func takenIn(clientID, more string) string {
	return fmt.Sprintf(`{"client_id":%q,"kind":"complaint","source":"phone","text":"异响","phone":"13812345678"%s}`, clientID, more)
}

func TestBadCases(t *testing.T) {
	r := newRoom(t)
	r.handIn("lin", "case", takenIn("phone-00001", ""))
	r.handIn("lin", "other", takenIn("phone-00002", ""))
	const gone = "ag_0akxaax01zysn"
	long := strings.Repeat("长", 9000)
	huge := strings.Repeat("a", 200_000)
	hand := func(name, more string, status int, says string) step {
		return step{name, "lin", "POST", "/cases", takenIn("phone-bad-"+strconv.Itoa(len(name)), more), status, says, ""}
	}
	act := func(name, body string, status int, says string) step {
		return step{name, "wang", "POST", "/cases/{case}/acts", body, status, says, ""}
	}
	post := func(name, path, body string, status int, says string) step {
		return step{name, "wang", "POST", "/cases/{case}" + path, body, status, says, ""}
	}
	r.play([]step{
		hand("category", `,"category":"nothing.here"`, 422, `"category"`),
		hand("category of a kind", `,"category":"account.login"`, 422, "case.category_kind"),
		hand("field without a form", `,"fields":{"vin":"x"}`, 422, `"fields.vin"`),
		hand("long tried", `,"tried":"`+long+`"`, 422, `"tried"`),
		hand("year 0", `,"received_at":"0000-01-01T00:00:00Z"`, 422, "received_at"),
		hand("year 9999", `,"received_at":"9999-12-31T23:59:59-14:00"`, 422, "received_at"),
		hand("year 10000", `,"received_at":"10000-01-01T00:00:00Z"`, 422, "received_at"),
		hand("no contact", `,"contact_id":"ct_0akxaax01zysn"`, 404, "contact.unknown"),
		hand("no such chat", `,"conversation_id":"cv_0akxaax01zysn"`, 404, "conversation.unknown"),
		hand("files that are not there", `,"files":["at_0akxaax01zysn"]`, 422, "message.file"),
		hand("too many files here", `,"files":["at_0akxaax01zysn"`+strings.Repeat(`,"at_0akxaax01zysn"`, 5000)+`]`, 422, `"files"`),
		{"accused who is nobody", "wang", "POST", "/cases", takenIn("phone-bad-a1", `,"accused_id":"`+gone+`"`), 404, "agent.unknown", ""},
		{"accused oneself", "wang", "POST", "/cases", takenIn("phone-bad-a2", `,"accused_id":"{wang}"`), 409, "case.accused", ""},
		{"nothing was kept of it", "wang", "GET", "/cases?limit=100", "", 200, "{case}", "phone-bad"},

		act("no act", `{}`, 422, "act"),
		act("act that is none", `{"act":"explode"}`, 409, "case.state"),
		act("act of another kind", `{"act":"dispatch"}`, 409, "case.state"),
		act("field of another type", `{"act":"note","text":5}`, 422, "text"),
		act("act as a list", `{"act":["note"]}`, 422, "act"),
		act("nobody", `{"act":"assign","agent_id":"`+gone+`"}`, 404, "agent.unknown"),
		act("no team", `{"act":"assign","team_id":"tm_0akxaax01zysn"}`, 404, "team.unknown"),
		act("an id of another kind", `{"act":"assign","agent_id":"{case}"}`, 422, "there is nothing with the id"),
		act("neither", `{"act":"assign"}`, 422, "assignee"),
		act("long", `{"act":"note","text":"`+long+`"}`, 422, `"text"`),
		act("huge", `{"act":"note","text":"`+huge+`"}`, 422, `"text"`),
		act("long cause", `{"act":"accept","level":"complex","category":"complaint.service","contacted":true,"cause":"`+huge+`"}`, 422, `"cause"`),
		act("long agreement", `{"act":"escalate","reason":"x","escalation":{"level":2,"confirmed":"`+huge+`"}}`, 422, `"escalation.confirmed"`),
		act("level", `{"act":"escalate","reason":"x","escalation":{"level":-7,"confirmed":"好"}}`, 422, "escalation"),
		act("past", `{"act":"snooze","until":"2020-01-01T00:00:00Z"}`, 422, "until"),
		act("year 9999", `{"act":"snooze","until":"9999-12-31T23:59:59-14:00"}`, 422, "until"),
		act("year 0", `{"act":"follow_up","until":"0000-01-01T00:00:00+14:00"}`, 422, "until"),
		act("an authority in year 0", `{"act":"external","external":{"body":"12315","reference":"X1","due_at":"0000-01-01T00:00:00Z"}}`, 422, "external.due_at"),
		act("a special term in year 9999", `{"act":"accept","level":"special","category":"complaint.service","contacted":true,"special":{"due_at":"9999-12-31T23:59:59-14:00","reason":"x"}}`, 422, "special.due_at"),
		act("category of a kind", `{"act":"accept","level":"complex","category":"account.login","contacted":true}`, 422, "category"),
		act("itself", `{"act":"merge","into":"{case}"}`, 422, "into"),
		act("into nothing", `{"act":"merge","into":"cs_0akxaax01zysn"}`, 404, "case.unknown"),
		act("tasks that are none", `{"act":"note","text":"x","waived":[{"task_id":"tk_0akxaax01zysn","reason":"x"}]}`, 404, "task.unknown"),
		act("old version", `{"act":"note","text":"x","version":99}`, 409, "store.changed"),

		post("classify as nothing", "/classification", `{"kind":"complaint","category":"x","level":"simple","reason":"x"}`, 422, "category"),
		post("classify without a level", "/classification", `{"kind":"complaint","category":"complaint.fee","level":"","reason":"x"}`, 422, "level"),
		post("classify for long", "/classification", `{"kind":"complaint","category":"complaint.fee","level":"simple","reason":"`+long+`"}`, 422, `"reason"`),
		post("accuse nobody", "/accused", `{"agent_id":"`+gone+`"}`, 404, "agent.unknown"),
		post("accuse none", "/accused", `{"agent_id":""}`, 422, "accused"),
		post("prove nothing", "/evidence", `{"files":[]}`, 422, "files"),
		post("keep what is no evidence", "/custody", `{"evidence":"x","act":"viewed"}`, 404, "evidence.unknown"),
		post("an act that is none", "/custody", `{"evidence":"x","act":"burned"}`, 422, "act"),
		post("a party without end", "/statements", `{"name":"`+long+`","role":"dealer","text":"x"}`, 422, `"name"`),
		post("a statement without end", "/statements", `{"name":"x","role":"dealer","text":"`+long+`"}`, 422, `"text"`),
		post("a task in the past", "/tasks", `{"kind":"callback","title":"x","due_at":"2020-01-01T00:00:00Z"}`, 422, "due_at"),
		post("a task in year 9999", "/tasks", `{"kind":"callback","title":"x","due_at":"9999-12-31T23:59:59-14:00"}`, 422, "due_at"),
		post("a task for a name without end", "/tasks", `{"kind":"callback","title":"x","assignee":"`+long+`"}`, 422, `"assignee"`),
		post("a task that is none", "/tasks/tk_0akxaax01zysn/end", `{"result":"x"}`, 404, "task.unknown"),
		post("work in the past", "/works", `{"provider":"x","text":"x","due_at":"2020-01-01T00:00:00Z"}`, 422, "due_at"),
		post("work without end", "/works", `{"provider":"x","text":"`+long+`"}`, 422, `"text"`),
		post("work that is none", "/works/wo_0akxaax01zysn/acts", `{"act":"finish","text":"x"}`, 404, "work.unknown"),
		post("tie to itself", "/ties", `{"case_id":"{case}","relation":"related"}`, 422, "case.itself"),
		post("tie to nothing", "/ties", `{"case_id":"cs_0akxaax01zysn","relation":"related"}`, 404, "case.unknown"),
		post("child of itself", "/ties", `{"case_id":"{case}","relation":"child_of"}`, 422, "case.itself"),
		post("child of another", "/ties", `{"case_id":"{other}","relation":"child_of"}`, 200, "{other}"),
		{"a circle of children", "wang", "POST", "/cases/{other}/ties", `{"case_id":"{case}","relation":"child_of"}`, 422, "case.itself", ""},
		post("a part of no kind", "/parts", `{"client_id":"part-00001","kind":"nothing","text":"x"}`, 422, "kind"),
		post("a part of nothing", "/parts", `{"client_id":"part-00001","kind":"complaint","text":""}`, 422, "text"),
		act("into another", `{"act":"merge","into":"{other}"}`, 200, "merged"),
		{"a circle of merging", "wang", "POST", "/cases/{other}/acts", `{"act":"merge","into":"{case}"}`, 422, "case.itself", ""},

		{"a place that is none", "wang", "GET", "/cases?cursor=%00%ff", "", 422, "cursor", ""},
		{"broken words", "wang", "GET", "/cases?number=%ff%00&source=%ff&state=%00&category=%ff", "", 200, `"items":[]`, ""},
		{"a negative page", "wang", "GET", "/cases?limit=-1", "", 422, "limit", ""},
		{"a board of none", "wang", "GET", "/promises/board?cursor=x", "", 422, "cursor", ""},
	})
}

func TestBadPromises(t *testing.T) {
	r := newRoom(t)
	r.handIn("lin", "case", takenIn("phone-00001", ""))
	calendar := func(change string) string {
		c := `"code":"shop","name":{"zh":"门店","en":"Shop"},"zone":"Asia/Shanghai","week":[[{"from":"09:00","to":"18:00"}],[],[],[],[],[],[]],"always":false,"holidays":"","exceptions":[],"open_on_makeup_days":true`
		return `{"version":0,"calendar":{` + strings.Replace(c, strings.SplitN(change, "=", 2)[0], strings.SplitN(change, "=", 2)[1], 1) + `}}`
	}
	standard, _ := sla.PresetByCode(sla.Standard)
	preset := func(change func(*sla.Preset)) string {
		p := standard
		p.Policies, p.Calendars = append([]sla.Policy{}, p.Policies...), append([]sla.Calendar{}, p.Calendars...)
		change(&p)
		b, err := json.Marshal(map[string]any{"version": 0, "preset": p})
		r.must(err)
		return string(b)
	}
	weekly := preset(func(p *sla.Preset) {
		for i := range p.Calendars {
			if p.Calendars[i].Code == sla.Office {
				p.Calendars[i].Week = [7][]sla.Span{{{From: "09:00", To: "10:00"}}}
				for d := 1; d < 7; d++ {
					p.Calendars[i].Week[d] = []sla.Span{}
				}
			}
		}
		p.Policies = append(p.Policies, sla.Policy{Order: 5, Match: sla.Match{Kind: "fault"}, Targets: []sla.Target{{Metric: sla.Resolution, Limit: 3660, Unit: sla.WorkingDay, Calendar: sla.Office}}})
	})
	notice := func(text string) string {
		b, err := json.Marshal(map[string]any{"version": 0, "notice": text})
		r.must(err)
		return string(b)
	}
	put := func(name, path, body string, status int, says string) step {
		return step{name, "boss", "PUT", path, body, status, says, ""}
	}
	r.play([]step{
		put("zone", "/promises/calendar", calendar(`Asia/Shanghai=Mars/Olympus`), 422, "calendar.zone"),
		put("zone of nowhere", "/promises/calendar", calendar(`Asia/Shanghai=../../etc/passwd`), 422, "calendar.zone"),
		put("never open", "/promises/calendar", calendar(`{"from":"09:00","to":"18:00"}=`), 422, "calendar.week"),
		put("a span of nothing", "/promises/calendar", calendar(`18:00=09:00`), 422, "calendar.week"),
		put("an eighth day", "/promises/calendar", calendar(`[],[]]=[],[],[]]`), 422, ""),
		put("no code", "/promises/calendar", calendar(`shop=`), 422, "calendar.code"),
		put("old version", "/promises/calendar", strings.Replace(calendar(`shop=shop`), `"version":0`, `"version":7`, 1), 409, "store.changed"),
		put("negative version", "/promises/calendar", strings.Replace(calendar(`shop=shop`), `"version":0`, `"version":-7`, 1), 409, "store.changed"),

		put("no json", "/promises/notice", notice("x"), 422, "notice"),
		put("both", "/promises/notice", notice(`{"year":2027,"days":[{"name":"a","date":"2027-01-01","isOffDay":true},{"name":"a","date":"2027-01-01","isOffDay":false}]}`), 422, "notice.days"),
		put("twice", "/promises/notice", notice(`{"year":2027,"days":[{"name":"a","date":"2027-01-01","isOffDay":true},{"name":"a","date":"2027-01-01","isOffDay":true}]}`), 422, "notice.days"),
		put("far", "/promises/notice", notice(`{"year":2027,"days":[{"name":"a","date":"2031-01-01","isOffDay":true}]}`), 422, "notice.days"),
		put("no day", "/promises/notice", notice(`{"year":2027,"days":[{"name":"a","date":"2027-02-30","isOffDay":true}]}`), 422, "notice.days"),
		put("year", "/promises/notice", notice(`{"year":-5,"days":[]}`), 422, "notice.year"),
		put("none", "/promises/notice", notice(`{"year":2027,"days":[]}`), 422, "notice.days"),

		put("no calendar", "/promises/preset", preset(func(p *sla.Preset) { p.Calendars = []sla.Calendar{} }), 422, "preset.policies.0.targets.0.calendar"),
		put("no metric", "/promises/preset", preset(func(p *sla.Preset) {
			p.Policies[0].Targets = []sla.Target{{Metric: "joy", Limit: 1, Unit: sla.Hour, Calendar: sla.Office}}
		}), 422, "target.metric"),
		put("negative", "/promises/preset", preset(func(p *sla.Preset) {
			p.Policies[0].Targets = []sla.Target{{Metric: sla.Resolution, Limit: -1, Unit: sla.Hour, Calendar: sla.Office}}
		}), 422, "target.limit"),
		put("endless", "/promises/preset", weekly, 422, "calendar.too_far"),
		put("no name", "/promises/preset", preset(func(p *sla.Preset) { p.Name = sla.Text{} }), 422, "preset.name"),
		put("order twice", "/promises/preset", preset(func(p *sla.Preset) { p.Policies = append(p.Policies, p.Policies[0]) }), 422, "preset.policies"),
	})
	r.play([]step{{"nothing was kept", "boss", "GET", "/promises", "", 200, `"version":0`, ""}})
	for version, p := range sla.Presets()[:4] { // what is shown can be put back as it is
		b, err := json.Marshal(map[string]any{"version": version, "preset": p, "recompute": true})
		r.must(err)
		r.play([]step{{p.Code, "boss", "PUT", "/promises/preset", string(b), 200, p.Code, ""}})
		r.run()
	}
	r.handIn("lin", "second", takenIn("phone-00009", ""))
}

// How to reach whoever handed a case in is shown in part, in every answer; the
// whole for a reason, to who may see it and to whoever handles the case.
func TestReachOfACaseIsMasked(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const phone, mail = "13812345678", "zhangwei@mail.example"
	rec := r.call("lin", "POST", "/cases", takenIn("phone-00001", `,"email":"`+mail+`"`))
	if got := rec.Body.String(); rec.Code != 201 || strings.Contains(got, phone) || strings.Contains(got, mail) {
		t.Errorf("handed in: %d %s", rec.Code, got)
	}
	r.handIn("lin", "case", takenIn("phone-00001", `,"email":"`+mail+`"`)) // the same again
	reveal := func(name, who, field, reason string, status int, says string) step {
		return step{name, who, "POST", "/cases/{case}/reveal", `{"field":"` + field + `","reason":"` + reason + `"}`, status, says, ""}
	}
	r.play([]step{
		{"the case", "lin", "GET", "/cases/{case}", "", 200, `"phone":"138****5678"`, phone},
		{"and its address", "wang", "GET", "/cases/{case}", "", 200, `"email":"zh***@mail.example"`, mail},
		{"an act", "wang", "POST", "/cases/{case}/acts", `{"act":"note","text":"已电话联系"}`, 200, `"phone":"138****5678"`, phone},
		{"a statement", "wang", "POST", "/cases/{case}/statements", `{"name":"张伟","role":"customer","reach":"13987654321","text":"等了三小时"}`, 200, `"reach":"139****4321"`, "13987654321"},
		{"and of another way", "wang", "POST", "/cases/{case}/statements", `{"name":"李伟","role":"other","reach":"微信 liwei-2020","text":"我在场"}`, 200, `"reach":"微***0"`, "liwei"},
		{"a company is no secret", "wang", "POST", "/cases/{case}/statements", `{"name":"远行南山店","role":"dealer","reach":"0755-88886666","text":"已检查"}`, 200, `"reach":"0755-88886666"`, ""},
		{"tags", "wang", "POST", "/cases/{case}/tags", `{"add":["安全"],"remove":[]}`, 200, `"phone":"138****5678"`, phone},

		reveal("no reason", "wang", "phone", " ", 422, "contact.reason"),
		reveal("no such field", "wang", "name", "回电", 422, "contact.field"),
		reveal("no such party", "wang", "party.7", "回电", 422, "contact.field"),
		reveal("who sees no cases", "editor", "phone", "回电", 403, "permission.missing"),
		reveal("an agent whom it does not concern", "zhao", "phone", "回电", 403, "case.reveal"),
		reveal("a supervisor", "wang", "phone", "客户要求回电", 200, `"value":"`+phone+`"`),
		reveal("the way to a party", "wang", "party.0", "回电", 200, `"value":"13987654321"`),
		{"it goes to an agent", "wang", "POST", "/cases/{case}/acts", `{"act":"assign","agent_id":"{zhao}"}`, 200, `"phone":"138****5678"`, phone},
		reveal("who now calls back", "zhao", "email", "发送处理结果", 200, `"value":"`+mail+`"`),
		reveal("the other agent still does not", "lin", "email", "好奇一下", 403, "case.reveal"),
	})
	es, err := r.desk.DB.Now().AuditEntries(t.Context(), audit.Filter{Action: "contact.reveal", ObjectKind: "case", Limit: 10})
	if err != nil || len(es) != 3 || es[2].Detail["reason"] != "客户要求回电" || es[2].Detail["field"] != "phone" || strings.Contains(fmt.Sprint(es), phone) {
		t.Errorf("audited: %+v, %v", es, err)
	}
}
