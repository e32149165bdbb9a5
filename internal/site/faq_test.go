package site_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"yingda/internal/kit/serve"
)

func TestQuestions(t *testing.T) {
	s := newHouse().open(t)
	for _, c := range []struct {
		name, path string
		status     int
		holds      string
		without    string
	}{
		{"by category", "/faq", 200, "订单与退款", ""},
		{"found", "/faq?q=" + url.QueryEscape("退款"), 200, "<mark>退款</mark>多久到账？", "质保期多久"},
		{"nothing found offers people", "/faq?q=zzz", 200, `href="tel:4008201234"`, ""},
		{"a script in the search", "/faq?q=" + url.QueryEscape(`"><script>alert(1)</script>`), 200, "&lt;script&gt;alert(1)", "<script>alert"},
		{"a pattern in the search", "/faq?q=" + url.QueryEscape("(["), 200, "([", ""},
		{"broken text in the search", "/faq?q=%ff%fe", 200, "常见问题", ""},
		{"the second page", "/faq?category=" + url.QueryEscape("维修与保养") + "&page=2", 200, "第 2 页，共 2 页", ""},
		{"past the last page", "/faq?page=99", 404, "没有找到这个页面", ""},
		{"no number", "/faq?page=x", 404, "没有找到这个页面", ""},
		{"an answer", "/faq/qu_warranty", 200, "<strong>3 年或 10 万公里</strong>", ""},
		{"an unknown question", "/faq/qu_nope", 404, "没有找到这个页面", ""},
		{"an unknown article", "/help/nope", 404, "没有找到这个页面", ""},
		{"a path that climbs", "/help/..%2f..%2fetc", 404, "没有找到这个页面", ""},
		{"an article's table", "/help/winter-range", 200, "<td>70%</td>", ""},
		{"an article's headings begin below the page's", "/help/winter-range", 200, "<h2>为什么会下降</h2>", ""},
		{"no script in an article", "/help/winter-range", 200, "", "onerror"},
		{"no script behind a link", "/help/winter-range", 200, "坏链接", `href="javascript`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := get(t, s, c.path, "zh")
			body := w.Body.String()
			if w.Code != c.status || !strings.Contains(body, c.holds) {
				t.Errorf("%d, without %q", w.Code, c.holds)
			}
			if c.without != "" && strings.Contains(body, c.without) {
				t.Errorf("the page holds %q", c.without)
			}
		})
	}
}

func TestHelpful(t *testing.T) {
	h := newHouse()
	s := h.open(t)
	var cookies []*http.Cookie
	vote := func(at, answer string) {
		r := httptest.NewRequest(http.MethodPost, at+"/helpful", strings.NewReader("helpful="+answer))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != at+"?thanks="+answer+"#helpful" {
			t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
		}
		for _, c := range w.Result().Cookies() {
			if c.Name == "yingda_reader" {
				cookies = []*http.Cookie{c}
			}
		}
	}
	vote("/faq/qu_refund", "no")
	vote("/faq/qu_refund", "yes")
	vote("/help/winter-range", "yes")
	if len(h.votes) != 3 || h.votes[0] || !h.votes[1] || h.rated[0] == "" || h.rated[0] != h.rated[1] || h.rated[1] != h.rated[2] {
		t.Errorf("votes %v of %v", h.votes, h.rated)
	}
	for range 30 { // who takes the cookies away is not counted for ever
		cookies = []*http.Cookie{{Name: "yingda_reader", Value: "forged"}}
		vote("/faq/qu_refund", "no")
	}
	if len(h.votes) != 3+9 {
		t.Errorf("%d votes", len(h.votes))
	}
	if w := post(t, s, "/faq/qu_nope/helpful", url.Values{"helpful": {"yes"}}); w.Code != http.StatusNotFound {
		t.Errorf("an unknown question answers %d", w.Code)
	}
	if w := post(t, s, "/faq/qu_refund/helpful", url.Values{"helpful": {"maybe"}}); w.Code != http.StatusBadRequest {
		t.Errorf("neither yes nor no answers %d", w.Code)
	}
	if get(t, s, "/faq/qu_refund", "zh"); h.views != 1 {
		t.Errorf("%d views", h.views)
	}
}

func TestAskWithoutScripts(t *testing.T) {
	h := newHouse()
	s := h.open(t)
	for _, c := range []struct {
		name   string
		form   url.Values
		status int
		holds  string
	}{
		{"a passage of an article that answers", url.Values{"q": {"怎么叫救援"}}, 200, `<blockquote class="quoted" cite="/help/winter-range">先把车停到安全的地方。</blockquote>`},
		{"and where it stands", url.Values{"q": {"怎么叫救援"}}, 200, `出自《冬季续航下降怎么办》 <a href="/help/winter-range">`},
		{"an article that may help, beside the way to a person", url.Values{"q": {"救援"}}, 200, `也可以看看文章： <a href="/help/winter-range">`},
		{"danger", url.Values{"q": {"起火了"}}, 200, "起火请拨打 119"},
		{"an answer with its source", url.Values{"q": {"质保多久"}}, 200, `<a href="/faq/qu_warranty">质保期多久？</a>`},
		{"three to choose from", url.Values{"q": {"我的车"}}, 200, `name="choice" value="qu_charge"`},
		{"the one chosen", url.Values{"choice": {"qu_recall"}}, 200, "输入车架号（VIN）即可查询"},
		{"a choice that is gone", url.Values{"choice": {"qu_nope"}}, 404, "没有找到这个页面"},
		{"handed over", url.Values{"q": {"天气"}}, 200, `href="tel:4008201234"`},
		{"a greeting", url.Values{"q": {"你好"}}, 200, "我是智能助手"},
		{"labelled as a bot", url.Values{"q": {"质保"}}, 200, "智能助手（机器人）"},
		{"a script", url.Values{"q": {"<script>alert(1)</script>"}}, 200, "&lt;script&gt;alert(1)"},
		{"nothing", url.Values{"q": {"  "}}, 422, "请先写下您的问题"},
		{"far too much", url.Values{"q": {strings.Repeat("很", 501)}}, 422, "最多 500 个字"},
		{"a megabyte", url.Values{"q": {strings.Repeat("x", 1<<20)}}, 413, "无法处理"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, at := range []string{"/aftersale/ai", "/ask"} {
				s := h.open(t) // nobody has asked yet
				w := post(t, s, at, c.form)
				if w.Code != c.status || !strings.Contains(w.Body.String(), c.holds) {
					t.Errorf("%s: %d, without %q", at, w.Code, c.holds)
				}
				if c.status < http.StatusNotFound && strings.Contains(w.Body.String(), "/widget.js") != (at == "/aftersale/ai") {
					t.Errorf("%s: the chat is here, or is not, though it should", at)
				}
				checkPage(t, w.Body.Bytes(), "zh")
			}
		})
	}
	var last int
	for range 30 {
		last = post(t, s, "/aftersale/ai", url.Values{"q": {"质保"}}).Code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("thirty questions in no time: %d", last)
	}
}

func TestANetworkIsOneCaller(t *testing.T) {
	s := newHouse().open(t)
	door := serve.Door{Log: slog.New(slog.DiscardHandler)}.Wrap(s)
	var last int
	for i := range 21 {
		r := httptest.NewRequest(http.MethodPost, "/aftersale/ai", strings.NewReader("q="+url.QueryEscape("退款")))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = fmt.Sprintf("[2001:db8::%x]:4711", i+1)
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		last = w.Code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the 21st question of a network: %d", last)
	}
}

func TestTheSearchSuggests(t *testing.T) {
	h := newHouse()
	s := h.open(t)
	ask := func(q, lang string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/faq/suggestions?q="+url.QueryEscape(q), http.NoBody)
		r.Header.Set("Accept-Language", lang)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	for _, c := range []struct{ name, typed, lang, want string }{
		{"what begins so", "怎么", "zh", `[{"title":"怎么查我的车是否被召回？","path":"/faq/qu_recall"},{"title":"怎么开发票？","path":"/faq/qu_invoice"},{"title":"怎么注销账户？","path":"/faq/qu_delete"}]`},
		{"in the reader's language", "In English: 怎么注", "en", `[{"title":"In English: 怎么注销账户？","path":"/faq/qu_delete_en"}]`},
		{"nothing", "天气", "zh", `[]`},
		{"too much to be a question", strings.Repeat("怎么", 40), "zh", `[]`},
	} {
		if w := ask(c.typed, c.lang); w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != c.want {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
	last := 0
	for range 80 {
		last = ask("怎么", "zh").Code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("eighty in no time: %d", last)
	}
}
