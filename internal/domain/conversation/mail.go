package conversation

// Person is somebody in a header of a mail.
type Person struct {
	Name    string `json:"name,omitzero"`
	Address string `json:"address"`
}

// Mail is what a message has more than its text if it came or leaves by e-mail.
// The text of the message is what is new in it: no quoted mail, no signature.
type Mail struct {
	Subject string   `json:"subject,omitzero"`
	From    Person   `json:"from"`
	To      []Person `json:"to,omitempty"`
	Cc      []Person `json:"cc,omitempty"`
	Bcc     []Person `json:"bcc,omitempty"` // only of ours
	// Folded tells that the original has more than the text: a quote, a signature.
	Folded bool `json:"folded,omitzero"`
	// HTML tells that the original is formatted; agents may look at it.
	HTML bool `json:"html,omitzero"`
	// Automatic tells that a program wrote it: it answers nothing.
	Automatic bool `json:"automatic,omitzero"`
	// Forwarded is the third party that it was sent on to (转办).
	Forwarded bool     `json:"forwarded,omitzero"`
	Verdicts  Verdicts `json:"verdicts,omitzero"`
	Notes     []string `json:"notes,omitempty"` // what was wrong with it, by code

	// Delivery is where one of ours stands; Reason why it does not arrive, in the
	// words of the server.
	Delivery Delivery `json:"delivery,omitzero"`
	Reason   string   `json:"reason,omitzero"`
	Code     string   `json:"code,omitzero"` // 5.1.1 (RFC 3463)
}

// MailDraft is what an agent writes by e-mail, more than the text.
type MailDraft struct {
	Subject string   `json:"subject,omitzero"` // empty: that of the thread
	To      []Person `json:"to,omitempty"`     // empty: who wrote last
	Cc      []Person `json:"cc,omitempty"`
	Bcc     []Person `json:"bcc,omitempty"`
	// HTML is the text as it is formatted; empty: it is not. Pictures of it are
	// cid:ID with the id of an attachment.
	HTML string `json:"html,omitzero"`
	// NoQuote leaves the mail out that is answered.
	NoQuote bool `json:"no_quote,omitzero"`
	// Forward sends a message on to a third party instead of answering it.
	Forward MessageID `json:"forward,omitzero"`
}

// Verdicts are what the checks of a sender said: pass, fail, softfail, neutral,
// none, temperror or permerror (RFC 8601 §2.7). By says who checked: our own
// server, or the one before us.
type Verdicts struct {
	SPF   string `json:"spf,omitzero"`
	DKIM  string `json:"dkim,omitzero"`
	DMARC string `json:"dmarc,omitzero"`
	By    string `json:"by,omitzero"`
}

// Delivery is where a mail that leaves stands (投递状态).
type Delivery string

// The states of delivery. Later ones are not taken back by earlier news: see
// Delivery.After.
const (
	Waiting   Delivery = "waiting"   // it can be taken back
	Sending   Delivery = "sending"   // it is being handed over, or will be tried again
	Sent      Delivery = "sent"      // the server took it
	Uncertain Delivery = "uncertain" // the server may have taken it; it is tried once more under the same Message-ID
	Delayed   Delivery = "delayed"   // a server on the way tells that it takes long
	Delivered Delivery = "delivered" // a server tells that it arrived
	Opened    Delivery = "opened"    // the reader's program tells so
	Bounced   Delivery = "bounced"   // it did not reach them
	Failed    Delivery = "failed"    // no server takes it
	Taken     Delivery = "taken_back"
)

// deliveryRank is how far a mail has come. News of less is late news.
var deliveryRank = map[Delivery]int{
	"": 0, Waiting: 1, Sending: 2, Uncertain: 3, Sent: 4, Delayed: 5, Delivered: 6, Opened: 7,
}

// After returns where a mail stands after news of it: what came later in its
// life is not taken back by news of earlier. A mail that did not arrive stays
// so, unless somebody's program tells that they have it: of several people some
// may have got it. One that was taken back was never sent.
func (d Delivery) After(news Delivery) Delivery {
	switch {
	case d == Taken || news == Taken && d != Waiting:
		return d
	case d == Failed || d == Bounced:
		if news == Delivered || news == Opened {
			return news
		}
		return d
	case news == Taken,
		news == Failed && deliveryRank[d] < deliveryRank[Sent],
		news == Bounced && deliveryRank[d] < deliveryRank[Delivered],
		news == Sending && d == Uncertain,
		deliveryRank[news] > deliveryRank[d]:
		return news
	}
	return d
}

// Deliveries lists the states of delivery, in the order of a mail's life.
func Deliveries() []Delivery {
	return []Delivery{Waiting, Sending, Uncertain, Sent, Delayed, Delivered, Opened, Bounced, Failed, Taken}
}
