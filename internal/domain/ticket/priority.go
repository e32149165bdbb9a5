package ticket

import "fmt"

// Urgency is how soon harm is done if nothing happens: 1 (low) to 3 (high);
// not said is 2.
type Urgency int

// Impact is how great the harm is, like Urgency.
type Impact int

// Priority is how a case stands among others: 1 comes first, 5 last; 0 is
// not weighed yet.
type Priority int

// Weigh returns the priority of a case, and why. Urgency times impact gives 1
// to 9: 9 is priority 1, from 6 it is 2, from 3 it is 3, 2 is 4 and 1 is 5.
// Each of these lifts it by one: the customer urged; a supervisor or somebody
// higher has it.
func (c Case) Weigh() (Priority, string) {
	u, i := max(1, min(int(first(c.Urgency, 2)), 3)), max(1, min(int(first(c.Impact, 2)), 3))
	p := map[int]Priority{1: 5, 2: 4, 3: 3, 4: 3, 6: 2, 9: 1}[u*i]
	why := fmt.Sprintf("urgency %d × impact %d is priority %d", u, i, p)
	if c.Urged > 0 {
		p, why = p-1, why+"; the customer urged"
	}
	if c.Escalation != nil && c.Escalation.Level >= RankSupervisor {
		p, why = p-1, why+"; it is escalated"
	}
	return max(1, p), why
}

func (c Case) priority() Priority {
	p, _ := c.Weigh()
	return p
}
