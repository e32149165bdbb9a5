package desk

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/event"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Twin is somebody who may be the same person as another, as a list shows them.
type Twin struct {
	Card
	By []contact.IdentityKind
}

// Twins returns who may be the same person as a contact: who has the same
// number or address (R083).
func (d *Desk) Twins(ctx context.Context, by agent.Actor, i contact.ID) (twins []Twin, err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		who, err := tx.Person(ctx, i)
		if err != nil {
			return err
		}
		twins, err = d.twins(ctx, tx, by, who.ID)
		return err
	})
	return twins, err
}

func (d *Desk) twins(ctx context.Context, tx *store.Tx, by agent.Actor, person contact.ID) ([]Twin, error) {
	found, err := tx.Twins(ctx, person)
	if err != nil {
		return nil, err
	}
	people := make([]contact.Contact, 0, len(found))
	for i := range found {
		c, err := tx.Contact(ctx, i)
		if err != nil {
			return nil, err
		}
		people = append(people, c)
	}
	slices.SortFunc(people, func(a, b contact.Contact) int { return b.LastSeenAt.Compare(a.LastSeenAt) })
	cs, err := d.cards(ctx, tx, by, people)
	twins := make([]Twin, 0, len(cs))
	for _, c := range cs {
		twins = append(twins, Twin{c, found[c.ID]})
	}
	return twins, err
}

// Same are people who have a number or an address in common.
type Same struct {
	Kind   contact.IdentityKind
	Shown  string // masked
	People []Card
}

// mostSame is how many people with one number are shown.
const mostSame = 10

// Duplicates returns a page of numbers and addresses that more than one person
// has, with these people. Those of whom somebody said that they are two are
// left out.
func (d *Desk) Duplicates(ctx context.Context, by agent.Actor, cursor string, limit int) (p Page[Same], err error) {
	if err := by.Need(agent.ContactMerge); err != nil {
		return p, err
	}
	limit = limited100(limit)
	after := store.Shared{}
	if cursor != "" {
		place, err := d.SealPerson.Open(cursor)
		kind, value, ok := strings.Cut(string(place), " ")
		if err != nil || !ok {
			return p, fault.New(fault.Invalid, "list.cursor", "the place in the list is not valid any more; begin at the start").In("query.cursor")
		}
		after = store.Shared{Kind: contact.IdentityKind(kind), Value: value}
	}
	p.Items = []Same{}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		shared, err := tx.SharedAfter(ctx, after, limit+1)
		if err != nil {
			return err
		}
		if len(shared) > limit {
			shared = shared[:limit]
			last := shared[limit-1]
			p.Next = d.SealPerson.Seal([]byte(string(last.Kind) + " " + last.Value)) // no list shows it whole
		}
		for _, s := range shared {
			same, err := d.same(ctx, tx, by, s)
			if err != nil {
				return err
			}
			if len(same.People) > 1 {
				p.Items = append(p.Items, same)
			}
		}
		return nil
	})
	return p, err
}

func (d *Desk) same(ctx context.Context, tx *store.Tx, by agent.Actor, s store.Shared) (Same, error) {
	same := Same{Kind: s.Kind, Shown: contact.Known{Kind: s.Kind, Shown: s.Value}.Masked().Shown}
	ids, err := tx.KnownBy(ctx, s.Kind, s.Value, mostSame)
	if err != nil {
		return same, err
	}
	people := make([]contact.Contact, 0, len(ids))
	for _, i := range ids {
		strangers, err := tx.Strangers(ctx, i)
		if err != nil {
			return same, err
		}
		if !slices.ContainsFunc(ids, func(o contact.ID) bool { return o != i && !slices.Contains(strangers, o) }) {
			continue // another person than each of the others
		}
		c, err := tx.Contact(ctx, i)
		if err != nil {
			return same, err
		}
		people = append(people, c)
	}
	same.People, err = d.cards(ctx, tx, by, people)
	return same, err
}

// NotSame notes that two people with the same number or address are two, so
// that they are not suggested again.
func (d *Desk) NotSame(ctx context.Context, by agent.Actor, one, other contact.ID) error {
	if err := by.Need(agent.ContactMerge); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		a, b, err := both(ctx, tx, one, other)
		if err != nil {
			return err
		}
		if a.ID == b.ID {
			return contact.CheckMerge(a, b)
		}
		if err := tx.SayStrangers(ctx, a.ID, b.ID, d.Now(), by.Name); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "contact.not_same", audit.Of("contact", a.ID, a.Name), map[string]any{"other": b.ID.String(), "other_name": b.Name}))
	})
}

// both returns two people, and in a transaction keeps others from changing
// them. The older one is taken first, so that nobody waits for each other.
func both(ctx context.Context, tx *store.Tx, one, other contact.ID) (a, b contact.Contact, err error) {
	if one > other {
		b, a, err = both(ctx, tx, other, one)
		return a, b, err
	}
	if a, err = tx.Person(ctx, one); err == nil {
		b, err = tx.Person(ctx, other)
	}
	return a, b, err
}

// Preview is what a merge would make of two people.
type Preview struct {
	Kept, Other Card
	Lines       []contact.Line // masked
	Moves       store.Belongings
	Refused     error // why it cannot be; nil if it can
}

// PreviewMerge shows what merging other into kept would do: which value wins,
// and what the record of kept would hold besides. Take names fields whose
// value is to be the other's.
func (d *Desk) PreviewMerge(ctx context.Context, by agent.Actor, kept, other contact.ID, take []string) (p Preview, err error) {
	if err := by.Need(agent.ContactMerge); err != nil {
		return p, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		a, b, err := both(ctx, tx, kept, other)
		if err != nil {
			return err
		}
		p.Refused = contact.CheckMerge(a, b)
		_, p.Lines = contact.Plan(a, b, take)
		fields, err := tx.Fields(ctx)
		if err != nil {
			return err
		}
		for i, l := range p.Lines {
			p.Lines[i].Kept, p.Lines[i].Other = maskField(fields, by, l.Field, l.Kept), maskField(fields, by, l.Field, l.Other)
		}
		cs, err := d.cards(ctx, tx, by, []contact.Contact{a, b})
		if err != nil {
			return err
		}
		p.Kept, p.Other = cs[0], cs[1]
		p.Moves, err = tx.BelongingsOf(ctx, b.ID)
		return err
	})
	return p, err
}

// maskField returns a field of a merge as an actor may see it.
func maskField(fields contact.Fields, by agent.Actor, name, value string) string {
	switch name {
	case "phone":
		return contact.MaskPhone(value)
	case "email":
		return contact.MaskEmail(value)
	}
	if attribute, ok := strings.CutPrefix(name, contact.AttributeField("")); ok {
		return fields.Shown(by, attribute, value)
	}
	return value
}

// maxWhy is the longest reason of a merge, in characters.
const maxWhy = 200

// MergeContacts makes two contacts one person: kept stands for both from now
// on. What each wrote and handed in stays their own, for their eyes; people who
// work here read it together. The merge can be taken back (R083). Where it
// changes a phone number or an address of the kept one, they must be verified,
// as for any change of these (R089).
func (d *Desk) MergeContacts(ctx context.Context, by agent.Actor, kept, other contact.ID, take []string, why string, v verification.ID) (card Card, err error) {
	defer fault.Wrap(&err, "merge contact %s into %s", other, kept)
	if err := by.Need(agent.ContactMerge); err != nil {
		return card, err
	}
	if why = strings.TrimSpace(why); utf8.RuneCountInString(why) > maxWhy {
		return card, fault.New(fault.Invalid, "contact.merge_why", "the reason has at most %d characters", maxWhy).In("body.why")
	}
	var c contact.Contact
	if err := d.DB.Update(ctx, func(tx *store.Tx) error {
		a, b, err := both(ctx, tx, kept, other)
		if err != nil {
			return err
		}
		if next, _ := contact.Plan(a, b, take); next.Phone != a.Phone && a.Phone != "" || next.Email != a.Email && a.Email != "" {
			if err := d.Verified(ctx, tx, by, verification.ChangeContact, a.ID, v); err != nil { // as if it was typed (R089)
				return err
			}
		}
		c, err = d.mergePeople(ctx, tx, by, a, b, take, why)
		return err
	}); err != nil {
		return card, err
	}
	return d.card(ctx, by, c)
}

func (d *Desk) mergePeople(ctx context.Context, tx *store.Tx, by agent.Actor, a, b contact.Contact, take []string, why string) (contact.Contact, error) {
	if err := contact.CheckMerge(a, b); err != nil {
		return a, err
	}
	c, _ := contact.Plan(a, b, take)
	if b.LastSeenAt.After(c.LastSeenAt) {
		c.LastSeenAt = b.LastSeenAt
	}
	behind, err := tx.SamePerson(ctx, b.ID)
	if err != nil {
		return a, err
	}
	m := contact.Merge{
		ID: contact.NewMergeID(d.Now()), Kept: a.ID, Other: b.ID, KeptName: a.Name, Name: b.Name, Changes: contact.ChangesOf(a, c), Why: why, At: d.Now(), By: by.Name,
	}
	for _, o := range []contact.Contact{a, b} { // who was verified as one is not yet verified as both
		if err := d.endVerifications(ctx, tx, by, o.ID); err != nil {
			return a, err
		}
	}
	for _, o := range behind {
		m.Behind = append(m.Behind, o.ID)
		if err := tx.SetPerson(ctx, o.ID, a.ID); err != nil {
			return a, err
		}
	}
	if err := tx.AddMerge(ctx, m); err != nil {
		return a, err
	}
	if err := tx.SaveContact(ctx, a, c); err != nil {
		return a, err
	}
	c.Version++
	if err := tx.RenamePerson(ctx, c); err != nil {
		return a, err
	}
	if err := tx.UnindexContact(ctx, b.ID); err != nil {
		return a, err
	}
	if err := tx.IndexPerson(ctx, a.ID); err != nil {
		return a, err
	}
	return c, d.regrouped(ctx, tx, by, "contact.merge", m, c, b)
}

// UnmergeContacts takes a merge back: the contacts are two people again, each
// with what was theirs. Fields that somebody changed since stay as they are,
// and are named.
func (d *Desk) UnmergeContacts(ctx context.Context, by agent.Actor, i contact.MergeID) (kept, other Card, stay []string, err error) {
	defer fault.Wrap(&err, "take back the merge %s", i)
	if err := by.Need(agent.ContactMerge); err != nil {
		return kept, other, nil, err
	}
	var a, b contact.Contact
	if err := d.DB.Update(ctx, func(tx *store.Tx) error {
		a, b, stay, err = d.unmerge(ctx, tx, by, i)
		return err
	}); err != nil {
		return kept, other, nil, err
	}
	if kept, err = d.card(ctx, by, a); err != nil {
		return kept, other, nil, err
	}
	other, err = d.card(ctx, by, b)
	return kept, other, stay, err
}

func (d *Desk) unmerge(ctx context.Context, tx *store.Tx, by agent.Actor, i contact.MergeID) (c, b contact.Contact, stay []string, err error) {
	m, err := tx.Merge(ctx, i)
	if err != nil {
		return c, b, nil, err
	}
	a, err := tx.Contact(ctx, m.Kept)
	if err != nil {
		return c, b, nil, err
	}
	if m, err = tx.Merge(ctx, i); err != nil { // as it is now that nobody else changes it
		return c, b, nil, err
	}
	all, err := tx.MergesWith(ctx, m.Kept)
	if err != nil {
		return c, b, nil, err
	}
	later := slices.DeleteFunc(all, func(l contact.Merge) bool { return l.ID <= m.ID || !l.UndoneAt.IsZero() })
	if err := m.CheckApart(a, later); err != nil {
		return c, b, nil, err
	}
	for _, o := range m.Behind {
		if err := tx.SetPerson(ctx, o, m.Other); err != nil {
			return c, b, nil, err
		}
	}
	if b, err = tx.Contact(ctx, m.Other); err != nil {
		return c, b, nil, err
	}
	c, stay = m.Apart(a)
	if err := tx.SaveContact(ctx, a, c); err != nil {
		return c, b, nil, err
	}
	c.Version++
	for _, p := range []contact.Contact{c, b} {
		if err := tx.RenamePerson(ctx, p); err != nil {
			return c, b, nil, err
		}
		if err := tx.IndexPerson(ctx, p.ID); err != nil {
			return c, b, nil, err
		}
	}
	if err := tx.EndMerge(ctx, i, d.Now(), by.Name); err != nil {
		return c, b, nil, err
	}
	return c, b, stay, d.regrouped(ctx, tx, by, "contact.unmerge", m, c, b)
}

// regrouped writes a merge, or that it was taken back, into the audit log of
// both, and tells the consoles.
func (d *Desk) regrouped(ctx context.Context, tx *store.Tx, by agent.Actor, action string, m contact.Merge, kept, other contact.Contact) error {
	fields := make([]string, 0, len(m.Changes))
	for _, c := range m.Changes {
		fields = append(fields, c.Field)
	}
	for _, e := range []struct{ about, with contact.Contact }{{kept, other}, {other, kept}} {
		detail := map[string]any{"merge": m.ID.String(), "other": e.with.ID.String(), "other_name": e.with.Name, "kept": kept.ID.String(), "fields": fields}
		if m.Why != "" {
			detail["why"] = m.Why
		}
		if err := tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("contact", e.about.ID, e.about.Name), detail)); err != nil {
			return err
		}
	}
	for _, c := range []contact.Contact{kept, other} {
		if err := d.renamed(ctx, tx, c.ID); err != nil {
			return err
		}
		if err := d.contactNews(ctx, tx, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// contactNews tells the consoles that what they show of a contact has changed.
func (d *Desk) contactNews(ctx context.Context, tx *store.Tx, i contact.ID) error {
	return tx.Emit(ctx, event.Event{Kind: event.ContactChanged, Contact: i, At: d.Now(), Body: event.Encode(event.Contact{ID: i})})
}

// Merges returns the merges by which a contact came about, also those that
// were taken back, the newest first. What they changed is masked.
func (d *Desk) Merges(ctx context.Context, by agent.Actor, i contact.ID) (merges []contact.Merge, err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		who, err := tx.Person(ctx, i)
		if err != nil {
			return err
		}
		fields, err := tx.Fields(ctx)
		if err != nil {
			return err
		}
		merges, err = tx.MergesOfPerson(ctx, who.ID)
		for _, m := range merges {
			for j, c := range m.Changes {
				m.Changes[j].From, m.Changes[j].To = maskField(fields, by, c.Field, c.From), maskField(fields, by, c.Field, c.To)
			}
		}
		return err
	})
	return merges, err
}

// Identities returns by what a person is known, masked: numbers, addresses and
// ids of all contacts that are one with them.
func (d *Desk) Identities(ctx context.Context, by agent.Actor, i contact.ID) (known []contact.Known, err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		who, err := tx.Person(ctx, i)
		if err != nil {
			return err
		}
		known, err = tx.Identities(ctx, who.ID)
		for j, k := range known {
			known[j] = k.Masked()
		}
		return err
	})
	return known, err
}

// mostIdentities is how many numbers and addresses one person has.
const mostIdentities = 50

// AddIdentity notes another number, address or id of a contact. A number or an
// address needs a verification of them (R089).
func (d *Desk) AddIdentity(ctx context.Context, by agent.Actor, i contact.ID, kind contact.IdentityKind, value string, v verification.ID) error {
	if err := by.Need(agent.ContactEdit); err != nil {
		return err
	}
	value, err := contact.CheckIdentity(kind, value)
	if err != nil {
		return err
	}
	return d.changeIdentity(ctx, by, i, "contact.identity_add", kind, func(tx *store.Tx, who contact.Contact, known []contact.Known) error {
		if slices.ContainsFunc(known, func(k contact.Known) bool { return k.Kind == kind && k.Value == kind.Normal(value) }) {
			return fault.New(fault.Conflict, "contact.identity_known", "this is known of the customer already").In("body.value")
		}
		if len(known) >= mostIdentities {
			return fault.New(fault.Invalid, "contact.identities", "a customer has at most %d numbers and addresses", mostIdentities)
		}
		if kind != contact.ByExternal {
			if err := d.Verified(ctx, tx, by, verification.ChangeContact, who.ID, v); err != nil {
				return err
			}
		}
		return tx.AddIdentity(ctx, contact.Known{Contact: who.ID, Kind: kind, Shown: value, At: d.Now(), By: by.Name})
	})
}

// DropIdentity forgets a number, an address or an id that is no field of a
// contact. It is named as Identities shows it.
func (d *Desk) DropIdentity(ctx context.Context, by agent.Actor, i contact.ID, shown contact.Known) error {
	if err := by.Need(agent.ContactEdit); err != nil {
		return err
	}
	return d.changeIdentity(ctx, by, i, "contact.identity_drop", "", func(tx *store.Tx, _ contact.Contact, known []contact.Known) error {
		unknown := fault.New(fault.NotFound, "contact.identity_unknown", "there is no such number or address")
		place := slices.IndexFunc(known, func(k contact.Known) bool {
			m := k.Masked()
			return k.Contact == shown.Contact && k.Kind == shown.Kind && m.Shown == shown.Shown && k.At.Equal(shown.At)
		})
		if place < 0 {
			return unknown
		}
		if known[place].Main {
			return fault.New(fault.Conflict, "contact.identity_main", "this stands in the customer's own fields; change it there")
		}
		ok, err := tx.DropIdentity(ctx, known[place])
		if err == nil && !ok {
			return unknown
		}
		return err
	})
}

func (d *Desk) changeIdentity(ctx context.Context, by agent.Actor, i contact.ID, action string, kind contact.IdentityKind, change func(*store.Tx, contact.Contact, []contact.Known) error) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		who, err := tx.Person(ctx, i)
		if err != nil {
			return err
		}
		known, err := tx.Identities(ctx, who.ID)
		if err != nil {
			return err
		}
		if err := change(tx, who, known); err != nil {
			return err
		}
		if err := tx.IndexPerson(ctx, who.ID); err != nil {
			return err
		}
		detail := map[string]any{}
		if kind != "" {
			detail["kind"] = string(kind)
		}
		if err := tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("contact", who.ID, who.Name), detail)); err != nil {
			return err
		}
		return d.contactNews(ctx, tx, who.ID)
	})
}
