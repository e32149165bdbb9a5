package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// Particulars returns what is registered of a person to verify them by, the
// oldest first.
func (tx *Tx) Particulars(ctx context.Context, person contact.ID) ([]verification.Registered, error) {
	rows, err := tx.ParticularRows(ctx, person)
	rs := make([]verification.Registered, 0, len(rows))
	for _, r := range rows {
		rs = append(rs, verification.Registered{ID: r.ID, Kind: verification.Particular(r.Kind), Mask: r.Mask, Sealed: r.Sealed, At: at(r.CreatedAt)})
	}
	return rs, err
}

// InsertParticular registers a particular of a contact.
func (tx *Tx) InsertParticular(ctx context.Context, who contact.ID, r verification.Registered) error {
	return tx.Queries.InsertParticular(ctx, sqlcgen.InsertParticularParams{
		ID: r.ID, ContactID: who, Kind: string(r.Kind), Sealed: r.Sealed, Mask: r.Mask, CreatedAt: ms(r.At),
	})
}

// DeleteParticular forgets a particular; false if the person has no such one.
func (tx *Tx) DeleteParticular(ctx context.Context, person contact.ID, i verification.ParticularID) (bool, error) {
	n, err := tx.Queries.DeleteParticular(ctx, sqlcgen.DeleteParticularParams{ID: i, PersonID: person})
	return n > 0, err
}

// Verification returns a verification by id. Whoever changes it holds its
// contact.
func (tx *Tx) Verification(ctx context.Context, i verification.ID) (verification.Verification, error) {
	r, err := tx.VerificationRow(ctx, i)
	if err != nil {
		return verification.Verification{}, notFound(err, "verification.unknown", "verification")
	}
	return verificationOf(r)
}

// LatestVerification returns the verification of a person that began last;
// false if there was none.
func (tx *Tx) LatestVerification(ctx context.Context, person contact.ID) (verification.Verification, bool, error) {
	r, err := tx.LatestVerificationRow(ctx, person)
	if errors.Is(err, sql.ErrNoRows) {
		return verification.Verification{}, false, nil
	}
	if err != nil {
		return verification.Verification{}, false, err
	}
	v, err := verificationOf(r)
	return v, err == nil, err
}

// VerificationsOf returns the verifications of a person, the newest first.
func (tx *Tx) VerificationsOf(ctx context.Context, person contact.ID, most int) ([]verification.Verification, error) {
	rows, err := tx.VerificationRowsOf(ctx, sqlcgen.VerificationRowsOfParams{PersonID: person, Most: int64(most)})
	if err != nil {
		return nil, err
	}
	return verificationsOf(rows)
}

// EachVerification calls f with the verifications that began in a span, in
// order.
func (tx *Tx) EachVerification(ctx context.Context, from, to time.Time, f func(verification.Verification) error) error {
	after := verification.ID(1) // below all of them; zero is NULL
	for {
		rows, err := tx.VerificationRowsBetween(ctx, sqlcgen.VerificationRowsBetweenParams{Since: ms(from), Until: ms(to), After: after})
		if err != nil || len(rows) == 0 {
			return err
		}
		vs, err := verificationsOf(rows)
		if err != nil {
			return err
		}
		for _, v := range vs {
			if err := f(v); err != nil {
				return err
			}
			after = v.ID
		}
	}
}

// InsertVerification adds a verification.
func (tx *Tx) InsertVerification(ctx context.Context, v verification.Verification) (verification.Verification, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return v, err
	}
	v.Version = 1
	return v, tx.InsertVerificationRow(ctx, sqlcgen.InsertVerificationRowParams{
		ID: v.ID, ContactID: v.Contact, AgentID: v.Agent, TeamID: v.Team, State: string(v.State), StartedAt: ms(v.StartedAt), EndedAt: ms(v.EndedAt), Body: string(b),
	})
}

// SaveVerification writes v back. It is a Conflict if someone else wrote it
// since.
func (tx *Tx) SaveVerification(ctx context.Context, v verification.Verification) (verification.Verification, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return v, err
	}
	err = changed(tx.SaveVerificationRow(ctx, sqlcgen.SaveVerificationRowParams{ID: v.ID, Version: v.Version, State: string(v.State), EndedAt: ms(v.EndedAt), Body: string(b)}))
	v.Version++
	return v, err
}

func verificationOf(r sqlcgen.Verification) (verification.Verification, error) {
	vs, err := verificationsOf([]sqlcgen.Verification{r})
	if err != nil {
		return verification.Verification{}, err
	}
	return vs[0], nil
}

func verificationsOf(rows []sqlcgen.Verification) ([]verification.Verification, error) {
	return decoded(rows, func(r sqlcgen.Verification) string { return r.Body }, func(v *verification.Verification, r sqlcgen.Verification) { v.Version = r.Version })
}

// Attempt is one answer of a customer: what was asked, and whether they were
// right.
type Attempt struct {
	Agent  agent.ID // who typed it; nobody if the customer did
	Factor verification.Factor
	Right  bool
	At     time.Time
}

// InsertVerificationAttempt records an answer.
func (tx *Tx) InsertVerificationAttempt(ctx context.Context, v verification.Verification, a Attempt) error {
	return tx.Queries.InsertVerificationAttempt(ctx, sqlcgen.InsertVerificationAttemptParams{
		ID: int64(id.New[logNoun](a.At)), VerificationID: v.ID, ContactID: v.Contact, AgentID: a.Agent, Factor: string(a.Factor), ToldRight: a.Right, At: ms(a.At),
	})
}

// VerificationAttempts returns the answers in a verification, in order.
func (tx *Tx) VerificationAttempts(ctx context.Context, i verification.ID) ([]Attempt, error) {
	rows, err := tx.Queries.VerificationAttempts(ctx, i)
	as := make([]Attempt, 0, len(rows))
	for _, r := range rows {
		as = append(as, Attempt{Agent: r.AgentID, Factor: verification.Factor(r.Factor), Right: r.ToldRight, At: at(r.At)})
	}
	return as, err
}

// VerificationFailures returns the wrong answers in a row that were given for
// a person: the worst, where several contacts are one.
func (tx *Tx) VerificationFailures(ctx context.Context, person contact.ID) (verification.Failures, error) {
	rows, err := tx.VerificationFailuresOf(ctx, person)
	if err != nil || len(rows) == 0 {
		return verification.Failures{}, err
	}
	r := rows[0]
	return verification.Failures{Count: int(r.Failures), Rounds: int(r.Rounds), Until: at(r.UntilAt), At: at(r.At)}, err
}

// SaveVerificationFailures writes them in place of all that was counted for any
// contact of the person.
func (tx *Tx) SaveVerificationFailures(ctx context.Context, person contact.ID, f verification.Failures) error {
	if err := tx.ForgetVerificationFailures(ctx, person); err != nil {
		return err
	}
	return tx.PutVerificationFailures(ctx, sqlcgen.PutVerificationFailuresParams{
		ContactID: person, Failures: int64(f.Count), Rounds: int64(f.Rounds), UntilAt: ms(f.Until), At: ms(f.At),
	})
}

// SentCode is the code that was sent last for a verification.
type SentCode struct {
	Verification verification.ID
	Sealed       string // its digits
	To           string // masked
	ExpiresAt    time.Time
	UsedAt       time.Time
}

// Works reports whether the code can still be right.
func (c SentCode) Works(now time.Time) bool { return c.UsedAt.IsZero() && now.Before(c.ExpiresAt) }

// PutVerificationCode keeps a code; the one before does not work any more.
func (tx *Tx) PutVerificationCode(ctx context.Context, c SentCode) error {
	return tx.Queries.PutVerificationCode(ctx, sqlcgen.PutVerificationCodeParams{VerificationID: c.Verification, Sealed: c.Sealed, SentTo: c.To, ExpiresAt: ms(c.ExpiresAt)})
}

// VerificationCode returns the code that was sent last; false if none was.
func (tx *Tx) VerificationCode(ctx context.Context, i verification.ID) (SentCode, bool, error) {
	r, err := tx.VerificationCodeRow(ctx, i)
	if errors.Is(err, sql.ErrNoRows) {
		return SentCode{}, false, nil
	}
	return SentCode{Verification: i, Sealed: r.Sealed, To: r.SentTo, ExpiresAt: at(r.ExpiresAt), UsedAt: at(r.UsedAt)}, err == nil, err
}

// UseVerificationCode ends a code.
func (tx *Tx) UseVerificationCode(ctx context.Context, i verification.ID, now time.Time) error {
	return tx.Queries.UseVerificationCode(ctx, sqlcgen.UseVerificationCodeParams{VerificationID: i, UsedAt: ms(now)})
}

// TrimVerificationCodes forgets codes that expired before a time.
func (tx *Tx) TrimVerificationCodes(ctx context.Context, before time.Time) error {
	return tx.DeleteVerificationCodes(ctx, ms(before))
}

// VerificationPolicy returns the policy in force; that of a new house until
// someone wrote one.
func (tx *Tx) VerificationPolicy(ctx context.Context) (verification.Policy, error) {
	r, err := tx.LatestVerificationPolicy(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return verification.Defaults(), nil
	}
	p := verification.Policy{}
	if err == nil {
		err = json.Unmarshal([]byte(r.Body), &p)
	}
	return p, err
}

// VerificationPolicies returns the versions of the policy, the newest first.
func (tx *Tx) VerificationPolicies(ctx context.Context) ([]verification.Policy, error) {
	rows, err := tx.VerificationPolicyRows(ctx)
	if err != nil {
		return nil, err
	}
	return decoded(rows, func(r sqlcgen.VerificationPolicy) string { return r.Body }, func(*verification.Policy, sqlcgen.VerificationPolicy) {})
}

// AddVerificationPolicy writes the next version. Two who write at once cannot
// both have it.
func (tx *Tx) AddVerificationPolicy(ctx context.Context, p verification.Policy) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return tx.InsertVerificationPolicy(ctx, sqlcgen.InsertVerificationPolicyParams{Version: int64(p.Version), At: ms(p.At), Body: string(b)})
}
