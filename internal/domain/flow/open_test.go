package flow

import (
	"testing"
	"time"
)

func TestAsks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"我要预约保养": "repair_booking", "预约": "repair_booking", "帮我预约明天下午的维修": "repair_booking", "预约怎么弄": "", "我想问一下预约要带什么": "",
		"投诉": "complaint", "我要投诉你们门店": "complaint", "投诉多久有结果？": "", "I want to make a complaint": "complaint", "how do I file a complaint": "",
		"查一下召回": "recall_look_up", "召回要多久": "", "三包有什么规定": "", "查一下工单进度 TS20261130-000002": "progress", "TS20261130-000002": "progress", "LSVAA4182E2184847 有没有召回？": "recall_look_up",
		"123456": "", "我的验证码是 TS-123": "", "评价": "survey",
	} {
		got := ""
		f, ok := Builtin().Wants(text)
		if !ok {
			f, ok = Builtin().Numbered(text)
		}
		if ok && f.Asks(text) {
			got = f.ID
		}
		if got != want {
			t.Errorf("%s asks for %q, want %q", text, got, want)
		}
	}
}

func TestOpenFrames(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	s := State{Schema: Schema, Frames: []Frame{
		{Flow: "complaint", Version: 1, Touched: now.Add(-31 * time.Minute)}, {Flow: "gone", Version: 1, Touched: now}, {Flow: "survey", Version: 1, Touched: now.Add(-time.Minute)},
	}}
	if open := s.Open(Builtin(), now); len(open) != 1 || open[0].Flow != "survey" {
		t.Errorf("open are %+v", open)
	}
	if len(s.Frames) != 3 {
		t.Error("looking changed the state")
	}
	if s.Schema++; len(s.Open(Builtin(), now)) != 0 {
		t.Error("a state of another version is open")
	}
}
