package desk_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
)

func (h *house) importer() agent.Actor {
	return h.admin(agent.ContactImport, agent.ContactRead, agent.ContactReveal)
}

func (h *house) withFiles() {
	h.t.Helper()
	h.files = h.t.TempDir()
	dir, err := blob.OpenDir(h.files)
	h.must(err)
	h.Files = dir
}

// tables counts the tables that are kept.
func (h *house) tables() (n int) {
	h.t.Helper()
	h.must(filepath.WalkDir(h.files, func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".csv") {
			n++
		}
		return err
	}))
	return n
}

// A table in GB18030 with semicolons: recognised, matched, checked row by row,
// taken in by a job; what was not taken in is written down with why.
func TestImport(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, by := h.t.Context(), h.importer()
		h.withFiles()
		known := h.called("张伟", "13800001111", "", "你好")
		text := "姓名;手机号;邮箱;标签;会员等级\r\n" +
			"王芳;139 0000 2222;wang@example.cn;VIP，车队;金卡\r\n" +
			"张先生;+86 13800001111;;;\r\n" +
			"错误;not a phone;nobody;;\r\n" +
			";;;;\r\n" +
			"=HYPERLINK(1);13700003333;;;铂金\r\n"
		gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
		h.must(err)
		_, err = h.PutContactField(ctx, h.admin(agent.ContactFields), contact.Field{
			Code: "tier", Name: inboxText("会员等级", "Tier"), Kind: contact.ChoiceField, Sight: contact.SeenByAll,
			Choices: []contact.FieldChoice{{Code: "gold", Name: inboxText("金卡", "Gold")}},
		})
		h.must(err)
		_, err = h.UploadImport(ctx, h.lin, "客户.csv", strings.NewReader(gb))
		h.code(err, "permission.missing")
		_, err = h.UploadImport(ctx, by, "空.csv", strings.NewReader(""))
		h.code(err, "import.no_rows")
		up, err := h.UploadImport(ctx, by, "客户.csv", strings.NewReader(gb))
		h.must(err)
		if up.Encoding != "gb18030" || up.Comma != ";" || up.Rows != 5 || strings.Join(up.Map, " ") != "name phone email tags attribute.tier" || len(up.Sample) != 4 {
			h.t.Fatalf("read as %+v", up)
		}
		_, _, err = h.MapImport(ctx, by, up.ID, []string{"", "", "", "tags", ""}, contact.SkipDuplicates)
		h.code(err, "import.nobody")
		_, check, err := h.MapImport(ctx, by, up.ID, up.Map, contact.AskDuplicates)
		h.must(err)
		if check.Good != 2 || check.Bad != 3 || len(check.Faults) != 3 || len(check.Faults[0].Faults) != 2 || check.Faults[0].Line != 4 || check.Faults[0].Faults[0].Code != "contact.phone" {
			h.t.Errorf("checked %+v", check)
		}
		_, err = h.StartImport(ctx, by, up.ID)
		h.must(err)
		_, err = h.StartImport(ctx, by, up.ID)
		h.code(err, "import.begun")
		h.run()
		im, err := h.Import(ctx, by, up.ID)
		h.must(err)
		if im.State != contact.ImportAsking || im.Added != 1 || im.Refused != 3 || im.Asked != 1 || im.Looked != 5 {
			h.t.Fatalf("taken in %+v", im)
		}
		_, rows, err := h.LeftRows(ctx, by, up.ID, 0, 10)
		h.must(err)
		if len(rows) != 4 || rows[0].Outcome != contact.RowAsked || rows[0].Known != known.Contact || rows[0].Line != 3 {
			h.t.Errorf("left %+v", rows)
		}
		_, err = h.AnswerImport(ctx, by, up.ID, contact.UpdateDuplicates)
		h.must(err)
		h.run()
		im, err = h.Import(ctx, by, up.ID)
		h.must(err)
		if im.State != contact.ImportDone || im.Updated != 1 || im.Asked != 0 {
			h.t.Errorf("answered %+v", im)
		}
		p, err := h.Contacts(ctx, h.lin, desk.ContactList{Tag: "车队"})
		h.must(err)
		if len(p.Items) != 1 || p.Items[0].Name != "王芳" || p.Items[0].Attributes["tier"] != "gold" || !p.Items[0].LastSeenAt.IsZero() {
			h.t.Errorf("taken in %+v", p.Items)
		}
		c, err := h.DB.Now().Contact(ctx, known.Contact)
		h.must(err)
		if c.Name != "张先生" {
			h.t.Errorf("updated %+v", c)
		}
		_, err = h.CancelImport(ctx, by, up.ID)
		h.code(err, "import.over")

		// The table is gone with the end, the rows that were left after a month.
		if n := h.tables(); n != 0 {
			h.t.Errorf("%d tables are kept", n)
		}
		_, err = h.ExportLeft(ctx, by, up.ID)
		h.must(err)
		h.clock.Turn(contact.ImportKept - time.Minute)
		h.run()
		_, rows, err = h.LeftRows(ctx, by, up.ID, 0, 10)
		h.must(err)
		if len(rows) != 3 {
			h.t.Errorf("%d rows are kept", len(rows))
		}
		h.clock.Turn(time.Minute)
		h.run()
		im, rows, err = h.LeftRows(ctx, by, up.ID, 0, 10)
		h.must(err)
		if len(rows) != 0 || im.LostAt.IsZero() || im.Refused != 3 {
			h.t.Errorf("after a month %+v, %d rows", im, len(rows))
		}
		_, err = h.ExportLeft(ctx, by, up.ID)
		h.code(err, "import.lost")
		if n := len(h.audited("contact_import.export")); n != 1 {
			h.t.Errorf("%d exports are recorded", n)
		}
	})
}

// A table with which nobody goes on is not kept for ever.
func TestAnImportIsLeft(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, by := h.t.Context(), h.importer()
		h.withFiles()
		up, err := h.UploadImport(ctx, by, "客户.csv", strings.NewReader("name,phone\n张伟,13800001111\n"))
		h.must(err)
		h.clock.Turn(contact.ImportKept - time.Minute)
		h.run()
		_, check, err := h.MapImport(ctx, by, up.ID, up.Map, contact.SkipDuplicates)
		h.must(err)
		if check.Good != 1 {
			h.t.Errorf("checked %+v", check)
		}
		h.clock.Turn(time.Minute)
		h.run()
		im, err := h.Import(ctx, by, up.ID)
		h.must(err)
		if n := h.tables(); im.State != contact.ImportCancelled || im.LostAt.IsZero() || n != 0 {
			h.t.Errorf("a month later %+v, %d tables", im, n)
		}
	})
}

// Many rows go in by parts; a part that is done twice takes no row twice, and
// one can stop.
func TestImportOfManyRows(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, by := h.t.Context(), h.importer()
		h.withFiles()
		const rows = 333
		table := func(from int) string {
			var b strings.Builder
			b.WriteString("name,phone\n")
			for i := range rows {
				fmt.Fprintf(&b, "客户 %d,1380%07d\n", i, from+i)
			}
			return b.String()
		}
		begin := func(from int) contact.Import {
			up, err := h.UploadImport(ctx, by, "many.csv", strings.NewReader(table(from)))
			h.must(err)
			_, _, err = h.MapImport(ctx, by, up.ID, up.Map, contact.SkipDuplicates)
			h.must(err)
			im, err := h.StartImport(ctx, by, up.ID)
			h.must(err)
			return im
		}
		first := begin(0)
		h.run()
		im, err := h.Import(ctx, by, first.ID)
		h.must(err)
		if im.State != contact.ImportDone || im.Added != rows {
			h.t.Errorf("taken in %+v", im)
		}
		second := begin(rows - 33)
		h.run()
		if im, err = h.Import(ctx, by, second.ID); err != nil || im.Skipped != 33 || im.Added != rows-33 {
			h.t.Errorf("the second: %+v, %v", im, err)
		}
		third := begin(10 * rows)
		_, err = h.CancelImport(ctx, by, third.ID)
		h.must(err)
		h.run()
		if im, err = h.Import(ctx, by, third.ID); err != nil || im.State != contact.ImportCancelled || im.Looked != 0 {
			h.t.Errorf("the third: %+v, %v", im, err)
		}
		list, err := h.Imports(ctx, by, "", 2)
		h.must(err)
		if len(list.Items) != 2 || list.Next == "" || list.Items[0].ID != third.ID {
			h.t.Errorf("imports %+v", list)
		}
		n := 0
		h.must(h.EachContact(ctx, by, "", func(_ contact.Fields, c contact.Contact) error {
			if n++; !strings.Contains(c.Phone, "****") {
				return fault.New(fault.Invalid, "test", "%s is not masked", c.Phone)
			}
			return nil
		}))
		if n != 2*rows-33 {
			h.t.Errorf("exported %d", n)
		}
		h.code(h.EachContact(ctx, h.admin(agent.ContactImport), "年检", nil), "permission.missing")
		if es := h.audited("contact.export"); len(es) != 1 || es[0].Detail["masked"] != true {
			h.t.Errorf("audited %+v", es)
		}
	})
}
