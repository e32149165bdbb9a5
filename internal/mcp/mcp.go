// Package mcp is the door of other people's assistants: it exposes what we know
// and what we can look up, and nothing that writes, over the Model Context
// Protocol at /mcp. Whoever comes shows an API key; its permissions and its
// scope decide what they see, as everywhere.
package mcp

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"yingda/internal/assist"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/ticket"
	"yingda/internal/help"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
)

// Authenticator tells who makes a request.
type Authenticator interface {
	Authenticate(r *http.Request) (agent.Actor, error)
}

// Door answers at /mcp. Its fields are set once, before it is used.
type Door struct {
	Auth    Authenticator
	Desk    *desk.Desk
	Help    *help.Help
	Cars    func() assist.Cars // nil, or what it returns: no vehicles can be looked up
	Version string
	Errors  serve.Errors
	Log     *slog.Logger
	Now     func() time.Time
	Limit   func(by agent.Actor, now time.Time) time.Duration // nil lets everyone through
}

const mostBody = 1 << 20

var errNoKey = fault.New(fault.Unsigned, "mcp.key", "show an API key: Authorization: Bearer yd_…")

// Handler returns what answers. Each request stands by itself: there is no
// session to steal.
func (d *Door) Handler() http.Handler {
	serves := sdk.NewStreamableHTTPHandler(func(r *http.Request) *sdk.Server {
		by, ok := r.Context().Value(actorKey{}).(agent.Actor)
		if !ok {
			return nil
		}
		return d.server(by)
	}, &sdk.StreamableHTTPOptions{Stateless: true, JSONResponse: true})
	return d.Errors.Handler(func(w http.ResponseWriter, r *http.Request) error {
		// A key and no cookie: no page of another site can make a browser come here.
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
			return errNoKey
		}
		by, err := d.Auth.Authenticate(r)
		if err != nil {
			return err
		}
		if d.Limit != nil {
			if wait := d.Limit(by, d.Now()); wait > 0 {
				return fault.New(fault.Busy, "request.rate", "too many requests; wait %d seconds", 1+int(wait.Seconds())).Because(serve.Wait(wait))
			}
		}
		r.Body = http.MaxBytesReader(w, r.Body, mostBody)
		serves.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, by)))
		return nil
	})
}

type actorKey struct{}

// server is what one actor can call.
func (d *Door) server(by agent.Actor) *sdk.Server {
	s := sdk.NewServer(&sdk.Implementation{Name: "yingda", Version: d.Version}, nil)
	v := visit{d, by}
	reads := &sdk.ToolAnnotations{ReadOnlyHint: true}
	if by.Need(agent.KnowledgeRead) == nil {
		sdk.AddTool(s, &sdk.Tool{Name: "search_knowledge", Description: "Search what is published for customers. 搜索对客户公开的知识库。", Annotations: reads}, told(v, v.search))
	}
	if by.Need(agent.CaseRead) == nil {
		sdk.AddTool(s, &sdk.Tool{Name: "case_progress", Description: "How a case stands, by its number. 按编号查看工单的进展。", Annotations: reads}, told(v, v.progress))
	}
	if by.Need(agent.ContactRead) == nil && d.cars() != nil {
		sdk.AddTool(s, &sdk.Tool{Name: "look_up_vehicle", Description: "What is known of a vehicle by its VIN: the model, recalls or the warranty. 按车架号查车型、召回或质保。", Annotations: reads}, told(v, v.vehicle))
	}
	return s
}

func (d *Door) cars() assist.Cars {
	if d.Cars == nil {
		return nil
	}
	return d.Cars()
}

// visit is one request of an actor.
type visit struct {
	*Door
	by agent.Actor
}

// told is a tool that tells who calls what is safe to say of an error, and the
// log the rest.
func told[In, Out any](v visit, do func(ctx context.Context, in In) (Out, error)) sdk.ToolHandlerFor[In, Out] {
	return func(ctx context.Context, _ *sdk.CallToolRequest, in In) (*sdk.CallToolResult, Out, error) {
		out, err := do(ctx, in)
		if err == nil {
			return nil, out, nil
		}
		if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal {
			return nil, out, errors.New(f.Message())
		}
		if v.Log != nil {
			v.Log.ErrorContext(ctx, "a tool failed", slog.Any("error", err))
		}
		return nil, out, errors.New("something went wrong here; try again later")
	}
}

type searchIn struct {
	Query    string `json:"query" jsonschema:"what to look for"`
	Language string `json:"language,omitempty" jsonschema:"zh or en; zh when absent"`
}

type searchOut struct {
	Found []passage `json:"found"`
}

type passage struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	URL   string `json:"url"`
}

func (v visit) search(_ context.Context, in searchIn) (out searchOut, err error) {
	if in.Language == "" {
		in.Language = "zh"
	}
	const most, longest = 6, 500
	if q := []rune(in.Query); len(q) > longest {
		in.Query = string(q[:longest])
	}
	out.Found = []passage{}
	for _, p := range v.Help.Passages(in.Query, in.Language, most) {
		out.Found = append(out.Found, passage{p.Entry.Title, p.Text, "/faq/" + p.Entry.Ref})
	}
	return out, nil
}

type progressIn struct {
	Number string `json:"number" jsonschema:"the number of the case"`
}

type progressOut struct {
	Number  string    `json:"number"`
	Kind    string    `json:"kind"`
	State   string    `json:"state"`
	Subject string    `json:"subject"`
	Opened  time.Time `json:"opened_at"`
	Due     time.Time `json:"due_at,omitzero"`
}

// progress finds a case among those that the actor may see; one that they may
// not is unknown.
func (v visit) progress(ctx context.Context, in progressIn) (out progressOut, err error) {
	number := strings.TrimSpace(in.Number)
	page, err := v.Desk.Cases(ctx, v.by, store.CaseList{Number: number, Limit: 10})
	if err != nil {
		return out, err
	}
	for _, c := range page.Items {
		if strings.EqualFold(c.Number, number) && number != "" {
			return outOf(c), nil
		}
	}
	return out, fault.New(fault.NotFound, "case.unknown", "there is no such case, or you may not see it")
}

func outOf(c ticket.Case) progressOut {
	return progressOut{Number: c.Number, Kind: string(c.Kind), State: string(c.State), Subject: c.Subject, Opened: c.CreatedAt, Due: c.DueAt}
}

type vehicleIn struct {
	VIN   string `json:"vin" jsonschema:"17 letters and digits"`
	About string `json:"about" jsonschema:"vehicle, recall or warranty"`
}

type vehicleOut struct {
	Known bool              `json:"known"`
	Found map[string]string `json:"found,omitempty"`
}

func (v visit) vehicle(ctx context.Context, in vehicleIn) (out vehicleOut, err error) {
	seam, ok := map[string]string{"vehicle": "vehicle.look_up", "recall": "recall.look_up", "warranty": "warranty.look_up"}[in.About]
	if !ok {
		return out, fault.New(fault.Invalid, "mcp.about", "ask about vehicle, recall or warranty")
	}
	out.Found, out.Known, err = v.cars().LookUp(ctx, flow.Call{Seam: seam, With: map[string]string{"vin": strings.ToUpper(strings.TrimSpace(in.VIN))}, Language: "zh"})
	return out, err
}
