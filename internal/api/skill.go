package api

import (
	"context"

	"yingda/internal/account"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/certificate"
	"yingda/internal/domain/routing"
)

func (a *API) skills(r *router) {
	call(r, get("/skills", "All skills, with how many can use each now").needs(agent.AgentRead), a.listSkills)
	call(r, get("/skills/gaps", "What inboxes and languages need and nobody can").needs(agent.AgentRead), a.skillGaps)
	call(r, get("/agents/{id}/certificates", "The certificates of an agent, by which skills can be held").needs(agent.AgentManage), a.agentCertificates)
	call(r, post("/skills", "Make a skill").needs(agent.AgentManage), a.makeSkill)
	call(r, patch("/skills/{id}", "Change a skill").needs(agent.AgentManage), a.changeSkill)
	act(r, remove("/skills/{id}", "Delete a skill that nothing needs").needs(agent.AgentManage), a.deleteSkill)
}

func (a *API) listSkills(ctx context.Context, by agent.Actor, _ *struct{}) (list[agent.Skill], error) {
	skills, err := a.Account.Skills(ctx, by)
	return list[agent.Skill]{Items: skills}, err
}

// voucher is as much of a certificate as the choice of one needs.
type voucher struct {
	ID      certificate.ID `json:"id"`
	Name    string         `json:"name"`
	Expires string         `json:"expires_on" doc:"the last day on which it holds; empty: for good"`
}

func (a *API) agentCertificates(ctx context.Context, by agent.Actor, in *byID[agent.ID]) (list[voucher], error) {
	cs, err := a.Account.Certificates(ctx, by, in.ID.Value)
	l := list[voucher]{Items: make([]voucher, 0, len(cs))}
	for _, c := range cs {
		l.Items = append(l.Items, voucher{c.ID, c.Name, c.Expires})
	}
	return l, err
}

func (a *API) skillGaps(ctx context.Context, by agent.Actor, _ *struct{}) (list[routing.Gap], error) {
	gaps, err := a.Desk.SkillGaps(ctx, by)
	return list[routing.Gap]{Items: gaps}, err
}

type skillDraft struct {
	Name     *string `json:"name,omitempty"`
	Language *string `json:"language,omitempty" enum:",zh,en" doc:"customers of this language need it; empty: they do not"`
}

func (a *API) makeSkill(ctx context.Context, by agent.Actor, in *struct{ Body skillDraft }) (agent.Skill, error) {
	return a.Account.MakeSkill(ctx, by, account.SkillChange(in.Body))
}

func (a *API) changeSkill(ctx context.Context, by agent.Actor, in *withBody[agent.SkillID, skillDraft]) (agent.Skill, error) {
	return a.Account.EditSkill(ctx, by, in.ID.Value, account.SkillChange(in.Body))
}

func (a *API) deleteSkill(ctx context.Context, by agent.Actor, in *byID[agent.SkillID]) error {
	return a.Account.DeleteSkill(ctx, by, in.ID.Value)
}
