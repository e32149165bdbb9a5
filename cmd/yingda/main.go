// Yingda is a whole customer-service centre in one program: yingda serve.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"yingda/internal/api"
	"yingda/internal/app"
	"yingda/internal/app/demo"
	"yingda/internal/config"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

var version = "development" // set when the program is built

// commands is the command line: yingda COMMAND.
type commands struct {
	ConfigFile string `name:"config" help:"TOML file with settings, named as the flags are." env:"YINGDA_CONFIG" type:"path"`

	Serve   serveCommand   `cmd:"" help:"Run the customer-service centre."`
	Demo    demoCommand    `cmd:"" help:"The same with an example company, on a fresh data folder."`
	Migrate migrateCommand `cmd:"" help:"Bring a database up to date and stop."`
	Backup  backupCommand  `cmd:"" help:"Write a consistent copy of the database to a new file, also while yingda runs."`
	Import  importCommand  `cmd:"" help:"Take in what other systems know."`
	OpenAPI openAPICommand `cmd:"" name:"openapi" help:"Print the description of the HTTP interface."`
	Calc    calcCommand    `cmd:"" help:"Ask the rules: one JSON object for each question."`
	Assist  assistCommand  `cmd:"" help:"Judge the assistant without a server."`
	Mail    mailCommand    `cmd:"" help:"Read mails without a server."`
	Call    callCommand    `cmd:"" help:"Try the hotline out."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// streams are where a command reads and writes. JSON and what was asked for go
// to Out; logs and what a person should read go to Err.
type streams struct{ Out, Err io.Writer }

func main() {
	os.Exit(run(os.Args[1:], streams{os.Stdout, os.Stderr}))
}

// run does a command and returns the exit status: 0 done, 1 refused with one
// line that says what to do, 2 not understood.
func run(args []string, s streams) int {
	var c commands
	options := []kong.Option{
		kong.Name("yingda"), kong.Description("应答 Yingda — a whole customer-service centre in one program."),
		kong.Writers(s.Out, s.Err), kong.UsageOnError(), kong.Bind(s),
	}
	var settings kong.Resolver
	if file := configFile(args); file != "" {
		var err error
		if settings, err = config.File(file); err != nil {
			return refused(s, err)
		}
		options = append(options, kong.Resolvers(settings))
	}
	exit := -1
	parser, err := kong.New(&c, append(options, kong.Exit(func(code int) { exit = code }))...)
	if err != nil {
		return refused(s, err)
	}
	if settings != nil {
		if err := settings.Validate(parser.Model); err != nil {
			return refused(s, err)
		}
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if exit == 0 {
		return 0
	}
	if err != nil {
		parser.Errorf("%s", err)
		return 2
	}
	if err := k.Run(); err != nil {
		return refused(s, err)
	}
	return 0
}

// configFile finds --config before the rest is read, because the file helps to
// read the rest.
func configFile(args []string) string {
	for i, a := range args {
		if a == "--config" && i+1 < len(args) {
			return args[i+1]
		}
		if len(a) > 9 && a[:9] == "--config=" {
			return a[9:]
		}
	}
	return os.Getenv("YINGDA_CONFIG")
}

// refused prints one line for a person. The cause of a fault is for them too
// here: they run the program.
func refused(s streams, err error) int {
	text := err.Error()
	if f, ok := errors.AsType[*fault.Error](err); ok {
		text = f.Error()
	}
	fmt.Fprintln(s.Err, "yingda:", strings.Join(strings.Fields(text), " "))
	return 1
}

type serveCommand struct{ config.Serve }

func (c *serveCommand) Run(s streams) error { return start(s, c.Serve, nil) }

type demoCommand struct {
	config.Serve
	Keep     bool `help:"Keep the data of an earlier demo instead of beginning anew."`
	Visitors bool `help:"Visitors come and write by themselves." default:"true" negatable:""`
}

func (c *demoCommand) Run(s streams) error {
	if c.Database != "" {
		return errors.New("the demo begins anew each time and works on a data folder of its own; leave out --database")
	}
	if !c.Keep {
		folder, err := os.MkdirTemp("", "yingda-demo-")
		if err != nil {
			return fmt.Errorf("a folder for the demo: %w", err)
		}
		defer os.RemoveAll(folder) // a temporary folder that stays behind harms nobody
		c.Data = folder
	}
	d := &app.Demo{Fill: demo.Fill}
	if c.Visitors {
		d.Live = demo.Live
	}
	return start(s, c.Serve, d)
}

// start runs the centre until it is told to stop.
func start(s streams, c config.Serve, d *app.Demo) error {
	if err := c.Check(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewJSONHandler(s.Err, &slog.HandlerOptions{Level: level(c.LogLevel)}))
	a, err := app.Open(ctx, c, d != nil, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := a.Close(); err != nil {
			log.Error("closing failed", slog.Any("error", err))
		}
	}()
	if err := welcome(ctx, s, a, d); err != nil {
		return err
	}
	if d == nil {
		return a.Run(ctx, nil)
	}
	return a.Run(ctx, d.Live)
}

// welcome says where to go.
func welcome(ctx context.Context, s streams, a *app.App, d *app.Demo) error {
	if d != nil {
		if err := d.Fill(ctx, a); err != nil {
			return err
		}
		fmt.Fprintf(s.Err, `
应答 Yingda · 演示 demo

  访客 Visitor    %[1]s/demo      打开右下角的在线客服 open the chat at the bottom right
  客服 Agent      %[1]s/app/      lin@demo     %[2]s
  主管 Supervisor %[1]s/app/      wang@demo    %[2]s
  审批 Approvals  %[1]s/app/      chen@demo · cai@demo (资深 senior · 财务 finance)  %[2]s
  管理员 Admin    %[1]s/app/      admin@demo   %[2]s
  公开页面 Pages  %[1]s/
  客户 Customer   %[1]s/account/sign-in  %[3]s  %[2]s
  模拟邮箱 Mail   %[1]s/demo/mail
  热线 Hotline    %[4]s

`, a.URL(), demo.Password, demo.Customer, sipLine(a))
		return nil
	}
	token, err := a.Account.FirstLink(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Err, "\n应答 Yingda · %s/\n", a.URL())
	if token != "" {
		fmt.Fprintf(s.Err, "\n  第一位管理员 · first administrator (24 h, once):\n  %s/app/setup/%s\n", a.URL(), token)
	} else {
		fmt.Fprintf(s.Err, "  工作台 · console: %s/app/\n", a.URL())
	}
	fmt.Fprintln(s.Err)
	return nil
}

// sipLine is how the demo's hotline is called.
func sipLine(a *app.App) string {
	at := a.SIPAddress()
	if !at.IsValid() {
		return "—"
	}
	return fmt.Sprintf("sip:4008200000@%s   yingda call simulate --to %s --keys 1", at, at)
}

func level(name string) slog.Level {
	var l slog.Level
	if l.UnmarshalText([]byte(name)) != nil {
		return slog.LevelInfo
	}
	return l
}

type migrateCommand struct{ config.Serve }

func (c *migrateCommand) Run(s streams) error {
	return onDatabase(c.Serve, func(ctx context.Context, db *store.DB) error {
		_, err := fmt.Fprintln(s.Err, "the database is up to date")
		return err
	})
}

type backupCommand struct {
	config.Serve
	File string `arg:"" help:"The new file." type:"path"`
}

func (c *backupCommand) Run(s streams) error {
	if _, err := os.Stat(c.File); err == nil {
		return fmt.Errorf("%s is there already; name a new file", c.File)
	}
	return onDatabase(c.Serve, func(ctx context.Context, db *store.DB) error {
		if err := db.Backup(ctx, c.File); err != nil {
			return err
		}
		_, err := fmt.Fprintln(s.Err, "the database was copied to", c.File)
		return err
	})
}

func onDatabase(c config.Serve, f func(context.Context, *store.DB) error) error {
	if err := c.Check(); err != nil {
		return err
	}
	ctx := context.Background()
	db, err := store.Open(ctx, app.DatabaseAddress(c))
	if err != nil {
		return err
	}
	return errors.Join(f(ctx, db), db.Close())
}

type openAPICommand struct{}

func (openAPICommand) Run(s streams) error {
	_, err := s.Out.Write(api.Document())
	return err
}

type versionCommand struct{}

func (versionCommand) Run(s streams) error {
	_, err := fmt.Fprintln(s.Out, version)
	return err
}
