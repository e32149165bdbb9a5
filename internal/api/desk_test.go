package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/job"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/serve"
	"yingda/internal/report"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// room is a desk with people and a visitor, behind the calls. Who calls is
// named in the Authorization header.
type room struct {
	t     *testing.T
	h     http.Handler
	api   *API
	desk  *desk.Desk
	clock *clock.Hand
	jobs  *job.Worker
	inbox inbox.Inbox
	by    byName
	names map[string]string // {name} in a path or a body -> id
	sent  int

	phones []agent.ID // whose telephone is connected
}

func newRoom(t *testing.T) *room {
	t.Helper()
	db, c := storetest.SQLite(t), clock.At(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	files, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	r := &room{t: t, clock: c, by: byName{}, names: map[string]string{}, desk: &desk.Desk{DB: db, Now: c.Now, Files: files, Log: slog.New(slog.DiscardHandler)}}
	r.must(r.desk.EnsureDefaults(t.Context()))
	if r.inbox, err = r.desk.InboxByKey(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	r.names["inbox"] = r.inbox.ID.String()
	for _, role := range agent.BuiltinRoles() {
		for name, of := range map[string]string{"lin": "agent", "zhao": "agent", "wang": "supervisor", "editor": "editor", "boss": "admin"} {
			if of == role.Name {
				r.hire(name, role)
			}
		}
	}
	r.jobs = &job.Worker{DB: db, Now: c.Now, Log: r.desk.Log}
	r.jobs.Handle(r.desk.Jobs()...)
	a := &API{Auth: r.by, Desk: r.desk, Report: &report.Report{DB: db, Now: c.Now}, Log: r.desk.Log, Now: c.Now, Online: func(contact.ID) bool { return true }}
	mux := http.NewServeMux()
	a.Mount(mux)
	r.api = a
	r.h = serve.Door{Log: a.Log, Errors: a.Errors()}.Wrap(mux)
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) hire(name string, role agent.Role) {
	r.t.Helper()
	now := r.clock.Now()
	a := agent.Agent{ID: agent.NewID(now), Email: name + "@demo", Name: name, Language: "zh", Capacity: 3, CreatedAt: now}
	role.ID, role.Name = agent.NewRoleID(now), role.Name+" "+name
	r.by[name] = agent.Actor{Agent: a.ID, Name: name, Address: "192.0.2.1"}.With(role)
	r.names[name] = a.ID.String()
	ctx := r.t.Context()
	r.must(r.desk.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertRole(ctx, role); err != nil {
			return err
		}
		if err := tx.InsertAgent(ctx, a); err != nil {
			return err
		}
		return tx.SetAgentRoles(ctx, a.ID, []agent.RoleID{role.ID})
	}))
}

// online opens an agent's console and connects the telephone in it; then they are
// offered what waits.
func (r *room) online(name string) {
	r.t.Helper()
	ctx, by := r.t.Context(), r.by[name]
	r.must(r.desk.AgentConnected(ctx, by.Agent))
	r.phones = append(r.phones, by.Agent)
	r.must(r.desk.Telephones(ctx, r.desk.Node, channel.Telephones{Consoles: r.phones}))
	_, err := r.desk.SetPresence(ctx, by, agent.Online, "")
	r.must(err)
	r.clock.Turn(time.Second)
	r.run()
}

func (r *room) run() {
	r.t.Helper()
	_, err := r.jobs.RunDue(r.t.Context())
	r.must(err)
}

// visitor begins a conversation with a person; its id is called name.
func (r *room) visitor(name, text string) contact.Visitor {
	r.t.Helper()
	who, err := r.desk.Visit(r.t.Context(), channel.Visit{Inbox: r.inbox, Language: "zh"})
	r.must(err)
	v := contact.Visitor{Contact: who.ID, Inbox: r.inbox.ID}
	got := r.write(v, text)
	c, _, err := r.desk.AskHuman(r.t.Context(), v, "ask-"+name+"-1")
	r.must(err)
	if c.ID != got.Conversation.ID {
		r.t.Fatal("asking for a person began another conversation")
	}
	r.names[name], r.names[name+"-contact"] = c.ID.String(), who.ID.String()
	r.clock.Turn(time.Second)
	return v
}

func (r *room) write(v contact.Visitor, text string) channel.Receipt {
	r.t.Helper()
	r.sent++
	got, err := r.desk.Receive(r.t.Context(), channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: fmt.Sprintf("visitor-%d", r.sent), Text: text, At: r.clock.Now()})
	r.must(err)
	return got
}

var hole = regexp.MustCompile(`\{[a-z-]+\}`)

func (r *room) fill(s string) string {
	return hole.ReplaceAllStringFunc(s, func(h string) string {
		if id, ok := r.names[h[1:len(h)-1]]; ok {
			return id
		}
		return h
	})
}

// call makes a call; {name} stands for an id.
func (r *room) call(who, method, path, body string) *httptest.ResponseRecorder {
	r.t.Helper()
	req := httptest.NewRequestWithContext(r.t.Context(), method, "http://desk.example.cn/api/v1"+r.fill(path), strings.NewReader(r.fill(body)))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		req.Header.Set("Authorization", "Bearer "+who)
	}
	rec := httptest.NewRecorder()
	r.h.ServeHTTP(rec, req)
	return rec
}

// step is one call of a story, and what comes of it.
type step struct {
	name              string
	who, method, path string
	body              string
	status            int
	says              string // stands in the answer; {name} is an id
	not               string // does not
}

// play makes the calls of a story, one after the other.
func (r *room) play(steps []step) {
	r.t.Helper()
	for _, s := range steps {
		rec := r.call(s.who, s.method, s.path, s.body)
		got := rec.Body.String()
		if rec.Code != s.status || !strings.Contains(got, r.fill(s.says)) || s.not != "" && strings.Contains(got, r.fill(s.not)) {
			r.t.Errorf("%s: %s %s %s: %d %.600s\n\twant %d with %q without %q", s.name, s.who, s.method, r.fill(s.path), rec.Code, got, s.status, r.fill(s.says), r.fill(s.not))
		}
		if strings.Contains(got, ":null") {
			r.t.Errorf("%s: a list or a field is null: %.600s", s.name, got)
		}
	}
}

func TestAConversationIsTakenAnsweredAndClosed(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.visitor("c", "我的车刹车异响")
	const c = "/conversations/{c}"
	r.play([]step{
		{"nobody is let in", "", "GET", "/conversations", "", 401, "session.missing", "items"},
		{"an editor reads no conversations", "editor", "GET", "/conversations", "", 403, "permission.missing", ""},
		{"the queue holds it", "lin", "GET", "/conversations?view=queue", "", 200, `"id":"{c}"`, ""},
		{"an unknown view", "lin", "GET", "/conversations?view=nonsense", "", 422, "query.view", ""},
		{"an unknown priority", "lin", "GET", "/conversations?priority=9", "", 422, "query.priority", ""},
		{"of high priority there is none", "lin", "GET", "/conversations?view=all&priority=1", "", 200, `"items":[]`, ""},
		{"a broken cursor", "lin", "GET", "/conversations?cursor=xyz", "", 422, "list.cursor", ""},
		{"counts", "lin", "GET", "/conversations/counts", "", 200, `"queue":1`, ""},
		{"an id that is none", "lin", "GET", "/conversations/nonsense", "", 404, "id.unknown", ""},
		{"an id that we do not have", "lin", "GET", "/conversations/cv_06bq3f0k2m9ty", "", 404, "conversation.unknown", ""},
		{"an answer before it is taken", "lin", "POST", c + "/messages", `{"client_id":"lin-0001","kind":"text","text":"您好"}`, 409, "请先接入会话", ""},
		{"accepting what does not ring", "lin", "POST", c + "/accept", "", 409, "conversation.not_offered", ""},
		{"lin takes it", "lin", "POST", c + "/take", "", 200, `"state":"active"`, ""},
		{"zhao is too late", "zhao", "POST", c + "/take", "", 409, "conversation.taken", ""},
		{"an answer", "lin", "POST", c + "/messages", `{"client_id":"lin-0002","kind":"text","text":"您好，我来帮您"}`, 200, `"seq":`, ""},
		{"sent again", "lin", "POST", c + "/messages", `{"client_id":"lin-0002","kind":"text","text":"您好，我来帮您"}`, 200, `您好，我来帮您`, ""},
		{"zhao may not answer", "zhao", "POST", c + "/messages", `{"client_id":"zhao-001","kind":"text","text":"我来"}`, 409, "conversation.taken", ""},
		{"zhao may note", "zhao", "POST", c + "/messages", `{"client_id":"zhao-002","kind":"note","text":"老客户","mentions":["{lin}"]}`, 200, `"kind":"note"`, ""},
		{"lin is told", "lin", "GET", "/me/notices", "", 200, `"unread":1`, ""},
		{"and reads it", "lin", "POST", "/me/notices/read", "{}", 204, "", ""},
		{"an empty message", "lin", "POST", c + "/messages", `{"client_id":"lin-0003","kind":"text","text":"  "}`, 422, "消息是空的", ""},
		{"a message of 4 MB", "lin", "POST", c + "/messages", `{"client_id":"lin-0004","kind":"text","text":"` + strings.Repeat("长", 4<<20/3) + `"}`, 413, "request.large", ""},
		{"a message too long for a chat", "lin", "POST", c + "/messages", `{"client_id":"lin-0005","kind":"text","text":"` + strings.Repeat("长", 9000) + `"}`, 413, "最多 8000 个字，这条有 9000 个", ""},
		{"broken UTF-8", "lin", "POST", c + "/messages", "{\"client_id\":\"lin-0006\",\"kind\":\"text\",\"text\":\"\xe9\x80\"}", 400, "request.encoding", ""},
		{"a kind that agents do not write", "lin", "POST", c + "/messages", `{"client_id":"lin-0007","kind":"event","text":"x"}`, 422, "body.kind", ""},
		{"without a client_id", "lin", "POST", c + "/messages", `{"kind":"text","text":"x"}`, 422, "client_id", ""},
		{"a file that is not there", "lin", "POST", c + "/messages", `{"client_id":"lin-0008","kind":"text","text":"","attachments":["at_06bq3f0k2m9ty"]}`, 422, "message.file", ""},
		{"the messages, once each", "lin", "GET", c + "/messages", "", 200, `"more":false`, ""},
		{"those after a number", "lin", "GET", c + "/messages?after=3&limit=1", "", 200, `"seq":4`, `"seq":3`},
		{"a number below zero", "lin", "GET", c + "/messages?after=-2", "", 422, "query.after", ""},
		{"read to the end", "lin", "POST", c + "/read", `{"seq":9}`, 204, "", ""},
		{"the look shows the contact masked", "lin", "GET", c, "", 200, `"online":true`, ""},
		{"handing on needs a note", "lin", "POST", c + "/transfer", `{"agent_id":"{zhao}","note":""}`, 422, "transfer.note", ""},
		{"and someone who is there", "lin", "POST", c + "/transfer", `{"agent_id":"{zhao}","note":"懂刹车"}`, 409, "transfer.away", ""},
		{"closing needs a category", "lin", "POST", c + "/close", `{"category":"","result":"solved"}`, 422, "请选择会话分类", ""},
		{"zhao may not close it", "zhao", "POST", c + "/close", `{"category":"business.repair","result":"solved"}`, 409, "conversation.", ""},
		{"lin closes it", "lin", "POST", c + "/close", `{"category":"business.repair","result":"solved","note":"已约检测"}`, 200, `"state":"closed"`, ""},
		{"nothing more is said", "lin", "POST", c + "/messages", `{"client_id":"lin-0009","kind":"text","text":"再见"}`, 409, "conversation.over", ""},
		{"lin takes it up again", "lin", "POST", c + "/reopen", "", 200, `"state":"active"`, ""},
	})
	rec := r.call("lin", "GET", c+"/messages", "")
	if got := strings.Count(rec.Body.String(), "您好，我来帮您"); got != 1 {
		t.Errorf("a message that was sent twice stands there %d times", got)
	}
}

// A conversation rings at one agent; whoever is second is told so.
func TestAnOfferIsForOne(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.visitor("c", "人工")
	r.online("lin")
	r.play([]step{
		{"it rings at lin", "lin", "GET", "/conversations?view=queue", "", 200, `"offer":{"agent_id":"{lin}"`, ""},
		{"zhao cannot accept it", "zhao", "POST", "/conversations/{c}/accept", "", 409, "conversation.not_offered", ""},
		{"lin declines", "lin", "POST", "/conversations/{c}/decline", "", 200, `"state":"queued"`, `"offer"`},
		{"zhao takes it", "zhao", "POST", "/conversations/{c}/take", "", 200, `"agent_id":"{zhao}"`, ""},
		{"lin is too late", "lin", "POST", "/conversations/{c}/accept", "", 409, "已接入这个会话", ""},
		{"wang takes over", "wang", "POST", "/conversations/{c}/take", "", 200, `"agent_id":"{wang}"`, ""},
	})
}

func TestPeopleAreMasked(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.visitor("c", "你好")
	const k = "/contacts/{c-contact}"
	r.play([]step{
		{"an editor reads no contacts", "editor", "GET", "/contacts", "", 403, "permission.missing", ""},
		{"lin writes down a number", "lin", "PATCH", k, `{"name":"张伟","phone":"13812345678","email":"zhang.wei@example.cn"}`, 200, `"phone":"138****5678"`, "13812345678"},
		{"a number that is none", "lin", "PATCH", k, `{"phone":"打给我"}`, 422, `"location":"phone"`, ""},
		{"a field that is not theirs to set", "lin", "PATCH", k, `{"signed":true}`, 422, "body.signed", ""},
		{"the list is masked", "lin", "GET", "/contacts?q=张伟", "", 200, `"email":"zh***@example.cn"`, "zhang.wei"},
		{"so is the search", "lin", "GET", "/search?q=张伟&kind=contact", "", 200, `"phone":"138****5678"`, "13812345678"},
		{"and the conversation", "lin", "GET", "/conversations/{c}", "", 200, `"phone":"138****5678"`, "13812345678"},
		{"an agent may not look behind", "lin", "POST", k + "/reveal", `{"field":"phone","reason":"回访"}`, 403, "verification.needed", ""},
		{"a supervisor needs a reason", "wang", "POST", k + "/reveal", `{"field":"phone","reason":""}`, 422, "contact.reason", ""},
		{"and has one", "wang", "POST", k + "/reveal", `{"field":"phone","reason":"客户要求回电"}`, 200, `{"value":"13812345678"}`, ""},
		{"nothing else can be revealed", "wang", "POST", k + "/reveal", `{"field":"note","reason":"好奇"}`, 422, "body.field", ""},
		{"blocked", "wang", "POST", k + "/block", `{"blocked":true,"reason":"广告"}`, 200, `"blocked":true`, ""},
		{"conversations", "lin", "GET", k + "/conversations", "", 200, `"id":"{c}"`, ""},
		{"pages", "lin", "GET", k + "/pages", "", 200, `"items":[]`, ""},
		{"an unknown contact", "lin", "GET", "/contacts/ct_06bq3f0k2m9ty", "", 404, "没有这位客户", ""},
		{"a search for nothing", "lin", "GET", "/search?q=", "", 422, "query.q", ""},
		{"a search for words", "lin", "GET", "/search?q=你好", "", 200, `"mark":true`, ""},
		{"a search of an unknown kind", "lin", "GET", "/search?q=x&kind=car", "", 422, "query.kind", ""},
	})
}

func TestTheOffice(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	reply := `{"shortcut":"hi","title":"问候","text":"您好","language":"zh","shared":false}`
	r.play([]step{
		{"everyone reads the settings", "lin", "GET", "/settings", "", 200, `"business.recall"`, ""},
		{"few change them", "lin", "PATCH", "/settings", `{"phone":"400-820-0000"}`, 403, "setting.manage", ""},
		{"the administrator does", "boss", "PATCH", "/settings", `{"phone":"400-820-0000","company":{"zh":"远行汽车","en":"Yuanxing"}}`, 200, `"phone":"400-820-0000"`, ""},
		{"but not to nonsense", "boss", "PATCH", "/settings", `{"phone_hours":{"zone":"Mars","always":false,"week":[[],[],[],[],[],[],[]],"closed":[],"open":[]}}`, 422, "hours.zone", ""},
		{"a category without an end", "boss", "PATCH", "/settings", `{"categories":[]}`, 422, "setting.empty", ""},
		{"a language that we do not speak", "boss", "PATCH", "/settings", `{"languages":["fr"]}`, 422, "languages", ""},

		{"everyone sees the inboxes", "lin", "GET", "/inboxes", "", 200, `data-inbox=\"web\"`, "secret\":\""},
		{"few make one", "lin", "POST", "/inboxes", `{"name":"微商城"}`, 403, "channel.manage", ""},
		{"a secret is shown once", "boss", "POST", "/inboxes/{inbox}/secret", "{}", 200, `{"secret":"`, ""},
		{"and then only that it is there", "boss", "GET", "/inboxes", "", 200, `"signing_secret_set":true`, `"secret"`},
		{"renamed", "boss", "PATCH", "/inboxes/{inbox}", `{"name":"官网","version":2}`, 200, `"version":3`, ""},
		{"someone was faster", "boss", "PATCH", "/inboxes/{inbox}", `{"name":"主站","version":2}`, 409, "刚刚有人修改过", ""},
		{"an unknown inbox", "boss", "PATCH", "/inboxes/in_06bq3f0k2m9ty", `{"name":"x"}`, 404, "inbox.unknown", ""},

		{"one's own reply", "lin", "POST", "/canned", reply, 200, `"shortcut":"hi"`, ""},
		{"twice", "lin", "POST", "/canned", reply, 409, "已有快捷回复 /hi", ""},
		{"one for all", "lin", "POST", "/canned", strings.ReplaceAll(reply, "false", "true"), 403, "canned.shared", ""},
		{"the editor keeps those", "editor", "POST", "/canned", strings.ReplaceAll(reply, "false", "true"), 200, `"shared":true`, ""},
		{"a language that we do not speak", "lin", "POST", "/canned", strings.ReplaceAll(reply, `"zh"`, `"fr"`), 422, "body.language", ""},
		{"the list", "zhao", "GET", "/canned?q=hi", "", 200, `"shared":true`, `"shared":false`},

		{"no cases yet", "lin", "GET", "/cases", "", 200, `{"items":[]}`, ""},
		{"not for everyone", "editor", "GET", "/cases", "", 403, "case.read", ""},
		{"an unknown kind", "lin", "GET", "/cases?kind=praise", "", 422, "query.kind", ""},
		{"an unknown case", "lin", "GET", "/cases/cs_06bq3f0k2m9ty", "", 404, "没有这个工单", ""},
	})
}

func TestFilesGoInAndOut(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.visitor("c", "看图")
	var picture bytes.Buffer
	r.must(png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 600, 400))))
	upload := func(who string, fields ...string) (*httptest.ResponseRecorder, conversation.Attachment) {
		t.Helper()
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for i := 0; i < len(fields); i += 2 {
			if fields[i] == "file" {
				part, err := w.CreateFormFile("file", fields[i+1])
				r.must(err)
				content := picture.Bytes()
				if strings.HasSuffix(fields[i+1], ".exe") {
					content = []byte("MZ\x90\x00\x03")
				}
				_, err = part.Write(content)
				r.must(err)
				continue
			}
			r.must(w.WriteField(fields[i], r.fill(fields[i+1])))
		}
		r.must(w.Close())
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/attachments", &b)
		req.Header.Set("Content-Type", w.FormDataContentType())
		req.Header.Set("Authorization", "Bearer "+who)
		rec := httptest.NewRecorder()
		r.h.ServeHTTP(rec, req)
		var a conversation.Attachment
		_ = json.Unmarshal(rec.Body.Bytes(), &a)
		return rec, a
	}
	for _, c := range []struct {
		name, who string
		fields    []string
		status    int
		says      string
	}{
		{"fine", "lin", []string{"conversation_id", "{c}", "file", "车.png"}, 200, `"kind":"image"`},
		{"a program", "lin", []string{"conversation_id", "{c}", "file", "车.exe"}, 422, "file.type"},
		{"a program that says it is a picture", "lin", []string{"conversation_id", "{c}", "file", "a.png.exe"}, 422, "不支持这种文件"},
		{"no file", "lin", []string{"conversation_id", "{c}"}, 400, "request.file"},
		{"no conversation", "lin", []string{"file", "车.png"}, 400, "conversation_id"},
		{"a conversation that is none", "lin", []string{"conversation_id", "x", "file", "车.png"}, 404, "id.unknown"},
		{"a conversation that we do not have", "lin", []string{"conversation_id", "cv_06bq3f0k2m9ty", "file", "车.png"}, 404, "conversation.unknown"},
		{"not allowed", "editor", []string{"conversation_id", "{c}", "file", "车.png"}, 403, "permission.missing"},
	} {
		rec, _ := upload(c.who, c.fields...)
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.says) {
			t.Errorf("%s: %d %s, want %d %s", c.name, rec.Code, rec.Body, c.status, c.says)
		}
	}

	_, first := upload("lin", "conversation_id", "{c}", "client_id", "up-1", "file", "车.png")
	_, again := upload("lin", "conversation_id", "{c}", "client_id", "up-1", "file", "车.png")
	if first.ID.IsZero() || first.ID != again.ID || first.Width != 600 {
		t.Errorf("uploaded %+v, again %+v", first, again)
	}
	r.names["file"] = first.ID.String()
	if rec := r.call("zhao", "GET", "/attachments/{file}", ""); rec.Code != 200 || !bytes.Equal(rec.Body.Bytes(), picture.Bytes()) || rec.Header().Get("Content-Type") != "image/png" {
		t.Errorf("the picture comes back as %d %s of %d bytes", rec.Code, rec.Header(), rec.Body.Len())
	}
	if rec := r.call("zhao", "GET", "/attachments/{file}/thumb", ""); rec.Code != 200 || rec.Header().Get("Content-Type") != "image/jpeg" {
		t.Errorf("the small picture: %d %s", rec.Code, rec.Body)
	}
	r.play([]step{
		{"not for those who do not see the conversation", "boss", "GET", "/attachments/{file}", "", 404, "file.unknown", ""},
		{"not for nobody", "", "GET", "/attachments/{file}", "", 401, "session.missing", ""},
		{"an unknown file", "lin", "GET", "/attachments/at_06bq3f0k2m9ty", "", 404, "file.unknown", ""},
		{"lin takes the conversation", "lin", "POST", "/conversations/{c}/take", "", 200, "", ""},
		{"and sends it", "lin", "POST", "/conversations/{c}/messages", `{"client_id":"lin-file-1","kind":"text","text":"","attachments":["{file}"]}`, 200, `"name":"车.png"`, ""},
		{"a file is sent once", "lin", "POST", "/conversations/{c}/messages", `{"client_id":"lin-file-2","kind":"text","text":"","attachments":["{file}"]}`, 422, "message.file", ""},
	})
}

// A scan becomes evidence of the case that is handed in with it.
func TestFilesOfCases(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	upload := func(who string, fields ...string) *httptest.ResponseRecorder {
		t.Helper()
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for i := 0; i < len(fields); i += 2 {
			if fields[i] != "file" {
				r.must(w.WriteField(fields[i], fields[i+1]))
				continue
			}
			part, err := w.CreateFormFile("file", fields[i+1])
			r.must(err)
			r.must(png.Encode(part, image.NewRGBA(image.Rect(0, 0, 60, 40))))
		}
		r.must(w.Close())
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/case-files", &b)
		req.Header.Set("Content-Type", w.FormDataContentType())
		req.Header.Set("Authorization", "Bearer "+who)
		rec := httptest.NewRecorder()
		r.h.ServeHTTP(rec, req)
		return rec
	}
	for _, c := range []struct {
		name, who string
		fields    []string
		status    int
		says      string
	}{
		{"no file", "lin", []string{"client_id", "scan-0001"}, 400, "request.file"},
		{"not allowed", "editor", []string{"file", "来信.png"}, 403, "case.edit"},
	} {
		if rec := upload(c.who, c.fields...); rec.Code != c.status || !strings.Contains(rec.Body.String(), c.says) {
			t.Errorf("%s: %d %s, want %d %s", c.name, rec.Code, rec.Body, c.status, c.says)
		}
	}
	var first, again conversation.Attachment
	r.must(json.Unmarshal(upload("lin", "client_id", "scan-0001", "file", "来信.png").Body.Bytes(), &first))
	r.must(json.Unmarshal(upload("lin", "client_id", "scan-0001", "file", "来信.png").Body.Bytes(), &again))
	if first.ID.IsZero() || first.ID != again.ID {
		t.Errorf("uploaded %+v, again %+v", first, again)
	}
	r.names["scan"] = first.ID.String()
	const letter = `{"client_id":"%s","kind":"complaint","source":"letter","text":"见来信","phone":"13800001111","files":["{scan}"]}`
	r.play([]step{
		{"somebody else's file", "zhao", "POST", "/cases", fmt.Sprintf(letter, "letter-of-zhao"), 422, "file", ""},
	})
	rec := r.call("lin", "POST", "/cases", fmt.Sprintf(letter, "letter-of-lin"))
	var taken struct{ ID string }
	r.must(json.Unmarshal(rec.Body.Bytes(), &taken))
	if rec.Code != http.StatusCreated {
		t.Fatalf("the letter: %d %s", rec.Code, rec.Body)
	}
	r.names["letter"] = taken.ID
	r.play([]step{
		{"with its scan as evidence", "lin", "GET", "/cases/{letter}", "", 200, first.SHA256, ""},
		{"and the list says what is due", "lin", "GET", "/cases?view=open", "", 200, `"next":{`, ""},
		{"counts of every view", "lin", "GET", "/cases/counts", "", 200, `"all":1`, ""},
	})
}

// Errors speak the reader's language.
func TestLanguageOfErrors(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for accept, want := range map[string]string{"": "没有这个会话", "zh-CN": "没有这个会话", "en-GB,en;q=0.9": "there is no such conversation"} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/conversations/cv_06bq3f0k2m9ty", nil)
		req.Header.Set("Authorization", "Bearer lin")
		req.Header.Set("Accept-Language", accept)
		rec := httptest.NewRecorder()
		r.h.ServeHTTP(rec, req)
		if !strings.Contains(rec.Body.String(), want) {
			t.Errorf("%q is told %s", accept, rec.Body)
		}
	}
}
