package page

import (
	"net/http"
	"net/url"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// firmView is the person's firm on their own page.
type firmView struct {
	Name, Number string
	Confirmed    bool
	Members      []memberLine
}

type memberLine struct {
	Name    string
	Chip    Chip
	Confirm *Form // nil: confirmed already
}

// firm is nil for who claims none.
func (r *request) firm(p account.Profile) (*firmView, error) {
	if p.Firm == nil {
		return nil, nil
	}
	m, err := r.p.People.MyFirm(r.ctx(), r.actor)
	if err != nil {
		return nil, err
	}
	n := m.BusinessNumber
	v := &firmView{Name: m.Name, Number: n[:min(3, len(n))] + "-**-*****", Confirmed: m.ConfirmedAt != nil}
	for _, x := range m.Members {
		line := memberLine{Name: x.Name.Reveal(), Chip: Chip{"ok", r.T("me.groups.confirmed")}}
		if x.ConfirmedAt == nil {
			line.Chip = Chip{"info", r.T("me.firm.waiting")}
			line.Confirm = r.form("/me/firm/confirm").hide("firm", m.ID).hide("account", x.Account)
		}
		v.Members = append(v.Members, line)
	}
	return v, nil
}

func (r *request) firmForm() *Form {
	return r.form("/me/firm",
		&Field{Name: "firm", Type: "text", Label: r.T("me.firm.name"), Autocomplete: "organization", Required: true, MaxLength: 80},
		&Field{Name: "business_number", Type: "text", Label: r.T("me.firm.number"), InputMode: "numeric", Required: true, MaxLength: 20})
}

// firmFields are the fields of the form by what the service calls them.
var firmFields = map[string]string{"firm.name": "firm", "firm.business_number": "business_number"}

func (p *pages) claimFirm(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	_, err = p.People.ClaimFirm(r.ctx(), r.actor, account.Firm{Name: sent.Get("firm"), BusinessNumber: sent.Get("business_number")})
	if f, ok := fault.As(err); ok {
		for i, x := range f.Fields {
			f.Fields[i].Field = firmFields[x.Field]
		}
	}
	return r.saved(err, "/me#firm", "note.saved", func(v *meView) *Form { return v.FirmForm.fill(sent) })
}

func (p *pages) leaveFirm(r *request) error {
	if _, err := r.sent(); err != nil {
		return err
	}
	if err := p.People.LeaveFirm(r.ctx(), r.actor); err != nil {
		return err
	}
	r.note("note.saved")
	return r.see("/me#firm")
}

func (p *pages) confirmMember(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	if err := p.People.ConfirmMember(r.ctx(), r.actor, sent.Get("firm"), sent.Get("account")); err != nil {
		return err
	}
	r.note("note.saved")
	return r.see("/me#firm")
}

// handOverView asks who of the firm comes instead.
type handOverView struct {
	Frame
	B      *booking.View
	When   string
	Detail string
	Form   *Form // nil: there is nobody
}

func (p *pages) askHandOver(r *request) error { return r.showHandOver(http.StatusOK, nil) }

func (r *request) showHandOver(status int, change func(*handOverView)) error {
	b, err := r.p.Engine.Get(r.ctx(), r.actor, r.Param("id"))
	if err != nil {
		return err
	}
	path := "/bookings/" + b.ID
	v := &handOverView{Frame: r.frame("handover.title"), B: b, When: r.when().Span(b.Start, b.End), Detail: r.url(path)}
	m, err := r.p.People.MyFirm(r.ctx(), r.actor)
	if err != nil && fault.Code(err) != fault.ErrNotFound.Code {
		return err
	}
	to := &Field{Name: "account_id", Type: "radios", Label: r.T("handover.to")}
	for _, x := range m.Members {
		if x.ConfirmedAt != nil && x.Account != r.actor.ID {
			to.Options = append(to.Options, Option{Value: x.Account, Label: x.Name.Reveal()})
		}
	}
	if len(to.Options) > 0 {
		v.Form = r.form(path+"/hand-over", to)
	}
	if change != nil && v.Form != nil {
		change(v)
	}
	return r.page(status, "handover", v)
}

func (p *pages) handOver(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	_, err = p.Engine.HandOver(r.ctx(), r.actor, r.Param("id"), sent.Get("account_id"), 0)
	if f, ok := refused(err); ok {
		return r.showHandOver(edge.Status(err), func(v *handOverView) { v.Form.fill(url.Values(sent)).refuse(r, f) })
	}
	if err != nil {
		return err
	}
	r.note("note.handed_over")
	return r.see("/bookings?tab=firm")
}
