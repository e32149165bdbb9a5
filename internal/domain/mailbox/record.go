package mailbox

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"

	"yingda/internal/domain/inbox"
)

// Record is a line of the DNS that lets others believe in our mail.
type Record struct {
	Name  string     `json:"name"`
	Value string     `json:"value"`
	About inbox.Text `json:"about"`
}

// Records returns what the domain of a mailbox should publish, all of the type
// TXT: who may send, the public key of the DKIM key if there is one, and what
// receivers are to do with the rest. There are none where the domain is a
// provider's, who has done all this.
func (m Mailbox) Records() []Record {
	_, domain, _ := strings.Cut(m.Address, "@")
	if len(Guess(m.Address, nil).Domains) > 0 {
		return []Record{}
	}
	records := []Record{{
		Name: domain, Value: "v=spf1 " + spf(m.Settings.Send.Server.Host) + " ~all",
		About: inbox.Text{
			Zh: "SPF：允许发信服务器以这个域名发信。域名已有 SPF 记录时，把其中的 include 并进去，不要新增第二条。",
			En: "SPF: lets the server send for this domain. Where there is an SPF record already, add the include to it; there can be only one.",
		},
	}}
	if value, err := DKIMRecord(m.Secrets.DKIMKey); err == nil && m.Settings.Send.DKIMSelector != "" {
		signs := m.Settings.Send.DKIMDomain
		if signs == "" {
			signs = domain
		}
		records = append(records, Record{
			Name: m.Settings.Send.DKIMSelector + "._domainkey." + signs, Value: value,
			About: inbox.Text{
				Zh: "DKIM：收件方用这个公钥核对我们的签名。发布生效后，发出的邮件才会被当作已签名。",
				En: "DKIM: receivers check our signature with this public key. Until it is published the signature counts for nothing.",
			},
		})
	}
	return append(records, Record{
		Name: "_dmarc." + domain, Value: "v=DMARC1; p=none; rua=mailto:" + m.Address,
		About: inbox.Text{
			Zh: "DMARC：先用 p=none 观察一段时间，确认邮件都通过后再改为 quarantine 或 reject。",
			En: "DMARC: begin with p=none and watch; once all mail passes, change it to quarantine or reject.",
		},
	})
}

// spf is what the record of a domain says of those who send through a server.
func spf(host string) string {
	for end, include := range map[string]string{
		"exmail.qq.com": "include:spf.mail.qq.com", "qiye.aliyun.com": "include:spf.mxhichina.com", "qiye.163.com": "include:spf.163.com",
		"office365.com": "include:spf.protection.outlook.com", "gmail.com": "include:_spf.google.com",
	} {
		if strings.HasSuffix(host, end) {
			return include
		}
	}
	return "mx"
}

var errKey = errors.New("this is not a key for DKIM")

// DKIMRecord returns the value of the record that publishes the public half of
// a key, which is PKCS #8 in PEM (RFC 6376 §3.6.1, RFC 8463).
func DKIMRecord(key string) (string, error) {
	block, _ := pem.Decode([]byte(key))
	if block == nil {
		return "", errKey
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return "", errKey
	}
	switch k := private.(type) {
	case ed25519.PrivateKey:
		public, ok := k.Public().(ed25519.PublicKey)
		if !ok {
			return "", errKey
		}
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	case *rsa.PrivateKey:
		public, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
		if err != nil {
			return "", err
		}
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(public), nil
	}
	return "", errKey
}
