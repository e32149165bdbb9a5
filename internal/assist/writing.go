package assist

import (
	"sync"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
)

// Writing is what who looks on is shown of the assistant before it has answered.
// It passes: it is kept nowhere, and the message that follows is what was said.
type Writing struct {
	Conversation conversation.ID
	Contact      contact.ID
	Name         string
	On           bool
	Text         string // of the answer so far, checked; empty: none yet
}

// shownAgain is how often it is said again that the assistant writes: a sign
// that is not renewed goes out.
const shownAgain = 5 * time.Second

// sign is the sign that the assistant is at work on a message.
type sign struct {
	mu    sync.Mutex
	shows func(Writing)
	now   Writing

	name, composed string // of the assistant; and what is added where a model writes
}

// write shows the sign, with what may be read of the answer that a model
// writes.
func (s *sign) write(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.On, s.now.Text, s.now.Name = true, text, s.name
	if text != "" {
		s.now.Name = s.name + s.composed
	}
	s.shows(s.now)
}

// renew shows the sign again and again until it is called off.
func (s *sign) renew() (off func()) {
	stop := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		t := time.NewTicker(shownAgain)
		defer t.Stop()
		for {
			select {
			case <-stop:
				return
			case <-t.C:
				s.mu.Lock()
				text := s.now.Text
				s.mu.Unlock()
				s.write(text)
			}
		}
	})
	return func() { close(stop); done.Wait() }
}

// out takes the sign away. Where something was said that is not needed: the
// message takes its place.
func (s *sign) out() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.On, s.now.Text, s.now.Name = false, "", s.name
	s.shows(s.now)
}
