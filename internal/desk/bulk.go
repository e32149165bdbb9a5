package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/tag"
	"yingda/internal/domain/view"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

const (
	// bulkAtOnce is how much of a run is done while the agent waits; a longer
	// one goes on as a job, in pieces of that size.
	bulkAtOnce = 20
	bulkPage   = 100
	bulkPages  = 40          // how many pages of a list are looked through for a run
	bulkGrace  = time.Minute // then a short run that was cut off is taken up again
)

// BulkWork is the payload of BulkJob.
type BulkWork struct {
	Run conversation.BulkID `json:"run"`
}

// Choice is which conversations a run takes: these, or all of a list.
type Choice struct {
	IDs    []conversation.ID `json:"ids,omitempty" maxItems:"1000"`
	Filter *view.Filter      `json:"filter,omitempty" doc:"all of a list, at most 1000"`
}

// StartBulk does the same to many conversations. Each is asked for with the
// actor's rights, in a transaction of its own: what is refused stands in the
// answer with why, and keeps nothing else back. A short run has ended when this
// returns, a longer one goes on as a job.
func (d *Desk) StartBulk(ctx context.Context, by agent.Actor, of Choice, b conversation.Bulk) (r store.BulkRun, err error) {
	defer fault.Wrap(&err, "start a bulk run")
	if err := by.Need(agent.ConversationRead); err != nil {
		return r, err
	}
	if b, err = checkBulk(by, b); err != nil {
		return r, err
	}
	r = store.BulkRun{ID: conversation.NewBulkID(d.Now()), Bulk: b, By: by, At: d.Now()}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		r.Items, err = d.chosen(ctx, tx, by, of)
		return err
	})
	if err != nil {
		return r, err
	}
	return d.startBulk(ctx, by, r)
}

func (d *Desk) startBulk(ctx context.Context, by agent.Actor, r store.BulkRun) (store.BulkRun, error) {
	err := d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertBulkRun(ctx, r); err != nil {
			return err
		}
		o := audit.Of("bulk", r.ID, string(r.Bulk.Act))
		if err := tx.Audit(ctx, audit.By(by, d.Now(), "conversation.bulk", o, map[string]any{"conversations": len(r.Items)})); err != nil {
			return err
		}
		// the job is there from the beginning: if we die now, it does the rest
		due := d.Now()
		if len(r.Items) <= bulkAtOnce {
			due = due.Add(bulkGrace)
		}
		return tx.EnqueueOnce(ctx, BulkJob, r.ID.String(), BulkWork{r.ID}, due, d.Now())
	})
	if err != nil {
		return r, err
	}
	if len(r.Items) <= bulkAtOnce {
		if err := d.doBulk(ctx, r.ID); err != nil {
			return r, err
		}
	}
	return d.DB.Now().BulkRun(ctx, r.ID)
}

// checkBulk says at once what would be refused for every conversation.
func checkBulk(by agent.Actor, b conversation.Bulk) (conversation.Bulk, error) {
	if err := b.Check(); err != nil {
		return b, err
	}
	switch b.Act {
	case conversation.BulkTransfer:
		h, err := Handover{Agent: b.Agent, Team: b.Team, Note: b.Note}.check(by)
		b.Note = h.Note
		return b, err
	case conversation.BulkClose:
		if err := by.Need(agent.ConversationClose); err != nil {
			return b, err
		}
		if b.Summary == nil {
			b.Summary = &conversation.Summary{}
		}
		return b, checkSummary(*b.Summary)
	case conversation.BulkTag:
		if _, err := tag.Apply(nil, b.Add, b.Remove); err != nil {
			return b, err
		}
	case conversation.BulkPrioritise, conversation.BulkUndo:
	}
	return b, by.Need(agent.ConversationReply)
}

// chosen are the items of a run: each conversation once.
func (d *Desk) chosen(ctx context.Context, tx *store.Tx, by agent.Actor, of Choice) (items []store.BulkItem, err error) {
	if of.Filter == nil {
		ids := slices.Compact(slices.Sorted(slices.Values(of.IDs)))
		for _, i := range ids {
			item := store.BulkItem{Conversation: i}
			if c, err := seen(ctx, tx, by, i); err == nil { // one that is not seen is refused when its turn comes
				item.Number, item.Name = c.Number, c.ContactName
			}
			items = append(items, item)
		}
	} else {
		f, err := of.Filter.Check(view.Conversations)
		if err != nil {
			return nil, err
		}
		q := TalkQuery(f, d.Now())
		q.By = by
		if items, err = listed(ctx, tx, q, bulkPages); err != nil {
			return nil, err
		}
	}
	switch {
	case len(items) == 0:
		return nil, fault.New(fault.Invalid, "bulk.none", "choose at least one conversation").In("ids")
	case len(items) > conversation.MostBulk:
		return nil, fault.New(fault.Invalid, "bulk.many", "this would be more than %d conversations; narrow the list", conversation.MostBulk).In("ids")
	}
	return items, nil
}

// listed are the items of a run over a list, one more than a run takes if there
// are more. A page may hold little where much was looked at, so no more pages
// are read than so many.
func listed(ctx context.Context, tx *store.Tx, q ListQuery, pages int) (items []store.BulkItem, err error) {
	q.Limit = bulkPage
	for range pages {
		cs, next, err := tx.ListConversations(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, c := range cs {
			items = append(items, store.BulkItem{Conversation: c.ID, Number: c.Number, Name: c.ContactName})
		}
		if next == "" || len(items) > conversation.MostBulk {
			return items, nil
		}
		q.Cursor = next
	}
	return nil, fault.New(fault.Invalid, "bulk.wide", "there is too much to look through for this; narrow the list").In("ids")
}

// Bulk returns a run of the actor's own.
func (d *Desk) Bulk(ctx context.Context, by agent.Actor, i conversation.BulkID) (r store.BulkRun, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		r, err = ownBulk(ctx, tx, by, i)
		return err
	})
	return r, err
}

func ownBulk(ctx context.Context, tx *store.Tx, by agent.Actor, i conversation.BulkID) (store.BulkRun, error) {
	r, err := tx.BulkRun(ctx, i)
	if err == nil && r.By.Agent != by.Agent {
		return store.BulkRun{}, fault.New(fault.NotFound, "bulk.unknown", "there is no such %s", "bulk run")
	}
	return r, err
}

// UndoBulk takes back what a run of the actor's own did, where it still can be:
// a conversation that somebody has gone on with stays as it is.
func (d *Desk) UndoBulk(ctx context.Context, by agent.Actor, i conversation.BulkID) (r store.BulkRun, err error) {
	defer fault.Wrap(&err, "undo the bulk run %s", i)
	was, err := d.Bulk(ctx, by, i)
	switch {
	case err != nil:
		return r, err
	case was.EndedAt.IsZero():
		return r, fault.New(fault.Conflict, "bulk.runs", "this is not finished yet; wait for it")
	case was.Undone || was.Bulk.Act == conversation.BulkUndo:
		return r, fault.New(fault.Conflict, "bulk.undone", "this was taken back already")
	}
	r = store.BulkRun{ID: conversation.NewBulkID(d.Now()), Bulk: was.Bulk, By: by, Undoes: i, At: d.Now()}
	r.Bulk.Act = conversation.BulkUndo
	for _, item := range was.Items {
		if item.Outcome == "done" {
			r.Items = append(r.Items, store.BulkItem{Conversation: item.Conversation, Number: item.Number, Name: item.Name, Before: item.Before})
		}
	}
	if len(r.Items) == 0 {
		return r, fault.New(fault.Conflict, "bulk.undone", "this was taken back already")
	}
	return d.startBulk(ctx, by, r)
}

// GoOnBulk does the next piece of a run.
func (d *Desk) GoOnBulk(ctx context.Context, w BulkWork) error { return d.doBulk(ctx, w.Run) }

// doBulk does a piece of a run, and sees to the rest.
func (d *Desk) doBulk(ctx context.Context, i conversation.BulkID) error {
	r, err := d.DB.Now().BulkRun(ctx, i)
	if err != nil {
		return err
	}
	by, err := d.actorNow(ctx, r.By)
	if err != nil {
		return err
	}
	left, err := d.DB.Now().BulkItemsLeft(ctx, i, bulkAtOnce)
	if err != nil {
		return err
	}
	for _, item := range left {
		if err := d.doItem(ctx, by, r, item); err != nil {
			return err
		}
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		left, err := tx.BulkItemsLeft(ctx, i, 1)
		if err != nil {
			return err
		}
		if len(left) > 0 {
			return tx.EnqueueOnce(ctx, BulkJob, i.String(), BulkWork{i}, d.Now(), d.Now())
		}
		ended, err := tx.EndBulkRun(ctx, i, d.Now())
		if err != nil || !ended || len(r.Items) <= bulkAtOnce {
			return err
		}
		return d.tellBulk(ctx, tx, i)
	})
}

// tellBulk tells who asked for a long run that it has ended.
func (d *Desk) tellBulk(ctx context.Context, tx *store.Tx, i conversation.BulkID) error {
	r, err := tx.BulkRun(ctx, i)
	if err != nil {
		return err
	}
	done := 0
	for _, item := range r.Items {
		if item.Outcome == "done" {
			done++
		}
	}
	return d.Inform(ctx, tx, r.By.Agent, event.Notice{Kind: "bulk", Text: fmt.Sprintf("%d/%d", done, len(r.Items))})
}

// actorNow is who asked for a run, with what they may still do.
func (d *Desk) actorNow(ctx context.Context, asked agent.Actor) (by agent.Actor, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		a, err := tx.Agent(ctx, asked.Agent)
		if err != nil {
			return err
		}
		roles, err := tx.RolesOf(ctx, asked.Agent)
		if err != nil {
			return err
		}
		now := agent.Actor{}.With(roles...)
		by = asked
		by.Permissions = slices.DeleteFunc(slices.Clone(asked.Permissions), func(p agent.Permission) bool { return a.Disabled || !now.May(p) })
		by.Scope, by.Teams = now.Scope, nil
		for _, t := range a.Teams {
			by.Teams = append(by.Teams, t.ID)
		}
		return nil
	})
	return by, err
}

// doItem does what a run asks to one conversation: the act and that it was done
// are one transaction, so that it is done once.
func (d *Desk) doItem(ctx context.Context, by agent.Actor, r store.BulkRun, item store.BulkItem) error {
	err := d.DB.Update(ctx, func(tx *store.Tx) error {
		did := item
		did.Outcome = "done"
		c, before, err := d.bulkAct(ctx, tx, by, r.Bulk, item)
		if err != nil {
			return err
		}
		did.Before, did.Number, did.Name = before, c.Number, c.ContactName
		return tx.EndBulkItem(ctx, r.ID, did)
	})
	if err == nil || errors.Is(err, store.ErrBulkItemEnded) {
		return nil
	}
	why, ok := refusal(err)
	if !ok {
		return err
	}
	item.Outcome, item.Why = "refused", &why
	err = d.DB.Update(ctx, func(tx *store.Tx) error { return tx.EndBulkItem(ctx, r.ID, item) })
	if errors.Is(err, store.ErrBulkItemEnded) {
		return nil
	}
	return err
}

// bulkAct does the act of a run, and returns the conversation as it is now and
// what it takes to undo it.
func (d *Desk) bulkAct(ctx context.Context, tx *store.Tx, by agent.Actor, b conversation.Bulk, item store.BulkItem) (c conversation.Conversation, was conversation.Before, err error) {
	if c, err = seen(ctx, tx, by, item.Conversation); err != nil {
		return c, was, err
	}
	was = conversation.Before{Act: b.Act, Set: b.Priority, State: c.State, Agent: c.Agent, Team: c.Team, Priority: c.Priority}
	switch b.Act {
	case conversation.BulkTransfer:
		if err := by.Need(agent.ConversationTransfer); err != nil {
			return c, was, err
		}
		c, err = d.transfer(ctx, tx, by, c.ID, Handover{Agent: b.Agent, Team: b.Team, Note: b.Note})
		return c, was, err
	case conversation.BulkClose:
		if err := by.Need(agent.ConversationClose); err != nil {
			return c, was, err
		}
		c, err = d.finish(ctx, tx, by, c.ID, *b.Summary)
		return c, was, err
	case conversation.BulkTag:
		if err := by.Need(agent.ConversationReply); err != nil {
			return c, was, err
		}
		had := c.Tags
		if err := d.retag(ctx, tx, c, b.Add, b.Remove); err != nil {
			return c, was, err
		}
		c, err = tx.Conversation(ctx, c.ID)
		was.Added, was.Removed = without(c.Tags, had), without(had, c.Tags)
		return c, was, err
	case conversation.BulkPrioritise:
		if err := by.Need(agent.ConversationReply); err != nil {
			return c, was, err
		}
		c, err = d.bulkPrioritise(ctx, tx, by, c, b.Priority)
		return c, was, err
	case conversation.BulkUndo:
		c, err = d.bulkUndo(ctx, tx, by, c, item.Before)
		return c, was, err
	}
	return c, was, b.Check()
}

func (d *Desk) bulkPrioritise(ctx context.Context, tx *store.Tx, by agent.Actor, c conversation.Conversation, to int) (conversation.Conversation, error) {
	if c.Priority == to {
		return c, fault.New(fault.Conflict, "bulk.same", "it has this priority already")
	}
	c, err := d.prioritise(ctx, tx, by, c, to)
	if err != nil {
		return c, err
	}
	if err := d.announce(ctx, tx, c, "placed", 0); err != nil || c.QueuedAt.IsZero() {
		return c, err
	}
	return c, d.wantRoute(ctx, tx, d.Now())
}

// bulkUndo makes of a conversation what it was, if nobody has gone on with it.
func (d *Desk) bulkUndo(ctx context.Context, tx *store.Tx, by agent.Actor, c conversation.Conversation, was conversation.Before) (conversation.Conversation, error) {
	switch {
	case was.Act == conversation.BulkTag:
		if err := d.retag(ctx, tx, c, was.Removed, was.Added); err != nil {
			return c, err
		}
		return tx.Conversation(ctx, c.ID)
	case was.Act == conversation.BulkPrioritise && c.Priority == was.Set:
		return d.bulkPrioritise(ctx, tx, by, c, was.Priority)
	case was.Act == conversation.BulkClose && c.State == conversation.Closed && was.State != conversation.Active:
		return c, fault.New(fault.Conflict, "bulk.over", "this conversation was over for the customer before; it stays closed")
	case was.Act == conversation.BulkClose && c.State == conversation.Closed && !was.Agent.IsZero():
		if other, open, err := tx.OpenConversationOf(ctx, c.Contact, c.Inbox); err != nil {
			return c, err
		} else if open {
			return c, fault.New(fault.Conflict, "conversation.newer", "this customer is already in conversation %d; go there", other.Number)
		}
		c, err := d.giveBack(ctx, tx, by, c, was.Agent, conversation.Reopen)
		if err != nil {
			return c, err
		}
		return c, d.announce(ctx, tx, c, "reopened", 0)
	case was.Act == conversation.BulkTransfer && c.State == conversation.Queued && was.State == conversation.Active && !was.Agent.IsZero():
		c.Team = was.Team
		return d.giveBack(ctx, tx, by, c, was.Agent, conversation.Accept)
	}
	return c, fault.New(fault.Conflict, "bulk.gone_on", "somebody has gone on with this conversation; it stays as it is")
}

// giveBack gives a conversation to whom it was taken from, if they may speak
// with its contact and are there. One's own one takes back wherever one is.
func (d *Desk) giveBack(ctx context.Context, tx *store.Tx, by agent.Actor, c conversation.Conversation, to agent.ID, a conversation.Act) (conversation.Conversation, error) {
	if byPhone(c) {
		return c, errByPhone
	}
	if err := maySpeak(ctx, tx, c, to); err != nil {
		return c, err
	}
	seat, err := tx.Seat(ctx, to)
	if err != nil {
		return c, err
	}
	if to != by.Agent && !isThere(seat) {
		return c, fault.New(fault.Conflict, "bulk.away", "%s is not there now; it stays as it is", seat.Name)
	}
	return d.give(ctx, tx, c, to, a)
}

// without returns what stands in one list and not in another.
func without(list, other []string) (rest []string) {
	for _, s := range list {
		if !slices.Contains(other, s) {
			rest = append(rest, s)
		}
	}
	return rest
}
