package site

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// shelf keeps rendered pages while nothing they show has changed. What depends
// on the time of day is at most a minute old.
type shelf struct {
	mu      sync.Mutex
	version string
	pages   map[string][]byte
}

// room is how many pages the shelf holds; then it is cleared.
const room = 512

func (s *shelf) get(key, version string) ([]byte, bool) {
	if key == "" {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version != version {
		return nil, false
	}
	b, ok := s.pages[key]
	return b, ok
}

func (s *shelf) put(key, version string, page []byte) {
	if key == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version != version || len(s.pages) >= room {
		s.version, s.pages = version, map[string][]byte{}
	}
	s.pages[key] = page
}

// stateOf tells two states of the house apart, as far as pages show them.
func (s *Site) stateOf(p *Page) (string, error) {
	b, err := json.Marshal([]any{s.Knowledge.Version(), p.Now.UTC().Truncate(time.Minute), p.Company, p.Mails, p.Chat, p.Staffed})
	return string(b), err
}

// keyOf returns under what a page is kept and for which state of the house;
// an empty key for a page that is not kept, as those that name who is signed in.
func (s *Site) keyOf(r *http.Request, p *Page) (key, version string) {
	q := r.URL.Query()
	q.Del("lang")
	if r.Method != http.MethodGet || len(q) > 0 || p.Guest != nil {
		return "", ""
	}
	version, err := s.stateOf(p)
	if err != nil {
		return "", ""
	}
	return p.Base + "\x00" + p.Path + "\x00" + p.Language, version
}
