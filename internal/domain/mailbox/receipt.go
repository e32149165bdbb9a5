package mailbox

import (
	"strings"

	"yingda/internal/domain/inbox"
)

// ReceiptFacts are what a receipt tells (R005, R048).
type ReceiptFacts struct {
	Name    string // of the customer
	Company string
	Number  string // of the case, or of the conversation
	Due     string // by when they are answered; empty if nothing is promised
	Ways    string // faster ways for urgent matters, a line each; may be empty
}

var builtIn = inbox.Text{
	Zh: "{name}您好：\n\n您的邮件已收到，编号 {number}。{due}\n{ways}\n这是系统自动发送的确认，直接回复本邮件即可补充内容或附件，请保留主题中的编号。\n\n{company}",
	En: "Dear {name},\n\nwe have your mail. Its number is {number}.{due}\n{ways}\nA program wrote this. To add something, answer this mail and leave the number in its subject.\n\n{company}",
}

var receiptWords = map[string]struct{ subject, due, ways string }{
	"zh": {"已收到您的邮件：", "我们将在 {due} 前回复您（按工作时间计算）。\n", "\n如果事情紧急，更快的方式：\n{ways}\n"},
	"en": {"We have your mail: ", " We answer by {due} at the latest, counted in working hours.\n", "\nIf it is urgent, these ways are faster:\n{ways}\n"},
}

// Write returns the receipt in a language: the words of the settings, or those
// that are built in.
func (r Receipt) Write(language, subject, tag string, f ReceiptFacts) (head, text string) {
	w, ok := receiptWords[language]
	if !ok {
		language, w = "zh", receiptWords["zh"]
	}
	text = r.Text.In(language)
	due, ways := f.Due, f.Ways
	if text == "" {
		text = builtIn.In(language)
		if due != "" {
			due = strings.ReplaceAll(w.due, "{due}", due)
		}
		if ways != "" {
			ways = strings.ReplaceAll(w.ways, "{ways}", ways)
		}
	}
	text = strings.NewReplacer("{name}", f.Name, "{company}", f.Company, "{number}", f.Number, "{due}", due, "{ways}", ways).Replace(text)
	return strings.TrimSpace(w.subject + Subject(subject) + " " + tag), strings.TrimSpace(text)
}
