package api

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/care"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/sheet"
	"yingda/internal/store"
)

func (a *API) rewards(r *router) {
	read, propose, finance, manage := agent.CaseRead, agent.CompensationPropose, agent.CompensationApproveFinance, agent.SettingManage
	call(r, get("/cases/{id}/compensations", "The compensations of a case, the oldest first").needs(read), a.caseCompensations)
	call(r, post("/cases/{id}/compensations", "Draft a compensation, and hand it in if asked to; the same client id gives the same one").needs(propose).answers(201), a.propose)
	call(r, get("/cases/{id}/rewards", "The rewards for a case").needs(read), a.caseRewards)
	call(r, post("/cases/{id}/rewards", "Propose a reward; there is one of a type for a case").needs(propose).answers(201), a.proposeReward)
	call(r, get("/compensations", "A view of compensations: what waits for me, for anybody, what is to be paid, all"), a.listCompensations)
	call(r, get("/compensations/counts", "How much waits for my verdict; counting stops at 99"), a.countApprovals)
	call(r, get("/compensations/{id}", "A compensation that the caller may see or has to decide on"), a.getCompensation)
	call(r, put("/compensations/{id}", "Change a draft, or one that was returned").needs(propose), a.changeCompensation)
	call(r, post("/compensations/{id}/acts", "Hand in, take back, approve, return, reject, enter the customer's answer or a payment; to accept for the customer needs a verification"), a.actCompensation)
	call(r, get("/rewards", "Rewards that wait for me, or all for those who keep the accounts"), a.listRewards)
	call(r, post("/rewards/{id}/acts", "Approve, reject, redeem or revoke a reward"), a.actReward)
	call(r, get("/ledger", "The ledger, the newest line first, for those who keep it"), a.listLedger)
	call(r, get("/ledger/balances", "What the accounts hold, and whether they add up"), a.balances)
	stream(r, get("/ledger/export", "The ledger as CSV, the newest line first; the export is recorded"), nil, &huma.Response{
		Description: "Comma-separated values", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}, a.exportLedger)
	call(r, get("/budgets", "What the budgets hold"), a.listBudgets)
	call(r, post("/budgets", "Put money into a budget, or take it out; the same client id counts once").needs(finance), a.fund)
	call(r, get("/contacts/{id}/points", "What a customer has to spend").needs(agent.ContactRead), a.contactPoints)
	call(r, get("/compensation-limits", "How much each level may approve"), a.getLimits)
	call(r, put("/compensation-limits", "Change how much each level may approve").needs(manage), a.putLimits)
	call(r, get("/policies", "The policies of compensation, each in its latest version"), a.listPolicies)
	call(r, get("/policies/{code}", "All versions of a policy, the newest first"), a.policyVersions)
	call(r, put("/policies/{code}", "Write the next version of a policy").needs(manage), a.putPolicy)
}

// needView is what a compensation or a reward waits for.
type needView struct {
	Act   reward.Act   `json:"act"`
	Who   reward.Who   `json:"who"`
	Level reward.Level `json:"level"`
	Why   inbox.Text   `json:"why"`
}

func viewNeed(n reward.Need) needView {
	return needView{n.Act, n.Who, n.Level, inbox.Text{Zh: n.Why.In("zh"), En: n.Why.In("en")}}
}

// compensationView is a compensation with what it waits for, and what the
// caller can do.
type compensationView struct {
	reward.Compensation
	Next         needView       `json:"next"`
	Levels       []reward.Level `json:"levels" doc:"who must approve, from low to high"`
	Deciders     []string       `json:"deciders" doc:"names of some who may give the next verdict"`
	ProposerName string         `json:"proposer_name"`
	PolicyText   *reward.Policy `json:"policy_text,omitempty" doc:"the version of the policy that it followed"`
	Of           care.CaseRef   `json:"case"`
	May          []reward.Act   `json:"may"`
}

func viewCompensation(s care.Sheet) compensationView {
	v := compensationView{
		Compensation: s.Compensation, Next: viewNeed(s.Next), Levels: s.Levels, Deciders: s.Deciders, ProposerName: s.ProposerName, PolicyText: s.Policy,
		Of: s.Case, May: s.May,
	}
	if v.Approvals == nil {
		v.Approvals = []reward.Approval{}
	}
	if v.Payments == nil {
		v.Payments = []reward.Payment{}
	}
	return v
}

func viewCompensations(ss []care.Sheet) []compensationView {
	vs := make([]compensationView, 0, len(ss))
	for _, s := range ss {
		vs = append(vs, viewCompensation(s))
	}
	return vs
}

func (a *API) caseCompensations(ctx context.Context, by agent.Actor, in *byID[ticket.ID]) (list[compensationView], error) {
	ss, err := a.Care.OfCase(ctx, by, in.ID.Value)
	return list[compensationView]{Items: viewCompensations(ss)}, err
}

// Proposal is what somebody types of a compensation. It is exported for the
// reason for which PageOf is.
type Proposal struct {
	Kind        reward.Kind  `json:"kind" enum:"refund,reshipment,coupon,points,policy,repair,replacement"`
	Amount      reward.Money `json:"amount,omitempty" minimum:"0" doc:"in fen; for goods and work what they cost us"`
	Points      int64        `json:"points,omitempty" minimum:"0"`
	PointsUntil time.Time    `json:"points_until,omitzero"`
	Budget      string       `json:"budget,omitempty"`
	Reason      string       `json:"reason"`
	Explanation string       `json:"explanation,omitempty" doc:"told to the customer: the rule behind it"`
	Policy      string       `json:"policy,omitempty"`
	Submit      bool         `json:"submit,omitempty" doc:"hand it in at once"`
}

func (p Proposal) compensation(of ticket.ID) reward.Compensation {
	return reward.Compensation{
		Case: of, Kind: p.Kind, Amount: p.Amount, Points: p.Points, PointsUntil: p.PointsUntil, Budget: p.Budget, Reason: p.Reason,
		Explanation: p.Explanation, Policy: p.Policy,
	}
}

type newProposal struct {
	ClientID string `json:"client_id"`
	Proposal
}

func (a *API) propose(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, newProposal]) (compensationView, error) {
	s, err := a.Care.Propose(ctx, by, in.Body.compensation(in.ID.Value), in.Body.ClientID, in.Body.Submit)
	return viewCompensation(s), err
}

type changedProposal struct {
	Version int64 `json:"version,omitempty" doc:"the version that was read; 0 does not compare"`
	Proposal
}

func (a *API) changeCompensation(ctx context.Context, by agent.Actor, in *withBody[reward.CompensationID, changedProposal]) (compensationView, error) {
	s, err := a.Care.Change(ctx, by, in.ID.Value, in.Body.Version, in.Body.compensation(0), in.Body.Submit)
	return viewCompensation(s), err
}

type listOfCompensations struct {
	PageOf
	View  string `query:"view" enum:"mine,waiting,to_pay,all" default:"mine"`
	State string `query:"state" maxLength:"40"`
}

func (a *API) listCompensations(ctx context.Context, by agent.Actor, in *listOfCompensations) (list[compensationView], error) {
	p, err := a.Care.Approvals(ctx, by, store.CompensationList{View: store.CompensationView(in.View), State: reward.State(in.State), Cursor: in.Cursor, Limit: in.Limit})
	return list[compensationView]{Items: viewCompensations(p.Items), Next: p.Next}, err
}

func (a *API) countApprovals(ctx context.Context, by agent.Actor, _ *struct{}) (care.Waiting, error) {
	return a.Care.CountApprovals(ctx, by)
}

func (a *API) getCompensation(ctx context.Context, by agent.Actor, in *byID[reward.CompensationID]) (compensationView, error) {
	s, err := a.Care.Compensation(ctx, by, in.ID.Value)
	return viewCompensation(s), err
}

type compensationAct struct {
	Version   int64      `json:"version,omitempty" doc:"the version that was read; 0 does not compare"`
	Act       reward.Act `json:"act" enum:"submit,withdraw,approve,return,reject,accept,decline,pay,fail,execute"`
	Note      string     `json:"note,omitempty" doc:"the verdict's reason, the customer's words, or why it failed"`
	Reference string     `json:"reference,omitempty" doc:"of a payment or a shipment"`
}

func (a *API) actCompensation(ctx context.Context, by agent.Actor, in *verifiedBody[reward.CompensationID, compensationAct]) (compensationView, error) {
	s, err := a.doCompensation(ctx, by, in.ID.Value, in.Body, in.Verification.Value)
	return viewCompensation(s), err
}

func (a *API) doCompensation(ctx context.Context, by agent.Actor, i reward.CompensationID, b compensationAct, v verification.ID) (care.Sheet, error) {
	switch b.Act {
	case reward.Submit:
		return a.Care.Submit(ctx, by, i, b.Version)
	case reward.Withdraw:
		return a.Care.Withdraw(ctx, by, i, b.Version)
	case reward.Accept, reward.Decline:
		return a.Care.CustomerAnswers(ctx, by, i, b.Version, b.Act == reward.Accept, b.Note, v)
	case reward.Pay:
		return a.Care.Settle(ctx, by, i, b.Version, b.Reference)
	case reward.Fail:
		return a.Care.FailByHand(ctx, by, i, b.Version, b.Note)
	case reward.Execute:
		return a.Care.PayAgain(ctx, by, i, b.Version)
	default:
		return a.Care.Decide(ctx, by, i, b.Version, b.Act, b.Note)
	}
}

// rewardView is a reward with what it waits for, and what the caller can do.
type rewardView struct {
	reward.Reward
	Next         needView      `json:"next"`
	ProposerName string        `json:"proposer_name"`
	Of           *care.CaseRef `json:"case,omitempty"`
	May          []reward.Act  `json:"may"`
}

func viewReward(s care.RewardSheet) rewardView {
	return rewardView{Reward: s.Reward, Next: viewNeed(s.Next), ProposerName: s.ProposerName, Of: s.Case, May: s.May}
}

func viewRewards(ss []care.RewardSheet) []rewardView {
	vs := make([]rewardView, 0, len(ss))
	for _, s := range ss {
		vs = append(vs, viewReward(s))
	}
	return vs
}

func (a *API) caseRewards(ctx context.Context, by agent.Actor, in *byID[ticket.ID]) (list[rewardView], error) {
	ss, err := a.Care.RewardsOfCase(ctx, by, in.ID.Value)
	return list[rewardView]{Items: viewRewards(ss)}, err
}

type newReward struct {
	Type      reward.Type  `json:"type" enum:"complaint,suggestion,praise,other"`
	Gift      reward.Gift  `json:"gift" enum:"thanks,points,coupon,gift"`
	Amount    reward.Money `json:"amount,omitempty" minimum:"0"`
	Points    int64        `json:"points,omitempty" minimum:"0"`
	Budget    string       `json:"budget,omitempty"`
	Reason    string       `json:"reason,omitempty"`
	ExpiresAt time.Time    `json:"expires_at,omitzero"`
}

func (a *API) proposeReward(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, newReward]) (rewardView, error) {
	b := in.Body
	s, err := a.Care.ProposeReward(ctx, by, in.ID.Value, reward.Reward{
		Type: b.Type, Gift: b.Gift, Amount: b.Amount, Points: b.Points, Budget: b.Budget, Reason: b.Reason, ExpiresAt: b.ExpiresAt,
	})
	return viewReward(s), err
}

type listOfRewards struct {
	PageOf
	View  string `query:"view" enum:"mine,all" default:"mine"`
	State string `query:"state" maxLength:"40"`
}

func (a *API) listRewards(ctx context.Context, by agent.Actor, in *listOfRewards) (list[rewardView], error) {
	p, err := a.Care.Rewards(ctx, by, store.RewardList{Mine: in.View == "mine", State: reward.GiftState(in.State), Cursor: in.Cursor, Limit: in.Limit})
	return list[rewardView]{Items: viewRewards(p.Items), Next: p.Next}, err
}

type rewardAct struct {
	Version int64      `json:"version,omitempty"`
	Act     reward.Act `json:"act" enum:"approve,reject,redeem,revoke"`
	Note    string     `json:"note,omitempty"`
}

func (a *API) actReward(ctx context.Context, by agent.Actor, in *withBody[reward.ID, rewardAct]) (rewardView, error) {
	var s care.RewardSheet
	var err error
	switch b := in.Body; b.Act {
	case reward.Redeem:
		s, err = a.Care.Redeem(ctx, by, in.ID.Value, b.Version)
	case reward.Revoke:
		s, err = a.Care.Revoke(ctx, by, in.ID.Value, b.Version, b.Note)
	default:
		s, err = a.Care.DecideReward(ctx, by, in.ID.Value, b.Version, b.Act, b.Note)
	}
	return viewReward(s), err
}

// entryLine is a line of the ledger as the wire shows it.
type entryLine struct {
	ID        reward.EntryID `json:"id"`
	At        time.Time      `json:"at"`
	Posting   string         `json:"posting"`
	Account   string         `json:"account"`
	Unit      reward.Unit    `json:"unit" enum:"fen,point"`
	Delta     int64          `json:"delta"`
	ExpiresAt time.Time      `json:"expires_at,omitzero"`
	Source    reward.Source  `json:"source"`
	Note      string         `json:"note"`
}

type ledgerPage struct {
	PageOf
	Account string `query:"account" maxLength:"120" doc:"an account, or a kind of account"`
	Source  string `query:"source_id" maxLength:"60"`
}

func (a *API) listLedger(ctx context.Context, by agent.Actor, in *ledgerPage) (list[entryLine], error) {
	p, err := a.Care.Ledger(ctx, by, store.LedgerList{Account: in.Account, Source: reward.Source{ID: in.Source}, Cursor: in.Cursor, Limit: in.Limit})
	l := list[entryLine]{Items: make([]entryLine, 0, len(p.Items)), Next: p.Next}
	for _, e := range p.Items {
		l.Items = append(l.Items, entryLine{e.ID, e.At, e.Posting, e.Account.String(), e.Account.Unit(), e.Delta, e.ExpiresAt, e.Source, e.Note})
	}
	return l, err
}

// balanceLine is what an account holds.
type balanceLine struct {
	Account string      `json:"account"`
	Kind    string      `json:"kind"`
	Of      string      `json:"of,omitempty"`
	Unit    reward.Unit `json:"unit" enum:"fen,point"`
	Balance int64       `json:"balance"`
}

func viewBalances(as []store.AccountBalance) []balanceLine {
	ls := make([]balanceLine, 0, len(as))
	for _, b := range as {
		ls = append(ls, balanceLine{b.Account.String(), string(b.Account.Kind), b.Account.Of, b.Unit, b.Balance})
	}
	return ls
}

type booksView struct {
	Accounts  []balanceLine `json:"accounts"`
	Customers int           `json:"customers" doc:"who hold points"`
	Balanced  bool          `json:"balanced" doc:"each unit adds up to zero"`
}

func (a *API) balances(ctx context.Context, by agent.Actor, _ *struct{}) (booksView, error) {
	b, err := a.Care.Books(ctx, by)
	return booksView{viewBalances(b.Accounts), b.Customers, b.Balanced}, err
}

// exportLedger writes the lines as they are read, so that a long ledger is
// never held in memory.
func (a *API) exportLedger(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	head := map[string][]string{
		"zh": {"编号", "时间", "账户", "变动", "单位", "到期", "来源", "记账编号", "说明"},
		"en": {"id", "time", "account", "change", "unit", "expires", "source", "posting", "note"},
	}[phrase.Language(req.Header.Get("Accept-Language"))]
	out := csv.NewWriter(w)
	begun := false
	begin := func() error {
		begun = true
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="ledger-`+a.Now().UTC().Format(time.DateOnly)+`.csv"`)
		if _, err := w.Write([]byte("\ufeff")); err != nil { // spreadsheets take it for UTF-8 then
			return err
		}
		return out.Write(head)
	}
	err := a.Care.EachEntry(req.Context(), by, store.LedgerList{Account: req.URL.Query().Get("account")}, func(e reward.Entry) error {
		if !begun {
			if err := begin(); err != nil {
				return err
			}
		}
		return out.Write(csvLine(e))
	})
	if err == nil && !begun {
		err = begin()
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

func csvLine(e reward.Entry) []string {
	delta, unit := strconv.FormatInt(e.Delta, 10), "point"
	if e.Account.Unit() == reward.Fen {
		delta, unit = strings.Replace(reward.Money(e.Delta).String(), "¥", "", 1), "CNY"
	}
	until := ""
	if !e.ExpiresAt.IsZero() {
		until = e.ExpiresAt.Format(time.RFC3339)
	}
	return []string{e.ID.String(), e.At.Format(time.RFC3339), sheet.Safe(e.Account.String()), delta, unit, until, e.Source.String(), e.Posting, sheet.Safe(e.Note)}
}

func (a *API) listBudgets(ctx context.Context, by agent.Actor, _ *struct{}) (list[balanceLine], error) {
	bs, err := a.Care.Budgets(ctx, by)
	return list[balanceLine]{Items: viewBalances(bs)}, err
}

type funding struct {
	ClientID string       `json:"client_id"`
	Budget   string       `json:"budget"`
	Amount   reward.Money `json:"amount" doc:"in fen; below zero takes money out"`
	Note     string       `json:"note,omitempty"`
}

type funded struct {
	Balance reward.Money `json:"balance"`
}

func (a *API) fund(ctx context.Context, by agent.Actor, in *struct{ Body funding }) (funded, error) {
	left, err := a.Care.Fund(ctx, by, in.Body.Budget, in.Body.Amount, in.Body.Note, in.Body.ClientID)
	return funded{left}, err
}

func (a *API) contactPoints(ctx context.Context, by agent.Actor, in *byID[contact.ID]) (care.Points, error) {
	return a.Care.PointsOf(ctx, by, in.ID.Value)
}

func (a *API) getLimits(ctx context.Context, _ agent.Actor, _ *struct{}) (reward.Limits, error) {
	return a.Care.Limits(ctx)
}

func (a *API) putLimits(ctx context.Context, by agent.Actor, in *struct{ Body reward.Limits }) (reward.Limits, error) {
	return a.Care.ChangeLimits(ctx, by, in.Body)
}

func (a *API) listPolicies(ctx context.Context, _ agent.Actor, _ *struct{}) (list[reward.Policy], error) {
	ps, err := a.Care.Policies(ctx)
	return list[reward.Policy]{Items: ps}, err
}

type byCode struct {
	Code string `path:"code" maxLength:"60"`
}

func (a *API) policyVersions(ctx context.Context, _ agent.Actor, in *byCode) (list[reward.Policy], error) {
	ps, err := a.Care.PolicyVersions(ctx, in.Code)
	return list[reward.Policy]{Items: ps}, err
}

type policyChange struct {
	Code string `path:"code" maxLength:"60"`
	Body struct {
		Version int           `json:"version" doc:"the version that was read; 0 for a new policy"`
		Name    inbox.Text    `json:"name"`
		Text    inbox.Text    `json:"text"`
		Kinds   []reward.Kind `json:"kinds,omitempty"`
		Most    reward.Money  `json:"most,omitempty" minimum:"0"`
		Since   time.Time     `json:"since,omitzero" doc:"at once if it is past or missing"`
		Retired bool          `json:"retired,omitempty"`
	}
}

func (a *API) putPolicy(ctx context.Context, by agent.Actor, in *policyChange) (reward.Policy, error) {
	b := in.Body
	return a.Care.PutPolicy(ctx, by, reward.Policy{Code: in.Code, Version: b.Version, Name: b.Name, Text: b.Text, Kinds: b.Kinds, Most: b.Most, Since: b.Since, Retired: b.Retired})
}
