package api

import (
	"time"

	"yingda/internal/domain/inbox"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// publication is a version of a flow or a menu that was published.
type publication struct {
	Version int       `json:"version"`
	Note    string    `json:"note"`
	By      string    `json:"by_name"`
	At      time.Time `json:"at"`
}

func publicationsOf(versions []store.Publication) []publication {
	all := make([]publication, 0, len(versions))
	for _, v := range versions {
		all = append(all, publication{Version: v.Version, Note: v.Note, By: v.ByName, At: v.At})
	}
	return all
}

// editProblem is what is wrong in something that is being written.
type editProblem struct {
	At   string     `json:"at" doc:"where, such as steps.3, slots.0.name or nodes.main.choices"`
	Code string     `json:"code"`
	Text inbox.Text `json:"text"`
}

func problemsOf(faults []*fault.Error) []editProblem {
	ps := make([]editProblem, 0, len(faults))
	for _, f := range faults {
		ps = append(ps, editProblem{At: f.Field, Code: f.Code, Text: inbox.Text{
			Zh: phrase.Say(phrase.Chinese, f.Code, f.Args, f.Message()), En: f.Message(),
		}})
	}
	return ps
}
