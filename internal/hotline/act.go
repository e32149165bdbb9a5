package hotline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/voice"
	"yingda/internal/domain/call"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// do does an action of the menu.
func (l *line) do(a call.Action) {
	for _, act := range a.Moves(l.sight.Call.Record.State()) {
		switch act {
		case call.Continue, call.Rate, call.TakeMessage: // the others are said in other ways
			_ = l.moved(act)
		default:
		}
	}
	desk := l.h.o.Desk
	switch a.Do {
	case call.Play:
		l.say(a)
	case call.Stop:
		l.play = 0
		l.customer.Leg().Stop()
	case call.PlayMusic:
		l.music()
	case call.TakeNotice:
		if l.tell("notice", func(ctx context.Context) error { return desk.CallNoticed(ctx, l.id) }) == nil {
			l.record()
		}
	case call.LogAdvice:
		_ = l.tell("advice", func(ctx context.Context) error { return desk.CallAdvised(ctx, l.id, a.Name) })
	case call.EnterQueue:
		l.wait(*a.Place)
	case call.ExitQueue:
		l.unring(nil)
		if l.gone { // the end of the call says where they stood
			return
		}
		_ = l.sees("left the queue", func(ctx context.Context) (channel.CallSight, error) { return desk.CallLeavesQueue(ctx, l.id) })
	case call.ConnectTo:
		l.connect(a)
	case call.NoteBack:
		_ = l.tell("call back", func(ctx context.Context) error {
			_, err := desk.CallBackAsked(ctx, l.id, a.Number, a.Place)
			return err
		})
	case call.AskSystem:
		l.askSystem(a)
	case call.TakeDown:
		l.takeMessage(time.Duration(a.Seconds) * time.Second)
	case call.StopRecord:
		l.messageOver()
	case call.TransferTo:
		l.transferTo(a.Name)
	case call.KeepRating:
		if mark, err := strconv.Atoi(a.Number); err == nil {
			_ = l.tell("mark", func(ctx context.Context) error { return desk.CallRated(ctx, l.id, a.Name, mark) })
		}
	case call.PauseSecret:
		l.tape.pause(true)
	case call.ResumeSecret:
		l.tape.pause(false)
	case call.EndCall:
		l.finish(a.Reason)
	case call.ReturnHead, call.GoOn, call.BeginSurvey: // told already
	}
}

// say plays what the menu says. Where nothing of it can be heard, the menu goes
// on as if it had been.
func (l *line) say(a call.Action) {
	list := l.h.sounds.said(l.h.context, a)
	if len(list) == 0 {
		l.post(func() { l.step(call.Event{Kind: call.Played}) })
		return
	}
	l.play = l.customer.Leg().Play(rtp.Clips(false, list...))
}

func (l *line) music() {
	l.play = 0
	language := l.walk.Language
	if language == "" {
		language = "zh"
	}
	l.customer.Leg().Play(l.h.sounds.music(language))
}

func (l *line) beep() { l.play = l.customer.Leg().Play(rtp.Clips(false, l.h.sounds.beep)) }

// wait puts the caller into the queue. Where the desk cannot, the caller is told
// so: nobody waits for nothing.
func (l *line) wait(p call.Place) {
	if l.back.ID != 0 && !l.waited { // the place that was kept, in its queue
		p = l.back.Place
	}
	l.waited = true
	err := l.sees("waits", func(ctx context.Context) (channel.CallSight, error) { return l.h.o.Desk.CallWaits(ctx, l.id, p) })
	if err == nil {
		l.look()
		return
	}
	l.say(call.Action{Do: call.Play, Language: l.walk.Language, Prompts: []string{"error"}})
	l.leaving, l.reason = true, call.Failed
}

// finish hangs up when what is being said is over.
func (l *line) finish(why call.Reason) {
	if l.reason == "" {
		l.reason = why
	}
	if why == call.Forwarded { // the two are joined, and stay so
		l.walks = false
		return
	}
	l.leaving = true
	if l.play == 0 {
		l.hangUp(why)
	}
}

// quiet is how long a caller hears nothing while another system is asked; after
// that there is music.
const quiet = time.Second

// askSystem asks another system, without letting the line wait. For who is gone
// it is not asked any longer; the walk goes on by itself when its time is over,
// whatever the other side does.
func (l *line) askSystem(a call.Action) {
	if l.h.o.Hooks == nil {
		l.post(func() { l.step(call.Event{Kind: call.Told}) })
		return
	}
	node := len(l.walk.Path)
	asks := func() bool { return !l.ended && len(l.walk.Path) == node && l.walk.Phase == call.Asking }
	ctx, cancel := context.WithTimeout(l.h.context, time.Duration(a.Seconds)*time.Second)
	l.asking = cancel
	music := l.later(quiet, func() {
		if asks() {
			l.music()
		}
	})
	go func() {
		defer cancel()
		values, err := l.h.o.Hooks.AskHook(ctx, a.Name, a.Values)
		music.Stop()
		if err != nil {
			l.h.o.Log.WarnContext(ctx, "hotline: another system did not answer", slog.String("call", l.id.String()), slog.String("hook", a.Name), slog.Any("error", err))
		}
		l.post(func() {
			if asks() {
				l.customer.Leg().Stop()
				l.step(call.Event{Kind: call.Told, OK: err == nil, Values: values, Why: why(err)})
			}
		})
	}()
}

// why is an error as the record keeps it.
func why(err error) *phrase.Reason {
	if err == nil {
		return nil
	}
	r := phrase.Because("hook.failed", "the other system could not be asked")
	if f, ok := errors.AsType[*fault.Error](err); ok {
		args := make([]string, len(f.Args))
		for i, a := range f.Args {
			args[i] = fmt.Sprint(a)
		}
		r = phrase.Reason{Code: f.Code, Args: args, Text: f.Message()}
	}
	return &r
}

// transferTo rings a number outside for the menu.
func (l *line) transferTo(name string) {
	failed := func() { l.step(call.Event{Kind: call.Transferred}) }
	number, ok := "", false
	if l.h.o.Target != nil {
		number, ok = l.h.o.Target(name)
	}
	if !ok {
		l.post(failed)
		return
	}
	l.music()
	err := l.dialThird(&third{number: number, told: func(t *third, reached bool) {
		if !reached {
			failed()
			return
		}
		l.joinThird(t)
		l.step(call.Event{Kind: call.Transferred, OK: true})
	}}, voice.Usual, l.sight.Call.Record.Caller)
	if err != nil {
		l.post(failed)
	}
}
