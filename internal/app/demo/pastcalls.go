package demo

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"yingda/internal/app"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/sms"
	"yingda/internal/kit/audio"
	"yingda/internal/store"
)

// pastCall is a call of the last days: how long it was in what, and how it
// ended.
type pastCall struct {
	Ago                     time.Duration
	Direction               call.Direction
	Queue, Agent            string
	Menu, Wait, Talk, Held  time.Duration
	Reason                  call.Reason
	Marks                   []int // in the order in which they were asked
	By                      call.RatingWay
	Emergency, HasRecording bool
}

var pastCalls = []pastCall{
	{Ago: 70 * time.Minute, Queue: "vehicle", Agent: "lin", Menu: 18 * time.Second, Wait: 42 * time.Second, Talk: 4 * time.Minute, Held: 25 * time.Second, Marks: []int{5, 5, 5, 5}, By: call.ByKeys, HasRecording: true},
	{Ago: 95 * time.Minute, Queue: "use", Agent: "zhao", Menu: 22 * time.Second, Wait: 80 * time.Second, Talk: 3 * time.Minute, Marks: []int{4, 4, 4, 4}, By: call.ByKeys},
	{Ago: 2 * time.Hour, Queue: "emergency", Agent: "lin", Menu: 6 * time.Second, Wait: 4 * time.Second, Talk: 7 * time.Minute, Emergency: true, HasRecording: true},
	{Ago: 3 * time.Hour, Queue: "complaint", Menu: 20 * time.Second, Wait: 5 * time.Minute, Reason: call.Abandoned},
	{Ago: 4 * time.Hour, Menu: 31 * time.Second, Reason: call.LeftMenu},
	{Ago: 5 * time.Hour, Direction: call.Outbound, Agent: "zhao", Talk: 2 * time.Minute},
	{Ago: 20 * time.Hour, Menu: 12 * time.Second, Reason: call.OffHours},
	{Ago: 26 * time.Hour, Queue: "complaint", Agent: "chen", Menu: 15 * time.Second, Wait: 95 * time.Second, Talk: 11 * time.Minute, Held: 80 * time.Second, Marks: []int{3, 4, 2, 2}, By: call.ByLink},
	{Ago: 27 * time.Hour, Queue: "business", Agent: "lin", Menu: 25 * time.Second, Wait: 12 * time.Second, Talk: 5 * time.Minute, Marks: []int{5, 5, 5, 4}, By: call.ByKeys},
	{Ago: 29 * time.Hour, Direction: call.Outbound, Agent: "lin", Reason: call.NoAnswer},
	{Ago: 49 * time.Hour, Queue: "technical", Agent: "zhao", Menu: 17 * time.Second, Wait: 30 * time.Second, Talk: 6 * time.Minute, Marks: []int{4, 5, 4}, By: call.ByLink},
	{Ago: 51 * time.Hour, Queue: "account", Menu: 21 * time.Second, Wait: 3 * time.Minute, Reason: call.MessageLeft},
	{Ago: 52 * time.Hour, Queue: "vehicle", Agent: "lin", Menu: 19 * time.Second, Wait: 25 * time.Second, Talk: 4 * time.Minute, Marks: []int{5, 5, 5, 5}, By: call.ByKeys},
	{Ago: 53 * time.Hour, Queue: "use", Agent: "zhao", Menu: 23 * time.Second, Wait: 36 * time.Second, Talk: 5 * time.Minute, Marks: []int{5, 5, 5, 5}, By: call.ByLink},
	{Ago: 54 * time.Hour, Queue: "complaint", Agent: "chen", Menu: 16 * time.Second, Wait: 4 * time.Minute, Talk: 8 * time.Minute, Marks: []int{2, 3, 2, 1}, By: call.ByLink},
	{Ago: 72 * time.Hour, Queue: "vehicle", Agent: "lin", Menu: 20 * time.Second, Wait: 18 * time.Second, Talk: 3 * time.Minute, Marks: []int{5, 4, 4, 4}, By: call.ByKeys},
	{Ago: 73 * time.Hour, Queue: "business", Agent: "zhao", Menu: 27 * time.Second, Wait: 50 * time.Second, Talk: 6 * time.Minute, Marks: []int{4, 4, 4, 4}, By: call.ByKeys},
	{Ago: 75 * time.Hour, Queue: "technical", Agent: "lin", Menu: 18 * time.Second, Wait: 65 * time.Second, Talk: 9 * time.Minute, Marks: []int{5, 5, 5, 4}, By: call.ByKeys},
	{Ago: 76 * time.Hour, Queue: "use", Agent: "zhao", Menu: 22 * time.Second, Wait: 3 * time.Minute, Talk: 4 * time.Minute, Marks: []int{4, 2, 1, 1}, By: call.ByKeys},
	{Ago: 98 * time.Hour, Queue: "vehicle", Agent: "lin", Menu: 17 * time.Second, Wait: 14 * time.Second, Talk: 5 * time.Minute, Marks: []int{5, 4, 5, 5}, By: call.ByLink},
	{Ago: 99 * time.Hour, Queue: "account", Agent: "zhao", Menu: 24 * time.Second, Wait: 41 * time.Second, Talk: 3 * time.Minute, Marks: []int{4, 4}, By: call.ByKeys},
}

// asked are the questions as callers are asked by keys; who hangs up leaves the
// last ones out.
var asked = []string{"attitude", "quality", "efficiency", call.Overall}

// ratings are the marks that the caller gave.
func (p pastCall) ratings() map[string]int {
	questions := asked
	if p.By == call.ByLink {
		questions = call.RatingQuestions()
	}
	var all map[string]int
	for i, mark := range p.Marks {
		if all == nil {
			all = map[string]int{}
		}
		all[questions[i]] = mark
	}
	return all
}

// textsOn switches text messages on with the simulator: nothing leaves, and what
// would have is seen under Settings.
func textsOn(ctx context.Context, a *app.App, now time.Time) error {
	s := sms.Defaults()
	s.Enabled, s.Sign, s.Reports = true, "远行汽车", strings.ToLower(rand.Text())
	return a.DB.Update(ctx, func(tx *store.Tx) error { return tx.SaveTextSettings(ctx, s, "", now) })
}

// fillCalls adds the hotline with the calls of the last days.
func fillCalls(ctx context.Context, a *app.App, now time.Time) error {
	if err := a.Desk.EnsureHotline(ctx); err != nil {
		return err
	}
	if err := textsOn(ctx, a, now); err != nil {
		return err
	}
	recordings, err := keepSounds(ctx, a)
	if err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		entries, err := tx.CallEntries(ctx)
		if err != nil {
			return err
		}
		people, _, err := tx.ListContacts(ctx, nil, nil, "", len(pastCalls))
		if err != nil {
			return err
		}
		as, err := tx.Agents(ctx, 0, 100)
		if err != nil {
			return err
		}
		agents := map[string]agent.Agent{}
		for _, who := range as {
			agents[who.Email[:len(who.Email)-len("@demo")]] = who
		}
		for i, p := range slices.Backward(pastCalls) { // the list of calls shows last what was written first
			in := entries[0].Inbox
			if err := p.fill(ctx, tx, in, people[i%len(people)], agents[p.Agent], now, recordings[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// turn is how long somebody speaks in the demo's recordings.
const turn = 900 * time.Millisecond

// keepSounds keeps the recordings of the calls that have one: tones, as if two
// people took turns, the customer left and the agent right.
func keepSounds(ctx context.Context, a *app.App) (map[int]call.Recorded, error) {
	side := func(tone float64, before, after time.Duration) []int16 {
		var beats []audio.Beat
		for range 6 {
			beats = append(beats, audio.Beat{For: before}, audio.Beat{Tones: []float64{tone}, For: turn}, audio.Beat{For: after})
		}
		return audio.Signal(beats...)
	}
	caller, heard := side(440, 0, 3*turn), side(620, 2*turn, turn)
	sound := audio.WriteSides(caller, heard)
	kept := map[int]call.Recorded{}
	for i, p := range pastCalls {
		if !p.HasRecording {
			continue
		}
		key := fmt.Sprintf("recordings/demo/%02d.wav", i)
		stat, err := a.Desk.Files.Put(ctx, key, bytes.NewReader(sound))
		if err != nil {
			return nil, err
		}
		kept[i] = call.Recorded{File: key, SHA256: stat.SHA256, Length: audio.Length(len(caller))}
	}
	return kept, nil
}

// fill writes one call with its conversation as they would stand after it.
func (p pastCall) fill(ctx context.Context, tx *store.Tx, in inbox.ID, who contact.Contact, by agent.Agent, now time.Time, rec call.Recorded) error {
	at := now.Add(-p.Ago)
	r := call.Begin(call.NewID(at), cmp.Or(p.Direction, call.Inbound), cmp.Or(who.Phone, "13800000000"), "4008200000", at)
	do := func(after time.Duration, a call.Act, queue, agent string) {
		at = at.Add(after)
		if next, err := r.Do(a, at, queue, agent); err == nil {
			r = next
		}
	}
	const picked = 3 * time.Second
	name := ""
	if !by.ID.IsZero() {
		name = by.ID.String()
	}
	switch {
	case p.Direction == call.Outbound && p.Talk > 0:
		do(9*time.Second, call.Connect, "", name)
	case p.Direction == call.Outbound:
		do(40*time.Second, call.HangUp, "", "")
	default:
		r.Menu, r.Version, r.Emergency = call.Hotline().ID, 1, p.Emergency
		r.Path = []string{"welcome", "main"}
		do(picked, call.Answer, "", "")
		if p.Queue != "" {
			do(p.Menu, call.Enqueue, p.Queue, "")
			do(p.Wait, call.Offer, "", name)
			if p.Talk > 0 {
				do(2*time.Second, call.Connect, "", name)
			}
		}
	}
	if p.Held > 0 {
		do(p.Talk/2, call.Hold, "", "")
		do(p.Held, call.Resume, "", "")
	}
	do(max(p.Talk, p.Menu), call.HangUp, "", "")
	do(25*time.Second, call.WrapUp, "", "")
	if p.Reason != "" {
		r.Result = p.Reason
	}
	r.Ratings, r.RatedBy = p.ratings(), p.By
	if p.Talk > 0 {
		r.Quality = call.Quality{Lost: 0.002, Jitter: 4, MOS: 4.3}
	}
	r.Recording = rec
	c := conversation.Conversation{
		ID: conversation.NewID(now.Add(-p.Ago)), Inbox: in, Channel: call.Channel, Contact: who.ID, ContactName: who.Name, State: conversation.Closed,
		Language: who.Language, StartedAt: now.Add(-p.Ago), LastAt: at, ClosedAt: at, ClosedBy: conversation.FromContact, Priority: map[bool]int{true: call.Urgent}[p.Emergency],
	}
	if p.Talk > 0 {
		c.Agent, c.AgentName, c.FirstReplyAt = by.ID, by.PublicName(), r.AnsweredAt()
	}
	c, err := tx.InsertConversation(ctx, c)
	if err != nil {
		return err
	}
	if _, err := tx.SaveConversation(ctx, c); err != nil {
		return err
	}
	k := call.Call{ID: r.ID, Door: r.ID.String(), Program: "demo", Inbox: in, Conversation: c.ID, Record: r, SeenAt: at, Version: 1}
	if p.HasRecording {
		k.NoticeAt = r.AnsweredAt() // the tones are of the talk
	}
	if err := tx.InsertCall(ctx, k); err != nil {
		return err
	}
	_, err = tx.SaveCall(ctx, k)
	return err
}
