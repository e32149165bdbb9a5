package ticket

import (
	"slices"
	"strings"
	"time"
)

// Task is a part of the work on a case that somebody is to do (R101, R111).
type Task struct {
	ID       TaskID    `json:"id"`
	Kind     TaskKind  `json:"kind"`
	Title    string    `json:"title"`
	State    TaskState `json:"state"`
	DueAt    time.Time `json:"due_at,omitzero"`
	Reason   string    `json:"reason,omitzero"` // why it was waived
	Result   string    `json:"result,omitzero"`
	EndedAt  time.Time `json:"ended_at,omitzero"`
	EndedBy  string    `json:"ended_by,omitzero"`
	Assignee string    `json:"assignee,omitzero"`
}

// TaskKind is what a task is for.
type TaskKind string

// The kinds of task.
const (
	TaskCallback  TaskKind = "callback"  // 道歉/回访电话
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

// openTasks returns the tasks that are still to be done, without those waived.
func (c Case) openTasks(waived []Waiver) []Task {
	var left []Task
	for _, t := range c.Tasks {
		gone := slices.ContainsFunc(waived, func(w Waiver) bool { return w.Task == t.ID && filled(w.Reason) })
		if t.State == TaskOpen && !gone {
			left = append(left, t)
		}
	}
	return left
}

func filled(s string) bool { return strings.TrimSpace(s) != "" }
