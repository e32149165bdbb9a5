package api

import (
	"context"
	"errors"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

func (a *API) listIdentities(ctx context.Context, by agent.Actor, in *byID[contact.ID]) (list[contact.Known], error) {
	ks, err := a.Desk.Identities(ctx, by, in.ID.Value)
	return list[contact.Known]{Items: ks}, err
}

type identity struct {
	Kind  contact.IdentityKind `json:"kind" enum:"phone,email,external"`
	Value string               `json:"value" maxLength:"254"`
}

func (a *API) addIdentity(ctx context.Context, by agent.Actor, in *verifiedBody[contact.ID, identity]) error {
	return a.Desk.AddIdentity(ctx, by, in.ID.Value, in.Body.Kind, in.Body.Value, in.Verification.Value)
}

type shownIdentity struct {
	Contact contact.ID           `json:"contact_id"`
	Kind    contact.IdentityKind `json:"kind"`
	Shown   string               `json:"shown"`
	At      time.Time            `json:"at"`
}

func (a *API) dropIdentity(ctx context.Context, by agent.Actor, in *withBody[contact.ID, shownIdentity]) error {
	b := in.Body
	return a.Desk.DropIdentity(ctx, by, in.ID.Value, contact.Known{Contact: b.Contact, Kind: b.Kind, Shown: b.Shown, At: b.At})
}

// twin is somebody who may be the same person.
type twin struct {
	Contact contactView            `json:"contact"`
	By      []contact.IdentityKind `json:"by" enum:"phone,email,external" doc:"what both have"`
}

func (a *API) listTwins(ctx context.Context, by agent.Actor, in *byID[contact.ID]) (list[twin], error) {
	ts, err := a.Desk.Twins(ctx, by, in.ID.Value)
	l := list[twin]{Items: make([]twin, 0, len(ts))}
	for _, t := range ts {
		l.Items = append(l.Items, twin{a.contactView(t.Card), t.By})
	}
	return l, err
}

func (a *API) listMerges(ctx context.Context, by agent.Actor, in *byID[contact.ID]) (list[contact.Merge], error) {
	ms, err := a.Desk.Merges(ctx, by, in.ID.Value)
	return list[contact.Merge]{Items: ms}, err
}

type mergeWith struct {
	Other contact.ID `json:"other"`
	Take  []string   `json:"take,omitempty" maxItems:"100" doc:"fields whose value is to be the other's"`
	Why   string     `json:"why,omitempty" maxLength:"200"`
}

// mergePreview is what a merge would do.
type mergePreview struct {
	Kept    contactView      `json:"kept"`
	Other   contactView      `json:"other"`
	Lines   []contact.Line   `json:"lines" doc:"fields that differ"`
	Moves   store.Belongings `json:"moves" doc:"what is read together from then on"`
	Refused string           `json:"refused,omitempty" doc:"why it cannot be, for people"`
}

func (a *API) previewMerge(ctx context.Context, by agent.Actor, in *languaged[contact.ID, mergeWith]) (mergePreview, error) {
	p, err := a.Desk.PreviewMerge(ctx, by, in.ID.Value, in.Body.Other, in.Body.Take)
	v := mergePreview{Kept: a.contactView(p.Kept), Other: a.contactView(p.Other), Lines: p.Lines, Moves: p.Moves}
	if p.Refused != nil {
		v.Refused = said(p.Refused, phrase.Language(in.Language))
	}
	return v, err
}

// languaged is a body for one thing, with the reader's language.
type languaged[I, B any] struct {
	ID       param[I] `path:"id"`
	Language string   `header:"Accept-Language" hidden:"true"`
	Body     B
}

// said returns a refusal as people read it.
func said(err error, language string) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return ""
	}
	return phrase.Say(language, f.Code, f.Args, f.Message())
}

func (a *API) mergeContacts(ctx context.Context, by agent.Actor, in *verifiedBody[contact.ID, mergeWith]) (contactView, error) {
	return a.contactOf(a.Desk.MergeContacts(ctx, by, in.ID.Value, in.Body.Other, in.Body.Take, in.Body.Why, in.Verification.Value))
}

type otherContact struct {
	Other contact.ID `json:"other"`
}

func (a *API) notSame(ctx context.Context, by agent.Actor, in *withBody[contact.ID, otherContact]) error {
	return a.Desk.NotSame(ctx, by, in.ID.Value, in.Body.Other)
}

// apart are two people after a merge was taken back.
type apart struct {
	Kept  contactView `json:"kept"`
	Other contactView `json:"other"`
	Stay  []string    `json:"stay" doc:"fields that somebody changed since, which stay with kept"`
}

func (a *API) unmergeContacts(ctx context.Context, by agent.Actor, in *byID[contact.MergeID]) (apart, error) {
	kept, other, stay, err := a.Desk.UnmergeContacts(ctx, by, in.ID.Value)
	if err != nil {
		return apart{}, err
	}
	return apart{a.contactView(kept), a.contactView(other), stay}, nil
}

// duplicate is a number or an address with the people who have it.
type duplicate struct {
	Kind   contact.IdentityKind `json:"kind" enum:"phone,email,external"`
	Shown  string               `json:"shown" doc:"masked"`
	People []contactView        `json:"people"`
}

func (a *API) listDuplicates(ctx context.Context, by agent.Actor, in *PageOf) (list[duplicate], error) {
	p, err := a.Desk.Duplicates(ctx, by, in.Cursor, in.Limit)
	l := list[duplicate]{Items: make([]duplicate, 0, len(p.Items)), Next: p.Next}
	for _, s := range p.Items {
		d := duplicate{Kind: s.Kind, Shown: s.Shown}
		for _, c := range s.People {
			d.People = append(d.People, a.contactView(c))
		}
		l.Items = append(l.Items, d)
	}
	return l, err
}

func (a *API) listNotes(ctx context.Context, by agent.Actor, in *pageOfOne[contact.ID]) (list[contact.Note], error) {
	p, err := a.Desk.Notes(ctx, by, in.ID.Value, in.Cursor, in.Limit)
	return list[contact.Note](p), err
}

type noteText struct {
	Text   string `json:"text"`
	Pinned bool   `json:"pinned,omitempty"`
}

func (a *API) addNote(ctx context.Context, by agent.Actor, in *withBody[contact.ID, noteText]) (contact.Note, error) {
	return a.Desk.AddNote(ctx, by, in.ID.Value, in.Body.Text, in.Body.Pinned)
}

type noteChange struct {
	Text   *string `json:"text,omitempty"`
	Pinned *bool   `json:"pinned,omitempty"`
}

func (a *API) changeNote(ctx context.Context, by agent.Actor, in *withBody[contact.NoteID, noteChange]) (contact.Note, error) {
	return a.Desk.ChangeNote(ctx, by, in.ID.Value, in.Body.Text, in.Body.Pinned)
}

func (a *API) dropNote(ctx context.Context, by agent.Actor, in *byID[contact.NoteID]) error {
	return a.Desk.DropNote(ctx, by, in.ID.Value)
}

func (a *API) listSteps(ctx context.Context, by agent.Actor, in *byID[contact.ID]) (list[contact.Step], error) {
	ss, err := a.Desk.Steps(ctx, by, in.ID.Value)
	return list[contact.Step]{Items: ss}, err
}

type stepText struct {
	Text   string         `json:"text"`
	Helped contact.Helped `json:"helped,omitempty" enum:"no,partly,yes,unknown"`
	Talk   string         `json:"conversation_id,omitempty" maxLength:"40"`
}

func (a *API) addStep(ctx context.Context, by agent.Actor, in *withBody[contact.ID, stepText]) (contact.Step, error) {
	return a.Desk.AddStep(ctx, by, contact.Step{Contact: in.ID.Value, Text: in.Body.Text, Helped: in.Body.Helped, Talk: in.Body.Talk})
}

func (a *API) dropStep(ctx context.Context, by agent.Actor, in *byID[contact.StepID]) error {
	return a.Desk.DropStep(ctx, by, in.ID.Value)
}

func (a *API) listContactFields(ctx context.Context, _ agent.Actor, _ *struct{}) (list[contact.Field], error) {
	fs, err := a.Desk.ContactFields(ctx)
	return list[contact.Field]{Items: fs}, err
}

type putContactField struct {
	Code string `path:"code" maxLength:"40"`
	Body contact.Field
}

func (a *API) putContactField(ctx context.Context, by agent.Actor, in *putContactField) (contact.Field, error) {
	in.Body.Code = in.Code
	return a.Desk.PutContactField(ctx, by, in.Body)
}

type contactFieldCode struct {
	Code string `path:"code" maxLength:"40"`
}

func (a *API) dropContactField(ctx context.Context, by agent.Actor, in *contactFieldCode) error {
	return a.Desk.DropContactField(ctx, by, in.Code)
}

func (a *API) listContactTags(ctx context.Context, by agent.Actor, _ *struct{}) (list[store.TagUse], error) {
	ts, err := a.Desk.TagsInUse(ctx, by)
	return list[store.TagUse]{Items: ts}, err
}

type listBlocks struct {
	PageOf
	Kind contact.BlockKind `query:"kind" enum:"contact,phone,email,network"`
	Past bool              `query:"past" doc:"those that do not hold any more"`
}

func (a *API) listBlocks(ctx context.Context, by agent.Actor, in *listBlocks) (list[contact.Block], error) {
	p, err := a.Desk.Blocks(ctx, by, in.Kind, in.Past, in.Cursor, in.Limit)
	return list[contact.Block](p), err
}

type newBlock struct {
	Body struct {
		Kind    contact.BlockKind `json:"kind" enum:"contact,phone,email,network"`
		Value   string            `json:"value,omitempty" maxLength:"254" doc:"the number, the address, or the network such as 203.0.113.0/24"`
		Contact contact.ID        `json:"contact_id,omitzero"`
		Reason  string            `json:"reason" maxLength:"200"`
		Until   time.Time         `json:"until,omitzero" doc:"the end of the block; without it for good"`
	}
}

func (a *API) addBlock(ctx context.Context, by agent.Actor, in *newBlock) (contact.Block, error) {
	b := in.Body
	return a.Desk.AddBlock(ctx, by, contact.Block{Kind: b.Kind, Shown: b.Value, Contact: b.Contact, Reason: b.Reason, Until: b.Until})
}

type lift struct {
	Reason string `json:"reason" maxLength:"200"`
}

func (a *API) liftBlock(ctx context.Context, by agent.Actor, in *withBody[contact.BlockID, lift]) (contact.Block, error) {
	return a.Desk.LiftBlock(ctx, by, in.ID.Value, in.Body.Reason)
}
