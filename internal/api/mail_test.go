package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/store"
)

// carried keeps the mails that leave.
type carried struct{ sent []channel.Envelope }

func (c *carried) Carry(_ context.Context, _ mailbox.Mailbox, e channel.Envelope) ([]channel.Refusal, error) {
	c.sent = append(c.sent, e)
	return nil, nil
}

const firstMail = "From: =?utf-8?B?5byg5Lyf?= <zhang@mail.example>\r\nTo: support@yuanxing.example, wang@mail.example\r\nSubject: Car\r\nMessage-ID: <first@mail.example>\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Car <script>alert(1)</script><img src=\"https://spy.example/x.gif\"></p>\r\n"

// withMail sets up a mailbox into which a mail came, which lin answers: its
// message is {mail}, its conversation {talk}.
func (r *room) withMail() (inbox.ID, *carried) {
	r.t.Helper()
	ctx := r.t.Context()
	out := &carried{}
	r.desk.Carrier = out
	in := inbox.Inbox{ID: inbox.NewID(r.clock.Now()), Key: "support", Kind: mailbox.Channel, Name: "售后邮箱", Enabled: true, Settings: inbox.Defaults(), Version: 1}
	m := mailbox.Mailbox{Inbox: in.ID, Address: "support@yuanxing.example", Settings: mailbox.Defaults()}
	m.Settings.Aliases, m.Settings.SpamWords, m.Settings.Receipt.Enabled = []string{"help@yuanxing.example"}, []string{"lottery"}, false
	m.Settings.Send.Server = mailbox.Server{Host: "localhost", Port: 25, Security: mailbox.Plain, Auth: mailbox.AuthNone}
	r.must(r.desk.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertInbox(ctx, in); err != nil {
			return err
		}
		return tx.InsertMailbox(ctx, m, "")
	}))
	r.names["box"] = in.ID.String()
	r.arrives(in.ID, firstMail)
	var found struct{ Items []conversation.Conversation }
	r.must(json.Unmarshal(r.call("wang", "GET", "/conversations?view=all", "").Body.Bytes(), &found))
	if len(found.Items) != 1 {
		r.t.Fatalf("%d conversations", len(found.Items))
	}
	c := found.Items[0].ID
	_, err := r.desk.Take(ctx, r.by["lin"], c)
	r.must(err)
	ms, _, err := r.desk.Messages(ctx, r.by["lin"], c, -1, 0, 0)
	r.must(err)
	r.names["talk"], r.names["mail"] = c.String(), ms[0].ID.String()
	return in.ID, out
}

func (r *room) arrives(in inbox.ID, raw string) {
	r.t.Helper()
	_, err := r.desk.KeepMail(r.t.Context(), channel.RawMail{Inbox: in, Body: strings.NewReader(raw), ReceivedAt: r.clock.Now()})
	r.must(err)
	r.run()
}

// What is wrong with a call about mail is answered in words, and by whom it
// must not be made, with nothing of the mail.
func TestMailOverTheWire(t *testing.T) {
	r := newRoom(t)
	in, out := r.withMail()
	r.arrives(in, strings.NewReplacer("Subject: Car", "Subject: lottery", "first@", "spam@", "zhang@", "spam@").Replace(firstMail))
	aside := r.call("lin", "GET", "/mails/aside", "")
	var list struct{ Items []struct{ ID string } }
	if err := json.Unmarshal(aside.Body.Bytes(), &list); err != nil || len(list.Items) != 1 {
		t.Fatalf("aside: %s", aside.Body)
	}
	r.names["aside"] = list.Items[0].ID
	compose := func(name, body string, status int, says string) step {
		return step{name, "lin", "POST", "/mails", `{"client_id":"wire-0001","inbox_id":"{box}",` + body + `}`, status, says, ""}
	}
	r.play([]step{
		{"nobody", "", "GET", "/messages/{mail}/mail", "", 401, "", "zhang@"},
		{"who edits articles", "editor", "GET", "/messages/{mail}/mail", "", 403, "permission.missing", "zhang@"},
		{"an administrator reads no mail", "boss", "GET", "/messages/{mail}/mail/raw", "", 403, "permission.missing", "zhang@"},
		{"no id", "lin", "GET", "/messages/nonsense/mail/raw", "", 404, "id.unknown", ""},
		{"no such", "lin", "GET", "/messages/ms_0akxaax01zysn/mail/page", "", 404, "message.unknown", ""},
		{"the original", "lin", "GET", "/messages/{mail}/mail", "", 200, `"remote":1`, ` src=`},
		{"who edits sees none aside", "editor", "GET", "/mails/aside/{aside}", "", 403, "permission.missing", "Car"},
		{"aside", "lin", "GET", "/mails/aside/{aside}", "", 200, `"why":"spam_word"`, "<script"},
		{"release by who may not", "boss", "POST", "/mails/aside/{aside}/release", "{}", 403, "permission.missing", ""},
		{"mailboxes to write from", "lin", "GET", "/mailboxes/writing", "", 200, `"aliases":["help@yuanxing.example"]`, "password"},
		{"to write from, for who does not", "editor", "GET", "/mailboxes/writing", "", 403, "permission.missing", ""},
		compose("to nobody", `"text":"x","mail":{"subject":"x"}`, 422, "mail.recipient"),
		compose("without a subject", `"text":"x","mail":{"to":[{"address":"a@b.example"}]}`, 422, "mail.subject"),
		compose("without words", `"text":"","mail":{"subject":"x","to":[{"address":"a@b.example"}]}`, 422, "message.empty"),
		compose("to us", `"text":"x","mail":{"subject":"x","to":[{"address":"help@yuanxing.example"}]}`, 422, "mail.ours"),
		{"transcript to no address", "lin", "POST", "/conversations/{talk}/transcript", `{"to":"li"}`, 422, "mailbox.address", ""},
		{"transcript by who may not", "editor", "POST", "/conversations/{talk}/transcript", `{"to":"li@mail.example"}`, 403, "permission.missing", ""},
		{"the first cannot be split", "lin", "POST", "/messages/{mail}/split", "{}", 409, "mail.split", ""},
		{"not theirs to take back", "wang", "POST", "/messages/{mail}/take-back", "{}", 403, "message.not_yours", ""},
		{"to fill in for nobody that is", "lin", "POST", "/canned/cn_0akxaax01zysn/fill", `{"name":"x","language":"fr"}`, 422, "language", ""},
	})
	if len(out.sent) != 0 {
		t.Errorf("%d mails left", len(out.sent))
	}
}

// A mail is shown where nothing runs and nobody is told, and its file is what
// came, byte for byte.
func TestAMailIsShownHarmless(t *testing.T) {
	r := newRoom(t)
	r.withMail()
	page := r.call("lin", "GET", "/messages/{mail}/mail/page", "")
	h := page.Header()
	if page.Code != http.StatusOK || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'; img-src data:;") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox ") ||
		strings.Contains(h.Get("Content-Security-Policy"), "allow-scripts") || h.Get("Referrer-Policy") != "no-referrer" || strings.Contains(page.Body.String(), "alert(1)") {
		t.Errorf("%d %v %s", page.Code, h, page.Body)
	}
	if all := r.call("lin", "GET", "/messages/{mail}/mail/page?pictures=all", ""); !strings.Contains(all.Header().Get("Content-Security-Policy"), "img-src data: https: http:") || !strings.Contains(all.Body.String(), "spy.example/x.gif") {
		t.Errorf("asked for: %v %s", all.Header(), all.Body)
	}
	raw := r.call("lin", "GET", "/messages/{mail}/mail/raw", "")
	if raw.Body.String() != firstMail || raw.Header().Get("Content-Type") != "message/rfc822" || !strings.HasSuffix(raw.Header().Get("Content-Disposition"), `.eml"`) {
		t.Errorf("%v %q", raw.Header(), raw.Body)
	}
}

// A mail is sent once, however often it is asked for, to everybody who is named;
// and can be taken back until it leaves.
func TestAMailIsSentOnce(t *testing.T) {
	r := newRoom(t)
	_, out := r.withMail()
	body := `{"client_id":"wire-1001","inbox_id":"{box}","text":"您好","mail":{"subject":"回访","to":[{"address":"li@mail.example"}],"cc":[{"address":"help@yuanxing.example"},{"address":"wang@mail.example"}]}}`
	first, again := r.call("lin", "POST", "/mails", body), r.call("lin", "POST", "/mails", body)
	var a, b struct{ Message conversation.Message }
	if err := json.Unmarshal(first.Body.Bytes(), &a); err != nil || first.Code != http.StatusOK {
		t.Fatalf("%d %s", first.Code, first.Body)
	}
	if err := json.Unmarshal(again.Body.Bytes(), &b); err != nil || a.Message.ID != b.Message.ID {
		t.Errorf("again it is %s", again.Body)
	}
	r.clock.Turn(time.Minute)
	r.run()
	if len(out.sent) != 1 || strings.Join(out.sent[0].To, " ") != "li@mail.example wang@mail.example" {
		t.Errorf("left: %+v", out.sent)
	}
	r.names["sent"] = a.Message.ID.String()
	r.play([]step{
		{"too late", "lin", "POST", "/messages/{sent}/take-back", "{}", 409, "mail.left", ""},
		{"an answer", "lin", "POST", "/conversations/{talk}/messages", `{"client_id":"wire-1002","kind":"text","text":"好的"}`, 200, `"delivery":"waiting"`, ""},
	})
}
