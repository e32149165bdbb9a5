package sms

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/sms"
)

const tencentAddress = "https://sms.tencentcloudapi.com/"

// tencent sends by sms 2021-01-11, signed with TC3-HMAC-SHA256.
func (c *Carrier) tencent(ctx context.Context, by sms.Settings, m sms.Outgoing) (string, error) {
	number := "+86" + m.Number
	body, err := json.Marshal(map[string]any{
		"PhoneNumberSet": []string{number}, "SmsSdkAppId": by.App, "SignName": by.Sign, "TemplateId": m.Template,
		"TemplateParamSet": m.Ordered(), "SessionContext": m.ID.String(),
	})
	if err != nil {
		return "", &sms.SendError{Class: sms.Permanent, Code: "text", Reason: err.Error()}
	}
	at := by.URL
	if at == "" {
		at = tencentAddress
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(body))
	if err != nil {
		return "", &sms.SendError{Class: sms.Permanent, Code: "address", Reason: err.Error()}
	}
	now := c.Now()
	h := r.Header
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-TC-Action", "SendSms")
	h.Set("X-TC-Version", "2021-01-11")
	h.Set("X-TC-Region", "ap-guangzhou")
	h.Set("X-TC-Timestamp", strconv.FormatInt(now.Unix(), 10))
	signTC3(r, by.KeyID, by.Secret, "sms", body, now, "content-type", "host", "x-tc-action")
	a, err := c.ask(r)
	if err != nil {
		return "", err
	}
	var said struct {
		Response struct {
			SendStatusSet []struct{ SerialNo, Code, Message string }
			Error         *struct{ Code, Message string }
		}
	}
	if json.Unmarshal(a.body, &said) != nil {
		return "", a.odd()
	}
	f := sms.SendError{}
	switch one := said.Response.SendStatusSet; {
	case said.Response.Error != nil:
		f.Code, f.Reason = said.Response.Error.Code, clip(said.Response.Error.Message)
	case len(one) != 1:
		return "", a.odd()
	case one[0].Code == "Ok":
		return one[0].SerialNo, nil
	default:
		f.Code, f.Reason = one[0].Code, clip(one[0].Message)
	}
	f.Class = classOf(f.Code, "RequestLimitExceeded*", "LimitExceeded.*", "InternalError*")
	return "", &f
}

// signTC3 signs a request with the headers that are named, in their order.
func signTC3(r *http.Request, id, key, service string, body []byte, now time.Time, headers ...string) {
	var lines strings.Builder
	for _, n := range headers {
		v := r.Header.Get(n)
		if n == "host" {
			if v = r.Host; v == "" {
				v = r.URL.Host
			}
		}
		lines.WriteString(n + ":" + strings.ToLower(strings.TrimSpace(v)) + "\n")
	}
	list := strings.Join(headers, ";")
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	canonical := strings.Join([]string{r.Method, path, r.URL.RawQuery, lines.String(), list, sum(body)}, "\n")
	day := now.UTC().Format(time.DateOnly)
	scope := day + "/" + service + "/tc3_request"
	text := strings.Join([]string{"TC3-HMAC-SHA256", strconv.FormatInt(now.Unix(), 10), scope, sum([]byte(canonical))}, "\n")
	derived := mac(mac(mac("TC3"+key, day), service), "tc3_request")
	r.Header.Set("Authorization", "TC3-HMAC-SHA256 Credential="+id+"/"+scope+", SignedHeaders="+list+", Signature="+hex.EncodeToString([]byte(mac(derived, text))))
}
