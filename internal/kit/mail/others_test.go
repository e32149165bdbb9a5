package mail_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yingda/internal/kit/mail"
)

func readJSON[T any](t *testing.T, file string) T {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestChineseMails(t *testing.T) {
	folder := data(t, "zh")
	type expected struct {
		Subject, From, FromName, Text string
		TextContains                  string `json:"text_contains"`
		HTMLContains                  string `json:"html_contains"`
		Atts                          []string
		Auto                          bool
	}
	for name, e := range readJSON[map[string]expected](t, filepath.Join(folder, "expected.json")) {
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(folder, name+".eml"))
			if err != nil {
				t.Skip(err)
			}
			m := mail.Parse(raw, mail.Options{})
			want{subject: e.Subject, from: e.FromName, address: e.From, text: e.Text, html: e.HTMLContains, files: e.Atts}.check(t, m)
			mustContain(t, "text", m.Text, e.TextContains)
			if e.Auto != (m.Kind != mail.Person) {
				t.Errorf("kind %s: %s", m.Kind, m.Quiet)
			}
			mustContain(t, "safe HTML", mail.SafeHTML(m.HTML, false).HTML, e.HTMLContains)
		})
	}
}

func TestChineseReplies(t *testing.T) {
	type sample struct {
		Client, Format, Input string
		Expected              string `json:"expected_reply"`
	}
	for _, s := range readJSON[[]sample](t, filepath.Join(data(t, "quoted-zh"), "samples.json")) {
		t.Run(s.Client+" "+s.Format, func(t *testing.T) {
			got := mail.Reply(s.Input, "")
			if s.Format == "html" {
				got = mail.Reply("", s.Input)
			}
			if squeezed(got) != squeezed(s.Expected) {
				t.Errorf("left is %q, want %q", got, s.Expected)
			}
		})
	}
}

// eachMail reads the mails in the folders of others' test suites.
func eachMail(t *testing.T, do func(t *testing.T, name string, raw []byte)) {
	t.Helper()
	root := data(t, "thirdparty")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		ext := filepath.Ext(path)
		mails := strings.Contains(path, "mimekit-messages") || strings.Contains(path, "ruby-mail")
		if !mails && ext != ".eml" && ext != ".raw" {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		do(t, strings.TrimPrefix(path, root+"/"), raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	nameInRaw = regexp.MustCompile(`(?im)^content-disposition:\s*attachment[^\n]*?(?:\n[ \t][^\n]*?)*?filename="?([\w .()-]+?)"?\s*(?:;|\r?$)`)
	bodyInRaw = regexp.MustCompile(`\r?\n\r?\n\s*\S`)
)

func TestOthersMails(t *testing.T) {
	n, bare, missing := 0, 0, 0
	eachMail(t, func(t *testing.T, name string, raw []byte) {
		n++
		m := mail.Parse(raw, mail.Options{})
		if strings.TrimSpace(m.Text) == "" && strings.TrimSpace(m.HTML) == "" && len(m.Attachments) == 0 && bodyInRaw.Match(raw) {
			bare++
			t.Logf("%s: nothing is read; %q", name, m.Notes)
		}
		if strings.Contains(m.Subject, "=?") {
			t.Logf("%s: subject %q", name, m.Subject)
		}
		for _, f := range nameInRaw.FindAllSubmatch(raw, -1) {
			if !slices.ContainsFunc(m.Attachments, func(a mail.Attachment) bool { return strings.Contains(a.Name, string(f[1])) }) {
				missing++
				t.Logf("%s: %q is missing", name, f[1])
			}
		}
	})
	t.Logf("%d mails, %d without anything, %d files missing", n, bare, missing)
	if n < 100 || bare*100 >= n || missing > 0 {
		t.Errorf("of %d mails %d have nothing, and %d files are missing", n, bare, missing)
	}
}

func TestOthersWinmail(t *testing.T) {
	folder := data(t, filepath.Join("thirdparty", "mimekit-tnef"))
	files, err := filepath.Glob(filepath.Join(folder, "*.tnef"))
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m := mail.Parse(letter(b64(string(raw)), "Content-Type: application/ms-tnef; name=winmail.dat", "Content-Transfer-Encoding: base64"), mail.Options{})
			var names []string
			for _, a := range m.Attachments {
				names = append(names, a.Name)
			}
			list, err := os.ReadFile(strings.TrimSuffix(file, ".tnef") + ".list")
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(list)) {
				line = strings.TrimSpace(line)
				if line == "" || line == "body.rtf" || line == "body.html" { // of the text, which those programs write to a file
					continue
				}
				if !slices.Contains(names, line) {
					t.Errorf("%q is missing of %q", line, names)
				}
			}
			t.Logf("text %.80q notes %q", m.Text, m.Notes)
		})
	}
}
