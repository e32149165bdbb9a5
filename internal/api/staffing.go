package api

import (
	"bytes"
	"context"
	"net/http"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/staffing"
	"yingda/internal/store"
	"yingda/internal/workforce"
)

func (a *API) staffing(r *router) {
	manage := agent.RosterManage
	call(r, get("/staffing", "How many people the half hours of up to seven days take for the promise in force, against the roster, and what becomes of it as it is").needs(manage), a.getStaffing)
	stream(r, get("/staffing.csv", "The same as a table; from, to, channel and team_id as above").needs(manage), nil, tableOf(), a.staffingFile)
	call(r, get("/staffing/settings", "What plans of people are made with").needs(manage), a.staffingSettings)
	call(r, put("/staffing/settings", "Change what plans of people are made with").needs(manage), a.putStaffingSettings)
	act(r, put("/staffing/expected", "Say what a day will bring, instead of what was measured").needs(manage), a.putExpected)
	act(r, remove("/staffing/expected", "Go back to what was measured").needs(manage), a.removeExpected)
	call(r, post("/staffing/trials", "Simulate a day with the roster as it is; a job does it").needs(manage), a.askTrial)
	call(r, get("/staffing/trials/{id}", "A simulation, and what came out once it is done").needs(manage), a.getTrial)
}

type staffingAsk struct {
	From     string              `query:"from" required:"true" doc:"the first day, such as 2026-11-30"`
	To       string              `query:"to" required:"true" doc:"the last day"`
	Channel  string              `query:"channel" default:"webchat"`
	Team     param[agent.TeamID] `query:"team_id" doc:"whose roster is held against it; absent: everybody's"`
	Language string              `header:"Accept-Language"`
}

func (a *API) getStaffing(ctx context.Context, by agent.Actor, in *staffingAsk) (workforce.Staffing, error) {
	return a.Workforce.Staffing(ctx, by, workforce.StaffingAsk{From: in.From, To: in.To, Channel: in.Channel, Team: in.Team.Value, Language: phrase.Language(in.Language)})
}

func (a *API) staffingFile(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	q := req.URL.Query()
	ask := workforce.StaffingAsk{From: q.Get("from"), To: q.Get("to"), Channel: q.Get("channel")}
	if err := ask.Team.UnmarshalText([]byte(q.Get("team_id"))); err != nil {
		return err
	}
	s, err := a.Workforce.Staffing(req.Context(), by, ask)
	if err != nil {
		return err
	}
	return sendTable(w, "staffing-"+ask.From, func(b *bytes.Buffer) error { return s.CSV(b) })
}

func (a *API) staffingSettings(ctx context.Context, by agent.Actor, _ *struct{}) (staffing.Settings, error) {
	return a.Workforce.StaffingSettings(ctx, by)
}

func (a *API) putStaffingSettings(ctx context.Context, by agent.Actor, in *struct{ Body staffing.Settings }) (staffing.Settings, error) {
	return a.Workforce.ChangeStaffingSettings(ctx, by, in.Body)
}

func (a *API) putExpected(ctx context.Context, by agent.Actor, in *struct{ Body workforce.TypedDay }) error {
	return a.Workforce.TypeExpected(ctx, by, in.Body)
}

type expectedDay struct {
	Channel string `query:"channel" required:"true"`
	Day     string `query:"day" required:"true"`
}

func (a *API) removeExpected(ctx context.Context, by agent.Actor, in *expectedDay) error {
	return a.Workforce.ForgetTyped(ctx, by, in.Channel, in.Day)
}

type trialAsk struct {
	Language string `header:"Accept-Language"`
	Body     struct {
		Day     string       `json:"day"`
		Channel string       `json:"channel"`
		Team    agent.TeamID `json:"team_id,omitzero"`
	}
}

func (a *API) askTrial(ctx context.Context, by agent.Actor, in *trialAsk) (workforce.TrialView, error) {
	b := in.Body
	return a.Workforce.AskTrial(ctx, by, workforce.StaffingAsk{From: b.Day, Channel: b.Channel, Team: b.Team, Language: phrase.Language(in.Language)})
}

func (a *API) getTrial(ctx context.Context, by agent.Actor, in *byID[store.TrialID]) (workforce.TrialView, error) {
	return a.Workforce.Trial(ctx, by, in.ID.Value)
}
