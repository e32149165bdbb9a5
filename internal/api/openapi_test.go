package api

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// The committed description is what the calls are now. UPDATE=1 writes it.
func TestDocumentIsCommitted(t *testing.T) {
	t.Parallel()
	const file = "../../web/packages/api/openapi.json"
	want := Document()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the calls are now; make gen writes it", file)
	}
}

// Lists are never null, and schemas carry no links of the framework.
func TestDocumentIsPlain(t *testing.T) {
	t.Parallel()
	var d struct {
		OpenAPI string                               `json:"openapi"`
		Paths   map[string]map[string]map[string]any `json:"paths"`
	}
	document := Document()
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	if d.OpenAPI != "3.1.0" || len(d.Paths) == 0 {
		t.Errorf("OpenAPI %s with %d paths", d.OpenAPI, len(d.Paths))
	}
	for _, no := range []string{`"null"`, `"$schema"`} {
		if strings.Contains(string(document), no) {
			t.Errorf("the description holds %s", no)
		}
	}
	for path, methods := range d.Paths {
		for method, op := range methods {
			if op["summary"] == "" || op["operationId"] == "" {
				t.Errorf("%s %s has no summary", method, path)
			}
		}
	}
}
