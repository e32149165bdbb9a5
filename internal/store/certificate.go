package store

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/certificate"
	"yingda/internal/store/sqlcgen"
)

// Certificate returns a certificate.
func (tx *Tx) Certificate(ctx context.Context, i certificate.ID) (certificate.Certificate, error) {
	r, err := tx.CertificateRow(ctx, i)
	return certificateOf(r), notFound(err, "certificate.unknown", "certificate")
}

// CertificatesOf returns what an agent is trained for.
func (tx *Tx) CertificatesOf(ctx context.Context, a agent.ID) ([]certificate.Certificate, error) {
	rows, err := tx.Queries.CertificatesOf(ctx, a)
	return certificatesOf(rows, err)
}

// ExpiredCertificates returns those that do not hold on a day any more, the
// first to expire first: whoever asks for a skill by certificate takes it from
// who stands here.
func (tx *Tx) ExpiredCertificates(ctx context.Context, today string) ([]certificate.Certificate, error) {
	rows, err := tx.Queries.ExpiredCertificates(ctx, today)
	return certificatesOf(rows, err)
}

// ExpiringCertificates returns those that end on a day or before, those that
// have ended already too, the first to end first.
func (tx *Tx) ExpiringCertificates(ctx context.Context, until string) ([]certificate.Certificate, error) {
	return tx.ExpiredCertificates(ctx, certificate.After(until, 1))
}

// CertificatesToWarn returns those of whose step nobody was told yet.
func (tx *Tx) CertificatesToWarn(ctx context.Context, today string, s certificate.Step, most int) ([]certificate.Certificate, error) {
	rows, err := tx.Queries.CertificatesToWarn(ctx, sqlcgen.CertificatesToWarnParams{Until: certificate.After(today, s.Within()), Step: int64(s), Most: int64(most)})
	return certificatesOf(rows, err)
}

// MarkWarned keeps that somebody was told of a step.
func (tx *Tx) MarkWarned(ctx context.Context, i certificate.ID, s certificate.Step) error {
	return tx.Queries.MarkWarned(ctx, sqlcgen.MarkWarnedParams{Step: int64(s), ID: i})
}

// InsertCertificate adds a certificate.
func (tx *Tx) InsertCertificate(ctx context.Context, c certificate.Certificate) error {
	return tx.Queries.InsertCertificate(ctx, sqlcgen.InsertCertificateParams{
		ID: c.ID, AgentID: c.Agent, Kind: string(c.Kind), Name: c.Name, Issuer: c.Issuer, Number: c.Number, IssuedOn: c.Issued, ExpiresOn: c.Expires,
		AttachmentID: c.File, Note: c.Note,
	})
}

// SaveCertificate writes a certificate back. It is a Conflict if someone else
// wrote it since.
func (tx *Tx) SaveCertificate(ctx context.Context, c certificate.Certificate) (certificate.Certificate, error) {
	err := changed(tx.Queries.SaveCertificate(ctx, sqlcgen.SaveCertificateParams{
		ID: c.ID, Version: c.Version, Kind: string(c.Kind), Name: c.Name, Issuer: c.Issuer, Number: c.Number, IssuedOn: c.Issued, ExpiresOn: c.Expires,
		AttachmentID: c.File, Note: c.Note, Warned: int64(c.Warned),
	}))
	c.Version++
	return c, err
}

func certificateOf(r sqlcgen.Certificate) certificate.Certificate {
	return certificate.Certificate{
		ID: r.ID, Agent: r.AgentID, Kind: certificate.Kind(r.Kind), Name: r.Name, Issuer: r.Issuer, Number: r.Number, Issued: r.IssuedOn, Expires: r.ExpiresOn,
		File: r.AttachmentID, HasFile: !r.AttachmentID.IsZero(), Note: r.Note, Warned: certificate.Step(r.Warned), Version: r.Version,
	}
}

func certificatesOf(rows []sqlcgen.Certificate, err error) ([]certificate.Certificate, error) {
	all := make([]certificate.Certificate, 0, len(rows))
	for _, r := range rows {
		all = append(all, certificateOf(r))
	}
	return all, err
}
