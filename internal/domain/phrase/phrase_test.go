package phrase

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		language, code string
		args           []any
		want           string
	}{
		{"zh", "message.attachments", []any{10}, "一条消息最多带 10 个文件"},
		{"zh", "conversation.taken", []any{"林晓"}, "林晓 已接入这个会话"},
		{"zh", "conversation.taken", nil, "会话已被其他客服接入"},
		{"zh", "conversation.state", []any{"closed"}, "会话当前的状态不能进行这个操作，请刷新后再看"},
		{"zh", "nothing.like_this", []any{1}, "in English"},
		{"en", "message.attachments", []any{10}, "in English"},
	} {
		if got := Say(c.language, c.code, c.args, "in English"); got != c.want {
			t.Errorf("Say(%s, %s, %v) is %q, want %q", c.language, c.code, c.args, got, c.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"":                                 "zh",
		"zh-CN,zh;q=0.9,en;q=0.8":          "zh",
		"en-US,en;q=0.9":                   "en",
		"en;q=0.5, zh;q=0.8":               "zh",
		"fr-FR,fr;q=0.9,en;q=0.8,zh;q=0.7": "en",
		"de":                               "en",
		"*":                                "zh",
		"zh;q=0, en;q=0.1":                 "en",
		"zh;q=nonsense,en":                 "en",
		"ZH-Hant-TW":                       "zh",
	} {
		if got := Language(accept); got != want {
			t.Errorf("Language(%q) is %s, want %s", accept, got, want)
		}
	}
}

// Every fault and every reason in the program can be said in Chinese, with the same arguments.
func TestEveryFaultHasChinese(t *testing.T) {
	t.Parallel()
	found := faults(t, "../../..")
	if len(found) < 100 {
		t.Fatalf("only %d faults were found; the test does not read the program any more", len(found))
	}
	for _, f := range found {
		formats := chineseFor(f)
		if len(formats) == 0 {
			t.Errorf("%s: %s has no Chinese text in zh.json: %q", f.at, f.code, f.english)
		}
		for code, format := range formats {
			if problem := compare(f.english, format); problem != "" {
				t.Errorf("%s: %s: %s\n\t%q\n\t%q", f.at, code, problem, f.english, format)
			}
		}
	}
}

// chineseFor returns the texts for a fault by code: one, or several where a
// part of the code is known only when the program runs.
func chineseFor(f found) map[string]string {
	formats := map[string]string{}
	if !strings.Contains(f.code, "*") {
		for _, code := range []string{f.code + "/" + strconv.Itoa(f.args), f.code} {
			if format, ok := chinese[code]; ok {
				formats[code] = format
				break
			}
		}
		return formats
	}
	form := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(f.code), `\*`, "[a-z_]+") + "$")
	for code, format := range chinese {
		if form.MatchString(code) {
			formats[code] = format
		}
	}
	return formats
}

// A text that says the same code twice would hide one of them.
func TestCatalogueHasNoDoubles(t *testing.T) {
	t.Parallel()
	d := json.NewDecoder(strings.NewReader(string(zhJSON)))
	seen := map[string]bool{}
	for i := 0; ; i++ {
		tok, err := d.Token()
		if err != nil {
			break
		}
		if s, ok := tok.(string); ok && i%2 == 1 {
			if seen[s] {
				t.Errorf("%s stands twice in zh.json", s)
			}
			seen[s] = true
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		english, chinese string
		fine             bool
	}{
		{"at most %d", "最多 %d", true},
		{"at most %d", "最多 %s", false},
		{"%d of %s", "%[2]s 的 %[1]d", true},
		{"%d of %s", "%s 的 %d", false},
		{"%d of %s", "%[2]s", true},
		{"%d of %s", "%d", false}, // fmt would complain of an extra argument
		{"%[1]s%.0[2]s", "%[2]s", true},
		{"%d of %s", "没有", true},
		{"nothing", "%d", false},
		{"100%% of %d", "%d 的 100%%", true},
	} {
		if got := compare(c.english, c.chinese); (got == "") != c.fine {
			t.Errorf("compare(%q, %q) is %q", c.english, c.chinese, got)
		}
	}
}

type found struct {
	at, code, english string
	args              int
}

// maker is a function that makes a fault of a code that its caller names.
type maker struct {
	code, format int    // which of its parameters they are; format may be -1
	english      string // if it has the text itself
	fixed        int    // how many arguments the text has then
}

// faults reads the program and returns every fault that it makes, without
// tests and what only they use.
func faults(t *testing.T, root string) []found {
	t.Helper()
	fset := token.NewFileSet()
	files := map[string]*ast.File{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (slices.Contains([]string{"node_modules", ".git", "testdata", "dist"}, d.Name()) || strings.HasSuffix(d.Name(), "test")):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files[path], err = parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	makers := map[string]maker{} // by folder and name
	for path, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				if m, ok := makerOf(f); ok {
					makers[filepath.Dir(path)+" "+f.Name.Name] = m
				}
			}
		}
	}
	var all []found
	for path, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok {
				_, isMaker := makers[filepath.Dir(path)+" "+f.Name.Name]
				return !isMaker
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f := found{at: fset.Position(call.Pos()).String()}
			if name, ok := call.Fun.(*ast.Ident); ok {
				m, ok := makers[filepath.Dir(path)+" "+name.Name]
				if !ok {
					return true
				}
				f.code, f.english, f.args = text(call.Args[m.code]), m.english, m.fixed
				if m.format >= 0 {
					f.english, f.args = text(call.Args[m.format]), len(call.Args)-m.format-1
				}
			} else if isFaultNew(call) {
				f.code, f.english, f.args = text(call.Args[1]), text(call.Args[2]), len(call.Args)-3
			} else if isBecause(call) {
				f.code, f.english, f.args = text(call.Args[0]), text(call.Args[1]), len(call.Args)-2
			} else {
				return true
			}
			if f.code == "*" || f.english == "*" {
				t.Errorf("%s: the code and the text of a fault cannot be read here", f.at)
				return true
			}
			all = append(all, f)
			return true
		})
	}
	return all
}

// makerOf reports whether a function hands a parameter of its own to fault.New
// as the code.
func makerOf(f *ast.FuncDecl) (m maker, ok bool) {
	at := map[string]int{}
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			at[name.Name] = len(at)
		}
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, isCall := n.(*ast.CallExpr)
		if !isCall || !isFaultNew(call) {
			return true
		}
		code, isName := call.Args[1].(*ast.Ident)
		if !isName {
			return true
		}
		i, isParam := at[code.Name]
		if !isParam {
			return true
		}
		m, ok = maker{code: i, format: -1, english: text(call.Args[2]), fixed: len(call.Args) - 3}, true
		if format, isName := call.Args[2].(*ast.Ident); isName {
			if j, isParam := at[format.Name]; isParam {
				m.format = j
			}
		}
		return true
	})
	return m, ok
}

func isFaultNew(call *ast.CallExpr) bool { return len(call.Args) >= 3 && calls(call, "fault", "New") }

// isBecause reports whether a call makes a reason of a decision.
func isBecause(call *ast.CallExpr) bool {
	return len(call.Args) >= 2 && calls(call, "phrase", "Because")
}

func calls(call *ast.CallExpr, pkg, name string) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || f.Sel.Name != name {
		return false
	}
	x, ok := f.X.(*ast.Ident)
	return ok && x.Name == pkg
}

// text returns the value of a string literal, also of several that are added,
// with * for a part that is none.
func text(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(e.Value)
		return s
	case *ast.BinaryExpr:
		return text(e.X) + text(e.Y)
	case *ast.ParenExpr:
		return text(e.X)
	}
	return "*"
}

var verb = regexp.MustCompile(`%[-+# 0-9.]*(?:\[(\d+)\])?([a-zA-Z%])`)

// verbs returns what a format does with each of its arguments, by number.
func verbs(format string) (by map[int]string, indexed bool) {
	by = map[int]string{}
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
			indexed = true
		}
		if by[next] = m[2]; strings.Contains("qsv", m[2]) {
			by[next] = "s" // quotes are a matter of the language
		}
		next++
	}
	return by, indexed
}

// compare returns how a Chinese format misuses the arguments of an English
// one. It may leave some out, if it numbers those that it uses.
func compare(english, zh string) string {
	want, _ := verbs(english)
	got, indexed := verbs(zh)
	for i, v := range got {
		if want[i] != v {
			return fmt.Sprintf("argument %d is %%%s in English and %%%s in Chinese", i, want[i], v)
		}
	}
	if len(got) > 0 && len(got) < len(want) && !indexed {
		return "the Chinese text uses fewer arguments; number them, as %[2]s"
	}
	return ""
}
