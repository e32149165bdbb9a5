package model

import (
	"net/http"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/outside"
)

// Transport returns what carries calls: to the named host and nowhere else, and
// to nobody that no key may be sent to. See [outside.Client].
func Transport() *http.Client { return outside.Client() }

var errAddress = outside.ErrAddress

func refusedAddress(err error) *fault.Error {
	return fault.New(fault.Invalid, "model.address_refused", "the model's address leads to where no key may be sent; use https, or an address of your own network").Because(err)
}
