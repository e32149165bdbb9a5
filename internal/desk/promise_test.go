package desk_test

import (
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
)

// What customers are told that we promise, and what administrators do about it.

// told returns what customers are told about a way and a metric.
func (h *house) publicly(way, level string, m sla.Metric) (channel.Promise, bool) {
	h.t.Helper()
	all, err := h.PublicPromises(h.t.Context())
	h.must(err)
	for _, p := range all {
		if p.Way == way && p.Level == level && p.Metric == m {
			return p, true
		}
	}
	return channel.Promise{}, false
}

// Customers are told the terms of the preset in force, in words, and how they
// were kept.
func TestPublicPromises(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.until(friday)
		for _, want := range []struct {
			way, level string
			metric     sla.Metric
			zh, en     string
		}{
			{sla.WayPhone, "", sla.AnswerWait, "300 秒", "300 seconds"},
			{sla.WayChat, "", sla.FirstResponse, "30 秒", "30 seconds"},
			{sla.WayEmail, "", sla.FirstResponse, "1–2 个工作日", "1–2 working days"},
			{sla.WayQuestion, sla.Simple, sla.Resolution, "1 个工作日", "1 working day"},
			{sla.WayQuestion, sla.General, sla.Resolution, "3–5 个工作日", "3–5 working days"},
			{sla.WayQuestion, sla.Complex, sla.Resolution, "7–10 个工作日", "7–10 working days"},
			{sla.WayComplaint, "", sla.ComplaintAcknowledge, "1 个工作日", "1 working day"},
			{sla.WayComplaint, "", sla.ComplaintFeedback, "7–10 个工作日", "7–10 working days"},
			{sla.WaySuggestion, "", sla.SuggestionFeedback, "7–10 个工作日", "7–10 working days"},
			{sla.WayPrivacy, "", sla.PrivacyRequest, "15 个工作日", "15 working days"},
		} {
			if p, ok := h.publicly(want.way, want.level, want.metric); !ok || p.Term != (sla.Text{Zh: want.zh, En: want.en}) || p.Ended != 0 {
				h.t.Errorf("%s %s %s: %+v, want %s", want.way, want.level, want.metric, p, want.zh)
			}
		}

		c := h.accept(h.complaint("portal-kept"))
		h.clock.Turn(time.Hour)
		h.do(h.lin, c, ticket.Doing{Act: ticket.Investigate, Agent: h.zhao.Agent})
		if p, _ := h.publicly(sla.WayComplaint, "", sla.ComplaintAcknowledge); p.Ended != 1 || p.Kept != 1 || p.Percent != 100 {
			h.t.Errorf("one was accepted in time, told is %+v", p)
		}
		h.clock.Turn(31 * 24 * time.Hour)
		if p, _ := h.publicly(sla.WayComplaint, "", sla.ComplaintAcknowledge); p.Ended != 0 {
			h.t.Errorf("what is long past still counts: %+v", p)
		}
	})
}
