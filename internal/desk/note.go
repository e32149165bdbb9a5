package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Notes returns a page of what people noted on a customer, the newest first;
// the first page begins with those that are pinned.
func (d *Desk) Notes(ctx context.Context, by agent.Actor, i contact.ID, cursor string, limit int) (p Page[contact.Note], err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return p, err
	}
	var before contact.NoteID
	if cursor != "" {
		if before, err = readPlace[contact.NoteID](cursor); err != nil {
			return p, err
		}
	}
	limit = limited100(limit)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		who, err := tx.Person(ctx, i)
		if err != nil {
			return err
		}
		if cursor == "" {
			if p.Items, err = tx.Notes(ctx, who.ID, true, 0, mostPinned); err != nil {
				return err
			}
		}
		rest, err := tx.Notes(ctx, who.ID, false, before, limit+1)
		if len(rest) > limit {
			rest = rest[:limit]
			p.Next = store.WriteCursor(int64(rest[limit-1].ID))
		}
		p.Items = append(p.Items, rest...)
		return err
	})
	return p, err
}

// mostPinned is how many notes stand first.
const mostPinned = 20

// AddNote notes something on a customer.
func (d *Desk) AddNote(ctx context.Context, by agent.Actor, i contact.ID, text string, pinned bool) (n contact.Note, err error) {
	if err := by.Need(agent.ContactEdit); err != nil {
		return n, err
	}
	if text, err = contact.CheckNote(text); err != nil {
		return n, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		who, err := tx.Person(ctx, i)
		if err != nil {
			return err
		}
		n = contact.Note{ID: contact.NewNoteID(d.Now()), Contact: who.ID, Agent: by.Agent, By: by.Name, Text: text, Pinned: pinned, At: d.Now()}
		if err := tx.AddNote(ctx, n); err != nil {
			return err
		}
		return d.noted(ctx, tx, by, "contact.note", n, who)
	})
	return n, err
}

// ChangeNote changes a note: its text whoever wrote it, whether it is pinned
// whoever may edit customers.
func (d *Desk) ChangeNote(ctx context.Context, by agent.Actor, i contact.NoteID, text *string, pinned *bool) (n contact.Note, err error) {
	return d.changeNote(ctx, by, i, "contact.note_change", text != nil, func(tx *store.Tx, n contact.Note) (contact.Note, error) {
		if text != nil {
			if n.Text, err = contact.CheckNote(*text); err != nil {
				return n, err
			}
			n.ChangedAt = d.Now()
		}
		if pinned != nil {
			n.Pinned = *pinned
		}
		return n, tx.ChangeNote(ctx, n)
	})
}

// DropNote removes a note; whoever wrote it may, and supervisors.
func (d *Desk) DropNote(ctx context.Context, by agent.Actor, i contact.NoteID) error {
	_, err := d.changeNote(ctx, by, i, "contact.note_drop", true, func(tx *store.Tx, n contact.Note) (contact.Note, error) {
		return n, tx.DropNote(ctx, n.ID)
	})
	return err
}

func (d *Desk) changeNote(ctx context.Context, by agent.Actor, i contact.NoteID, action string, own bool, change func(*store.Tx, contact.Note) (contact.Note, error)) (n contact.Note, err error) {
	if err := by.Need(agent.ContactEdit); err != nil {
		return n, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if n, err = tx.Note(ctx, i); err != nil {
			return err
		}
		if own && n.Agent != by.Agent && !by.May(agent.ConversationMonitor) {
			return fault.New(fault.Forbidden, "contact.note_other", "only who wrote a note and supervisors may change it")
		}
		who, err := tx.Contact(ctx, n.Contact)
		if err != nil {
			return err
		}
		if n, err = change(tx, n); err != nil {
			return err
		}
		return d.noted(ctx, tx, by, action, n, who)
	})
	return n, err
}

func (d *Desk) noted(ctx context.Context, tx *store.Tx, by agent.Actor, action string, n contact.Note, who contact.Contact) error {
	if err := tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("contact", who.ID, who.Name), map[string]any{"note": n.ID.String()})); err != nil {
		return err
	}
	return d.contactNews(ctx, tx, who.ID)
}

// Steps returns what was tried already with a customer, the newest first
// (R082).
func (d *Desk) Steps(ctx context.Context, by agent.Actor, i contact.ID) (steps []contact.Step, err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return nil, err
	}
	tx := d.DB.Now()
	who, err := tx.Person(ctx, i)
	if err != nil {
		return nil, err
	}
	return tx.Steps(ctx, who.ID, mostRows)
}

// AddStep notes something that was tried already. Talk may name the
// conversation in which it was said.
func (d *Desk) AddStep(ctx context.Context, by agent.Actor, s contact.Step) (_ contact.Step, err error) {
	if err := by.Need(agent.ContactEdit); err != nil {
		return s, err
	}
	if s, err = s.Check(); err != nil {
		return s, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		who, err := tx.Person(ctx, s.Contact)
		if err != nil {
			return err
		}
		s.ID, s.Contact, s.At, s.By = contact.NewStepID(d.Now()), who.ID, d.Now(), by.Name
		if err := tx.AddStep(ctx, s); err != nil {
			return err
		}
		return d.contactNews(ctx, tx, who.ID)
	})
	return s, err
}

// DropStep removes a step that was noted by mistake.
func (d *Desk) DropStep(ctx context.Context, by agent.Actor, i contact.StepID) error {
	if err := by.Need(agent.ContactEdit); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		s, err := tx.Step(ctx, i)
		if err != nil {
			return err
		}
		if err := tx.DropStep(ctx, i); err != nil {
			return err
		}
		if err := tx.Audit(ctx, audit.By(by, d.Now(), "contact.step_drop", audit.Of("contact", s.Contact, ""), map[string]any{"text": s.Text})); err != nil {
			return err
		}
		return d.contactNews(ctx, tx, s.Contact)
	})
}
