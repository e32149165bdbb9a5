package desk_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Many at once: nothing is lost, nothing is there twice.

// together runs f n times at once.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// refused reports whether an error is what somebody is told who comes too late.
func refused(err error) bool { return fault.KindOf(err) == fault.Conflict }

// The same case handed in many times at once is one case, with one set of
// clocks, and no clock is left that has no case.
func TestTheSameCaseManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		taken := handed()
		taken.Source = "phone"
		ids := make([]ticket.ID, 12)
		together(len(ids), func(i int) {
			c, err := h.HandIn(ctx, h.lin, taken, nil, "at-once-01")
			if err != nil {
				h.t.Error(err)
			}
			ids[i] = c.ID
		})
		for _, id := range ids {
			if id != ids[0] {
				h.t.Fatalf("it was handed in as %v", ids)
			}
		}
		open, err := h.DB.Now().OpenClocks(ctx, time.Time{}, 0, 100)
		h.must(err)
		if len(open) != 3 {
			h.t.Errorf("%d clocks run", len(open))
		}
		for _, ck := range open {
			if ck.Subject != int64(ids[0]) {
				h.t.Errorf("clock %s runs for %d, which is no case", ck.ID, ck.Subject)
			}
		}
	})
}

// Numbers given out at once are all different.
func TestNumbersAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		numbers := make([]string, 20)
		together(len(numbers), func(i int) {
			c, err := h.OpenPublicCase(context.Background(), handed(), nil, fmt.Sprintf("number-%04d", i))
			if err != nil {
				h.t.Error(err)
			}
			numbers[i] = c.Number
		})
		slices.Sort(numbers)
		if got := len(slices.Compact(slices.Clone(numbers))); got != len(numbers) {
			h.t.Errorf("%d numbers for %d cases: %v", got, len(numbers), numbers)
		}
	})
}

// Many act on one case, its clocks fire and are computed anew, and the promises
// change under them: each act is in the history once, and the case and its
// clocks agree in the end.
func TestActsAlarmsAndRecomputingAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		h.until(friday)
		c := h.complaint("rush-00001")
		other := h.complaint("rush-00002")
		clocks, err := h.DB.Now().ClocksOf(ctx, store.OfCase, int64(c.ID))
		h.must(err)
		h.clock.Turn(40 * 24 * time.Hour) // all of them are past
		v, err := h.DB.Now().TermsVersion(ctx)
		h.must(err)
		express, _ := sla.PresetByCode(sla.Express)
		boss := h.wang
		boss.Permissions = append([]agent.Permission{agent.PromiseManage}, boss.Permissions...)
		var mu sync.Mutex
		done, changed := 0, 0
		together(30, func(i int) {
			var err error
			switch i % 6 {
			case 0, 1:
				if _, err = h.DoCase(ctx, h.lin, c.ID, 0, ticket.Doing{Act: ticket.Note, Text: fmt.Sprint("备注", i)}); err == nil {
					mu.Lock()
					done++
					mu.Unlock()
				}
			case 2:
				for _, ck := range clocks {
					if err == nil {
						err = h.FireClock(ctx, desk.ClockDue{Clock: ck.ID})
					}
				}
			case 3:
				err = h.RecomputeClocks(ctx, desk.Recompute{Scope: desk.RecomputeAll})
			case 4:
				_, err = h.UsePreset(ctx, boss, express, v, true)
				if err == nil {
					mu.Lock()
					changed++
					mu.Unlock()
				} else if refused(err) {
					err = nil
				}
			case 5:
				from, to := c.ID, other.ID
				if i%12 == 5 {
					from, to = to, from
				}
				if _, err = h.TieCases(ctx, h.wang, from, to, ticket.Related); refused(err) {
					err = nil
				}
			}
			if err != nil {
				h.t.Errorf("%d: %v", i, err)
			}
		})
		acts := map[ticket.Act]int{}
		for _, a := range h.acts(c) {
			acts[a]++
		}
		if done != 10 || acts[ticket.Note] != done {
			h.t.Errorf("%d notes were written, %d stand in the history", done, acts[ticket.Note])
		}
		if changed != 1 {
			h.t.Errorf("the preset was changed %d times from one version", changed)
		}
		h.run()
		after, err := h.DB.Now().Case(ctx, c.ID)
		h.must(err)
		clocks, err = h.DB.Now().ClocksOf(ctx, store.OfCase, int64(c.ID))
		h.must(err)
		next := time.Time{}
		for _, ck := range clocks {
			kinds := map[string]int{}
			for _, a := range ck.Fired {
				if kinds[a.Event()]++; kinds[a.Event()] > 1 {
					h.t.Errorf("%s gave %s twice", ck.Metric, a.Event())
				}
			}
			if ck.State.Open() && (next.IsZero() || ck.Limit.Before(next)) {
				next = ck.Limit
			}
		}
		if !after.DueAt.Equal(next) {
			h.t.Errorf("the case is due %s, its clocks %s", after.DueAt, next)
		}
	})
}

// Evidence that several add at once is all kept, and both chains verify.
func TestEvidenceAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		h.cellar()
		c := h.complaint("rush-proof")
		const n = 12
		files := make([]conversation.AttachmentID, n)
		for i := range files {
			a, err := h.AttachToCase(ctx, h.lin, upload("", "证据.txt", fmt.Sprint("第", i, "份")))
			h.must(err)
			files[i] = a.ID
		}
		together(n, func(i int) {
			if _, err := h.AddEvidence(ctx, h.lin, c.ID, files[i:i+1]); err != nil {
				h.t.Error(err)
			}
		})
		f, err := h.Case(ctx, h.wang, c.ID)
		h.must(err)
		if len(f.Evidence) != n || f.Broken != -1 || len(f.Custody) != n || f.Custody.Verify("") != -1 {
			h.t.Fatalf("%d of %d pieces, broken at %d, %d lines of custody", len(f.Evidence), n, f.Broken, len(f.Custody))
		}
		together(n, func(i int) {
			if err := h.HoldEvidence(ctx, h.wang, c.ID, f.Evidence[i].Seal, ticket.CustodyViewed, ""); err != nil {
				h.t.Error(err)
			}
		})
		f, err = h.Case(ctx, h.wang, c.ID)
		h.must(err)
		if len(f.Custody) != 2*n || f.Custody.Verify("") != -1 {
			h.t.Errorf("%d lines of custody, broken at %d", len(f.Custody), f.Custody.Verify(""))
		}
	})
}

// Two cases merged into each other at once: one goes into the other.
func TestMergedIntoEachOtherAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		a, b := h.complaint("merge-0001"), h.complaint("merge-0002")
		together(8, func(i int) {
			from, into := a.ID, b.ID
			if i%2 == 1 {
				from, into = into, from
			}
			if _, err := h.DoCase(ctx, h.lin, from, 0, ticket.Doing{Act: ticket.Merge, Into: into}); err != nil && !refused(err) && fault.KindOf(err) != fault.Invalid {
				h.t.Error(err)
			}
		})
		a, err := h.DB.Now().Case(ctx, a.ID)
		h.must(err)
		b, err = h.DB.Now().Case(ctx, b.ID)
		h.must(err)
		if (a.State == ticket.Merged) == (b.State == ticket.Merged) {
			h.t.Errorf("one is %s, the other %s", a.State, b.State)
		}
	})
}

// What is done by itself for a case or a clock that is no more ends quietly.
func TestWorkForWhatIsGone(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.must(h.FireClock(ctx, desk.ClockDue{Clock: store.NewClockID(h.Now())}))
		h.must(h.WakeCase(ctx, desk.CaseDue{Case: ticket.NewID(h.Now()), Act: ticket.Remind, At: h.Now()}))
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
			return tx.InsertClock(ctx, store.ClockOf{
				ID: store.NewClockID(h.Now()), Kind: store.OfCase, Subject: int64(ticket.NewID(h.Now())),
				Clock: sla.Clock{State: sla.Running, Due: sla.Due{Metric: sla.Resolution, Limit: h.Now()}},
			})
		}))
		h.must(h.RecomputeClocks(ctx, desk.Recompute{Scope: desk.RecomputeAll}))
	})
}
