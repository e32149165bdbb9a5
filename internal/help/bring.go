package help

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/docx"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/sheet"
	"yingda/internal/kit/unpack"
	"yingda/internal/store"
)

// Bounds of a file that is brought in.
const (
	mostBrought     = 10 << 20
	mostRowsBrought = 5000
	bringBatch      = 500 // questions in one transaction
	mostRefused     = 100 // that are told
)

// Brought is what a file of questions, or one article, comes to.
type Brought struct {
	Questions []knowledge.Question // that are or would be kept, as drafts
	Article   *knowledge.Article
	Pictures  int // of the article, which were left out
	Refused   []knowledge.Refused
	Bad       int // rows that are refused, those that are not told included
	Kept      bool
}

// Bring reads a table of questions (CSV, XLSX) or an article (Markdown, Word),
// by the name of the file. Unless it is to be kept, it only says what would come
// of it; what is kept is a draft.
func (h *Help) Bring(ctx context.Context, by agent.Actor, name, language string, file io.Reader, keep bool) (b Brought, err error) {
	defer fault.Wrap(&err, "bring in %s", name)
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return b, err
	}
	text, err := io.ReadAll(io.LimitReader(file, mostBrought+1))
	if err != nil {
		return b, fault.New(fault.Invalid, "request.body", "the request was cut off; send it again").Because(err)
	}
	if len(text) > mostBrought {
		return b, fault.New(fault.TooLarge, "knowledge.import_large", "the file is larger than %d MB", mostBrought>>20).In("file")
	}
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".csv", ".tsv", ".txt":
		return h.bringTable(ctx, by, language, csvRows(text), keep)
	case ".xlsx":
		rows, err := sheet.ReadXLSX(text)
		if err != nil {
			return b, unreadable(err)
		}
		return h.bringTable(ctx, by, language, rows, keep)
	case ".md", ".markdown":
		if !utf8.Valid(text) {
			if text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(text); err != nil {
				return b, unreadable(err)
			}
		}
		return h.bringArticle(ctx, by, name, language, docx.Document{Markdown: string(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))}, keep)
	case ".docx":
		d, err := docx.Read(text)
		if err != nil {
			return b, unreadable(err)
		}
		return h.bringArticle(ctx, by, name, language, d, keep)
	default:
		return b, fault.New(fault.Invalid, "knowledge.import_kind", "a file %q is not read; bring .csv or .xlsx for questions, .md or .docx for an article", ext).In("file")
	}
}

func unreadable(err error) error {
	if errors.Is(err, unpack.ErrLarge) || errors.Is(err, sheet.ErrRows) {
		return fault.New(fault.TooLarge, "knowledge.import_unpacked", "what the file unpacks to is too large").In("file").Because(err)
	}
	return fault.New(fault.Invalid, "knowledge.import_broken", "the file cannot be read: it is damaged, or of another kind than its name says").In("file").Because(err)
}

func csvRows(text []byte) []sheet.Row {
	r := sheet.NewReader(bytes.NewReader(text), sheet.Sniff(text[:min(len(text), sheet.SniffBytes)]))
	var rows []sheet.Row
	for line := 1; ; line++ {
		cells, empty, err := r.Next()
		if err != nil {
			return rows
		}
		if !empty {
			rows = append(rows, sheet.Row{Line: line, Cells: append([]string(nil), cells...)})
		}
	}
}

func (h *Help) bringTable(ctx context.Context, by agent.Actor, language string, rows []sheet.Row, keep bool) (b Brought, err error) {
	if len(rows) == 0 {
		return b, fault.New(fault.Invalid, "knowledge.import_empty", "there is nothing in the file").In("file")
	}
	if len(rows) > mostRowsBrought+1 {
		return b, fault.New(fault.TooLarge, "knowledge.import_rows", "a file holds at most %d questions", mostRowsBrought).In("file")
	}
	table, err := knowledge.NewTable(rows[0].Cells, language)
	if err != nil {
		return b, err
	}
	known, err := h.known(ctx)
	if err != nil {
		return b, err
	}
	for _, row := range rows[1:] {
		q, err := table.Question(row.Cells)
		key := q.Language + retrieve.Normalise(q.Question)
		if err == nil && known[key] {
			err = fault.New(fault.Conflict, "knowledge.import_known", "this question is there already").In("question")
		}
		if err != nil {
			if b.Bad++; len(b.Refused) < mostRefused {
				b.Refused = append(b.Refused, knowledge.Refuse(row.Line, knowledge.Excerpt(strings.Join(row.Cells, " "), 60), err))
			}
			continue
		}
		known[key] = true
		b.Questions = append(b.Questions, q)
	}
	if !keep {
		return b, nil
	}
	for from := 0; from < len(b.Questions); from += bringBatch {
		if err := h.keepDrafts(ctx, by, b.Questions[from:min(from+bringBatch, len(b.Questions))]); err != nil {
			return b, err
		}
	}
	b.Kept = true
	return b, nil
}

// known are the questions that there are, drafts too.
func (h *Help) known(ctx context.Context) (map[string]bool, error) {
	known := map[string]bool{}
	return known, h.DB.View(ctx, func(tx *store.Tx) error {
		for cursor := ""; ; {
			qs, next, err := tx.ListQuestions(ctx, store.KnowledgeList{Cursor: cursor, Limit: bringBatch})
			if err != nil {
				return err
			}
			for _, q := range qs {
				known[q.Language+retrieve.Normalise(q.Question)] = true
			}
			if cursor = next; cursor == "" {
				return nil
			}
		}
	})
}

func (h *Help) keepDrafts(ctx context.Context, by agent.Actor, qs []knowledge.Question) error {
	return h.DB.Update(ctx, func(tx *store.Tx) error {
		now := h.Now()
		for i := range qs {
			qs[i].ID, qs[i].Status, qs[i].Version, qs[i].UpdatedAt, qs[i].UpdatedBy = knowledge.NewQuestionID(now), knowledge.Draft, 1, now, by.Name
			if err := tx.InsertQuestion(ctx, qs[i]); err != nil {
				return err
			}
		}
		return h.changed(ctx, tx, by, "knowledge.import", audit.Object{Kind: "knowledge", Name: qs[0].Question}, map[string]any{"questions": len(qs)})
	})
}

func (h *Help) bringArticle(ctx context.Context, by agent.Actor, name, language string, d docx.Document, keep bool) (b Brought, err error) {
	title, body := titled(d.Markdown, strings.TrimSuffix(path.Base(name), path.Ext(name)))
	a, err := knowledge.Article{Title: title, Body: body, Language: language}.Checked()
	if err != nil {
		return b, err
	}
	if keep {
		if a, err = h.WriteArticle(ctx, by, a); err != nil {
			return b, err
		}
	}
	return Brought{Article: &a, Pictures: d.Pictures, Kept: keep}, nil
}

// titled takes the first heading off a text as its title, if the text begins
// with one.
func titled(markdown, otherwise string) (title, body string) {
	first, rest, _ := strings.Cut(strings.TrimSpace(markdown), "\n")
	if heading, ok := strings.CutPrefix(first, "# "); ok && strings.TrimSpace(rest) != "" {
		return knowledge.Excerpt(heading, knowledge.MaxTitle), rest
	}
	return otherwise, markdown
}
