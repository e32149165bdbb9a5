package call

import (
	"time"

	"yingda/internal/kit/fault"
)

// Keeping is how long recordings are kept (录音保存期限).
type Keeping struct {
	Days int `json:"days"` // after the end of the call; 0: for good
}

// DefaultKeeping is half a year.
func DefaultKeeping() Keeping { return Keeping{Days: 180} }

const mostDays = 3650

// Check returns what is wrong with it.
func (k Keeping) Check() error {
	if k.Days < 0 || k.Days > mostDays {
		return fault.New(fault.Invalid, "keeping.days", "recordings are kept for 1 to %d days, or 0 for good", mostDays).In("days")
	}
	return nil
}

// Before returns when calls have ended whose recordings are to go now; false if
// they are kept for good.
func (k Keeping) Before(now time.Time) (time.Time, bool) {
	return now.AddDate(0, 0, -k.Days), k.Days > 0
}

// WithoutFile returns the record after its recording was removed.
func (r Record) WithoutFile(at time.Time) Record {
	r.Recording.File, r.Recording.Removed = "", at
	return r
}
