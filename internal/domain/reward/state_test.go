package reward

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// diagram draws a table of moves as the docs show it.
func diagram[S ~string](start string, states []S, moves map[S]map[Act]S) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    " + start + "\n")
	for _, s := range states {
		for _, a := range actsOf(moves[s]) {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", s, moves[s][a], a)
		}
	}
	for _, s := range states {
		if len(moves[s]) == 0 {
			fmt.Fprintf(&b, "    %s --> [*]\n", s)
		}
	}
	return b.String()
}

// The diagrams in the docs are drawn from the tables. UPDATE=1 redraws them.
func TestDiagrams(t *testing.T) {
	for file, drawn := range map[string]string{
		"compensation-states.mmd": diagram("[*] --> drafted: propose", States(), moves),
		"reward-states.mmd":       diagram("[*] --> proposed: propose\n    [*] --> approved: propose thanks", GiftStates(), rewardMoves),
	} {
		file = "../../../docs/develop/" + file
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, []byte(drawn), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || string(want) != drawn {
			t.Errorf("%s is not the table (UPDATE=1 redraws it): %v", file, err)
		}
	}
}

func TestEveryStateIsListedAndCanEnd(t *testing.T) {
	ends(t, States(), moves)
	ends(t, GiftStates(), rewardMoves)
}

func ends[S ~string](t *testing.T, states []S, moves map[S]map[Act]S) {
	t.Helper()
	for from, acts := range moves {
		for _, to := range acts {
			if !slices.Contains(states, from) || !slices.Contains(states, to) {
				t.Errorf("%s or %s is not listed", from, to)
			}
		}
	}
	for _, s := range states {
		reached := map[S]bool{s: true}
		for range states {
			for from := range reached {
				for _, to := range moves[from] {
					reached[to] = true
				}
			}
		}
		over := false
		for r := range reached {
			over = over || len(moves[r]) == 0
		}
		if !over {
			t.Errorf("%s never ends", s)
		}
	}
}

// What is refused says in both languages what is possible instead.
func TestEveryStateSaysWhatIsPossible(t *testing.T) {
	acts := []Act{Submit, Approve, ApproveLast, Reject, Return, Revise, Withdraw, Accept, Decline, Execute, Pay, Fail, Grant, Redeem, Expire, Revoke}
	for _, s := range States() {
		for _, a := range acts {
			checkRefusal(t, string(s), a, s.Acts(), func() error { _, err := s.Next(a); return err })
		}
	}
	for _, s := range GiftStates() {
		for _, a := range acts {
			checkRefusal(t, string(s), a, s.Acts(), func() error { _, err := s.Next(a); return err })
		}
	}
}

func checkRefusal(t *testing.T, state string, a Act, possible []Act, try func() error) {
	t.Helper()
	err := try()
	if slices.Contains(possible, a) {
		if err != nil {
			t.Errorf("%s in %s: %v", a, state, err)
		}
		return
	}
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("%s in %s: %v, want a Conflict", a, state, err)
		return
	}
	if !strings.Contains(err.Error(), listed(possible)) {
		t.Errorf("%s in %s does not say what is possible: %v", a, state, err)
	}
	if zh := phrase.Say("zh", fault.CodeOf(err), nil, "none"); zh == "none" {
		t.Errorf("%s has no Chinese", fault.CodeOf(err))
	}
}
