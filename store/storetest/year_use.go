package storetest

import (
	"context"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// arrive checks somebody in: whoever comes inside the promised time is served,
// where there is somebody to serve them.
func (y *year) arrive(u *yearUse) {
	now := y.Clock.Now()
	if !u.standing || !now.Before(u.End) || !y.deskThere(now) {
		return
	}
	today := y.eraAt(now)
	y.oldRule(u, !now.Before(today.graceEnd(u.Start)) || now.Before(today.opensAt(u.Start)))
	v, err := y.CheckIn(context.Background(), y.Staff, u.id, booking.AttendRequest{})
	if err != nil {
		y.t.Errorf("%s came at %s, promised %s to %s: %s", u.id, now, u.terms.opensAt(u.Start), u.terms.graceEnd(u.Start), explain(err))
		return
	}
	u.unit = v.Unit
	y.n["came"]++
	length := u.End.Sub(u.Start)
	switch r := y.rnd.IntN(10); {
	case r < 2:
		y.later(later(now, u.Start.Add(length*time.Duration(40+y.rnd.IntN(30))/100)), func() { y.leave(u) })
	case r < 7:
		y.later(u.End.Add(-time.Duration(y.rnd.IntN(6))*time.Minute), func() { y.leave(u) })
	}
}

// leave ends a use; the rest of the time is free.
func (y *year) leave(u *yearUse) {
	if now := y.Clock.Now(); !u.standing || !y.deskThere(now) {
		return
	}
	_, err := y.Finish(context.Background(), y.Staff, u.id, booking.AttendRequest{})
	if fault.Code(err) == "state_conflict" {
		return // the next one at the machine, or a job, was faster
	}
	y.must(err)
	u.standing = false
	from := y.Clock.Now()
	if u.machine == "m10" { // it is cleaned first
		from = from.Add(time.Hour)
	}
	y.free(u, from, u.End)
}

// judged looks right after the promised grace: given up is who did not come
// while somebody was there to see it, and nobody else.
func (y *year) judged(u *yearUse) {
	now := y.Clock.Now()
	end := u.terms.graceEnd(u.Start)
	if !u.standing || !now.Before(u.End) || now.Sub(end) > time.Minute {
		return
	}
	v := y.now(u)
	if v.Status != booking.Confirmed && v.Status != booking.NoShow {
		return
	}
	seen := y.watched(u.terms.opensAt(u.Start), u.Start, end)
	if !seen && !u.comes && y.watched(u.terms.opensAt(u.Start), u.terms.opensAt(u.Start), end) {
		y.n["desk left"]++
	}
	if !seen || u.comes {
		y.n["not judged"]++
		if v.Status == booking.NoShow {
			y.t.Errorf("%s was given up: comes %v, the desk saw it %v", u.id, u.comes, seen)
		}
		return
	}
	if v.Status != booking.NoShow {
		y.t.Errorf("%s was not given up at %s", u.id, now)
		return
	}
	y.oldRule(u, y.eraAt(now).points != u.terms.points)
	y.n["no-shows"]++
	y.strike(u, booking.StruckNoShow, u.terms.points, end)
	u.standing = false
	if y.rnd.IntN(12) == 0 {
		y.later(now.Add(5*time.Minute), func() { y.startLate(u) })
		return
	}
	// Behind all who are given up at this moment: one of them may want this place, and is suspended by then.
	y.later(now, func() { y.free(u, now, u.End) })
}

// watched tells whether the server was up between two moments, and the desk
// there since another.
func (y *year) watched(from, start, to time.Time) bool {
	seen := false
	for m := from; m.Before(to); m = m.Add(time.Minute) {
		if y.down(m) {
			return false
		}
		look := m.Truncate(20 * time.Minute)
		seen = seen || y.deskThere(look) && !look.Before(start)
	}
	return seen
}

// startLate seats somebody who was given up, while the time is still free: the points go.
func (y *year) startLate(u *yearUse) {
	now := y.Clock.Now()
	if !y.deskThere(now) || !now.Before(u.End) {
		return
	}
	v, err := y.StartLate(context.Background(), y.Staff, u.id, booking.AttendRequest{})
	if code := fault.Code(err); code == "slot_taken" || code == "state_conflict" {
		return
	}
	y.must(err)
	y.n["taken back"]++
	u.standing, u.comes = true, true
	u.unit = v.Unit // where somebody took the place meanwhile, the next free one
	y.strikes[u.who] = slices.DeleteFunc(y.strikes[u.who], func(s yearStrike) bool { return s.key == u.id+"-"+string(booking.StruckNoShow) })
}

// free holds that time which was freed is offered at once: the whole slots show
// as free and somebody may book them, and the rest of a running one takes a walk-in.
func (y *year) free(u *yearUse, from, to time.Time) {
	now := y.Clock.Now()
	from = later(later(from, u.Start), now)
	if !from.Before(to) || y.down(now) || y.stands(u.machine, from, to) {
		return
	}
	y.freed = append(y.freed, yearFreed{u.machine, u.unit, now, booking.Interval{Start: from, End: to}})
	slots := y.offered(u.machine, from, to)
	if len(slots) > 0 && y.rnd.IntN(2) == 0 {
		y.takeSpot(u.machine, slots[0])
	}
	rest := minTime(to, from.Truncate(time.Hour).Add(time.Hour)).Sub(from)
	if from.Equal(now) && rest >= 20*time.Minute && rest < time.Hour && y.deskThere(now) && y.rnd.IntN(3) == 0 && u.machine != "m10" && u.machine != staffRun && !y.overran(u.machine, u.unit) {
		y.seat(u.machine, int(rest/time.Minute))
	}
}

// overran tells whether the use before may still go on: for 15 minutes nobody
// is sent to the machine, by the rule of the overrun.
func (y *year) overran(machine string, unit int) bool {
	now := y.Clock.Now()
	return slices.ContainsFunc(y.all, func(u *yearUse) bool {
		return u.machine == machine && u.unit == unit && u.standing && !u.End.After(now) && now.Sub(u.End) <= 15*time.Minute
	})
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// offered holds the whole slots of a freed time against what the page shows and the judge says.
func (y *year) offered(machine string, from, to time.Time) (slots []booking.Interval) {
	ctx := context.Background()
	days, err := y.Availability(ctx, account.Actor{}, machine, booking.DateOf(from, Seoul), 1)
	y.must(err)
	for _, s := range days.Days[0].Slots {
		if s.Interval.Start.Before(from) || s.Interval.End.After(to) {
			continue
		}
		x, err := y.Explain(ctx, account.Actor{}, machine, s.Interval.Start, s.Interval.End)
		y.must(err)
		if s.State != booking.SlotFree || s.FreeUnits < 1 || !x.Allowed {
			y.t.Errorf("%s at %s was freed at %s and is shown as %s: %v", machine, s.Interval.Start.In(Seoul), y.Clock.Now().In(Seoul), s.State, x.Violations)
		}
		y.n["offered"]++
		slots = append(slots, s.Interval)
	}
	return slots
}

// takeSpot lets the first person whom no rule stops book a freed slot.
func (y *year) takeSpot(machine string, i booking.Interval) {
	first := y.rnd.IntN(yearPeople)
	for k := range yearPeople {
		who := (first + k) % yearPeople
		if y.suspended(who) || y.inWeek(who, i.Start) >= 3 {
			continue
		}
		if y.want(who, booking.BookRequest{EquipmentID: machine, Start: i.Start, End: i.End}) == nil {
			y.t.Errorf("%s at %s was freed and could not be booked", machine, i.Start.In(Seoul))
		}
		y.n["spot"]++
		return
	}
	y.t.Errorf("nobody may book %s at %s", machine, i.Start)
}

// seat lets somebody who just came use the rest of an hour.
func (y *year) seat(machine string, minutes int) {
	v, _, err := y.WalkIn(context.Background(), y.Staff, booking.WalkInRequest{CenterID: "c", EquipmentID: machine, Minutes: minutes, Name: "시민0", Consent: "counter"})
	if err != nil {
		y.t.Errorf("%s is free for %d minutes from %s and takes no walk-in: %s", machine, minutes, y.Clock.Now().In(Seoul), explain(err))
		return
	}
	y.n["walk-ins"]++
	y.people = append(y.people, account.Actor{ID: v.AccountID, Grants: []account.Grant{{Role: account.Citizen}}})
	u := &yearUse{id: v.ID, machine: machine, who: len(y.people) - 1, unit: v.Unit, Interval: v.Interval(), made: y.Clock.Now(), terms: y.eraAt(y.Clock.Now()), comes: true, standing: true, walkIn: true}
	y.all = append(y.all, u)
	y.byID[u.id] = u
}
