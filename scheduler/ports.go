package scheduler

import (
	"context"
	"errors"
	"time"

	"gongbang/account"
)

// ErrLeaseLost is told when somebody else took a run or an event over.
var ErrLeaseLost = errors.New("scheduler: the lease was lost")

// Event is an outbox row that this node claimed. Tries counts this one too.
type Event struct {
	account.Event
	ID      int64
	Created time.Time
	Tries   int
	Lease   time.Time // until then nobody else claims it; names the claim
}

// Failure says what becomes of an event that could not be delivered.
type Failure struct {
	Reason string        // no contact, name or text in it
	After  time.Duration // until the next try
	Dead   bool          // no further try: a person has to look
}

// Outbox remembers what has to leave. Each event of a claim is this node's
// until its lease ends; the calls that settle one tell ErrLeaseLost when it no longer is.
type Outbox interface {
	// Claim takes at most limit events that are due, oldest first.
	Claim(ctx context.Context, lease time.Duration, limit int) ([]Event, error)
	Done(ctx context.Context, e Event) error
	// Split settles e and writes the events it turned into, in one transaction.
	Split(ctx context.Context, e Event, into []account.Event) error
	Fail(ctx context.Context, e Event, f Failure) error
	// Release gives events back untried, to be due after a while.
	Release(ctx context.Context, events []Event, after time.Duration) error
	Stats(ctx context.Context) (OutboxStats, error)
	// Dead lists what was given up, newest first.
	Dead(ctx context.Context, limit int) ([]DeadLetter, error)
}

// OutboxStats is what /readyz tells.
type OutboxStats struct {
	Waiting int
	Oldest  time.Time // when the oldest waiting event was written; zero: none waits
	Dead    int
}

// DeadLetter is an event that was given up.
type DeadLetter struct {
	ID                 int64
	Kind, Key, Subject string
	Created, DiedAt    time.Time
	Tries              int
	Reason             string
}

// Runs remembers calendar jobs and ticks. Times of leases are the database's.
type Runs interface {
	// State tells the latest due time of a job, and the runs that did not end.
	State(ctx context.Context, job string) (RunState, error)
	// Begin claims a due time: as the first, or when the lease of a run that
	// did not end ran out. attempt 0: it is somebody else's, or has ended.
	Begin(ctx context.Context, job string, due time.Time, lease time.Duration) (attempt int, err error)
	// End settles a run. ErrLeaseLost when it was taken over.
	End(ctx context.Context, job string, due time.Time, attempt int, e RunEnd) error
	// Note writes a due time off without a run; nothing happens when it is known.
	Note(ctx context.Context, job string, due time.Time, why string) error
	// Tick notes that the service ran in the minute.
	Tick(ctx context.Context, minute time.Time) error
}

// RunState of one job. Known is false when no due time was ever written.
type RunState struct {
	Known bool
	Last  time.Time
	Open  []time.Time // due times that did not end, oldest first; at most 100
}

// RunEnd says how a run ended; with RetryAfter it has not ended and may be
// begun again after that.
type RunEnd struct {
	Err        string
	RetryAfter time.Duration
}

// Engine is the booking engine's part that time drives. Each call handles one
// batch and tells how many rows it changed; 0 is nothing left.
type Engine interface {
	NoShowDue(ctx context.Context) (int, error)
	CompleteDue(ctx context.Context) (int, error)
	RejectDue(ctx context.Context) (int, error)
	// OutageDue looks after whom an overdue repair comes to hit.
	OutageDue(ctx context.Context) (int, error)
	// ProlongDue gives people back the time to cancel that an outage of the service took.
	ProlongDue(ctx context.Context) (int, error)
	// JobSurveyDue finishes staff-run jobs that lie ready for two days.
	JobSurveyDue(ctx context.Context) (int, error)
	// ReminderDue hands out the reminders before a start.
	ReminderDue(ctx context.Context) (int, error)
}

// SurveyJobs is the survey's part that time drives; survey.Service is one. The
// drains as in Engine.
type SurveyJobs interface {
	SendDue(ctx context.Context) (int, error)
	RemindDue(ctx context.Context) (int, error)
	ExpireDue(ctx context.Context) (int, error)
	Flush(ctx context.Context) (int, error)
	// Tidy forgets what no rule needs any longer.
	Tidy(ctx context.Context) error
	// AskYearly asks everybody who came in the twelve months before due.
	AskYearly(ctx context.Context, due time.Time) (int, error)
	// CloseMonth fixes the cells of every month that is over and can be closed.
	CloseMonth(ctx context.Context) (int, error)
	// TellMonth lets the mail about the month before due leave.
	TellMonth(ctx context.Context, due time.Time) (bool, error)
	// RemindCases tells that answers to people are due.
	RemindCases(ctx context.Context) (int, error)
	// AlertLow tells managers of low scores that have come together.
	AlertLow(ctx context.Context) (int, error)
}

// Upkeep keeps the house; the drains as in Engine, the rest may run again.
type Upkeep interface {
	SealAudit(ctx context.Context) (int, error)
	// Tidy removes what expired: idempotency keys, old ticks, settled events.
	Tidy(ctx context.Context) (int, error)
	PurgeAccounts(ctx context.Context) (int, error)
	AuditHead(ctx context.Context, due time.Time) error
	Retention(ctx context.Context, due time.Time) error
	Backup(ctx context.Context, due time.Time) error
}
