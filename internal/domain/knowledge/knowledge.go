// Package knowledge is what we know and say: questions with their answers, and
// articles; when they may be read, and by whom.
package knowledge

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

type (
	// QuestionID names a question.
	QuestionID = id.ID[questionNoun]
	// ArticleID names an article.
	ArticleID = id.ID[articleNoun]
)

type (
	questionNoun struct{}
	articleNoun  struct{}
)

func (questionNoun) Prefix() string { return "qu" }
func (articleNoun) Prefix() string  { return "ar" }

// NewQuestionID returns the id of a question that is made at a time.
func NewQuestionID(at time.Time) QuestionID { return id.New[questionNoun](at) }

// NewArticleID returns the id of an article that is made at a time.
func NewArticleID(at time.Time) ArticleID { return id.New[articleNoun](at) }

// ParseQuestionID reads what a browser sent.
func ParseQuestionID(s string) (QuestionID, error) { return id.Parse[questionNoun](s) }

// ParseArticleID reads what a browser sent.
func ParseArticleID(s string) (ArticleID, error) { return id.Parse[articleNoun](s) }

// Audience is who may read.
type Audience string

// The audiences.
const (
	Public   Audience = "public"   // everyone
	Internal Audience = "internal" // people who work here
)

// Question is one thing that customers ask, in all the ways they ask it, and
// what we answer (标准问, 相似问, 答案).
type Question struct {
	ID          QuestionID `json:"id"`
	Question    string     `json:"question"`
	Answer      string     `json:"answer"` // plain text
	Phrasings   []string   `json:"phrasings"`
	Category    string     `json:"category"`
	Language    string     `json:"language"`
	Status      Status     `json:"status"`
	Audience    Audience   `json:"audience"`
	Version     int64      `json:"version"`
	Views       int64      `json:"views"`  // how often it was read or given as an answer
	Pinned      bool       `json:"pinned"` // shown before what is asked most, to who opens a chat
	Helpful     int64      `json:"helpful"`
	Unhelpful   int64      `json:"unhelpful"`
	UpdatedAt   time.Time  `json:"updated_at"`
	UpdatedBy   string     `json:"updated_by,omitzero"` // a name
	PublishedAt time.Time  `json:"published_at,omitzero"`

	Validity
	Answers map[string]string `json:"answers,omitempty"` // by channel: what is said there instead, such as a shorter text
}

// Article is a longer text, in Markdown.
type Article struct {
	ID          ArticleID `json:"id"`
	Slug        string    `json:"slug"` // its place in the address of its page
	Title       string    `json:"title"`
	Body        string    `json:"body"` // Markdown
	Category    string    `json:"category"`
	Language    string    `json:"language"`
	Status      Status    `json:"status"`
	Audience    Audience  `json:"audience"`
	Version     int64     `json:"version"`
	Views       int64     `json:"views"`
	Helpful     int64     `json:"helpful"` // how many readers and customers it helped
	Unhelpful   int64     `json:"unhelpful"`
	UpdatedAt   time.Time `json:"updated_at"`
	UpdatedBy   string    `json:"updated_by,omitzero"`
	PublishedAt time.Time `json:"published_at,omitzero"`
}

// Limits of what an editor may write, in characters.
const (
	MaxQuestion  = 200
	MaxAnswer    = 5000
	MaxPhrasings = 100
	MaxTitle     = 200
	MaxBody      = 100_000
	MaxCategory  = 60
	MaxSlug      = 80
)

// Checked returns the question as it is kept: trimmed, with each phrasing
// once and none that is the question itself; or what is wrong with it.
func (q Question) Checked() (Question, error) {
	q.Question, q.Answer, q.Category = strings.TrimSpace(q.Question), strings.TrimSpace(q.Answer), strings.TrimSpace(q.Category)
	if q.Audience == "" {
		q.Audience = Public
	}
	q.Phrasings = others(q.Question, q.Phrasings)
	q.Answers = instead(q.Answers)
	if err := firstError(
		length("question", q.Question, 2, MaxQuestion),
		length("answer", q.Answer, 1, MaxAnswer),
		length("category", q.Category, 0, MaxCategory),
		placed(q.Language, q.Audience),
		q.check(),
		checkAnswers(q.Answers),
	); err != nil {
		return q, err
	}
	if len(q.Phrasings) > MaxPhrasings {
		return q, fault.New(fault.Invalid, "knowledge.phrasings", "a question has at most %d phrasings, this one has %d", MaxPhrasings, len(q.Phrasings)).In("phrasings")
	}
	for _, p := range q.Phrasings {
		if err := length("phrasings", p, 1, MaxQuestion); err != nil {
			return q, err
		}
	}
	return q, nil
}

// others returns the phrasings that ask in other words than the question.
func others(question string, phrasings []string) []string {
	seen := map[string]bool{retrieve.Normalise(question): true}
	out := []string{}
	for _, p := range phrasings {
		p = strings.Join(strings.Fields(p), " ")
		if n := retrieve.Normalise(p); p != "" && !seen[n] {
			seen[n] = true
			out = append(out, p)
		}
	}
	return out
}

// Checked returns the article as it is kept, with a slug; or what is wrong
// with it.
func (a Article) Checked() (Article, error) {
	a.Title, a.Body, a.Category = strings.TrimSpace(a.Title), strings.TrimSpace(a.Body), strings.TrimSpace(a.Category)
	if a.Audience == "" {
		a.Audience = Public
	}
	if a.Slug == "" {
		a.Slug = a.Title
	}
	a.Slug = Slug(a.Slug)
	if err := firstError(
		length("title", a.Title, 2, MaxTitle),
		length("body", a.Body, 1, MaxBody),
		length("category", a.Category, 0, MaxCategory),
		placed(a.Language, a.Audience),
	); err != nil {
		return a, err
	}
	if a.Slug == "" {
		return a, fault.New(fault.Invalid, "knowledge.slug", "the address needs at least one letter or digit").In("slug")
	}
	return a, nil
}

// length checks a text from a form. Its code names the field, so that each
// reader is told in their language: knowledge.question.short.
func length(field, s string, least, most int) error {
	n := utf8.RuneCountInString(s)
	switch {
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		return fault.New(fault.Invalid, "knowledge.encoding", "the text is not valid UTF-8; send it again as UTF-8").In(field)
	case n < least:
		return fault.New(fault.Invalid, "knowledge."+field+".short", "the %s needs at least %d characters", field, least).In(field)
	case n > most:
		return fault.New(fault.Invalid, "knowledge."+field+".long", "the %s holds at most %d characters, this one has %d", field, most, n).In(field)
	}
	return nil
}

func placed(language string, a Audience) error {
	switch {
	case language != "zh" && language != "en":
		return fault.New(fault.Invalid, "knowledge.language", "the language is zh or en").In("language")
	case a != Public && a != Internal:
		return fault.New(fault.Invalid, "knowledge.audience", "the audience is public or internal").In("audience")
	}
	return nil
}

func firstError(errs ...error) error {
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	return errs[i]
}

// Slug returns a text as a part of an address: small letters, digits and
// Chinese characters, everything else as single dashes between them.
func Slug(s string) string {
	var b strings.Builder
	n, dash := 0, false
	for _, r := range strings.ToLower(s) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			dash = n > 0
			continue
		}
		if n += 1; n > MaxSlug || dash && n+1 > MaxSlug {
			break
		}
		if dash {
			b.WriteByte('-')
			n++
		}
		b.WriteRune(r)
		dash = false
	}
	return b.String()
}

// Readable reports whether somebody may read it: staff everything that is
// published, everyone else what is also public.
func Readable(s Status, a Audience, staff bool) bool {
	return s == Published && (staff || a == Public)
}

// Category is a heading under which texts stand.
type Category struct {
	Name      string `json:"name"`
	Questions int    `json:"questions"`
	Articles  int    `json:"articles"`
}

// Entry returns the question as the assistant ranks it.
func (q Question) Entry() retrieve.Entry {
	return retrieve.Entry{
		ID: int64(q.ID), Question: q.Question, Phrasings: q.Phrasings, Text: q.Answer,
		Language: q.Language, Internal: q.Audience == Internal,
	}
}

// Entry returns the article as a search ranks it.
func (a Article) Entry() retrieve.Entry {
	return retrieve.Entry{
		ID: int64(a.ID), Question: a.Title, Phrasings: headings(a.Body), Text: Excerpt(a.Body, 4000),
		Language: a.Language, Internal: a.Audience == Internal,
	}
}
