package gap

import (
	"regexp"
	"strings"
)

// Covered stands in a text for what was masked.
const Covered = "〔…〕"

// What may tell who somebody is: addresses of mail and of pages, numbers of
// seven digits or more as people write them, identity cards, vehicle numbers,
// plates, names after which people introduce themselves, and streets.
var personal = regexp.MustCompile(strings.Join([]string{
	`(?i:https?://\S+|www\.\S+)`,
	`[\w.+-]+[@＠][\w-]+(?:\.[\w-]+)+`,
	`(?i:\b[a-hj-npr-z0-9]{17}\b)`,
	`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Za-z][·•\-\s]?[A-Za-z0-9]{5,6}`,
	`[+＋]?[0-9０-９](?:[\s\-()（）]?[0-9０-９]){6,}[XxＸ]?`,
	`(?:DD|CS|SR|WO|NO)[-_]?[0-9]{4,}[-_0-9A-Za-z]*`,
	`(?:我叫|我是叫|我的名字是|我姓名是|姓名[:：])\s*\p{Han}{1,4}`,
	`(?i:my name is|i am called)\s+[\p{L}]+(?:\s+\p{Lu}\p{L}+)?`,
	`[\p{Han}\d]{1,12}(?:路|街|巷|弄|大道|胡同)\s*\d+\s*(?:弄|号|栋|幢|室|楼|单元)(?:[\d\p{Han}\-]{0,10}(?:室|号|栋|楼|单元|户))?`,
	`(?:微信号?|QQ号?|wechat|weixin)[:：是\s]*[A-Za-z0-9_-]{5,}`,
}, "|"))

// Mask returns a text as it is kept on a board that many read: in one line, not
// too long, and without what may tell who somebody is.
func Mask(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	text = personal.ReplaceAllString(text, Covered)
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most-1]) + "…"
	}
	return text
}

// Masked returns the ask with its texts as they are kept.
func (a Ask) Masked() Ask {
	a.Text = Mask(a.Text, longestAsk)
	replies := make([]Reply, len(a.Replies))
	for i, r := range a.Replies {
		r.Text = Mask(r.Text, longestReply)
		replies[i] = r
	}
	a.Replies = replies
	return a
}

// Phrasing returns a masked text as a way to ask: without what was covered.
func Phrasing(text string) string {
	return strings.Join(strings.Fields(strings.TrimSuffix(strings.ReplaceAll(text, Covered, " "), "…")), " ")
}
