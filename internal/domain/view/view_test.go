package view_test

import (
	"strings"
	"testing"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/view"
	"yingda/internal/kit/fault"
)

func TestCheck(t *testing.T) {
	five := 5
	for name, c := range map[string]struct {
		in   view.View
		code string
	}{
		"a view":           {view.View{Subject: view.Conversations, Name: "等急了", Filter: view.Filter{List: "all", Waiting: 5, Unread: true}}, ""},
		"of cases":         {view.View{Subject: view.Cases, Name: "投诉", Filter: view.Filter{List: "open", Kind: "complaint"}}, ""},
		"of nothing":       {view.View{Name: "x", Filter: view.Filter{List: "all"}}, "view.subject"},
		"no name":          {view.View{Subject: view.Cases, Name: " ", Filter: view.Filter{List: "all"}}, "view.name"},
		"a long name":      {view.View{Subject: view.Cases, Name: strings.Repeat("长", 41), Filter: view.Filter{List: "all"}}, "view.name"},
		"another icon":     {view.View{Subject: view.Cases, Name: "x", Icon: "x", Filter: view.Filter{List: "all"}}, "view.icon"},
		"another colour":   {view.View{Subject: view.Cases, Name: "x", Colour: "pink", Filter: view.Filter{List: "all"}}, "view.colour"},
		"another list":     {view.View{Subject: view.Cases, Name: "x", Filter: view.Filter{List: "bot"}}, "view.list"},
		"angry ones":       {view.View{Subject: view.Conversations, Name: "生气的", Filter: view.Filter{List: "all", Mood: "angry"}}, ""},
		"another mood":     {view.View{Subject: view.Conversations, Name: "x", Filter: view.Filter{List: "all", Mood: "sad"}}, "view.mood"},
		"angry cases":      {view.View{Subject: view.Cases, Name: "x", Filter: view.Filter{List: "all", Mood: "angry"}}, "view.filter"},
		"waiting cases":    {view.View{Subject: view.Cases, Name: "x", Filter: view.Filter{List: "all", Waiting: 5}}, "view.filter"},
		"kind of chat":     {view.View{Subject: view.Conversations, Name: "x", Filter: view.Filter{List: "all", Kind: "complaint"}}, "view.filter"},
		"a long word":      {view.View{Subject: view.Cases, Name: "x", Filter: view.Filter{List: "all", Text: strings.Repeat("长", 81)}}, "view.text"},
		"waiting backward": {view.View{Subject: view.Conversations, Name: "x", Filter: view.Filter{List: "all", Waiting: -1}}, "view.waiting"},
		"too urgent":       {view.View{Subject: view.Cases, Name: "x", Filter: view.Filter{List: "all", Priority: &five}}, "view.priority"},
	} {
		if _, err := c.in.Check(); err == nil != (c.code == "") || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

func TestMayChange(t *testing.T) {
	own, shared := view.View{Agent: 5}, view.View{Shared: true}
	keeper := agent.Actor{Agent: 6, Permissions: []agent.Permission{agent.ViewShared}}
	for name, c := range map[string]struct {
		view view.View
		by   agent.Actor
		code string
	}{
		"one's own":      {own, agent.Actor{Agent: 5}, ""},
		"somebody's":     {own, keeper, "view.unknown"},
		"shared":         {shared, agent.Actor{Agent: 5}, "permission.missing"},
		"shared, keeper": {shared, keeper, ""},
	} {
		if err := c.view.MayChange(c.by); err == nil != (c.code == "") || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}
