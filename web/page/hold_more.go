package page

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// extendHold gives more time to decide. What was typed on the page meanwhile
// stays: with part=hold only the box of the hold is drawn again.
func (p *pages) extendHold(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	h, e, err := r.readHeld(sent.Get("h"))
	if err != nil {
		return err
	}
	more, err := p.Engine.ExtendHold(r.ctx(), r.actor, h.ID)
	switch code := fault.Code(err); {
	case code == "hold_expired":
		return r.expired(h, e)
	case code == "state_conflict":
		return r.confirmAgain(h, e, sent, http.StatusConflict, func(v *confirmView) {
			v.Form.refuse(r, badField("minutes", "no_more_time", ""))
		})
	case err != nil:
		return err
	}
	return r.heldAnew(r.held(more, h.Key), e, sent)
}

// changeLength holds another length from the same start; the old one stays
// when that can't be had.
func (p *pages) changeLength(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	h, e, err := r.readHeld(sent.Get("h"))
	if err != nil {
		return err
	}
	minutes := minutesOf(sent.Get("minutes"))
	if minutes == 0 {
		minutes = h.minutes()
	}
	more, err := p.Engine.Hold(r.ctx(), r.actor, booking.HoldRequest{EquipmentID: e.ID, Start: h.Start, End: h.Start.Add(time.Duration(minutes) * time.Minute)})
	f, ok := refused(err)
	switch {
	case err == nil:
		return r.heldAnew(r.held(more, p.NewID()), e, sent)
	case !ok:
		return err
	}
	return r.confirmAgain(h, e, sent, statusOf(f), func(v *confirmView) {
		if f.Code == "slot_taken" {
			f = badField("minutes", "length_taken", r.length(minutes))
		}
		v.Form.refuse(r, f)
	})
}

func statusOf(f *fault.Fault) int {
	if f.Kind == fault.Conflict {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// heldAnew goes on with a hold that changed. Where something was typed already
// the page is drawn at once, so that none of it is lost or put into an address.
func (r *request) heldAnew(h heldTime, e *booking.Equipment, sent url.Values) error {
	if r.Query("part") != "hold" && !wrote(sent) {
		return r.see(r.p.confirmPath(h))
	}
	return r.confirmAgain(h, e, sent, http.StatusOK, func(*confirmView) {})
}

// wrote tells whether a person wrote something into the form.
func wrote(sent url.Values) bool {
	for name := range sent {
		switch name {
		case "h", "minutes", "people":
		default:
			if sent.Get(name) != "" {
				return true
			}
		}
	}
	return sent.Get("people") != "" && sent.Get("people") != "1"
}

// confirmAgain draws the confirm page with what was typed.
func (r *request) confirmAgain(h heldTime, e *booking.Equipment, sent url.Values, status int, change func(*confirmView)) error {
	v, err := r.confirmView(h, e)
	if err != nil {
		return err
	}
	minutes := slices.Clone(v.Form.Field("minutes").Options)
	v.Form.fill(sent)
	v.Form.Field("minutes").Options = minutes // the length that is held, not the one that was wished
	change(v)
	v.open()
	if r.Query("part") == "hold" {
		return r.fragment(status, "confirm", "hold", v)
	}
	return r.page(status, "confirm", v)
}

// expiredView says that a hold ran out, and offers the time again.
type expiredView struct {
	Frame
	M     *booking.Equipment
	Asked string
	Again *nearView // still free
	Near  []nearView
	Back  string
}

func (r *request) expired(h heldTime, e *booking.Equipment) error {
	v := &expiredView{Frame: r.frame("expired.title"), M: e, Asked: r.when().Span(h.Start, h.End),
		Back: r.url(machinePath(e.ID, booking.DateOf(h.Start, r.catalog.Zone), h.minutes(), "")) + "#start"}
	free, err := (&machineBoard{r: r, e: e}).searched(h.interval())
	if err != nil {
		return err
	}
	if free {
		again := r.nearView(e, h.interval())
		v.Again = &again
		return r.page(http.StatusGone, "expired", v)
	}
	if v.Near, err = r.near(e, h.interval()); err != nil {
		return err
	}
	return r.page(http.StatusGone, "expired", v)
}
