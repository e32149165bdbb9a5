package audit_test

import (
	"reflect"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestWhoDidIt(t *testing.T) {
	lin := agent.NewID(noon)
	o := audit.Of("agent", lin, "林晓")
	for _, c := range []struct {
		name  string
		entry audit.Entry
		kind  audit.ActorKind
		id    string
		says  string
		from  string
	}{
		{"a person", audit.By(agent.Actor{Agent: lin, Name: "林晓", Address: "203.0.113.7"}, noon, "a", o, nil), audit.Agent, lin.String(), "林晓", "203.0.113.7"},
		{"a key of theirs", audit.By(agent.Actor{Agent: lin, Name: "林晓", Key: "CRM", Address: "203.0.113.8"}, noon, "a", o, nil), audit.Key, lin.String(), "CRM", "203.0.113.8"},
		{"the program", audit.BySystem(noon, "a", o, nil), audit.System, "", "yingda", ""},
		{"somebody unknown", audit.By(agent.Actor{Address: "203.0.113.9"}, noon, "a", o, nil), audit.System, "", "yingda", "203.0.113.9"},
		{"a contact", audit.ByContact("ct_1", "访客 7F3A", "203.0.113.7", noon, "a", o, nil), audit.Contact, "ct_1", "访客 7F3A", "203.0.113.7"},
	} {
		e := c.entry
		if e.ActorKind != c.kind || e.ActorID != c.id || e.ActorName != c.says || e.Address != c.from {
			t.Errorf("%s: %+v", c.name, e)
		}
		if e.ObjectKind != "agent" || e.ObjectID != lin.String() || e.ObjectName != "林晓" || !e.At.Equal(noon) || e.ID.IsZero() || e.Detail == nil {
			t.Errorf("%s: %+v", c.name, e)
		}
	}
}

func TestChangesLeaveOutWhatStayed(t *testing.T) {
	c := audit.Changes{}
	audit.Add(c, "name", "林晓", "林小晓")
	audit.Add(c, "capacity", 5, 5)
	want := audit.Changes{"name": map[string]any{"from": "林晓", "to": "林小晓"}}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("%v", c)
	}
}
