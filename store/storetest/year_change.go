package storetest

import (
	"context"
	"fmt"
	"time"

	"gongbang/booking"
)

// changesHands tells whether somebody will move the booking, or hand it to a
// colleague of their firm, instead of coming as planned.
func (y *year) changesHands(u *yearUse) bool {
	now := y.Clock.Now()
	left := u.Start.Sub(now) - 10*time.Minute
	if left <= 0 || u.moves+u.handed > 1 {
		return false
	}
	at := now.Add(time.Duration(y.rnd.Float64() * float64(left)))
	after := later(u.terms.cancelUntil(u.Start), now.Add(11*time.Minute)).Add(time.Minute)
	_, in := firmOfPerson(u.who)
	switch r := y.rnd.Float64(); {
	case y.down(at):
	case r < 0.06:
		y.plan(u, at, func() { y.move(u) })
		return true
	case r < 0.10 && after.Before(u.Start) && !y.down(after): // when it is late
		y.plan(u, after, func() { y.move(u) })
		return true
	case r < 0.26 && in:
		y.plan(u, at, func() { y.handOver(u) })
		return true
	}
	return false
}

// elsewhere is another time, and mostly another machine, that somebody would
// like better; none when the year is over by then.
func (y *year) elsewhere(u *yearUse) (req booking.MoveRequest, ok bool) {
	today, _ := y.dayOf(y.Clock.Now())
	from, _ := y.dayOf(u.Start)
	day := today + 1 + y.rnd.IntN(6)
	for day%7 == 6 || day == from {
		day++
	}
	length := u.End.Sub(u.Start)
	start := At(day, 9+y.rnd.IntN(int((9*time.Hour-length)/time.Hour)+1), 0)
	req = booking.MoveRequest{EquipmentID: u.machine, Start: start, End: start.Add(length)}
	if u.job == nil {
		req.EquipmentID = fmt.Sprintf("m%02d", y.rnd.IntN(9))
	}
	return req, day < y.days
}

// move takes another time: what was promised stays promised, also where the
// rules changed meanwhile; who is refused keeps what they had.
func (y *year) move(u *yearUse) {
	now, ctx := y.Clock.Now(), context.Background()
	if !u.standing || !now.Before(u.Start) {
		return
	}
	req, ok := y.elsewhere(u)
	if !ok {
		y.decide(u)
		return
	}
	old, known := *u, len(y.strikes[u.who])
	was := y.now(u)
	req.Version = was.Version
	late := now.After(y.limit(u)) && now.After(u.confirmed.Add(10*time.Minute))
	u.counts = false
	v, err := y.Move(ctx, y.people[u.who], u.id, req)
	done := y.fairly(u.who, req.Start, err)
	u.counts = true
	if !done {
		if kept := y.now(u); kept.Version != was.Version || len(y.strikes[u.who]) != known {
			y.t.Errorf("%s was not moved and is version %d, before %d", u.id, kept.Version, was.Version)
		}
		y.n["not moved"]++
		y.decide(u)
		return
	}
	u.machine, u.unit, u.Interval = v.EquipmentID, v.Unit, v.Interval()
	if !u.Start.Equal(req.Start) || !u.End.Equal(req.End) || u.machine != req.EquipmentID {
		y.t.Errorf("%s was moved to %s at %s, wanted %s at %s", u.id, u.machine, u.Start, req.EquipmentID, req.Start)
	}
	if unlike := u.terms.unlike(v.Details.Terms, u.Start); unlike != "" {
		y.t.Errorf("%s was made under rule %d, was moved under %d and promises %s", u.id, u.terms.no, y.eraAt(now).no, unlike)
	}
	y.oldRule(u, u.terms.cancelUntil(u.Start) != y.eraAt(now).cancelUntil(u.Start))
	u.moves++
	y.n["moved by people"]++
	if late && !y.struckBefore(u, booking.StruckLateMove) {
		y.n["late moves"]++
		y.strike(u, booking.StruckLateMove, u.terms.late, now)
	}
	y.free(&old, now, old.End)
	y.decide(u)
}

// struckBefore tells whether the booking has a strike of the kind: it gets no second one.
func (y *year) struckBefore(u *yearUse, k booking.StrikeKind) bool {
	for _, list := range y.strikes {
		for _, s := range list {
			if s.key == u.id+"-"+string(k) {
				return true
			}
		}
	}
	return false
}

// handOver gives the booking to a colleague: place, time and promise stay, and
// who comes is judged like somebody who books.
func (y *year) handOver(u *yearUse) {
	now, ctx := y.Clock.Now(), context.Background()
	if !u.standing || !now.Before(u.Start) {
		return
	}
	firm, _ := firmOfPerson(u.who)
	to := firm*10 + (u.who%10+1+y.rnd.IntN(2))%3
	v, err := y.HandOver(ctx, y.people[u.who], u.id, y.people[to].ID, 0)
	if !y.fairly(to, u.Start, err) {
		y.n["not handed over"]++
		y.decide(u)
		return
	}
	if v.EquipmentID != u.machine || v.Unit != u.unit || v.Interval() != u.Interval {
		y.t.Errorf("%s was handed over and stands on %s %d at %s", u.id, v.EquipmentID, v.Unit, v.Start)
	}
	if unlike := u.terms.unlike(v.Details.Terms, u.Start); unlike != "" {
		y.t.Errorf("%s was handed over and promises %s, not rule %d", u.id, unlike, u.terms.no)
	}
	u.who = to
	u.handed++
	y.n["handed over"]++
	if v.Status == booking.Pending { // staff look first at who comes now
		u.confirmed = time.Time{}
		u.round++
		y.awaits(u)
		return
	}
	y.decide(u)
}
