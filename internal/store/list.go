package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mood"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// list is a query whose conditions are known only when it is asked. Values are
// always arguments, never text.
type list struct {
	head  string
	conds []string
	args  []any
}

func newList(head string) *list { return &list{head: head} }

// and adds a condition. Each ? in it stands for the next of args.
func (l *list) and(cond string, args ...any) {
	l.conds = append(l.conds, l.number(cond, args))
}

// number gives each ? of a text its place among the arguments.
func (l *list) number(text string, args []any) string {
	var b strings.Builder
	for _, part := range strings.SplitAfter(text, "?") {
		b.WriteString(part)
		if strings.HasSuffix(part, "?") {
			l.args = append(l.args, args[0])
			args = args[1:]
			b.WriteString(strconv.Itoa(len(l.args)))
		}
	}
	return b.String()
}

// text returns the whole query with what follows the conditions.
func (l *list) text(tail string, args ...any) string {
	tail = l.number(tail, args)
	where := ""
	if len(l.conds) > 0 {
		where = " WHERE " + strings.Join(l.conds, " AND ")
	}
	return l.head + where + " " + tail
}

// sight adds what agent.Actor.Sees says, as a condition on conversations c.
// The plus signs keep the engine from giving up the order of the list for one
// of these columns.
func (l *list) sight(by agent.Actor) {
	switch {
	case !by.May(agent.ConversationRead):
		l.and("1 = 0")
	case by.Scope == agent.ScopeAll:
	case by.Scope == agent.ScopeTeam:
		teams, args := "", make([]any, 0, len(by.Teams)+2)
		if len(by.Teams) > 0 {
			teams = " OR +c.team_id IN (" + strings.TrimSuffix(strings.Repeat("?,", len(by.Teams)), ",") + ")"
			for _, t := range by.Teams {
				args = append(args, t)
			}
		}
		l.and("(+c.team_id IS NULL"+teams+" OR +c.agent_id = ? OR +c.offer_agent = ? OR +c.id IN ("+takesPart+"))", append(args, by.Agent, by.Agent, by.Agent)...)
	default:
		l.and("(c.agent_id = ? OR c.offer_agent = ? OR c.id IN ("+takesPart+"))", by.Agent, by.Agent, by.Agent)
	}
}

// takesPart are the conversations in which an agent takes part, or is invited
// to.
const takesPart = "SELECT tp.conversation_id FROM participants tp WHERE tp.agent_id = ?"

// View is a list of conversations that an inbox shows.
type View string

// The views.
const (
	Mine       View = "mine"
	QueueView  View = "queue"
	Unassigned View = "unassigned"
	BotView    View = "bot"
	All        View = "all"
	ClosedView View = "closed"
	Mentions   View = "mentions"
)

// Views lists them.
func Views() []View { return []View{Mine, QueueView, Unassigned, BotView, All, ClosedView, Mentions} }

// ConversationList asks for a page of a view, narrowed by what is set.
type ConversationList struct {
	View     View
	By       agent.Actor
	State    conversation.State
	Agent    agent.ID
	Team     agent.TeamID
	Inbox    inbox.ID
	Tag      string
	Language string
	Waiting  time.Time // the contact has waited since before then
	Unread   bool
	Mood     mood.Level // at least
	Text     string     // in the contact's name or the last word said
	Priority *int
	Cursor   string
	Limit    int
}

const conversationColumns = `c.id, c.number, c.inbox_id, c.channel, c.contact_id, c.contact_name, c.state, c.team_id, c.agent_id, c.agent_name,
	c.offer_agent, c.offer_until, c.queue_reason, c.waiting_since, c.queued_at, c.priority, c.language, c.misses, c.last_seq, c.last_text,
	c.last_from, c.last_at, c.unread, c.contact_read, c.contact_has, c.agent_read, c.started_at, c.first_reply_at, c.closed_at, c.closed_by,
	c.summary, c.page_url, c.page_title, c.version, c.tags, c.rank_at, c.needs, c.prefers, c.told_at, c.left_at,
	c.taken_at, c.silent_since, c.warned_at, c.held, c.reminded, c.participants, c.expected_at, c.tension`

// ListConversations returns a page of a view and the cursor of the next one;
// an empty cursor is the end. The queue is in the order in which it is served,
// all else in the order of the last word said, newest first.
//
// A page of all or of what is closed looks at a bounded part of it, so that it
// is quick whatever is asked: it can be short, even empty, and have a next one.
func (tx *Tx) ListConversations(ctx context.Context, ask ConversationList) ([]conversation.Conversation, string, error) {
	parts, err := ask.parts()
	if err != nil {
		return nil, "", err
	}
	var (
		cs   = make([]conversation.Conversation, 0, ask.Limit+1)
		rest *place // nothing beyond it was looked at
	)
	for _, p := range parts {
		found, upTo, err := tx.page(ctx, p, ask)
		if err != nil {
			return nil, "", err
		}
		cs = append(cs, found...)
		if upTo != nil && (rest == nil || upTo.above(*rest)) {
			rest = upTo
		}
	}
	if len(parts) > 1 {
		slices.SortFunc(cs, func(a, b conversation.Conversation) int {
			return cmp.Or(b.LastAt.Compare(a.LastAt), cmp.Compare(b.ID, a.ID))
		})
	}
	if rest != nil {
		cs = slices.DeleteFunc(cs, rest.before)
	}
	switch {
	case len(cs) > ask.Limit:
		cs = cs[:ask.Limit]
		return cs, cursorOf(ask.View, cs[len(cs)-1]), nil
	case rest != nil:
		return cs, WriteCursor(0, rest.at, rest.id), nil
	default:
		return cs, "", nil
	}
}

// place is where in a list by the last word a row stands.
type place struct{ at, id int64 }

// before reports whether a conversation comes after the place in the list:
// something was said in it before.
func (p place) before(c conversation.Conversation) bool {
	at := ms(c.LastAt)
	return at < p.at || at == p.at && int64(c.ID) < p.id
}

// above reports whether the place comes before another one in the list.
func (p place) above(other place) bool { return p.at > other.at || p.at == other.at && p.id > other.id }

// part is a piece of a list that one index gives in order: what is open, or
// what is closed.
type part struct {
	*list
	at, id string      // the columns of the order
	up     bool        // the smallest are looked at first, not the greatest
	rest   *list       // what must fit too and no index helps with; shares the arguments
	add    func(*list) // adds what rest holds
	own    int         // how many of the arguments are not those of rest
}

// fits adds what must fit too and no index helps with.
func (p *part) fits(add func(*list)) {
	p.add, p.own = add, len(p.args)
	p.rest = &list{args: p.args}
	add(p.rest)
	if p.args = p.rest.args; len(p.rest.conds) == 0 {
		p.rest = nil
	}
}

// looked is how many conversations a page looks at that an index cannot sort
// out, counted how many a count does, and countedAll all counts together.
const (
	looked     = 250
	counted    = 2000
	countedAll = 20_000
)

// whole is a list that is one part, for the views that are small or stand in
// one index.
func (ask ConversationList) whole() ([]part, error) {
	p := ask.part("conversations c")
	if err := p.view(ask.View, ask.By); err != nil {
		return nil, err
	}
	p.narrow(ask, "")
	p.sight(ask.By)
	if ask.Unread || !ask.Waiting.IsZero() {
		p.and("c.state <> 'closed'")
	}
	return []part{p}, nil
}

// parts returns of what the list is made.
func (ask ConversationList) parts() ([]part, error) {
	switch {
	case ask.View != All && ask.View != ClosedView || !ask.narrowed() && ask.By.Scope == agent.ScopeAll:
		return ask.whole()
	case ask.View == ClosedView || ask.State == conversation.Closed:
		if ask.open() {
			return nil, nil
		}
		return []part{ask.closed()}, nil
	case ask.open():
		return []part{ask.opened()}, nil
	default:
		return []part{ask.opened(), ask.closed()}, nil
	}
}

// narrowed reports whether more is asked than a view.
func (ask ConversationList) narrowed() bool {
	return ask.State != "" || !ask.Agent.IsZero() || !ask.Team.IsZero() || !ask.Inbox.IsZero() || ask.Tag != "" || ask.Language != "" ||
		ask.Text != "" || ask.Priority != nil || ask.Mood != "" || ask.open()
}

// open reports whether only what is not closed can fit.
func (ask ConversationList) open() bool {
	return ask.Unread || !ask.Waiting.IsZero() || ask.State != "" && ask.State != conversation.Closed
}

func (ask ConversationList) part(from string) part {
	return part{list: newList(from), at: "c.last_at", id: "c.id"}
}

// opened is the part of a list that is not closed, in order; the rest must fit
// too. What one agent holds is little, and sorted when it is asked for.
func (ask ConversationList) opened() part {
	p := ask.part("conversations c")
	p.and("c.state <> 'closed'")
	if !ask.Agent.IsZero() || ask.By.Scope == agent.ScopeOwn {
		p.at, p.id = "+c.last_at", "+c.id"
		p.narrow(ask, "")
		p.sight(ask.By)
		return p
	}
	p.fits(func(l *list) {
		l.narrow(ask, "")
		l.sight(ask.By)
	})
	return p
}

// closed is the part of a list that is closed, in the order of the index of one
// filter; the rest must fit too.
func (ask ConversationList) closed() part {
	p := ask.part("conversations c")
	by := ""
	switch {
	case ask.Tag != "":
		by, p.at, p.id = "tag", "t.last_at", "t.conversation_id"
		p.head = "conversation_tags t CROSS JOIN conversations c"
		p.and("t.tag = ?", ask.Tag)
		p.and("c.id = t.conversation_id")
	case !ask.Agent.IsZero():
		by = "agent"
		p.and("c.agent_id = ?", ask.Agent)
	case !ask.Team.IsZero():
		by = "team"
		p.and("c.team_id = ?", ask.Team)
	case ask.Priority != nil && *ask.Priority > 0:
		by = "priority"
		p.and("c.priority = ?", *ask.Priority)
		p.and("c.priority > 0")
	case !ask.Inbox.IsZero():
		by = "inbox"
		p.and("c.inbox_id = ?", ask.Inbox)
	case ask.Language != "":
		by = "language"
		p.and("c.language = ?", ask.Language)
	}
	if by != "" && by != "tag" {
		p.and("c.state = 'closed'")
	}
	p.fits(func(l *list) {
		l.narrow(ask, by)
		l.sight(ask.By)
		if by == "" || by == "tag" {
			l.and("c.state = 'closed'")
		}
	})
	return p
}

// narrow adds what is asked beyond the view, but for what an index sees to.
func (l *list) narrow(ask ConversationList, by string) {
	if ask.State != "" {
		l.and("c.state || '' = ?", string(ask.State))
	}
	if !ask.Agent.IsZero() && by != "agent" {
		l.and("c.agent_id = ?", ask.Agent)
	}
	if !ask.Team.IsZero() && by != "team" {
		l.and("+c.team_id = ?", ask.Team)
	}
	if !ask.Inbox.IsZero() && by != "inbox" {
		l.and("+c.inbox_id = ?", ask.Inbox)
	}
	if ask.Priority != nil && by != "priority" {
		l.and("+c.priority = ?", *ask.Priority)
	}
	if ask.Language != "" && by != "language" {
		l.and("c.language || '' = ?", ask.Language)
	}
	if ask.Tag != "" && by != "tag" {
		b, _ := json.Marshal(ask.Tag) //nolint:errchkjson // a text always can be written
		l.and("replace(c.tags, ?, '') <> c.tags", string(b))
	}
	if ask.Mood != "" && ask.Mood != mood.Calm {
		l.and("c.tension >= ?", int64(mood.Least(ask.Mood)))
	}
	if ask.Unread {
		l.and("c.unread > 0")
	}
	if !ask.Waiting.IsZero() {
		l.and("c.waiting_since > 0")
		l.and("c.waiting_since <= ?", ms(ask.Waiting))
	}
	if ask.Text != "" {
		l.and("lower(c.contact_name || ' ' || c.last_text) LIKE ? ESCAPE '!'", holding(ask.Text))
	}
}

// holding is the pattern of what holds a text, in small letters.
func holding(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(text)) + "%"
}

// page reads one more row of a part than the page holds, and where it ceased to
// look if it did not come to the end.
func (tx *Tx) page(ctx context.Context, p part, ask ConversationList) (cs []conversation.Conversation, upTo *place, err error) {
	query, err := p.query(ask)
	if err != nil {
		return nil, nil, err
	}
	rows, err := tx.db.QueryContext(ctx, query, p.args...)
	if err != nil {
		return nil, nil, err
	}
	defer func() { logClose("conversations", rows.Close()) }()
	cs = make([]conversation.Conversation, 0, ask.Limit+1)
	var last place
	n := 0
	for ; len(cs) <= ask.Limit && rows.Next(); n++ {
		var (
			r    sqlcgen.Conversation
			fits int
		)
		if err := scanConversation(func(into ...any) error { return rows.Scan(append(into, &fits)...) }, &r); err != nil {
			return nil, nil, err
		}
		last = place{r.LastAt, int64(r.ID)}
		if fits == 0 {
			continue
		}
		c, err := conversationOf(r)
		if err != nil {
			return nil, nil, err
		}
		cs = append(cs, c)
	}
	if p.rest != nil && n == looked && len(cs) <= ask.Limit {
		upTo = &last
	}
	return cs, upTo, rows.Err()
}

// query is the statement for a page of a part.
func (p part) query(ask ConversationList) (string, error) {
	order, err := p.after(ask.View, ask.Cursor, p.at, p.id)
	if err != nil {
		return "", err
	}
	fits, most := "1", ask.Limit+1
	if p.rest != nil {
		fits, most = "CASE WHEN "+strings.Join(p.rest.conds, " AND ")+" THEN 1 ELSE 0 END", looked
	}
	p.head = "SELECT " + conversationColumns + ", " + fits + " FROM " + p.head
	return p.text(order + " LIMIT " + strconv.Itoa(most)), nil
}

// Count is how many things a list holds. Counting stops at a bound: More says
// that there may be more than were counted.
type Count struct {
	N    int  `json:"n"`
	More bool `json:"more"`
}

// CountConversations counts a list, and stops at most.
func (tx *Tx) CountConversations(ctx context.Context, ask ConversationList, most int) (Count, error) {
	sums, err := tx.CountLists(ctx, []ConversationList{ask}, most)
	if err != nil {
		return Count{}, err
	}
	return sums[0], nil
}

// CountLists counts lists, and stops each at most. Those that look through the
// same rows do it together; the more rows there are to look through, the less
// of them are looked at for each.
func (tx *Tx) CountLists(ctx context.Context, asks []ConversationList, most int) ([]Count, error) {
	lists := make([][]part, len(asks))
	for i, ask := range asks {
		parts := ask.parts
		if !ask.narrowed() {
			parts = ask.whole
		}
		var err error
		if lists[i], err = parts(); err != nil {
			return nil, err
		}
	}
	return tx.countParts(ctx, lists, most)
}

func (tx *Tx) countParts(ctx context.Context, lists [][]part, most int) ([]Count, error) {
	sums := make([]Count, len(lists))
	var looks []*look
	for i, parts := range lists {
		for _, p := range parts {
			if p.rest != nil {
				looks = join(looks, p, i)
				continue
			}
			n := 0
			p.head = "SELECT 1 FROM " + p.head
			query := "SELECT COUNT(*) FROM (" + p.text("LIMIT "+strconv.Itoa(most)) + ") AS found"
			if err := tx.db.QueryRowContext(ctx, query, p.args...).Scan(&n); err != nil {
				return nil, err
			}
			sums[i].N += n
		}
	}
	for _, l := range looks {
		if err := tx.look(ctx, l, min(counted, countedAll/len(looks)), sums); err != nil {
			return nil, err
		}
	}
	for i, s := range sums {
		sums[i] = Count{N: min(s.N, most), More: s.More || s.N >= most}
	}
	return sums, nil
}

// look is one pass through rows for all the counts that need them.
type look struct {
	part
	rows string        // which rows these are
	adds []func(*list) // what must fit for each count
	of   []int         // which counts these are
}

// join adds a part of a count to the look through its rows.
func join(looks []*look, p part, count int) []*look {
	rows := fmt.Sprint(p.head, p.conds, p.args[:p.own], p.at)
	i := slices.IndexFunc(looks, func(l *look) bool { return l.rows == rows })
	if i < 0 {
		i = len(looks)
		looks = append(looks, &look{part: p, rows: rows})
	}
	looks[i].adds, looks[i].of = append(looks[i].adds, p.add), append(looks[i].of, count)
	return looks
}

// look adds to counts what a look through so many rows finds.
func (tx *Tx) look(ctx context.Context, l *look, rows int, sums []Count) error {
	q := list{conds: l.conds, args: slices.Clone(l.args[:l.own])}
	fits, columns, seen := make([]string, len(l.of)), []string{"COUNT(*)"}, 0
	into, ns := []any{&seen}, make([]int, len(l.of))
	for i, add := range l.adds {
		rest := &list{args: q.args}
		add(rest)
		q.args = rest.args
		name := "fits" + strconv.Itoa(i)
		fits[i] = "CASE WHEN " + strings.Join(rest.conds, " AND ") + " THEN 1 ELSE 0 END AS " + name
		columns = append(columns, "COALESCE(SUM("+name+"), 0)")
		into = append(into, &ns[i])
	}
	q.head = "SELECT " + strings.Join(fits, ", ") + " FROM " + l.head
	dir := " DESC"
	if l.up {
		dir = ""
	}
	inner := q.text("ORDER BY " + l.at + dir + ", " + l.id + dir + " LIMIT " + strconv.Itoa(rows))
	if err := tx.db.QueryRowContext(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM ("+inner+") AS found", q.args...).Scan(into...); err != nil {
		return err
	}
	for i, of := range l.of {
		sums[of].N += ns[i]
		sums[of].More = sums[of].More || seen == rows
	}
	return nil
}

// CountUnread counts the messages in the agent's own conversations that wait
// to be read.
func (tx *Tx) CountUnread(ctx context.Context, a agent.ID) (n int, err error) {
	err = tx.db.QueryRowContext(ctx, "SELECT COALESCE(SUM(c.unread), 0) FROM conversations c WHERE c.agent_id = ?1 AND c.state = 'active'", a).Scan(&n)
	return n, err
}

func (l *list) view(v View, by agent.Actor) error {
	switch v {
	case Mine:
		l.and("(c.agent_id = ? OR c.id IN ("+takesPart+" AND tp.state = 'joined'))", by.Agent, by.Agent)
		l.and("c.state IN ('active', 'wrap_up')")
	case QueueView:
		l.and("c.queued_at > 0")
	case Unassigned:
		l.and("c.state IN ('bot', 'queued')")
	case BotView:
		l.and("c.state = 'bot'")
	case ClosedView:
		l.and("c.state = 'closed'")
	case Mentions:
		l.and("c.id IN (SELECT n.conversation_id FROM mentions n WHERE n.agent_id = ?)", by.Agent)
	case All:
	default:
		return fault.New(fault.Invalid, "list.view", "there is no view %q", string(v)).In("query.view")
	}
	return nil
}

// after adds where a page begins, and returns the order of the list.
func (l *list) after(v View, cursor, at, id string) (order string, err error) {
	order = "ORDER BY " + at + " DESC, " + id + " DESC"
	if v == QueueView {
		order = "ORDER BY c.rank_at, c.id"
	}
	if cursor == "" {
		return order, nil
	}
	ns, err := ReadCursor(cursor, 3)
	if err != nil {
		return "", err
	}
	if v == QueueView {
		l.and("(c.rank_at, c.id) > (?, ?)", ns[1], ns[2])
	} else {
		l.and("("+at+", "+id+") < (?, ?)", ns[1], ns[2])
	}
	return order, nil
}

func cursorOf(v View, c conversation.Conversation) string {
	when := c.LastAt
	if v == QueueView {
		when = c.RankAt
	}
	return WriteCursor(int64(c.Priority), ms(when), int64(c.ID))
}

// WriteCursor returns a place in a list as opaque text.
func WriteCursor(ns ...int64) string {
	parts := make([]string, len(ns))
	for i, n := range ns {
		parts[i] = strconv.FormatInt(n, 36)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, ".")))
}

// ReadCursor reads what WriteCursor wrote, if it holds as many numbers as wanted.
func ReadCursor(s string, want int) ([]int64, error) {
	wrong := fault.New(fault.Invalid, "list.cursor", "this is not a place in the list; begin again without a cursor").In("query.cursor")
	b, err := base64.RawURLEncoding.DecodeString(s)
	parts := strings.Split(string(b), ".")
	if err != nil || len(parts) != want {
		return nil, wrong
	}
	ns := make([]int64, want)
	for i, p := range parts {
		if ns[i], err = strconv.ParseInt(p, 36, 64); err != nil {
			return nil, wrong
		}
	}
	return ns, nil
}

func scanConversation(scan func(...any) error, r *sqlcgen.Conversation) error {
	if err := scan(
		&r.ID, &r.Number, &r.InboxID, &r.Channel, &r.ContactID, &r.ContactName, &r.State, &r.TeamID, &r.AgentID, &r.AgentName,
		&r.OfferAgent, &r.OfferUntil, &r.QueueReason, &r.WaitingSince, &r.QueuedAt, &r.Priority, &r.Language, &r.Misses, &r.LastSeq, &r.LastText,
		&r.LastFrom, &r.LastAt, &r.Unread, &r.ContactRead, &r.ContactHas, &r.AgentRead, &r.StartedAt, &r.FirstReplyAt, &r.ClosedAt, &r.ClosedBy,
		&r.Summary, &r.PageUrl, &r.PageTitle, &r.Version, &r.Tags, &r.RankAt, &r.Needs, &r.Prefers, &r.ToldAt, &r.LeftAt,
		&r.TakenAt, &r.SilentSince, &r.WarnedAt, &r.Held, &r.Reminded,
		&r.Participants, &r.ExpectedAt, &r.Tension,
	); err != nil {
		return fmt.Errorf("read a conversation: %w", err)
	}
	return nil
}
