// Package lookup is what the assistant may look up in systems of the company
// (外部查询): which tools of which servers, what of a customer they are given,
// and the rules that say whether a call that a language model wants may be made.
// Tools only read: what writes is a flow, with its confirmation.
package lookup

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// Settings are the servers that the company has set up.
type Settings struct {
	Servers []Server `json:"servers"`
	Version int64    `json:"version"` // counts changes
}

// Server is one server that speaks the Model Context Protocol.
type Server struct {
	ID      string `json:"id"`   // stands in the names of its tools: shop
	Name    string `json:"name"` // for people
	URL     string `json:"url"`
	Enabled bool   `json:"enabled"`
	Sealed  string `json:"sealed,omitempty"` // the key, as only the program can read it
	Tools   []Tool `json:"tools"`            // those that may be called
}

// Tool is a tool that somebody looked at and allowed, as it was then: a server
// that describes it otherwise later is not asked before somebody looks again.
type Tool struct {
	Name   string          `json:"name"`
	About  string          `json:"about"`
	Schema json.RawMessage `json:"schema"`
	// Claims are the arguments that are not the model's to write: what is known of
	// the customer is put there. A tool with claims is called only for customers
	// for whom the host site vouches.
	Claims map[string]Claim `json:"claims,omitempty"`
}

// Claim is what is known of a customer.
type Claim string

// The claims.
const (
	ExternalID Claim = "external_id" // their number at the host site
	Phone      Claim = "phone"
	Email      Claim = "email"
	VIN        Claim = "vin"
)

// Claims lists them all.
func Claims() []Claim { return []Claim{ExternalID, Phone, Email, VIN} }

const (
	mostServers   = 10
	mostTools     = 20 // of all servers: more of them confuse a model
	mostArguments = 12
	longestName   = 80
	longestAbout  = 1000
	longestSchema = 8000 // bytes
	longestValue  = 200  // characters of an argument
)

var (
	idForm   = regexp.MustCompile(`^[a-z][a-z0-9]{0,19}$`)
	nameForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
)

// Checked returns the settings as they are kept, or says what is wrong.
func (s Settings) Checked() (Settings, error) {
	if s.Servers = slices.Clone(s.Servers); s.Servers == nil {
		s.Servers = []Server{}
	}
	if len(s.Servers) > mostServers {
		return s, fault.New(fault.Invalid, "lookup.many", "there are at most %d servers", mostServers).In("servers")
	}
	seen, tools := map[string]bool{}, 0
	for i := range s.Servers {
		v := &s.Servers[i]
		v.Name, v.URL = strings.TrimSpace(v.Name), strings.TrimSpace(v.URL)
		at := "servers." + strconv.Itoa(i)
		switch {
		case !idForm.MatchString(v.ID) || seen[v.ID]:
			return s, fault.New(fault.Invalid, "lookup.id", "a short name has 1 to %d small letters and digits, begins with a letter, and is no other's", 20).In(at + ".id")
		case v.Name == "" || utf8.RuneCountInString(v.Name) > longestName:
			return s, fault.New(fault.Invalid, "lookup.name", "name the server, with at most %d characters", longestName).In(at + ".name")
		}
		seen[v.ID] = true
		if err := endpoint.CheckAddress(v.URL); err != nil {
			return s, inField(err, at+".url")
		}
		if v.Tools == nil {
			v.Tools = []Tool{}
		}
		names := map[string]bool{}
		for _, t := range v.Tools {
			if tools++; names[t.Name] || tools > mostTools {
				return s, fault.New(fault.Invalid, "lookup.tools", "at most %d tools can be allowed, each once", mostTools).In(at + ".tools")
			}
			names[t.Name] = true
			if err := t.check(); err != nil {
				return s, inField(err, at+".tools")
			}
		}
	}
	return s, nil
}

// inField names the field of a fault.
func inField(err error, field string) error {
	if f, ok := err.(*fault.Error); ok { //nolint:errorlint // these are made here, and wrapped by nobody yet
		return f.In(field)
	}
	return err
}

// Host returns where the key of a server is sent.
func (s Server) Host() string { return endpoint.Settings{BaseURL: s.URL}.Host() }

// Names are the tools that may be called, as models name them.
func (s Settings) Names() []string {
	out := []string{}
	for _, v := range s.Servers {
		for _, t := range v.Tools {
			out = append(out, v.ID+"_"+t.Name)
		}
	}
	return out
}

// Check says why a tool cannot be allowed. What its server does not declare to
// only read cannot: what writes is a flow, with its confirmation.
func (t Tool) Check(readOnly bool) error {
	if err := t.check(); err != nil {
		return err
	}
	if !readOnly {
		return fault.New(fault.Invalid, "lookup.writes", "the server does not say that %s only reads (readOnlyHint); what writes is done by a flow", t.Name)
	}
	return nil
}

// check says why a tool cannot be kept.
func (t Tool) check() error {
	args, err := t.arguments()
	switch {
	case !nameForm.MatchString(t.Name) || utf8.RuneCountInString(t.About) > longestAbout || len(t.Schema) > longestSchema:
		return fault.New(fault.Invalid, "lookup.tool_long", "the tool %s has a name, a description or arguments that are too long or cannot be read", shown(t.Name))
	case err != nil:
		return err
	}
	for name, c := range t.Claims {
		a, ok := args[name]
		if !ok || a.kind != "string" || !slices.Contains(Claims(), c) {
			return fault.New(fault.Invalid, "lookup.claim", "the tool %s has no argument %s that can hold this of a customer", t.Name, shown(name))
		}
	}
	return nil
}

// shown is a name of somebody else's, short enough for a message.
func shown(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// argument is what a tool takes.
type argument struct {
	kind     string // string, number, integer or boolean
	enum     []string
	required bool
}

// arguments reads the schema. Arguments that are lists or objects are not
// taken: what a model writes into them cannot be compared with what the
// customer said.
func (t Tool) arguments() (map[string]argument, error) {
	var s struct {
		Type       any                        `json:"type"`
		Properties map[string]json.RawMessage `json:"properties"`
		Required   []string                   `json:"required"`
	}
	unread := fault.New(fault.Invalid, "lookup.schema", "the tool %s takes lists, objects or too many arguments; only those with simple ones can be allowed", shown(t.Name))
	if len(t.Schema) > 0 && json.Unmarshal(t.Schema, &s) != nil || s.Type != nil && s.Type != "object" || len(s.Properties) > mostArguments {
		return nil, unread
	}
	out := map[string]argument{}
	for name, raw := range s.Properties {
		var p struct {
			Type any   `json:"type"`
			Enum []any `json:"enum"`
		}
		if json.Unmarshal(raw, &p) != nil {
			return nil, unread
		}
		a := argument{kind: kindOf(p.Type), required: slices.Contains(s.Required, name)}
		for _, e := range p.Enum {
			if v, ok := e.(string); ok {
				a.enum = append(a.enum, v)
			}
		}
		if !nameForm.MatchString(name) || a.kind == "" && a.required {
			return nil, unread
		}
		if a.kind != "" {
			out[name] = a
		}
	}
	for _, r := range s.Required {
		if _, ok := out[r]; !ok {
			return nil, unread
		}
	}
	return out, nil
}

// Texts are the arguments of a tool that hold a text, and can hold something of
// the customer.
func (t Tool) Texts() []string {
	out := []string{}
	args, err := t.arguments()
	if err != nil {
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if a := args[name]; a.kind == "string" && len(a.enum) == 0 {
			out = append(out, name)
		}
	}
	return out
}

// kindOf is the simple type of an argument; a type that may be null is the other
// one; empty for lists, objects and what says nothing.
func kindOf(v any) string {
	switch x := v.(type) {
	case string:
		if x == "string" || x == "number" || x == "integer" || x == "boolean" {
			return x
		}
	case []any:
		for _, o := range x {
			if k := kindOf(o); k != "" {
				return k
			}
		}
	}
	return ""
}

// Same reports whether a tool is described as it was when somebody allowed it.
func (t Tool) Same(now Tool) bool {
	var was, is any
	if json.Unmarshal(t.Schema, &was) != nil || json.Unmarshal(now.Schema, &is) != nil {
		return false
	}
	return t.Name == now.Name && t.About == now.About && reflect.DeepEqual(was, is)
}

// Offer is a tool as the model is shown it.
type Offer struct {
	Name       string // x_shop_order_status
	About      string
	Parameters map[string]any
}

// prefix keeps the names of tools apart from ours.
const prefix = "x_"

// Find returns the server and the tool that a model names.
func (s Settings) Find(offered string) (Server, Tool, bool) {
	for _, v := range s.Servers {
		for _, t := range v.Tools {
			if v.Enabled && prefix+v.ID+"_"+t.Name == offered {
				return v, t, true
			}
		}
	}
	return Server{}, Tool{}, false
}

// Offers are the tools that can be called for a customer. claims is what is
// known of them; nil where nobody vouches for them.
func (s Settings) Offers(claims map[Claim]string) (out []Offer) {
	for _, v := range s.Servers {
		for _, t := range v.Tools {
			args, err := t.arguments()
			if !v.Enabled || err != nil || !t.known(claims) {
				continue
			}
			properties, required := map[string]any{}, []string{}
			for _, name := range slices.Sorted(maps.Keys(args)) {
				if _, claimed := t.Claims[name]; claimed {
					continue
				}
				a := args[name]
				p := map[string]any{"type": a.kind}
				if len(a.enum) > 0 {
					p["enum"] = a.enum
				}
				if properties[name] = p; a.required {
					required = append(required, name)
				}
			}
			out = append(out, Offer{
				Name: prefix + v.ID + "_" + t.Name, About: v.Name + "：" + t.About,
				Parameters: map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false},
			})
		}
	}
	return out
}

// known reports whether all that a tool is to be given of the customer is known.
func (t Tool) known(claims map[Claim]string) bool {
	for _, c := range t.Claims {
		if claims[c] == "" {
			return false
		}
	}
	return true
}

// Arguments are what a tool is called with, or why it is not called. What a
// model writes has to stand in what the customer said, but for choices of the
// tool's own and for yes and no: a model that was talked into it, or that guesses
// well, looks up nothing of others. What is claimed is put there, whatever the
// model wrote.
func (t Tool) Arguments(with map[string]any, said string, claims map[Claim]string) (map[string]any, *phrase.Reason) {
	refuse := func(why string) (map[string]any, *phrase.Reason) {
		r := phrase.Because("assist.tool_refused", "%s is refused: %s", t.Name, why)
		return nil, &r
	}
	args, err := t.arguments()
	if err != nil {
		return refuse("its arguments cannot be read")
	}
	if !t.known(claims) {
		return refuse("it is for customers who are known")
	}
	heard := squeeze(said)
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(with)) {
		a, ok := args[name]
		if _, claimed := t.Claims[name]; claimed {
			continue
		}
		if !ok {
			return refuse("it has no argument " + shown(name))
		}
		v := with[name]
		if v == nil {
			continue
		}
		if !a.takes(v, heard) {
			return refuse("the argument " + name + " does not stand in the message")
		}
		out[name] = v
	}
	for name, c := range t.Claims {
		out[name] = claims[c]
	}
	for name, a := range args {
		if _, ok := out[name]; a.required && !ok {
			return refuse("the argument " + name + " is missing")
		}
	}
	return out, nil
}

// takes reports whether a value can be given: of the argument's type, and from
// what was heard.
func (a argument) takes(v any, heard string) bool {
	switch x := v.(type) {
	case bool:
		return a.kind == "boolean"
	case float64:
		return (a.kind == "number" || a.kind == "integer") && strings.Contains(heard, strconv.FormatFloat(x, 'f', -1, 64))
	case string:
		if a.kind != "string" || utf8.RuneCountInString(x) > longestValue {
			return false
		}
		if len(a.enum) > 0 {
			return slices.Contains(a.enum, x)
		}
		s := squeeze(x)
		return s != "" && strings.Contains(heard, s)
	}
	return false
}

// squeeze leaves letters and digits, in small letters: people write numbers with
// spaces and dashes.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '@' {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
