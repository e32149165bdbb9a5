package desk

import (
	"context"
	"slices"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/company"
	"yingda/internal/domain/event"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Settings returns the company's settings. Everyone who works here sees them:
// they hold the categories and results that conversations are closed with.
func (d *Desk) Settings(ctx context.Context) (company.Settings, error) {
	return d.DB.Now().Company(ctx)
}

// Company returns what the widget says of us.
func (d *Desk) Company(ctx context.Context) (channel.Company, error) {
	s, err := d.DB.Now().Company(ctx)
	return channel.Company{Name: s.Company, Phone: s.Phone}, err
}

// ChangeSettings changes the company's settings and tells the consoles to read
// them again. Two people who change different fields at once both succeed.
func (d *Desk) ChangeSettings(ctx context.Context, by agent.Actor, change company.Change) (s company.Settings, err error) {
	defer fault.Wrap(&err, "change the settings")
	if err := by.Need(agent.SettingManage); err != nil {
		return s, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.CompanyToChange(ctx)
		if err != nil {
			return err
		}
		var fields []string
		if s, fields = was.Apply(change); len(fields) == 0 {
			return nil
		}
		if err := s.Check(); err != nil {
			return err
		}
		if slices.Contains(fields, "results") {
			if err := teamsExist(ctx, tx, s.NamedTeams()); err != nil {
				return err
			}
		}
		now := d.Now()
		if err := tx.SaveCompany(ctx, s, now); err != nil {
			return err
		}
		if err := tx.Audit(ctx, audit.By(by, now, "setting.change", audit.Object{Kind: "setting", ID: "company", Name: s.Company.Zh}, map[string]any{"fields": fields})); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
	})
	return s, err
}

// today returns the company's day at a time: the date that the people who
// work here would write.
func today(s company.Settings, now time.Time) time.Time { return now.In(s.PhoneHours.Location()) }
