package automation

import (
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// Variable is a name that texts can hold in double braces: {{case.number}}.
type Variable struct {
	Name     string    `json:"name"`
	Zh       string    `json:"zh"`
	En       string    `json:"en"`
	Subjects []Subject `json:"subjects"` // for which it is known
}

var variables = []Variable{
	{"case.number", "工单编号", "Case number", caseOnly},
	{"case.subject", "标题", "Subject", caseOnly},
	{"case.kind", "工单类型", "Kind", caseOnly},
	{"case.category", "分类", "Category", caseOnly},
	{"case.link", "进度查询链接", "Progress page", caseOnly},
	{"stage", "当前阶段", "Stage", caseOnly},
	{"due", "承诺完成时间", "Promised time", caseOnly},
	{"clock.metric", "承诺指标", "Promise", caseOnly},
	{"conversation.id", "会话编号", "Conversation", []Subject{Conversation}},
	{"customer.name", "客户称呼", "Customer's name", both},
	{"agent.name", "客服昵称", "Agent's name", both},
	{"team.name", "团队名称", "Team", both},
	{"company.name", "公司名称", "Company", both},
	{"company.phone", "客服电话", "Company's phone", both},
	{"now", "当前时间", "Now", both},
}

// Variables lists the names that texts can hold.
func Variables() []Variable { return slices.Clone(variables) }

// CheckTemplate says what is wrong with a text that may hold variables, in a
// field: it is too long, or names what is not known for every subject.
func CheckTemplate(text string, about []Subject, field string) error {
	if utf8.RuneCountInString(text) > maxText || !utf8.ValidString(text) {
		return fault.New(fault.Invalid, "template.long", "a text holds at most %d characters", maxText).In(field)
	}
	for _, p := range pieces(text) {
		switch {
		case !p.variable:
		case p.open:
			return fault.New(fault.Invalid, "template.open", "after {{ there is no }}").In(field)
		case !known(p.text, about):
			return fault.New(fault.Invalid, "template.variable", "there is no variable %q here", p.text).In(field)
		}
	}
	return nil
}

func known(name string, about []Subject) bool {
	i := slices.IndexFunc(variables, func(v Variable) bool { return v.Name == name })
	return i >= 0 && !slices.ContainsFunc(about, func(s Subject) bool { return !slices.Contains(variables[i].Subjects, s) })
}

// Render returns the text with its variables filled in. One without a value
// becomes nothing. What a value holds is text: braces in it are not read
// again.
func Render(text string, values map[string]string) string {
	var b strings.Builder
	for _, p := range pieces(text) {
		switch {
		case !p.variable:
			b.WriteString(p.text)
		case p.open:
			b.WriteString("{{" + p.text)
		default:
			b.WriteString(values[p.text])
		}
	}
	return b.String()
}

// piece is plain text, a variable's name, or what follows braces that are
// never closed.
type piece struct {
	text     string
	variable bool
	open     bool
}

func pieces(text string) []piece {
	var ps []piece
	for text != "" {
		before, rest, found := strings.Cut(text, "{{")
		if before != "" {
			ps = append(ps, piece{text: before})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return append(ps, piece{text: rest, variable: true, open: true})
		}
		ps = append(ps, piece{text: strings.TrimSpace(name), variable: true})
		text = after
	}
	return ps
}
