package hotline

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"yingda/internal/domain/call"
	"yingda/internal/domain/prompt"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// Prompts are the sentences that callers hear, and their sound.
type Prompts interface {
	CallPrompts(ctx context.Context) (prompt.Library, error)
	// CallClip returns the WAV file of a clip.
	CallClip(ctx context.Context, language, clip string) ([]byte, error)
}

// Builtin are the prompts that come with the program.
type Builtin struct{}

// CallPrompts returns the sentences that come with the program.
func (Builtin) CallPrompts(context.Context) (prompt.Library, error) { return prompt.Builtin(), nil }

// CallClip returns a clip that comes with the program; NotFound if there is no
// such.
func (Builtin) CallClip(_ context.Context, language, clip string) ([]byte, error) {
	file, ok := prompt.Clip(language, clip)
	if !ok {
		return nil, fault.New(fault.NotFound, "prompt.unknown", "there is no prompt %q", clip)
	}
	return file, nil
}

// mostSound is how many bytes of clips are kept ready: an hour of them, in both
// laws.
const mostSound = 64 << 20

// sounds are the clips that are ready to be sent.
type sounds struct {
	prompts Prompts
	clips   *audio.Clips
	ring    *audio.Clip
	busy    *audio.Clip
	beep    *audio.Clip
	log     *slog.Logger
}

func newSounds(p Prompts, log *slog.Logger) *sounds {
	s := &sounds{prompts: p, log: log, ring: audio.NewClip(audio.RingBack()), busy: audio.NewClip(audio.Busy()), beep: audio.NewClip(audio.Beep())}
	s.clips = audio.NewClips(mostSound, func(key string) ([]int16, error) {
		language, clip, _ := strings.Cut(key, "/")
		file, err := p.CallClip(context.Background(), language, clip)
		if err != nil {
			return nil, err
		}
		sound, err := audio.ReadWAV(file)
		return sound.Line(), err
	})
	return s
}

// said returns the clips of what a menu says. A sentence that cannot be put
// together is left out, and logged: the caller hears the others.
func (s *sounds) said(ctx context.Context, a call.Action) (list []*audio.Clip) {
	library, err := s.prompts.CallPrompts(ctx)
	if err != nil {
		s.log.ErrorContext(ctx, "hotline: there are no prompts", slog.Any("error", err))
		return nil
	}
	for _, key := range a.Prompts {
		line, err := library.Say(a.Language, key, a.Values)
		if err != nil {
			s.log.ErrorContext(ctx, "hotline: a prompt cannot be said", slog.String("prompt", key), slog.Any("error", err))
			continue
		}
		for _, clip := range line.Clips {
			c, err := s.clips.Get(a.Language + "/" + clip)
			if err != nil {
				s.log.ErrorContext(ctx, "hotline: a prompt has no sound", slog.String("clip", clip), slog.Any("error", err))
				continue
			}
			list = append(list, c)
		}
	}
	return list
}

// music is what who waits hears, round and round; silence if there is none.
func (s *sounds) music(language string) rtp.Source {
	c, err := s.clips.Get(language + "/" + prompt.Music)
	if err != nil {
		s.log.Error("hotline: there is no music", slog.Any("error", err))
		return rtp.Clips(true, audio.NewClip(make([]int16, audio.Rate)))
	}
	return rtp.Clips(true, c)
}

func length(list []*audio.Clip) (d time.Duration) {
	for _, c := range list {
		d += c.Length()
	}
	return d
}
