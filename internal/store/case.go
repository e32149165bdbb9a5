package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/store/sqlcgen"
)

// Case returns a case by id, without its files. In a transaction that writes,
// nobody else changes it until the end.
func (tx *Tx) Case(ctx context.Context, id ticket.ID) (ticket.Case, error) {
	if err := tx.lock(ctx, "cases", int64(id)); err != nil {
		return ticket.Case{}, err
	}
	r, err := tx.CaseByID(ctx, int64(id))
	if err != nil {
		return ticket.Case{}, notFound(err, "case.unknown", "case")
	}
	return caseOf(r)
}

// CaseByNumber returns a case by its public number.
func (tx *Tx) CaseByNumber(ctx context.Context, number string) (ticket.Case, error) {
	r, err := tx.Queries.CaseByNumber(ctx, number)
	if err != nil {
		return ticket.Case{}, notFound(err, "case.unknown", "case")
	}
	return caseOf(r)
}

// CaseBySender returns what a sender handed in under an id of their own; false
// if there is nothing.
func (tx *Tx) CaseBySender(ctx context.Context, sender, clientID string) (ticket.Case, bool, error) {
	r, err := tx.Queries.CaseBySender(ctx, sqlcgen.CaseBySenderParams{Sender: sender, ClientID: clientID})
	if errors.Is(err, sql.ErrNoRows) {
		return ticket.Case{}, false, nil
	}
	if err != nil {
		return ticket.Case{}, false, err
	}
	c, err := caseOf(r)
	return c, err == nil, err
}

// InsertCase adds a case. It is false, and nothing happens, if the sender has
// handed it in before.
func (tx *Tx) InsertCase(ctx context.Context, c ticket.Case, sender, clientID string) (bool, error) {
	course, err := json.Marshal(c.Course)
	if err != nil {
		return false, err
	}
	n, err := tx.Queries.InsertCase(ctx, sqlcgen.InsertCaseParams{
		ID: int64(c.ID), Number: c.Number, Kind: string(c.Kind), State: string(c.State), Subject: c.Subject, Text: c.Text, Name: c.Name,
		Phone: c.Phone, Email: c.Email, OrderRef: c.Order, AboutStaff: c.AboutStaff, ContactID: c.Contact, ConversationID: c.Conversation,
		Source: c.Source, Sender: sender, ClientID: clientID, CreatedAt: ms(c.CreatedAt), ReceivedAt: ms(c.ReceivedAt),
		Category: c.Category, Level: string(c.Level), Priority: int64(c.Priority), TeamID: c.Team, AgentID: c.Agent, AccusedID: c.Accused,
		DueAt: due(c.DueAt), Escalated: rank(c), Course: string(course),
	})
	return n > 0, err
}

// SaveCase writes what became of a case. It is a Conflict if somebody changed
// the case since it was read.
func (tx *Tx) SaveCase(ctx context.Context, c ticket.Case) (ticket.Case, error) {
	course, err := json.Marshal(c.Course)
	if err != nil {
		return c, err
	}
	err = changed(tx.Queries.SaveCase(ctx, sqlcgen.SaveCaseParams{
		ID: int64(c.ID), Version: c.Version, Kind: string(c.Kind), State: string(c.State), AboutStaff: c.AboutStaff, Category: c.Category,
		Level: string(c.Level), Priority: int64(c.Priority), TeamID: c.Team, AgentID: c.Agent, AccusedID: c.Accused, DueAt: due(c.DueAt), Escalated: rank(c),
		SnoozedUntil: ms(c.SnoozedUntil), ClosedAt: ms(c.ClosedAt), UpdatedAt: ms(c.UpdatedAt), Course: string(course), Shown: c.OnBoard(),
	}))
	c.Version++
	return c, err
}

// HideCase takes back what an agent was told of a case that turns out to be
// about them: notices, and the news of it in the feed. Others read the case
// anew with the news that follows.
func (tx *Tx) HideCase(ctx context.Context, c ticket.ID, whom agent.ID) error {
	if err := tx.HideNotices(ctx, sqlcgen.HideNoticesParams{AgentID: whom, CaseID: c}); err != nil {
		return err
	}
	_, err := tx.db.ExecContext(ctx, `DELETE FROM events WHERE kind = 'case' AND body LIKE ?1 OR kind = 'notice' AND agent_id = ?2 AND body LIKE ?3`,
		`%"id":"`+c.String()+`"%`, whom, `%"case_id":"`+c.String()+`"%`)
	return err
}

// SuggestionsShown returns the suggestions on the board, newest first, from the
// one after another on, or from the first.
func (tx *Tx) SuggestionsShown(ctx context.Context, after ticket.ID, most int) ([]ticket.Case, error) {
	before := int64(after)
	if after.IsZero() {
		before = math.MaxInt64
	}
	rows, err := tx.CasesShown(ctx, sqlcgen.CasesShownParams{Before: before, Most: int64(most)})
	return casesOf(rows, err)
}

// CasesAccusing returns the cases that are about an agent, as the audit log
// names them.
func (tx *Tx) CasesAccusing(ctx context.Context, whom agent.ID) ([]audit.Object, error) {
	rows, err := tx.Queries.CasesAccusing(ctx, whom)
	about := make([]audit.Object, 0, len(rows))
	for _, r := range rows {
		about = append(about, audit.Of("case", ticket.ID(r.ID), r.Number))
	}
	return about, err
}

// due is the due time as lists sort by it.
func due(t time.Time) int64 {
	if t.IsZero() {
		return noDue
	}
	return ms(t)
}

// rank is how high a case has gone now; 0 if it has not.
func rank(c ticket.Case) int64 {
	if c.Escalation == nil {
		return 0
	}
	return int64(c.Escalation.Level)
}

// NextCase returns the next number of a kind of case on a day of the
// company's: 1 for the first.
func (tx *Tx) NextCase(ctx context.Context, k ticket.Kind, day time.Time) (int64, error) {
	return tx.NextCount(ctx, sqlcgen.NextCountParams{Name: "case." + string(k) + "." + day.Format(time.DateOnly), First: 1})
}

// AddCaseFile makes a file part of a case.
func (tx *Tx) AddCaseFile(ctx context.Context, c ticket.ID, f conversation.AttachmentID) error {
	return tx.InsertCaseFile(ctx, sqlcgen.InsertCaseFileParams{CaseID: int64(c), AttachmentID: f})
}

// CaseFiles returns the files of a case, in the order in which they came.
func (tx *Tx) CaseFiles(ctx context.Context, c ticket.ID) ([]File, error) {
	rows, err := tx.Queries.CaseFiles(ctx, int64(c))
	fs := make([]File, 0, len(rows))
	for _, r := range rows {
		fs = append(fs, fileOf(r))
	}
	return fs, err
}

// CasesOf returns what a contact handed in, and what was handed in under a
// folded address of theirs if it is not empty, newest first, without files.
func (tx *Tx) CasesOf(ctx context.Context, who contact.ID, email string, most int) ([]ticket.Case, error) {
	rows, err := tx.CasesOfContact(ctx, sqlcgen.CasesOfContactParams{ContactID: who, Email: email, Most: int64(most)})
	return casesOf(rows, err)
}

// CaseView is a list of cases that a person works through.
type CaseView string

// The views.
const (
	MyCases         CaseView = "mine"
	UnassignedCases CaseView = "unassigned"
	OpenCases       CaseView = "open"
	EscalatedCases  CaseView = "escalated"
	SnoozedCases    CaseView = "snoozed"
	OverCases       CaseView = "over"
	AllCases        CaseView = "all"
)

// CaseViews lists them.
func CaseViews() []CaseView {
	return []CaseView{MyCases, UnassignedCases, OpenCases, EscalatedCases, SnoozedCases, OverCases, AllCases}
}

// CaseList asks for a page of cases.
type CaseList struct {
	View     CaseView // all if empty
	By       agent.Actor
	Kind     ticket.Kind  // all kinds if empty
	State    ticket.State // all states if empty
	Category string
	Level    ticket.Level
	Team     agent.TeamID
	Agent    agent.ID
	Contact  contact.ID
	Source   string
	Number   string
	Tag      string
	Text     string // in the subject or the name
	Priority *int
	Now      time.Time // what is asleep until later is out of the open lists
	Cursor   string
	Limit    int
}

const caseColumns = `c.id, c.number, c.kind, c.state, c.subject, c.text, c.name, c.phone, c.email, c.order_ref, c.about_staff,
	c.contact_id, c.conversation_id, c.source, c.sender, c.client_id, c.created_at, c.received_at, c.category, c.level, c.priority,
	c.team_id, c.agent_id, c.accused_id, c.due_at, c.snoozed_until, c.closed_at, c.updated_at, c.course, c.version, c.escalated, c.shown`

// caseOrder is by what a list is sorted.
type caseOrder struct {
	column string
	down   bool
}

// ListCases returns a page of cases that the actor may see, without their
// files, and the cursor of the next page; an empty cursor is the end. What is
// open is in the order in which it falls due, what is over by when it ended,
// all else newest first.
func (tx *Tx) ListCases(ctx context.Context, ask CaseList) ([]ticket.Case, string, error) {
	query, args, order, err := ask.query()
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, "", err
	}
	cs, err := scanCases(rows, ask.Limit+1)
	if err != nil || len(cs) <= ask.Limit {
		return cs, "", err
	}
	cs = cs[:ask.Limit]
	last := cs[len(cs)-1]
	key := map[string]int64{"due_at": due(last.DueAt), "closed_at": ms(last.ClosedAt), "created_at": ms(last.CreatedAt)}[order.column]
	return cs, WriteCursor(key, int64(last.ID)), nil
}

// query is the statement for a page.
func (ask CaseList) query() (query string, args []any, order caseOrder, err error) {
	q := newList("SELECT " + caseColumns + " FROM cases c")
	q.caseSight(ask.By)
	order = q.caseView(ask)
	q.caseFilter(ask, order)
	than, dir := ">", ""
	if order.down {
		than, dir = "<", " DESC"
	}
	if ask.Cursor != "" {
		ns, err := ReadCursor(ask.Cursor, 2)
		if err != nil {
			return "", nil, order, err
		}
		q.and("(c."+order.column+", c.id) "+than+" (?, ?)", ns[0], ns[1])
	}
	query = q.text("ORDER BY c."+order.column+dir+", c.id"+dir+" LIMIT ?", ask.Limit+1)
	return query, q.args, order, nil
}

// CountCases returns how many cases an actor finds in a view, at most most.
func (tx *Tx) CountCases(ctx context.Context, ask CaseList, most int) (n int, err error) {
	q := newList("SELECT 1 FROM cases c")
	q.caseSight(ask.By)
	q.caseFilter(ask, q.caseView(ask))
	err = tx.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM ("+q.text("LIMIT ?", most)+") AS found", q.args...).Scan(&n)
	return n, err
}

// CountCaseLists counts lists of cases as [Tx.CountLists] does conversations.
func (tx *Tx) CountCaseLists(ctx context.Context, asks []CaseList, most int) ([]Count, error) {
	lists := make([][]part, len(asks))
	for i, ask := range asks {
		lists[i] = []part{ask.part()}
	}
	return tx.countParts(ctx, lists, most)
}

// part is the list as one part. What somebody sees of it is for an index to
// find if it is their own, and no index helps with it if it is their team's.
func (ask CaseList) part() part {
	p := part{list: newList("cases c"), id: "c.id"}
	order := p.caseView(ask)
	p.at, p.up = "c."+order.column, !order.down
	p.caseIndexed(ask, order)
	if ask.By.Scope != agent.ScopeTeam {
		p.caseSight(ask.By)
	}
	p.fits(func(l *list) {
		if ask.By.Scope == agent.ScopeTeam {
			l.caseSight(ask.By)
		}
		l.caseRest(ask, order)
	})
	return p
}

// noDue stands for the due time of a case without an open clock, so that it
// comes last in lists by what is due.
const noDue = 1<<53 - 1

// caseSight adds what ticket.Case.MaySee and agent.Actor.SeesCase say, as
// conditions on cases c.
func (l *list) caseSight(by agent.Actor) {
	if !by.May(agent.CaseRead) {
		l.and("1 = 0")
		return
	}
	if !by.May(agent.ComplaintStaffRead) {
		l.and("c.about_staff = ?", false)
	}
	l.and("(c.accused_id IS NULL OR c.accused_id <> ?)", int64(by.Agent))
	switch by.Scope {
	case agent.ScopeAll:
	case agent.ScopeTeam:
		teams := strings.Repeat(" OR +c.team_id = ?", len(by.Teams))
		args := make([]any, 0, len(by.Teams)+1)
		for _, t := range by.Teams {
			args = append(args, t)
		}
		l.and("(+c.team_id IS NULL"+teams+" OR +c.agent_id = ?)", append(args, int64(by.Agent))...)
	default:
		l.and("c.agent_id = ?", int64(by.Agent))
	}
}

func (l *list) caseView(ask CaseList) caseOrder {
	open := func(conds ...string) caseOrder {
		l.and("c.closed_at = 0")
		for _, c := range conds {
			l.and(c)
		}
		l.and("c.snoozed_until <= ?", ms(ask.Now))
		return caseOrder{"due_at", false}
	}
	switch ask.View {
	case MyCases:
		l.and("c.agent_id = ?", int64(ask.By.Agent))
		return open()
	case UnassignedCases:
		return open("c.agent_id IS NULL")
	case OpenCases:
		return open()
	case EscalatedCases:
		return open("c.escalated > 0")
	case SnoozedCases:
		l.and("c.closed_at = 0")
		l.and("c.snoozed_until > 0") // has an index
		l.and("c.snoozed_until > ?", ms(ask.Now))
		return caseOrder{"due_at", false}
	case OverCases:
		l.and("c.closed_at > 0")
		return caseOrder{"closed_at", true}
	case AllCases:
	}
	return caseOrder{"created_at", true}
}

// caseFilter adds what is asked beyond the view.
func (l *list) caseFilter(ask CaseList, order caseOrder) {
	l.caseIndexed(ask, order)
	l.caseRest(ask, order)
}

// caseIndexed adds what an index helps with.
func (l *list) caseIndexed(ask CaseList, order caseOrder) {
	if ask.Kind != "" && order.column == "created_at" {
		l.and("c.kind = ?", string(ask.Kind))
	}
	if !ask.Team.IsZero() && order.teams(ask) {
		l.and("c.team_id = ?", ask.Team)
	}
	if !ask.Agent.IsZero() {
		l.and("c.agent_id = ?", ask.Agent)
	}
	if !ask.Contact.IsZero() {
		l.and("c.contact_id IN (SELECT p.id FROM contacts me JOIN contacts p ON p.person_id = me.person_id WHERE me.id = ?)", ask.Contact)
	}
	if ask.Number != "" {
		l.and("c.number = ?", ask.Number)
	}
}

// teams reports whether an index gives this order of the cases of a team.
func (o caseOrder) teams(ask CaseList) bool { return o.column == "due_at" && ask.View != MyCases }

// caseRest adds what no index helps with. Texts and signs keep the engines from
// another one.
func (l *list) caseRest(ask CaseList, order caseOrder) {
	if ask.Kind != "" && order.column != "created_at" {
		l.and("c.kind || '' = ?", string(ask.Kind)) // PostgreSQL gives a text no sign
	}
	for _, c := range []struct{ column, is string }{
		{"state", string(ask.State)}, {"category", ask.Category}, {"level", string(ask.Level)}, {"source", ask.Source},
	} {
		if c.is != "" {
			l.and("c."+c.column+" || '' = ?", c.is)
		}
	}
	if !ask.Team.IsZero() && !order.teams(ask) {
		l.and("+c.team_id = ?", ask.Team)
	}
	if ask.Tag != "" {
		l.and("EXISTS (SELECT 1 FROM case_tags t WHERE t.case_id = c.id AND t.tag = ?)", ask.Tag)
	}
	if ask.Text != "" {
		l.and("lower(c.subject || ' ' || c.name) LIKE ? ESCAPE '!'", holding(ask.Text))
	}
	if ask.Priority != nil {
		l.and("+c.priority = ?", *ask.Priority)
	}
}

func scanCases(rows *sql.Rows, most int) ([]ticket.Case, error) {
	cs := make([]ticket.Case, 0, most)
	err := eachCase(rows, func(c ticket.Case) error {
		cs = append(cs, c)
		return nil
	})
	return cs, err
}

func eachCase(rows *sql.Rows, f func(ticket.Case) error) error {
	defer func() { logClose("cases", rows.Close()) }()
	for rows.Next() {
		var r sqlcgen.Case
		if err := rows.Scan(&r.ID, &r.Number, &r.Kind, &r.State, &r.Subject, &r.Text, &r.Name, &r.Phone, &r.Email, &r.OrderRef, &r.AboutStaff,
			&r.ContactID, &r.ConversationID, &r.Source, &r.Sender, &r.ClientID, &r.CreatedAt, &r.ReceivedAt, &r.Category, &r.Level, &r.Priority,
			&r.TeamID, &r.AgentID, &r.AccusedID, &r.DueAt, &r.SnoozedUntil, &r.ClosedAt, &r.UpdatedAt, &r.Course, &r.Version, &r.Escalated, &r.Shown); err != nil {
			return err
		}
		c, err := caseOf(r)
		if err != nil {
			return err
		}
		if err := f(c); err != nil {
			return err
		}
	}
	return rows.Err()
}

func casesOf(rows []sqlcgen.Case, err error) ([]ticket.Case, error) {
	cs := make([]ticket.Case, 0, len(rows))
	for _, r := range rows {
		c, err := caseOf(r)
		if err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, err
}

func caseOf(r sqlcgen.Case) (ticket.Case, error) {
	c := ticket.Case{
		ID: ticket.ID(r.ID), Number: r.Number, Kind: ticket.Kind(r.Kind), State: ticket.State(r.State), Subject: r.Subject, Text: r.Text, Name: r.Name,
		Phone: r.Phone, Email: r.Email, Order: r.OrderRef, AboutStaff: r.AboutStaff, Contact: r.ContactID, Conversation: r.ConversationID,
		Source: r.Source, Attachments: []conversation.Attachment{}, CreatedAt: at(r.CreatedAt), ReceivedAt: at(r.ReceivedAt),
		UpdatedAt: at(r.UpdatedAt), Version: r.Version,
	}
	if r.DueAt != noDue {
		c.DueAt = at(r.DueAt)
	}
	if err := json.Unmarshal([]byte(r.Course), &c.Course); err != nil {
		return c, fmt.Errorf("case %s: %w", r.Number, err)
	}
	return c, nil
}

// EachCase calls f with the cases of a kind that were received in a span and
// that the actor may see. It holds one at a time.
func (tx *Tx) EachCase(ctx context.Context, by agent.Actor, k ticket.Kind, from, to time.Time, f func(ticket.Case) error) error {
	q := newList("SELECT " + caseColumns + " FROM cases c")
	q.and("c.kind = ?", string(k))
	q.received(from, to)
	q.caseSight(by)
	rows, err := tx.db.QueryContext(ctx, q.text(""), q.args...)
	if err != nil {
		return err
	}
	return eachCase(rows, f)
}

// received narrows a list of cases c to those received in a span. Nothing is
// received after it was entered, so the index over the day of entry helps.
func (l *list) received(from, to time.Time) {
	l.and("c.created_at >= ?", ms(from))
	l.and("c.received_at >= ?", ms(from))
	l.and("c.received_at < ?", ms(to))
}
