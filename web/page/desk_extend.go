package page

import (
	"strconv"
	"time"

	"gongbang/booking"
)

// extensions offers half an hour and an hour more. One that runs into what
// stands on the unit is not offered and says what that is; the engine judges
// the press again.
func (r *request) extensions(base string, b *booking.View) ([]pressed, error) {
	t, err := r.p.Engine.Today(r.ctx(), r.actor, b.CenterID, booking.DateOf(b.End, b.Zone))
	if err != nil {
		return nil, err
	}
	var out []pressed
	for _, more := range []int{30, 60} {
		end := b.End.Add(time.Duration(more) * time.Minute)
		x := pressed{Path: "extend", Label: r.T("desk.do.extend", more, r.staffWhen().Time(end))}
		if x.Why = r.inTheWay(t, b, end); x.Why == "" {
			x.Form = r.deedForm(base, b, "extend").hide("ends_at", deskStamp(end))
		}
		x.Path += strconv.Itoa(more)
		out = append(out, x)
	}
	return out, nil
}

// inTheWay says what keeps a use from going on until end, cleaning time included.
func (r *request) inTheWay(t *booking.Today, b *booking.View, end time.Time) string {
	wanted := booking.Interval{Start: b.End, End: end.Add(time.Duration(b.Details.Terms.BufferMinutes) * time.Minute)}
	for _, m := range t.Machines {
		if m.Equipment.ID != b.EquipmentID || m.Unit != b.Unit {
			continue
		}
		for _, o := range m.Bookings {
			if o.ID != b.ID && o.Occupies && o.Occupied().Overlaps(wanted) {
				return r.T("desk.extend.booked", r.staffWhen().Time(o.Start))
			}
		}
		if m.Outage != nil && m.Outage.Interval(t.Now).Overlaps(wanted) {
			return r.T("desk.extend.outage")
		}
	}
	return ""
}
