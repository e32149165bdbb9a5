package desk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/sheet"
	"yingda/internal/store"
)

// Uploaded is a table as it was just read.
type Uploaded struct {
	contact.Import
	Sample [][]string
}

const (
	sampleRows  = 5
	previewRows = 100 // with something wrong
)

// UploadImport keeps a table of customers to take in: how it is written, which
// columns it has, and which field each of them most likely fills.
func (d *Desk) UploadImport(ctx context.Context, by agent.Actor, name string, r io.Reader) (up Uploaded, err error) {
	defer fault.Wrap(&err, "upload %s", name)
	if err := by.Need(agent.ContactImport); err != nil {
		return up, err
	}
	im := contact.Import{ID: contact.NewImportID(d.Now()), State: contact.ImportDraft, Name: clip(name, 200), On: contact.SkipDuplicates, At: d.Now(), Agent: by.Agent, By: by.Name}
	im.Blob = "imports/" + im.ID.String() + ".csv"
	stat, err := d.Files.Put(ctx, im.Blob, io.LimitReader(r, contact.MaxImportSize+1))
	if err != nil {
		return up, err
	}
	if stat.Size > contact.MaxImportSize {
		return up, errors.Join(fault.New(fault.Invalid, "import.large", "the file is larger than %d MB", contact.MaxImportSize>>20), d.Files.Delete(ctx, im.Blob))
	}
	if up, err = d.readTable(ctx, im); err != nil {
		return up, errors.Join(err, d.Files.Delete(ctx, im.Blob))
	}
	return up, d.DB.Update(ctx, func(tx *store.Tx) error {
		fs, err := tx.Fields(ctx)
		if err != nil {
			return err
		}
		up.Map = contact.GuessMap(up.Columns, fs)
		if err := tx.AddImport(ctx, up.Import); err != nil {
			return err
		}
		up.Version = 1
		if err := d.wantForgotten(ctx, tx, up.Import, up.At.Add(contact.ImportKept)); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "contact_import.upload", audit.Of("contact_import", up.ID, up.Name), map[string]any{"rows": up.Rows}))
	})
}

// readTable reads a table once: its form, its columns, a sample, how many rows.
func (d *Desk) readTable(ctx context.Context, im contact.Import) (Uploaded, error) {
	up := Uploaded{Import: im, Sample: [][]string{}}
	f, err := d.Files.Open(ctx, im.Blob)
	if err != nil {
		return up, err
	}
	defer func() { _ = f.Close() }() // it was only read
	head := make([]byte, sheet.SniffBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return up, err
	}
	form := sheet.Sniff(head[:n])
	up.Encoding, up.Comma = form.Encoding, form.Comma
	rows := sheet.NewReader(io.MultiReader(bytes.NewReader(head[:n]), f), form)
	columns, empty, err := rows.Next()
	if err != nil || empty {
		return up, fault.New(fault.Invalid, "import.no_rows", "the file holds no table; the first row names the columns").Because(err)
	}
	if up.Columns = slices.Clone(columns); len(columns) > contact.MaxColumns {
		return up, fault.New(fault.Invalid, "import.columns", "the table has more than %d columns", contact.MaxColumns)
	}
	for {
		cells, empty, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return up, nil
		}
		if err != nil {
			return up, fault.New(fault.Invalid, "import.broken", "row %d cannot be read; save the table as CSV again", up.Rows+2).Because(err)
		}
		if !empty && len(up.Sample) < sampleRows {
			up.Sample = append(up.Sample, slices.Clone(cells))
		}
		if up.Rows++; up.Rows > contact.MaxImportRows {
			return up, fault.New(fault.Invalid, "import.many", "the table has more than %d rows", contact.MaxImportRows)
		}
	}
}

// Imports returns a page of imports, the newest first.
func (d *Desk) Imports(ctx context.Context, by agent.Actor, cursor string, limit int) (p Page[contact.Import], err error) {
	if err := by.Need(agent.ContactImport); err != nil {
		return p, err
	}
	var before contact.ImportID
	if cursor != "" {
		if before, err = readPlace[contact.ImportID](cursor); err != nil {
			return p, err
		}
	}
	limit = limited100(limit)
	p.Items, err = d.DB.Now().ListImports(ctx, before, limit+1)
	if len(p.Items) > limit {
		p.Items = p.Items[:limit]
		p.Next = store.WriteCursor(int64(p.Items[limit-1].ID))
	}
	return p, err
}

// Import returns an import.
func (d *Desk) Import(ctx context.Context, by agent.Actor, i contact.ImportID) (contact.Import, error) {
	if err := by.Need(agent.ContactImport); err != nil {
		return contact.Import{}, err
	}
	return d.DB.Now().Import(ctx, i)
}

// ImportCheck is what taking a table in would come to.
type ImportCheck struct {
	Rows   int            `json:"rows"`
	Good   int            `json:"good"`
	Bad    int            `json:"bad"`
	Faults []contact.Left `json:"faults"` // the first ones
}

// MapImport says which column fills which field and what becomes of customers
// who are known already, and returns what is wrong with which row.
func (d *Desk) MapImport(ctx context.Context, by agent.Actor, i contact.ImportID, to []string, on contact.OnDuplicate) (im contact.Import, check ImportCheck, err error) {
	if err := by.Need(agent.ContactImport); err != nil {
		return im, check, err
	}
	var fs contact.Fields
	if err := d.DB.Update(ctx, func(tx *store.Tx) error {
		if im, err = tx.Import(ctx, i); err != nil {
			return err
		}
		if im.State != contact.ImportDraft {
			return errImportBegun
		}
		if fs, err = tx.Fields(ctx); err != nil {
			return err
		}
		im.Map, im.On = to, on
		if err := im.CheckMap(by, fs); err != nil {
			return err
		}
		if err := tx.ChangeImport(ctx, im); err != nil {
			return err
		}
		im.Version++
		return nil
	}); err != nil {
		return im, check, err
	}
	check.Faults = []contact.Left{}
	err = d.eachRow(ctx, im, 0, func(line int, cells []string) error {
		check.Rows++
		if _, faults := im.Read(by, fs, cells); len(faults) == 0 {
			check.Good++
		} else if check.Bad++; len(check.Faults) < previewRows {
			check.Faults = append(check.Faults, contact.Left{Line: line, Outcome: contact.RowRefused, Cells: slices.Clone(cells), Faults: faults})
		}
		return nil
	})
	return im, check, err
}

var errImportBegun = fault.New(fault.Conflict, "import.begun", "this import has begun already")

// errEnough ends reading a table.
var errEnough = errors.New("enough rows")

// eachRow reads the rows of a table after the first so many. Line is as a
// spreadsheet counts.
func (d *Desk) eachRow(ctx context.Context, im contact.Import, skip int, f func(line int, cells []string) error) error {
	file, err := d.Files.Open(ctx, im.Blob)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	rows := sheet.NewReader(file, sheet.Form{Encoding: im.Encoding, Comma: im.Comma})
	if _, _, err := rows.Next(); err != nil {
		return err
	}
	for n := 1; ; n++ {
		cells, empty, err := rows.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case n <= skip:
			continue
		case empty:
			cells = nil
		}
		if err := f(n+1, cells); errors.Is(err, errEnough) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// StartImport begins to take a table in, as a job.
func (d *Desk) StartImport(ctx context.Context, by agent.Actor, i contact.ImportID) (contact.Import, error) {
	return d.changeImport(ctx, by, i, "contact_import.start", func(tx *store.Tx, im contact.Import) (contact.Import, error) {
		if im.State != contact.ImportDraft {
			return im, errImportBegun
		}
		fs, err := tx.Fields(ctx)
		if err != nil {
			return im, err
		}
		if err := im.CheckMap(by, fs); err != nil {
			return im, err
		}
		im.State = contact.ImportRunning
		return im, d.wantImport(ctx, tx, im)
	})
}

// CancelImport stops an import. What was taken in stays.
func (d *Desk) CancelImport(ctx context.Context, by agent.Actor, i contact.ImportID) (contact.Import, error) {
	return d.changeImport(ctx, by, i, "contact_import.cancel", func(tx *store.Tx, im contact.Import) (contact.Import, error) {
		if im.State.Ended() {
			return im, fault.New(fault.Conflict, "import.over", "this import is over already")
		}
		im.State, im.EndedAt = contact.ImportCancelled, d.Now()
		return im, d.wantForgotten(ctx, tx, im, d.Now())
	})
}

// AnswerImport says what becomes of all rows about somebody who is known and
// for whom an answer was asked: skip or update.
func (d *Desk) AnswerImport(ctx context.Context, by agent.Actor, i contact.ImportID, on contact.OnDuplicate) (contact.Import, error) {
	return d.changeImport(ctx, by, i, "contact_import.answer", func(tx *store.Tx, im contact.Import) (contact.Import, error) {
		if im.State != contact.ImportAsking {
			return im, fault.New(fault.Conflict, "import.not_asking", "this import does not wait for an answer")
		}
		if on != contact.SkipDuplicates && on != contact.UpdateDuplicates {
			return im, fault.New(fault.Invalid, "import.on", "what becomes of known customers is skip, update or ask").In("body.answer")
		}
		im.State, im.On = contact.ImportRunning, on
		return im, d.wantImport(ctx, tx, im)
	})
}

func (d *Desk) wantImport(ctx context.Context, tx *store.Tx, im contact.Import) error {
	return tx.Enqueue(ctx, ImportJob, ImportWork{im.ID}, d.Now(), d.Now())
}

func (d *Desk) changeImport(ctx context.Context, by agent.Actor, i contact.ImportID, action string, change func(*store.Tx, contact.Import) (contact.Import, error)) (im contact.Import, err error) {
	defer fault.Wrap(&err, "%s %s", action, i)
	if err := by.Need(agent.ContactImport); err != nil {
		return im, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if im, err = tx.Import(ctx, i); err != nil {
			return err
		}
		if im, err = change(tx, im); err != nil {
			return err
		}
		if err := tx.ChangeImport(ctx, im); err != nil {
			return err
		}
		im.Version++
		return tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("contact_import", im.ID, im.Name), map[string]any{"on": string(im.On)}))
	})
	return im, err
}

// ImportWork is the payload of ImportJob.
type ImportWork struct {
	Import contact.ImportID `json:"import"`
}

const (
	importBatch = 50    // rows in one transaction: others write between
	importRun   = 5_000 // rows in one run of the job
)

// TakeIn does a part of an import, and leaves a job for the next part. Rows and
// progress are one commit, so that doing it again takes no row twice.
func (d *Desk) TakeIn(ctx context.Context, w ImportWork) error {
	im, err := d.DB.Now().Import(ctx, w.Import)
	if err != nil || im.State != contact.ImportRunning {
		return err
	}
	if im.Looked >= im.Rows {
		return d.takeAnswered(ctx, im)
	}
	batch := make([]numbered, 0, importBatch)
	looked := im.Looked
	err = d.eachRow(ctx, im, im.Looked, func(line int, cells []string) error {
		batch = append(batch, numbered{line, slices.Clone(cells)})
		if len(batch) < importBatch {
			return nil
		}
		goes, err := d.takeBatch(ctx, im.ID, looked, batch)
		if looked += len(batch); err != nil {
			return err
		}
		if batch = batch[:0]; !goes || looked-im.Looked >= importRun {
			return errEnough
		}
		return nil
	})
	if err == nil && len(batch) > 0 {
		_, err = d.takeBatch(ctx, im.ID, looked, batch)
	}
	if err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		im, err := tx.Import(ctx, w.Import)
		if err != nil || im.State != contact.ImportRunning {
			return err
		}
		if im.Looked < im.Rows {
			return d.wantImport(ctx, tx, im)
		}
		return d.endImport(ctx, tx, im)
	})
}

func (d *Desk) endImport(ctx context.Context, tx *store.Tx, im contact.Import) error {
	if im.State = contact.ImportDone; im.Asked > 0 {
		im.State = contact.ImportAsking
	} else {
		im.EndedAt = d.Now()
	}
	if err := tx.ChangeImport(ctx, im); err != nil || im.State != contact.ImportDone {
		return err
	}
	if err := d.wantForgotten(ctx, tx, im, d.Now()); err != nil {
		return err
	}
	return tx.Audit(ctx, audit.BySystem(d.Now(), "contact_import.done", audit.Of("contact_import", im.ID, im.Name), map[string]any{
		"added": im.Added, "updated": im.Updated, "skipped": im.Skipped, "refused": im.Refused,
	}))
}

func (d *Desk) wantForgotten(ctx context.Context, tx *store.Tx, im contact.Import, at time.Time) error {
	return tx.Enqueue(ctx, ForgetImportJob, ImportWork{im.ID}, at, d.Now())
}

// ForgetImport does ForgetImportJob: the table of an import that is over goes
// at once, the rows that it left a while later. One that nobody went on with
// for as long is cancelled.
func (d *Desk) ForgetImport(ctx context.Context, w ImportWork) error {
	var im contact.Import
	if err := d.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if im, err = tx.Import(ctx, w.Import); err != nil || !im.LostAt.IsZero() {
			return err
		}
		switch now := d.Now(); {
		case im.State == contact.ImportRunning:
			return d.wantForgotten(ctx, tx, im, now.Add(24*time.Hour))
		case !im.State.Ended():
			im.State, im.EndedAt, im.LostAt = contact.ImportCancelled, now, now
		case now.Before(im.EndedAt.Add(contact.ImportKept)):
			return d.wantForgotten(ctx, tx, im, im.EndedAt.Add(contact.ImportKept))
		default:
			im.LostAt = now
		}
		if err := tx.DropRows(ctx, im.ID); err != nil {
			return err
		}
		return tx.ChangeImport(ctx, im)
	}); err != nil || !im.State.Ended() {
		return err
	}
	return d.Files.Delete(ctx, im.Blob)
}

type numbered struct {
	line  int
	cells []string
}

// importer is who imported, as far as what they may see of fields goes: an
// import goes on when they have gone home.
func importer(im contact.Import) agent.Actor {
	return agent.Actor{Agent: im.Agent, Name: im.By, Permissions: []agent.Permission{agent.ContactEdit, agent.ContactRestricted}}
}

// takeBatch takes rows in that follow the first so many. It is false if the
// import does not run any more, or somebody took them in already.
func (d *Desk) takeBatch(ctx context.Context, i contact.ImportID, after int, rows []numbered) (goes bool, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		im, err := tx.Import(ctx, i)
		if err != nil {
			return err
		}
		if goes = im.State == contact.ImportRunning && im.Looked == after; !goes {
			return nil
		}
		fs, err := tx.Fields(ctx)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if im, err = d.takeRow(ctx, tx, im, fs, r); err != nil {
				return err
			}
		}
		im.Looked += len(rows)
		return tx.ChangeImport(ctx, im)
	})
	return goes, err
}

func (d *Desk) takeRow(ctx context.Context, tx *store.Tx, im contact.Import, fs contact.Fields, n numbered) (contact.Import, error) {
	row, faults := im.Read(importer(im), fs, n.cells)
	left := contact.Left{Line: n.line, Outcome: contact.RowRefused, Cells: n.cells, Faults: faults}
	if len(faults) > 0 {
		im.Refused++
		return im, tx.LeaveRow(ctx, im.ID, left)
	}
	known, have, err := knownBy(ctx, tx, row)
	switch {
	case err != nil:
		return im, err
	case have && im.On == contact.SkipDuplicates:
		im.Skipped++
		return im, nil
	case have && im.On == contact.AskDuplicates:
		im.Asked++
		left.Outcome, left.Known, left.Name, left.Faults = contact.RowAsked, known.ID, known.Name, []contact.CellFault{}
		return im, tx.LeaveRow(ctx, im.ID, left)
	}
	was := known
	if !have {
		was.ID = contact.NewID(d.Now())
		was.Person, was.CreatedAt = was.ID, d.Now()
	}
	c, err := row.Apply(was)
	if err != nil {
		im.Refused++
		left.Faults = []contact.CellFault{contact.RowFault(err)}
		return im, tx.LeaveRow(ctx, im.ID, left)
	}
	if !have {
		im.Added++
		err = tx.InsertContact(ctx, c)
	} else {
		im.Updated++
		err = d.updateFrom(ctx, tx, im, was, c)
	}
	if err != nil || row.Note == "" {
		return im, err
	}
	return im, tx.AddNote(ctx, contact.Note{ID: contact.NewNoteID(d.Now()), Contact: c.ID, Agent: im.Agent, By: im.By, Text: row.Note, At: d.Now()})
}

// knownBy returns whom a row is about if they are known: by an id, a number or
// an address, in this order.
func knownBy(ctx context.Context, tx *store.Tx, row contact.Row) (contact.Contact, bool, error) {
	ids := row.Identities()
	slices.SortStableFunc(ids, func(a, b contact.Known) int { return importance(a) - importance(b) })
	for _, k := range ids {
		people, err := tx.KnownBy(ctx, k.Kind, k.Shown, 1)
		if err != nil {
			return contact.Contact{}, false, err
		}
		if len(people) > 0 {
			c, err := tx.Contact(ctx, people[0])
			return c, err == nil, err
		}
	}
	return contact.Contact{}, false, nil
}

func importance(k contact.Known) int {
	return slices.Index([]contact.IdentityKind{contact.ByExternal, contact.ByPhone, contact.ByEmail}, k.Kind)
}

func (d *Desk) updateFrom(ctx context.Context, tx *store.Tx, im contact.Import, was, c contact.Contact) error {
	if c.ExternalID != was.ExternalID {
		_, taken, err := tx.ContactByExternalID(ctx, c.ExternalID)
		if err != nil {
			return err
		}
		if taken { // by a contact that is the same person
			c.ExternalID = was.ExternalID
		}
	}
	if err := tx.SaveContact(ctx, was, c); err != nil {
		return err
	}
	return tx.Audit(ctx, audit.By(importer(im), d.Now(), "contact.change", audit.Of("contact", c.ID, c.Name), map[string]any{"import": im.ID.String()}))
}

// takeAnswered takes in the rows that waited for an answer, batch by batch.
func (d *Desk) takeAnswered(ctx context.Context, im contact.Import) error {
	for {
		more := false
		err := d.DB.Update(ctx, func(tx *store.Tx) error {
			now, err := tx.Import(ctx, im.ID)
			if err != nil || now.State != contact.ImportRunning {
				return err
			}
			asked, err := tx.RowsAsked(ctx, now.ID, importBatch)
			if err != nil {
				return err
			}
			if len(asked) == 0 {
				now.Asked = 0
				return d.endImport(ctx, tx, now)
			}
			fs, err := tx.Fields(ctx)
			if err != nil {
				return err
			}
			for _, l := range asked {
				if err := tx.DropRow(ctx, now.ID, l.Line); err != nil {
					return err
				}
				now.Asked--
				if now, err = d.takeRow(ctx, tx, now, fs, numbered{l.Line, l.Cells}); err != nil {
					return err
				}
			}
			more = true
			return tx.ChangeImport(ctx, now)
		})
		if err != nil || !more {
			return err
		}
	}
}

// ExportLeft returns an import whose left rows are to leave the house as a
// table, and records it.
func (d *Desk) ExportLeft(ctx context.Context, by agent.Actor, i contact.ImportID) (im contact.Import, err error) {
	if err := by.Need(agent.ContactImport); err != nil {
		return im, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if im, err = tx.Import(ctx, i); err != nil {
			return err
		}
		if !im.LostAt.IsZero() {
			return fault.New(fault.Conflict, "import.lost", "the rows were kept for 30 days and are forgotten now; take the file in again")
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "contact_import.export", audit.Of("contact_import", im.ID, im.Name), nil))
	})
	return im, err
}

// LeftRows returns rows that an import did not take in, after a line: refused
// ones with what is wrong with them, and those that wait for an answer.
func (d *Desk) LeftRows(ctx context.Context, by agent.Actor, i contact.ImportID, after, limit int) (im contact.Import, rows []contact.Left, err error) {
	if err := by.Need(agent.ContactImport); err != nil {
		return im, nil, err
	}
	tx := d.DB.Now()
	if im, err = tx.Import(ctx, i); err != nil {
		return im, nil, err
	}
	rows, err = tx.LeftRows(ctx, i, after, limit)
	return im, rows, err
}

// EachContact gives all people one after the other for an export, those who
// were here last first: masked, or with a reason whole, for those who may
// reveal. The export is recorded.
func (d *Desk) EachContact(ctx context.Context, by agent.Actor, reason string, f func(contact.Fields, contact.Contact) error) (err error) {
	if err := by.Need(agent.ContactImport); err != nil {
		return err
	}
	detail := map[string]any{"masked": reason == ""}
	if reason != "" {
		if err := by.Need(agent.ContactReveal); err != nil {
			return err
		}
		if reason, err = checkReason(reason); err != nil {
			return err
		}
		detail["reason"] = reason
	}
	if err := d.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.Audit(ctx, audit.By(by, d.Now(), "contact.export", audit.Object{Kind: "contact"}, detail))
	}); err != nil {
		return err
	}
	fs, err := d.DB.Now().Fields(ctx)
	if err != nil {
		return err
	}
	const page = 500
	for cursor := ""; ; {
		cs, next, err := d.DB.Now().ListContacts(ctx, nil, nil, cursor, page)
		if err != nil {
			return err
		}
		for _, c := range cs {
			if reason == "" {
				c = c.Masked()
				c.Attributes = fs.Attributes(by, c.Attributes)
			} else if !by.May(agent.ContactRestricted) {
				c.Attributes = withoutRestricted(fs, c.Attributes)
			}
			if err := f(fs, c); err != nil {
				return err
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

func withoutRestricted(fs contact.Fields, all map[string]string) map[string]string {
	shown := map[string]string{}
	for code, v := range all {
		if f, _ := fs.Of(code); f.Sight != contact.SeenByFew {
			shown[code] = v
		}
	}
	return shown
}
