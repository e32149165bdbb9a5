package api

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/care"
	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/automation"
	ofcall "yingda/internal/domain/call"
	"yingda/internal/domain/canned"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/filter"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/gap"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/routing"
	"yingda/internal/domain/shift"
	"yingda/internal/domain/sla"
	ofsms "yingda/internal/domain/sms"
	"yingda/internal/domain/staffing"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/verification"
	"yingda/internal/domain/view"
	"yingda/internal/kit/serve"
	"yingda/internal/report"
	"yingda/internal/store"
	"yingda/internal/workforce"
)

// config is how requests are read and described: JSON only, no links to
// schemas in the answers, no lists that are null.
func config() huma.Config {
	schemas := huma.NewMapRegistry("#/components/schemas/", schemaName)
	for t, alias := range aliases {
		schemas.RegisterTypeAlias(t, alias)
	}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "应答 Yingda", Version: "1",
				Description: "Everything the console does. docs/develop/protocol.md says what the fields mean.",
			},
			Servers: []*huma.Server{{URL: prefix}},
			Components: &huma.Components{
				Schemas: schemas,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"cookie": {Type: "apiKey", In: "cookie", Name: "yingda_session", Description: "the console, after POST /session"},
					"bearer": {Type: "http", Scheme: "bearer", Description: "an API key, yd_…"},
				},
			},
			Security: []map[string][]string{{"cookie": {}}, {"bearer": {}}},
		},
		Formats:       map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
	}
}

// names are those of types that would be called the same, or are called
// otherwise by those who read the description.
var names = map[reflect.Type]string{
	reflect.TypeFor[access.Key]():              "APIKey",
	reflect.TypeFor[audit.Entry]():             "AuditEntry",
	reflect.TypeFor[agent.Ref[agent.ID]]():     "AgentRef",
	reflect.TypeFor[agent.Ref[agent.RoleID]](): "RoleRef",
	reflect.TypeFor[agent.Ref[agent.TeamID]](): "TeamRef",
	reflect.TypeFor[inbox.Settings]():          "InboxSettings",
	reflect.TypeFor[inbox.Text]():              "Bilingual",
	reflect.TypeFor[mailbox.Settings]():        "MailboxSettings",
	reflect.TypeFor[mailbox.Fetch]():           "MailFetch",
	reflect.TypeFor[mailbox.Send]():            "MailSend",
	reflect.TypeFor[mailbox.Server]():          "MailServer",
	reflect.TypeFor[mailbox.Receipt]():         "MailReceipt",
	reflect.TypeFor[mailbox.Service]():         "MailService",
	reflect.TypeFor[inbox.Field]():             "PrechatField",
	reflect.TypeFor[canned.Reply]():            "Canned",
	reflect.TypeFor[filter.Settings]():         "Filter",
	reflect.TypeFor[filter.List]():             "FilterList",
	reflect.TypeFor[routing.Need]():            "SkillNeed",
	reflect.TypeFor[ofcall.Record]():           "CallRecord",
	reflect.TypeFor[ofcall.Step]():             "CallStep",
	reflect.TypeFor[ofcall.Recorded]():         "CallRecording",
	reflect.TypeFor[ofcall.Quality]():          "CallQuality",
	reflect.TypeFor[ofcall.Place]():            "CallPlace",
	reflect.TypeFor[ofcall.Lane]():             "CallLane",
	reflect.TypeFor[wayInView]():               "CallEntry",
	reflect.TypeFor[list[wayInView]]():         "ListCallEntry",
	reflect.TypeFor[ofcall.Keeping]():          "RecordingsKept",
	reflect.TypeFor[ofcall.Plan]():             "DialPlan",
	reflect.TypeFor[ofsms.Template]():          "SmsTemplate",
	reflect.TypeFor[smsSettings]():             "SmsSettings",
	reflect.TypeFor[desk.TextsChange]():        "SmsChange",
	reflect.TypeFor[smsView]():                 "Sms",
	reflect.TypeFor[list[smsView]]():           "ListSms",
	reflect.TypeFor[optOutView]():              "SmsOptOut",
	reflect.TypeFor[list[optOutView]]():        "ListSmsOptOut",
	reflect.TypeFor[ofcall.Rule]():             "DialRule",
	reflect.TypeFor[ofcall.RoleMay]():          "DialRole",
	reflect.TypeFor[ofcall.Target]():           "DialTarget",
	reflect.TypeFor[routing.Band]():            "WaitBand",
	reflect.TypeFor[flow.Slot]():               "FlowSlot",
	reflect.TypeFor[flow.Option]():             "FlowOption",
	reflect.TypeFor[flow.Step]():               "FlowStep",
	reflect.TypeFor[flow.Case]():               "FlowCase",
	reflect.TypeFor[flow.Script]():             "FlowScript",
	reflect.TypeFor[flow.Reply]():              "FlowReply",
	reflect.TypeFor[flow.Exchange]():           "FlowExchange",
	reflect.TypeFor[flow.Line]():               "FlowLine",
	reflect.TypeFor[flow.Rehearsal]():          "RehearsalAsked",
	reflect.TypeFor[ofcall.Menu]():             "CallMenu",
	reflect.TypeFor[ofcall.Node]():             "MenuNode",
	reflect.TypeFor[ofcall.Choice]():           "MenuChoice",
	reflect.TypeFor[ofcall.Question]():         "MenuQuestion",
	reflect.TypeFor[ofcall.Case]():             "MenuCase",
	reflect.TypeFor[desk.PromptSight]():        "Prompt",
	reflect.TypeFor[desk.ClipSight]():          "PromptClip",
	reflect.TypeFor[conversation.Choice]():     "OfferedChoice",
	reflect.TypeFor[conversation.Person]():     "MailPerson",
	reflect.TypeFor[asideView]():               "AsideView",
	reflect.TypeFor[knowledge.Category]():      "KnowledgeCategory",
	reflect.TypeFor[gap.Gap]():                 "KnowledgeGap",
	reflect.TypeFor[list[gap.Gap]]():           "ListKnowledgeGap",
	reflect.TypeFor[gap.Ask]():                 "GapAsk",
	reflect.TypeFor[gap.Reply]():               "GapReply",
	reflect.TypeFor[gap.Deal]():                "GapDeal",
	reflect.TypeFor[contact.PageView]():        "PageView",
	reflect.TypeFor[contact.Known]():           "KnownIdentity",
	reflect.TypeFor[contact.Merge]():           "ContactMerge",
	reflect.TypeFor[contact.Change]():          "MergeChange",
	reflect.TypeFor[contact.Line]():            "MergeLine",
	reflect.TypeFor[contact.Note]():            "ContactNote",
	reflect.TypeFor[contact.Step]():            "TriedStep",
	reflect.TypeFor[contact.Field]():           "ContactField",
	reflect.TypeFor[contact.FieldChoice]():     "ContactFieldChoice",
	reflect.TypeFor[contact.Block]():           "ContactBlock",
	reflect.TypeFor[contact.Import]():          "ContactImport",
	reflect.TypeFor[contact.Left]():            "ImportLeft",
	reflect.TypeFor[contact.CellFault]():       "ImportFault",
	reflect.TypeFor[store.Belongings]():        "ContactBelongings",
	reflect.TypeFor[view.View]():               "SavedView",
	reflect.TypeFor[view.Filter]():             "ListFilter",
	reflect.TypeFor[ticket.Choice]():           "FieldChoice",
	reflect.TypeFor[ticket.Category]():         "CaseCategory",
	reflect.TypeFor[ticket.Field]():            "CaseField",
	reflect.TypeFor[ticket.Change]():           "FieldChange",
	reflect.TypeFor[ticket.Entry]():            "CaseEntry",
	reflect.TypeFor[ticket.Rise]():             "EscalationRule",
	reflect.TypeFor[reward.Policy]():           "GrantPolicy",
	reflect.TypeFor[reward.Source]():           "RewardSource",
	reflect.TypeFor[care.CaseRef]():            "CaseRef",
	reflect.TypeFor[care.Waiting]():            "Waiting",
	reflect.TypeFor[care.Points]():             "CustomerPoints",
	reflect.TypeFor[automation.Choice]():       "AutomationChoice",
	reflect.TypeFor[automation.Field]():        "AutomationField",
	reflect.TypeFor[automation.Rule]():         "AutomationRule",
	reflect.TypeFor[automation.Trigger]():      "AutomationTrigger",
	reflect.TypeFor[automation.Action]():       "AutomationAction",
	reflect.TypeFor[automation.When]():         "AutomationWhen",
	reflect.TypeFor[automation.Variable]():     "AutomationVariable",
	reflect.TypeFor[automation.Verdict]():      "AutomationVerdict",
	reflect.TypeFor[sla.Notice]():              "HolidayNotice",
	reflect.TypeFor[sla.Exception]():           "CalendarException",
	reflect.TypeFor[report.Stage]():            "StageReport",
	reflect.TypeFor[report.Complaints]():       "ComplaintReport",
	reflect.TypeFor[sla.Day]():                 "CalendarDay",
	reflect.TypeFor[shift.Template]():          "Shift",
	reflect.TypeFor[shift.Entry]():             "RosterEntry",
	reflect.TypeFor[shift.Conflict]():          "RosterConflict",
	reflect.TypeFor[shift.Settings]():          "RosterSettings",
	reflect.TypeFor[shift.Limits]():            "RosterLimits",
	reflect.TypeFor[shift.Side]():              "SwapSide",
	reflect.TypeFor[workforce.Day]():           "RosterDay",
	reflect.TypeFor[workforce.Row]():           "RosterRow",
	reflect.TypeFor[workforce.Cell]():          "RosterCell",
	reflect.TypeFor[workforce.Fill]():          "RosterFill",
	reflect.TypeFor[workforce.Filled]():        "RosterFilled",
	reflect.TypeFor[workforce.Copy]():          "RosterCopy",
	reflect.TypeFor[staffing.Settings]():       "StaffingSettings",
	reflect.TypeFor[store.ExpectedSlot]():      "ExpectedSlot",
	reflect.TypeFor[workforce.TrialView]():     "StaffingTrial",
	reflect.TypeFor[workforce.TrialSlot]():     "StaffingTrialSlot",
	reflect.TypeFor[workforce.Certified]():     "Certificate",
	reflect.TypeFor[report.Sum]():              "WaitSum",
	reflect.TypeFor[report.HalfHour]():         "WaitHalfHour",
	reflect.TypeFor[report.Waits]():            "WaitReport",
	reflect.TypeFor[report.Forecasts]():        "ForecastReport",
	reflect.TypeFor[report.Summaries]():        "SummaryReport",
	reflect.TypeFor[report.Reason]():           "SummaryReason",
	reflect.TypeFor[report.Accuracy]():         "ForecastAccuracy",
	reflect.TypeFor[report.Comparison]():       "ComparisonReport",
	reflect.TypeFor[report.Change]():           "ComparedNumber",
	reflect.TypeFor[workforce.Definition]():    "WorkforceDefinition",
	reflect.TypeFor[workforce.SwapView]():      "SwapDetail",
	reflect.TypeFor[channel.Promise]():         "PublicPromise",
	reflect.TypeFor[report.Verifications]():    "VerificationReport",
	reflect.TypeFor[report.Satisfaction]():     "SatisfactionReport",
	reflect.TypeFor[report.Question]():         "RatedQuestion",
	reflect.TypeFor[report.Marks]():            "RatedMarks",
	reflect.TypeFor[report.Pace]():             "VerificationPace",
	reflect.TypeFor[verification.Policy]():     "VerificationRules",
	reflect.TypeFor[verification.Need]():       "VerificationNeed",
	reflect.TypeFor[verification.Terms]():      "VerificationTail",
	reflect.TypeFor[verification.Way]():        "VerificationWay",
	reflect.TypeFor[verification.Verdict]():    "VerificationVerdict",
	reflect.TypeFor[verification.Registered](): "Particular",
}

// schemaName is the name of a type without what only tells our own types from
// the domain's: contactView is a Contact.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if name, ok := names[t]; ok {
		return name
	}
	return strings.ReplaceAll(huma.DefaultSchemaNamer(t, hint), "View", "")
}

var format = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return e.Encode(v)
	},
	Unmarshal: serve.Unmarshal,
}

// one is a schema that takes one of the values of T.
type one[T ~string] struct{}

// Schema returns the values, as the plain strings that a request is compared
// with.
func (one[T]) Schema(huma.Registry) *huma.Schema {
	var of []any
	for _, v := range values[reflect.TypeFor[T]()] {
		of = append(of, fmt.Sprint(v))
	}
	return choice(of...)
}

func choice(of ...any) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Enum: of} }

// aliases describe the words of the domain, which know nothing of OpenAPI.
var aliases = map[reflect.Type]reflect.Type{
	reflect.TypeFor[conversation.State]():    reflect.TypeFor[one[conversation.State]](),
	reflect.TypeFor[conversation.From]():     reflect.TypeFor[one[conversation.From]](),
	reflect.TypeFor[conversation.Kind]():     reflect.TypeFor[one[conversation.Kind]](),
	reflect.TypeFor[conversation.Part]():     reflect.TypeFor[one[conversation.Part]](),
	reflect.TypeFor[conversation.Delivery](): reflect.TypeFor[one[conversation.Delivery]](),
	reflect.TypeFor[agent.State]():           reflect.TypeFor[one[agent.State]](),
	reflect.TypeFor[agent.Scope]():           reflect.TypeFor[one[agent.Scope]](),
	reflect.TypeFor[ticket.Kind]():           reflect.TypeFor[one[ticket.Kind]](),
	reflect.TypeFor[automation.Value]():      reflect.TypeFor[anyValue](),
	reflect.TypeFor[sla.Text]():              reflect.TypeFor[inbox.Text](),
	reflect.TypeFor[ofcall.Text]():           reflect.TypeFor[inbox.Text](),
	reflect.TypeFor[knowledge.Status]():      reflect.TypeFor[one[knowledge.Status]](),
	reflect.TypeFor[knowledge.Audience]():    reflect.TypeFor[one[knowledge.Audience]](),
}

var values = map[reflect.Type][]any{
	reflect.TypeFor[conversation.State]():    {conversation.Bot, conversation.Queued, conversation.Active, conversation.WrapUp, conversation.Closed},
	reflect.TypeFor[conversation.From]():     {conversation.FromContact, conversation.FromAgent, conversation.FromBot, conversation.FromSystem},
	reflect.TypeFor[conversation.Kind]():     {conversation.Text, conversation.Note, conversation.Whisper, conversation.Event},
	reflect.TypeFor[conversation.Part]():     {conversation.Invited, conversation.Joined, conversation.Declined, conversation.Unheard, conversation.Left},
	reflect.TypeFor[conversation.Delivery](): {conversation.Waiting, conversation.Sending, conversation.Uncertain, conversation.Sent, conversation.Delayed, conversation.Delivered, conversation.Opened, conversation.Bounced, conversation.Failed, conversation.Taken},
	reflect.TypeFor[agent.State]():           {agent.Online, agent.Busy, agent.Break, agent.Offline},
	reflect.TypeFor[agent.Scope]():           {agent.ScopeOwn, agent.ScopeTeam, agent.ScopeAll},
	reflect.TypeFor[knowledge.Status]():      {knowledge.Draft, knowledge.Published},
	reflect.TypeFor[knowledge.Audience]():    {knowledge.Public, knowledge.Internal},
	reflect.TypeFor[ticket.Kind]():           {ticket.Consultation, ticket.Fault, ticket.Complaint, ticket.Suggestion, ticket.Feedback, ticket.Account, ticket.Order, ticket.Privacy},
}

// refine says more of fields that are plain strings in the domain.
func refine(schemas huma.Registry) {
	for name, fields := range refinements {
		s, ok := schemas.Map()[name]
		if !ok {
			continue
		}
		for field, of := range fields {
			p := s.Properties[field]
			if p == nil {
				panic("api: " + name + " has no field " + field) // the table below is out of date
			}
			if p.Type == huma.TypeArray {
				p = p.Items
			}
			p.Enum = of
			p.PrecomputeMessages()
		}
	}
}

var language = []any{"zh", "en"}

// refinements are the values that fields take: schema, field, values.
var refinements = map[string]map[string][]any{
	"Agent":         {"language": language},
	"AuditEntry":    {"actor_kind": {"agent", "api_key", "system", "contact"}},
	"Job":           {"state": {"ready", "running", "dead"}},
	"Me":            {"language": language},
	"Setup":         {"kind": {"first_admin", "invite", "reset"}},
	"Attachment":    {"kind": {"image", "video", "audio", "document"}, "scan": {"clean", "skipped", "pending", "infected"}},
	"Canned":        {"language": language},
	"Case":          {"source": {"portal", "widget", "phone", "letter", "email", "visit", "chat", "survey"}},
	"Contact":       {"language": language},
	"FilterList":    {"action": {"mask", "warn", "refuse", "notify"}},
	"Conversation":  {"language": language, "channel": {"webchat", "email", "phone"}, "closed_by": {"contact", "agent", "system"}},
	"Inbox":         {"kind": {"webchat", "email", "phone"}},
	"InboxSettings": {"position": {"right", "left"}},
	"Article":       {"language": language},
	"Question":      {"language": language},
	"PrechatField":  {"name": {"name", "phone", "email", "order", "question"}},
	"Settings":      {"languages": language},
	"Source":        {"kind": {"question", "article"}},
}
