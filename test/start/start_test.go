// Package start starts the real program wrongly: each time one line says what
// to do, and the exit status is 1.
package start

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"yingda/test/internal/centre"
)

func TestStartedWrongly(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	folder := t.TempDir()
	file := filepath.Join(folder, "a-file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(folder, "yingda.toml")
	if err := os.WriteFile(settings, []byte("htpp = \"127.0.0.1:8080\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(folder, "newer")
	for _, c := range []struct {
		name string
		args []string
		want string
		exit int
	}{
		{"the data folder is a file", []string{"serve", "--data", file}, "--data", 1},
		{"the data folder is below a file", []string{"serve", "--data", filepath.Join(file, "x")}, "--data", 1},
		{"the port is taken", []string{"serve", "--data", filepath.Join(folder, "d"), "--http", taken.Addr().String()}, "--http", 1},
		{"the address is none", []string{"serve", "--data", newer, "--http", "8080"}, "--http", 1},
		{"a setting that does not exist", []string{"serve", "--data", newer, "--config", settings}, "htpp", 1},
		{"a file of settings that is not there", []string{"serve", "--config", filepath.Join(folder, "none.toml")}, "none.toml", 1},
		{"a proxy that is no network", []string{"serve", "--data", newer, "--trusted-proxies", "everyone"}, "--trusted-proxies", 1},
		{"a database that is none", []string{"serve", "--data", newer, "--database", "mysql://x"}, "--database", 1},
		{"a database that is away", []string{"serve", "--data", newer, "--database", "postgres://127.0.0.1:1/x?connect_timeout=1"}, "--database", 1},
		{"a flag that does not exist", []string{"serve", "--nonsense"}, "--nonsense", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			cmd := exec.Command(centre.Binary(t), c.args...)
			cmd.Stderr = &out
			err := cmd.Run()
			exit, ok := errors.AsType[*exec.ExitError](err)
			if !ok || exit.ExitCode() != c.exit {
				t.Fatalf("ended with %v, want %d:\n%s", err, c.exit, out.String())
			}
			said := strings.TrimSpace(out.String())
			if !strings.Contains(said, c.want) || c.exit == 1 && strings.Count(said, "\n") > 0 {
				t.Errorf("said\n%s\nwant one line with %s", said, c.want)
			}
		})
	}
}

// Two programs on one data folder would spoil each other's work.
func TestAFolderBelongsToOneProgram(t *testing.T) {
	c := centre.New(t)
	var out strings.Builder
	cmd := exec.Command(centre.Binary(t), "serve", "--data", c.Folder, "--http", centre.FreePort(t))
	cmd.Stderr = &out
	if err := cmd.Run(); err == nil || !strings.Contains(out.String(), "another yingda") {
		t.Errorf("%v: %s", err, out.String())
	}
}
