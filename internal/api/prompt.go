package api

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/prompt"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/serve"
)

func (a *API) prompts(r *router) {
	manage := agent.ChannelManage
	form := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"file"},
			Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary", Description: "a WAV file (PCM with 8 or 16 bits, A-law or µ-law; one or two channels; 8 to 48 kHz) of at most 60 seconds and 10 MB"}},
		}},
	}}
	kept := &huma.Response{Description: "The sound as it is kept", Content: map[string]*huma.MediaType{
		"application/json": {Schema: r.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[desk.ClipSight](), true, "")},
	}}
	wav := &huma.Response{Description: "The sound", Content: map[string]*huma.MediaType{
		"audio/wav": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	call(r, get("/prompts", "Everything that callers can be told, and how it sounds").needs(manage), a.promptBook)
	act(r, put("/prompts/{key}", "Word a prompt otherwise, or add one; what a published menu says has to stay sayable").needs(manage), a.wordPrompt)
	act(r, remove("/prompts/{key}", "Take back what was worded and recorded of a prompt; one of the company's own is gone").needs(manage), a.dropPrompt)
	stream(r, get("/prompts/{language}/{key}", "A prompt as callers hear it; values are given as ?name=value, or samples").needs(manage), nil, wav, a.playPrompt)
	stream(r, get("/prompt-clips/{language}/{clip}", "The sound of one clip").needs(manage), nil, wav, a.playClip)
	stream(r, put("/prompt-clips/{language}/{clip}", "Record a clip anew, or upload it").needs(manage), form, kept, a.recordClip)
	act(r, remove("/prompt-clips/{language}/{clip}", "Take back what was recorded of a clip").needs(manage), a.dropClip)
}

func (a *API) promptBook(ctx context.Context, by agent.Actor, _ *struct{}) (desk.PromptBook, error) {
	b, err := a.Desk.PromptBook(ctx, by)
	b.Prompts, b.Words = orEmpty(b.Prompts), orEmpty(b.Words)
	for i := range b.Prompts {
		p := &b.Prompts[i]
		p.Menus, p.Clips, p.Slots = orEmpty(p.Menus), orEmpty(p.Clips), orEmpty(p.Slots)
	}
	return b, err
}

type promptWording struct {
	Key  string `path:"key" maxLength:"60"`
	Body struct {
		Rev int64  `json:"rev" doc:"of the words as they were read; 0 for a new prompt, or one that was never worded otherwise"`
		Zh  string `json:"zh" maxLength:"1000"`
		En  string `json:"en" maxLength:"1000"`
	}
}

func (a *API) wordPrompt(ctx context.Context, by agent.Actor, in *promptWording) error {
	return a.Desk.WordPrompt(ctx, by, prompt.Sentence{Key: in.Key, Zh: in.Body.Zh, En: in.Body.En}, in.Body.Rev)
}

type promptDrop struct {
	Key string `path:"key" maxLength:"60"`
	Rev int64  `query:"rev" required:"true"`
}

func (a *API) dropPrompt(ctx context.Context, by agent.Actor, in *promptDrop) error {
	return a.Desk.DropPrompt(ctx, by, in.Key, in.Rev)
}

func (a *API) playPrompt(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	values := map[string]string{}
	for name := range req.URL.Query() {
		values[name] = req.URL.Query().Get(name)
	}
	file, err := a.Desk.PromptSound(req.Context(), by, req.PathValue("language"), req.PathValue("key"), values)
	return sendSound(w, req, req.PathValue("key"), file, err)
}

func (a *API) playClip(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	file, err := a.Desk.ClipSound(req.Context(), by, req.PathValue("language"), req.PathValue("clip"))
	return sendSound(w, req, req.PathValue("clip"), file, err)
}

// sendSound answers with a sound as it is now: it may be recorded anew any time.
func sendSound(w http.ResponseWriter, req *http.Request, name string, file []byte, err error) error {
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	blob.Send(w, req, name+".wav", "audio/wav", time.Time{}, bytes.NewReader(file))
	return nil
}

func (a *API) recordClip(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	return readForm(req, func(_ map[string]string, file *multipart.Part) error {
		kept, err := a.Desk.RecordClip(req.Context(), by, req.PathValue("language"), req.PathValue("clip"), file)
		if err != nil {
			return err
		}
		return serve.JSON(w, http.StatusOK, kept)
	})
}

type clipDrop struct {
	Language string `path:"language" enum:"zh,en,both"`
	Clip     string `path:"clip" maxLength:"80"`
}

func (a *API) dropClip(ctx context.Context, by agent.Actor, in *clipDrop) error {
	return a.Desk.DropClip(ctx, by, in.Language, in.Clip)
}
