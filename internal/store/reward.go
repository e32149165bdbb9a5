package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/store/sqlcgen"
)

// Policies returns the latest version of each policy.
func (tx *Tx) Policies(ctx context.Context) ([]reward.Policy, error) {
	rows, err := tx.LatestPolicies(ctx)
	if err != nil {
		return nil, err
	}
	return decoded(rows, func(r sqlcgen.Policy) string { return r.Body }, func(*reward.Policy, sqlcgen.Policy) {})
}

// PolicyVersions returns all versions of a policy, the newest first.
func (tx *Tx) PolicyVersions(ctx context.Context, code string) ([]reward.Policy, error) {
	rows, err := tx.Queries.PolicyVersions(ctx, code)
	if err != nil {
		return nil, err
	}
	return decoded(rows, func(r sqlcgen.Policy) string { return r.Body }, func(*reward.Policy, sqlcgen.Policy) {})
}

// PolicyInForce returns the version of a policy that holds at a time.
func (tx *Tx) PolicyInForce(ctx context.Context, code string, now time.Time) (p reward.Policy, err error) {
	r, err := tx.Queries.PolicyInForce(ctx, sqlcgen.PolicyInForceParams{Code: code, At: ms(now)})
	if err != nil {
		return p, notFound(err, "policy.unknown", "policy in force")
	}
	return p, json.Unmarshal([]byte(r.Body), &p)
}

// PolicyAt returns a version of a policy.
func (tx *Tx) PolicyAt(ctx context.Context, code string, version int) (p reward.Policy, err error) {
	r, err := tx.PolicyVersion(ctx, sqlcgen.PolicyVersionParams{Code: code, Version: int64(version)})
	if err != nil {
		return p, notFound(err, "policy.unknown", "policy in force")
	}
	return p, json.Unmarshal([]byte(r.Body), &p)
}

// AddPolicy writes the next version of a policy. Two who write at once cannot
// both have it.
func (tx *Tx) AddPolicy(ctx context.Context, p reward.Policy) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return tx.InsertPolicy(ctx, sqlcgen.InsertPolicyParams{Code: p.Code, Version: int64(p.Version), Since: ms(p.Since), Body: string(b)})
}

const limitsName = "reward.limits"

// Limits returns how much each level may approve now.
func (tx *Tx) Limits(ctx context.Context) (reward.Limits, error) {
	return setting(ctx, tx, limitsName, reward.DefaultLimits)
}

// SaveLimits writes how much each level may approve.
func (tx *Tx) SaveLimits(ctx context.Context, l reward.Limits, now time.Time) error {
	return tx.saveSetting(ctx, limitsName, l, now)
}

// barred writes who may not decide, as the lists look for it.
func barred(ids []agent.ID) string {
	var b strings.Builder
	for _, i := range ids {
		b.WriteString("," + strconv.FormatInt(int64(i), 10))
	}
	if b.Len() > 0 {
		b.WriteByte(',')
	}
	return b.String()
}

// waiting is the level that somebody is needed on, and who may not.
func waiting(n reward.Need) (level, not string) {
	if n.Who != reward.AnApprover {
		return "", ""
	}
	return string(n.Level), barred(n.Not)
}

// Compensation returns a compensation with its payments. In a transaction that
// writes, nobody else changes it until the end.
func (tx *Tx) Compensation(ctx context.Context, i reward.CompensationID) (reward.Compensation, error) {
	if err := tx.lock(ctx, "compensations", int64(i)); err != nil {
		return reward.Compensation{}, err
	}
	r, err := tx.CompensationByID(ctx, i)
	if err != nil {
		return reward.Compensation{}, notFound(err, "compensation.unknown", "compensation")
	}
	return tx.compensation(ctx, r)
}

// CaseOfCompensation returns whose compensation it is.
func (tx *Tx) CaseOfCompensation(ctx context.Context, i reward.CompensationID) (ticket.ID, error) {
	r, err := tx.CompensationByID(ctx, i)
	return r.CaseID, notFound(err, "compensation.unknown", "compensation")
}

// CompensationByClient returns what an agent proposed under an id of their
// own; false if there is nothing.
func (tx *Tx) CompensationByClient(ctx context.Context, by agent.ID, clientID string) (reward.Compensation, bool, error) {
	r, err := tx.Queries.CompensationByClient(ctx, sqlcgen.CompensationByClientParams{ProposerID: by, ClientID: clientID})
	if errors.Is(err, sql.ErrNoRows) {
		return reward.Compensation{}, false, nil
	}
	if err != nil {
		return reward.Compensation{}, false, err
	}
	c, err := tx.compensation(ctx, r)
	return c, err == nil, err
}

// InsertCompensation adds a compensation. It is false, and nothing happens, if
// the proposer has sent it before.
func (tx *Tx) InsertCompensation(ctx context.Context, c reward.Compensation, clientID string) (bool, error) {
	body, err := compensationText(c)
	if err != nil {
		return false, err
	}
	level, not := waiting(c.Needs())
	n, err := tx.Queries.InsertCompensation(ctx, sqlcgen.InsertCompensationParams{
		ID: c.ID, CaseID: c.Case, ContactID: c.Contact, ProposerID: c.Proposer, ClientID: clientID, State: string(c.State), Level: level, Barred: not,
		Budget: c.Budget, CreatedAt: ms(c.CreatedAt), ChangedAt: ms(c.ChangedAt), Body: body,
	})
	return n > 0, err
}

// SaveCompensation writes what became of a compensation, with its payments. It
// is a Conflict if somebody changed it since it was read.
func (tx *Tx) SaveCompensation(ctx context.Context, c reward.Compensation) (reward.Compensation, error) {
	body, err := compensationText(c)
	if err != nil {
		return c, err
	}
	level, not := waiting(c.Needs())
	if err := changed(tx.Queries.SaveCompensation(ctx, sqlcgen.SaveCompensationParams{
		ID: c.ID, Version: c.Version, ContactID: c.Contact, State: string(c.State), Level: level, Barred: not, Budget: c.Budget,
		ChangedAt: ms(c.ChangedAt), Body: body,
	})); err != nil {
		return c, err
	}
	for _, p := range c.Payments {
		if err := tx.PutPayment(ctx, sqlcgen.PutPaymentParams{
			PaymentKey: p.Key, Attempt: int64(p.Attempt), CompensationID: c.ID, State: string(p.State), At: ms(p.At), EndedAt: ms(p.EndedAt),
			Reference: p.Reference, Why: p.Why,
		}); err != nil {
			return c, err
		}
	}
	c.Version++
	return c, nil
}

// CompensationsOf returns the compensations of a case, the oldest first.
func (tx *Tx) CompensationsOf(ctx context.Context, c ticket.ID) ([]reward.Compensation, error) {
	rows, err := tx.CompensationsOfCase(ctx, c)
	if err != nil {
		return nil, err
	}
	return tx.compensations(ctx, rows)
}

// Unpaid returns compensations that the customer accepted and whose payment
// has not begun, of one budget.
func (tx *Tx) Unpaid(ctx context.Context, budget string) ([]reward.Compensation, error) {
	rows, err := tx.CompensationsOfBudget(ctx, budget)
	if err != nil {
		return nil, err
	}
	return tx.compensations(ctx, rows)
}

// CompensationView is a list of compensations.
type CompensationView string

// The views.
const (
	ForMe           CompensationView = "mine"    // wait for the actor's verdict
	WaitingApproval CompensationView = "waiting" // wait for anybody's
	ToPay           CompensationView = "to_pay"  // a payment is on its way, or has failed
	AnyState        CompensationView = "all"
)

// CompensationList asks for a page of compensations.
type CompensationList struct {
	View   CompensationView
	By     agent.Actor
	State  reward.State // all states if empty
	Cursor string
	Limit  int
}

const compensationColumns = "p.id, p.case_id, p.contact_id, p.proposer_id, p.client_id, p.state, p.level, p.barred, p.budget, p.created_at, p.changed_at, p.body, p.version"

// ListCompensations returns a page of compensations that the actor has to
// approve, or may see the case of, and the cursor of the next page. What waits
// is oldest first, all else newest first. A compensation in a case about the
// actor is never among them.
func (tx *Tx) ListCompensations(ctx context.Context, ask CompensationList) ([]reward.Compensation, string, error) {
	q := newList("SELECT " + compensationColumns + " FROM compensations p JOIN cases c ON c.id = p.case_id")
	down := q.compensationView(ask)
	if ask.Cursor != "" {
		ns, err := ReadCursor(ask.Cursor, 1)
		if err != nil {
			return nil, "", err
		}
		if down {
			q.and("p.id < ?", ns[0])
		} else {
			q.and("p.id > ?", ns[0])
		}
	}
	order := "ORDER BY p.id LIMIT ?"
	if down {
		order = "ORDER BY p.id DESC LIMIT ?"
	}
	rows, err := tx.db.QueryContext(ctx, q.text(order, ask.Limit+1), q.args...)
	if err != nil {
		return nil, "", err
	}
	read, err := scanCompensations(rows)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(read) > ask.Limit {
		read = read[:ask.Limit]
		next = WriteCursor(int64(read[len(read)-1].ID))
	}
	cs, err := tx.compensations(ctx, read)
	return cs, next, err
}

// CountCompensations returns how many compensations wait for the actor's
// verdict, at most most.
func (tx *Tx) CountCompensations(ctx context.Context, by agent.Actor, most int) (n int, err error) {
	q := newList("SELECT 1 FROM compensations p JOIN cases c ON c.id = p.case_id")
	q.compensationView(CompensationList{View: ForMe, By: by})
	err = tx.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM ("+q.text("LIMIT ?", most)+") AS found", q.args...).Scan(&n)
	return n, err
}

func (l *list) compensationView(ask CompensationList) (down bool) {
	if ask.View == ForMe {
		l.and("(c.accused_id IS NULL OR c.accused_id <> ?)", int64(ask.By.Agent))
		l.toDecide("p", ask.By)
		return false
	}
	switch ask.View {
	case WaitingApproval:
		l.and("p.level <> ''")
	case ToPay:
		l.and("p.state IN ('customer_accepted', 'executing', 'failed')")
	case ForMe, AnyState:
		down = true
	}
	if ask.State != "" {
		l.and("p.state = ?", string(ask.State))
	}
	if ask.By.May(agent.CompensationApproveFinance) { // whoever pays sees all that is paid, and what is written to whom
		l.and("(c.accused_id IS NULL OR c.accused_id <> ?)", int64(ask.By.Agent))
	} else {
		l.caseSight(ask.By)
	}
	return down
}

// toDecide keeps what waits for a verdict that the actor may give.
func (l *list) toDecide(table string, by agent.Actor) {
	var levels []any
	for _, v := range []reward.Level{reward.Level1, reward.Level2, reward.LevelFinance} {
		if by.May(v.Permission()) {
			levels = append(levels, string(v))
		}
	}
	if len(levels) == 0 || by.Key != "" {
		l.and("1 = 0")
		return
	}
	l.and(table+".level IN ("+strings.TrimSuffix(strings.Repeat("?,", len(levels)), ",")+")", levels...)
	l.and(table+".barred NOT LIKE ?", "%"+barred([]agent.ID{by.Agent})+"%")
}

func scanCompensations(rows *sql.Rows) ([]sqlcgen.Compensation, error) {
	defer func() { logClose("compensations", rows.Close()) }()
	var read []sqlcgen.Compensation
	for rows.Next() {
		var r sqlcgen.Compensation
		if err := rows.Scan(&r.ID, &r.CaseID, &r.ContactID, &r.ProposerID, &r.ClientID, &r.State, &r.Level, &r.Barred, &r.Budget, &r.CreatedAt, &r.ChangedAt, &r.Body, &r.Version); err != nil {
			return nil, err
		}
		read = append(read, r)
	}
	return read, rows.Err()
}

func (tx *Tx) compensations(ctx context.Context, rows []sqlcgen.Compensation) ([]reward.Compensation, error) {
	cs := make([]reward.Compensation, 0, len(rows))
	for _, r := range rows {
		c, err := tx.compensation(ctx, r)
		if err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, nil
}

// compensationText is what has no columns of its own.
func compensationText(c reward.Compensation) (string, error) {
	c.Payments = nil
	b, err := json.Marshal(c)
	return string(b), err
}

func (tx *Tx) compensation(ctx context.Context, r sqlcgen.Compensation) (c reward.Compensation, err error) {
	if err := json.Unmarshal([]byte(r.Body), &c); err != nil {
		return c, fmt.Errorf("compensation %s: %w", r.ID, err)
	}
	c.ID, c.Version, c.State = r.ID, r.Version, reward.State(r.State)
	rows, err := tx.PaymentsOf(ctx, r.ID)
	c.Payments = make([]reward.Payment, 0, len(rows))
	for _, p := range rows {
		c.Payments = append(c.Payments, reward.Payment{
			Key: p.PaymentKey, Attempt: int(p.Attempt), State: reward.State(p.State), At: at(p.At), EndedAt: at(p.EndedAt), Reference: p.Reference, Why: p.Why,
		})
	}
	if c.Approvals == nil {
		c.Approvals = []reward.Approval{}
	}
	return c, err
}

// Reward returns a reward. In a transaction that writes, nobody else changes
// it until the end.
func (tx *Tx) Reward(ctx context.Context, i reward.ID) (reward.Reward, error) {
	if err := tx.lock(ctx, "rewards", int64(i)); err != nil {
		return reward.Reward{}, err
	}
	r, err := tx.RewardByID(ctx, i)
	if err != nil {
		return reward.Reward{}, notFound(err, "reward.unknown", "reward")
	}
	return rewardOf(r)
}

// SourceOfReward returns what a reward is for.
func (tx *Tx) SourceOfReward(ctx context.Context, i reward.ID) (reward.Source, error) {
	r, err := tx.RewardByID(ctx, i)
	return reward.Source{Kind: r.SourceKind, ID: r.SourceID}, notFound(err, "reward.unknown", "reward")
}

// InsertReward adds a reward. Where one of its type stands for its source
// already, nothing happens, and that one is returned and not new.
func (tx *Tx) InsertReward(ctx context.Context, r reward.Reward) (_ reward.Reward, isNew bool, err error) {
	b, err := json.Marshal(r)
	if err != nil {
		return r, false, err
	}
	level, not := waiting(r.Needs())
	var of ticket.ID
	if r.Source.Kind == "case" {
		if err := of.UnmarshalText([]byte(r.Source.ID)); err != nil {
			return r, false, err
		}
	}
	n, err := tx.Queries.InsertReward(ctx, sqlcgen.InsertRewardParams{
		ID: r.ID, RewardKey: r.Key(), ContactID: r.Contact, SourceKind: r.Source.Kind, SourceID: r.Source.ID, CaseID: of, ProposerID: r.Proposer, State: string(r.State),
		Level: level, Barred: not, Budget: r.Budget, CreatedAt: ms(r.CreatedAt), ChangedAt: ms(r.ChangedAt), Body: string(b),
	})
	if err != nil || n > 0 {
		r.Version = 1
		return r, n > 0, err
	}
	row, err := tx.RewardByKey(ctx, r.Key())
	if err != nil {
		return r, false, err
	}
	r, err = rewardOf(row)
	return r, false, err
}

// SaveReward writes what became of a reward.
func (tx *Tx) SaveReward(ctx context.Context, r reward.Reward) (reward.Reward, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return r, err
	}
	level, not := waiting(r.Needs())
	err = changed(tx.Queries.SaveReward(ctx, sqlcgen.SaveRewardParams{
		ID: r.ID, Version: r.Version, State: string(r.State), Level: level, Barred: not, ChangedAt: ms(r.ChangedAt), Body: string(b),
	}))
	r.Version++
	return r, err
}

// RewardsOf returns the rewards for a source, the oldest first.
func (tx *Tx) RewardsOf(ctx context.Context, s reward.Source) ([]reward.Reward, error) {
	rows, err := tx.RewardsOfSource(ctx, sqlcgen.RewardsOfSourceParams{SourceKind: s.Kind, SourceID: s.ID})
	if err != nil {
		return nil, err
	}
	return rewardsOf(rows)
}

// Ungranted returns approved rewards of one budget.
func (tx *Tx) Ungranted(ctx context.Context, budget string) ([]reward.Reward, error) {
	rows, err := tx.RewardsOfBudget(ctx, budget)
	if err != nil {
		return nil, err
	}
	return rewardsOf(rows)
}

// RewardList asks for a page of rewards, newest first.
type RewardList struct {
	By     agent.Actor
	Mine   bool // only those that wait for the actor's verdict
	State  reward.GiftState
	Cursor string
	Limit  int
}

// ListRewards returns a page of rewards and the cursor of the next one.
func (tx *Tx) ListRewards(ctx context.Context, ask RewardList) ([]reward.Reward, string, error) {
	q := newList("SELECT w.id, w.reward_key, w.contact_id, w.source_kind, w.source_id, w.case_id, w.proposer_id, w.state, w.level, w.barred, w.budget, w.created_at, w.changed_at, w.body, w.version FROM rewards w")
	q.notAboutThem(ask.By)
	if ask.Mine {
		q.toDecide("w", ask.By)
	}
	if ask.State != "" {
		q.and("w.state = ?", string(ask.State))
	}
	if ask.Cursor != "" {
		ns, err := ReadCursor(ask.Cursor, 1)
		if err != nil {
			return nil, "", err
		}
		q.and("w.id < ?", ns[0])
	}
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY w.id DESC LIMIT ?", ask.Limit+1), q.args...)
	if err != nil {
		return nil, "", err
	}
	defer func() { logClose("rewards", rows.Close()) }()
	var read []sqlcgen.Reward
	for rows.Next() {
		var r sqlcgen.Reward
		if err := rows.Scan(&r.ID, &r.RewardKey, &r.ContactID, &r.SourceKind, &r.SourceID, &r.CaseID, &r.ProposerID, &r.State, &r.Level, &r.Barred, &r.Budget, &r.CreatedAt, &r.ChangedAt, &r.Body, &r.Version); err != nil {
			return nil, "", err
		}
		read = append(read, r)
	}
	if err := rows.Err(); err != nil {
		return nil, "", err
	}
	rs, err := rewardsOf(read)
	if err != nil || len(rs) <= ask.Limit {
		return rs, "", err
	}
	return rs[:ask.Limit], WriteCursor(int64(rs[ask.Limit-1].ID)), nil
}

// notAboutThem leaves out rewards w for cases about the actor.
func (l *list) notAboutThem(by agent.Actor) {
	l.and("NOT EXISTS (SELECT 1 FROM cases c WHERE w.case_id = c.id AND c.accused_id = ?)", int64(by.Agent))
}

// CountRewards returns how many rewards wait for the actor's verdict, at most
// most.
func (tx *Tx) CountRewards(ctx context.Context, by agent.Actor, most int) (n int, err error) {
	q := newList("SELECT 1 FROM rewards w")
	q.notAboutThem(by)
	q.toDecide("w", by)
	err = tx.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM ("+q.text("LIMIT ?", most)+") AS found", q.args...).Scan(&n)
	return n, err
}

func rewardsOf(rows []sqlcgen.Reward) ([]reward.Reward, error) {
	rs := make([]reward.Reward, 0, len(rows))
	for _, row := range rows {
		r, err := rewardOf(row)
		if err != nil {
			return nil, err
		}
		rs = append(rs, r)
	}
	return slices.Clip(rs), nil
}

func rewardOf(row sqlcgen.Reward) (r reward.Reward, err error) {
	if err := json.Unmarshal([]byte(row.Body), &r); err != nil {
		return r, fmt.Errorf("reward %s: %w", row.ID, err)
	}
	r.ID, r.Version, r.State = row.ID, row.Version, reward.GiftState(row.State)
	return r, nil
}
