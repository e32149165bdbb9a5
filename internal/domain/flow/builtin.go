package flow

import (
	"embed"
	"encoding/json"
)

//go:embed builtin/*.json
var files embed.FS

// BuiltinSeams is what the flows that come with the program read and write
// through. Times in what they tell are texts for people, in the language of the
// call.
var BuiltinSeams = Catalogue{
	{Name: "vehicle.look_up", Takes: []string{"vin"}, Tells: []string{"model"}},
	{Name: "recall.look_up", Takes: []string{"vin"}, Tells: []string{"count", "name", "remedy"}},
	{Name: "warranty.look_up", Takes: []string{"vin", "part", "mileage"}, Tells: []string{"covered", "until", "terms"}},
	{Name: "workshop.free", Takes: []string{"service", "city", "when"}, Tells: []string{"place", "time"}},
	{Name: "progress.look_up", Takes: []string{"number"}, Tells: []string{"what", "stage", "due"}},
	{Name: "case.create", Writes: true, Takes: []string{"kind", "text", "vin", "drivable", "when", "phone", "email", "part", "mileage", "subject", "amount", "wish", "time"}, Tells: []string{"number", "due"}},
	{Name: "case.urge", Writes: true, Takes: []string{"number"}},
	{Name: "booking.create", Writes: true, Takes: []string{"service", "place", "time", "plate", "phone"}, Tells: []string{"number"}},
	{Name: "survey.record", Writes: true, Takes: []string{"score", "solved", "comment"}},
}

// Builtin returns the flows that come with the program, by their ids: fault
// report, recall look-up, warranty question, repair booking, complaint,
// suggestion, call back, progress of orders and cases, account help, survey.
func Builtin() Library {
	entries, err := files.ReadDir("builtin")
	if err != nil {
		panic("flow: " + err.Error())
	}
	var all []Flow
	for _, e := range entries {
		raw, err := files.ReadFile("builtin/" + e.Name())
		if err != nil {
			panic("flow: " + err.Error())
		}
		var f Flow
		if err := json.Unmarshal(raw, &f); err != nil {
			panic("flow: " + e.Name() + ": " + err.Error())
		}
		all = append(all, f)
	}
	return NewLibrary(all...)
}
