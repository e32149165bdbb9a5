package voice_test

import (
	"net/netip"
	"testing"
	"time"

	"yingda/internal/channel/voice"
	"yingda/internal/kit/clock"
)

// A program takes a call of another that has the key of the house and the right
// time; who has not is refused, wherever the call comes from.
func TestOnlyTheHouseVisits(t *testing.T) {
	key := []byte("a key of the house")
	tests := map[string]struct {
		key   []byte
		clock time.Duration
		code  int
	}{
		"of the house":       {key: key, code: 0},
		"a little fast":      {key: key, clock: 50 * time.Second, code: 0},
		"another key":        {key: []byte("another"), code: 403},
		"a clock that lags":  {key: key, clock: -2 * time.Minute, code: 403},
		"a clock that leads": {key: key, clock: 2 * time.Minute, code: 403},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			visited := open(t, func(o *voice.Options) { o.House = key })
			visits := open(t, func(o *voice.Options) {
				o.House, o.Now = test.key, func() time.Time { return clock.Now().Add(test.clock) }
			})
			ended := make(chan voice.Event, 1)
			answered := make(chan struct{}, 1)
			c, err := visits.Dial(voice.Dialing{At: []netip.AddrPort{visited.Address("udp")}, Number: "agent-ag_1", From: "13812345678", On: func(e voice.Event) {
				switch e.Kind {
				case voice.Answered:
					answered <- struct{}{}
				case voice.Ended:
					ended <- e
				default:
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			code := 0
			select {
			case <-answered:
				c.Hangup()
				<-ended
			case e := <-ended:
				code = e.Code
			case <-time.After(20 * time.Second):
				t.Fatal("waited in vain for an answer")
			}
			if code != test.code || test.code != 0 && visited.took() > 0 {
				t.Errorf("it ends with %d, want %d; %d calls were taken", code, test.code, visited.took())
			}
			if test.code == 0 && (!visited.call(0).in.House || visited.call(0).in.To != "agent-ag_1") {
				t.Errorf("it came as %+v", visited.call(0).in)
			}
		})
	}
}
