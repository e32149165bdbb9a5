package help_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/help"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// synonyms is an embedder that knows which words mean the same: every text that
// has a word of a row is the row's direction.
type synonyms struct {
	name  string
	rows  []string // words apart by a blank
	err   error
	asked int // texts
	size  int
}

func (s *synonyms) Embedding(context.Context) (string, error) { return s.name, nil }

func (s *synonyms) Embed(_ context.Context, texts []string) ([][]float32, error) {
	if s.err != nil {
		return nil, s.err
	}
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		s.asked++
		vectors[i] = s.of(text)
	}
	return vectors, nil
}

func (s *synonyms) of(text string) []float32 {
	v := make([]float32, s.size)
	for i, row := range s.rows {
		for w := range strings.FieldsSeq(row) {
			if strings.Contains(text, w) {
				v[i] = 1
				return v
			}
		}
	}
	v[s.size-1] = 1
	return v
}

// many is enough questions to be judged from: one for each thing, in six ways.
func many() (qs []knowledge.Question, rows []string) {
	for i := range 60 {
		thing := string(rune('一'+i*7)) + string(rune('丁'+i*11))
		q := knowledge.Question{Question: thing + "怎么弄", Answer: "这样弄 " + thing, Language: "zh"}
		for _, f := range []string{"%s在哪里办", "我要%s", "请问%s的办法", "%s是什么流程", "想知道%s怎样做"} {
			q.Phrasings = append(q.Phrasings, fmt.Sprintf(f, thing))
		}
		qs = append(qs, q)
		rows = append(rows, fmt.Sprintf("%s 别名%02d", thing, i))
	}
	return qs, rows
}

func TestMeanings(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, _ := newHelp(db)
		ok := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		qs, rows := many()
		ok(h.Import(ctx, chief, qs, nil))
		ok(h.Refresh(ctx))
		by := &synonyms{name: "https://a.example bge", rows: rows, size: 64}
		ok(h.RefreshMeanings(ctx)) // without an embedder there is nothing to do
		h.Embedder = by
		l := retrieve.Limits{Language: "zh"}
		const text = "别名07那件事"
		d := h.Decide(text, l)
		if _, anew := h.Meant(d, by.name, by.of(text), text, l); anew || h.MeaningsBy() != "" {
			t.Error("there are meanings before anything was embedded")
		}
		by.err = errors.New("down")
		if err := h.RefreshMeanings(ctx); !errors.Is(err, by.err) {
			t.Fatalf("it failed with %v", err)
		}
		by.err = nil
		ok(h.RefreshMeanings(ctx))
		if by.asked != 360 || h.MeaningsBy() != by.name {
			t.Fatalf("%d texts were embedded, by %q", by.asked, h.MeaningsBy())
		}
		got, anew := h.Meant(d, by.name, by.of(text), text, l)
		if !anew || len(got.Candidates) == 0 || got.Candidates[0].Question != qs[7].Question {
			t.Errorf("%v, %+v", anew, got)
		}
		if _, anew := h.Meant(d, "another", by.of(text), text, l); anew {
			t.Error("a vector of another model was compared")
		}

		// Each text is embedded once, by whoever: what is published later is
		// added, and what was embedded before is read.
		other := &help.Help{DB: h.DB, Now: h.Now, Log: h.Log, Embedder: by}
		ok(other.Refresh(ctx))
		ok(other.RefreshMeanings(ctx))
		if by.asked != 360 || other.MeaningsBy() != by.name {
			t.Errorf("%d texts were embedded after a second program read them", by.asked)
		}
		ok(h.Import(ctx, chief, []knowledge.Question{{Question: "新的事怎么办", Answer: "好", Language: "zh"}}, nil))
		ok(h.Refresh(ctx))
		if h.MeaningsBy() != "" {
			t.Error("the old vectors stand for what is published now")
		}
		ok(h.RefreshMeanings(ctx))
		if by.asked != 361 {
			t.Errorf("%d texts were embedded in all", by.asked)
		}

		// Another model begins anew; no model is none.
		by.name = "https://a.example other"
		ok(h.RefreshMeanings(ctx))
		if by.asked != 2*361 || h.MeaningsBy() != by.name {
			t.Errorf("%d texts, by %q", by.asked, h.MeaningsBy())
		}
		by.name = ""
		ok(h.RefreshMeanings(ctx))
		if h.MeaningsBy() != "" {
			t.Error("there are meanings without a model")
		}
	})
}
