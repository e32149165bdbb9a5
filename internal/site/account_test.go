package site_test

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"yingda/internal/account"
	"yingda/internal/domain/ticket"
	"yingda/internal/job"
	"yingda/internal/kit/secret"
	letters "yingda/internal/post"
	"yingda/internal/site"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// portal is the pages with accounts, and a browser that keeps cookies.
type portal struct {
	*house
	t        *testing.T
	accounts *account.Account
	site     *site.Site
	browser  http.CookieJar
	work     *job.Worker
}

func eachPortal(t *testing.T, f func(p *portal)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key, err := secret.OpenKey(filepath.Join(t.TempDir(), "secret.key"))
		if err != nil {
			t.Fatal(err)
		}
		p := &portal{house: newHouse(), t: t}
		box := &letters.Mailbox{DB: db, Now: p.clock.Now}
		p.accounts = &account.Account{DB: db, Now: p.clock.Now, Seal: key.For("code"), Post: &letters.Post{Courier: box, Seal: key.For("mail"), Now: p.clock.Now}}
		p.work = &job.Worker{DB: db, Now: p.clock.Now}
		p.work.Handle(p.accounts.Post.Job())
		p.site = site.New(site.Options{
			Knowledge: p.house, Desk: p.house, Offers: p.house, Ratings: p.house, Accounts: p.accounts, Mailbox: box, Key: []byte("0123456789abcdef"),
			Now: p.clock.Now, Demo: true, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		})
		p.anew()
		f(p)
	})
}

// anew takes another browser.
func (p *portal) anew() { p.browser, _ = cookiejar.New(nil) } // it never fails

var home = &url.URL{Scheme: "http", Host: "example.com"}

func (p *portal) send(r *http.Request) *httptest.ResponseRecorder {
	p.t.Helper()
	r.Header.Set("Accept-Language", "zh")
	at := home.ResolveReference(r.URL)
	for _, c := range p.browser.Cookies(at) {
		r.AddCookie(c)
	}
	w := ask(p.t, p.site, r)
	p.browser.SetCookies(at, w.Result().Cookies())
	return w
}

// see fetches a page, which must be whole.
func (p *portal) see(path string) string {
	p.t.Helper()
	w := p.send(httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		p.t.Fatalf("%s: status %d, to %s", path, w.Code, w.Header().Get("Location"))
	}
	checkPage(p.t, w.Body.Bytes(), "zh")
	return w.Body.String()
}

// do sends a form: field, value, field, value.
func (p *portal) do(path string, fields ...string) *httptest.ResponseRecorder {
	p.t.Helper()
	v := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := p.send(r)
	if w.Code != http.StatusSeeOther {
		checkPage(p.t, w.Body.Bytes(), "zh")
	}
	return w
}

// goes fails the test unless the answer leads to an address.
func (p *portal) goes(w *httptest.ResponseRecorder, to string) {
	p.t.Helper()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != to {
		p.t.Fatalf("status %d, to %q, want %q\n%s", w.Code, w.Header().Get("Location"), to, problems.FindString(w.Body.String()))
	}
}

// says fails the test unless a page was refused with a status and words.
func (p *portal) says(w *httptest.ResponseRecorder, status int, words string) {
	p.t.Helper()
	if w.Code != status || !strings.Contains(w.Body.String(), words) {
		p.t.Errorf("status %d, want %d with %q\n%s", w.Code, status, words, problems.FindString(w.Body.String()))
	}
}

var (
	problems = regexp.MustCompile(`(?s)<div class="alert".*?</div>`)
	sixes    = regexp.MustCompile(`\b\d{6}\b`)
)

// codes are those in the demo's mailbox, the newest first.
func (p *portal) codes() []string {
	p.t.Helper()
	if _, err := p.work.RunDue(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	return sixes.FindAllString(p.see("/demo/mail"), -1)
}

const strong = "a long password"

// join opens an account and is signed in then.
func (p *portal) join(email string) {
	p.t.Helper()
	p.goes(p.do("/account/sign-up", "name", "赵敏", "email", email, "password", strong), "/account/code")
	p.goes(p.do("/account/code", "code", p.codes()[0]), "/account")
	p.clock.Turn(time.Hour)
}

func TestSignUpPages(t *testing.T) {
	eachPortal(t, func(p *portal) {
		if got := p.see("/"); !strings.Contains(got, `href="/account/sign-in"`) {
			t.Error("no way to sign in")
		}
		p.see("/account/sign-up")
		all := p.do("/account/sign-up", "password", "short")
		for _, words := range []string{"请填写怎么称呼您", "邮箱地址格式不正确", "密码应为"} {
			p.says(all, 422, words)
		}
		p.says(p.do("/account/sign-up", "name", "赵敏", "email", "zhao"), 422, "邮箱地址格式不正确")
		w := p.do("/account/sign-up", "name", "赵敏", "email", "zhao@mail.example", "password", "short")
		p.says(w, 422, "密码应为 10 到 200 个字符")
		if got := w.Body.String(); !strings.Contains(got, `value="赵敏"`) || strings.Contains(got, "short") {
			t.Error("what was typed is lost, or a password is shown")
		}
		p.goes(p.do("/account/sign-up", "name", "赵敏", "email", "zhao@mail.example", "password", strong), "/account/code")
		if got := p.see("/account/code"); !strings.Contains(got, "zh***@mail.example") || strings.Contains(got, "zhao@mail.example") {
			t.Error("the page for the code tells the address")
		}
		p.says(p.do("/account/code", "code", "12"), 422, "验证码不正确")
		p.says(p.do("/account/code", "do", "again"), 429, "60 秒")
		p.goes(p.do("/account/code", "code", p.codes()[0]), "/account")
		got := p.see("/account")
		for _, want := range []string{"您好，赵敏", "zhao@mail.example", "您还没有提交过", "本机"} {
			if !strings.Contains(got, want) {
				t.Errorf("the personal centre does not say %q", want)
			}
		}
		if got := p.see("/faq"); !strings.Contains(got, "赵敏") {
			t.Error("the other pages do not know who is signed in")
		}
		p.goes(p.do("/account/sign-out"), "/account/sign-in?bye=1")
		if got := p.see("/faq"); strings.Contains(got, "赵敏") {
			t.Error("a kept page names somebody")
		}
		p.goes(p.send(httptest.NewRequest(http.MethodGet, "/account/profile", nil)), "/account/sign-in?next=%2Faccount%2Fprofile")
	})
}

func TestSignInPages(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.join("zhao@mail.example")
		p.anew()
		p.see("/account/sign-in?next=/faq")
		known, unknown := p.do("/account/sign-in", "email", "zhao@mail.example", "password", "wrong"), p.do("/account/sign-in", "email", "nobody@mail.example", "password", "wrong")
		p.says(known, 422, "邮箱或密码不正确")
		if strings.ReplaceAll(known.Body.String(), "zhao@", "nobody@") != unknown.Body.String() {
			t.Error("an address that has an account is told from one that has none")
		}
		p.goes(p.do("/account/sign-in", "email", "zhao@mail.example", "password", strong, "next", "/faq"), "/faq")
		for _, away := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
			p.anew()
			p.goes(p.do("/account/sign-in", "email", "zhao@mail.example", "password", strong, "next", away), "/account")
		}
		p.anew()
		p.goes(p.do("/account/sign-in", "email", "zhao@mail.example", "by", "code", "next", "/faq"), "/account/code")
		p.goes(p.do("/account/code", "code", p.codes()[0]), "/faq")
		p.anew()
		p.goes(p.do("/account/sign-in", "email", "nobody@mail.example", "by", "code"), "/account/code")
		p.codes()
		if got := p.see("/demo/mail"); !strings.Contains(got, "还没有客户账号") {
			t.Error("nobody tells the mailbox that there is no account")
		}
		for range 5 {
			p.do("/account/code", "code", "1")
		}
		if got := p.see("/account/code"); !strings.Contains(got, "验证码已失效") {
			t.Error("too many tries are not told")
		}
	})
}

func TestResetPages(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.join("zhao@mail.example")
		p.anew()
		p.see("/account/reset")
		p.goes(p.do("/account/reset", "email", "zhao@mail.example"), "/account/code")
		if got := p.see("/account/code"); !strings.Contains(got, `name="password"`) {
			t.Error("no new password is asked for")
		}
		p.goes(p.do("/account/code", "code", p.codes()[0], "password", "another password"), "/account")
		p.anew()
		p.says(p.do("/account/sign-in", "email", "zhao@mail.example", "password", strong), 422, "邮箱或密码不正确")
	})
}

func TestProfilePages(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.join("zhao@mail.example")
		p.see("/account/profile")
		p.goes(p.do("/account/profile", "what", "profile", "name", "赵小敏", "language", "en"), "/account/profile?done=profile")
		if got := p.see("/account/profile?done=profile"); !strings.Contains(got, "已保存") || !strings.Contains(got, `value="赵小敏"`) {
			t.Error("not saved")
		}
		p.says(p.do("/account/profile", "what", "password", "old", "wrong", "fresh", "another password"), 422, "原密码不正确")
		p.says(p.do("/account/profile", "what", "password", "old", strong, "fresh", "short"), 422, `id="fresh-problem"`)
		p.goes(p.do("/account/profile", "what", "password", "old", strong, "fresh", "another password"), "/account/profile?done=password")
		p.goes(p.do("/account/profile", "what", "phone", "phone", "13800001234"), "/account/code")
		p.see("/account/code")
		p.goes(p.do("/account/code", "code", p.codes()[0]), "/account/profile?done=phone")
		p.clock.Turn(time.Hour)
		p.says(p.do("/account/profile", "what", "email", "email", "zhao@mail.example"), 422, "这就是您现在的邮箱")
		p.goes(p.do("/account/profile", "what", "email", "email", "new@mail.example"), "/account/code")
		if got := p.see("/account/code"); !strings.Contains(got, "ne***@mail.example") || !strings.Contains(got, "zh***@mail.example") {
			t.Error("the page does not say where the two codes are")
		}
		both := p.codes()
		w := p.do("/account/code", "code", both[0], "old_code", both[1])
		if w.Code != http.StatusSeeOther {
			w = p.do("/account/code", "code", both[1], "old_code", both[0])
		}
		p.goes(w, "/account/profile?done=email")
		if got := p.see("/account"); !strings.Contains(got, "new@mail.example") || !strings.Contains(got, "13800001234") {
			t.Error("the personal centre shows what was before")
		}
	})
}

func TestSessionsPage(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.join("zhao@mail.example")
		here := p.browser
		p.anew()
		p.goes(p.do("/account/sign-in", "email", "zhao@mail.example", "password", strong), "/account")
		there := p.browser
		p.browser = here
		m := regexp.MustCompile(`name="session" value="(ss_[0-9a-z]+)"`).FindAllStringSubmatch(p.see("/account"), -1)
		if len(m) != 1 {
			t.Fatalf("%d sessions can be ended", len(m))
		}
		p.goes(p.do("/account/sessions", "session", m[0][1]), "/account?done=session")
		p.goes(p.do("/account/sessions", "session", m[0][1]), "/account?done=session")
		p.browser = there
		p.goes(p.send(httptest.NewRequest(http.MethodGet, "/account", nil)), "/account/sign-in?next=%2Faccount")
	})
}

func TestHandingInWhileSignedIn(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.join("zhao@mail.example")
		got := p.see("/user/feedback")
		if !strings.Contains(got, `value="赵敏"`) || !strings.Contains(got, `value="zhao@mail.example"`) {
			t.Error("what we know must be typed again")
		}
		stamp := regexp.MustCompile(`name="stamp" value="([^"]+)"`).FindStringSubmatch(got)[1]
		p.clock.Turn(time.Minute)
		if w := p.do("/user/feedback", "stamp", stamp, "kind", "complaint", "text", "空调不制冷", "email", "zhao@mail.example"); w.Code != http.StatusSeeOther {
			t.Fatalf("status %d", w.Code)
		}
		for _, c := range p.cases {
			if c.Contact.IsZero() {
				t.Error("the case is nobody's")
			}
		}
		for i, kind := range []ticket.Kind{ticket.Suggestion, "rescue"} { // one that has no words yet
			c := ticket.Case{Number: "X-" + string(kind), Kind: kind, State: "underway", Subject: "车机地图", CreatedAt: p.clock.Now()}
			for _, known := range p.cases {
				c.Contact = known.Contact
			}
			p.cases[string(rune('a'+i))] = c
		}
		if got := p.see("/account"); !strings.Contains(got, "空调不制冷") || !strings.Contains(got, "TS2026112") || !strings.Contains(got, "X-rescue") {
			t.Error("the personal centre does not show the cases")
		}
	})
}

func TestPagesWithoutMail(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.accounts.Post = nil
		for _, path := range []string{"/account/sign-in", "/account/sign-up", "/account/reset"} {
			if got := p.see(path); !strings.Contains(got, "没有设置邮件验证码") {
				t.Errorf("%s does not say that there are no codes", path)
			}
		}
		p.says(p.do("/account/sign-in", "email", "zhao@mail.example", "by", "code"), 409, "请使用密码")
		p.says(p.do("/account/sign-up", "name", "赵敏", "email", "zhao@mail.example"), 422, "密码应为")
		p.goes(p.do("/account/sign-up", "name", "赵敏", "email", "zhao@mail.example", "password", strong), "/account")
		p.see("/account")
		p.see("/account/profile")
		p.anew()
		p.says(p.do("/account/sign-up", "name", "赵敏", "email", "zhao@mail.example", "password", strong), 409, "已经注册过")
	})
}

func TestCookiesOfCustomers(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.join("zhao@mail.example")
		w := p.do("/account/sign-in", "email", "zhao@mail.example", "password", strong)
		c := w.Result().Cookies()[0]
		if c.Name != account.CustomerCookie || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
			t.Errorf("%+v", c)
		}
	})
}

// Another web site cannot make a browser send our forms.
func TestOtherSitesCannotSend(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.join("zhao@mail.example")
		for _, path := range []string{"/account/sign-out", "/account/profile", "/account/sign-in", "/user/feedback"} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader("what=profile&name=x&language=zh"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Origin", "https://evil.example")
			if w := p.send(r); w.Code != http.StatusBadRequest {
				t.Errorf("%s: status %d", path, w.Code)
			}
		}
		if got := p.see("/account"); !strings.Contains(got, "赵敏") {
			t.Error("signed out or renamed by another site")
		}
	})
}
