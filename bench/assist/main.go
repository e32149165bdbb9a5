// Assist measures the assistant without a model: how fast it answers from
// 10,000 questions, and with -data how well from public sets of questions.
//
//	go run ./bench/assist
//	go run ./bench/assist -suggestions
//	go run ./bench/assist -articles bench/assist/asked.tsv
//	go run ./bench/assist -data FOLDER
//
// FOLDER holds BANKING77 (banking77_train.csv, banking77_test.csv), CLINC150
// (clinc150_full.json) and LCQMC (lcqmc_test.tsv) as they are published. Of each
// set one line is printed: the mean over splits that differ in what is left out.
package main

import (
	"flag"
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"strings"
	"time"

	"yingda/bench/internal/rig"
	"yingda/internal/assist"
	"yingda/internal/domain/retrieve"
)

func main() {
	folder := flag.String("data", "", "folder of the public sets; empty measures speed")
	splits := flag.Int("splits", 5, "how many splits of each set")
	precision := flag.Float64("precision", 0, "share of outright answers that is to be right; 0 is the usual")
	asked := flag.String("articles", "", "file of texts to ask the demonstration's articles; empty asks them nothing")
	verbose := flag.Bool("v", false, "with -articles: every text on standard error")
	typed := flag.Bool("suggestions", false, "measure the suggestions to who types")
	questions := flag.Int("questions", 10_000, "questions to make for the speed")
	flag.Parse()
	switch {
	case *asked != "":
		articles(*asked, *verbose)
		return
	case *typed:
		rig.Print(suggestions(*questions))
		return
	case *folder == "":
		rig.Print(speed(*questions))
		return
	}
	for _, b := range []struct {
		read func(folder string) (set, error)
		part func(set, *rand.Rand) split
	}{{banking, set.labelled}, {clinc, set.labelled}, {lcqmc, set.single}} {
		s, err := b.read(*folder)
		rig.Must(err)
		var sum assist.Evaluation
		for i := range *splits {
			p := b.part(s, rand.New(rand.NewPCG(uint64(i+1), 0)))
			add(&sum, assist.Evaluate(p.base, p.trials, retrieve.Limits{Precision: *precision}, time.Now))
		}
		rig.Print(struct {
			Set    string `json:"set"`
			Splits int    `json:"splits"`
			assist.Evaluation
		}{s.name, *splits, mean(sum, *splits)})
	}
}

// add adds every figure of one evaluation to a sum.
func add(sum *assist.Evaluation, e assist.Evaluation) {
	to, from := reflect.ValueOf(sum).Elem(), reflect.ValueOf(e)
	for i := range to.NumField() {
		if f := to.Field(i); f.CanInt() {
			f.SetInt(f.Int() + from.Field(i).Int())
		} else {
			f.SetFloat(f.Float() + from.Field(i).Float())
		}
	}
}

func mean(sum assist.Evaluation, n int) assist.Evaluation {
	v := reflect.ValueOf(&sum).Elem()
	for _, f := range v.Fields() {
		if f.CanInt() {
			f.SetInt(f.Int() / int64(n))
		} else {
			f.SetFloat(float64(int(f.Float()/float64(n)*1e4+0.5)) / 1e4)
		}
	}
	return sum
}

// pace is what speed prints.
type pace struct {
	Questions  int     `json:"questions"`
	Phrasings  int     `json:"phrasings"`
	Rebuild    float64 `json:"rebuild_s"`
	RebuildCPU float64 `json:"rebuild_cpu_s"`
	P50        float64 `json:"answer_p50_ms"`
	P99        float64 `json:"answer_p99_ms"`
	CPU        float64 `json:"answer_cpu_ms"` // mean: what others take of the machine is left out
	Heap       float64 `json:"heap_mb"`       // that one knowledge base holds
	Peak       float64 `json:"peak_heap_mb"`  // while a second one is built beside it
	During     int     `json:"answered_during_rebuild"`
	P99During  float64 `json:"answer_p99_ms_during_rebuild"`
}

// ways is how often each made question is asked.
const ways = 5

// speed asks while the knowledge base rests, and while it is built anew.
func speed(questions int) pace {
	entries := made(questions)
	out := pace{Questions: questions, Phrasings: questions * ways}
	before := heap(true)
	x := retrieve.New(entries)
	out.Heap = heap(true) - before
	asked := made(questions)
	ask := func(n int) time.Duration {
		e := asked[(n*7919)%questions]
		began := time.Now()
		x.Decide(e.Phrasings[n%len(e.Phrasings)]+"，昨天问过一次", retrieve.Limits{Language: "zh"})
		return time.Since(began)
	}
	const asks = 5000
	took := make([]time.Duration, asks)
	used := rig.CPUOf(os.Getpid())
	for n := range took {
		took[n] = ask(n)
	}
	out.CPU = float64((rig.CPUOf(os.Getpid())-used).Microseconds()/asks) / 1000
	out.P50, out.P99 = rig.Percentiles(took)
	done := make(chan *retrieve.Index)
	began, cpu := time.Now(), rig.CPUOf(os.Getpid())
	go func() { done <- retrieve.New(entries) }()
	var during []time.Duration
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case fresh := <-done:
			out.Rebuild, out.RebuildCPU = time.Since(began).Seconds(), (rig.CPUOf(os.Getpid()) - cpu).Seconds()
			runtime.KeepAlive(fresh)
			out.During = len(during)
			_, out.P99During = rig.Percentiles(during)
			return out
		case <-tick.C:
			during = append(during, ask(n))
			if n%20 == 0 { // looking stops the world
				out.Peak = max(out.Peak, heap(false)-before)
			}
		}
	}
}

// heap returns what is in use, in MB.
func heap(collect bool) float64 {
	if collect {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// made returns questions of words that occur as unevenly as in real ones.
func made(questions int) []retrieve.Entry {
	things := strings.Fields("退款 发票 保养 召回 质保 充电 电池 轮胎 刹车片 空调 导航 蓝牙 钥匙 账户 密码 订单 配件 保险 救援 拖车 年检 上牌 过户 里程 升级 天窗 座椅 雷达 摄像头 雨刮 大灯 机油 变速箱 底盘 异响 漏油 积分 优惠券 门店 预约")
	acts := strings.Fields("怎么申请 如何查询 多久到账 在哪里办理 可以取消吗 需要什么材料 收费吗 坏了怎么办 打不开 连不上 不亮了 什么时候好 怎么更换 能不能退 多少钱")
	more := strings.Fields("我的 昨天 上个月 新车 二手车 公司 家用 这台 之前 刚刚 周末 节假日 外地 高速 小区 车库 手机 网上 门店 电话")
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(of []string) string { return of[int(float64(len(of))*r.Float64()*r.Float64())] }
	out := make([]retrieve.Entry, questions)
	for i := range out {
		a, b, act := pick(things), pick(things), pick(acts)
		var texts []string
		for range ways {
			texts = append(texts, pick(more)+a+act+pick(more)+b+pick(acts))
		}
		out[i] = retrieve.Entry{ID: int64(i + 1), Language: "zh", Question: texts[0], Phrasings: texts[1:], Text: "您可以在系统中办理" + a + "，客服会在一个工作日内与您联系。"}
	}
	return out
}
