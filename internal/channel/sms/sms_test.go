package sms_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/sms"
	"yingda/internal/domain/phrase"
	of "yingda/internal/domain/sms"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

const key, account = "a secret of 密钥", "AKID"

// provider is a provider as it behaves: it computes the signature for itself
// from what came over the wire, and answers what it is told to.
type provider struct {
	t      *testing.T
	says   func(w http.ResponseWriter, r *http.Request, body []byte)
	signed func(r *http.Request, body []byte) string // what is wrong
	*httptest.Server
	asked atomic.Int32
}

func newProvider(t *testing.T, signed func(*http.Request, []byte) string, says func(http.ResponseWriter, *http.Request, []byte)) *provider {
	t.Helper()
	p := &provider{t: t, says: says, signed: signed}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked.Add(1)
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if wrong := p.signed(r, body); wrong != "" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"Code":"SignatureDoesNotMatch","code":"SignatureDoesNotMatch","Message":%q,"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":%q}}}`, wrong, wrong)
			return
		}
		p.says(w, r, body)
	}))
	t.Cleanup(p.Close)
	return p
}

func hexOf(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }

func hmacOf(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// field returns what follows a name in an Authorization header.
func field(auth, name string) string {
	_, rest, _ := strings.Cut(auth, name+"=")
	v, _, _ := strings.Cut(rest, ",")
	return strings.TrimSpace(v)
}

func value(r *http.Request, name string) string {
	if name == "host" {
		return r.Host
	}
	return r.Header.Get(name)
}

// acs3 is Aliyun's rule, from the document, over what came.
func acs3(r *http.Request, body []byte) string {
	auth := r.Header.Get("Authorization")
	names := strings.Split(field(auth, "SignedHeaders"), ";")
	for _, must := range []string{"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"} {
		if !slices.Contains(names, must) {
			return must + " is not signed"
		}
	}
	var pairs []string
	for k, vs := range r.URL.Query() {
		for _, v := range vs {
			e := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
			pairs = append(pairs, strings.ReplaceAll(e(k)+"="+e(v), "*", "%2A"))
		}
	}
	slices.Sort(pairs)
	text := r.Method + "\n" + r.URL.EscapedPath() + "\n" + strings.Join(pairs, "&") + "\n"
	lines := make([]string, len(names))
	for i, n := range names {
		lines[i] = n + ":" + strings.TrimSpace(value(r, n)) + "\n"
	}
	text += strings.Join(lines, "") + "\n" + strings.Join(names, ";") + "\n" + hexOf(body)
	want := hex.EncodeToString(hmacOf([]byte(key), "ACS3-HMAC-SHA256\n"+hexOf([]byte(text))))
	if field(auth, "Signature") != want || field(auth, "Credential") != account || r.Header.Get("x-acs-content-sha256") != hexOf(body) {
		return "the signature is another one"
	}
	return ""
}

// tc3 is Tencent's rule.
func tc3(r *http.Request, body []byte) string {
	auth := r.Header.Get("Authorization")
	names := strings.Split(field(auth, "SignedHeaders"), ";")
	text := r.Method + "\n" + r.URL.Path + "\n\n"
	lines := make([]string, len(names))
	for i, n := range names {
		lines[i] = n + ":" + strings.ToLower(value(r, n)) + "\n"
	}
	text += strings.Join(lines, "") + "\n" + strings.Join(names, ";") + "\n" + hexOf(body)
	at := r.Header.Get("X-TC-Timestamp")
	parts := strings.Split(field(auth, "Credential"), "/") // id, day, service, tc3_request
	if len(parts) != 4 || parts[0] != account || parts[2] != "sms" {
		return "whose it is"
	}
	k := hmacOf(hmacOf(hmacOf([]byte("TC3"+key), parts[1]), parts[2]), "tc3_request")
	want := hex.EncodeToString(hmacOf(k, "TC3-HMAC-SHA256\n"+at+"\n"+strings.Join(parts[1:], "/")+"\n"+hexOf([]byte(text))))
	if field(auth, "Signature") != want {
		return "the signature is another one"
	}
	return ""
}

func ours(r *http.Request, body []byte) string {
	want := "v1=" + hex.EncodeToString(hmacOf([]byte(key), r.Header.Get("X-Yingda-Timestamp")+"."+string(body)))
	if r.Header.Get("X-Yingda-Signature") != want || r.Header.Get("X-Yingda-Key") != account {
		return "the signature is another one"
	}
	return ""
}

var now = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

func text() of.Outgoing {
	return of.Outgoing{
		ID: of.NewID(now), Number: "13812345678", Purpose: of.Rating, Template: "SMS_1", Names: []string{"company", "link"},
		Values: map[string]string{"company": "远行 汽车*~", "link": "https://help.example.cn/r/a-b_c"}, Text: "您好",
	}
}

func by(p of.Provider, at string) of.Settings {
	return of.Settings{Provider: p, KeyID: account, Secret: key, App: "1400", URL: at, Sign: "远行汽车"}
}

func send(t *testing.T, c *sms.Carrier, s of.Settings, m of.Outgoing) (string, *of.SendError) {
	t.Helper()
	accepted, err := c.SendText(t.Context(), s, m)
	if err == nil {
		return accepted, nil
	}
	f, ok := errors.AsType[*of.SendError](err)
	if !ok {
		t.Fatalf("%v is no failure", err)
	}
	return accepted, f
}

func carrier() *sms.Carrier { return &sms.Carrier{Now: func() time.Time { return now }} }

func TestWhatProvidersGet(t *testing.T) {
	m := text()
	ali := newProvider(t, acs3, func(w http.ResponseWriter, r *http.Request, _ []byte) {
		q := r.URL.Query()
		var values map[string]string
		if err := json.Unmarshal([]byte(q.Get("TemplateParam")), &values); err != nil {
			t.Error(err)
		}
		if q.Get("PhoneNumbers") != m.Number || q.Get("SignName") != "远行汽车" || q.Get("TemplateCode") != "SMS_1" || values["company"] != m.Values["company"] || q.Get("OutId") != m.ID.String() {
			t.Errorf("Aliyun got %v", q)
		}
		fmt.Fprint(w, `{"Code":"OK","Message":"OK","BizId":"9006^0"}`)
	})
	ten := newProvider(t, tc3, func(w http.ResponseWriter, r *http.Request, body []byte) {
		var b struct {
			PhoneNumberSet, TemplateParamSet                  []string
			SmsSdkAppID, SignName, TemplateID, SessionContext string
		}
		if err := json.Unmarshal(body, &b); err != nil {
			t.Error(err)
		}
		if !slices.Equal(b.PhoneNumberSet, []string{"+8613812345678"}) || !slices.Equal(b.TemplateParamSet, []string{m.Values["company"], m.Values["link"]}) ||
			b.SmsSdkAppID != "1400" || b.SignName != "远行汽车" || b.TemplateID != "SMS_1" || b.SessionContext != m.ID.String() || r.Header.Get("X-TC-Action") != "SendSms" {
			t.Errorf("Tencent got %+v", b)
		}
		fmt.Fprint(w, `{"Response":{"SendStatusSet":[{"SerialNo":"5000:1","Code":"Ok"}],"RequestId":"a"}}`)
	})
	gate := newProvider(t, ours, func(w http.ResponseWriter, _ *http.Request, body []byte) {
		var b map[string]any
		if err := json.Unmarshal(body, &b); err != nil || b["to"] != "+8613812345678" || b["text"] != "您好" || b["id"] != m.ID.String() {
			t.Errorf("the gateway got %v, %v", b, err)
		}
		fmt.Fprint(w, `{"id":"g-1"}`)
	})
	for _, c := range []struct {
		s    of.Settings
		want string
	}{
		{by(of.Aliyun, ali.URL), "9006^0"},
		{by(of.Tencent, ten.URL), "5000:1"},
		{by(of.HTTP, gate.URL+"/send?x=1"), "g-1"},
		{by(of.Simulator, ""), "sim-" + m.ID.String()},
	} {
		if got, f := send(t, carrier(), c.s, m); f != nil || got != c.want {
			t.Errorf("%s: %q, %v", c.s.Provider, got, f)
		}
		if c.s.Provider == of.Simulator {
			continue
		}
		c.s.Secret += "!"
		if _, f := send(t, carrier(), c.s, m); f == nil || f.Class != of.Permanent || of.AdviceFor(f.Code) != of.CheckKey {
			t.Errorf("%s with another secret: %v", c.s.Provider, f)
		}
	}
}

// What may be done after each failure.
func TestFailures(t *testing.T) {
	answer := func(status int, body string) func(http.ResponseWriter, *http.Request, []byte) {
		return func(w http.ResponseWriter, _ *http.Request, _ []byte) { w.WriteHeader(status); fmt.Fprint(w, body) }
	}
	for _, c := range []struct {
		p     of.Provider
		says  func(http.ResponseWriter, *http.Request, []byte)
		class of.Class
		code  string
	}{
		{of.Aliyun, answer(200, `{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"触发分钟级流控Permits:1"}`), of.Temporary, "isv.BUSINESS_LIMIT_CONTROL"},
		{of.Aliyun, answer(200, `{"Code":"isv.AMOUNT_NOT_ENOUGH"}`), of.Permanent, "isv.AMOUNT_NOT_ENOUGH"},
		{of.Aliyun, answer(200, `{"Code":"isp.SYSTEM_ERROR"}`), of.Temporary, "isp.SYSTEM_ERROR"},
		{of.Aliyun, answer(400, `{"Code":"Throttling.User"}`), of.Temporary, "Throttling.User"},
		{of.Aliyun, answer(502, `<html>`), of.Doubtful, "http_502"},
		{of.Aliyun, answer(200, `nonsense`), of.Doubtful, "http_200"},
		{of.Aliyun, answer(302, ``), of.Permanent, "http_302"},
		{of.Tencent, answer(200, `{"Response":{"SendStatusSet":[{"Code":"LimitExceeded.PhoneNumberThirtySecondLimit"}]}}`), of.Temporary, "LimitExceeded.PhoneNumberThirtySecondLimit"},
		{of.Tencent, answer(200, `{"Response":{"SendStatusSet":[{"Code":"FailedOperation.PhoneNumberInBlacklist"}]}}`), of.Permanent, "FailedOperation.PhoneNumberInBlacklist"},
		{of.Tencent, answer(200, `{"Response":{"Error":{"Code":"InternalError.Timeout"}}}`), of.Temporary, "InternalError.Timeout"},
		{of.Tencent, answer(200, `{"Response":{}}`), of.Doubtful, "http_200"},
		{of.HTTP, answer(400, `{"code":"no_money","message":"m"}`), of.Permanent, "no_money"},
		{of.HTTP, answer(429, `{"code":"slow"}`), of.Temporary, "slow"},
		{of.HTTP, answer(500, `{"code":"oops"}`), of.Doubtful, "http_500"},
		{of.HTTP, func(http.ResponseWriter, *http.Request, []byte) { panic(http.ErrAbortHandler) }, of.Doubtful, "no_answer"},
	} {
		right := map[of.Provider]func(*http.Request, []byte) string{of.Aliyun: acs3, of.Tencent: tc3, of.HTTP: ours}[c.p]
		p := newProvider(t, right, c.says)
		if _, f := send(t, carrier(), by(c.p, p.URL), text()); f == nil || f.Class != c.class || f.Code != c.code {
			t.Errorf("%s: %v, want %s %s", c.p, f, c.class, c.code)
		}
		if int(p.asked.Load()) != 1 {
			t.Errorf("%s, %s: asked %d times", c.p, c.code, p.asked.Load())
		}
	}
	// Nobody is there: nothing has left.
	gone := newProvider(t, ours, answer(200, ""))
	gone.Close()
	if _, f := send(t, carrier(), by(of.HTTP, gone.URL), text()); f == nil || f.Class != of.Temporary || strings.Contains(f.Reason, key) {
		t.Errorf("nobody there: %v", f)
	}
	// We stop while it thinks: it may have left.
	ctx, stop := context.WithCancel(t.Context())
	slow := newProvider(t, ours, func(_ http.ResponseWriter, r *http.Request, _ []byte) { stop(); <-r.Context().Done() })
	_, err := carrier().SendText(ctx, by(of.HTTP, slow.URL), text())
	if f, ok := errors.AsType[*of.SendError](err); !ok || f.Class != of.Doubtful {
		t.Errorf("stopped: %v", err)
	}
}

// told is the desk behind the door of reports.
type told struct{ got []of.Report }

func (d *told) TextReports(_ context.Context, secret string, rs []of.Report) error {
	if secret != "right" {
		return fault.New(fault.NotFound, "page.unknown", "there is no page %q", "")
	}
	d.got = append(d.got, rs...)
	return nil
}

func TestReports(t *testing.T) {
	d := &told{}
	door := (&sms.Reports{Desk: d, Errors: serve.Errors{Log: slog.New(slog.DiscardHandler), Language: phrase.Language, Say: phrase.Say}}).Handler()
	post := func(secret, body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		door.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, channel.TextReportsPath+secret, strings.NewReader(body)))
		return w
	}
	for _, c := range []struct {
		name, body string
		want       of.Report
	}{
		{"Aliyun", `[{"phone_number":"13812345678","success":true,"err_code":"DELIVERED","biz_id":"9^0","out_id":"x","sms_size":"1"}]`, of.Report{Accepted: "9^0", Number: "13812345678", State: of.Delivered, Code: "DELIVERED"}},
		{"Aliyun failed", `[{"phone_number":"13812345678","success":false,"err_code":"MK:100C","err_msg":"关机","biz_id":"9^0"}]`, of.Report{Accepted: "9^0", Number: "13812345678", State: of.Failed, Code: "MK:100C", Reason: "关机"}},
		{"Aliyun answered", `[{"phone_number":"13812345678","content":"TD","sign_name":"a","dest_code":"1","sequence_id":7}]`, of.Report{Number: "13812345678", Answer: "TD"}},
		{"Tencent", `[{"user_receive_time":"2026-11-22 10:00:00","nationcode":"86","mobile":"13812345678","report_status":"SUCCESS","errmsg":"DELIVRD","description":"用户短信送达成功","sid":"5:1"}]`, of.Report{Accepted: "5:1", Number: "13812345678", State: of.Delivered, Code: "DELIVRD", Reason: "用户短信送达成功"}},
		{"Tencent answered", `{"extend":"1","mobile":"13812345678","nationcode":"86","sign":"a","text":"退订","time":1556000000}`, of.Report{Number: "13812345678", Answer: "退订"}},
		{"a gateway", `{"id":"g-1","to":"+8613812345678","status":"failed","code":"off"}`, of.Report{Accepted: "g-1", Number: "+8613812345678", State: of.Failed, Code: "off"}},
	} {
		d.got = nil
		if w := post("right", c.body); w.Code != 200 || !strings.Contains(w.Body.String(), `"code":0`) || !strings.Contains(w.Body.String(), `"result":0`) {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
		if len(d.got) != 1 || d.got[0] != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, d.got, c.want)
		}
	}
	d.got = nil
	if w := post("wrong", `[]`); w.Code != http.StatusNotFound {
		t.Errorf("a wrong address: %d", w.Code)
	}
	if w := post("right", `hello`); w.Code != http.StatusBadRequest && w.Code != http.StatusUnprocessableEntity || len(d.got) != 0 {
		t.Errorf("no report: %d", w.Code)
	}
	if w := post("right", `"`+strings.Repeat("x", 1<<20)+`"`); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", w.Code)
	}
}
