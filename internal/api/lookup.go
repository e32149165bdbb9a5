package api

import (
	"context"
	"encoding/json"

	"yingda/internal/assist"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/lookup"
)

// LookupTool is a tool that may be called.
type LookupTool struct {
	Name   string                  `json:"name" maxLength:"64"`
	About  string                  `json:"about" maxLength:"1000" doc:"as its server describes it"`
	Schema json.RawMessage         `json:"schema" doc:"JSON Schema of its arguments, as its server gives it; it is not called any more when the server changes it"`
	Claims map[string]lookup.Claim `json:"claims,omitempty" doc:"by argument: external_id, phone, email or vin of the customer, put there by the program; such a tool is called only for customers for whom the host site vouches"`
}

// LookupServer is a server at which the assistant may look things up.
type LookupServer struct {
	ID      string       `json:"id" maxLength:"20" doc:"a short name of small letters and digits"`
	Name    string       `json:"name" maxLength:"80"`
	URL     string       `json:"url" maxLength:"300" doc:"where it speaks the Model Context Protocol over streamable HTTP"`
	Enabled bool         `json:"enabled"`
	Tools   []LookupTool `json:"tools" maxItems:"20"`
}

func (s LookupServer) server() lookup.Server {
	v := lookup.Server{ID: s.ID, Name: s.Name, URL: s.URL, Enabled: s.Enabled, Tools: []lookup.Tool{}}
	for _, t := range s.Tools {
		v.Tools = append(v.Tools, lookup.Tool(t))
	}
	return v
}

type lookupKey struct {
	LookupServer
	Key *string `json:"key,omitempty" maxLength:"500" doc:"left out it stays; empty takes it away"`
}

type lookupView struct {
	LookupServer
	HasKey bool `json:"has_key"`
}

type lookupsView struct {
	Servers []lookupView `json:"servers"`
	Version int64        `json:"version"`
}

type lookupsChange struct {
	Servers []lookupKey `json:"servers" maxItems:"10"`
	Version int64       `json:"version"`
}

func (a *API) getLookups(ctx context.Context, by agent.Actor, _ *struct{}) (lookupsView, error) {
	s, has, err := a.Assist.Lookups(ctx, by)
	v := lookupsView{Servers: []lookupView{}, Version: s.Version}
	for _, o := range s.Servers {
		one := LookupServer{ID: o.ID, Name: o.Name, URL: o.URL, Enabled: o.Enabled, Tools: []LookupTool{}}
		for _, t := range o.Tools {
			one.Tools = append(one.Tools, LookupTool(t))
		}
		v.Servers = append(v.Servers, lookupView{one, has[o.ID]})
	}
	return v, err
}

func (a *API) putLookups(ctx context.Context, by agent.Actor, in *struct{ Body lookupsChange }) (lookupsView, error) {
	c := assist.LookupChange{Settings: lookup.Settings{Version: in.Body.Version}, Keys: map[string]string{}}
	for _, s := range in.Body.Servers {
		if c.Servers = append(c.Servers, s.server()); s.Key != nil {
			c.Keys[s.ID] = *s.Key
		}
	}
	if err := a.Assist.SaveLookups(ctx, by, c); err != nil {
		return lookupsView{}, err
	}
	return a.getLookups(ctx, by, nil)
}

type lookupOffered struct {
	LookupTool
	Arguments []string    `json:"arguments" doc:"those that can hold something of the customer"`
	Why       *inbox.Text `json:"why,omitempty" doc:"why it cannot be allowed"`
}

type lookupTools struct {
	Tools []lookupOffered `json:"tools"`
}

func (a *API) tryLookup(ctx context.Context, by agent.Actor, in *struct{ Body lookupKey }) (lookupTools, error) {
	list, err := a.Assist.TryLookup(ctx, by, in.Body.server(), in.Body.Key)
	v := lookupTools{Tools: []lookupOffered{}}
	for _, t := range list {
		o := lookupOffered{LookupTool: LookupTool(t.Tool), Arguments: t.Texts()}
		if t.Why != nil {
			why := bilingual(*t.Why)
			o.Why = &why
		}
		v.Tools = append(v.Tools, o)
	}
	return v, err
}
