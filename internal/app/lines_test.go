package app

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"yingda/internal/channel/voice"
	"yingda/internal/config"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/kit/rtp"
)

// The classes of the settings are those of the door, by the same names.
func TestClassesAreTheDoors(t *testing.T) {
	for _, c := range call.Classes() {
		if got := classOf(c).String(); got != string(c) {
			t.Errorf("%s is %s at the door", c, got)
		}
	}
	if got := mayOf(call.DefaultPlan().May); got != voice.Usual {
		t.Errorf("the usual classes are %b, at the door %b", got, voice.Usual)
	}
}

// What is set reaches a door that is open: a telephone registers with the
// password that it was given, a line is used in the order of the plan, and what
// is taken away is gone.
func TestLinesReachTheDoor(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	a, err := Open(ctx, config.Serve{Data: t.TempDir(), HTTP: "127.0.0.1:0"}, false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	door := func(o voice.Options) *voice.Door {
		t.Helper()
		ports, err := rtp.NewPorts(netip.MustParseAddr("127.0.0.1"), 42000, 42099)
		if err != nil {
			t.Fatal(err)
		}
		pacer := rtp.NewPacer(1)
		o.Listen = []voice.Listener{{Network: "udp", Address: netip.MustParseAddrPort("127.0.0.1:0")}}
		o.Ports, o.Pacer, o.Realm, o.Now = ports, pacer, call.Realm, time.Now
		o.Take = func(*voice.Call, voice.Incoming) (func(voice.Event), error) { return nil, nil }
		d, err := voice.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close(); pacer.Close() })
		return d
	}
	ours := door(voice.Options{Phones: a.Desk, May: a.phoneMay})
	done := make(chan struct{})
	go func() { defer close(done); _ = a.keepLines(ctx, ours) }()
	t.Cleanup(func() {
		stop()
		<-done
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	boss := agent.Actor{Name: "boss"}.With(agent.Role{Permissions: []agent.Permission{agent.ChannelManage}})

	p, password, err := a.Desk.CreatePhone(ctx, boss, "8001", desk.PhoneChange{})
	if err != nil {
		t.Fatal(err)
	}
	if voice.Digest("8001", call.Realm, password) != p.HA1 || len(password) < 20 {
		t.Error("what is kept is not what the door asks for")
	}
	theirs := door(voice.Options{Phones: a.Desk, Trunks: []voice.Trunk{{
		Name: "centre", Host: "127.0.0.1", Port: int(ours.Address("udp").Port()), Network: "udp", User: "8001", Password: password, Register: true,
	}}})
	eventually(t, "the telephone", func() bool { return ours.Registered("8001") })

	name, host, port := "carrier "+rand.Text()[:4], "127.0.0.1", int(theirs.Address("udp").Port())
	tr, err := a.Desk.CreateTrunk(ctx, boss, desk.TrunkChange{Name: &name, Host: &host, Port: &port, From: &[]string{"127.0.0.9"}})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the line", func() bool { why, have := ours.Lines()[name]; return have && why == "" })
	if _, err := ours.Dial(voice.Dialing{Number: "00441632960000", May: a.phoneMay("8001")}); err == nil {
		t.Error("a telephone may call abroad")
	}

	if err := a.Desk.RemoveTrunk(ctx, boss, tr.ID); err != nil {
		t.Fatal(err)
	}
	eventually(t, "that the line is gone", func() bool { return len(ours.Lines()) == 0 })
	off := false
	if _, err := a.Desk.ChangePhone(ctx, boss, "8001", desk.PhoneChange{Enabled: &off}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "that the telephone is gone", func() bool { return !ours.Registered("8001") })
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain for ", what)
		}
	}
}
