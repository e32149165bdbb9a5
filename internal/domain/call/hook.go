package call

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/url"
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

// Hook is a question that menus ask another system of the company by HTTP while
// a caller waits (外部查询): where it is asked, what it is told of a call, and what
// is taken of its answer.
type Hook struct {
	Name    string `json:"name"`    // as menus name it
	About   string `json:"about"`   // what it is for
	Enabled bool   `json:"enabled"` // false: it is not asked, and menus go where it fails
	Method  string `json:"method"`  // GET or POST
	URL     string `json:"url"`
	// Sends are the names of what it may be told, as they stand in the question.
	// Menus say which values of a call these are; nothing else leaves the house.
	Sends   []string `json:"sends"`
	Gives   []Given  `json:"gives"`
	Seconds int      `json:"seconds"` // it is waited for at most, whatever a menu says
	Header  string   `json:"header"`  // in which the key is sent; empty: as a bearer's
	// Key and Secret are only ever written. With the key we show who we are; with
	// the secret each question is signed.
	Key     string `json:"-"`
	Secret  string `json:"-"`
	Version int64  `json:"version"`
}

// Given is a value of a call that is taken from an answer.
type Given struct {
	Name string `json:"name"`
	Path string `json:"path"` // in the JSON: order.status, orders.0.id
}

// NewHook is what a new look-up starts with.
func NewHook(name string) Hook {
	return Hook{Name: name, Enabled: true, Method: "POST", Sends: []string{}, Gives: []Given{}, Seconds: usualHook, Version: 1}
}

// Bounds of look-ups.
const (
	// MostHooks is how many look-ups a company has.
	MostHooks = 50
	// LargestAnswer is how much of an answer is read, in bytes.
	LargestAnswer = 64 << 10
	mostSent      = 20
	mostAsk       = 20 // seconds that a caller waits for another system
	longestAbout  = 200
	longestURL    = 1000
	longestPath   = 100
	longestKey    = 500
	longestGiven  = 200 // characters of a value
	shortSecret   = 16
	mostAsked     = 50 // questions that a record keeps
)

var hookMethods = []string{"GET", "POST"}

var headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,49}$`)

// ourHeaders are those that are not anybody's to set.
var ourHeaders = []string{"host", "content-length", "content-type", "transfer-encoding", "connection", "accept", "user-agent", "upgrade", "te", "trailer", "cookie"}

// Check returns the look-up as it is kept, or what is wrong with it.
func (h Hook) Check() (Hook, error) {
	h.Name, h.About, h.URL, h.Header = strings.TrimSpace(h.Name), strings.TrimSpace(h.About), strings.TrimSpace(h.URL), strings.TrimSpace(h.Header)
	h.Key, h.Secret = strings.TrimSpace(h.Key), strings.TrimSpace(h.Secret)
	h.Method, h.Seconds = cmp.Or(strings.ToUpper(h.Method), "POST"), cmp.Or(h.Seconds, usualHook)
	switch {
	case !nodeID.MatchString(h.Name):
		return h, fault.New(fault.Invalid, "hook.name", "a look-up has a name of at most 40 small letters, digits and _, which begins with a letter").In("name")
	case utf8.RuneCountInString(h.About) > longestAbout:
		return h, fault.New(fault.Invalid, "hook.about", "what a look-up is for is said in at most %d characters", longestAbout).In("about")
	case !slices.Contains(hookMethods, h.Method):
		return h, fault.New(fault.Invalid, "hook.method", "another system is asked with GET or POST").In("method")
	case h.Seconds < 1 || h.Seconds > mostAsk:
		return h, fault.New(fault.Invalid, "hook.seconds", "another system is waited for 1 to %d seconds: a caller is on the line", mostAsk).In("seconds")
	case h.Header != "" && (!headerName.MatchString(h.Header) || slices.Contains(ourHeaders, strings.ToLower(h.Header)) || strings.HasPrefix(strings.ToLower(h.Header), "yingda-")):
		return h, fault.New(fault.Invalid, "hook.header", "the key cannot be sent in the header %q; write a name such as X-Api-Key, or nothing", h.Header).In("header")
	case !isSecret(h.Key):
		return h, fault.New(fault.Invalid, "hook.key", "a key has at most %d letters, digits and signs", longestKey).In("key")
	case !isSecret(h.Secret) || h.Secret != "" && len(h.Secret) < shortSecret:
		return h, fault.New(fault.Invalid, "hook.secret", "a secret to sign with has %d to %d letters, digits and signs", shortSecret, longestKey).In("secret")
	}
	if err := checkURL(h.URL); err != nil {
		return h, err
	}
	sends, err := checkNames(h.Sends)
	if err != nil {
		return h, err
	}
	h.Sends = sends
	h.Gives, err = checkGiven(h.Gives)
	return h, err
}

// isSecret reports whether something can stand in a header.
func isSecret(s string) bool {
	return len(s) <= longestKey && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil, len(s) > longestURL, u.Hostname() == "", u.Scheme != "https" && u.Scheme != "http", u.Fragment != "", u.Opaque != "":
		return fault.New(fault.Invalid, "hook.url", "write the address with https://, such as https://erp.example.cn/orders").In("url")
	case u.User != nil:
		return fault.New(fault.Invalid, "hook.url_user", "the address must not hold a name or a password; the key has a field of its own").In("url")
	case endpoint.IsForbidden(u.Hostname()):
		return errHookAddress.In("url")
	case u.Scheme == "http" && !endpoint.IsOwn(u.Hostname()):
		return fault.New(fault.Invalid, "hook.url_open", "without encryption only addresses of your own network are asked; write https://").In("url")
	}
	return nil
}

var errHookAddress = fault.New(fault.Invalid, "hook.url_forbidden", "this address is not one that may be asked")

func checkNames(all []string) ([]string, error) {
	names := []string{}
	for _, n := range all {
		n = strings.TrimSpace(n)
		if !nodeID.MatchString(n) || slices.Contains(names, n) || len(names) == mostSent {
			return all, fault.New(fault.Invalid, "hook.sends", "at most %d values are sent, each under a name of its own of small letters, digits and _", mostSent).In("sends")
		}
		names = append(names, n)
	}
	return names, nil
}

func checkGiven(all []Given) ([]Given, error) {
	given := []Given{}
	for _, g := range all {
		g.Name, g.Path = strings.TrimSpace(g.Name), strings.TrimSpace(g.Path)
		same := slices.ContainsFunc(given, func(o Given) bool { return o.Name == g.Name })
		if !nodeID.MatchString(g.Name) || same || slices.Contains(facts(), g.Name) || len(given) == mostSent {
			return all, fault.New(fault.Invalid, "hook.gives", "at most %d values are taken of an answer, each under a name of its own of small letters, digits and _ that no value of every call has", mostSent).In("gives")
		}
		if g.Path == "" || len(g.Path) > longestPath || slices.Contains(strings.Split(g.Path, "."), "") {
			return all, fault.New(fault.Invalid, "hook.path", "say where %s stands in the answer, such as order.status or orders.0.id", g.Name).In("gives")
		}
		given = append(given, g)
	}
	return given, nil
}

// Host returns where the key is sent.
func (h Hook) Host() string {
	u, err := url.Parse(h.URL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Yields returns the names of the values that are taken of an answer.
func (h Hook) Yields() []string {
	names := make([]string, 0, len(h.Gives))
	for _, g := range h.Gives {
		names = append(names, g.Name)
	}
	return names
}

// May returns of values those that the other system may be told.
func (h Hook) May(values map[string]string) map[string]string {
	may := map[string]string{}
	for _, n := range h.Sends {
		if v, ok := values[n]; ok {
			may[n] = v
		}
	}
	return may
}

// Take returns the values of an answer. What is not in it, or null, is empty; what
// cannot be a value of a call is Invalid, and says which.
func (h Hook) Take(answer []byte) (map[string]string, error) {
	values := map[string]string{}
	if len(h.Gives) == 0 { // it was only to be told
		return values, nil
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	var whole any
	if err := d.Decode(&whole); err != nil {
		return nil, fault.New(fault.Invalid, "hook.not_json", "the answer is not JSON").Because(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fault.New(fault.Invalid, "hook.not_json", "the answer is not JSON")
	}
	for _, g := range h.Gives {
		text, err := given(g.Name, at(whole, g.Path))
		if err != nil {
			return nil, err
		}
		values[g.Name] = text
	}
	return values, nil
}

// at returns what stands at a path; nil if nothing does.
func at(v any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// given returns what an answer has under a name, as the text that a call keeps.
func given(name string, v any) (text string, err error) {
	switch x := v.(type) {
	case nil:
	case string:
		text = strings.Join(strings.Fields(x), " ")
	case json.Number:
		text = x.String()
	case bool:
		text = strconv.FormatBool(x)
	default:
		return "", fault.New(fault.Invalid, "hook.type", "what stands in the answer for %s is not a single value; say the path to a text or a number", name)
	}
	if utf8.RuneCountInString(text) > longestGiven {
		return "", fault.New(fault.Invalid, "hook.long", "what stands in the answer for %s is longer than a value may be", name)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }) {
		return "", fault.New(fault.Invalid, "hook.unprintable", "what stands in the answer for %s cannot be read by people", name)
	}
	return text, nil
}

// HookAsked is another system that was asked in a call, as the record keeps it: what
// came of it, and nothing of what was said.
type HookAsked struct {
	Node string `json:"node"`
	Hook string `json:"hook"`
	OK   bool   `json:"ok"`
	// Of what it failed, as [HookAsked.Why] puts it together.
	Code string   `json:"code,omitzero"`
	Args []string `json:"args,omitempty"`
	Text string   `json:"text,omitzero"`
}

// Why returns of what it failed; false if it did not.
func (a HookAsked) Why() (phrase.Reason, bool) {
	return phrase.Reason{Code: a.Code, Args: a.Args, Text: a.Text}, a.Code != ""
}

// late is why a caller went on who had waited long enough.
func late() *phrase.Reason {
	r := phrase.Because("hook.slow", "the other system did not answer in time")
	return &r
}
