package flow

import (
	"regexp"
	"strconv"
	"unicode/utf8"
)

// seenAnew is how somebody tells a number anew who has looked it up: 看了发票 写的是260.
var seenAnew = regexp.MustCompile(`(?:看|查|翻|对|核|数|算|问|找)(?:了|过|到)|(?:发票|小票|收据|账单|单子|合同|仪表|表|里程表|屏幕)(?:上|里)?|(?:receipt|invoice|bill|dashboard|odometer|checked|looked)`)

// numberIs is what stands before the number that a thing is.
var numberIs = regexp.MustCompile(`(?:写|显示|印|标|实际|其实|应该|确实|准确|总共|一共|才|就)?(?:的|着)?(?:是|为|有|:|：)? ?([0-9][0-9,]*(?:\.[0-9]{1,2})?)(?:块钱?|元|公里|km| ?yuan| ?rmb)?[ .。!！,，]*(?:才对|吧|呢|啊|整)?[ .。!！]*$|\b(?:it )?(?:says|shows|reads|was|is) ([0-9][0-9,]*(?:\.[0-9]{1,2})?)\b`)

// leastSeen is how many digits a bare number has at least that is told anew.
const leastSeen = 2

// seenNumber reads the only number of a flow anew at the summary, where somebody tells
// it without naming it, who has looked it up.
func (t *turn) seenNumber(flow Flow, f *Frame) (s Slot, v Value, ok bool) {
	text := t.scan().text()
	m := numberIs.FindStringSubmatch(text)
	s, has := flow.Slot(t.theOnlyNumber(f))
	if !has || m == nil || !seenAnew.MatchString(text) || isQuestion(t.Text) || len(m[1]+m[2]) < leastSeen || t.tellsDefinite() {
		return s, v, false
	}
	v, err := s.read(newScan(m[1]+m[2]), true, t.Reading)
	v.Said = t.said
	return s, v, err == nil && v.Text != f.Values[s.ID].Text
}

// seesNumberAnew changes the only number of a flow, where somebody tells it anew.
func (t *turn) seesNumberAnew(flow Flow, f *Frame) bool {
	s, v, ok := t.seenNumber(flow, f)
	return ok && t.change(f, s, v)
}

// digits is a number that stands alone.
var digits = regexp.MustCompile(`[0-9][0-9,]*(?:\.[0-9]+)?`)

// bareNumber returns where the sum or the distance that a slot has stands in a text
// without its unit.
func (s Slot) bareNumber(sc *scan, old Value) (span, bool) {
	if s.Type != Amount && s.Type != Mileage || old.Text == "" {
		return span{}, false
	}
	sp, ok := sc.find(digits)
	if !ok || utf8.RuneCountInString(sp.groups[0]) < leastSeen {
		return span{}, false
	}
	said, _ := parseDecimal(sp.groups[0])
	has, err := strconv.ParseFloat(old.Text, 64)
	return sp, err == nil && said == int64(has*1000+0.5)
}
