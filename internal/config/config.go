// Package config is every setting that stands outside the database: one
// struct, filled from flags, YINGDA_* environment variables and a TOML file, in
// that order. No setting is needed to start.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"

	"yingda/internal/kit/mail"
)

// Serve are the settings of a running program.
type Serve struct {
	Data            string        `help:"Folder that holds the database, files and keys." default:"./data" env:"YINGDA_DATA" type:"path"`
	HTTP            string        `help:"Address to serve on." default:"127.0.0.1:8080" env:"YINGDA_HTTP" name:"http"`
	Database        string        `help:"postgres://… moves the data to PostgreSQL. Without it the data stands in one file in the data folder." env:"YINGDA_DATABASE"`
	PublicURL       string        `help:"Where people reach us, such as https://help.example.cn; without it, the address they used." env:"YINGDA_PUBLIC_URL" name:"public-url"`
	TrustedProxies  []string      `help:"Networks of reverse proxies whose word about the client's address is believed, such as 10.0.0.0/8." env:"YINGDA_TRUSTED_PROXIES" name:"trusted-proxies"`
	ScanCommand     []string      `help:"Program that looks for viruses in a file on its standard input, such as clamdscan,--no-summary,-" env:"YINGDA_SCAN_COMMAND" name:"scan-command"`
	SMTP            string        `help:"Mail server to send through: smtp://user:password@host:587, or smtps://…:465. Without it no codes are sent by e-mail." env:"YINGDA_SMTP" name:"smtp"`
	MailFrom        string        `help:"Address that our mail comes from, such as service@example.cn; with --smtp." env:"YINGDA_MAIL_FROM" name:"mail-from"`
	SMTPListen      string        `help:"Address to take mail on that other servers hand in. Without it, 127.0.0.1:2525, and only while a mailbox gets its mail that way; off never listens." placeholder:"127.0.0.1:2525" env:"YINGDA_SMTP_LISTEN" name:"smtp-listen"`
	SMTPCertificate string        `help:"File with the certificate for mail that is handed in; without it, one that we sign ourselves." env:"YINGDA_SMTP_CERTIFICATE" name:"smtp-certificate" type:"path"`
	SMTPKey         string        `help:"File with the key of --smtp-certificate." env:"YINGDA_SMTP_KEY" name:"smtp-key" type:"path"`
	SIPListen       []string      `help:"Where calls and telephones are heard: udp://0.0.0.0:5060, tcp://…, tls://…. Without it there is no hotline; in the demo udp://127.0.0.1:5060. off never listens." placeholder:"udp://0.0.0.0:5060" env:"YINGDA_SIP_LISTEN" name:"sip-listen"`
	SIPPublic       string        `help:"Address that carriers and telephones reach us at, if it is not the one that is listened on." placeholder:"203.0.113.10" env:"YINGDA_SIP_PUBLIC" name:"sip-public"`
	SIPCertificate  string        `help:"File with the certificate for tls:// of --sip-listen." env:"YINGDA_SIP_CERTIFICATE" name:"sip-certificate" type:"path"`
	SIPKey          string        `help:"File with the key of --sip-certificate." env:"YINGDA_SIP_KEY" name:"sip-key" type:"path"`
	RTPPorts        string        `help:"UDP ports for the sound of calls, two for each." default:"20000-29999" env:"YINGDA_RTP_PORTS" name:"rtp-ports"`
	WebRTCListen    string        `help:"Address where the telephones in agents' consoles send their sound, UDP and TCP on one port. Without it, the host of --http with port 8443, or another if that is taken; off has no telephones in consoles." placeholder:"127.0.0.1:8443" env:"YINGDA_WEBRTC_LISTEN" name:"webrtc-listen"`
	WebRTCPublic    string        `help:"Address that consoles are told for their sound, if it is another than we listen on, such as 203.0.113.7. Without it, that of --sip-public." env:"YINGDA_WEBRTC_PUBLIC" name:"webrtc-public"`
	TURNListen      string        `help:"Address of the relay (TURN) for consoles whose network lets nothing else pass, such as 0.0.0.0:3478; without it there is none." placeholder:"127.0.0.1:3478" env:"YINGDA_TURN_LISTEN" name:"turn-listen"`
	Drain           time.Duration `help:"How long calls may go on when the program is told to stop: they cannot move to another." default:"20s" env:"YINGDA_DRAIN" name:"drain"`
	Precision       float64       `help:"What share of the assistant's outright answers is to be right, above 0 and below 1. Below it the assistant offers questions instead." placeholder:"0.95" env:"YINGDA_ASSISTANT_PRECISION" name:"assistant-precision"`
	Unlimited       bool          `help:"Do not limit how often visitors write; for measuring only." hidden:"" env:"YINGDA_UNLIMITED"`
	LogLevel        string        `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"YINGDA_LOG_LEVEL" name:"log-level"`
}

// Check says what is wrong with the settings, and what to do.
func (s Serve) Check() error {
	if _, port, err := net.SplitHostPort(s.HTTP); err != nil || port == "" {
		return fmt.Errorf("--http %q is not an address; write it like 127.0.0.1:8080", s.HTTP)
	}
	if s.PublicURL != "" {
		if u, err := url.Parse(s.PublicURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("--public-url %q is not a web address; write it like https://help.example.cn", s.PublicURL)
		}
	}
	if s.Database != "" && !strings.HasPrefix(s.Database, "postgres://") && !strings.HasPrefix(s.Database, "postgresql://") {
		return errors.New("--database begins with postgres://; without it the data stands in a file under --data")
	}
	if s.Precision < 0 || s.Precision >= 1 {
		return fmt.Errorf("--assistant-precision %g is not a share below 1; write it like 0.95", s.Precision)
	}
	if _, err := s.Courier(); err != nil {
		return err
	}
	if _, port, err := net.SplitHostPort(s.SMTPAddress()); s.SMTPListen != "" && s.SMTPListen != "off" && (err != nil || port == "") {
		return fmt.Errorf("--smtp-listen %q is not an address; write it like 127.0.0.1:2525, or off", s.SMTPListen)
	}
	if _, _, err := s.WebRTC(); err != nil {
		return err
	}
	if (s.SMTPCertificate == "") != (s.SMTPKey == "") {
		return errors.New("--smtp-certificate and --smtp-key belong together; give both")
	}
	if (s.SIPCertificate == "") != (s.SIPKey == "") {
		return errors.New("--sip-certificate and --sip-key belong together; give both")
	}
	if _, err := s.SIP(false); err != nil {
		return err
	}
	if _, _, err := s.SoundPorts(); err != nil {
		return err
	}
	_, err := s.Proxies()
	return err
}

// SIPAddress is a network and an address on which SIP is heard.
type SIPAddress struct {
	Network string // udp, tcp or tls
	Address netip.AddrPort
}

// SIP returns where calls are heard; nothing if there is no hotline. The demo
// has one anyway.
func (s Serve) SIP(demo bool) (all []SIPAddress, err error) {
	list := s.SIPListen
	if len(list) == 0 && demo {
		list = []string{"udp://127.0.0.1:5060"}
	}
	if len(list) == 1 && list[0] == "off" {
		return nil, nil
	}
	for _, text := range list {
		network, rest, ok := strings.Cut(text, "://")
		a, err := netip.ParseAddrPort(rest)
		if !ok || err != nil || network != "udp" && network != "tcp" && network != "tls" {
			return nil, fmt.Errorf("--sip-listen %q is not an address; write it like udp://0.0.0.0:5060, or off", text)
		}
		if network == "tls" && s.SIPCertificate == "" {
			return nil, errors.New("--sip-listen tls://… needs --sip-certificate and --sip-key")
		}
		all = append(all, SIPAddress{Network: network, Address: a})
	}
	if s.SIPPublic != "" {
		if a, err := netip.ParseAddr(s.SIPPublic); err != nil || a.IsUnspecified() {
			return nil, fmt.Errorf("--sip-public %q is not an address; write it like 203.0.113.10", s.SIPPublic)
		}
	} else if len(all) > 0 && all[0].Address.Addr().IsUnspecified() {
		return nil, errors.New("--sip-listen on every address needs --sip-public, the address that carriers and telephones reach us at, such as 192.168.1.10")
	}
	return all, nil
}

// SoundPorts returns the first and the last port for the sound of calls.
func (s Serve) SoundPorts() (first, last uint16, err error) {
	if s.RTPPorts == "" {
		return 20000, 29999, nil
	}
	from, to, _ := strings.Cut(s.RTPPorts, "-")
	a, err1 := strconv.ParseUint(from, 10, 16)
	b, err2 := strconv.ParseUint(to, 10, 16)
	if err1 != nil || err2 != nil || a < 1024 || b <= a {
		return 0, 0, fmt.Errorf("--rtp-ports %q is not a range of ports; write it like 20000-29999", s.RTPPorts)
	}
	return uint16(a), uint16(b), nil
}

// SMTPAddress is where mail is taken that other servers hand in; "" nowhere.
func (s Serve) SMTPAddress() string {
	switch s.SMTPListen {
	case "":
		return "127.0.0.1:2525"
	case "off":
		return ""
	}
	return s.SMTPListen
}

// WebRTC are the addresses of the telephones in consoles.
type WebRTC struct {
	Listen netip.AddrPort
	Usual  bool           // nobody has set it: another port will do as well
	Public netip.Addr     // else that of SIP, unless only this machine is heard; the zero value: as it is listened on
	Relay  netip.AddrPort // the zero value: none
}

// WebRTC returns where the telephones in consoles are; on is false if they are
// switched off.
func (s Serve) WebRTC() (w WebRTC, on bool, err error) {
	if s.WebRTCListen == "off" {
		return w, false, nil
	}
	if w.Usual = s.WebRTCListen == ""; w.Usual {
		w.Listen = netip.AddrPortFrom(s.httpHost(), 8443)
	} else if w.Listen, err = netip.ParseAddrPort(s.WebRTCListen); err != nil {
		return w, false, fmt.Errorf("--webrtc-listen %q is not an address; write it like 0.0.0.0:8443, or off", s.WebRTCListen)
	}
	if public := cmp.Or(s.WebRTCPublic, s.SIPPublic); public != "" && (s.WebRTCPublic != "" || !w.Listen.Addr().IsLoopback()) {
		if w.Public, err = netip.ParseAddr(public); err != nil {
			return w, false, fmt.Errorf("--webrtc-public %q is not an address; write it like 203.0.113.7", public)
		}
	}
	if s.TURNListen != "" {
		if w.Relay, err = netip.ParseAddrPort(s.TURNListen); err != nil {
			return w, false, fmt.Errorf("--turn-listen %q is not an address; write it like 0.0.0.0:3478", s.TURNListen)
		}
	}
	return w, true, nil
}

// httpHost is the address that --http names, this machine's own if it is a name.
func (s Serve) httpHost() netip.Addr {
	host, _, err := net.SplitHostPort(s.HTTP)
	if err == nil && host == "" {
		return netip.IPv4Unspecified()
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a
	}
	return netip.AddrFrom4([4]byte{127, 0, 0, 1})
}

// Courier returns the mail server; nil if none is set.
func (s Serve) Courier() (*mail.SMTP, error) {
	switch {
	case s.SMTP == "" && s.MailFrom == "":
		return nil, nil //nolint:nilnil // no mail is no error
	case s.SMTP == "":
		return nil, errors.New("--mail-from is of no use without --smtp; write it like smtp://user:password@host:587")
	case s.MailFrom == "":
		return nil, errors.New("--smtp needs --mail-from, the address that our mail comes from, such as service@example.cn")
	}
	return mail.Open(s.SMTP, s.MailFrom)
}

// Proxies returns the trusted networks.
func (s Serve) Proxies() ([]netip.Prefix, error) {
	ps := make([]netip.Prefix, 0, len(s.TrustedProxies))
	for _, text := range s.TrustedProxies {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			if a, aerr := netip.ParseAddr(text); aerr == nil {
				p, err = netip.PrefixFrom(a, a.BitLen()), nil
			}
		}
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies %q is not a network; write it like 10.0.0.0/8", text)
		}
		ps = append(ps, p)
	}
	return ps, nil
}

// File returns where kong finds settings that flags and the environment leave
// open. A file that is named must exist, and must not hold a name that no
// setting has.
func File(name string) (kong.Resolver, error) {
	b, err := os.ReadFile(name) //nolint:gosec // the administrator names the file
	if err != nil {
		return nil, fmt.Errorf("--config %s cannot be read: %w", name, err)
	}
	values := map[string]any{}
	if err := toml.Unmarshal(b, &values); err != nil {
		return nil, fmt.Errorf("--config %s is not TOML: %w", name, err)
	}
	known := map[string]bool{}
	return resolver{
		value: func(flag *kong.Flag) any {
			known[flag.Name] = true
			return values[flag.Name]
		},
		check: func() error {
			for n := range values {
				if !known[n] {
					return fmt.Errorf("--config %s has a setting %q that does not exist", name, n)
				}
			}
			return nil
		},
	}, nil
}

type resolver struct {
	value func(*kong.Flag) any
	check func() error
}

// Resolve returns the file's value for a flag, or nil.
func (r resolver) Resolve(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	return r.value(f), nil
}

// Validate is called before anything is resolved; the file's names are checked
// against the flags of the program.
func (r resolver) Validate(app *kong.Application) error {
	for _, flags := range app.AllFlags(false) {
		for _, f := range flags {
			r.value(f)
		}
	}
	for _, n := range app.Leaves(false) {
		for _, f := range n.Flags {
			r.value(f)
		}
	}
	return r.check()
}
