package desk

import (
	"context"
	"slices"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/event"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// ContactFields returns what is known of customers beside their name and how
// to reach them, in order. Everybody who works here may know the names.
func (d *Desk) ContactFields(ctx context.Context) (contact.Fields, error) {
	return d.DB.Now().Fields(ctx)
}

// PutContactField adds a field, or changes the one with its code. Version is
// the one that was read, 0 for a new one. The kind of a field stays: values
// that customers have would not fit any more.
func (d *Desk) PutContactField(ctx context.Context, by agent.Actor, f contact.Field) (_ contact.Field, err error) {
	defer fault.Wrap(&err, "define the field %s", f.Code)
	if err := by.Need(agent.ContactFields); err != nil {
		return f, err
	}
	if f, err = f.Check(); err != nil {
		return f, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		fs, err := tx.Fields(ctx)
		if err != nil {
			return err
		}
		place := slices.IndexFunc(fs, func(o contact.Field) bool { return o.Code == f.Code })
		switch {
		case place < 0 && f.Version != 0, place >= 0 && fs[place].Version != f.Version:
			return fault.New(fault.Conflict, "store.changed", "someone changed this a moment ago; read it again")
		case place >= 0 && fs[place].Kind != f.Kind:
			return fault.New(fault.Invalid, "attribute.kind_stays", "what a field holds cannot be changed; define another field").In("body.kind")
		case place < 0 && len(fs) >= contact.MaxFields:
			return fault.New(fault.Invalid, "attribute.many", "there are at most %d fields", contact.MaxFields)
		case place < 0:
			place = len(fs)
		}
		if err := tx.PutField(ctx, f, place); err != nil {
			return err
		}
		return d.fieldsChanged(ctx, tx, by, "contact_field.put", f.Code, f.Name.Zh)
	})
	if err == nil {
		f.Version++
	}
	return f, err
}

// DropContactField removes a field. The values that customers have stay, as
// attributes that nobody defined.
func (d *Desk) DropContactField(ctx context.Context, by agent.Actor, code string) error {
	if err := by.Need(agent.ContactFields); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		fs, err := tx.Fields(ctx)
		if err != nil {
			return err
		}
		f, ok := fs.Of(code)
		if !ok {
			return fault.New(fault.NotFound, "attribute.unknown", "there is no such %s", "field")
		}
		if f.Sight != contact.SeenByAll {
			return fault.New(fault.Conflict, "attribute.personal", "a field that not all may see stays, so that its values do not come to light; remove it from the customers first and let all see it")
		}
		if _, err := tx.DropField(ctx, code); err != nil {
			return err
		}
		return d.fieldsChanged(ctx, tx, by, "contact_field.drop", code, f.Name.Zh)
	})
}

func (d *Desk) fieldsChanged(ctx context.Context, tx *store.Tx, by agent.Actor, action, code, name string) error {
	if err := tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Object{Kind: "contact_field", ID: code, Name: name}, nil)); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: d.Now()})
}

// TagsInUse returns the tags that customers have, those in use most first.
func (d *Desk) TagsInUse(ctx context.Context, by agent.Actor) ([]store.TagUse, error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return nil, err
	}
	return d.DB.Now().TagsInUse(ctx, mostRows)
}
