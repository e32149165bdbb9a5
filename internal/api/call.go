package api

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	ofcall "yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
)

func (a *API) calls(r *router) {
	table := &huma.Response{Description: "A table", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}
	sound := &huma.Response{Description: "The recording, or the part that was asked for: the customer left, the agent right", Content: map[string]*huma.MediaType{
		"audio/wav": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	picture := &huma.Response{Description: "How far the recording swings", Content: map[string]*huma.MediaType{
		"application/json": {Schema: r.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[peaksView](), true, "")},
	}}
	read := agent.ConversationRead
	call(r, get("/calls", "Calls, newest first, as far as one may see their conversations").needs(read), a.listCalls)
	stream(r, get("/calls/export", "The same as a table, with the filters as for the list; reason= shows the numbers whole, for who may reveal them. It is recorded").needs(agent.CallExport), nil, table, a.exportCalls)
	call(r, get("/calls/{id}", "A call").needs(read), a.getCall)
	call(r, get("/conversations/{id}/call", "The last call of a conversation").needs(read), a.callOfConversation)
	stream(r, get("/calls/{id}/recording", "The recording; each listening is recorded. download=1 takes it along, which needs a permission of its own").needs(agent.RecordingListen), nil, sound, a.hearRecording)
	stream(r, get("/calls/{id}/peaks", "How far the recording swings, in 800 parts, for a picture of it").needs(agent.RecordingListen), nil, picture, a.drawRecording)
	call(r, put("/calls/{id}/kept", "Keep the recording beyond its time for a reason, or with an empty one no longer").needs(agent.RecordingKeep), a.keepCall)
	call(r, get("/recordings/kept", "How long recordings are kept").needs(agent.ChannelManage), a.recordingsKept)
	call(r, put("/recordings/kept", "Change how long recordings are kept").needs(agent.ChannelManage), a.keepRecordings)
	call(r, get("/callbacks", "Call backs that were asked for, newest first").needs(read), a.listCallbacks)
	act(r, post("/callbacks/{id}/cancel", "A call back that waits is not to be made").needs(agent.ConversationReply), a.cancelCallback)
}

type listCalls struct {
	PageOf
	State     string          `query:"state" enum:"open,ended"`
	Agent     param[agent.ID] `query:"agent_id"`
	Queue     string          `query:"queue" maxLength:"40"`
	Direction string          `query:"direction" enum:"inbound,outbound"`
	Reason    string          `query:"reason" enum:"completed,abandoned,left_menu,off_hours,message,callback,no_answer,engaged,refused,forwarded,vanished,failed,drained,lost"`
	From      string          `query:"from" format:"date-time" doc:"began at or after"`
	To        string          `query:"to" format:"date-time" doc:"began before"`
	Recorded  bool            `query:"recorded" doc:"only those with a recording"`
	Rated     string          `query:"rated" enum:"any,keys,link" doc:"only those that the customer rated: in any way, by keys at the end of the call, or by the link in a text message"`
	Words     string          `query:"q" maxLength:"80" doc:"a whole number, the last four digits of one, or a part of the customer's name"`
}

func (in *listCalls) query() (q desk.CallQuery, err error) {
	q = desk.CallQuery{
		Agent: in.Agent.Value, Queue: in.Queue, Direction: ofcall.Direction(in.Direction), Reason: ofcall.Reason(in.Reason), Recorded: in.Recorded, Words: in.Words,
		Cursor: in.Cursor, Limit: in.Limit,
	}
	if in.State != "" {
		open := in.State == "open"
		q.Open = &open
	}
	switch in.Rated {
	case "":
	case "any":
		q.RatedBy = ofcall.RatingWays()
	default:
		q.RatedBy = []ofcall.RatingWay{ofcall.RatingWay(in.Rated)}
	}
	for text, into := range map[string]*time.Time{in.From: &q.From, in.To: &q.To} {
		if text == "" {
			continue
		}
		if *into, err = time.Parse(time.RFC3339, text); err != nil {
			return q, fault.New(fault.Invalid, "request.time", "%q is no time; write 2026-11-23T09:00:00Z", text)
		}
	}
	return q, nil
}

func (a *API) listCalls(ctx context.Context, by agent.Actor, in *listCalls) (l list[callView], err error) {
	q, err := in.query()
	if err != nil {
		return l, err
	}
	menus, err := a.Desk.PublishedMenus(ctx)
	if err != nil {
		return l, err
	}
	p, err := a.Desk.Calls(ctx, by, q)
	l = list[callView]{Items: make([]callView, 0, len(p.Items)), Next: p.Next}
	for _, r := range p.Items {
		l.Items = append(l.Items, a.viewCall(r, menus))
	}
	return l, err
}

func (a *API) getCall(ctx context.Context, by agent.Actor, in *byID[ofcall.ID]) (callView, error) {
	r, err := a.Desk.CallFor(ctx, by, in.ID.Value)
	return a.shown(ctx, r, err)
}

func (a *API) callOfConversation(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (callView, error) {
	r, err := a.Desk.CallOf(ctx, by, in.ID.Value)
	return a.shown(ctx, r, err)
}

func (a *API) shown(ctx context.Context, r store.CallRow, err error) (callView, error) {
	if err != nil {
		return callView{}, err
	}
	menus, err := a.Desk.PublishedMenus(ctx)
	if err != nil {
		return callView{}, err
	}
	return a.onLine(ctx, a.viewCall(r, menus)), nil
}

// queryOf reads the filters of a list from an address.
func queryOf(v url.Values) (desk.CallQuery, error) {
	in := listCalls{
		State: v.Get("state"), Queue: v.Get("queue"), Direction: v.Get("direction"), Reason: v.Get("reason"), From: v.Get("from"), To: v.Get("to"),
		Recorded: v.Get("recorded") == "true", Rated: v.Get("rated"), Words: v.Get("q"),
	}
	if s := v.Get("agent_id"); s != "" {
		if err := in.Agent.Value.UnmarshalText([]byte(s)); err != nil {
			return desk.CallQuery{}, err
		}
	}
	return in.query()
}

var callHead = map[string][]string{
	"zh": {"通话编号", "会话编号", "方向", "客户号码", "我方号码", "客户", "队列", "紧急", "开始", "接听", "结束", "振铃秒", "导航秒", "等待秒", "通话秒", "保持秒", "话后秒", "总秒数", "坐席", "结束原因", "菜单", "路径", "评分", "评分方式", "丢包率", "抖动毫秒", "MOS", "录音", "录音秒", "录音校验", "录音告知"},
	"en": {"call", "conversation", "direction", "number", "line", "customer", "queue", "emergency", "began", "answered", "ended", "ring_s", "menu_s", "wait_s", "talk_s", "hold_s", "wrap_up_s", "total_s", "agent", "reason", "menu", "path", "ratings", "rated_by", "lost", "jitter_ms", "mos", "recording", "recording_s", "recording_sha256", "notice"},
}

// exportCalls writes the calls as they are read.
func (a *API) exportCalls(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	v := req.URL.Query()
	q, err := queryOf(v)
	if err != nil {
		return err
	}
	menus, err := a.Desk.PublishedMenus(req.Context())
	if err != nil {
		return err
	}
	language := phrase.Language(req.Header.Get("Accept-Language"))
	var out *csv.Writer
	begin := func() (err error) {
		if out, err = a.beginTable(w, "calls"); err != nil {
			return err
		}
		return out.Write(callHead[language])
	}
	whole := v.Get("reason_to_reveal")
	err = a.Desk.EachCall(req.Context(), by, q, whole, func(r store.CallRow) error {
		if out == nil {
			if err := begin(); err != nil {
				return err
			}
		}
		return writeSafe(out, a.callLine(a.viewCall(r, menus), r, whole != "", language)...)
	})
	if err == nil && out == nil {
		err = begin()
	}
	if out == nil {
		return err
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

func (a *API) callLine(v callView, r store.CallRow, whole bool, language string) []string {
	queue := v.Queues[v.Queue].In(language)
	number := v.Caller
	if whole {
		number = r.Record.Caller
	}
	seconds := func(s float64) string { return strconv.FormatFloat(s, 'f', 1, 64) }
	moment := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return written(*t)
	}
	ratings := ""
	for _, q := range slices.Sorted(maps.Keys(v.Record.Ratings)) {
		if ratings != "" {
			ratings += " "
		}
		ratings += fmt.Sprintf("%s=%d", q, v.Record.Ratings[q])
	}
	path := strings.Join(v.Record.Path, ">")
	who := ""
	if !v.Agent.IsZero() {
		who = v.Agent.String()
	}
	link := ""
	if v.Recorded {
		link = prefix + "/calls/" + v.ID.String() + "/recording"
	}
	rec := v.Record.Recording
	return []string{
		v.ID.String(), strconv.FormatInt(v.Number, 10), string(v.Direction), number, v.Line, v.ContactName, queue, strconv.FormatBool(v.Emergency),
		written(v.BeganAt), moment(v.AnsweredAt), moment(v.EndedAt), seconds(v.Times.Ring), seconds(v.Times.Menu), seconds(v.Times.Wait),
		seconds(v.Times.Talk), seconds(v.Times.Hold), seconds(v.Times.WrapUp), seconds(v.Times.Total), who, string(v.Record.Result),
		v.Record.Menu, path, ratings, string(v.Record.RatedBy), strconv.FormatFloat(v.Record.Quality.Lost, 'f', 4, 64), seconds(v.Record.Quality.Jitter), seconds(v.Record.Quality.MOS),
		link, seconds(rec.Length.Seconds()), rec.SHA256, moment(v.NoticeAt),
	}
}

func (a *API) hearRecording(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	i, err := callIn(req)
	if err != nil {
		return err
	}
	along := req.URL.Query().Get("download") != ""
	t, err := a.Desk.Recording(req.Context(), by, i, along)
	if err != nil {
		return err
	}
	defer t.Body.Close()
	w.Header().Set("Cache-Control", "private, no-store") // the next listening is one too
	if along {
		h := w.Header()
		h.Set("Content-Type", "audio/wav")
		h.Set("Content-Disposition", `attachment; filename="`+t.Name+`"`)
		h.Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, req, "", t.At, t.Body)
		return nil
	}
	blob.Send(w, req, t.Name, "audio/wav", t.At, t.Body)
	return nil
}

func callIn(req *http.Request) (i ofcall.ID, err error) {
	err = i.UnmarshalText([]byte(req.PathValue("id")))
	return i, err
}

// peaksView is the picture of a recording.
type peaksView struct {
	Length   float64 `json:"length" doc:"in seconds"`
	Channels [][]int `json:"channels" doc:"the customer's, the agent's: of each part 0 to 255"`
}

// peaksParts is in how many parts a recording is drawn.
const peaksParts = 800

func (a *API) drawRecording(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	i, err := callIn(req)
	if err != nil {
		return err
	}
	t, err := a.Desk.RecordingPicture(req.Context(), by, i)
	if err != nil {
		return err
	}
	defer t.Body.Close()
	p, err := audio.PeaksOf(t.Body, t.Size, peaksParts)
	if err != nil {
		return fault.New(fault.Invalid, "recording.broken", "the recording cannot be read").Because(err)
	}
	v := peaksView{Length: p.Length.Seconds(), Channels: make([][]int, 0, len(p.Channels))}
	for _, c := range p.Channels {
		parts := make([]int, len(c))
		for j, b := range c {
			parts[j] = int(b)
		}
		v.Channels = append(v.Channels, parts)
	}
	w.Header().Set("Cache-Control", "private, max-age=3600")
	return serve.JSON(w, http.StatusOK, v)
}

type keptFor struct {
	Reason string `json:"reason" maxLength:"500" doc:"such as the number of a case at court; empty: kept as all others"`
}

func (a *API) keepCall(ctx context.Context, by agent.Actor, in *withBody[ofcall.ID, keptFor]) (callView, error) {
	r, err := a.Desk.KeepCall(ctx, by, in.ID.Value, in.Body.Reason)
	return a.shown(ctx, r, err)
}

func (a *API) recordingsKept(ctx context.Context, _ agent.Actor, _ *struct{}) (ofcall.Keeping, error) {
	return a.Desk.RecordingsKept(ctx)
}

func (a *API) keepRecordings(ctx context.Context, by agent.Actor, in *struct{ Body ofcall.Keeping }) (ofcall.Keeping, error) {
	return in.Body, a.Desk.KeepRecordings(ctx, by, in.Body)
}

// callbackView is a call back as the wire shows it, with the number masked.
type callbackView struct {
	ofcall.Back
	NotBefore   *time.Time `json:"not_before,omitempty" doc:"of one that waits: it is not made earlier"`
	ContactName string     `json:"contact_name"`
	Numbered    int64      `json:"conversation_number"`
}

type listCallbacks struct {
	PageOf
	State string `query:"state" enum:"waiting,held,done,failed,cancelled"`
}

func (a *API) listCallbacks(ctx context.Context, by agent.Actor, in *listCallbacks) (l list[callbackView], err error) {
	var states []ofcall.BackState
	if in.State != "" {
		states = []ofcall.BackState{ofcall.BackState(in.State)}
	}
	p, err := a.Desk.Callbacks(ctx, by, states, in.Cursor, in.Limit)
	l = list[callbackView]{Items: make([]callbackView, 0, len(p.Items)), Next: p.Next}
	for _, b := range p.Items {
		b.Number = contact.MaskPhone(b.Number)
		l.Items = append(l.Items, callbackView{Back: b.Back, NotBefore: when(b.NotBefore), ContactName: b.ContactName, Numbered: b.Numbered})
	}
	return l, err
}

func (a *API) cancelCallback(ctx context.Context, by agent.Actor, in *byID[ofcall.BackID]) error {
	return a.Desk.CancelCallback(ctx, by, in.ID.Value)
}
