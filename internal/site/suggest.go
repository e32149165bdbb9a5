package site

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"
)

// The search suggests few questions, and none to who has written a lot.
const (
	mostSuggested = 5
	longestTyped  = 60 // characters
)

// suggestion is a question that somebody who types may be about to ask, and
// where it is answered.
type suggestion struct {
	Title string `json:"title"`
	Path  string `json:"path"`
}

// complete answers the search with questions that go on as its reader types.
// Without scripts nobody asks.
func (s *Site) complete(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if wait := s.typed.Take(caller(r), s.Now()); wait > 0 {
		h.Set("Retry-After", strconv.Itoa(1+int(wait.Seconds())))
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	found := []suggestion{}
	if typed := r.URL.Query().Get("q"); utf8.ValidString(typed) && utf8.RuneCountInString(typed) <= longestTyped {
		for _, c := range s.Knowledge.Complete(typed, languageOf(r), mostSuggested) {
			found = append(found, suggestion{c.Text, "/faq/" + url.PathEscape(c.ID)})
		}
	}
	b, err := json.Marshal(found)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "private, max-age=30")
	h.Set("Vary", "Accept-Language, Cookie")
	_, _ = w.Write(b) // a reader who has gone away is not our concern
}
