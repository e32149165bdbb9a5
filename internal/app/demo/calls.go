package demo

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"time"

	"yingda/internal/app"
	"yingda/internal/channel/voice"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/rtp"
)

const (
	betweenCalls = 2 * time.Minute // on average
	callLasts    = 4 * time.Minute // before a simulated caller gives up, or has said all
	firstPort    = 30000           // for the callers' sound
	lastPort     = 30099
)

// whatCallersPress are the keys of the simulated callers, by what they want;
// closed or open, the menu makes something of them.
var whatCallersPress = []string{",,,,,,,,,,1", ",,,,,,,,,,2", ",,,,,,,,,,51", ",,,,,,,,,,9", ",,,,,,,,,,4", ",,,,,,,,,,0"}

// phoneIn simulates callers until ctx ends: they call the hotline by SIP, press a
// key, wait, and speak with whoever answers.
func phoneIn(ctx context.Context, a *app.App) {
	to := a.SIPAddress()
	if !to.IsValid() {
		return
	}
	here := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	ports, err := rtp.NewPorts(here, firstPort, lastPort)
	if err != nil {
		a.Log.Error("the demonstration's callers stay away", slog.Any("error", err))
		return
	}
	callers, err := voice.NewSimulator(to, here, ports, clock.Now, a.Log)
	if err != nil {
		a.Log.Error("the demonstration's callers stay away", slog.Any("error", err))
		return
	}
	defer callers.Close()
	for pause(ctx, betweenCalls/2+rand.N(betweenCalls)) {
		_, err := callers.Call(ctx, voice.Simulated{
			Number: fmt.Sprintf("1380013%04d", rand.N(10000)), Line: "4008200000", Keys: whatCallersPress[rand.N(len(whatCallersPress))], For: callLasts,
		})
		if err != nil && ctx.Err() == nil {
			a.Log.Warn("a simulated caller failed", slog.Any("error", err))
		}
	}
}
