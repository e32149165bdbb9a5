package site

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/channel"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

// progressPages lists the addresses where a case is followed.
func (s *Site) progressPages() {
	s.page("GET /progress", s.lookUpPage)
	s.page("POST /progress", s.lookUp)
	s.page("GET /progress/{number}", s.follow)
	s.page("POST /progress/{number}", s.act)
	s.page("POST /progress/{number}/files", s.prove)
	if s.Offers != nil {
		s.page("POST /progress/{number}/offer", s.answerOffer)
	}
}

// lookUpForm is the body of the page where a case is looked up.
type lookUpForm struct {
	Number   string
	Problems map[string]string // by field; "" is about the form
	Wrong    []string
}

func (s *Site) lookUpPage(r *http.Request, p *Page) (reply, error) {
	return showLookUp(p, lookUpForm{Number: clip(clean(r.URL.Query().Get("number")))}, "", "")
}

// showLookUp answers with the form, and what is wrong with a field of it.
func showLookUp(p *Page, f lookUpForm, field, problem string) (reply, error) {
	if problem != "" {
		f.Problems, f.Wrong = map[string]string{field: problem}, []string{field}
	}
	p.Body = f
	var err error
	if p.Title, err = p.T("progress.title"); err != nil {
		return reply{}, err
	}
	p.Description, err = p.T("progress.description", p.Us())
	return reply{template: "look-up", fresh: true}, err
}

// lookUp leads who knows number and secret to the case. The secret goes no
// further: the browser gets a pass in its place.
func (s *Site) lookUp(r *http.Request, p *Page) (reply, error) {
	in, err := readForm(r)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	f := lookUpForm{Number: clip(strings.TrimSpace(in.values["number"]))}
	secret := strings.TrimSpace(in.values["secret"])
	if f.Number == "" || secret == "" {
		field, key := "secret", "progress.need_secret"
		if f.Number == "" {
			field, key = "number", "progress.need_number"
		}
		problem, err := p.T(key)
		if err != nil {
			return reply{}, err
		}
		rep, err := showLookUp(p, f, field, problem)
		rep.status = http.StatusUnprocessableEntity
		return rep, err
	}
	if wait := s.lookUps.Take(caller(r), s.Now()); wait > 0 {
		rep, err := showLookUp(p, f, "", problemInWords(p.Language, errSlow))
		rep.status, rep.retry = http.StatusTooManyRequests, wait
		return rep, err
	}
	number, pass, err := s.Desk.LookUp(r.Context(), f.Number, secret)
	if err == nil {
		return reply{redirect: "/progress/" + number, cookies: []*http.Cookie{passCookie(r, number, pass)}}, nil
	}
	problem, ok := errors.AsType[*fault.Error](err)
	if !ok || problem.Kind != fault.NotFound && problem.Kind != fault.Busy {
		return reply{}, err
	}
	rep, err2 := showLookUp(p, f, "", problemInWords(p.Language, problem))
	rep.status = http.StatusUnprocessableEntity
	if wait, ok := errors.AsType[serve.Wait](err); ok {
		rep.status, rep.retry = http.StatusTooManyRequests, time.Duration(wait)
	}
	return rep, err2
}

const passName = "yingda_case"

// passCookie keeps a pass for as long as the browser runs, for the pages of
// its case alone.
func passCookie(r *http.Request, number, pass string) *http.Cookie {
	return cookie(r, passName, pass, "/progress/"+number, 0)
}

// holder is who asks for a case: who is signed in, or has a pass.
func holder(r *http.Request, p *Page) channel.Holder {
	var h channel.Holder
	if c, err := r.Cookie(passName); err == nil {
		h.Pass = c.Value
	}
	if p.Guest != nil {
		h.Contact, h.Proven = p.Guest.Contact.ID, p.Guest.Customer.Proven()
	}
	return h
}

// following is the body of the page of a case.
type following struct {
	channel.CaseView
	Stamp    string
	Steps    []stepOf
	Next     *dueOf // what is promised next
	Dues     []dueOf
	News     []ticket.Line // newest first
	Asked    *ticket.Line  // what the customer was asked, while we wait for it
	Offers   []channel.Offer
	Silence  int        // days after which silence counts as agreement
	Done     string     // what has just been done
	Did      ticket.Act // the form that Problems and Typed are about
	Typed    map[ticket.Act]string
	Problems map[string]string // by field; "" is about the form
	Wrong    []string
	MaxFiles int
	MaxMB    int
}

// stepOf is a public stage, and whether the case has come to it.
type stepOf struct {
	Name  string
	State string // was, here or ahead
}

// dueOf is a promise as its customer reads it.
type dueOf struct {
	channel.CaseDue
	Tone  string // ok, soon, late, paused, kept or missed
	Words string
}

// Can reports whether the customer can do something now.
func (f following) Can(act string) bool { return slices.Contains(f.May, ticket.Act(act)) }

// Wrote returns what was typed in the form of an act.
func (f following) Wrote(act string) string { return f.Typed[ticket.Act(act)] }

// dones of a case are what the page can tell to have been done.
var caseDones = []string{"hear", "confirm", "reject", "reopen", "urge", "withdraw", "escalate", "files", "accept", "decline"}

// follow answers with a case for its customer. A link from a letter brings a
// pass, which goes from the address into a cookie.
func (s *Site) follow(r *http.Request, p *Page) (reply, error) {
	number := r.PathValue("number")
	if pass := r.URL.Query().Get("pass"); pass != "" {
		if _, err := s.Desk.Follow(r.Context(), number, channel.Holder{Pass: pass}); err != nil {
			return toLookUp(number, err)
		}
		return reply{redirect: "/progress/" + number, cookies: []*http.Cookie{passCookie(r, number, pass)}}, nil
	}
	view, err := s.Desk.Follow(r.Context(), number, holder(r, p))
	if err != nil {
		return toLookUp(number, err)
	}
	f := following{CaseView: view}
	if done := r.URL.Query().Get("done"); slices.Contains(caseDones, done) {
		f.Done = done
	}
	return s.showCase(r, p, f)
}

// toLookUp leads who may not see a case, or not any more, to look it up.
func toLookUp(number string, err error) (reply, error) {
	if fault.CodeOf(err) != "case.lookup" {
		return reply{}, err
	}
	return reply{redirect: "/progress?number=" + clip(strings.Map(plainest, number))}, nil
}

// plainest leaves the letters of which numbers are made.
func plainest(r rune) rune {
	if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
		return r
	}
	return -1
}

func (s *Site) showCase(r *http.Request, p *Page, f following) (reply, error) {
	h, err := s.Desk.Handling(r.Context())
	if err != nil {
		return reply{}, err
	}
	if s.Offers != nil {
		if f.Offers, err = s.Offers.OffersFor(r.Context(), f.Number, holder(r, p)); err != nil {
			return reply{}, err
		}
	}
	f.Silence = int(h.Windows.Confirm.Hours() / 24)
	f.Stamp, f.MaxFiles, f.MaxMB = s.stamp(), maxFiles, maxFileBytes>>20
	f.Steps = steps(p, f.Progress)
	for _, d := range f.Due {
		due, err := inWords(p, d)
		if err != nil {
			return reply{}, err
		}
		if f.Next == nil && d.State.Open() {
			f.Next = &due
			continue
		}
		f.Dues = append(f.Dues, due)
	}
	f.News = slices.Clone(f.Lines)
	slices.Reverse(f.News)
	if w := f.Progress.Waiting; w != nil && *w == ticket.WaitingCustomer.Name() {
		if i := slices.IndexFunc(f.News, func(l ticket.Line) bool { return l.Told == ticket.AskCustomer.Told() }); i >= 0 {
			f.Asked = &f.News[i]
		}
	}
	p.Hidden, p.Body = true, f
	p.Title, err = p.T("progress.title_case", f.Number)
	return reply{template: "progress", fresh: true}, err
}

func steps(p *Page, pr ticket.Progress) []stepOf {
	var all []stepOf
	for i, st := range pr.Stages {
		state := "ahead"
		switch {
		case i < pr.At, i == pr.At && (pr.Done || pr.Ending != nil):
			state = "was"
		case i == pr.At:
			state = "here"
		}
		all = append(all, stepOf{p.In(st.Name), state})
	}
	return all
}

// dueWords are what customers call what is promised, where it is not the name
// that we use among us.
var dueWords = map[sla.Metric]string{
	sla.FirstResponse: "due.first_response", sla.NextResponse: "due.next_response", sla.FirstSolution: "due.first_solution", sla.Resolution: "due.resolution",
	sla.ComplaintAcknowledge: "due.complaint_acknowledge", sla.ComplaintInvestigate: "due.complaint_investigate", sla.ComplaintFeedback: "due.complaint_feedback",
	sla.SuggestionAccept: "due.suggestion_accept", sla.SuggestionEvaluate: "due.suggestion_evaluate", sla.SuggestionFeedback: "due.suggestion_feedback",
}

// soon is how long before its limit a promise with a single term is near.
const soon = 24 * time.Hour

// inWords says how it stands with a promise: "最晚 10月9日 18:00 前反馈结果".
func inWords(p *Page, d channel.CaseDue) (due dueOf, err error) {
	due.CaseDue = d
	var key string
	at := d.Limit
	switch {
	case d.State == sla.Met && d.Kept:
		due.Tone, key, at = "kept", "due.kept", d.MetAt
	case d.State == sla.Met:
		due.Tone, key, at = "missed", "due.missed", d.MetAt
	case d.State == sla.Paused:
		due.Tone, key = "paused", "due.paused"
	case p.Now.After(d.Limit):
		due.Tone, key = "late", "due.late"
	case d.Target != nil && p.Now.After(*d.Target), d.Target == nil && d.Limit.Sub(p.Now) < soon:
		due.Tone, key = "soon", "due.by"
	default:
		due.Tone, key = "ok", "due.by"
	}
	what := p.Word(dueWords[d.Metric], d.Name.In(p.Language))
	if due.Words, err = p.T(key, what, p.Moment(at)); err != nil || !d.Provisional || !d.State.Open() {
		return due, err
	}
	about, err := p.T("due.provisional")
	due.Words += about
	return due, err
}

// act does what the customer asks for, and shows the case.
func (s *Site) act(r *http.Request, p *Page) (reply, error) {
	in, err := readForm(r)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	do := ticket.Act(in.values["do"])
	text := strings.TrimSpace(in.values["text"])
	doing := ticket.Doing{Act: do, Text: text}
	if do != ticket.Hear {
		doing = ticket.Doing{Act: do, Reason: text}
	}
	clientID, err := s.sent(in)
	if err == nil {
		err = saidEnough(do, text)
	}
	if err == nil && s.asks.Take(caller(r), s.Now()) > 0 {
		err = errSlow
	}
	if err == nil {
		_, err = s.Desk.CustomerDoes(r.Context(), r.PathValue("number"), holder(r, p), doing, saying(clientID, string(do), text))
	}
	if err != nil {
		return s.refuseAct(r, p, do, text, err)
	}
	return reply{redirect: "/progress/" + r.PathValue("number") + "?done=" + string(do)}, nil
}

// sent returns the number of a form, or that it is too old.
func (s *Site) sent(in *handedForm) (clientID string, err error) {
	made, clientID, known := s.readStamp(in.values["stamp"])
	if !known || s.Now().Sub(made) > oldest {
		return "", fault.New(fault.Invalid, "form.old", "this page was open for long; check it and send it again")
	}
	return clientID, nil
}

// saying returns the client id of what is said on a page: to send it again does
// it once, and to go back and say something else is something else.
func saying(page string, said ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(said, "\x00")))
	return page + "-" + base64.RawURLEncoding.EncodeToString(sum[:6])
}

// saidEnough asks for words where an act needs them.
func saidEnough(do ticket.Act, text string) error {
	switch {
	case text == "" && slices.Contains([]ticket.Act{ticket.Hear, ticket.Reject, ticket.Reopen}, do):
		return fault.New(fault.Invalid, "case.say", "write a few words, so that we know what you mean").In("text")
	case utf8.RuneCountInString(text) > ticket.MaxText:
		return fault.New(fault.Invalid, "case.long", "a text holds at most %d characters", ticket.MaxText).In("text")
	}
	return nil
}

// refuseAct shows the case again with what was typed and what is wrong.
func (s *Site) refuseAct(r *http.Request, p *Page, do ticket.Act, text string, err error) (reply, error) {
	problem, ok := errors.AsType[*fault.Error](err)
	if fault.CodeOf(err) == "case.lookup" {
		return toLookUp(r.PathValue("number"), err)
	}
	status := map[fault.Kind]int{
		fault.Invalid: http.StatusUnprocessableEntity, fault.TooLarge: http.StatusUnprocessableEntity,
		fault.Conflict: http.StatusConflict, fault.Busy: http.StatusTooManyRequests,
	}
	if !ok || status[problem.Kind] == 0 {
		return reply{}, err
	}
	view, err := s.Desk.Follow(r.Context(), r.PathValue("number"), holder(r, p))
	if err != nil {
		return toLookUp(r.PathValue("number"), err)
	}
	f := following{CaseView: view, Did: do, Typed: map[ticket.Act]string{do: text}}
	field := map[bool]string{true: "text-" + string(do), false: ""}[problem.Field == "text" || problem.Field == "reason"]
	if do == "files" {
		field = "files"
	}
	if field != "" && field != "files" && !slices.Contains(view.May, do) {
		field = ""
	}
	f.Problems, f.Wrong = map[string]string{field: problemInWords(p.Language, problem)}, []string{field}
	rep, err := s.showCase(r, p, f)
	rep.status = status[problem.Kind]
	return rep, err
}

// prove adds files to the evidence.
func (s *Site) prove(r *http.Request, p *Page) (reply, error) {
	in, err := readForm(r)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	clientID, err := s.sent(in)
	if err == nil && len(in.problems) > 0 {
		err = in.problems[0]
	}
	if err == nil && s.forms.Take(caller(r), s.Now()) > 0 {
		err = errSlow
	}
	var files []channel.Upload
	if err == nil {
		files, err = in.uploads(clientID)
	}
	if err == nil {
		said := []string{"files"}
		for _, f := range files {
			said = append(said, f.Name)
		}
		_, err = s.Desk.CustomerProves(r.Context(), r.PathValue("number"), holder(r, p), files, saying(clientID, said...))
	}
	if err != nil {
		return s.refuseAct(r, p, "files", "", err)
	}
	return reply{redirect: "/progress/" + r.PathValue("number") + "?done=files"}, nil
}
