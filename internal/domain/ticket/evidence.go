package ticket

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"yingda/internal/kit/fault"
)

// Evidence is a file that proves something (R107). It is part of a chain: each
// link is sealed together with the seal of the one before it, so that none can
// be changed, left out or put in later without a trace.
type Evidence struct {
	SHA256  string    `json:"sha256"` // of the bytes, in hex
	Name    string    `json:"name"`
	Type    string    `json:"type"`
	Size    int64     `json:"size"`
	AddedBy string    `json:"added_by"`
	At      time.Time `json:"at"`
	Prev    string    `json:"prev"` // the seal before this one; empty at the first
	Seal    string    `json:"seal"`
}

// Limits of the evidence of a case.
const (
	MaxEvidence     = 50
	MaxEvidenceSize = 100 << 20 // bytes of one file
)

// Evidences are the evidence of a case, in the order in which it came.
type Evidences []Evidence

// Add returns the chain with one more link. Nothing is ever taken out.
func (es Evidences) Add(e Evidence) (Evidences, error) {
	raw, err := hex.DecodeString(e.SHA256)
	switch {
	case err != nil || len(raw) != sha256.Size:
		return es, fault.New(fault.Invalid, "evidence.hash", "the fingerprint of the file is not a SHA-256 in hex").In("sha256")
	case !filled(e.Name):
		return es, fault.New(fault.Invalid, "evidence.name", "the file needs a name").In("name")
	case e.Size <= 0:
		return es, fault.New(fault.Invalid, "evidence.empty", "the file is empty").In("file")
	case e.Size > MaxEvidenceSize:
		return es, fault.New(fault.TooLarge, "evidence.large", "a file has at most %d MB", MaxEvidenceSize>>20).In("file")
	case len(es) >= MaxEvidence:
		return es, fault.New(fault.Conflict, "evidence.many", "a case holds at most %d pieces of evidence", MaxEvidence).In("file")
	case slices.ContainsFunc(es, func(o Evidence) bool { return o.SHA256 == e.SHA256 }):
		return es, fault.New(fault.Conflict, "evidence.twice", "this file is among the evidence already").In("file")
	}
	e.At, e.Prev = e.At.UTC().Truncate(time.Millisecond), es.Head()
	e.Seal = e.seal()
	return with(es, e), nil
}

// AddEvidence returns the case's chain with one more link, and the line of the
// history, which keeps the seal.
func (c Case) AddEvidence(by Actor, chain Evidences, e Evidence, now time.Time) (Evidences, Entry, error) {
	if !c.MayHandle(by.Agent) {
		return chain, Entry{}, errUnknown
	}
	e.AddedBy, e.At = by.Name, now
	next, err := chain.Add(e)
	if err != nil {
		return chain, Entry{}, err
	}
	line := c.entry(by, AddEvidence, c, now)
	line.Public, line.Fields = true, []Change{{Field: "evidence", Old: chain.Head(), New: next.Head()}}
	return next, line, nil
}

// Head returns the last seal. Who keeps it elsewhere, as the receipt and the
// audit log do, can tell whether the end of the chain was cut off or made anew.
func (es Evidences) Head() string {
	if len(es) == 0 {
		return ""
	}
	return es[len(es)-1].Seal
}

// Verify returns the place of the first link that is not what it was, from 0,
// or -1. head is the last seal as it was kept elsewhere; empty if it was not.
// A chain that was cut off is broken behind its end.
func (es Evidences) Verify(head string) int {
	return verify(es, head, func(e Evidence) (string, string, string) { return e.Prev, e.Seal, e.seal() })
}

func (e Evidence) seal() string {
	e.Seal, e.At = "", e.At.UTC().Truncate(time.Millisecond)
	return sealOf(e)
}

// Custody is what happened to a piece of evidence: who saw, took or passed it
// on. It is a chain of the same make.
type Custody struct {
	Evidence string     `json:"evidence"` // its seal
	At       time.Time  `json:"at"`
	By       string     `json:"by"`
	Act      CustodyAct `json:"act"`
	Note     string     `json:"note,omitzero"` // to whom, and what for
	Prev     string     `json:"prev"`
	Seal     string     `json:"seal"`
}

// CustodyAct is what was done with a piece of evidence.
type CustodyAct string

// The acts.
const (
	CustodyReceived CustodyAct = "received"  // 接收
	CustodyViewed   CustodyAct = "viewed"    // 查看
	CustodyExported CustodyAct = "exported"  // 导出
	CustodyPassedOn CustodyAct = "passed_on" // 移交
	CustodyChecked  CustodyAct = "checked"   // 校验
)

// Custodies are what happened to the evidence of a case, in order.
type Custodies []Custody

// Add returns the chain with one more link. What leaves the house needs a note.
func (cs Custodies) Add(c Custody) (Custodies, error) {
	switch {
	case !slices.Contains([]CustodyAct{CustodyReceived, CustodyViewed, CustodyExported, CustodyPassedOn, CustodyChecked}, c.Act):
		return cs, fault.New(fault.Invalid, "custody.act", "say what was done with the evidence").In("act")
	case (c.Act == CustodyPassedOn || c.Act == CustodyExported) && !filled(c.Note):
		return cs, fault.New(fault.Invalid, "custody.note", "write to whom the evidence goes, and what for").In("note")
	case c.Evidence == "" || !filled(c.By):
		return cs, fault.New(fault.Invalid, "custody.of", "say which evidence it is, and who had it").In("evidence")
	}
	if err := checkLengths(said{"note", c.Note, MaxText}); err != nil {
		return cs, err
	}
	c.At, c.Prev = c.At.UTC().Truncate(time.Millisecond), ""
	if len(cs) > 0 {
		c.Prev = cs[len(cs)-1].Seal
	}
	c.Seal = c.seal()
	return with(cs, c), nil
}

// Verify is that of Evidences.
func (cs Custodies) Verify(head string) int {
	return verify(cs, head, func(c Custody) (string, string, string) { return c.Prev, c.Seal, c.seal() })
}

func (c Custody) seal() string {
	c.Seal, c.At = "", c.At.UTC().Truncate(time.Millisecond)
	return sealOf(c)
}

func verify[T any](links []T, head string, of func(T) (prev, seal, now string)) int {
	last := ""
	for i, l := range links {
		prev, seal, now := of(l)
		if prev != last || seal != now {
			return i
		}
		last = seal
	}
	if head != "" && head != last {
		return len(links)
	}
	return -1
}

// sealOf is the SHA-256 of a link as JSON, whose fields stand in a fixed order.
func sealOf(link any) string {
	b, err := json.Marshal(link)
	if err != nil {
		panic("ticket: a link of a chain has no JSON: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
