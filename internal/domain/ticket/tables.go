package ticket

// Who may do something, as the tables say it.
var (
	agents    = []Who{ByAgent}
	customer  = []Who{ByAgent, ByCustomer} // an agent may do it for a customer who says so on the phone
	anybody   = []Who{ByAgent, ByCustomer, BySystem}
	staff     = []Who{ByAgent, BySystem}
	everybody = []Who{ByAgent, ByCustomer, BySystem, ByTimer}
	timer     = []Who{ByTimer}
	unasked   = []Who{ByAgent, BySystem, ByTimer}
)

var (
	answering = Clocks{Meets: []string{FirstResponse, NextResponse}}
	ending    = Clocks{Cancels: every}
	closing   = Clocks{Starts: []string{SurveyWindow}, Cancels: every}
	goOn      = Clocks{Resumes: solving}
	reopening = Clocks{Starts: []string{NextResponse}, Again: goals}
	comeBack  = Clocks{Starts: []string{NextResponse}, Revives: every}
)

// meets are the clocks that an answer to the customer meets, with those named.
func meets(metrics ...string) Clocks {
	return Clocks{Meets: append([]string{FirstResponse, NextResponse}, metrics...)}
}

// talk is possible in every state but those of cases that are no more.
var talk = map[Act]Move{
	Reply: {Who: staff, Needs: []Need{NeedText}, Clocks: answering},
	Hear:  {Who: []Who{ByCustomer}, Needs: []Need{NeedText}, Clocks: Clocks{Starts: []string{NextResponse}}},
	Note:  {Who: staff, Needs: []Need{NeedText}, Quiet: true},
}

// manage is possible in every state in which something is left to do.
var manage = map[Act]Move{
	Assign:     {Who: staff, Needs: []Need{NeedAssignee}, Quiet: true},
	Escalate:   {Who: everybody, Needs: []Need{NeedReason, NeedEscalation}},
	Deescalate: {Who: agents, Needs: []Need{NeedReason}, Rules: []Rule{IfEscalated}, Quiet: true},
	Urge:       {Who: customer},
	FollowUp:   {Who: staff, Needs: []Need{NeedUntil}, Quiet: true},
	Snooze:     {Who: agents, Needs: []Need{NeedUntil}, Quiet: true},
	Merge:      {To: Merged, Who: staff, Needs: []Need{NeedInto}, Clocks: ending},
	Cancel:     {To: Cancelled, Who: agents, Needs: []Need{NeedReason}, Clocks: ending},
	MarkSpam:   {To: Spam, Who: staff, Clocks: ending, Quiet: true},
	Withdraw:   {To: Withdrawn, Who: customer, Clocks: ending},
}

// ask is possible while somebody works on the case.
var ask = map[Act]Move{
	AskCustomer: {To: WaitingCustomer, Who: staff, Needs: []Need{NeedText}, Clocks: Clocks{Meets: answering.Meets, Pauses: solving}},
	AskThird:    {To: WaitingThird, Who: staff, Needs: []Need{NeedReason}},
}

// waiting is what both states of waiting share. The case goes on where it was.
var waiting = Table{
	WaitingCustomer: {
		Hear:   {To: back, Who: []Who{ByCustomer}, Needs: []Need{NeedText}, Clocks: Clocks{Starts: []string{NextResponse}, Resumes: solving}},
		Resume: {To: back, Who: unasked, Clocks: goOn, Quiet: true},
		Remind: {Who: unasked},
		GiveUp: {To: Lapsed, Who: unasked, Rules: []Rule{IfReminded}, Clocks: ending},
	},
	WaitingThird: {
		Resume: {To: back, Who: unasked, Quiet: true},
	},
}

// gone are the states of cases that are no more; a mistake can be undone.
var gone = in(map[Act]Move{
	Note:    {Who: staff, Needs: []Need{NeedText}, Quiet: true},
	Restore: {To: back, Who: agents, Needs: []Need{NeedReason}, Clocks: Clocks{Revives: every}, Quiet: true},
}, Merged, Cancelled, Spam)

// common is the machine of all cases: which states are worked in, which wait
// for the customer's word on the result, which are over, and where a reopened
// case goes on; one that was withdrawn, or closed for want of an answer, goes
// on where it was.
func common(working, settled, over []State, reopened State) Table {
	reopen := map[Act]Move{Reopen: {To: reopened, Who: anybody, Needs: []Need{NeedReason}, Rules: []Rule{IfReopenWindow}, Clocks: reopening}}
	resume := reopen[Reopen]
	resume.To, resume.Clocks = back, comeBack
	left := append(append([]State{WaitingCustomer, WaitingThird}, working...), settled...)
	return join(
		in(talk, left...), in(talk, over...), in(talk, Lapsed, Withdrawn),
		in(manage, left...), in(ask, working...), waiting, gone,
		in(reopen, over...), in(map[Act]Move{Reopen: resume}, Lapsed, Withdrawn),
	)
}

// result is how a customer takes a result: content, silent, or not.
func result(told, content, rejected, silent State) Table {
	var clocks Clocks
	if silent.Over() {
		clocks = closing
	}
	return Table{told: {
		Confirm:     {To: content, Who: customer},
		AutoConfirm: {To: silent, Who: timer, Rules: []Rule{IfConfirmDue}, Clocks: clocks},
		Reject:      {To: rejected, Who: customer, Needs: []Need{NeedReason}, Clocks: reopening},
	}}
}

// question is the machine of a consultation; questions about accounts and
// orders add a step to it.
func question(extra ...State) Table {
	answer := Move{To: Answered, Who: staff, Needs: []Need{NeedText}, Clocks: meets(FirstSolution, Resolution)}
	handOver := Move{To: HandedOver, Who: agents, Needs: []Need{NeedAssignee, NeedExpected}, Clocks: answering}
	return join(
		common(append([]State{New, Open, HandedOver}, extra...), []State{Answered, Understood}, []State{Closed}, Open),
		Table{
			New:        {Accept: {To: Open, Who: staff}, Answer: answer, HandOver: handOver},
			Open:       {Answer: answer, HandOver: handOver},
			HandedOver: {Answer: answer, HandOver: handOver},
			Answered:   {Answer: answer},
			Understood: {Close: {To: Closed, Who: unasked, Rules: []Rule{IfTasksDone}, Clocks: closing}},
		},
		result(Answered, Understood, Open, Closed),
	)
}

var consultation = question()

// account adds the check of who asks (R089, R148–R152).
var account = join(
	question(IdentityCheck),
	in(map[Act]Move{CheckIdentity: {To: IdentityCheck, Who: staff, Clocks: Clocks{Starts: []string{Verification}}}}, New, Open, HandedOver),
	Table{IdentityCheck: {
		PassCheck: {To: Open, Who: staff, Needs: []Need{NeedVerification}, Clocks: Clocks{Meets: []string{Verification}}},
		FailCheck: {To: Answered, Who: staff, Needs: []Need{NeedText}, Clocks: meets(Verification, FirstSolution, Resolution)},
	}},
)

// orders adds the remedy: refund or re-shipment, under approval (R153–R159).
var orders = join(
	question(Remedy),
	in(map[Act]Move{StartRemedy: {To: Remedy, Who: staff, Needs: []Need{NeedOutcome, NeedSolution}, Rules: []Rule{IfRemedy}, Clocks: meets(FirstSolution)}}, New, Open, HandedOver),
	Table{Remedy: {
		FinishRemedy: {To: Answered, Who: staff, Needs: []Need{NeedText}, Rules: []Rule{IfApproved}, Clocks: meets(FirstSolution, Resolution)},
		DropRemedy:   {To: Open, Who: staff, Needs: []Need{NeedReason}, Quiet: true},
	}},
)

// breakdown is the machine of a fault.
var breakdown = func() Table {
	diagnose := Move{To: RemoteDiagnosis, Who: agents, Clocks: answering}
	guide := Move{To: GuidedFix, Who: agents, Needs: []Need{NeedText}, Clocks: meets(FirstSolution)}
	book := Move{To: RepairBooked, Who: staff, Needs: []Need{NeedExpected}, Clocks: meets(FirstSolution)}
	dispatch := Move{To: RescueDispatched, Who: staff, Clocks: Clocks{Meets: []string{FirstResponse, NextResponse, FirstSolution}, Starts: []string{RescueArrival}}}
	repair := Move{To: InRepair, Who: staff}
	resolve := Move{To: Repaired, Who: staff, Needs: []Need{NeedSolution, NeedCause}, Clocks: meets(FirstSolution, Resolution)}
	return join(
		common([]State{Reported, Triaged, RemoteDiagnosis, GuidedFix, RepairBooked, RescueDispatched, InRepair}, []State{Repaired, Verified}, []State{Closed}, Triaged),
		Table{
			Reported:         {Triage: {To: Triaged, Who: staff, Needs: []Need{NeedFindings, NeedLevel}}, Dispatch: dispatch},
			Triaged:          {Triage: {Who: staff, Needs: []Need{NeedFindings, NeedLevel}}, Diagnose: diagnose, Guide: guide, BookRepair: book, Dispatch: dispatch, Resolve: resolve},
			RemoteDiagnosis:  {Guide: guide, BookRepair: book, Dispatch: dispatch, Resolve: resolve},
			GuidedFix:        {Diagnose: diagnose, BookRepair: book, Dispatch: dispatch, Resolve: resolve},
			RepairBooked:     {BookRepair: book, Dispatch: dispatch, StartRepair: repair},
			RescueDispatched: {Arrive: {Who: staff, Clocks: Clocks{Meets: []string{RescueArrival}}}, BookRepair: book, StartRepair: repair, Resolve: resolve},
			InRepair:         {BookRepair: book, Resolve: resolve},
			Verified:         {Close: {To: Closed, Who: unasked, Rules: []Rule{IfTasksDone}, Clocks: closing}},
		},
		result(Repaired, Verified, Triaged, Closed),
	)
}()

// grievance is the machine of a complaint (R104–R112).
var grievance = func() Table {
	working := []State{Submitted, Accepted, Investigating, Proposal, Reinvestigating}
	feedback := Move{
		To: FeedbackGiven, Who: agents, Needs: []Need{NeedText}, Rules: []Rule{IfApproved},
		Clocks: meets(ComplaintInvestigate, ComplaintFeedback, FirstSolution, Resolution),
	}
	refuse := Move{To: NotAccepted, Who: agents, Needs: []Need{NeedReason, NeedWaysTold}, Clocks: Clocks{Meets: meets(ComplaintAcknowledge).Meets, Cancels: every}}
	second := feedback
	second.Needs = []Need{NeedText, NeedFindings, NeedSolution, NeedOutcome}
	external := Move{To: InExternal, Who: staff, Needs: []Need{NeedExternal}} // our own promises do not stop for it
	return join(
		common(working, []State{FeedbackGiven, RejectedByCustomer, Confirmed}, []State{Closed, NotAccepted}, Investigating),
		in(talk, InExternal), in(manage, InExternal),
		in(map[Act]Move{GoExternal: external}, append([]State{WaitingCustomer, WaitingThird, FeedbackGiven, RejectedByCustomer, Confirmed, Closed, NotAccepted, Withdrawn}, working...)...),
		Table{
			Submitted: {
				Accept: {To: Accepted, Who: agents, Needs: []Need{NeedLevel, NeedCategory, NeedContacted}, Clocks: meets(ComplaintAcknowledge)},
				Refuse: refuse,
			},
			Accepted: {
				Investigate: {To: Investigating, Who: agents, Needs: []Need{NeedInvestigator}},
				Refuse:      refuse,
			},
			Investigating: {
				Investigate: {Who: agents, Needs: []Need{NeedInvestigator, NeedReason}, Quiet: true},
				Propose:     {To: Proposal, Who: agents, Needs: []Need{NeedFindings, NeedSolution, NeedOutcome}, Clocks: Clocks{Meets: []string{ComplaintInvestigate}}},
			},
			Proposal: {
				LookAgain:    {To: Investigating, Who: staff, Needs: []Need{NeedReason}, Clocks: Clocks{Again: []string{ComplaintInvestigate}}, Quiet: true},
				GiveFeedback: feedback,
			},
			RejectedByCustomer: {
				Reinvestigate: {To: Reinvestigating, Who: agents, Needs: []Need{NeedInvestigator}, Rules: []Rule{IfOnce, IfOtherInvestigator}, Clocks: Clocks{Meets: []string{NextResponse}}},
				Confirm:       {To: Confirmed, Who: customer},
				Close:         {To: Closed, Who: agents, Needs: []Need{NeedReason, NeedWaysTold}, Rules: []Rule{IfTasksDone}, Clocks: closing},
			},
			Reinvestigating: {GiveFeedback: second},
			// What was not accepted has to be accepted first.
			NotAccepted: {Reopen: {To: Submitted, Who: anybody, Needs: []Need{NeedReason}, Rules: []Rule{IfReopenWindow}, Clocks: reopening}},
			Confirmed:   {Close: {To: Closed, Who: unasked, Rules: []Rule{IfTasksDone}, Clocks: closing}},
			InExternal: {
				Resume: {To: back, Who: staff, Needs: []Need{NeedReason}},
				Close:  {To: Closed, Who: agents, Needs: []Need{NeedText}, Rules: []Rule{IfTasksDone}, Clocks: closing},
			},
		},
		result(FeedbackGiven, Confirmed, RejectedByCustomer, Confirmed),
	)
}()

// proposal is the machine of a suggestion (R116–R120).
var proposal = func() Table {
	decline := Move{To: Declined, Who: agents, Needs: []Need{NeedReason}, Clocks: ending}
	show := Move{Who: agents, Rules: []Rule{IfHidden}, Quiet: true}
	hide := Move{Who: agents, Rules: []Rule{IfShown}, Quiet: true}
	shown := in(map[Act]Move{Publish: show, Unpublish: hide}, Accepted, Evaluating, FeedbackGiven, Adopted, Implementing, Declined, Implemented)
	return join(
		common([]State{Submitted, Accepted, Evaluating}, []State{FeedbackGiven, Adopted, Implementing}, []State{Declined, Implemented}, Evaluating),
		Table{
			Submitted: {Accept: {To: Accepted, Who: staff, Clocks: meets(SuggestionAccept)}},
			Accepted:  {Evaluate: {To: Evaluating, Who: staff, Needs: []Need{NeedAssignee}}},
			Evaluating: {
				Assess:       {Who: staff, Needs: []Need{NeedFindings}, Clocks: Clocks{Meets: []string{SuggestionEvaluate}}, Quiet: true},
				GiveFeedback: {To: FeedbackGiven, Who: agents, Needs: []Need{NeedText}, Clocks: meets(SuggestionEvaluate, SuggestionFeedback, FirstSolution, Resolution)},
			},
			FeedbackGiven: {Adopt: {To: Adopted, Who: agents}, Decline: decline},
			Adopted:       {Implement: {To: Implementing, Who: staff}, Decline: decline},
			Implementing: {
				Announce: {To: Implemented, Who: staff, Needs: []Need{NeedAnnouncement}, Clocks: closing},
				Decline:  decline,
			},
		},
		shown, in(map[Act]Move{Unpublish: hide}, WaitingCustomer, WaitingThird),
	)
}()

// opinion is the machine of feedback (R127).
var opinion = func() Table {
	reply := Move{To: Replied, Who: staff, Needs: []Need{NeedText}, Clocks: meets(FirstSolution, Resolution)}
	return join(
		common([]State{Received, Reviewed}, []State{Replied}, []State{Archived}, Reviewed),
		Table{
			Received: {Review: {To: Reviewed, Who: staff}, Answer: reply},
			Reviewed: {Answer: reply},
			Replied: {
				Archive: {To: Archived, Who: unasked, Clocks: closing},
				Reject:  {To: Reviewed, Who: customer, Needs: []Need{NeedReason}, Clocks: reopening},
			},
		},
	)
}()

// personal is the machine of a request about personal data (PIPL art. 44–50).
// Only an identity that was checked opens it, and a refusal says why.
var personal = func() Table {
	done := Clocks{Meets: append([]string{PrivacyTerm}, meets(FirstSolution, Resolution).Meets...), Cancels: every}
	refuse := Move{To: Refused, Who: agents, Needs: []Need{NeedReason}, Clocks: done}
	again := Move{To: Submitted, Who: anybody, Needs: []Need{NeedReason}, Rules: []Rule{IfReopenWindow}, Clocks: reopening}
	hold := Move{To: OnLegalHold, Who: agents, Needs: []Need{NeedReason}}
	check := Move{To: IdentityCheck, Who: staff, Clocks: Clocks{Starts: []string{Verification}}}
	return join(
		common([]State{Submitted, IdentityCheck, Accepted, Processing}, []State{CoolingOff, OnLegalHold}, []State{Completed, Refused}, Processing),
		in(talk, Executed),
		Table{
			Submitted: {CheckIdentity: check, Refuse: refuse},
			IdentityCheck: {
				PassCheck: {To: Accepted, Who: staff, Needs: []Need{NeedVerification}, Clocks: meets(Verification)},
				FailCheck: {To: Refused, Who: staff, Needs: []Need{NeedReason}, Clocks: Clocks{Meets: append([]string{Verification}, done.Meets...), Cancels: every}},
			},
			Accepted: {
				Handle:  {To: Processing, Who: staff},
				CoolOff: {To: CoolingOff, Who: staff, Needs: []Need{NeedUntil}},
				Hold:    hold,
				Refuse:  refuse,
			},
			Processing: {
				Complete: {To: Completed, Who: staff, Needs: []Need{NeedText}, Clocks: done},
				CoolOff:  {To: CoolingOff, Who: staff, Needs: []Need{NeedUntil}},
				Hold:     hold,
				Refuse:   refuse,
			},
			CoolingOff: {
				Execute: {To: Executed, Who: unasked, Rules: []Rule{IfCooledOff}, Clocks: done},
				Hold:    hold,
			},
			OnLegalHold: {Release: {To: Processing, Who: agents, Needs: []Need{NeedReason}}},
			// What was refused or taken back comes again from the beginning: with
			// the identity checked, and all of the cooling-off time.
			Refused:   {Reopen: again},
			Withdrawn: {Reopen: again},
		},
	)
}()
