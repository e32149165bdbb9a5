package site

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"yingda/internal/channel"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

// stage is one step of a complaint or suggestion, with its term in working
// days as published; 0 has none.
type stage struct {
	Key      string
	From, To int
}

// stages are what a customer is promised after handing something in.
var stages = map[ticket.Kind][]stage{
	ticket.Complaint:    {{"accept", 0, 1}, {"investigate", 3, 5}, {"reply", 7, 10}, {"confirm", 0, 0}},
	ticket.Suggestion:   {{"accept", 0, 1}, {"evaluate", 3, 5}, {"reply", 7, 10}, {"adopt", 0, 0}},
	ticket.Consultation: {{"accept", 0, 1}, {"solve", 3, 5}},
	ticket.Feedback:     {{"accept", 0, 1}},
}

// kinds are what can be handed in, in the order of the form.
var kinds = []ticket.Kind{ticket.Complaint, ticket.Suggestion, ticket.Consultation, ticket.Feedback}

// form is the body of the feedback page: everything typed, and what is wrong with it.
type form struct {
	ticket.Case
	Stamp    string
	Kinds    []ticket.Kind
	Problems map[string]string // by field; "" is about the form
	Wrong    []string          // the fields that have a problem, from the top
	HadFiles bool              // files came with it; a browser does not keep them
	MaxFiles int
	MaxMB    int
	Ways     []Way
}

// Stages returns the steps of a kind.
func (f form) Stages(k ticket.Kind) []stage { return stages[k] }

// fields are the form's fields from the top.
var fields = []string{"kind", "text", "files", "name", "order", "phone", "email", ""}

// feedback answers with an empty form, or with what we know of who is signed
// in.
func (s *Site) feedback(r *http.Request, p *Page) (reply, error) {
	kind := ticket.Kind(r.URL.Query().Get("kind"))
	if !kind.Known() {
		kind = ""
	}
	c := ticket.Case{Kind: kind}
	if g := p.Guest; g != nil {
		c.Name, c.Email, c.Phone = g.Contact.Name, g.Customer.Email, g.Contact.Phone
	}
	return showForm(p, form{Case: c, Stamp: s.stamp()})
}

// handIn opens a case from the form, or shows the form again with everything
// that was typed and what is wrong with it.
func (s *Site) handIn(r *http.Request, p *Page) (reply, error) {
	in, err := readForm(r)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	f := form{Case: in.handed(), Stamp: in.values["stamp"], HadFiles: len(in.files) > 0, Problems: map[string]string{}}
	made, clientID, known := s.readStamp(f.Stamp)
	age := s.Now().Sub(made)
	if !known || age > oldest {
		f.Stamp = s.stamp()
		return refuse(p, f, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "form.old", "this page was open for long; check it and send it again"))
	}
	if age < youngest || in.values["website"] != "" {
		return refuse(p, f, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "form.robot", "that was very fast; check it and send it again"))
	}
	if wait := s.forms.Take(caller(r), s.Now()); wait > 0 {
		rep, err := refuse(p, f, http.StatusTooManyRequests, errSlow)
		rep.retry = wait
		return rep, err
	}
	if problems := append(check(f.Case), in.problems...); len(problems) > 0 {
		return refuse(p, f, http.StatusUnprocessableEntity, problems...)
	}
	if p.Guest != nil {
		f.Contact = p.Guest.Contact.ID
	}
	uploads, err := in.uploads(clientID)
	if err != nil {
		return reply{}, err
	}
	opened, err := s.Desk.OpenPublicCase(r.Context(), f.Case, uploads, clientID)
	if err != nil {
		return s.notOpened(r, p, f, err)
	}
	sealed, err := s.sealReceipt(receipt{Number: opened.Number, Kind: opened.Kind, At: opened.CreatedAt.UnixMilli()})
	if err != nil {
		return reply{}, err
	}
	return reply{redirect: "/user/feedback/done?receipt=" + sealed}, nil
}

// check returns all that is wrong with what was typed, not only the first.
func check(c ticket.Case) []*fault.Error {
	var all []*fault.Error
	for range fields {
		_, err := c.Check()
		f, ok := errors.AsType[*fault.Error](err)
		if !ok {
			break
		}
		f = f.In(strings.TrimPrefix(f.Field, "body."))
		all = append(all, f)
		switch f.Field { // something that passes, to see what else is wrong
		case "kind":
			c.Kind = ticket.Feedback
		case "text":
			c.Text = "."
		case "name":
			c.Name = ""
		case "phone":
			c.Phone = "00000"
		case "email":
			c.Email = "a@b.c"
		case "order":
			c.Order = ""
		}
	}
	return all
}

// notOpened shows the form again when the case could not be opened. Nothing
// that was typed is lost, whatever the reason.
func (s *Site) notOpened(r *http.Request, p *Page, f form, err error) (reply, error) {
	problem, ok := errors.AsType[*fault.Error](err)
	switch {
	case ok && (problem.Kind == fault.Invalid || problem.Kind == fault.TooLarge):
		if strings.Contains(problem.Field, "file") || strings.Contains(problem.Field, "attachment") {
			problem = problem.In("files")
		}
		return refuse(p, f, http.StatusUnprocessableEntity, problem)
	default:
		s.Log.ErrorContext(r.Context(), "a case could not be opened", "error", err)
		return refuse(p, f, http.StatusServiceUnavailable, fault.New(fault.Busy, "form.later", "this could not be stored just now; send it again in a moment"))
	}
}

// refuse shows the form again with its problems.
func refuse(p *Page, f form, status int, problems ...*fault.Error) (reply, error) {
	if f.Problems == nil {
		f.Problems = map[string]string{}
	}
	for _, e := range problems {
		field := e.Field
		if !known(field) {
			field = ""
		}
		if f.Problems[field] == "" {
			f.Problems[field] = problemInWords(p.Language, e)
		}
	}
	for _, field := range fields {
		if f.Problems[field] != "" {
			f.Wrong = append(f.Wrong, field)
		}
	}
	rep, err := showForm(p, f)
	rep.status = status
	return rep, err
}

func known(field string) bool {
	for _, f := range fields {
		if f == field {
			return true
		}
	}
	return false
}

// problemInWords says an error in the reader's language, as a sentence.
func problemInWords(language string, e *fault.Error) string {
	text := phrase.Say(language, e.Code, e.Args, e.Message())
	if language == phrase.Chinese {
		return text + "。"
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:] + "."
}

func showForm(p *Page, f form) (reply, error) {
	ways, err := ways(p)
	if err != nil {
		return reply{}, err
	}
	f.Kinds, f.MaxFiles, f.MaxMB, f.Ways = kinds, maxFiles, maxFileBytes>>20, ways
	p.Body = f
	if p.Title, err = p.T("feedback.title"); err != nil {
		return reply{}, err
	}
	if len(f.Problems) > 0 {
		if p.Title, err = p.T("feedback.title_again"); err != nil {
			return reply{}, err
		}
	}
	p.Description, err = p.T("feedback.description", p.Us())
	return reply{template: "feedback", fresh: true}, err
}

// done is the body of the page after the form.
type done struct {
	receipt
	At     time.Time
	Stages []stage
}

// handedIn answers with the number of a case and what happens next.
func (s *Site) handedIn(r *http.Request, p *Page) (reply, error) {
	c, ok := s.readReceipt(r.URL.Query().Get("receipt"))
	if !ok {
		return reply{}, fault.New(fault.NotFound, "receipt.unknown", "this receipt is not ours")
	}
	at := time.UnixMilli(c.At)
	if zone, err := time.LoadLocation(p.Company.PhoneHours.Zone); err == nil {
		at = at.In(zone)
	}
	p.Body, p.Hidden = done{receipt: c, At: at, Stages: stages[c.Kind]}, true
	var err error
	p.Title, err = p.T("done.title")
	return reply{template: "done", fresh: true}, err
}

// clip shortens a file's name that cannot be meant.
func clip(name string) string {
	r := []rune(name)
	if len(r) > 120 {
		r = r[len(r)-120:]
	}
	return string(r)
}

// errFiles tells what is wrong with the files.
func errFiles(code, format string, args ...any) *fault.Error {
	return fault.New(fault.TooLarge, code, format, args...).In("files")
}

// uploads opens the files for the house.
func (in *handedForm) uploads(clientID string) ([]channel.Upload, error) {
	var ups []channel.Upload
	for i, f := range in.files {
		if _, err := f.body.Seek(0, 0); err != nil {
			return nil, err
		}
		ups = append(ups, channel.Upload{ClientID: fmt.Sprintf("%s-%d", clientID, i), Name: f.name, Body: f.body, Limit: maxFileBytes})
	}
	return ups, nil
}
