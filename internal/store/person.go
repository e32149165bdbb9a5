package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/store/sqlcgen"
)

// Person returns who stands for the person that a contact is: the contact, or
// the one into which it was merged. In a transaction that may change them,
// nobody else changes them until the end.
func (tx *Tx) Person(ctx context.Context, i contact.ID) (contact.Contact, error) {
	const chase = 8 // merges at the same moment
	for range chase {
		p, err := tx.PersonOf(ctx, i)
		if err != nil {
			return contact.Contact{}, notFound(err, "contact.unknown", "contact")
		}
		c, err := tx.Contact(ctx, p)
		if err != nil || c.Person == c.ID {
			return c, err
		}
		i = c.Person
	}
	return contact.Contact{}, fmt.Errorf("the person of contact %s does not stand still", i)
}

// SamePerson returns all contacts that are one person, the oldest first.
func (tx *Tx) SamePerson(ctx context.Context, person contact.ID) ([]contact.Contact, error) {
	rows, err := tx.ContactsOfPerson(ctx, person)
	cs := make([]contact.Contact, 0, len(rows))
	for _, r := range rows {
		c, err := contactOf(r)
		if err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, err
}

// SeeAgain writes that a person was here, where it is another contact than the
// one that came.
func (tx *Tx) SeeAgain(ctx context.Context, person contact.ID, now time.Time) error {
	return tx.SeePerson(ctx, sqlcgen.SeePersonParams{LastSeenAt: ms(now), ID: person})
}

// AddIdentity notes by what a contact is known.
func (tx *Tx) AddIdentity(ctx context.Context, k contact.Known) error {
	return tx.PutIdentity(ctx, sqlcgen.PutIdentityParams{
		ContactID: k.Contact, Kind: string(k.Kind), Value: k.Kind.Normal(k.Shown), Shown: k.Shown, Main: k.Main, At: ms(k.At), ByName: k.By,
	})
}

// DropIdentity removes an identity that is no field of its contact. It is false
// if there is none.
func (tx *Tx) DropIdentity(ctx context.Context, k contact.Known) (bool, error) {
	n, err := tx.DeleteIdentity(ctx, sqlcgen.DeleteIdentityParams{ContactID: k.Contact, Kind: string(k.Kind), Value: k.Kind.Normal(k.Shown)})
	return n > 0, err
}

// Identities returns by what a person is known.
func (tx *Tx) Identities(ctx context.Context, person contact.ID) ([]contact.Known, error) {
	rows, err := tx.IdentitiesOfPerson(ctx, person)
	ks := make([]contact.Known, 0, len(rows))
	for _, r := range rows {
		ks = append(ks, contact.Known{
			Contact: r.ContactID, Kind: contact.IdentityKind(r.Kind), Value: r.Value, Shown: r.Shown, Main: r.Main, At: at(r.At), By: r.ByName,
		})
	}
	return ks, err
}

// KnownBy returns the people whom a value names.
func (tx *Tx) KnownBy(ctx context.Context, kind contact.IdentityKind, value string, most int) ([]contact.ID, error) {
	return tx.PeopleKnownBy(ctx, sqlcgen.PeopleKnownByParams{Kind: string(kind), Value: kind.Normal(value), Most: int64(most)})
}

// mostTwins is how many people who may be one are looked at.
const mostTwins = 50

// Twins returns who else has a number or an address of a person, and which
// kinds. People of whom somebody said that they are two are left out.
func (tx *Tx) Twins(ctx context.Context, person contact.ID) (map[contact.ID][]contact.IdentityKind, error) {
	rows, err := tx.TwinsOf(ctx, sqlcgen.TwinsOfParams{PersonID: person, Most: mostTwins})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	strangers, err := tx.StrangersOf(ctx, person)
	if err != nil {
		return nil, err
	}
	twins := map[contact.ID][]contact.IdentityKind{}
	for _, r := range rows {
		if !slices.ContainsFunc(strangers, func(s sqlcgen.StrangersOfRow) bool { return s.OneID == r.PersonID || s.OtherID == r.PersonID }) {
			twins[r.PersonID] = append(twins[r.PersonID], contact.IdentityKind(r.Kind))
		}
	}
	return twins, nil
}

// Shared is a number or an address that more than one person has.
type Shared struct {
	Kind  contact.IdentityKind
	Value string
}

// SharedAfter returns numbers and addresses of more than one person, in order
// after one of them.
func (tx *Tx) SharedAfter(ctx context.Context, after Shared, most int) ([]Shared, error) {
	rows, err := tx.SharedIdentities(ctx, sqlcgen.SharedIdentitiesParams{Kind: string(after.Kind), Value: after.Value, Most: int64(most)})
	ss := make([]Shared, 0, len(rows))
	for _, r := range rows {
		ss = append(ss, Shared{contact.IdentityKind(r.Kind), r.Value})
	}
	return ss, err
}

// SayStrangers notes that two people are two.
func (tx *Tx) SayStrangers(ctx context.Context, one, other contact.ID, now time.Time, by string) error {
	return tx.AddStrangers(ctx, sqlcgen.AddStrangersParams{OneID: min(one, other), OtherID: max(one, other), At: ms(now), ByName: by})
}

// Strangers returns of whom somebody said that they are another person.
func (tx *Tx) Strangers(ctx context.Context, i contact.ID) ([]contact.ID, error) {
	rows, err := tx.StrangersOf(ctx, i)
	ids := make([]contact.ID, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.OneID+r.OtherID-i)
	}
	return ids, err
}

// AddMerge writes a merge down.
func (tx *Tx) AddMerge(ctx context.Context, m contact.Merge) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return tx.InsertMerge(ctx, sqlcgen.InsertMergeParams{ID: m.ID, ContactID: m.Kept, OtherID: m.Other, At: ms(m.At), ByName: m.By, Body: string(body)})
}

// Merge returns a merge by id.
func (tx *Tx) Merge(ctx context.Context, i contact.MergeID) (contact.Merge, error) {
	r, err := tx.MergeRow(ctx, i)
	if err != nil {
		return contact.Merge{}, notFound(err, "merge.unknown", "merge")
	}
	return mergeOf(r)
}

// MergesOfPerson returns the merges by which a person came about, also those
// that were taken back, the newest first.
func (tx *Tx) MergesOfPerson(ctx context.Context, person contact.ID) ([]contact.Merge, error) {
	return mergesOf(tx.MergesOf(ctx, person))
}

// MergesWith returns the merges into a contact, the newest first.
func (tx *Tx) MergesWith(ctx context.Context, kept contact.ID) ([]contact.Merge, error) {
	return mergesOf(tx.MergesInto(ctx, kept))
}

func mergesOf(rows []sqlcgen.ContactMerge, err error) ([]contact.Merge, error) {
	ms := make([]contact.Merge, 0, len(rows))
	for _, r := range rows {
		m, err := mergeOf(r)
		if err != nil {
			return nil, err
		}
		ms = append(ms, m)
	}
	return ms, err
}

func mergeOf(r sqlcgen.ContactMerge) (contact.Merge, error) {
	var m contact.Merge
	if err := json.Unmarshal([]byte(r.Body), &m); err != nil {
		return m, fmt.Errorf("merge %s: %w", r.ID, err)
	}
	m.UndoneAt, m.UndoneBy = at(r.UndoneAt), r.UndoneBy
	return m, nil
}

// EndMerge writes that a merge was taken back.
func (tx *Tx) EndMerge(ctx context.Context, i contact.MergeID, now time.Time, by string) error {
	return tx.UndoMerge(ctx, sqlcgen.UndoMergeParams{UndoneAt: ms(now), UndoneBy: by, ID: i})
}

// SetPerson says who stands for a contact.
func (tx *Tx) SetPerson(ctx context.Context, i, person contact.ID) error {
	return tx.StandFor(ctx, sqlcgen.StandForParams{PersonID: person, ID: i})
}

// RenamePerson gives the conversations of a person the name of who stands for
// them.
func (tx *Tx) RenamePerson(ctx context.Context, c contact.Contact) error {
	return tx.RenameInConversations(ctx, sqlcgen.RenameInConversationsParams{Name: c.Name, PersonID: c.ID})
}

// Belongings is how much stands with a person.
type Belongings struct {
	Contacts      int `json:"contacts"`
	Conversations int `json:"conversations"`
	Cases         int `json:"cases"`
	Rewards       int `json:"rewards"`
	Pages         int `json:"pages"`
	Notes         int `json:"notes"`
	Identities    int `json:"identities"`
}

// BelongingsOf counts what stands with a person.
func (tx *Tx) BelongingsOf(ctx context.Context, person contact.ID) (b Belongings, err error) {
	const of = " t JOIN contacts c ON c.id = t.contact_id WHERE c.person_id = ?1"
	for table, n := range map[string]*int{
		"conversations": &b.Conversations, "cases": &b.Cases, "rewards": &b.Rewards, "page_views": &b.Pages, "contact_notes": &b.Notes,
		"contact_identities": &b.Identities,
	} {
		if err := tx.Number(ctx, n, "SELECT COUNT(*) FROM "+table+of, person); err != nil {
			return b, err
		}
	}
	return b, tx.Number(ctx, &b.Contacts, "SELECT COUNT(*) FROM contacts WHERE person_id = ?1", person)
}

// Fields returns what an administrator says that is known of customers.
func (tx *Tx) Fields(ctx context.Context) (contact.Fields, error) {
	rows, err := tx.ContactFields(ctx)
	fs := make(contact.Fields, 0, len(rows))
	for _, r := range rows {
		var f contact.Field
		if err := json.Unmarshal([]byte(r.Body), &f); err != nil {
			return nil, fmt.Errorf("field %s: %w", r.Code, err)
		}
		f.Version = r.Version
		fs = append(fs, f)
	}
	return fs, err
}

// PutField writes a field at a place in the list: a new one if it has no version
// yet. It is a Conflict if someone else wrote it since it was read.
func (tx *Tx) PutField(ctx context.Context, f contact.Field, place int) error {
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if f.Version == 0 {
		return changed(tx.AddContactField(ctx, sqlcgen.AddContactFieldParams{Code: f.Code, Position: int64(place), Body: string(body)}))
	}
	return changed(tx.SaveContactField(ctx, sqlcgen.SaveContactFieldParams{Code: f.Code, Position: int64(place), Body: string(body), Version: f.Version}))
}

// DropField removes a field. The values that contacts have stay.
func (tx *Tx) DropField(ctx context.Context, code string) (bool, error) {
	n, err := tx.DeleteContactField(ctx, code)
	return n > 0, err
}

// TagUse is a tag and how many contacts have it.
type TagUse struct {
	Tag  string `json:"tag"`
	Uses int64  `json:"uses"`
}

// TagsInUse returns the tags of contacts, those in use most first.
func (tx *Tx) TagsInUse(ctx context.Context, most int) ([]TagUse, error) {
	rows, err := tx.UsedTags(ctx, int64(most))
	ts := make([]TagUse, 0, len(rows))
	for _, r := range rows {
		ts = append(ts, TagUse{r.Value, r.Uses})
	}
	return ts, err
}

// AddNote writes a note on a contact.
func (tx *Tx) AddNote(ctx context.Context, n contact.Note) error {
	return tx.InsertNote(ctx, sqlcgen.InsertNoteParams{
		ID: n.ID, ContactID: n.Contact, AgentID: n.Agent, ByName: n.By, Text: n.Text, Pinned: n.Pinned, At: ms(n.At),
	})
}

// Notes returns notes on a person before one, the newest first.
func (tx *Tx) Notes(ctx context.Context, person contact.ID, pinned bool, before contact.NoteID, most int) ([]contact.Note, error) {
	if before.IsZero() {
		before = maxID
	}
	rows, err := tx.NotesOfPerson(ctx, sqlcgen.NotesOfPersonParams{PersonID: person, Before: before, Pinned: pinned, Most: int64(most)})
	ns := make([]contact.Note, 0, len(rows))
	for _, r := range rows {
		ns = append(ns, noteOf(r))
	}
	return ns, err
}

// Note returns a note by id.
func (tx *Tx) Note(ctx context.Context, i contact.NoteID) (contact.Note, error) {
	r, err := tx.NoteRow(ctx, i)
	return noteOf(r), notFound(err, "note.unknown", "note")
}

func noteOf(r sqlcgen.ContactNote) contact.Note {
	return contact.Note{ID: r.ID, Contact: r.ContactID, Agent: r.AgentID, By: r.ByName, Text: r.Text, Pinned: r.Pinned, At: at(r.At), ChangedAt: at(r.ChangedAt)}
}

// ChangeNote writes a note back.
func (tx *Tx) ChangeNote(ctx context.Context, n contact.Note) error {
	return tx.SaveNote(ctx, sqlcgen.SaveNoteParams{Text: n.Text, Pinned: n.Pinned, ChangedAt: ms(n.ChangedAt), ID: n.ID})
}

// DropNote removes a note.
func (tx *Tx) DropNote(ctx context.Context, i contact.NoteID) error { return tx.DeleteNote(ctx, i) }

// AddStep writes down what was tried.
func (tx *Tx) AddStep(ctx context.Context, s contact.Step) error {
	var talk conversation.ID
	if s.Talk != "" {
		if err := talk.UnmarshalText([]byte(s.Talk)); err != nil {
			return err
		}
	}
	return tx.InsertStep(ctx, sqlcgen.InsertStepParams{ID: s.ID, ContactID: s.Contact, ConversationID: talk, Text: s.Text, Helped: string(s.Helped), At: ms(s.At), ByName: s.By})
}

// Steps returns what was tried with a person, the newest first.
func (tx *Tx) Steps(ctx context.Context, person contact.ID, most int) ([]contact.Step, error) {
	rows, err := tx.StepsOfPerson(ctx, sqlcgen.StepsOfPersonParams{PersonID: person, Most: int64(most)})
	ss := make([]contact.Step, 0, len(rows))
	for _, r := range rows {
		ss = append(ss, stepOf(r))
	}
	return ss, err
}

// Step returns a step by id.
func (tx *Tx) Step(ctx context.Context, i contact.StepID) (contact.Step, error) {
	r, err := tx.StepRow(ctx, i)
	return stepOf(r), notFound(err, "step.unknown", "step")
}

func stepOf(r sqlcgen.TriedStep) contact.Step {
	return contact.Step{ID: r.ID, Contact: r.ContactID, Talk: r.ConversationID.String(), Text: r.Text, Helped: contact.Helped(r.Helped), At: at(r.At), By: r.ByName}
}

// DropStep removes a step.
func (tx *Tx) DropStep(ctx context.Context, i contact.StepID) error { return tx.DeleteStep(ctx, i) }
