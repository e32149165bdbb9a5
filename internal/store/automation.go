package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// Rules returns all rules, in the order in which they are asked.
func (tx *Tx) Rules(ctx context.Context) ([]automation.Rule, error) {
	rows, err := tx.AutomationRules(ctx)
	if err != nil {
		return nil, err
	}
	rs := make([]automation.Rule, 0, len(rows))
	for _, r := range rows {
		rule, err := ruleOf(r)
		if err != nil {
			return nil, err
		}
		rs = append(rs, rule)
	}
	return rs, nil
}

// Rule returns a rule by id.
func (tx *Tx) Rule(ctx context.Context, i automation.ID) (automation.Rule, error) {
	r, err := tx.AutomationRule(ctx, int64(i))
	if err != nil {
		return automation.Rule{}, notFound(err, "automation.unknown", "rule")
	}
	return ruleOf(r)
}

func ruleOf(r sqlcgen.AutomationRule) (rule automation.Rule, err error) {
	if err := json.Unmarshal([]byte(r.Body), &rule); err != nil {
		return rule, fmt.Errorf("rule %s: %w", automation.ID(r.ID), err)
	}
	rule.ID, rule.Name, rule.Enabled, rule.Order, rule.Version = automation.ID(r.ID), r.Name, r.Enabled, int(r.Position), r.Version
	return rule, nil
}

// InsertRule adds a rule.
func (tx *Tx) InsertRule(ctx context.Context, r automation.Rule) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return tx.InsertAutomationRule(ctx, sqlcgen.InsertAutomationRuleParams{
		ID: int64(r.ID), Name: r.Name, Enabled: r.Enabled, Position: int64(r.Order), Body: string(b),
	})
}

// SaveRule writes a rule back. It is a Conflict if somebody changed it since
// the version that it carries.
func (tx *Tx) SaveRule(ctx context.Context, r automation.Rule) (automation.Rule, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return r, err
	}
	err = changed(tx.SaveAutomationRule(ctx, sqlcgen.SaveAutomationRuleParams{
		ID: int64(r.ID), Version: r.Version, Name: r.Name, Enabled: r.Enabled, Position: int64(r.Order), Body: string(b),
	}))
	r.Version++
	return r, err
}

// DeleteRule removes a rule; what it did stays in the log.
func (tx *Tx) DeleteRule(ctx context.Context, i automation.ID) error {
	n, err := tx.DeleteAutomationRule(ctx, int64(i))
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "automation.unknown", "there is no such %s", "rule")
	}
	return err
}

const rulesChanged = "automation.rules"

// RulesVersion returns a number that is another one after each change of the
// rules; 0 before the first.
func (tx *Tx) RulesVersion(ctx context.Context) (int64, error) {
	n, err := tx.Count(ctx, rulesChanged)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// MarkRules says that the rules have changed. The number is a new id, so that
// one that was taken back is never given again.
func (tx *Tx) MarkRules(ctx context.Context, now time.Time) error {
	return tx.SetCount(ctx, sqlcgen.SetCountParams{Name: rulesChanged, Value: int64(id.New[id.Noun](now))})
}

// Ticked returns when a trigger of time was last looked at; the zero time if
// never.
func (tx *Tx) Ticked(ctx context.Context, trigger string) (time.Time, error) {
	n, err := tx.Count(ctx, "automation.tick/"+trigger)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return at(n), err
}

// Tick writes when a trigger of time was looked at.
func (tx *Tx) Tick(ctx context.Context, trigger string, now time.Time) error {
	return tx.SetCount(ctx, sqlcgen.SetCountParams{Name: "automation.tick/" + trigger, Value: ms(now)})
}

// RunID names a line of the log of rules.
type RunID = id.ID[runNoun]

type runNoun struct{}

func (runNoun) Prefix() string { return "ru" }

// Outcome is what became of a rule that heard of a happening.
type Outcome string

// The outcomes.
const (
	Fired   Outcome = "fired"
	Held    Outcome = "held"    // by the guard against loops
	Skipped Outcome = "skipped" // its conditions are not met
)

// Run is a line of the log of rules: what one rule made of one happening.
type Run struct {
	ID          RunID              `json:"id"`
	Cause       string             `json:"-"` // names the happening
	Rule        automation.ID      `json:"rule_id"`
	RuleName    string             `json:"rule_name"`
	Subject     automation.Subject `json:"subject"`
	SubjectID   int64              `json:"-"`
	SubjectName string             `json:"subject_name"` // a case's or a conversation's number
	Version     int64              `json:"version"`      // of the subject, when it happened
	Event       automation.Event   `json:"event"`
	Outcome     Outcome            `json:"outcome"`
	At          time.Time          `json:"at"`
	RunBody
}

// RunBody is what a run says of itself.
type RunBody struct {
	Depth int                 `json:"depth"` // how many rules in a row led to it
	Why   phrase.Reason       `json:"why,omitzero"`
	Tree  *automation.Verdict `json:"tree,omitempty"`
	Done  []Done              `json:"done,omitempty"`
}

// Done is an action with what became of it.
type Done struct {
	Action automation.Action `json:"action"`
	Text   string            `json:"text,omitempty"`   // its text, with the variables filled in
	Failed *Refusal          `json:"failed,omitempty"` // why it was refused
}

// Refusal is why an action was refused, as it was said then.
type Refusal struct {
	Code string `json:"code"`
	Zh   string `json:"zh"`
	En   string `json:"en"`
}

// AddRun adds a line to the log. It is false if the rule has one for this
// happening already.
func (tx *Tx) AddRun(ctx context.Context, r Run) (bool, error) {
	b, err := json.Marshal(r.RunBody)
	if err != nil {
		return false, err
	}
	n, err := tx.InsertAutomationRun(ctx, sqlcgen.InsertAutomationRunParams{
		ID: int64(id.New[runNoun](r.At)), Cause: r.Cause, RuleID: int64(r.Rule), RuleName: r.RuleName, SubjectKind: string(r.Subject), SubjectID: r.SubjectID,
		SubjectName: r.SubjectName, Version: r.Version, Event: string(r.Event), Outcome: string(r.Outcome), At: ms(r.At), Body: string(b),
	})
	return n > 0, err
}

// RanFor reports whether a happening was dealt with before.
func (tx *Tx) RanFor(ctx context.Context, cause string) (bool, error) {
	n, err := tx.AutomationRunsBy(ctx, cause)
	return n > 0, err
}

// RunsOf returns when rules acted on a thing, the newest first.
func (tx *Tx) RunsOf(ctx context.Context, s automation.Subject, subject int64, name string, most int) ([]automation.Run, error) {
	rows, err := tx.AutomationRunsOf(ctx, sqlcgen.AutomationRunsOfParams{SubjectKind: string(s), SubjectID: subject, Most: int64(most)})
	rs := make([]automation.Run, 0, len(rows))
	for _, r := range rows {
		rs = append(rs, automation.Run{Rule: automation.ID(r.RuleID), Subject: name, Version: r.Version, At: at(r.At)})
	}
	return rs, err
}

// TrimRuns forgets what rules did before a time, and what they did not do
// before another.
func (tx *Tx) TrimRuns(ctx context.Context, did, skipped time.Time) error {
	return tx.TrimAutomationRuns(ctx, sqlcgen.TrimAutomationRunsParams{Fired: ms(did), Skipped: ms(skipped)})
}

// RunList asks for a page of the log of rules.
type RunList struct {
	Rule      automation.ID
	Subject   automation.Subject
	SubjectID int64 // of the subject; all of it if 0
	Outcome   Outcome
	Cursor    string
	Limit     int
}

// ListRuns returns a page of the log, newest first, and the cursor of the next.
func (tx *Tx) ListRuns(ctx context.Context, ask RunList) ([]Run, string, error) {
	q := newList("SELECT r.id, r.cause, r.rule_id, r.rule_name, r.subject_kind, r.subject_id, r.subject_name, r.version, r.event, r.outcome, r.at, r.body FROM automation_runs r")
	if !ask.Rule.IsZero() {
		q.and("r.rule_id = ?", int64(ask.Rule))
	}
	if ask.Subject != "" {
		q.and("r.subject_kind = ?", string(ask.Subject))
	}
	if ask.SubjectID != 0 {
		q.and("r.subject_id = ?", ask.SubjectID)
	}
	if ask.Outcome != "" {
		q.and("r.outcome = ?", string(ask.Outcome))
	}
	if ask.Cursor != "" {
		ns, err := ReadCursor(ask.Cursor, 1)
		if err != nil {
			return nil, "", err
		}
		q.and("r.id < ?", ns[0])
	}
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY r.id DESC LIMIT ?", ask.Limit+1), q.args...)
	if err != nil {
		return nil, "", err
	}
	rs, err := scanRuns(rows)
	if err != nil || len(rs) <= ask.Limit {
		return rs, "", err
	}
	rs = rs[:ask.Limit]
	return rs, WriteCursor(int64(rs[len(rs)-1].ID)), nil
}

func scanRuns(rows *sql.Rows) ([]Run, error) {
	defer func() { logClose("automation_runs", rows.Close()) }()
	rs := []Run{}
	for rows.Next() {
		var r sqlcgen.AutomationRun
		if err := rows.Scan(&r.ID, &r.Cause, &r.RuleID, &r.RuleName, &r.SubjectKind, &r.SubjectID, &r.SubjectName, &r.Version, &r.Event, &r.Outcome, &r.At, &r.Body); err != nil {
			return nil, err
		}
		run := Run{
			ID: RunID(r.ID), Cause: r.Cause, Rule: automation.ID(r.RuleID), RuleName: r.RuleName, Subject: automation.Subject(r.SubjectKind), SubjectID: r.SubjectID,
			SubjectName: r.SubjectName, Version: r.Version, Event: automation.Event(r.Event), Outcome: Outcome(r.Outcome), At: at(r.At),
		}
		if err := json.Unmarshal([]byte(r.Body), &run.RunBody); err != nil {
			return nil, fmt.Errorf("run %s: %w", run.ID, err)
		}
		rs = append(rs, run)
	}
	return rs, rows.Err()
}

// AllMacros returns all macros, by name.
func (tx *Tx) AllMacros(ctx context.Context) ([]automation.Macro, error) {
	rows, err := tx.Macros(ctx)
	if err != nil {
		return nil, err
	}
	ms := make([]automation.Macro, 0, len(rows))
	for _, r := range rows {
		m, err := macroOf(r)
		if err != nil {
			return nil, err
		}
		ms = append(ms, m)
	}
	return ms, nil
}

// Macro returns a macro by id.
func (tx *Tx) Macro(ctx context.Context, i automation.MacroID) (automation.Macro, error) {
	r, err := tx.MacroByID(ctx, int64(i))
	if err != nil {
		return automation.Macro{}, notFound(err, "macro.unknown", "macro")
	}
	return macroOf(r)
}

func macroOf(r sqlcgen.Macro) (m automation.Macro, err error) {
	if err := json.Unmarshal([]byte(r.Body), &m); err != nil {
		return m, fmt.Errorf("macro %s: %w", automation.MacroID(r.ID), err)
	}
	m.ID, m.Name, m.Shortcut, m.Team, m.Subject, m.Version = automation.MacroID(r.ID), r.Name, r.Shortcut, r.TeamID, automation.Subject(r.Subject), r.Version
	return m, nil
}

// AddMacro adds a macro.
func (tx *Tx) AddMacro(ctx context.Context, m automation.Macro) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return tx.InsertMacro(ctx, sqlcgen.InsertMacroParams{ID: int64(m.ID), Name: m.Name, Shortcut: m.Shortcut, TeamID: m.Team, Subject: string(m.Subject), Body: string(b)})
}

// PutMacro writes a macro back. It is a Conflict if somebody changed it since
// the version that it carries.
func (tx *Tx) PutMacro(ctx context.Context, m automation.Macro) (automation.Macro, error) {
	b, err := json.Marshal(m)
	if err != nil {
		return m, err
	}
	err = changed(tx.SaveMacro(ctx, sqlcgen.SaveMacroParams{
		ID: int64(m.ID), Version: m.Version, Name: m.Name, Shortcut: m.Shortcut, TeamID: m.Team, Subject: string(m.Subject), Body: string(b),
	}))
	m.Version++
	return m, err
}

// RemoveMacro removes a macro.
func (tx *Tx) RemoveMacro(ctx context.Context, i automation.MacroID) error {
	n, err := tx.DeleteMacro(ctx, int64(i))
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "macro.unknown", "there is no such %s", "macro")
	}
	return err
}

// OpenCasesFrom returns cases that are open, by what is due next, after a due
// time and an id; the zero values begin.
func (tx *Tx) OpenCasesFrom(ctx context.Context, dueAt int64, after ticket.ID, most int) ([]ticket.Case, error) {
	rows, err := tx.OpenCasesAfter(ctx, sqlcgen.OpenCasesAfterParams{DueAt: dueAt, ID: int64(after), Most: int64(most)})
	return casesOf(rows, err)
}

// DueKey is the due time of a case as OpenCasesFrom goes on from it.
func DueKey(c ticket.Case) int64 { return due(c.DueAt) }

// OpenConversationsFrom returns conversations that are not over, after an id.
func (tx *Tx) OpenConversationsFrom(ctx context.Context, after conversation.ID, most int) ([]conversation.Conversation, error) {
	rows, err := tx.OpenConversationsAfter(ctx, sqlcgen.OpenConversationsAfterParams{ID: after, Most: int64(most)})
	return conversationsOf(rows, err)
}

// CasesThatMoved returns the cases that were handed in, or whose history grew,
// since a time, the newest first.
func (tx *Tx) CasesThatMoved(ctx context.Context, since time.Time, most int) ([]ticket.ID, error) {
	rows, err := tx.CasesWithEntriesSince(ctx, sqlcgen.CasesWithEntriesSinceParams{Since: ms(since), Most: int64(most)})
	is := make([]ticket.ID, 0, len(rows))
	for _, r := range rows {
		is = append(is, ticket.ID(r))
	}
	return is, err
}

// SaidSince returns what contacts have written since a time, the newest first.
func (tx *Tx) SaidSince(ctx context.Context, since time.Time, most int) ([]conversation.Message, error) {
	rows, err := tx.ContactMessagesSince(ctx, sqlcgen.ContactMessagesSinceParams{Since: conversation.MessageID(id.Least[id.Noun](since)), Most: int64(most)})
	return messagesOf(rows, err)
}

// ConversationsFrom returns conversations that began since a time, the newest
// first.
func (tx *Tx) ConversationsFrom(ctx context.Context, since time.Time, most int) ([]conversation.Conversation, error) {
	rows, err := tx.ConversationsSince(ctx, sqlcgen.ConversationsSinceParams{Since: conversation.ID(id.Least[id.Noun](since)), Most: int64(most)})
	return conversationsOf(rows, err)
}

// Handed is how often a contact has handed something in.
type Handed struct{ All, Open, Complaints int }

// HandedInBy returns how many cases a person has.
func (tx *Tx) HandedInBy(ctx context.Context, person contact.ID) (Handed, error) {
	r, err := tx.CountCasesOf(ctx, person)
	return Handed{int(r.Cases), int(r.Open), int(r.Complaints)}, err
}

// TeamAgents returns who belongs to a team and works here.
func (tx *Tx) TeamAgents(ctx context.Context, t agent.TeamID) ([]agent.ID, error) {
	return tx.AgentsInTeam(ctx, t)
}
