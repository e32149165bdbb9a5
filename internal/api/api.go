// Package api is the door of the console and of integrations: HTTP and JSON
// under /api/v1, described by an OpenAPI document that is made from the Go
// types. One file a noun; a handler reads parse, ask, answer.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"yingda/internal/account"
	"yingda/internal/assist"
	"yingda/internal/care"
	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/phrase"
	"yingda/internal/help"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
	"yingda/internal/report"
	"yingda/internal/scribe"
	"yingda/internal/workforce"
)

// Authenticator tells who makes a request: an agent by the session's cookie,
// or an integration by its key.
type Authenticator interface {
	Authenticate(r *http.Request) (agent.Actor, error)
}

// API answers the calls of docs/develop/protocol.md.
type API struct {
	Auth      Authenticator
	Account   *account.Account
	Desk      *desk.Desk
	Care      *care.Care
	Help      *help.Help
	Assist    *assist.Assistant
	Scribe    *scribe.Scribe
	Report    *report.Report
	Workforce *workforce.Workforce
	Log       *slog.Logger
	Now       func() time.Time
	// PublicURL is where people reach us, such as https://help.example.cn;
	// empty: the address that they used.
	PublicURL string
	// Online reports whether a contact has one of our pages open. Nil is no.
	Online func(contact.ID) bool
	// MailCheck tries mailboxes out, and MailGrants signs them in at providers. Nil
	// refuses to.
	MailCheck  channel.MailCheck
	MailGrants channel.MailGrants
	// GrantSeal seals what goes to a provider and comes back.
	GrantSeal desk.Sealer
	// Exchangers returns the names of the mail exchangers of a domain, none if the
	// DNS does not say. Nil never says.
	Exchangers func(ctx context.Context, domain string) []string
	// Phones are the telephones in consoles; nil if they are switched off.
	Phones channel.Phones
	// Lines tells how lines to carriers and telephones do. Nil: this program has no
	// telephone.
	Lines Lines
	// Telephone does what agents do with calls; nil: there is no hotline.
	Telephone channel.Telephone
	// Limit returns how long an actor has to wait for the next call; zero lets
	// it through. Nil lets everyone through.
	Limit func(by agent.Actor, now time.Time) time.Duration
}

// routes lists every call, one line a noun.
func (a *API) routes(r *router) {
	a.sessions(r)
	a.setup(r)
	a.me(r)
	a.agents(r)
	a.roles(r)
	a.teams(r)
	a.skills(r)
	a.keys(r)
	a.audit(r)
	a.jobs(r)
	a.conversations(r)
	a.why(r)
	a.bulk(r)
	a.consults(r)
	a.participants(r)
	a.messages(r)
	a.attachments(r)
	a.mails(r)
	a.phone(r)
	a.search(r)
	a.contacts(r)
	a.imports(r)
	a.verifications(r)
	a.cases(r)
	a.promises(r)
	a.reports(r)
	a.roster(r)
	a.staffing(r)
	a.certificates(r)
	a.wallboard(r)
	a.reviews(r)
	a.rewards(r)
	a.automation(r)
	a.canned(r)
	a.flows(r)
	a.menus(r)
	a.prompts(r)
	a.views(r)
	a.questions(r)
	a.articles(r)
	a.gaps(r)
	a.learning(r)
	a.trees(r)
	a.bringing(r)
	a.notices(r)
	a.telephone(r)
	a.inboxes(r)
	a.mailboxes(r)
	a.calls(r)
	a.transcripts(r)
	a.lines(r)
	a.hooks(r)
	a.sms(r)
	a.settings(r)
	a.model(r)
	a.routing(r)
}

// Mount adds the calls and their description to mux. What is below /api/ and
// is no call of ours is answered with a problem too.
func (a *API) Mount(mux *http.ServeMux) {
	calls := http.NewServeMux()
	r := newRouter(a, calls)
	a.routes(r)
	document := r.document()
	errs := a.Errors()
	calls.Handle("GET /api/openapi.json", errs.Handler(func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(document) // whoever does not read it has gone
		return nil
	}))
	calls.Handle("/api/", errs.Handler(func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.NotFound, "request.not_found", "there is nothing at this address")
	}))
	mux.Handle("/api/", serve.Compress(calls))
}

// Errors answers errors in the reader's language.
func (a *API) Errors() serve.Errors {
	return serve.Errors{Log: a.Log, Language: phrase.Language, Say: phrase.Say}
}

// Document returns the OpenAPI document of the calls, as it is committed.
func Document() []byte {
	a := &API{Log: slog.New(slog.DiscardHandler)}
	r := newRouter(a, http.NewServeMux())
	a.routes(r)
	return r.document()
}
