// Package webchat is the widget's door: what a visitor's browser asks for and
// sends under /widget/v1, except for the live connection. Visitors have no
// cookie; they hold a signed token, and their host site may vouch for who they
// are.
//
//	door.go      routes, whose page and whose token it is, how often
//	session.go   a visit; identity.go: what the host site says of a visitor
//	message.go   writing, reading, asking for a person
//	file.go      attachments in and out
//	config.go    what the widget shows before anyone says anything
package webchat

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/limit"
	"yingda/internal/kit/serve"
)

// Name is what inboxes of this channel have as their kind.
const Name = "webchat"

// Door answers everything under /widget/v1 but the live connection. Its fields
// are set once, before it is used.
type Door struct {
	Chat   channel.Chat
	Key    []byte // signs visitors' tokens and the addresses of files
	Now    func() time.Time
	Errors serve.Errors
	// Seen is told of each page that a visitor looks at, for those who watch;
	// may be nil.
	Seen func(who contact.Visitor, page contact.PageView)
	// Unlimited lets everyone ask as often as they like; for measuring only.
	Unlimited bool
}

var _ channel.Channel = (*Door)(nil)

// Name returns "webchat".
func (d *Door) Name() string { return Name }

// Run has nothing to do: visitors come to us.
func (d *Door) Run(ctx context.Context, _ channel.Inbox) error {
	<-ctx.Done()
	return nil
}

// Send has nothing to do: the widget reads the feed.
func (d *Door) Send(context.Context, channel.Outbound) (string, error) { return "", nil }

// limits slow down who asks too often. What counts is the visitor; an address
// may be a whole office, so only what a visitor has not yet a token for is
// counted by address.
type limits struct {
	visits, configs, messages, files, cases, suggestions, others *limit.Buckets
}

func (d *Door) limits() limits {
	if d.Unlimited {
		const endless = 1e9
		all := limit.New(endless, endless, 1)
		return limits{visits: all, configs: all, messages: all, files: all, cases: all, suggestions: all, others: all}
	}
	const visitors, addresses = 100_000, 50_000
	return limits{
		visits:   limit.New(1, 60, addresses), // new visitors
		configs:  limit.New(20, 200, addresses),
		messages: limit.New(1, 30, visitors),
		files:    limit.New(20.0/60, 20, visitors),
		cases:    limit.New(1.0/20, 10, visitors), // as in the public form
		others:   limit.New(3, 60, visitors),
		// Who types without a pause asks about three times a second.
		suggestions: limit.New(2, 20, visitors),
	}
}

// mostJSON is the largest request that is not a file, in bytes.
const mostJSON = 64 << 10

// call is a request of a visitor whose token and page are in order.
type call struct {
	http.ResponseWriter
	*http.Request
	who      contact.Visitor
	inbox    inbox.Inbox
	language string
}

// Handler answers everything under /widget/v1/ but the live connection.
func (d *Door) Handler() http.Handler {
	l := d.limits()
	mux := http.NewServeMux()
	open := func(pattern string, h serve.Handler) { mux.Handle(pattern, d.Errors.Handler(h)) }
	visitor := func(pattern string, b *limit.Buckets, h func(call) error) { open(pattern, d.visitor(b, h)) }

	open("GET /widget/v1/config", func(w http.ResponseWriter, r *http.Request) error { return d.config(l, w, r) })
	open("POST /widget/v1/session", func(w http.ResponseWriter, r *http.Request) error { return d.session(l, w, r) })
	visitor("POST /widget/v1/messages", l.messages, d.post)
	visitor("GET /widget/v1/messages", l.others, d.history)
	visitor("GET /widget/v1/suggestions", l.suggestions, d.suggest)
	visitor("POST /widget/v1/read", l.others, d.read)
	visitor("POST /widget/v1/human", l.others, d.human)
	visitor("POST /widget/v1/end", l.others, d.end)
	visitor("POST /widget/v1/contact", l.others, d.introduce)
	visitor("POST /widget/v1/cases", l.cases, d.openCase)
	visitor("POST /widget/v1/pages", l.others, d.page)
	visitor("POST /widget/v1/helpful", l.others, d.helpful)
	visitor("POST /widget/v1/recall", l.others, d.takeBack)
	visitor("POST /widget/v1/attachments", l.files, d.attach)
	open("GET /widget/v1/attachments/{id}", func(w http.ResponseWriter, r *http.Request) error { return d.file(w, r, false) })
	open("GET /widget/v1/attachments/{id}/thumb", func(w http.ResponseWriter, r *http.Request) error { return d.file(w, r, true) })
	open("/widget/v1/", func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.NotFound, "request.not_found", "there is nothing at this address")
	})
	return anyOrigin(mux)
}

// anyOrigin lets pages of any origin read our answers, refusals among them:
// there is no cookie that could be misused. Which pages may act is decided
// where the inbox is known.
func anyOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id")
		}
		if r.Method != http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Allow-Methods", "GET, POST")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept-Language")
		h.Set("Access-Control-Max-Age", "7200")
		w.WriteHeader(http.StatusNoContent)
	})
}

// allow is Forbidden unless the page may embed the inbox. Our own pages may.
func allow(r *http.Request, in inbox.Inbox) error {
	origin := r.Header.Get("Origin")
	if in.Settings.Allows(origin) {
		return nil
	}
	if u, err := url.Parse(origin); err == nil && strings.EqualFold(u.Host, r.Host) {
		return nil
	}
	return fault.New(fault.Forbidden, "request.origin", "this page may not open the chat; an administrator can allow its address")
}

// visitor finds out who calls before h is asked.
func (d *Door) visitor(b *limit.Buckets, h func(call) error) serve.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		who, err := contact.OpenVisitor(d.Key, token, d.Now())
		if err != nil {
			return err
		}
		in, err := d.Chat.InboxByID(r.Context(), who.Inbox)
		if err != nil {
			return err
		}
		if err := allow(r, in); err != nil {
			return err
		}
		if err := d.Chat.FromBlockedNetwork(r.Context(), serve.Address(r.Context())); err != nil {
			return err
		}
		if err := slow(b, who.Contact.String(), d.Now()); err != nil {
			return err
		}
		return h(call{w, r, who, in, d.language(r)})
	}
}

func (d *Door) language(r *http.Request) string {
	return d.Errors.Language(r.Header.Get("Accept-Language"))
}

// slow is Busy if there were too many requests under this name.
func slow(b *limit.Buckets, name string, now time.Time) error {
	wait := b.Take(name, now)
	if wait == 0 {
		return nil
	}
	return fault.New(fault.Busy, "request.rate", "too many requests; wait %d seconds", 1+int(wait.Seconds())).Because(serve.Wait(wait))
}

// address returns what stands for where a request comes from: an address of
// version 6 counts with its network, which is one customer's.
func address(r *http.Request) string {
	s := serve.Address(r.Context())
	if s == "" {
		if p, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			s = p.Addr().Unmap().String()
		}
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Is4() {
		return s
	}
	const network = 64
	p, err := a.Prefix(network)
	if err != nil {
		return s
	}
	return p.String()
}

// decode reads the body of a call.
func decode[T any](c call) (T, error) { return serve.Decode[T](c.ResponseWriter, c.Request, mostJSON) }

func (c call) answer(v any) error { return serve.JSON(c.ResponseWriter, http.StatusOK, v) }

func (c call) done() error {
	c.WriteHeader(http.StatusNoContent)
	return nil
}
