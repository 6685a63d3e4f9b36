package storetest

import (
	"context"
	"slices"
	"time"

	"gongbang/booking"
)

// workday is the first day from day on that is no Sunday and on which desk and
// server are there all day.
func workday(day int) int {
	for day%7 == 6 || day%10 == 7 || day%6 == 4 {
		day++
	}
	return day
}

// planOffer lets the center do what centers do: two changes of the rules, three
// outages, two closures.
func (y *year) planOffer() {
	ctx := context.Background()
	for k, from := range y.turns() {
		y.later(from.AddDate(0, 0, -2), func() {
			ch := rules("", yearEras[k+1].policy())
			ch.EffectiveFrom = &from
			out, err := y.ChangeCenterPolicy(ctx, manager, "c", ch)
			y.must(err)
			for _, a := range out.Affected {
				if a.Became != booking.BecameKept {
					y.t.Errorf("a rule took %s back: %s", a.ID, a.Became)
				}
			}
		})
	}
	one, two, three := workday(y.days/5), workday(2*y.days/5), workday(y.days/2)
	y.later(At(one, 10, 30), func() { y.breaks("m00", 1, At(one+2, 18, 0), false) })
	y.later(At(two, 11, 10), func() {
		id := y.breaks("m05", 0, At(two, 17, 0), false)
		y.later(At(two, 14, 50), func() { y.mended("m05", id) })
	})
	y.later(At(three, 9, 40), func() {
		id := y.breaks("m03", 0, At(three+1, 18, 0), true)
		y.later(At(three+1, 10, 40), func() { y.prolonged("m03", id, At(three+3, 18, 0)) })
		y.later(At(three+4, 11, 5), func() { y.mended("m03", id) })
	})
	shut, snow := workday(3*y.days/5), workday(4*y.days/5)
	y.later(At(shut-4, 10, 0), func() { y.closes(true, At(shut, 0, 0), At(shut+1, 0, 0)) })
	y.later(At(snow, 12, 40), func() {
		id := y.closes(false, At(snow, 14, 0), At(snow, 18, 0))
		y.later(At(snow, 15, 50), func() { y.reopens(id) })
	})
}

// breaks reports that a machine can't be used from now on.
func (y *year) breaks(machine string, unit int, until time.Time, open bool) string {
	now := y.Clock.Now()
	req := booking.OutageRequest{EquipmentID: machine, Unit: unit, From: now, Reason: "고장", Kind: booking.Fault}
	if req.To = &until; open {
		req.To, req.ExpectedUntil, y.overdue = nil, &until, machine
	}
	if unit == 0 {
		y.stood = append(y.stood, yearFreed{machine: machine, Interval: booking.Interval{Start: now, End: booking.FarFuture}})
	}
	o, hit, _, err := y.ReportOutage(context.Background(), y.Staff, req)
	y.must(err)
	y.hit(hit)
	y.n["outages"]++
	return o.ID
}

func (y *year) prolonged(machine, id string, until time.Time) {
	_, hit, err := y.ChangeOutage(context.Background(), y.Staff, machine, id, booking.OutagePatch{ExpectedUntil: &until})
	y.must(err)
	y.hit(hit)
	y.n["prolonged"]++
}

// mended ends an outage; what is left of the day is offered again at once.
func (y *year) mended(machine, id string) {
	now := y.Clock.Now()
	_, hit, err := y.ChangeOutage(context.Background(), y.Staff, machine, id, booking.OutagePatch{To: &now})
	y.must(err)
	y.hit(hit)
	if y.overdue == machine {
		y.overdue = ""
	}
	y.backAgain(machine)
}

// closes posts a closure: a planned one by the manager, else early closing by staff.
func (y *year) closes(planned bool, from, to time.Time) string {
	who := y.Staff
	if planned {
		who = manager
	}
	p, hit, _, err := y.Close(context.Background(), who, booking.ClosureRequest{Center: "c", From: from, To: to, Reason: "폭설"})
	y.must(err)
	y.stood = append(y.stood, yearFreed{Interval: booking.Interval{Start: from, End: to}})
	y.hit(hit)
	y.n["closures"]++
	return p.ID
}

func (y *year) reopens(id string) {
	y.must(y.Reopen(context.Background(), y.Staff, id))
	y.backAgain("")
}

// backAgain holds that what the center gives back (one machine, or all) is offered at once for the rest of the day.
func (y *year) backAgain(machine string) {
	now := y.Clock.Now()
	closing := now.In(Seoul).Truncate(time.Hour)
	closing = time.Date(closing.Year(), closing.Month(), closing.Day(), 18, 0, 0, 0, Seoul)
	y.stood = slices.DeleteFunc(y.stood, func(s yearFreed) bool { return s.machine == machine && s.Start.Before(now) && s.End.After(now) })
	for k, u := range y.all {
		again := slices.ContainsFunc(y.all[:k], func(o *yearUse) bool { return o.machine == u.machine && o.lostIn(now, closing) })
		if u.lostIn(now, closing) && (machine == "" || u.machine == machine) && !again {
			y.free(u, later(now, u.Start), minTime(u.End, closing))
			y.n["given back"]++
		}
	}
}

// lostIn tells whether the center cancelled the booking and its time lies in these hours.
func (u *yearUse) lostIn(from, to time.Time) bool {
	return u.lost && u.End.After(from) && u.Start.Before(to)
}

// stands tells whether the center itself has taken the machine away in some of the time.
func (y *year) stands(machine string, from, to time.Time) bool {
	i := booking.Interval{Start: from, End: to}
	return slices.ContainsFunc(y.stood, func(s yearFreed) bool { return (s.machine == "" || s.machine == machine) && s.Overlaps(i) })
}

// hit notes what the center did to people's bookings, and that they are told in the same moment.
func (y *year) hit(list []booking.Affected) {
	for _, a := range list {
		u := y.byID[a.ID]
		y.lost[a.ID]++
		y.n[a.Became]++
		switch a.Became {
		case booking.BecameMoved:
			u.unit = a.Unit
		case booking.BecameShortened:
			u.counts, u.taken, u.End = false, true, a.End
		default:
			u.standing, u.counts, u.taken, u.lost = false, false, true, a.Became == booking.BecameCancelled
		}
		if n := y.outbox(y.t, "outage.affected", a.ID); n != y.lost[a.ID] {
			y.t.Errorf("%s was %s by the center and %d messages tell it, want %d", a.ID, a.Became, n, y.lost[a.ID])
		}
	}
}

// goesOn sees whom a repair that is overdue came to hit.
func (y *year) goesOn() {
	if y.overdue == "" {
		return
	}
	for _, u := range y.all {
		if u.machine != y.overdue || !u.standing || !u.End.After(y.Clock.Now()) {
			continue
		}
		switch v := y.now(u); {
		case v.Details.Cause == "center":
			y.n["overdue"]++
			y.hit([]booking.Affected{{View: *v, Became: booking.BecameCancelled}})
		case v.Unit != u.unit: // the repair is of one unit, and another was free
			y.n["overdue"]++
			y.hit([]booking.Affected{{View: *v, Became: booking.BecameMoved}})
		}
	}
}
