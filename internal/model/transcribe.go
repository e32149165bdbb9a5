package model

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

// Speech is what is to be written down.
type Speech struct {
	Model    string
	Language string // such as zh; empty: the endpoint finds out
	WAV      []byte
	// Plain asks for the text only, of an endpoint that is known not to tell when
	// what was said.
	Plain bool
}

// Written is what an endpoint wrote down.
type Written struct {
	Text     string
	Language string
	// Segments say when what was said, as the endpoint says it: in any order, over
	// each other, outside of the sound. There are none where it told only the text.
	Segments []Segment
	Plain    bool // it was asked for the text only, or would tell no more
}

// Segment is a part of what was said.
type Segment struct {
	From, To time.Duration
	Text     string
}

// Transcribe has speech written down (语音转文字), within the limits of the
// client. A text of nothing is an answer: nothing was said. An endpoint that
// refuses to tell when what was said is asked once more for the text only.
func (c *Client) Transcribe(ctx context.Context, s Speech) (w Written, err error) {
	if w, err = c.transcribe(ctx, s); !s.Plain && fault.CodeOf(err) == "model.refused" {
		s.Plain = true
		w, err = c.transcribe(ctx, s)
	}
	w.Plain = s.Plain
	if fault.CodeOf(err) == "model.unknown" {
		err = fault.New(fault.Invalid, "model.no_scribe", "there is no such model or no /audio/transcriptions at this address").Because(err)
	}
	return w, err
}

func (c *Client) transcribe(ctx context.Context, s Speech) (w Written, err error) {
	kind, body, err := form(s)
	if err != nil {
		return w, err
	}
	err = c.post(ctx, "/audio/transcriptions", kind, body, func(kind string, from io.Reader) (err error) {
		w, err = readWritten(kind, from)
		return err
	})
	return w, err
}

// form returns speech as it is sent.
func form(s Speech) (kind string, body []byte, err error) {
	var b bytes.Buffer
	f := multipart.NewWriter(&b)
	shape := "verbose_json"
	if s.Plain {
		shape = "json"
	}
	fields := [][2]string{{"model", s.Model}, {"language", s.Language}, {"response_format", shape}, {"temperature", "0"}}
	for _, x := range fields {
		if x[1] == "" {
			continue
		}
		if err := f.WriteField(x[0], x[1]); err != nil {
			return "", nil, err
		}
	}
	file, err := f.CreateFormFile("file", "speech.wav")
	if err != nil {
		return "", nil, err
	}
	if _, err := file.Write(s.WAV); err != nil {
		return "", nil, err
	}
	err = f.Close() // writes the end
	return f.FormDataContentType(), b.Bytes(), err
}

type wireWritten struct {
	Text     *string `json:"text"`
	Language string  `json:"language"`
	Segments []struct {
		Start float64 `json:"start"` // seconds
		End   float64 `json:"end"`
		Text  string  `json:"text"`
	} `json:"segments"`
	Error *wireError `json:"error"`
}

func readWritten(kind string, from io.Reader) (w Written, err error) {
	is, _, err := mime.ParseMediaType(kind)
	if err != nil || is != "application/json" && is != "text/plain" {
		return w, fault.New(fault.Invalid, "model.kind", "what answers at the model's address is no model (%s)", kind)
	}
	b, err := io.ReadAll(from)
	if err != nil {
		return w, err
	}
	var x wireWritten
	switch err := json.Unmarshal(b, &x); {
	case err != nil && is == "text/plain" && !strings.HasPrefix(strings.TrimSpace(string(b)), "{"):
		return Written{Text: strings.TrimSpace(string(b))}, nil
	case err != nil:
		return w, broken(err)
	case x.Error != nil:
		return w, fault.New(fault.Busy, "model.failed", "the model failed underway").Because(failed(x.Error.Message))
	case x.Text == nil && x.Segments == nil:
		return w, fault.New(fault.Busy, "model.empty", "the model answered with nothing")
	}
	w.Language = x.Language
	if x.Text != nil {
		w.Text = strings.TrimSpace(*x.Text)
	}
	for _, s := range x.Segments {
		w.Segments = append(w.Segments, Segment{From: seconds(s.Start), To: seconds(s.End), Text: s.Text})
	}
	return w, nil
}

// failed is what an endpoint says that went wrong.
type failed string

func (f failed) Error() string { return string(f) }

// seconds is a time that an endpoint told. What no sound can be as long as is a
// day.
func seconds(s float64) time.Duration {
	const day = 24 * 60 * 60
	return time.Duration(max(-day, min(day, s)) * float64(time.Second))
}
