package page

import (
	"net/http"
	"net/url"
	"strconv"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// cancelView asks once more and says what a cancel costs.
type cancelView struct {
	Frame
	B        *booking.View
	Question string
	Cost     *Notice
	Form     *Form // nil: it can't be cancelled here any more
	Detail   string
	Dialog   bool // drawn into a page that is open, under its h1
}

// askCancel is the page (and the dialog) before a cancel.
func (p *pages) askCancel(r *request) error {
	b, err := p.Engine.Get(r.ctx(), r.actor, r.Param("id"))
	if err != nil {
		return err
	}
	v := r.cancelView(b)
	if v.Dialog = r.Query("part") == "ask"; v.Dialog {
		return r.fragment(http.StatusOK, "cancel", "ask", v)
	}
	return r.page(http.StatusOK, "cancel", v)
}

func (r *request) cancelView(b *booking.View) *cancelView {
	v := &cancelView{Frame: r.frame("cancel.title"), B: b, Detail: r.url("/bookings/" + b.ID)}
	v.Question = r.T("cancel.question", r.when().Span(b.Start, b.End))
	if b.AccountID != r.actor.ID || !may(b, booking.VerbCancel) {
		v.Cost = &Notice{Kind: "warn", Title: r.T("cancel.cant"), Text: r.T("cancel.cant.what")}
		return v
	}
	v.Cost = r.cancelCost(b)
	reason := &Field{Name: "reason", Label: r.optional("cancel.reason"), Type: "radios"}
	for _, why := range []string{"schedule", "other_machine", "not_needed", "other"} {
		reason.Options = append(reason.Options, Option{Value: why, Label: r.T("cancel.reason." + why)})
	}
	v.Form = r.form("/bookings/"+b.ID+"/cancel", reason).hide("version", strconv.Itoa(b.Version))
	return v
}

// cancelCost says what the promised terms make of a cancel now. A test holds
// the sentence against what the engine then records.
func (r *request) cancelCost(b *booking.View) *Notice {
	d := b.Details
	fresh := d.ConfirmedAt != nil && !r.now.After(d.ConfirmedAt.Add(restoreFor))
	if b.Status != booking.Confirmed || fresh || !r.now.After(d.Terms.CancelUntil) {
		return &Notice{Kind: "info", Text: r.T("cancel.free")}
	}
	return &Notice{Kind: "warn", Text: r.T("cancel.late", r.when().Moment(d.Terms.CancelUntil)) + " " + r.costs(b)}
}

// costs says the points of a late cancel or move.
func (r *request) costs(b *booking.View) string {
	if b.CancelCost == 0 {
		return r.T("cancel.free")
	}
	return r.T("cancel.costs", b.CancelCost)
}

// cancelReasons are kept in Korean: staff read them.
var cancelReasons = map[string]string{"schedule": "일정이 바뀌었습니다", "other_machine": "다른 장비나 시간을 쓰려고 합니다", "not_needed": "쓸 일이 없어졌습니다", "other": "그 밖의 이유"}

func (p *pages) cancel(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	id := r.Param("id")
	version, _ := strconv.Atoi(sent.Get("version"))
	b, err := p.Engine.Cancel(r.ctx(), r.actor, id, booking.AttendRequest{Reason: cancelReasons[sent.Get("reason")], Version: version})
	if err != nil {
		return r.refusedChange(id, err)
	}
	r.note("note.cancelled")
	return r.see("/bookings/" + b.ID)
}

// restore takes a cancel back.
func (p *pages) restore(r *request) error {
	id := r.Param("id")
	before, err := p.Engine.Get(r.ctx(), r.actor, id)
	if err != nil {
		return err
	}
	b, err := p.Engine.Restore(r.ctx(), r.actor, id, before.Version)
	if f, ok := refused(err); ok && f.Code == "slot_taken" {
		return r.lost(before.Equipment, before.Interval(), f, nil)
	}
	if err != nil {
		return r.refusedChange(id, err)
	}
	r.note("note.restored")
	return r.see("/bookings/" + b.ID)
}

// late tells the center that somebody comes later.
func (p *pages) late(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	id := r.Param("id")
	if _, err := p.Engine.Late(r.ctx(), r.actor, id, booking.AttendRequest{Minutes: minutesOf(sent.Get("minutes"))}); err != nil {
		return r.refusedChange(id, err)
	}
	r.note("note.late")
	return r.see("/bookings/" + id)
}

// refusedChange shows the booking as it stands now, and why it could not be changed.
func (r *request) refusedChange(id string, err error) error {
	f, ok := refused(err)
	if !ok {
		return err
	}
	b, lookErr := r.p.Engine.Get(r.ctx(), r.actor, id)
	if lookErr != nil {
		return lookErr
	}
	status := http.StatusUnprocessableEntity
	if f.Kind == fault.Conflict {
		status = http.StatusConflict
	}
	return r.showDetail(status, b, func(v *doneView) { v.Refused = r.refusal(f) })
}

// refusal is why something could not be done, as the summary above a page.
func (r *request) refusal(f *fault.Fault) *Form {
	form := r.form("/bookings")
	form.refuse(r, f)
	return form
}

// moveView compares the old time with the new one before it is changed.
type moveView struct {
	Frame
	B       *booking.View
	Rows    []Row
	Form    *Form
	Needs   string
	Cost    *Notice // nil: a move now is not late
	Back    string
	Keep    string
	Refused *Form
}

// askMove is the page before a move: the old booking stays until it is confirmed.
func (p *pages) askMove(r *request) error {
	b, e, i, err := r.moveWish(r.Request.URL.Query())
	if err != nil {
		return err
	}
	v, err := r.moveView(b, e, i)
	if err != nil {
		return err
	}
	return r.page(http.StatusOK, "move", v)
}

// moveWish reads which booking goes where.
func (r *request) moveWish(sent url.Values) (*booking.View, *booking.Equipment, booking.Interval, error) {
	b, err := r.p.Engine.Get(r.ctx(), r.actor, r.Param("id"))
	if err != nil {
		return nil, nil, booking.Interval{}, err
	}
	if b.AccountID != r.actor.ID {
		return nil, nil, booking.Interval{}, fault.ErrForbidden // staff move on the desk's pages
	}
	if sent.Get("equipment_id") == "" {
		sent.Set("equipment_id", b.EquipmentID)
	}
	e, i, err := r.wanted(sent)
	return b, e, i, err
}

func (r *request) moveView(b *booking.View, e *booking.Equipment, i booking.Interval) (*moveView, error) {
	v := &moveView{Frame: r.frame("move.title"), B: b, Keep: r.url("/bookings/" + b.ID),
		Back: r.url(machinePath(e.ID, booking.DateOf(i.Start, r.catalog.Zone), i.Minutes(), b.ID)) + "#start"}
	x, err := r.p.Engine.Explain(r.ctx(), account.Actor{Locale: r.lang}, e.ID, i.Start, i.End)
	if err != nil {
		return nil, err
	}
	if len(x.Needs) > 0 {
		v.Needs = r.T("confirm.needs." + x.Needs[0])
	}
	if b.CancelCost > 0 {
		v.Cost = &Notice{Kind: "warn", Text: r.T("move.late", r.when().Moment(b.Details.Terms.CancelUntil), b.CancelCost)}
	}
	v.Rows = []Row{
		{Term: r.T("move.old"), Value: text(r.when().Span(b.Start, b.End))},
		{Term: r.T("move.new"), Value: "<strong>" + text(r.when().Span(i.Start, i.End)) + "</strong>"},
		{Term: r.T("row.machine"), Value: v.Text(e.Name)},
		{Term: r.T("row.center"), Value: v.Text(e.Center.Name)},
		{Term: r.T("row.fee"), Value: text(r.feeFor(e, i.Minutes()))},
	}
	v.Form = r.form("/bookings/"+b.ID+"/move").hide("equipment_id", e.ID).hide("start", r.startText(i.Start)).
		hide("minutes", positive(i.Minutes())).hide("version", strconv.Itoa(b.Version))
	return v, nil
}

// move gives the booking its new time, or leaves everything as it is.
func (p *pages) move(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	b, e, i, err := r.moveWish(sent)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(sent.Get("version"))
	_, err = p.Engine.Move(r.ctx(), r.actor, b.ID, booking.MoveRequest{Version: version, EquipmentID: e.ID, Start: i.Start, End: i.End})
	if err == nil {
		r.note("note.moved")
		return r.see("/bookings/" + b.ID)
	}
	f, ok := refused(err)
	switch {
	case !ok:
		return err
	case f.Code == "slot_taken":
		return r.lost(e, i, f, b)
	case f.Kind != fault.Invalid:
		return r.refusedChange(b.ID, err)
	}
	v, err := r.moveView(b, e, i)
	if err != nil {
		return err
	}
	v.Refused = r.refusal(f)
	return r.page(http.StatusUnprocessableEntity, "move", v)
}
