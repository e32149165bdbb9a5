// Command prompts renders the clips that come with the program, from
// internal/domain/prompt/prompts.tsv and words.tsv, with espeak-ng (Debian
// package; the program itself never needs it). Run it in the repository after a
// text was changed, listen, and commit the files:
//
//	go run ./test/prompts [clip…]
//
// Without clips all are rendered, and files that no text asks for are removed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/prompt"
	"yingda/internal/kit/audio"
)

const root = "internal/domain/prompt/wav"

// voices are espeak-ng's by language. Its voice "cmn" reads pinyin as English;
// this one reads characters and pinyin.
var voices = map[string]string{prompt.Chinese: "cmn-latn-pinyin", prompt.English: "en-gb"}

// speeds are in words a minute as espeak-ng counts them.
var speeds = map[string]string{prompt.Chinese: "200", prompt.English: "178"}

// clip is a file to render.
type clip struct {
	folder, key, spoken string
	word                bool // a part of a number: said without a breath
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "prompts:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only []string) error {
	files := map[string]bool{}
	seconds, bytes := 0.0, 0
	for _, c := range all() {
		name := filepath.Join(root, c.folder, c.key+".wav")
		files[name] = true
		if len(only) > 0 && !slices.Contains(only, c.key) {
			continue
		}
		line := music()
		if c.key != prompt.Music {
			var err error
			if line, err = c.render(ctx); err != nil {
				return fmt.Errorf("%s/%s: %w", c.folder, c.key, err)
			}
		}
		file := audio.WriteWAV(line)
		if err := os.WriteFile(name, file, 0o644); err != nil { //nolint:gosec // files of the repository
			return err
		}
		seconds, bytes = seconds+audio.Length(len(line)).Seconds(), bytes+len(file)
	}
	fmt.Printf("%.0f s in %d KB\n", seconds, bytes>>10)
	if len(only) > 0 {
		return nil
	}
	there, err := filepath.Glob(filepath.Join(root, "*", "*.wav"))
	if err != nil {
		return err
	}
	for _, name := range there {
		if !files[name] {
			fmt.Println("removed", name)
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

func all() (list []clip) {
	for language, prompts := range prompt.Builtin() {
		for _, p := range prompts {
			for _, c := range p.Clips() {
				list = append(list, clip{folder: language, key: c.Key, spoken: c.Spoken})
			}
		}
	}
	for _, w := range prompt.Words() {
		list = append(list, clip{folder: w.Language, key: w.Clip, spoken: w.Spoken, word: true})
	}
	return append(list, clip{folder: prompt.Shared, key: prompt.Music})
}

// render speaks the clip and makes it fit for the line.
func (c clip) render(ctx context.Context) ([]int16, error) {
	language, text := c.folder, c.spoken
	if other, rest, ok := strings.Cut(text, ":"); ok && voices[other] != "" {
		language, text = other, rest
	}
	if voices[language] == "" {
		return nil, errors.New("it is spoken in no language: write zh: or en: before it")
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	// -z: without the pause of a full stop at the end
	out, err := exec.CommandContext(ctx, "espeak-ng", "-v", voices[language], "-s", speeds[language], "-z", "--stdout", text).Output() //nolint:gosec // a tool for texts of the repository
	if err != nil {
		return nil, fmt.Errorf("espeak-ng: %w", err)
	}
	sound, err := audio.ReadWAV(out)
	if err != nil {
		return nil, err
	}
	line, err := audio.Prepare(sound)
	if c.word && len(line) > audio.Samples(200*time.Millisecond) {
		line = line[audio.Samples(25*time.Millisecond) : len(line)-audio.Samples(45*time.Millisecond)]
	}
	return line, err
}
