package post_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yingda/internal/job"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
	"yingda/internal/kit/secret"
	"yingda/internal/post"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// bag is a courier that keeps what it carries, or fails.
type bag struct {
	got  []mail.Message
	fail error
}

func (b *bag) Deliver(_ context.Context, m mail.Message) error {
	if b.fail == nil {
		b.got = append(b.got, m)
	}
	return b.fail
}

type house struct {
	*post.Post
	bag   *bag
	db    *store.DB
	clock *clock.Hand
	work  *job.Worker
	t     *testing.T
}

func each(t *testing.T, f func(h house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key, err := secret.OpenKey(filepath.Join(t.TempDir(), "secret.key"))
		if err != nil {
			t.Fatal(err)
		}
		h := house{bag: &bag{}, db: db, clock: clock.At(monday), t: t}
		h.Post = &post.Post{Courier: h.bag, Seal: key.For("mail"), Now: h.clock.Now}
		h.work = &job.Worker{DB: db, Now: h.clock.Now}
		h.work.Handle(h.Job())
		f(h)
	})
}

func (h house) send(l post.Letter) error {
	return h.db.Update(h.t.Context(), func(tx *store.Tx) error { return h.Send(h.t.Context(), tx, l) })
}

func (h house) run() int {
	h.t.Helper()
	n, err := h.work.RunDue(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h house) jobs(state string) []store.Job {
	h.t.Helper()
	js, err := h.db.Now().Jobs(h.t.Context(), state, 0, 10)
	if err != nil {
		h.t.Fatal(err)
	}
	return js
}

var letter = post.Letter{To: "zhao@mail.example", Subject: "验证码", Text: "048213", Until: monday.Add(5 * time.Minute)}

func TestLetters(t *testing.T) {
	each(t, func(h house) {
		if err := h.send(letter); err != nil {
			t.Fatal(err)
		}
		if js := h.jobs("ready"); len(js) != 1 || strings.Contains(js[0].Payload, "048213") || strings.Contains(js[0].Payload, letter.To) || !strings.Contains(js[0].Payload, "zh***@mail.example") {
			t.Fatalf("waiting: %+v", js)
		}
		if n := h.run(); n != 1 || len(h.bag.got) != 1 || h.bag.got[0] != (mail.Message{To: letter.To, Subject: letter.Subject, Text: letter.Text}) {
			t.Errorf("%d jobs carried %+v", n, h.bag.got)
		}
		if n := h.run(); n != 0 {
			t.Error("carried twice")
		}
	})
}

func TestLettersThatFail(t *testing.T) {
	each(t, func(h house) {
		h.bag.fail = fault.New(fault.Busy, "mail.auth", "refused")
		if err := h.send(letter); err != nil {
			t.Fatal(err)
		}
		h.run()
		if js := h.jobs("ready"); len(js) != 1 || !strings.Contains(js[0].LastError, "refused") {
			t.Fatalf("after a failure: %+v", js)
		}
		h.clock.Turn(5 * time.Minute)
		h.bag.fail = nil
		h.run()
		if js := h.jobs("dead"); len(js) != 1 || len(h.bag.got) != 0 {
			t.Fatalf("a letter that is of no use was carried: %+v, dead %+v", h.bag.got, js)
		}
		h.bag.fail = fault.New(fault.Invalid, "mail.refused", "no such user")
		if err := h.send(post.Letter{To: "nobody@mail.example"}); err != nil {
			t.Fatal(err)
		}
		h.run()
		if js := h.jobs("dead"); len(js) != 2 || js[0].Attempt != 1 {
			t.Errorf("refused for good: %+v", js)
		}
		h.bag.fail = fault.New(fault.Busy, "mail.unreachable", "away")
		if err := h.send(post.Letter{To: "zhao@mail.example"}); err != nil {
			t.Fatal(err)
		}
		for range 12 {
			h.run()
			h.clock.Turn(time.Hour)
		}
		if js := h.jobs("dead"); len(js) != 3 || js[0].Attempt != 10 {
			t.Errorf("after ten tries: %+v", js)
		}
	})
}

func TestPostIsClosed(t *testing.T) {
	each(t, func(h house) {
		h.Courier = nil
		if err := h.send(letter); err == nil || fault.CodeOf(err) != "mail.off" || h.Open() {
			t.Errorf("sent without a courier: %v", err)
		}
		var none *post.Post
		if none.Open() {
			t.Error("no post is open")
		}
	})
}

func TestMailbox(t *testing.T) {
	each(t, func(h house) {
		box := &post.Mailbox{DB: h.db, Now: h.clock.Now}
		h.Courier = box
		for _, subject := range []string{"first", "second"} {
			l := letter
			l.Subject = subject
			if err := h.send(l); err != nil {
				t.Fatal(err)
			}
			h.run()
			h.clock.Turn(time.Second)
		}
		ls, err := box.Letters(t.Context())
		if err != nil || len(ls) != 2 || ls[0].Subject != "second" || ls[1].To != letter.To || ls[1].Text != "048213" || !ls[1].At.Equal(monday) {
			t.Errorf("%+v, %v", ls, err)
		}
	})
}
