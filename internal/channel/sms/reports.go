package sms

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/sms"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

// Reports is where providers tell what became of texts, and what was answered.
// They sign nothing: the address is a secret.
type Reports struct {
	Desk   channel.TextReports
	Errors serve.Errors
}

const longestReport = 1 << 20

// Handler answers at [channel.TextReportsPath].
func (d *Reports) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+channel.TextReportsPath+"{secret}", d.Errors.Handler(d.take))
	return mux
}

func (d *Reports) take(w http.ResponseWriter, r *http.Request) error {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestReport))
	if err != nil {
		return fault.New(fault.TooLarge, "sms.report_large", "a report has at most %d MB", longestReport>>20)
	}
	all, err := parse(b)
	if err != nil {
		return fault.New(fault.Invalid, "sms.report", "this is no report of a provider that we know").Because(err)
	}
	ctx, done := context.WithTimeout(r.Context(), 20*time.Second)
	defer done()
	if err := d.Desk.TextReports(ctx, r.PathValue("secret"), all); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	// What either provider reads as taken.
	_, err = io.WriteString(w, `{"code":0,"msg":"OK","result":0,"errmsg":"OK"}`)
	return err
}

// entry is one report of either provider, or of a gateway; they have no field in
// common that means two things.
type entry struct {
	// Aliyun: SmsReport and SmsUp
	PhoneNumber string `json:"phone_number"`
	Success     *bool  `json:"success"`
	ErrCode     string `json:"err_code"`
	ErrMsg      string `json:"err_msg"`
	BizID       string `json:"biz_id"`
	Content     string `json:"content"`
	// Tencent: the report and the answer
	Mobile       string `json:"mobile"`
	ReportStatus string `json:"report_status"`
	ErrorMessage string `json:"errmsg"`
	Description  string `json:"description"`
	SID          string `json:"sid"`
	Text         string `json:"text"`
	// a gateway
	ID     string `json:"id"`
	To     string `json:"to"`
	Status string `json:"status"` // delivered or failed
	Code   string `json:"code"`
	Reason string `json:"reason"`
	From   string `json:"from"` // of an answer, with text
}

func parse(b []byte) ([]sms.Report, error) {
	var entries []entry
	text := strings.TrimSpace(string(b))
	if strings.HasPrefix(text, "{") {
		text = "[" + text + "]"
	}
	if err := json.Unmarshal([]byte(text), &entries); err != nil {
		return nil, err
	}
	all := make([]sms.Report, 0, len(entries))
	for _, e := range entries {
		all = append(all, e.report())
	}
	return all, nil
}

func (e entry) report() sms.Report {
	state := func(ok bool) sms.State {
		if ok {
			return sms.Delivered
		}
		return sms.Failed
	}
	switch {
	case e.Success != nil:
		return sms.Report{Accepted: e.BizID, Number: e.PhoneNumber, State: state(*e.Success), Code: clip(e.ErrCode), Reason: clip(e.ErrMsg)}
	case e.PhoneNumber != "":
		return sms.Report{Number: e.PhoneNumber, Answer: clip(e.Content)}
	case e.ReportStatus != "":
		return sms.Report{Accepted: e.SID, Number: e.Mobile, State: state(e.ReportStatus == "SUCCESS"), Code: clip(e.ErrorMessage), Reason: clip(e.Description)}
	case e.Mobile != "":
		return sms.Report{Number: e.Mobile, Answer: clip(e.Text)}
	case e.Status != "":
		return sms.Report{Accepted: e.ID, Number: e.To, State: state(e.Status == "delivered"), Code: clip(e.Code), Reason: clip(e.Reason)}
	}
	return sms.Report{Number: e.From, Answer: clip(e.Text)}
}
