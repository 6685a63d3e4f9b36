package booking

import (
	"context"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// jobSurveyDelay is how long after a staff-run job is ready the person is asked, if it was not collected.
const jobSurveyDelay = 48 * time.Hour

var jobStates = []JobState{JobWaiting, JobReceived, JobWorking, JobReady, JobCollected}

// newJob is the job of a booking: every booking of a staff-run machine has one.
func newJob(e *Equipment, r *JobRequest) *Job {
	if e.Mode != Operator && r == nil {
		return nil
	}
	j := &Job{State: JobWaiting}
	if r != nil {
		j.What, j.Quantity, j.DueDate, j.Note = r.What, r.Quantity, r.DueDate, r.Note
	}
	return j
}

// ChangeJob moves a job forward. Received is the check-in, also days before;
// collected ends the use. A new promise alone (the same state) is a delay.
func (s *Service) ChangeJob(ctx context.Context, actor account.Actor, id string, req JobChange) (*View, error) {
	if !slices.Contains(jobStates, req.State) {
		return nil, fault.BadField("state", "oneof", "waiting received working ready collected")
	}
	ch := change{verb: VerbJob, action: "booking.job", reason: string(req.State), version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		return b.changeJob(ctx, tx, req)
	}
	return s.apply(ctx, actor, id, ch)
}

func (b *Booking) changeJob(ctx context.Context, tx Tx, req JobChange) ([]account.Event, error) {
	if b.Details.Job == nil {
		return nil, fault.ErrState.With("status", string(b.Status))
	}
	j := *b.Details.Job
	from, to := slices.Index(jobStates, j.State), slices.Index(jobStates, req.State)
	if to < from || to == 0 && req.PromisedAt == nil && req.Note == "" {
		return nil, fault.ErrState.With("status", string(j.State))
	}
	delayed := req.PromisedAt != nil && j.PromisedAt != nil && req.PromisedAt.After(*j.PromisedAt)
	now := tx.Now()
	j.State = req.State
	if req.Note != "" {
		j.StaffNote = req.Note
	}
	if req.PromisedAt != nil {
		p := req.PromisedAt.UTC()
		j.PromisedAt = &p
	}
	if req.State == JobReady && from != to {
		j.ReadyAt = &now
		b.askLater(now)
	}
	b.Details.Job = &j
	events, err := b.jobStep(ctx, tx, req.State, now)
	if err != nil {
		return nil, err
	}
	switch {
	case delayed:
		events = append(events, event("job.delayed", b, nil))
	case from != to && req.State == JobReceived:
		events = append(events, event("job.received", b, nil))
	case from != to && req.State == JobReady:
		events = append(events, event("job.ready", b, nil))
	}
	return events, nil
}

// jobStep is what a job's state means for the booking: from received on the
// person counts as checked in; collected ends the use and lets the survey ask.
func (b *Booking) jobStep(ctx context.Context, tx Tx, state JobState, now time.Time) ([]account.Event, error) {
	if b.Status == Confirmed && state != JobWaiting {
		b.CheckedInAt, b.Details.Attendance = &now, "attended"
		if err := b.save(ctx, tx, VerbJob, CheckedIn); err != nil {
			return nil, err
		}
	}
	if state == JobCollected && b.Status == CheckedIn {
		return b.finish(ctx, tx, VerbJob, now, b.buffer())
	}
	if state == JobCollected {
		ev := b.surveyed(now)
		return ev, b.save(ctx, tx, VerbJob, Completed)
	}
	if b.Status == Confirmed { // waiting: a note or a promise before anything is received
		return nil, tx.Update(ctx, b, Confirmed)
	}
	return nil, tx.Update(ctx, b, b.Status)
}

// Continue makes another booking of the same job, outside limits and strikes.
func (s *Service) Continue(ctx context.Context, actor account.Actor, id string, start, end time.Time, key *Key) (*View, bool, error) {
	if v, err := s.replayed(ctx, actor, key); v != nil || err != nil {
		return v, v != nil, err
	}
	i := Interval{start.UTC(), end.UTC()}
	if err := checkInterval(i); err != nil {
		return nil, false, err
	}
	newID, code := s.NewID(), s.NewCode()
	m, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*made, error) {
		if key != nil {
			if r, err := tx.Claim(ctx, *key, newID); r != nil || err != nil {
				return &made{replay: r}, err
			}
		}
		b, c, err := s.forChange(ctx, tx, actor, id, change{verb: VerbContinue})
		if err != nil {
			return nil, err
		}
		return s.continueJob(ctx, tx, actor, b, c, i, newID, code)
	})
	return s.answer(ctx, actor, ask{interval: i, equipment: m.equipment()}, key, m, err)
}

// continueJob writes the next booking of the job and passes the job on to it.
func (s *Service) continueJob(ctx context.Context, tx Tx, actor account.Actor, b *Booking, c *Catalog, i Interval, id, code string) (*made, error) {
	if b.Details.Job == nil {
		return nil, fault.ErrState.With("status", string(b.Status))
	}
	a := ask{equipment: b.EquipmentID, interval: i, people: b.Details.People, ofAge: true, byStaff: true}
	f, err := s.facts(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	if err := f.judge(a, tx.Now()).waive().refusal(); err != nil {
		return nil, err
	}
	e, _ := c.Machine(b.EquipmentID)
	now := tx.Now()
	next := &Booking{ID: id, Code: code, Status: CheckedIn, Version: 1, AccountID: b.AccountID, MadeBy: actor.Name(), Origin: Continued,
		CreatedAt: now, CheckedInAt: &now, Details: Details{People: b.Details.People, Attendance: "attended", ConfirmedAt: &now, Consent: b.Details.Consent}}
	job := *b.Details.Job
	next.Details.Job, next.Details.JobOf = &job, b.root()
	next.place(f.Catalog, e, i, now)
	if err := s.occupy(ctx, tx, f, next, "", placing{prefer: b.Unit}); err != nil {
		return nil, err
	}
	b.SurveyAt, b.Details.JobWentOn = nil, true // the last booking of the job is asked about, not this one
	if err := tx.Update(ctx, b, b.Status); err != nil {
		return nil, err
	}
	people, err := tx.People(ctx, []string{b.AccountID})
	p := people[b.AccountID]
	if err != nil {
		return nil, err
	}
	return &made{booking: next, catalog: f.Catalog, person: &Person{ID: p.ID, Name: p.Name, Phone: p.Phone}},
		tx.Trace(ctx, entry(actor, "booking.continue", next, ""), event("booking.confirmed", next, nil))
}

// askLater lets the survey ask some days after t, if the job ends with this booking.
func (b *Booking) askLater(t time.Time) {
	if due := t.Add(jobSurveyDelay); !b.Details.JobWentOn {
		b.SurveyAt = &due
	}
}

// root is the first booking of the job.
func (b *Booking) root() string {
	if b.Details.JobOf != "" {
		return b.Details.JobOf
	}
	return b.ID
}

func (m *made) equipment() string {
	if m == nil || m.booking == nil {
		return ""
	}
	return m.booking.EquipmentID
}
