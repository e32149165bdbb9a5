package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"yingda/bench/internal/rig"
	"yingda/internal/channel/webchat"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
	"yingda/internal/help"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
)

var editor = agent.Actor{Agent: 1, Name: "bench", Permissions: []agent.Permission{agent.KnowledgeRead, agent.KnowledgeEdit, agent.KnowledgePublish}}

// furnished opens a house that knows these questions and articles, on a
// database of its own, and learns from them.
func furnished(qs []knowledge.Question, as []knowledge.Article) (*help.Help, func()) {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "yingda-bench-assist-")
	rig.Must(err)
	db, err := store.Open(ctx, filepath.Join(folder, "yingda.db"))
	rig.Must(err)
	h := &help.Help{DB: db, Now: clock.Now, Log: slog.New(slog.DiscardHandler), Precision: demoPrecision}
	rig.Must(h.Import(ctx, editor, qs, as))
	rig.Must(h.Refresh(ctx))
	return h, func() {
		rig.Must(db.Close())
		rig.Must(os.RemoveAll(folder))
	}
}

// demoPrecision is what the demonstration asks for: see package app.
const demoPrecision = 0.9

// typing is what suggestions prints.
type typing struct {
	Questions int     `json:"questions"`
	Asked     int     `json:"asked"`
	Suggested float64 `json:"suggested"` // share of them that got any
	P50       float64 `json:"endpoint_p50_ms"`
	P99       float64 `json:"endpoint_p99_ms"`
	IndexP99  float64 `json:"index_p99_ms"` // without HTTP, token and database
	CPU       float64 `json:"cpu_ms"`       // mean, of asking both ways and of who asks too: what others take of the machine is left out
}

// suggestions types beginnings of questions, as the widget's door hears them:
// through HTTP, with a visitor's token, one at a time.
func suggestions(questions int) typing {
	entries := made(questions)
	qs := make([]knowledge.Question, len(entries))
	for i, e := range entries {
		qs[i] = knowledge.Question{Question: e.Question, Phrasings: e.Phrasings, Answer: e.Text, Language: e.Language}
	}
	h, done := furnished(qs, nil)
	defer done()
	ctx := context.Background()
	d := &desk.Desk{DB: h.DB, Now: clock.Now, Log: h.Log, Assistant: h.Ready, Completes: h.Complete, Hot: h.Hot}
	in := inbox.Inbox{ID: inbox.NewID(clock.Now()), Key: "bench", Kind: webchat.Name, Name: "bench", Enabled: true, Settings: inbox.Defaults(), Version: 1}
	rig.Must(h.DB.Update(ctx, func(tx *store.Tx) error { return tx.InsertInbox(ctx, in) }))
	errs := serve.Errors{Log: h.Log, Language: phrase.Language, Say: phrase.Say}
	door := &webchat.Door{Chat: d, Key: make([]byte, 32), Now: clock.Now, Errors: errs, Unlimited: true}
	wrapped := serve.Door{Log: h.Log, Errors: errs}
	server := httptest.NewServer(wrapped.Wrap(door.Handler()))
	defer server.Close()
	var visit struct {
		Token string `json:"token"`
	}
	post(server.URL+"/widget/v1/session", map[string]string{"inbox": in.Key, "language": "zh"}, &visit)

	const asks = 3000
	out := typing{Questions: questions, Asked: asks}
	some, used := 0, rig.CPUOf(os.Getpid())
	took, alone := make([]time.Duration, asks), make([]time.Duration, asks)
	for n := range asks {
		e := entries[(n*7919)%questions]
		way := []rune(append([]string{e.Question}, e.Phrasings...)[n%ways])
		typed := string(way[:min(len(way), 2+n%8)])
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/widget/v1/suggestions?q="+url.QueryEscape(typed), http.NoBody)
		rig.Must(err)
		r.Header.Set("Authorization", "Bearer "+visit.Token)
		began := time.Now()
		w, err := http.DefaultClient.Do(r)
		rig.Must(err)
		var found struct {
			Items []struct{ ID string } `json:"items"`
		}
		rig.Must(json.NewDecoder(w.Body).Decode(&found))
		rig.Must(w.Body.Close())
		took[n] = time.Since(began)
		if len(found.Items) > 0 {
			some++
		}
		began = time.Now()
		h.Complete(typed, "zh", 5)
		alone[n] = time.Since(began)
	}
	out.CPU = float64((rig.CPUOf(os.Getpid())-used).Microseconds()/asks) / 1000
	out.Suggested = share(some, asks)
	out.P50, out.P99 = rig.Percentiles(took)
	_, out.IndexP99 = rig.Percentiles(alone)
	return out
}

// limits of a decision as the demonstration makes it.
func limits(language string) retrieve.Limits { return retrieve.Limits{Language: language} }
