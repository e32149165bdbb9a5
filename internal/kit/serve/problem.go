// Package serve is HTTP plumbing: handlers that return an error, answers to
// errors in the reader's language, JSON with limits, request ids, an access
// log, and files that were compressed beforehand. It has never heard of
// customer service.
package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

// Handler answers a request, or returns why it cannot. It must not have
// written anything when it returns an error.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Problem is the answer to a request that failed (RFC 9457,
// application/problem+json). It is an error too, so that it can be returned
// where a framework asks for one.
type Problem struct { //nolint:errname // named for what it is in RFC 9457
	Status    int       `json:"status" doc:"the HTTP status"`
	Code      string    `json:"code" doc:"stable, such as conversation.taken"`
	Detail    string    `json:"detail" doc:"what went wrong and what to do, in the reader's language"`
	RequestID string    `json:"request_id" doc:"find it in the log of the program"`
	Errors    []Mistake `json:"errors,omitempty" doc:"what is wrong with single fields"`
	Possible  []string  `json:"possible,omitempty" doc:"what could be done instead, in codes"`
	after     time.Duration
}

// Mistake is what is wrong with one field of a request.
type Mistake struct {
	Location string `json:"location" doc:"such as body.text"`
	Message  string `json:"message"`
}

// Error returns the code and the text.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders returns when to try again, if that is known.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.after > 0 {
		h.Set("Retry-After", strconv.Itoa(max(1, int((p.after+time.Second-1)/time.Second))))
	}
	return h
}

// ContentType returns what problems are sent as.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// Wait is the cause of a Busy fault whose end is known: the answer is 429 with
// a Retry-After header instead of 503.
//
//	fault.New(fault.Busy, "login.wait", "wait %d seconds", 30).Because(serve.Wait(30 * time.Second))
type Wait time.Duration //nolint:errname // a length of time first

func (w Wait) Error() string { return fmt.Sprintf("wait %s", time.Duration(w)) }

// Errors answers errors.
type Errors struct {
	Log *slog.Logger
	// Language chooses the reader's language from an Accept-Language header.
	Language func(acceptLanguage string) string
	// Say words a code in a language; english is the text if it has none.
	Say func(language, code string, args []any, english string) string
}

// Handler returns h with its errors answered.
func (e Errors) Handler(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			e.Write(w, r, err)
		}
	})
}

// Write answers r with what err says.
func (e Errors) Write(w http.ResponseWriter, r *http.Request, err error) {
	p := e.Problem(r.Context(), e.Language(r.Header.Get("Accept-Language")), err)
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		e.Log.DebugContext(r.Context(), "the answer was not read", slog.Any("error", err))
	}
}

// Problem returns what to answer to err, and logs it if it is our mistake. An
// error without a kind is never shown.
func (e Errors) Problem(ctx context.Context, language string, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		f = internal.Because(err)
	}
	if f.Kind == fault.Internal {
		e.logInternal(ctx, err)
	}
	p := &Problem{Status: statusOf(f), Code: f.Code, RequestID: RequestID(ctx), Detail: e.Say(language, f.Code, f.Args, f.Message()), Possible: f.Possible}
	if wait, ok := errors.AsType[Wait](err); ok {
		p.Status, p.after = http.StatusTooManyRequests, time.Duration(wait)
	} else if f.Kind == fault.Busy {
		p.after = time.Second
	}
	if f.Field != "" {
		p.Errors = []Mistake{{Location: f.Field, Message: p.Detail}}
	}
	return p
}

var internal = fault.New(fault.Internal, "internal", "something went wrong on our side; try again, and tell your administrator the request id if it happens again")

func (e Errors) logInternal(ctx context.Context, err error) {
	if errors.Is(err, context.Canceled) {
		return // whoever asked has gone
	}
	e.Log.ErrorContext(ctx, "a request failed", slog.String("request", RequestID(ctx)), slog.Any("error", err))
}

// statusOf returns the HTTP status of a fault. What cannot even be read is
// 400; what can be read and makes no sense is 422.
func statusOf(f *fault.Error) int {
	switch f.Kind {
	case fault.Invalid:
		if strings.HasPrefix(f.Code, "request.") && f.Code != "request.invalid" {
			return http.StatusBadRequest
		}
		return http.StatusUnprocessableEntity
	case fault.Unsigned:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Busy:
		return http.StatusServiceUnavailable
	case fault.Internal:
	}
	return http.StatusInternalServerError
}
