package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
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
		l.and("(+c.team_id IS NULL"+teams+" OR +c.agent_id = ? OR +c.offer_agent = ?)", append(args, by.Agent, by.Agent)...)
	default:
		l.and("(c.agent_id = ? OR c.offer_agent = ?)", by.Agent, by.Agent)
	}
}

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

// ConversationList asks for a page of a view.
type ConversationList struct {
	View     View
	By       agent.Actor
	Agent    agent.ID
	Team     agent.TeamID
	Inbox    inbox.ID
	Priority *int
	Cursor   string
	Limit    int
}

const conversationColumns = `c.id, c.number, c.inbox_id, c.channel, c.contact_id, c.contact_name, c.state, c.team_id, c.agent_id, c.agent_name,
	c.offer_agent, c.offer_until, c.queue_reason, c.waiting_since, c.queued_at, c.priority, c.language, c.misses, c.last_seq, c.last_text,
	c.last_from, c.last_at, c.unread, c.contact_read, c.contact_has, c.agent_read, c.started_at, c.first_reply_at, c.closed_at, c.closed_by,
	c.summary, c.page_url, c.page_title, c.version, c.tags, c.rank_at, c.needs, c.prefers, c.told_at, c.left_at`

// ListConversations returns a page of a view and the cursor of the next one;
// an empty cursor is the end. The queue is in the order in which it is served,
// all else in the order of the last word said, newest first.
func (tx *Tx) ListConversations(ctx context.Context, ask ConversationList) ([]conversation.Conversation, string, error) {
	q := newList("SELECT " + conversationColumns + " FROM conversations c")
	if err := q.view(ask.View, ask.By); err != nil {
		return nil, "", err
	}
	q.sight(ask.By)
	if !ask.Agent.IsZero() {
		q.and("c.agent_id = ?", ask.Agent)
	}
	if !ask.Team.IsZero() {
		q.and("c.team_id = ?", ask.Team)
	}
	if !ask.Inbox.IsZero() {
		q.and("c.inbox_id = ?", ask.Inbox)
	}
	if ask.Priority != nil {
		q.and("c.priority = ?", *ask.Priority)
	}
	order, err := q.after(ask.View, ask.Cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.db.QueryContext(ctx, q.text(order+" LIMIT "+strconv.Itoa(ask.Limit+1)), q.args...)
	if err != nil {
		return nil, "", err
	}
	defer func() { logClose("conversations", rows.Close()) }()
	cs := make([]conversation.Conversation, 0, ask.Limit+1)
	for rows.Next() {
		var r sqlcgen.Conversation
		if err := scanConversation(rows.Scan, &r); err != nil {
			return nil, "", err
		}
		c, err := conversationOf(r)
		if err != nil {
			return nil, "", err
		}
		cs = append(cs, c)
	}
	if err := rows.Err(); err != nil || len(cs) <= ask.Limit {
		return cs, "", err
	}
	cs = cs[:ask.Limit]
	return cs, cursorOf(ask.View, cs[len(cs)-1]), nil
}

// CountConversations counts a view, and stops at most.
func (tx *Tx) CountConversations(ctx context.Context, v View, by agent.Actor, most int) (n int, err error) {
	q := newList("SELECT 1 FROM conversations c")
	if err := q.view(v, by); err != nil {
		return 0, err
	}
	q.sight(by)
	inner := q.text("LIMIT " + strconv.Itoa(most))
	err = tx.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM ("+inner+") AS counted", q.args...).Scan(&n)
	return n, err
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
		l.and("c.agent_id = ?", by.Agent)
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
func (l *list) after(v View, cursor string) (order string, err error) {
	order = "ORDER BY c.last_at DESC, c.id DESC"
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
		l.and("(c.last_at, c.id) < (?, ?)", ns[1], ns[2])
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

// ConversationCursor returns where the page of a list by last word begins that
// follows a time. It lets a reader jump.
func ConversationCursor(lastAt time.Time, id conversation.ID) string {
	return WriteCursor(0, ms(lastAt), int64(id))
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
	); err != nil {
		return fmt.Errorf("read a conversation: %w", err)
	}
	return nil
}
