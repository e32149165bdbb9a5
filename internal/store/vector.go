package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"yingda/internal/store/sqlcgen"
)

func wayKey(way string) string {
	sum := sha256.Sum256([]byte(way))
	return hex.EncodeToString(sum[:])
}

// WayVectors returns the vectors of these ways to ask that a model has written,
// by way.
func (tx *Tx) WayVectors(ctx context.Context, model string, ways []string) (map[string]string, error) {
	rows, err := tx.WayVectorRows(ctx, model)
	byKey := make(map[string]string, len(rows))
	for _, r := range rows {
		byKey[r.Way] = r.Vector
	}
	found := map[string]string{}
	for _, w := range ways {
		if v, ok := byKey[wayKey(w)]; ok {
			found[w] = v
		}
	}
	return found, err
}

// KeepWayVectors writes vectors down, by way.
func (tx *Tx) KeepWayVectors(ctx context.Context, model string, vectors map[string]string) error {
	for _, w := range slices.Sorted(maps.Keys(vectors)) { // in one order by all
		if err := tx.AddWayVector(ctx, sqlcgen.AddWayVectorParams{Model: model, Way: wayKey(w), Vector: vectors[w]}); err != nil {
			return err
		}
	}
	return nil
}

// DropWayVectors forgets the vectors of other models, and of ways that nobody
// asks any more.
func (tx *Tx) DropWayVectors(ctx context.Context, model string, ways []string) error {
	if err := tx.DeleteOtherWayVectors(ctx, model); err != nil {
		return err
	}
	asked := make(map[string]bool, len(ways))
	for _, w := range ways {
		asked[wayKey(w)] = true
	}
	rows, err := tx.WayVectorRows(ctx, model)
	for _, r := range rows {
		if err == nil && !asked[r.Way] {
			err = tx.DeleteWayVector(ctx, sqlcgen.DeleteWayVectorParams{Model: model, Way: r.Way})
		}
	}
	return err
}
