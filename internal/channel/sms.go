package channel

import (
	"context"
	"time"

	"yingda/internal/domain/sms"
)

// Texter hands a text message over to a provider. Package sms has the one that
// speaks to carriers.
type Texter interface {
	// SendText sends one text to one number by an account, once, and returns the
	// provider's id of it. An error is a *sms.SendError: its class says whether the
	// text may have left. It takes at most half a minute.
	SendText(ctx context.Context, by sms.Settings, m sms.Outgoing) (accepted string, err error)
}

// TextReportsPath is where the address of reports begins; a secret follows.
const TextReportsPath = "/hooks/sms/"

// TextReports is what the desk offers to the door at which providers tell what
// became of texts.
type TextReports interface {
	// TextReports keeps what a provider tells. It is NotFound for an address that
	// is not the one we gave out. Telling it twice changes nothing.
	TextReports(ctx context.Context, secret string, reports []sms.Report) error
}

// Ratings is what the desk offers to the page that a link in a text leads to.
type Ratings interface {
	// RatingAsked returns what a link asks a rating of; NotFound if it does not
	// work, or not any more.
	RatingAsked(ctx context.Context, link string) (RatingAsked, error)
	// RateByLink keeps the marks, 1 to 5, by question, and a remark; a Conflict if
	// there are marks already.
	RateByLink(ctx context.Context, link string, marks map[string]int, remark string) error
}

// RatingAsked is a call that a customer is asked about.
type RatingAsked struct {
	At        time.Time
	Questions []string
	Done      bool // there are marks
}
