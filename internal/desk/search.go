package desk

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// SearchQuery is what an agent looks for.
type SearchQuery struct {
	Text   string
	Kind   string // message, conversation or contact
	Newest bool   // newest first; otherwise the best first
	Cursor string
	Limit  int
}

// Hit is a thing that was found.
type Hit struct {
	Kind         string                     `json:"kind"`
	Conversation *conversation.Conversation `json:"conversation,omitzero"`
	Message      *conversation.Message      `json:"message,omitzero"`
	Contact      *Card                      `json:"contact,omitzero"`
	Snippet      []retrieve.Piece           `json:"hit"`
}

// Search finds messages, conversations or contacts by words in any order. Only
// what the actor may see is found.
//
// Best first looks at the newest bestOf matches: of a word that stands in more
// messages than that, the old ones are reached by newest first. A Latin word is
// found as it is typed where that fills a page, and as the beginning of longer
// words only where it does not: "refund" need not gather every "refunds" among
// a million messages.
func (d *Desk) Search(ctx context.Context, by agent.Actor, q SearchQuery) (p Page[Hit], err error) {
	defer fault.Wrap(&err, "search")
	p.Items = []Hit{}
	q.Limit = limited100(q.Limit)
	terms := retrieve.QueryTokens(clip(q.Text, maxQuery))
	switch q.Kind {
	case "", "message":
		if err := by.Need(agent.ConversationRead); err != nil || len(terms) == 0 {
			return p, err
		}
		return d.searchMessages(ctx, by, q, terms)
	case "conversation":
		if err := by.Need(agent.ConversationRead); err != nil {
			return p, err
		}
		return d.searchConversations(ctx, by, q, terms)
	case "contact":
		if err := by.Need(agent.ContactRead); err != nil || len(terms) == 0 {
			return p, err
		}
		return d.searchContacts(ctx, by, q, terms)
	}
	return p, fault.New(fault.Invalid, "search.kind", "the kind is message, conversation or contact").In("query.kind")
}

const (
	maxQuery = 200 // bytes of a query that are looked at
	bestOf   = 300 // matches that are weighed for best first
	scanned  = 100 // candidates read at once for newest first
)

func (d *Desk) searchMessages(ctx context.Context, by agent.Actor, q SearchQuery, terms []retrieve.Term) (p Page[Hit], err error) {
	words := retrieve.QueryWords(q.Text)
	p.Items = []Hit{}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		find := best
		if q.Newest {
			find = newest
		}
		found, next, err := asTyped(ctx, tx, by, q, terms, words, find)
		if err != nil {
			return err
		}
		p.Next = next
		p.Items, err = messageHits(ctx, tx, found, words)
		return err
	})
	return p, err
}

// finder returns a page of matches from a place on, and where the next begins;
// zero is the beginning and the end.
type finder func(ctx context.Context, tx *store.Tx, by agent.Actor, q SearchQuery, from int64, terms []retrieve.Term, words []string) (page []store.Found, next int64, err error)

// How the words of a search are taken; it stands in the cursor.
const (
	whole     = 1 // as they are typed
	beginning = 2 // as the beginnings of words
)

// asTyped looks for the words as they are typed, and as beginnings if that does
// not fill the first page.
func asTyped(ctx context.Context, tx *store.Tx, by agent.Actor, q SearchQuery, terms []retrieve.Term, words []string, find finder) (page []store.Found, next string, err error) {
	how, from := int64(whole), int64(0)
	if q.Cursor != "" {
		ns, err := store.ReadCursor(q.Cursor, 2)
		if err != nil {
			return nil, "", err
		}
		how, from = ns[0], ns[1]
	}
	exact, differs := retrieve.Whole(terms)
	if !differs || how == beginning {
		exact, how = terms, beginning
	}
	page, then, err := find(ctx, tx, by, q, from, exact, words)
	if err == nil && how == whole && from == 0 && then == 0 {
		how = beginning
		page, then, err = find(ctx, tx, by, q, 0, terms, words)
	}
	if err != nil || then == 0 {
		return page, "", err
	}
	return page, store.WriteCursor(how, then), nil
}

// newest returns a page of the matches, newest first.
func newest(ctx context.Context, tx *store.Tx, by agent.Actor, q SearchQuery, from int64, terms []retrieve.Term, words []string) (page []store.Found, next int64, err error) {
	before := conversation.MessageID(from)
	for {
		found, err := tx.FindMessages(ctx, by, terms, before, scanned)
		if err != nil {
			return nil, 0, err
		}
		for _, f := range found {
			before = f.ID
			if !retrieve.Holds(f.Text, words) {
				continue
			}
			if len(page) == q.Limit {
				return page, int64(page[len(page)-1].ID), nil
			}
			page = append(page, f)
		}
		if len(found) < scanned {
			return page, 0, nil
		}
	}
}

// best returns a page of the newest matches, the ones that fit best first.
func best(ctx context.Context, tx *store.Tx, by agent.Actor, q SearchQuery, from int64, terms []retrieve.Term, words []string) (page []store.Found, next int64, err error) {
	found, err := tx.FindMessages(ctx, by, terms, 0, bestOf)
	if err != nil {
		return nil, 0, err
	}
	type weighed struct {
		store.Found
		weight float64
	}
	ws := make([]weighed, 0, len(found))
	for i, f := range found {
		if retrieve.Holds(f.Text, words) {
			ws = append(ws, weighed{f, fit(f.Text, words, i)})
		}
	}
	slices.SortStableFunc(ws, func(a, b weighed) int { return cmp.Compare(b.weight, a.weight) })
	for _, w := range ws[min(max(int(from), 0), len(ws)):] {
		if len(page) == q.Limit {
			return page, from + int64(q.Limit), nil
		}
		page = append(page, w.Found)
	}
	return page, 0, nil
}

// fit weighs how well a text answers the words: how often it says them, how
// little else it says, and a little how new it is (the n-th newest match).
func fit(text string, words []string, n int) float64 {
	text = retrieve.Normalise(text)
	w := 0.0
	for _, word := range words {
		tf := float64(strings.Count(text, word))
		w += tf / (tf + 1.2) // BM25's saturation, k1 = 1.2
	}
	const usual = 60.0 // bytes; a message of twenty Chinese characters
	length := float64(len(text))
	return w/(0.4+0.6*math.Sqrt(length/usual)) + 0.15*(1-float64(n)/bestOf)
}

func messageHits(ctx context.Context, tx *store.Tx, found []store.Found, words []string) ([]Hit, error) {
	hits := make([]Hit, 0, len(found))
	for _, f := range found {
		m, err := tx.Message(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		c, err := tx.Conversation(ctx, f.Conversation)
		if err != nil {
			return nil, err
		}
		hits = append(hits, Hit{Kind: "message", Conversation: &c, Message: &m, Snippet: retrieve.Snippet(m.Text, words, snippetRunes)})
	}
	return hits, nil
}

const snippetRunes = 80

// searchConversations finds a conversation by its number, and those of the
// contacts who match.
func (d *Desk) searchConversations(ctx context.Context, by agent.Actor, q SearchQuery, terms []retrieve.Term) (p Page[Hit], err error) {
	p.Items = []Hit{}
	words := retrieve.QueryWords(q.Text)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimPrefix(q.Text, "#")), 10, 64); err == nil {
			c, have, err := tx.ConversationByNumber(ctx, n)
			if err != nil {
				return err
			}
			if have && by.Sees(c.Sight()) {
				p.Items = append(p.Items, Hit{Kind: "conversation", Conversation: &c, Snippet: []retrieve.Piece{{Text: strconv.FormatInt(n, 10), Mark: true}}})
			}
		}
		if len(terms) == 0 {
			return nil
		}
		ids, err := tx.FindContacts(ctx, terms, nil, 0, q.Limit)
		if err != nil {
			return err
		}
		for _, i := range ids {
			cs, err := tx.ConversationsOf(ctx, i, 0, q.Limit)
			if err != nil {
				return err
			}
			for _, c := range cs {
				if by.Sees(c.Sight()) && len(p.Items) < q.Limit {
					p.Items = append(p.Items, Hit{Kind: "conversation", Conversation: &c, Snippet: retrieve.Snippet(c.ContactName, words, snippetRunes)})
				}
			}
		}
		slices.SortStableFunc(p.Items, func(a, b Hit) int { return b.Conversation.LastAt.Compare(a.Conversation.LastAt) })
		return nil
	})
	return p, err
}

func (d *Desk) searchContacts(ctx context.Context, by agent.Actor, q SearchQuery, terms []retrieve.Term) (p Page[Hit], err error) {
	p.Items = []Hit{}
	words := retrieve.QueryWords(q.Text)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		cs, next, err := tx.ListContacts(ctx, terms, nil, q.Cursor, q.Limit)
		if err != nil {
			return err
		}
		cards, err := d.cards(ctx, tx, by, cs)
		for _, c := range cards {
			p.Items = append(p.Items, Hit{Kind: "contact", Contact: &c, Snippet: retrieve.Snippet(c.Name, words, snippetRunes)})
		}
		p.Next = next
		return err
	})
	return p, err
}

// readPlace reads a cursor that holds one number.
func readPlace[T ~int64](cursor string) (T, error) {
	ns, err := store.ReadCursor(cursor, 1)
	if err != nil {
		return 0, err
	}
	return T(ns[0]), nil
}
