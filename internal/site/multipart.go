package site

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"

	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

// What the form takes.
const (
	maxFiles     = 5
	maxFileBytes = 20 << 20
	maxField     = 64 << 10
)

// handedForm is a form as it came: its fields, and its files on disk.
type handedForm struct {
	values   map[string]string
	files    []handedFile
	problems []*fault.Error
}

type handedFile struct {
	name string
	body *os.File
}

// readForm reads a form part by part, so that what was typed is kept even when
// a file is too large: the files come last. The caller closes it.
func readForm(r *http.Request) (*handedForm, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxFiles*maxFileBytes+1<<20)
	in := &handedForm{values: map[string]string{}}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return in, in.readPlain(r)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, broken(err)
	}
	for range 64 {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return in, nil
		}
		if err == nil && part.FormName() == "files" {
			err = in.takeFile(part.FileName(), part)
		} else if err == nil {
			err = in.takeField(part.FormName(), part)
		}
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			in.problems = append(in.problems, errFiles("form.files_total", "the files are too large together"))
			return in, nil
		}
		if err != nil {
			in.close()
			return nil, broken(err)
		}
	}
	in.close()
	return nil, fault.New(fault.Invalid, "form.broken", "the form has too many parts")
}

// readPlain reads a form without files.
func (in *handedForm) readPlain(r *http.Request) error {
	r.Body = http.MaxBytesReader(nil, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		return broken(err)
	}
	for k := range r.PostForm {
		in.values[k] = clean(r.PostForm.Get(k))
	}
	return nil
}

func broken(err error) error {
	return fault.New(fault.Invalid, "form.broken", "the form did not arrive whole; send it again").Because(err)
}

// clean repairs what a browser never sends, so that a form can be shown again.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

func (in *handedForm) takeField(name string, body io.Reader) error {
	b, err := io.ReadAll(io.LimitReader(body, maxField))
	if err != nil {
		return err
	}
	in.values[name] = clean(string(b))
	_, err = io.Copy(io.Discard, body)
	return err
}

// takeFile keeps a file on disk. One that is too large is read to its end, so
// that the browser hears our answer.
func (in *handedForm) takeFile(name string, body io.Reader) error {
	name = clip(path.Base(strings.ReplaceAll(clean(name), `\`, "/")))
	if name == "" || name == "." || name == "/" {
		_, err := io.Copy(io.Discard, body)
		return err
	}
	if len(in.files) == maxFiles {
		in.problems = append(in.problems, errFiles("form.files_many", "at most %d files", maxFiles))
		_, err := io.Copy(io.Discard, body)
		return err
	}
	f, err := os.CreateTemp("", "yingda-form-*")
	if err != nil {
		return err
	}
	in.files = append(in.files, handedFile{name: name, body: f})
	n, err := io.Copy(f, io.LimitReader(body, maxFileBytes+1))
	switch {
	case err != nil:
		return err
	case n > maxFileBytes:
		in.problems = append(in.problems, errFiles("form.file_large", "%s is larger than %d MB", name, maxFileBytes>>20))
		_, err = io.Copy(io.Discard, body)
		return err
	case n == 0:
		in.problems = append(in.problems, errFiles("form.file_empty", "%s is empty", name))
	}
	return nil
}

// close removes the files.
func (in *handedForm) close() {
	for _, f := range in.files {
		_ = f.body.Close()
		_ = os.Remove(f.body.Name()) // a leftover in the temporary folder harms nobody
	}
}

// handed returns what was typed as a case.
func (in *handedForm) handed() ticket.Case {
	v := func(name string) string { return strings.TrimSpace(in.values[name]) }
	kind := ticket.Kind(v("kind"))
	if !slices.Contains(kinds, kind) {
		kind = ""
	}
	c := ticket.Case{
		Kind: kind, Text: in.values["text"], Name: v("name"), Phone: v("phone"), Email: v("email"), Order: v("order"),
		AboutStaff: kind == ticket.Complaint && v("about_staff") != "",
		Source:     ticket.FromPortal,
	}
	c.Category, c.Tried, c.Fields = in.picked()[kind], v("tried"), map[string]string{}
	for name, value := range in.values {
		if id, ok := strings.CutPrefix(name, "fields."); ok {
			c.Fields[id] = strings.TrimSpace(value)
		}
	}
	return c
}

// picked returns the category that was chosen for each kind.
func (in *handedForm) picked() map[ticket.Kind]string {
	all := map[ticket.Kind]string{}
	for _, k := range kinds {
		all[k] = strings.TrimSpace(in.values["category-"+string(k)])
	}
	return all
}
