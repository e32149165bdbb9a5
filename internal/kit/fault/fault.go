// Package fault gives errors a kind and a code, so that the place which
// answers a caller can choose a status and a language without knowing where
// the error came from.
//
// What a fault says is safe to show to a person. Its cause, if it has one, is
// for the log only. The English text stands here; other languages are found by
// the code, at the door that answers (see domain/phrase).
package fault

import (
	"errors"
	"fmt"
)

// Kind says what the caller can do about an error.
type Kind uint8

// The kinds of error. A plain error is Internal: its text is logged, never shown.
const (
	Internal  Kind = iota // our mistake, or the machine's
	Invalid               // the request makes no sense; change it
	Unsigned              // sign in first
	Forbidden             // known, but not allowed
	NotFound              // no such thing, or not yours to see
	Conflict              // someone else moved first; read again
	TooLarge              // more than we take; make it smaller
	Busy                  // try again later
)

// Error is a kind and a code with a message that is safe to show to a person.
type Error struct {
	Kind  Kind
	Code  string // stable, such as "conversation.taken"
	Field string // where in the request, such as "body.text"; may be empty
	Args  []any  // what the message names
	// Possible lists, in codes, what could be done instead; may be empty.
	Possible []string
	msg      string
	cause    error
}

// New returns an error of a kind. The message is English and says what the
// caller can do; args are kept for the same message in other languages.
func New(k Kind, code, format string, args ...any) *Error {
	return &Error{Kind: k, Code: code, Args: args, msg: fmt.Sprintf(format, args...)}
}

// In returns the error with the place in the request that it is about.
func (e *Error) In(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Offering returns the error with what could be done instead, in codes that
// the caller can act on.
func (e *Error) Offering(possible ...string) *Error {
	c := *e
	c.Possible = possible
	return &c
}

// Because returns the error with a cause, which is logged but not shown.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Message returns the English text for people.
func (e *Error) Message() string { return e.msg }

// Error returns the message with its cause, for the log.
func (e *Error) Error() string {
	if e.cause != nil {
		return e.msg + ": " + e.cause.Error()
	}
	return e.msg
}

// Unwrap returns the cause, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is a fault with the same code, so that
// errors.Is(err, desk.ErrTaken) works on values that carry other arguments.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// KindOf returns the kind of err. An error without one is Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the code of err, or "internal".
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return "internal"
}

// Wrap adds what the function was doing to the error it returns:
//
//	defer fault.Wrap(&err, "assign %s to %s", conversation, agent)
func Wrap(errp *error, format string, args ...any) {
	if *errp != nil {
		*errp = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *errp)
	}
}
