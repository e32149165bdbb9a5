package api

import (
	"bytes"
	"context"
	"encoding"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

// op is one call: where it is, what it is for, and who may make it.
type op struct {
	method string
	path   string // below /api/v1
	about  string // one line for people who write integrations
	need   agent.Permission
	open   bool  // no sign-in
	large  int64 // bytes of the body, if more than usual
	status int   // of success, if not 200, or 204 without an answer
}

func get(path, about string) op  { return op{method: http.MethodGet, path: path, about: about} }
func post(path, about string) op { return op{method: http.MethodPost, path: path, about: about} }
func put(path, about string) op  { return op{method: http.MethodPut, path: path, about: about} }
func patch(path, about string) op {
	return op{method: http.MethodPatch, path: path, about: about}
}

func remove(path, about string) op {
	return op{method: http.MethodDelete, path: path, about: about}
}

// needs returns the call with the permission that whoever makes it must hold.
// It is checked before the request is read.
func (o op) needs(p agent.Permission) op { o.need = p; return o }

// forAll returns the call as one that needs no sign-in.
func (o op) forAll() op { o.open = true; return o }

// upTo returns the call with a limit of its own for the body, in bytes.
func (o op) upTo(n int64) op { o.large = n; return o }

// answers returns the call with the status of its success.
func (o op) answers(status int) op { o.status = status; return o }

// bodyLimit is the largest body of a usual call. The longest message, escaped
// in the worst way, fits three times.
const bodyLimit = 256 << 10

// router registers calls with the framework that reads requests, checks them
// against the Go types and describes them.
type router struct {
	api  *API
	mux  *http.ServeMux
	huma huma.API
}

const prefix = "/api/v1"

func newRouter(a *API, mux *http.ServeMux) *router {
	c := config()
	return &router{api: a, mux: mux, huma: humago.NewWithPrefix(mux, prefix, c)}
}

// answer is a body on its way out.
type answer[O any] struct{ Body O }

// call adds a call that answers with JSON. I holds what it reads: fields with
// the tags path, query and header, and Body.
func call[I, O any](r *router, o op, f func(ctx context.Context, by agent.Actor, in *I) (O, error)) {
	huma.Register(r.huma, r.operation(o), func(ctx context.Context, in *I) (*answer[O], error) {
		out, err := f(ctx, actorOf(ctx), in)
		if err != nil {
			return nil, err
		}
		return &answer[O]{Body: out}, nil
	})
}

// act adds a call that answers with nothing but success.
func act[I any](r *router, o op, f func(ctx context.Context, by agent.Actor, in *I) error) {
	if o.status == 0 {
		o.status = http.StatusNoContent
	}
	huma.Register(r.huma, r.operation(o), func(ctx context.Context, in *I) (*struct{}, error) {
		return nil, f(ctx, actorOf(ctx), in)
	})
}

// raw adds a call that answers with headers too, such as a cookie: O has
// fields with the tag header, and Body.
func raw[I, O any](r *router, o op, f func(ctx context.Context, by agent.Actor, in *I) (*O, error)) {
	huma.Register(r.huma, r.operation(o), func(ctx context.Context, in *I) (*O, error) { return f(ctx, actorOf(ctx), in) })
}

// stream adds a call whose bytes are not JSON, on the way in or out. answers
// describes the success.
func stream(r *router, o op, in *huma.RequestBody, out *huma.Response, f func(w http.ResponseWriter, req *http.Request, by agent.Actor) error) {
	d := r.operation(o)
	d.Middlewares = nil
	d.RequestBody = in
	for part := range strings.SplitSeq(o.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			d.Parameters = append(d.Parameters, &huma.Param{
				Name: strings.TrimSuffix(name, "}"), In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
			})
		}
	}
	failure := &huma.Response{Description: "Problem", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: r.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[serve.Problem](), true, "")},
	}}
	d.Responses = map[string]*huma.Response{"200": out, "default": failure}
	r.huma.OpenAPI().AddOperation(&d)
	r.mux.Handle(o.method+" "+prefix+o.path, r.api.Errors().Handler(func(w http.ResponseWriter, req *http.Request) error {
		by, err := r.api.admit(req, o)
		if err != nil {
			return err
		}
		return f(w, req, by)
	}))
}

// operation describes a call to the framework, with its admission.
func (r *router) operation(o op) huma.Operation {
	d := huma.Operation{
		OperationID:   operationID(o),
		Method:        o.method,
		Path:          o.path,
		Summary:       o.about,
		Tags:          []string{strings.SplitN(o.path, "/", 3)[1]},
		DefaultStatus: o.status,
		MaxBodyBytes:  bodyLimit,
		Middlewares:   huma.Middlewares{r.admission(o)},
	}
	if o.large > 0 {
		d.MaxBodyBytes = o.large
	}
	if o.need != "" {
		d.Description = "Needs the permission " + string(o.need) + "."
	}
	if o.open {
		d.Security = []map[string][]string{{}} // one way in is to show nothing
	}
	return d
}

// operationID is the method and the path in words: get-contacts-id-pages.
func operationID(o op) string {
	return strings.ToLower(o.method) + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(o.path)
}

// document returns the description of all calls.
func (r *router) document() []byte {
	d := r.huma.OpenAPI()
	refine(d.Components.Schemas)
	compact, err := json.Marshal(d)
	if err != nil {
		panic("api: the description is not JSON: " + err.Error()) // it is made of our own types
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		panic("api: the description is not JSON: " + err.Error())
	}
	b.WriteByte('\n')
	return b.Bytes()
}

type (
	actorKey  struct{}
	originKey struct{}
)

// originOf returns where whoever makes the call reaches us, such as
// https://help.example.cn.
func originOf(ctx context.Context) string {
	origin, _ := ctx.Value(originKey{}).(string)
	return origin
}

func (a *API) origin(req *http.Request) string {
	switch {
	case a.PublicURL != "":
		return strings.TrimSuffix(a.PublicURL, "/")
	case serve.Secure(req.Context()):
		return "https://" + req.Host
	default:
		return "http://" + req.Host
	}
}

// actorOf returns who makes the call; nobody, if it is open.
func actorOf(ctx context.Context) agent.Actor {
	by, _ := ctx.Value(actorKey{}).(agent.Actor)
	return by
}

// admission stands before each call: who is this, and may they?
func (r *router) admission(o op) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		req, w := humago.Unwrap(c)
		c = huma.WithValue(c, apiKey{}, r.api)
		by, err := r.api.admit(req, o)
		if err != nil {
			r.api.Errors().Write(w, req, err)
			return
		}
		c.SetHeader("Cache-Control", "no-store")
		c = huma.WithValue(c, originKey{}, r.api.origin(req))
		next(huma.WithValue(c, actorKey{}, by))
	}
}

// admit returns who makes a request, if they may make it.
func (a *API) admit(req *http.Request, o op) (agent.Actor, error) {
	if err := sameOrigin(req); err != nil {
		return agent.Actor{}, err
	}
	if o.open {
		return agent.Actor{}, nil
	}
	by, err := a.Auth.Authenticate(req)
	if err != nil {
		return by, err
	}
	if o.need != "" {
		if err := by.Need(o.need); err != nil {
			return by, err
		}
	}
	if a.Limit != nil {
		if wait := a.Limit(by, a.Now()); wait > 0 {
			return by, fault.New(fault.Busy, "request.rate", "too many requests; wait %d seconds", 1+int(wait.Seconds())).Because(serve.Wait(wait))
		}
	}
	return by, nil
}

var crossOrigin = http.NewCrossOriginProtection()

// sameOrigin refuses what another web site makes a browser send with our
// cookie. A key in a header is never sent by a browser on its own.
func sameOrigin(req *http.Request) error {
	if strings.HasPrefix(req.Header.Get("Authorization"), "Bearer ") {
		return nil
	}
	if err := crossOrigin.Check(req); err != nil {
		return fault.New(fault.Forbidden, "request.cross_origin", "this request comes from another web site and was refused; use our own pages").Because(err)
	}
	return nil
}

// param is an id in a path or a query. (The framework reads integers there,
// and our ids are integers inside.) It is zero when the query does not name it.
type param[I any] struct{ Value I }

// UnmarshalText reads the id.
func (p *param[I]) UnmarshalText(b []byte) error {
	u, ok := any(&p.Value).(encoding.TextUnmarshaler)
	if !ok {
		return fmt.Errorf("a %T is not an id", p.Value)
	}
	return u.UnmarshalText(b)
}

// byID is the input of a call about one thing.
type byID[I any] struct {
	ID param[I] `path:"id"`
}

// withBody is the input of a call about one thing that says something of it.
type withBody[I, B any] struct {
	ID   param[I] `path:"id"`
	Body B
}

// Verified names the verification that a sensitive action is done with. It is
// exported because the framework does not look into an embedded type that is
// not.
type Verified struct {
	Verification param[verification.ID] `header:"Verification" doc:"vf_…: the verification of the customer, for what is done only for who is verified"`
}

// verifiedBody is withBody for a sensitive action.
type verifiedBody[I, B any] struct {
	Verified
	ID   param[I] `path:"id"`
	Body B
}

// list is an answer of many things. Next is where the next page begins; it is
// absent on the last one.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// PageOf is what a list reads from the query. It is exported because the
// framework does not look into an embedded type that is not.
type PageOf struct {
	Cursor string `query:"cursor" maxLength:"600" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}
