package mailbox

import (
	"time"

	"yingda/internal/kit/id"
)

// MailID names a mail that arrived.
type MailID = id.ID[mailNoun]

type mailNoun struct{}

func (mailNoun) Prefix() string { return "ml" }

// NewMailID returns the id of a mail that arrives at a time.
func NewMailID(at time.Time) MailID { return id.New[mailNoun](at) }

// SentID names a mail that leaves.
type SentID = id.ID[sentNoun]

type sentNoun struct{}

func (sentNoun) Prefix() string { return "sm" }

// NewSentID returns the id of a mail that is written at a time.
func NewSentID(at time.Time) SentID { return id.New[sentNoun](at) }
