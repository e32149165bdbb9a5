package api

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

type apiKey struct{}

// The framework asks these package variables how to word errors and how to
// describe lists; there is no other way to tell it.
func init() { //nolint:gochecknoinits // the variables are the framework's only door
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
		p.Errors = mistakes(words, language, errs)
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

// mistakes says what is wrong with single fields, in the reader's language.
func mistakes(words serve.Errors, language string, errs []error) []serve.Mistake {
	var ms []serve.Mistake
	for _, err := range errs {
		d, ok := errors.AsType[*huma.ErrorDetail](err)
		if !ok {
			continue
		}
		m := serve.Mistake{Location: d.Location, Message: d.Message}
		for _, c := range complaints {
			found := c.form.FindStringSubmatch(d.Message)
			if found == nil {
				continue
			}
			if c.code == "field.required" {
				m.Location += "." + found[1]
			}
			args := make([]any, 0, len(found)-1)
			for _, a := range found[1:] {
				args = append(args, a)
			}
			m.Message = words.Say(language, c.code, args, english(c.english, args))
			break
		}
		ms = append(ms, m)
	}
	return ms
}

func english(format string, args []any) string {
	if strings.Contains(format, "%") {
		return fmt.Sprintf(format, args...)
	}
	return format
}

// complaint is what the framework says of a field, and our words for it.
type complaint struct {
	form    *regexp.Regexp
	code    string
	english string
}

// complaints are those that people can meet; the others speak to programmers.
var complaints = []complaint{
	{theirs(validation.MsgExpectedRequiredProperty), "field.required", "this is missing"},
	{theirs(validation.MsgUnexpectedProperty), "field.unexpected", "there is no such field"},
	{theirs(validation.MsgExpectedMinLength), "field.short", "at least %s characters"},
	{theirs(validation.MsgExpectedMaxLength), "field.long", "at most %s characters"},
	{theirs(validation.MsgExpectedMinimumNumber), "field.small", "at least %s"},
	{theirs(validation.MsgExpectedMaximumNumber), "field.big", "at most %s"},
	{theirs(validation.MsgExpectedOneOf), "field.choice", "one of: %s"},
	{theirs(validation.MsgExpectedString), "field.text", "this is a text"},
	{theirs(validation.MsgExpectedBoolean), "field.yes_no", "this is true or false"},
	{theirs(validation.MsgExpectedInteger), "field.number", "this is a whole number"},
	{theirs(validation.MsgExpectedNumber), "field.number", "this is a number"},
	{theirs(validation.MsgExpectedArray), "field.list", "this is a list"},
	{theirs(validation.MsgExpectedRFC3339DateTime), "field.time", "write the time like 2026-11-22T08:30:00Z"},
	{theirs("required %s parameter is missing"), "field.missing", "this is missing"},
}

// theirs returns the form of a message of the framework.
func theirs(message string) *regexp.Regexp {
	form := regexp.QuoteMeta(message)
	for _, verb := range []string{"%v", "%d", "%s"} {
		form = strings.ReplaceAll(form, verb, "(.*)")
	}
	return regexp.MustCompile("^" + form + "$")
}
