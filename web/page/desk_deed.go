package page

import (
	"context"
	"net/url"
	"strconv"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// deed is one thing the desk does to a booking: a form that posts to path.
// done tells whether a booking is already as the press wanted it, so that a
// second press, or a second person's, is no mistake; nil: that can't be told.
type deed struct {
	path string
	do   func(r *request, id string, in *deskInput) (*booking.View, error)
	done func(v *booking.View, in *deskInput) bool
}

// attending is a method of the engine for a deed that says little.
type attending = func(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)

// deeds is everything the desk does; which buttons show is read from View.Can.
func deeds() []deed {
	return []deed{
		{"arrived", attend(func(e Engine) attending { return e.Arrived }), func(v *booking.View, _ *deskInput) bool { return v.Details.ArrivedAt != nil }},
		{"check-in", attend(func(e Engine) attending { return e.CheckIn }), endsIn(booking.CheckedIn)},
		{"came", (*request).cameOnTime, endsIn(booking.CheckedIn)},
		{"start-late", attend(func(e Engine) attending { return e.StartLate }), endsIn(booking.CheckedIn)},
		{"finish", attend(func(e Engine) attending { return e.Finish }), endsIn(booking.Completed)},
		{"no-show", attend(func(e Engine) attending { return e.MarkNoShow }), endsIn(booking.NoShow)},
		{"late", (*request).lateBy, nil},
		{"extend", (*request).extendTo, func(v *booking.View, in *deskInput) bool { return !v.End.Before(in.instant("ends_at")) }},
		{"undo", attend(func(e Engine) attending { return e.Undo }), nil},
		{"cancel", attend(func(e Engine) attending { return e.Cancel }), endsIn(booking.Cancelled)},
		{"close", (*request).closeByCenter, endsIn(booking.Cancelled)},
		{"approve", (*request).approveWith, endsIn(booking.Confirmed)},
		{"reject", attend(func(e Engine) attending { return e.Reject }), endsIn(booking.Rejected)},
		{"move", (*request).moveTo, nil},
		{"job", (*request).changeJob, func(v *booking.View, in *deskInput) bool {
			return v.Details.Job != nil && string(v.Details.Job.State) == in.text("state")
		}},
		{"continue", (*request).continueJob, nil},
	}
}

func endsIn(s booking.Status) func(*booking.View, *deskInput) bool {
	return func(v *booking.View, _ *deskInput) bool { return v.Status == s }
}

// attend is a deed that needs a reason and the version at most.
func attend(of func(Engine) attending) func(*request, string, *deskInput) (*booking.View, error) {
	return func(r *request, id string, in *deskInput) (*booking.View, error) {
		req := booking.AttendRequest{Reason: in.reason(r), Version: in.version()}
		if err := in.err(); err != nil {
			return nil, err
		}
		return of(r.p.Engine)(r.ctx(), r.actor, id, req)
	}
}

// deskDo answers a press: back to the board where it was done, the card with
// the reason where not.
func (p *pages) deskDo(d deed) func(*request) error {
	return func(r *request) error {
		sent, err := r.sent()
		if err != nil {
			return err
		}
		in, id := r.deskInput(sent), r.Param("id")
		in.deed = d.path
		v, err := d.do(r, id, in)
		if err == nil {
			return r.see(r.afterDeed(d, v, sent))
		}
		f, ok := refused(err)
		if !ok {
			return err
		}
		if d.done != nil && (f.Code == "stale" || f.Code == "state_conflict") {
			if v, err := r.ofCenter(r.p.Engine.Get(r.ctx(), r.actor, id)); err == nil && d.done(v, in) {
				return r.see(r.afterDeed(d, v, sent))
			}
		}
		return r.cardAgain(id, d.path, sent, f)
	}
}

// afterDeed is where a press leads: the board, which says what was done.
func (r *request) afterDeed(d deed, v *booking.View, sent url.Values) string {
	base := deskBase(r.Param("center"))
	q := url.Values{"did": {d.path}, "last": {v.ID}}
	if view := oneOf([]string{"list", "timeline"}, sent.Get("view"), ""); view != "" {
		q.Set("view", view)
	}
	return base + "?" + q.Encode()
}

// deedForm is the form of a press; it carries the version that the person saw,
// so that two at two counters do not undo each other's work.
func (r *request) deedForm(base string, v *booking.View, path string, fields ...*Field) *Form {
	f := r.form(base+"/bookings/"+v.ID+"/"+path, fields...).hide("version", strconv.Itoa(v.Version))
	return f.hide("view", oneOf([]string{"list", "timeline"}, r.Query("view"), ""))
}

// cardAgain shows the card with what was typed and why it was refused.
func (r *request) cardAgain(id, path string, sent url.Values, f *fault.Fault) error {
	v, err := r.openCard(id)
	if err != nil {
		return err
	}
	form := v.form(path)
	if form == nil { // the button is gone by now: the reason alone stands above the card
		form = r.form("")
	}
	form.fill(sent).refuse(r, forDeed(path, f))
	v.Wrong = form
	return r.page(edge.Status(f), "desk_card", v)
}
