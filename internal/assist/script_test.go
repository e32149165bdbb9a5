package assist_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/flow"
	"yingda/internal/model/modeltest"
)

// scripts are the stored dialogues of all flows, and after them those that were
// written without looking at how words are read.
func scripts(t *testing.T) map[string][]flow.Script {
	t.Helper()
	all := map[string][]flow.Script{}
	for _, f := range flow.Builtin().All() {
		all[f.ID] = slices.Clone(f.Scripts)
	}
	for _, file := range []string{"paraphrased.json", "paraphrased_more.json"} {
		raw, err := os.ReadFile(filepath.Join("../domain/flow/testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		var more map[string][]flow.Script
		if err := json.Unmarshal(raw, &more); err != nil {
			t.Fatal(err)
		}
		for id, list := range more {
			all[id] = append(all[id], list...)
		}
	}
	return all
}

// goodCommands are what a good model says about an exchange: the values that
// stand in it, by their ids where there are some.
func goodCommands(x flow.Exchange, f flow.Flow, open *flow.Frame) modeltest.Reply {
	values := map[string]string{}
	for id, v := range x.Slots {
		s, _ := f.Slot(id)
		if s.Type == flow.Choice || s.Type == flow.YesNo || strings.Contains(x.Says, v) {
			if open == nil || open.Values[id].Text != v {
				values[id] = v
			}
		}
	}
	if open == nil {
		b, _ := json.Marshal(map[string]any{"flow": f.ID, "values": values}) //nolint:errchkjson // texts
		return modeltest.Wants(call("start_flow", string(b)))
	}
	b, _ := json.Marshal(values) //nolint:errchkjson // texts
	return modeltest.Wants(call("set_values", string(b)))
}

// nonsense is what a model says that understands nothing: any tool, any slot,
// any value.
func nonsense(rng *rand.Rand, x flow.Exchange, all flow.Library) modeltest.Reply {
	some := func() string {
		from := []string{"yes", "no", "quality", "attitude", "tyres", "13977778888", "LSVAA4182E2184847", "沪B88888", "明天", "确认", "取消", "0", "", x.Says, "confirm"}
		return from[rng.IntN(len(from))]
	}
	values := map[string]any{"confirm": "yes"}
	for _, f := range all.All() {
		for _, s := range f.Slots {
			if rng.IntN(2) == 0 {
				values[s.ID] = some()
			}
			if len(s.Options) > 0 && rng.IntN(2) == 0 {
				values[s.ID] = s.Options[rng.IntN(len(s.Options))].ID
			}
		}
	}
	b, _ := json.Marshal(values)                                                                               //nolint:errchkjson // texts
	begin, _ := json.Marshal(map[string]any{"flow": all.All()[rng.IntN(len(all.All()))].ID, "values": values}) //nolint:errchkjson // texts
	of := []modeltest.Reply{
		modeltest.Wants(call("set_values", string(b))), modeltest.Wants(call("start_flow", string(begin))), modeltest.Wants(call("confirm", `{"yes":true}`), call("set_values", string(b))),
		modeltest.Wants(call("submit", string(b))), modeltest.Wants(call("set_values", `{"x":`)), modeltest.Says("确认"), modeltest.Cuts("x"),
	}
	return of[rng.IntN(len(of))]
}

// The stored dialogues with a model that is asked about every message: one that
// says what a good one would, and one that says nonsense. Neither writes what it
// should not.
func TestScriptsWithAModel(t *testing.T) {
	all := flow.Builtin()
	each(t, func(h *house) {
		var reply modeltest.Reply
		h.thinks(func(modeltest.Asked) modeltest.Reply { return reply }, func(s *endpoint.Settings) { s.DayTokens = 0 })
		ctx := h.t.Context()
		for _, mind := range []string{"good", "nonsense"} {
			rng := rand.New(rand.NewPCG(1, 2))
			var stored, other tally
			wrong := 0
			said := scripts(t)
			for _, id := range slices.Sorted(maps.Keys(said)) {
				f, _ := all.Latest(id)
				for i, s := range said[id] {
					if !h.samples(i) {
						continue
					}
					h.as.Model.Forget()
					problems := s.PlayWith(f, all, func(x flow.Exchange, open *flow.Frame, m flow.Message) flow.Message {
						of := f
						if open != nil {
							of, _ = all.Find(open.Flow, open.Version)
						}
						if reply = goodCommands(x, of, open); mind == "nonsense" {
							reply = nonsense(rng, x, all)
						}
						u, err := h.as.Model.Understand(ctx, h.desk.Now(), m.Text, all, open)
						h.must(err)
						if m.Told = u.Told; open == nil && m.Start == "" {
							m.Start = u.Start
						}
						return m
					})
					of := &stored
					if i >= len(f.Scripts) {
						of = &other
					}
					of.count(len(problems) == 0)
					for _, p := range problems {
						if p.Code == "flow.script_writes" && !isPrefix(fmt.Sprint(p.Args[2]), fmt.Sprint(p.Args[1])) {
							wrong++
							h.t.Errorf("%s, %s, %s: %s", mind, id, s.Name, p.Message())
						}
					}
				}
			}
			h.t.Logf("%s: word for word come out %s of the stored dialogues and %s of the paraphrased ones; %d wrong writes", mind, stored, other, wrong)
			if mind == "good" && (stored.came < stored.played || other.came*10 < other.played*9) {
				h.t.Errorf("with a good model %s of the stored dialogues come out and %s of the paraphrased ones", stored, other)
			}
		}
	})
}

// tally is how many dialogues were played and came out as they should.
type tally struct{ came, played int }

func (t *tally) count(well bool) {
	t.played++
	if well {
		t.came++
	}
}

func (t tally) String() string { return fmt.Sprintf("%d of %d", t.came, t.played) }

// isPrefix reports whether what was written is the beginning of what was to be.
func isPrefix(wrote, want string) bool { return wrote == "" || strings.HasPrefix(want, wrote) }
