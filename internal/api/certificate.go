package api

import (
	"context"
	"mime/multipart"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/certificate"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/serve"
	"yingda/internal/workforce"
)

// largestCertificate is how large the file of a certificate may be, in bytes.
const largestCertificate = 20 << 20

func (a *API) certificates(r *router) {
	read, manage := agent.RosterRead, agent.RosterManage
	kept := &huma.Response{Description: "The file as it is kept", Content: map[string]*huma.MediaType{
		"application/json": {Schema: r.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[conversation.Attachment](), true, "")},
	}}
	bytes := &huma.Response{Description: "The bytes", Content: map[string]*huma.MediaType{
		"*/*": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	form := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}},
		}},
	}}
	call(r, get("/certificates", "What an agent is trained for; one's own without agent_id").needs(read), a.listCertificates)
	call(r, get("/certificates/expiring", "Certificates that run out within 30 days, or have run out").needs(manage), a.expiringCertificates)
	call(r, post("/certificates", "Enter a certificate or a training of an agent").needs(manage), a.addCertificate)
	call(r, put("/certificates/{id}", "Change one; a new end is told anew").needs(manage), a.changeCertificate)
	act(r, remove("/certificates/{id}", "Delete one that was entered by mistake").needs(manage), a.removeCertificate)
	stream(r, post("/certificate-files", "Keep a file for a certificate; POST or PUT /certificates takes it").needs(manage), form, kept, a.uploadCertificate)
	stream(r, get("/certificates/{id}/file", "The file of a certificate").needs(read), nil, bytes, a.downloadCertificate)
}

type certificatesOf struct {
	Agent param[agent.ID] `query:"agent_id"`
}

func (a *API) listCertificates(ctx context.Context, by agent.Actor, in *certificatesOf) (list[workforce.Certified], error) {
	of := in.Agent.Value
	if of.IsZero() {
		of = by.Agent
	}
	cs, err := a.Workforce.Certificates(ctx, by, of)
	return list[workforce.Certified]{Items: cs}, err
}

func (a *API) expiringCertificates(ctx context.Context, by agent.Actor, _ *struct{}) (list[workforce.Certified], error) {
	cs, err := a.Workforce.Expiring(ctx, by)
	return list[workforce.Certified]{Items: cs}, err
}

func (a *API) addCertificate(ctx context.Context, by agent.Actor, in *struct{ Body workforce.CertificateDraft }) (workforce.Certified, error) {
	return a.Workforce.AddCertificate(ctx, by, in.Body)
}

func (a *API) changeCertificate(ctx context.Context, by agent.Actor, in *withBody[certificate.ID, workforce.CertificateDraft]) (workforce.Certified, error) {
	return a.Workforce.ChangeCertificate(ctx, by, in.ID.Value, in.Body)
}

func (a *API) removeCertificate(ctx context.Context, by agent.Actor, in *byID[certificate.ID]) error {
	return a.Workforce.RemoveCertificate(ctx, by, in.ID.Value)
}

func (a *API) uploadCertificate(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	return readForm(req, func(_ map[string]string, file *multipart.Part) error {
		kept, err := a.Workforce.AttachToCertificate(req.Context(), by, channel.Upload{Name: file.FileName(), Body: file, Limit: largestCertificate})
		if err != nil {
			return err
		}
		return serve.JSON(w, http.StatusOK, kept)
	})
}

func (a *API) downloadCertificate(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	var i certificate.ID
	if err := i.UnmarshalText([]byte(req.PathValue("id"))); err != nil {
		return err
	}
	f, err := a.Workforce.CertificateFile(req.Context(), by, i)
	if err != nil {
		return err
	}
	defer f.Body.Close()
	blob.Send(w, req, f.Name, f.Type, f.At, f.Body)
	return nil
}
