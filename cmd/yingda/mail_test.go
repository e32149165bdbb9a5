package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

const letterWithFile = "From: =?gb2312?B?zfW3vA==?= <wangfang@mail.example>\r\nTo: support@yuanxing.example\r\nSubject: =?utf-8?B?6K6i5Y2V?=\r\nDate: Mon, 23 Nov 2026 09:30:00 +0800\r\nMessage-ID: <a1@mail.example>\r\nIn-Reply-To: <c1@yuanxing.example>\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n" +
	"--B\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p onclick=x>还没到<img src=\"http://t.example/p.gif\"></p>\r\n--B\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nfile\r\n--B--\r\n"

// parse runs mail parse and returns what it printed.
func parse(t *testing.T, args ...string) (code int, got map[string]any, errs string) {
	t.Helper()
	var out, e bytes.Buffer
	code = run(append([]string{"mail", "parse"}, args...), streams{&out, &e})
	if code == 0 {
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatalf("%v: %s", err, out.String())
		}
	}
	return code, got, e.String()
}

func TestMailParse(t *testing.T) {
	code, got, errs := parse(t, written(t, "a.eml", letterWithFile))
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	keys := strings.Fields("attachments cc date from html in_reply_to kind message_id notes references reply subject text to")
	if have := slices.Sorted(maps.Keys(got)); !slices.Equal(have, keys) {
		t.Errorf("keys %v", have)
	}
	for key, v := range map[string]any{"subject": "订单", "date": "2026-11-23T09:30:00+08:00", "message_id": "<a1@mail.example>", "in_reply_to": "<c1@yuanxing.example>", "text": "还没到", "reply": "还没到", "kind": "person"} {
		if got[key] != v {
			t.Errorf("%s is %v, want %v", key, got[key], v)
		}
	}
	b, err := json.Marshal([]any{got["from"], got["to"], got["cc"], got["references"], got["attachments"], got["notes"], got["html"]})
	if err != nil {
		t.Fatal(err)
	}
	want := `[[{"address":"wangfang@mail.example","name":"王芳"}],[{"address":"support@yuanxing.example","name":""}],[],[],[{"name":"a.pdf","sha256":"3b9c358f36f0a31b6ad3e14f309c7cf198ac9246e8316f9ce543d5b19ac02b80","size":4,"type":"application/pdf"}],["html: 1 pictures elsewhere are not loaded"],` +
		`"\u003cp\u003e还没到\u003cimg data-remote-src=\"http://t.example/p.gif\"\u003e\u003c/p\u003e"]`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
}

func TestMailParseFlags(t *testing.T) {
	file := written(t, "a.eml", letterWithFile)
	if _, got, _ := parse(t, "--own", "wangfang@mail.example", file); got["kind"] != "own" {
		t.Errorf("kind %v", got["kind"])
	}
	if _, got, _ := parse(t, "--raw", file); got["html"] != "<p onclick=x>还没到<img src=\"http://t.example/p.gif\"></p>" {
		t.Errorf("html %v", got["html"])
	}
	if _, got, _ := parse(t, "--remote", file); got["html"] != "<p>还没到<img src=\"http://t.example/p.gif\"></p>" {
		t.Errorf("html %v", got["html"])
	}
}

func TestMailParseRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no file":       {nil, 2, "<file>"},
		"no such file":  {[]string{"/nowhere.eml"}, 1, "name a file with one mail"},
		"a folder":      {[]string{t.TempDir()}, 1, "name a file with one mail"},
		"an empty file": {[]string{written(t, "a", " \n")}, 1, "is empty"},
	} {
		if code, _, errs := parse(t, c.args...); code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%s: exit %d, %q", name, code, errs)
		}
	}
	if raw, err := readMail("-", strings.NewReader(letterWithFile)); err != nil || string(raw) != letterWithFile {
		t.Errorf("the standard input: %q, %v", raw, err)
	}
}
