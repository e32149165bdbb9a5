package webchat_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"yingda/internal/channel/channeltest"
	"yingda/internal/channel/webchat"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

var key = []byte("the program's own key")

// house is a door with a desk in memory behind it.
type house struct {
	desk  *channeltest.Desk
	door  *webchat.Door
	clock *clock.Hand
	url   string
}

func open(t *testing.T) *house {
	t.Helper()
	hand := clock.At(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	desk := channeltest.NewDesk(webchat.Name)
	desk.Now = hand.Now
	door := &webchat.Door{
		Chat: desk, Key: key, Now: hand.Now,
		Errors: serve.Errors{Log: slog.New(slog.DiscardHandler), Language: phrase.Language, Say: phrase.Say},
	}
	server := httptest.NewServer(door.Handler())
	t.Cleanup(server.Close)
	return &house{desk, door, hand, server.URL}
}

// widget is a visitor's browser.
type widget struct {
	house  *house
	token  string
	origin string
	id     contact.ID
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
}

// fault returns what was refused, and nil if nothing was.
func (a answer) fault() error {
	if a.status < 300 {
		return nil
	}
	kinds := map[int]fault.Kind{400: fault.Invalid, 422: fault.Invalid, 401: fault.Unsigned, 403: fault.Forbidden, 404: fault.NotFound, 409: fault.Conflict, 413: fault.TooLarge, 429: fault.Busy, 503: fault.Busy}
	var p serve.Problem
	if err := json.Unmarshal(a.body, &p); err != nil || p.Code == "" {
		return fmt.Errorf("%d %q", a.status, a.body)
	}
	return fault.New(kinds[a.status], p.Code, "%s", p.Detail)
}

func (w *widget) send(method, path, kind string, body io.Reader) (answer, error) {
	r, err := http.NewRequest(method, w.house.url+"/widget/v1/"+path, body)
	if err != nil {
		return answer{}, err
	}
	if w.token != "" {
		r.Header.Set("Authorization", "Bearer "+w.token)
	}
	if w.origin != "" {
		r.Header.Set("Origin", w.origin)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, b}, err
}

func (w *widget) call(method, path string, body any) answer {
	var in io.Reader
	kind := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			panic(err)
		}
		in, kind = bytes.NewReader(b), "application/json"
	}
	a, err := w.send(method, path, kind, in)
	if err != nil {
		panic(err)
	}
	return a
}

type session struct {
	Token   string `json:"token"`
	Contact struct {
		ID     contact.ID `json:"id"`
		Name   string     `json:"name"`
		Signed bool       `json:"signed"`
		Known  []string   `json:"known"`
	} `json:"contact"`
	Conversation *conversation.View     `json:"conversation"`
	Messages     []conversation.Message `json:"messages"`
	More         bool                   `json:"more"`
}

type object = map[string]any

func (w *widget) session(t *testing.T, more object) session {
	t.Helper()
	body := object{"inbox": "key", "language": "zh", "page": object{"url": "https://shop.example/a", "title": "甲", "referrer": ""}}
	maps.Copy(body, more)
	var s session
	w.call(http.MethodPost, "session", body).into(t, &s)
	w.token, w.id = s.Token, s.Contact.ID
	return s
}

func (h *house) Arrive(t *testing.T) channeltest.Person {
	t.Helper()
	w := &widget{house: h}
	w.session(t, nil)
	return w
}

func (w *widget) ID() contact.ID { return w.id }

func (w *widget) Say(clientID, text string, files ...conversation.AttachmentID) error {
	return w.call(http.MethodPost, "messages", object{"client_id": clientID, "text": text, "attachments": files}).fault()
}

func (w *widget) upload(name, content string, fields ...string) (answer, error) {
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			return answer{}, err
		}
	}
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		return answer{}, err
	}
	if _, err := io.WriteString(part, content); err != nil {
		return answer{}, err
	}
	if err := m.Close(); err != nil {
		return answer{}, err
	}
	return w.send(http.MethodPost, "attachments", m.FormDataContentType(), &form)
}

func (w *widget) Attach(clientID, name, content string) (conversation.AttachmentID, error) {
	a, err := w.upload(name, content, "client_id", clientID)
	if err == nil {
		err = a.fault()
	}
	if err != nil {
		return 0, err
	}
	var at conversation.Attachment
	err = json.Unmarshal(a.body, &at)
	return at.ID, err
}

func (w *widget) Heard() ([]string, error) {
	a := w.call(http.MethodPost, "session", object{"inbox": "key", "token": w.token, "language": "zh", "page": object{}})
	if err := a.fault(); err != nil {
		return nil, err
	}
	var s session
	if err := json.Unmarshal(a.body, &s); err != nil {
		return nil, err
	}
	var ts []string
	for _, m := range s.Messages {
		ts = append(ts, m.Text)
	}
	return ts, nil
}

func (h *house) Broken(_ *testing.T, p channeltest.Person) map[string]func() error {
	w, ok := p.(*widget)
	if !ok {
		panic("a person of another channel")
	}
	raw := func(body string) func() error {
		return func() error {
			a, err := w.send(http.MethodPost, "messages", "application/json", strings.NewReader(body))
			if err != nil {
				return err
			}
			return a.fault()
		}
	}
	as := func(token string) func() error {
		other := *w
		other.token = token
		return func() error { return other.Say("client-id-1", "在吗") }
	}
	return map[string]func() error{
		"broken UTF-8":      raw(`{"client_id":"client-id-1","text":"` + "\xff\xfe" + `"}`),
		"half of a pair":    raw(`{"client_id":"client-id-1","text":"\u0000"}`),
		"no JSON":           raw(`client_id=1`),
		"half of it":        raw(`{"client_id":"client-id-1","te`),
		"two of them":       raw(`{"client_id":"client-id-1","text":"a"}{}`),
		"an unknown field":  raw(`{"client_id":"client-id-1","text":"a","from":"agent"}`),
		"a wrong type":      raw(`{"client_id":"client-id-1","text":1}`),
		"no id":             raw(`{"text":"a"}`),
		"a wrong file":      raw(`{"client_id":"client-id-1","text":"a","attachments":["../../etc"]}`),
		"far too large":     raw(`{"client_id":"client-id-1","text":"` + strings.Repeat("a", 70<<10) + `"}`),
		"no token":          as(""),
		"a made-up token":   as("vt_AAAA"),
		"a changed token":   as(w.token[:len(w.token)-2] + "AA"),
		"a token too old":   as(contact.Visitor{Contact: w.id, Inbox: h.desk.Inbox.ID, Expires: h.clock.Now()}.Token(key)),
		"another key's":     as(contact.Visitor{Contact: w.id, Inbox: h.desk.Inbox.ID, Expires: h.clock.Now().Add(time.Hour)}.Token([]byte("other"))),
		"of another inbox":  as(contact.Visitor{Contact: w.id, Inbox: 7, Expires: h.clock.Now().Add(time.Hour)}.Token(key)),
		"a file with no id": func() error { a, err := w.upload("a.txt", "a"); return first(err, a.fault()) },
		"no form at all": func() error {
			a, err := w.send(http.MethodPost, "attachments", "application/json", strings.NewReader("{}"))
			return first(err, a.fault())
		},
	}
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestWebchatIsAChannel(t *testing.T) {
	t.Parallel()
	channeltest.Exercise(t, func(t *testing.T) (*channeltest.Desk, channeltest.Line) {
		h := open(t)
		return h.desk, h
	})
}

func TestAVisitGoesOnWithItsToken(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := &widget{house: h}
	s := w.session(t, nil)
	if s.Contact.Signed || len(s.Contact.Known) != 0 || s.Conversation != nil || s.Messages == nil {
		t.Errorf("a first visit: %+v", s)
	}
	for i := range 60 {
		h.clock.Turn(time.Second)
		if err := w.Say(fmt.Sprintf("client-id-%d", i), strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	again := w.session(t, object{"token": s.Token})
	if again.Contact.ID != s.Contact.ID || again.Conversation == nil || len(again.Messages) != 50 || !again.More || again.Messages[49].Text != "59" {
		t.Errorf("the next visit: %v, %d messages", again.Contact.ID, len(again.Messages))
	}
	var page struct {
		Items []conversation.Message `json:"items"`
		More  bool                   `json:"more"`
	}
	w.call(http.MethodGet, fmt.Sprintf("messages?conversation=%s&before=11", again.Conversation.ID), nil).into(t, &page)
	if len(page.Items) != 10 || page.More || page.Items[0].Seq != 1 {
		t.Errorf("before 11: %d messages, more %v", len(page.Items), page.More)
	}
	w.call(http.MethodGet, fmt.Sprintf("messages?conversation=%s&after=0", again.Conversation.ID), nil).into(t, &page)
	if len(page.Items) != 60 || page.Items[0].Seq != 1 {
		t.Errorf("after 0: %d messages", len(page.Items))
	}
	h.clock.Turn(contact.VisitorDays * 24 * time.Hour)
	if late := w.session(t, object{"token": s.Token}); late.Contact.ID == s.Contact.ID {
		t.Error("a token holds for ever")
	}
}

func TestWhatTheHostSiteSaysMustBeSigned(t *testing.T) {
	t.Parallel()
	h := open(t)
	now := h.clock.Now()
	sign := func(method jwt.SigningMethod, secret any, c jwt.MapClaims) string {
		s, err := jwt.NewWithClaims(method, c).SignedString(secret)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	who := func(exp time.Duration) jwt.MapClaims {
		return jwt.MapClaims{"sub": "user-1", "name": "王芳", "phone": "13812345678", "attributes": object{"level": 3, "vip": true, "car": "远行 E5", "deep": object{}}, "exp": now.Add(exp).Unix()}
	}
	without := who(time.Hour)
	delete(without, "exp")
	nobody := who(time.Hour)
	nobody["sub"] = ""
	secret := h.desk.Inbox.Secret
	for what, c := range map[string]struct{ token, code string }{
		"signed":           {sign(jwt.SigningMethodHS256, secret, who(time.Hour)), ""},
		"a minute late":    {sign(jwt.SigningMethodHS256, secret, who(-50*time.Second)), ""},
		"late":             {sign(jwt.SigningMethodHS256, secret, who(-70*time.Second)), "identity.expired"},
		"another's":        {sign(jwt.SigningMethodHS256, []byte("another secret"), who(time.Hour)), "identity.invalid"},
		"not signed":       {sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, who(time.Hour)), "identity.invalid"},
		"another way":      {sign(jwt.SigningMethodHS512, secret, who(time.Hour)), "identity.invalid"},
		"without an end":   {sign(jwt.SigningMethodHS256, secret, without), "identity.invalid"},
		"of nobody":        {sign(jwt.SigningMethodHS256, secret, nobody), "identity.subject"},
		"not even a token": {"abc", "identity.invalid"},
	} {
		w := &widget{house: h}
		a := w.call(http.MethodPost, "session", object{"inbox": "key", "identity": c.token, "language": "zh", "page": object{}})
		if c.code != "" {
			if err := a.fault(); a.status != http.StatusUnauthorized || fault.CodeOf(err) != c.code {
				t.Errorf("%s: %d %v", what, a.status, err)
			}
			continue
		}
		var s session
		a.into(t, &s)
		if !s.Contact.Signed || s.Contact.Name != "王芳" || fmt.Sprint(s.Contact.Known) != "[name phone]" {
			t.Errorf("%s: %+v", what, s.Contact)
		}
	}
	if cs := h.desk.Contacts(); len(cs) != 1 || fmt.Sprint(cs[0].Attributes) != "map[car:远行 E5 level:3 vip:true]" {
		t.Errorf("%+v", cs)
	}
	h.desk.Inbox.Settings.RequireSigned = true
	guest := (&widget{house: h}).call(http.MethodPost, "session", object{"inbox": "key", "language": "zh", "page": object{}})
	if fault.CodeOf(guest.fault()) != "identity.required" {
		t.Errorf("a guest where all must be signed: %d %s", guest.status, guest.body)
	}
}

func TestOnlyPagesThatMayEmbedTheInbox(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := &widget{house: h, origin: "https://shop.example"}
	w.session(t, nil)
	h.desk.Inbox.Settings.AllowedOrigins = []string{"https://shop.example"}
	for origin, allowed := range map[string]bool{"https://shop.example": true, "": true, h.url: true, "https://evil.example": false, "http://shop.example": false, "null": false} {
		w.origin = origin
		for _, try := range []struct{ method, path string }{{"GET", "config?inbox=key"}, {"POST", "session"}, {"POST", "messages"}, {"POST", "end"}} {
			var body any
			if try.method == "POST" {
				body = object{"inbox": "key", "language": "zh", "page": object{}}
				switch try.path {
				case "messages":
					body = object{"client_id": "client-id-1", "text": "a"}
				case "end":
					body = object{}
				}
			}
			a := w.call(try.method, try.path, body)
			if refused := fault.CodeOf(a.fault()) == "request.origin"; refused == allowed {
				t.Errorf("%q may %s %s: %d %s", origin, try.method, try.path, a.status, a.body)
			}
			if got := a.header.Get("Access-Control-Allow-Origin"); got != origin || a.header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%q reads answers as %q", origin, got)
			}
		}
	}
	r, err := http.NewRequest(http.MethodOptions, h.url+"/widget/v1/messages", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "https://shop.example")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNoContent || !strings.Contains(res.Header.Get("Access-Control-Allow-Headers"), "Authorization") || res.Header.Get("Access-Control-Allow-Origin") != "https://shop.example" {
		t.Errorf("asked before: %d %v", res.StatusCode, res.Header)
	}
}

func TestCasesComeOneAtATime(t *testing.T) {
	t.Parallel()
	w := &widget{house: open(t)}
	w.session(t, nil)
	var last answer
	for i := range 11 {
		last = w.call(http.MethodPost, "cases", object{
			"client_id": fmt.Sprintf("case-id-%d", i), "kind": "feedback", "text": "a", "name": "", "phone": "13800000000", "email": "", "order": "",
		})
	}
	if last.status != http.StatusTooManyRequests {
		t.Errorf("the 11th case: %d %s", last.status, last.body)
	}
}

func TestAVisitorIsSlowedDownAndNotTheOffice(t *testing.T) {
	t.Parallel()
	h := open(t)
	loud, other := &widget{house: h}, &widget{house: h}
	loud.session(t, nil)
	other.session(t, nil)
	var slowed answer
	for i := range 31 {
		slowed = loud.call(http.MethodPost, "messages", object{"client_id": fmt.Sprintf("client-id-%d", i), "text": "a"})
	}
	if slowed.status != http.StatusTooManyRequests || slowed.header.Get("Retry-After") == "" || fault.CodeOf(slowed.fault()) != "request.rate" {
		t.Errorf("the 31st message: %d %s", slowed.status, slowed.body)
	}
	if err := other.Say("client-id-1", "a"); err != nil {
		t.Errorf("a colleague: %v", err)
	}
	h.clock.Turn(time.Second)
	if err := loud.Say("client-id-31", "a"); err != nil {
		t.Errorf("a second later: %v", err)
	}
}

func TestFilesOpenByTheirAddressOnly(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := &widget{house: h}
	w.session(t, nil)
	a, err := w.upload("a.txt", "hello", "client_id", "client-id-1")
	if err != nil {
		t.Fatal(err)
	}
	var at conversation.Attachment
	a.into(t, &at)
	get := func(address string) (int, string) {
		res, err := http.Get(h.url + address)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	if status, body := get(at.URL); status != http.StatusOK || body != "hello" {
		t.Errorf("%d %s", status, body)
	}
	path, s, _ := strings.Cut(at.URL, "?s=")
	for _, address := range []string{path, path + "?s=", path + "?s=x" + s, strings.Replace(path, at.ID.String(), "at_0000000000001", 1) + "?s=" + s} {
		if status, body := get(address); status != http.StatusForbidden || strings.Contains(body, "hello") {
			t.Errorf("%s: %d %s", address, status, body)
		}
	}
	if err := w.Say("client-id-2", "", at.ID); err != nil {
		t.Fatal(err)
	}
	if s := w.session(t, object{"token": w.token}); s.Messages[0].Attachments[0].URL != at.URL {
		t.Errorf("in the history it is %s", s.Messages[0].Attachments[0].URL)
	}
	if ms := h.desk.Messages(); strings.Contains(ms[0].Attachments[0].URL, "?s=") {
		t.Error("the address of a visitor is stored")
	}
	h.clock.Turn(9 * 24 * time.Hour)
	if status, _ := get(at.URL); status != http.StatusForbidden {
		t.Errorf("nine days later: %d", status)
	}
}

func TestFilesThatAreTooLarge(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.desk.Inbox.Settings.MaxFileMB = 1
	w := &widget{house: h}
	w.session(t, nil)
	for _, size := range []int{1<<20 + 1, 3 << 20} {
		a, err := w.upload("a.txt", strings.Repeat("a", size), "client_id", "client-id-1")
		if err != nil {
			t.Fatal(err)
		}
		if a.status != http.StatusRequestEntityTooLarge || fault.CodeOf(a.fault()) != "file.large" || !strings.Contains(string(a.body), "1 MB") {
			t.Errorf("%d bytes: %d %s", size, a.status, a.body)
		}
	}
	if a, err := w.upload("a.txt", strings.Repeat("a", 1<<20), "client_id", "client-id-1"); err != nil || a.status != http.StatusOK {
		t.Errorf("exactly as much as may be: %d %s, %v", a.status, a.body, err)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := &widget{house: h}
	a := w.call(http.MethodGet, "config?inbox=key&lang=en", nil)
	var c struct {
		Company      string            `json:"company"`
		Open         bool              `json:"open"`
		HoursText    string            `json:"hours_text"`
		AgentsOnline bool              `json:"agents_online"`
		HotQuestions []object          `json:"hot_questions"`
		Prechat      map[string]any    `json:"prechat"`
		Languages    []string          `json:"languages"`
		Rest         map[string]string `json:"-"`
	}
	a.into(t, &c)
	if c.Company != "Yuanxing Motors" || !c.Open || c.HoursText != "24 hours a day" || !c.AgentsOnline || len(c.HotQuestions) != 2 || a.header.Get("Cache-Control") != "public, max-age=30" {
		t.Errorf("%s, %v", a.body, a.header)
	}
	h.desk.Inbox.Settings.Hours.Always = false
	h.desk.Inbox.Settings.Hours.Week[5] = h.desk.Inbox.Settings.Hours.Week[0][:0]
	w.call(http.MethodGet, "config?inbox=key&lang=zh", nil).into(t, &c)
	if c.HoursText != "周一至周五 09:00–18:00" || c.Open { // a Sunday
		t.Errorf("%q, open %v", c.HoursText, c.Open)
	}
	for _, path := range []string{"config?inbox=nothing", "config", "nothing"} {
		if a := w.call(http.MethodGet, path, nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestTheRestOfAVisit(t *testing.T) {
	t.Parallel()
	h := open(t)
	var seen []string
	h.door.Seen = func(_ contact.Visitor, p contact.PageView) { seen = append(seen, p.URL) }
	h.desk.Here = false
	w := &widget{house: h}
	w.session(t, nil)
	var human struct {
		Conversation conversation.View `json:"conversation"`
		Offline      bool              `json:"offline"`
	}
	w.call(http.MethodPost, "human", object{"client_id": "client-id-1"}).into(t, &human)
	if human.Conversation.State != conversation.Queued || human.Conversation.QueuePosition != 1 || !human.Offline {
		t.Errorf("%+v", human)
	}
	var said struct {
		Message      conversation.Message `json:"message"`
		Conversation conversation.View    `json:"conversation"`
	}
	w.call(http.MethodPost, "messages", object{"client_id": "client-id-2", "text": "在吗", "prechat": object{"name": "王芳", "order": "A1"}}).into(t, &said)
	if said.Conversation.QueuePosition != 1 || said.Message.Seq != said.Conversation.LastSeq || h.desk.Contacts()[0].Name != "王芳" {
		t.Errorf("%+v", said)
	}
	if a := w.call(http.MethodPost, "read", object{"conversation": human.Conversation.ID, "seq": 1}); a.status != http.StatusNoContent {
		t.Errorf("read: %d %s", a.status, a.body)
	}
	var intro struct {
		Contact struct {
			Known []string `json:"known"`
		} `json:"contact"`
	}
	w.call(http.MethodPost, "contact", object{"name": "王芳", "phone": "13812345678"}).into(t, &intro)
	if fmt.Sprint(intro.Contact.Known) != "[name phone]" {
		t.Errorf("%+v", intro)
	}
	form := object{"client_id": "client-id-3", "kind": "complaint", "text": "一直没人", "name": "王芳", "phone": "13812345678"}
	var first, again struct{ Number, Promise string }
	w.call(http.MethodPost, "cases", form).into(t, &first)
	w.call(http.MethodPost, "cases", form).into(t, &again)
	if !strings.HasPrefix(first.Number, "TS20261122-") || first != again || first.Promise == "" || len(h.desk.Cases) != 1 {
		t.Errorf("%+v, %+v", first, again)
	}
	if a := w.call(http.MethodPost, "pages", object{"url": "https://shop.example/b", "title": "乙", "referrer": ""}); a.status != http.StatusNoContent || fmt.Sprint(seen) != "[https://shop.example/a https://shop.example/b]" {
		t.Errorf("page: %d %s, %v", a.status, a.body, seen)
	}
	if a := w.call(http.MethodPost, "helpful", object{"message": said.Message.ID, "helpful": false}); a.status != http.StatusNoContent || len(h.desk.Votes) != 1 {
		t.Errorf("helpful: %d %s", a.status, a.body)
	}
	var end struct {
		Conversation conversation.View `json:"conversation"`
	}
	w.call(http.MethodPost, "end", object{}).into(t, &end)
	if end.Conversation.State != conversation.Closed || end.Conversation.ClosedBy != conversation.FromContact {
		t.Errorf("%+v", end)
	}
}

func TestDevice(t *testing.T) {
	t.Parallel()
	h := open(t)
	r, err := http.NewRequest(http.MethodPost, h.url+"/widget/v1/session", strings.NewReader(`{"inbox":"key","page":{"url":""}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0")
	r.Header.Set("Accept-Language", "en")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if cs := h.desk.Contacts(); len(cs) != 1 || cs[0].Device != "WeChat · iPhone" || cs[0].Language != "en" {
		t.Errorf("%+v", cs)
	}
}

func TestSuggestionsWhileTyping(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := &widget{house: h}
	w.session(t, nil)
	asks := func(typed string) (ids []string, status int) {
		t.Helper()
		a := w.call(http.MethodGet, "suggestions?q="+url.QueryEscape(typed), nil)
		var found struct {
			Items []struct{ ID, Question string } `json:"items"`
		}
		if a.status == http.StatusOK {
			a.into(t, &found)
		}
		for _, q := range found.Items {
			ids = append(ids, q.ID)
		}
		return ids, a.status
	}
	if ids, status := asks("如何"); status != http.StatusOK || !slices.Equal(ids, []string{"qu_1"}) {
		t.Errorf("%v, %d", ids, status)
	}
	if ids, status := asks("如何" + strings.Repeat("何", 60)); status != http.StatusOK || len(ids) > 0 {
		t.Errorf("a whole story is completed: %v, %d", ids, status)
	}
	h.desk.Inbox.Settings.Suggestions = false
	if ids, status := asks("如何"); status != http.StatusOK || len(ids) > 0 {
		t.Errorf("switched off: %v, %d", ids, status)
	}
	last := 0
	for range 30 {
		_, last = asks("如何")
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("thirty in no time: %d", last)
	}
	if err := w.Say("client-id-1", "还能说话吗"); err != nil {
		t.Errorf("who typed a lot may still write: %v", err)
	}
}
