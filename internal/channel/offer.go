package channel

import (
	"time"

	"yingda/internal/domain/inbox"
	"yingda/internal/domain/reward"
)

// OfferState is where a compensation stands for its customer.
type OfferState string

// The states.
const (
	Offered  OfferState = "offered"   // waits for the customer's answer
	Taken    OfferState = "taken"     // accepted, and on its way
	Given    OfferState = "given"     // has gone
	NotTaken OfferState = "not_taken" // the customer declined
)

// Offer is a compensation as its customer sees it. Who approved it, and what
// they said, is not in it.
type Offer struct {
	ID          reward.CompensationID `json:"id"`
	Kind        reward.Kind           `json:"kind"`
	Name        inbox.Text            `json:"name"`
	Amount      reward.Money          `json:"amount"` // in fen; of goods and work not to be shown
	Points      int64                 `json:"points,omitzero"`
	PointsUntil time.Time             `json:"points_until,omitzero"`
	Explanation string                `json:"explanation,omitzero"` // the rule behind it (R157)
	Policy      *inbox.Text           `json:"policy,omitempty"`
	Rule        *inbox.Text           `json:"rule,omitempty"` // the text of the policy, in the version that was followed
	State       OfferState            `json:"state"`
	At          time.Time             `json:"at"`
}
