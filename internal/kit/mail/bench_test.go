package mail_test

import (
	"testing"

	"yingda/internal/kit/mail"
	"yingda/internal/kit/mail/mailtest"
)

func BenchmarkParse(b *testing.B) {
	for _, m := range mailtest.Ordinary() {
		b.Run(m.Name, func(b *testing.B) {
			b.SetBytes(int64(len(m.Raw)))
			b.ReportAllocs()
			for b.Loop() {
				mail.Parse(m.Raw, mail.Options{})
			}
		})
	}
}
