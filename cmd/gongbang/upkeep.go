package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/scheduler"
	"gongbang/store"
)

const (
	keepKeysFor   = 24 * time.Hour
	keepTicksFor  = 7 * 24 * time.Hour
	keepEventsFor = 30 * 24 * time.Hour
	keepAuditFor  = 2 * 365 * 24 * time.Hour
	keepAsksFor   = 180 * 24 * time.Hour
	keepBackups   = 7
)

// newScheduler puts the jobs together; it starts nothing.
func (a *app) newScheduler(ctx context.Context) (*scheduler.Scheduler, error) {
	c, err := a.bookings.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	return scheduler.New(scheduler.Deps{
		Clock: a.clock, Zone: c.Zone, Every: time.Duration(a.cfg.JobsEvery), Log: a.log, Record: func(scheduler.Outcome) {},
		Ready: func(context.Context) error { return a.drift.fault() },
		Runs:  store.NewJobRuns(a.db), Delivery: a.delivery, Engine: a.bookings, Surveys: a.surveys, Upkeep: upkeep{a},
	})
}

// upkeep keeps the house.
type upkeep struct{ a *app }

func (u upkeep) SealAudit(ctx context.Context) (int, error) { return u.a.db.SealAudit(ctx) }

// Tidy removes what has expired.
func (u upkeep) Tidy(ctx context.Context) (int, error) {
	now := u.a.clock()
	keys, err1 := u.a.db.TidyKeys(ctx, now.Add(-keepKeysFor))
	ticks, err2 := store.NewJobRuns(u.a.db).TidyTicks(ctx, now.Add(-keepTicksFor))
	events, err3 := store.NewOutbox(u.a.db).Tidy(ctx, now.Add(-keepEventsFor))
	asks, err4 := u.a.db.TidyInquiries(ctx, now.Add(-keepAsksFor))
	return keys + ticks + events + asks, errors.Join(err1, err2, err3, err4)
}

func (u upkeep) PurgeAccounts(ctx context.Context) (int, error) {
	n, err := u.a.db.PurgeAccounts(ctx)
	_, folded := u.a.db.FoldLeft(ctx)
	return int(n), errors.Join(err, folded)
}

// AuditHead lets the newest seal leave the database with the log, so that
// seals that are cut off later are missed.
func (u upkeep) AuditHead(ctx context.Context, due time.Time) error {
	head, err := u.a.db.AuditHead(ctx)
	if err == nil && head != "" {
		u.a.log.Info("audit head", "head", head, "due", due)
	}
	return err
}

// Retention destroys what is past its date, and what is left in the file of
// people who are gone.
func (u upkeep) Retention(ctx context.Context, _ time.Time) error {
	n, err := u.a.db.PruneAudit(ctx, u.a.clock().Add(-keepAuditFor))
	if n > 0 {
		u.a.log.Info("audit rows past their date are destroyed", "rows", n)
	}
	old, destroyed := u.a.db.DestroyOld(ctx)
	if old > 0 {
		u.a.log.Info("what is past its date is destroyed", "rows", old)
	}
	anew, compacted := u.a.db.Compact(ctx)
	if anew {
		u.a.log.Info("the database file was made anew after people left or data were destroyed")
	}
	return errors.Join(err, destroyed, compacted)
}

// Backup copies the SQLite file each night and keeps a week of copies. What
// could link an answer to a person is flushed first.
func (u upkeep) Backup(ctx context.Context, due time.Time) error {
	if u.a.cfg.DatabaseURL != "" {
		return nil
	}
	if _, err := u.a.surveys.Flush(ctx); err != nil {
		return err
	}
	c, err := u.a.bookings.Catalog(ctx)
	if err != nil {
		return err
	}
	dir := filepath.Join(string(u.a.cfg.Data), "backups")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	name := fmt.Sprintf("gongbang-%s.db", booking.DateOf(due, c.Zone))
	if err := u.a.db.Backup(ctx, filepath.Join(dir, name)); err != nil {
		return err
	}
	return dropOldBackups(dir)
}

func dropOldBackups(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "gongbang-") && strings.HasSuffix(e.Name(), ".db") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names) // the date is in the name
	var errs []error
	for _, n := range names[:max(0, len(names)-keepBackups)] {
		errs = append(errs, os.Remove(filepath.Join(dir, n)))
	}
	return errors.Join(errs...)
}
