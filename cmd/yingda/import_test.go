package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportContacts(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "客户.csv")
	text := "姓名,手机号,城市\n张伟,138 0000 1111,上海\n李娜,nothing,北京\n王芳,13900002222,\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	take := func(args ...string) (int, string, string) {
		var o, e bytes.Buffer
		status := run(append([]string{"import", "contacts", file, "--data", filepath.Join(folder, "data")}, args...), streams{&o, &e})
		return status, o.String(), e.String()
	}
	status, out, errs := take()
	var a importAnswer
	if err := json.Unmarshal([]byte(out), &a); status != 0 || err != nil {
		t.Fatalf("exit %d, %v, %s", status, err, errs)
	}
	if a.Rows != 3 || a.Added != 2 || a.Refused != 1 || a.Map["手机号"] != "phone" || len(a.Why) != 1 || a.Why[0].Row != 3 || a.Why[0].Column != "手机号" || a.Encoding != "utf-8" {
		t.Errorf("%s", out)
	}
	if _, out, _ := take("--on-duplicate", "update"); !strings.Contains(out, `"updated":2`) {
		t.Errorf("again: %s", out)
	}
	if status, out, errs := take("--map", "电话=phone"); status != 1 || out != "" || !strings.Contains(errs, "姓名, 手机号, 城市") {
		t.Errorf("a column that is not there: exit %d, %s, %s", status, out, errs)
	}
	file = filepath.Join(folder, "none.csv")
	if status, _, errs := take(); status != 1 || strings.Count(errs, "\n") != 1 {
		t.Errorf("no file: exit %d, %s", status, errs)
	}
}
