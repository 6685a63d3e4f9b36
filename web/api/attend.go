package api

import (
	"context"
	"net/http"
	"time"

	"gongbang/account"
	"gongbang/booking"
)

// The bodies of the actions on a booking: one type for each set of fields.
type (
	cancelBody struct {
		Reason string `json:"reason" validate:"max=500"`
		versionBody
	}
	rejectBody struct {
		Reason string `json:"reason" validate:"required,max=500"`
		versionBody
	}
	undoBody struct {
		Reason string `json:"reason" validate:"required,max=500"`
		versionBody
	}
	arriveBody struct {
		At *time.Time `json:"at"`
		versionBody
	}
	checkInBody struct {
		Code string     `json:"code" validate:"max=16"`
		Unit *int       `json:"unit" validate:"omitempty,min=1,max=1000"`
		At   *time.Time `json:"at"`
		versionBody
	}
	finishBody struct {
		At *time.Time `json:"at"`
		versionBody
	}
	noShowBody struct {
		Reason string `json:"reason" validate:"max=500"`
		versionBody
	}
	startLateBody struct {
		At   *time.Time `json:"at"`
		Unit *int       `json:"unit" validate:"omitempty,min=1,max=1000"`
		versionBody
	}
	extendBody struct {
		EndsAt time.Time `json:"ends_at" validate:"required"`
		versionBody
	}
	lateBody struct {
		Minutes *int `json:"minutes" validate:"required,min=1,max=1440"`
		versionBody
	}
)

func (v versionBody) plain() booking.AttendRequest {
	return booking.AttendRequest{Version: number(v.Version)}
}

func (b *cancelBody) request() booking.AttendRequest { return because(b.versionBody, b.Reason) }
func (b *rejectBody) request() booking.AttendRequest { return because(b.versionBody, b.Reason) }
func (b *undoBody) request() booking.AttendRequest   { return because(b.versionBody, b.Reason) }
func (b *noShowBody) request() booking.AttendRequest { return because(b.versionBody, b.Reason) }

func because(v versionBody, reason string) booking.AttendRequest {
	req := v.plain()
	req.Reason = reason
	return req
}

func (b *arriveBody) request() booking.AttendRequest {
	req := b.plain()
	req.At = b.At
	return req
}

func (b *finishBody) request() booking.AttendRequest {
	req := b.plain()
	req.At = b.At
	return req
}

func (b *checkInBody) request() booking.AttendRequest {
	req := b.plain()
	req.Code, req.Unit, req.At = b.Code, number(b.Unit), b.At
	return req
}

func (b *startLateBody) request() booking.AttendRequest {
	req := b.plain()
	req.Unit, req.At = number(b.Unit), b.At
	return req
}

func (b *extendBody) request() booking.AttendRequest {
	req := b.plain()
	req.End = b.EndsAt
	return req
}

func (b *lateBody) request() booking.AttendRequest {
	req := b.plain()
	req.Minutes = number(b.Minutes)
	return req
}

// attend is an action on the booking :id that answers with it.
func attend[T any, P interface {
	*T
	request() booking.AttendRequest
}](a *API, do func(Engine) func(context.Context, account.Actor, string, booking.AttendRequest) (*booking.View, error)) action {
	return withBody(func(c *call, in *T) error {
		v, err := do(a.Engine)(c.ctx(), c.actor, c.id(), P(in).request())
		return a.answer(c, v, err)
	})
}

type approveBody struct {
	StartsAt *time.Time `json:"starts_at"`
	EndsAt   *time.Time `json:"ends_at"`
	Unit     *int       `json:"unit" validate:"omitempty,min=1,max=1000"`
	versionBody
}

func (a *API) approve(c *call, in *approveBody) error {
	v, err := a.Engine.Approve(c.ctx(), c.actor, c.id(), booking.ApproveRequest{
		Start: in.StartsAt, End: in.EndsAt, Unit: number(in.Unit), Version: number(in.Version)})
	return a.answer(c, v, err)
}

type jobChangeBody struct {
	State      string     `json:"state" validate:"required,oneof=waiting received working ready collected"`
	Note       string     `json:"note" validate:"max=1000"`
	PromisedAt *time.Time `json:"promised_at"`
	versionBody
}

func (a *API) changeJob(c *call, in *jobChangeBody) error {
	v, err := a.Engine.ChangeJob(c.ctx(), c.actor, c.id(), booking.JobChange{
		State: booking.JobState(in.State), Note: in.Note, PromisedAt: in.PromisedAt, Version: number(in.Version)})
	return a.answer(c, v, err)
}

type continueBody struct {
	StartsAt time.Time `json:"starts_at" validate:"required"`
	EndsAt   time.Time `json:"ends_at" validate:"required,gtfield=StartsAt"`
}

func (a *API) continueJob(c *call, in *continueBody) error {
	key, err := c.key()
	if err != nil {
		return err
	}
	v, replayed, err := a.Engine.Continue(c.ctx(), c.actor, c.id(), in.StartsAt, in.EndsAt, key)
	return a.made(c, v, replayed, err)
}

// holdBody asks to keep a time.
type holdBody struct {
	EquipmentID string    `json:"equipment_id" validate:"required,max=128"`
	StartsAt    time.Time `json:"starts_at" validate:"required"`
	EndsAt      time.Time `json:"ends_at" validate:"required,gtfield=StartsAt"`
	Unit        *int      `json:"unit" validate:"omitempty,min=1,max=1000"`
	For         *holdFor  `json:"for"`
}

type holdFor struct {
	AccountID string `json:"account_id" validate:"required,max=64"`
}

func (a *API) hold(c *call, in *holdBody) error {
	req := booking.HoldRequest{EquipmentID: in.EquipmentID, Start: in.StartsAt, End: in.EndsAt, Unit: number(in.Unit)}
	if in.For != nil {
		req.For = in.For.AccountID
	}
	h, err := a.Engine.Hold(c.ctx(), c.actor, req)
	return a.held(c, http.StatusCreated, h, err)
}

func (a *API) extendHold(c *call) error {
	h, err := a.Engine.ExtendHold(c.ctx(), c.actor, c.id())
	return a.held(c, http.StatusOK, h, err)
}

func (a *API) held(c *call, status int, h booking.Hold, err error) error {
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	body := map[string]any{"id": h.ID, "equipment_id": h.EquipmentID, "unit": h.Unit,
		"starts_at": stamp(h.Start, zone), "ends_at": stamp(h.End, zone),
		"expires_at": stamp(h.ExpiresAt, zone), "extensions_left": h.ExtensionsLeft}
	if r := h.Replaced; r != nil {
		body["replaced"] = map[string]any{"equipment_id": r.Equipment, "unit": r.Unit,
			"starts_at": stamp(r.Interval.Start, zone), "ends_at": stamp(r.Interval.End, zone)}
	}
	return c.show(status, body)
}

func (a *API) releaseHold(c *call) error {
	if err := a.Engine.ReleaseHold(c.ctx(), c.actor, c.id()); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
