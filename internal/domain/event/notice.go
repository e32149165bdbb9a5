package event

import "yingda/internal/kit/id"

// NoticeID names a notice.
type NoticeID = id.ID[noticeNoun]

type noticeNoun struct{}

func (noticeNoun) Prefix() string { return "nt" }
