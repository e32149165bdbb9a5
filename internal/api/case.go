package api

import (
	"context"
	"strconv"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/learning"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

func (a *API) cases(r *router) {
	read, edit := agent.CaseRead, agent.CaseEdit
	call(r, get("/cases", "A view of cases, with numbers and addresses masked; open ones in the order in which they fall due").needs(read), a.listCases)
	call(r, get("/cases/counts", "How many cases each view holds; counting stops at 999").needs(read), a.countCases)
	call(r, post("/cases", "Hand in a case for a customer who called, came or wrote").needs(edit).answers(201), a.handInCase)
	call(r, get("/cases/{id}", "All there is about a case, with numbers and addresses masked; the look is recorded").needs(read), a.getCase)
	call(r, post("/cases/{id}/reveal", "A number or an address of a case unmasked; who saw it and why is recorded. Who neither has contact.reveal nor handles the case needs a verification").needs(read), a.revealCase)
	call(r, post("/cases/{id}/acts", "Do an act of the case's state machine; a forbidden one is a 409 that lists what is possible").needs(edit), a.doCase)
	call(r, post("/cases/{id}/classification", "Sort a case anew; its clocks are computed anew").needs(edit), a.reclassifyCase)
	call(r, post("/cases/{id}/accused", "Name who works here and is complained about").needs(agent.ComplaintStaffRead), a.accuse)
	call(r, post("/cases/{id}/evidence", "Add files to the evidence, which is never taken out").needs(edit), a.addEvidence)
	act(r, post("/cases/{id}/custody", "Record what was done with a piece of evidence").needs(edit), a.holdEvidence)
	call(r, post("/cases/{id}/statements", "Write down what a party of a dispute says").needs(edit), a.takeStatement)
	call(r, post("/cases/{id}/tasks", "Add something to be done before the case is closed").needs(edit), a.addTask)
	call(r, post("/cases/{id}/tasks/{task}/end", "Say what came of a task").needs(edit), a.endTask)
	call(r, post("/cases/{id}/works", "Send a work order to a third party").needs(edit), a.orderWork)
	call(r, post("/cases/{id}/works/{work}/acts", "Say how a work order goes on").needs(edit), a.moveWork)
	call(r, post("/cases/{id}/ties", "Keep that two cases belong together").needs(edit), a.tieCase)
	call(r, post("/cases/{id}/parts", "Make a part of a case a case of its own").needs(edit).answers(201), a.splitCase)
	call(r, get("/case-kinds", "The kinds of case: names, public stages, states and acts, in both languages"), a.caseKinds)
	call(r, get("/case-handling", "How cases are handled: windows, escalation, categories"), a.getHandling)
	call(r, put("/case-handling", "Change how cases are handled").needs(agent.SettingManage), a.putHandling)
}

// caseView is a case as the wire shows it: with its files, also if there are
// none, and with what became of it.
type caseView struct {
	ticket.Case
	Attachments []conversation.Attachment `json:"attachments"`
	StateName   inbox.Text                `json:"state_name"`
	Stage       ticket.Stage              `json:"stage"`
	Over        bool                      `json:"over"`
	Course      ticket.Course             `json:"course"`
	Next        *clockView                `json:"next,omitempty" doc:"in lists: the open clock that falls due next"`
}

// viewCase shows how to reach the customer in part only, whatever it answers.
func viewCase(c ticket.Case) caseView {
	c = c.Masked()
	v := caseView{Case: c, Attachments: c.Attachments, StateName: c.State.Name(), Stage: c.Stage(), Over: c.State.Over(), Course: c.Course}
	if v.Attachments == nil {
		v.Attachments = []conversation.Attachment{}
	}
	return v
}

type listCases struct {
	PageOf
	View     string              `query:"view" enum:"mine,unassigned,open,escalated,snoozed,over,all" default:"all"`
	Kind     string              `query:"kind" enum:"consultation,fault,complaint,suggestion,feedback,account,order,privacy"`
	State    string              `query:"state" maxLength:"40"`
	Category string              `query:"category" maxLength:"80"`
	Level    string              `query:"level" enum:"simple,general,complex,special"`
	Source   string              `query:"source" maxLength:"20"`
	Number   string              `query:"number" maxLength:"40"`
	Tag      string              `query:"tag" maxLength:"80"`
	Text     string              `query:"q" maxLength:"80" doc:"in the subject or the name"`
	Priority string              `query:"priority" enum:"1,2,3,4"`
	Team     param[agent.TeamID] `query:"team_id"`
	Agent    param[agent.ID]     `query:"agent_id"`
	Contact  param[contact.ID]   `query:"contact_id"`
}

func (in *listCases) query() store.CaseList {
	q := store.CaseList{
		View: store.CaseView(in.View), Kind: ticket.Kind(in.Kind), State: ticket.State(in.State), Category: in.Category, Level: ticket.Level(in.Level),
		Source: in.Source, Number: in.Number, Team: in.Team.Value, Agent: in.Agent.Value, Contact: in.Contact.Value, Cursor: in.Cursor, Limit: in.Limit,
		Tag: in.Tag, Text: in.Text,
	}
	if n, err := strconv.Atoi(in.Priority); err == nil {
		q.Priority = &n
	}
	return q
}

func (a *API) listCases(ctx context.Context, by agent.Actor, in *listCases) (list[caseView], error) {
	p, err := a.Desk.Cases(ctx, by, in.query())
	l := list[caseView]{Items: make([]caseView, 0, len(p.Items)), Next: p.Next}
	if err != nil {
		return l, err
	}
	next, err := a.Desk.NextDue(ctx, p.Items)
	for _, c := range p.Items {
		v := viewCase(c)
		if ck, ok := next[c.ID]; ok {
			shown := a.clock(ck)
			v.Next = &shown
		}
		l.Items = append(l.Items, v)
	}
	return l, err
}

func (a *API) countCases(ctx context.Context, by agent.Actor, _ *struct{}) (map[store.CaseView]int, error) {
	return a.Desk.CountCases(ctx, by, store.CaseList{})
}

// caseDetail is all there is about a case (案卷).
type caseDetail struct {
	Case           caseView         `json:"case"`
	History        []entryView      `json:"history"`
	Clocks         []clockView      `json:"clocks"`
	Evidence       []store.Exhibit  `json:"evidence"`
	EvidenceBroken int              `json:"evidence_broken" doc:"the place of the first piece that is not what it was, from 0; -1 if all are"`
	Custody        []ticket.Custody `json:"custody"`
	Ties           []desk.Tie       `json:"ties"`
	Possible       []actView        `json:"possible"`
	Secret         string           `json:"secret,omitempty" doc:"with the number it lets the customer look the case up"`
}

// entryView is a line of the history with the words for it.
type entryView struct {
	ticket.Entry
	Name      inbox.Text `json:"name"`
	StateName inbox.Text `json:"state_name"`
}

// clockView is a clock as people read it.
type clockView struct {
	store.ClockOf
	Name   sla.Text   `json:"name"`
	Colour sla.Colour `json:"colour"`
	WhyZh  []string   `json:"why_zh"`
	WhyEn  []string   `json:"why_en"`
}

// actView is an act that is possible now, and what has to be said with it.
type actView struct {
	Act   ticket.Act    `json:"act"`
	Name  inbox.Text    `json:"name"`
	Needs []ticket.Need `json:"needs"`
	May   []ticket.Need `json:"may"`
}

func (a *API) detail(f desk.Dossier) caseDetail {
	d := caseDetail{
		Case: viewCase(f.Case), History: []entryView{}, Clocks: []clockView{}, Evidence: f.Evidence, EvidenceBroken: f.Broken,
		Custody: f.Custody, Ties: f.Ties, Possible: []actView{}, Secret: f.Secret,
	}
	if d.Custody == nil {
		d.Custody = []ticket.Custody{}
	}
	for _, e := range f.History {
		d.History = append(d.History, entryView{e, e.Act.Name(), e.To.Name()})
	}
	for _, c := range f.Clocks {
		d.Clocks = append(d.Clocks, a.clock(c))
	}
	for _, act := range f.Possible {
		needs, may := f.Case.Asks(act)
		d.Possible = append(d.Possible, actView{act, act.Name(), needs, may})
	}
	return d
}

func (a *API) clock(c store.ClockOf) clockView {
	return clockView{c, c.Metric.Name(), c.Colour(a.Now()), sla.Sentences(c.Why, "zh"), sla.Sentences(c.Why, "en")}
}

func (a *API) getCase(ctx context.Context, by agent.Actor, in *byID[ticket.ID]) (caseDetail, error) {
	f, err := a.Desk.Case(ctx, by, in.ID.Value)
	if err != nil {
		return caseDetail{}, err
	}
	return a.detail(f), nil
}

type revealOfCase struct {
	Field  string `json:"field" maxLength:"40" doc:"phone, email, or party.<place among the parties, from 0>"`
	Reason string `json:"reason"`
}

func (a *API) revealCase(ctx context.Context, by agent.Actor, in *verifiedBody[ticket.ID, revealOfCase]) (revealed, error) {
	value, err := a.Desk.RevealCase(ctx, by, in.ID.Value, in.Body.Field, in.Body.Reason, in.Verification.Value)
	return revealed{value}, err
}

type handIn struct {
	ClientID     string                      `json:"client_id" doc:"your own id of it; the same gives the same case again"`
	Kind         ticket.Kind                 `json:"kind"`
	Source       string                      `json:"source" enum:"phone,letter,email,visit,chat,survey"`
	Category     string                      `json:"category,omitempty"`
	Subject      string                      `json:"subject,omitempty"`
	Text         string                      `json:"text"`
	Name         string                      `json:"name,omitempty"`
	Phone        string                      `json:"phone,omitempty"`
	Email        string                      `json:"email,omitempty"`
	Order        string                      `json:"order,omitempty"`
	Tried        string                      `json:"tried,omitempty" doc:"what the customer did already"`
	Fields       map[string]string           `json:"fields,omitempty" doc:"what the category's form asks for"`
	AboutStaff   bool                        `json:"about_staff,omitempty"`
	Accused      agent.ID                    `json:"accused_id,omitzero"`
	ReceivedAt   time.Time                   `json:"received_at,omitzero" doc:"from when promises count; a letter: the day it came"`
	Contact      contact.ID                  `json:"contact_id,omitzero"`
	Conversation conversation.ID             `json:"conversation_id,omitzero"`
	Files        []conversation.AttachmentID `json:"files,omitempty"`
	Suggested    sortedAs                    `json:"suggested,omitzero" doc:"what closed work suggested first; what is done with suggestions is counted"`
}

// sortedAs is how closed work suggested to sort a case.
type sortedAs struct {
	Kind     string `json:"kind,omitempty" maxLength:"40"`
	Category string `json:"category,omitempty" maxLength:"80"`
}

// kept is the suggestion as a case keeps it.
func (s sortedAs) kept() map[learning.Topic]string {
	kept := map[learning.Topic]string{}
	if s.Kind != "" {
		kept[learning.CaseKind] = s.Kind
	}
	if s.Category != "" {
		kept[learning.CaseCategory] = s.Category
	}
	return kept
}

func (a *API) handInCase(ctx context.Context, by agent.Actor, in *struct{ Body handIn }) (caseView, error) {
	b := in.Body
	c := ticket.Case{
		Kind: b.Kind, Source: b.Source, Subject: b.Subject, Text: b.Text, Name: b.Name, Phone: b.Phone, Email: b.Email, Order: b.Order,
		AboutStaff: b.AboutStaff, ReceivedAt: b.ReceivedAt, Contact: b.Contact, Conversation: b.Conversation,
		Course: ticket.Course{Category: b.Category, Tried: b.Tried, Fields: b.Fields, Accused: b.Accused, Suggested: b.Suggested.kept()},
	}
	c, err := a.Desk.HandIn(ctx, by, c, b.Files, b.ClientID)
	return viewCase(c), err
}

// doing is an act with all that can be said with it.
type doing struct {
	Act          ticket.Act          `json:"act"`
	Version      int64               `json:"version,omitempty" doc:"the version that was read; a newer one is a conflict"`
	Reason       string              `json:"reason,omitempty"`
	Text         string              `json:"text,omitempty" doc:"to the customer"`
	Team         agent.TeamID        `json:"team_id,omitzero"`
	Agent        agent.ID            `json:"agent_id,omitzero"`
	Suggested    agent.TeamID        `json:"suggested_team_id,omitzero" doc:"the team that closed work suggested; what is done with suggestions is counted"`
	Category     string              `json:"category,omitempty"`
	Level        ticket.Level        `json:"level,omitempty"`
	Special      *ticket.SpecialTerm `json:"special,omitempty"`
	Contacted    bool                `json:"contacted,omitempty"`
	ExpectedAt   time.Time           `json:"expected_at,omitzero"`
	Until        time.Time           `json:"until,omitzero"`
	Findings     string              `json:"findings,omitempty"`
	Solution     string              `json:"solution,omitempty"`
	Cause        string              `json:"cause,omitempty"`
	Outcome      ticket.Outcome      `json:"outcome,omitempty"`
	Approval     string              `json:"approval,omitempty"`
	Verification string              `json:"verification,omitempty"`
	Announcement string              `json:"announcement,omitempty"`
	WaysTold     bool                `json:"ways_told,omitempty"`
	External     *ticket.External    `json:"external,omitempty"`
	Escalate     *escalateTo         `json:"escalation,omitempty"`
	Into         ticket.ID           `json:"into,omitzero"`
	Waived       []ticket.Waiver     `json:"waived,omitempty"`
}

// escalateTo is how high a case goes, and what the customer agreed to (R097).
type escalateTo struct {
	Level     ticket.Rank `json:"level" doc:"1 senior, 2 supervisor, 3 manager"`
	Confirmed string      `json:"confirmed" doc:"the next step that the customer agreed to"`
}

func (b doing) doing() ticket.Doing {
	d := ticket.Doing{
		Act: b.Act, Reason: b.Reason, Text: b.Text, Team: b.Team, Suggested: b.Suggested, Agent: b.Agent, Category: b.Category, Level: b.Level, Special: b.Special,
		Contacted: b.Contacted, ExpectedAt: b.ExpectedAt, Until: b.Until, Findings: b.Findings, Solution: b.Solution, Cause: b.Cause,
		Outcome: b.Outcome, Approval: b.Approval, Verification: b.Verification, Announcement: b.Announcement, WaysTold: b.WaysTold,
		External: b.External, Into: b.Into, Waived: b.Waived,
	}
	if e := b.Escalate; e != nil { // by whom and when the rules of cases fill in
		d.Escalation = &ticket.Escalation{Level: e.Level, Why: ticket.ByHand, Confirmed: &ticket.Confirmation{Text: e.Confirmed}}
	}
	return d
}

func (a *API) doCase(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, doing]) (caseView, error) {
	c, err := a.Desk.DoCase(ctx, by, in.ID.Value, in.Body.Version, in.Body.doing())
	return viewCase(c), err
}

type classification struct {
	Kind     ticket.Kind         `json:"kind"`
	Category string              `json:"category"`
	Level    ticket.Level        `json:"level"`
	Special  *ticket.SpecialTerm `json:"special,omitempty"`
	Reason   string              `json:"reason"`
}

func (a *API) reclassifyCase(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, classification]) (caseView, error) {
	b := in.Body
	c, err := a.Desk.Reclassify(ctx, by, in.ID.Value, ticket.Class{Kind: b.Kind, Category: b.Category, Level: b.Level}, b.Special, b.Reason)
	return viewCase(c), err
}

type accusation struct {
	Agent agent.ID `json:"agent_id"`
}

func (a *API) accuse(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, accusation]) (caseView, error) {
	c, err := a.Desk.Accuse(ctx, by, in.ID.Value, in.Body.Agent)
	return viewCase(c), err
}

type proof struct {
	Files []conversation.AttachmentID `json:"files"`
}

func (a *API) addEvidence(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, proof]) (caseView, error) {
	c, err := a.Desk.AddEvidence(ctx, by, in.ID.Value, in.Body.Files)
	return viewCase(c), err
}

type custodyLine struct {
	Evidence string            `json:"evidence" doc:"the seal of the piece"`
	Act      ticket.CustodyAct `json:"act" enum:"viewed,exported,passed_on,checked"`
	Note     string            `json:"note,omitempty"`
}

func (a *API) holdEvidence(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, custodyLine]) error {
	return a.Desk.HoldEvidence(ctx, by, in.ID.Value, in.Body.Evidence, in.Body.Act, in.Body.Note)
}

type testimony struct {
	Name  string           `json:"name"`
	Role  ticket.PartyRole `json:"role" enum:"customer,company,dealer,repairer,other"`
	Reach string           `json:"reach,omitempty"`
	Text  string           `json:"text"`
}

func (a *API) takeStatement(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, testimony]) (caseView, error) {
	b := in.Body
	c, err := a.Desk.TakeStatement(ctx, by, in.ID.Value, ticket.Party{Name: b.Name, Role: b.Role, Reach: b.Reach}, b.Text)
	return viewCase(c), err
}

type newTask struct {
	Kind     ticket.TaskKind `json:"kind" enum:"callback,training,diagnosis,follow_up,other"`
	Title    string          `json:"title"`
	Assignee string          `json:"assignee,omitempty"`
	DueAt    time.Time       `json:"due_at,omitzero"`
}

func (a *API) addTask(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, newTask]) (caseView, error) {
	b := in.Body
	c, err := a.Desk.AddTask(ctx, by, in.ID.Value, ticket.Task{Kind: b.Kind, Title: b.Title, Assignee: b.Assignee, DueAt: b.DueAt})
	return viewCase(c), err
}

type taskEnd struct {
	ID   param[ticket.ID]     `path:"id"`
	Task param[ticket.TaskID] `path:"task"`
	Body struct {
		Result string `json:"result"`
	}
}

func (a *API) endTask(ctx context.Context, by agent.Actor, in *taskEnd) (caseView, error) {
	c, err := a.Desk.EndTask(ctx, by, in.ID.Value, in.Task.Value, in.Body.Result)
	return viewCase(c), err
}

type newWork struct {
	Provider string    `json:"provider"`
	Text     string    `json:"text" doc:"what is to be done; no more of the customer than that needs"`
	DueAt    time.Time `json:"due_at,omitzero"`
}

func (a *API) orderWork(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, newWork]) (caseView, error) {
	b := in.Body
	c, err := a.Desk.OrderWork(ctx, by, in.ID.Value, ticket.Work{Provider: b.Provider, Text: b.Text, DueAt: b.DueAt})
	return viewCase(c), err
}

type workMove struct {
	ID   param[ticket.ID]     `path:"id"`
	Work param[ticket.WorkID] `path:"work"`
	Body struct {
		Act  ticket.WorkAct `json:"act"`
		Text string         `json:"text,omitempty"`
	}
}

func (a *API) moveWork(ctx context.Context, by agent.Actor, in *workMove) (caseView, error) {
	c, err := a.Desk.MoveWork(ctx, by, in.ID.Value, in.Work.Value, in.Body.Act, in.Body.Text)
	return viewCase(c), err
}

type newTie struct {
	Case     ticket.ID       `json:"case_id"`
	Relation ticket.Relation `json:"relation" enum:"related,duplicate,child_of"`
}

func (a *API) tieCase(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, newTie]) (caseView, error) {
	c, err := a.Desk.TieCases(ctx, by, in.ID.Value, in.Body.Case, in.Body.Relation)
	return viewCase(c), err
}

type newPart struct {
	ClientID string      `json:"client_id"`
	Kind     ticket.Kind `json:"kind"`
	Subject  string      `json:"subject,omitempty"`
	Text     string      `json:"text"`
}

func (a *API) splitCase(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, newPart]) (caseView, error) {
	b := in.Body
	c, err := a.Desk.SplitCase(ctx, by, in.ID.Value, b.Kind, b.Subject, b.Text, b.ClientID)
	return viewCase(c), err
}

// kindView is a kind of case with its words.
type kindView struct {
	Kind   ticket.Kind    `json:"kind"`
	Name   inbox.Text     `json:"name"`
	Stages []ticket.Stage `json:"stages"`
	States []stateView    `json:"states"`
}

type stateView struct {
	State ticket.State `json:"state"`
	Name  inbox.Text   `json:"name"`
	Over  bool         `json:"over"`
}

// caseWords are the words of cases, for forms and filters.
type caseWords struct {
	Kinds    []kindView    `json:"kinds"`
	Acts     []codeView    `json:"acts"`
	Outcomes []outcomeView `json:"outcomes"`
	Levels   []codeView    `json:"levels"`
	Metrics  []codeView    `json:"metrics"`
	Bodies   []ticket.Body `json:"bodies"`
	Ways     inbox.Text    `json:"ways" doc:"what a customer is told who is not content"`
}

type codeView struct {
	Code string     `json:"code"`
	Name inbox.Text `json:"name"`
}

type outcomeView struct {
	Code          string     `json:"code"`
	Name          inbox.Text `json:"name"`
	NeedsApproval bool       `json:"needs_approval"`
}

func (a *API) caseKinds(context.Context, agent.Actor, *struct{}) (w caseWords, err error) {
	for _, k := range ticket.Kinds() {
		v := kindView{Kind: k, Name: k.Name(), Stages: k.Stages()}
		for _, s := range k.States() {
			v.States = append(v.States, stateView{s, s.Name(), s.Over()})
		}
		w.Kinds = append(w.Kinds, v)
	}
	for _, act := range ticket.Acts() {
		w.Acts = append(w.Acts, codeView{string(act), act.Name()})
	}
	for _, o := range ticket.Outcomes() {
		w.Outcomes = append(w.Outcomes, outcomeView{string(o), o.Name(), o.NeedsApproval()})
	}
	for _, l := range ticket.Levels() {
		w.Levels = append(w.Levels, codeView{string(l), l.Name()})
	}
	for _, m := range sla.Metrics() {
		w.Metrics = append(w.Metrics, codeView{string(m), inbox.Text(m.Name())})
	}
	w.Bodies, w.Ways = ticket.Bodies(), ticket.Ways
	return w, nil
}

// handlingView is how cases are handled, with times in hours.
type handlingView struct {
	Version      int64         `json:"version,omitempty" doc:"the one that was read; 0 is that of a new installation"`
	ReopenHours  int           `json:"reopen_hours"`
	ConfirmHours int           `json:"confirm_hours"`
	RemindHours  int           `json:"remind_hours"`
	Reminders    int           `json:"reminders"`
	Rises        []ticket.Rise `json:"rises"`
	Categories   ticket.Tree   `json:"categories"`
}

func viewHandling(h ticket.Handling) handlingView {
	return handlingView{
		Version:     h.Version,
		ReopenHours: int(h.Windows.Reopen.Hours()), ConfirmHours: int(h.Windows.Confirm.Hours()), RemindHours: int(h.Windows.Remind.Hours()),
		Reminders: h.Windows.Reminders, Rises: h.Rises, Categories: h.Categories,
	}
}

func (a *API) getHandling(ctx context.Context, _ agent.Actor, _ *struct{}) (handlingView, error) {
	h, err := a.Desk.Handling(ctx)
	return viewHandling(h), err
}

func (a *API) putHandling(ctx context.Context, by agent.Actor, in *struct{ Body handlingView }) (handlingView, error) {
	b := in.Body
	hours := func(n int) time.Duration { return time.Duration(n) * time.Hour }
	h, err := a.Desk.ChangeHandling(ctx, by, ticket.Handling{
		Version: b.Version,
		Windows: ticket.Windows{Reopen: hours(b.ReopenHours), Confirm: hours(b.ConfirmHours), Remind: hours(b.RemindHours), Reminders: b.Reminders},
		Rises:   b.Rises, Categories: b.Categories,
	})
	return viewHandling(h), err
}
