package page

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
	"gongbang/web/edge/locale"
)

// adminView is what the pages by which a center is run show: a form (ask), what
// it would do to whom (check), and what it did (done).
type adminView struct {
	Frame
	Heading  string
	Back     Tab             // the way back in words
	Center   *booking.Center // nil: of the whole city
	Of       template.HTML   // whose page it is, under the heading
	Step     string          // ask, check, done; saved leaves the page
	Form     *Form
	Hit      []adminHit
	Decision *Field // what becomes of the bookings that are hit
}

// adminHit is one booking that a change hits.
type adminHit struct {
	When, Href, Name string
	Machine, Center  template.HTML
	Why              string // the rule it breaks
	Became           Chip   // how it stands, where nothing is done yet
}

// admin begins a page; back is where its way back leads.
func (r *request) admin(heading, back, backTo string) adminView {
	return adminView{Frame: r.framed(heading), Heading: heading, Back: Tab{Name: back, Href: r.url(backTo)}, Step: "ask"}
}

// ofCity begins a page about what all centers share, for those who may change it.
func (r *request) ofCity(key string) (adminView, error) {
	if !r.actor.May(account.CityEdit, "") {
		return adminView{}, fault.ErrForbidden
	}
	return r.admin(r.T(key), r.T("admin.centers.title"), manageCenters), nil
}

const manageCenters = "/manage/centers"

func manageCenter(id string) string  { return manageCenters + "/" + id }
func manageMachine(id string) string { return "/manage/machines/" + id }

// of says in the title and under the heading whose page it is.
func (v *adminView) of(name string, html template.HTML) {
	v.Title, v.Of = v.Heading+" · "+name, html
}

// try judges a change first. It is written at the second press: at the first
// one only when it breaks no booking, and nobody has to look at it before.
func (r *request) try(v *adminView, sent url.Values, look bool, run func(booking.Deciding) (*booking.OfferOutcome, error)) (*booking.OfferOutcome, error) {
	version, _ := strconv.Atoi(sent.Get("version"))
	d := booking.Deciding{Version: version, Affected: oneOf([]string{"keep", "cancel"}, sent.Get("affected"), "")}
	if sent.Get("step") != "save" {
		d.Preview = true
		out, err := run(d)
		if err != nil {
			return nil, err
		}
		if look || len(out.Affected) > 0 {
			v.Hit = r.adminHits(out.Affected, false)
			r.carry(v, sent)
			return out, nil
		}
		d.Preview = false
	}
	out, err := run(d)
	if err != nil {
		return nil, err
	}
	v.Step, v.Hit = "saved", r.adminHits(out.Affected, true)
	if len(v.Hit) > 0 {
		v.step("done")
	}
	return out, nil
}

// step says in the title too how far a change is.
func (v *adminView) step(name string) {
	v.Step, v.Title = name, v.T("admin.step."+name)+" · "+v.Title
}

// carry asks for the second press: what was sent goes along, with the decision.
func (r *request) carry(v *adminView, sent url.Values) {
	v.step("check")
	next := &Form{Action: v.Form.Action, Key: v.Form.Key}
	next.hide("version", sent.Get("version"))
	for _, x := range v.Form.fields {
		for _, value := range sent[x.Name] {
			next.hide(x.Name, value)
		}
	}
	v.Form = next
	if len(v.Hit) > 0 {
		v.Decision = &Field{Name: "affected", Type: "radios", Label: r.T("admin.affected"), Options: []Option{
			{Value: "keep", Label: r.T("admin.keep"), Hint: r.T("admin.keep.hint"), Checked: true},
			{Value: "cancel", Label: r.T("admin.cancel"), Hint: r.T("admin.cancel.hint")}}}
	}
}

// adminHits are the bookings that were hit; did tells that it is done.
func (r *request) adminHits(list []booking.Affected, did bool) []adminHit {
	kinds := map[string]string{booking.BecameMoved: "ok", booking.BecameCancelled: "danger", booking.BecameEnded: "warn", booking.BecameShortened: "warn", booking.BecameKept: "plain"}
	var out []adminHit
	for _, x := range list {
		h := r.adminHit(x.View)
		if x.Why != "" {
			h.Why = locale.Violation(r.lang, x.Why)
		}
		if did {
			h.Became = Chip{kinds[x.Became], r.T("desk.became." + x.Became)}
		}
		out = append(out, h)
	}
	return out
}

func (r *request) adminHit(v booking.View) adminHit {
	f := Frame{Lang: r.lang}
	h := adminHit{When: r.staffWhen().Span(v.Start, v.End), Href: r.url(deskBase(v.CenterID) + "/bookings/" + v.ID), Name: r.whoComes(&v)}
	if v.Equipment != nil {
		h.Machine = f.Text(v.Equipment.Name)
		if v.Equipment.Quantity > 1 {
			h.Machine += text(" " + r.T("desk.unit_no", v.Unit))
		}
	}
	if v.Center != nil {
		h.Center = f.Text(v.Center.Name)
	}
	return h
}

// Column names the last column of the bookings that are hit.
func (v *adminView) Column() string {
	switch {
	case v.Step == "done":
		return v.T("desk.col.became")
	case len(v.Hit) > 0 && v.Hit[0].Why == "":
		return v.T("admin.state")
	}
	return v.T("admin.why")
}

// show ends a press: with the form and what was wrong in it, with the second
// step or what was done, or back at a page that says that it is saved.
func (r *request) show(v *adminView, err error, rename func(fault.Field) fault.Field, draw func(status int) error, note, saved string) error {
	f, bad := refused(err)
	switch {
	case err == nil && v.Step == "saved":
		r.note(note)
		return r.see(saved)
	case err == nil:
		return draw(http.StatusOK)
	case !bad:
		return err
	}
	v.Step = "ask"
	again := *f
	again.Fields = nil
	for _, x := range f.Fields {
		again.Fields = append(again.Fields, inNumbers(v.Form, rename(x)))
	}
	v.Form.refuse(r, &again)
	return draw(edge.Status(f))
}

// inNumbers has a number's bounds told as such: min and max alone speak of characters.
func inNumbers(form *Form, x fault.Field) fault.Field {
	if f := form.named(x.Field); f != nil && f.Type != "number" && f.InputMode != "numeric" {
		return x
	}
	if x.Rule == "min" || x.Rule == "max" {
		x.Rule = "admin_" + x.Rule
	}
	return x
}

// hourField is a time of day that may stay empty.
func (r *request) hourField(name, label, value string) *Field {
	f := r.clockField(name, label, value, false)
	f.Placeholder = ""
	return f
}

// versioned carries the version that the form was drawn from.
func (f *Form) versioned(version int, sent url.Values) *Form {
	if s := sent.Get("version"); s != "" {
		return f.hide("version", s)
	}
	return f.hide("version", strconv.Itoa(version))
}
