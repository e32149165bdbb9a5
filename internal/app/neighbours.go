package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
)

// neighbour is another program that works on the same database, with a
// telephone's door.
type neighbour struct {
	name string
	sip  netip.AddrPort
	http string
}

// runNeighbours tells the other programs where this one is reached, until ctx
// ends. A data folder has one program, and no others.
func (a *App) runNeighbours(ctx context.Context) error {
	if err := a.sayWhere(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := a.DB.Update(leaving, func(tx *store.Tx) error { return tx.DropDoor(leaving, a.Desk.Node) }); err != nil {
		a.Log.WarnContext(leaving, "the other programs are not told that this one leaves", slog.Any("error", err))
	}
	return nil
}

// sayWhere tells the other programs where this one is reached, if there can be
// others.
func (a *App) sayWhere(ctx context.Context) error {
	at := a.SIPAddress()
	if at.Port() == 0 || !strings.HasPrefix(a.Config.Database, "postgres") {
		return nil
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.PutDoor(ctx, store.Door{Node: a.Desk.Node, SIP: at.String(), HTTP: a.inside(at.Addr())})
	})
}

// others are the other programs, as they stand now: an agent may connect to one
// that started a moment ago, and be rung at once.
func (a *App) others(ctx context.Context) []neighbour {
	doors, err := a.DB.Now().Doors(ctx)
	if err != nil {
		a.Log.WarnContext(ctx, "it cannot be read where the other programs are", slog.Any("error", err))
	}
	all := make([]neighbour, 0, len(doors))
	for _, d := range doors {
		at, err := netip.ParseAddrPort(d.SIP)
		if err != nil || d.Node == a.Desk.Node {
			continue
		}
		all = append(all, neighbour{name: d.Node, sip: at, http: d.HTTP})
	}
	return all
}

// inside is where other programs reach this one by HTTP. One that listens on
// every address is reached where its calls come.
func (a *App) inside(sip netip.Addr) string {
	host, port, err := net.SplitHostPort(a.Address())
	if err != nil {
		return ""
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = sip.String()
	}
	return net.JoinHostPort(host, port)
}

// sipOfOthers are the telephone's doors of the other programs.
func (a *App) sipOfOthers(ctx context.Context) []netip.AddrPort {
	var all []netip.AddrPort
	for _, n := range a.others(ctx) {
		all = append(all, n.sip)
	}
	return all
}

// handedOn stands in what another program has handed on, which is not handed on
// again: when, for whose address, and what shows that it is a program's of the
// house.
const handedOn = "Yingda-Handed-On"

const (
	handedAge  = time.Minute      // no clock is further off
	handedWait = 20 * time.Second // for what is done with a call
	askedWait  = 2 * time.Second  // for how a call stands; what the database knows does instead
)

// withLine lets what is done with a call be done by the program that has its
// line, and said by it how it stands. Who asks is known there too: all programs
// have one table of sessions.
func (a *App) withLine(errs serve.Errors, next http.Handler) http.Handler {
	wires := &http.Transport{DialContext: (&net.Dialer{Timeout: 3 * time.Second}).DialContext, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := a.lineAt(r)
		if at == "" {
			next.ServeHTTP(w, r)
			return
		}
		wait := a.handedWait
		if r.Method == http.MethodGet {
			wait = min(wait, askedWait)
		}
		ctx, cancel := context.WithTimeout(r.Context(), wait)
		defer cancel()
		vouch := a.handed(r, strconv.FormatInt(clock.Now().Unix(), 10), serve.Address(ctx))
		proxy := httputil.ReverseProxy{
			Transport: wires,
			Rewrite: func(p *httputil.ProxyRequest) {
				p.SetURL(&url.URL{Scheme: "http", Host: at})
				p.Out.Host = p.In.Host
				p.Out.Header.Set(handedOn, vouch)
			},
			ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn),
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
				if r.Method == http.MethodGet { // what only the line knows is left out
					next.ServeHTTP(w, r)
					return
				}
				errs.Write(w, r, fault.New(fault.Busy, "call.node_away", "the program that has this call does not answer; look how the call stands, and try again in a moment").Because(err))
			},
		}
		proxy.ServeHTTP(w, r.WithContext(ctx))
	})
}

// handed returns what shows that a request was handed on by a program of the
// house.
func (a *App) handed(r *http.Request, stamp, address string) string {
	m := hmac.New(sha256.New, a.house)
	_, _ = m.Write([]byte(strings.Join([]string{stamp, address, r.Method, r.URL.Path}, "\n")))
	return stamp + " " + address + " " + hex.EncodeToString(m.Sum(nil))
}

// fromHouse believes other programs of the house for whom they hand something on,
// and refuses who only says that they are one.
func (a *App) fromHouse(errs serve.Errors, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		value := r.Header.Get(handedOn)
		if value == "" {
			next.ServeHTTP(w, r)
			return
		}
		stamp, rest, _ := strings.Cut(value, " ")
		address, _, _ := strings.Cut(rest, " ")
		at, err := strconv.ParseInt(stamp, 10, 64)
		if off := clock.Now().Sub(time.Unix(at, 0)).Abs(); err != nil || off > handedAge || !hmac.Equal([]byte(value), []byte(a.handed(r, stamp, address))) {
			errs.Write(w, r, fault.New(fault.Forbidden, "call.not_of_house", "this was not handed on by a program of this house; see that all have the same secret.key and the right time"))
			return
		}
		r = r.Clone(r.Context())
		r.RemoteAddr = net.JoinHostPort(address, "0")
		r.Header.Del("X-Forwarded-For")
		r.Header.Del("X-Real-Ip")
		next.ServeHTTP(w, r)
	})
}

// lineAt returns where the line of the call is that a request does something
// with, or asks for, if that is another program.
func (a *App) lineAt(r *http.Request) string {
	if r.Header.Get(handedOn) != "" || a.voice.hotline == nil {
		return ""
	}
	k, ok := a.callMeant(r)
	if !ok || !k.Record.State().Open() || a.voice.hotline.Has(k.ID) {
		return ""
	}
	for _, n := range a.others(r.Context()) {
		if n.name == k.Program {
			return n.http
		}
	}
	return ""
}

// callMeant returns the call of which a request asks for what its line knows, or
// with which it does something; false if there is none: the answer is next's.
func (a *App) callMeant(r *http.Request) (k call.Call, ok bool) {
	of, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/api/v1/"), "/")
	name, deed, _ := strings.Cut(rest, "/")
	reads, does := r.Method == http.MethodGet, r.Method == http.MethodPost
	tx := a.DB.Now()
	switch {
	case of == "calls" && (reads && deed == "" || does && deed != ""):
		var i call.ID
		if i.UnmarshalText([]byte(name)) != nil {
			return k, false
		}
		k, err := tx.Call(r.Context(), i)
		return k, err == nil
	case of == "conversations" && reads && deed == "call":
		var i conversation.ID
		if i.UnmarshalText([]byte(name)) != nil {
			return k, false
		}
		k, have, err := tx.CallIn(r.Context(), i)
		return k, have && err == nil
	}
	return k, false
}
