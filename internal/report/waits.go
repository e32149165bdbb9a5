package report

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/staffing"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/sheet"
	"yingda/internal/store"
)

// Sum is what came in a time and what became of it, from the sums that are
// kept by half hour (see staffing.Arrivals for what each counts). A share is
// absent where there is nothing to divide by.
type Sum struct {
	Offered   int      `json:"offered"`
	Answered  int      `json:"answered"`
	Abandoned int      `json:"abandoned"`
	Short     int      `json:"short_abandoned"`
	Answer    *float64 `json:"answer_share,omitempty"`  // 接通率
	Abandon   *float64 `json:"abandon_share,omitempty"` // without those who gave up at once
	InTime    *float64 `json:"in_time_share,omitempty"` // of those to whom a first response was promised
	MeanWait  float64  `json:"mean_wait_s"`             // of all
	ASA       float64  `json:"asa_s"`                   // of the answered
	Handling  float64  `json:"handling_s"`
	Patience  float64  `json:"patience_s"` // 0: nobody gave up
}

func sumOf(a staffing.Arrivals) Sum {
	share := func(v float64, ok bool) *float64 {
		if !ok {
			return nil
		}
		return &v
	}
	return Sum{
		Offered: a.Offered, Answered: a.Answered, Abandoned: a.Abandoned, Short: a.Short,
		Answer: share(a.AnsweredShare()), Abandon: share(a.AbandonShare()), InTime: share(a.InTimeShare()),
		MeanWait: a.MeanWait().Seconds(), ASA: a.ASA().Seconds(), Handling: a.MeanHandling().Seconds(), Patience: a.Patience().Seconds(),
	}
}

// HalfHour is one half hour of the clock over all days of a span.
type HalfHour struct {
	At   string `json:"at"` // "09:30"
	Peak bool   `json:"peak"`
	Sum
}

// Waits is how long people waited, by half hour of the day, at peak times and
// otherwise (R171).
type Waits struct {
	From      time.Time    `json:"from"`
	To        time.Time    `json:"to"`
	Channels  []string     `json:"channels"`
	Channel   string       `json:"channel"` // empty: all
	Total     Sum          `json:"total"`
	Peak      Sum          `json:"peak"`
	OffPeak   Sum          `json:"off_peak"`
	HalfHours []HalfHour   `json:"half_hours"`
	Defined   []Definition `json:"defined"`
}

// Waits sums what came in a span. A channel that is empty stands for all.
func (r *Report) Waits(ctx context.Context, by agent.Actor, s Span, channel string, zone *time.Location) (w Waits, err error) {
	defer fault.Wrap(&err, "report of waits")
	rows, err := r.arrived(ctx, by, s)
	if err != nil {
		return w, err
	}
	w = Waits{From: s.From, To: s.To, Channel: channel, Channels: channelsOf(rows), HalfHours: []HalfHour{}, Defined: waitDefinitions}
	var total staffing.Arrivals
	var slots [48]staffing.Arrivals
	for _, row := range rows {
		if channel == "" || row.Channel == channel {
			at := row.Slot.In(zone)
			i := (at.Hour()*60 + at.Minute()) / 30
			slots[i], total = slots[i].Plus(row.Arrivals), total.Plus(row.Arrivals)
		}
	}
	var peak, off staffing.Arrivals
	busy := peaks(slots[:])
	for i, a := range slots {
		if a.Offered == 0 {
			continue
		}
		if busy[i] {
			peak = peak.Plus(a)
		} else {
			off = off.Plus(a)
		}
		w.HalfHours = append(w.HalfHours, HalfHour{At: fmt.Sprintf("%02d:%02d", i/2, i%2*30), Peak: busy[i], Sum: sumOf(a)})
	}
	w.Total, w.Peak, w.OffPeak = sumOf(total), sumOf(peak), sumOf(off)
	return w, nil
}

// peaks are the half hours of the day that are busiest and together take half
// of all contacts.
func peaks(slots []staffing.Arrivals) map[int]bool {
	order := make([]int, len(slots))
	all := 0
	for i, a := range slots {
		order[i] = i
		all += a.Offered
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(slots[b].Offered, slots[a].Offered) })
	busy := map[int]bool{}
	for sum, k := 0, 0; 2*sum < all && k < len(order); k++ {
		busy[order[k]] = true
		sum += slots[order[k]].Offered
	}
	return busy
}

func (r *Report) arrived(ctx context.Context, by agent.Actor, s Span) ([]store.Arrived, error) {
	if !by.May(agent.ReportTeam) && !by.May(agent.ReportAll) {
		return nil, by.Need(agent.ReportTeam)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return r.DB.Now().Arrivals(ctx, s.From, s.To)
}

func channelsOf(rows []store.Arrived) []string {
	all := []string{}
	for _, row := range rows {
		if !slices.Contains(all, row.Channel) {
			all = append(all, row.Channel)
		}
	}
	return all
}

// Comparison is two times beside each other: before and after something
// changed (R177).
type Comparison struct {
	Before  Waits        `json:"before"`
	After   Waits        `json:"after"`
	Changes []Change     `json:"changes"`
	Defined []Definition `json:"defined"`
}

// Change is one number before and after. Relative is the change by what was
// before; absent where that was 0. Better says whether it is an improvement;
// absent where it is neither, or too little came to say.
type Change struct {
	Field    string   `json:"field"`
	Before   *float64 `json:"before,omitempty"`
	After    *float64 `json:"after,omitempty"`
	Relative *float64 `json:"relative,omitempty"`
	Better   *bool    `json:"better,omitempty"`
}

// fewestCompared is how many contacts each of the times needs before one is
// called better than the other.
const fewestCompared = 30

// Compare puts two spans beside each other. They may be of different length:
// what is compared are means and shares, and counts by day.
func (r *Report) Compare(ctx context.Context, by agent.Actor, before, after Span, channel string, zone *time.Location) (c Comparison, err error) {
	if c.Before, err = r.Waits(ctx, by, before, channel, zone); err != nil {
		return c, err
	}
	if c.After, err = r.Waits(ctx, by, after, channel, zone); err != nil {
		return c, err
	}
	perDay := func(n int, s Span) *float64 {
		v := float64(n) / s.To.Sub(s.From).Hours() * 24
		return &v
	}
	number := func(f float64) *float64 { return &f }
	b, a := c.Before, c.After
	enough := b.Total.Offered >= fewestCompared && a.Total.Offered >= fewestCompared
	add := func(field string, was, is *float64, good int) {
		change := Change{Field: field, Before: was, After: is}
		if was != nil && is != nil {
			if *was != 0 {
				change.Relative = number((*is - *was) / *was)
			}
			if d := (*is - *was) * float64(good); good != 0 && enough && d != 0 {
				better := d > 0
				change.Better = &better
			}
		}
		c.Changes = append(c.Changes, change)
	}
	add("offered_per_day", perDay(b.Total.Offered, before), perDay(a.Total.Offered, after), 0)
	add("in_time_share", b.Total.InTime, a.Total.InTime, 1)
	add("answer_share", b.Total.Answer, a.Total.Answer, 1)
	add("abandon_share", b.Total.Abandon, a.Total.Abandon, -1)
	add("mean_wait_s", number(b.Total.MeanWait), number(a.Total.MeanWait), -1)
	add("asa_s", number(b.Total.ASA), number(a.Total.ASA), -1)
	add("peak_wait_s", number(b.Peak.MeanWait), number(a.Peak.MeanWait), -1)
	add("off_peak_wait_s", number(b.OffPeak.MeanWait), number(a.OffPeak.MeanWait), -1)
	add("handling_s", number(b.Total.Handling), number(a.Total.Handling), 0)
	c.Defined = waitDefinitions
	return c, nil
}

var waitDefinitions = []Definition{
	{"offered", inbox.Text{Zh: "请求人工的联系，按请求时所在的半小时计", En: "Contacts that asked for a person, by the half hour in which they did"}},
	{"offered_per_day", inbox.Text{Zh: "平均每天请求人工的联系", En: "Contacts that asked for a person, by day"}},
	{"answered", inbox.Text{Zh: "其中有人工回复的", En: "Of these, those that a person answered"}},
	{"abandoned", inbox.Text{Zh: "人工回复之前就结束的", En: "Over before a person answered"}},
	{"answer_share", inbox.Text{Zh: "有人工回复的 ÷（有人工回复的 + 放弃的）", En: "Answered ÷ (answered + abandoned)"}},
	{"abandon_share", inbox.Text{Zh: "放弃的 ÷ 请求人工的；5 秒内离开的两边都不计", En: "Abandoned ÷ offered, without those who left within 5 seconds"}},
	{"in_time_share", inbox.Text{Zh: "在承诺的首次响应时限内回复的 ÷ 有此承诺的；没有等到回复的算未做到", En: "Answered within the promised first response ÷ those to whom it was promised; who was not answered counts as late"}},
	{"mean_wait_s", inbox.Text{Zh: "从请求人工到首次回复或离开的平均秒数，所有人都算", En: "Mean seconds from asking for a person to the first reply or to leaving, of all"}},
	{"asa_s", inbox.Text{Zh: "同上，只算有人工回复的", En: "The same of those who were answered"}},
	{"peak_wait_s", inbox.Text{Zh: "高峰的平均等待。高峰是一天中最忙、合起来占一半联系的那些半小时", En: "Mean wait at peak times: the busiest half hours of the day that together take half of all contacts"}},
	{"off_peak_wait_s", inbox.Text{Zh: "其余时段的平均等待", En: "Mean wait at all other times"}},
	{"handling_s", inbox.Text{Zh: "从接入到写完小结的平均秒数；最后一句话之后最多计 10 分钟", En: "Mean seconds from taking a contact to its summary; at most 10 minutes after the last word"}},
	{"patience_s", inbox.Text{Zh: "全部等待时间 ÷ 放弃的人数（等到回复的人也等过，所以计入时间）", En: "All that was waited ÷ those who gave up; who was answered had waited too"}},
}

// CSV writes the waits by half hour as a table.
func (w Waits) CSV(out io.Writer, language string) error {
	rows := [][]string{{"half_hour", "peak", "offered", "answered", "abandoned", "in_time_share", "mean_wait_s", "asa_s", "abandon_share", "handling_s"}}
	line := func(name, peak string, s Sum) {
		rows = append(rows, []string{name, peak, strconv.Itoa(s.Offered), strconv.Itoa(s.Answered), strconv.Itoa(s.Abandoned), maybe(s.InTime), seconds(s.MeanWait), seconds(s.ASA), maybe(s.Abandon), seconds(s.Handling)})
	}
	for _, h := range w.HalfHours {
		line(h.At, strconv.FormatBool(h.Peak), h.Sum)
	}
	line("peak", "true", w.Peak)
	line("off_peak", "false", w.OffPeak)
	line("total", "", w.Total)
	return table(out, rows, waitDefinitions, language)
}

// CSV writes the comparison as a table.
func (c Comparison) CSV(out io.Writer, language string) error {
	rows := [][]string{{"field", "before", "after", "relative"}}
	for _, each := range c.Changes {
		rows = append(rows, []string{each.Field, maybe(each.Before), maybe(each.After), maybe(each.Relative)})
	}
	return table(out, rows, waitDefinitions, language)
}

// table writes rows and what they count, in UTF-8 with a byte order mark.
func table(out io.Writer, rows [][]string, defined []Definition, language string) error {
	for _, d := range defined {
		rows = append(rows, []string{"definition", d.Field, sheet.Safe(d.Means.In(language))})
	}
	for i := range rows {
		for len(rows[i]) < len(rows[0]) {
			rows[i] = append(rows[i], "")
		}
	}
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	return csv.NewWriter(out).WriteAll(rows)
}

func maybe(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', 3, 64)
}

func seconds(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }
