package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gongbang/scheduler"
)

// JobRuns remembers calendar jobs and ticks; it is the scheduler's port.
type JobRuns struct{ db *DB }

// NewJobRuns makes the port over an open database.
func NewJobRuns(db *DB) *JobRuns { return &JobRuns{db} }

const lastRun = `SELECT due FROM job_run WHERE job = $1 ORDER BY due DESC LIMIT 1`

const openRuns = `SELECT due FROM job_run WHERE job = $1 AND ended_at IS NULL ORDER BY due LIMIT 100`

// State tells the latest due time of a job, and the runs that did not end.
func (j *JobRuns) State(ctx context.Context, job string) (scheduler.RunState, error) {
	return Read(ctx, j.db, func(ctx context.Context, tx *Tx) (scheduler.RunState, error) {
		var due int64
		err := tx.QueryRow(ctx, lastRun, job).Scan(&due)
		if errors.Is(err, sql.ErrNoRows) {
			return scheduler.RunState{}, nil
		}
		if err != nil {
			return scheduler.RunState{}, err
		}
		s := scheduler.RunState{Known: true, Last: at(due)}
		rows, err := tx.Query(ctx, openRuns, job)
		s.Open, err = all(rows, err, func(r *sql.Rows) (time.Time, error) {
			var due int64
			err := r.Scan(&due)
			return at(due), err
		})
		return s, err
	})
}

// One statement decides: the key refuses a second run, and the condition lets
// an unfinished one be taken over only once its lease ran out.
const beginRun = `INSERT INTO job_run (job, due, started_at, lease_until, attempt) VALUES ($1, $2, $3, $4, 1)
	ON CONFLICT (job, due) DO UPDATE
	SET started_at = excluded.started_at, lease_until = excluded.lease_until, attempt = job_run.attempt + 1
	WHERE job_run.ended_at IS NULL AND job_run.lease_until <= $5
	RETURNING attempt`

// Begin claims a due time and tells which attempt this is; 0: it is not to be had.
func (j *JobRuns) Begin(ctx context.Context, job string, due time.Time, lease time.Duration) (int, error) {
	return Do(ctx, j.db, func(ctx context.Context, tx *Tx) (int, error) {
		rows, err := tx.Query(ctx, beginRun, job, ms(due), ms(tx.now), ms(tx.now.Add(lease)), ms(tx.now))
		got, err := all(rows, err, func(r *sql.Rows) (n int, err error) { return n, r.Scan(&n) })
		if err != nil || len(got) == 0 {
			return 0, err
		}
		return got[0], nil
	})
}

const endRun = `UPDATE job_run SET ended_at = $1, error = $2
	WHERE job = $3 AND due = $4 AND attempt = $5 AND ended_at IS NULL`

const postponeRun = `UPDATE job_run SET lease_until = $1, error = $2
	WHERE job = $3 AND due = $4 AND attempt = $5 AND ended_at IS NULL`

// End settles a run, or lets it be begun again after a while.
func (j *JobRuns) End(ctx context.Context, job string, due time.Time, attempt int, e scheduler.RunEnd) error {
	n, err := Do(ctx, j.db, func(ctx context.Context, tx *Tx) (int64, error) {
		if e.RetryAfter > 0 {
			return tx.Exec(ctx, postponeRun, ms(tx.now.Add(e.RetryAfter)), e.Err, job, ms(due), attempt)
		}
		return tx.Exec(ctx, endRun, ms(tx.now), e.Err, job, ms(due), attempt)
	})
	if err == nil && n == 0 {
		return scheduler.ErrLeaseLost
	}
	return err
}

const noteRun = `INSERT INTO job_run (job, due, started_at, lease_until, ended_at, attempt, error)
	VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT (job, due) DO NOTHING`

// Note writes a due time off without a run.
func (j *JobRuns) Note(ctx context.Context, job string, due time.Time, why string) error {
	_, err := Do(ctx, j.db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.Exec(ctx, noteRun, job, ms(due), ms(tx.now), ms(tx.now), ms(tx.now), why)
	})
	return err
}

const insertTick = `INSERT INTO tick (minute) VALUES ($1) ON CONFLICT (minute) DO NOTHING`

// Tick notes that the service ran in the minute; several nodes write the same row.
func (j *JobRuns) Tick(ctx context.Context, minute time.Time) error {
	_, err := Do(ctx, j.db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.Exec(ctx, insertTick, ms(minute))
	})
	return err
}

const tidyTicks = `DELETE FROM tick WHERE minute IN (SELECT minute FROM tick WHERE minute < $1 LIMIT $2)`

// TidyTicks removes ticks from before: nobody is judged by them any more.
func (j *JobRuns) TidyTicks(ctx context.Context, before time.Time) (int, error) {
	return Do(ctx, j.db, func(ctx context.Context, tx *Tx) (int, error) {
		n, err := tx.Exec(ctx, tidyTicks, ms(before), tidyBatch)
		return int(n), err
	})
}

const recentRuns = `SELECT job, due, started_at, ended_at, attempt, error FROM job_run ORDER BY started_at DESC, job LIMIT $1`

// JobRun is one run as the operator sees it. EndedAt nil: it runs, or will be taken over.
type JobRun struct {
	Job            string
	Due, StartedAt time.Time
	EndedAt        *time.Time
	Attempt        int
	Err            string
}

// Recent lists the latest runs of all calendar jobs, newest first.
func (j *JobRuns) Recent(ctx context.Context, limit int) ([]JobRun, error) {
	return Read(ctx, j.db, func(ctx context.Context, tx *Tx) ([]JobRun, error) {
		rows, err := tx.Query(ctx, recentRuns, limit)
		return all(rows, err, func(r *sql.Rows) (JobRun, error) {
			var run JobRun
			var due, started int64
			var ended sql.NullInt64
			err := r.Scan(&run.Job, &due, &started, &ended, &run.Attempt, &run.Err)
			run.Due, run.StartedAt, run.EndedAt = at(due), at(started), atPtr(ended)
			return run, err
		})
	})
}
