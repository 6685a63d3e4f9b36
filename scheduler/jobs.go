package scheduler

import (
	"context"
	"time"
)

// catchUp says what becomes of due times that passed while nobody ran.
type catchUp uint8

const (
	catchAll    catchUp = iota // each of them, oldest first
	catchLatest                // the last one alone
	catchSkip                  // none
)

// drain is a job whose rows say what is due: it runs on every tick and node.
type drain struct {
	name    string
	timeout time.Duration
	run     func(Deps) func(context.Context) (int, error)
}

// dated is a calendar job: it runs once for each due time, on one node.
type dated struct {
	name    string
	spec    string // minute hour day month weekday, in the catalog's zone
	catchUp catchUp
	timeout time.Duration
	run     func(Deps) func(ctx context.Context, due time.Time) error
}

// drains and calendarJobs are the table of every job.
var drains = []drain{
	{Outboxing, 5 * time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Delivery.Run }},
	{"booking.prolong", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Engine.ProlongDue }},
	{"booking.no_show", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Engine.NoShowDue }},
	{"booking.complete", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Engine.CompleteDue }},
	{"booking.reject_unanswered", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Engine.RejectDue }},
	{"booking.remind", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Engine.ReminderDue }},
	{"booking.outage", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Engine.OutageDue }},
	{"booking.job_survey", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Engine.JobSurveyDue }},
	{"survey.send", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Surveys.SendDue }},
	{"survey.remind", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Surveys.RemindDue }},
	{"survey.expire", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Surveys.ExpireDue }},
	{"survey.flush", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Surveys.Flush }},
	{"survey.case_due", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Surveys.RemindCases }},
	{"survey.low", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Surveys.AlertLow }},
	{"survey.tidy", time.Minute, func(d Deps) func(context.Context) (int, error) { return once(d.Surveys.Tidy) }},
	{"audit.seal", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Upkeep.SealAudit }},
	{"tidy", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Upkeep.Tidy }},
	{"account.purge", time.Minute, func(d Deps) func(context.Context) (int, error) { return d.Upkeep.PurgeAccounts }},
}

// Due times lie outside 02:00 to 03:00, which daylight saving skips in many zones.
var calendarJobs = []dated{
	// The 5th closes the month; one whose answers still wait in an inbox (25 h at the most) is closed on a day after.
	{"survey.close_month", "15 4 5-8 * *", catchLatest, 30 * time.Minute, func(d Deps) func(context.Context, time.Time) error {
		return func(ctx context.Context, _ time.Time) error { _, err := d.Surveys.CloseMonth(ctx); return err }
	}},
	// After the closing, in the hours in which people work.
	{"survey.monthly", "30 9 6 * *", catchLatest, 5 * time.Minute, func(d Deps) func(context.Context, time.Time) error {
		return func(ctx context.Context, due time.Time) error { _, err := d.Surveys.TellMonth(ctx, due); return err }
	}},
	{"survey.yearly", "0 10 1 12 *", catchLatest, 30 * time.Minute, func(d Deps) func(context.Context, time.Time) error {
		return func(ctx context.Context, due time.Time) error { _, err := d.Surveys.AskYearly(ctx, due); return err }
	}},
	{"audit.head", "10 0 * * *", catchLatest, 5 * time.Minute, func(d Deps) func(context.Context, time.Time) error { return d.Upkeep.AuditHead }},
	{"retention", "30 4 * * *", catchLatest, 30 * time.Minute, func(d Deps) func(context.Context, time.Time) error { return d.Upkeep.Retention }},
	{"backup", "30 3 * * *", catchLatest, 30 * time.Minute, func(d Deps) func(context.Context, time.Time) error { return d.Upkeep.Backup }},
}

// once makes a drain of a call that does not count.
func once(call func(context.Context) error) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) { return 0, call(ctx) }
}

// Outboxing is the name of the delivery: wake it after a commit that wrote events.
const Outboxing = "outbox"

// ticking is the name of the job that notes each minute.
const ticking = "tick"

// Jobs names every job of the table.
func Jobs() []string {
	names := []string{ticking}
	for _, j := range drains {
		names = append(names, j.name)
	}
	for _, j := range calendarJobs {
		names = append(names, j.name)
	}
	return names
}
