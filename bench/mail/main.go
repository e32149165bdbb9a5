// Mail measures how fast mails are read: ordinary ones, and the slowest of
// those that are made to be slow; or how fast a mailbox is caught up whose mails
// stand on a real server.
//
//	go run ./bench/mail
//	go run ./bench/mail -mailbox 100000
package main

import (
	"flag"
	"slices"
	"time"

	"yingda/bench/internal/rig"
	"yingda/internal/kit/mail"
	"yingda/internal/kit/mail/mailtest"
)

// pace is one line of what is printed.
type pace struct {
	Mail    string  `json:"mail"`
	Bytes   int     `json:"bytes"`
	MB      float64 `json:"mb_per_s"`           // read, with the sums of the files
	Safe    float64 `json:"safe_html_mb_per_s"` // the same, and its HTML made harmless
	Seconds float64 `json:"s_per_mb"`           // of that
}

func main() {
	rig.MaybeServe()
	size := flag.Int("size", 1<<20, "bytes of each of the slow mails")
	least := flag.Duration("time", time.Second, "how long each of the ordinary mails is read")
	worst := flag.Int("worst", 5, "how many of the slowest are printed")
	mailbox := flag.Int("mailbox", 0, "mails of a mailbox on a Dovecot that is caught up, instead of reading")
	each := flag.Int("each", 5000, "bytes of each of them")
	limit := flag.Duration("limit", time.Hour, "how long that may take; what was done until then is printed")
	flag.Parse()
	if *mailbox > 0 {
		rig.Print(catchUp(*mailbox, *each, *limit))
		return
	}
	for _, m := range mailtest.Ordinary() {
		rig.Print(measure(m, *least))
	}
	var slow []pace
	for _, m := range mailtest.Nasty(*size) {
		slow = append(slow, measure(m, 0))
	}
	slices.SortFunc(slow, func(a, b pace) int {
		if a.Seconds > b.Seconds {
			return -1
		}
		return 1
	})
	for _, p := range slow[:min(*worst, len(slow))] {
		rig.Print(p)
	}
}

// measure reads a mail again and again for a time, or thrice. The fastest
// counts: what others take of the machine is left out.
func measure(m mailtest.Mail, least time.Duration) pace {
	best, both := time.Hour, time.Hour
	began := time.Now()
	for n := 0; n < 3 || time.Since(began) < least; n++ {
		at := time.Now()
		read := mail.Parse(m.Raw, mail.Options{})
		for _, a := range read.Attachments {
			a.SHA256()
		}
		best = min(best, time.Since(at))
		mail.SafeHTML(read.HTML, false)
		both = min(both, time.Since(at))
	}
	mb := float64(len(m.Raw)) / (1 << 20)
	return pace{Mail: m.Name, Bytes: len(m.Raw), MB: mb / best.Seconds(), Safe: mb / both.Seconds(), Seconds: both.Seconds() / mb}
}
