package store

import (
	"context"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/routing"
	"yingda/internal/domain/shift"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// Skills returns all skills by name, with how many can use each now.
func (tx *Tx) Skills(ctx context.Context, now time.Time) ([]agent.Skill, error) {
	day, err := tx.day(ctx, now)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Queries.Skills(ctx, day)
	all := make([]agent.Skill, 0, len(rows))
	for _, r := range rows {
		all = append(all, agent.Skill{ID: r.ID, Name: r.Name, Language: r.Language, Holders: int(r.Holders)})
	}
	return all, err
}

// Speaks returns what customers of a language need of an agent.
func (tx *Tx) Speaks(ctx context.Context, language string) ([]routing.Need, error) {
	ids, err := tx.SkillsOfLanguage(ctx, language)
	var needs []routing.Need
	for _, i := range ids {
		needs = append(needs, routing.Need{Skill: i, Level: 1})
	}
	return needs, err
}

// InsertSkill adds a skill. Its name must be new.
func (tx *Tx) InsertSkill(ctx context.Context, s agent.Skill) error {
	return tx.Queries.InsertSkill(ctx, sqlcgen.InsertSkillParams{ID: s.ID, Name: s.Name, Language: s.Language})
}

// SaveSkill writes what a skill is called.
func (tx *Tx) SaveSkill(ctx context.Context, s agent.Skill) error {
	n, err := tx.UpdateSkill(ctx, sqlcgen.UpdateSkillParams{ID: s.ID, Name: s.Name, Language: s.Language})
	if err == nil && n == 0 {
		return errNoSkill
	}
	return err
}

// DeleteSkill removes a skill, from agents too.
func (tx *Tx) DeleteSkill(ctx context.Context, i agent.SkillID) error {
	n, err := tx.Queries.DeleteSkill(ctx, i)
	if err == nil && n == 0 {
		return errNoSkill
	}
	if err != nil {
		return err
	}
	return tx.ForgetSkill(ctx, i)
}

var errNoSkill = fault.New(fault.NotFound, "skill.unknown", "there is no such %s", "skill")

// SkillIsUsed reports whether an inbox or something that waits needs a skill.
func (tx *Tx) SkillIsUsed(ctx context.Context, i agent.SkillID) (bool, error) {
	ins, err := tx.Inboxes(ctx)
	if err != nil {
		return false, err
	}
	for _, in := range ins {
		if slices.ContainsFunc(in.Settings.Skills, func(n routing.Need) bool { return n.Skill == i }) {
			return true, nil
		}
	}
	n, err := tx.SkillsWaitedFor(ctx, `%"`+i.String()+`"%`)
	return n > 0, err
}

// Answerers returns what each who may answer can, whether they are there or
// not: the disabled aside.
func (tx *Tx) Answerers(ctx context.Context, now time.Time) ([][]agent.Skilled, error) {
	may, err := tx.mayReply(ctx)
	if err != nil {
		return nil, err
	}
	day, err := tx.day(ctx, now)
	if err != nil {
		return nil, err
	}
	rows, err := tx.AnswerersSkills(ctx, day)
	var all [][]agent.Skilled
	var last agent.ID
	for _, r := range rows {
		if !may[r.AgentID] {
			continue
		}
		if r.AgentID != last {
			all, last = append(all, nil), r.AgentID
		}
		all[len(all)-1] = append(all[len(all)-1], agent.Skilled{Skill: r.SkillID, Level: int(r.Level)})
	}
	return all, err
}

// day returns which day it is for the company, such as 2026-11-30.
func (tx *Tx) day(ctx context.Context, now time.Time) (string, error) {
	c, err := tx.Company(ctx)
	if err != nil {
		return "", err
	}
	return shift.DayOf(now, c.PhoneHours.Location()), nil
}

const skillGapsName = "skill_gaps"

// SkillGaps returns which gaps somebody was told of.
func (tx *Tx) SkillGaps(ctx context.Context) ([]routing.Gap, error) {
	told, err := setting(ctx, tx, skillGapsName, toldGaps{})
	return told.Gaps, err
}

// SaveSkillGaps writes the same.
func (tx *Tx) SaveSkillGaps(ctx context.Context, gaps []routing.Gap, now time.Time) error {
	return tx.saveSetting(ctx, skillGapsName, toldGaps{gaps}, now)
}

type toldGaps struct {
	Gaps []routing.Gap `json:"gaps"`
}

// SetSkills writes what an agent can, in place of what was known.
func (tx *Tx) SetSkills(ctx context.Context, a agent.ID, skills []agent.Skilled) error {
	if err := tx.ClearSkillsOf(ctx, a); err != nil {
		return err
	}
	for _, s := range skills {
		if err := tx.InsertSkillOf(ctx, sqlcgen.InsertSkillOfParams{
			AgentID: a, SkillID: s.Skill, Level: int64(s.Level), CertificateID: s.Certificate,
		}); err != nil {
			return err
		}
	}
	return nil
}
