package api

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/shift"
	"yingda/internal/workforce"
)

func (a *API) roster(r *router) {
	read, manage := agent.RosterRead, agent.RosterManage
	call(r, get("/shifts", "Kinds of shift, retired ones too").needs(read), a.listShifts)
	call(r, post("/shifts", "Make a kind of shift").needs(manage), a.addShift)
	call(r, put("/shifts/{id}", "Change a kind of shift; entries of the roster keep their hours unless spread is set").needs(manage), a.changeShift)
	call(r, get("/roster", "Who works when, a page of agents, with what speaks against it").needs(read), a.getRoster)
	call(r, get("/roster/mine", "One's own roster").needs(read), a.myRoster)
	act(r, post("/roster/assign", "Write entries of the roster, all or none").needs(manage), a.assignRoster)
	call(r, post("/roster/fill", "Give many people one kind of shift").needs(manage), a.fillRoster)
	call(r, post("/roster/copy", "Copy a week of the roster").needs(manage), a.copyRoster)
	call(r, get("/roster/settings", "What the roster is held against").needs(read), a.rosterSettings)
	call(r, put("/roster/settings", "Change what the roster is held against").needs(manage), a.putRosterSettings)
	call(r, get("/roster/adherence", "How agents kept to the roster, planned against presence, a page of agents").needs(manage), a.adherence)
	stream(r, get("/roster/adherence.csv", "The same of up to 500 agents as a table; from, to and team_id as above").needs(manage), nil, tableOf(), a.adherenceFile)
	call(r, get("/swaps", "One's own swaps, and for who makes the roster the open ones of others").needs(read), a.listSwaps)
	call(r, post("/swaps", "Ask a colleague to take a shift").needs(read), a.askSwap)
	call(r, post("/swaps/{id}/act", "Agree to a swap, decline, withdraw, approve or refuse it").needs(read), a.actSwap)
}

func (a *API) listShifts(ctx context.Context, by agent.Actor, _ *struct{}) (list[shift.Template], error) {
	ts, err := a.Workforce.Shifts(ctx, by)
	return list[shift.Template]{Items: ts}, err
}

func (a *API) addShift(ctx context.Context, by agent.Actor, in *struct{ Body workforce.ShiftDraft }) (shift.Template, error) {
	return a.Workforce.AddShift(ctx, by, in.Body)
}

func (a *API) changeShift(ctx context.Context, by agent.Actor, in *withBody[shift.ID, workforce.ShiftDraft]) (shift.Template, error) {
	return a.Workforce.ChangeShift(ctx, by, in.ID.Value, in.Body)
}

type rosterAsk struct {
	PageOf
	From  string              `query:"from" required:"true" doc:"the first day, such as 2026-11-30"`
	To    string              `query:"to" required:"true" doc:"the last day"`
	Team  param[agent.TeamID] `query:"team_id"`
	Words string              `query:"q" maxLength:"100" doc:"part of a name"`
}

func (a *API) getRoster(ctx context.Context, by agent.Actor, in *rosterAsk) (workforce.Roster, error) {
	return a.Workforce.Roster(ctx, by, workforce.Ask{From: in.From, To: in.To, Team: in.Team.Value, Words: in.Words, Cursor: in.Cursor, Limit: in.Limit})
}

type daysAsk struct {
	From string `query:"from" required:"true" doc:"the first day, such as 2026-11-30"`
	To   string `query:"to" required:"true" doc:"the last day"`
}

func (a *API) myRoster(ctx context.Context, by agent.Actor, in *daysAsk) (workforce.Roster, error) {
	return a.Workforce.Mine(ctx, by, in.From, in.To)
}

type rosterCells struct {
	Cells []workforce.Cell `json:"cells" maxItems:"500"`
}

func (a *API) assignRoster(ctx context.Context, by agent.Actor, in *struct{ Body rosterCells }) error {
	return a.Workforce.Assign(ctx, by, in.Body.Cells)
}

func (a *API) fillRoster(ctx context.Context, by agent.Actor, in *struct{ Body workforce.Fill }) (workforce.Filled, error) {
	return a.Workforce.Fill(ctx, by, in.Body)
}

func (a *API) copyRoster(ctx context.Context, by agent.Actor, in *struct{ Body workforce.Copy }) (workforce.Filled, error) {
	return a.Workforce.Copy(ctx, by, in.Body)
}

func (a *API) rosterSettings(ctx context.Context, by agent.Actor, _ *struct{}) (shift.Settings, error) {
	return a.Workforce.RosterSettings(ctx, by)
}

func (a *API) putRosterSettings(ctx context.Context, by agent.Actor, in *struct{ Body shift.Settings }) (shift.Settings, error) {
	return a.Workforce.ChangeRosterSettings(ctx, by, in.Body)
}

func (a *API) listSwaps(ctx context.Context, by agent.Actor, _ *struct{}) (list[workforce.SwapView], error) {
	ss, err := a.Workforce.Swaps(ctx, by)
	return list[workforce.SwapView]{Items: ss}, err
}

func (a *API) askSwap(ctx context.Context, by agent.Actor, in *struct{ Body workforce.SwapAsk }) (shift.Swap, error) {
	return a.Workforce.AskSwap(ctx, by, in.Body)
}

type swapAct struct {
	Act   shift.SwapAct `json:"act" enum:"agree,decline,withdraw,approve,refuse"`
	Reply string        `json:"reply,omitempty"`
}

func (a *API) actSwap(ctx context.Context, by agent.Actor, in *withBody[shift.SwapID, swapAct]) (workforce.SwapView, error) {
	return a.Workforce.ActSwap(ctx, by, in.ID.Value, in.Body.Act, in.Body.Reply)
}

func (a *API) adherence(ctx context.Context, by agent.Actor, in *rosterAsk) (workforce.AdherencePage, error) {
	return a.Workforce.Adherence(ctx, by, workforce.Ask{From: in.From, To: in.To, Team: in.Team.Value, Words: in.Words, Cursor: in.Cursor, Limit: in.Limit})
}

// fileRows is how many agents a file holds.
const fileRows = 500

func (a *API) adherenceFile(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	q := req.URL.Query()
	ask := workforce.Ask{From: q.Get("from"), To: q.Get("to"), Limit: fileRows}
	if err := ask.Team.UnmarshalText([]byte(q.Get("team_id"))); err != nil {
		return err
	}
	p, err := a.Workforce.Adherence(req.Context(), by, ask)
	if err != nil {
		return err
	}
	return sendTable(w, "adherence-"+ask.From, func(b *bytes.Buffer) error { return p.CSV(b, phrase.Language(req.Header.Get("Accept-Language"))) })
}

// tableOf describes an answer that is a table.
func tableOf() *huma.Response {
	return &huma.Response{Description: "The same as a table", Content: map[string]*huma.MediaType{
		"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
}

// sendTable answers with a table as a file.
func sendTable(w http.ResponseWriter, name string, write func(b *bytes.Buffer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	_, _ = w.Write(b.Bytes()) // whoever does not read it has gone
	return nil
}
