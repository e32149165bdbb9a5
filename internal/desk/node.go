package desk

import (
	"context"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// How often a node says that it lives, and after which silence what it had is
// taken from it.
const (
	BeatEvery  = 5 * time.Second
	NodeSilent = 20 * time.Second
)

// Beat records that this node lives. It is false if it was not known: this is
// its first beat, or the others have taken it for dead, and who has a console
// open here has to be told again.
func (d *Desk) Beat(ctx context.Context) (known bool, err error) {
	defer fault.Wrap(&err, "say that the node lives")
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		last, err := tx.NodeBeat(ctx, d.Node)
		if err != nil {
			return err
		}
		known = !last.IsZero()
		return tx.BeatNode(ctx, d.Node, d.Now())
	})
	return known, err
}

// NodesLost takes from nodes that have been silent for long what they had: their
// calls end, their call backs are made by others, their telephones do not ring,
// and who had a console open there is gone. It returns how many they were. That two nodes do it at once
// does no harm.
func (d *Desk) NodesLost(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "look for nodes that have died")
	since := d.Now().Add(-NodeSilent)
	silent, err := d.DB.Now().SilentNodes(ctx, since, d.Node)
	if err != nil {
		return 0, err
	}
	for _, name := range silent {
		if _, err := d.CallsLost(ctx, name); err != nil {
			return n, err
		}
		gone, err := d.forgetNode(ctx, name, since)
		if err != nil {
			return n, err
		}
		if gone {
			n++
		}
	}
	return n, nil
}

// NodeLeaves is called once when the program has served everyone: the others need not
// wait until it has been silent for long.
func (d *Desk) NodeLeaves(ctx context.Context) error {
	_, err := d.forgetNode(ctx, d.Node, d.Now().Add(time.Millisecond))
	return err
}

// forgetNode forgets a node that was not heard of since a time. Who had a
// console open there and nowhere else is gone.
func (d *Desk) forgetNode(ctx context.Context, name string, since time.Time) (gone bool, err error) {
	defer fault.Wrap(&err, "forget node %s", name)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if gone, err = tx.ForgetNode(ctx, name, since); err != nil || !gone {
			return err
		}
		if err := d.noTelephones(ctx, tx, name); err != nil {
			return err
		}
		return d.nobodyThere(ctx, tx)
	})
	return gone, err
}

// nobodyThere takes that no console is open of who was connected.
func (d *Desk) nobodyThere(ctx context.Context, tx *store.Tx) error {
	agents, err := tx.Connected(ctx)
	if err != nil {
		return err
	}
	for _, a := range agents {
		if here, err := tx.HasConsole(ctx, a); err != nil || here {
			if err != nil {
				return err
			}
			continue
		}
		if err := d.gone(ctx, tx, a); err != nil {
			return err
		}
	}
	return nil
}
