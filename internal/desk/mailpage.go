package desk

import (
	"context"
	"encoding/base64"
	"html"
	"io"
	"net/url"
	"regexp"
	"strings"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
)

// The most of pictures that a page holds itself, one and all, in bytes.
const (
	largestShown = 4 << 20
	mostShown    = 16 << 20
)

var ownPicture = regexp.MustCompile(`(?i)src="cid:([^"]*)"`)

const pageHead = `<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light"><base target="_blank"><style>
html{background:#fff;color:#161a23;color-scheme:light}
body{margin:0;padding:10px 12px;font:14px/1.55 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
img{max-width:100%;height:auto}table{max-width:100%}blockquote{margin:.6em 0;padding-left:.8em;border-left:3px solid #e2e5ec;color:#4d5568}
pre{white-space:pre-wrap}
</style></head><body>`

// MailPage returns the formatted text of the mail that a message came by as a
// whole page that needs nothing else: pictures of the mail itself stand in it.
// Pictures elsewhere stay out unless remote is set. It belongs into a sandboxed
// frame.
func (d *Desk) MailPage(ctx context.Context, by agent.Actor, i conversation.MessageID, remote bool) (string, error) {
	o, err := d.MailOriginal(ctx, by, i, remote)
	if err != nil {
		return "", err
	}
	if o.HTML == "" {
		return pageHead + "<pre>" + html.EscapeString(o.Text) + "</pre></body></html>", nil
	}
	left := int64(mostShown)
	shown := map[string]string{}
	body := ownPicture.ReplaceAllStringFunc(o.HTML, func(src string) string {
		name := html.UnescapeString(ownPicture.FindStringSubmatch(src)[1])
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		have, ok := shown[name]
		if !ok {
			have = d.pictureOf(ctx, by, o.Pictures[strings.Trim(name, "<>")], &left)
			shown[name] = have
		}
		return `src="` + have + `"`
	})
	return pageHead + body + "</body></html>", nil
}

// pictureOf returns a picture as an address that holds it; empty if it is not
// there, no picture, or too large for what is left.
func (d *Desk) pictureOf(ctx context.Context, by agent.Actor, i conversation.AttachmentID, left *int64) string {
	if i.IsZero() {
		return ""
	}
	f, err := d.FileFor(ctx, by, i, false)
	if err != nil {
		return "" // the page is worth more than one picture of it
	}
	defer f.Body.Close()
	switch f.Type {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
	default:
		return ""
	}
	if f.Size > largestShown || f.Size > *left {
		return ""
	}
	b, err := io.ReadAll(io.LimitReader(f.Body, largestShown))
	if err != nil {
		return ""
	}
	*left -= int64(len(b))
	return "data:" + f.Type + ";base64," + base64.StdEncoding.EncodeToString(b)
}
