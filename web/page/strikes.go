package page

import (
	"gongbang/booking"
	"gongbang/internal/lang"
)

// strikeLine is points somebody got for one booking, as its person and staff read it.
type strikeLine struct {
	Frame   // of the part that draws it
	ID      string
	Why     string
	Points  string
	Booking string // where the booking is shown
	Times   string
	Machine lang.Text
	Center  lang.Text
	Chip    Chip
	Until   string // until when the points count
	Asked   string // when the person asked for a review; "" never
	Said    string // what they wrote
	Answer  string // of staff
	Ask     string // leads to the form; "" where nothing can be asked
	Form    *Form  // nil: not open
}

// strikeLine says what for, how much and until when. Link and form are the page's own.
func (r *request) strikeLine(x booking.StrikeView) strikeLine {
	w := r.when()
	l := strikeLine{Frame: Frame{Lang: r.lang, texts: r.p.texts}, ID: x.ID, Why: r.T("strike.kind." + string(x.Kind)), Points: r.T("strike.points", x.Points), Said: x.ReviewText,
		Times: w.Span(x.Booking.Start, x.Booking.End), Machine: x.Booking.Equipment.Name, Center: x.Booking.Center.Name,
		Answer: x.KeepReason, Chip: Chip{map[string]string{"counting": "warn", "expired": "info", "waived": "ok"}[x.State], r.T("strike.state." + x.State)}}
	if x.WaivedAt != nil {
		l.Answer = x.WaiveReason
	}
	if x.ReviewAt != nil {
		l.Asked = w.Moment(*x.ReviewAt)
	}
	switch {
	case x.State != "counting":
	case x.Until == nil:
		l.Until = r.T("strike.ever")
	default:
		l.Until = r.T("strike.until", w.Moment(*x.Until))
	}
	return l
}

// suspensionNotices say where new bookings stop, and until when.
func (r *request) suspensionNotices(list []booking.Suspension) []Notice {
	var out []Notice
	for _, x := range list {
		where := r.T("strike.over.city")
		if e := x.Equipment; e != nil && x.Over != "city" {
			names := map[string]string{"center": e.Center.Name.In(r.lang), "category": r.catalogLabel(r.catalog.Categories, e.Category), "equipment": e.Name.In(r.lang)}
			where = r.T("strike.over."+x.Over, names[x.Over])
		}
		out = append(out, Notice{Kind: "warn", Text: r.T("strike.suspended", r.when().Moment(x.End), where)})
	}
	return out
}
