package webchat

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/serve"
)

type config struct {
	Inbox         inbox.ID      `json:"inbox"`
	Company       string        `json:"company"`
	Title         string        `json:"title"`
	Greeting      string        `json:"greeting"`
	Color         string        `json:"color"`
	Position      string        `json:"position"`
	Languages     []string      `json:"languages"`
	Open          bool          `json:"open"`
	HoursText     string        `json:"hours_text"`
	AgentsOnline  bool          `json:"agents_online"`
	Assistant     bool          `json:"assistant"`
	AssistantName string        `json:"assistant_name"`
	Prechat       inbox.Prechat `json:"prechat"`
	AfterHours    string        `json:"after_hours"`
	MaxFileMB     int           `json:"max_file_mb"`
	HotQuestions  []hotQuestion `json:"hot_questions"`
	Suggestions   bool          `json:"suggestions"` // questions are suggested to who types
	Phone         string        `json:"phone"`
	Receipts      bool          `json:"receipts"`
	Recall        int           `json:"recall"`                  // seconds in which visitors may take back what they said; 0: not
	Proactive     []proactive   `json:"proactive,omitempty"`     // while somebody, or the assistant, can answer
	TypingPreview string        `json:"typing_preview,omitzero"` // says that agents read what is typed before it is sent
}

type proactive struct {
	Page  string `json:"page"`
	After int    `json:"after_seconds"`
	Text  string `json:"text"`
}

type hotQuestion struct {
	ID       string `json:"id"`
	Question string `json:"question"`
}

// previewed is what visitors are told of the typing preview (M043).
var previewed = inbox.Text{Zh: "客服可以看到您正在输入的内容", En: "Agents can see what you are typing"}

// config tells what the widget shows before anyone says anything.
func (d *Door) config(l limits, w http.ResponseWriter, r *http.Request) error {
	if err := slow(l.configs, address(r), d.Now()); err != nil {
		return err
	}
	in, err := d.inbox(r, r.URL.Query().Get("inbox"))
	if err != nil {
		return err
	}
	language := r.URL.Query().Get("lang")
	if language != "zh" && language != "en" {
		language = d.language(r)
		w.Header().Add("Vary", "Accept-Language")
	}
	company, err := d.Chat.Company(r.Context())
	if err != nil {
		return err
	}
	staffed, err := d.Chat.Staffed(r.Context(), in)
	if err != nil {
		return err
	}
	s := in.Settings
	hot, err := d.Chat.HotQuestions(r.Context(), in.Kind, language, s.HotQuestions)
	if err != nil {
		return err
	}
	c := config{
		Inbox: in.ID, Company: company.Name.In(language), Title: s.Title.In(language), Greeting: s.Greeting.In(language),
		Color: s.Color, Position: s.Position, Languages: []string{"zh", "en"}, Open: s.Hours.OpenAt(d.Now()), HoursText: hoursText(s.Hours, language),
		AgentsOnline: staffed, Assistant: s.Assistant, AssistantName: inbox.Assistant.In(language), Prechat: s.Prechat,
		AfterHours: s.AfterHours.In(language), MaxFileMB: s.MaxFileMB, Phone: company.Phone,
		Receipts: s.Receipts, Suggestions: s.Suggestions && s.Assistant, Recall: int(s.Recall.WithinForContact().Seconds()),
	}
	if s.TypingPreview {
		c.TypingPreview = previewed.In(language)
	}
	if staffed || s.Assistant {
		for _, p := range s.Proactive {
			c.Proactive = append(c.Proactive, proactive{p.Page, p.After, p.Text.In(language)})
		}
	}
	if c.Prechat.Fields == nil {
		c.Prechat.Fields = []inbox.Field{}
	}
	c.HotQuestions = questions(hot)
	w.Header().Set("Cache-Control", "public, max-age=30")
	return serve.JSON(w, http.StatusOK, c)
}

func questions(of []conversation.Choice) []hotQuestion {
	qs := make([]hotQuestion, len(of))
	for i, q := range of {
		qs[i] = hotQuestion{q.ID, q.Text}
	}
	return qs
}

type suggestions struct {
	Items []hotQuestion `json:"items"`
}

// longestTyped is how much of what is being typed is looked at, in characters:
// who has written more does not ask what others ask.
const longestTyped = 60

// suggest answers with questions that go on as the visitor types.
func (d *Door) suggest(c call) error {
	typed := c.URL.Query().Get("q")
	if utf8.RuneCountInString(typed) > longestTyped || !utf8.ValidString(typed) {
		return c.answer(suggestions{[]hotQuestion{}})
	}
	found, err := d.Chat.Complete(c.Context(), c.who, c.inbox, typed, c.language)
	if err != nil {
		return err
	}
	c.ResponseWriter.Header().Set("Cache-Control", "private, max-age=30")
	return c.answer(suggestions{questions(found)})
}

var days = map[string][7]string{
	"zh": {"周一", "周二", "周三", "周四", "周五", "周六", "周日"},
	"en": {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
}

// hoursText writes opening hours as people do: 周一至周五 09:00–18:00.
func hoursText(h sla.Hours, language string) string {
	to, separator, always := "至", "；", "全天 24 小时"
	if language == "en" {
		to, separator, always = "–", "; ", "24 hours a day"
	}
	if h.Always {
		return always
	}
	name := days[language]
	var lines []string
	for from := 0; from < len(h.Week); {
		last := from
		for last+1 < len(h.Week) && slices.Equal(h.Week[last+1], h.Week[from]) {
			last++
		}
		if spans := h.Week[from]; len(spans) > 0 {
			var which strings.Builder
			which.WriteString(name[from])
			if last > from {
				which.WriteString(to + name[last])
			}
			for _, s := range spans {
				which.WriteString(" " + s.From + "–" + s.To)
			}
			lines = append(lines, which.String())
		}
		from = last + 1
	}
	return strings.Join(lines, separator)
}
