package storetest

import (
	"context"
	"errors"
	"slices"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/scheduler"
)

type yearStep struct {
	at time.Time
	do func()
}

// later plans a step; those of one moment run in the order they were planned.
func (y *year) later(at time.Time, do func()) {
	i, _ := slices.BinarySearchFunc(y.steps, at, func(s yearStep, at time.Time) int {
		if s.at.After(at) {
			return 1
		}
		return -1
	})
	y.steps = slices.Insert(y.steps, i, yearStep{at, do})
}

// plan does what a person had in mind for a booking, unless that changed.
func (y *year) plan(u *yearUse, at time.Time, do func()) {
	round := u.round
	y.later(at, func() {
		if u.round == round {
			do()
		}
	})
}

// live lets every day happen.
func (y *year) live() {
	y.ticked = y.Clock.Now()
	y.planOffer()
	for day := range yearAhead {
		y.planWanted(day)
	}
	for day := range y.days {
		y.planWanted(day + yearAhead)
		for at := At(day, 8, 0); !at.After(At(day, 18, 40)); at = at.Add(10 * time.Minute) {
			if at.Minute() <= 30 { // every promised grace ends in this half of an hour
				y.later(at, y.minute)
			}
		}
		for len(y.steps) > 0 && y.steps[0].at.Before(At(day+1, 0, 0)) {
			s := y.steps[0]
			y.steps = y.steps[1:]
			if s.at.After(y.Clock.Now()) {
				y.Clock.Set(s.at)
			}
			s.do()
		}
	}
}

// deskThere tells whether somebody stands at the counter: on some days nobody
// is there in the afternoon.
func (y *year) deskThere(at time.Time) bool {
	day, m := y.dayOf(at)
	return m >= 8*60+30 && m < 18*60 && !(day%6 == 4 && m >= 12*60+50) && !y.down(at)
}

// down tells whether the server is down: some afternoons.
func (y *year) down(at time.Time) bool {
	day, m := y.dayOf(at)
	return day%10 == 7 && m >= 14*60 && m < 16*60
}

// limit is until when a booking can be given back in time: what was promised,
// and an hour from when the server is back for whom it was down just before.
func (y *year) limit(u *yearUse) time.Time {
	until := u.terms.cancelUntil(u.Start)
	for day := range y.days {
		from, back := At(day, 14, 0), At(day, 16, 0)
		limit := until
		if day%10 == 7 && !u.confirmed.IsZero() && u.confirmed.Before(back) {
			limit = later(until, u.confirmed.Add(10*time.Minute))
		}
		hour := minTime(back.Add(time.Hour), u.Start)
		if day%10 == 7 && u.made.Before(back) && !limit.Before(from) && limit.Before(hour) && !y.Clock.Now().Before(back) {
			return hour
		}
	}
	return until
}

func (y *year) dayOf(at time.Time) (day, minute int) {
	d := at.Sub(At(0, 0, 0))
	return int(d / (24 * time.Hour)), int(d % (24 * time.Hour) / time.Minute)
}

// minute is what the jobs do every ten minutes; the desk looks at its board at every other time.
func (y *year) minute() {
	now := y.Clock.Now()
	if y.down(now) {
		if day, _ := y.dayOf(now); y.ticked.Before(At(day, 14, 0)) {
			y.tick(y.t, y.ticked, At(day, 14, 0))
		}
		y.ticked = now.Truncate(time.Hour).Add(time.Hour)
		return
	}
	y.tick(y.t, y.ticked, now.Add(time.Minute))
	y.ticked = now.Add(time.Minute)
	if y.deskThere(now) && now.Minute()%20 == 0 {
		_, err := y.Today(context.Background(), y.Staff, "c", "")
		y.must(err)
	}
	for _, drain := range []func(context.Context) (int, error){y.ProlongDue, y.NoShowDue, y.CompleteDue, y.RejectDue, y.ReminderDue, y.OutageDue, y.JobSurveyDue} {
		_, err := drain(context.Background())
		y.must(err)
	}
	y.goesOn()
	y.unanswered()
	y.deliver()
}

// deliver empties the outbox; some messages fail once and come again.
func (y *year) deliver() {
	ctx := context.Background()
	for {
		batch, err := y.box.Claim(ctx, 5*time.Minute, scheduler.MostClaimed)
		y.must(err)
		var gone []scheduler.Event
		for _, e := range batch {
			if e.Tries == 1 && y.rnd.IntN(50) == 0 {
				y.n["failed"]++
				y.must(y.box.Fail(ctx, e, scheduler.Failure{Reason: "later", After: time.Minute}))
				continue
			}
			y.sent[e.Key]++
			gone = append(gone, e)
		}
		errs := make([]error, len(gone))
		atOnce(len(gone), func(i int) { errs[i] = y.box.Done(ctx, gone[i]) })
		y.must(errors.Join(errs...))
		if len(batch) < scheduler.MostClaimed {
			return
		}
	}
}

func (y *year) must(err error) {
	y.t.Helper()
	if err != nil {
		y.t.Fatalf("at %s: %s", y.Clock.Now().In(Seoul), explain(err))
	}
}

// now reads a booking as it is.
func (y *year) now(u *yearUse) *booking.View {
	v, err := y.Get(context.Background(), y.people[u.who], u.id)
	y.must(err)
	return v
}

// violated lists the rules a refusal names; nil: it is another refusal.
func violated(err error) []string {
	f, ok := fault.As(err)
	if !ok || f.Code != "policy" {
		return nil
	}
	var out []string
	for _, v := range f.Extra["violations"].([]booking.Violation) {
		out = append(out, v.Code)
	}
	return out
}
