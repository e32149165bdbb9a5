package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"yingda/internal/domain/automation"
	"yingda/internal/store"
)

//go:embed automation.json
var automationJSON []byte

// fillAutomation adds the rules and macros of 远行汽车.
func fillAutomation(ctx context.Context, tx *store.Tx, now time.Time) error {
	var all struct {
		Rules  []automation.Rule  `json:"rules"`
		Macros []automation.Macro `json:"macros"`
	}
	if err := json.Unmarshal(automationJSON, &all); err != nil {
		return fmt.Errorf("the demonstration's rules: %w", err)
	}
	for i, r := range all.Rules {
		r, err := r.Check(automation.CatalogueWith())
		if err != nil {
			return fmt.Errorf("rule %s: %w", r.Name, err)
		}
		r.ID, r.Order, r.Enabled = automation.NewID(now), (i+1)*10, true
		if err := tx.InsertRule(ctx, r); err != nil {
			return err
		}
	}
	for _, m := range all.Macros {
		m, err := m.Check()
		if err != nil {
			return fmt.Errorf("macro %s: %w", m.Name, err)
		}
		m.ID = automation.NewMacroID(now)
		if err := tx.AddMacro(ctx, m); err != nil {
			return err
		}
	}
	return tx.MarkRules(ctx, now)
}
