package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"yingda/internal/domain/knowledge"
	"yingda/internal/store/sqlcgen"
)

// Question returns a question by id.
func (tx *Tx) Question(ctx context.Context, id knowledge.QuestionID) (knowledge.Question, error) {
	r, err := tx.QuestionByID(ctx, int64(id))
	if err != nil {
		return knowledge.Question{}, notFound(err, "knowledge.unknown", "question")
	}
	return questionOf(r)
}

// InsertQuestion adds a question; its version is 1.
func (tx *Tx) InsertQuestion(ctx context.Context, q knowledge.Question) error {
	phrasings, answers, err := listsOf(q)
	if err != nil {
		return err
	}
	if err := tx.Queries.InsertQuestion(ctx, sqlcgen.InsertQuestionParams{
		ID: int64(q.ID), Question: q.Question, Answer: q.Answer, Phrasings: phrasings, Category: q.Category, Language: q.Language,
		Status: string(q.Status), Audience: string(q.Audience), Views: q.Views,
		UpdatedAt: ms(q.UpdatedAt), UpdatedBy: q.UpdatedBy, PublishedAt: ms(q.PublishedAt),
		ValidFrom: q.ValidFrom, ValidUntil: q.ValidUntil, ReviewOn: q.ReviewOn, Answers: answers, Pinned: q.Pinned,
	}); err != nil {
		return err
	}
	q.Version = 1
	return tx.keepVersion(ctx, q)
}

// listsOf are the lists of a question in their columns.
func listsOf(q knowledge.Question) (phrasings, answers string, err error) {
	p, err := json.Marshal(q.Phrasings)
	if err != nil {
		return "", "", err
	}
	if len(q.Answers) == 0 {
		return string(p), "{}", nil
	}
	a, err := json.Marshal(q.Answers)
	return string(p), string(a), err
}

// SaveQuestion writes a question back and returns it with its next version. It
// is a Conflict if someone else has written it since it was read.
func (tx *Tx) SaveQuestion(ctx context.Context, q knowledge.Question) (knowledge.Question, error) {
	phrasings, answers, err := listsOf(q)
	if err != nil {
		return q, err
	}
	err = changed(tx.Queries.SaveQuestion(ctx, sqlcgen.SaveQuestionParams{
		ID: int64(q.ID), Version: q.Version, Question: q.Question, Answer: q.Answer, Phrasings: phrasings, Category: q.Category,
		Language: q.Language, Status: string(q.Status), Audience: string(q.Audience),
		UpdatedAt: ms(q.UpdatedAt), UpdatedBy: q.UpdatedBy, PublishedAt: ms(q.PublishedAt),
		ValidFrom: q.ValidFrom, ValidUntil: q.ValidUntil, ReviewOn: q.ReviewOn, Answers: answers, Pinned: q.Pinned,
	}))
	q.Version++
	if err != nil {
		return q, err
	}
	return q, tx.keepVersion(ctx, q)
}

// keepVersion keeps a question as customers read it; a draft nobody has read.
func (tx *Tx) keepVersion(ctx context.Context, q knowledge.Question) error {
	if q.Status != knowledge.Published {
		return nil
	}
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	return tx.AddKnowledgeVersion(ctx, sqlcgen.AddKnowledgeVersionParams{
		Kind: questionKind, TextID: int64(q.ID), Version: q.Version, At: ms(q.UpdatedAt), ByName: q.UpdatedBy, Body: string(body),
	})
}

// The kinds of text, as tables name them.
const (
	questionKind = "question"
	articleKind  = "article"
)

// QuestionVersions returns a question as customers have read it, before a
// version, the last first.
func (tx *Tx) QuestionVersions(ctx context.Context, id knowledge.QuestionID, before int64, most int) ([]knowledge.Question, error) {
	if before <= 0 {
		before = maxID
	}
	rows, err := tx.KnowledgeVersionsBefore(ctx, sqlcgen.KnowledgeVersionsBeforeParams{Kind: questionKind, TextID: int64(id), Before: before, Most: int64(most)})
	qs := make([]knowledge.Question, 0, len(rows))
	for _, r := range rows {
		var q knowledge.Question
		if err := json.Unmarshal([]byte(r.Body), &q); err != nil {
			return nil, fmt.Errorf("version %d of question %s: %w", r.Version, id, err)
		}
		qs = append(qs, q)
	}
	return qs, err
}

// QuestionVersion returns a question as customers have read it.
func (tx *Tx) QuestionVersion(ctx context.Context, id knowledge.QuestionID, version int64) (q knowledge.Question, err error) {
	r, err := tx.KnowledgeVersion(ctx, sqlcgen.KnowledgeVersionParams{Kind: questionKind, TextID: int64(id), Version: version})
	if err != nil {
		return q, notFound(err, "knowledge.version", "version")
	}
	return q, json.Unmarshal([]byte(r.Body), &q)
}

// DeleteQuestion removes a question as it was read, with its versions.
func (tx *Tx) DeleteQuestion(ctx context.Context, q knowledge.Question) error {
	if err := tx.ForgetKnowledgeVersions(ctx, sqlcgen.ForgetKnowledgeVersionsParams{Kind: questionKind, TextID: int64(q.ID)}); err != nil {
		return err
	}
	return changed(tx.Queries.DeleteQuestion(ctx, sqlcgen.DeleteQuestionParams{ID: int64(q.ID), Version: q.Version}))
}

// PublishedQuestions returns every question that is published, in the order in
// which they were made.
func (tx *Tx) PublishedQuestions(ctx context.Context) ([]knowledge.Question, error) {
	rows, err := tx.Queries.PublishedQuestions(ctx)
	if err != nil {
		return nil, err
	}
	qs := make([]knowledge.Question, 0, len(rows))
	for _, r := range rows {
		q, err := questionOf(r)
		if err != nil {
			return nil, err
		}
		qs = append(qs, q)
	}
	return qs, nil
}

// CountQuestionView counts that a question was read or given as an answer.
func (tx *Tx) CountQuestionView(ctx context.Context, id knowledge.QuestionID) error {
	return tx.ViewQuestion(ctx, int64(id))
}

// CountAsked counts that a question was answered on a channel, on a day.
func (tx *Tx) CountAsked(ctx context.Context, day, channel string, id knowledge.QuestionID) error {
	return tx.CountQuestionDay(ctx, sqlcgen.CountQuestionDayParams{Day: day, Channel: channel, QuestionID: int64(id)})
}

// AskedSince returns how often questions were answered from a day on, by channel
// and question.
func (tx *Tx) AskedSince(ctx context.Context, day string) (map[string]map[int64]int64, error) {
	rows, err := tx.QuestionsAsked(ctx, day)
	asked := map[string]map[int64]int64{}
	for _, r := range rows {
		if asked[r.Channel] == nil {
			asked[r.Channel] = map[int64]int64{}
		}
		asked[r.Channel][r.QuestionID] = r.Asked
	}
	return asked, err
}

// Article returns an article by id.
func (tx *Tx) Article(ctx context.Context, id knowledge.ArticleID) (knowledge.Article, error) {
	r, err := tx.ArticleByID(ctx, int64(id))
	if err != nil {
		return knowledge.Article{}, notFound(err, "knowledge.unknown", "article")
	}
	return articleOf(r), nil
}

// SlugIsFree reports whether no other article has a slug.
func (tx *Tx) SlugIsFree(ctx context.Context, slug string, but knowledge.ArticleID) (bool, error) {
	n, err := tx.SlugTaken(ctx, sqlcgen.SlugTakenParams{Slug: slug, ID: int64(but)})
	return n == 0, err
}

// InsertArticle adds an article; its version is 1.
func (tx *Tx) InsertArticle(ctx context.Context, a knowledge.Article) error {
	return tx.Queries.InsertArticle(ctx, sqlcgen.InsertArticleParams{
		ID: int64(a.ID), Slug: a.Slug, Title: a.Title, Body: a.Body, Category: a.Category, Language: a.Language, Status: string(a.Status),
		Audience: string(a.Audience), Views: a.Views, UpdatedAt: ms(a.UpdatedAt), UpdatedBy: a.UpdatedBy, PublishedAt: ms(a.PublishedAt),
	})
}

// SaveArticle writes an article back and returns it with its next version. It
// is a Conflict if someone else has written it since it was read.
func (tx *Tx) SaveArticle(ctx context.Context, a knowledge.Article) (knowledge.Article, error) {
	err := changed(tx.Queries.SaveArticle(ctx, sqlcgen.SaveArticleParams{
		ID: int64(a.ID), Version: a.Version, Slug: a.Slug, Title: a.Title, Body: a.Body, Category: a.Category, Language: a.Language,
		Status: string(a.Status), Audience: string(a.Audience), UpdatedAt: ms(a.UpdatedAt), UpdatedBy: a.UpdatedBy, PublishedAt: ms(a.PublishedAt),
	}))
	a.Version++
	return a, err
}

// DeleteArticle removes an article as it was read.
func (tx *Tx) DeleteArticle(ctx context.Context, a knowledge.Article) error {
	return changed(tx.Queries.DeleteArticle(ctx, sqlcgen.DeleteArticleParams{ID: int64(a.ID), Version: a.Version}))
}

// PublishedArticles returns every article that is published, in the order in
// which they were made.
func (tx *Tx) PublishedArticles(ctx context.Context) ([]knowledge.Article, error) {
	rows, err := tx.Queries.PublishedArticles(ctx)
	as := make([]knowledge.Article, 0, len(rows))
	for _, r := range rows {
		as = append(as, articleOf(r))
	}
	return as, err
}

// CountArticleView counts that an article was read.
func (tx *Tx) CountArticleView(ctx context.Context, id knowledge.ArticleID) error {
	return tx.ViewArticle(ctx, int64(id))
}

// Categories returns the headings in use, with how many texts stand under each.
func (tx *Tx) Categories(ctx context.Context) ([]knowledge.Category, error) {
	rows, err := tx.KnowledgeCategories(ctx)
	cs := make([]knowledge.Category, 0, len(rows))
	for _, r := range rows {
		cs = append(cs, knowledge.Category{Name: r.Category, Questions: int(r.Questions), Articles: int(r.Articles)})
	}
	return cs, err
}

// KnowledgeList asks for a page of questions or articles. An empty field asks
// for all.
type KnowledgeList struct {
	Words    string // stands in the question, its phrasings or the title
	Status   knowledge.Status
	Category string
	Language string
	Cursor   string
	Limit    int
}

const (
	questionColumns = `t.id, t.question, t.answer, t.phrasings, t.category, t.language, t.status, t.audience, t.views, t.helpful, t.unhelpful,
		t.updated_at, t.updated_by, t.published_at, t.version, t.valid_from, t.valid_until, t.review_on, t.answers, t.pinned`
	articleColumns = `t.id, t.slug, t.title, t.body, t.category, t.language, t.status, t.audience, t.views,
		t.updated_at, t.updated_by, t.published_at, t.version, t.helpful, t.unhelpful`
)

// ListQuestions returns a page of questions, changed last first, and the
// cursor of the next page; an empty cursor is the end.
func (tx *Tx) ListQuestions(ctx context.Context, ask KnowledgeList) ([]knowledge.Question, string, error) {
	l := newList("SELECT " + questionColumns + " FROM questions t")
	if err := l.knowledge(ask, "t.question", "t.phrasings"); err != nil {
		return nil, "", err
	}
	rows, err := tx.db.QueryContext(ctx, l.text("ORDER BY t.updated_at DESC, t.id DESC LIMIT ?", ask.Limit+1), l.args...)
	if err != nil {
		return nil, "", err
	}
	defer func() { logClose("questions", rows.Close()) }()
	qs := make([]knowledge.Question, 0, ask.Limit+1)
	for rows.Next() {
		var r sqlcgen.Question
		if err := rows.Scan(&r.ID, &r.Question, &r.Answer, &r.Phrasings, &r.Category, &r.Language, &r.Status, &r.Audience, &r.Views,
			&r.Helpful, &r.Unhelpful, &r.UpdatedAt, &r.UpdatedBy, &r.PublishedAt, &r.Version, &r.ValidFrom, &r.ValidUntil, &r.ReviewOn, &r.Answers, &r.Pinned); err != nil {
			return nil, "", err
		}
		q, err := questionOf(r)
		if err != nil {
			return nil, "", err
		}
		qs = append(qs, q)
	}
	if err := rows.Err(); err != nil || len(qs) <= ask.Limit {
		return qs, "", err
	}
	last := qs[ask.Limit-1]
	return qs[:ask.Limit], WriteCursor(ms(last.UpdatedAt), int64(last.ID)), nil
}

// ListArticles is the same for articles.
func (tx *Tx) ListArticles(ctx context.Context, ask KnowledgeList) ([]knowledge.Article, string, error) {
	l := newList("SELECT " + articleColumns + " FROM articles t")
	if err := l.knowledge(ask, "t.title", "t.body"); err != nil {
		return nil, "", err
	}
	rows, err := tx.db.QueryContext(ctx, l.text("ORDER BY t.updated_at DESC, t.id DESC LIMIT ?", ask.Limit+1), l.args...)
	if err != nil {
		return nil, "", err
	}
	defer func() { logClose("articles", rows.Close()) }()
	as := make([]knowledge.Article, 0, ask.Limit+1)
	for rows.Next() {
		var r sqlcgen.Article
		if err := rows.Scan(&r.ID, &r.Slug, &r.Title, &r.Body, &r.Category, &r.Language, &r.Status, &r.Audience, &r.Views,
			&r.UpdatedAt, &r.UpdatedBy, &r.PublishedAt, &r.Version, &r.Helpful, &r.Unhelpful); err != nil {
			return nil, "", err
		}
		as = append(as, articleOf(r))
	}
	if err := rows.Err(); err != nil || len(as) <= ask.Limit {
		return as, "", err
	}
	last := as[ask.Limit-1]
	return as[:ask.Limit], WriteCursor(ms(last.UpdatedAt), int64(last.ID)), nil
}

// knowledge adds the conditions of a list; words are looked for in two columns.
func (l *list) knowledge(ask KnowledgeList, title, more string) error {
	for _, c := range []struct{ column, value string }{
		{"t.status", string(ask.Status)}, {"t.category", ask.Category}, {"t.language", ask.Language},
	} {
		if c.value != "" {
			l.and(c.column+" = ?", c.value)
		}
	}
	for word := range strings.FieldsSeq(strings.ToLower(ask.Words)) {
		like := "%" + likeText.Replace(word) + "%"
		l.and("(lower("+title+`) LIKE ? ESCAPE '\' OR lower(`+more+`) LIKE ? ESCAPE '\')`, like, like)
	}
	if ask.Cursor == "" {
		return nil
	}
	ns, err := ReadCursor(ask.Cursor, 2)
	if err == nil {
		l.and("(t.updated_at, t.id) < (?, ?)", ns[0], ns[1])
	}
	return err
}

var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func questionOf(r sqlcgen.Question) (knowledge.Question, error) {
	q := knowledge.Question{
		ID: knowledge.QuestionID(r.ID), Question: r.Question, Answer: r.Answer, Category: r.Category, Language: r.Language,
		Status: knowledge.Status(r.Status), Audience: knowledge.Audience(r.Audience), Version: r.Version, Views: r.Views,
		Helpful: r.Helpful, Unhelpful: r.Unhelpful, UpdatedAt: at(r.UpdatedAt), UpdatedBy: r.UpdatedBy, PublishedAt: at(r.PublishedAt),
		Pinned:   r.Pinned,
		Validity: knowledge.Validity{ValidFrom: r.ValidFrom, ValidUntil: r.ValidUntil, ReviewOn: r.ReviewOn},
	}
	if err := json.Unmarshal([]byte(r.Answers), &q.Answers); err != nil {
		return q, err
	}
	return q, json.Unmarshal([]byte(r.Phrasings), &q.Phrasings)
}

func articleOf(r sqlcgen.Article) knowledge.Article {
	return knowledge.Article{
		ID: knowledge.ArticleID(r.ID), Slug: r.Slug, Title: r.Title, Body: r.Body, Category: r.Category, Language: r.Language,
		Status: knowledge.Status(r.Status), Audience: knowledge.Audience(r.Audience), Version: r.Version, Views: r.Views,
		Helpful: r.Helpful, Unhelpful: r.Unhelpful, UpdatedAt: at(r.UpdatedAt), UpdatedBy: r.UpdatedBy, PublishedAt: at(r.PublishedAt),
	}
}
