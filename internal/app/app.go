// Package app builds the house in reading order, from the ground up, and
// starts and stops it.
package app

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"yingda/internal/account"
	"yingda/internal/api"
	"yingda/internal/assist"
	"yingda/internal/care"
	"yingda/internal/channel"
	"yingda/internal/channel/sms"
	"yingda/internal/channel/webchat"
	"yingda/internal/channel/webphone"
	"yingda/internal/config"
	"yingda/internal/desk"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/phrase"
	"yingda/internal/help"
	"yingda/internal/hook"
	"yingda/internal/job"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/remote"
	"yingda/internal/kit/rtp"
	"yingda/internal/kit/secret"
	"yingda/internal/kit/serve"
	"yingda/internal/live"
	"yingda/internal/mcp"
	"yingda/internal/post"
	"yingda/internal/report"
	"yingda/internal/scribe"
	"yingda/internal/site"
	"yingda/internal/store"
	"yingda/internal/store/sqlcgen"
	"yingda/internal/workforce"
	"yingda/web"
)

// App is the whole program: Open builds it, Run serves until it is told to
// stop.
type App struct {
	Config    config.Serve
	Log       *slog.Logger
	DB        *store.DB
	Account   *account.Account
	Desk      *desk.Desk
	Care      *care.Care
	Workforce *workforce.Workforce
	Help      *help.Help
	Assist    *assist.Assistant
	Scribe    *scribe.Scribe
	Post      *post.Post
	Jobs      *job.Worker
	Hub       *live.Hub
	Handler   http.Handler

	mail       mailDoor
	phones     *webphone.Phones // nil: switched off
	pacer      *rtp.Pacer       // of them
	voice      voiceDoor
	house      []byte        // by which programs on one database know each other
	handedWait time.Duration // for another program that does what was handed on
	stopping   atomic.Bool   // it serves whom it has, and is not ready for more
	grantSeal  secret.Seal
	files      *blob.Dir
	lock       *os.File
	listen     net.Listener
}

// demoPrecision is what share of the assistant's answers is to be right in the
// demo, unless the settings say it. Many of its questions resemble each other: at 0.95 the assistant would
// offer choices where it could show an answer.
const demoPrecision = 0.9

// Demo is what only the demo adds; nil when people really work here.
type Demo struct {
	Fill func(ctx context.Context, a *App) error // furnishes an empty house
	Live func(ctx context.Context, a *App)       // simulates the world outside until ctx ends; nil: nobody comes by themselves
}

// Open builds the house on the data folder or the database of the settings. It
// listens already, so that a port that is taken is said at once.
func Open(ctx context.Context, c config.Serve, demo bool, log *slog.Logger) (_ *App, err error) {
	a := &App{Config: c, Log: log, handedWait: handedWait}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := a.openData(ctx); err != nil {
		return nil, err
	}
	keys, err := secret.OpenKey(filepath.Join(c.Data, "secret.key"))
	if err != nil {
		return nil, err
	}
	key, err := a.key(ctx)
	if err != nil {
		return nil, err
	}
	node, err := a.program()
	if err != nil {
		return nil, err
	}
	if err := a.work(keys, node, demo); err != nil {
		return nil, err
	}
	a.Desk.CaseKey = secret.Derive(key, "case")
	a.house = secret.Derive(key, "house")
	if err := a.openMail(ctx); err != nil {
		return nil, err
	}
	if err := a.openPhones(key); err != nil {
		return nil, err
	}
	if err := a.furnish(ctx); err != nil {
		return nil, err
	}
	if err := a.openVoice(ctx, demo); err != nil {
		return nil, err
	}
	if err := a.doors(key, demo); err != nil {
		return nil, err
	}
	a.listen, err = (&net.ListenConfig{}).Listen(ctx, "tcp", c.HTTP)
	if err != nil {
		return nil, fault.New(fault.Invalid, "start.port", "cannot listen on %s: the port is taken or not ours; choose another with --http 127.0.0.1:8081", c.HTTP).Because(err)
	}
	if demo {
		a.Desk.PublicURL = a.URL()
	}
	return a, nil
}

// openData opens the data folder, which belongs to one program at a time, and
// the database.
func (a *App) openData(ctx context.Context) (err error) {
	folder := a.Config.Data
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fault.New(fault.Invalid, "start.data", "the data folder %s cannot be made; choose another with --data", folder).Because(err)
	}
	if a.lock, err = lockFile(filepath.Join(folder, "yingda.lock")); err != nil {
		return err
	}
	if a.files, err = blob.OpenDir(filepath.Join(folder, "files")); err != nil {
		return fault.New(fault.Invalid, "start.data_unwritable", "the data folder %s cannot be written; change its owner or choose another with --data", folder).Because(err)
	}
	a.DB, err = store.Open(ctx, DatabaseAddress(a.Config))
	return err
}

// DatabaseAddress is where the data stands: PostgreSQL, or a file in the data
// folder.
func DatabaseAddress(c config.Serve) string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "yingda.db")
}

// key returns the key that signs visitors' tokens and addresses of files. It
// stands in the database, so that all nodes have the same.
func (a *App) key(ctx context.Context) (key []byte, err error) {
	const name = "key.tokens"
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		text, err := tx.Setting(ctx, name)
		if errors.Is(err, sql.ErrNoRows) {
			var b [32]byte
			_, _ = rand.Read(b[:])
			text = base64.StdEncoding.EncodeToString(b[:])
			err = tx.PutSetting(ctx, sqlcgen.PutSettingParams{Name: name, Value: text, UpdatedAt: clock.Now().UnixMilli()})
		}
		if err != nil {
			return err
		}
		key, err = base64.StdEncoding.DecodeString(text)
		return err
	})
	return key, err
}

// work builds floor 3.
func (a *App) work(keys *secret.Key, node string, demo bool) error {
	a.Post = &post.Post{Seal: keys.For("mail"), Now: clock.Now}
	if err := a.couriers(demo); err != nil {
		return err
	}
	a.Account = &account.Account{DB: a.DB, Now: clock.Now, Post: a.Post, Seal: keys.For("code")}
	a.Help = &help.Help{DB: a.DB, Now: clock.Now, Log: a.Log, Precision: a.Config.Precision}
	if demo && a.Help.Precision == 0 {
		a.Help.Precision = demoPrecision
	}
	a.Desk = &desk.Desk{
		DB: a.DB, Node: node, Now: clock.Now, Log: a.Log, Files: a.files, Seal: keys.For("inbox"), SealPerson: keys.For("person"), SealMailbox: keys.For("mailbox"),
		SealVoice: keys.For("voice"), AsksHooks: hook.New(clock.Now), SealHook: keys.For("hook"),
		SealTexts: keys.For("sms"), Texter: &sms.Carrier{Now: clock.Now},
		Assistant: a.Help.Ready, Hot: a.Help.Hot, Completes: a.Help.Complete,
	}
	a.grantSeal = keys.For("mailbox.oauth")
	a.Desk.Post, a.Desk.PublicURL = writer{a.Post}, a.Config.PublicURL
	a.Account.Verified = a.Desk.Verified
	if len(a.Config.ScanCommand) > 0 {
		a.Desk.Scan = desk.ScanCommand(a.Config.ScanCommand)
	}
	a.Care = &care.Care{DB: a.DB, Now: clock.Now, Log: a.Log, Desk: a.Desk}
	if demo {
		a.Care.Payer = &care.Till{}
	}
	a.Workforce = &workforce.Workforce{DB: a.DB, Now: clock.Now, Log: a.Log, Desk: a.Desk}
	a.Assist = &assist.Assistant{Desk: a.Desk, Help: a.Help, Log: a.Log}
	a.Desk.Suggests = a.Assist.Likeliest
	a.Assist.Model = &assist.Model{DB: a.DB, Seal: keys.For("model"), Now: clock.Now}
	a.Help.Embedder = a.Assist.Model
	a.Scribe = &scribe.Scribe{DB: a.DB, Files: a.files, Seal: keys.For("scribe"), Now: clock.Now, Log: a.Log}
	a.Desk.Flows, a.Desk.FlowSeams = flow.Builtin(), assist.Seams(nil)
	a.Jobs = &job.Worker{DB: a.DB, Now: clock.Now, Log: a.Log}
	a.Jobs.Handle(a.Desk.Jobs()...)
	a.Jobs.Handle(a.Care.Jobs()...)
	a.Jobs.Handle(a.Workforce.Jobs()...)
	a.Jobs.Handle(a.Help.Jobs()...)
	a.Jobs.Handle(job.Kind{Name: "account.trim", Every: time.Hour, Do: func(ctx context.Context, _ json.RawMessage) error { return a.Account.Trim(ctx) }})
	a.Jobs.Handle(a.Assist.Jobs()...)
	a.Jobs.Handle(a.Scribe.Jobs()...)
	a.Jobs.Handle(a.Post.Job())
	return nil
}

// couriers sets up who carries letters: the mail server of the settings, and
// in the demo a mailbox that shows them.
func (a *App) couriers(demo bool) error {
	server, err := a.Config.Courier()
	switch {
	case err != nil:
		return err
	case demo:
		a.Post.Courier = a.mailbox()
	case server != nil:
		a.Post.Courier = server
	}
	return nil
}

func (a *App) mailbox() *post.Mailbox { return &post.Mailbox{DB: a.DB, Now: clock.Now} }

// furnish makes what a new house needs and an old one may lack.
func (a *App) furnish(ctx context.Context) error {
	if err := a.Account.EnsureBuiltins(ctx); err != nil {
		return err
	}
	if err := a.Desk.EnsureDefaults(ctx); err != nil {
		return err
	}
	if err := a.Desk.Restart(ctx); err != nil {
		return err
	}
	return a.Help.Open(ctx)
}

// doors builds floor 4 and joins it in one handler.
func (a *App) doors(key []byte, demo bool) error {
	proxies, err := remote.ParseProxies(a.Config.TrustedProxies)
	if err != nil {
		return err
	}
	errs := serve.Errors{Log: a.Log, Language: phrase.Language, Say: phrase.Say}
	chat := &webchat.Door{Chat: a.Desk, Key: key, Now: clock.Now, Errors: errs, Unlimited: a.Config.Unlimited}
	numbers := &report.Report{DB: a.DB, Now: clock.Now}
	a.Hub = live.New(live.Options{
		Feed: a.DB, Chat: a.Desk, Seats: a.Desk, Guard: a.Account, Conversation: a.Desk.Peek, Case: a.Desk.PeekCase, Wall: numbers.Snapshot, Dress: chat.Dress,
		Key: key, Now: clock.Now, Log: a.Log, Errors: errs,
	})
	chat.Seen = a.Hub.Saw
	a.Assist.Shows = func(w assist.Writing) { a.Hub.BotWrites(w.Conversation, w.Contact, w.Name, w.On, w.Text) }
	public := site.Options{Knowledge: a.Help, Desk: a.Desk, Offers: a.Care, Ratings: a.Desk, Accounts: a.Account, Key: key, Base: a.Config.PublicURL, Now: clock.Now, Demo: demo, Log: a.Log}
	if demo {
		public.Mailbox = a.mailbox()
	}
	pages := site.New(public)
	console := &api.API{
		Auth: a.Account, Account: a.Account, Desk: a.Desk, Care: a.Care, Help: a.Help, Assist: a.Assist, Scribe: a.Scribe, Report: numbers, Workforce: a.Workforce,
		Log: a.Log, Now: clock.Now, PublicURL: a.Config.PublicURL, Online: a.Hub.Online,
	}
	if a.voice.hotline != nil {
		console.Telephone, console.Lines = a.voice.hotline, a.voice.door
	}
	console.GrantSeal, console.Exchangers = a.grantSeal, exchangers
	console.MailCheck, console.MailGrants = a.mail.checker, a.mail.tokens
	if a.phones != nil {
		console.Phones = a.phones
	}
	if !a.Config.Unlimited {
		console.Limit = api.Fair(20, 100)
	}
	mux := http.NewServeMux()
	console.Mount(mux)
	for _, path := range []string{"/api/v1/live", "/api/v1/live/", "/widget/v1/live", "/widget/v1/live/"} {
		mux.Handle(path, a.Hub.Handler())
	}
	others := &mcp.Door{Auth: a.Account, Desk: a.Desk, Help: a.Help, Cars: func() assist.Cars { return a.Assist.Cars }, Errors: errs, Log: a.Log, Now: clock.Now, Limit: console.Limit}
	mux.Handle("/mcp", others.Handler())
	mux.Handle(channel.TextReportsPath, (&sms.Reports{Desk: a.Desk, Errors: errs}).Handler())
	mux.Handle("/widget/v1/", chat.Handler())
	mux.Handle("GET /healthz", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) }))
	mux.Handle("GET /readyz", errs.Handler(a.ready))
	mountPrograms(mux, errs)
	mux.Handle("/", pages)
	door := serve.Door{Log: a.Log, Proxies: proxies, Errors: errs}
	a.Handler = a.fromHouse(errs, door.Wrap(a.withLine(errs, mux)))
	return nil
}

// ready answers whether the database does, and the program goes on.
func (a *App) ready(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if a.stopping.Load() {
		return fault.New(fault.Busy, "start.stopping", "the program is being stopped; ask another, or this one in a minute")
	}
	if err := a.DB.Ping(ctx); err != nil {
		return fault.New(fault.Busy, "start.database_away", "the database does not answer").Because(err)
	}
	_, err := w.Write([]byte("ready\n"))
	return err
}

// mountPrograms serves the console under /app/ and the widget.
func mountPrograms(mux *http.ServeMux, errs serve.Errors) {
	programs := web.Dist()
	const policy = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
		"connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
	console := &serve.Files{FS: sub(programs, "console"), Index: "index.html", Errors: errs}
	mux.Handle("/app/", serve.Protect(policy, http.StripPrefix("/app/", console)))
	mux.Handle("/app", http.RedirectHandler("/app/", http.StatusMovedPermanently))
	widget := &serve.Files{FS: sub(programs, "widget"), Errors: errs}
	mux.Handle("/widget/", shared(http.StripPrefix("/widget/", widget)))
	mux.Handle("/widget.js", shared(http.StripPrefix("/", widget)))
}

// shared lets pages of other sites load the widget's scripts.
func shared(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		next.ServeHTTP(w, r)
	})
}

// Run serves until ctx ends, then lets what has begun come to its end. live
// runs beside it; it is the demo's world outside.
func (a *App) Run(ctx context.Context, live func(ctx context.Context, a *App)) error {
	server := &http.Server{
		Handler: a.Handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 15 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug),
	}
	if !a.Post.Open() {
		a.Log.Info("no mail server is set (--smtp, --mail-from): customers get no codes by e-mail and sign up with a password")
	}
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var wg sync.WaitGroup
	wg.Go(func() { a.keep(working, "help", a.Help.Run) })
	wg.Go(func() { a.keep(working, "meanings", a.Help.RunMeanings) })
	wg.Go(func() { a.keep(working, "assist", a.Assist.Run) })
	wg.Go(func() { a.keep(working, "live", a.Hub.Run) })
	wg.Go(func() { a.keep(working, "jobs", a.Jobs.Run) })
	wg.Go(func() { a.keep(working, "mail that is fetched", a.mail.fetcher.Run) })
	wg.Go(func() { a.keep(working, "mail that is taken", a.runMailServer) })
	wg.Go(func() { a.keep(working, "mail that is carried", a.mail.carrier.Run) })
	if a.phones != nil {
		wg.Go(func() { a.keep(working, "telephones in consoles", a.phones.Run) })
	}
	wg.Go(func() { a.keep(working, "node", a.runNode) })
	wg.Go(func() { a.keep(working, "hotline", a.runVoice) })
	wg.Go(func() { a.keep(working, "lines", a.runLines) })
	wg.Go(func() { a.keep(working, "neighbours", a.runNeighbours) })
	if live != nil {
		wg.Go(func() { live(working, a) })
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(a.listen) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-served:
	}
	a.stopping.Store(true)
	a.voice.drain(ctx)
	stop() // the hub hangs up, so that nothing holds the server
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err = errors.Join(err, server.Shutdown(closing))
	wg.Wait()
	return errors.Join(err, a.Desk.NodeLeaves(closing))
}

// keep runs a part of the house; one that ends by itself is a mistake worth a
// line in the log, and is started again.
func (a *App) keep(ctx context.Context, name string, run func(context.Context) error) {
	for {
		err := run(ctx)
		if ctx.Err() != nil {
			return
		}
		a.Log.Error("a part of the program stopped and is started again", slog.String("part", name), slog.Any("error", err))
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

// Address is where the program listens.
func (a *App) Address() string { return a.listen.Addr().String() }

// URL is where a person on this machine opens it.
func (a *App) URL() string {
	if a.Config.PublicURL != "" {
		return a.Config.PublicURL
	}
	host, port, err := net.SplitHostPort(a.Address())
	if err != nil {
		return "http://" + a.Address()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return fmt.Sprintf("http://%s", net.JoinHostPort(host, port))
}

// Close gives back what Open took.
func (a *App) Close() error {
	var errs []error
	a.voice.close()
	if a.mail.listen != nil {
		errs = append(errs, a.mail.listen.Close())
	}
	if a.phones != nil {
		errs = append(errs, a.phones.Close())
	}
	if a.pacer != nil {
		a.pacer.Close()
	}
	if a.DB != nil {
		errs = append(errs, a.DB.Close())
	}
	if a.files != nil {
		errs = append(errs, a.files.Close())
	}
	if a.lock != nil {
		errs = append(errs, a.lock.Close())
	}
	return errors.Join(errs...)
}
