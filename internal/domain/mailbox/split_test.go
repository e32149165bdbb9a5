package mailbox

import "testing"

func TestSplit(t *testing.T) {
	for address, want := range map[string][2]string{
		"Support@Example.cn":       {"support@example.cn", ""},
		"support+c7.AB@example.cn": {"support@example.cn", "c7.ab"},
		"nobody":                   {"nobody", ""},
		"a+b+c@example.cn":         {"a@example.cn", "b+c"},
	} {
		plain, token := Split(address)
		if plain != want[0] || token != want[1] {
			t.Errorf("%s: %s, %s", address, plain, token)
		}
		if token != "" && Join(plain, token) != plain[:len(plain)-len("@example.cn")]+"+"+token+"@example.cn" {
			t.Errorf("%s joined: %s", address, Join(plain, token))
		}
	}
}

func TestCheck(t *testing.T) {
	good := Mailbox{Address: "service@example.cn", Settings: Defaults()}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*Mailbox){
		"no address":              func(m *Mailbox) { m.Address = "service" },
		"an address with a break": func(m *Mailbox) { m.Address = "a@example.cn\r\nBcc: x@example.cn" },
		"a host with a port":      func(m *Mailbox) { m.Settings.Fetch.Way, m.Settings.Fetch.Server.Host = ByIMAP, "imap.example.cn:993" },
		"no encryption": func(m *Mailbox) {
			m.Settings.Send.Server = Server{Host: "smtp.example.cn", Port: 25, Security: Plain, Auth: Password}
		},
		"a break in a user": func(m *Mailbox) {
			m.Settings.Send.Server = Server{Host: "smtp.example.cn", Port: 465, Security: TLS, Auth: Password, User: "a\r\nb"}
		},
		"a way that is none": func(m *Mailbox) { m.Settings.Fetch.Way = "pigeon" },
	} {
		m := good
		change(&m)
		if m.Check() == nil {
			t.Errorf("%s was taken", what)
		}
	}
}
