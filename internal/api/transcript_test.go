package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/transcript"
	"yingda/internal/scribe"
	"yingda/internal/store"
)

func TestWhatWasSaidOverTheWire(t *testing.T) {
	r := newRoom(t)
	r.api.Scribe = &scribe.Scribe{DB: r.desk.DB, Files: r.desk.Files, Now: r.clock.Now}
	r.must(r.desk.EnsureHotline(t.Context()))
	r.online("lin")
	s := r.called("13812345678", "lin")
	r.names["call"] = s.Call.ID.String()
	settings := `{"enabled":true,"base_url":"http://127.0.0.1:1/v1","model":"whisper-1","languages":["zh"],"day_minutes":10,"most_calls":0,"version":0}`
	r.play([]step{
		{name: "nobody asked", who: "wang", method: "GET", path: "/calls/{call}/transcript", status: 200, says: `"state":"none"`},
		{name: "nobody writes", who: "wang", method: "POST", path: "/calls/{call}/transcript", status: 409, says: "transcript.off"},
		{name: "who may not hear it", who: "lin", method: "GET", path: "/calls/{call}/transcript", status: 403, says: "recording.listen"},
		{name: "nor ask for it", who: "lin", method: "POST", path: "/calls/{call}/transcript", status: 403, says: "recording.listen"},
		{name: "nor set who writes", who: "wang", method: "PUT", path: "/transcripts/settings", body: settings, status: 403, says: "setting.manage"},
		{name: "set", who: "boss", method: "PUT", path: "/transcripts/settings", body: settings, status: 200, says: `"has_key":false`},
		{name: "an open address", who: "boss", method: "PUT", path: "/transcripts/settings", body: strings.Replace(strings.Replace(settings, "127.0.0.1:1", "api.example.com", 1), `"version":0`, `"version":1`, 1), status: 422, says: "base_url"},
		{name: "nobody answers there", who: "boss", method: "POST", path: "/transcripts/try", body: settings, status: 200, says: "连不上模型"},
		{name: "ask", who: "wang", method: "POST", path: "/calls/{call}/transcript", status: 200, says: `"state":"waiting"`},
		{name: "ask twice", who: "wang", method: "POST", path: "/calls/{call}/transcript", status: 409, says: "transcript.open"},
	})
	r.must(r.desk.DB.Update(t.Context(), func(tx *store.Tx) error {
		line := transcript.Line{Side: transcript.Caller, Span: transcript.Span{From: 65 * time.Second, To: 70 * time.Second}, Text: "我的电话是13812345678"}
		return tx.AddTranscriptLines(t.Context(), s.Call.ID, 0, []transcript.Line{line})
	}))
	r.play([]step{
		{name: "read", who: "wang", method: "GET", path: "/calls/{call}/transcript", status: 200, says: `"who":"customer","from":65,"to":70,"text":"我的电话是〔…〕"`, not: "13812345678"},
		{name: "all of it", who: "wang", method: "GET", path: "/calls/{call}/transcript?reason=%E6%A0%B8%E5%AF%B9%E5%8F%B7%E7%A0%81", status: 200, says: "13812345678"},
		{name: "taken along", who: "wang", method: "GET", path: "/calls/{call}/transcript/text", status: http.StatusOK, says: "[01:05] 客户: 我的电话是〔…〕"},
	})
}
