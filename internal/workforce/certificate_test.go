package workforce_test

import (
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/certificate"
	"yingda/internal/kit/blob"
	"yingda/internal/store"
	"yingda/internal/workforce"
)

func TestCertificates(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		files, err := blob.OpenDir(h.t.TempDir())
		h.must(err)
		h.Desk.Files = files
		draft := workforce.CertificateDraft{Agent: h.lin.Agent, Kind: certificate.Paper, Name: "低压电工证", Issuer: "应急管理局", Issued: "2023-12-10", Expires: "2026-12-10"}
		_, err = h.AddCertificate(ctx, h.lin, draft)
		h.code(err, "permission.missing")
		bad := draft
		bad.Expires = "2020-01-01"
		_, err = h.AddCertificate(ctx, h.wang, bad)
		h.code(err, "certificate.expires")

		// The file is the uploader's own, and whose certificate it is may open it.
		_, err = h.AttachToCertificate(ctx, h.lin, channel.Upload{Name: "证书.txt", Body: strings.NewReader("证书"), Limit: 1 << 20})
		h.code(err, "permission.missing")
		file, err := h.AttachToCertificate(ctx, h.wang, channel.Upload{Name: "证书.txt", Body: strings.NewReader("证书"), Limit: 1 << 20})
		h.must(err)
		draft.File = file.ID
		c, err := h.AddCertificate(ctx, h.wang, draft)
		h.must(err)
		if c.State != "month" || c.AgentName != "林" || !c.HasFile {
			h.t.Errorf("added %+v", c)
		}
		f, err := h.CertificateFile(ctx, h.lin, c.ID)
		h.must(err)
		h.must(f.Body.Close())
		_, err = h.CertificateFile(ctx, h.zhao, c.ID)
		h.code(err, "roster.agent")
		_, err = h.Certificates(ctx, h.zhao, h.lin.Agent)
		h.code(err, "roster.agent")
		own, err := h.Certificates(ctx, h.lin, h.lin.Agent)
		h.must(err)
		if len(own) != 1 {
			h.t.Errorf("林 has %+v", own)
		}

		// A file that belongs to a certificate is not swept away.
		h.clock.Turn(3 * 24 * time.Hour)
		h.must(h.Desk.SweepFiles(ctx))
		f, err = h.CertificateFile(ctx, h.lin, c.ID)
		h.must(err)
		h.must(f.Body.Close())

		// Each step is told once, to the agent and to the supervisor.
		h.must(h.WarnCertificates(ctx))
		h.must(h.WarnCertificates(ctx))
		if l, w := h.told(h.lin), h.told(h.wang); len(l) != 1 || len(w) != 1 || l[0].Kind != "certificate" || !strings.Contains(w[0].Text, "林 · 低压电工证 · 2026-12-10") {
			h.t.Errorf("told %+v, %+v", l, w)
		}
		h.clock.Turn(16 * 24 * time.Hour) // 11 December: the week before has passed unnoticed
		h.must(h.WarnCertificates(ctx))
		h.must(h.WarnCertificates(ctx))
		if l := h.told(h.lin); len(l) != 2 || l[0].Kind != "certificate.expired" {
			h.t.Errorf("after it ended: %+v", l)
		}
		gone, err := h.DB.Now().ExpiredCertificates(ctx, "2026-12-11")
		h.must(err)
		none, err := h.DB.Now().ExpiredCertificates(ctx, "2026-12-10")
		h.must(err)
		if len(gone) != 1 || gone[0].Agent != h.lin.Agent || len(none) != 0 {
			h.t.Errorf("expired: %+v, on its last day %+v", gone, none)
		}
		list, err := h.Expiring(ctx, h.wang)
		h.must(err)
		if len(list) != 1 || list[0].State != "expired" {
			h.t.Errorf("runs out: %+v", list)
		}

		// Renewed, it is told anew when its time comes.
		draft.File, draft.Expires, draft.Version = 0, "2026-12-20", c.Version
		renewed, err := h.ChangeCertificate(ctx, h.wang, c.ID, draft)
		h.must(err)
		if renewed.State != "month" || !renewed.HasFile {
			h.t.Errorf("renewed %+v", renewed)
		}
		_, err = h.ChangeCertificate(ctx, h.wang, c.ID, draft)
		h.code(err, "store.changed")
		h.must(h.WarnCertificates(ctx))
		if l := h.told(h.lin); len(l) != 3 || l[0].Kind != "certificate" {
			h.t.Errorf("after the renewal: %+v", l)
		}
		skills := func(s ...agent.Skilled) {
			h.must(h.DB.Update(ctx, func(tx *store.Tx) error { return tx.SetSkills(ctx, h.lin.Agent, s) }))
		}
		skills(agent.Skilled{Skill: 1, Level: 3, Certificate: c.ID})
		h.code(h.RemoveCertificate(ctx, h.wang, c.ID), "certificate.used")
		skills()
		h.must(h.RemoveCertificate(ctx, h.wang, c.ID))
		list, err = h.Expiring(ctx, h.wang)
		h.must(err)
		if len(list) != 0 {
			h.t.Errorf("removed, and there is %+v", list)
		}
	})
}

// A file that somebody else uploaded is not to be had by naming its number.
func TestCertificateTakesNoStrangersFile(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		files, err := blob.OpenDir(h.t.TempDir())
		h.must(err)
		h.Desk.Files = files
		_, i := h.ask()
		theirs, err := h.Desk.AttachFor(ctx, h.lin, i, channel.Upload{Name: "a.txt", Body: strings.NewReader("secret"), Limit: 1 << 20})
		h.must(err)
		_, err = h.AddCertificate(ctx, h.wang, workforce.CertificateDraft{Agent: h.zhao.Agent, Kind: certificate.Training, Name: "x", Issued: "2026-01-01", File: theirs.ID})
		h.code(err, "file.unknown")
		h.must(h.DB.View(ctx, func(tx *store.Tx) error {
			cs, err := tx.CertificatesOf(ctx, h.zhao.Agent)
			if len(cs) != 0 {
				h.t.Errorf("%+v", cs)
			}
			return err
		}))
	})
}
