package ticket

// The promises whose clocks cases drive (domain reference §5.4). Package sla
// knows the same names.
const (
	FirstResponse        = "first_response"
	NextResponse         = "next_response"
	FirstSolution        = "first_solution"
	Resolution           = "resolution"
	ComplaintAcknowledge = "complaint_acknowledge"
	ComplaintInvestigate = "complaint_investigate"
	ComplaintFeedback    = "complaint_feedback"
	SuggestionAccept     = "suggestion_accept"
	SuggestionEvaluate   = "suggestion_evaluate"
	SuggestionFeedback   = "suggestion_feedback"
	Verification         = "verification"
	SurveyWindow         = "survey_window"
	RescueArrival        = "rescue_arrival"
	PrivacyTerm          = "privacy_request"
)

// Clocks are what an act does to the clocks of a case, by the names of the
// promises. A clock that does not run, or that no policy has, is left alone.
type Clocks struct {
	Starts  []string `json:"starts,omitempty"`
	Meets   []string `json:"meets,omitempty"`
	Pauses  []string `json:"pauses,omitempty"`
	Resumes []string `json:"resumes,omitempty"`
	Again   []string `json:"again,omitempty"`   // met or cancelled, they run on as if they had not been (reference §1.3.6)
	Cancels []string `json:"cancels,omitempty"` // those that still run are no longer promised
	Revives []string `json:"revives,omitempty"` // those that were cancelled are promised again
}

// every are all clocks that a case can have.
var every = []string{
	FirstResponse, NextResponse, FirstSolution, Resolution, ComplaintAcknowledge, ComplaintInvestigate, ComplaintFeedback,
	SuggestionAccept, SuggestionEvaluate, SuggestionFeedback, Verification, RescueArrival, PrivacyTerm,
}

// solving are the clocks that stop while the customer is asked. Clocks of
// responses never stop, nor does the term of a privacy request, which the law
// gives (reference §1.3.5). Statutory floors run beside and are not ours.
var solving = []string{FirstSolution, Resolution, ComplaintInvestigate, ComplaintFeedback, SuggestionEvaluate, SuggestionFeedback}

// goals are the clocks that run on when a case that was solved is not: all that
// end with the result. A first solution was given, whatever came of it.
var goals = []string{Resolution, ComplaintInvestigate, ComplaintFeedback, SuggestionEvaluate, SuggestionFeedback, PrivacyTerm}

// Starts returns the clocks that begin when a case of a kind is handed in.
func (k Kind) Starts() []string { return kinds[k].starts }
