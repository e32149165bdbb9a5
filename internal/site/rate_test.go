package site_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A call is rated by the link of a text: what is missing is said beside its
// question and nothing that was written is lost; it is taken once, and thanked
// for; no other link opens anything.
func TestACallIsRatedByALink(t *testing.T) {
	eachPortal(t, func(p *portal) {
		at := "/r/" + ratingLink
		body := p.see(at)
		for _, says := range []string{"11月22日", "远行汽车", "总体满意度", "服务态度", "5 非常满意", `name="overall" value="1" required`, "选填", `name="robots" content="noindex`} {
			if !strings.Contains(body, says) {
				t.Errorf("the page does not say %q", says)
			}
		}
		w := p.do(at, "attitude", "4", "remark", "等得有点久")
		p.says(w, http.StatusUnprocessableEntity, "总体满意度")
		for _, kept := range []string{"等得有点久", `value="4" checked`} {
			if !strings.Contains(w.Body.String(), kept) {
				t.Errorf("lost: %q", kept)
			}
		}
		p.goes(p.do(at, "overall", "5", "attitude", "4", "speed", "1", "remark", " 等得有点久 "), at)
		if want := map[string]int{"overall": 5, "attitude": 4}; !maps.Equal(p.marks, want) || p.remark != "等得有点久" {
			t.Errorf("kept %v, %q", p.marks, p.remark)
		}
		if body := p.see(at); !strings.Contains(body, "感谢您的评价") || strings.Contains(body, "<form class=\"sheet\"") {
			t.Error("it can be rated again")
		}
		p.goes(p.do(at, "overall", "1"), at) // twice by a slow line
		if p.marks["overall"] != 5 {
			t.Error("the second mark counts")
		}
		p.says(p.send(httptest.NewRequest(http.MethodGet, "/r/BAAAAAAAAAAAAAAAAAAAAAAA", nil)), http.StatusNotFound, "链接")
		p.says(p.do("/r/nonsense", "overall", "5"), http.StatusNotFound, "链接")
	})
}
