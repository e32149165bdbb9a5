package desk

import (
	"context"
	"slices"
	"strconv"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// SkillGaps returns what inboxes and languages need and nobody who may answer
// can, so that it is seen before customers wait.
func (d *Desk) SkillGaps(ctx context.Context, by agent.Actor) (gaps []routing.Gap, err error) {
	if err := by.Need(agent.AgentRead); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		gaps, err = d.skillGaps(ctx, tx)
		return err
	})
	return gaps, err
}

func (d *Desk) skillGaps(ctx context.Context, tx *store.Tx) ([]routing.Gap, error) {
	gaps := []routing.Gap{}
	skills, err := tx.Skills(ctx, d.Now())
	if err != nil || len(skills) == 0 {
		return gaps, err
	}
	answerers, err := tx.Answerers(ctx, d.Now())
	if err != nil {
		return nil, err
	}
	ins, err := tx.Inboxes(ctx)
	if err != nil {
		return nil, err
	}
	names := map[agent.SkillID]string{}
	for _, s := range skills {
		names[s.ID] = s.Name
	}
	add := func(g routing.Gap, needs []routing.Need) {
		for _, n := range routing.Lacking(needs, answerers) {
			g.Need, g.SkillName = n, names[n.Skill]
			gaps = append(gaps, g)
		}
	}
	for _, in := range ins {
		if in.Enabled {
			add(routing.Gap{For: "inbox", Of: in.ID.String(), Name: in.Name}, in.Settings.Skills)
		}
	}
	for _, s := range skills {
		if s.Language != "" {
			add(routing.Gap{For: "language", Of: s.Language}, []routing.Need{{Skill: s.ID, Level: 1}})
		}
	}
	return gaps, nil
}

// CheckSkills tells those who manage channels of each need that nobody can meet
// any more, once until it is met again.
func (d *Desk) CheckSkills(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		told, err := tx.SkillGaps(ctx)
		if err != nil {
			return err
		}
		gaps, err := d.skillGaps(ctx, tx)
		if err != nil || len(gaps) == 0 && len(told) == 0 {
			return err
		}
		who, err := tx.AgentsWhoMay(ctx, agent.ChannelManage)
		if err != nil {
			return err
		}
		for _, g := range gaps {
			if slices.ContainsFunc(told, g.Same) {
				continue
			}
			for _, to := range who {
				n := event.Notice{Kind: "skill.missing", Text: g.SkillName + " " + strconv.Itoa(max(1, g.Level)), FromName: g.Name}
				if err := d.Inform(ctx, tx, to, n); err != nil {
					return err
				}
			}
		}
		return tx.SaveSkillGaps(ctx, gaps, d.Now())
	})
}

// skillsExist refuses an inbox that needs what there is not.
func (d *Desk) skillsExist(ctx context.Context, tx *store.Tx, s inbox.Settings) error {
	if len(s.Skills) == 0 {
		return nil
	}
	all, err := tx.Skills(ctx, d.Now())
	if err != nil {
		return err
	}
	for i, n := range s.Skills {
		if !slices.ContainsFunc(all, func(k agent.Skill) bool { return k.ID == n.Skill }) {
			return fault.New(fault.NotFound, "skill.unknown", "there is no such %s", "skill").In("settings.skills")
		}
		if slices.ContainsFunc(s.Skills[:i], func(o routing.Need) bool { return o.Skill == n.Skill }) {
			return fault.New(fault.Invalid, "skill.twice", "each skill is named once").In("settings.skills")
		}
	}
	return nil
}
