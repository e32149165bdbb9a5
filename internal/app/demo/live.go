package demo

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"yingda/internal/app"
	"yingda/internal/channel"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/clock"
)

const (
	visitorsAtOnce = 3
	betweenVisits  = 25 * time.Second // on average
	patience       = 4 * time.Minute  // without an answer
)

// Live simulates visitors until ctx ends: they come, ask, answer what they are
// asked, and leave. They use the desk as the widget does.
func Live(ctx context.Context, a *app.App) {
	ds, err := Dialogues()
	if err != nil {
		a.Log.Error("the demonstration's visitors stay away", slog.Any("error", err))
		return
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { writeMails(ctx, a) })
	wg.Go(func() { phoneIn(ctx, a) })
	seats := make(chan struct{}, visitorsAtOnce)
	for n := 0; ; n++ {
		if !pause(ctx, betweenVisits/2+rand.N(betweenVisits)) {
			return
		}
		select {
		case seats <- struct{}{}:
		default:
			continue // enough are there
		}
		d := ds[rand.N(len(ds))]
		wg.Go(func() {
			defer func() { <-seats }()
			if err := visit(ctx, a, d, n); err != nil && ctx.Err() == nil {
				a.Log.Warn("a simulated visitor failed", slog.Any("error", err))
			}
		})
	}
}

// visit speaks the contact's lines of a dialogue.
func visit(ctx context.Context, a *app.App, d Dialogue, n int) error {
	ins, err := a.DB.Now().Inboxes(ctx)
	if err != nil {
		return err
	}
	who, err := arrive(ctx, a, ins[0], d)
	if err != nil {
		return err
	}
	line := 0
	for _, l := range d.Messages {
		if l.From != "contact" {
			continue
		}
		if l.Text == "转人工" {
			if _, _, err := a.Desk.AskHuman(ctx, who, fmt.Sprintf("demo-%06d-human", n)); err != nil {
				return err
			}
		} else if _, err := a.Desk.Receive(ctx, channel.Inbound{
			Inbox: who.Inbox, Contact: who.Contact, ClientID: fmt.Sprintf("demo-%06d-%02d", n, line), Text: l.Text,
			Page: contact.PageView{URL: "https://www.yuanxing.example/service", Title: d.Page}, At: clock.Now(),
		}); err != nil {
			return err
		}
		line++
		if !answered(ctx, a, who) {
			break
		}
	}
	if ctx.Err() != nil {
		return nil //nolint:nilerr // stopped in the middle of a talk, as it may be
	}
	_, err = a.Desk.End(ctx, who)
	return err
}

func arrive(ctx context.Context, a *app.App, in inbox.Inbox, d Dialogue) (contact.Visitor, error) {
	c, err := a.Desk.Visit(ctx, channel.Visit{
		Inbox: in, Language: d.Language, Device: "Chrome · Android", Page: contact.PageView{URL: "https://www.yuanxing.example/", Title: "首页"},
	})
	if err != nil {
		return contact.Visitor{}, err
	}
	who := contact.Visitor{Contact: c.ID, Inbox: in.ID}
	return who, a.Desk.Saw(ctx, who, contact.PageView{URL: "https://www.yuanxing.example/service", Title: d.Page})
}

// answered waits until somebody has said something, reads it, and thinks. It
// is false when nobody did for long.
func answered(ctx context.Context, a *app.App, who contact.Visitor) bool {
	for waited := time.Duration(0); waited < patience; waited += time.Second {
		if !pause(ctx, time.Second) {
			return false
		}
		c, have, err := a.Desk.Current(ctx, who)
		if err != nil || !have || !c.State.Open() {
			return false
		}
		if c.LastFrom == conversation.FromAgent || c.LastFrom == conversation.FromBot {
			if a.Desk.Read(ctx, who, c.ID, c.LastSeq, c.LastSeq) != nil {
				return false
			}
			return pause(ctx, 4*time.Second+rand.N(6*time.Second))
		}
	}
	return false
}

// pause waits; it is false when the demonstration ends.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
