package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the program's own database is looked into

	"yingda/bench/internal/rig"
	"yingda/internal/channel/email/peer"
	"yingda/internal/domain/mailbox"
)

// caught is what is printed of a mailbox that was caught up.
type caught struct {
	Mails      int     `json:"mails"`
	Bytes      int     `json:"bytes_each"`
	Read       int     `json:"read"`        // of them, understood
	Kept       float64 `json:"kept_s"`      // until the last was on the disk, and committed with the cursor
	Understood float64 `json:"seconds"`     // until the last was a message of a conversation
	Rate       float64 `json:"mails_per_s"` // of that
	CPU        float64 `json:"cpu_ms_each"`
	RSS        int64   `json:"rss_mb"` // the most, while it went on
	Chats      int     `json:"chat_messages"`
	ChatP50    float64 `json:"chat_p50_ms"` // from when a message was due until it was on the disk
	ChatP99    float64 `json:"chat_p99_ms"`
	Quiet50    float64 `json:"chat_alone_p50_ms"` // the same before there was any mail
	Quiet99    float64 `json:"chat_alone_p99_ms"`
}

// catchUp measures how fast the program makes of the mails on a real server
// what they are, while visitors chat with it. After limit it stops.
func catchUp(n, size int, limit time.Duration) caught {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	d, err := peer.StartDovecot(ctx, peer.DovecotOptions{})
	rig.Must(err)
	defer d.Close()
	deliver(d, n, size)
	rig.Must(os.Setenv("SSL_CERT_FILE", d.Certificate())) // the program believes it
	s := rig.Start("")
	defer s.Stop()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.Folder(), "yingda.db")+"?mode=ro&_pragma=busy_timeout(10000)")
	rig.Must(err)
	defer db.Close()

	c := caught{Mails: n, Bytes: size}
	talk := talkers(s)
	c.Quiet50, c.Quiet99 = rig.Percentiles(chatFor(talk, time.After(5*time.Second)))

	settings := mailbox.Defaults()
	settings.Fetch.Way, settings.Fetch.Server = mailbox.ByIMAP, mailbox.Server{Host: "localhost", Port: d.IMAPS, Security: mailbox.TLS, User: "service", Auth: mailbox.Password}
	s.Do("POST", "/api/v1/mailboxes", "", map[string]any{"name": "service", "address": "service@example.test", "settings": settings, "fetch_password": peer.Password}, nil)
	var took []time.Duration
	done := make(chan time.Time)
	var chats sync.WaitGroup
	var began time.Time
	cpu := time.Duration(0)
	for {
		kept, unread := mails(db)
		switch {
		case began.IsZero() && kept > 0: // the list of mailboxes is looked at each 15 s
			began, cpu = time.Now(), s.CPU()
			chats.Go(func() { took = chatFor(talk, done) })
		case kept == n && c.Kept == 0:
			c.Kept = time.Since(began).Seconds()
		}
		if c.Read = kept - unread; c.Read == n || !began.IsZero() && time.Since(began) > limit {
			break
		}
		c.RSS = max(c.RSS, s.RSS()>>20)
		time.Sleep(200 * time.Millisecond)
	}
	c.Understood = time.Since(began).Seconds()
	c.CPU = float64((s.CPU() - cpu).Milliseconds()) / float64(c.Read)
	close(done)
	chats.Wait()
	c.Rate, c.Chats = float64(c.Read)/c.Understood, len(took)
	c.ChatP50, c.ChatP99 = rig.Percentiles(took)
	var conversations int
	rig.Must(db.QueryRowContext(ctx, "SELECT COUNT(*) FROM conversations WHERE channel = 'email'").Scan(&conversations))
	if conversations == 0 {
		rig.Must(fmt.Errorf("%d mails and no conversation", n))
	}
	return c
}

// mails counts those that the program has kept, and those of them that it has
// not read.
func mails(db *sql.DB) (kept, unread int) {
	rig.Must(db.QueryRowContext(context.Background(), "SELECT (SELECT COUNT(*) FROM mails), (SELECT COUNT(*) FROM mails WHERE state = ?)", string(mailbox.Unread)).Scan(&kept, &unread))
	return kept, unread
}

// deliver puts mails of five hundred people into a mailbox: two of three begin
// something, the third answers the one before it.
func deliver(d *peer.Dovecot, n, size int) {
	const some = 1000
	for from := 0; from < n; from += some {
		var mails [][]byte
		for i := from; i < min(from+some, n); i++ {
			who, answers := i%500, ""
			if i%3 == 2 {
				who, answers = (i-1)%500, fmt.Sprintf("In-Reply-To: <m%d@customer.test>\r\n", i-1)
			}
			text := fmt.Appendf(nil, "From: wang%d@customer.test\r\nTo: service@example.test\r\nSubject: order %d\r\nDate: Mon, 30 Nov 2026 12:00:00 +0800\r\nMessage-ID: <m%d@customer.test>\r\n%sMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n", who, i, i, answers)
			for len(text) < size {
				text = append(text, "我的订单什么时候能发货？请尽快答复。\r\n"...)
			}
			mails = append(mails, text)
		}
		rig.Must(d.Deliver("service", mails...))
	}
}

// talkers are visitors whose conversations an agent holds.
func talkers(s *rig.Server) (send func()) {
	tokens := make([]string, 10)
	for i := range tokens {
		tokens[i] = s.Visitor()
		var r struct{ Conversation struct{ ID string } }
		s.Do("POST", "/widget/v1/messages", tokens[i], map[string]any{"client_id": fmt.Sprintf("open-%08d", i), "text": "您好，我的车有问题"}, &r)
		s.Do("POST", "/api/v1/conversations/"+r.Conversation.ID+"/take", "", nil, nil)
	}
	var n atomic.Int64
	return func() {
		i := int(n.Add(1))
		s.Do("POST", "/widget/v1/messages", tokens[i%len(tokens)], map[string]any{"client_id": fmt.Sprintf("bench-%08d", i), "text": "刹车有异响，请问怎么处理？"}, nil)
	}
}

// chatFor sends a message each 50 ms until it is told to end, and returns how
// long after it was due each was acknowledged.
func chatFor(send func(), end <-chan time.Time) (took []time.Duration) {
	var mu sync.Mutex
	var sent sync.WaitGroup
	start := time.Now()
	for i := 0; ; i++ {
		due := start.Add(time.Duration(i) * 50 * time.Millisecond)
		select {
		case <-end:
			sent.Wait()
			return took
		case <-time.After(time.Until(due)):
		}
		sent.Go(func() {
			send()
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(due))
		})
	}
}
