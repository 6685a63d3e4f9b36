package page

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gongbang/booking"
)

// cardView is one booking in full, with everything the desk can do to it.
type cardView struct {
	deskView
	Who     string
	What    string
	State   Chip
	Rows    []Row
	Notice  *Notice // what to know before anything is pressed
	First   *pressed
	Buttons []pressed
	Extend  []pressed
	Folds   []fold
	Papers  *papersView
	Wrong   *Form // of the last press, with why it was refused
	Back    string
	Broken  string // where a fault of this machine is reported
	Strikes string // the person's points at this center
}

// pressed is one press. Why is the reason it can't be pressed.
type pressed struct {
	Path, Label string
	Form        *Form
	Why         string
}

// deskCard shows one booking to staff of its center; the look is logged.
func (p *pages) deskCard(r *request) error {
	v, err := r.openCard(r.Param("id"))
	if err != nil {
		return err
	}
	return r.page(http.StatusOK, "desk_card", v)
}

func (r *request) openCard(id string) (*cardView, error) {
	d, err := r.desk("desk.card.title")
	if err != nil {
		return nil, err
	}
	b, err := r.ofCenter(r.p.Engine.Get(r.ctx(), r.actor, id))
	if err != nil {
		return nil, err
	}
	v := &cardView{deskView: d, Who: r.T("desk.honorific", r.whoComes(b)), What: r.deskMachine(b.Equipment, b.Unit) + " · " + r.staffWhen().Span(b.Start, b.End)}
	v.Back = v.Go("")
	if view := oneOf([]string{"list", "timeline"}, r.Query("view"), ""); view != "" {
		v.Back = v.Go("?" + url.Values{"view": {view}}.Encode())
	}
	v.Broken = v.Go("/outage?" + url.Values{"machine": {b.EquipmentID + " " + strconv.Itoa(brokenUnit(b))}}.Encode())
	v.Strikes = v.Go("/strikes/" + url.PathEscape(b.AccountID))
	unseen := b.Status == booking.Confirmed && slices.Contains(b.Can, booking.VerbNoShow)
	v.State, _ = r.deskState(*b, unseen)
	v.Rows = r.cardRows(b)
	v.Notice = r.cardNotice(b)
	if v.Papers, err = r.papers(v.Base, b); err != nil {
		return nil, err
	}
	r.fillPresses(v, b, unseen)
	v.Folds = r.folds(v.Base, b)
	if slices.Contains(b.Can, booking.VerbExtend) {
		v.Extend, err = r.extensions(v.Base, b)
	}
	return v, err
}

// brokenUnit is the unit as the fault report names it: 0 where there is one alone.
func brokenUnit(b *booking.View) int {
	if b.Equipment.Quantity < 2 {
		return 0
	}
	return b.Unit
}

// fillPresses are the deeds that ask nothing. The first one is what comes next.
func (r *request) fillPresses(v *cardView, b *booking.View, unseen bool) {
	press := func(path, label string) {
		x := pressed{Path: path, Label: r.T(label), Form: r.deedForm(v.Base, b, path)}
		if path == "came" {
			x.Form.hide("at", deskStamp(b.Start))
		}
		if v.First == nil && path != "arrived" {
			v.First = &x
			return
		}
		v.Buttons = append(v.Buttons, x)
	}
	can := func(verb booking.Verb) bool { return slices.Contains(b.Can, verb) }
	switch {
	case b.Details.Job != nil: // taking the work in is the check-in
	case can(booking.VerbStart):
		press("start-late", "desk.do.start-late")
	case can(booking.VerbCheckIn):
		press("check-in", "desk.do.check-in")
	case unseen && can(booking.VerbArrived): // its time is over, and nobody was seen
		press("came", "desk.do.came")
	}
	if can(booking.VerbFinish) && b.Details.Job == nil {
		label := "desk.do.finish_early"
		if !r.now.Before(b.End) {
			label = "desk.do.finish"
		}
		press("finish", label)
	}
	if can(booking.VerbArrived) && b.Details.ArrivedAt == nil && booking.DateOf(b.Start, b.Zone) == r.today() && r.now.Before(b.End) {
		press("arrived", "desk.do.arrived")
	}
}

// form is the form of a deed on this card, opened where it was folded; nil where it has none now.
func (v *cardView) form(path string) *Form {
	for _, b := range slices.Concat(v.Buttons, v.Extend) {
		if b.Path == path && b.Form != nil {
			return b.Form
		}
	}
	if v.First != nil && v.First.Path == path {
		return v.First.Form
	}
	for i := range v.Folds {
		if v.Folds[i].Path == path {
			v.Folds[i].Open = true
			return v.Folds[i].Form
		}
	}
	return nil
}

// cardNotice says why the usual next step is not open.
func (r *request) cardNotice(b *booking.View) *Notice {
	if b.Status == booking.Pending {
		why := "approval"
		if slices.Contains(b.Details.NeedsStaff, "certificate") {
			why = "certificate"
		}
		return &Notice{Kind: "warn", Text: r.T("desk.notice.pending." + why)}
	}
	c := r.resultCard(deskBase(b.CenterID), b)
	if c.Reason == "" || b.Status == booking.CheckedIn || b.Status == booking.Completed || b.Details.Job != nil {
		return nil
	}
	if c.Kind == "danger" {
		c.Kind = "plain"
	}
	return &Notice{Kind: c.Kind, Text: c.Reason}
}
