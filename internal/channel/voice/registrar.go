package voice

import (
	"log/slog"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

const (
	minExpires   = 60 * time.Second
	maxExpires   = time.Hour
	mostContacts = 5
)

// registrar knows where telephones are.
type registrar struct {
	now func() time.Time

	mu     sync.Mutex
	phones map[string][]binding
}

// binding is one place where a telephone is.
type binding struct {
	contact sip.Uri
	source  string // where it registered from
	network string
	callID  string
	seq     uint32
	until   time.Time
}

func newRegistrar(now func() time.Time) *registrar {
	return &registrar{now: now, phones: map[string][]binding{}}
}

// find returns where a telephone is, the place that registered last first.
func (r *registrar) find(user string) []binding {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.living(user)
}

func (r *registrar) living(user string) []binding {
	now := r.now()
	var out []binding
	for _, b := range r.phones[user] {
		if now.Before(b.until) {
			out = append(out, b)
		}
	}
	if len(out) == 0 {
		delete(r.phones, user)
	} else {
		r.phones[user] = out
	}
	return append([]binding(nil), out...)
}

// knows reports whether a telephone registered from this address and port.
func (r *registrar) knows(source string) bool {
	return r.any(func(b binding) bool { return b.source == source })
}

// knowsAddress reports whether a telephone registered from this address.
func (r *registrar) knowsAddress(a netip.Addr) bool {
	return r.any(func(b binding) bool {
		at, err := netip.ParseAddrPort(b.source)
		return err == nil && at.Addr().Unmap() == a
	})
}

func (r *registrar) any(fits func(binding) bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for _, list := range r.phones {
		for _, b := range list {
			if now.Before(b.until) && fits(b) {
				return true
			}
		}
	}
	return false
}

// set binds a telephone to a place, or with no time unbinds it. It reports
// whether it did: what is older than what is known is left alone.
func (r *registrar) set(user string, b binding, expires time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := b.contact.String()
	kept := []binding{}
	for _, old := range r.living(user) {
		if old.contact.String() != key {
			kept = append(kept, old)
			continue
		}
		if old.callID == b.callID && old.seq >= b.seq {
			return false
		}
	}
	if expires > 0 {
		b.until = r.now().Add(expires)
		kept = append([]binding{b}, kept...)
		kept = kept[:min(len(kept), mostContacts)]
	}
	r.phones[user] = kept
	return true
}

// keep forgets the telephones that are not to be kept.
func (r *registrar) keep(which func(user string) bool) {
	r.mu.Lock()
	users := slices.Collect(maps.Keys(r.phones))
	r.mu.Unlock()
	for _, u := range users {
		if !which(u) { // it may ask a database
			r.clear(u)
		}
	}
}

// KeepPhones forgets where telephones are that are not to be kept: those that
// were taken away or switched off are not called any more.
func (d *Door) KeepPhones(which func(user string) bool) {
	d.phones.keep(which)
	d.moved()
}

// moved tells that telephones are elsewhere, or nowhere, now.
func (d *Door) moved() {
	if d.o.Moved != nil {
		d.o.Moved()
	}
}

func (r *registrar) clear(user string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.phones, user)
}

// Registrations returns the telephones that can be called, and until when each is
// registered.
func (d *Door) Registrations() map[string]time.Time { return d.phones.registered() }

func (r *registrar) registered() map[string]time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, all := r.now(), map[string]time.Time{}
	for user, places := range r.phones {
		for _, b := range places {
			if now.Before(b.until) && b.until.After(all[user]) {
				all[user] = b.until
			}
		}
	}
	return all
}

// Registered reports whether a telephone can be called.
func (d *Door) Registered(user string) bool { return len(d.phones.find(user)) > 0 }

// register answers REGISTER.
func (d *Door) register(req *sip.Request, tx sip.ServerTransaction) {
	user, ok := d.authenticate(req, tx, sip.StatusUnauthorized)
	if !ok {
		return
	}
	if req.To() == nil || req.To().Address.User != user {
		d.reply(req, tx, sip.StatusForbidden, "Forbidden")
		return
	}
	expires, ok := expiry(req)
	switch {
	case !ok:
		d.reply(req, tx, sip.StatusBadRequest, "Bad Request")
		return
	case expires > 0 && expires < minExpires:
		res := sip.NewResponseFromRequest(req, 423, "Interval Too Brief", nil)
		res.AppendHeader(sip.NewHeader("Min-Expires", seconds(minExpires)))
		d.respond(tx, res)
		return
	}
	expires = min(expires, maxExpires)
	if c := req.Contact(); c != nil && c.Address.Wildcard {
		if expires != 0 {
			d.reply(req, tx, sip.StatusBadRequest, "Bad Request")
			return
		}
		d.phones.clear(user)
		d.moved()
	} else if c != nil {
		b := binding{contact: *c.Address.Clone(), source: req.Source(), network: strings.ToLower(req.Transport()), callID: callID(req), seq: req.CSeq().SeqNo}
		if !d.phones.set(user, b, expires) {
			d.reply(req, tx, 500, "Out Of Order")
			return
		}
		d.moved()
		d.o.Log.Info("voice: a telephone has registered", slog.String("phone", user), slog.String("source", req.Source()), slog.Duration("for", expires))
	}
	res := sip.NewResponseFromRequest(req, 200, "OK", nil)
	now := d.o.Now()
	for _, b := range d.phones.find(user) {
		h := &sip.ContactHeader{Address: b.contact, Params: sip.NewParams()}
		h.Params.Add("expires", seconds(b.until.Sub(now)))
		res.AppendHeader(h)
	}
	res.AppendHeader(sip.NewHeader("Expires", seconds(expires)))
	d.respond(tx, res)
}

func callID(m interface{ CallID() *sip.CallIDHeader }) string {
	if h := m.CallID(); h != nil {
		return h.Value()
	}
	return ""
}

// expiry returns how long a telephone wants to be known.
func expiry(req *sip.Request) (time.Duration, bool) {
	value := header(req, "Expires")
	if c := req.Contact(); c != nil {
		if v, ok := c.Params.Get("expires"); ok {
			value = v
		}
	}
	if value == "" {
		return maxExpires, true
	}
	n, err := strconv.ParseUint(value, 10, 32)
	return time.Duration(n) * time.Second, err == nil
}
