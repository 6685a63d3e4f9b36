package page

import (
	"cmp"
	"slices"

	"gongbang/booking"
)

// hitLine is one booking that stands in the way, and what became of it.
type hitLine struct {
	boardBlock
	When   string
	Became Chip // nothing before it is saved
}

// bookedIn lists the bookings of a center that stand in a span.
func (r *request) bookedIn(center string, span booking.Interval) ([]booking.View, error) {
	var out []booking.View
	list := booking.List{Scope: "center", Center: center, From: booking.DateOf(span.Start, r.catalog.Zone).Add(-1), To: booking.DateOf(span.End, r.catalog.Zone), Limit: 200,
		Statuses: []booking.Status{booking.Pending, booking.Offered, booking.Confirmed, booking.CheckedIn}}
	for {
		page, err := r.p.Engine.List(r.ctx(), r.actor, list)
		if err != nil {
			return nil, err
		}
		for _, x := range page.Items {
			if x.Interval().Overlaps(span) {
				out = append(out, x)
			}
		}
		if list.Cursor = page.Next; page.Next == "" {
			return out, nil
		}
	}
}

// hitLines are the bookings that were hit, those first that somebody has to be told of.
func (r *request) hitLines(base string, hit []booking.Affected) []hitLine {
	kinds := map[string]string{"moved": "ok", "cancelled": "danger", "ended": "warn", "shortened": "warn", "kept": "info"}
	var out []hitLine
	for _, x := range hit {
		text := r.T("desk.became." + x.Became)
		if x.Became == "moved" {
			text = r.T("desk.became.moved_to", r.deskMachine(x.Equipment, x.Unit))
		}
		out = append(out, hitLine{boardBlock: r.boardBlock(base, x.View, false), When: r.staffWhen().Span(x.Start, x.End), Became: Chip{kinds[x.Became], text}})
	}
	slices.SortStableFunc(out, func(a, b hitLine) int { return cmp.Compare(a.Became.Kind, b.Became.Kind) })
	return out
}
