// Weight tells how many bytes the widget and the console cost a browser, and
// with -check fails when one is over its budget.
//
//	go run ./bench/weight -check
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"

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
	loader, chat := widget(dist)
	r := result{Loader: loader, Widget: chat, Console: console(dist)}
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

// weight is what the widget's build says of its files, by when a browser
// fetches them.
type weight struct {
	Before            []string            `json:"before"`             // on every page of the host
	FirstConversation map[string][]string `json:"first_conversation"` // by language: from the click to the first answer
}

// widget is what the host's page loads, and what follows a click until the
// first message was answered, in the heaviest language.
func widget(dist fs.FS) (loader, chat int) {
	b, err := fs.ReadFile(dist, "widget/weight.json")
	rig.Must(err)
	var w weight
	rig.Must(json.Unmarshal(b, &w))
	sum := func(names []string) (n int) {
		for _, name := range names {
			n += size(dist, "widget/"+name)
		}
		return n
	}
	for _, names := range w.FirstConversation {
		chat = max(chat, sum(names))
	}
	return sum(w.Before), chat
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
