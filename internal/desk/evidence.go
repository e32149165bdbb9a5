package desk

import (
	"context"
	"slices"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// AttachToCase keeps a file that an agent uploads for a case: a scan of a
// letter, a picture, a recording. It becomes evidence with AddEvidence, or with
// the case that is handed in.
func (d *Desk) AttachToCase(ctx context.Context, by agent.Actor, u channel.Upload) (conversation.Attachment, error) {
	if err := by.Need(agent.CaseEdit); err != nil {
		return conversation.Attachment{}, err
	}
	return d.attach(ctx, by.Agent.String(), 0, u)
}

// AddEvidence adds files of the actor to the evidence of a case. Evidence is
// never taken out.
func (d *Desk) AddEvidence(ctx context.Context, by agent.Actor, i ticket.ID, files []conversation.AttachmentID) (ticket.Case, error) {
	return d.work(ctx, by, i, "evidence", func(tx *store.Tx, c ticket.Case, _ ticket.Handling) (ticket.Case, []ticket.Entry, error) {
		return d.prove(ctx, tx, c, actorOf(by), by.Agent.String(), files)
	})
}

// prove adds files that somebody uploaded to the evidence of a case.
func (d *Desk) prove(ctx context.Context, tx *store.Tx, c ticket.Case, by ticket.Actor, uploader string, files []conversation.AttachmentID) (ticket.Case, []ticket.Entry, error) {
	if len(files) == 0 {
		return c, nil, fault.New(fault.Invalid, "evidence.none", "choose at least one file").In("files")
	}
	if len(files) > ticket.MaxEvidence {
		return c, nil, fault.New(fault.Invalid, "evidence.count", "choose 1 to %d files", ticket.MaxEvidence).In("files")
	}
	as, err := d.files(ctx, tx, uploader, files)
	if err != nil {
		return c, nil, err
	}
	var es []ticket.Entry
	for _, a := range as {
		e, err := d.exhibit(ctx, tx, c, by, a)
		if err != nil {
			return c, nil, err
		}
		es = append(es, e)
	}
	return c, es, nil
}

// exhibit adds a file to the chain of evidence, and its receipt to the chain of
// custody. The line of history keeps the chain's last seal, so that a chain
// that was made anew is found out.
func (d *Desk) exhibit(ctx context.Context, tx *store.Tx, c ticket.Case, by ticket.Actor, a conversation.Attachment) (ticket.Entry, error) {
	have, err := tx.Evidence(ctx, c.ID)
	if err != nil {
		return ticket.Entry{}, err
	}
	who := by
	if who.Name == "" {
		who.Name = string(by.Who)
	}
	es, line, err := c.AddEvidence(who, chain(have), ticket.Evidence{SHA256: a.SHA256, Name: a.Name, Type: a.Type, Size: a.Size}, d.Now())
	if err != nil {
		return line, err
	}
	line.Text = a.Name
	added := es[len(es)-1]
	if err := tx.AddCaseFile(ctx, c.ID, a.ID); err != nil {
		return line, err
	}
	if err := tx.AddEvidence(ctx, c.ID, len(es), store.Exhibit{Evidence: added, File: a.ID}); err != nil {
		return line, err
	}
	return line, d.hold(ctx, tx, c.ID, ticket.Custody{Evidence: added.Seal, At: d.Now(), By: who.Name, Act: ticket.CustodyReceived})
}

// sealed is the last seal of the evidence, as the history has it.
func sealed(history []ticket.Entry) string {
	for _, h := range slices.Backward(history) {
		for _, f := range h.Fields {
			if h.Act == ticket.AddEvidence && f.Field == "evidence" {
				return f.New
			}
		}
	}
	return ""
}

func chain(have []store.Exhibit) ticket.Evidences {
	es := make(ticket.Evidences, 0, len(have))
	for _, e := range have {
		es = append(es, e.Evidence)
	}
	return es
}

// hold adds a line to the chain of custody of a case.
func (d *Desk) hold(ctx context.Context, tx *store.Tx, i ticket.ID, line ticket.Custody) error {
	have, err := tx.Custody(ctx, i)
	if err != nil {
		return err
	}
	all, err := have.Add(line)
	if err != nil {
		return err
	}
	return tx.AddCustody(ctx, i, len(all), all[len(all)-1])
}

// HoldEvidence records what was done with a piece of evidence: viewed,
// exported, passed on, checked. seal names the piece.
func (d *Desk) HoldEvidence(ctx context.Context, by agent.Actor, i ticket.ID, seal string, act ticket.CustodyAct, note string) error {
	if err := by.Need(agent.CaseEdit); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := seenCase(ctx, tx, by, i)
		if err != nil {
			return err
		}
		have, err := tx.Evidence(ctx, i)
		if err != nil {
			return err
		}
		for _, e := range have {
			if e.Seal != seal {
				continue
			}
			if err := d.hold(ctx, tx, i, ticket.Custody{Evidence: seal, At: d.Now(), By: by.Name, Act: act, Note: note}); err != nil {
				return err
			}
			return tx.Audit(ctx, audit.By(by, d.Now(), "evidence."+string(act), audit.Of("case", c.ID, c.Number), map[string]any{"file": e.Name}))
		}
		return fault.New(fault.NotFound, "evidence.unknown", "there is no such piece of evidence in this case")
	})
}
