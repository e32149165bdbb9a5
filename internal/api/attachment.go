package api

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

// largestFile is what an agent may upload, in bytes. What visitors may, the
// inbox says.
const largestFile = 100 << 20

func (a *API) attachments(r *router) {
	schemas := r.huma.OpenAPI().Components.Schemas
	kept := &huma.Response{Description: "The file as it is kept", Content: map[string]*huma.MediaType{
		"application/json": {Schema: schemas.Schema(reflect.TypeFor[conversation.Attachment](), true, "")},
	}}
	bytes := &huma.Response{Description: "The bytes", Content: map[string]*huma.MediaType{
		"*/*": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	form := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"conversation_id", "file"},
			Properties: map[string]*huma.Schema{
				"conversation_id": {Type: huma.TypeString, Description: "before the file"},
				"client_id":       {Type: huma.TypeString, Description: "before the file; the same gives the same answer again"},
				"file":            {Type: huma.TypeString, Format: "binary"},
			},
		}},
	}}
	caseForm := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"file"},
			Properties: map[string]*huma.Schema{
				"client_id": {Type: huma.TypeString, Description: "before the file; the same gives the same answer again"},
				"file":      {Type: huma.TypeString, Format: "binary"},
			},
		}},
	}}
	stream(r, post("/attachments", "Keep a file for a message to come").needs(agent.ConversationReply), form, kept, a.upload)
	stream(r, post("/case-files", "Keep a file for a case: the scan of a letter, a picture, a recording; POST /cases or the case's evidence takes it").needs(agent.CaseEdit), caseForm, kept, a.uploadForCase)
	stream(r, get("/attachments/{id}", "A file"), nil, bytes, a.download)
	stream(r, get("/attachments/{id}/thumb", "The small picture of a file"), nil, bytes, a.downloadThumb)
}

func (a *API) upload(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	return readForm(req, func(fields map[string]string, file *multipart.Part) error { return a.keep(w, req, by, fields, file) })
}

func (a *API) uploadForCase(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	return readForm(req, func(fields map[string]string, file *multipart.Part) error {
		kept, err := a.Desk.AttachToCase(req.Context(), by, channel.Upload{ClientID: fields["client_id"], Name: file.FileName(), Body: file, Limit: largestFile})
		if err != nil {
			return err
		}
		return serve.JSON(w, http.StatusOK, kept)
	})
}

// readForm reads a form as it comes, so that a large file is never held in
// memory: what belongs to the file stands before it.
func readForm(req *http.Request, keep func(fields map[string]string, file *multipart.Part) error) error {
	form, err := req.MultipartReader()
	if err != nil {
		return fault.New(fault.Invalid, "request.content_type", "send the request as multipart/form-data, not %s", req.Header.Get("Content-Type"))
	}
	fields := map[string]string{}
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return fault.New(fault.Invalid, "request.file", "the form holds no file").In("body.file")
		case err != nil:
			return fault.New(fault.Invalid, "request.body", "the request was cut off; send it again").Because(err)
		case part.FormName() == "file":
			return keep(fields, part)
		}
		value, err := io.ReadAll(io.LimitReader(part, 200))
		if err != nil {
			return fault.New(fault.Invalid, "request.body", "the request was cut off; send it again").Because(err)
		}
		fields[part.FormName()] = string(value)
	}
}

func (a *API) keep(w http.ResponseWriter, req *http.Request, by agent.Actor, fields map[string]string, file *multipart.Part) error {
	if fields["conversation_id"] == "" {
		return fault.New(fault.Invalid, "request.conversation", "the form names no conversation_id before the file").In("body.conversation_id")
	}
	var c conversation.ID
	if err := c.UnmarshalText([]byte(fields["conversation_id"])); err != nil {
		return err
	}
	kept, err := a.Desk.AttachFor(req.Context(), by, c, channel.Upload{
		ClientID: fields["client_id"], Name: file.FileName(), Body: file, Limit: largestFile,
	})
	if err != nil {
		return err
	}
	return serve.JSON(w, http.StatusOK, kept)
}

func (a *API) download(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	return a.sendFile(w, req, by, false)
}

func (a *API) downloadThumb(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	return a.sendFile(w, req, by, true)
}

func (a *API) sendFile(w http.ResponseWriter, req *http.Request, by agent.Actor, thumb bool) error {
	var i conversation.AttachmentID
	if err := i.UnmarshalText([]byte(req.PathValue("id"))); err != nil {
		return err
	}
	f, err := a.Desk.FileFor(req.Context(), by, i, thumb)
	if err != nil {
		return err
	}
	defer f.Body.Close()
	blob.Send(w, req, f.Name, f.Type, f.At, f.Body)
	return nil
}
