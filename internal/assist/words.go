package assist

import (
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/retrieve"
)

// Name is what the assistant is called. It says that this is no person.
func Name(language string) string { return inbox.Assistant.In(language) }

// What the assistant says of itself. Answers are the editors' own words.
var (
	hello = inbox.Text{
		Zh: "您好，我是智能助手。请直接说您遇到的问题，我来查找答案；需要人工时，随时点“转人工”。",
		En: "Hello, I am the assistant. Tell me what you need and I will look for the answer. A person is one click away at any time.",
	}
	welcome = inbox.Text{
		Zh: "不客气，很高兴能帮到您。还有问题随时找我。",
		En: "You are welcome. I am here if anything else comes up.",
	}
	choose = inbox.Text{
		Zh: "您想问的是下面哪一个？点一下就能看到答案。都不是的话，请换个说法，或点“转人工”。",
		En: "Which of these do you mean? Choose one to see the answer. If none fits, try other words, or ask for a person.",
	}
	again = inbox.Text{
		Zh: "抱歉，我没有找到这个问题的答案。请换个说法，或多说一点情况；也可以点“转人工”，由客服来帮您。",
		En: "Sorry, I found no answer to that. Try other words or tell me a little more, or ask for a person.",
	}
	danger = inbox.Text{
		Zh: "请先确保人员安全：停车、离开车辆，远离车流；有人受伤请拨打 120，起火请拨打 119，事故请拨打 122。正在为您转接人工客服，优先处理。",
		En: "Safety first: stop, leave the car and keep away from traffic. In China call 120 for injuries, 119 for fire, 122 for accidents. A person takes over now, with priority.",
	}
	also        = inbox.Text{Zh: "也可以看看文章《%s》。", En: "The article “%s” may help too."}
	fromArticle = inbox.Text{Zh: "——出自《%s》", En: "— from “%s”"}

	toPerson = inbox.Text{
		Zh: "这件事需要人工客服来处理，请点“转人工”。",
		En: "This needs a person. Please ask for one here.",
	}
)

// wordsFor returns what is said with a decision; empty where the answer or the
// silence speaks for itself.
func wordsFor(code retrieve.Code, action retrieve.Action) inbox.Text {
	switch {
	case action == retrieve.Choose:
		return choose
	case code == retrieve.Safety:
		return danger
	case code == retrieve.Greeted:
		return hello
	case code == retrieve.Thanked:
		return welcome
	case code == retrieve.Nothing, code == retrieve.Impatient:
		return again
	case action == retrieve.HandOver:
		return toPerson
	}
	return inbox.Text{}
}
