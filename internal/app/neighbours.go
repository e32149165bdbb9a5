package app

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"yingda/internal/domain/call"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
)

// neighbourEvery is how often a program looks which others there are.
const neighbourEvery = 5 * time.Second

// neighbour is another program that works on the same database, with a
// telephone's door.
type neighbour struct {
	name string
	sip  netip.AddrPort
	http string
}

// runNeighbours tells the other programs where this one is reached, and learns
// where they are, until ctx ends. A data folder has one program, and no others.
func (a *App) runNeighbours(ctx context.Context) error {
	at := a.SIPAddress()
	if at.Port() == 0 || !strings.HasPrefix(a.Config.Database, "postgres") {
		<-ctx.Done()
		return nil
	}
	name := a.Desk.Node
	if err := a.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.PutDoor(ctx, store.Door{Node: name, SIP: at.String(), HTTP: a.inside(at.Addr())})
	}); err != nil {
		return err
	}
	defer func() {
		leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := a.DB.Update(leaving, func(tx *store.Tx) error { return tx.DropDoor(leaving, name) }); err != nil {
			a.Log.WarnContext(leaving, "the other programs are not told that this one leaves", slog.Any("error", err))
		}
	}()
	tick := time.NewTicker(neighbourEvery)
	defer tick.Stop()
	for {
		if err := a.lookForNeighbours(ctx, name); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "it cannot be read where the other programs are", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (a *App) lookForNeighbours(ctx context.Context, self string) error {
	doors, err := a.DB.Now().Doors(ctx)
	if err != nil {
		return err
	}
	all := make([]neighbour, 0, len(doors))
	for _, d := range doors {
		at, err := netip.ParseAddrPort(d.SIP)
		if err != nil || d.Node == self {
			continue
		}
		all = append(all, neighbour{name: d.Node, sip: at, http: d.HTTP})
	}
	a.neighbours.Store(&all)
	return nil
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

func (a *App) others() []neighbour {
	if all := a.neighbours.Load(); all != nil {
		return *all
	}
	return nil
}

// sipOfOthers are the telephone's doors of the other programs.
func (a *App) sipOfOthers() []netip.AddrPort {
	var all []netip.AddrPort
	for _, n := range a.others() {
		all = append(all, n.sip)
	}
	return all
}

// handedOn stands in what another program has handed on: it is not handed on again.
const handedOn = "Yingda-Handed-On"

// withLine lets what is done with a call be done by the program that has its
// line. Who asks is known there too: all programs have one table of sessions.
func (a *App) withLine(errs serve.Errors, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := a.lineAt(r)
		if at == "" {
			next.ServeHTTP(w, r)
			return
		}
		proxy := httputil.ReverseProxy{
			Rewrite: func(p *httputil.ProxyRequest) {
				p.SetURL(&url.URL{Scheme: "http", Host: at})
				p.SetXForwarded()
				p.Out.Host = p.In.Host
				p.Out.Header.Set(handedOn, "1")
			},
			ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn),
			ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
				errs.Write(w, r, fault.New(fault.Busy, "call.node_away", "the program that has this call does not answer; try again in a moment").Because(err))
			},
		}
		proxy.ServeHTTP(w, r)
	})
}

// lineAt returns where the line of the call is that a request does something
// with, if that is another program.
func (a *App) lineAt(r *http.Request) string {
	rest, ok := strings.CutPrefix(r.URL.Path, "/api/v1/calls/")
	name, _, deed := strings.Cut(rest, "/")
	others := a.others()
	if !ok || !deed || r.Method != http.MethodPost || len(others) == 0 || r.Header.Get(handedOn) != "" || a.voice.hotline == nil {
		return ""
	}
	var i call.ID
	if i.UnmarshalText([]byte(name)) != nil || a.voice.hotline.Has(i) {
		return ""
	}
	sight, err := a.Desk.Call(r.Context(), i)
	if err != nil { // the answer is next's
		return ""
	}
	for _, n := range others {
		if n.name == sight.Call.Program {
			return n.http
		}
	}
	return ""
}
