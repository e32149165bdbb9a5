package app

import (
	"log/slog"
	"net/netip"

	"yingda/internal/channel/webphone"
	"yingda/internal/domain/agent"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/rtp"
	"yingda/internal/kit/secret"
)

// openPhones opens the telephones in consoles. They listen already.
func (a *App) openPhones(key []byte) error {
	w, on, err := a.Config.WebRTC()
	if err != nil || !on {
		return err
	}
	a.pacer = rtp.NewPacer(2)
	o := webphone.Options{
		Listen: w.Listen, Public: w.Public, Pacer: a.pacer, Feed: a.DB, RelayListen: w.Relay, Secret: secret.Derive(key, "turn"),
		Now: clock.Now, Log: a.Log,
		Gone: func(who agent.ID) {
			if h := a.voice.hotline; h != nil {
				h.PhoneGone(who)
			}
		},
		Changed: func() {
			if h := a.voice.hotline; h != nil {
				h.PhonesChanged()
			}
		},
	}
	a.phones, err = webphone.Open(o)
	if err != nil && w.Usual { // another program has the usual port; any other will do
		o.Listen = netip.AddrPortFrom(w.Listen.Addr(), 0)
		a.phones, err = webphone.Open(o)
	}
	if err == nil {
		a.Log.Debug("telephones in consoles send their sound here, by UDP and TCP", slog.String("address", a.phones.Address().String()))
	}
	return err
}
