package ticket

import (
	"slices"
	"time"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// Task is a part of the work on a case that somebody is to do (R101, R111).
type Task struct {
	ID       TaskID    `json:"id"`
	Kind     TaskKind  `json:"kind"`
	Title    string    `json:"title"`
	State    TaskState `json:"state"`
	Assignee string    `json:"assignee,omitzero"`
	DueAt    time.Time `json:"due_at,omitzero"`
	Result   string    `json:"result,omitzero"` // what came of it, or why it was waived
	EndedAt  time.Time `json:"ended_at,omitzero"`
	EndedBy  string    `json:"ended_by,omitzero"`
}

// TaskKind is what a task is for.
type TaskKind string

// The kinds of task.
const (
	TaskCallback  TaskKind = "callback"  // to apologise, or to ask how it went (道歉/回访电话)
	TaskTraining  TaskKind = "training"  // 培训改进
	TaskDiagnosis TaskKind = "diagnosis" // 诊断 (R099)
	TaskFollowUp  TaskKind = "follow_up" // 后续跟进
	TaskOther     TaskKind = "other"
)

// TaskState is where a task stands.
type TaskState string

// The states of a task.
const (
	TaskOpen   TaskState = "open"
	TaskDone   TaskState = "done"
	TaskWaived TaskState = "waived"
)

// AddTask returns the case with one more task, which it cannot be closed
// without.
func (c Case) AddTask(by Actor, t Task, now time.Time) (Case, Entry, error) {
	switch {
	case !c.MayHandle(by.Agent):
		return c, Entry{}, errUnknown
	case c.State.Over():
		return c, Entry{}, errOver
	case !slices.Contains([]TaskKind{TaskCallback, TaskTraining, TaskDiagnosis, TaskFollowUp, TaskOther}, t.Kind):
		return c, Entry{}, fault.New(fault.Invalid, "task.kind", "choose what the task is for").In("kind")
	case !filled(t.Title) || utf8.RuneCountInString(t.Title) > MaxSubject:
		return c, Entry{}, fault.New(fault.Invalid, "task.title", "a title has 1 to %d characters", MaxSubject).In("title")
	}
	if err := checkLengths(said{"assignee", t.Assignee, maxCode}); err != nil {
		return c, Entry{}, err
	}
	if err := checkAhead("due_at", t.DueAt, now); err != nil {
		return c, Entry{}, err
	}
	t.State, t.Result, t.EndedAt, t.EndedBy = TaskOpen, "", time.Time{}, ""
	next := c
	next.Tasks = with(c.Tasks, t)
	e := c.entry(by, AddTask, next, now)
	e.Fields = []Change{{Field: "task", New: t.Title}}
	return next, e, nil
}

// EndTask returns the case with a task done, and what came of it.
func (c Case) EndTask(by Actor, t TaskID, result string, now time.Time) (Case, Entry, error) {
	if !c.MayHandle(by.Agent) {
		return c, Entry{}, errUnknown
	}
	i, err := c.openTask(t)
	if err == nil {
		err = checkLengths(said{"result", result, MaxText})
	}
	if err != nil {
		return c, Entry{}, err
	}
	next, e := c.endTask(by, i, EndTask, TaskDone, result, now)
	return next, e, nil
}

func (c Case) openTask(t TaskID) (int, error) {
	i := slices.IndexFunc(c.Tasks, func(o Task) bool { return o.ID == t })
	switch {
	case i < 0:
		return i, fault.New(fault.NotFound, "task.unknown", "there is no such task").In("task_id")
	case c.Tasks[i].State != TaskOpen:
		return i, fault.New(fault.Conflict, "task.ended", "this task is done or waived already").In("task_id")
	}
	return i, nil
}

func (c Case) endTask(by Actor, i int, a Act, s TaskState, said string, now time.Time) (Case, Entry) {
	next := c
	next.Tasks = slices.Clone(c.Tasks)
	t := &next.Tasks[i]
	t.State, t.Result, t.EndedAt, t.EndedBy = s, said, now, by.Name
	e := c.entry(by, a, next, now)
	e.Reason, e.Fields = said, []Change{{Field: "task", Old: t.Title, New: string(s)}}
	return next, e
}

// openTasks returns the tasks that are still to be done, without those waived.
func (c Case) openTasks(waived []Waiver) []Task {
	return slices.DeleteFunc(slices.Clone(c.Tasks), func(t Task) bool {
		return t.State != TaskOpen || slices.ContainsFunc(waived, func(w Waiver) bool { return w.Task == t.ID })
	})
}

// checkWaivers says what is wrong with what is waived: a supervisor lets a
// task go, with a reason.
func (c Case) checkWaivers(d Doing) error {
	seen := map[TaskID]bool{}
	for _, w := range d.Waived {
		_, err := c.openTask(w.Task)
		switch {
		case err != nil:
			return err
		case seen[w.Task]:
			return fault.New(fault.Conflict, "task.ended", "this task is done or waived already").In("task_id")
		case !filled(w.Reason):
			return needs[NeedReason].missing.In("waived.reason")
		case !d.By.Supervisor:
			return fault.New(fault.Forbidden, "task.supervisor", "only a supervisor can let a task go")
		}
		seen[w.Task] = true
	}
	return nil
}

func (c Case) waive(d Doing, now time.Time) (Case, []Entry) {
	var es []Entry
	for _, w := range d.Waived {
		var e Entry
		i, _ := c.openTask(w.Task)
		c, e = c.endTask(d.By, i, WaiveTask, TaskWaived, w.Reason, now)
		es = append(es, e)
	}
	return c, es
}
