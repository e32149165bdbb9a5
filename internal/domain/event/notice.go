package event

import (
	"time"

	"yingda/internal/kit/id"
)

// NoticeID names a notice.
type NoticeID = id.ID[noticeNoun]

type noticeNoun struct{}

func (noticeNoun) Prefix() string { return "nt" }

// NewNoticeID returns the id of a notice that is given at a time.
func NewNoticeID(at time.Time) NoticeID { return id.New[noticeNoun](at) }
