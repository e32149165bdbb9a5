package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/fault"
)

func (a *API) mailboxes(r *router) {
	call(r, get("/mailboxes", "All mailboxes with how they do, the oldest first").needs(agent.ChannelManage), a.listMailboxes)
	call(r, post("/mailboxes", "Set up a mailbox; what is not named has its default").needs(agent.ChannelManage), a.createMailbox)
	call(r, get("/mailboxes/services", "The providers of mailboxes whose servers are known").needs(agent.ChannelManage), a.mailServices)
	call(r, get("/mailboxes/guess", "Which provider an address is likely with, and what a mailbox there starts with").needs(agent.ChannelManage), a.guessService)
	call(r, post("/mailboxes/check", "Try a mailbox out, saved or not: sign in, open the folder, send a mail and see it arrive; takes up to a minute").needs(agent.ChannelManage), a.checkMailbox)
	call(r, get("/mailboxes/{id}", "A mailbox").needs(agent.ChannelManage), a.getMailbox)
	call(r, patch("/mailboxes/{id}", "Change a mailbox").needs(agent.ChannelManage), a.changeMailbox)
	act(r, remove("/mailboxes/{id}", "Remove a mailbox; a Conflict once mail came to it or left from it").needs(agent.ChannelManage), a.removeMailbox)
	call(r, post("/mailboxes/{id}/dkim", "A new key to sign mails with; its record is to be published in the DNS").needs(agent.ChannelManage), a.makeDKIM)
	call(r, post("/mailboxes/{id}/oauth", "Begin to sign a mailbox in at a provider of OAuth 2: the answer is where the browser goes").needs(agent.ChannelManage), a.askGrant)
	stream(r, get("/mailboxes/oauth/callback", "Where the provider sends the browser back to; leads on to the settings").needs(agent.ChannelManage), nil,
		&huma.Response{Description: "a redirect to the settings"}, a.takeGrant)
}

// mailboxView is a mailbox as the wire shows it: of its secrets only that they
// are there.
type mailboxView struct {
	mailbox.Mailbox
	Name     string          `json:"name" doc:"what it is called among ourselves"`
	Enabled  bool            `json:"enabled"`
	Team     agent.TeamID    `json:"team_id,omitzero"`
	Hours    sla.Hours       `json:"hours"`
	Fetch    mailHealth      `json:"fetch_health"`
	Send     mailHealth      `json:"send_health"`
	Held     mailSecrets     `json:"secrets"`
	Records  []mailboxRecord `json:"records" doc:"what the DNS of the domain should say, as TXT; empty where the domain is a provider's"`
	Redirect string          `json:"redirect" doc:"the address that a provider of OAuth 2 sends the browser back to"`
}

type mailHealth struct {
	State  mailbox.State `json:"state" enum:",ok,trouble,refused" doc:"empty: not tried yet"`
	Code   string        `json:"code,omitzero" doc:"what is wrong: mail.unreachable, mail.tls, mail.auth, mail.busy, mail.refused …"`
	Detail string        `json:"detail,omitzero" doc:"what the server said"`
	At     *time.Time    `json:"at,omitempty" doc:"since when"`
	LastOK *time.Time    `json:"last_ok,omitempty" doc:"when it last worked"`
}

type mailSecrets struct {
	Fetch *mailSecret `json:"fetch_password,omitempty"`
	Send  *mailSecret `json:"send_password,omitempty"`
	DKIM  *mailSecret `json:"dkim_key,omitempty"`
	Grant *mailGrant  `json:"grant,omitempty"`
}

// mailSecret says that there is a secret.
type mailSecret struct {
	At   *time.Time `json:"at,omitempty" doc:"when it was set"`
	Tail string     `json:"tail,omitzero" doc:"its last characters, if it is long"`
}

type mailGrant struct {
	Provider mailbox.Provider `json:"provider" enum:"google,microsoft,other"`
	Tenant   string           `json:"tenant,omitzero"`
	ClientID string           `json:"client_id"`
	Secret   bool             `json:"client_secret_set"`
	AuthURL  string           `json:"auth_url,omitzero"`
	TokenURL string           `json:"token_url,omitzero"`
	Scopes   []string         `json:"scopes"`
	SignedIn bool             `json:"signed_in"`
	At       *time.Time       `json:"at,omitempty" doc:"when it was signed in"`
}

type mailboxRecord struct {
	Name  string     `json:"name"`
	Value string     `json:"value"`
	About inbox.Text `json:"about"`
}

// when is a time that may not have been.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (a *API) viewMailbox(ctx context.Context, m desk.SetMailbox) mailboxView {
	v := mailboxView{
		Mailbox: m.Mailbox, Name: m.Of.Name, Enabled: m.Of.Enabled, Team: m.Of.Team, Hours: m.Of.Settings.Hours,
		Fetch: viewHealth(m.FetchDoes), Send: viewHealth(m.SendDoes), Records: []mailboxRecord{}, Redirect: grantRedirect(ctx),
		Held: mailSecrets{
			Fetch: viewSecret(m.Secrets, mailbox.SecretFetch, m.Secrets.FetchPassword),
			Send:  viewSecret(m.Secrets, mailbox.SecretSend, m.Secrets.SendPassword),
			DKIM:  viewSecret(m.Secrets, mailbox.SecretDKIM, m.Secrets.DKIMKey),
		},
	}
	for _, r := range m.Records() {
		v.Records = append(v.Records, mailboxRecord(r))
	}
	if g := m.Secrets.Grant; g.ClientID != "" {
		v.Held.Grant = &mailGrant{
			Provider: g.Provider, Tenant: g.Tenant, ClientID: g.ClientID, Secret: g.ClientSecret != "", AuthURL: g.AuthURL, TokenURL: g.TokenURL,
			Scopes: append([]string{}, g.Scopes...), SignedIn: g.Refresh != "" || g.Access != "", At: when(m.Secrets.Set[mailbox.SecretGrant]),
		}
	}
	return v
}

func viewSecret(s mailbox.Secrets, name, value string) *mailSecret {
	h := s.Show(name, value)
	if h == nil {
		return nil
	}
	return &mailSecret{At: when(h.At), Tail: h.Tail}
}

func viewHealth(h mailbox.Health) mailHealth {
	return mailHealth{State: h.State, Code: h.Code, Detail: h.Detail, At: when(h.At), LastOK: when(h.LastOK)}
}

func (a *API) listMailboxes(ctx context.Context, by agent.Actor, _ *struct{}) (list[mailboxView], error) {
	all, err := a.Desk.ListMailboxes(ctx, by)
	l := list[mailboxView]{Items: make([]mailboxView, 0, len(all))}
	for _, m := range all {
		l.Items = append(l.Items, a.viewMailbox(ctx, m))
	}
	return l, err
}

func (a *API) getMailbox(ctx context.Context, by agent.Actor, in *byID[inbox.ID]) (mailboxView, error) {
	m, err := a.Desk.MailboxOf(ctx, by, in.ID.Value)
	return a.viewMailbox(ctx, m), err
}

func (a *API) createMailbox(ctx context.Context, by agent.Actor, in *struct{ Body desk.MailboxChange }) (mailboxView, error) {
	m, err := a.Desk.CreateMailbox(ctx, by, in.Body)
	return a.viewMailbox(ctx, m), err
}

func (a *API) changeMailbox(ctx context.Context, by agent.Actor, in *withBody[inbox.ID, desk.MailboxChange]) (mailboxView, error) {
	m, err := a.Desk.ChangeMailbox(ctx, by, in.ID.Value, in.Body)
	return a.viewMailbox(ctx, m), err
}

func (a *API) removeMailbox(ctx context.Context, by agent.Actor, in *byID[inbox.ID]) error {
	return a.Desk.RemoveMailbox(ctx, by, in.ID.Value)
}

func (a *API) mailServices(context.Context, agent.Actor, *struct{}) (list[mailbox.Service], error) {
	return list[mailbox.Service]{Items: mailbox.Services()}, nil
}

type guessAsked struct {
	Address string `query:"address" maxLength:"254"`
	Service string `query:"service" maxLength:"20" doc:"the code of a provider that was chosen; empty guesses it"`
}

// mailGuess is a provider with what a mailbox there starts with.
type mailGuess struct {
	Service  mailbox.Service  `json:"service"`
	Settings mailbox.Settings `json:"settings"`
	Hours    sla.Hours        `json:"hours"`
}

// exchangersTime is how long the DNS has to say where a domain gets its mail:
// somebody waits while they type.
const exchangersTime = 3 * time.Second

func (a *API) guessService(ctx context.Context, _ agent.Actor, in *guessAsked) (mailGuess, error) {
	address := strings.ToLower(strings.TrimSpace(in.Address))
	guess := mailbox.Guess(address, nil)
	if in.Service != "" && in.Service != guess.Code {
		chosen, ok := mailbox.ServiceOf(in.Service)
		if !ok {
			return mailGuess{}, fault.New(fault.NotFound, "mailbox.no_service", "there is no such provider of mailboxes")
		}
		guess = chosen
	} else if in.Service == "" && len(guess.Domains) == 0 && a.Exchangers != nil && mailbox.IsAddress(address) {
		_, domain, _ := strings.Cut(address, "@")
		ctx, done := context.WithTimeout(ctx, exchangersTime)
		defer done()
		guess = mailbox.Guess(address, a.Exchangers(ctx, domain))
	}
	return mailGuess{Service: guess, Settings: guess.Settings(address), Hours: inbox.Defaults().Hours}, nil
}

type mailboxTried struct {
	ID *inbox.ID `json:"id,omitempty" doc:"of a mailbox that is kept: passwords that are left out are its own"`
	desk.MailboxChange
}

type mailCheck struct {
	Steps []mailStep `json:"steps" doc:"in the order in which they were tried; a way ends with the step that fails"`
}

type mailStep struct {
	Name   channel.MailStepName `json:"name" enum:"login,folder,idle,sign_in,send,loop"`
	Works  bool                 `json:"works"`
	Code   string               `json:"code,omitzero"`
	Why    *inbox.Text          `json:"why,omitempty" doc:"what is wrong, and what to do"`
	Detail string               `json:"detail,omitzero" doc:"what the server said, or what was found"`
}

func (a *API) checkMailbox(ctx context.Context, by agent.Actor, in *struct{ Body mailboxTried }) (v mailCheck, err error) {
	var i inbox.ID
	if in.Body.ID != nil {
		i = *in.Body.ID
	}
	m, err := a.Desk.DraftMailbox(ctx, by, i, in.Body.MailboxChange)
	if err != nil {
		return v, err
	}
	if a.MailCheck == nil {
		return v, errNoMail
	}
	v.Steps = []mailStep{}
	for _, s := range a.MailCheck.CheckMailbox(ctx, m) {
		step := mailStep{Name: s.Name, Works: s.Err == nil, Detail: s.Detail}
		if s.Err != nil {
			step.Code, step.Why = fault.CodeOf(s.Err), faultWords(s.Err)
		}
		v.Steps = append(v.Steps, step)
	}
	return v, nil
}

// faultWords is what a fault says, in both languages.
func faultWords(err error) *inbox.Text {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return nil
	}
	return &inbox.Text{Zh: phrase.Say(phrase.Chinese, f.Code, f.Args, f.Message()), En: f.Message()}
}

var errNoMail = fault.New(fault.Busy, "mailbox.no_door", "e-mail is not running here; look at the log of the program")

type dkimAsked struct {
	Kind     string `json:"kind" enum:"rsa,ed25519" doc:"rsa is known everywhere"`
	Selector string `json:"selector" maxLength:"63" doc:"names the key in the DNS; a new one lets the old record stand until the last mail signed with it has arrived"`
}

func (a *API) makeDKIM(ctx context.Context, by agent.Actor, in *withBody[inbox.ID, dkimAsked]) (mailboxView, error) {
	m, err := a.Desk.MakeDKIMKey(ctx, by, in.ID.Value, in.Body.Kind, in.Body.Selector)
	return a.viewMailbox(ctx, m), err
}

type grantAsked struct {
	Provider     mailbox.Provider `json:"provider" enum:"google,microsoft,other"`
	Tenant       string           `json:"tenant,omitzero" maxLength:"100" doc:"with microsoft; empty: any"`
	ClientID     string           `json:"client_id" maxLength:"300"`
	ClientSecret string           `json:"client_secret,omitzero" maxLength:"500" doc:"left out, that which is kept for the same application"`
	AuthURL      string           `json:"auth_url,omitzero" maxLength:"500" doc:"with other: where people sign in"`
	TokenURL     string           `json:"token_url,omitzero" maxLength:"500" doc:"with other: where tokens are given"`
	Scopes       []string         `json:"scopes,omitempty" maxItems:"20" doc:"empty: what the provider calls reading and sending mail"`
}

type grantBegun struct {
	URL string `json:"url"`
}

// grantState goes to the provider and comes back, sealed: which mailbox, for
// whom, until when, and what proves that it was us who asked (RFC 7636).
type grantState struct {
	Mailbox  inbox.ID
	Agent    agent.ID
	Verifier string
	Until    time.Time
}

// grantTime is how long somebody has to sign in at a provider.
const grantTime = 15 * time.Minute

func grantRedirect(ctx context.Context) string {
	return originOf(ctx) + prefix + "/mailboxes/oauth/callback"
}

func (a *API) askGrant(ctx context.Context, by agent.Actor, in *withBody[inbox.ID, grantAsked]) (v grantBegun, err error) {
	if a.MailGrants == nil || a.GrantSeal == nil {
		return v, errNoMail
	}
	b := in.Body
	g, err := a.Desk.AskGrant(ctx, by, in.ID.Value, mailbox.Grant{
		Provider: b.Provider, Tenant: strings.TrimSpace(b.Tenant), ClientID: strings.TrimSpace(b.ClientID), ClientSecret: b.ClientSecret,
		AuthURL: b.AuthURL, TokenURL: b.TokenURL, Scopes: b.Scopes,
	})
	if err != nil {
		return v, err
	}
	s := grantState{Mailbox: in.ID.Value, Agent: by.Agent, Verifier: rand.Text() + rand.Text(), Until: a.Now().Add(grantTime)}
	plain, err := json.Marshal(s)
	if err != nil {
		return v, err
	}
	v.URL, err = a.MailGrants.GrantURL(g, grantRedirect(ctx), a.GrantSeal.Seal(plain), s.Verifier)
	return v, err
}

// takeGrant is where the provider sends the browser back to. Whatever comes of
// it is shown in the settings, with the code of the fault.
func (a *API) takeGrant(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	ctx := context.WithValue(req.Context(), originKey{}, a.origin(req))
	q := req.URL.Query()
	i, err := a.tookGrant(ctx, by, q)
	back := url.Values{"oauth": {"ok"}}
	if !i.IsZero() {
		back.Set("id", i.String())
	}
	if err != nil {
		back.Set("oauth", fault.CodeOf(err))
		a.Log.WarnContext(ctx, "a mailbox was not signed in at its provider", slog.Any("error", err))
	}
	http.Redirect(w, req, "/app/settings/mailboxes?"+back.Encode(), http.StatusSeeOther)
	return nil
}

func (a *API) tookGrant(ctx context.Context, by agent.Actor, q url.Values) (i inbox.ID, err error) {
	if a.MailGrants == nil || a.GrantSeal == nil {
		return i, errNoMail
	}
	var s grantState
	plain, err := a.GrantSeal.Open(q.Get("state"))
	if err == nil {
		err = json.Unmarshal(plain, &s)
	}
	if err != nil || s.Agent != by.Agent || a.Now().After(s.Until) {
		return i, fault.New(fault.Invalid, "mailbox.oauth_state", "this sign-in was begun by somebody else or too long ago; begin it again in the settings")
	}
	if q.Get("error") != "" || q.Get("code") == "" {
		return s.Mailbox, fault.New(fault.Invalid, "mailbox.oauth_refused", "the provider did not let us in; sign in again and allow what is asked for")
	}
	m, err := a.Desk.MailboxOf(ctx, by, s.Mailbox)
	if err != nil {
		return s.Mailbox, err
	}
	g, err := a.MailGrants.Exchange(ctx, m.Secrets.Grant, grantRedirect(ctx), q.Get("code"), s.Verifier)
	if err != nil {
		return s.Mailbox, err
	}
	return s.Mailbox, a.Desk.TakeGrant(ctx, by, s.Mailbox, g)
}
