package voice

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// What is read out of any message that the library takes for one: nothing of it
// breaks, and what looks like a number is one.
func FuzzRequest(f *testing.F) {
	files, err := filepath.Glob("testdata/torture/*.dat")
	if err != nil || len(files) < 40 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("INFO sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 INFO\r\nContent-Type: application/dtmf-relay\r\nSession-Expires: 90;refresher=uac\r\nP-Asserted-Identity: <tel:+86>\r\nReplaces: a;to-tag=1;from-tag=2\r\nContent-Length: 9\r\n\r\nSignal=1\n"))
	d := &Door{calls: map[string]known{}}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := sip.ParseMessage(b)
		if err != nil {
			return
		}
		req, ok := m.(*sip.Request)
		if !ok || !whole(req) {
			return
		}
		req.SetSource("127.0.0.1:5060")
		required(req)
		caller(req)
		diverted(req)
		expiry(req)
		tagged(req)
		if d.called(req) != nil || d.findReplaced(header(req, "Replaces")) != nil {
			t.Fatal("a call was found where there is none")
		}
		var s session
		if s.asked(req, Limits{}.filled()) && s.every < 0 {
			t.Fatalf("a session of %s", s.every)
		}
		if key, _ := keyIn(header(req, "Content-Type"), req.Body()); key != 0 && !strings.ContainsRune("0123456789*#ABCD", rune(key)) {
			t.Fatalf("%q is no key", key)
		}
		if req.IsInvite() {
			var g dialog
			g.accept(req)
			g.request(sip.BYE)
			g.response(req, 200, "OK")
		}
	})
}
