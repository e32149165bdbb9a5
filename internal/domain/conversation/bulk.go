package conversation

import (
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// BulkID names a bulk run.
type BulkID = id.ID[bulkNoun]

type bulkNoun struct{}

func (bulkNoun) Prefix() string { return "bk" }

// NewBulkID returns the id of a run that is asked for at a time.
func NewBulkID(at time.Time) BulkID { return id.New[bulkNoun](at) }

// BulkAct is what is done to many conversations at once.
type BulkAct string

// The acts.
const (
	BulkTransfer   BulkAct = "transfer"
	BulkTag        BulkAct = "tag"
	BulkClose      BulkAct = "close"
	BulkPrioritise BulkAct = "prioritise"
	BulkUndo       BulkAct = "undo" // of another run
)

// Bulk is what to do to each of many conversations (批量操作).
type Bulk struct {
	Act      BulkAct      `json:"act"`
	Agent    agent.ID     `json:"agent_id,omitzero"` // to whom they are transferred, or
	Team     agent.TeamID `json:"team_id,omitzero"`
	Note     string       `json:"note,omitzero"`
	Add      []string     `json:"add,omitempty"` // tags
	Remove   []string     `json:"remove,omitempty"`
	Summary  *Summary     `json:"summary,omitzero"`
	Priority int          `json:"priority,omitzero"`
}

// MostBulk is how many conversations one run takes.
const MostBulk = 1000

// Check says what is wrong with the act; what it says of each conversation is
// checked there.
func (b Bulk) Check() error {
	switch b.Act {
	case BulkTransfer, BulkClose:
		return nil
	case BulkTag:
		if len(b.Add)+len(b.Remove) == 0 {
			return fault.New(fault.Invalid, "bulk.tags", "name a tag to put on or to take off").In("add")
		}
		return nil
	case BulkPrioritise:
		if b.Priority < 0 || b.Priority > 2 {
			return fault.New(fault.Invalid, "bulk.priority", "the priority is 0, 1 or 2").In("priority")
		}
		return nil
	case BulkUndo:
	}
	return fault.New(fault.Invalid, "bulk.act", "this cannot be done to many conversations at once").In("act")
}

// Before is as much of a conversation as it takes to undo what a run did to
// it.
type Before struct {
	Act      BulkAct      `json:"act,omitzero"` // what was done
	State    State        `json:"state,omitzero"`
	Agent    agent.ID     `json:"agent_id,omitzero"`
	Team     agent.TeamID `json:"team_id,omitzero"`
	Priority int          `json:"priority,omitzero"`
	Added    []string     `json:"added,omitempty"` // tags that it had not, and lost
	Removed  []string     `json:"removed,omitempty"`
	Set      int          `json:"set,omitzero"` // the priority that it got
}
