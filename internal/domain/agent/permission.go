package agent

import "slices"

// Permission is one thing that a role may do. The set is fixed: the program
// asks for these, roles are made of them (domain reference §5.5).
type Permission string

// The permissions.
const (
	ConversationRead     Permission = "conversation.read"
	ConversationReply    Permission = "conversation.reply" // take chats and answer
	ConversationTransfer Permission = "conversation.transfer"
	ConversationClose    Permission = "conversation.close"
	ConversationTake     Permission = "conversation.take"    // pick from the queue, or from the assistant
	ConversationMonitor  Permission = "conversation.monitor" // read others' conversations, take them over
	RecordingListen      Permission = "recording.listen"     // hear recordings of calls; each listening is kept
	RecordingDownload    Permission = "recording.download"   // take them along
	RecordingKeep        Permission = "recording.keep"       // keep one beyond its time, or no longer
	CallExport           Permission = "call.export"          // take the records of calls out
	ContactRead          Permission = "contact.read"
	ContactReveal        Permission = "contact.reveal" // see masked personal data, with a reason that is kept
	ContactEdit          Permission = "contact.edit"
	ContactBlock         Permission = "contact.block"
	VerificationVouch    Permission = "verification.vouch" // say that a customer is who they say, with a reason that is kept
	ContactMerge         Permission = "contact.merge"      // say that two customers are one, and take it back
	ContactRestricted    Permission = "contact.restricted" // see and change restricted fields of customers
	ContactImport        Permission = "contact.import"     // bring in many customers at once, and take them out
	ContactFields        Permission = "contact.fields"     // define what is known of customers
	CaseRead             Permission = "case.read"
	CaseEdit             Permission = "case.edit"
	CaseAssign           Permission = "case.assign" // give a case to another agent or team
	CaseEscalate         Permission = "case.escalate"
	CaseSupervise        Permission = "case.supervise"       // what only a supervisor decides: special terms, waived tasks, who is accused
	ComplaintStaffRead   Permission = "complaint.staff.read" // complaints about people who work here

	CompensationPropose        Permission = "compensation.propose" // and rewards
	CompensationApproveL1      Permission = "compensation.approve.l1"
	CompensationApproveL2      Permission = "compensation.approve.l2"
	CompensationApproveFinance Permission = "compensation.approve.finance" // above the limit of a supervisor

	KnowledgeRead    Permission = "knowledge.read"
	KnowledgeEdit    Permission = "knowledge.edit"
	KnowledgePublish Permission = "knowledge.publish"
	CannedShared     Permission = "canned.shared"
	ViewShared       Permission = "view.shared" // keep the lists that all see
	ReportOwn        Permission = "report.own"
	ReportTeam       Permission = "report.team"
	ReportAll        Permission = "report.all"
	RosterRead       Permission = "roster.read"   // one's own roster and the colleagues', swaps
	RosterManage     Permission = "roster.manage" // make the roster, decide swaps, plan staffing, keep certificates
	AgentRead        Permission = "agent.read"
	AgentManage      Permission = "agent.manage"
	RoleManage       Permission = "role.manage"
	KeyManage        Permission = "key.manage"
	ChannelManage    Permission = "channel.manage"
	PromiseRead      Permission = "promise.read"   // calendars, presets, policies, the board of clocks
	PromiseManage    Permission = "promise.manage" // change them
	AutomationManage Permission = "automation.manage"
	SettingManage    Permission = "setting.manage"
	AuditRead        Permission = "audit.read"
	JobManage        Permission = "job.manage"
	PrivacyManage    Permission = "privacy.manage"
)

// Permissions lists all of them, in the order in which a person reads them.
func Permissions() []Permission {
	return []Permission{
		ConversationRead, ConversationReply, ConversationTransfer, ConversationClose, ConversationTake, ConversationMonitor,
		RecordingListen, RecordingDownload, RecordingKeep, CallExport,
		ContactRead, ContactReveal, ContactEdit, ContactBlock, ContactMerge, ContactRestricted, ContactImport, ContactFields, VerificationVouch,
		CaseRead, CaseEdit, CaseAssign, CaseEscalate, CaseSupervise, ComplaintStaffRead,
		CompensationPropose, CompensationApproveL1, CompensationApproveL2, CompensationApproveFinance,
		KnowledgeRead, KnowledgeEdit, KnowledgePublish, CannedShared, ViewShared,
		ReportOwn, ReportTeam, ReportAll, RosterRead, RosterManage,
		AgentRead, AgentManage, RoleManage, KeyManage, ChannelManage, PromiseRead, PromiseManage, AutomationManage, SettingManage, AuditRead, JobManage, PrivacyManage,
	}
}

// Known reports whether p is one of ours.
func (p Permission) Known() bool { return slices.Contains(Permissions(), p) }

// Scope is how far the right to read conversations and cases reaches. It is
// compiled into every query that lists them.
type Scope string

// The scopes, from narrow to wide.
const (
	ScopeOwn  Scope = "own"  // assigned to me, offered to me, or I am mentioned
	ScopeTeam Scope = "team" // also my teams', and those of no team
	ScopeAll  Scope = "all"
)

func (s Scope) width() int { return slices.Index([]Scope{"", ScopeOwn, ScopeTeam, ScopeAll}, s) }

// Known reports whether s is one of ours.
func (s Scope) Known() bool { return s.width() > 0 }

// Actor is an agent, or an integration on an agent's behalf, about to do
// something: who, what they may do, and what they may see.
type Actor struct {
	Agent       ID
	Name        string
	Key         string // the name of the API key, when an integration acts
	Address     string // where from, for the audit log
	Permissions []Permission
	Scope       Scope
	Teams       []TeamID
}

// With returns the actor with what roles give together: all their permissions,
// and the widest scope.
func (a Actor) With(roles ...Role) Actor {
	a.Permissions = slices.Clone(a.Permissions)
	for _, r := range roles {
		for _, p := range r.Permissions {
			if !slices.Contains(a.Permissions, p) {
				a.Permissions = append(a.Permissions, p)
			}
		}
		if r.Scope.width() > a.Scope.width() {
			a.Scope = r.Scope
		}
	}
	return a
}

// May reports whether the actor holds a permission.
func (a Actor) May(p Permission) bool { return slices.Contains(a.Permissions, p) }

// Sight is what decides who may see a conversation or a case.
type Sight struct {
	Team    TeamID
	Agent   ID
	Offered ID
	Guests  []ID // who take part, or are invited to
}

// Sees reports whether the actor may see a thing. It says the same as the
// condition that the store compiles into its lists; a test holds them together.
func (a Actor) Sees(s Sight) bool {
	if !a.May(ConversationRead) {
		return false
	}
	switch a.Scope {
	case ScopeAll:
		return true
	case ScopeTeam:
		if s.Team.IsZero() || slices.Contains(a.Teams, s.Team) {
			return true
		}
	case ScopeOwn:
	}
	return !a.Agent.IsZero() && (s.Agent == a.Agent || s.Offered == a.Agent || slices.Contains(s.Guests, a.Agent))
}

// BuiltinRoles are the roles that every installation starts with. An
// administrator does not read conversations by default: duties are separate.
func BuiltinRoles() []Role {
	front := []Permission{
		ConversationRead, ConversationReply, ConversationTransfer, ConversationClose, ConversationTake,
		ContactRead, ContactEdit, CaseRead, CaseEdit, CaseAssign, CaseEscalate, CompensationPropose, KnowledgeRead, ReportOwn, RosterRead, AgentRead,
	}
	senior := append(slices.Clone(front), ContactReveal, ContactBlock, ContactMerge, VerificationVouch, CompensationApproveL1, KnowledgeEdit)
	supervisor := append(slices.Clone(senior), ConversationMonitor, RecordingListen, RecordingDownload, RecordingKeep, CallExport, ContactRestricted, ContactImport, CaseSupervise, ComplaintStaffRead, CompensationApproveL2, KnowledgePublish, CannedShared, ViewShared, ReportTeam, RosterManage, PromiseRead)
	return []Role{
		{Name: "agent", Scope: ScopeTeam, Permissions: front},
		{Name: "senior", Scope: ScopeTeam, Permissions: senior},
		{Name: "supervisor", Scope: ScopeAll, Permissions: supervisor},
		{Name: "quality", Scope: ScopeAll, Permissions: []Permission{ConversationRead, RecordingListen, ContactRead, CaseRead, ComplaintStaffRead, KnowledgeRead, ReportTeam, AgentRead}},
		{Name: "editor", Scope: ScopeOwn, Permissions: []Permission{KnowledgeRead, KnowledgeEdit, KnowledgePublish, CannedShared, AgentRead}},
		{Name: "privacy", Scope: ScopeOwn, Permissions: []Permission{ContactRead, ContactReveal, ContactRestricted, PrivacyManage, AuditRead, AgentRead}},
		{Name: "admin", Scope: ScopeOwn, Permissions: []Permission{
			KnowledgeRead, KnowledgeEdit, KnowledgePublish, CannedShared, ReportAll, AgentRead, AgentManage, RoleManage,
			KeyManage, ChannelManage, ContactFields, PromiseRead, PromiseManage, AutomationManage, SettingManage, AuditRead, JobManage,
		}},
		{Name: "auditor", Scope: ScopeOwn, Permissions: []Permission{AuditRead, ReportAll, AgentRead, ComplaintStaffRead}},
		{Name: "finance", Scope: ScopeOwn, Permissions: []Permission{ContactRead, CaseRead, KnowledgeRead, CompensationApproveFinance, AgentRead}},
	}
}
