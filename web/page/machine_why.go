package page

import (
	"net/url"
	"time"

	"gongbang/booking"
)

// whyView answers "why can't I book this?" for any start.
type whyView struct {
	Form    *Form
	Asked   string // the time that was asked about; "" before
	Answer  *Notice
	Reasons []reasonView
	Near    []nearView
	Now     *nearView // it can be booked after all
}

// reasonView is a broken rule with what can be done.
type reasonView struct{ Text, Href, Label string }

func (r *request) whyForm(t *timesView) *whyView {
	date := &Field{Name: "why_date", Label: r.T("why.date"), Type: "date", Value: string(t.Date), Required: true}
	clock := &Field{Name: "why_time", Label: r.T("why.time"), Type: "time", Value: "09:00", Required: true}
	minutes := &Field{Name: "why_len", Label: r.T("why.len"), Type: "select"}
	for _, n := range lengthsOf(t.board.e.Policy) {
		minutes.Options = append(minutes.Options, Option{Value: positive(n), Label: r.length(n), Checked: n == t.Minutes})
	}
	f := r.form("/machines/"+t.board.e.ID, date, clock, minutes)
	f.hide("date", string(t.Date)).hide("len", positive(t.Minutes))
	if m := t.board.moving; m != nil {
		f.hide("move", m.ID)
	}
	return &whyView{Form: f}
}

// why explains a start that was asked about; without one it shows the question alone.
func (r *request) why(v *machineView, q url.Values) error {
	w := r.whyForm(v.Times)
	v.Why = w
	if !q.Has("why_time") {
		return nil
	}
	w.Form.fill(q)
	start, ok := r.startAt(q.Get("why_date") + "T" + q.Get("why_time"))
	minutes := minutesOf(q.Get("why_len"))
	if !ok || minutes == 0 {
		w.Form.refuse(r, badField("why_time", "day_and_time", ""))
		return nil
	}
	i := booking.Interval{Start: start, End: start.Add(time.Duration(minutes) * time.Minute)}
	w.Asked = r.when().Span(i.Start, i.End)
	x, err := r.p.Engine.Explain(r.ctx(), r.actor, v.M.ID, i.Start, i.End)
	if err != nil {
		return err
	}
	for _, broken := range x.Violations {
		w.Reasons = append(w.Reasons, r.reasonView(broken))
	}
	if len(w.Reasons) > 0 {
		w.Answer = &Notice{Kind: "warn", Title: r.T("why.no")}
		w.Near, err = r.near(v.M, i)
		return err
	}
	free, err := v.Times.board.searched(i)
	switch {
	case err != nil:
		return err
	case !free:
		w.Answer = &Notice{Kind: "warn", Title: r.T("why.no"), Text: r.T("why.taken")}
		w.Near, err = r.near(v.M, i)
		return err
	case len(x.Needs) > 0:
		w.Answer = &Notice{Kind: "ok", Title: r.T("why.asks"), Text: r.T("confirm.needs." + x.Needs[0])}
	default:
		w.Answer = &Notice{Kind: "ok", Title: r.T("why.yes")}
	}
	now := r.nearView(v.M, i)
	w.Now = &now
	return nil
}

// reasonView is a broken rule in a sentence; what the rule advises leads to a
// page and not to the API's path of the same thing.
func (r *request) reasonView(v booking.Violation) reasonView {
	out := reasonView{Text: v.Text.In(r.lang)}
	if v.Action == nil {
		return out
	}
	out.Label = v.Action.Label.In(r.lang)
	switch v.Action.Href {
	case "/api/v1/equipment":
		out.Href = r.url("/search")
	case "/api/v1/bookings?scope=mine":
		out.Href = r.url("/bookings")
	case "/api/v1/me/strikes":
		out.Href = r.url("/me") + "#strikes"
	default:
		out.Href = v.Action.Href
	}
	return out
}
