package retrieve

import "testing"

func TestWantsPerson(t *testing.T) {
	for _, text := range []string{
		// Connect me.
		"我要转人工", "转人工！！", "麻烦转接一下人工", "帮我转8号客服", "请帮我转接到你们的售后专员", "转售后", "能给我接人工吗", "换个客服", "给我换一个人工",
		"能不能接通人工坐席", "怎么转人工啊", "为什么还不转人工", "要不转人工吧", "转人工要等多久", "請轉接真人客服",
		// Only the name.
		"人工", "人工客服 你好", "订单没到，人工", "人工人工人工", "真人客服", "[图片] 人工", "人工服务，我的车充不上电",
		// Somebody is to come, or to be called.
		"找客服", "我要找你们主管", "叫你们经理来", "让你们领导给我回电话", "帮我联系客服处理", "有人工吗", "有没有真人", "我需要人工帮忙", "我想跟人说话", "我要和客服谈", "请让客服联系我", "找个能解决问题的人",
		"换个人来", "换个人跟我说", "来个人跟我说清楚",
		// Not a machine.
		"不要机器人回答", "别让机器人跟我聊", "我不想和智能客服说", "不要自动回复",
		// What went before does not take it away.
		"人工费太贵了，我要转人工", "上次客服说三天到，现在还没到，转人工", "刚才人工客服断了，再帮我转人工", "不要机器人，要人工", "你是人工吗？不是的话转人工",
		"I want to talk to a human", "can I please speak with someone from support", "transfer me to an agent", "put me through to your manager", "connect to customer service", "how do I talk to a real person",
		"is it possible to speak to a person", "are you able to connect me to an agent?", "I'd like a human", "give me a real person", "human please", "Hi, agent", "live agent", "representative!!!", "I don't want to talk to a bot",
		"Are you a bot? Let me talk to a human.", "I spoke to an agent yesterday, but now I need another agent",
	} {
		if _, ok := wantsPerson(Normalise(text)); !ok {
			t.Errorf("%q is not heard", text)
		}
	}
	for _, text := range []string{
		// Other things.
		"更换刹车片人工费多少", "保养要收人工费吗", "人工智能是怎么驾驶的", "有没有真人秀", "换个人发票抬头", "发票从个人改成公司", "换个人开车也这样", "人工湖边有充电桩吗", "我要扫地机器人", "转接头有吗", "客户要转账", "无法人工调节座椅", "工时和人工成本",
		// What somebody said or did.
		"客服说可以退的", "人工客服跟我说三天到", "之前联系客服让我取消了", "昨天客服打过电话，答应换新", "上次人工说已经处理了", "我和客服沟通过了", "你们客服也不知道", "客服让我找4S店", "你们客服态度真差",
		// Not now.
		"不用转人工，我自己看", "不需要人工", "别转人工", "先不转人工", "不想找客服",
		// How, when, whether.
		"人工客服几点上班", "客服电话多少", "人工客服的工作时间", "人工热线是多少", "是不是要联系客服审批", "专属客服是什么", "需要联系客服吗",
		// Whom do I speak with.
		"你是人工吗", "请问是真人还是机器人", "是不是机器人",
		// Somebody, but none of ours.
		"没人来取件", "收件人写错了", "找人报销", "送货的人联系不上", "有人在吗", "客服", // the last is heard alone, as a whole text
		"are you a human", "am I speaking to a real person", "do I have to talk to someone to close my account", "I sent money to a person", "make a transfer to someone", "send a text to someone",
		"the agent said it was done", "I talked to customer service yesterday", "what is the customer service number", "what are the agent opening hours", "I don't want to talk to an agent", "no need to transfer me to a human",
		"my real estate agent", "can someone help me with my card", "is this a real person", "try to sound like a real person", "human error", "the dealer's manager was rude",
	} {
		if w, ok := wantsPerson(Normalise(text)); ok {
			t.Errorf("%q is heard, by %q", text, w)
		}
	}
}
