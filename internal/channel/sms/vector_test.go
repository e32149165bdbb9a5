package sms

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// What the providers' own documents compute.
func TestSignaturesOfTheDocuments(t *testing.T) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("x-acs-action", "RunInstances")
	r.Header.Set("x-acs-version", "2014-05-26")
	r.Header.Set("x-acs-date", "2023-10-26T10:22:32Z")
	r.Header.Set("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d")
	signACS3(r, "YourAccessKeyId", "YourAccessKeySecret", nil)
	const acs = "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version," +
		"Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
	if got := r.Header.Get("Authorization"); got != acs {
		t.Errorf("Aliyun: %s", got)
	}

	body := []byte(`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`)
	for _, c := range []struct{ key, headers, signature string }{
		{"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "content-type host", "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"},
		{strings.Repeat("*", 32), "content-type host x-tc-action", "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://cvm.tencentcloudapi.com/", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		r.Header.Set("X-TC-Action", "DescribeInstances")
		signTC3(r, "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", c.key, "cvm", body, time.Unix(1551113065, 0), strings.Fields(c.headers)...)
		if got := r.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+c.signature) {
			t.Errorf("Tencent with %s: %s", c.headers, got)
		}
	}
}
