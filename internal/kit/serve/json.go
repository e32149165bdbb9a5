package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// Decode reads the body of a request as JSON into a T. More than limit bytes
// are TooLarge; broken UTF-8, unknown fields and text after the value are
// Invalid. An empty body is an error too.
func Decode[T any](w http.ResponseWriter, r *http.Request, limit int64) (T, error) {
	var v T
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind != "application/json" {
		return v, fault.New(fault.Invalid, "request.content_type", "send the request as application/json, not %s", clip(kind))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		return v, readError(err, limit)
	}
	return v, Unmarshal(body, &v)
}

func readError(err error, limit int64) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return TooLarge(limit)
	}
	return fault.New(fault.Invalid, "request.body", "the request was cut off; send it again").Because(err)
}

// TooLarge is the error for a request of more than limit bytes.
func TooLarge(limit int64) error {
	return fault.New(fault.TooLarge, "request.large", "the request is larger than %d KB; make it smaller", limit>>10)
}

// Unmarshal reads JSON as Decode does.
func Unmarshal(body []byte, v any) error {
	if !utf8.Valid(body) {
		return fault.New(fault.Invalid, "request.encoding", "the request is not valid UTF-8; send it again as UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return decodeError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "request.json", "the request is not JSON as we expect it: %s", "there is more after its end")
	}
	return nil
}

// decodeError keeps the fault of a type that reads itself, such as an id.
func decodeError(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	wrong := fault.New(fault.Invalid, "request.json", "the request is not JSON as we expect it: %s", clip(err.Error()))
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && t.Field != "" {
		return wrong.In("body." + t.Field)
	}
	return wrong
}

// JSON answers with v.
func JSON(w http.ResponseWriter, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n')) // whoever does not read it has gone
	return nil
}

func clip(s string) string {
	if len(s) > 120 {
		s = s[:120]
	}
	return s
}
