package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
	"yingda/internal/store/sqlcgen"
	"yingda/internal/store/storetest"
)

var now = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// heard returns the first n events. On PostgreSQL the feed waits for the oldest
// transaction of the whole server, other tests' included.
func heard(t *testing.T, db *store.DB, n int) (es []event.Event) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	enough := errors.New("enough")
	err := db.Follow(ctx, 0, func(more []event.Event) error {
		if es = append(es, more...); len(es) >= n {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) {
		t.Fatalf("heard %d of %d events: %v", len(es), n, err)
	}
	return es
}

func emit(kind string) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		return tx.Emit(context.Background(), event.Event{Kind: event.Kind(kind), At: now})
	}
}

// Who can wait goes behind the others, and still gets their turn where others
// always come.
func TestWhoCanWait(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if db.Engine() != "sqlite" {
			t.Skip("writers of PostgreSQL go beside each other")
		}
		var order []string
		var wg sync.WaitGroup
		wish := func(ctx context.Context, what string) {
			queued := db.Queued()
			wg.Go(func() {
				if err := db.Update(ctx, func(*store.Tx) error {
					order = append(order, what)
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
			for db.Queued() == queued {
				runtime.Gosched()
			}
		}
		begun, held := make(chan struct{}), make(chan struct{})
		wg.Go(func() {
			if err := db.Update(t.Context(), func(*store.Tx) error {
				order = append(order, "first")
				close(begun)
				<-held
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
		<-begun
		wish(store.Patient(t.Context()), "mail 1")
		wish(store.Patient(t.Context()), "mail 2")
		wish(t.Context(), "chat")
		close(held)
		wg.Wait()
		if got := strings.Join(order, ", "); got != "first, chat, mail 1, mail 2" {
			t.Errorf("granted: %s", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		for range 4 { // somebody always comes
			wg.Go(func() {
				for ctx.Err() == nil {
					_ = db.Update(ctx, func(*store.Tx) error { return nil })
				}
			})
		}
		for range 50 {
			if err := db.Update(store.Patient(t.Context()), func(*store.Tx) error { return nil }); err != nil {
				t.Error(err)
			}
		}
		cancel()
		wg.Wait()
	})
}

// What one caller gets wrong is theirs alone, also when others share its commit.
func TestAFailureTouchesNobodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const callers = 60
		var wg sync.WaitGroup
		errs := make([]error, callers)
		for i := range callers {
			wg.Go(func() {
				errs[i] = db.Update(t.Context(), func(tx *store.Tx) error {
					if err := emit(fmt.Sprint("k", i))(tx); err != nil {
						return err
					}
					switch i % 3 {
					case 1:
						return fault.New(fault.Conflict, "test.conflict", "no")
					case 2:
						_, err := tx.Setting(t.Context(), "absent")
						if !errors.Is(err, sql.ErrNoRows) {
							return fmt.Errorf("absent setting: %w", err)
						}
					}
					return nil
				})
			})
		}
		wg.Wait()
		if err := db.Update(t.Context(), emit("last")); err != nil {
			t.Fatal(err)
		}
		es := heard(t, db, callers-callers/3+1)
		got := map[string]int{}
		for _, e := range es {
			got[string(e.Kind)]++
		}
		for i, err := range errs {
			failed := i%3 == 1
			if failed != (fault.CodeOf(err) == "test.conflict") || !failed && err != nil {
				t.Errorf("caller %d: %v", i, err)
			}
			want := 1
			if failed {
				want = 0
			}
			if n := got[fmt.Sprint("k", i)]; n != want {
				t.Errorf("caller %d is there %d times, want %d", i, n, want)
			}
		}
	})
}

// Who reads and writes in one call does not hear of somebody who came between.
func TestWhoCameBetweenIsNotHeardOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		in := inbox.Inbox{ID: inbox.NewID(now), Key: "k", Kind: "webchat", Version: 1}
		if err := db.Update(ctx, func(tx *store.Tx) error { return tx.InsertInbox(ctx, in) }); err != nil {
			t.Fatal(err)
		}
		const callers = 2
		var wg, read sync.WaitGroup // both have read before either writes
		read.Add(callers)
		for range callers {
			first := sync.OnceFunc(func() {
				read.Done()
				if db.Engine() == "postgres" { // SQLite runs one after the other
					read.Wait()
				}
			})
			wg.Go(func() {
				if err := db.Update(ctx, func(tx *store.Tx) error {
					in, err := tx.InboxByKey(ctx, in.Key)
					first()
					if err != nil {
						return err
					}
					in.Name += "一"
					_, err = tx.SaveInbox(ctx, in)
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in, err := db.Now().InboxByKey(ctx, in.Key); err != nil || in.Name != "一一" {
			t.Errorf("the name is %q, %v", in.Name, err)
		}
		if err := db.Update(ctx, func(tx *store.Tx) error { _, err := tx.SaveInbox(ctx, in); return err }); fault.KindOf(err) != fault.Conflict {
			t.Errorf("an old version was saved: %v", err)
		}
	})
}

func TestAPanicReachesItsCaller(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		func() {
			defer func() {
				if p := recover(); p != "oh" {
					t.Errorf("recovered %v", p)
				}
			}()
			_ = db.Update(t.Context(), func(tx *store.Tx) error {
				if err := emit("lost")(tx); err != nil {
					return err
				}
				panic("oh")
			})
		}()
		if err := db.Update(t.Context(), emit("after")); err != nil {
			t.Fatal(err)
		}
		if es := heard(t, db, 1); len(es) != 1 || es[0].Kind != "after" {
			t.Errorf("%v", es)
		}
	})
}

// Commits that overtake each other hide no event from a follower.
func TestTheFeedSkipsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const writers, each = 8, 40
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		seen := map[event.Kind]int{}
		last := int64(0)
		followed := make(chan error, 1)
		done := errors.New("all seen")
		go func() {
			followed <- db.Follow(ctx, 0, func(es []event.Event) error {
				for _, e := range es {
					if e.Seq <= last {
						return fmt.Errorf("%d after %d", e.Seq, last)
					}
					last = e.Seq
					seen[e.Kind]++
				}
				if len(seen) == writers*each {
					return done
				}
				return nil
			})
		}()
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					dawdle := func(tx *store.Tx, when int) error {
						if db.Engine() != "postgres" || i%7 != (w+when)%7 {
							return nil
						}
						return tx.Dawdle(ctx, time.Duration(w)*time.Millisecond)
					}
					if err := db.Update(ctx, func(tx *store.Tx) error {
						return errors.Join(
							tx.InsertMention(ctx, sqlcgen.InsertMentionParams{AgentID: agent.ID(w + 1), ConversationID: conversation.ID(i + 1), At: 1}),
							dawdle(tx, 0), // others begin later and tell sooner
							emit(fmt.Sprint(w, "-", i))(tx),
							dawdle(tx, 1), // others tell later and commit sooner
						)
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if err := <-followed; !errors.Is(err, done) {
			t.Fatalf("%v; saw %d of %d", err, len(seen), writers*each)
		}
		for k, n := range seen {
			if n != 1 {
				t.Errorf("%s came %d times", k, n)
			}
		}
	})
}

func TestWhatACommitAcknowledgedIsThereAfterOpening(t *testing.T) {
	file := filepath.Join(t.TempDir(), "yingda.db")
	db, err := store.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(t.Context(), emit("kept")); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Update(t.Context(), emit("too late")); fault.CodeOf(err) != "store.closed" {
		t.Errorf("writing to a closed database: %v", err)
	}
	again, err := store.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if es, err := again.EventsAfter(t.Context(), 0, 10); err != nil || len(es) != 1 {
		t.Errorf("%v, %v", es, err)
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "yingda.db")
	db, err := store.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999999, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(t.Context(), file)
	if fault.CodeOf(err) != "store.newer" || !strings.Contains(err.Error(), "999999") {
		t.Errorf("opening a newer database: %v", err)
	}
}

// Both engines end with the same tables and columns.
func TestTheEnginesHaveOneSchema(t *testing.T) {
	lite, err := storetest.SQLite(t).Columns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	post, err := storetest.Postgres(t).Columns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	own := func(s string) bool { // what an engine keeps for itself
		return strings.HasPrefix(s, "search_") || strings.HasPrefix(s, "goose_") || s == "events.xid"
	}
	have := map[string]int{}
	for _, c := range lite {
		have[c]++
	}
	for _, c := range post {
		have[c] += 2
	}
	for c, n := range have {
		if n != 3 && !own(c) {
			t.Errorf("%s is only in one engine (%d)", c, n)
		}
	}
	if len(have) < 100 {
		t.Errorf("only %d columns were looked at", len(have))
	}
}

// A job that waits for later must not hold up one that is wanted now.
func TestEnqueueOnceIsDueAtTheEarlierTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, due := range []time.Time{now.Add(time.Minute), now, now.Add(time.Hour)} {
			if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.EnqueueOnce(t.Context(), "a", "one", nil, due, now) }); err != nil {
				t.Fatal(err)
			}
		}
		next, ok, err := db.Now().NextJobOf(t.Context(), "a")
		if err != nil || !ok || !next.Equal(now) {
			t.Errorf("due at %v (%v, %v), want %v", next, ok, err, now)
		}
		jobs, err := db.Now().Jobs(t.Context(), "ready", 0, 10)
		if err != nil || len(jobs) != 1 {
			t.Errorf("%d jobs wait, %v", len(jobs), err)
		}
	})
}

func TestJobs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		claim := func(at time.Time, most int) (js []store.Job) {
			t.Helper()
			if err := db.Update(t.Context(), func(tx *store.Tx) (err error) {
				js, err = tx.ClaimJobs(t.Context(), []string{"a", "b"}, at, time.Minute, most)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return js
		}
		if err := db.Update(t.Context(), func(tx *store.Tx) error {
			for _, name := range []string{"one", "one", "two"} {
				if err := tx.EnqueueOnce(t.Context(), "a", name, name, now, now); err != nil {
					return err
				}
			}
			return errors.Join(tx.Enqueue(t.Context(), "c", 1, now, now), tx.Enqueue(t.Context(), "b", 1, now.Add(time.Hour), now))
		}); err != nil {
			t.Fatal(err)
		}
		first := claim(now, 10)
		if len(first) != 2 || first[0].Attempt != 1 {
			t.Fatalf("claimed %+v, want the two named jobs of kind a", first)
		}
		if again := claim(now.Add(59*time.Second), 10); len(again) != 0 {
			t.Errorf("claimed while leased: %+v", again)
		}
		late := claim(now.Add(61*time.Second), 10)
		if len(late) != 2 || late[0].Attempt != 2 {
			t.Fatalf("after the lease: %+v", late)
		}
		if err := db.Update(t.Context(), func(tx *store.Tx) error {
			mine, err := tx.FinishJob(t.Context(), first[0])
			if mine || err != nil {
				t.Errorf("a lost lease finished the job: %v, %v", mine, err)
			}
			mine, err = tx.FinishJob(t.Context(), late[0])
			if !mine || err != nil {
				t.Errorf("the holder could not finish: %v, %v", mine, err)
			}
			return tx.RetryJob(t.Context(), late[1], true, now, "broken")
		}); err != nil {
			t.Fatal(err)
		}
		dead, err := db.Now().Jobs(t.Context(), "dead", 0, 10)
		if err != nil || len(dead) != 1 || dead[0].LastError != "broken" {
			t.Fatalf("dead: %+v, %v", dead, err)
		}
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.ReviveJob(t.Context(), dead[0].ID, now) }); err != nil {
			t.Fatal(err)
		}
		if back := claim(now, 10); len(back) != 1 || back[0].Attempt != 1 {
			t.Errorf("revived: %+v", back)
		}
	})
}
