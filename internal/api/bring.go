package api

import (
	"mime/multipart"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/phrase"
	"yingda/internal/help"
	"yingda/internal/kit/serve"
)

func (a *API) bringing(r *router) {
	schemas := r.huma.OpenAPI().Components.Schemas
	form := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"file"},
			Properties: map[string]*huma.Schema{
				"language": {Type: huma.TypeString, Enum: []any{"zh", "en"}, Description: "before the file: of what does not say"},
				"keep":     {Type: huma.TypeString, Enum: []any{"yes"}, Description: "before the file: keep it as drafts; without it, only say what would come of it"},
				"file":     {Type: huma.TypeString, Format: "binary", Description: "questions as CSV (UTF-8 or GB18030) or XLSX, an article as Markdown or Word (.docx); at most 10 MB"},
			},
		}},
	}}
	answer := &huma.Response{Description: "What comes of the file", Content: map[string]*huma.MediaType{
		"application/json": {Schema: schemas.Schema(reflect.TypeFor[brought](), true, "")},
	}}
	stream(r, post("/knowledge/import", "Bring in questions from a table, or an article").needs(agent.KnowledgeEdit), form, answer, a.bring)
}

// brought is what comes of a file.
type brought struct {
	Kept      bool                `json:"kept" doc:"drafts were written"`
	Questions int                 `json:"questions" doc:"how many are good"`
	Sample    []questionDraft     `json:"sample" doc:"the first of them"`
	Bad       int                 `json:"bad" doc:"how many rows are refused"`
	Refused   []knowledge.Refused `json:"refused" doc:"the first of those, with what is wrong"`
	Article   *knowledge.Article  `json:"article,omitempty"`
	Pictures  int                 `json:"pictures" doc:"how many pictures of the article were left out"`
}

func (a *API) bring(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	return readForm(req, func(fields map[string]string, file *multipart.Part) error {
		language := fields["language"]
		if language == "" {
			language = phrase.Chinese
		}
		b, err := a.Help.Bring(req.Context(), by, file.FileName(), language, file, fields["keep"] == "yes")
		if err != nil {
			return err
		}
		return serve.JSON(w, http.StatusOK, broughtOf(b, phrase.Language(req.Header.Get("Accept-Language"))))
	})
}

func broughtOf(b help.Brought, language string) brought {
	const sample = 5
	out := brought{Kept: b.Kept, Questions: len(b.Questions), Sample: []questionDraft{}, Bad: b.Bad, Refused: []knowledge.Refused{}, Article: b.Article, Pictures: b.Pictures}
	for _, q := range b.Questions[:min(sample, len(b.Questions))] {
		out.Sample = append(out.Sample, questionDraft{
			Question: q.Question, Answer: q.Answer, Phrasings: q.Phrasings, Category: q.Category, Language: q.Language, Audience: string(q.Audience),
		})
	}
	for _, r := range b.Refused {
		r.Message = phrase.Say(language, r.Code, r.Args, r.Message)
		out.Refused = append(out.Refused, r)
	}
	return out
}
