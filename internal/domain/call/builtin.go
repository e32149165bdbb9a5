package call

import (
	"embed"
	"encoding/json"
)

//go:embed builtin/*.json
var files embed.FS

// BuiltinNames is what the menus that come with the program name and others
// look after: queues, and the calendar of the hotline.
var BuiltinNames = Names{
	Queues:    []string{"use", "business", "technical", "complaint", "vehicle", "account", "elder", "emergency", "callback"},
	Calendars: []string{"hotline"},
}

// Hotline returns the menu that callers hear at first: the four kinds of
// service, vehicle, account, what to know before a call, callback, older
// callers and emergencies; closed hours; the survey (R019–R027, R033, R034).
func Hotline() Menu { return builtin("hotline") }

// Callback returns the menu that those hear whom we call back.
func Callback() Menu { return builtin("callback") }

func builtin(name string) (m Menu) {
	raw, err := files.ReadFile("builtin/" + name + ".json")
	if err != nil {
		panic("call: " + err.Error())
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		panic("call: " + name + ": " + err.Error())
	}
	return m
}
