package mail_test

import (
	"slices"
	"strings"
	"testing"

	"yingda/internal/kit/mail"
	"yingda/internal/kit/mail/mailtest"
)

// A mail is the same whatever its lines end in, and however often it is read.
func TestLineEnds(t *testing.T) {
	mails := mailtest.Ordinary()
	for name, quote := range above {
		mails = append(mails, mailtest.Mail{Name: name, Raw: plain("text/plain; charset=utf-8", "", strings.ReplaceAll(fresh+quote, "\n", "\r\n"))})
	}
	for name, doc := range belowHTML {
		mails = append(mails, mailtest.Mail{Name: name, Raw: plain("text/html; charset=gb18030", "base64", b64(gb18(doc)))})
	}
	for _, m := range mails {
		want := mail.Parse(m.Raw, mail.Options{})
		got := mail.Parse([]byte(strings.ReplaceAll(string(m.Raw), "\r\n", "\n")), mail.Options{})
		if got.Subject != want.Subject || got.Text != want.Text || got.HTML != want.HTML || got.Reply != want.Reply || got.Kind != want.Kind || len(got.Attachments) != len(want.Attachments) || !slices.Equal(got.Notes, want.Notes) {
			t.Errorf("%s: %.100q, and with other line ends %.100q", m.Name, want.Text, got.Text)
		}
		for i := range min(len(got.Attachments), len(want.Attachments)) {
			if got.Attachments[i].SHA256() != want.Attachments[i].SHA256() {
				t.Errorf("%s: the file %s differs", m.Name, got.Attachments[i].Name)
			}
		}
		if want.Text == "" || want.Reply == "" {
			t.Errorf("%s is read as nothing", m.Name)
		}
	}
}
