package outside

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestWhomNobodyIsLedTo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address       string
		plain, sealed bool
	}{
		{"127.0.0.1:80", true, true},
		{"10.1.2.3:80", true, true},
		{"[::1]:80", true, true},
		{"[fd12:3456::1]:80", true, true},
		{"93.184.216.34:443", false, true},
		{"[2606:2800:220:1::1]:443", false, true},
		{"169.254.169.254:80", false, false},
		{"[::ffff:169.254.169.254]:80", false, false},
		{"[fe80::1%eth0]:80", false, false},
		{"[fd00:ec2::254]:80", false, false},
		{"100.100.100.200:80", false, false},
		{"0.0.0.0:80", false, false},
		{"224.0.0.1:80", false, false},
	} {
		for sealed, want := range map[bool]bool{false: c.plain, true: c.sealed} {
			err := guard(sealed)("tcp", c.address, nil)
			if (err == nil) != want || err != nil && !errors.Is(err, ErrAddress) {
				t.Errorf("%s, with encryption %t: %v", c.address, sealed, err)
			}
		}
	}
}

// A call goes where it was sent and no further; what the other side says of
// another address is its answer.
func TestACallIsNotSentOn(t *testing.T) {
	t.Parallel()
	visited := 0
	there := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited++ }))
	defer there.Close()
	here := httptest.NewServer(http.RedirectHandler(there.URL, http.StatusFound))
	defer here.Close()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, here.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Client().Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusFound || visited != 0 {
		t.Errorf("got %d, and the other was visited %d times", r.StatusCode, visited)
	}
}
