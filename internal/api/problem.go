package api

import (
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

type apiKey struct{}

// The framework asks these package variables how to word errors and how to
// describe lists; there is no other way to tell it.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return &serve.Problem{Status: status} }
	huma.NewErrorWithContext = newError
}

// newError answers what a handler returned, or what the framework found wrong
// with a request before a handler saw it.
func newError(c huma.Context, status int, message string, errs ...error) huma.StatusError {
	a, ok := c.Context().Value(apiKey{}).(*API)
	if !ok {
		return &serve.Problem{Status: status, Code: "internal", Detail: message}
	}
	words := a.Errors()
	language := words.Language(c.Header("Accept-Language"))
	p := words.Problem(c.Context(), language, translate(c, status, message, errs))
	if p.Code == "request.invalid" {
		p.Errors = mistakes(errs)
	}
	for k := range p.GetHeaders() {
		c.SetHeader(k, p.GetHeaders().Get(k))
	}
	return p
}

// translate returns the fault for what the framework found.
func translate(c huma.Context, status int, message string, errs []error) error {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return serve.TooLarge(c.Operation().MaxBodyBytes)
	case http.StatusUnsupportedMediaType:
		return fault.New(fault.Invalid, "request.content_type", "send the request as application/json, not %s", c.Header("Content-Type"))
	case http.StatusNotAcceptable:
		return fault.New(fault.Invalid, "request.accept", "the answer can only be JSON")
	case http.StatusBadRequest:
		return unreadable(message, errs)
	case http.StatusUnprocessableEntity:
		return invalid(errs)
	case http.StatusRequestTimeout:
		return fault.New(fault.Invalid, "request.body", "the request was cut off; send it again")
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return errors.New(message)
}

func unreadable(message string, errs []error) error {
	for _, err := range errs {
		if d, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			if s, ok := d.Value.(string); ok && !utf8.ValidString(s) {
				return fault.New(fault.Invalid, "request.encoding", "the request is not valid UTF-8; send it again as UTF-8")
			}
			message = d.Message
		}
	}
	return fault.New(fault.Invalid, "request.json", "the request is not JSON as we expect it: %s", message)
}

// invalid names the first place that is wrong. An id in the path that is none
// names nothing that we have.
func invalid(errs []error) error {
	for _, err := range errs {
		d, ok := errors.AsType[*huma.ErrorDetail](err)
		if !ok {
			continue
		}
		if strings.HasPrefix(d.Location, "path.") {
			return fault.New(fault.NotFound, "id.unknown", "there is nothing with the id %q", d.Value)
		}
		if d.Location != "" {
			return fault.New(fault.Invalid, "request.invalid", "the request makes no sense at %s; change it", d.Location)
		}
	}
	return fault.New(fault.Invalid, "request.invalid", "the request makes no sense at %s; change it", "body")
}

func mistakes(errs []error) []serve.Mistake {
	var ms []serve.Mistake
	for _, err := range errs {
		if d, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			ms = append(ms, serve.Mistake{Location: d.Location, Message: d.Message})
		}
	}
	return ms
}
