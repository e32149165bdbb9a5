package workforce

import (
	"context"
	"strings"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/certificate"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/shift"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Certified is a certificate with whose it is and how far its end is.
type Certified struct {
	certificate.Certificate
	AgentName string `json:"agent_name"`
	State     string `json:"state" enum:"valid,month,week,expired"`
}

var stepNames = map[certificate.Step]string{certificate.Far: "valid", certificate.Month: "month", certificate.Week: "week", certificate.Expired: "expired"}

// Certificates returns what an agent is trained for: the actor's own, or those
// of somebody on a roster that the actor makes.
func (w *Workforce) Certificates(ctx context.Context, by agent.Actor, of agent.ID) (all []Certified, err error) {
	defer fault.Wrap(&err, "certificates of %s", of)
	if err := by.Need(agent.RosterRead); err != nil {
		return nil, err
	}
	err = w.DB.View(ctx, func(tx *store.Tx) error {
		m, err := w.trained(ctx, tx, by, of)
		if err != nil {
			return err
		}
		zone, err := w.zone(ctx, tx)
		if err != nil {
			return err
		}
		cs, err := tx.CertificatesOf(ctx, of)
		all = certified(cs, shift.DayOf(w.Now(), zone), map[agent.ID]store.CrewMember{of: m})
		return err
	})
	return all, err
}

// trained is whose certificates the actor may see.
func (w *Workforce) trained(ctx context.Context, tx *store.Tx, by agent.Actor, of agent.ID) (store.CrewMember, error) {
	crew, _, err := tx.Crew(ctx, store.CrewList{By: by, Only: of, Limit: 1})
	switch {
	case err != nil:
		return store.CrewMember{}, err
	case len(crew) == 0 || of != by.Agent && !by.May(agent.RosterManage):
		return store.CrewMember{}, errCrew
	}
	return crew[0], nil
}

func certified(cs []certificate.Certificate, today string, crew map[agent.ID]store.CrewMember) []Certified {
	all := []Certified{}
	for _, c := range cs {
		if m, ok := crew[c.Agent]; ok {
			all = append(all, Certified{c, m.Name, stepNames[c.Step(today)]})
		}
	}
	return all
}

// expiringDays is how far ahead the list of what runs out looks.
const expiringDays = 30

// Expiring returns the certificates that run out within 30 days or have run
// out, of the people whose roster the actor makes.
func (w *Workforce) Expiring(ctx context.Context, by agent.Actor) (all []Certified, err error) {
	defer fault.Wrap(&err, "certificates that run out")
	if err := by.Need(agent.RosterManage); err != nil {
		return nil, err
	}
	err = w.DB.View(ctx, func(tx *store.Tx) error {
		zone, err := w.zone(ctx, tx)
		if err != nil {
			return err
		}
		crew, err := w.reach(ctx, tx, by, agent.TeamID(0))
		if err != nil {
			return err
		}
		today := shift.DayOf(w.Now(), zone)
		cs, err := tx.ExpiringCertificates(ctx, shift.After(today, expiringDays))
		all = certified(cs, today, crew)
		return err
	})
	return all, err
}

// CertificateDraft is what a supervisor enters.
type CertificateDraft struct {
	Agent   agent.ID                  `json:"agent_id"`
	Kind    certificate.Kind          `json:"kind" enum:"certificate,training"`
	Name    string                    `json:"name"`
	Issuer  string                    `json:"issuer,omitempty"`
	Number  string                    `json:"number,omitempty"`
	Issued  string                    `json:"issued_on"`
	Expires string                    `json:"expires_on,omitempty"`
	Note    string                    `json:"note,omitempty"`
	File    conversation.AttachmentID `json:"file_id,omitzero" doc:"from POST /certificate-files; absent: the file stays as it is"`
	Version int64                     `json:"version,omitempty"`
}

func (d CertificateDraft) apply(c certificate.Certificate) certificate.Certificate {
	if c.Expires != d.Expires {
		c.Warned = certificate.Far // renewed: its new end is told anew
	}
	c.Kind, c.Name, c.Issuer, c.Number = d.Kind, strings.TrimSpace(d.Name), strings.TrimSpace(d.Issuer), strings.TrimSpace(d.Number)
	c.Issued, c.Expires, c.Note = d.Issued, d.Expires, d.Note
	if !d.File.IsZero() {
		c.File, c.HasFile = d.File, true
	}
	return c
}

// AddCertificate enters a certificate of an agent.
func (w *Workforce) AddCertificate(ctx context.Context, by agent.Actor, d CertificateDraft) (c Certified, err error) {
	defer fault.Wrap(&err, "add a certificate")
	return w.writeCertificate(ctx, by, "certificate.create", func(tx *store.Tx) (certificate.Certificate, error) {
		made := d.apply(certificate.Certificate{ID: certificate.NewID(w.Now()), Agent: d.Agent, Version: 1})
		if err := w.mayKeep(ctx, tx, by, made, d.File); err != nil {
			return made, err
		}
		return made, tx.InsertCertificate(ctx, made)
	})
}

// ChangeCertificate changes one; whose it is stays.
func (w *Workforce) ChangeCertificate(ctx context.Context, by agent.Actor, i certificate.ID, d CertificateDraft) (c Certified, err error) {
	defer fault.Wrap(&err, "change certificate %s", i)
	return w.writeCertificate(ctx, by, "certificate.change", func(tx *store.Tx) (certificate.Certificate, error) {
		was, err := tx.Certificate(ctx, i)
		if err != nil {
			return was, err
		}
		now := d.apply(was)
		if d.Version != 0 {
			now.Version = d.Version
		}
		if err := w.mayKeep(ctx, tx, by, now, d.File); err != nil {
			return now, err
		}
		return tx.SaveCertificate(ctx, now)
	})
}

// RemoveCertificate deletes one that was entered by mistake. It is a Conflict
// while a skill is held by it.
func (w *Workforce) RemoveCertificate(ctx context.Context, by agent.Actor, i certificate.ID) (err error) {
	defer fault.Wrap(&err, "remove certificate %s", i)
	_, err = w.writeCertificate(ctx, by, "certificate.delete", func(tx *store.Tx) (certificate.Certificate, error) {
		c, err := tx.Certificate(ctx, i)
		if err != nil {
			return c, err
		}
		if _, err := w.trained(ctx, tx, by, c.Agent); err != nil {
			return c, err
		}
		switch n, err := tx.SkillsByCertificate(ctx, i); {
		case err != nil:
			return c, err
		case n > 0:
			return c, fault.New(fault.Conflict, "certificate.used", "a skill is held by this certificate; take it from the agent's skill first")
		}
		return c, tx.DeleteCertificate(ctx, i)
	})
	return err
}

func (w *Workforce) writeCertificate(ctx context.Context, by agent.Actor, action string, f func(tx *store.Tx) (certificate.Certificate, error)) (out Certified, err error) {
	if err := by.Need(agent.RosterManage); err != nil {
		return out, err
	}
	err = w.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := f(tx)
		if err != nil {
			return err
		}
		m, err := w.trained(ctx, tx, by, c.Agent)
		if err != nil {
			return err
		}
		zone, err := w.zone(ctx, tx)
		if err != nil {
			return err
		}
		out = Certified{c, m.Name, stepNames[c.Step(shift.DayOf(w.Now(), zone))]}
		if err := tx.WantSkillCheck(ctx, w.Now()); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, w.Now(), action, audit.Of("certificate", c.ID, c.Name), map[string]any{"agent": m.Name, "expires_on": c.Expires}))
	})
	return out, err
}

// mayKeep checks a certificate before it is written: the agent is one whose
// roster the actor makes, and a new file is one that the actor uploaded for it.
func (w *Workforce) mayKeep(ctx context.Context, tx *store.Tx, by agent.Actor, c certificate.Certificate, file conversation.AttachmentID) error {
	if _, err := w.trained(ctx, tx, by, c.Agent); err != nil {
		return err
	}
	if err := c.Check(); err != nil {
		return err
	}
	if file.IsZero() {
		return nil
	}
	f, err := tx.File(ctx, file)
	if err != nil {
		return err
	}
	if f.Uploader != by.Agent.String() || f.Scan == "infected" {
		return fault.New(fault.NotFound, "file.unknown", "there is no such %s", "file").In("file_id")
	}
	return nil
}

// AttachToCertificate keeps a file for a certificate to come.
func (w *Workforce) AttachToCertificate(ctx context.Context, by agent.Actor, u channel.Upload) (conversation.Attachment, error) {
	return w.Desk.AttachToRecord(ctx, by, agent.RosterManage, u)
}

// CertificateFile opens the file of a certificate, for whose it is and for who
// makes their roster. The caller closes it.
func (w *Workforce) CertificateFile(ctx context.Context, by agent.Actor, i certificate.ID) (channel.File, error) {
	if err := by.Need(agent.RosterRead); err != nil {
		return channel.File{}, err
	}
	tx := w.DB.Now()
	c, err := tx.Certificate(ctx, i)
	if err != nil {
		return channel.File{}, err
	}
	if _, err := w.trained(ctx, tx, by, c.Agent); err != nil {
		return channel.File{}, err
	}
	if c.File.IsZero() {
		return channel.File{}, fault.New(fault.NotFound, "file.unknown", "there is no such %s", "file")
	}
	return w.Desk.File(ctx, c.File, false)
}

// warnBatch is how many certificates one transaction tells of.
const warnBatch = 100

// WarnCertificates tells agents and their supervisors of certificates that run
// out: 30 days before, a week before, and when they have. Each is told once,
// also when a later step has come meanwhile.
func (w *Workforce) WarnCertificates(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "warn of certificates")
	for _, step := range certificate.Steps() {
		for n := warnBatch; n == warnBatch; {
			if err := w.DB.Update(ctx, func(tx *store.Tx) error {
				zone, err := w.zone(ctx, tx)
				if err != nil {
					return err
				}
				cs, err := tx.CertificatesToWarn(ctx, shift.DayOf(w.Now(), zone), step, warnBatch)
				n = len(cs)
				if err != nil {
					return err
				}
				for _, c := range cs {
					if err := w.warn(ctx, tx, c, step); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Workforce) warn(ctx context.Context, tx *store.Tx, c certificate.Certificate, step certificate.Step) error {
	if err := tx.MarkWarned(ctx, c.ID, step); err != nil {
		return err
	}
	a, known, err := tx.Actor(ctx, c.Agent)
	if err != nil || !known {
		return err // who has left needs no certificate
	}
	leads, err := w.leads(ctx, tx, c.Agent)
	if err != nil {
		return err
	}
	kind := "certificate"
	if step == certificate.Expired {
		kind = "certificate.expired"
	}
	told := map[agent.ID]bool{}
	for _, to := range append([]agent.ID{c.Agent}, leads...) {
		if told[to] {
			continue
		}
		told[to] = true
		if err := w.tell(ctx, tx, to, kind, a.Name+" · "+c.Name+" · "+c.Expires, a.Name); err != nil {
			return err
		}
	}
	return nil
}
