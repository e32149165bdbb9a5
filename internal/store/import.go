package store

import (
	"context"
	"encoding/json"
	"fmt"

	"yingda/internal/domain/contact"
	"yingda/internal/store/sqlcgen"
)

// keptImport is an import in its column, with where its file is.
type keptImport struct {
	contact.Import
	Blob string `json:"blob"`
}

// AddImport writes an import down.
func (tx *Tx) AddImport(ctx context.Context, im contact.Import) error {
	body, err := json.Marshal(keptImport{im, im.Blob})
	if err != nil {
		return err
	}
	return tx.InsertImport(ctx, sqlcgen.InsertImportParams{ID: im.ID, State: string(im.State), At: ms(im.At), AgentID: im.Agent, ByName: im.By, Body: string(body)})
}

// Import returns an import by id. In a transaction that may change it, nobody
// else changes it until the end.
func (tx *Tx) Import(ctx context.Context, i contact.ImportID) (contact.Import, error) {
	if err := tx.lock(ctx, "contact_imports", int64(i)); err != nil {
		return contact.Import{}, err
	}
	r, err := tx.ImportRow(ctx, i)
	if err != nil {
		return contact.Import{}, notFound(err, "import.unknown", "import")
	}
	return importOf(r)
}

// ListImports returns imports before one, the newest first.
func (tx *Tx) ListImports(ctx context.Context, before contact.ImportID, most int) ([]contact.Import, error) {
	if before.IsZero() {
		before = maxID
	}
	rows, err := tx.Imports(ctx, sqlcgen.ImportsParams{Before: before, Most: int64(most)})
	ims := make([]contact.Import, 0, len(rows))
	for _, r := range rows {
		im, err := importOf(r)
		if err != nil {
			return nil, err
		}
		ims = append(ims, im)
	}
	return ims, err
}

func importOf(r sqlcgen.ContactImport) (contact.Import, error) {
	var k keptImport
	if err := json.Unmarshal([]byte(r.Body), &k); err != nil {
		return k.Import, fmt.Errorf("import %s: %w", r.ID, err)
	}
	k.Import.Blob, k.Version = k.Blob, r.Version
	return k.Import, nil
}

// ChangeImport writes an import back. It is a Conflict if someone else wrote it
// since.
func (tx *Tx) ChangeImport(ctx context.Context, im contact.Import) error {
	body, err := json.Marshal(keptImport{im, im.Blob})
	if err != nil {
		return err
	}
	return changed(tx.SaveImport(ctx, sqlcgen.SaveImportParams{State: string(im.State), Body: string(body), ID: im.ID, Version: im.Version}))
}

// LeaveRow writes down a row that an import did not take in.
func (tx *Tx) LeaveRow(ctx context.Context, i contact.ImportID, l contact.Left) error {
	body, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return tx.PutImportRow(ctx, sqlcgen.PutImportRowParams{ImportID: i, Line: int64(l.Line), Outcome: string(l.Outcome), Body: string(body)})
}

// LeftRows returns rows that an import did not take in, after a line.
func (tx *Tx) LeftRows(ctx context.Context, i contact.ImportID, after, most int) ([]contact.Left, error) {
	return leftOf(tx.ImportRows(ctx, sqlcgen.ImportRowsParams{ImportID: i, After: int64(after), Most: int64(most)}))
}

// RowsAsked returns rows of an import that wait for an answer, the first ones.
func (tx *Tx) RowsAsked(ctx context.Context, i contact.ImportID, most int) ([]contact.Left, error) {
	return leftOf(tx.AskedRows(ctx, sqlcgen.AskedRowsParams{ImportID: i, Most: int64(most)}))
}

func leftOf(rows []sqlcgen.ContactImportRow, err error) ([]contact.Left, error) {
	ls := make([]contact.Left, 0, len(rows))
	for _, r := range rows {
		var l contact.Left
		if err := json.Unmarshal([]byte(r.Body), &l); err != nil {
			return nil, fmt.Errorf("line %d of import %s: %w", r.Line, r.ImportID, err)
		}
		ls = append(ls, l)
	}
	return ls, err
}

// DropRow forgets a row that was taken in after all.
func (tx *Tx) DropRow(ctx context.Context, i contact.ImportID, line int) error {
	return tx.DeleteImportRow(ctx, sqlcgen.DeleteImportRowParams{ImportID: i, Line: int64(line)})
}
