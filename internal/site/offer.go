package site

import (
	"net/http"
	"strings"

	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

// answerOffer takes the customer's answer to a compensation that they are
// offered, and shows the case.
func (s *Site) answerOffer(r *http.Request, p *Page) (reply, error) {
	in, err := readForm(r)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	number, do, reason := r.PathValue("number"), in.values["do"], strings.TrimSpace(in.values["text"])
	if do != string(reward.Accept) && do != string(reward.Decline) {
		return reply{}, fault.New(fault.Invalid, "form.broken", "the form did not arrive whole; send it again")
	}
	var offer reward.CompensationID
	if err := offer.UnmarshalText([]byte(in.values["offer"])); err != nil {
		return reply{}, err
	}
	_, err = s.sent(in)
	if err == nil && s.asks.Take(caller(r), s.Now()) > 0 {
		err = errSlow
	}
	if err == nil {
		err = s.Offers.AnswerFor(r.Context(), number, holder(r, p), offer, do == string(reward.Accept), reason)
	}
	if err != nil {
		return s.refuseAct(r, p, ticket.Act(do+"-"+offer.String()), reason, err)
	}
	return reply{redirect: "/progress/" + number + "?done=" + do}, nil
}
