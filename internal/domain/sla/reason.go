package sla

import (
	"fmt"
	"strings"
)

// Reason is one step of how a due time came about: a stable code with what it
// names. Args are texts, so that a reason that was stored reads the same.
type Reason struct {
	Code string   `json:"code"`
	Args []string `json:"args,omitempty"`
}

// In returns the reason as a sentence, in Chinese or in English.
func (r Reason) In(language string) string {
	t, ok := sentences[r.Code]
	if !ok {
		return strings.TrimSpace(r.Code + " " + strings.Join(r.Args, " "))
	}
	format := t.In(language)
	if !strings.Contains(format, "%") {
		return format
	}
	args := make([]any, len(r.Args))
	for i, a := range r.Args {
		args[i] = a
	}
	return fmt.Sprintf(format, args...)
}

// Sentences returns reasons as sentences of a language.
func Sentences(why []Reason, language string) []string {
	all := make([]string, len(why))
	for i, r := range why {
		all[i] = r.In(language)
	}
	return all
}

// sentences are the texts of all reasons. Both languages take the same
// arguments in the same order.
var sentences = map[string]Text{
	"policy":              {En: "policy %s of preset %s is the first that fits", Zh: "适用规则 %s（方案 %s），为第一条匹配的规则"},
	"level.assumed":       {En: "nobody has set a level yet: it counts as %s", Zh: "尚未定级：暂按 %s 计算"},
	"agreed":              {En: "the term was set for this case: %s", Zh: "本单单独约定了时限：%s"},
	"anchor.due":          {En: "counted from when the stage before is due, %s", Zh: "从上一阶段的时限 %s 起算"},
	"anchor.done":         {En: "counted from when the stage before ended, %s", Zh: "从上一阶段完成时 %s 起算"},
	"received.inside":     {En: "received %s: that day is day 0", Zh: "%s 收到：当天为第 0 天"},
	"received.early":      {En: "received %s, before business begins: that day is day 0", Zh: "%s 收到，当天尚未上班：当天为第 0 天"},
	"received.outside":    {En: "received %s outside hours: counts as received %s", Zh: "%s 收到，不在工作时间：视为 %s 收到"},
	"received.open":       {En: "received %s in working time", Zh: "%s 收到，在工作时间内"},
	"received.clock":      {En: "received %s: the clock runs day and night", Zh: "%s 收到：按自然时间连续计算"},
	"day.makeup.saturday": {En: "%s is a working Saturday by the %s notice", Zh: "%s 是调休上班的星期六（%s 年放假通知）"},
	"day.makeup.sunday":   {En: "%s is a working Sunday by the %s notice", Zh: "%s 是调休上班的星期日（%s 年放假通知）"},
	"day.off":             {En: "%s is a statutory holiday (%s)", Zh: "%s 放假（%s）"},
	"day.off.range":       {En: "%s to %s are statutory holidays (%s)", Zh: "%s 至 %s 放假（%s）"},
	"day.off.fixed":       {En: "%s is a statutory holiday of fixed date (%s)", Zh: "%s 是固定日期的法定节假日（%s）"},
	"day.closed":          {En: "%s is closed by the calendar", Zh: "%s 按日历休息"},
	"day.closed.why":      {En: "%s is closed by the calendar (%s)", Zh: "%s 按日历休息（%s）"},
	"day.open":            {En: "%s has opening times of its own", Zh: "%s 按日历另定工作时间"},
	"day.open.why":        {En: "%s has opening times of its own (%s)", Zh: "%s 按日历另定工作时间（%s）"},
	"day.end":             {En: "working day %s is %s: due at its end of business, %s", Zh: "第 %s 个工作日是 %s：当天下班时 %s 到期"},
	"business.end.min":    {En: "%s min of working time end at %s", Zh: "%s 分钟工作时间到 %s 用完"},
	"business.end.hour":   {En: "%s h of working time end at %s", Zh: "%s 小时工作时间到 %s 用完"},
	"clock.end.sec":       {En: "%s s after that is %s", Zh: "%s 秒之后是 %s"},
	"clock.end.min":       {En: "%s min after that is %s", Zh: "%s 分钟之后是 %s"},
	"clock.end.hour":      {En: "%s h after that is %s", Zh: "%s 小时之后是 %s"},
	"provisional":         {En: "the notice of holidays of %s is not known yet: weekends and fixed holidays are assumed, and this may move", Zh: "%s 年放假通知尚未导入：暂按周末和固定节假日计算，可能调整"},
	"target":              {En: "the target is %s, the limit %s", Zh: "目标 %s，时限 %s"},
	"floor":               {En: "the statutory floor is earlier and wins: %s", Zh: "法定底线更早，以其为准：%s"},
	"floor.only":          {En: "only the statutory floor has a term for this", Zh: "仅法定底线对此有时限要求"},
}
