package store

import (
	"context"
	"strconv"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/wallboard"
	"yingda/internal/store/sqlcgen"
)

// Wallboard reads what a wallboard shows of now: seats of those who answer,
// what is open, promises that run. What is counted over the day is not in it.
func (tx *Tx) Wallboard(ctx context.Context, now time.Time) (s wallboard.Snapshot, err error) {
	s.At = now
	if s.Seats, err = tx.wallSeats(ctx); err != nil {
		return s, err
	}
	talks, err := tx.WallTalks(ctx)
	if err != nil {
		return s, err
	}
	s.Talks = make([]wallboard.Talk, 0, len(talks))
	for _, t := range talks {
		s.Talks = append(s.Talks, wallboard.Talk{
			ID: t.ID, Number: t.Number, Contact: t.ContactName, State: conversation.State(t.State), Team: t.TeamID, Agent: t.AgentID, Offered: t.OfferAgent,
			Reason: conversation.Reason(t.QueueReason), Priority: int(t.Priority), QueuedAt: at(t.QueuedAt), StartedAt: at(t.StartedAt), WaitingSince: at(t.WaitingSince),
		})
	}
	counts, err := tx.WallCounts(ctx)
	if err != nil {
		return s, err
	}
	s.Bots, s.Owed = map[agent.TeamID]int{}, map[agent.TeamID]int{}
	for _, c := range counts {
		if conversation.State(c.State) == conversation.Bot {
			s.Bots[c.TeamID] += int(c.Held)
		} else {
			s.Owed[c.TeamID] += int(c.Held)
		}
	}
	s.Risks, err = tx.wallRisks(ctx, now)
	return s, err
}

// wallSeats are the agents who may answer, with their teams.
func (tx *Tx) wallSeats(ctx context.Context) ([]wallboard.Seat, error) {
	rows, err := tx.WallSeats(ctx)
	if err != nil {
		return nil, err
	}
	may, err := tx.mayReply(ctx)
	if err != nil {
		return nil, err
	}
	members, err := tx.SeatTeams(ctx)
	if err != nil {
		return nil, err
	}
	teams := map[agent.ID][]agent.TeamID{}
	for _, m := range members {
		teams[m.AgentID] = append(teams[m.AgentID], m.TeamID)
	}
	seats := make([]wallboard.Seat, 0, len(rows))
	for _, r := range rows {
		if !may[r.ID] {
			continue
		}
		seats = append(seats, wallboard.Seat{
			ID: r.ID, Name: r.Name, Teams: teams[r.ID], Capacity: int(r.Capacity), Connected: r.Connected, Phone: r.PhoneSince > 0,
			Presence: agent.Presence{
				State: agent.State(r.Presence), Reason: r.PresenceReason, Since: at(r.PresenceSince),
				By: r.PresenceBy, ByName: r.PresenceByName, Why: r.PresenceWhy,
			},
		})
	}
	return seats, nil
}

// wallRisks are the promises of chats that run or are broken, and the next ones
// of cases. What is about somebody who works here stands on no wall.
func (tx *Tx) wallRisks(ctx context.Context, now time.Time) ([]wallboard.Risk, error) {
	chats, err := tx.WallChatRisks(ctx)
	if err != nil {
		return nil, err
	}
	risks := make([]wallboard.Risk, 0, len(chats))
	for _, r := range chats {
		m := sla.Metric(r.Metric)
		risks = append(risks, wallboard.Risk{
			Kind: wallboard.OfConversation, ID: conversation.ID(r.SubjectID).String(), Number: "#" + strconv.FormatInt(r.Number, 10),
			Metric: m, Name: m.Name(), Received: at(r.ReceivedAt), Limit: at(r.LimitAt),
		}.Seen(agent.Sight{Team: r.TeamID, Agent: r.AgentID, Offered: r.OfferAgent}))
	}
	cases, err := tx.WallCaseRisks(ctx, sqlcgen.WallCaseRisksParams{Now: ms(now), But: string(sla.SurveyWindow)})
	for _, r := range cases {
		m := sla.Metric(r.Metric)
		risks = append(risks, wallboard.Risk{
			Kind: wallboard.OfCase, ID: ticket.ID(r.SubjectID).String(), Number: r.Number,
			Metric: m, Name: m.Name(), Received: at(r.ReceivedAt), Limit: at(r.LimitAt),
		}.Seen(agent.Sight{Team: r.TeamID, Agent: r.AgentID}))
	}
	return risks, err
}

// ChatsEnded counts the chats whose promise of a first response ended in a
// time, by team.
func (tx *Tx) ChatsEnded(ctx context.Context, in wallboard.Span) (map[agent.TeamID]wallboard.Ended, error) {
	rows, err := tx.Queries.ChatsEnded(ctx, sqlcgen.ChatsEndedParams{
		Short: wallboard.ShortWait.Milliseconds(), FromAt: ms(in.From), ToAt: ms(in.To), Metric: string(sla.FirstResponse),
	})
	of := make(map[agent.TeamID]wallboard.Ended, len(rows))
	for _, r := range rows {
		of[r.TeamID] = wallboard.Ended{Answered: int(r.Answered), Kept: int(r.Kept), Left: int(r.Gone), Short: int(r.Short)}
	}
	return of, err
}

// Worked returns how long each agent worked in a time that ends now, and how
// much of it they held a conversation.
func (tx *Tx) Worked(ctx context.Context, in wallboard.Span) (map[agent.ID]wallboard.Worked, error) {
	presences, err := tx.PresenceSince(ctx, ms(in.From))
	if err != nil {
		return nil, err
	}
	busy, err := tx.BusySince(ctx, ms(in.From))
	if err != nil {
		return nil, err
	}
	now, err := tx.WallSeats(ctx)
	if err != nil {
		return nil, err
	}
	working, holding := map[agent.ID][]wallboard.Span{}, map[agent.ID][]wallboard.Span{}
	for _, p := range presences {
		if wallboard.Works(agent.State(p.State)) {
			working[p.AgentID] = append(working[p.AgentID], wallboard.Span{From: at(p.Since), To: at(p.Until)})
		}
	}
	for _, b := range busy {
		holding[b.AgentID] = append(holding[b.AgentID], wallboard.Span{From: at(b.Since), To: at(b.Until)})
	}
	for _, a := range now {
		if wallboard.Works(agent.State(a.Presence)) {
			working[a.ID] = append(working[a.ID], wallboard.Span{From: at(a.PresenceSince), To: in.To})
		}
		if a.BusySince != 0 {
			holding[a.ID] = append(holding[a.ID], wallboard.Span{From: at(a.BusySince), To: in.To})
		}
	}
	all := make(map[agent.ID]wallboard.Worked, len(working))
	for a, spans := range working {
		all[a] = wallboard.Work(spans, holding[a], in)
	}
	return all, nil
}
