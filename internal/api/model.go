package api

import (
	"context"
	"time"

	"yingda/internal/assist"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/inbox"
)

func (a *API) model(r *router) {
	call(r, get("/model", "What is set about the language model, and what it used today").needs(agent.SettingManage), a.getModel)
	call(r, put("/model", "Set the language model, with the version that was read").needs(agent.SettingManage), a.putModel)
	call(r, post("/model/try", "Ask the language model once under settings that need not be kept").needs(agent.SettingManage), a.tryModel)
	call(r, get("/model/lookups", "Servers of the company at which the assistant may look things up").needs(agent.SettingManage), a.getLookups)
	call(r, put("/model/lookups", "Set the servers of look-ups, with the version that was read").needs(agent.SettingManage), a.putLookups)
	call(r, post("/model/lookups/try", "Ask a server, which need not be kept, for its tools").needs(agent.SettingManage), a.tryLookup)
}

// ModelSettings is what is set; the key is never told.
type ModelSettings struct {
	Enabled   bool                     `json:"enabled" doc:"the switch for all of it"`
	BaseURL   string                   `json:"base_url" maxLength:"300" doc:"such as https://api.example.com/v1; without encryption in the own network only"`
	Model     string                   `json:"model" maxLength:"120" doc:"for every task that names none"`
	Models    map[endpoint.Task]string `json:"models" doc:"by task: understand, compose, summarise, translate, embed; nothing is embedded unless a model is named for it"`
	Off       []string                 `json:"off" maxItems:"200" doc:"ids of the inboxes in which no model is asked"`
	Mask      bool                     `json:"mask" doc:"hide personal data before anything leaves"`
	DayTokens int64                    `json:"day_tokens" minimum:"0" doc:"at most in a day; 0 is no cap"`
	DayYuan   float64                  `json:"day_yuan" minimum:"0" doc:"at most in a day; 0 is no cap"`
	PriceIn   float64                  `json:"price_in" minimum:"0" doc:"yuan for a million tokens sent"`
	PriceOut  float64                  `json:"price_out" minimum:"0" doc:"yuan for a million tokens that come back"`
	Version   int64                    `json:"version"`
}

type modelView struct {
	ModelSettings
	HasKey bool         `json:"has_key"`
	Spent  []modelSpent `json:"spent" doc:"today, by task"`
	Rests  *inbox.Text  `json:"rests,omitempty" doc:"why it is left alone now, after it failed"`
}

type modelSpent struct {
	Task endpoint.Task `json:"task" enum:"understand,compose,summarise,translate,embed,test"`
	endpoint.Spent
}

type modelChange struct {
	ModelSettings
	Key *string `json:"key,omitempty" maxLength:"500" doc:"left out it stays; empty takes it away"`
}

func (c modelChange) change() assist.EndpointChange {
	return assist.EndpointChange{Key: c.Key, Settings: endpoint.Settings{
		Enabled: c.Enabled, BaseURL: c.BaseURL, Model: c.Model, Models: c.Models, Off: c.Off, Mask: c.Mask,
		DayTokens: c.DayTokens, DayYuan: c.DayYuan, PriceIn: c.PriceIn, PriceOut: c.PriceOut, Version: c.Version,
	}}
}

func viewOf(e assist.Endpoint) modelView {
	v := modelView{HasKey: e.HasKey, Spent: []modelSpent{}, ModelSettings: ModelSettings{
		Enabled: e.Enabled, BaseURL: e.BaseURL, Model: e.Model, Models: e.Models, Off: e.Off, Mask: e.Mask,
		DayTokens: e.DayTokens, DayYuan: e.DayYuan, PriceIn: e.PriceIn, PriceOut: e.PriceOut, Version: e.Version,
	}}
	for _, t := range append(endpoint.Tasks(), endpoint.Test) {
		if s, ok := e.Spent[t]; ok {
			v.Spent = append(v.Spent, modelSpent{t, s})
		}
	}
	if !e.Rests.May && e.Rests.Why.Code != "" {
		why := bilingual(e.Rests.Why)
		v.Rests = &why
	}
	return v
}

func (a *API) getModel(ctx context.Context, by agent.Actor, _ *struct{}) (modelView, error) {
	e, err := a.Assist.Endpoint(ctx, by)
	return viewOf(e), err
}

func (a *API) putModel(ctx context.Context, by agent.Actor, in *struct{ Body modelChange }) (modelView, error) {
	e, err := a.Assist.SaveEndpoint(ctx, by, in.Body.change())
	return viewOf(e), err
}

type modelTrial struct {
	Works bool        `json:"works"`
	Model string      `json:"model"`
	Took  int64       `json:"took_ms"`
	Said  string      `json:"said,omitzero"`
	Calls bool        `json:"calls" doc:"it called the tool that it was to call"`
	Why   *inbox.Text `json:"why,omitempty" doc:"what is wrong"`
}

func (a *API) tryModel(ctx context.Context, by agent.Actor, in *struct{ Body modelChange }) (modelTrial, error) {
	t, err := a.Assist.TryEndpoint(ctx, by, in.Body.change())
	v := modelTrial{Works: t.Works, Model: t.Model, Took: int64(t.Took / time.Millisecond), Said: t.Said, Calls: t.Calls}
	if t.Why != nil {
		why := bilingual(*t.Why)
		v.Why = &why
	}
	return v, err
}

// modelDrafts tells which drafts can be asked for.
type modelDrafts struct {
	Reply        bool        `json:"reply"`
	Summary      bool        `json:"summary"`
	Translate    bool        `json:"translate"`
	TranslateWhy *inbox.Text `json:"translate_why,omitempty" doc:"why nothing can be translated"`
}

// modelDraft is a text for an agent to look at; where it is empty it is said why.
type modelDraft struct {
	Text    string                `json:"text"`
	Sources []conversation.Source `json:"sources" doc:"in the order of their numbers in the text"`
	Confirm bool                  `json:"confirm" doc:"it is about money"`
	Why     *inbox.Text           `json:"why,omitempty" doc:"why there is none"`
}

func draftOf(d assist.Drafted, err error) (modelDraft, error) {
	v := modelDraft{Text: d.Text, Sources: append([]conversation.Source{}, d.Sources...), Confirm: d.Confirm}
	if d.Why != nil {
		why := bilingual(*d.Why)
		v.Why = &why
	}
	return v, err
}

func (a *API) drafts(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (v modelDrafts, err error) {
	if v.Reply, v.Summary, err = a.Assist.DraftsFor(ctx, by, in.ID.Value); err != nil {
		return v, err
	}
	why, err := a.Assist.TranslatesFor(ctx, by, in.ID.Value)
	if v.Translate = why == nil && err == nil; why != nil {
		text := bilingual(*why)
		v.TranslateWhy = &text
	}
	return v, err
}

// translation is a text in another language; where it is empty it is said why.
type translation struct {
	Text string      `json:"text"`
	Why  *inbox.Text `json:"why,omitempty" doc:"why there is none"`
}

func translationOf(t assist.Translated, err error) (translation, error) {
	v := translation{Text: t.Text}
	if t.Why != nil && t.Text == "" {
		why := bilingual(*t.Why)
		v.Why = &why
	}
	return v, err
}

type translateInto struct {
	Language string `json:"language" maxLength:"5" doc:"into which: zh, en, ja, ko, ru, de, fr, es, pt, it, ar, th, vi, id, ms"`
}

func (a *API) translateMessage(ctx context.Context, by agent.Actor, in *withBody[conversation.MessageID, translateInto]) (translation, error) {
	return translationOf(a.Assist.TranslateMessage(ctx, by, in.ID.Value, in.Body.Language))
}

type translateText struct {
	Language string `json:"language" maxLength:"5" doc:"into which, as for messages"`
	Text     string `json:"text" maxLength:"3000"`
}

func (a *API) translateReply(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, translateText]) (translation, error) {
	return translationOf(a.Assist.TranslateReply(ctx, by, in.ID.Value, in.Body.Text, in.Body.Language))
}

type translationsAsked struct {
	ID       param[conversation.ID] `path:"id"`
	Language string                 `query:"language" maxLength:"5" default:"zh"`
}

// translations are those of a conversation that were made, by message.
type translations struct {
	Texts map[string]string `json:"texts"`
}

func (a *API) translations(ctx context.Context, by agent.Actor, in *translationsAsked) (translations, error) {
	all, err := a.Assist.Translations(ctx, by, in.ID.Value, in.Language)
	v := translations{Texts: map[string]string{}}
	for i, text := range all {
		v.Texts[i.String()] = text
	}
	return v, err
}

func (a *API) draftReply(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (modelDraft, error) {
	return draftOf(a.Assist.Draft(ctx, by, in.ID.Value))
}

func (a *API) draftSummary(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (modelDraft, error) {
	return draftOf(a.Assist.Summary(ctx, by, in.ID.Value))
}
