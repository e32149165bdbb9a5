package reward

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
)

// Account is a pot of the ledger: its kind, and whose it is where there are
// several.
type Account struct {
	Kind AccountKind `json:"kind"`
	Of   string      `json:"of,omitzero"` // the name of a budget, the id of a contact
}

// String writes the account as it is stored: budget:2026, points:ct_….
func (a Account) String() string {
	if a.Of == "" {
		return string(a.Kind)
	}
	return string(a.Kind) + ":" + a.Of
}

// ParseAccount reads what String wrote.
func ParseAccount(s string) (Account, error) {
	kind, of, _ := strings.Cut(s, ":")
	if _, ok := kinds[AccountKind(kind)]; !ok {
		return Account{}, fault.New(fault.Invalid, "ledger.account", "there is no account %q", s)
	}
	return Account{Kind: AccountKind(kind), Of: of}, nil
}

// AccountKind is what an account holds.
type AccountKind string

// The kinds of account.
const (
	Funding        AccountKind = "funding" // where budgets come from; below zero by what was given out
	Budget         AccountKind = "budget"  // what may still be spent, in fen; never below zero
	Owed           AccountKind = "owed"    // set aside for payments on their way, in fen; never below zero
	Spent          AccountKind = "spent"   // what has gone, in fen; never below zero
	CustomerPoints AccountKind = "points"  // what a customer has, in points; never below zero
	Liability      AccountKind = "issued"  // the other side of customers' points; below zero by what they hold
)

// Unit is what an account counts in.
type Unit string

// The units.
const (
	Fen   Unit = "fen"
	Point Unit = "point"
)

// kinds says what each kind of account counts in and whether it may be below
// zero.
var kinds = map[AccountKind]struct {
	unit     Unit
	negative bool
}{
	Funding: {Fen, true}, Budget: {Fen, false}, Owed: {Fen, false}, Spent: {Fen, false},
	CustomerPoints: {Point, false}, Liability: {Point, true},
}

// Unit returns what the account counts in.
func (a Account) Unit() Unit { return kinds[a.Kind].unit }

// MayBeNegative reports whether the account may stand below zero.
func (a Account) MayBeNegative() bool { return kinds[a.Kind].negative }

// Line is one change of one account.
type Line struct {
	Account   Account   `json:"account"`
	Delta     int64     `json:"delta"`
	ExpiresAt time.Time `json:"expires_at,omitzero"` // when points that came in fall back
	Lot       string    `json:"lot,omitzero"`        // the key of the entry that is taken from, when points expire
}

// Posting is lines that are written together under one key. In each unit they
// add up to zero: what one account loses another gets.
type Posting struct {
	Key    string    `json:"key"`
	At     time.Time `json:"at"`
	Source Source    `json:"source"`
	Note   string    `json:"note"`
	Lines  []Line    `json:"lines"`
}

// Entry is one line as the ledger keeps it. Entries are only ever added.
type Entry struct {
	ID      EntryID   `json:"id"`
	At      time.Time `json:"at"`
	Key     string    `json:"key"`     // unique: the posting's key and the number of the line
	Posting string    `json:"posting"` // the posting's key
	Line
	Source Source `json:"source"`
	Note   string `json:"note"`
}

// Post returns the entries that a posting adds. was are the entries that stand
// under its key already, balance what an account holds. The same posting again
// adds nothing; another one under the same key is a Conflict, as is one that
// would take more than an account has.
func Post(was []Entry, balance func(Account) int64, p Posting) ([]Entry, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if len(was) > 0 {
		if !sameLines(was, p) {
			return nil, fault.New(fault.Conflict, "ledger.key", "something else was entered under the key %q", p.Key)
		}
		return nil, nil
	}
	after := map[Account]int64{}
	entries := make([]Entry, len(p.Lines))
	for i, l := range p.Lines {
		if _, ok := after[l.Account]; !ok {
			after[l.Account] = balance(l.Account)
		}
		after[l.Account] += l.Delta
		entries[i] = Entry{ID: NewEntryID(p.At), At: p.At, Key: p.lineKey(i), Posting: p.Key, Line: l, Source: p.Source, Note: p.Note}
	}
	for _, l := range p.Lines {
		if after[l.Account] < 0 && !l.Account.MayBeNegative() {
			return nil, short(l.Account, after[l.Account]-delta(p.Lines, l.Account))
		}
	}
	return entries, nil
}

func delta(lines []Line, a Account) int64 {
	var sum int64
	for _, l := range lines {
		if l.Account == a {
			sum += l.Delta
		}
	}
	return sum
}

func short(a Account, has int64) error {
	switch a.Kind {
	case Budget:
		return fault.New(fault.Conflict, "ledger.budget", "the budget %s has only %s left", a.Of, Money(has).String())
	case CustomerPoints:
		return fault.New(fault.Conflict, "ledger.points", "the customer has only %d points", has)
	default:
		return fault.New(fault.Conflict, "ledger.short", "the account %s holds only %d", a.String(), has)
	}
}

func (p Posting) lineKey(i int) string { return p.Key + "/" + strconv.Itoa(i+1) }

// sameLines reports whether the entries are what the posting would write. When
// it was written and what the note says does not count: a repetition comes
// later.
func sameLines(was []Entry, p Posting) bool {
	was = slices.Clone(was)
	slices.SortFunc(was, func(a, b Entry) int { return cmp.Or(cmp.Compare(len(a.Key), len(b.Key)), cmp.Compare(a.Key, b.Key)) })
	return slices.EqualFunc(was, p.Lines, func(e Entry, l Line) bool {
		return e.Account == l.Account && e.Delta == l.Delta && e.Lot == l.Lot && e.ExpiresAt.Equal(l.ExpiresAt)
	}) && was[0].Source == p.Source
}

// maxLines bounds a posting: the lines of one fact, not of a month.
const maxLines = 100

// Check says what is wrong with a posting by itself. One without lines is
// fine: it writes nothing.
func (p Posting) Check() error {
	if p.Key == "" {
		return fault.New(fault.Invalid, "ledger.no_key", "a posting has a key of its own")
	}
	sums := map[Unit]int64{}
	for _, l := range p.Lines {
		if _, ok := kinds[l.Account.Kind]; !ok {
			return fault.New(fault.Invalid, "ledger.account", "there is no account %q", l.Account.String())
		}
		if l.Delta == 0 || l.Delta > maxDelta || l.Delta < -maxDelta || len(p.Lines) > maxLines {
			return fault.New(fault.Invalid, "ledger.line", "a posting has at most %d lines, none of them zero or beyond all measure", maxLines)
		}
		sums[l.Account.Unit()] += l.Delta
	}
	for _, sum := range sums {
		if sum != 0 {
			return fault.New(fault.Invalid, "ledger.unbalanced", "the lines of a posting add up to zero, not to %d", sum)
		}
	}
	return nil
}

// maxDelta keeps sums far from the end of 64 bits.
const maxDelta = int64(1) << 50

// Balance returns what the entries leave in an account.
func Balance(entries []Entry, a Account) int64 {
	var sum int64
	for _, e := range entries {
		if e.Account == a {
			sum += e.Delta
		}
	}
	return sum
}

// Sum returns what all entries add up to in each unit: zero, or the ledger is
// broken (R130).
func Sum(entries []Entry) map[Unit]int64 {
	sums := map[Unit]int64{}
	for _, e := range entries {
		sums[e.Account.Unit()] += e.Delta
	}
	return sums
}

// Ledger is a ledger in memory.
type Ledger []Entry

// Post returns the ledger with a posting.
func (l Ledger) Post(p Posting) (Ledger, error) {
	var was []Entry
	for _, e := range l {
		if e.Posting == p.Key {
			was = append(was, e)
		}
	}
	add, err := Post(was, func(a Account) int64 { return Balance(l, a) }, p)
	if err != nil {
		return l, err
	}
	return append(slices.Clone(l), add...), nil
}

// Fund returns the lines that put money into a budget, or take it out again
// when the amount is negative.
func Fund(budget string, amount Money) []Line {
	return []Line{{Account: Account{Kind: Funding}, Delta: -int64(amount)}, {Account: Account{Kind: Budget, Of: budget}, Delta: int64(amount)}}
}

// payer is the account that pays: a budget, or the company where none is kept.
func payer(budget string) Account {
	if budget == "" {
		return Account{Kind: Funding}
	}
	return Account{Kind: Budget, Of: budget}
}

// PointsOf returns the account of a customer's points.
func PointsOf(c contact.ID) Account { return Account{Kind: CustomerPoints, Of: c.String()} }

func grantPoints(c contact.ID, points int64, until time.Time) []Line {
	return []Line{{Account: Account{Kind: Liability}, Delta: -points}, {Account: PointsOf(c), Delta: points, ExpiresAt: until}}
}

// SpendPoints returns the lines by which a customer spends points.
func SpendPoints(c contact.ID, points int64) []Line {
	return []Line{{Account: PointsOf(c), Delta: -points}, {Account: Account{Kind: Liability}, Delta: points}}
}
