package site

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

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
}

// reach is the body of the contact page.
type reach struct {
	Ways     []Way
	Best     Way // what to use now
	Advice   []advice
	Topics   []string // of the preparation checklist
	Levels   []level
	Headings []help.Heading
}

// advice says which ways suit a problem, the best first.
type advice struct {
	Problem string
	Ways    []Way
	Now     int // which of them is open; -1 if none
	Form    bool
}

// level is how long a kind of question may take, in working days.
type level struct {
	Key      string
	From, To int // 0: as agreed
}

// levels are the times to solve a question, as published.
var levels = []level{{"simple", 0, 1}, {"general", 3, 5}, {"complex", 7, 10}, {"special", 0, 0}}

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
	headings := s.Knowledge.Headings(p.Language)
	name := p.Us()
	if p.Title, err = p.T("contact.title"); err != nil {
		return reply{}, err
	}
	if p.Description, err = p.T("contact.description", name); err != nil {
		return reply{}, err
	}
	p.Body = reach{
		Ways: all, Best: best(all), Advice: advise(all), Topics: topics, Levels: levels,
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

func phoneWay(p *Page) (w Way, err error) {
	c := p.Company
	if c.Phone == "" {
		return Way{}, nil
	}
	w = Way{Kind: "phone", Value: c.Phone, Href: template.URL("tel:" + dialled(c.Phone)), Promise: p.In(c.PromisePhone), Tone: "off"}
	if w.Hours, err = hoursInWords(p, c.PhoneHours); err != nil {
		return w, err
	}
	if w.Open, w.State, err = stateInWords(p, c.PhoneHours); w.Open {
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
	if w.Open, w.State, err = stateInWords(p, set.Hours); err != nil {
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

func emailWay(p *Page) (w Way, err error) {
	if p.Company.Email == "" {
		return Way{}, nil
	}
	w = Way{Kind: "email", Value: p.Company.Email, Href: template.URL("mailto:" + url.PathEscape(p.Company.Email)), Promise: p.In(p.Company.PromiseEmail), Open: true, Tone: "ok"}
	return anytime(p, w)
}

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
