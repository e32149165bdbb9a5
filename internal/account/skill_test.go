package account_test

import (
	"slices"
	"testing"
	"time"

	"yingda/internal/account"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/certificate"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
	"yingda/internal/store"
)

// A skill is made, given to agents at levels, and deleted when nothing needs it
// any more.
func TestSkills(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		admin, lin := h.actor(h.person("admin", "admin")), h.person("lin", "agent")
		_, err := h.MakeSkill(ctx, h.actor(lin), account.SkillChange{Name: new("英语")})
		h.is("an agent", err, "permission.missing")
		_, err = h.MakeSkill(ctx, admin, account.SkillChange{Name: new("  ")})
		h.is("no name", err, "skill.name")
		_, err = h.MakeSkill(ctx, admin, account.SkillChange{Name: new("英语"), Language: new("fr")})
		h.is("a language that we have not", err, "agent.language")
		english, err := h.MakeSkill(ctx, admin, account.SkillChange{Name: new(" 英语 "), Language: new("en")})
		h.ok(err)
		_, err = h.MakeSkill(ctx, admin, account.SkillChange{Name: new("英语")})
		h.is("the same name", err, "skill.exists")
		volts, err := h.MakeSkill(ctx, admin, account.SkillChange{Name: new("高压")})
		h.ok(err)
		volts, err = h.EditSkill(ctx, admin, volts.ID, account.SkillChange{Name: new("高压电")})
		h.ok(err)

		teach := func(s ...agent.Skilled) error {
			_, err := h.EditAgent(ctx, admin, lin, account.AgentChange{Skills: &s})
			return err
		}
		paper := certificate.Certificate{ID: certificate.NewID(h.Now()), Agent: lin, Kind: certificate.Paper, Name: "低压电工证", Issued: "2026-01-01", Expires: h.Now().Add(48 * time.Hour).Format(time.DateOnly)}
		other := paper
		other.ID, other.Agent = certificate.NewID(h.Now()), admin.Agent
		h.ok(h.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertCertificate(ctx, other); err != nil {
				return err
			}
			return tx.InsertCertificate(ctx, paper)
		}))
		h.is("a level", teach(agent.Skilled{Skill: english.ID, Level: 6}), "skill.level")
		h.is("twice", teach(agent.Skilled{Skill: english.ID, Level: 1}, agent.Skilled{Skill: english.ID, Level: 2}), "skill.twice")
		h.is("unknown", teach(agent.Skilled{Skill: 7, Level: 1}), "skill.unknown")
		h.is("by a certificate that is not there", teach(agent.Skilled{Skill: volts.ID, Level: 2, Certificate: 7}), "certificate.unknown")
		h.is("by somebody else's", teach(agent.Skilled{Skill: volts.ID, Level: 2, Certificate: other.ID}), "certificate.unknown")
		_, err = h.Certificates(ctx, h.actor(lin), lin)
		h.is("an agent chooses none", err, "permission.missing")
		held, err := h.Certificates(ctx, admin, lin)
		h.ok(err)
		if len(held) != 1 || held[0].ID != paper.ID {
			t.Errorf("certificates %+v", held)
		}
		h.is("two", teach(agent.Skilled{Skill: english.ID, Level: 4}, agent.Skilled{Skill: volts.ID, Level: 2, Certificate: paper.ID}), "")
		_, err = h.EditAgent(ctx, admin, lin, account.AgentChange{Share: new(1001)})
		h.is("a share", err, "agent.share")
		who, err := h.EditAgent(ctx, admin, lin, account.AgentChange{Share: new(50)})
		h.ok(err)
		if who.Share != 50 || len(who.Skills) != 2 || who.Skills[1].CertificateName != "低压电工证" || who.Skills[1].Expires != paper.Expires {
			t.Errorf("%+v", who)
		}
		holders := func() (holders []int) {
			all, err := h.Skills(ctx, admin)
			h.ok(err)
			for _, s := range all {
				holders = append(holders, s.Holders)
			}
			return holders
		}
		if got := holders(); !slices.Equal(got, []int{1, 1}) {
			t.Errorf("held by %v", got)
		}
		h.clock.Turn(72 * time.Hour)
		if got := holders(); !slices.Equal(got, []int{1, 0}) {
			t.Errorf("held by %v when a certificate has ended", got)
		}
		paper.Version, paper.Expires = 1, ""
		h.ok(h.DB.Update(ctx, func(tx *store.Tx) error { _, err := tx.SaveCertificate(ctx, paper); return err }))
		if got := holders(); !slices.Equal(got, []int{1, 1}) {
			t.Errorf("held by %v when it was renewed", got)
		}

		c := conversation.Conversation{ID: conversation.NewID(h.Now()), State: conversation.Queued, QueuedAt: h.Now(), Contact: 1, Inbox: 1, Number: 1, Needs: []routing.Need{{Skill: volts.ID, Level: 2}}}
		h.ok(h.DB.Update(ctx, func(tx *store.Tx) error { c, err = tx.InsertConversation(ctx, c); return err }))
		h.is("somebody waits for it", h.DeleteSkill(ctx, admin, volts.ID), "skill.used")
		h.is("nobody needs it", h.DeleteSkill(ctx, admin, english.ID), "")
		h.is("it is gone", h.DeleteSkill(ctx, admin, english.ID), "skill.unknown")
		who, err = h.DB.Now().Agent(ctx, lin)
		h.ok(err)
		if len(who.Skills) != 1 {
			t.Errorf("%+v", who.Skills)
		}
		if got := h.actions(volts.ID.String()); !slices.Equal(got, []string{"skill.create", "skill.change"}) {
			t.Errorf("the log says %v", got)
		}
	})
}
