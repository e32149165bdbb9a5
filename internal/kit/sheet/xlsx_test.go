package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"yingda/internal/kit/sheet"
	"yingda/internal/kit/unpack"
)

// archive packs files, as spreadsheets do.
func archive(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func workbook(t testing.TB, rows, shared string) []byte {
	t.Helper()
	return archive(t, map[string]string{
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="问题" sheetId="1" r:id="rId7"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="styles.xml"/><Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst>` + shared + `</sst>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
	})
}

func TestWorkbook(t *testing.T) {
	t.Parallel()
	file := workbook(t,
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>答案</t></is></c></row>
		<row r="2"><c r="A2"><v></v></c></row>
		<row r="4"><c r="A4" t="s"><v>1</v></c><c r="C4"><v>42</v></c><c r="D4" t="b"><v>1</v></c><c r="E4" t="s"><v>99</v></c><c r="ZZZ4"><v>far</v></c></row>`,
		`<si><t>问题</t></si><si><r><t>怎么</t></r><r><t>退款</t></r><rPh><t>zenme</t></rPh></si>`)
	rows, err := sheet.ReadXLSX(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []sheet.Row{{Line: 1, Cells: []string{"问题", "答案"}}, {Line: 4, Cells: []string{"怎么退款", "", "42", "TRUE"}}}
	if !slices.EqualFunc(rows, want, func(a, b sheet.Row) bool { return a.Line == b.Line && slices.Equal(a.Cells, b.Cells) }) {
		t.Errorf("%+v", rows)
	}
}

func TestWorkbooksThatAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := sheet.ReadXLSX([]byte("no archive")); !errors.Is(err, unpack.ErrBroken) {
		t.Errorf("no archive: %v", err)
	}
	bomb := workbook(t, "", "<si><t>"+strings.Repeat("0", 30<<20)+"</t></si>")
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	if _, err := sheet.ReadXLSX(bomb); !errors.Is(err, unpack.ErrLarge) {
		t.Errorf("a bomb: %v", err)
	}
	var rows strings.Builder
	for i := range 100_002 {
		fmt.Fprintf(&rows, `<row r="%d"><c><v>1</v></c></row>`, i+1)
	}
	if _, err := sheet.ReadXLSX(workbook(t, rows.String(), "")); !errors.Is(err, sheet.ErrRows) {
		t.Errorf("too many rows: %v", err)
	}
}

func FuzzWorkbook(f *testing.F) {
	f.Add(`<row r="1"><c r="A1"><v>1</v></c></row>`, `<si><t>x</t></si>`)
	f.Fuzz(func(t *testing.T, rows, shared string) {
		got, err := sheet.ReadXLSX(workbook(t, rows, shared))
		for _, r := range got {
			if err != nil || len(r.Cells) == 0 || len(r.Cells) > 100 {
				t.Fatalf("%+v, %v", r, err)
			}
		}
	})
}
