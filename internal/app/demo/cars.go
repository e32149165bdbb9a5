package demo

import (
	"context"
	"hash/fnv"
	"strconv"
	"time"

	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
)

// cars is a simulated vehicle company: what it tells of a VIN is always the
// same, and some vehicles are recalled.
type cars struct{ now func() time.Time }

var models = []inbox.Text{{Zh: "远行 E5", En: "Yuanxing E5"}, {Zh: "远行 E7", En: "Yuanxing E7"}, {Zh: "远行 S7", En: "Yuanxing S7"}}

// terms are what is warranted of each part that the flow names.
var terms = map[string]struct {
	years int
	km    int // kilometres
}{"battery": {8, 160_000}, "motor": {8, 160_000}, "engine": {3, 100_000}, "vehicle": {3, 100_000}}

// unwarranted is the VIN of a vehicle that the company has not built.
const unwarranted = "00000000000000000"

// LookUp is assist.Cars.
func (c cars) LookUp(_ context.Context, call flow.Call) (map[string]string, bool, error) {
	zh := call.Language != "en"
	say := func(z, e string) string {
		if zh {
			return z
		}
		return e
	}
	vin := call.With["vin"]
	if vin == unwarranted {
		return nil, false, nil
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(vin)) // never fails
	n := h.Sum32()
	built := time.Date(2021+int(n%5), time.Month(1+n%12), 1, 0, 0, 0, 0, time.UTC)
	switch call.Seam {
	case "vehicle.look_up":
		return map[string]string{"model": models[n%uint32(len(models))].In(call.Language)}, true, nil
	case "recall.look_up":
		if n%2 != 0 {
			return map[string]string{"count": "0"}, true, nil
		}
		return map[string]string{
			"count": "1", "name": say("高压线束接头", "High-voltage harness connector"), "remedy": say("免费更换线束接头，约 2 小时", "The connector is replaced free of charge, in about 2 hours"),
		}, true, nil
	case "warranty.look_up":
		t := terms[call.With["part"]]
		km, _ := strconv.Atoi(call.With["mileage"]) // of a mileage slot: digits
		until := built.AddDate(t.years, 0, 0)
		covered := say("是", "yes")
		if km > t.km || until.Before(c.now()) {
			covered = say("否", "no")
		}
		return map[string]string{
			"covered": covered, "until": until.Format("2006-01-02"),
			"terms": say(strconv.Itoa(t.years)+" 年或 "+strconv.Itoa(t.km/10_000)+" 万公里，先到为准", strconv.Itoa(t.years)+" years or "+strconv.Itoa(t.km)+" km, whichever comes first"),
		}, true, nil
	case "workshop.free":
		return map[string]string{"place": call.With["city"] + say("远行服务中心", " Yuanxing service centre"), "time": call.Shown["when"]}, true, nil
	}
	return nil, false, nil
}
