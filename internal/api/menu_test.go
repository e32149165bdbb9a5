package api

import (
	"encoding/json"
	"log/slog"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"yingda/internal/desk"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/blob"
)

// A menu is drafted, tried, published and compared over the wire; a prompt is
// worded, recorded, listened to and taken back.
func TestMenusOverTheWire(t *testing.T) {
	h := newHouse(t)
	files, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	a := &API{
		Auth: h.account, Account: h.account, Log: slog.New(slog.DiscardHandler), Now: h.clock.Now,
		Desk: &desk.Desk{DB: h.account.DB, Now: h.clock.Now, Files: files},
	}
	mux := http.NewServeMux()
	a.Mount(mux)
	h.h = mux
	admin := h.admin()
	_, lin := h.invite(admin, "lin", "agent")
	for _, path := range []string{"/menus", "/menus/hotline", "/menus/names", "/prompts", "/prompts/zh/welcome", "/prompt-clips/zh/welcome"} {
		if r := h.call(lin, "GET", path, ""); r.Code != http.StatusForbidden {
			t.Errorf("an agent reads %s: %d", path, r.Code)
		}
	}
	ask := func(method, path, body string, status int, out any) {
		t.Helper()
		r := h.call(admin, method, path, body)
		if r.Code != status {
			t.Fatalf("%s %s: %d %s", method, path, r.Code, r.Body)
		}
		if out != nil {
			if err := json.Unmarshal(r.Body.Bytes(), out); err != nil {
				t.Fatal(err)
			}
		}
	}
	var menus struct{ Items []map[string]any }
	ask("GET", "/menus", "", 200, &menus)
	if len(menus.Items) != 2 || menus.Items[0]["id"] != "hotline" || menus.Items[0]["version"] != 1.0 {
		t.Errorf("%v", menus.Items)
	}
	var book struct {
		Rev       int64
		Version   int
		Published json.RawMessage
		Problems  []editProblem
		Versions  []publication
	}
	ask("GET", "/menus/hotline", "", 200, &book)
	wrong := strings.Replace(string(book.Published), `"key":"1","next":"use"`, `"key":"1","next":"gone"`, 1)
	ask("PUT", "/menus/hotline/draft", `{"rev":0,"draft":`+wrong+`}`, 200, &book)
	if len(book.Problems) != 1 || book.Problems[0].At != "nodes.main.choices" || !strings.Contains(book.Problems[0].Text.Zh, "没有这个节点") {
		t.Errorf("%+v", book.Problems)
	}
	ask("POST", "/menus/hotline/publish", `{"rev":1,"note":""}`, 422, nil)
	right := strings.Replace(wrong, `"next":"gone"`, `"next":"technical"`, 1)
	ask("PUT", "/menus/hotline/draft", `{"rev":1,"draft":`+right+`}`, 200, &book)
	var tried callRehearsal
	ask("POST", "/menus/rehearsals", `{"menu":`+right+`,"rehearsal":{"inputs":["","","","1"],"number":"","closed":false,"nobody":false,"ahead":0,"minutes":0,"tier":""}}`, 200, &tried)
	if len(tried.Steps) != 5 || tried.Steps[4].Node != "technical" || tried.Steps[0].Actions[0].Said[0].Text == "" || len(tried.Problems) != 1 { // nobody comes to the queue "use"
		t.Errorf("%+v", tried)
	}
	right = strings.Replace(right, `"key":"2","next":"business"`, `"key":"2","next":"use"`, 1)
	ask("PUT", "/menus/hotline/draft", `{"rev":2,"draft":`+right+`}`, 200, &book)
	ask("POST", "/menus/hotline/publish", `{"rev":3,"note":"换了两个键"}`, 200, &book)
	if book.Version != 1001 || len(book.Versions) != 1 || book.Versions[0].Note != "换了两个键" {
		t.Errorf("%+v", book)
	}
	ask("GET", "/menus/hotline/versions/1", "", 200, nil)
	ask("GET", "/menus/hotline/versions/9", "", 404, nil)
	ask("DELETE", "/menus/hotline/draft?rev=4", "", 409, nil)

	ask("PUT", "/prompts/shop.hello", `{"rev":0,"zh":"欢迎光临","en":""}`, 204, nil)
	if r := h.call(admin, "GET", "/prompts/zh/shop.hello", ""); r.Code != 404 {
		t.Errorf("what is not recorded sounds: %d", r.Code)
	}
	record := func(path string, file []byte) reply {
		t.Helper()
		var body strings.Builder
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "hello.wav")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(file)
		_ = form.Close()
		return h.call(admin, http.MethodPut, path, body.String(), "Content-Type", form.FormDataContentType())
	}
	if r := record("/prompt-clips/zh/shop.hello", []byte("no sound")); r.Code != 422 || !strings.Contains(r.Body.String(), "audio.wav") {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := record("/prompt-clips/zh/shop.hello", audio.WriteWAV(audio.Beep())); r.Code != 200 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	for _, path := range []string{"/prompts/zh/shop.hello", "/prompts/zh/queue.position?ahead=12", "/prompt-clips/both/music"} {
		r := h.redirect(admin, path)
		if _, err := audio.ReadWAV(r.Body.Bytes()); r.Code != 200 || r.Header().Get("Content-Type") != "audio/wav" || err != nil {
			t.Errorf("%s: %d %s %v", path, r.Code, r.Header().Get("Content-Type"), err)
		}
	}
	ask("DELETE", "/prompt-clips/zh/shop.hello", "", 204, nil)
	ask("DELETE", "/prompts/shop.hello?rev=1", "", 204, nil)
}
