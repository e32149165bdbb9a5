package api

import (
	"context"
	"strings"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	ofsms "yingda/internal/domain/sms"
)

func (a *API) sms(r *router) {
	need := agent.ChannelManage
	call(r, get("/sms/settings", "What is set of text messages").needs(need), a.getSMS)
	call(r, patch("/sms/settings", "Change what is set of text messages; of what is left out it stays").needs(need), a.changeSMS)
	call(r, post("/sms/trial", "Send a text of a purpose to a number of one's own, with the settings as they are saved").needs(need), a.trySMS)
	call(r, get("/sms", "Text messages that left or are to leave, the newest first").needs(need), a.listSMS)
	call(r, get("/sms/opt-outs", "The numbers that want no text messages, the newest first").needs(need), a.listOptOuts)
	act(r, post("/sms/opt-outs", "Set that a number wants no text messages, or wants them again").needs(need), a.setOptOut)
}

// smsSettings is what is set of texts as the wire shows it: of the secret only
// that it is there.
type smsSettings struct {
	ofsms.Settings
	SecretSet bool                       `json:"secret_set"`
	SetAt     *time.Time                 `json:"secret_set_at,omitempty"`
	Values    map[ofsms.Purpose][]string `json:"values" doc:"the names that templates may hold, by purpose"`
	Reports   string                     `json:"reports_url" doc:"where the provider reports to"`
	Public    bool                       `json:"public" doc:"it is known where customers find our pages; if not, no text with a link is sent"`
	Samples   map[string]string          `json:"samples" doc:"what the names stand for in a preview"`
	Parts     map[ofsms.Purpose]int      `json:"parts" doc:"how many texts a carrier counts"`
}

func (a *API) viewSMS(ctx context.Context, s ofsms.Settings) (smsSettings, error) {
	v := smsSettings{
		Settings: s, SecretSet: s.Secret != "", SetAt: when(s.SetAt), Values: map[ofsms.Purpose][]string{}, Parts: map[ofsms.Purpose]int{},
		Public: a.Desk.PublicURL != "",
	}
	var err error
	if v.Samples, err = a.Desk.TextSamples(ctx); err != nil {
		return v, err
	}
	for _, p := range ofsms.Purposes() {
		v.Values[p] = p.Values()
		v.Parts[p] = ofsms.Parts(s.Sign, s.Templates[p].Fill(v.Samples))
	}
	if s.Reports != "" {
		v.Reports = strings.TrimSuffix(a.Desk.PublicURL, "/") + channel.TextReportsPath + s.Reports
	}
	return v, nil
}

func (a *API) getSMS(ctx context.Context, by agent.Actor, _ *struct{}) (smsSettings, error) {
	s, err := a.Desk.TextSettings(ctx, by)
	if err != nil {
		return smsSettings{}, err
	}
	return a.viewSMS(ctx, s)
}

func (a *API) changeSMS(ctx context.Context, by agent.Actor, in *struct{ Body desk.TextsChange }) (smsSettings, error) {
	s, err := a.Desk.ChangeTextSettings(ctx, by, in.Body)
	if err != nil {
		return smsSettings{}, err
	}
	return a.viewSMS(ctx, s)
}

// smsView is a text as the wire shows it.
type smsView struct {
	ID           ofsms.ID        `json:"id"`
	Purpose      ofsms.Purpose   `json:"purpose" enum:"rating,missed,callback"`
	Trial        bool            `json:"trial"`
	Number       string          `json:"number" doc:"masked"`
	Conversation conversation.ID `json:"conversation_id,omitzero"`
	Text         string          `json:"text" doc:"as it was sent; the link stands there only where nothing left"`
	State        ofsms.State     `json:"state" enum:"waiting,sending,sent,delivered,failed,uncertain,dropped"`
	Provider     ofsms.Provider  `json:"provider,omitzero"`
	Code         string          `json:"code,omitzero" doc:"the provider's, or why it was dropped"`
	Reason       string          `json:"reason,omitzero" doc:"in the provider's words"`
	Advice       ofsms.Advice    `json:"advice,omitzero" doc:"what to do about a failure" enum:"balance,sign,template,number,key,limit,blacklist,content,network,doubt,provider"`
	At           time.Time       `json:"at"`
	SendAt       time.Time       `json:"send_at"`
	SentAt       *time.Time      `json:"sent_at,omitempty"`
	DoneAt       *time.Time      `json:"done_at,omitempty" doc:"when marks were given by its link"`
}

func viewText(m ofsms.Message) smsView {
	v := smsView{
		ID: m.ID, Purpose: m.Purpose, Trial: m.Trial(), Number: contact.MaskPhone(m.Number), Conversation: m.Conversation, Text: m.Text, State: m.State,
		Provider: m.Provider, Code: m.Code, Reason: m.Reason, At: m.At, SendAt: m.SendAt, SentAt: when(m.SentAt), DoneAt: when(m.DoneAt),
	}
	if m.Code != "" && m.State != ofsms.Dropped && m.State != ofsms.Delivered {
		v.Advice = ofsms.AdviceFor(m.Code)
	}
	return v
}

type smsTrial struct {
	Body struct {
		Purpose ofsms.Purpose `json:"purpose" enum:"rating,missed,callback"`
		Number  string        `json:"number" maxLength:"30"`
	}
}

func (a *API) trySMS(ctx context.Context, by agent.Actor, in *smsTrial) (smsView, error) {
	m, err := a.Desk.TryText(ctx, by, in.Body.Purpose, in.Body.Number)
	return viewText(m), err
}

type listSMS struct {
	Cursor param[ofsms.ID] `query:"cursor" doc:"next of the page before"`
	Limit  int             `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (a *API) listSMS(ctx context.Context, by agent.Actor, in *listSMS) (list[smsView], error) {
	p, err := a.Desk.TextsSent(ctx, by, in.Cursor.Value, in.Limit)
	l := list[smsView]{Items: make([]smsView, 0, len(p.Items)), Next: p.Next}
	for _, m := range p.Items {
		l.Items = append(l.Items, viewText(m))
	}
	return l, err
}

type optOutView struct {
	Number string    `json:"number" doc:"masked"`
	How    string    `json:"how" enum:"answer,agent"`
	At     time.Time `json:"at"`
}

func (a *API) listOptOuts(ctx context.Context, by agent.Actor, _ *struct{}) (list[optOutView], error) {
	all, err := a.Desk.OptOuts(ctx, by)
	l := list[optOutView]{Items: make([]optOutView, 0, len(all))}
	for _, o := range all {
		l.Items = append(l.Items, optOutView(o))
	}
	return l, err
}

type optOut struct {
	Body struct {
		Number string `json:"number" maxLength:"30"`
		Out    bool   `json:"out" doc:"false: it wants text messages again"`
	}
}

func (a *API) setOptOut(ctx context.Context, by agent.Actor, in *optOut) error {
	return a.Desk.SetOptOut(ctx, by, in.Body.Number, in.Body.Out)
}
