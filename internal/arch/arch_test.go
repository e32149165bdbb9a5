// Package arch checks that the house keeps its shape: an arrow between packages
// goes down only, and rules touch nothing of the world.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "yingda/internal/"

// mayImport says, from the ground up, which of our own packages a package may
// import. The first line that fits counts. A package that no line names fails:
// say where it belongs.
var mayImport = []struct{ pkg, uses string }{
	// floor 0: tools that never heard of customer service
	{"kit/...", "kit/..."},
	// floor 1: the rules
	{"domain/...", "domain/... kit/fault kit/id"},
	// floor 2: the memory, and the contract of a channel
	{"store/sqlcgen", "domain/..."},
	{"store/storetest", "store domain/... kit/..."},
	{"store", "store/sqlcgen domain/... kit/..."},
	{"channel", "domain/... kit/..."},
	{"model/modeltest", ""},
	{"model", "kit/..."},
	{"hook", "domain/... kit/..."},
	// floor 3: the work
	{"job", "store kit/..."},
	{"post", "job store domain/... kit/..."},
	{"account", "post job store domain/... kit/..."},
	{"help", "job store domain/... kit/..."},
	{"desk", "hook channel job store domain/... kit/..."},
	{"report", "store domain/... kit/..."},
	{"care", "desk channel job store domain/... kit/..."},
	{"workforce", "desk channel job store domain/... kit/..."},
	{"scribe", "desk model job store domain/... kit/..."},
	{"assist", "desk help model job store domain/... kit/..."},
	// floor 4: the doors
	{"channel/channeltest", "channel domain/... kit/..."},
	{"channel/...", "channel domain/... kit/..."},
	{"hotline", "channel/voice channel domain/... kit/..."},
	{"live", "account channel store domain/... kit/..."},
	{"site", "channel help account post domain/... kit/..."},
	{"mcp", "assist desk help store domain/... kit/..."},
	{"api", "report account assist scribe care workforce desk help job store channel domain/... kit/..."},
	// floor 5: the house is built
	{"config", "kit/..."},
	{"app/...", "..."},
	{"app", "..."},
	{"arch", ""},
}

// world is what rules may not touch.
var world = []string{"database/...", "net", "net/http", "os", "os/...", "sync", "log/...", "io/fs", "math/rand", "math/rand/...", "crypto/rand", "context"}

// tools are the modules of others that rules may use: pure functions of text.
var tools = []string{"golang.org/x/text/..."}

func TestImports(t *testing.T) {
	for pkg, imports := range packages(t) {
		uses, ok := rule(pkg)
		if !ok {
			t.Errorf("%s has no place in the house; add it to mayImport", pkg)
			continue
		}
		pure := match("domain/...", pkg)
		for imp := range imports {
			own, ours := strings.CutPrefix(imp, module)
			switch {
			case ours && !matchAny(strings.Fields(uses), own):
				t.Errorf("%s must not import %s", pkg, own)
			case pure && matchAny(world, imp):
				t.Errorf("%s is a rule and must not touch %s", pkg, imp)
			case pure && !ours && strings.Contains(imp, ".") && !matchAny(tools, imp):
				t.Errorf("%s is a rule and must not use %s", pkg, imp)
			}
		}
	}
}

// Rules do one thing after another: test/all runs them without the race
// detector, which would have nothing to find in them.
func TestRulesStartNothing(t *testing.T) {
	looked := 0
	err := filepath.WalkDir("../domain", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		looked++
		for at := range starts(f) {
			t.Errorf("%s: a rule starts a goroutine", files.Position(at))
		}
		return nil
	})
	if err != nil || looked == 0 {
		t.Fatalf("%d files, %v", looked, err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc f() { go f() }", 0)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(slices.Collect(starts(f))); n != 1 {
		t.Errorf("%d starts were seen of one", n)
	}
}

// starts yields where a file starts a goroutine.
func starts(f *ast.File) iter.Seq[token.Pos] {
	return func(yield func(token.Pos) bool) {
		for n := range ast.Preorder(f) {
			if g, ok := n.(*ast.GoStmt); ok && !yield(g.Pos()) {
				return
			}
		}
	}
}

// The test can fail: an arrow that goes up, and a rule that looks at the clock
// of the world, are refused.
func TestTheRulesRefuse(t *testing.T) {
	uses, _ := rule("desk")
	if matchAny(strings.Fields(uses), "api") || !matchAny(strings.Fields(uses), "store") {
		t.Error("desk may import api, or may not import store")
	}
	if _, ok := rule("somewhere"); ok {
		t.Error("a package without a place was let in")
	}
	if !matchAny(world, "net/http") || !slices.Contains(world, "sync") {
		t.Error("rules may touch the world")
	}
}

// packages returns the imports of each of our packages, without tests. It
// reads the files itself: the result of a test that asks "go list" is cached
// even after an import has changed.
func packages(t *testing.T) map[string]map[string]bool {
	t.Helper()
	pkgs := map[string]map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), "../"))
		if pkgs[pkg] == nil {
			pkgs[pkg] = map[string]bool{}
		}
		for _, spec := range f.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			pkgs[pkg][imp] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pkgs
}

func rule(pkg string) (string, bool) {
	for _, r := range mayImport {
		if match(r.pkg, pkg) {
			return r.uses, true
		}
	}
	return "", false
}

func matchAny(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return match(p, pkg) })
}

func match(pattern, pkg string) bool {
	if root, ok := strings.CutSuffix(pattern, "..."); ok {
		return strings.HasPrefix(pkg, root)
	}
	return pattern == pkg
}
