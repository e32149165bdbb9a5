package desk_test

import (
	"context"
	"sync"
	"testing"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
)

// Of those who change one field at once, or define it at once, one does.
func TestAFieldIsChangedByOne(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		boss := h.admin(agent.ContactFields)
		f := contact.Field{Code: "city", Name: inboxText("城市", "City"), Kind: contact.TextField, Sight: contact.SeenByAll}
		for version := range int64(3) {
			f.Version = version
			var wg sync.WaitGroup
			errs := make([]error, 6)
			for n := range errs {
				wg.Go(func() {
					var put contact.Field
					if put, errs[n] = h.PutContactField(context.Background(), boss, f); errs[n] == nil && put.Version != version+1 {
						h.t.Errorf("version %d after %d", put.Version, version)
					}
				})
			}
			wg.Wait()
			done := 0
			for _, err := range errs {
				if err == nil {
					done++
				} else if fault.CodeOf(err) != "store.changed" {
					h.t.Error(err)
				}
			}
			fs, err := h.ContactFields(h.t.Context())
			h.must(err)
			if len(fs) != 1 || fs[0].Version != version+1 || done != 1 {
				h.t.Errorf("%d changed it, and it is %+v", done, fs)
			}
		}
	})
}
