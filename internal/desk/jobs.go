package desk

import (
	"context"
	"encoding/json"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/conversation"
	"yingda/internal/job"
	"yingda/internal/store"
)

// The kinds of job that the desk leaves.
const (
	RouteJob           = store.RouteJob          // look at the queue
	SkillCheckJob      = store.SkillCheckJob     // does anybody have what inboxes need?
	PlaceLapseJob      = "desk.place_lapse"      // a contact with the assistant has not come back to the queue
	LongWaitJob        = "desk.long_wait"        // a contact has waited for long
	OfferEndJob        = "desk.offer_end"        // an offer has rung long enough
	AgentLostJob       = "desk.agent_lost"       // an agent did not come back
	AssistJob          = "assist"                // the assistant's turn; package assist does it
	ClockJob           = "desk.clock"            // something falls due on a clock
	CaseJob            = "desk.case"             // a case does something by itself
	RecomputeJob       = "desk.recompute"        // open clocks get new due times
	AutomationJob      = "automation.run"        // rules are asked about what happened
	AutomationWalkJob  = "automation.walk"       // a rule whose time has come looks through what is open
	AutomationTickJob  = "automation.tick"       // which rules' time has come?
	ImportJob          = "desk.import"           // customers are taken in from a table
	ForgetImportJob    = "desk.import_forget"    // what an import left is forgotten
	CalendarJob        = "desk.calendar_check"   // administrators hear that a notice of holidays is missing
	VerificationEndJob = "desk.verification_end" // a verification ends by itself
	SilenceJob         = "desk.silence"          // somebody says nothing for long in a conversation with a person
	IdleJob            = "desk.idle"             // end conversations with the assistant that fell silent
	TrimJob            = "desk.trim"             // forget old news and page trails
	SweepJob           = "desk.sweep"            // delete files that were never sent
	RecordingJob       = "call.recordings"       // remove recordings that were kept long enough
	TranscribeJob      = "call.transcribe"       // a recorded call is written down; package scribe does it
	InviteEndJob       = "desk.invite_end"       // an invitation has rung long enough
	BulkJob            = "desk.bulk"             // the next piece of what is done to many conversations
	ReadMailJob        = "mail.read"             // a mail that was kept is read
	CarryMailJob       = "mail.carry"            // a mail of a mailbox leaves, if it was not taken back
	SendTextJob        = "sms.send"              // a text message leaves, if it is still wanted
	AbsentMailJob      = "mail.absent"           // a visitor who is gone gets an answer by mail
)

// OfferEnd is the payload of OfferEndJob.
type OfferEnd struct {
	Conversation conversation.ID `json:"conversation"`
	Agent        agent.ID        `json:"agent"`
	Until        time.Time       `json:"until"`
}

// AgentLost is the payload of AgentLostJob.
type AgentLost struct {
	Agent agent.ID  `json:"agent"`
	Since time.Time `json:"since"`
}

// AssistWork is the payload of AssistJob.
type AssistWork struct {
	Conversation conversation.ID        `json:"conversation"`
	Message      conversation.MessageID `json:"message"`
	Choice       string                 `json:"choice,omitzero"`
}

// Jobs returns how the desk's jobs are done.
func (d *Desk) Jobs() []job.Kind {
	return []job.Kind{
		{Name: RouteJob, Do: func(ctx context.Context, _ json.RawMessage) error { return d.Route(ctx) }},
		{Name: LongWaitJob, Most: 4, Do: job.With(d.WaitsLong)},
		{Name: PlaceLapseJob, Most: 4, Do: job.With(d.PlaceLapses)},
		{Name: OfferEndJob, Most: 4, Do: job.With(d.EndOffer)},
		{Name: InviteEndJob, Most: 4, Do: job.With(d.EndInvite)},
		{Name: AgentLostJob, Most: 4, Do: job.With(d.EndAgent)},
		{Name: ClockJob, Most: clocksAtOnce, Do: job.With(d.FireClock)},
		{Name: CaseJob, Most: 8, Do: job.With(d.WakeCase)},
		{Name: RecomputeJob, Do: job.With(d.RecomputeClocks)},
		{Name: ImportJob, Do: job.With(d.TakeIn)},
		{Name: ForgetImportJob, Do: job.With(d.ForgetImport)},
		{Name: CalendarJob, Every: calendarCheck, Do: func(ctx context.Context, _ json.RawMessage) error { return d.CheckCalendars(ctx) }},
		{Name: SkillCheckJob, Every: skillCheck, Do: func(ctx context.Context, _ json.RawMessage) error { return d.CheckSkills(ctx) }},
		{Name: AutomationJob, Most: 8, Do: job.With(d.RunRules)},
		{Name: AutomationWalkJob, Do: job.With(d.WalkRule)},
		{Name: AutomationTickJob, Every: time.Minute, Do: func(ctx context.Context, _ json.RawMessage) error { return d.TickRules(ctx) }},
		{Name: SilenceJob, Most: 8, Do: job.With(d.BreakSilence)},
		{Name: VerificationEndJob, Most: 4, Do: job.With(d.LapseVerification)},
		{Name: BulkJob, Most: 2, Do: job.With(d.GoOnBulk)},
		{Name: ReadMailJob, Most: readAtOnce, Patient: true, Do: job.With(d.ReadMail)},
		{Name: CarryMailJob, Most: carryAtOnce, Do: job.With(d.CarryMail)},
		{Name: SendTextJob, Most: 8, Do: job.With(d.SendText)},
		{Name: AbsentMailJob, Most: 4, Do: job.With(d.AnswerByMail)},
		{Name: IdleJob, Every: time.Minute, Do: func(ctx context.Context, _ json.RawMessage) error { return d.EndIdle(ctx) }},
		{Name: TrimJob, Every: 10 * time.Minute, Do: func(ctx context.Context, _ json.RawMessage) error { return d.Trim(ctx) }},
		{Name: RecordingJob, Every: 24 * time.Hour, Do: func(ctx context.Context, _ json.RawMessage) error {
			_, err := d.RemoveRecordings(ctx)
			return err
		}},
		{Name: SweepJob, Every: time.Hour, Do: func(ctx context.Context, _ json.RawMessage) error { return d.SweepFiles(ctx) }},
	}
}

// clocksAtOnce is how many alarms are given at once. They wait for the disk
// together: on SQLite that many share a commit.
const clocksAtOnce = 256

// How many mails are read and sent at once. Those that are read share commits;
// a large one is read alone.
const (
	readAtOnce  = 32
	carryAtOnce = 8
)

// How long things are kept and waited for.
const (
	calendarCheck = time.Hour           // those who are told are told once a day
	skillCheck    = 24 * time.Hour      // a certificate ends by itself
	botSilence    = 30 * time.Minute    // then a conversation with the assistant is over
	keepEvents    = 3 * 24 * time.Hour  // a console that was away longer reads everything again
	keepPages     = 90 * 24 * time.Hour // of the page trail, and notices; why the assistant said what it said, and what it could not answer
	keepFlows     = 24 * time.Hour      // what was told in a flow that was not finished
)

// EndIdle ends conversations with the assistant in which nobody said anything
// for long.
func (d *Desk) EndIdle(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		silent, err := tx.SilentWithBot(ctx, d.Now().Add(-botSilence), routeBatch)
		if err != nil {
			return err
		}
		for _, c := range silent {
			was := c
			if c, err = c.End(conversation.Idle, conversation.FromSystem, d.Now()); err != nil {
				return err
			}
			if c, err = d.tell(ctx, tx, c, "closed", map[string]string{"by": "system"}); err != nil {
				return err
			}
			if err := d.announce(ctx, tx, c, "closed", 0); err != nil {
				return err
			}
			if err := d.talkHappens(ctx, tx, automation.ConversationClosed, conversation.FromSystem, &was, c, 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// Trim forgets news that everyone has heard, old page trails and what rules did
// long ago.
func (d *Desk) Trim(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.TrimEvents(ctx, d.Now().Add(-keepEvents)); err != nil {
			return err
		}
		if err := tx.TrimNotices(ctx, d.Now().Add(-keepPages)); err != nil {
			return err
		}
		if err := tx.TrimRuns(ctx, d.Now().Add(-keepRuns), d.Now().Add(-keepSkipped)); err != nil {
			return err
		}
		if err := tx.TrimVerificationCodes(ctx, d.Now().Add(-time.Hour)); err != nil {
			return err
		}
		if err := tx.TrimBulk(ctx, d.Now().Add(-keepPages)); err != nil {
			return err
		}
		if err := tx.TrimAsks(ctx, d.Now().Add(-keepPages)); err != nil {
			return err
		}
		if err := tx.TrimAssistant(ctx, d.Now().Add(-keepFlows), d.Now().Add(-keepPages)); err != nil {
			return err
		}
		return tx.TrimPageViews(ctx, d.Now().Add(-keepPages))
	})
}
