package site

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"yingda/internal/channel"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/help"
	"yingda/internal/kit/fault"
)

// stage is one step of a case, with the term that is promised for it now; an
// empty one has none.
type stage struct {
	Key  string
	Term string
}

// stages are what a customer is promised after handing something in, and what
// by.
var stages = map[ticket.Kind][]struct {
	key    string
	metric sla.Metric
}{
	ticket.Complaint:    {{"accept", sla.ComplaintAcknowledge}, {"investigate", sla.ComplaintInvestigate}, {"reply", sla.ComplaintFeedback}, {"confirm", ""}},
	ticket.Suggestion:   {{"accept", sla.SuggestionAccept}, {"evaluate", sla.SuggestionEvaluate}, {"reply", sla.SuggestionFeedback}, {"adopt", ""}},
	ticket.Consultation: {{"receive", ""}, {"solve", sla.Resolution}},
	ticket.Feedback:     {{"receive", ""}, {"read", ""}},
}

// stagesOf returns the steps of a kind with what is promised for them now.
func stagesOf(p *Page, promises []channel.Promise, k ticket.Kind) (all []stage) {
	for _, st := range stages[k] {
		term := ""
		for _, told := range promises {
			if told.Metric == st.metric && (told.Way != sla.WayQuestion || told.Level == sla.General) {
				term = told.Term.In(p.Language)
			}
		}
		all = append(all, stage{st.key, term})
	}
	return all
}

// kinds are what can be handed in, in the order of the form.
var kinds = []ticket.Kind{ticket.Complaint, ticket.Suggestion, ticket.Consultation, ticket.Feedback}

// form is the body of the feedback page: everything typed, and what is wrong with it.
type form struct {
	ticket.Case
	Stamp    string
	Kinds    []ticket.Kind
	Sorts    []sort            // of each kind
	Chosen   *ticket.Category  // the category that was chosen, with what it asks for
	Found    []help.Entry      // questions that may answer it already
	Problems map[string]string // by field; "" is about the form
	Wrong    []string          // the fields that have a problem, from the top
	HadFiles bool              // files came with it; a browser does not keep them
	MaxFiles int
	MaxMB    int
	MaxText  int
	MaxTried int
	Ways     []Way
	Steps    map[ticket.Kind][]stage

	picked map[ticket.Kind]string // the category of each kind, also of those not chosen
}

// Stages returns the steps of a kind.
func (f form) Stages(k ticket.Kind) []stage { return f.Steps[k] }

// Picked reports whether a category is chosen for a kind.
func (f form) Picked(k ticket.Kind, id string) bool { return f.picked[k] == id }

// Value returns what was typed in a field of the category.
func (f form) Value(id string) string { return f.Fields[id] }

// Must reports whether the category cannot do without a detail.
func (f form) Must(detail string) bool {
	return f.Chosen != nil && slices.Contains(f.Chosen.Needs, ticket.Detail(detail))
}

// sort are the categories of a kind, as a list to choose from.
type sort struct {
	Kind   ticket.Kind
	Groups []group
}

type group struct {
	Name    string
	Choices []sortChoice
}

type sortChoice struct{ ID, Name string }

// sortsOf returns the categories of a kind under the branches of the tree that
// they grow from. Where there is one branch only it has no name.
func sortsOf(p *Page, t ticket.Tree, k ticket.Kind) sort {
	s := sort{Kind: k}
	mine := t.All(k)
	for _, root := range t {
		g := group{Name: p.In(root.Name)}
		var walk func(c ticket.Category, name string)
		walk = func(c ticket.Category, name string) {
			if slices.ContainsFunc(mine, func(m ticket.Category) bool { return m.ID == c.ID }) {
				g.Choices = append(g.Choices, sortChoice{c.ID, name})
			}
			for _, child := range c.Children {
				walk(child, strings.TrimPrefix(name+" · "+p.In(child.Name), " · "))
			}
		}
		if walk(root, ""); len(g.Choices) > 0 {
			s.Groups = append(s.Groups, g)
		}
	}
	if len(s.Groups) == 1 {
		s.Groups[0].Name = ""
	}
	return s
}

// fields are the form's fields from the top; those of the category stand after
// the kind.
var fields = []string{"kind", "category", "text", "tried", "name", "order", "phone", "email", "files", ""}

// maxTried is the most that the steps already tried hold, in characters.
const maxTried = 2000

// feedback answers with an empty form, or with what we know of who is signed
// in.
func (s *Site) feedback(r *http.Request, p *Page) (reply, error) {
	q := r.URL.Query()
	c := ticket.Case{}
	if kind := ticket.Kind(q.Get("kind")); slices.Contains(kinds, kind) {
		c.Kind, c.Category = kind, q.Get("category")
	}
	if g := p.Guest; g != nil {
		c.Name, c.Email, c.Phone = g.Contact.Name, g.Customer.Email, g.Contact.Phone
	}
	f := form{Case: c, Stamp: s.stamp(), picked: map[ticket.Kind]string{c.Kind: c.Category}}
	if err := s.sorted(r, p, &f); err != nil {
		return reply{}, err
	}
	return s.showForm(p, f)
}

// sorted adds what can be chosen, what the chosen category asks for, and what
// is promised.
func (s *Site) sorted(r *http.Request, p *Page, f *form) error {
	h, err := s.Desk.Handling(r.Context())
	if err != nil {
		return err
	}
	promises, err := s.Desk.PublicPromises(r.Context())
	if err != nil {
		return err
	}
	f.Steps = map[ticket.Kind][]stage{}
	for _, k := range kinds {
		f.Sorts = append(f.Sorts, sortsOf(p, h.Categories, k))
		f.Steps[k] = stagesOf(p, promises, k)
	}
	if cat, err := h.Categories.Of(f.Kind, f.Category); err == nil {
		f.Chosen = &cat
	}
	kept := map[string]string{}
	if f.Chosen != nil {
		for _, d := range f.Chosen.Form {
			kept[d.ID] = f.Fields[d.ID]
		}
	}
	f.Fields = kept
	return nil
}

// suggest looks for questions that answer what was typed already (R079).
func (s *Site) suggest(p *Page, f *form) {
	text := strings.TrimSpace(f.Text)
	if r := []rune(text); len(r) > longestQuestion {
		text = string(r[:longestQuestion])
	}
	if utf8.RuneCountInString(text) < 2 {
		return
	}
	for _, c := range s.Knowledge.Suggest(text, p.Language, 6) {
		if e, ok := s.Knowledge.PublicQuestion(c.ID); ok && len(f.Found) < 3 {
			f.Found = append(f.Found, e)
		}
	}
}

// handIn opens a case from the form, or shows the form again with everything
// that was typed and what is wrong with it.
func (s *Site) handIn(r *http.Request, p *Page) (reply, error) {
	in, err := readForm(r)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	f := form{Case: in.handed(), Stamp: in.values["stamp"], HadFiles: len(in.files) > 0, Problems: map[string]string{}, picked: in.picked()}
	if err := s.sorted(r, p, &f); err != nil {
		return reply{}, err
	}
	if in.values["do"] == "look" {
		if s.asks.Take(caller(r), s.Now()) == 0 {
			s.suggest(p, &f)
		}
		return s.showForm(p, f)
	}
	made, clientID, known := s.readStamp(f.Stamp)
	age := s.Now().Sub(made)
	if !known || age > oldest {
		f.Stamp = s.stamp()
		return s.refuse(p, f, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "form.old", "this page was open for long; check it and send it again"))
	}
	if age < youngest || in.values["website"] != "" {
		return s.refuse(p, f, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "form.robot", "that was very fast; check it and send it again"))
	}
	if wait := s.forms.Take(caller(r), s.Now()); wait > 0 {
		rep, err := s.refuse(p, f, http.StatusTooManyRequests, errSlow)
		rep.retry = wait
		return rep, err
	}
	if problems := slices.Concat(check(f.Case), checkSorted(f, len(in.files) > 0), in.problems); len(problems) > 0 {
		s.suggest(p, &f)
		return s.refuse(p, f, http.StatusUnprocessableEntity, problems...)
	}
	f.Language = p.Language
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
	sealed, err := s.sealReceipt(receipt{Number: opened.Number, Kind: opened.Kind, At: opened.CreatedAt.UnixMilli(), Mailed: s.mailed(opened)})
	if err != nil {
		return reply{}, err
	}
	pass := s.Desk.CasePass(opened, s.Now().Add(receiptLife))
	return reply{redirect: "/user/feedback/done", cookies: []*http.Cookie{
		cookie(r, receiptCookie, sealed, "/user/feedback/done", receiptLife), passCookie(r, opened.Number, pass),
	}}, nil
}

// The receipt stands in a cookie: it shows the secret, so that it is in no
// address that somebody passes on.
const (
	receiptCookie = "yingda_receipt"
	receiptLife   = 2 * time.Hour
)

// mailed returns the address to which the receipt goes, if letters are sent.
func (s *Site) mailed(c ticket.Case) string {
	if s.Accounts == nil || !s.Accounts.CodesWork() {
		return ""
	}
	return contact.MaskEmail(c.Email)
}

// checkSorted returns all that is missing of what the category asks for.
func checkSorted(f form, hasFiles bool) []*fault.Error {
	var all []*fault.Error
	if utf8.RuneCountInString(f.Tried) > maxTried {
		all = append(all, fault.New(fault.Invalid, "case.tried_long", "what you tried holds at most %d characters", maxTried).In("tried"))
	}
	if f.Chosen == nil {
		if f.Category != "" {
			all = append(all, fault.New(fault.Invalid, "case.category", "there is no such category; choose another").In("category"))
		}
		return all
	}
	has := map[ticket.Detail]bool{
		ticket.DetailName: f.Name != "", ticket.DetailPhone: f.Phone != "", ticket.DetailEmail: f.Email != "", ticket.DetailOrder: f.Order != "",
		ticket.DetailEvidence: hasFiles,
	}
	for _, d := range f.Chosen.Needs {
		if !has[d] {
			field := map[bool]string{true: "files", false: string(d)}[d == ticket.DetailEvidence]
			all = append(all, fault.New(fault.Invalid, "custom.required", "this has to be filled in").In(field))
		}
	}
	for _, d := range f.Chosen.Form {
		_, err := ticket.Form{d}.Fill(map[string]string{d.ID: f.Fields[d.ID]})
		if e, ok := errors.AsType[*fault.Error](err); ok {
			all = append(all, e)
		}
	}
	return all
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
		if strings.Contains(problem.Field, "file") || strings.Contains(problem.Field, "attachment") || problem.Field == "evidence" {
			problem = problem.In("files")
		}
		return s.refuse(p, f, http.StatusUnprocessableEntity, problem)
	default:
		s.Log.ErrorContext(r.Context(), "a case could not be opened", slog.Any("error", err))
		return s.refuse(p, f, http.StatusServiceUnavailable, fault.New(fault.Busy, "form.later", "this could not be stored just now; send it again in a moment"))
	}
}

// refuse shows the form again with its problems.
func (s *Site) refuse(p *Page, f form, status int, problems ...*fault.Error) (reply, error) {
	if f.Problems == nil {
		f.Problems = map[string]string{}
	}
	for _, e := range problems {
		field := e.Field
		if !slices.Contains(f.order(), field) {
			field = ""
		}
		if f.Problems[field] == "" {
			f.Problems[field] = problemInWords(p.Language, e)
		}
	}
	for _, field := range f.order() {
		if f.Problems[field] != "" {
			f.Wrong = append(f.Wrong, field)
		}
	}
	rep, err := s.showForm(p, f)
	rep.status = status
	return rep, err
}

// order returns the fields of the form as it stands, from the top.
func (f form) order() []string {
	all := slices.Clone(fields[:2])
	if f.Chosen != nil {
		for _, d := range f.Chosen.Form {
			all = append(all, "fields."+d.ID)
		}
	}
	return append(all, fields[2:]...)
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

func (s *Site) showForm(p *Page, f form) (reply, error) {
	ways, err := ways(p)
	if err != nil {
		return reply{}, err
	}
	f.Kinds, f.MaxFiles, f.MaxMB, f.Ways = kinds, maxFiles, maxFileBytes>>20, ways
	f.MaxText, f.MaxTried = ticket.MaxText, maxTried
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
	Secret string
	Dues   []dueOf
	Stages []stage
	Mailed string // the address to which the receipt goes
}

// handedIn answers with the number of a case, the secret that looks it up, and
// what happens next.
func (s *Site) handedIn(r *http.Request, p *Page) (reply, error) {
	var c receipt
	sealed, err := r.Cookie(receiptCookie)
	known := err == nil
	if known {
		c, known = s.readReceipt(sealed.Value)
	}
	if !known || s.Now().Sub(time.UnixMilli(c.At)) > receiptLife {
		return reply{redirect: "/progress"}, nil
	}
	asked := ticket.Case{Number: c.Number}
	view, err := s.Desk.Follow(r.Context(), c.Number, channel.Holder{Pass: s.Desk.CasePass(asked, s.Now().Add(time.Minute))})
	if err != nil {
		return toLookUp(c.Number, err) // it may have another secret by now
	}
	d := done{receipt: c, At: view.CreatedAt, Secret: inFours(s.Desk.CaseSecret(asked)), Mailed: c.Mailed}
	for _, due := range view.Due {
		words, err := inWords(p, due)
		if err != nil {
			return reply{}, err
		}
		if due.State.Open() {
			d.Dues = append(d.Dues, words)
		}
	}
	promises, err := s.Desk.PublicPromises(r.Context())
	if err != nil {
		return reply{}, err
	}
	d.Stages = stagesOf(p, promises, c.Kind)
	p.Body, p.Hidden = d, true
	p.Title, err = p.T("done.title")
	return reply{template: "done", fresh: true}, err
}

// inFours writes a secret so that it can be read aloud: 7K4M-P2Q9.
func inFours(secret string) string {
	var parts []string
	for four := range slices.Chunk([]byte(secret), 4) {
		parts = append(parts, string(four))
	}
	return strings.Join(parts, "-")
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
