package site

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"yingda/internal/channel"
	"yingda/internal/kit/fault"
)

// rating is the body of the page where a call is rated.
type rating struct {
	channel.RatingAsked
	Link     string
	Marks    map[string]int
	Remark   string
	Gone     string // why there is nothing to rate
	Problems map[string]string
	Wrong    []string
}

// Scale is what can be given, the best first.
func (rating) Scale() []int { return []int{5, 4, 3, 2, 1} }

// Must reports whether a question has to be answered: the first.
func (r rating) Must(q string) bool { return q == r.Questions[0] }

func (s *Site) ratePage(r *http.Request, p *Page) (reply, error) {
	link := r.PathValue("link")
	asked, err := s.Ratings.RatingAsked(r.Context(), link)
	if err != nil {
		return noRating(p, err)
	}
	return showRating(p, rating{RatingAsked: asked, Link: link})
}

func showRating(p *Page, b rating) (reply, error) {
	p.Hidden, p.Body = true, b
	var err error
	p.Title, err = p.T("rate.title")
	return reply{template: "rate", fresh: true}, err
}

// noRating says why a link leads nowhere, if that is what is wrong.
func noRating(p *Page, err error) (reply, error) {
	gone, ok := errors.AsType[*fault.Error](err)
	if !ok || gone.Kind != fault.NotFound {
		return reply{}, err
	}
	rep, err := showRating(p, rating{Gone: problemInWords(p.Language, gone)})
	rep.status = http.StatusNotFound
	return rep, err
}

func (s *Site) rate(r *http.Request, p *Page) (reply, error) {
	in, err := readForm(r)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	link := r.PathValue("link")
	asked, err := s.Ratings.RatingAsked(r.Context(), link)
	if err != nil {
		return noRating(p, err)
	}
	b := rating{RatingAsked: asked, Link: link, Marks: map[string]int{}, Remark: strings.TrimSpace(in.values["remark"])}
	for _, q := range asked.Questions {
		if m, err := strconv.Atoi(in.values[q]); err == nil {
			b.Marks[q] = m
		}
	}
	if s.asks.Take(caller(r), s.Now()) > 0 {
		err = errSlow
	} else {
		err = s.Ratings.RateByLink(r.Context(), link, b.Marks, b.Remark)
	}
	if err == nil || fault.CodeOf(err) == "rating.done" {
		return reply{redirect: "/r/" + link}, nil
	}
	problem, ok := errors.AsType[*fault.Error](err)
	if !ok || problem.Kind != fault.Invalid && problem.Kind != fault.Busy {
		return reply{}, err
	}
	b.Problems, b.Wrong = map[string]string{problem.Field: problemInWords(p.Language, problem)}, []string{problem.Field}
	rep, err := showRating(p, b)
	rep.status = map[fault.Kind]int{fault.Invalid: http.StatusUnprocessableEntity, fault.Busy: http.StatusTooManyRequests}[problem.Kind]
	return rep, err
}
