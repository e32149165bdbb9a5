package voice

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // the digest of SIP telephones is this one
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// Phones knows the telephones that may register here.
type Phones interface {
	// Digest returns HA1 of a telephone: see Digest. It must not wait long.
	Digest(user string) (ha1 string, ok bool)
}

// Digest returns what is kept of a telephone's password: MD5 of user, realm and
// password, which is all that SIP needs to know it again.
func Digest(user, realm, password string) string {
	return sum(user + ":" + realm + ":" + password)
}

func sum(s string) string {
	b := md5.Sum([]byte(s)) //nolint:gosec // as above
	return hex.EncodeToString(b[:])
}

const (
	nonceLife  = 5 * time.Minute
	mostNonces = 20000
)

// authority asks telephones for their password. What it hands out is signed, so
// that nothing is kept of those who do not know one.
type authority struct {
	realm  string
	phones Phones
	now    func() time.Time
	key    []byte

	mu   sync.Mutex
	used map[string]int // the highest count of a nonce that was used well
}

func newAuthority(realm string, phones Phones, now func() time.Time) *authority {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return &authority{realm: realm, phones: phones, now: now, key: key, used: map[string]int{}}
}

// nonce makes one for a source: nobody else can use it.
func (a *authority) nonce(from netip.Addr) string {
	stamp := strconv.FormatInt(a.now().Unix(), 36) + "-" + random(4)
	return stamp + "-" + a.sign(stamp+from.String())
}

func (a *authority) sign(s string) string {
	m := hmac.New(sha256.New, a.key)
	_, _ = m.Write([]byte(s))
	return hex.EncodeToString(m.Sum(nil)[:12])
}

func (a *authority) fresh(nonce string, from netip.Addr) bool {
	i := strings.LastIndexByte(nonce, '-')
	if i < 0 || !hmac.Equal([]byte(a.sign(nonce[:i]+from.String())), []byte(nonce[i+1:])) {
		return false
	}
	return a.young(nonce)
}

func (a *authority) young(nonce string) bool {
	stamp, _, _ := strings.Cut(nonce, "-")
	at, err := strconv.ParseInt(stamp, 36, 64)
	age := a.now().Sub(time.Unix(at, 0))
	return err == nil && age >= 0 && age <= nonceLife
}

// challenge asks for the password.
func (a *authority) challenge(res *sip.Response, from netip.Addr, stale bool) {
	c := digest.Challenge{Realm: a.realm, Nonce: a.nonce(from), Algorithm: "MD5", QOP: []string{"auth"}, Stale: stale}
	name := "WWW-Authenticate"
	if res.StatusCode == sip.StatusProxyAuthRequired {
		name = "Proxy-Authenticate"
	}
	res.AppendHeader(sip.NewHeader(name, c.String()))
}

// verdict is what comes of a request's credentials.
type verdict uint8

const (
	missing verdict = iota // ask for them
	stale                  // ask again; the password may well be right
	wrong
	right
)

// check checks who a request is from. An unknown user and a wrong password
// take the same way and the same time.
func (a *authority) check(req *sip.Request) (user string, v verdict) {
	value := header(req, "Authorization")
	if value == "" {
		value = header(req, "Proxy-Authorization")
	}
	if value == "" {
		return "", missing
	}
	c, err := digest.ParseCredentials(value)
	if err != nil || c.Realm != a.realm || c.QOP != "" && c.QOP != "auth" || c.Algorithm != "" && !strings.EqualFold(c.Algorithm, "MD5") {
		return "", wrong
	}
	if !a.fresh(c.Nonce, source(req)) {
		return "", stale
	}
	ha1, known := a.phones.Digest(c.Username)
	if !known {
		ha1 = sum("nobody:" + a.realm + ":" + c.Nonce)
	}
	ha2 := sum(req.Method.String() + ":" + c.URI)
	text := ha1 + ":" + c.Nonce + ":" + ha2
	if c.QOP != "" {
		text = strings.Join([]string{ha1, c.Nonce, count(c.Nc), c.Cnonce, c.QOP, ha2}, ":")
	}
	if subtle.ConstantTimeCompare([]byte(sum(text)), []byte(strings.ToLower(c.Response))) != 1 || !known {
		return "", wrong
	}
	if c.QOP != "" && !a.use(c.Nonce, c.Nc) {
		return "", stale
	}
	return c.Username, right
}

func count(n int) string {
	s := strconv.FormatInt(int64(n), 16)
	return strings.Repeat("0", max(0, 8-len(s))) + s
}

// use reports whether a nonce is used for the first time with this count: what
// was overheard is worth nothing.
func (a *authority) use(nonce string, count int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if count <= a.used[nonce] {
		return false
	}
	if len(a.used) >= mostNonces {
		for n := range a.used {
			if !a.young(n) {
				delete(a.used, n)
			}
		}
		if len(a.used) >= mostNonces {
			return false
		}
	}
	a.used[nonce] = count
	return true
}
