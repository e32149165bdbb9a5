package ticket

import (
	"maps"
	"slices"
	"time"

	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

// Work is a work order to a third party, such as a repair shop or a cleaning
// team (R110).
type Work struct {
	ID        WorkID    `json:"id"`
	Provider  string    `json:"provider"`
	Text      string    `json:"text"` // what is to be done, with no more of the customer than that needs
	State     WorkState `json:"state"`
	DueAt     time.Time `json:"due_at,omitzero"`
	Result    string    `json:"result,omitzero"` // or why it was refused or cancelled
	IssuedAt  time.Time `json:"issued_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// WorkState is where a work order stands.
type WorkState string

// The states of a work order.
const (
	WorkIssued    WorkState = "issued"      // 已派发
	WorkAccepted  WorkState = "accepted"    // 已接单
	WorkRunning   WorkState = "in_progress" // 进行中
	WorkDone      WorkState = "done"        // 已完成
	WorkRefused   WorkState = "refused"     // 已拒单
	WorkCancelled WorkState = "cancelled"   // 已取消
)

// WorkAct is what moves a work order.
type WorkAct string

// The acts.
const (
	WorkAccept WorkAct = "accept"
	WorkStart  WorkAct = "start"
	WorkFinish WorkAct = "finish" // with what was done
	WorkRefuse WorkAct = "refuse" // with the reason
	WorkCancel WorkAct = "cancel" // with the reason; by us
)

var workMoves = map[WorkState]map[WorkAct]WorkState{
	WorkIssued:   {WorkAccept: WorkAccepted, WorkRefuse: WorkRefused, WorkCancel: WorkCancelled},
	WorkAccepted: {WorkStart: WorkRunning, WorkFinish: WorkDone, WorkRefuse: WorkRefused, WorkCancel: WorkCancelled},
	WorkRunning:  {WorkFinish: WorkDone, WorkCancel: WorkCancelled},
}

var workNames = map[WorkState]inbox.Text{
	WorkIssued:    {Zh: "已派发", En: "Issued"},
	WorkAccepted:  {Zh: "已接单", En: "Accepted"},
	WorkRunning:   {Zh: "进行中", En: "In progress"},
	WorkDone:      {Zh: "已完成", En: "Done"},
	WorkRefused:   {Zh: "已拒单", En: "Refused"},
	WorkCancelled: {Zh: "已取消", En: "Cancelled"},
}

// Name returns what a state of a work order is called.
func (s WorkState) Name() inbox.Text { return workNames[s] }

// Possible returns what can be done with a work order now.
func (w Work) Possible() []WorkAct { return slices.Sorted(maps.Keys(workMoves[w.State])) }

// Move returns the work order after an act. text is what was done, or why not.
func (w Work) Move(a WorkAct, text string, now time.Time) (Work, error) {
	to, ok := workMoves[w.State][a]
	switch {
	case !ok:
		var can []string
		for _, p := range w.Possible() {
			can = append(can, string(p))
		}
		return w, fault.New(fault.Conflict, "work.state", "this is not possible while the work order is %s; look at it again", string(w.State)).Offering(can...)
	case a != WorkAccept && a != WorkStart && !filled(text):
		return w, fault.New(fault.Invalid, "work.said", "write what was done, or why not").In("result")
	}
	if err := checkLengths(said{"result", text, MaxText}); err != nil {
		return w, err
	}
	w.State, w.UpdatedAt = to, now
	if filled(text) {
		w.Result = text
	}
	return w, nil
}

// OrderWork returns the case with a work order to a third party.
func (c Case) OrderWork(by Actor, w Work, now time.Time) (Case, Entry, error) {
	switch {
	case !c.MayHandle(by.Agent):
		return c, Entry{}, errUnknown
	case c.State.Over():
		return c, Entry{}, errOver
	case !filled(w.Provider):
		return c, Entry{}, fault.New(fault.Invalid, "work.provider", "name who is to do the work").In("provider")
	case !filled(w.Text):
		return c, Entry{}, fault.New(fault.Invalid, "work.text", "write what is to be done").In("text")
	}
	if err := checkLengths(said{"provider", w.Provider, maxCode}, said{"text", w.Text, MaxText}); err != nil {
		return c, Entry{}, err
	}
	if err := checkAhead("due_at", w.DueAt, now); err != nil {
		return c, Entry{}, err
	}
	w.State, w.Result, w.IssuedAt, w.UpdatedAt = WorkIssued, "", now, now
	next := c
	next.Works = with(c.Works, w)
	e := c.entry(by, OrderWork, next, now)
	e.Fields = []Change{{Field: "work", New: w.Provider}}
	return next, e, nil
}

// MoveWork returns the case after something happened to one of its work orders.
func (c Case) MoveWork(by Actor, id WorkID, a WorkAct, said string, now time.Time) (Case, Entry, error) {
	i := slices.IndexFunc(c.Works, func(w Work) bool { return w.ID == id })
	switch {
	case !c.MayHandle(by.Agent):
		return c, Entry{}, errUnknown
	case i < 0:
		return c, Entry{}, fault.New(fault.NotFound, "work.unknown", "there is no such work order").In("work_id")
	}
	w, err := c.Works[i].Move(a, said, now)
	if err != nil {
		return c, Entry{}, err
	}
	next := c
	next.Works = slices.Clone(c.Works)
	next.Works[i] = w
	e := c.entry(by, MoveWork, next, now)
	e.Reason, e.Fields = said, []Change{{Field: "work", Old: string(c.Works[i].State), New: string(w.State)}}
	return next, e, nil
}
