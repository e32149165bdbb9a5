package sms

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/sms"
)

const aliyunAddress = "https://dysmsapi.aliyuncs.com/"

// aliyun sends by dysmsapi 2017-05-25, signed with ACS3-HMAC-SHA256.
func (c *Carrier) aliyun(ctx context.Context, by sms.Settings, m sms.Outgoing) (string, error) {
	values, err := json.Marshal(m.Values)
	if err != nil {
		return "", &sms.SendError{Class: sms.Permanent, Code: "text", Reason: err.Error()}
	}
	q := url.Values{"PhoneNumbers": {m.Number}, "SignName": {by.Sign}, "TemplateCode": {m.Template}, "TemplateParam": {string(values)}, "OutId": {m.ID.String()}}
	at := by.URL
	if at == "" {
		at = aliyunAddress
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at, http.NoBody)
	if err != nil {
		return "", &sms.SendError{Class: sms.Permanent, Code: "address", Reason: err.Error()}
	}
	if r.URL.Path == "" {
		r.URL.Path = "/"
	}
	r.URL.RawQuery = canonicalQuery(q)
	h := r.Header
	h.Set("x-acs-action", "SendSms")
	h.Set("x-acs-version", "2017-05-25")
	h.Set("x-acs-date", c.Now().UTC().Format(time.RFC3339))
	h.Set("x-acs-signature-nonce", nonce())
	signACS3(r, by.KeyID, by.Secret, nil)
	a, err := c.ask(r)
	if err != nil {
		return "", err
	}
	var said struct{ Code, Message, BizID string }
	if json.Unmarshal(a.body, &said) != nil || said.Code == "" {
		return "", a.odd()
	}
	if said.Code == "OK" {
		return said.BizID, nil
	}
	class := classOf(said.Code, "isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "Throttling*", "ServiceUnavailable*")
	return "", &sms.SendError{Class: class, Code: said.Code, Reason: clip(said.Message)}
}

// escaped writes text as RFC 3986 wants it.
func escaped(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}

func canonicalQuery(q url.Values) string {
	var parts []string
	for k, vs := range q {
		for _, v := range vs {
			parts = append(parts, escaped(k)+"="+escaped(v))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "&")
}

// signACS3 signs a request with the host and all x-acs- headers.
func signACS3(r *http.Request, id, key string, body []byte) {
	r.Header.Set("x-acs-content-sha256", sum(body))
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	signed := map[string]string{"host": host}
	for k := range r.Header {
		if l := strings.ToLower(k); strings.HasPrefix(l, "x-acs-") || l == "content-type" {
			signed[l] = strings.TrimSpace(r.Header.Get(k))
		}
	}
	names := make([]string, 0, len(signed))
	for n := range signed {
		names = append(names, n)
	}
	slices.Sort(names)
	var lines strings.Builder
	for _, n := range names {
		lines.WriteString(n + ":" + signed[n] + "\n")
	}
	list := strings.Join(names, ";")
	canonical := strings.Join([]string{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, lines.String(), list, sum(body)}, "\n")
	signature := hex.EncodeToString([]byte(mac(key, "ACS3-HMAC-SHA256\n"+sum([]byte(canonical)))))
	r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential="+id+",SignedHeaders="+list+",Signature="+signature)
}
