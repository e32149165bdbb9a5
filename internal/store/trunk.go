package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// TrunkRecord is a line to a carrier with its password as it lies here: sealed.
type TrunkRecord struct {
	call.Trunk
	Sealed string
}

// Trunk returns a line to a carrier.
func (tx *Tx) Trunk(ctx context.Context, i call.TrunkID) (TrunkRecord, error) {
	r, err := tx.TrunkRow(ctx, i)
	if err != nil {
		return TrunkRecord{}, notFound(err, "trunk.unknown", "trunk")
	}
	return trunkOf(r)
}

// Trunks returns all lines, the oldest first.
func (tx *Tx) Trunks(ctx context.Context) ([]TrunkRecord, error) {
	rows, err := tx.TrunkRows(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]TrunkRecord, 0, len(rows))
	for _, r := range rows {
		t, err := trunkOf(r)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

// InsertTrunk adds a line.
func (tx *Tx) InsertTrunk(ctx context.Context, t call.Trunk, sealed string) error {
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return tx.Queries.InsertTrunk(ctx, sqlcgen.InsertTrunkParams{ID: t.ID, Settings: string(b), Password: sealed})
}

// SaveTrunk writes a line back. It is a Conflict if somebody else wrote it since.
func (tx *Tx) SaveTrunk(ctx context.Context, t call.Trunk, sealed string) error {
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return changed(tx.Queries.SaveTrunk(ctx, sqlcgen.SaveTrunkParams{ID: t.ID, Settings: string(b), Password: sealed, Version: t.Version}))
}

func trunkOf(r sqlcgen.Trunk) (TrunkRecord, error) {
	t := TrunkRecord{Sealed: r.Password}
	if err := json.Unmarshal([]byte(r.Settings), &t.Trunk); err != nil {
		return t, fmt.Errorf("settings of trunk %s: %w", r.ID, err)
	}
	t.ID, t.Version = r.ID, r.Version
	return t, nil
}

// PhoneRecord is a telephone with what is kept of its password as it lies here:
// sealed.
type PhoneRecord struct {
	call.Phone
	Sealed string
}

// Phone returns a telephone.
func (tx *Tx) Phone(ctx context.Context, user string) (PhoneRecord, error) {
	r, err := tx.PhoneRow(ctx, user)
	if err != nil {
		return PhoneRecord{}, notFound(err, "phone.unknown", "telephone")
	}
	return phoneOf(r)
}

// Phones returns all telephones, by their numbers.
func (tx *Tx) Phones(ctx context.Context) ([]PhoneRecord, error) {
	return phonesOf(tx.PhoneRows(ctx))
}

// PhonesOf returns the telephones of an agent.
func (tx *Tx) PhonesOf(ctx context.Context, who agent.ID) ([]PhoneRecord, error) {
	return phonesOf(tx.PhoneRowsOf(ctx, who))
}

func phonesOf(rows []sqlcgen.Phone, err error) ([]PhoneRecord, error) {
	if err != nil {
		return nil, err
	}
	list := make([]PhoneRecord, 0, len(rows))
	for _, r := range rows {
		p, err := phoneOf(r)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// InsertPhone adds a telephone. It is a Conflict if there is one of its number.
func (tx *Tx) InsertPhone(ctx context.Context, p call.Phone, sealed string) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	n, err := tx.Queries.InsertPhone(ctx, sqlcgen.InsertPhoneParams{UserName: p.User, AgentID: p.Agent, Settings: string(b), Password: sealed})
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "phone.taken", "another telephone has the number %q already", p.User).In("user")
	}
	return err
}

// SavePhone writes a telephone back. It is a Conflict if somebody else wrote it
// since.
func (tx *Tx) SavePhone(ctx context.Context, p call.Phone, sealed string) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return changed(tx.Queries.SavePhone(ctx, sqlcgen.SavePhoneParams{UserName: p.User, AgentID: p.Agent, Settings: string(b), Password: sealed, Version: p.Version}))
}

func phoneOf(r sqlcgen.Phone) (PhoneRecord, error) {
	p := PhoneRecord{Sealed: r.Password}
	if err := json.Unmarshal([]byte(r.Settings), &p.Phone); err != nil {
		return p, fmt.Errorf("settings of telephone %s: %w", r.UserName, err)
	}
	p.User, p.Agent, p.Version = r.UserName, r.AgentID, r.Version
	return p, nil
}

const planName = "calls.plan"

// DialPlan returns where numbers lead and who may call what.
func (tx *Tx) DialPlan(ctx context.Context) (call.Plan, error) {
	return setting(ctx, tx, planName, call.DefaultPlan())
}

// DialPlanToChange returns the same. Until the transaction ends nobody else
// changes it.
func (tx *Tx) DialPlanToChange(ctx context.Context) (call.Plan, error) {
	if err := tx.holdSetting(ctx, planName); err != nil {
		return call.Plan{}, err
	}
	return tx.DialPlan(ctx)
}

// SaveDialPlan writes the plan.
func (tx *Tx) SaveDialPlan(ctx context.Context, p call.Plan, now time.Time) error {
	return tx.saveSetting(ctx, planName, p, now)
}

const keepingName = "calls.recordings"

// Keeping returns how long recordings are kept.
func (tx *Tx) Keeping(ctx context.Context) (call.Keeping, error) {
	return setting(ctx, tx, keepingName, call.DefaultKeeping())
}

// SaveKeeping writes how long recordings are kept.
func (tx *Tx) SaveKeeping(ctx context.Context, k call.Keeping, now time.Time) error {
	return tx.saveSetting(ctx, keepingName, k, now)
}
