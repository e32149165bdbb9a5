package site

import (
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/help"
)

// Way is one way to reach us, as its card shows it.
type Way struct {
	Kind    string       // phone, chat, assistant, email or letter
	Value   string       // the number or address, where there is one
	Href    template.URL // where its button leads
	Open    bool
	Tone    string // "ok", "bot" or "off": the colour of its state
	State   string // "现在可用", "当前休息，周一 09:00 开始"
	Hours   string
	Promise string
	Kept    string // how the promise was kept lately; empty where nothing was counted
	Also    []Also // other addresses that do the same
}

// Also is one more address, with what it is for.
type Also struct {
	Value   string
	Href    template.URL
	For     string // "投诉"
	Promise string
	kind    ticket.Kind
}

// reach is the body of the contact page.
type reach struct {
	Ways     []Way
	Best     Way // what to use now
	Advice   []advice
	Topics   []string // of the preparation checklist
	Levels   []level
	Kept     string   // how the stages of complaints were kept lately
	Hours    []string // of the week, in which one waits least
	Headings []help.Heading
}

// advice says which ways suit a problem, the best first.
type advice struct {
	Problem string
	Ways    []Way
	Now     int // which of them is open; -1 if none
	Form    bool
}

// level is how long a kind of question may take; without a term it is agreed.
type level struct {
	Key, Term string
}

// levelsOf returns the times to solve a question that are promised now.
func levelsOf(p *Page, promises []channel.Promise) (all []level, err error) {
	for _, l := range ticket.Levels() {
		row := level{Key: string(l)}
		for _, told := range promises {
			if told.Way == sla.WayQuestion && told.Level == row.Key && told.Metric == sla.Resolution {
				if row.Term, err = p.T("promise.solved", roundTerm(told.Term.In(p.Language))); err != nil {
					return nil, err
				}
			}
		}
		all = append(all, row)
	}
	return all, nil
}

var inSeconds = regexp.MustCompile(`^(\d+) (秒|seconds)$`)

// roundTerm says whole minutes as minutes.
func roundTerm(term string) string {
	m := inSeconds.FindStringSubmatch(term)
	if m == nil {
		return term
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n < 120 || n%60 != 0 {
		return term
	}
	return strconv.Itoa(n/60) + map[string]string{"秒": " 分钟", "seconds": " minutes"}[m[2]]
}

// promised puts the promises in force into the ways: the company's own words
// stay where nothing is promised by the preset.
func promised(p *Page, all []Way, promises []channel.Promise) (err error) {
	keys := map[string]string{sla.WayPhone: "promise.by_phone", sla.WayChat: "promise.by_chat", sla.WayEmail: "promise.by_email"}
	for _, told := range promises {
		key, ok := keys[told.Way]
		i := slices.IndexFunc(all, func(w Way) bool { return w.Kind == told.Way })
		if !ok || i < 0 {
			continue
		}
		if all[i].Promise, err = p.T(key, roundTerm(told.Term.In(p.Language))); err != nil {
			return err
		}
		if told.Ended > 0 {
			if all[i].Kept, err = p.T("promise.kept", int(told.Percent), told.Kept, told.Ended); err != nil {
				return err
			}
		}
	}
	return promisedAlso(p, all, promises)
}

// promisedAlso puts the promises into the other addresses: what is promised for
// complaints where a mail opens one, else what is promised for mails.
func promisedAlso(p *Page, all []Way, promises []channel.Promise) error {
	accepted := ""
	for _, told := range promises {
		if told.Way == sla.WayComplaint && told.Metric == sla.ComplaintAcknowledge {
			var err error
			if accepted, err = p.T("promise.by_complaint", roundTerm(told.Term.In(p.Language))); err != nil {
				return err
			}
		}
	}
	for _, w := range all {
		for i, also := range w.Also {
			if w.Also[i].Promise = w.Promise; also.kind == ticket.Complaint {
				w.Also[i].Promise = accepted
			}
		}
	}
	return nil
}

// keptOf says how the stages of complaints were kept lately.
func keptOf(p *Page, promises []channel.Promise) (string, error) {
	kept, ended := 0, 0
	for _, told := range promises {
		if told.Way == sla.WayComplaint {
			kept, ended = kept+told.Kept, ended+told.Ended
		}
	}
	if ended == 0 {
		return "", nil
	}
	return p.T("promise.kept", 100*kept/ended, kept, ended)
}

// bestHours names the hours of the week in which one waits least, at most
// three: "周二 14:00–15:00，平均 40 秒".
func (s *Site) bestHours(r *http.Request, p *Page) ([]string, error) {
	hours, err := s.Desk.BestHours(r.Context())
	if err != nil {
		return nil, err
	}
	var all []string
	for _, h := range hours[:min(len(hours), 3)] {
		day, err := dayName(p, h.Day)
		if err != nil {
			return nil, err
		}
		key, n := "best.seconds", int(h.Wait.Seconds())
		if h.Wait >= 2*time.Minute {
			key, n = "best.minutes", int(h.Wait.Round(time.Minute).Minutes())
		}
		words, err := p.T(key, day, h.Hour, h.Hour+1, n)
		if err != nil {
			return nil, err
		}
		all = append(all, words)
	}
	return all, nil
}

// suits lists, for each kind of problem, the ways that suit it, the best first.
var suits = []struct {
	problem string
	ways    []string
	form    bool
}{
	{"urgent", []string{"phone", "chat"}, false},
	{"quick", []string{"chat", "assistant"}, false},
	{"common", []string{"assistant", "chat"}, false},
	{"papers", []string{"email", "chat"}, false},
	{"complaint", []string{"phone", "email"}, true},
	{"formal", []string{"letter", "email"}, false},
}

// topics are the kinds of problem that the checklist tells apart.
var topics = []string{"any", "vehicle", "order", "account", "complaint"}

// reachUs answers with the contact page.
func (s *Site) reachUs(r *http.Request, p *Page) (reply, error) {
	all, err := ways(p)
	if err != nil {
		return reply{}, err
	}
	promises, err := s.Desk.PublicPromises(r.Context())
	if err != nil {
		return reply{}, err
	}
	if err := promised(p, all, promises); err != nil {
		return reply{}, err
	}
	levels, err := levelsOf(p, promises)
	if err != nil {
		return reply{}, err
	}
	kept, err := keptOf(p, promises)
	if err != nil {
		return reply{}, err
	}
	hours, err := s.bestHours(r, p)
	if err != nil {
		return reply{}, err
	}
	headings := s.Knowledge.Headings(p.Language)
	name := p.Us()
	if p.Title, err = p.T("contact.title"); err != nil {
		return reply{}, err
	}
	if p.Description, err = p.T("contact.description", name); err != nil {
		return reply{}, err
	}
	p.Body = reach{
		Ways: all, Best: best(all), Advice: advise(all), Topics: topics, Levels: levels, Hours: hours, Kept: kept,
		Headings: headings[:min(len(headings), 6)],
	}
	p.Data = []any{map[string]any{
		"@context": "https://schema.org", "@type": "Organization", "name": name, "url": p.Base,
		"contactPoint": map[string]any{
			"@type": "ContactPoint", "contactType": "customer service", "telephone": p.Company.Phone,
			"email": p.Company.Email, "availableLanguage": []string{"zh", "en"},
		},
	}}
	return reply{template: "contact"}, nil
}

// ways returns the ways that are switched on, in the order of the page.
func ways(p *Page) ([]Way, error) {
	var all []Way
	for _, way := range []func(*Page) (Way, error){chatWay, phoneWay, assistantWay, emailWay, letterWay} {
		w, err := way(p)
		if err != nil {
			return nil, err
		}
		if w.Kind != "" {
			all = append(all, w)
		}
	}
	return all, nil
}

// phoneWay is open by the hotline's calendar; by the company's own hours where
// there is none.
func phoneWay(p *Page) (w Way, err error) {
	c, line := p.Company, p.Hotline
	if c.Phone == "" {
		return Way{}, nil
	}
	w = Way{Kind: "phone", Value: c.Phone, Href: template.URL("tel:" + dialled(c.Phone)), Promise: p.In(c.PromisePhone), Tone: "off"}
	var hours opening = c.PhoneHours
	zone := c.PhoneHours.Zone
	if line == nil {
		w.Hours, err = hoursInWords(p, c.PhoneHours)
	} else {
		hours, zone = line.Timetable, line.Calendar.Zone
		w.Hours, err = calendarInWords(p, line.Calendar)
	}
	if err != nil {
		return w, err
	}
	if w.Open, w.State, err = stateInWords(p, hours, zone); w.Open {
		w.Tone = "ok"
	}
	return w, err
}

// dialled returns the number as a phone dials it.
func dialled(number string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, number)
}

// chatWay is open when somebody answers: a person, or the assistant first.
func chatWay(p *Page) (w Way, err error) {
	if p.Chat == nil {
		return Way{}, nil
	}
	set := p.Chat.Settings
	w = Way{Kind: "chat", Href: "/aftersale/ai", Promise: p.In(p.Company.PromiseChat), Tone: "off"}
	if w.Hours, err = hoursInWords(p, set.Hours); err != nil {
		return w, err
	}
	if w.Open, w.State, err = stateInWords(p, set.Hours, set.Hours.Zone); err != nil {
		return w, err
	}
	switch {
	case w.Open && p.Staffed:
		w.Tone = "ok"
		w.State, err = p.T("state.staffed")
	case set.Assistant:
		w.Open, w.Tone = true, "bot"
		w.State, err = p.T("state.assistant_first")
	case w.Open:
		w.Open = false
		w.State, err = p.T("state.message")
	}
	return w, err
}

func assistantWay(p *Page) (w Way, err error) {
	if p.Chat != nil && !p.Chat.Settings.Assistant {
		return Way{}, nil
	}
	w = Way{Kind: "assistant", Href: "/aftersale/ai", Open: true, Tone: "ok"}
	if w.Hours, err = p.T("hours.always"); err != nil {
		return w, err
	}
	if w.Promise, err = p.T("assistant.promise"); err != nil {
		return w, err
	}
	w.State, err = p.T("state.open")
	return w, err
}

// emailWay is the company's address, else that of the first mailbox that is not
// for complaints alone; other mailboxes stand below it.
func emailWay(p *Page) (w Way, err error) {
	address := p.Company.Email
	if address == "" && len(p.Mails) > 0 {
		address = p.Mails[max(0, slices.IndexFunc(p.Mails, func(m channel.MailAddress) bool { return m.Kind != ticket.Complaint }))].Address
	}
	if address == "" {
		return Way{}, nil
	}
	w = Way{Kind: "email", Value: address, Href: mailTo(address), Promise: p.In(p.Company.PromiseEmail), Open: true, Tone: "ok"}
	for _, m := range p.Mails {
		if !strings.EqualFold(m.Address, address) {
			w.Also = append(w.Also, Also{Value: m.Address, Href: mailTo(m.Address), For: p.In(m.Kind.Name()), kind: m.Kind})
		}
	}
	return anytime(p, w)
}

func mailTo(address string) template.URL { return template.URL("mailto:" + url.PathEscape(address)) }

func letterWay(p *Page) (w Way, err error) {
	address := p.In(p.Company.Address)
	if address == "" {
		return Way{}, nil
	}
	if w, err = anytime(p, Way{Kind: "letter", Value: address, Href: "/user/feedback", Open: true, Tone: "ok"}); err != nil {
		return w, err
	}
	w.Promise, err = p.T("letter.promise")
	return w, err
}

// anytime completes a way that one can write by at any hour.
func anytime(p *Page, w Way) (Way, error) {
	var err error
	if w.Hours, err = p.T("hours.anytime"); err != nil {
		return w, err
	}
	w.State, err = p.T("state.anytime")
	return w, err
}

// best returns what to use now: a person who is there, else whoever answers at once.
func best(ways []Way) Way {
	for _, tone := range []string{"ok", "bot"} {
		for _, kind := range []string{"chat", "phone", "assistant"} {
			if i := slices.IndexFunc(ways, func(w Way) bool { return w.Kind == kind && w.Tone == tone }); i >= 0 {
				return ways[i]
			}
		}
	}
	if len(ways) > 0 {
		return ways[0]
	}
	return Way{}
}

// advise leaves out what is switched off.
func advise(ways []Way) []advice {
	var all []advice
	for _, s := range suits {
		a := advice{Problem: s.problem, Now: -1, Form: s.form}
		for _, kind := range s.ways {
			if i := slices.IndexFunc(ways, func(w Way) bool { return w.Kind == kind }); i >= 0 {
				a.Ways = append(a.Ways, ways[i])
			}
		}
		a.Now = slices.IndexFunc(a.Ways, func(w Way) bool { return w.Open })
		if len(a.Ways) > 0 || a.Form {
			all = append(all, a)
		}
	}
	return all
}
