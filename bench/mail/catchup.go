package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"yingda/bench/internal/rig"
	"yingda/internal/channel"
	"yingda/internal/channel/email"
	"yingda/internal/channel/email/peer"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/clock"
	"yingda/internal/store"
)

// caught is what is printed of a mailbox that was caught up.
type caught struct {
	Mails   int     `json:"mails"`
	Bytes   int     `json:"bytes_each"`
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"mails_per_s"` // fetched, on the disk, and committed with the cursor
	HeapMB  uint64  `json:"heap_mb"`     // the most, while it went on
}

// counting tells how many mails the desk has kept.
type counting struct {
	*desk.Desk
	kept chan struct{}
}

func (c counting) KeepMail(ctx context.Context, m channel.RawMail) (bool, error) {
	again, err := c.Desk.KeepMail(ctx, m)
	if err == nil && !again {
		c.kept <- struct{}{}
	}
	return again, err
}

// catchUp measures how fast the mails of a real server come in: each is on the
// disk, and committed with the cursor of its folder.
func catchUp(n, size int) caught {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	d, err := peer.StartDovecot(ctx, peer.DovecotOptions{})
	rig.Must(err)
	defer d.Close()
	const some = 1000
	for from := 0; from < n; from += some {
		var mails [][]byte
		for i := from; i < min(from+some, n); i++ {
			text := fmt.Appendf(nil, "From: wang%d@customer.test\r\nTo: service@example.test\r\nSubject: order %d\r\nDate: Mon, 30 Nov 2026 12:00:00 +0800\r\nMessage-ID: <m%d@customer.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n", i%500, i, i)
			for len(text) < size {
				text = append(text, "我的订单什么时候能发货？请尽快答复。\r\n"...)
			}
			mails = append(mails, text)
		}
		rig.Must(d.Deliver("service", mails...))
	}
	folder, err := os.MkdirTemp("", "yingda-bench-mail-")
	rig.Must(err)
	defer os.RemoveAll(folder)
	db, err := store.Open(ctx, filepath.Join(folder, "yingda.db"))
	rig.Must(err)
	files, err := blob.OpenDir(filepath.Join(folder, "files"))
	rig.Must(err)
	house := &desk.Desk{DB: db, Now: clock.Now, Log: slog.New(slog.DiscardHandler), Files: files, CaseKey: []byte("bench")}
	rig.Must(house.EnsureDefaults(ctx))
	s := mailbox.Defaults()
	s.Fetch.Way, s.Fetch.Server = mailbox.ByIMAP, mailbox.Server{Host: "localhost", Port: d.IMAPS, Security: mailbox.TLS, User: "service", Auth: mailbox.Password}
	_, err = house.CreateMailbox(ctx, agent.Actor{Permissions: []agent.Permission{agent.ChannelManage}, Scope: agent.ScopeAll}, desk.MailboxChange{
		Address: new("service@example.test"), Settings: &s, FetchPassword: new(peer.Password),
	})
	rig.Must(err)
	counted := counting{house, make(chan struct{}, n)}
	network := email.Network{Roots: d.Roots}
	f := &email.Fetcher{Mail: counted, Tokens: &email.Tokens{Mail: counted, Now: clock.Now}, Network: network, Now: clock.Now, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Holder: "bench"}
	c := caught{Mails: n, Bytes: size}
	began := time.Now()
	done := make(chan struct{})
	go func() { defer close(done); _ = f.Run(ctx) }()
	for i := range n {
		<-counted.kept
		if i%1000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			c.HeapMB = max(c.HeapMB, m.HeapInuse>>20)
		}
	}
	c.Seconds = time.Since(began).Seconds()
	c.Rate = float64(n) / c.Seconds
	stop()
	<-done
	rig.Must(db.Close())
	return c
}
