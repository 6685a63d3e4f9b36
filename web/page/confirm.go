package page

import (
	"net/http"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// confirmView is the last look before a booking is made.
type confirmView struct {
	Frame
	M       *booking.Equipment
	Held    heldTime
	Token   string
	Until   string // the clock time that is promised
	Left    int    // seconds
	Rows    []Row
	Form    *Form
	More    bool // what is folded away is open
	Span    string
	Fee     string
	Cancel  string
	Needs   []string // why staff look first
	Button  string
	Back    string
	Expired string // where the script goes when the time is over
	Release string
	Extend  string
	Length  string
	Folded  []*Field // attendee and help
	Asked   []*Field // what is asked of everybody
}

// confirm shows a hold with all that is asked. With part=left it tells the
// seconds that are left, for a page that slept.
func (p *pages) confirm(r *request) error {
	h, e, err := r.readHeld(r.Query("h"))
	if err != nil {
		return err
	}
	left := h.Until.Sub(r.now)
	if r.Query("part") == "left" {
		r.String(http.StatusOK, "%d", max(0, int(left/time.Second)))
		return nil
	}
	if left <= -holdSlack {
		return r.expired(h, e)
	}
	v, err := r.confirmView(h, e)
	if err != nil {
		return err
	}
	return r.page(http.StatusOK, "confirm", v)
}

func (r *request) confirmView(h heldTime, e *booking.Equipment) (*confirmView, error) {
	me, err := r.profile()
	if err != nil {
		return nil, err
	}
	x, err := r.p.Engine.Explain(r.ctx(), r.actor, e.ID, h.Start, h.End)
	if err != nil {
		return nil, err
	}
	v := &confirmView{Frame: r.frame("confirm.title"), M: e, Held: h, Token: r.p.token(h), Until: r.when().Time(h.Until),
		Left: max(0, int(h.Until.Sub(r.now)/time.Second)), Span: r.when().Span(h.Start, h.End), Fee: r.feeFor(e, h.minutes()),
		Cancel: r.cancelText(e, h.Start), Button: r.T("confirm.button")}
	for _, need := range x.Needs {
		v.Needs = append(v.Needs, r.T("confirm.needs."+need))
	}
	if len(v.Needs) > 0 {
		v.Button = r.T("confirm.button_ask")
	}
	v.Back = r.url(machinePath(e.ID, booking.DateOf(h.Start, r.catalog.Zone), h.minutes(), "")) + "#start"
	v.Expired, v.Extend = r.url(r.p.confirmPath(h)), r.url("/holds/extend")
	v.Release, v.Length = r.url("/holds/release"), r.url("/holds/length")
	v.Rows = r.confirmRows(h, e, me)
	v.Form = r.confirmForm(h, e, me)
	for _, f := range v.Form.Fields() {
		switch f.Name {
		case "minutes", "hold":
		case "attendee_name", "attendee_phone", "attendee_relation", "help":
			v.Folded = append(v.Folded, f)
		default:
			v.Asked = append(v.Asked, f)
		}
	}
	return v, nil
}

// open unfolds what holds values or errors.
func (v *confirmView) open() {
	for _, f := range v.Folded {
		v.More = v.More || f.Value != "" || f.Error != ""
	}
}

// book makes the booking. Pressed twice it shows the same one.
func (p *pages) book(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	h, e, err := r.readHeld(sent.Get("h"))
	if err != nil {
		return err
	}
	req, err := r.bookRequest(h, e, sent)
	if err == nil {
		var b *booking.View
		if b, _, err = p.Engine.Book(r.ctx(), r.actor, req); err == nil {
			return r.see("/bookings/" + b.ID + "/done")
		}
	}
	f, ok := refused(err)
	switch {
	case !ok:
		return err
	case f.Code == "hold_expired":
		return r.expired(h, e)
	case f.Code == "slot_taken":
		return r.lost(e, h.interval(), f, nil)
	case f.Kind != fault.Invalid:
		return err
	}
	return r.confirmAgain(h, e, sent, http.StatusUnprocessableEntity, func(v *confirmView) { v.Form.refuse(r, f) })
}

// feeFor is what a length costs.
func (r *request) feeFor(e *booking.Equipment, minutes int) string {
	if e.FeeKRWPerHour == 0 {
		return r.T("fee.free")
	}
	return r.T("fee.sum", Frame{Lang: r.lang, texts: r.p.texts}.Won(e.FeeKRWPerHour*minutes/60))
}

// cancelText says until when a time can be cancelled, by the rule that would be promised for it.
func (r *request) cancelText(e *booking.Equipment, start time.Time) string {
	until := e.Policy.CancelUntil.Before(start, r.catalog.Zone)
	switch refusedLate := e.Policy.LateCancel == booking.LateRefused; {
	case !until.Before(start):
		return r.T("cancel.until_start")
	case until.Before(r.now) && refusedLate:
		return r.T("cancel.over")
	case until.Before(r.now):
		return r.T("cancel.late_only")
	case refusedLate:
		return r.T("cancel.until_refused", r.when().Moment(until))
	}
	return r.T("cancel.until", r.when().Moment(until))
}
