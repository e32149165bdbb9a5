package mail_test

import (
	"strings"
	"testing"

	"yingda/internal/kit/mail"
)

const fresh = "收到了，但是少了一件。\n请补发，谢谢！"

// above are what mail programs write above what they quote, and quote after
// it, as plain text.
var above = map[string]string{
	"QQ 邮箱":             "\n\n------------------ 原始邮件 ------------------\n发件人: \"客服\"<support@yuanxing.example>;\n发送时间: 2026年7月4日(星期六) 中午11:18\n收件人: \"王芳\"<w@qq.example>;\n主题: 订单\n\n已发货。",
	"QQ 邮箱, new":        "\n\n&nbsp;\n\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人:                                                                                                                        \"客服\"                                                                                    <support@yuanxing.example>;\n发送时间:&nbsp;2026年7月4日(星期六) 中午11:18\n收件人:&nbsp;\"王芳\"<w@qq.example>;\n主题:&nbsp;订单\n\n已发货。",
	"QQ 邮箱, web 2025":   "\n\n\n\n 原始邮件\n \n发件人：客服 <support@yuanxing.example>\n发件时间：2026年7月4日 11:18\n收件人：王芳 <w@qq.example>\n主题：订单\n\n已发货。",
	"QQ 邮箱, English":    "\n\n------------------ Original ------------------\nFrom:  \"客服\"<support@yuanxing.example>;\nDate:  Sat, Jul 4, 2026 11:18 AM\nTo:  \"w\"<w@qq.example>; \n\nSubject:  订单\n\n已发货。",
	"QQ 邮箱 iPhone":      "\n\n发自我的iPhone\n\n------------------ Original ------------------\nFrom: 客服 <support@yuanxing.example>\nDate: 周六,7月 4,2026 11:18\nTo: w <w@qq.example>\nSubject: Re: 订单\n\n已发货。",
	"Foxmail 7":         "\n\n\nwangfang@mail.example\n \n发件人： 客服\n发送时间： 2026-07-04 11:18\n收件人： wangfang\n主题： 订单\n已发货。",
	"网易 163":            "\n\n\n\n在 2026-07-04 11:18:30，\"客服\" <support@yuanxing.example> 写道：\n>已发货。",
	"网易 163, English":   "\n\nAt 2026-07-04 11:18:30, \"客服\" <support@yuanxing.example> wrote:\n>已发货。",
	"网易 126, as HTML":   "\n\n\n\n\n\n在 2026-07-04 11:18:30，\"客服\" <support@yuanxing.example> 写道：\n\n已发货。",
	"网易 163, forwarded": "\n\n\n\n-------- 转发邮件信息 --------\n发件人：\"客服\" <support@yuanxing.example>\n发送日期：2026-07-04 11:18:30\n收件人：w@163.example\n主题：订单\n已发货。",
	"网易邮箱大师":            "\n\n\n| |\n王芳\n|\n|\nwangfang@163.example\n|\n签名由 网易邮箱大师 定制\n\n\n---- 回复的原邮件 ----\n| 发件人 | 客服<support@yuanxing.example> |\n| 日期 | 2026年07月04日 11:18 |\n| 收件人 | w@163.example<w@163.example> |\n| 抄送至 | |\n| 主题 | 订单 |\n已发货。",
	"网易邮箱大师, older":     "\n\n\n发自 网易邮箱大师\n\n在2026年07月04日 11:18，客服 写道：\n已发货。",
	"网易邮箱大师, English":   "\n\n---- Replied Message ----\n| From | 客服<support@yuanxing.example> |\n| Date | 07/04/2026 11:18 |\n| To | w@163.example |\n| Subject | 订单 |\n已发货。",
	"企业微信邮箱":            "\n\n\n王芳\n发自我的企业微信\n\n\n \n \n------------------ Original ------------------\nFrom: 客服 <support@yuanxing.example>\nDate: Sat,Jul 4,2026 11:18 AM\nTo: w <w@corp.example>\nSubject: Re: 订单\n\n已发货。",
	"阿里邮箱":              "\n------------------------------------------------------------------\n发件人：客服 <support@yuanxing.example>\n发送时间：2026年7月4日(星期六) 11:18\n收件人：王芳 <w@corp.example>\n主　题：订单\n\n已发货。",
	"阿里邮箱, 来自":          "\n\n来自阿里邮箱 iPhone版\n------------------------------------------------------------------\n发件人：客服 <support@yuanxing.example>\n日　期：2026年07月04日 11:18:30\n收件人：王芳 <w@corp.example>\n主　题：订单\n\n已发货。",
	"新浪":                "\n----- 原始邮件 -----\n发件人：客服 <support@yuanxing.example>\n收件人：w@sina.example\n主题：订单\n日期：2026年07月04日 11点18分\n\n已发货。",
	"139":               "\n\n----邮件原文----\n发件人：客服 <support@yuanxing.example>\n收件人：w <w@139.example>\n抄 送： (无)\n发送时间：2026-07-04 11:18:30\n主题：订单\n\n已发货。",
	"搜狐":                "\n\n----- 原始邮件 -----\n发件人：客服 <support@yuanxing.example>\n发件时间：2026-07-04 11:18\n收件人：w@sohu.example\n主题：订单\n\n已发货。",
	"Outlook 中文":        "\n\n________________________________\n发件人: 客服 <support@yuanxing.example>\n发送时间: 2026年7月4日 11:18\n收件人: w@outlook.example <w@outlook.example>\n主题: 订单\n\n已发货。",
	"Outlook 中文, 邮件原件":  "\n\n-----邮件原件-----\n发件人: 客服 [mailto:support@yuanxing.example] \n发送时间: 2026年7月4日 11:18\n收件人: w\n主题: 订单\n\n已发货。",
	"Outlook 繁體":        "\n\n-----Original Message-----\n寄件者: 客服 <support@yuanxing.example>\n寄件日期: 2026年7月4日 11:18\n收件者: w\n主旨: 訂單\n\n已發貨。",
	"Outlook mobile":    "\n\n获取 Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n发件人: 客服 <support@yuanxing.example>\n发送时间: Saturday, July 4, 2026 11:18:30 AM\n收件人: w\n主题: 订单\n\n已发货。",
	"Outlook":           "\n\nFrom: Support <support@yuanxing.example>\nSent: Saturday, July 4, 2026 11:18 AM\nTo: w@mail.example\nSubject: RE: order\n\nShipped.",
	"Outlook, bold":     "\n\n*From:* Support <support@yuanxing.example>\n*Sent:* Saturday, July 4, 2026 11:18 AM\n*To:* w@mail.example\n*Subject:* RE: order\n\nShipped.",
	"Windows 邮件":        "\n\n从 Windows 版邮件发送\n\n发件人: 客服\n发送时间: 2026年7月4日 11:18\n收件人: w\n主题: 订单\n\n已发货。",
	"iPhone 中文":         "\n\n发自我的iPhone\n\n> 在 2026年7月4日，11:18，客服 <support@yuanxing.example> 写道：\n> \n> \ufeff已发货。",
	"iPhone 中文, 2":      "\n\n发自我的 iPhone\n\n在 2026年7月4日，11:18，客服 <support@yuanxing.example> 写道：\n\n> 已发货。",
	"iPad 繁體":           "\n\n從我的 iPad 傳送\n\n> 客服 <support@yuanxing.example> 於 2026年7月4日 上午11:18 寫道：\n> \n> 已發貨。",
	"Apple Mail 中文":     "\n\n> 2026年7月4日 11:18，客服 <support@yuanxing.example> 写道：\n> \n> 已发货。",
	"Apple Mail":        "\n\n> On 4 Jul 2026, at 11:18, Support <support@yuanxing.example> wrote:\n> \n> Shipped.",
	"小米邮件":              "\n\n发自我的小米手机\n在 客服 <support@yuanxing.example>，2026年7月4日 上午11:18写道：\n\n已发货。",
	"华为邮件":              "\n\n\n发自我的华为手机\n-------- 原始邮件 --------\n发件人：客服 <support@yuanxing.example>\n日期：2026年7月4日周六 上午11:18\n收件人：w@mail.example\n主 题：订单\n已发货。",
	"三星":                "\n\n从我的 Galaxy 发送\n\n-------- 原始消息 --------\n发件人： 客服 <support@yuanxing.example>\n日期： 2026/7/4 11:18 (GMT+08:00)\n收件人： w@mail.example\n主题： 订单\n已发货。",
	"Gmail 中文":          "\n\n客服 <support@yuanxing.example> 于2026年7月4日周六 11:18写道：\n\n> 已发货。",
	"Gmail 中文, 在":       "\n\n在 2026年7月4日周六 11:18，客服 <support@yuanxing.example> 写道：\n\n> 已发货。",
	"Gmail 中文, wrapped": "\n\n客服 <a-very-long-address-of-support@yuanxing.example> 于2026年7月4日周六\n11:18写道：\n\n> 已发货。",
	"Gmail 繁體":          "\n\n客服 <support@yuanxing.example> 於 2026年7月4日 週六 上午11:18寫道：\n\n> 已發貨。",
	"Gmail":             "\n\nOn Sat, Jul 4, 2026 at 11:18 AM Support <support@yuanxing.example>\nwrote:\n\n> Shipped.",
	"Gmail, forwarded":  "\n\n---------- Forwarded message ---------\n发件人： 客服 <support@yuanxing.example>\nDate: 2026年7月4日周六 11:18\nSubject: 订单\nTo: <w@gmail.example>\n\n已发货。",
	"Thunderbird 中文":    "\n\n在 2026/7/4 11:18, 客服 写道:\n> 已发货。",
	"Thunderbird":       "\n\nOn 7/4/26 11:18, Support wrote:\n> Shipped.\n",
	"Yahoo 繁體":          "\n\n    客服 (<support@yuanxing.example>) 在 2026年7月4日星期六 下午05:48:53 [GMT+8] 寫道：\n \n 已發貨。",
	"Zoho":              "\n\n---- 在 星期六, 04 七月 2026 11:18:32 +0800 客服 <support@yuanxing.example> 撰写 ----\n\n> 已发货。",
	"Proton":            "\n\n使用 Proton Mail 安全电子邮件发送。\n\n在 2026年7月4日 星期六 11:18，客服 <support@yuanxing.example> 写道：\n\n> 已发货。",
	"飞书邮箱":              "\n\n发自我的飞书\n\n发件人：\"客服\"<support@yuanxing.example>\n日期：2026年7月4日 (周六) 11:18\n主题：订单\n收件人：\"王芳\"<w@corp.example>\n\n已发货。",
	"钉钉邮箱":              "\n\n发自我的钉钉邮箱 iPhone版\n------------------------------------------------------------------\n发件人：客服 <support@yuanxing.example>\n发送时间：2026年7月4日 11:18\n收件人：王芳\n主　题：订单\n\n已发货。",
	"Coremail":          "\n\n-----原始邮件-----\n发件人:客服 <support@yuanxing.example>\n发送时间:2026-07-04 11:18:30 (星期六)\n收件人: w@univ.example\n抄送: \n主题: 订单\n\n已发货。",
	"Lotus Notes":       "\n\n-----Support <support@yuanxing.example> wrote: -----\n\n=======================\nTo: w@mail.example\nFrom: Support <support@yuanxing.example>\nDate: 07/04/2026 11:18AM\nSubject: order\n\nShipped.",
	"our own":           "\n\n## 请在此行上方回复 ##\n\n已发货。",
	"German":            "\n\nAm 04.07.2026 um 11:18 schrieb Support <support@yuanxing.example>:\n\n> Versandt.",
	"French":            "\n\nLe sam. 4 juil. 2026 à 11:18, Support <support@yuanxing.example> a écrit :\n\n> Expédié.",
	"Japanese":          "\n\n2026年7月4日(土) 11:18 Support <support@yuanxing.example>:\n\n> 発送しました。",
	"Finnish, wrapped":  "\n\nla 4. heinäkuuta 2026 klo 11.18 Support\n<support@yuanxing.example> kirjoitti:\n\n> Lähetetty.",
	"Russian":           "\n\nсб, 4 июл. 2026 г. в 11:18, Support <support@yuanxing.example>:\n\n> Отправлено.",
	"no year":           "\n\nOn Sat, Jul 4, Support\n<support@yuanxing.example>\nwrote:\n\nShipped.",
	"only marked lines": "\n\n> 已发货。\n> 请查收。",
}

func TestReplyText(t *testing.T) {
	for name, quote := range above {
		t.Run(name, func(t *testing.T) {
			got := mail.Reply(fresh+quote, "")
			if other := mail.Reply(fresh+strings.ReplaceAll(quote, "&nbsp;", "\u00a0"), ""); other != got {
				t.Errorf("with other spaces %q is left", other)
			}
			switch name {
			case "企业微信邮箱":
				got = strings.TrimSuffix(got, "\n\n\n王芳") // a name is not known to be a signature
			case "Proton":
				got = strings.TrimSuffix(got, "\n\n使用 Proton Mail 安全电子邮件发送。")
			}
			if got != fresh {
				t.Errorf("left is %q", got)
			}
		})
	}
	dated := "订单是2026年7月4日下的"
	if got := mail.Reply(dated+"\n客服 <support@yuanxing.example> 于2026年7月5日周日 11:18写道：\n> 已发货。", ""); got != dated {
		t.Errorf("of a line with a date is left %q", got)
	}
}

func TestReplyKeeps(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a word in a sentence":         {"您好，他在信里写道：已退款。请问发件人是谁？\n请核实。", ""},
		"a sentence with a date":       {"我在2026年7月4日写道：请退款。\n到现在没有人理我。", ""},
		"a list of two labels":         {"请改成：\n收件人：王芳\n地址：深圳\n电话：13800000000", ""},
		"a date of the customer":       {"日期：7月4日\n订单没到", ""},
		"a parcel":                     {"快递信息：\n寄件人：王芳\n收件人：李四\n日期：7月4日\n单号：SF1001", ""},
		"an address that is asked for": {"我的邮箱是：\n\nwangfang@mail.example", ""},
		"an address at the end":        {"请发到\nwangfang@mail.example", ""},
		"a greater sign":               {"温度 > 30 度的时候会报警", ""},
		"from the heart":               {"谢谢你们\n发自内心的感谢", ""},
		"comes from somewhere":         {"我的问题\n来自深圳的王芳", ""},
		"English that begins on":       {"On Monday I ordered two.\nOne came broken.", ""},
		"a table":                      {"| 型号 | 数量 |\n| A1 | 2 |", ""},
		"dashes":                       {"第一点\n-----\n第二点", ""},
		"the answer below":             {"在 2026-07-04 11:18:30，\"客服\" <s@yuanxing.example> 写道：\n>已发货。\n\n还没有到。", "还没有到。"},
		"answers between":              {"在 2026-07-04 11:18:30，客服 <s@yuanxing.example> 写道：\n> 颜色？\n\n红色\n\n> 尺寸？\n\n大号\n\n> 谢谢", "在 2026-07-04 11:18:30，客服 <s@yuanxing.example> 写道：\n> 颜色？\n\n红色\n\n> 尺寸？\n\n大号"},
		"nothing but a quote":          {"------------------ 原始邮件 ------------------\n发件人: 客服\n\n已发货。", ""},
		"nothing at all":               {"", ""},
		"a telephone alone":            {"发自我的iPhone", ""},
		"a signature after dashes":     {"请退款\n\n-- \n王芳\n13800000000", "请退款"},
		"a telephone":                  {"请退款\n\n发自我的华为Mate 60 Pro", "请退款"},
		"a telephone, traditional":     {"請退款\n\n從我的 iPhone 傳送", "請退款"},
		"a telephone, English":         {"Refund please\n\nSent from my iPhone", "Refund please"},
		"a program":                    {"请退款\n\n来自 QQ邮箱手机版", "请退款"},
		"an address alone":             {"请退款\n\nwangfang@mail.example", "请退款"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.want == "" {
				c.want = c.text
			}
			if got := mail.Reply(c.text, ""); got != c.want {
				t.Errorf("left is %q, want %q", got, c.want)
			}
		})
	}
}

const freshHTML = "收到了，但是少了一件。<br>请补发，谢谢！"

// belowHTML are the same in HTML.
var belowHTML = map[string]string{
	"QQ 邮箱":                 `<div>` + freshHTML + `</div><div><br></div><div style="font-size: 12px;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b>&nbsp;"客服"&lt;s@yuanxing.example&gt;;</div><div><b>发送时间:</b>&nbsp;2026年7月4日(星期六) 中午11:18</div><div><b>主题:</b>&nbsp;订单</div></div><div>已发货。</div>`,
	"QQ 邮箱, 2025":           `<div>` + freshHTML + `</div><div class="xm_mail_oringinal_describe"><div class="xm_mail_oringinal_title">原始邮件</div><table><tr><td>发件人：</td><td>客服</td></tr></table></div><div>已发货。</div>`,
	"网易 163":                freshHTML + `<br><br>在 2026-07-04 11:18:30，"客服" &lt;s@yuanxing.example&gt; 写道：<br><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex">已发货。</blockquote><br><span title="neteasefooter"><p>&nbsp;</p></span>`,
	"网易邮箱大师":                `<div>` + freshHTML + `</div><div class="ntes-mailmaster-quote"><div>---- 回复的原邮件 ----</div><table><tr><td>发件人</td><td>客服</td></tr></table><div>已发货。</div></div>`,
	"Foxmail":               `<div>` + freshHTML + `</div><hr style="width: 210px; height: 1px;" color="#b5c4df" size="1" align="left"><div><span>w@mail.example</span></div><blockquote><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><div><b>发件人：</b>&nbsp;客服</div></div><div>已发货。</div></blockquote>`,
	"阿里邮箱":                  `<div class="__aliyun_email_body_block"><div>` + freshHTML + `</div><blockquote><div>------------------------------------------------------------------</div><div>发件人：客服 &lt;s@yuanxing.example&gt;</div><div>发送时间：2026年7月4日(星期六) 11:18</div><div>主　题：订单</div><div>已发货。</div></blockquote></div>`,
	"Gmail":                 `<div dir="ltr">` + freshHTML + `<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">客服 于2026年7月4日周六 写道：<br></div><blockquote class="gmail_quote">已发货。</blockquote></div></div>`,
	"Gmail through Outlook": `<div>` + freshHTML + `</div><div class="x_gmail_quote">已发货。</div>`,
	"Outlook web":           `<div>` + freshHTML + `</div><div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg"><b>发件人:</b> 客服<br><b>主题:</b> 订单</div><div>已发货。</div>`,
	"Outlook":               `<p class="MsoNormal">` + freshHTML + `</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>From:</b> Support</p></div><p>Shipped.</p>`,
	"Apple":                 `<div>` + freshHTML + `</div><div><br>2026年7月4日 上午11:18，客服 &lt;s@yuanxing.example&gt; 写道：<br><br></div><div><blockquote type="cite"><div>已发货。</div></blockquote></div>`,
	"iPhone":                `<div dir="ltr">` + freshHTML + `</div><div dir="ltr"><br></div><div id="lineBreakAtBeginningOfSignature"><br></div><div dir="ltr">发自我的iPhone</div><div dir="ltr"><br><blockquote type="cite">在 2026年7月4日，11:18，客服 写道：<br><br></blockquote></div><blockquote type="cite"><div>已发货。</div></blockquote>`,
	"Thunderbird":           `<p>` + freshHTML + `</p><div class="moz-cite-prefix">在 2026/7/4 11:18, 客服 写道:<br></div><blockquote type="cite">已发货。</blockquote>`,
	"a Gmail signature":     `<div>` + freshHTML + `</div><div><div class="gmail_signature">王芳<br>经理</div></div><div class="gmail_quote">已发货。</div>`,
	"飞书":                    `<div>` + freshHTML + `</div><div class="history-quote-wrapper"><div>发件人：客服</div><div>已发货。</div></div>`,
	"an answer below":       `<div class="gmail_quote">已发货。</div><div>` + freshHTML + `</div>`,
	"hidden text":           `<div style="display:none">preview</div><div>` + freshHTML + `</div>`,
}

func TestReplyHTML(t *testing.T) {
	for name, doc := range belowHTML {
		t.Run(name, func(t *testing.T) {
			if got := mail.Reply("", doc); got != fresh {
				t.Errorf("left is %q", got)
			}
		})
	}
	if got := mail.Reply("订单\n\n> 已发货", "<p>订单</p><p>&gt; 已发货</p>"); got != "订单" {
		t.Errorf("the plain text is not taken where the HTML marks nothing: %q", got)
	}
}
