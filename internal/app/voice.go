package app

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/voice"
	"yingda/internal/config"
	"yingda/internal/desk"
	"yingda/internal/hotline"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// realm stands in the passwords of the telephones.
const realm = "yingda"

// voiceDoor is the door of the telephone: nil fields where there is none.
type voiceDoor struct {
	hotline *hotline.Hotline
	door    *voice.Door
	pacer   *rtp.Pacer
	own     []voice.Trunk // lines that are not set by anybody
	grace   time.Duration // for calls that go on when the program is told to stop
}

var _ channel.Hotline = (*desk.Desk)(nil)

// openVoice opens the telephone's door where the settings say so.
func (a *App) openVoice(ctx context.Context, demo bool) error {
	listen, err := a.Config.SIP(demo)
	if err != nil || len(listen) == 0 {
		return err
	}
	if err := a.Desk.EnsureHotline(ctx); err != nil {
		return err
	}
	a.voice.grace = a.Config.Drain
	of := hotline.Options{
		Desk: a.Desk, Menus: a.Desk, Prompts: a.Desk, Phones: a.Desk, Feed: a.DB, Hooks: a.Desk, Program: a.Desk.Node, Line: a.ourNumber, Target: a.transferTarget, May: a.agentMay,
		Folder: filepath.Join(a.Config.Data, "recordings"), Files: a.files, Doors: a.sipOfOthers, Now: clock.Now, Log: a.Log,
	}
	if a.phones != nil {
		of.Ears = a.phones
	}
	if a.voice.hotline, err = hotline.Open(ctx, of); err != nil {
		return err
	}
	o, err := a.voiceOptions(listen, demo)
	if err != nil {
		return err
	}
	a.voice.door, err = voice.Open(o)
	if demo && len(a.Config.SIPListen) == 0 && fault.CodeOf(err) == "voice.listen" { // another program has the usual port
		o.Listen[0].Address = netip.AddrPortFrom(o.Listen[0].Address.Addr(), 0)
		a.voice.door, err = voice.Open(o)
	}
	if err != nil {
		return err
	}
	a.voice.hotline.Use(a.voice.door)
	return a.setLines(ctx, a.voice.door)
}

// shards is how many goroutines send the sound of calls.
func shards() int { return max(2, runtime.GOMAXPROCS(0)) }

func (a *App) voiceOptions(listen []config.SIPAddress, demo bool) (o voice.Options, err error) {
	c := a.Config
	first, last, err := c.SoundPorts()
	if err != nil {
		return o, err
	}
	ports, err := rtp.NewPorts(listen[0].Address.Addr(), first, last)
	if err != nil {
		return o, err
	}
	a.voice.pacer = rtp.NewPacer(shards())
	o = voice.Options{
		Ports: ports, Pacer: a.voice.pacer, Realm: realm, House: a.house, Phones: a.Desk, Take: a.voice.hotline.Take, Moved: a.voice.hotline.PhonesChanged, May: a.phoneMay, Now: clock.Now, Log: a.Log,
	}
	if c.SIPPublic != "" {
		o.Public = netip.MustParseAddr(c.SIPPublic) // it was checked
	}
	var certificate *tls.Config
	if c.SIPCertificate != "" {
		pair, err := tls.LoadX509KeyPair(c.SIPCertificate, c.SIPKey)
		if err != nil {
			return o, fault.New(fault.Invalid, "start.sip_certificate", "the certificate for calls cannot be read; check --sip-certificate and --sip-key").Because(err)
		}
		certificate = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	for _, l := range listen {
		o.Listen = append(o.Listen, voice.Listener{Network: l.Network, Address: l.Address, TLS: certificate})
	}
	if demo { // callers of this machine need no carrier
		a.voice.own = []voice.Trunk{{Name: "simulator", Host: "127.0.0.1", Network: "udp", From: []netip.Prefix{hotline.Loopback}}}
	}
	return o, nil
}

// program returns the name by which this program is known to the desk: the same
// at each start on this data folder.
func (a *App) program() (string, error) {
	file := filepath.Join(a.Config.Data, "program.id")
	b, err := os.ReadFile(file) //nolint:gosec // in the administrator's own folder
	if err == nil && len(b) > 0 {
		return strings.TrimSpace(string(b)), nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fault.New(fault.Invalid, "start.data_unwritable", "the data folder %s cannot be written; change its owner or choose another with --data", a.Config.Data).Because(err)
	}
	name := rand.Text()
	if err := os.WriteFile(file, []byte(name+"\n"), 0o600); err != nil {
		return "", fault.New(fault.Invalid, "start.data_unwritable", "the data folder %s cannot be written; change its owner or choose another with --data", a.Config.Data).Because(err)
	}
	return name, nil
}

// SIPAddress is where calls are heard; invalid if there is no hotline.
func (a *App) SIPAddress() netip.AddrPort {
	if a.voice.door == nil {
		return netip.AddrPort{}
	}
	return a.voice.door.Address("udp")
}

// runVoice follows the desk for the hotline until ctx ends.
func (a *App) runVoice(ctx context.Context) error {
	if a.voice.hotline == nil {
		<-ctx.Done()
		return nil
	}
	return a.voice.hotline.Run(ctx)
}

// runLines keeps the door as it is set until ctx ends.
func (a *App) runLines(ctx context.Context) error {
	if a.voice.door == nil {
		<-ctx.Done()
		return nil
	}
	return a.keepLines(ctx, a.voice.door)
}

// drain lets calls that go on come to their end, for a while: calls cannot move
// to another program. Who is told to stop twice stops.
func (v *voiceDoor) drain(ctx context.Context) {
	if v.hotline == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), v.grace)
	defer cancel()
	v.hotline.Drain(ctx)
	v.hotline.Close()
}

func (v *voiceDoor) close() {
	if v.hotline != nil {
		v.hotline.Close()
	}
	if v.door != nil {
		v.door.Close()
	}
	if v.pacer != nil {
		v.pacer.Close()
	}
}
