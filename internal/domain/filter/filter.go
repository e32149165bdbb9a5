// Package filter finds words that are not to be said (敏感词), in what agents
// write and in what customers write, and says what is to be done about them.
package filter

import (
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

// Action is what is done about a word.
type Action string

// The actions. For a customer's words all of them but Notify are Mask: what a
// customer wrote is neither refused nor changed.
const (
	Mask   Action = "mask"   // stars instead of the word
	Warn   Action = "warn"   // the agent is asked before it is sent
	Refuse Action = "refuse" // it is not sent
	Notify Action = "notify" // sent as it is; supervisors are told
)

// List is words of one sort, with what is done about them.
type List struct {
	ID       string     `json:"id"` // stays the same when the name changes
	Name     inbox.Text `json:"name"`
	Enabled  bool       `json:"enabled"`
	Agents   bool       `json:"agents"`   // looked for in what agents write
	Contacts bool       `json:"contacts"` // and in what customers write
	Action   Action     `json:"action"`
	Words    []string   `json:"words"`
}

// Settings are all lists.
type Settings struct {
	Lists   []List `json:"lists"`
	Version int64  `json:"version"`
}

// Defaults are empty lists of the sorts that a service desk in China keeps,
// all off: which words they hold is for each company to say.
func Defaults() Settings {
	return Settings{Lists: []List{
		{ID: "abuse", Name: inbox.Text{Zh: "辱骂与粗话", En: "Insults"}, Agents: true, Contacts: true, Action: Mask, Words: []string{}},
		{ID: "banned", Name: inbox.Text{Zh: "服务禁语", En: "Never said by service"}, Agents: true, Action: Refuse, Words: []string{"不知道", "不归我管", "你自己看", "爱找谁找谁", "没办法"}},
		{ID: "absolute", Name: inbox.Text{Zh: "绝对化承诺", En: "Absolute promises"}, Agents: true, Action: Warn, Words: []string{"保证百分之百", "绝对没问题", "永久免费", "全网最低"}},
		{ID: "outside", Name: inbox.Text{Zh: "站外联系与交易", En: "Contact and payment elsewhere"}, Agents: true, Action: Warn, Words: []string{"加我微信", "私下转账", "扫码付款"}},
		{ID: "law", Name: inbox.Text{Zh: "法律与舆情风险", En: "Law and publicity"}, Contacts: true, Action: Notify, Words: []string{"起诉", "律师函", "曝光", "12315", "消协"}},
	}}
}

// The most that is kept.
const (
	mostWords = 20_000
	mostLists = 20
	longest   = 40 // characters of a word
)

// Check returns the settings as they are kept, or what is wrong with them.
func (s Settings) Check() (Settings, error) {
	if len(s.Lists) > mostLists {
		return s, fault.New(fault.Invalid, "filter.lists", "there are at most %d lists", mostLists).In("lists")
	}
	lists, seen, total := slices.Clone(s.Lists), map[string]bool{}, 0
	for i, l := range lists {
		switch {
		case l.ID == "" || len(l.ID) > longest || seen[l.ID]:
			return s, fault.New(fault.Invalid, "filter.id", "each list has an id of its own").In("lists")
		case strings.TrimSpace(l.Name.Zh+l.Name.En) == "" || utf8.RuneCountInString(l.Name.Zh+l.Name.En) > 2*longest:
			return s, fault.New(fault.Invalid, "filter.name", "a list needs a name of at most %d characters", longest).In("lists")
		case !slices.Contains([]Action{Mask, Warn, Refuse, Notify}, l.Action):
			return s, fault.New(fault.Invalid, "filter.action", "the action is mask, warn, refuse or notify").In("lists")
		}
		seen[l.ID] = true
		words := make([]string, 0, len(l.Words))
		had := map[string]bool{}
		for _, w := range l.Words {
			w = strings.TrimSpace(w)
			folded := string(fold(w).runes)
			switch {
			case w == "" || had[folded]:
				continue
			case folded == "" || utf8.RuneCountInString(w) > longest:
				return s, fault.New(fault.Invalid, "filter.word", "%q is not a word of 1 to %d characters", w, longest).In("lists")
			}
			had[folded] = true
			words = append(words, w)
		}
		lists[i].Words = words
		if total += len(words); total > mostWords {
			return s, fault.New(fault.Invalid, "filter.words", "the lists hold at most %d words together", mostWords).In("lists")
		}
	}
	s.Lists = lists
	return s, nil
}

// Hit is a word that was found. From and To count characters of the text, To
// not in it.
type Hit struct {
	List   string `json:"list"`
	Word   string `json:"word"`
	Action Action `json:"action"`
	From   int    `json:"from"`
	To     int    `json:"to"`
}

// Masked returns the text with stars instead of the words that are to be
// masked.
func Masked(text string, hits []Hit) string {
	if !slices.ContainsFunc(hits, func(h Hit) bool { return h.Action == Mask }) {
		return text
	}
	runes := []rune(text)
	for _, h := range hits {
		for i := h.From; h.Action == Mask && i < h.To && i < len(runes); i++ {
			if !skipped(runes[i]) {
				runes[i] = '*'
			}
		}
	}
	return string(runes)
}

// Does reports whether one of the hits asks for an action.
func Does(hits []Hit, a Action) bool {
	return slices.ContainsFunc(hits, func(h Hit) bool { return h.Action == a })
}

// Words returns the words that ask for an action, each once.
func Words(hits []Hit, a Action) []string {
	words := []string{}
	for _, h := range hits {
		if h.Action == a && !slices.Contains(words, h.Word) {
			words = append(words, h.Word)
		}
	}
	return words
}
