package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"yingda/internal/kit/mail"
)

type mailCommand struct {
	Parse mailParseCommand `cmd:"" help:"Read a mail from a file and print what it says, as one JSON object."`
}

// mailParseCommand reads one mail as the centre does.
type mailParseCommand struct {
	File   string   `arg:"" help:"The mail as it came (RFC 5322), or - for the standard input."`
	Own    []string `help:"An address, or a domain of message ids, that is ours: mail from it is our own. May be given several times." sep:"none"`
	Remote bool     `help:"Keep pictures that are elsewhere in the HTML, instead of data-remote-src."`
	Raw    bool     `help:"Print the HTML as it came instead of what is harmless of it."`
}

// parsed is what mail parse prints.
type parsed struct {
	Subject     string         `json:"subject"`
	From        []mail.Address `json:"from"`
	To          []mail.Address `json:"to"`
	Cc          []mail.Address `json:"cc"`
	Date        string         `json:"date"` // RFC 3339 in the zone of the mail; empty if nothing tells
	MessageID   string         `json:"message_id"`
	InReplyTo   string         `json:"in_reply_to"`
	References  []string       `json:"references"`
	Text        string         `json:"text"`
	HTML        string         `json:"html"`
	Reply       string         `json:"reply"`
	Kind        mail.Kind      `json:"kind"`
	Attachments []parsedFile   `json:"attachments"`
	Notes       []string       `json:"notes"`
}

type parsedFile struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int    `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

func (c *mailParseCommand) Run(s streams) error {
	raw, err := readMail(c.File, os.Stdin)
	if err != nil {
		return err
	}
	m := mail.Parse(raw, mail.Options{Own: c.Own})
	out := parsed{
		Subject: m.Subject, From: list(m.From), To: list(m.To), Cc: list(m.Cc), MessageID: m.MessageID, InReplyTo: m.InReplyTo, References: list(m.References),
		Text: m.Text, HTML: m.HTML, Reply: m.Reply, Kind: m.Kind, Notes: list(m.Notes), Attachments: make([]parsedFile, 0, len(m.Attachments)),
	}
	if !m.Date.IsZero() {
		out.Date = m.Date.Format(time.RFC3339)
	}
	if !c.Raw && m.HTML != "" {
		safe := mail.SafeHTML(m.HTML, c.Remote)
		out.HTML = safe.HTML
		if safe.Remote > 0 && !c.Remote {
			out.Notes = append(out.Notes, fmt.Sprintf("html: %d pictures elsewhere are not loaded", safe.Remote))
		}
	}
	for _, a := range m.Attachments {
		out.Attachments = append(out.Attachments, parsedFile{Name: a.Name, Type: a.Type, Size: len(a.Content), SHA256: a.SHA256()})
	}
	e := json.NewEncoder(s.Out)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

// list is never null in JSON.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// readMail reads a file, or the standard input for -.
func readMail(name string, stdin io.Reader) ([]byte, error) {
	limit := int64(mail.Usual().Size)
	r := stdin
	if name != "-" {
		f, err := os.Open(name) //nolint:gosec // whoever asks names the file
		if err != nil {
			return nil, fmt.Errorf("the mail cannot be read; name a file with one mail, or - for the standard input: %w", err)
		}
		defer f.Close() // it was only read
		r = f
	}
	raw, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("the mail cannot be read; name a file with one mail, or - for the standard input: %w", err)
	}
	if int64(len(raw)) > limit {
		return nil, fmt.Errorf("%s is over %d MB; mails are not that large: was an archive of many given?", name, limit>>20)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, errors.New(name + " is empty; give a mail as it came, with its header")
	}
	return raw, nil
}
