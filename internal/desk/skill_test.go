package desk_test

import (
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/certificate"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
	"yingda/internal/store"
)

// Who manages channels hears once that nobody has what an inbox needs: when it
// begins to need it, and again when the last certificate ends.
func TestASkillThatNobodyHas(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		admin := h.wang.With(agent.Role{Permissions: []agent.Permission{agent.ChannelManage}, Scope: agent.ScopeOwn})
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
			roles, err := tx.RolesOf(ctx, h.wang.Agent)
			if err != nil {
				return err
			}
			manages := agent.Role{ID: agent.NewRoleID(h.Now()), Name: "渠道", Permissions: []agent.Permission{agent.ChannelManage}, Scope: agent.ScopeOwn}
			if err := tx.InsertRole(ctx, manages); err != nil {
				return err
			}
			return tx.SetAgentRoles(ctx, h.wang.Agent, []agent.RoleID{roles[0].ID, manages.ID})
		}))
		volts := h.skill(agent.Skill{Name: "高压电"}, 3, h.lin)
		told := func(want, open int) {
			h.t.Helper()
			h.run()
			ns, _, err := h.Notices(ctx, h.wang)
			h.must(err)
			if len(ns) != want || want > 0 && (ns[0].Kind != "skill.missing" || ns[0].Text != "高压电 4" || ns[0].FromName != "官网") {
				h.t.Fatalf("told %+v, want %d", ns, want)
			}
			gaps, err := h.SkillGaps(ctx, h.lin)
			h.must(err)
			if len(gaps) != open {
				h.t.Fatalf("gaps %+v", gaps)
			}
		}
		needs := func(needs ...routing.Need) error {
			in, err := h.DB.Now().InboxByID(ctx, h.inbox.ID)
			h.must(err)
			s := in.Settings
			s.Skills = needs
			_, err = h.ChangeInbox(ctx, admin, in.ID, desk.InboxChange{Settings: &s})
			return err
		}
		h.code(needs(routing.Need{Skill: 7, Level: 1}), "skill.unknown")
		h.code(needs(routing.Need{Skill: volts, Level: 1}, routing.Need{Skill: volts, Level: 2}), "skill.twice")
		h.must(needs(routing.Need{Skill: volts, Level: 3}))
		told(0, 0)
		h.must(needs(routing.Need{Skill: volts, Level: 4}))
		told(1, 1)
		told(1, 1)
		can := func(s ...agent.Skilled) {
			h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
				if err := tx.SetSkills(ctx, h.lin.Agent, s); err != nil {
					return err
				}
				return tx.WantSkillCheck(ctx, h.Now())
			}))
		}
		paper := certificate.Certificate{ID: certificate.NewID(h.Now()), Agent: h.lin.Agent, Kind: certificate.Paper, Name: "低压电工证", Issued: "2026-01-01", Expires: h.Now().Add(24 * time.Hour).Format(time.DateOnly)}
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error { return tx.InsertCertificate(ctx, paper) }))
		can(agent.Skilled{Skill: volts, Level: 4, Certificate: paper.ID})
		told(1, 0)
		h.clock.Turn(48 * time.Hour)
		h.must(h.CheckSkills(ctx))
		told(2, 1)

		// What nobody has in an inbox that is closed keeps nobody waiting.
		_, err := h.ChangeInbox(ctx, admin, h.inbox.ID, desk.InboxChange{Enabled: new(false)})
		h.must(err)
		gaps, err := h.SkillGaps(ctx, h.lin)
		h.must(err)
		if len(gaps) != 0 {
			h.t.Errorf("gaps %+v", gaps)
		}
	})
}

// Work that needs a skill goes to whoever holds it by a certificate only as
// long as the certificate holds.
func TestCertificatesCountInRouting(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.rules(func(r *routing.Rules) { r.Rings = nil })
		paper := certificate.Certificate{ID: certificate.NewID(h.Now()), Agent: h.lin.Agent, Kind: certificate.Paper, Name: "低压电工证", Issued: "2026-01-01", Expires: h.Now().AddDate(0, 0, -2).Format(time.DateOnly), Version: 1}
		volts := h.skill(agent.Skill{Name: "高压电"}, 3)
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertCertificate(ctx, paper); err != nil {
				return err
			}
			return tx.SetSkills(ctx, h.lin.Agent, []agent.Skilled{{Skill: volts, Level: 3, Certificate: paper.ID}})
		}))
		_, i := h.waiting()
		h.change(i, func(c *conversation.Conversation) { c.Needs = []routing.Need{{Skill: volts, Level: 1, Must: true}} })
		h.online(h.lin)
		if c := h.conversation(i); c.Offer != nil {
			h.t.Errorf("it rings at %s, whose certificate has ended", c.Offer.Agent)
		}
		paper.Expires = h.Now().AddDate(1, 0, 0).Format(time.DateOnly)
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error { _, err := tx.SaveCertificate(ctx, paper); return err }))
		h.clock.Turn(time.Minute)
		h.must(h.Route(ctx))
		h.rings(i, h.lin)
	})
}
