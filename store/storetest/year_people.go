package storetest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// yearAhead is how many days ahead people plan at most.
const yearAhead = 11

// planWanted lets people want machines on a day: some often, most rarely.
func (y *year) planWanted(day int) {
	if day%7 == 6 || day >= y.days {
		return // closed on Sundays
	}
	for range 55 + y.rnd.IntN(20) {
		r := y.rnd.Float64()
		who := int(r * r * yearPeople)
		ahead := y.rnd.IntN(min(day, yearAhead) + 1)
		at := At(day-ahead, 9, y.rnd.IntN(9*60))
		start := At(day, 9+y.rnd.IntN(9), 0)
		end := start.Add(time.Duration(1+y.rnd.IntN(3)) * time.Hour)
		if last := At(day, 18, 0); end.After(last) {
			end = last
		}
		if at = later(at, y.Clock.Now().Add(time.Minute)); y.down(at) || !at.Before(start) {
			continue
		}
		machine := fmt.Sprintf("m%02d", y.rnd.IntN(12))
		req := Want(machine, start, int(end.Sub(start)/time.Minute))
		if machine == staffRun {
			req.Job = &booking.JobRequest{What: "견본 재단"}
		}
		y.later(at, func() { y.want(who, req) })
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// want asks for a time; what a person is refused for is held against what they
// themselves did.
func (y *year) want(who int, req booking.BookRequest) *yearUse {
	v, _, err := y.Book(context.Background(), y.people[who], req)
	if !y.fairly(who, req.Start, err) {
		return nil
	}
	return y.got(who, v)
}

// fairly tells whether it was done, and holds a refusal against what the person did.
func (y *year) fairly(who int, start time.Time, err error) bool {
	broken := violated(err)
	if own := y.suspended(who); own != slices.Contains(broken, "suspended") && (err == nil || broken != nil) {
		y.t.Errorf("person %d at %s: suspended by their own points %v, told %s", who, y.Clock.Now(), own, explain(err))
	}
	if slices.Contains(broken, "suspended") {
		y.n["suspended"]++
	}
	if slices.Contains(broken, "limit") {
		y.n["limit"]++
		if n, most := y.inWeek(who, start), y.eraAt(y.Clock.Now()).limit; n < most {
			y.t.Errorf("person %d at %s: %d bookings of their own in the week of a limit of %d, refused", who, y.Clock.Now(), n, most)
		}
	}
	if err != nil {
		if code := fault.Code(err); code != "policy" && code != "slot_taken" {
			y.must(err)
		}
	}
	return err == nil
}

// got remembers what the done page says, and what the person makes of it.
func (y *year) got(who int, v *booking.View) *yearUse {
	now := y.Clock.Now()
	u := &yearUse{id: v.ID, machine: v.EquipmentID, who: who, unit: v.Unit, Interval: v.Interval(), made: now, terms: y.eraAt(now), standing: true, counts: true}
	if u.machine == staffRun {
		u.job = &yearJob{state: booking.JobWaiting}
	}
	y.all = append(y.all, u)
	y.byID[u.id] = u
	y.n["booked"]++
	if unlike := u.terms.unlike(v.Details.Terms, u.Start); unlike != "" {
		y.t.Errorf("%s was made under rule %d and promises %s", u.id, u.terms.no, unlike)
	}
	if v.Status == booking.Pending {
		y.awaits(u)
		return u
	}
	u.confirmed, u.said = now, 1
	y.decide(u)
	return u
}

// awaits lets staff answer, mostly.
func (y *year) awaits(u *yearUse) {
	if y.rnd.IntN(8) > 0 { // the rest is never answered
		y.plan(u, y.Clock.Now().Add(time.Duration(10+y.rnd.IntN(120))*time.Minute), func() { y.approve(u) })
	}
	y.asked = append(y.asked, u)
}

func (y *year) approve(u *yearUse) {
	if !u.standing || !y.deskThere(y.Clock.Now()) {
		return
	}
	_, err := y.Approve(context.Background(), y.Staff, u.id, booking.ApproveRequest{})
	if fault.Code(err) == "state_conflict" {
		return // the answer came too late
	}
	y.must(err)
	u.confirmed, u.said = y.Clock.Now(), u.said+1
	y.decide(u)
}

// unanswered sees whom the jobs refused because staff said nothing in time.
func (y *year) unanswered() {
	y.asked = slices.DeleteFunc(y.asked, func(u *yearUse) bool {
		if !u.standing || !u.confirmed.IsZero() {
			return true
		}
		if y.now(u).Status != booking.Rejected {
			return false
		}
		y.n["rejected"]++
		y.gaveBack(u)
		return true
	})
}

// decide is what the person will do with a confirmed booking.
func (y *year) decide(u *yearUse) {
	now := y.Clock.Now()
	u.round++
	u.comes = false
	miss := y.misses / 4 // two of three people are careful
	if u.who%3 == 0 {
		miss = y.misses * 5 / 2
	}
	limit := u.terms.cancelUntil(u.Start)
	if u.job == nil {
		y.plan(u, later(u.terms.graceEnd(u.Start), now).Add(time.Second), func() { y.judged(u) })
	}
	switch r := y.rnd.Float64(); {
	case r < 0.06 && limit.After(now.Add(time.Hour)):
		y.cancelAt(u, now.Add(time.Duration(y.rnd.Float64()*float64(limit.Sub(now)))))
	case r < 0.10 && limit.After(now.Add(time.Hour)): // at the last moment at which it costs nothing
		y.cancelAt(u, limit.Add(-time.Minute))
	case r < 0.14 && u.Start.After(later(limit, now.Add(time.Hour))):
		from := later(limit, now.Add(11*time.Minute))
		y.cancelAt(u, from.Add(time.Minute+time.Duration(y.rnd.Float64()*float64(u.Start.Sub(from)-time.Minute))/2))
	case y.changesHands(u):
	case y.rnd.Float64() < miss:
	case u.job != nil:
		u.comes = true
		y.plan(u, y.brought(u, now), func() { y.bring(u) })
	default:
		u.comes = true
		y.plan(u, y.arrival(u, now), func() { y.arrive(u) })
	}
}

// arrival is when somebody stands at the counter: some as early as was
// promised, some in the last minute of their grace.
func (y *year) arrival(u *yearUse, now time.Time) time.Time {
	_, opening := y.dayOf(u.Start)
	switch r := y.rnd.IntN(10); {
	case opening == 9*60 && r < 5: // nobody is at the machine before
		return later(now, u.terms.opensAt(u.Start))
	case r < 3:
		return later(now, u.terms.graceEnd(u.Start).Add(-time.Minute))
	default:
		return later(now, u.Start.Add(time.Duration(y.rnd.IntN(6))*time.Minute))
	}
}

// cancelAt cancels; who wants to while the server is down does so when it is back.
func (y *year) cancelAt(u *yearUse, at time.Time) {
	if y.down(at) {
		day, _ := y.dayOf(at)
		if at = At(day, 16, 1+y.rnd.IntN(40)); !at.Before(u.Start) {
			at = later(y.Clock.Now(), At(day, 13, 55))
		}
	}
	y.plan(u, at, func() { y.cancel(u) })
}

// cancel gives a booking back; whether that costs points is told by what was promised.
func (y *year) cancel(u *yearUse) {
	now := y.Clock.Now()
	if !u.standing || !now.Before(u.Start) {
		return
	}
	plain := now.After(u.terms.cancelUntil(u.Start)) && now.After(u.confirmed.Add(10*time.Minute))
	late := plain && now.After(y.limit(u))
	if plain && !late {
		y.n["in time after all"]++
	}
	y.oldRule(u, late != (now.After(y.eraAt(now).cancelUntil(u.Start)) && now.After(u.confirmed.Add(10*time.Minute))))
	v, err := y.Cancel(context.Background(), y.people[u.who], u.id, booking.AttendRequest{})
	y.must(err)
	if v.Details.Late != late {
		y.t.Errorf("%s was cancelled at %s, promised until %s: late %v", u.id, now, y.limit(u), v.Details.Late)
	}
	if late {
		y.n["late cancels"]++
		y.strike(u, booking.StruckLateCancel, u.terms.late, now)
	}
	y.n["given up"]++
	y.gaveBack(u)
}

// oldRule notes a judgement by a promise that is no longer the rule; differs
// tells that the rule of today would have judged otherwise.
func (y *year) oldRule(u *yearUse, differs bool) {
	if u.terms.no != y.eraAt(y.Clock.Now()).no {
		y.n["old rule"]++
		if differs {
			y.n["differs"]++
		}
	}
}

func (y *year) strike(u *yearUse, kind booking.StrikeKind, points int, at time.Time) {
	y.strikes[u.who] = append(y.strikes[u.who], yearStrike{u.id + "-" + string(kind), points, at, u.terms})
}

// gaveBack frees all of a booking that will not be used.
func (y *year) gaveBack(u *yearUse) {
	u.standing, u.counts = false, false
	y.free(u, y.Clock.Now(), u.End)
}
