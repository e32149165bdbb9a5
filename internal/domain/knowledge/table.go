package knowledge

import (
	"errors"
	"slices"
	"strings"

	"yingda/internal/kit/fault"
)

// columns are the names by which a table says what stands in a column.
var columns = map[string][]string{
	"question":    {"问题", "标准问题", "标准问", "question", "title"},
	"answer":      {"答案", "回答", "标准答案", "answer"},
	"phrasings":   {"相似问", "相似问法", "相似问题", "其他问法", "问法", "phrasings", "phrasing", "similar"},
	"category":    {"分类", "类别", "category"},
	"language":    {"语言", "language"},
	"audience":    {"可见范围", "谁能看到", "audience"},
	"valid_from":  {"生效日期", "从哪天起回答", "valid_from"},
	"valid_until": {"失效日期", "有效期至", "到哪天为止", "valid_until"},
	"review_on":   {"复审日期", "review_on"},
}

// Table is how the columns of a table are read.
type Table struct {
	fields   []string // by column; empty: it is not read
	language string   // of rows that do not say
}

// NewTable returns how a table with these names of columns is read. Several
// columns may hold phrasings: 相似问1, 相似问2.
func NewTable(names []string, language string) (Table, error) {
	t := Table{fields: make([]string, len(names)), language: language}
	for i, name := range names {
		name = strings.TrimRight(strings.ToLower(strings.TrimSpace(name)), "0123456789 _-")
		for field, known := range columns {
			if slices.Contains(known, name) {
				t.fields[i] = field
			}
		}
	}
	if !slices.Contains(t.fields, "question") || !slices.Contains(t.fields, "answer") {
		return t, fault.New(fault.Invalid, "knowledge.import_columns", "the first row names no columns 问题 and 答案 (question and answer)").In("file")
	}
	return t, nil
}

// Question returns the question of a row as it would be kept, or what is wrong
// with it. Phrasings in one cell stand on lines of their own, or between ｜, |,
// ； or ;.
func (t Table) Question(cells []string) (Question, error) {
	q := Question{Language: t.language, Audience: Public}
	for i, cell := range cells[:min(len(cells), len(t.fields))] {
		cell = strings.TrimSpace(cell)
		switch t.fields[i] {
		case "question":
			q.Question = cell
		case "answer":
			q.Answer = cell
		case "phrasings":
			q.Phrasings = append(q.Phrasings, strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("\n\r|｜;；", r) })...)
		case "category":
			q.Category = cell
		case "language":
			q.Language = saidLanguage(cell, t.language)
		case "audience":
			if slices.Contains([]string{"内部", string(Internal)}, strings.ToLower(cell)) {
				q.Audience = Internal
			}
		case "valid_from":
			q.ValidFrom = day(cell)
		case "valid_until":
			q.ValidUntil = day(cell)
		case "review_on":
			q.ReviewOn = day(cell)
		}
	}
	return q.Checked()
}

func saidLanguage(cell, otherwise string) string {
	switch strings.ToLower(cell) {
	case "":
		return otherwise
	case "中文", "简体中文", "chinese", "zh-cn":
		return "zh"
	case "英文", "英语", "english", "en-us":
		return "en"
	}
	return strings.ToLower(cell)
}

// day writes a day as it is kept: 2026/1/5 is 2026-01-05.
func day(cell string) string {
	parts := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("/.-年月日", r) })
	if len(parts) != 3 || len(parts[0]) != 4 {
		return cell
	}
	for i := 1; i < 3; i++ {
		if len(parts[i]) == 1 {
			parts[i] = "0" + parts[i]
		}
	}
	return strings.Join(parts, "-")
}

// Refused is a row that is not taken in.
type Refused struct {
	Line    int    `json:"line"`
	Field   string `json:"field,omitzero"`
	Code    string `json:"code"`
	Args    []any  `json:"-"`
	Message string `json:"message"` // in English; doors say it in the reader's language
	Text    string `json:"text"`    // what stands in the row, to find it by
}

// Refuse returns a row with what is wrong with it.
func Refuse(line int, text string, err error) Refused {
	r := Refused{Line: line, Message: err.Error(), Text: text}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		r.Code, r.Args, r.Message, r.Field = f.Code, f.Args, f.Message(), f.Field
	}
	return r
}
