package flow

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// cities are those that are found in a message about something else: 想在成都换胎.
const cities = `北京|上海|天津|重庆|石家庄|唐山|秦皇岛|邯郸|邢台|保定|张家口|承德|沧州|廊坊|衡水|太原|大同|长治|临汾|运城|晋中|呼和浩特|包头|赤峰|鄂尔多斯|沈阳|大连|鞍山|抚顺|丹东|锦州|营口|长春|吉林|四平|延边|哈尔滨|齐齐哈尔|大庆|牡丹江|佳木斯|南京|无锡|徐州|常州|苏州|南通|连云港|淮安|盐城|扬州|镇江|泰州|宿迁|杭州|宁波|温州|嘉兴|湖州|绍兴|金华|义乌|衢州|舟山|台州|丽水|合肥|芜湖|蚌埠|淮南|马鞍山|安庆|滁州|阜阳|六安|亳州|福州|厦门|莆田|三明|泉州|漳州|龙岩|宁德|南昌|景德镇|九江|赣州|吉安|宜春|上饶|济南|青岛|淄博|枣庄|东营|烟台|潍坊|济宁|泰安|威海|日照|临沂|德州|聊城|滨州|菏泽|郑州|开封|洛阳|平顶山|安阳|新乡|焦作|许昌|漯河|南阳|商丘|信阳|周口|驻马店|武汉|黄石|十堰|宜昌|襄阳|荆门|孝感|荆州|黄冈|咸宁|恩施|长沙|株洲|湘潭|衡阳|邵阳|岳阳|常德|张家界|益阳|郴州|永州|怀化|娄底|广州|韶关|深圳|珠海|汕头|佛山|江门|湛江|茂名|肇庆|惠州|梅州|清远|东莞|中山|潮州|揭阳|南宁|柳州|桂林|北海|玉林|海口|三亚|成都|自贡|攀枝花|泸州|德阳|绵阳|广元|遂宁|内江|乐山|南充|眉山|宜宾|达州|雅安|巴中|贵阳|遵义|六盘水|毕节|昆明|曲靖|玉溪|大理|丽江|拉萨|西安|宝鸡|咸阳|渭南|延安|汉中|榆林|兰州|天水|西宁|银川|乌鲁木齐|克拉玛依`

// inCity is where a message says that something is to be done; a street that is
// called by a city is none.
var inCity = regexp.MustCompile(`(?:在|到|去|来|填|写|选|就|[换改](?:成|为)?|(?:城市|地点|地址|位置|门店|服务中心)(?:就|选|定)?[是在为:：]?) ?(` + cities + `)(?:市|这边|那边|这里)?([^ ]{0,2})`)

// cityAlone is a city that stands by itself between other things that are told.
var cityAlone = regexp.MustCompile(`(?:^|[ ,，、.;；!！])(` + cities + `)(?:市|这边|那边|这里)?(?:的|哈|哦|吧|呀)?((?:[ ,，、.;；!！]|$))`)

// citiesEn are the larger ones as they are written in English.
const citiesEn = `beijing|shanghai|tianjin|chongqing|shijiazhuang|tangshan|baoding|taiyuan|datong|hohhot|baotou|shenyang|dalian|anshan|changchun|jilin|harbin|daqing|nanjing|wuxi|xuzhou|changzhou|suzhou|nantong|yancheng|yangzhou|zhenjiang|taizhou|hangzhou|ningbo|wenzhou|jiaxing|huzhou|shaoxing|jinhua|yiwu|zhoushan|hefei|wuhu|fuzhou|xiamen|putian|quanzhou|zhangzhou|nanchang|jiujiang|ganzhou|jinan|qingdao|zibo|yantai|weifang|jining|weihai|rizhao|linyi|zhengzhou|kaifeng|luoyang|xinxiang|wuhan|yichang|xiangyang|changsha|zhuzhou|xiangtan|hengyang|guangzhou|shenzhen|zhuhai|shantou|foshan|jiangmen|zhanjiang|huizhou|dongguan|zhongshan|nanning|liuzhou|guilin|beihai|haikou|sanya|chengdu|mianyang|leshan|yibin|guiyang|zunyi|kunming|dali|lijiang|lhasa|xi'?an|baoji|xianyang|lanzhou|xining|yinchuan|urumqi`

// inCityEn is a city in an English message, or one that begins a part of it: I'm in
// Suzhou; Shenzhen, Wednesday morning.
var inCityEn = regexp.MustCompile(`(?:\b(?:in|near|to|from|at|around) |(?:^|[,;.!] ?))(` + citiesEn + `)()(?:[^a-z]|$)`)

// street is what makes a street, or a house in it, of a city's name.
var street = regexp.MustCompile(`^(?:[东西南北中]?[路街道]|大[道街]|[东西南北][路街站]|新村|饭店|宾馆|大厦)`)

// isCity reports a slot that asks for a city.
func (s Slot) isCity() bool { return s.isName() && strings.Contains(s.Name.Zh, "城市") }

// readCity reads the city in which something is to be done from a message that
// tells other things; where it names two it is asked for.
func (s Slot) readCity(sc *scan) (v Value, ok bool) {
	for _, place := range []*regexp.Regexp{inCity, cityAlone, inCityEn} {
		for from, more := 0, true; more; {
			var sp span
			if sp, more = sc.findFrom(place, from); !more {
				break
			}
			from = sp.to - utf8.RuneCountInString(sp.groups[2])
			if street.MatchString(sp.groups[2]) {
				continue
			}
			if ok && v.Text != sc.asSaid(sp.groups[1]) {
				return Value{}, false
			}
			v, ok = Value{Type: s.Type, Text: sc.asSaid(sp.groups[1]), Said: sc.asSaid(sp.groups[1])}, true
		}
	}
	return v, ok
}

// isAt is how somebody says where they are, in a city that is on no list.
var isAt = regexp.MustCompile(`(?:我?(?:人|车|家)?(?:在|住)|换成|改成|改到|应该是)(\p{Han}{2,6}?)(?:这边|那边|这里|市)?[吧啊呀的]*[ .。!！]*$`)

// knownCity is a city of the list anywhere.
var knownCity = regexp.MustCompile(cities)

// mostPlace is how long the name of a place is that has no word for one in it, in
// characters.
const mostPlace = 7

// isPlace reports an answer that may be one city: it names no two of them, and is no
// sentence.
func isPlace(text string) bool {
	found := knownCity.FindAllString(text, -1)
	slices.Sort(found)
	if len(slices.Compact(found)) > 1 {
		return false
	}
	text = strings.TrimSpace(namedBy.ReplaceAllString(text, ""))
	return !isHan(text) || len(found) == 1 || strings.ContainsAny(text, "市县区州省镇乡旗盟岛") || utf8.RuneCountInString(text) <= mostPlace && !strings.ContainsAny(text, "不没啥哪谁怎吗？?")
}

// asSaid returns a part of the folded message as it was said, where its letters
// are English.
func (s *scan) asSaid(folded string) string {
	if isHan(folded) {
		return folded
	}
	i := strings.Index(string(s.folded), folded)
	if i < 0 {
		return folded
	}
	from := utf8.RuneCountInString(string(s.folded)[:i])
	return string(s.said[from : from+utf8.RuneCountInString(folded)])
}
