package hotline

import (
	"context"
	"log/slog"
	"strconv"
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
	// PromptsRevision returns a number that is another one as soon as anything was
	// worded or recorded otherwise.
	PromptsRevision(ctx context.Context) (int64, error)
}

// Builtin are the prompts that come with the program.
type Builtin struct{}

// CallPrompts returns the sentences that come with the program.
func (Builtin) CallPrompts(context.Context) (prompt.Library, error) { return prompt.Builtin(), nil }

// PromptsRevision returns that of the program, which never changes.
func (Builtin) PromptsRevision(context.Context) (int64, error) { return 0, nil }

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
		_, name, _ := strings.Cut(key, "/") // the revision, so that what is recorded anew is another clip
		language, clip, _ := strings.Cut(name, "/")
		file, err := p.CallClip(context.Background(), language, clip)
		if err != nil {
			return nil, err
		}
		sound, err := audio.ReadWAV(file)
		return sound.Line(), err
	})
	return s
}

// clip returns a clip as it is recorded now.
func (s *sounds) clip(ctx context.Context, language, clip string) (*audio.Clip, error) {
	revision, err := s.prompts.PromptsRevision(ctx)
	if err != nil {
		return nil, err
	}
	return s.clips.Get(strconv.FormatInt(revision, 10) + "/" + language + "/" + clip)
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
			c, err := s.clip(ctx, a.Language, clip)
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
	c, err := s.clip(context.Background(), language, prompt.Music)
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
