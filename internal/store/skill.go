package store

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// Skills returns all skills by name, with how many can use each now.
func (tx *Tx) Skills(ctx context.Context, now time.Time) ([]agent.Skill, error) {
	rows, err := tx.Queries.Skills(ctx, ms(now))
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

// SetSkills writes what an agent can, in place of what was known.
func (tx *Tx) SetSkills(ctx context.Context, a agent.ID, skills []agent.Skilled) error {
	if err := tx.ClearSkillsOf(ctx, a); err != nil {
		return err
	}
	for _, s := range skills {
		if err := tx.InsertSkillOf(ctx, sqlcgen.InsertSkillOfParams{
			AgentID: a, SkillID: s.Skill, Level: int64(s.Level), Certificate: s.Certificate, EndsAt: ms(s.Until),
		}); err != nil {
			return err
		}
	}
	return nil
}
