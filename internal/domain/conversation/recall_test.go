package conversation

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"yingda/internal/kit/fault"
)

func TestWhoMayTakeAMessageBack(t *testing.T) {
	sent := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	said := Message{ID: 7, Seq: 3, From: FromAgent, AuthorID: "ag_1", AuthorName: "小林", Kind: Text, Text: "密码是 123456", Attachments: []Attachment{{Name: "密码.png"}}, At: sent}
	note, event, bot := said, said, said
	note.Kind, event.Kind, bot.From = Note, Event, FromBot
	for name, c := range map[string]struct {
		m      Message
		by     string
		within time.Duration
		after  time.Duration
		code   string
	}{
		"at once":               {said, "ag_1", 2 * time.Minute, 0, ""},
		"in the last moment":    {said, "ag_1", 2 * time.Minute, 2 * time.Minute, ""},
		"too late":              {said, "ag_1", 2 * time.Minute, 2*time.Minute + 1, "message.recall_late"},
		"somebody else's":       {said, "ag_2", 2 * time.Minute, 0, "message.not_yours"},
		"where it is off":       {said, "ag_1", 0, 0, "message.recall_off"},
		"a note":                {note, "ag_1", 2 * time.Minute, 0, "message.recall_kind"},
		"what happened":         {event, "ag_1", 2 * time.Minute, 0, "message.recall_kind"},
		"what the assistant is": {bot, "ag_1", 2 * time.Minute, 0, "message.recall_kind"},
	} {
		m, err := c.m.Recall(c.by, c.within, sent.Add(c.after))
		if got := fault.CodeOf(err); err != nil && got != c.code || err == nil && c.code != "" {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "密码") || !m.IsRecalled() || !m.ForContact() || m.ID != c.m.ID || m.Seq != c.m.Seq {
			t.Errorf("%s: %s", name, b)
		}
	}
}
