// Package web carries the built browser programs (the console and the widget) inside the binary.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist is the tree that `npm run build` writes: console/, widget/, each with .br and .gz beside the larger files.
// On a clone that was never built it holds only a placeholder.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the directory is named in the embed directive above
	}
	return sub
}
