package voice

import (
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// session is how a call shows that it is alive (RFC 4028): one side changes
// nothing, again and again, and the other notices when it does not.
type session struct {
	every time.Duration // 0: nobody does
	ours  bool          // it is on us
	able  bool          // the other side knows of it
	named string        // whom the other side has named, as it says
	timer *time.Timer
}

func (s *session) stop() {
	if s.timer != nil {
		s.timer.Stop()
	}
}

func sessionExpires(m interface {
	GetHeader(name string) sip.Header
},
) (every time.Duration, refresher string) {
	value := header(m, "Session-Expires")
	if value == "" {
		value = header(m, "x")
	}
	number, params, _ := strings.Cut(value, ";")
	n, err := strconv.ParseUint(strings.TrimSpace(number), 10, 31)
	if err != nil {
		return 0, ""
	}
	for p := range strings.SplitSeq(params, ";") {
		if k, v, _ := strings.Cut(strings.TrimSpace(p), "="); strings.EqualFold(k, "refresher") {
			refresher = strings.ToLower(v)
		}
	}
	return time.Duration(n) * time.Second, refresher
}

// asked reads what a request wants and reports whether it is not too often.
func (s *session) asked(req *sip.Request, l Limits) bool {
	s.able = offers(req, "timer")
	every, refresher := sessionExpires(req)
	if every > 0 && every < l.MinSession {
		return false
	}
	s.every, s.named = 0, refresher
	if every == 0 {
		if s.able {
			s.every = l.Session
		}
		return true
	}
	s.every = min(every, max(l.Session, l.MinSession))
	if least, err := strconv.ParseUint(header(req, "Min-SE"), 10, 31); err == nil {
		s.every = max(s.every, min(every, time.Duration(least)*time.Second))
	}
	return true
}

// granted says in a 200 how it will be. The side that asked does it, if it can.
func (s *session) granted(res *sip.Response, _ Limits) {
	if s.every == 0 {
		return
	}
	s.ours = !s.able || s.named == "uas"
	who := "uac"
	if s.ours {
		who = "uas"
	} else {
		res.AppendHeader(sip.NewHeader("Require", "timer"))
	}
	res.AppendHeader(sip.NewHeader("Session-Expires", seconds(s.every)+";refresher="+who))
}

// answered reads from a 200 to our request how it will be.
func (s *session) answered(res *sip.Response) {
	every, refresher := sessionExpires(res)
	s.every, s.ours = every, refresher != "uas"
}

// startSession lets the time begin anew.
func (c *Call) startSession() {
	s := &c.session
	s.stop()
	if s.every == 0 {
		return
	}
	if s.ours {
		s.timer = c.later(s.every/2, c.refresh)
		return
	}
	s.timer = c.later(s.every-min(32*time.Second, s.every/3), func() { c.bye(NoSignal) })
}
