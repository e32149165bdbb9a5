package sla

// Told is one promise as customers are told it.
type Told struct {
	Way    string `json:"way"`             // how or with what they reach us: one of Ways
	Level  string `json:"level,omitempty"` // of a question; special ones are agreed and have no term
	Metric Metric `json:"metric"`
	Name   Text   `json:"name"` // of the metric
	Term   Text   `json:"term"` // "3–5 个工作日", "3–5 working days"
}

// The ways in which customers reach us, by what they are promised.
const (
	WayPhone      = "phone"
	WayChat       = "chat"
	WayEmail      = "email"
	WayQuestion   = "question"   // however it came, by its level
	WayComplaint  = "complaint"  // by stage
	WaySuggestion = "suggestion" // by stage
	WayPrivacy    = "privacy"    // a request about personal data
)

// Ways returns the ways in the order in which people read them.
func Ways() []string {
	return []string{WayPhone, WayChat, WayEmail, WayQuestion, WayComplaint, WaySuggestion, WayPrivacy}
}

// way is whom a way is for, and which promises are told about it.
type way struct {
	name    string
	subject Subject
	metrics []Metric
}

// ways are asked in this order. An e-mail is a question of the general level;
// each level of a question stands for itself.
var ways = []way{
	{WayPhone, Subject{Kind: KindCall, Channel: "phone"}, []Metric{AnswerWait}},
	{WayChat, Subject{Kind: KindConversation, Channel: "webchat"}, []Metric{FirstResponse}},
	{WayEmail, Subject{Kind: "consultation", Channel: "email", Level: General}, []Metric{FirstResponse}},
	{WayQuestion, Subject{Kind: "consultation", Channel: "portal", Level: Simple}, []Metric{FirstResponse, FirstSolution, Resolution}},
	{WayQuestion, Subject{Kind: "consultation", Channel: "portal", Level: General}, []Metric{FirstResponse, FirstSolution, Resolution}},
	{WayQuestion, Subject{Kind: "consultation", Channel: "portal", Level: Complex}, []Metric{FirstResponse, FirstSolution, Resolution}},
	{WayComplaint, Subject{Kind: "complaint", Channel: "portal", Level: General}, []Metric{ComplaintAcknowledge, ComplaintInvestigate, ComplaintFeedback}},
	{WaySuggestion, Subject{Kind: "suggestion", Channel: "portal", Level: General}, []Metric{SuggestionAccept, SuggestionEvaluate, SuggestionFeedback}},
	{WayPrivacy, Subject{Kind: "privacy", Channel: "portal", Level: General}, []Metric{PrivacyRequest}},
}

// Public returns what is promised to a customer of no tier with a case of no
// category, in the order of Ways. What nothing is promised for is left out; a
// term that only the law gives stands there too.
func (p *Promises) Public() []Told {
	told := make([]Told, 0, 20)
	for _, w := range ways {
		for _, m := range w.metrics {
			t, _, ok := find(p.preset, m, w.subject)
			if !ok {
				t, _, ok = find(p.floor, m, w.subject)
			}
			if !ok {
				continue
			}
			line := Told{Way: w.name, Metric: m, Name: m.Name(), Term: Text{Zh: t.Term("zh"), En: t.Term("en")}}
			if w.name == WayQuestion {
				line.Level = w.subject.Level
			}
			told = append(told, line)
		}
	}
	return told
}
