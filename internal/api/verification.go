package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/verification"
)

func (a *API) verifications(r *router) {
	read, edit, manage := agent.ContactRead, agent.ContactEdit, agent.SettingManage
	call(r, get("/contacts/{id}/verification", "How it stands with verifying a customer for an action: what can be asked for, masked, and what is missing").needs(read), a.getVerification)
	call(r, post("/contacts/{id}/verifications", "Begin to verify a customer; one that goes on is joined").needs(edit), a.startVerification)
	call(r, post("/verifications/{id}/asks", "Note what the customer is asked for").needs(edit), a.askFactor)
	call(r, post("/verifications/{id}/answers", "Compare what the customer told with what is registered; it is kept nowhere").needs(edit), a.answerFactor)
	call(r, post("/verifications/{id}/codes", "Send a one-time code to the registered address").needs(edit), a.sendVerificationCode)
	call(r, post("/verifications/{id}/vouch", "Vouch for a customer of whom too little is registered; the reason is kept").needs(agent.VerificationVouch), a.vouchVerification)
	call(r, post("/verifications/{id}/end", "End a verification before its time").needs(edit), a.endVerification)
	call(r, get("/contacts/{id}/particulars", "What is registered of a customer to verify them by, masked").needs(read), a.listParticulars)
	call(r, post("/contacts/{id}/particulars", "Register something to verify a customer by; needs a verification once anything is registered").needs(edit), a.addParticular)
	call(r, remove("/contacts/{id}/particulars/{particular}", "Forget something that a customer was verified by").needs(edit), a.removeParticular)
	call(r, get("/verification-policy", "What customers are verified by, with the names of actions and factors"), a.getVerificationPolicy)
	call(r, put("/verification-policy", "Write the next version of the policy; version is the one that was read").needs(manage), a.putVerificationPolicy)
	call(r, get("/verification-policy/versions", "All versions of the policy, the newest first").needs(manage), a.verificationPolicyVersions)
}

type verificationFor struct {
	ID     param[contact.ID]   `path:"id"`
	Action verification.Action `query:"action" doc:"what is to be done; that of the latest verification if empty"`
}

func (a *API) getVerification(ctx context.Context, by agent.Actor, in *verificationFor) (desk.VerificationSheet, error) {
	return a.Desk.Verification(ctx, by, in.ID.Value, in.Action)
}

func (a *API) startVerification(ctx context.Context, by agent.Actor, in *withBody[contact.ID, desk.Begin]) (desk.VerificationSheet, error) {
	return a.Desk.StartVerification(ctx, by, in.ID.Value, in.Body)
}

type factorAsked struct {
	Factor verification.Factor `json:"factor"`
}

func (a *API) askFactor(ctx context.Context, by agent.Actor, in *withBody[verification.ID, factorAsked]) (desk.VerificationSheet, error) {
	return a.Desk.AskFactor(ctx, by, in.ID.Value, in.Body.Factor)
}

type factorTold struct {
	Factor verification.Factor `json:"factor"`
	Value  string              `json:"value" doc:"what the customer told" maxLength:"200"`
}

func (a *API) answerFactor(ctx context.Context, by agent.Actor, in *withBody[verification.ID, factorTold]) (desk.VerificationSheet, error) {
	return a.Desk.AnswerFactor(ctx, by, in.ID.Value, in.Body.Factor, in.Body.Value)
}

type codeWay struct {
	Way desk.CodeWay `json:"way" enum:"email,phone"`
}

func (a *API) sendVerificationCode(ctx context.Context, by agent.Actor, in *withBody[verification.ID, codeWay]) (desk.VerificationSheet, error) {
	return a.Desk.SendVerificationCode(ctx, by, in.ID.Value, in.Body.Way)
}

type vouch struct {
	Reason string `json:"reason"`
}

func (a *API) vouchVerification(ctx context.Context, by agent.Actor, in *withBody[verification.ID, vouch]) (desk.VerificationSheet, error) {
	return a.Desk.VouchVerification(ctx, by, in.ID.Value, in.Body.Reason)
}

func (a *API) endVerification(ctx context.Context, by agent.Actor, in *byID[verification.ID]) (desk.VerificationSheet, error) {
	return a.Desk.EndVerification(ctx, by, in.ID.Value)
}

func (a *API) listParticulars(ctx context.Context, by agent.Actor, in *byID[contact.ID]) (list[verification.Registered], error) {
	rs, err := a.Desk.Particulars(ctx, by, in.ID.Value)
	return list[verification.Registered]{Items: rs}, err
}

type newParticular struct {
	Kind  verification.Particular `json:"kind" enum:"id_number,member,order,vin,plate"`
	Value string                  `json:"value" maxLength:"200"`
}

func (a *API) addParticular(ctx context.Context, by agent.Actor, in *verifiedBody[contact.ID, newParticular]) (list[verification.Registered], error) {
	rs, err := a.Desk.AddParticular(ctx, by, in.ID.Value, in.Body.Kind, in.Body.Value, in.Verification.Value)
	return list[verification.Registered]{Items: rs}, err
}

type oneParticular struct {
	Verified
	ID         param[contact.ID]                `path:"id"`
	Particular param[verification.ParticularID] `path:"particular"`
}

func (a *API) removeParticular(ctx context.Context, by agent.Actor, in *oneParticular) (list[verification.Registered], error) {
	rs, err := a.Desk.RemoveParticular(ctx, by, in.ID.Value, in.Particular.Value, in.Verification.Value)
	return list[verification.Registered]{Items: rs}, err
}

// policyView is the policy with what its codes are called.
type verificationPolicyView struct {
	verification.Policy
	Actions []named `json:"actions"`
	Asked   []named `json:"factors"`
}

type named struct {
	Code string     `json:"code"`
	Name inbox.Text `json:"name"`
	Tail bool       `json:"tail" doc:"the end of it is enough"`
}

func viewVerificationPolicy(p verification.Policy, err error) (verificationPolicyView, error) {
	v := verificationPolicyView{Policy: p, Actions: []named{}, Asked: []named{}}
	for _, a := range verification.Actions() {
		v.Actions = append(v.Actions, named{Code: string(a), Name: a.Name()})
	}
	for _, f := range verification.Factors() {
		v.Asked = append(v.Asked, named{string(f), f.Name(), f.Tailed()})
	}
	return v, err
}

func (a *API) getVerificationPolicy(ctx context.Context, _ agent.Actor, _ *struct{}) (verificationPolicyView, error) {
	return viewVerificationPolicy(a.Desk.VerificationPolicy(ctx))
}

// VerificationTerms is what an administrator writes of the policy. It is
// exported for the framework.
type VerificationTerms struct {
	Version     int                  `json:"version" doc:"the one that was read; 0 for the first"`
	Needs       []verification.Need  `json:"needs"`
	Tails       []verification.Terms `json:"tails"`
	Most        int                  `json:"most_failures"`
	LockMinutes int                  `json:"lock_minutes"`
	LiveMinutes int                  `json:"live_minutes"`
}

type putVerificationPolicy struct{ Body VerificationTerms }

func (a *API) putVerificationPolicy(ctx context.Context, by agent.Actor, in *putVerificationPolicy) (verificationPolicyView, error) {
	b := in.Body
	return viewVerificationPolicy(a.Desk.ChangeVerificationPolicy(ctx, by, verification.Policy{
		Version: b.Version, Needs: b.Needs, Tails: b.Tails, Most: b.Most, LockMinutes: b.LockMinutes, LiveMinutes: b.LiveMinutes,
	}))
}

func (a *API) verificationPolicyVersions(ctx context.Context, by agent.Actor, _ *struct{}) (list[verificationPolicyView], error) {
	ps, err := a.Desk.VerificationPolicies(ctx, by)
	vs := make([]verificationPolicyView, 0, len(ps))
	for _, p := range ps {
		v, _ := viewVerificationPolicy(p, nil)
		vs = append(vs, v)
	}
	return list[verificationPolicyView]{Items: vs}, err
}
