package reward

import (
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// Type is what somebody is thanked for.
type Type string

// The types of reward.
const (
	ForComplaint  Type = "complaint"  // a complaint that helped (R114)
	ForSuggestion Type = "suggestion" // a suggestion that was adopted (R119)
	ForPraise     Type = "praise"     // five stars with a word (R129)
	ForOther      Type = "other"
)

// Gift is what they get.
type Gift string

// The gifts.
const (
	Thanks       Gift = "thanks" // a message; costs nothing and needs nobody's approval
	PointsGift   Gift = "points"
	CouponGift   Gift = "coupon"
	MaterialGift Gift = "gift"
)

// Source is the thing that a reward or a posting comes from.
type Source struct {
	Kind string `json:"kind"` // case, survey, compensation, reward, …
	ID   string `json:"id"`
}

// String writes the source as it stands in keys: case/cs_….
func (s Source) String() string { return s.Kind + "/" + s.ID }

// Reward is thanks (奖励). There is at most one of a type for one source
// (R130); Key is what the database keeps unique.
type Reward struct {
	ID        ID         `json:"id"`
	Type      Type       `json:"type"`
	Source    Source     `json:"source"`
	Contact   contact.ID `json:"contact_id"`
	Gift      Gift       `json:"gift"`
	Amount    Money      `json:"amount,omitzero"` // what it costs us; 0 for thanks and points
	Points    int64      `json:"points,omitzero"`
	Budget    string     `json:"budget,omitzero"`
	Reason    string     `json:"reason"`
	Proposer  agent.ID   `json:"proposer_id,omitzero"` // nobody when the program proposed it
	Limits    Limits     `json:"limits"`
	State     GiftState  `json:"state"`
	Approval  Approval   `json:"approval,omitzero"`
	ExpiresAt time.Time  `json:"expires_at,omitzero"` // when what was granted and not used falls back
	CreatedAt time.Time  `json:"created_at"`
	ChangedAt time.Time  `json:"changed_at"`
	Version   int64      `json:"version"`
}

// GiftState is where a reward stands.
type GiftState string

// The states of a reward.
const (
	RewardProposed GiftState = "proposed" // 待审批
	RewardApproved GiftState = "approved" // 已批准
	RewardRejected GiftState = "rejected" // 已拒绝
	RewardGranted  GiftState = "granted"  // 已发放
	RewardRedeemed GiftState = "redeemed" // 已使用
	RewardExpired  GiftState = "expired"  // 已过期
	RewardRevoked  GiftState = "revoked"  // 已收回
)

// rewardMoves is the whole state machine of a reward.
var rewardMoves = map[GiftState]map[Act]GiftState{
	RewardProposed: {ApproveLast: RewardApproved, Reject: RewardRejected},
	RewardApproved: {Grant: RewardGranted, Revoke: RewardRevoked},
	RewardGranted:  {Redeem: RewardRedeemed, Expire: RewardExpired, Revoke: RewardRevoked},
}

// GiftStates lists the states of a reward in the order of its life.
func GiftStates() []GiftState {
	return []GiftState{RewardProposed, RewardApproved, RewardGranted, RewardRedeemed, RewardExpired, RewardRevoked, RewardRejected}
}

// Next returns the state after an act, or a Conflict that says what is
// possible now.
func (s GiftState) Next(a Act) (GiftState, error) {
	next, ok := rewardMoves[s][a]
	if !ok {
		return s, fault.New(fault.Conflict, "reward.state."+string(s), "this is not possible while the reward is %s; possible now: %s", string(s), listed(s.Acts()))
	}
	return next, nil
}

// Acts returns what is possible in a state, in a fixed order.
func (s GiftState) Acts() []Act { return actsOf(rewardMoves[s]) }

// Key names the reward by what must be unique: its type and its source.
func (r Reward) Key() string { return "reward/" + string(r.Type) + "/" + r.Source.String() }

// Worth returns what the reward costs, in fen.
func (r Reward) Worth(l Limits) Money { return r.Amount + Money(r.Points)*l.Point }

var (
	types = map[Type]bool{ForComplaint: true, ForSuggestion: true, ForPraise: true, ForOther: true}
	gifts = map[Gift]bool{Thanks: true, PointsGift: true, CouponGift: true, MaterialGift: true}
)

// Check returns the reward as it is kept, or what is wrong with what was
// typed.
func (r Reward) Check() (Reward, error) {
	r.Reason, r.Budget = strings.TrimSpace(r.Reason), strings.TrimSpace(r.Budget)
	switch {
	case !types[r.Type]:
		return r, fault.New(fault.Invalid, "reward.type", "there is no type of reward %q", string(r.Type)).In("type")
	case r.Source.Kind == "" || r.Source.ID == "":
		return r, fault.New(fault.Invalid, "reward.source", "say what the reward is for: the case or the survey").In("source")
	case r.Contact.IsZero():
		return r, fault.New(fault.Invalid, "reward.contact", "say which customer is rewarded").In("contact_id")
	case !gifts[r.Gift]:
		return r, fault.New(fault.Invalid, "reward.gift", "there is no gift %q", string(r.Gift)).In("gift")
	case utf8.RuneCountInString(r.Reason) > maxReason:
		return r, fault.New(fault.Invalid, "reward.reason", "the reason holds at most %d characters", maxReason).In("reason")
	case utf8.RuneCountInString(r.Budget) > maxBudget:
		return r, fault.New(fault.Invalid, "compensation.budget", "a budget is named in at most %d characters", maxBudget).In("budget")
	case r.Amount < 0 || r.Amount > MaxAmount || r.Points < 0 || r.Points > MaxPoints || !r.costs():
		return r, fault.New(fault.Invalid, "reward.amount", "thanks cost nothing, points have points, and a coupon or a gift has what it costs").In("amount")
	}
	return r, nil
}

// costs reports whether amount and points fit the gift.
func (r Reward) costs() bool {
	switch r.Gift {
	case Thanks:
		return r.Amount == 0 && r.Points == 0
	case PointsGift:
		return r.Amount == 0 && r.Points > 0
	default:
		return r.Amount > 0 && r.Points == 0
	}
}

// Propose returns the reward as it begins. Thanks that cost nothing are
// approved at once; everything else waits for somebody.
func (r Reward) Propose(l Limits, now time.Time) (Reward, error) {
	r, err := r.Check()
	if err != nil {
		return r, err
	}
	r.State, r.Limits, r.CreatedAt, r.ChangedAt, r.Approval = RewardProposed, l, now, now, Approval{}
	if r.Gift == Thanks {
		r.State = RewardApproved
	}
	return r, nil
}

// Needs returns what the reward waits for. One person approves it: the one
// whose limit its worth does not pass.
func (r Reward) Needs() Need {
	switch r.State {
	case RewardProposed:
		levels := levelsFor(r.Worth(r.Limits), r.Limits)
		level := levels[len(levels)-1]
		n := Need{Act: ApproveLast, Who: AnApprover, Level: level, Permission: level.Permission(), Why: r.whyLevel(level)}
		if !r.Proposer.IsZero() {
			n.Not = []agent.ID{r.Proposer}
		}
		return n
	case RewardApproved:
		return Need{Act: Grant, Who: ThePayment, Why: phrase.Because("why.reward.grant", "approved; it is granted next")}
	case RewardGranted:
		return Need{Act: Redeem, Who: TheCustomer, Why: phrase.Because("why.reward.redeem", "granted; the customer may use it")}
	default:
		return Need{Who: Nobody, Why: phrase.Because("why.over", "nothing is left to do")}
	}
}

func (r Reward) whyLevel(level Level) phrase.Reason {
	worth := r.Worth(r.Limits).String()
	switch level {
	case LevelFinance:
		return phrase.Because("why.reward.finance", "%s is above %s, the limit of a supervisor, so finance approves", worth, r.Limits.L2.String())
	case Level2:
		return phrase.Because("why.reward.approve", "%s is within %s, so this level approves", worth, r.Limits.L2.String())
	default:
		return phrase.Because("why.reward.approve", "%s is within %s, so this level approves", worth, r.Limits.L1.String())
	}
}

// Decide returns the reward with somebody's verdict: Approve or Reject. Four
// eyes: the proposer cannot approve.
func (r Reward) Decide(by agent.Actor, verdict Act, note string, now time.Time) (Reward, error) {
	act, ok := map[Act]Act{Approve: ApproveLast, Reject: Reject}[verdict]
	if !ok {
		return r, fault.New(fault.Invalid, "reward.verdict", "a reward is approved or rejected").In("verdict")
	}
	next, err := r.State.Next(act)
	if err != nil {
		return r, err
	}
	need := r.Needs()
	note, err = mayDecide(by, need, verdict, note)
	if err != nil {
		return r, err
	}
	r.State, r.ChangedAt = next, now
	r.Approval = Approval{By: by.Agent, Name: by.Name, At: now, Level: need.Level, Verdict: verdict, Note: note, Round: 1}
	return r, nil
}

// Grant returns the granted reward with what it writes into the ledger. A
// reward of thanks writes nothing: its posting has no lines.
func (r Reward) Grant(now time.Time) (Reward, Posting, error) {
	next, err := r.State.Next(Grant)
	if err != nil {
		return r, Posting{}, err
	}
	r.State, r.ChangedAt = next, now
	p := Posting{Key: r.Key() + "/grant", At: now, Source: Source{Kind: "reward", ID: r.ID.String()}, Note: r.Reason}
	worth := r.Worth(r.Limits)
	if worth > 0 {
		p.Lines = append(p.Lines, Line{Account: payer(r.Budget), Delta: -int64(worth)}, Line{Account: Account{Kind: Spent}, Delta: int64(worth)})
	}
	if r.Points > 0 {
		p.Lines = append(p.Lines, grantPoints(r.Contact, r.Points, r.ExpiresAt)...)
	}
	return r, p, nil
}

// Use returns the reward after the customer used it. Points are spent from
// their account, not by reward.
func (r Reward) Use(now time.Time) (Reward, error) {
	if !r.ExpiresAt.IsZero() && !now.Before(r.ExpiresAt) {
		return r, fault.New(fault.Conflict, "reward.late", "the reward was good until %s", r.ExpiresAt.Format("2006-01-02 15:04"))
	}
	return r.move(Redeem, now)
}

// Lapse returns the reward after its time ran out unused. It is refused before
// that time.
func (r Reward) Lapse(now time.Time) (Reward, error) {
	if r.ExpiresAt.IsZero() || now.Before(r.ExpiresAt) {
		return r, fault.New(fault.Conflict, "reward.early", "the reward has not expired")
	}
	return r.move(Expire, now)
}

// Revoke returns the reward taken back. Of points, what the customer still has
// of the account is taken back with the posting, never more; money that was
// spent stays spent.
func (r Reward) Revoke(spendable int64, why string, now time.Time) (Reward, Posting, error) {
	granted := r.State == RewardGranted
	r, err := r.move(Revoke, now)
	if err != nil {
		return r, Posting{}, err
	}
	p := Posting{Key: r.Key() + "/revoke", At: now, Source: Source{Kind: "reward", ID: r.ID.String()}, Note: why}
	if back := min(r.Points, max(0, spendable)); granted && back > 0 {
		p.Lines = SpendPoints(r.Contact, back)
	}
	return r, p, nil
}

func (r Reward) move(a Act, now time.Time) (Reward, error) {
	next, err := r.State.Next(a)
	if err != nil {
		return r, err
	}
	r.State, r.ChangedAt = next, now
	return r, nil
}
