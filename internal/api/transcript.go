package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	ofcall "yingda/internal/domain/call"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/transcript"
	"yingda/internal/scribe"
)

func (a *API) transcripts(r *router) {
	text := &huma.Response{Description: "Who said what when, a line each", Content: map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}}}}
	call(r, get("/calls/{id}/transcript", "What was said in a call, as far as it was written down. What may tell who somebody is is masked; reason= shows it, for who may reveal it. It is recorded").needs(agent.RecordingListen), a.getTranscript)
	call(r, post("/calls/{id}/transcript", "Have a recorded call written down, or once more from the beginning").needs(agent.RecordingListen), a.askTranscript)
	stream(r, get("/calls/{id}/transcript/text", "The same as a text to take along").needs(agent.RecordingDownload), nil, text, a.takeTranscript)
	call(r, get("/transcripts/settings", "Who writes calls down, and how much was sent today").needs(agent.SettingManage), a.getScribe)
	call(r, put("/transcripts/settings", "Set who writes calls down, with the version that was read").needs(agent.SettingManage), a.putScribe)
	call(r, post("/transcripts/try", "Have a prompt written down once under settings that need not be kept").needs(agent.SettingManage), a.tryScribe)
}

// transcriptView is the text of a call as the wire shows it.
type transcriptView struct {
	State   string           `json:"state" enum:"none,waiting,writing,done,failed" doc:"none: nobody asked for it"`
	Why     *inbox.Text      `json:"why,omitempty" doc:"what it waits for, or how it failed"`
	On      bool             `json:"on" doc:"it can be asked for"`
	AskedAt *time.Time       `json:"asked_at,omitempty"`
	DueAt   *time.Time       `json:"due_at,omitempty" doc:"of one that waits: it is tried again then"`
	Pieces  int              `json:"pieces" doc:"in which the recording is sent; 0: not known yet"`
	Written int              `json:"written" doc:"of them"`
	Model   string           `json:"model,omitzero"`
	Masked  bool             `json:"masked" doc:"what may tell who somebody is is not shown"`
	Lines   []transcriptLine `json:"lines"`
}

type transcriptLine struct {
	Who   transcript.Kind `json:"who" enum:"customer,agent,machine,somebody" doc:"somebody: the recording does not tell"`
	Agent string          `json:"agent_id,omitzero" doc:"which agent, where that is known"`
	From  float64         `json:"from" doc:"in seconds of the recording"`
	To    float64         `json:"to"`
	Text  string          `json:"text"`
}

func transcriptOf(s desk.Said) transcriptView {
	v := transcriptView{
		State: string(s.Is.State), On: s.On, AskedAt: when(s.Is.AskedAt), Pieces: s.Is.Pieces, Written: s.Is.Written, Model: s.Is.Model, Masked: !s.Whole,
		Lines: make([]transcriptLine, 0, len(s.Lines)),
	}
	if v.State == "" {
		v.State = "none"
	}
	if s.Is.State == transcript.Waiting {
		v.DueAt = when(s.Is.DueAt)
	}
	if s.Is.Why != nil {
		why := bilingual(*s.Is.Why)
		v.Why = &why
	}
	for _, l := range s.Lines {
		who := transcript.SpeakerOf(l, s.Call.Record, s.Call.NoticeAt)
		v.Lines = append(v.Lines, transcriptLine{who.Kind, who.Agent, l.From.Seconds(), l.To.Seconds(), l.Text})
	}
	return v
}

type getTranscript struct {
	ID     param[ofcall.ID] `path:"id"`
	Reason string           `query:"reason" maxLength:"500" doc:"why nothing is to be masked; it is kept"`
}

func (a *API) getTranscript(ctx context.Context, by agent.Actor, in *getTranscript) (transcriptView, error) {
	s, err := a.Desk.TranscriptOf(ctx, by, in.ID.Value, in.Reason, false)
	return transcriptOf(s), err
}

func (a *API) askTranscript(ctx context.Context, by agent.Actor, in *byID[ofcall.ID]) (transcriptView, error) {
	if err := a.Desk.AskTranscript(ctx, by, in.ID.Value); err != nil {
		return transcriptView{}, err
	}
	s, err := a.Desk.TranscriptOf(ctx, by, in.ID.Value, "", false)
	return transcriptOf(s), err
}

// speakers are how a text calls who speaks.
var speakers = map[string]map[transcript.Kind]string{
	"zh": {transcript.Customer: "客户", transcript.Agent: "客服", transcript.Machine: "语音菜单", transcript.Somebody: "说话人"},
	"en": {transcript.Customer: "Customer", transcript.Agent: "Agent", transcript.Machine: "Menu", transcript.Somebody: "Speaker"},
}

func (a *API) takeTranscript(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	i, err := callIn(req)
	if err != nil {
		return err
	}
	s, err := a.Desk.TranscriptOf(req.Context(), by, i, req.URL.Query().Get("reason"), true)
	if err != nil {
		return err
	}
	names := speakers[phrase.Language(req.Header.Get("Accept-Language"))]
	var b strings.Builder
	for _, l := range s.Lines {
		fmt.Fprintf(&b, "[%s] %s: %s\r\n", transcript.Clock(l.From), names[transcript.SpeakerOf(l, s.Call.Record, s.Call.NoticeAt).Kind], l.Text)
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+s.Call.Record.Steps[0].At.UTC().Format("20060102-150405")+"-"+i.String()+`.txt"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	_, err = w.Write([]byte(b.String()))
	return err
}

// TranscriptSettings is what is set; the key is never told.
type TranscriptSettings struct {
	Enabled    bool     `json:"enabled" doc:"calls are written down when they end"`
	BaseURL    string   `json:"base_url" maxLength:"300" doc:"such as http://127.0.0.1:8090/v1; without encryption in the own network only"`
	Model      string   `json:"model" maxLength:"120"`
	Languages  []string `json:"languages" maxItems:"10" doc:"that are spoken, such as zh; of more than one, and of none, the endpoint finds out which"`
	DayMinutes int      `json:"day_minutes" minimum:"0" doc:"of sound that are sent in a day at most; 0 is no cap"`
	MostCalls  int      `json:"most_calls" minimum:"0" doc:"while more calls than these go on nothing is sent; 0: it does not matter"`
	Version    int64    `json:"version"`
}

type transcriptSet struct {
	TranscriptSettings
	HasKey bool    `json:"has_key"`
	Today  float64 `json:"today" doc:"minutes of sound that were sent today"`
}

type transcriptChange struct {
	TranscriptSettings
	Key *string `json:"key,omitempty" maxLength:"500" doc:"left out it stays; empty takes it away"`
}

func (c transcriptChange) change() scribe.Change {
	return scribe.Change{Key: c.Key, Settings: transcript.Settings{
		Enabled: c.Enabled, BaseURL: c.BaseURL, Model: c.Model, Languages: c.Languages, DayMinutes: c.DayMinutes, MostCalls: c.MostCalls, Version: c.Version,
	}}
}

func scribeOf(s scribe.Settings) transcriptSet {
	return transcriptSet{HasKey: s.HasKey, Today: s.Today.Minutes(), TranscriptSettings: TranscriptSettings{
		Enabled: s.Enabled, BaseURL: s.BaseURL, Model: s.Model, Languages: append([]string{}, s.Languages...), DayMinutes: s.DayMinutes, MostCalls: s.MostCalls, Version: s.Version,
	}}
}

func (a *API) getScribe(ctx context.Context, by agent.Actor, _ *struct{}) (transcriptSet, error) {
	s, err := a.Scribe.Settings(ctx, by)
	return scribeOf(s), err
}

func (a *API) putScribe(ctx context.Context, by agent.Actor, in *struct{ Body transcriptChange }) (transcriptSet, error) {
	s, err := a.Scribe.Save(ctx, by, in.Body.change())
	return scribeOf(s), err
}

type transcriptTrial struct {
	Works bool        `json:"works"`
	Said  string      `json:"said" doc:"what is in the sound"`
	Text  string      `json:"text" doc:"what was written"`
	Times bool        `json:"times" doc:"it told when what was said"`
	Long  int64       `json:"long_ms" doc:"the sound"`
	Took  int64       `json:"took_ms"`
	Why   *inbox.Text `json:"why,omitempty" doc:"what is wrong"`
}

func (a *API) tryScribe(ctx context.Context, by agent.Actor, in *struct{ Body transcriptChange }) (transcriptTrial, error) {
	t, err := a.Scribe.Try(ctx, by, in.Body.change())
	v := transcriptTrial{Works: t.Works, Said: t.Said, Text: t.Text, Times: t.Times, Long: t.Long.Milliseconds(), Took: t.Took.Milliseconds()}
	if t.Why != nil {
		why := bilingual(*t.Why)
		v.Why = &why
	}
	return v, err
}
