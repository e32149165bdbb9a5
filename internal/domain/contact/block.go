package contact

import (
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// BlockID names a block.
type BlockID = id.ID[blockNoun]

type blockNoun struct{}

func (blockNoun) Prefix() string { return "bl" }

// NewBlockID returns the id of a block.
func NewBlockID(at time.Time) BlockID { return id.New[blockNoun](at) }

// BlockKind is by what somebody is kept out.
type BlockKind string

// The kinds of block.
const (
	BlockContact BlockKind = "contact"
	BlockPhone   BlockKind = "phone"
	BlockEmail   BlockKind = "email"
	BlockNetwork BlockKind = "network" // addresses of the internet, such as 203.0.113.0/24
)

// Block keeps somebody from writing to us (黑名单), until a time or for good.
type Block struct {
	ID        BlockID   `json:"id"`
	Kind      BlockKind `json:"kind" enum:"contact,phone,email,network"`
	Value     string    `json:"-"`     // what is compared
	Shown     string    `json:"shown"` // as it was written, or the contact's name; masked on the wire
	Contact   ID        `json:"contact_id,omitzero"`
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
	By        string    `json:"by_name"`
	Until     time.Time `json:"until,omitzero"` // zero is for good
	LiftedAt  time.Time `json:"lifted_at,omitzero"`
	LiftedBy  string    `json:"lifted_by,omitzero"`
	LiftedWhy string    `json:"lifted_why,omitzero"`
}

// Holds reports whether the block keeps anybody out at a time.
func (b Block) Holds(now time.Time) bool {
	return b.LiftedAt.IsZero() && (b.Until.IsZero() || now.Before(b.Until))
}

// Masked returns the block as it is shown to people who have not asked to see
// more.
func (b Block) Masked() Block {
	switch b.Kind {
	case BlockPhone:
		b.Shown = MaskPhone(b.Shown)
	case BlockEmail:
		b.Shown = MaskEmail(b.Shown)
	case BlockContact, BlockNetwork:
	}
	return b
}

// MaxReason is the longest reason of a block, in characters.
const MaxReason = 200

// The widest networks that may be blocked, in bits: a whole provider is
// thousands of customers.
const (
	widest4 = 16
	widest6 = 32
)

// Check returns the block with what it compares, or what is wrong with it.
func (b Block) Check(now time.Time) (Block, error) {
	b.Reason, b.Shown = strings.TrimSpace(b.Reason), strings.TrimSpace(b.Shown)
	if n := utf8.RuneCountInString(b.Reason); n < 2 || n > MaxReason {
		return b, fault.New(fault.Invalid, "contact.reason", "write the reason in %d to %d characters; it is kept", 2, MaxReason).In("body.reason")
	}
	if !b.Until.IsZero() && !now.Before(b.Until) {
		return b, fault.New(fault.Invalid, "block.until", "the end of the block has passed already").In("body.until")
	}
	switch b.Kind {
	case BlockContact:
		if b.Contact.IsZero() {
			return b, fault.New(fault.Invalid, "block.contact", "say which customer").In("body.contact_id")
		}
	case BlockPhone:
		if b.Value = NormalPhone(b.Shown); !IsPhone(b.Shown) {
			return b, errPhone().In("body.value")
		}
	case BlockEmail:
		if b.Value = ByEmail.Normal(b.Shown); !IsEmail(b.Shown) {
			return b, errEmail().In("body.value")
		}
	case BlockNetwork:
		p, err := ReadNetwork(b.Shown)
		if err != nil {
			return b, err
		}
		b.Value, b.Shown = p.String(), p.String()
	default:
		return b, fault.New(fault.Invalid, "block.kind", "one can block a contact, a phone, an email or a network").In("body.kind")
	}
	return b, nil
}

// ReadNetwork reads an address or a range of them.
func ReadNetwork(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		a, one := netip.ParseAddr(s)
		if one != nil {
			return p, fault.New(fault.Invalid, "block.network", "write an address or a range, such as 203.0.113.7 or 203.0.113.0/24").In("body.value")
		}
		a = a.Unmap().WithZone("")
		p = netip.PrefixFrom(a, a.BitLen())
	}
	widest := widest4
	if p.Addr().Is6() {
		widest = widest6
	}
	if p.Bits() < widest {
		return p, fault.New(fault.Invalid, "block.wide", "this range is too wide: it is to have at least /%d", widest).In("body.value")
	}
	return p.Masked(), nil
}
