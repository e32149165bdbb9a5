package app

import (
	"context"
	"log/slog"
	"time"

	"yingda/internal/desk"
)

// runNode says that this program lives, and takes from others that have died
// what they had, until ctx ends.
func (a *App) runNode(ctx context.Context) error {
	tick := time.NewTicker(desk.BeatEvery)
	defer tick.Stop()
	for {
		if err := a.beat(ctx); err != nil && ctx.Err() == nil {
			a.Log.ErrorContext(ctx, "it cannot be said that this program lives", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (a *App) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, desk.NodeSilent)
	defer cancel()
	known, err := a.Desk.Beat(ctx)
	if err != nil {
		return err
	}
	if !known { // the first time, or others have taken what we had
		a.Hub.Recount()
		if a.voice.hotline != nil {
			a.voice.hotline.Look()
			a.voice.hotline.PhonesChanged()
		}
		if err := a.sayWhere(ctx); err != nil {
			return err
		}
	}
	if err := a.Desk.TelephonesOver(ctx); err != nil {
		return err
	}
	lost, err := a.Desk.NodesLost(ctx)
	if lost > 0 {
		a.Log.WarnContext(ctx, "nodes have died; what they had is taken from them", slog.Int("nodes", lost))
	}
	return err
}
