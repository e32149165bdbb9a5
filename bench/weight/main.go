// Weight tells how many bytes the widget and the console cost a browser, and
// with -check fails when one is over its budget.
//
//	go run ./bench/weight -check
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"yingda/bench/internal/rig"
	"yingda/web"
)

// Budgets of gzipped bytes (DESIGN §4).
const (
	loaderBudget  = 1 << 10
	widgetBudget  = 15 << 10
	consoleBudget = 320 << 10
)

type result struct {
	Loader  int `json:"loader_gzip"`
	Widget  int `json:"widget_gzip"`
	Console int `json:"console_first_load_gzip"`
}

func main() {
	check := flag.Bool("check", false, "exit 1 when over budget")
	flag.Parse()
	dist := web.Dist()
	r := result{Loader: size(dist, "widget/widget.js"), Console: console(dist)}
	r.Widget = widget(dist)
	rig.Print(r)
	if *check && (r.Loader > loaderBudget || r.Widget > widgetBudget || r.Console > consoleBudget) {
		fmt.Fprintf(os.Stderr, "over budget: loader %d, widget %d, console %d bytes\n", loaderBudget, widgetBudget, consoleBudget)
		os.Exit(1)
	}
}

var asset = regexp.MustCompile(`(?:src|href)="/app/([^"]+\.(?:js|css))"`)

// console is all that the page names: scripts, preloaded modules and styles.
func console(dist fs.FS) (n int) {
	page, err := fs.ReadFile(dist, "console/index.html")
	rig.Must(err)
	n = len(zip(page))
	for _, m := range asset.FindAllSubmatch(page, -1) {
		n += size(dist, "console/"+string(m[1]))
	}
	return n
}

// widget is what a click loads: everything of it but the loader, and but what
// is loaded later.
func widget(dist fs.FS) (n int) {
	names, err := fs.Glob(dist, "widget/app*.js")
	rig.Must(err)
	for _, name := range names {
		if !strings.HasSuffix(name, ".map") {
			n += size(dist, name)
		}
	}
	return n
}

func size(dist fs.FS, name string) int {
	b, err := fs.ReadFile(dist, name)
	rig.Must(err)
	return len(zip(b))
}

func zip(b []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	rig.Must(err)
	_, err = w.Write(b)
	rig.Must(err)
	rig.Must(w.Close())
	return out.Bytes()
}
