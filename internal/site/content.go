package site

import (
	"context"
	"net/url"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
)

// Content is what the pages show: the company's own words, its ways in, and
// what it has published for everybody.
type Content interface {
	// Version changes when anything that these methods return may have
	// changed. Pages are kept for as long as it stays; "" keeps none.
	Version(ctx context.Context) (string, error)
	Company(ctx context.Context) (Company, error)
	// Inboxes returns the inboxes that are enabled, the first one first.
	Inboxes(ctx context.Context) ([]inbox.Inbox, error)
	// Staffed reports whether an agent who could answer is there now.
	Staffed(ctx context.Context, in inbox.Inbox) (bool, error)

	Categories(ctx context.Context, language string) ([]Category, error)
	// Search lists entries: the best first where words are given, else the
	// most read first.
	Search(ctx context.Context, q Query) (Listing, error)
	// Entry returns one published entry, in another language where it is not
	// to be had in this one; fault.NotFound.
	Entry(ctx context.Context, language string, kind EntryKind, ref string) (Entry, error)
	// Related returns at most n entries that people read beside e.
	Related(ctx context.Context, e Entry, n int) ([]Entry, error)
	// Rate counts whether an entry helped. The same voter counts once.
	Rate(ctx context.Context, kind EntryKind, ref, voter string, helpful bool) error
}

// Assistant answers from the knowledge base.
type Assistant interface {
	// Ask answers a text, or the choice that an earlier answer offered.
	Ask(ctx context.Context, language, text, choice string) (Answer, error)
}

// Cases takes what is handed in. The same clientID gives the same case again.
type Cases interface {
	Open(ctx context.Context, c ticket.Case, files []channel.Upload, clientID string) (ticket.Case, error)
}

// Company is what the pages say of the company; the words are its own.
type Company struct {
	Name           inbox.Text
	Phone          string
	Email          string
	ComplaintEmail string
	Address        inbox.Text
	PhoneHours     sla.Hours
	PromiseChat    inbox.Text
	PromisePhone   inbox.Text
	PromiseEmail   inbox.Text
}

// EntryKind is what an entry is.
type EntryKind string

// The kinds of entry.
const (
	Question EntryKind = "question"
	Article  EntryKind = "article"
)

// Entry is something published: a question with its answer, or an article.
type Entry struct {
	Kind      EntryKind
	Ref       string // the id of a question, the slug of an article
	Title     string
	Summary   string // plain text, a line or two; may be empty in a single entry
	Body      string // Markdown; may be empty in lists
	Category  string
	Language  string
	UpdatedAt time.Time
}

// Path is where the entry is read.
func (e Entry) Path() string {
	if e.Kind == Article {
		return "/help/" + url.PathEscape(e.Ref)
	}
	return "/faq/" + url.PathEscape(e.Ref)
}

// Category groups entries.
type Category struct {
	Name  string
	Count int
	Top   []Entry // the most read, at most five
}

// Query asks for entries.
type Query struct {
	Language string
	Category string // all of them when empty
	Words    string // everything when empty
	Page     int    // from 1
	Size     int
}

// Listing is one page of what a Query found.
type Listing struct {
	Entries []Entry
	Total   int
}

// Answer is what the assistant says.
type Answer struct {
	Action  string // "answer", "choose" or "hand_over"
	Text    string // Markdown
	Choices []conversation.Choice
	Sources []conversation.Source
}
