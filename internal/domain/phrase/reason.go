package phrase

import "fmt"

// Reason is why a rule decided as it did: a code with what it names, and the
// English text. Arguments are text, so that a reason that was stored reads the
// same afterwards.
type Reason struct {
	Code string   `json:"code"`
	Args []string `json:"args,omitempty"`
	Text string   `json:"text"` // in English
}

// Because returns a reason. The Chinese text stands in zh.json by the code.
func Because(code, format string, args ...string) Reason {
	return Reason{Code: code, Args: args, Text: fmt.Sprintf(format, anys(args)...)}
}

// In returns the reason in a language.
func (r Reason) In(language string) string {
	return Say(language, r.Code, anys(r.Args), r.Text)
}

func anys(args []string) []any {
	all := make([]any, len(args))
	for i, a := range args {
		all[i] = a
	}
	return all
}
