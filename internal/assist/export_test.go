package assist

import (
	"context"
	"time"

	"yingda/internal/domain/flow"
	"yingda/internal/domain/grounding"
	"yingda/internal/domain/lookup"
	"yingda/internal/help"
)

// Understood is what the model made of a message, for tests.
type Understood struct {
	Start  string
	Told   map[string]string
	Person bool
}

// Understand asks the model what a message is, with tools that lead nowhere.
func (m *Model) Understand(ctx context.Context, day time.Time, text string, flows flow.Library, open *flow.Frame) (Understood, error) {
	r, why, err := m.begin(ctx, "", day, grounding.Known{})
	if err != nil || why != nil {
		return Understood{}, err
	}
	u, _ := r.understand(ctx, about{message: text, flows: flows, open: open}, empty{})
	return Understood{u.start, u.told, u.person}, nil // what it used is looked at elsewhere
}

type empty struct{}

func (empty) search(string) []help.Passage     { return nil }
func (empty) ownCase(string) (string, bool)    { return "", false }
func (empty) ownVehicle(string) (string, bool) { return "", false }
func (empty) elsewhere(lookup.Server, lookup.Tool, map[string]any) (string, bool, error) {
	return "", false, nil
}

// Forget closes all breakers.
func (m *Model) Forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.breakers)
}

// Follow takes over what another node learnt.
func (a *Assistant) Follow(ctx context.Context) error { return a.follow(ctx, false) }
