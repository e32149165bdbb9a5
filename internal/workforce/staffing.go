package workforce

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/shift"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/staffing"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/sheet"
	"yingda/internal/store"
)

// StaffingAsk asks how many people some days take.
type StaffingAsk struct {
	From, To string
	Channel  string
	Team     agent.TeamID // whose roster is held against it; zero: everybody's
	Language string
}

// Staffing is how many people the half hours of some days take, against the
// roster (domain reference §4.2, report 28).
type Staffing struct {
	Zone     string            `json:"zone"`
	Today    string            `json:"today"`
	Channel  string            `json:"channel"`
	Channels []string          `json:"channels" doc:"that anything was measured of in the last year, and the one asked for"`
	Promise  *StaffingPromise  `json:"promise,omitempty" doc:"absent: no first response is promised on this channel"`
	Settings staffing.Settings `json:"settings"`
	Days     []StaffingDay     `json:"days"`
}

// StaffingPromise is the promise that is planned for.
type StaffingPromise struct {
	Seconds float64 `json:"seconds"`
	Preset  string  `json:"preset"`
}

// StaffingDay is one day of it.
type StaffingDay struct {
	Day      string         `json:"day"`
	Like     string         `json:"like" doc:"the days it is held to be like: weekday-0 to weekday-6, Monday first, or holiday"`
	Holiday  string         `json:"holiday,omitempty"`
	From     string         `json:"from" enum:"measured,typed,nothing"`
	Days     int            `json:"days" doc:"how many days it comes from"`
	Contacts int            `json:"contacts" doc:"that came on them"`
	Sure     staffing.Sure  `json:"sure" enum:"not_enough,low,fair,high"`
	Patience float64        `json:"patience_s" doc:"0: too few gave up to say, so nobody does"`
	TypedBy  string         `json:"typed_by,omitempty"`
	Slots    []StaffingSlot `json:"slots"`
	Trial    *TrialView     `json:"trial,omitempty"`
}

// StaffingSlot is one half hour. Parts are from 0 to 1.
type StaffingSlot struct {
	At           string   `json:"at" doc:"09:30, in the company's time zone"`
	Open         bool     `json:"open" doc:"the promise holds then"`
	Contacts     float64  `json:"contacts"`
	Error        float64  `json:"error" doc:"standard error of the contacts"`
	Handling     float64  `json:"handling_s"`
	AtDesk       int      `json:"at_desk" doc:"people who must answer at the same time"`
	Needed       int      `json:"needed" doc:"people who must be on the roster"`
	Rostered     float64  `json:"rostered" doc:"people whom the roster has, breaks left out; parts are parts of the half hour"`
	Over         float64  `json:"over" doc:"rostered less needed; below 0: too few"`
	ServiceLevel float64  `json:"service_level" doc:"with the roster as it is: answered in time, of all"`
	MeanWait     float64  `json:"mean_wait_s" doc:"of all who come"`
	Abandon      float64  `json:"abandon"`
	Occupancy    float64  `json:"occupancy"`
	Overloaded   bool     `json:"overloaded" doc:"fewer people than work: the queue grows, and wait is not known"`
	Why          []string `json:"why" doc:"what the need and the outcome follow from, in words"`
}

const longestPlan = 7

// Staffing plans some days: what is expected, what the promise in force takes,
// and what becomes of it with the roster as it is.
func (w *Workforce) Staffing(ctx context.Context, by agent.Actor, ask StaffingAsk) (s Staffing, err error) {
	defer fault.Wrap(&err, "staffing from %s", ask.From)
	if err := by.Need(agent.RosterManage); err != nil {
		return s, err
	}
	if err := span(ask.From, ask.To, longestPlan); err != nil {
		return s, err
	}
	if err := checkChannel(ask.Channel); err != nil {
		return s, err
	}
	err = w.DB.View(ctx, func(tx *store.Tx) error {
		p, err := w.planner(ctx, tx, by, ask)
		if err != nil {
			return err
		}
		s = Staffing{Zone: p.zone.String(), Today: shift.DayOf(w.Now(), p.zone), Channel: ask.Channel, Settings: p.settings, Days: []StaffingDay{}}
		if s.Channels, err = p.channels(ctx); err != nil {
			return err
		}
		for _, day := range shift.Days(ask.From, ask.To) {
			d, target, err := p.day(ctx, day)
			if err != nil {
				return err
			}
			if target != nil {
				s.Promise = target
			}
			if t, ok, err := tx.LastTrial(ctx, ask.Channel, day, ask.Team); err != nil {
				return err
			} else if ok {
				if d.Trial, err = viewTrial(t); err != nil {
					return err
				}
			}
			s.Days = append(s.Days, d)
		}
		return nil
	})
	return s, err
}

func checkChannel(channel string) error {
	if channel == "" || len(channel) > 40 || strings.Trim(channel, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return fault.New(fault.Invalid, "staffing.channel", "%q is not a channel", channel).In("channel")
	}
	return nil
}

// planner holds what all days of one plan share.
type planner struct {
	w        *Workforce
	tx       *store.Tx
	ask      StaffingAsk
	zone     *time.Location
	settings staffing.Settings
	promises *sla.Promises
	plan     shift.Plan
	causes   map[string]Day
	measured map[string][]staffing.Arrivals // by day, half hours from midnight
	first    string                         // the first day on which anything was measured
}

func (w *Workforce) planner(ctx context.Context, tx *store.Tx, by agent.Actor, ask StaffingAsk) (*planner, error) {
	p := &planner{w: w, tx: tx, ask: ask, causes: map[string]Day{}, measured: map[string][]staffing.Arrivals{}}
	var err error
	if p.zone, err = w.zone(ctx, tx); err != nil {
		return nil, err
	}
	if p.settings, err = tx.StaffingSettings(ctx); err != nil {
		return nil, err
	}
	if p.promises, err = w.Desk.Promises(ctx); err != nil {
		return nil, err
	}
	crew, err := w.reach(ctx, tx, by, ask.Team)
	if err != nil {
		return nil, err
	}
	es, err := tx.Roster(ctx, shift.After(ask.From, -1), ask.To)
	if err != nil {
		return nil, err
	}
	p.plan = shift.NewPlan(slices.DeleteFunc(es, func(e shift.Entry) bool { _, ok := crew[e.Agent]; return !ok }), p.zone)
	return p, p.read(ctx)
}

// read reads what was measured in the weeks that are looked back on, up to
// yesterday.
func (p *planner) read(ctx context.Context) error {
	today := shift.DayOf(p.w.Now(), p.zone)
	last := min(today, p.ask.To)
	from := shift.After(last, -7*p.settings.Weeks-longestPlan)
	days, err := p.w.days(ctx, from, max(p.ask.To, today))
	if err != nil {
		return err
	}
	for _, d := range days {
		p.causes[d.Day] = d
	}
	rows, err := p.tx.Arrivals(ctx, dayStart(from, p.zone, time.Time{}), dayStart(last, p.zone, time.Time{}))
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Channel != p.ask.Channel {
			continue
		}
		at := r.Slot.In(p.zone)
		day, slot := at.Format(time.DateOnly), (at.Hour()*60+at.Minute())/30
		if p.measured[day] == nil {
			p.measured[day] = make([]staffing.Arrivals, halfHours)
		}
		p.measured[day][slot] = p.measured[day][slot].Plus(r.Arrivals)
		if p.first == "" || day < p.first {
			p.first = day
		}
	}
	return nil
}

// halfHours are those of the clock in a day. Where the clocks change, two half
// hours of one name count for the same one.
const halfHours = 48

func (p *planner) channels(ctx context.Context) ([]string, error) {
	all, err := p.tx.ArrivalChannels(ctx, p.w.Now().AddDate(-1, 0, 0).UnixMilli())
	if !slices.Contains(all, p.ask.Channel) {
		all = append(all, p.ask.Channel)
	}
	slices.Sort(all)
	return all, err
}

// like is the days that a day is held to be like. A weekend day that is worked
// is like a Monday, as in the calendars.
func (p *planner) like(day string) string {
	d := p.causes[day]
	switch {
	case d.Holiday:
		return "holiday"
	case d.Cause == sla.ByMakeup:
		return "weekday-0"
	}
	return "weekday-" + strconv.Itoa((int(mustDay(day).Weekday())+6)%7)
}

func (p *planner) day(ctx context.Context, day string) (StaffingDay, *StaffingPromise, error) {
	d := StaffingDay{Day: day, Like: p.like(day), From: "measured"}
	if d.Like == "holiday" {
		d.Holiday = p.causes[day].Name
	}
	f, err := p.expect(ctx, day, &d)
	if err != nil {
		return d, nil, err
	}
	d.Days, d.Contacts, d.Sure, d.Patience = f.Days, f.Contacts, f.Sure, f.Patience.Seconds()
	var told *StaffingPromise
	for i := range halfHours {
		from, ok := clockTime(day, i, p.zone)
		if !ok {
			continue // the clocks skip it
		}
		target, open, promise, err := p.target(from)
		if err != nil {
			return d, nil, err
		}
		if promise != nil {
			told = promise
		}
		slot, err := p.slot(f, i, from, target, open)
		if err != nil {
			return d, nil, err
		}
		d.Slots = append(d.Slots, slot)
	}
	return d, told, nil
}

// clockTime is when a half hour of the clock begins; false if the clocks skip
// it on that day.
func clockTime(day string, i int, zone *time.Location) (time.Time, bool) {
	d := mustDay(day)
	at := time.Date(d.Year(), d.Month(), d.Day(), 0, i*30, 0, 0, zone)
	return at, at.Hour()*60+at.Minute() == i*30 && at.Format(time.DateOnly) == day
}

// expect returns what a day is expected to bring: what people said, or the mean
// of the days that are like it.
func (p *planner) expect(ctx context.Context, day string, d *StaffingDay) (staffing.Forecast, error) {
	typed, ok, err := p.tx.Expected(ctx, p.ask.Channel, day)
	if err != nil {
		return staffing.Forecast{}, err
	}
	if ok {
		d.From, d.TypedBy = "typed", typed.By
		f := staffing.Forecast{Slots: make([]staffing.Expected, halfHours), Patience: time.Duration(typed.Patience) * time.Second, Sure: staffing.HighSure}
		for _, s := range typed.Slots {
			if i, ok := slotOf(s.At); ok {
				f.Slots[i] = staffing.Expected{Contacts: s.Contacts, Handling: time.Duration(s.Handling) * time.Second}
				f.Contacts += int(math.Round(s.Contacts))
			}
		}
		return f, nil
	}
	today := shift.DayOf(p.w.Now(), p.zone)
	var days [][]staffing.Arrivals
	for back := 1; back <= 7*p.settings.Weeks; back++ {
		before := shift.After(min(day, today), -back)
		if p.first == "" || before < p.first || p.like(before) != d.Like {
			continue
		}
		days = append(days, p.measured[before]) // a day without anything counts as one
	}
	f := staffing.Expect(days, halfHours)
	if f.Sure == staffing.NotEnough {
		d.From = "nothing"
		f.Slots = make([]staffing.Expected, halfHours)
	}
	return f, nil
}

func slotOf(at string) (int, bool) {
	t, err := time.Parse("15:04", at)
	return (t.Hour()*60 + t.Minute()) / 30, err == nil && t.Minute()%30 == 0
}

// target is how soon a contact that comes then is promised a first response.
// It is not open where the calendar of the promise is closed: nobody has to be
// there.
func (p *planner) target(at time.Time) (target time.Duration, open bool, promise *StaffingPromise, err error) {
	subject := sla.Subject{Kind: sla.KindConversation, Channel: p.ask.Channel}
	metric := sla.FirstResponse
	if p.ask.Channel == "voice" || p.ask.Channel == "phone" {
		subject.Kind, metric = sla.KindCall, sla.AnswerWait
	}
	due, ok, err := p.promises.Promise(metric, subject, at)
	if err != nil || !ok {
		return 0, false, nil, err
	}
	if table, ok := p.promises.Timetable(due.Calendar); ok && !table.OpenAt(at) {
		return 0, false, nil, nil
	}
	target = due.Limit.Sub(at)
	return target, true, &StaffingPromise{Seconds: target.Seconds(), Preset: due.Preset}, nil
}

func (p *planner) slot(f staffing.Forecast, i int, from time.Time, target time.Duration, open bool) (StaffingSlot, error) {
	e := f.Slots[i]
	s := StaffingSlot{
		At: from.Format("15:04"), Open: open, Contacts: e.Contacts, Error: e.Error, Handling: e.Handling.Seconds(), Why: []string{},
		Rostered: p.plan.AtWork(shift.Stretch{From: from, To: from.Add(staffing.HalfHour)}),
	}
	if !open {
		return s, nil
	}
	need, err := p.settings.Need(e, target, f.Patience)
	if err != nil {
		return s, err
	}
	o, over, err := p.settings.With(e, s.Rostered, target, f.Patience)
	if err != nil {
		return s, err
	}
	s.AtDesk, s.Needed, s.Over = need.AtDesk, need.Rostered, s.Rostered-float64(need.Rostered)
	s.ServiceLevel, s.MeanWait, s.Abandon, s.Occupancy, s.Overloaded = o.ServiceLevel, o.MeanWait, o.Abandon, o.Occupancy, over
	if need.AtDesk > 0 {
		s.Why = staffing.Why(e.Load(), need.Outcome, target, f.Patience, p.ask.Language)
	}
	return s, nil
}

// StaffingSettings returns what plans are made with.
func (w *Workforce) StaffingSettings(ctx context.Context, by agent.Actor) (staffing.Settings, error) {
	if err := by.Need(agent.RosterManage); err != nil {
		return staffing.Settings{}, err
	}
	return w.DB.Now().StaffingSettings(ctx)
}

// ChangeStaffingSettings writes what plans are made with.
func (w *Workforce) ChangeStaffingSettings(ctx context.Context, by agent.Actor, s staffing.Settings) (_ staffing.Settings, err error) {
	defer fault.Wrap(&err, "change the settings of staffing")
	if err := by.Need(agent.RosterManage); err != nil {
		return s, err
	}
	if err := s.Check(); err != nil {
		return s, err
	}
	return s, w.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SaveStaffingSettings(ctx, s, w.Now()); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, w.Now(), "setting.change", audit.Object{Kind: "setting", ID: "staffing", Name: ""}, map[string]any{
			"fields": []string{"goal", "max_occupancy", "shrinkage", "weeks", "parallel"},
		}))
	})
}

// TypedDay is what somebody says a day will bring.
type TypedDay struct {
	Channel  string               `json:"channel"`
	Day      string               `json:"day"`
	Slots    []store.ExpectedSlot `json:"slots" maxItems:"48"`
	Patience int                  `json:"patience_s,omitempty" minimum:"0" maximum:"86400"`
}

const (
	mostContacts = 100_000
	mostHandling = 24 * 3600
)

// TypeExpected keeps what somebody says a day will bring, instead of what was
// measured.
func (w *Workforce) TypeExpected(ctx context.Context, by agent.Actor, d TypedDay) (err error) {
	defer fault.Wrap(&err, "type what %s will bring", d.Day)
	if err := by.Need(agent.RosterManage); err != nil {
		return err
	}
	if err := firstOf(checkChannel(d.Channel), shift.CheckDay(d.Day, "day")); err != nil {
		return err
	}
	seen := map[int]bool{}
	for _, s := range d.Slots {
		i, ok := slotOf(s.At)
		switch {
		case !ok || seen[i]:
			return fault.New(fault.Invalid, "staffing.slot", "%q is not a half hour like 09:30, or it stands there twice", s.At).In("slots")
		case !(s.Contacts >= 0 && s.Contacts <= mostContacts) || s.Handling < 0 || s.Handling > mostHandling || s.Contacts > 0 && s.Handling == 0:
			return fault.New(fault.Invalid, "staffing.typed", "at %s write contacts from 0 to %d, and a handling time in seconds above 0", s.At, mostContacts).In("slots")
		}
		seen[i] = true
	}
	return w.DB.Update(ctx, func(tx *store.Tx) error {
		e := store.ExpectedDay{Slots: d.Slots, Patience: d.Patience, By: by.Name, At: w.Now()}
		if err := tx.SaveExpected(ctx, d.Channel, d.Day, e); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, w.Now(), "staffing.type", audit.Object{Kind: "staffing", ID: d.Day, Name: d.Channel}, nil))
	})
}

// ForgetTyped goes back to what was measured.
func (w *Workforce) ForgetTyped(ctx context.Context, by agent.Actor, channel, day string) (err error) {
	defer fault.Wrap(&err, "forget what %s will bring", day)
	if err := by.Need(agent.RosterManage); err != nil {
		return err
	}
	return w.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.ForgetExpected(ctx, channel, day); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, w.Now(), "staffing.forget", audit.Object{Kind: "staffing", ID: day, Name: channel}, nil))
	})
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TrialView is a simulation of a day.
type TrialView struct {
	ID    store.TrialID `json:"id"`
	State string        `json:"state" enum:"asked,done,failed"`
	By    string        `json:"by"`
	At    time.Time     `json:"at"`
	Done  time.Time     `json:"done_at,omitzero"`
	Seeds int           `json:"seeds"`
	Slots []TrialSlot   `json:"slots"`
	Day   TrialSlot     `json:"day" doc:"of the whole day"`
	Why   []string      `json:"why"`
}

// TrialSlot is the mean of all runs, and the worst and the best of them.
type TrialSlot struct {
	At           string  `json:"at"`
	Contacts     float64 `json:"contacts"`
	People       int     `json:"people"`
	ServiceLevel float64 `json:"service_level"`
	Worst        float64 `json:"worst"`
	Best         float64 `json:"best"`
	MeanWait     float64 `json:"mean_wait_s"`
	Abandon      float64 `json:"abandon"`
	Occupancy    float64 `json:"occupancy"`
}

// trialBody is what stands in the database: what is simulated, and what came
// out.
type trialBody struct {
	Day      staffing.Day `json:"day"`
	At       []string     `json:"at"`
	Language string       `json:"language"`
	Slots    []TrialSlot  `json:"slots,omitempty"`
	Whole    TrialSlot    `json:"whole"`
}

// seeds is how many times a day is simulated. The seeds are fixed: asked again
// with the same roster, the same comes out.
const seeds = 20

func viewTrial(t store.Trial) (*TrialView, error) {
	var b trialBody
	if err := json.Unmarshal([]byte(t.Body), &b); err != nil {
		return nil, err
	}
	v := &TrialView{ID: t.ID, State: t.State, By: t.By, At: t.At, Done: t.Done, Seeds: seeds, Slots: b.Slots, Day: b.Whole, Why: trialWhy(b)}
	if v.Slots == nil {
		v.Slots = []TrialSlot{}
	}
	return v, nil
}

func trialWhy(b trialBody) []string {
	if b.Language == "zh" {
		return []string{
			"用派发规则模拟这一天 " + strconv.Itoa(seeds) + " 次（随机种子固定，结果可重复），取平均；区间为其中最差和最好的一次",
			"与公式不同：上一个半小时没有处理完的排队会带到下一个半小时，人员按排班上下班，下班的人处理完手上的联系",
			"到来、处理时长和耐心都是随机的（指数分布），一天结束时还在等待的算放弃",
		}
	}
	return []string{
		"the day was simulated " + strconv.Itoa(seeds) + " times with the routing of the desk; the seeds are fixed, so that the same comes out again; the mean of all, and the worst and the best of them",
		"unlike the formulas it carries the queue of a half hour into the next, and people come and go as the roster says; who goes ends what they have",
		"contacts come, take long and wait at random (exponential); who still waits at the end of the day has given up",
	}
}

// AskTrial asks for a simulation of a day with the roster as it is now. It is
// done by a job.
func (w *Workforce) AskTrial(ctx context.Context, by agent.Actor, ask StaffingAsk) (v TrialView, err error) {
	defer fault.Wrap(&err, "ask for a simulation of %s", ask.From)
	if err := by.Need(agent.RosterManage); err != nil {
		return v, err
	}
	if err := firstOf(checkChannel(ask.Channel), shift.CheckDay(ask.From, "day")); err != nil {
		return v, err
	}
	ask.To = ask.From
	now := w.Now()
	err = w.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := w.planner(ctx, tx, by, ask)
		if err != nil {
			return err
		}
		d, promise, err := p.day(ctx, ask.From)
		if err != nil {
			return err
		}
		if promise == nil || d.From == "nothing" {
			return fault.New(fault.Conflict, "trial.nothing", "there is nothing to simulate: no promise of a first response, or nothing is known of what will come")
		}
		b := trialBody{Language: ask.Language, Day: staffing.Day{
			Target: time.Duration(promise.Seconds * float64(time.Second)), Patience: time.Duration(d.Patience * float64(time.Second)), Parallel: p.settings.Parallel,
		}}
		for _, s := range d.Slots {
			one := staffing.DaySlot{People: p.settings.Present(s.Rostered), Handling: time.Duration(s.Handling * float64(time.Second))}
			if s.Open {
				one.Contacts = s.Contacts
			}
			b.Day.Slots, b.At = append(b.Day.Slots, one), append(b.At, s.At)
		}
		if err := b.Day.Check(); err != nil {
			return err
		}
		body, err := json.Marshal(b)
		if err != nil {
			return err
		}
		t := store.Trial{ID: store.NewTrialID(now), Channel: ask.Channel, Day: ask.From, Team: ask.Team, State: "asked", By: by.Name, At: now, Body: string(body)}
		if err := tx.InsertTrial(ctx, t); err != nil {
			return err
		}
		view, err := viewTrial(t)
		if err != nil {
			return err
		}
		v = *view
		return tx.Enqueue(ctx, TrialJob, TrialWork{t.ID}, now, now)
	})
	return v, err
}

// TrialWork is the payload of TrialJob.
type TrialWork struct {
	Trial store.TrialID `json:"trial"`
}

// Trial returns a simulation.
func (w *Workforce) Trial(ctx context.Context, by agent.Actor, i store.TrialID) (v TrialView, err error) {
	if err := by.Need(agent.RosterManage); err != nil {
		return v, err
	}
	t, err := w.DB.Now().Trial(ctx, i)
	if err != nil {
		return v, err
	}
	view, err := viewTrial(t)
	if err != nil {
		return v, err
	}
	return *view, nil
}

// RunTrial simulates a day that was asked for.
func (w *Workforce) RunTrial(ctx context.Context, work TrialWork) (err error) {
	defer fault.Wrap(&err, "simulate %s", work.Trial)
	t, err := w.DB.Now().Trial(ctx, work.Trial)
	if err != nil || t.State != "asked" {
		return err
	}
	var b trialBody
	if err := json.Unmarshal([]byte(t.Body), &b); err != nil {
		return err
	}
	if t.State = "done"; b.simulate() != nil {
		t.State = "failed"
	}
	body, err := json.Marshal(b)
	if err != nil {
		return err
	}
	t.Body, t.Done = string(body), w.Now()
	return w.DB.Update(ctx, func(tx *store.Tx) error { return tx.EndTrial(ctx, t) })
}

func (b *trialBody) simulate() error {
	n := float64(seeds)
	b.Slots = make([]TrialSlot, len(b.Day.Slots))
	b.Whole = TrialSlot{Worst: 1}
	for i, s := range b.Day.Slots {
		b.Slots[i] = TrialSlot{At: b.At[i], Contacts: s.Contacts, People: s.People, Worst: 1}
		b.Whole.Contacts += s.Contacts
	}
	for seed := range uint64(seeds) {
		outcomes, err := staffing.SimulateDay(b.Day, rand.New(rand.NewPCG(seed, 20_261_130)).Float64)
		if err != nil {
			return err
		}
		var whole TrialSlot
		for i, o := range outcomes {
			s := &b.Slots[i]
			s.ServiceLevel, s.MeanWait, s.Abandon, s.Occupancy = s.ServiceLevel+o.ServiceLevel/n, s.MeanWait+o.MeanWait/n, s.Abandon+o.Abandon/n, s.Occupancy+o.Occupancy/n
			s.Worst, s.Best = min(s.Worst, o.ServiceLevel), max(s.Best, o.ServiceLevel)
			if b.Whole.Contacts > 0 {
				part := b.Day.Slots[i].Contacts / b.Whole.Contacts
				whole.ServiceLevel, whole.MeanWait, whole.Abandon = whole.ServiceLevel+part*o.ServiceLevel, whole.MeanWait+part*o.MeanWait, whole.Abandon+part*o.Abandon
			}
		}
		b.Whole.ServiceLevel, b.Whole.MeanWait, b.Whole.Abandon = b.Whole.ServiceLevel+whole.ServiceLevel/n, b.Whole.MeanWait+whole.MeanWait/n, b.Whole.Abandon+whole.Abandon/n
		b.Whole.Worst, b.Whole.Best = min(b.Whole.Worst, whole.ServiceLevel), max(b.Whole.Best, whole.ServiceLevel)
	}
	return nil
}

// CSV writes the plan as a table, a line each half hour.
func (s Staffing) CSV(out io.Writer) error {
	rows := [][]string{{"day", "time", "open", "contacts", "handling_s", "needed_at_desk", "needed_rostered", "rostered", "over", "service_level", "mean_wait_s", "abandon", "occupancy", "overloaded", "from", "days", "sure"}}
	for _, d := range s.Days {
		for _, t := range d.Slots {
			rows = append(rows, []string{
				d.Day, t.At, strconv.FormatBool(t.Open), decimal(t.Contacts), decimal(t.Handling), strconv.Itoa(t.AtDesk), strconv.Itoa(t.Needed), decimal(t.Rostered), number(t.Over),
				decimal3(t.ServiceLevel), decimal(t.MeanWait), decimal3(t.Abandon), decimal3(t.Occupancy), strconv.FormatBool(t.Overloaded), sheet.Safe(d.From), strconv.Itoa(d.Days), sheet.Safe(string(d.Sure)),
			})
		}
	}
	return writeTable(out, rows)
}

// number is a number that may be below 0: a minus alone makes no formula of it.
func number(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }
