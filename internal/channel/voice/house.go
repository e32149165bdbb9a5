package voice

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// The programs of one house call each other: an agent's telephone may be at
// another program than the caller. They know each other by a key that they
// share; where a call comes from says nothing, a proxy may stand between.

const (
	houseHeader = "Yingda-House"
	houseAge    = time.Minute // no clock is further off
	// noReply is after which silence another program is not there.
	noReply = 3 * time.Second
)

// vouch returns what shows that a request is a program's of the house.
func (d *Door) vouch(req *sip.Request) string {
	return d.sealed(req, strconv.FormatInt(d.o.Now().Unix(), 10))
}

func (d *Door) sealed(req *sip.Request, stamp string) string {
	m := hmac.New(sha256.New, d.o.House)
	tag, _ := req.From().Params.Get("tag")
	_, _ = m.Write([]byte(strings.Join([]string{stamp, callID(req), tag, req.Recipient.User}, "\n")))
	return stamp + "-" + hex.EncodeToString(m.Sum(nil))
}

// vouched reports whether a request is a program's of the house, and whether it
// says so at all.
func (d *Door) vouched(req *sip.Request) (ours, says bool) {
	value := header(req, houseHeader)
	if value == "" || len(d.o.House) == 0 {
		return false, value != ""
	}
	stamp, _, _ := strings.Cut(value, "-")
	at, err := strconv.ParseInt(stamp, 10, 64)
	off := d.o.Now().Sub(time.Unix(at, 0)).Abs()
	return err == nil && off < houseAge && hmac.Equal([]byte(value), []byte(d.sealed(req, stamp))), true
}

// fromHouse takes a call of another program, and refuses one that only says so.
// It reports whether it was either.
func (d *Door) fromHouse(req *sip.Request, tx sip.ServerTransaction) bool {
	ours, says := d.vouched(req)
	switch {
	case !says:
		return false
	case !ours:
		d.o.Log.Warn("voice: who is not of this house says that it is", slog.String("source", req.Source()))
		d.suspect(req, guessed)
		d.reply(req, tx, sip.StatusForbidden, "Forbidden")
	case req.Contact() == nil:
		d.reply(req, tx, sip.StatusBadRequest, "Contact Missing")
	default:
		in := Incoming{House: true, To: req.Recipient.User}
		in.From, in.Name = caller(req)
		d.respond(tx, sip.NewResponseFromRequest(req, 100, "Trying", nil))
		d.receive(req, tx, in)
	}
	return true
}

// Lost ends the call as one whose other party was cut off: another program of
// the house is told so, and anybody else that it is over.
func (c *Call) Lost() {
	c.post(func() {
		if c.state != talking {
			return
		}
		req := c.dialog.request(sip.BYE)
		req.AppendHeader(sip.NewHeader("Reason", lostReason))
		c.farewell(req)
		c.finish(NoSignal, 0)
	})
}

const lostReason = `SIP;cause=503;text="cut off"`
