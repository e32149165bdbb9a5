package fault_test

import (
	"errors"
	"io"
	"slices"
	"testing"

	"yingda/internal/kit/fault"
)

var errTaken = fault.New(fault.Conflict, "conversation.taken", "someone has taken this conversation")

func TestWhatACallerLearns(t *testing.T) {
	doing := func() (err error) {
		defer fault.Wrap(&err, "accept %d", 7)
		return fault.New(fault.Conflict, "conversation.taken", "%s has taken this conversation", "Lin").In("path.id").Offering("take", "note").Because(io.EOF)
	}
	err := doing()
	if fault.KindOf(err) != fault.Conflict || fault.CodeOf(err) != "conversation.taken" {
		t.Errorf("kind %v, code %q", fault.KindOf(err), fault.CodeOf(err))
	}
	if !errors.Is(err, errTaken) || !errors.Is(err, io.EOF) {
		t.Errorf("%v does not match its code and its cause", err)
	}
	f, _ := errors.AsType[*fault.Error](err)
	if f.Message() != "Lin has taken this conversation" || f.Field != "path.id" || !slices.Equal(f.Possible, []string{"take", "note"}) {
		t.Errorf("shown %q in %q, possible %q", f.Message(), f.Field, f.Possible)
	}
	if len(errTaken.Possible) > 0 {
		t.Error("the fault that others share was changed")
	}
	if got := err.Error(); got != "accept 7: Lin has taken this conversation: EOF" {
		t.Errorf("logged %q", got)
	}
}

func TestAPlainErrorIsInternal(t *testing.T) {
	err := errors.New("disk on fire")
	if fault.KindOf(err) != fault.Internal || fault.CodeOf(err) != "internal" {
		t.Errorf("kind %v, code %q", fault.KindOf(err), fault.CodeOf(err))
	}
	if errors.Is(err, errTaken) {
		t.Error("a plain error matches a fault")
	}
}
