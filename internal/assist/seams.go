package assist

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"yingda/internal/desk"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

// Cars is where flows look up vehicles, recalls, warranties and workshops.
type Cars interface {
	// LookUp answers the seams vehicle.look_up, recall.look_up, warranty.look_up
	// and workshop.free. It is false when there is no such thing.
	LookUp(ctx context.Context, c flow.Call) (found map[string]string, ok bool, err error)
}

// Seams returns what flows read and write through here. Without cars nothing
// can be looked up about vehicles; and satisfaction is not asked for in a chat
// yet.
func Seams(cars Cars) desk.FlowSeams {
	s := desk.FlowSeams{All: flow.BuiltinSeams, Lacks: []string{"survey.record"}}
	if cars == nil {
		s.Lacks = append(s.Lacks, "recall.look_up", "warranty.look_up", "workshop.free")
	}
	return s
}

// seams is what flows read and write through for the contact of one turn. They
// name what they want; who asks for it stands here.
type seams struct {
	ctx context.Context //nolint:containedctx // of the one turn that it serves
	*work
	failed error // what is no answer: the turn has to be done again
}

// refusal passes on what a seam refused, and keeps everything else as a reason
// to do the turn again.
func (s *seams) refusal(err error) error {
	if err != nil && fault.KindOf(err) == fault.Internal {
		s.failed = errors.Join(s.failed, err)
	}
	return err
}

// LookUp is flow.Seams.
func (s *seams) LookUp(c flow.Call) (found map[string]string, ok bool, err error) {
	switch {
	case c.Seam == "progress.look_up":
		return s.progress(c)
	case s.Cars == nil:
		if c.Seam == "vehicle.look_up" {
			return map[string]string{"model": unknownModel.In(c.Language)}, true, nil
		}
		return nil, false, fault.New(fault.NotFound, "flow.no_cars", "there is nowhere to look vehicles up")
	}
	return s.Cars.LookUp(s.ctx, c) // where it is down the flow knows another way, or people take over
}

var (
	unknownModel = inbox.Text{Zh: "车型待核实", En: "model to be checked"}
	noDue        = inbox.Text{Zh: "近日", En: "the next days"}
)

func (s *seams) progress(c flow.Call) (map[string]string, bool, error) {
	v, err := s.Desk.OwnCase(s.ctx, s.Conversation.Contact, c.With["number"])
	switch {
	case err == nil:
	case fault.KindOf(err) == fault.NotFound:
		return nil, false, nil // no failure, but an answer: there is no such case
	default:
		return nil, false, s.refusal(err)
	}
	stage := v.Progress.Stages[v.Progress.At]
	if v.Progress.Ending != nil {
		stage = *v.Progress.Ending
	}
	due := noDue.In(c.Language)
	for _, d := range v.Due {
		if d.State.Open() {
			due = s.minute(d.Limit)
			break
		}
	}
	return map[string]string{"what": v.Kind.Name().In(c.Language), "stage": stage.Name.In(c.Language), "due": due}, true, nil
}

// Write is flow.Seams.
func (s *seams) Write(c flow.Call) (map[string]string, error) {
	switch c.Seam {
	case "case.create", "booking.create":
		return s.create(c)
	case "case.urge":
		return map[string]string{}, s.refusal(s.Desk.Hurry(s.ctx, s.Conversation.Contact, c.With["number"], key(c.Key)))
	}
	return nil, fault.New(fault.Invalid, "flow.seam_unknown", "there is no seam of this kind named %q", c.Seam)
}

// key is the client id of a write: what is done twice under it is done once.
func key(run string) string { return "flow-" + strings.NewReplacer("/", "-", ".", "-").Replace(run) }

// kinds are the kinds of case that flows name, where they are not our own.
var kinds = map[string]ticket.Kind{"recall": ticket.Fault, "warranty": ticket.Fault, "booking": ticket.Consultation, "callback": ticket.Consultation}

var subjects = map[string]inbox.Text{
	"recall":   {Zh: "召回维修", En: "Recall repair"},
	"warranty": {Zh: "质保申请", En: "Warranty claim"},
	"booking":  {Zh: "维修保养预约", En: "Workshop appointment"},
	"callback": {Zh: "请求回电", En: "Call back"},
}

// lines are what a flow tells beside the text, in the order in which a case
// lists them.
var lines = []struct {
	name string
	as   inbox.Text
}{
	{"subject", inbox.Text{Zh: "类别", En: "About"}},
	{"service", inbox.Text{Zh: "服务", En: "Service"}},
	{"place", inbox.Text{Zh: "门店", En: "Workshop"}},
	{"time", inbox.Text{Zh: "时间", En: "Time"}},
	{"vin", inbox.Text{Zh: "车架号", En: "VIN"}},
	{"plate", inbox.Text{Zh: "车牌", En: "Plate"}},
	{"part", inbox.Text{Zh: "部件", En: "Part"}},
	{"mileage", inbox.Text{Zh: "里程", En: "Mileage"}},
	{"drivable", inbox.Text{Zh: "能否行驶", En: "Can be driven"}},
	{"when", inbox.Text{Zh: "发生时间", En: "Since"}},
	{"amount", inbox.Text{Zh: "金额", En: "Amount"}},
	{"wish", inbox.Text{Zh: "诉求", En: "What they want"}},
}

// create hands in a case for the contact, with the files that they sent since
// the flow began.
func (s *seams) create(c flow.Call) (map[string]string, error) {
	kind := c.With["kind"]
	if c.Seam == "booking.create" {
		kind = "booking"
	}
	t := ticket.Case{
		Kind: ticket.Kind(kind), Subject: subjects[kind].In(c.Language), Text: c.Shown["text"], Name: s.Contact.Name,
		Phone: c.With["phone"], Email: c.With["email"], AboutStaff: kind == "complaint" && c.With["subject"] == "attitude",
	}
	if k, ok := kinds[kind]; ok {
		t.Kind = k
	}
	if t.Phone == "" && t.Email == "" {
		t.Phone, t.Email = s.Contact.Phone, s.Contact.Email
	}
	t.Language = c.Language
	var b strings.Builder
	b.WriteString(t.Text)
	for _, l := range lines {
		if v := c.Shown[l.name]; v != "" {
			fmt.Fprintf(&b, "\n%s: %s", l.as.In(c.Language), v)
		}
	}
	t.Text = strings.TrimSpace(b.String())
	var err error
	if t.Attachments, err = s.files(c.Key); err != nil {
		return nil, s.refusal(err)
	}
	t, err = s.Desk.OpenCase(s.ctx, contact.Visitor{Contact: s.Conversation.Contact, Inbox: s.Conversation.Inbox}, t, key(c.Key))
	if err != nil {
		return nil, s.refusal(err)
	}
	due := noDue.In(c.Language)
	if !t.DueAt.IsZero() {
		due = s.minute(t.DueAt)
	}
	return map[string]string{"number": t.Number, "due": due}, nil
}

// files returns what the contact sent since the flow began. A run is named by
// the message that began it.
func (s *seams) files(run string) (as []conversation.Attachment, err error) {
	const most = 200 // further on nobody looks for pictures
	var first conversation.MessageID
	name, _, _ := strings.Cut(strings.ReplaceAll(run, ".", "/"), "/")
	if err := first.UnmarshalText([]byte(name)); err != nil {
		return nil, err
	}
	tx := s.Desk.DB.Now()
	began, err := tx.Message(s.ctx, first)
	if err != nil {
		return nil, err
	}
	ms, err := tx.MessagesAfter(s.ctx, began.Conversation, began.Seq-1, most)
	if err == nil && began.Conversation != s.Conversation.ID { // they went on elsewhere
		var here []conversation.Message
		here, err = tx.MessagesAfter(s.ctx, s.Conversation.ID, 0, most)
		ms = append(ms, here...)
	}
	for _, m := range ms {
		if m.From == conversation.FromContact && !m.At.Before(began.At) && m.AuthorID == s.Conversation.Contact.String() && !m.IsRecalled() {
			as = append(as, m.Attachments...)
		}
	}
	return as[:min(len(as), ticket.MaxEvidence)], err
}

// Answer is flow.Seams: a question in between is answered where the knowledge
// base is sure.
func (s *seams) Answer(question, language string) (string, bool) {
	r := s.Reply(Ask{Language: language, Text: question})
	if r.Action != retrieve.Answer {
		return "", false
	}
	s.given = append(s.given, r.given...)
	return r.Text, true
}
