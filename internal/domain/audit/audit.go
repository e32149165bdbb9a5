// Package audit is the record of who did what to which thing: every change,
// and every look at personal data. Entries are written in the transaction of
// what they tell, and never changed.
package audit

import (
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/id"
)

// ID names an entry. Ids rise in the order in which entries were made.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "au" }

// ActorKind is what did it.
type ActorKind string

// The kinds of actor.
const (
	Agent   ActorKind = "agent"
	Key     ActorKind = "api_key" // an integration, on the agent's behalf
	System  ActorKind = "system"
	Contact ActorKind = "contact"
)

// Entry is one act.
type Entry struct {
	ID         ID             `json:"id"`
	At         time.Time      `json:"at"`
	ActorKind  ActorKind      `json:"actor_kind"`
	ActorID    string         `json:"actor_id,omitzero"` // the agent, also when a key acted for them; or the contact
	ActorName  string         `json:"actor_name"`
	Action     string         `json:"action"` // such as "agent.disable"
	ObjectKind string         `json:"object_kind"`
	ObjectID   string         `json:"object_id,omitzero"`
	ObjectName string         `json:"object_name,omitzero"`
	Detail     map[string]any `json:"detail"` // what changed, from and to; never a secret, never personal data that is masked elsewhere
	Address    string         `json:"address"`
}

// Object is what something was done to.
type Object struct {
	Kind string // the noun, such as "agent", "conversation"
	ID   string
	Name string // as it was then, so that the record stays readable
}

// Of returns an object by the id of its noun.
func Of[N id.Noun](kind string, i id.ID[N], name string) Object {
	return Object{Kind: kind, ID: i.String(), Name: name}
}

// By returns an entry for what an actor does to an object. The actor's
// address goes with it; detail may be nil.
func By(a agent.Actor, at time.Time, action string, o Object, detail map[string]any) Entry {
	e := entry(at, action, o, detail)
	e.ActorKind, e.ActorName, e.Address = System, a.Name, a.Address
	switch {
	case a.Key != "":
		e.ActorKind, e.ActorID, e.ActorName = Key, a.Agent.String(), a.Key
	case !a.Agent.IsZero():
		e.ActorKind, e.ActorID = Agent, a.Agent.String()
	case e.ActorName == "":
		e.ActorName = "yingda"
	}
	return e
}

// BySystem returns an entry for what the program does by itself.
func BySystem(at time.Time, action string, o Object, detail map[string]any) Entry {
	return By(agent.Actor{}, at, action, o, detail)
}

// ByContact returns an entry for what a contact does, such as asking for
// their data.
func ByContact(contact, name, address string, at time.Time, action string, o Object, detail map[string]any) Entry {
	e := entry(at, action, o, detail)
	e.ActorKind, e.ActorID, e.ActorName, e.Address = Contact, contact, name, address
	return e
}

func entry(at time.Time, action string, o Object, detail map[string]any) Entry {
	if detail == nil {
		detail = map[string]any{}
	}
	return Entry{
		ID: id.New[noun](at), At: at, Action: action, Detail: detail,
		ObjectKind: o.Kind, ObjectID: o.ID, ObjectName: o.Name,
	}
}

// Filter chooses entries. An empty field chooses all.
type Filter struct {
	Actor      string // an agent's id
	Action     string
	ObjectKind string
	ObjectID   string
	From, To   time.Time // From is in, To is out
	Without    []Object  // what the reader may not see anything of: nor what was done to something else for it
	Before     ID        // only older than this one, to turn the page
	Limit      int
}

// Changes collects what an edit changed, for the detail of an entry: field ->
// {from, to}. Fields that stay the same are left out.
type Changes map[string]any

// Add notes a field if its value changed.
func Add[T comparable](c Changes, field string, from, to T) {
	if from != to {
		c[field] = map[string]any{"from": from, "to": to}
	}
}
