package site

import (
	"context"
	"net/http"
	"time"

	"yingda/internal/account"
	"yingda/internal/channel"
	"yingda/internal/domain/access"
	"yingda/internal/domain/company"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/help"
	"yingda/internal/post"
)

// Knowledge is what is published for everybody.
type Knowledge interface {
	// Version changes whenever what is published changes.
	Version() string
	Headings(language string) []help.Heading
	Search(ask help.Search) (page []help.Entry, total int)
	Entry(kind help.Kind, ref string) (help.Entry, error)
	Related(e help.Entry, n int) []help.Entry
	Decide(text string, l retrieve.Limits) retrieve.Decision
	// Suggest returns the questions that fit a text best, however well.
	Suggest(text, language string, n int) []retrieve.Candidate
	// Complete returns published questions that somebody who types may be about
	// to ask.
	Complete(text, language string, n int) []conversation.Choice
	// Cite returns the passage of an article that comes nearest to what somebody
	// asks; false where none comes near.
	Cite(text, language string) (help.Citation, bool)
	PublicQuestion(id int64) (help.Entry, bool)
	Viewed(ctx context.Context, e help.Entry) error
	// Rated counts what a reader says of an entry, each reader once.
	Rated(ctx context.Context, e help.Entry, voter string, helpful bool) error
}

// Desk is what the pages need of the people who answer.
type Desk interface {
	Settings(ctx context.Context) (company.Settings, error)
	Inboxes(ctx context.Context) ([]inbox.Inbox, error)
	// Staffed reports whether an agent who could answer is there now.
	Staffed(ctx context.Context, in inbox.Inbox) (bool, error)
	// OpenPublicCase takes what is handed in. The same clientID gives the same
	// case again.
	OpenPublicCase(ctx context.Context, c ticket.Case, files []channel.Upload, clientID string) (ticket.Case, error)
	// CasesOf returns what a contact handed in, newest first; also what came
	// under an address that is proven to be theirs, if it is not empty.
	CasesOf(ctx context.Context, who contact.ID, proven string) ([]ticket.Case, error)

	// Suggestions returns a page of the board, from the one after another on, and
	// where the next page goes on; zero at the end.
	Suggestions(ctx context.Context, from ticket.ID) (page []channel.Suggestion, after ticket.ID, err error)
	// Vote counts each contact's vote once.
	Vote(ctx context.Context, number string, by contact.ID) (votes int, err error)

	// Handling returns how cases are sorted, and what each sort is asked for.
	Handling(ctx context.Context) (ticket.Handling, error)
	// MailAddresses returns the addresses that customers may write to.
	MailAddresses(ctx context.Context) ([]channel.MailAddress, error)
	// PublicPromises returns what is promised, and how it was kept lately.
	PublicPromises(ctx context.Context) ([]channel.Promise, error)
	// Hotline returns when the phone is answered; nil where the promises have no
	// calendar for it.
	Hotline(ctx context.Context) (*channel.Line, error)
	// BestHours returns when one waits least for a person, the best first; none
	// where too little is known.
	BestHours(ctx context.Context) ([]channel.Hour, error)

	// CaseSecret returns what looks a case up beside its number.
	CaseSecret(c ticket.Case) string
	// CasePass returns what opens a case until a time.
	CasePass(c ticket.Case, until time.Time) string
	// LookUp returns a pass to who knows number and secret, and the number as we
	// write it; Busy after many wrong tries.
	LookUp(ctx context.Context, number, secret string) (written, pass string, err error)
	Follow(ctx context.Context, number string, h channel.Holder) (channel.CaseView, error)
	// CustomerDoes and CustomerProves do it once for the same clientID.
	CustomerDoes(ctx context.Context, number string, h channel.Holder, do ticket.Doing, clientID string) (channel.CaseView, error)
	CustomerProves(ctx context.Context, number string, h channel.Holder, files []channel.Upload, clientID string) (channel.CaseView, error)
}

// Offers are the compensations that customers are offered in their cases.
type Offers interface {
	OffersFor(ctx context.Context, number string, h channel.Holder) ([]channel.Offer, error)
	// AnswerFor is the customer's answer to one; the same again changes nothing.
	AnswerFor(ctx context.Context, number string, h channel.Holder, i reward.CompensationID, yes bool, reason string) error
}

// Accounts are how customers get in.
type Accounts interface {
	// CodesWork reports whether one-time codes can be sent.
	CodesWork() bool
	// Guest returns who makes a request, or an Unsigned fault.
	Guest(r *http.Request) (account.Guest, error)
	SignUp(ctx context.Context, n account.NewCustomer, from account.From) (account.Welcome, error)
	AskSignUp(ctx context.Context, n account.NewCustomer, from account.From) (ticket string, err error)
	CustomerSignIn(ctx context.Context, email, password string, from account.From) (account.Welcome, error)
	AskCode(ctx context.Context, p access.Purpose, email, language string, from account.From) (ticket string, err error)
	AskProof(ctx context.Context, g account.Guest, from account.From) (ticket string, err error)
	AskPhone(ctx context.Context, g account.Guest, phone string, from account.From) (ticket string, err error)
	AskEmail(ctx context.Context, g account.Guest, email string, from account.From) (ticket string, err error)
	Asked(ctx context.Context, ticket string) (account.Asked, error)
	AskAgain(ctx context.Context, ticket string, from account.From) (string, error)
	EnterCode(ctx context.Context, ticket string, e account.Entered, from account.From) (access.Purpose, account.Welcome, error)
	EditProfile(ctx context.Context, g account.Guest, p account.Profile, from account.From) error
	ChangeCustomerPassword(ctx context.Context, g account.Guest, old, fresh string, from account.From) error
	CustomerSessions(ctx context.Context, g account.Guest) ([]access.CustomerSession, error)
	EndCustomerSession(ctx context.Context, g account.Guest, i access.SessionID, from account.From) error
	CustomerSignOut(ctx context.Context, token string, from account.From) error
}

// Mailbox is where the demo keeps the letters that it would send.
type Mailbox interface {
	Letters(ctx context.Context) ([]post.Kept, error)
}
