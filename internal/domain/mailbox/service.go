package mailbox

import (
	"slices"
	"strings"

	"yingda/internal/domain/inbox"
)

// Service is a provider of mailboxes whose servers are known (邮箱服务商).
type Service struct {
	Code    string     `json:"code"`
	Name    inbox.Text `json:"name"`
	Domains []string   `json:"domains"` // of its addresses; none with those that serve domains of companies
	Fetch   Server     `json:"fetch"`
	Send    Server     `json:"send"`
	// Secret is what the password for programs is called there; empty: a password.
	Secret inbox.Text `json:"secret,omitzero"`
	// Before is what has to be done there before it lets us in.
	Before inbox.Text `json:"before"`
	OAuth  Provider   `json:"oauth,omitzero"` // who signs in, where that is the way
	// Plus says that mail to name+token@… arrives at name@….
	Plus      bool `json:"plus"`
	PerMinute int  `json:"per_minute"` // what it lets out without complaint

	exchangers []string // ends of the names of its mail exchangers, for domains of companies
}

func imap(host string) Server { return Server{Host: host, Port: 993, Security: TLS, Auth: Password} }

func smtp(host string, port int) Server {
	return Server{Host: host, Port: port, Security: TLS, Auth: Password}
}

var authorisation = inbox.Text{Zh: "授权码", En: "authorisation code"}

// services are those that are common with companies in China, then the world's.
// Their servers stand in the channels reference §3.1, what OAuth needs in §3.2.
var services = []Service{
	{
		Code: "qq", Name: inbox.Text{Zh: "QQ 邮箱", En: "QQ Mail"}, Domains: []string{"qq.com", "vip.qq.com", "foxmail.com"},
		Fetch: imap("imap.qq.com"), Send: smtp("smtp.qq.com", 465), Secret: authorisation, PerMinute: 10,
		Before: inbox.Text{
			Zh: "登录 QQ 邮箱网页版，在“设置 → 账号”里开启 IMAP/SMTP 服务，生成 16 位授权码。收取选项默认只给最近 30 天的邮件，请改为全部。",
			En: "Sign in to QQ Mail on the web, switch on IMAP/SMTP under Settings → Account, and make the authorisation code of 16 letters. By default only the mail of the last 30 days is shown to programs; choose all of it.",
		},
	},
	{
		Code: "163", Name: inbox.Text{Zh: "网易 163 邮箱", En: "NetEase 163"}, Domains: []string{"163.com", "vip.163.com"},
		Fetch: imap("imap.163.com"), Send: smtp("smtp.163.com", 465), Secret: authorisation, PerMinute: 10,
		Before: netease,
	},
	{
		Code: "126", Name: inbox.Text{Zh: "网易 126 邮箱", En: "NetEase 126"}, Domains: []string{"126.com", "vip.126.com"},
		Fetch: imap("imap.126.com"), Send: smtp("smtp.126.com", 465), Secret: authorisation, PerMinute: 10,
		Before: netease,
	},
	{
		Code: "yeah", Name: inbox.Text{Zh: "网易 yeah.net 邮箱", En: "NetEase yeah.net"}, Domains: []string{"yeah.net"},
		Fetch: imap("imap.yeah.net"), Send: smtp("smtp.yeah.net", 465), Secret: authorisation, PerMinute: 10,
		Before: netease,
	},
	{
		Code: "exmail", Name: inbox.Text{Zh: "腾讯企业邮", En: "Tencent Exmail"},
		Fetch: imap("imap.exmail.qq.com"), Send: smtp("smtp.exmail.qq.com", 465), Secret: inbox.Text{Zh: "客户端专用密码", En: "password for clients"}, PerMinute: 30,
		Before: inbox.Text{
			Zh: "在企业邮网页版“设置 → 客户端设置”开启 IMAP/SMTP；绑定了微信登录的账号要先在“设置 → 账户”里生成客户端专用密码。",
			En: "Switch on IMAP/SMTP under Settings → Clients on the web; an account that signs in with WeChat first makes a password for clients under Settings → Account.",
		},
		exchangers: []string{"mxbiz1.qq.com", "mxbiz2.qq.com", "exmail.qq.com"},
	},
	{
		Code: "aliyun", Name: inbox.Text{Zh: "阿里企业邮箱", En: "Alibaba Mail"},
		Fetch: imap("imap.qiye.aliyun.com"), Send: smtp("smtp.qiye.aliyun.com", 465), PerMinute: 30,
		Before: inbox.Text{
			Zh: "管理员要在“安全管理”里允许该账号用第三方客户端；开启了三方客户端安全密码的，请填安全密码。",
			En: "The administrator has to let the account use clients of others; where a security password for them is required, enter that one.",
		},
		exchangers: []string{"mxhichina.com", "qiye.aliyun.com"},
	},
	{
		Code: "qiye163", Name: inbox.Text{Zh: "网易企业邮箱", En: "NetEase Enterprise Mail"},
		Fetch: imap("imap.qiye.163.com"), Send: smtp("smtp.qiye.163.com", 994), Secret: authorisation, PerMinute: 30,
		Before: inbox.Text{
			Zh: "在企业邮网页版“设置 → 客户端设置”开启 IMAP/SMTP；要求授权码登录的，请生成客户端授权码。",
			En: "Switch on IMAP/SMTP under Settings → Clients on the web, and make an authorisation code where one is required.",
		},
		exchangers: []string{"mxmail.netease.com", "ym.163.com", "qiye163.com"},
	},
	{
		Code: "139", Name: inbox.Text{Zh: "中国移动 139 邮箱", En: "China Mobile 139"}, Domains: []string{"139.com"},
		Fetch: imap("imap.139.com"), Send: smtp("smtp.139.com", 465), Secret: authorisation, PerMinute: 10,
		Before: inbox.Text{
			Zh: "在 139 邮箱网页版“设置 → 账号与安全 → 邮箱协议设置”开启 IMAP/SMTP 并生成授权码。",
			En: "Switch on IMAP/SMTP under Settings → Account and security on the web, and make an authorisation code.",
		},
	},
	{
		Code: "sina", Name: inbox.Text{Zh: "新浪邮箱", En: "Sina Mail"}, Domains: []string{"sina.com", "sina.cn", "vip.sina.com"},
		Fetch: imap("imap.sina.com"), Send: smtp("smtp.sina.com", 465), Secret: authorisation, PerMinute: 10,
		Before: inbox.Text{
			Zh: "在新浪邮箱网页版“设置 → 客户端 pop/imap/smtp”开启 IMAP/SMTP，并生成授权码。",
			En: "Switch on IMAP/SMTP under Settings → Clients on the web, and make an authorisation code.",
		},
	},
	{
		Code: "outlook", Name: inbox.Text{Zh: "Outlook / Microsoft 365", En: "Outlook / Microsoft 365"},
		Domains: []string{"outlook.com", "hotmail.com", "live.com", "live.cn", "msn.com"}, OAuth: Microsoft, Plus: true, PerMinute: 30,
		Fetch: Server{Host: "outlook.office365.com", Port: 993, Security: TLS, Auth: OAuth},
		Send:  Server{Host: "smtp.office365.com", Port: 587, Security: StartTLS, Auth: OAuth},
		Before: inbox.Text{
			Zh: "微软不再接受密码登录。在 Microsoft Entra 注册一个应用，填下面的回调地址，授予 IMAP.AccessAsUser.All 和 SMTP.Send，再用该邮箱登录授权；管理员还要为这个邮箱打开“已验证的 SMTP”。",
			En: "Microsoft takes no passwords any more. Register an application in Microsoft Entra with the redirect address below, give it IMAP.AccessAsUser.All and SMTP.Send, then sign in with the mailbox; an administrator also switches on authenticated SMTP for it.",
		},
		exchangers: []string{"mail.protection.outlook.com", "mail.protection.partner.outlook.cn"},
	},
	{
		Code: "gmail", Name: inbox.Text{Zh: "Gmail / Google Workspace", En: "Gmail / Google Workspace"},
		Domains: []string{"gmail.com", "googlemail.com"}, OAuth: Google, Plus: true, PerMinute: 20,
		Fetch: Server{Host: "imap.gmail.com", Port: 993, Security: TLS, Auth: OAuth},
		Send:  Server{Host: "smtp.gmail.com", Port: 465, Security: TLS, Auth: OAuth},
		Before: inbox.Text{
			Zh: "在 Google Cloud 建一个 OAuth 客户端，填下面的回调地址，再用该邮箱登录授权；测试状态的应用 7 天后要重新授权。也可以开启两步验证后用应用专用密码。",
			En: "Make an OAuth client in Google Cloud with the redirect address below, then sign in with the mailbox; an application that is still in testing has to be allowed again after 7 days. A password for apps works too, once two-step verification is on.",
		},
		exchangers: []string{"aspmx.l.google.com", "googlemail.com", "smtp.google.com"},
	},
	{
		Code: "own", Name: inbox.Text{Zh: "自己的服务器或其他", En: "Own server, or another"}, PerMinute: 60,
		Fetch: Server{Port: 993, Security: TLS, Auth: Password}, Send: Server{Port: 465, Security: TLS, Auth: Password},
		Before: inbox.Text{
			Zh: "请向邮箱管理员要 IMAP 和 SMTP 服务器的名称、端口和加密方式。",
			En: "Ask whoever runs the mailbox for the names, ports and encryption of its IMAP and SMTP servers.",
		},
	},
}

// netease lets programs in that say who they are (RFC 2971), which we do.
var netease = inbox.Text{
	Zh: "登录网易邮箱网页版，在“设置 → POP3/SMTP/IMAP”里开启 IMAP/SMTP 服务，新增授权码；授权码只显示一次。",
	En: "Sign in to the mailbox on the web, switch on IMAP/SMTP under Settings → POP3/SMTP/IMAP, and add an authorisation code; it is shown only once.",
}

// Services returns the providers that are known; the last is for all others.
func Services() []Service { return slices.Clone(services) }

// Guess returns the provider that an address is likely with: by its domain, or
// by the mail exchangers of the domain, which may be empty. Where it is none
// that is known, servers are guessed as they are usually called.
func Guess(address string, exchangers []string) Service {
	_, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	for _, s := range services {
		if slices.Contains(s.Domains, domain) {
			return s
		}
	}
	for _, x := range exchangers {
		x = strings.TrimSuffix(strings.ToLower(x), ".")
		for _, s := range services {
			if slices.ContainsFunc(s.exchangers, func(end string) bool { return x == end || strings.HasSuffix(x, "."+end) }) {
				return s
			}
		}
	}
	own := services[len(services)-1]
	if domain != "" {
		own.Fetch.Host, own.Send.Host = "imap."+domain, "smtp."+domain
	}
	return own
}

// ServiceOf returns the provider with a code; false if there is none.
func ServiceOf(code string) (Service, bool) {
	i := slices.IndexFunc(services, func(s Service) bool { return s.Code == code })
	if i < 0 {
		return Service{}, false
	}
	return services[i], true
}

// Settings returns what a mailbox of the provider starts with: it is fetched,
// and sends, as the address itself.
func (s Service) Settings(address string) Settings {
	set := Defaults()
	set.Fetch.Way = ByIMAP
	set.Fetch.Server, set.Send.Server = s.Fetch, s.Send
	set.Fetch.Server.User, set.Send.Server.User = address, address
	set.Send.PerMinute, set.Send.Plus = s.PerMinute, s.Plus
	return set
}
