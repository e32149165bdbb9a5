package reward

import (
	"slices"
	"time"
)

// lot is points that came in together and what is left of them.
type lot struct {
	key     string
	left    int64
	expires time.Time
}

// lots reads the entries of one account, oldest first, and returns what is
// left of each arrival. Points are spent in the order in which they expire,
// those that never do last; points that had expired by then come after those
// that had not.
func lots(entries []Entry, of Account) []lot {
	var ls []lot
	for _, e := range entries {
		switch {
		case e.Account != of:
		case e.Delta > 0:
			ls = append(ls, lot{key: e.Key, left: e.Delta, expires: e.ExpiresAt})
		case e.Lot != "":
			if i := slices.IndexFunc(ls, func(l lot) bool { return l.key == e.Lot }); i >= 0 {
				ls[i].left += e.Delta
			}
		default:
			spend(ls, -e.Delta, e.At)
		}
	}
	return ls
}

func spend(ls []lot, points int64, at time.Time) {
	order := make([]int, len(ls))
	for i := range ls {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return ls[i].before(ls[j], at) })
	for _, i := range order {
		take := min(points, max(0, ls[i].left))
		ls[i].left -= take
		points -= take
	}
}

func (l lot) before(o lot, at time.Time) int {
	if a, b := l.rank(at), o.rank(at); a != b {
		return a - b
	}
	return l.expires.Compare(o.expires)
}

func (l lot) rank(at time.Time) int {
	switch {
	case l.expires.IsZero():
		return 1
	case l.gone(at):
		return 2
	}
	return 0
}

func (l lot) gone(now time.Time) bool { return !l.expires.IsZero() && !now.Before(l.expires) }

// Expiries returns the postings for a customer's points whose time has come,
// oldest first: one for each arrival of which something is left. Posting them
// again does nothing.
func Expiries(entries []Entry, of Account, now time.Time) []Posting {
	var ps []Posting
	for _, l := range lots(entries, of) {
		if l.left <= 0 || !l.gone(now) {
			continue
		}
		ps = append(ps, Posting{
			Key: "expire/" + l.key, At: now, Source: Source{Kind: "expiry", ID: l.key}, Note: "expired",
			Lines: []Line{{Account: of, Delta: -l.left, Lot: l.key}, {Account: Account{Kind: Liability}, Delta: l.left}},
		})
	}
	return ps
}

// Spendable returns what a customer can spend now: the balance without what
// has expired and was not yet entered as such.
func Spendable(entries []Entry, of Account, now time.Time) int64 {
	var sum int64
	for _, l := range lots(entries, of) {
		if !l.gone(now) {
			sum += l.left
		}
	}
	return sum
}

// NextExpiry returns when the next points of an account expire; zero if none
// will.
func NextExpiry(entries []Entry, of Account) time.Time {
	var next time.Time
	for _, l := range lots(entries, of) {
		if l.left > 0 && !l.expires.IsZero() && (next.IsZero() || l.expires.Before(next)) {
			next = l.expires
		}
	}
	return next
}
