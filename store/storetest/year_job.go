package storetest

import (
	"context"
	"fmt"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// staffRun is the machine on which people leave jobs.
const staffRun = "m09"

// yearJob is a job as its person knows it.
type yearJob struct {
	state    booking.JobState
	uses     []*yearUse // that it took so far
	promised time.Time
	delayed  int
	ready    time.Time
}

// brought is when the person brings the material: the day before, or when it begins.
func (y *year) brought(u *yearUse, now time.Time) time.Time {
	day, _ := y.dayOf(u.Start)
	if before := At(day-1, 10, y.rnd.IntN(7*60)); y.rnd.IntN(2) == 0 && before.After(now) {
		return before
	}
	return later(now, u.Start)
}

// bring leaves the material where somebody takes it; that is the check-in, also days before.
func (y *year) bring(u *yearUse) {
	now := y.Clock.Now()
	if !u.standing || !now.Before(u.End) {
		return
	}
	if !y.deskThere(now) {
		if u.Start.After(now) { // they come again
			y.plan(u, u.Start, func() { y.bring(u) })
		}
		return
	}
	u.job.uses = append(u.job.uses, u)
	y.turnsTo(u, booking.JobChange{State: booking.JobReceived})
	y.n["jobs"]++
	y.whenThere(u, u.Start.Add(5*time.Minute), func() {
		u.job.promised = u.End
		y.turnsTo(u, booking.JobChange{State: booking.JobWorking, PromisedAt: &u.job.promised})
		y.later(u.End, func() { y.works(u) })
	})
}

// turnsTo tells the service what became of a job, and holds that it is so.
func (y *year) turnsTo(u *yearUse, ch booking.JobChange) {
	v, err := y.ChangeJob(context.Background(), y.Staff, u.id, ch)
	y.must(err)
	u.job.state = ch.State
	if v.Details.Job == nil || v.Details.Job.State != ch.State || ch.State != booking.JobCollected && v.Details.Attendance != "attended" {
		y.t.Errorf("job %s was turned to %s and is %+v", u.id, ch.State, v.Details.Job)
	}
}

// whenThere does something as soon as somebody is at the counter, while the booking stands.
func (y *year) whenThere(u *yearUse, at time.Time, do func()) {
	y.later(at, func() {
		switch {
		case !u.standing:
		case !y.deskThere(y.Clock.Now()):
			y.whenThere(u, at.Add(30*time.Minute), do)
		default:
			do()
		}
	})
}

// works ends the booked time: the job is ready, or goes on another day.
func (y *year) works(u *yearUse) {
	y.whenThere(u, y.Clock.Now(), func() {
		if len(u.job.uses) < 3 && y.rnd.IntN(3) == 0 && y.goesOnLater(u) {
			y.staffFinish(u)
			return
		}
		u.job.ready = y.Clock.Now()
		y.turnsTo(u, booking.JobChange{State: booking.JobReady})
		if y.rnd.IntN(4) == 0 {
			y.n["not collected"]++
			y.staffFinish(u)
			return
		}
		u.standing = y.rnd.IntN(2) == 0
		if !u.standing {
			y.staffFinish(u)
		}
		y.collect(u, y.Clock.Now().Add(time.Duration(1+y.rnd.IntN(70))*time.Hour))
	})
}

// collect hands the work out, when there is somebody to do it.
func (y *year) collect(u *yearUse, at time.Time) {
	y.later(at, func() {
		if !y.deskThere(y.Clock.Now()) {
			y.collect(u, at.Add(time.Hour))
			return
		}
		y.turnsTo(u, booking.JobChange{State: booking.JobCollected})
		u.standing = false
		y.n["collected"]++
	})
}

func (y *year) staffFinish(u *yearUse) {
	_, err := y.Finish(context.Background(), y.Staff, u.id, booking.AttendRequest{})
	y.must(err)
	u.standing = false
}

// goesOnLater makes another booking of the same job in the first free hour: no
// limit and no suspension stands against it, and it counts in none.
func (y *year) goesOnLater(u *yearUse) bool {
	now, ctx := y.Clock.Now(), context.Background()
	week, err := y.Availability(ctx, account.Actor{}, staffRun, booking.DateOf(now, Seoul), 7)
	y.must(err)
	for _, d := range week.Days {
		for _, s := range d.Slots {
			if s.State != booking.SlotFree || !s.Interval.Start.After(now) {
				continue
			}
			v, _, err := y.Continue(ctx, y.Staff, u.id, s.Interval.Start, s.Interval.End, nil)
			if fault.Code(err) == "slot_taken" {
				continue
			}
			if err != nil || v.Counted || v.Details.JobOf != u.job.uses[0].id || v.Status != booking.CheckedIn {
				y.t.Errorf("the job of %s, by person %d, suspended %v, can't go on: %s %+v", u.id, u.who, y.suspended(u.who), explain(err), v)
				return false
			}
			y.goesOnAs(u, v)
			return true
		}
	}
	return false
}

func (y *year) goesOnAs(u *yearUse, v *booking.View) {
	now := y.Clock.Now()
	next := &yearUse{id: v.ID, machine: staffRun, who: u.who, unit: v.Unit, Interval: v.Interval(), made: now, confirmed: now, said: 1,
		terms: y.eraAt(now), comes: true, standing: true, continued: true, job: u.job}
	y.all = append(y.all, next)
	y.byID[next.id] = next
	u.job.uses = append(u.job.uses, next)
	y.n["continued"]++
	if u.job.promised.Before(next.End) {
		u.job.promised = next.End
		y.turnsTo(next, booking.JobChange{State: booking.JobWorking, PromisedAt: &next.End, Note: "실이 더 필요합니다"})
		u.job.delayed++
		y.n["late jobs"]++
	}
	y.later(next.End, func() { y.works(next) })
}

// jobsStand holds the jobs against what their people were told: each step
// once, and the survey asks once about a job, however many bookings it took.
func (y *year) jobsStand(note func(string, ...any), told map[string]int) {
	for _, u := range y.all {
		if u.job == nil || len(u.job.uses) == 0 || u.job.uses[0] != u {
			continue
		}
		received, ready, delayed, asked, taken := 0, 0, 0, 0, false
		for _, part := range u.job.uses {
			received += told["job.received/"+part.id]
			ready += told["job.ready/"+part.id]
			delayed += told["job.delayed/"+part.id]
			asked += min(1, told["booking.completed/"+part.id])
			taken = taken || part.taken
		}
		isReady, last := 0, u.job.uses[len(u.job.uses)-1]
		if !u.job.ready.IsZero() {
			isReady = 1
		}
		if received != 1 || ready != isReady || delayed != u.job.delayed {
			note("job %s: received told %d times, ready %d times of %d, delayed %d times of %d", u.id, received, ready, isReady, delayed, u.job.delayed)
		}
		due := u.job.state == booking.JobCollected || isReady == 1 && y.ticked.Sub(u.job.ready) > 49*time.Hour
		if !taken && due && asked != 1 || asked > 1 {
			note("job %s (%s, %d bookings) was asked about %d times", u.id, u.job.state, len(u.job.uses), asked)
		}
		if v := y.now(last); v.Details.Job == nil || v.Details.Job.State != u.job.state {
			note("job %s is %s and stands as %+v", u.id, u.job.state, fmt.Sprint(v.Details.Job))
		}
	}
}
