package site

import (
	"net/http"
	"slices"
	"strings"

	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
)

// preparing is the body of the page that says what to have at hand.
type preparing struct {
	Groups []group
	Chosen *ticket.Category
	Asks   []inbox.Text // what its form asks for and cannot do without
	Form   bool         // it can be handed in on the form
}

// prepare answers with what to have at hand for a type of problem, from the
// categories and what they ask for (R078).
func (s *Site) prepare(r *http.Request, p *Page) (reply, error) {
	h, err := s.Desk.Handling(r.Context())
	if err != nil {
		return reply{}, err
	}
	var b preparing
	for _, root := range h.Categories {
		g := group{Name: p.In(root.Name)}
		for _, c := range (ticket.Tree{root}).All("") {
			g.Choices = append(g.Choices, sortChoice{c.ID, nameIn(p, root, c.ID)})
		}
		b.Groups = append(b.Groups, g)
	}
	if cat, ok := h.Categories.Find(r.URL.Query().Get("type")); ok {
		b.Chosen, b.Form = &cat, slices.Contains(kinds, cat.Kind)
		for _, d := range cat.Form {
			if d.Required {
				b.Asks = append(b.Asks, d.Name)
			}
		}
	}
	p.Body = b
	if p.Title, err = p.T("prepare.title"); err != nil {
		return reply{}, err
	}
	p.Description, err = p.T("prepare.description")
	return reply{template: "prepare"}, err
}

// nameIn returns the name of a category with those of the branches between it
// and the root.
func nameIn(p *Page, root ticket.Category, id string) string {
	var find func(c ticket.Category, name string) string
	find = func(c ticket.Category, name string) string {
		if c.ID == id {
			return name
		}
		for _, child := range c.Children {
			if found := find(child, strings.TrimPrefix(name+" · "+p.In(child.Name), " · ")); found != "" {
				return found
			}
		}
		return ""
	}
	if name := find(root, ""); name != "" {
		return name
	}
	return p.In(root.Name)
}
