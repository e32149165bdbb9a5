package docx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"testing"

	"yingda/internal/kit/docx"
	"yingda/internal/kit/unpack"
)

func document(t testing.TB, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"word/document.xml":  `<w:document xmlns:w="w"><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml":    `<w:styles xmlns:w="w"><w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="2"><w:name w:val="标题二"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style></w:styles>`,
		"word/numbering.xml": `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0"><w:lvl><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="6"><w:abstractNumId w:val="1"/></w:num></w:numbering>`,
	} {
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

func TestDocument(t *testing.T) {
	t.Parallel()
	para := func(props, text string) string {
		return `<w:p><w:pPr>` + props + `</w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	list := func(n, level string) string {
		return `<w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + n + `"/></w:numPr>`
	}
	d, err := docx.Read(document(t, para(`<w:pStyle w:val="a1"/>`, "召回说明")+
		`<w:p><w:r><w:t>第一段，</w:t></w:r><w:del><w:r><w:delText>删掉的</w:delText></w:r></w:del><w:ins><w:r><w:t>加上的。</w:t></w:r></w:ins></w:p>`+
		para(`<w:pStyle w:val="2"/>`, "步骤")+para(list("5", "0"), "打开 App")+para(list("5", "0"), "选择车辆")+para(list("6", "1"), "细节")+
		`<w:p><w:r><w:drawing><w:t>图里的字</w:t></w:drawing></w:r></w:p>`+
		`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>项</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>值</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>a|b</w:t></w:r></w:p><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`+
		para("", "最后。")))
	want := "# 召回说明\n\n第一段，加上的。\n\n## 步骤\n\n1. 打开 App\n1. 选择车辆\n   - 细节\n\n| 项 | 值 |\n|---|---|\n| a\\|b c |  |\n\n最后。\n"
	if err != nil || d.Markdown != want || d.Pictures != 1 {
		t.Errorf("%v, %d pictures\n%s\nwant\n%s", err, d.Pictures, d.Markdown, want)
	}
	if _, err := docx.Read([]byte("PK no document")); !errors.Is(err, unpack.ErrBroken) {
		t.Errorf("no document: %v", err)
	}
}

func FuzzDocument(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>x</w:t></w:r></w:p>`)
	f.Add(`<w:tbl><w:tr><w:tc></w:tc></w:tr></w:tbl></w:tbl><w:tc>`)
	f.Fuzz(func(t *testing.T, body string) {
		_, _ = docx.Read(document(t, body)) // it does not fall over
	})
}
