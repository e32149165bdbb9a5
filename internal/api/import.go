package api

import (
	"context"
	"encoding/csv"
	"errors"
	"maps"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/serve"
	"yingda/internal/kit/sheet"
)

func (a *API) imports(r *router) {
	bring := agent.ContactImport
	schemas := r.huma.OpenAPI().Components.Schemas
	table := &huma.Response{Description: "A table", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}
	form := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"file"},
			Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary", Description: "CSV; UTF-8 or GB18030; commas, semicolons or tabs"}},
		}},
	}}
	kept := &huma.Response{Description: "The table as it was read", Content: map[string]*huma.MediaType{
		"application/json": {Schema: schemas.Schema(reflect.TypeFor[uploaded](), true, "")},
	}}
	call(r, get("/contact-imports", "Tables of customers that were taken in, the newest first").needs(bring), a.listImports)
	stream(r, post("/contact-imports", "Keep a table of customers to take in").needs(bring), form, kept, a.uploadImport)
	call(r, get("/contact-imports/{id}", "How far an import is").needs(bring), a.getImport)
	call(r, put("/contact-imports/{id}", "Match columns to fields; the answer says what is wrong with which row").needs(bring), a.mapImport)
	call(r, post("/contact-imports/{id}/start", "Begin to take the table in").needs(bring), a.startImport)
	call(r, post("/contact-imports/{id}/cancel", "Stop an import; what was taken in stays").needs(bring), a.cancelImport)
	call(r, post("/contact-imports/{id}/answer", "Say what becomes of rows about customers who are known").needs(bring), a.answerImport)
	call(r, get("/contact-imports/{id}/rows", "Rows that were not taken in, and why").needs(bring), a.listLeftRows)
	stream(r, get("/contact-imports/{id}/left.csv", "The same as CSV, to put right and take in again").needs(bring), nil, table, a.exportLeft)
	stream(r, get("/contacts-export", "All customers as CSV: masked, or with a reason whole; the export is recorded").needs(bring), nil, table, a.exportContacts)
}

func (a *API) listImports(ctx context.Context, by agent.Actor, in *PageOf) (list[contact.Import], error) {
	p, err := a.Desk.Imports(ctx, by, in.Cursor, in.Limit)
	return list[contact.Import](p), err
}

// uploaded is a table as it was just read.
type uploaded struct {
	Import contact.Import `json:"import"`
	Sample [][]string     `json:"sample"`
}

func (a *API) uploadImport(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	return readForm(req, func(_ map[string]string, file *multipart.Part) error {
		up, err := a.Desk.UploadImport(req.Context(), by, file.FileName(), file)
		if err != nil {
			return err
		}
		return serve.JSON(w, http.StatusOK, uploaded{up.Import, up.Sample})
	})
}

func (a *API) getImport(ctx context.Context, by agent.Actor, in *byID[contact.ImportID]) (contact.Import, error) {
	return a.Desk.Import(ctx, by, in.ID.Value)
}

type importMap struct {
	Map []string            `json:"map" maxItems:"60"`
	On  contact.OnDuplicate `json:"on_duplicate" enum:"skip,update,ask"`
}

// importCheck is what taking a table in would come to.
type importCheck struct {
	Import contact.Import `json:"import"`
	Rows   int            `json:"rows"`
	Good   int            `json:"good"`
	Bad    int            `json:"bad"`
	Faults []contact.Left `json:"faults" doc:"the first rows with something wrong"`
}

func (a *API) mapImport(ctx context.Context, by agent.Actor, in *languaged[contact.ImportID, importMap]) (importCheck, error) {
	im, check, err := a.Desk.MapImport(ctx, by, in.ID.Value, in.Body.Map, in.Body.On)
	return importCheck{im, check.Rows, check.Good, check.Bad, saidRows(check.Faults, phrase.Language(in.Language))}, err
}

// saidRows says what is wrong with rows in the reader's language.
func saidRows(rows []contact.Left, language string) []contact.Left {
	for _, row := range rows {
		for i, f := range row.Faults {
			row.Faults[i].Message = phrase.Say(language, f.Code, wholeArgs(f.Args), f.Message)
		}
	}
	return rows
}

// wholeArgs are arguments that went through JSON, with whole numbers whole again.
func wholeArgs(args []any) []any {
	out := slices.Clone(args)
	for i, v := range out {
		if n, ok := v.(float64); ok && n == float64(int64(n)) {
			out[i] = int64(n)
		}
	}
	return out
}

func (a *API) startImport(ctx context.Context, by agent.Actor, in *byID[contact.ImportID]) (contact.Import, error) {
	return a.Desk.StartImport(ctx, by, in.ID.Value)
}

func (a *API) cancelImport(ctx context.Context, by agent.Actor, in *byID[contact.ImportID]) (contact.Import, error) {
	return a.Desk.CancelImport(ctx, by, in.ID.Value)
}

type importAnswer struct {
	Answer contact.OnDuplicate `json:"answer" enum:"skip,update"`
}

func (a *API) answerImport(ctx context.Context, by agent.Actor, in *withBody[contact.ImportID, importAnswer]) (contact.Import, error) {
	return a.Desk.AnswerImport(ctx, by, in.ID.Value, in.Body.Answer)
}

type leftRows struct {
	ID       param[contact.ImportID] `path:"id"`
	After    int                     `query:"after" minimum:"0" doc:"the last line of the page before"`
	Limit    int                     `query:"limit" minimum:"1" maximum:"100" default:"50"`
	Language string                  `header:"Accept-Language" hidden:"true"`
}

func (a *API) listLeftRows(ctx context.Context, by agent.Actor, in *leftRows) (list[contact.Left], error) {
	_, rows, err := a.Desk.LeftRows(ctx, by, in.ID.Value, in.After, in.Limit+1)
	return page(saidRows(rows, phrase.Language(in.Language)), in.Limit, func(l contact.Left) string { return strconv.Itoa(l.Line) }), err
}

// beginTable begins a table that a spreadsheet can read.
func (a *API) beginTable(w http.ResponseWriter, name string) (*csv.Writer, error) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+"-"+a.Now().UTC().Format(time.DateOnly)+`.csv"`)
	_, err := w.Write([]byte("\ufeff")) // spreadsheets take it for UTF-8 then
	return csv.NewWriter(w), err
}

// written is a moment in a table; nothing if there was none.
func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func writeSafe(out *csv.Writer, cells ...string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = sheet.Safe(c)
	}
	return out.Write(safe)
}

func (a *API) exportLeft(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	var i contact.ImportID
	if err := i.UnmarshalText([]byte(req.PathValue("id"))); err != nil {
		return err
	}
	language := phrase.Language(req.Header.Get("Accept-Language"))
	why, line := "问题", "行号"
	if language == "en" {
		why, line = "what is wrong", "line"
	}
	const pageRows = 500
	im, err := a.Desk.ExportLeft(req.Context(), by, i)
	if err != nil {
		return err
	}
	_, rows, err := a.Desk.LeftRows(req.Context(), by, i, 0, pageRows)
	if err != nil {
		return err
	}
	out, err := a.beginTable(w, "left-"+im.ID.String())
	if err == nil {
		err = writeSafe(out, append(slices.Clone(im.Columns), line, why)...)
	}
	for err == nil && len(rows) > 0 {
		for _, l := range saidRows(rows, language) {
			if err = writeSafe(out, leftLine(im, l)...); err != nil {
				break
			}
		}
		if err == nil {
			_, rows, err = a.Desk.LeftRows(req.Context(), by, i, rows[len(rows)-1].Line, pageRows)
		}
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

func leftLine(im contact.Import, l contact.Left) []string {
	cells := make([]string, len(im.Columns), len(im.Columns)+2)
	copy(cells, l.Cells)
	whys := []string{}
	for _, f := range l.Faults {
		text := f.Message
		if f.Column >= 0 && f.Column < len(im.Columns) {
			text = im.Columns[f.Column] + ": " + text
		}
		whys = append(whys, text)
	}
	if l.Outcome == contact.RowAsked {
		whys = append(whys, l.Name)
	}
	return append(cells, strconv.Itoa(l.Line), strings.Join(whys, "; "))
}

// exportContacts writes customers as they are read, so that a long list is
// never held in memory.
func (a *API) exportContacts(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	language := phrase.Language(req.Header.Get("Accept-Language"))
	head := map[string][]string{
		"zh": {"客户编号", "姓名", "电话", "邮箱", "外部编号", "语言", "标签", "建档时间", "最近在线"},
		"en": {"contact", "name", "phone", "email", "external_id", "language", "tags", "on record since", "last seen"},
	}[language]
	var out *csv.Writer
	err := a.Desk.EachContact(req.Context(), by, strings.TrimSpace(req.URL.Query().Get("reason")), func(fs contact.Fields, c contact.Contact) error {
		if out == nil {
			var err error
			if out, err = a.beginTable(w, "contacts"); err != nil {
				return err
			}
			for _, f := range fs {
				head = append(head, map[string]string{"zh": f.Name.Zh, "en": f.Name.En}[language])
			}
			if err := writeSafe(out, append(slices.Clone(head), "…")...); err != nil {
				return err
			}
		}
		line := []string{c.ID.String(), c.Name, c.Phone, c.Email, c.ExternalID, c.Language, strings.Join(c.Tags, ","), written(c.CreatedAt), written(c.LastSeenAt)}
		for _, f := range fs {
			line = append(line, c.Attributes[f.Code])
		}
		free := []string{}
		for _, code := range slices.Sorted(maps.Keys(c.Attributes)) {
			if _, defined := fs.Of(code); !defined {
				free = append(free, code+"="+c.Attributes[code])
			}
		}
		return writeSafe(out, append(line, strings.Join(free, "; "))...)
	})
	if out == nil {
		return err
	}
	out.Flush()
	return errors.Join(err, out.Error())
}
