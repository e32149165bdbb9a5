package site

import (
	"context"
	"net/url"

	"yingda/internal/channel"
	"yingda/internal/domain/company"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/ticket"
	"yingda/internal/help"
)

// Knowledge is what is published for everybody.
type Knowledge interface {
	// Version changes whenever what is published changes.
	Version() string
	Headings(language string) []help.Heading
	Search(ask help.Search) (page []help.Entry, total int)
	Entry(kind help.Kind, ref string) (help.Entry, error)
	Related(e help.Entry, n int) []help.Entry
	Decide(text string, l retrieve.Limits) retrieve.Decision
	PublicQuestion(id int64) (help.Entry, bool)
	Viewed(ctx context.Context, e help.Entry) error
	Rated(ctx context.Context, e help.Entry, helpful bool) error
}

// Desk is what the pages need of the people who answer.
type Desk interface {
	Settings(ctx context.Context) (company.Settings, error)
	Inboxes(ctx context.Context) ([]inbox.Inbox, error)
	// Staffed reports whether an agent who could answer is there now.
	Staffed(ctx context.Context, in inbox.Inbox) (bool, error)
	// OpenPublicCase takes what is handed in. The same clientID gives the same
	// case again.
	OpenPublicCase(ctx context.Context, c ticket.Case, files []channel.Upload, clientID string) (ticket.Case, error)
}

// entryPath is where an entry is read.
func entryPath(e help.Entry) string {
	if e.Kind == help.Article {
		return "/help/" + url.PathEscape(e.Ref)
	}
	return "/faq/" + url.PathEscape(e.Ref)
}
