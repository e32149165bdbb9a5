package serve

import "strings"

// Device says which browser this is, as people call it: Chrome · Windows. It is
// empty for one that we do not know.
func Device(agent string) string {
	pick := func(names ...[2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	browser := pick([2]string{"MicroMessenger", "WeChat"}, [2]string{"DingTalk", "DingTalk"}, [2]string{"QQBrowser", "QQ Browser"},
		[2]string{"UCBrowser", "UC Browser"}, [2]string{"Edg", "Edge"}, [2]string{"HuaweiBrowser", "Huawei Browser"},
		[2]string{"MiuiBrowser", "Mi Browser"}, [2]string{"Firefox", "Firefox"}, [2]string{"Chrome", "Chrome"}, [2]string{"Safari", "Safari"})
	system := pick([2]string{"HarmonyOS", "HarmonyOS"}, [2]string{"OpenHarmony", "HarmonyOS"}, [2]string{"Android", "Android"}, [2]string{"iPhone", "iPhone"},
		[2]string{"iPad", "iPad"}, [2]string{"Windows", "Windows"}, [2]string{"Mac OS X", "macOS"}, [2]string{"Linux", "Linux"})
	return strings.Trim(browser+" · "+system, " ·")
}
