package report

import (
	"context"
	"maps"
	"sync"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/wallboard"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// today is what a wallboard counts over the day, up to a moment: so much of it
// that it is counted once a minute, and what has ended since then is added each
// time.
type today struct {
	mu     sync.Mutex
	from   time.Time // the beginning of the day
	cut    time.Time // ended counts what ended before
	at     time.Time // when it was counted
	ended  map[agent.TeamID]wallboard.Ended
	worked map[agent.ID]wallboard.Worked
}

// todayHeld is how long what was counted over the day is good for.
const todayHeld = time.Minute

// Wallboard is the house as one viewer may see it, with what its figures count.
type Wallboard struct {
	wallboard.Board
	Defined []Definition `json:"defined"`
}

// Wallboard returns what the actor may see of the house now (R174).
func (r *Report) Wallboard(ctx context.Context, by agent.Actor) (b Wallboard, err error) {
	if err := wallboard.Need(by); err != nil {
		return b, err
	}
	s, err := r.Snapshot(ctx)
	if err != nil {
		return b, err
	}
	return Wallboard{s.Board(wallboard.Of(by)), wallDefinitions}, nil
}

// Snapshot reads the house for all wallboards at once.
func (r *Report) Snapshot(ctx context.Context) (s wallboard.Snapshot, err error) {
	defer fault.Wrap(&err, "read the wallboard")
	r.today.mu.Lock() // two at once would count the day twice
	defer r.today.mu.Unlock()
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		now := r.Now()
		if s, err = tx.Wallboard(ctx, now); err != nil {
			return err
		}
		if err := r.today.count(ctx, tx, now); err != nil {
			return err
		}
		late, err := tx.ChatsEnded(ctx, wallboard.Span{From: r.today.cut, To: now.Add(time.Hour)})
		if err != nil {
			return err
		}
		s.Ended = maps.Clone(r.today.ended)
		for team, e := range late {
			s.Ended[team] = s.Ended[team].Plus(e)
		}
		for i := range s.Seats {
			s.Seats[i].Worked = r.today.worked[s.Seats[i].ID]
		}
		return nil
	})
	return s, err
}

// count counts the day anew if that is due. What ended within the last minute
// is left out: a transaction that began earlier may still add to it.
func (d *today) count(ctx context.Context, tx *store.Tx, now time.Time) error {
	if age := now.Sub(d.at); d.ended != nil && age >= 0 && age < todayHeld && now.Before(d.from.Add(24*time.Hour)) {
		return nil
	}
	company, err := tx.Company(ctx)
	if err != nil {
		return err
	}
	zone := company.PhoneHours.Location()
	y, m, day := now.In(zone).Date()
	from := time.Date(y, m, day, 0, 0, 0, 0, zone)
	cut := now.Add(-todayHeld)
	if cut.Before(from) {
		cut = from
	}
	ended, err := tx.ChatsEnded(ctx, wallboard.Span{From: from, To: cut})
	if err != nil {
		return err
	}
	worked, err := tx.Worked(ctx, wallboard.Span{From: from, To: now})
	if err != nil {
		return err
	}
	d.from, d.cut, d.at, d.ended, d.worked = from, cut, now, ended, worked
	return nil
}

// wallDefinitions say what each figure of a wallboard counts.
var wallDefinitions = []Definition{
	{"waiting", inbox.Text{Zh: "正在排队等人接待的会话，正在振铃的也算", En: "Conversations that wait for a person now, ringing ones included"}},
	{"oldest_at", inbox.Text{Zh: "排队最久的会话已等待的时间，从要求人工时算起", En: "How long the one has waited who waits longest, from when a person was asked for"}},
	{"open", inbox.Text{Zh: "排队中、会话中和与智能助手对话中的会话", En: "Conversations that wait, that an agent answers, and those with the assistant"}},
	{"owed", inbox.Text{Zh: "客户已离开、客服还没有写小结的会话", En: "Conversations that are over for the customer and still owe a summary"}},
	{"level.all", inbox.Text{Zh: "今天的服务水平：在首次响应承诺内得到人工答复的 ÷ 全部要求人工的（已答复、已离开、已超过承诺仍在等的）", En: "Service level of today: answered by a person within the promise of the first response / all that asked for one (answered, left, and still waiting past the promise)"}},
	{"level.of_taken", inbox.Text{Zh: "承诺内答复的 ÷ 已答复的", En: "Answered within the promise / answered"}},
	{"level.fair", inbox.Text{Zh: "承诺内答复的 ÷ 全部要求人工的，不计 5 秒内离开的", En: "Answered within the promise / all, without those who left within 5 seconds"}},
	{"level.abandon", inbox.Text{Zh: "放弃率：等待超过 5 秒后离开的 ÷ 全部要求人工的，不计 5 秒内离开的", En: "Abandoned: left after more than 5 seconds / all, without those who left within 5 seconds"}},
	{"level.rate", inbox.Text{Zh: "接通率：已答复的 ÷ 全部要求人工的", En: "Answer rate: answered / all that asked for a person"}},
	{"level.left", inbox.Text{Zh: "今天没等到答复就离开的；其中 5 秒内离开的单列", En: "Left today before an answer; those within 5 seconds are told apart"}},
	{"late", inbox.Text{Zh: "已超过首次响应承诺、仍没有人答复的会话", En: "Past the promise of the first response and still unanswered"}},
	{"online", inbox.Text{Zh: "在线且开着工作台的客服", En: "Agents who are online and have a console open"}},
	{"free", inbox.Text{Zh: "在线客服还能接待的会话数", En: "How many more conversations those online can take"}},
	{"occupancy", inbox.Text{Zh: "今天在线或忙碌的时间里，手上至少有一个会话的时间所占的比例，每分钟更新", En: "Of the time in which agents were online or busy today, the part with at least one conversation; counted each minute"}},
}
