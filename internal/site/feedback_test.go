package site_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/site"
)

// sheet is a form as a browser sends it.
type sheet struct {
	fields   map[string]string
	files    map[string]string // content by name
	language string            // that the browser asks for
}

func (f sheet) send(t *testing.T, s *site.Site) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range f.fields {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range f.files {
		part, err := w.CreateFormFile("files", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/user/feedback", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Accept-Language", f.language)
	return ask(t, s, r)
}

var stampField = regexp.MustCompile(`name="stamp" value="([^"]+)"`)

// fresh returns a form that was opened ten seconds ago and filled in well.
func fresh(t *testing.T, h *house, s *site.Site) sheet {
	t.Helper()
	m := stampField.FindStringSubmatch(get(t, s, "/user/feedback", "zh").Body.String())
	if m == nil {
		t.Fatal("the form has no stamp")
	}
	h.clock.Turn(10 * time.Second)
	return sheet{fields: map[string]string{
		"stamp": m[1], "kind": "complaint", "text": "门店态度不好\n请处理", "name": "zhang3", "order": "SO-1", "phone": "13800138000", "about_staff": "yes", "website": "",
	}}
}

// A case keeps the language of the form, for the letters about it.
func TestTheLanguageOfTheForm(t *testing.T) {
	for _, language := range []string{"zh", "en"} {
		h := newHouse()
		s := h.open(t)
		f := fresh(t, h, s)
		f.language = language
		f.send(t, s)
		for _, c := range h.cases {
			if c.Language != language {
				t.Errorf("handed in by the form in %s, it is in %q", language, c.Language)
			}
		}
		if len(h.cases) != 1 {
			t.Errorf("%d cases", len(h.cases))
		}
	}
}

func TestHandingIn(t *testing.T) {
	h := newHouse()
	s := h.open(t)
	f := fresh(t, h, s)
	f.files = map[string]string{"证据.jpg": "a picture", `C:\fakepath\录音.mp3`: "a sound"}
	w := f.send(t, s)
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || to != "/user/feedback/done" {
		t.Fatalf("%d to %q: %s", w.Code, to, w.Body)
	}
	if again := f.send(t, s); again.Header().Get("Location") != to || len(h.cases) != 1 {
		t.Errorf("sent twice: to %q, %d cases", again.Header().Get("Location"), len(h.cases))
	}
	for id, c := range h.cases {
		if c.Name != "zhang3" || c.Order != "SO-1" || !c.AboutStaff || c.Source != "portal" || c.Text != "门店态度不好\n请处理" || len(id) < 8 {
			t.Errorf("the case is %+v", c)
		}
	}
	if h.files["证据.jpg"] != "a picture" || h.files["录音.mp3"] != "a sound" || len(h.files) != 2 {
		t.Errorf("the files are %v", h.files)
	}
	read := func(cookies ...*http.Cookie) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, to, nil)
		r.Header.Set("Accept-Language", "zh")
		for _, c := range cookies {
			r.AddCookie(c)
		}
		return ask(t, s, r)
	}
	receipt := w.Result().Cookies()[0]
	done := read(receipt)
	for _, says := range []string{"TS20261122-000001", "SECR-ET01", "您的投诉已收到", "3–5 个工作日内", "noindex", "/progress/TS20261122-000001"} {
		if !strings.Contains(done.Body.String(), says) {
			t.Errorf("the last page does not say %q", says)
		}
	}
	checkPage(t, done.Body.Bytes(), "zh")
	forged := *receipt
	forged.Value = "AAAA" + forged.Value[4:]
	if w := read(&forged); w.Header().Get("Location") != "/progress" {
		t.Errorf("a forged receipt answers %d", w.Code)
	}
	h.clock.Turn(3 * time.Hour)
	if w := read(receipt); w.Header().Get("Location") != "/progress" || strings.Contains(w.Body.String(), "SECR") {
		t.Errorf("an old receipt answers %d", w.Code)
	}
}

// What a category asks for is shown without scripts, and asked for all at once;
// nothing that was typed is lost on the way.
func TestWhatACategoryAsksFor(t *testing.T) {
	h := newHouse()
	s := h.open(t)
	f := fresh(t, h, s)
	f.fields["category-complaint"], f.fields["category-consultation"], f.fields["tried"], f.fields["do"] = "complaint.dispute", "other.any", "重启过", "look"
	f.fields["text"] = "质保期到底多久，门店不认账"
	w := f.send(t, s)
	body := w.Body.String()
	if w.Code != http.StatusOK || len(h.cases) != 0 {
		t.Fatalf("a look answers %d, %d cases", w.Code, len(h.cases))
	}
	for _, says := range []string{`name="fields.opponent"`, "对方名称", "截图、照片或录音等证据", "质保期到底多久", "重启过", `<option value="complaint.dispute" selected>`, `<option value="other.any" selected>`, "/faq/qu_warranty"} {
		if !strings.Contains(body, says) {
			t.Errorf("the look does not show %q", says)
		}
	}
	checkPage(t, w.Body.Bytes(), "zh")
	delete(f.fields, "do")
	f.fields["phone"] = ""
	body = f.send(t, s).Body.String()
	for _, field := range []string{"fields.opponent", "phone"} {
		if !strings.Contains(body, `id="`+field+`-problem"`) {
			t.Errorf("nothing is said of %s", field)
		}
	}
	f.fields["phone"], f.fields["fields.opponent"], f.fields["fields.vin"] = "13800138000", "嘉定店", "of another category"
	if w := f.send(t, s); w.Code != http.StatusSeeOther {
		t.Fatalf("filled in: %d %s", w.Code, problems.FindString(w.Body.String()))
	}
	for _, c := range h.cases {
		if c.Category != "complaint.dispute" || c.Fields["opponent"] != "嘉定店" || len(c.Fields) != 1 || c.Tried != "重启过" {
			t.Errorf("the case is %+v", c.Course)
		}
	}
	f = fresh(t, h, s)
	f.fields["category-complaint"], f.fields["tried"] = "order.return", strings.Repeat("长", 2001)
	body = f.send(t, s).Body.String()
	for _, field := range []string{"category", "tried"} {
		if !strings.Contains(body, `id="`+field+`-problem"`) {
			t.Errorf("nothing is said of %s", field)
		}
	}
}

func TestWhatTheFormRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*house, *sheet)
		status int
		field  string // beside which the problem stands; "" above the form
		says   string
	}{
		{"no kind", func(_ *house, f *sheet) { f.fields["kind"] = "" }, 422, "kind", "请选择类型"},
		{"a kind that is none", func(_ *house, f *sheet) { f.fields["kind"] = "bribe" }, 422, "kind", "请选择类型"},
		{"no description", func(_ *house, f *sheet) { f.fields["text"] = " \n " }, 422, "text", "请描述具体情况"},
		{"a book", func(_ *house, f *sheet) { f.fields["text"] = strings.Repeat("长", 8001) }, 422, "text", "8000"},
		{"no way to answer", func(_ *house, f *sheet) { f.fields["phone"] = "" }, 422, "phone", "请留下电话或邮箱"},
		{"no phone number", func(_ *house, f *sheet) { f.fields["phone"] = "call me" }, 422, "phone", "电话号码格式不正确"},
		{"no address", func(_ *house, f *sheet) { f.fields["email"] = "me@home" }, 422, "email", "邮箱地址格式不正确"},
		{"a very long order number", func(_ *house, f *sheet) { f.fields["order"] = strings.Repeat("9", 81) }, 422, "order", "订单号最多 80 个字"},
		{"sent by a robot", func(_ *house, f *sheet) { f.fields["website"] = "https://spam.example" }, 422, "", "提交得太快"},
		{"sent at once", func(h *house, f *sheet) { h.clock.Turn(-9 * time.Second) }, 422, "", "提交得太快"},
		{"open since yesterday", func(h *house, _ *sheet) { h.clock.Turn(25 * time.Hour) }, 422, "", "页面打开太久"},
		{"a forged stamp", func(_ *house, f *sheet) { f.fields["stamp"] = "AAAA" + f.fields["stamp"][4:] }, 422, "", "页面打开太久"},
		{"no stamp", func(_ *house, f *sheet) { delete(f.fields, "stamp") }, 422, "", "页面打开太久"},
		{"a file too large", func(_ *house, f *sheet) { f.files = map[string]string{"a.mp4": strings.Repeat("x", 20<<20+1)} }, 422, "files", "a.mp4 超过 20 MB"},
		{"an empty file", func(_ *house, f *sheet) { f.files = map[string]string{"a.txt": ""} }, 422, "files", "a.txt 是空的"},
		{"six files", func(_ *house, f *sheet) {
			f.files = map[string]string{"1": "x", "2": "x", "3": "x", "4": "x", "5": "x", "6": "x"}
		}, 422, "files", "最多 5 个文件"},
		{"a file the desk refuses", func(h *house, f *sheet) {
			h.refuse = fault.New(fault.Invalid, "file.type", "not this").In("file")
			f.files = map[string]string{"a.exe": "MZ"}
		}, 422, "files", "不支持这种文件"},
		{"the database away", func(h *house, _ *sheet) { h.refuse = errors.New("disk /secret on fire") }, 503, "", "暂时无法保存"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse()
			s := h.open(t)
			f := fresh(t, h, s)
			f.fields["name"] = `李雷 "<b>`
			c.change(h, &f)
			w := f.send(t, s)
			body := w.Body.String()
			if w.Code != c.status || len(h.cases) != 0 {
				t.Fatalf("%d, %d cases", w.Code, len(h.cases))
			}
			if c.field != "" && !regexp.MustCompile(`id="`+c.field+`-problem">[^<]*`+regexp.QuoteMeta(c.says)).MatchString(body) {
				t.Errorf("beside %s stands no %q", c.field, c.says)
			}
			if !strings.Contains(body, c.says) || strings.Contains(body, "secret") {
				t.Errorf("the page does not say %q, or says too much", c.says)
			}
			if !strings.Contains(body, `value="李雷 &#34;&lt;b&gt;"`) {
				t.Error("what was typed is lost")
			}
			checkPage(t, w.Body.Bytes(), "zh")
			if m := stampField.FindStringSubmatch(body); m == nil {
				t.Error("the form cannot be sent again")
			}
		})
	}
}

// All that is wrong is said at once.
func TestAllProblemsAtOnce(t *testing.T) {
	h := newHouse()
	s := h.open(t)
	f := fresh(t, h, s)
	f.fields["kind"], f.fields["text"], f.fields["phone"], f.fields["email"] = "", "", "x", "y"
	body := f.send(t, s).Body.String()
	for _, field := range []string{"kind", "text", "phone", "email"} {
		if !strings.Contains(body, `id="`+field+`-problem"`) {
			t.Errorf("nothing is said of %s", field)
		}
	}
}

func TestManyForms(t *testing.T) {
	h := newHouse()
	s := h.open(t)
	var last *httptest.ResponseRecorder
	for range 12 {
		f := fresh(t, h, s)
		h.clock.Turn(-7 * time.Second)
		last = f.send(t, s)
		h.clock.Turn(-3 * time.Second)
	}
	if last.Code != http.StatusTooManyRequests || last.Header().Get("Retry-After") == "" || !strings.Contains(last.Body.String(), "门店态度不好") {
		t.Errorf("the twelfth form in a moment: %d", last.Code)
	}
	if len(h.cases) != 10 {
		t.Errorf("%d cases", len(h.cases))
	}
}

func TestBrokenForms(t *testing.T) {
	s := newHouse().open(t)
	r := httptest.NewRequest(http.MethodPost, "/user/feedback", strings.NewReader("--x\r\nnonsense"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if w := ask(t, s, r); w.Code != http.StatusBadRequest {
		t.Errorf("half a form answers %d", w.Code)
	}
}
