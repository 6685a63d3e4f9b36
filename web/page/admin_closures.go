package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// closuresView lists when a center, or the whole city, is closed, and closes
// it: a desk for the rest of a day, a manager for dates.
type closuresView struct {
	adminView
	Base   string // path without the language
	Early  bool   // a desk closes early
	Times  string
	Reason string
	List   []closureLine
}

// closureLine is a closure that is not over.
type closureLine struct {
	Times, Reason string
	City          bool
	Reopen        *Form // nil where this page can't
}

// closingPage begins the page of the path: of the desk, the center, or the city.
func (r *request) closingPage() (*closuresView, error) {
	early := strings.HasPrefix(r.row.path, "/desk/")
	var own adminView
	var err error
	switch {
	case r.Param("center") == "":
		own, err = r.ofCity("admin.closures.city")
	case early:
		if own, err = r.adminOf("admin.close.title"); err == nil {
			own.Back = Tab{Name: r.T("desk.back"), Href: r.url(deskBase(own.Center.ID))}
		}
	default:
		own, err = r.adminOf("admin.closures.title")
	}
	if err != nil {
		return nil, err
	}
	v := &closuresView{adminView: own, Early: early, Base: "/manage/closures"}
	switch {
	case early:
		v.Base = deskBase(own.Center.ID) + "/close"
	case own.Center != nil:
		v.Base = manageCenter(own.Center.ID) + "/closures"
	}
	return v, nil
}

// center is the id of the page's center, "" for the city.
func (v *closuresView) center() string {
	if v.Center == nil {
		return ""
	}
	return v.Center.ID
}

func (p *pages) adminClosures(r *request) error {
	v, err := r.closingPage()
	if err != nil {
		return err
	}
	v.Form = r.closureForm(v)
	return r.closuresPage(http.StatusOK, v)
}

func (r *request) closuresPage(status int, v *closuresView) error {
	if v.Step != "ask" {
		return r.page(status, "admin_closures", v)
	}
	list, err := r.p.Engine.Closures(r.ctx(), r.actor, v.center())
	if err != nil {
		return err
	}
	w := r.staffWhen()
	for _, c := range list {
		if v.Center == nil && c.Center != "" {
			continue
		}
		line := closureLine{Times: w.Span(c.When.Start, c.When.End), Reason: c.Reason, City: c.Center == ""}
		if c.Center == v.center() && (!v.Early || r.soon().Contains(c.When)) {
			line.Reopen = r.form(v.Base + "/" + c.ID + "/end")
		}
		v.List = append(v.List, line)
	}
	return r.page(status, "admin_closures", v)
}

// soon is today and tomorrow, which a desk looks after.
func (r *request) soon() booking.Interval {
	return booking.Interval{Start: r.today().At(0, r.catalog.Zone), End: r.today().Add(2).At(0, r.catalog.Zone)}
}

// closureForm asks when and why.
func (r *request) closureForm(v *closuresView) *Form {
	var fields []*Field
	if v.Early {
		half := r.now.Truncate(30 * time.Minute).Add(30 * time.Minute)
		fields = []*Field{
			{Name: "day", Type: "radios", Label: r.T("admin.close.day"), Options: []Option{{Value: "0", Label: r.T("day.today"), Checked: true}, {Value: "1", Label: r.T("day.tomorrow")}}},
			r.clockField("time", r.T("admin.close.time"), half.In(r.catalog.Zone).Format("15:04"), true)}
	} else {
		fields = []*Field{
			{Name: "from_date", Type: "date", Label: r.T("admin.close.from_date"), Required: true},
			r.hourField("from_time", r.optional("admin.close.from_time"), ""),
			{Name: "to_date", Type: "date", Label: r.optional("admin.close.to_date"), Hint: r.T("admin.close.to_date.hint")},
			r.hourField("to_time", r.optional("admin.close.to_time"), "")}
	}
	return r.form(v.Base, append(fields,
		&Field{Name: "reason", Type: "select", Label: r.T("admin.close.reason"), Options: r.reasonsOf("closure")},
		&Field{Name: "more", Type: "text", Label: r.T("desk.reason.more"), Lang: "ko", MaxLength: moreLength})...).keyed(r)
}

// closureSent reads the time and the reason of a closure.
func (r *request) closureSent(v *closuresView, sent url.Values) (booking.ClosureRequest, error) {
	in := r.deskInput(sent)
	req := booking.ClosureRequest{Center: v.center(), Reason: in.reason(r), Key: r.key(sent)}
	if v.Early {
		day := r.today().Add(in.number("day", 0, 1))
		req.From, req.To = in.edge("time", day, 0), day.Add(1).At(0, r.catalog.Zone)
		if in.text("time") == "" {
			in.refuse("time", "required", "")
		}
		return req, in.err()
	}
	from := in.day("from_date", "")
	if in.text("from_date") == "" {
		in.refuse("from_date", "required", "")
		return req, in.err()
	}
	req.From = in.edge("from_time", from, 0)
	req.To = in.edge("to_time", in.day("to_date", from), 24*60)
	return req, in.err()
}

// edge is a time of a day, otherwise a minute of it.
func (d *deskInput) edge(name string, day booking.Date, otherwise int) time.Time {
	if t := d.at(name, day); t != nil {
		return *t
	}
	return day.At(otherwise, d.zone)
}

// adminClose shows who would be told; the second press closes and tells what
// became of everybody.
func (p *pages) adminClose(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v, err := r.closingPage()
	if err != nil {
		return err
	}
	v.Form = r.closureForm(v).fill(sent)
	draw := func(status int) error { return r.closuresPage(status, v) }
	if sent.Get("step") == "ask" {
		return draw(http.StatusOK)
	}
	req, err := r.closureSent(v, sent)
	switch {
	case err != nil:
	case !req.To.After(req.From):
		err = fault.BadField("to", "after", "from")
	case !req.To.After(r.now):
		err = fault.BadField("to", "future", "")
	}
	if err == nil {
		v.Times, v.Reason = r.staffWhen().Span(req.From, req.To), req.Reason
		err = r.closing(v, sent, req)
	}
	return r.show(&v.adminView, err, v.closureField, draw, "", v.Base)
}

func (r *request) closing(v *closuresView, sent url.Values, req booking.ClosureRequest) error {
	if sent.Get("step") == "save" {
		_, hit, _, err := r.p.Engine.Close(r.ctx(), r.actor, req)
		if err == nil {
			v.step("done")
			v.Hit = r.adminHits(hit, true)
		}
		return err
	}
	for _, c := range r.catalog.Centers {
		if c.Retired || v.Center != nil && c != v.Center {
			continue
		}
		hit, err := r.bookedIn(c.ID, booking.Interval{Start: req.From, End: req.To})
		if err != nil {
			return err
		}
		for _, x := range hit {
			h := r.adminHit(x)
			h.Became, _ = r.deskState(x, false)
			v.Hit = append(v.Hit, h)
		}
	}
	r.carry(&v.adminView, sent)
	v.Decision = nil // who is closed out can't be kept
	return nil
}

// closureField is where the form asks for an end of the time.
func (v *closuresView) closureField(x fault.Field) fault.Field {
	switch {
	case v.Early && (x.Field == "from" || x.Field == "to"):
		x.Field = "time"
	case x.Field == "from":
		x.Field = "from_date"
	case x.Field == "to":
		x.Field = "to_date"
	}
	if x.Rule == "after" {
		x.Rule = "admin_after"
	}
	return x
}

// adminReopen takes a closure back, or ends it now.
func (p *pages) adminReopen(r *request) error {
	v, err := r.closingPage()
	if err != nil {
		return err
	}
	list, err := p.Engine.Closures(r.ctx(), r.actor, v.center())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(c booking.Posted) bool { return c.ID == r.Param("id") && c.Center == v.center() }) {
		return fault.ErrNotFound
	}
	if err := p.Engine.Reopen(r.ctx(), r.actor, r.Param("id")); err != nil {
		return err
	}
	r.note("note.admin_reopened")
	return r.see(v.Base)
}
