package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/certificate"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Skills returns all skills by name, with how many can use each now.
func (a *Account) Skills(ctx context.Context, by agent.Actor) (skills []agent.Skill, err error) {
	if err := by.Need(agent.AgentRead); err != nil {
		return nil, err
	}
	return a.DB.Now().Skills(ctx, a.Now())
}

// Certificates returns the certificates of an agent, by which skills can be
// held.
func (a *Account) Certificates(ctx context.Context, by agent.Actor, of agent.ID) ([]certificate.Certificate, error) {
	if err := by.Need(agent.AgentManage); err != nil {
		return nil, err
	}
	return a.DB.Now().CertificatesOf(ctx, of)
}

// SkillChange is what changes of a skill. Nil stays as it is.
type SkillChange struct {
	Name     *string
	Language *string
}

// MakeSkill adds a skill, which nobody has yet.
func (a *Account) MakeSkill(ctx context.Context, by agent.Actor, c SkillChange) (s agent.Skill, err error) {
	if err := by.Need(agent.AgentManage); err != nil {
		return s, err
	}
	err = a.update(ctx, func(tx *store.Tx) error {
		s = agent.Skill{ID: agent.NewSkillID(a.Now())}
		if s, err = a.checkSkill(ctx, tx, s, c); err != nil {
			return err
		}
		if err := tx.InsertSkill(ctx, s); err != nil {
			return err
		}
		return a.tellSkill(ctx, tx, by, "skill.create", s, nil)
	})
	return s, err
}

// EditSkill changes a skill. Who has it keeps it.
func (a *Account) EditSkill(ctx context.Context, by agent.Actor, id agent.SkillID, c SkillChange) (s agent.Skill, err error) {
	if err := by.Need(agent.AgentManage); err != nil {
		return s, err
	}
	err = a.update(ctx, func(tx *store.Tx) error {
		was, err := a.skill(ctx, tx, id)
		if err != nil {
			return err
		}
		if s, err = a.checkSkill(ctx, tx, was, c); err != nil {
			return err
		}
		if err := tx.SaveSkill(ctx, s); err != nil {
			return err
		}
		changes := audit.Changes{}
		audit.Add(changes, "name", was.Name, s.Name)
		audit.Add(changes, "language", was.Language, s.Language)
		return a.tellSkill(ctx, tx, by, "skill.change", s, changes)
	})
	return s, err
}

// DeleteSkill removes a skill that no inbox and nobody who waits needs. Agents
// who have it have it no longer.
func (a *Account) DeleteSkill(ctx context.Context, by agent.Actor, id agent.SkillID) error {
	if err := by.Need(agent.AgentManage); err != nil {
		return err
	}
	return a.update(ctx, func(tx *store.Tx) error {
		s, err := a.skill(ctx, tx, id)
		if err != nil {
			return err
		}
		used, err := tx.SkillIsUsed(ctx, id)
		if err != nil {
			return err
		}
		if used {
			return fault.New(fault.Conflict, "skill.used", "an inbox or a customer who waits needs this skill; take it out of the inbox first, or wait until they are answered")
		}
		if err := tx.DeleteSkill(ctx, id); err != nil {
			return err
		}
		return a.tellSkill(ctx, tx, by, "skill.delete", s, nil)
	})
}

func (a *Account) skill(ctx context.Context, tx *store.Tx, id agent.SkillID) (agent.Skill, error) {
	all, err := tx.Skills(ctx, a.Now())
	if err != nil {
		return agent.Skill{}, err
	}
	i := slices.IndexFunc(all, func(s agent.Skill) bool { return s.ID == id })
	if i < 0 {
		return agent.Skill{}, errNoSkill
	}
	return all[i], nil
}

var errNoSkill = fault.New(fault.NotFound, "skill.unknown", "there is no such %s", "skill")

// checkSkill returns a skill as it is after a change, or what is wrong with it.
func (a *Account) checkSkill(ctx context.Context, tx *store.Tx, s agent.Skill, c SkillChange) (agent.Skill, error) {
	set(&s.Name, c.Name)
	set(&s.Language, c.Language)
	s.Name = strings.TrimSpace(s.Name)
	if err := s.Check(); err != nil {
		return s, err
	}
	all, err := tx.Skills(ctx, a.Now())
	if err == nil && slices.ContainsFunc(all, func(o agent.Skill) bool { return o.Name == s.Name && o.ID != s.ID }) {
		return s, fault.New(fault.Conflict, "skill.exists", "there is a skill %q already", s.Name).In("name")
	}
	return s, err
}

func (a *Account) tellSkill(ctx context.Context, tx *store.Tx, by agent.Actor, action string, s agent.Skill, detail map[string]any) error {
	now := a.Now()
	if err := tellChanged(ctx, tx, now); err != nil {
		return err
	}
	if err := tx.WantSkillCheck(ctx, now); err != nil {
		return err
	}
	return tx.Audit(ctx, audit.By(by, now, action, audit.Of("skill", s.ID, s.Name), detail))
}

// teach gives an agent the skills of a change, if it names them.
func (a *Account) teach(ctx context.Context, tx *store.Tx, who agent.ID, chosen *[]agent.Skilled) error {
	if chosen == nil {
		return nil
	}
	all, err := tx.Skills(ctx, a.Now())
	if err != nil {
		return err
	}
	for i, s := range *chosen {
		if err := s.Check(); err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(k agent.Skill) bool { return k.ID == s.Skill }) {
			return errNoSkill
		}
		if slices.ContainsFunc((*chosen)[:i], func(o agent.Skilled) bool { return o.Skill == s.Skill }) {
			return fault.New(fault.Invalid, "skill.twice", "each skill is named once").In("skills")
		}
		if err := vouches(ctx, tx, who, s.Certificate); err != nil {
			return err
		}
	}
	return tx.SetSkills(ctx, who, *chosen)
}

// vouches refuses a certificate that is not the agent's own.
func vouches(ctx context.Context, tx *store.Tx, who agent.ID, i agent.CertificateID) error {
	if i.IsZero() {
		return nil
	}
	c, err := tx.Certificate(ctx, i)
	if err == nil && c.Agent != who {
		err = fault.New(fault.NotFound, "certificate.unknown", "there is no such %s", "certificate")
	}
	return err
}

// canDo returns what an agent can, as the audit log says it.
func canDo(ctx context.Context, tx *store.Tx, a *Account, skills []agent.Skilled) ([]string, error) {
	all, err := tx.Skills(ctx, a.Now())
	names := map[agent.SkillID]string{}
	for _, s := range all {
		names[s.ID] = s.Name
	}
	return each(skills, func(s agent.Skilled) string {
		said := fmt.Sprintf("%s %d", names[s.Skill], s.Level)
		if s.CertificateName != "" {
			said += " " + s.CertificateName
		}
		return said
	}), err
}
