package page

import (
	"context"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// cameOnTime notes who was not seen coming: the use began with the booked time.
func (r *request) cameOnTime(id string, in *deskInput) (*booking.View, error) {
	at := in.instant("at")
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.p.Engine.CheckIn(r.ctx(), r.actor, id, booking.AttendRequest{At: &at, Version: in.version()})
}

func (r *request) lateBy(id string, in *deskInput) (*booking.View, error) {
	minutes := in.number("minutes", 1, 60)
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.p.Engine.Late(r.ctx(), r.actor, id, booking.AttendRequest{Minutes: minutes, Version: in.version()})
}

func (r *request) extendTo(id string, in *deskInput) (*booking.View, error) {
	end := in.instant("ends_at")
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.p.Engine.Extend(r.ctx(), r.actor, id, booking.AttendRequest{End: end, Version: in.version()})
}

// centerCloser is the center cancelling for its own reasons: never a strike,
// never counted, and the person is told why. *booking.Service is one.
type centerCloser interface {
	CancelByCenter(ctx context.Context, actor account.Actor, id, reason string) (*booking.View, error)
}

func (r *request) closeByCenter(id string, in *deskInput) (*booking.View, error) {
	c, ok := r.p.Engine.(centerCloser)
	if !ok {
		return nil, fault.ErrState
	}
	reason := in.reason(r)
	if reason == "" {
		in.refuse("reason", "required", "")
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	return c.CancelByCenter(r.ctx(), r.actor, id, reason)
}

// approveWith confirms a request; what was changed in the form is changed with it.
func (r *request) approveWith(id string, in *deskInput) (*booking.View, error) {
	start, end := in.span(r.today())
	req := booking.ApproveRequest{Start: start, End: end, Unit: in.number("unit", 0, 1000), Version: in.version()}
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.p.Engine.Approve(r.ctx(), r.actor, id, req)
}

func (r *request) moveTo(id string, in *deskInput) (*booking.View, error) {
	start, end := in.span(r.today())
	unit := in.number("unit", 0, 1000)
	if start == nil && len(in.wrong) == 0 {
		in.refuse("time", "required", "")
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.p.Engine.Move(r.ctx(), r.actor, id, booking.MoveRequest{Start: *start, End: *end, Unit: unit, Version: in.version()})
}

// changeJob moves the work on: its state, a note for the person, when it will be ready.
func (r *request) changeJob(id string, in *deskInput) (*booking.View, error) {
	req := booking.JobChange{State: booking.JobState(in.text("state")), Note: in.text("note"), Version: in.version()}
	if len([]rune(req.Note)) > moreLength {
		in.refuse("note", "too_long", "200")
	}
	req.PromisedAt = in.at("time", in.day("date", r.today()))
	if in.text("date") != "" && in.text("time") == "" {
		in.refuse("time", "required", "")
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.p.Engine.ChangeJob(r.ctx(), r.actor, id, req)
}

// continueJob books the next piece of the same work, on another day.
func (r *request) continueJob(id string, in *deskInput) (*booking.View, error) {
	start, end := in.span(r.today())
	if start == nil && len(in.wrong) == 0 {
		in.refuse("time", "required", "")
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	v, _, err := r.p.Engine.Continue(r.ctx(), r.actor, id, *start, *end, r.key(in.sent))
	return v, err
}
