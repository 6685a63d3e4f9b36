package page

import (
	"slices"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// papersView is what staff confirm once, at the first visit.
type papersView struct {
	Lines       []Chip // what is known already
	Missing     []Chip
	Groups      *Form // nil: nothing to confirm
	Certificate *Form
	Firm        *Form // nil: no claim waits
	FirmName    string
	FirmNumber  string
}

// personal is what the person has shown before. It is read as the person's own
// information; that staff looked at this booking has been logged before. nil
// for an account that has left.
func (r *request) personal(b *booking.View) (*account.Profile, error) {
	me, err := r.p.People.Me(r.ctx(), account.Actor{ID: b.AccountID, Locale: r.lang})
	if fault.Code(err) == "not_found" {
		return nil, nil
	}
	return &me, err
}

// papers is what the person has shown, and still has to show.
func (r *request) papers(base string, b *booking.View) (*papersView, error) {
	groups, rule := b.Center.Eligibility.Groups, b.Equipment.Policy.Certificate
	if !b.Status.Occupies() {
		return nil, nil
	}
	me, err := r.personal(b)
	if me == nil || err != nil {
		return nil, err
	}
	v := &papersView{}
	if f := me.Firm; f != nil && f.ConfirmedAt == nil {
		v.FirmName, v.FirmNumber = f.Name, f.BusinessNumber
		v.Firm = r.form(base+"/bookings/"+b.ID+"/firm").hide("firm", f.ID)
	}
	if len(groups) == 0 && rule == nil && v.Firm == nil {
		return nil, nil
	}
	if len(groups) > 0 {
		r.groupPaper(v, base, b, me.Groups)
	}
	if rule == nil {
		return v, nil
	}
	name := r.catalogLabel(r.catalog.Categories, rule.Key)
	if certified(b, me.Certificates) {
		v.Lines = append(v.Lines, Chip{"ok", r.T("desk.papers.certificate_ok", name)})
		return v, nil
	}
	v.Missing = append(v.Missing, Chip{"warn", r.T("desk.papers.certificate_missing", name)})
	basis := &Field{Name: "basis", Type: "select", Label: r.T("desk.papers.basis")}
	for i, x := range []account.Basis{account.FromCard, account.FromCourse, account.FromExperience} {
		basis.Options = append(basis.Options, Option{Value: string(x), Label: r.T("desk.basis." + string(x)), Checked: i == 0})
	}
	v.Certificate = r.form(base+"/bookings/"+b.ID+"/certificate", basis,
		&Field{Name: "expires", Type: "date", Label: r.T("desk.papers.expires"), Hint: r.T("desk.papers.expires_hint")})
	return v, nil
}

// groupPaper asks for the proof of one of the groups the center is for, until one was seen.
func (r *request) groupPaper(v *papersView, base string, b *booking.View, have []account.Group) {
	f := &Field{Name: "group", Type: "select", Label: r.T("desk.papers.group")}
	declared := -1
	for i, id := range b.Center.Eligibility.Groups {
		name := r.catalogLabel(r.catalog.Groups, id)
		n := slices.IndexFunc(have, func(g account.Group) bool { return g.ID == id })
		if n >= 0 && have[n].ConfirmedAt != nil {
			v.Lines = append(v.Lines, Chip{"ok", r.T("desk.papers.group_ok", name)})
			return
		}
		if n >= 0 && declared < 0 {
			declared = i
		}
		f.Options = append(f.Options, Option{Value: id, Label: name})
	}
	f.Options[max(0, declared)].Checked = true
	v.Missing = append(v.Missing, Chip{"warn", r.T("desk.papers.group_missing")})
	v.Groups = r.form(base+"/bookings/"+b.ID+"/group", f)
}

// certified tells whether one of the certificates is right for the booking's machine and time.
func certified(b *booking.View, have []account.Certificate) bool {
	rule := b.Equipment.Policy.Certificate
	return rule == nil || slices.ContainsFunc(have, func(c account.Certificate) bool {
		return c.Key == rule.Key && (c.Center == "" || c.Center == b.CenterID) && c.RevokedAt == nil &&
			(c.ValidUntil == nil || !c.ValidUntil.Before(b.End))
	})
}

// lacksCertificate tells whether the machine asks for a training that nobody has noted for the person.
func (r *request) lacksCertificate(b *booking.View) (bool, error) {
	if b.Equipment.Policy.Certificate == nil || !b.Status.Occupies() {
		return false, nil
	}
	me, err := r.personal(b)
	return err == nil && me != nil && !certified(b, me.Certificates), err
}

// deskConfirmGroup notes that staff saw the proof of a group.
func (p *pages) deskConfirmGroup(r *request) error {
	return r.paper(func(b *booking.View, in *deskInput) error {
		group := in.text("group")
		if !slices.Contains(b.Center.Eligibility.Groups, group) {
			in.refuse("group", "one_of", "")
			return in.err()
		}
		_, err := p.People.ConfirmGroup(r.ctx(), r.actor, b.CenterID, b.AccountID, group)
		return err
	}, func(v *papersView) *Form { return v.Groups })
}

// deskAddCertificate notes that the person may use machines of this kind.
func (p *pages) deskAddCertificate(r *request) error {
	return r.paper(func(b *booking.View, in *deskInput) error {
		rule := b.Equipment.Policy.Certificate
		fresh := account.NewCertificate{Basis: account.Basis(in.text("basis"))}
		if day := in.day("expires", ""); day != "" {
			until := day.Add(1).At(0, r.catalog.Zone)
			fresh.ValidUntil = &until
		}
		if rule == nil {
			in.refuse("key", "one_of", "")
		}
		if err := in.err(); err != nil {
			return err
		}
		fresh.Key = rule.Key
		_, err := p.People.AddCertificate(r.ctx(), r.actor, b.CenterID, b.AccountID, fresh)
		return err
	}, func(v *papersView) *Form { return v.Certificate })
}

// deskConfirmFirm notes that the person belongs to the firm they named; it is
// the firm that was read out, whatever they name meanwhile.
func (p *pages) deskConfirmFirm(r *request) error {
	return r.paper(func(b *booking.View, in *deskInput) error {
		return p.People.ConfirmMember(r.ctx(), r.actor, in.text("firm"), b.AccountID)
	}, func(v *papersView) *Form { return v.Firm })
}

// paper does one of them and returns to the card, where the visit goes on.
func (r *request) paper(do func(*booking.View, *deskInput) error, of func(*papersView) *Form) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	b, err := r.ofCenter(r.p.Engine.Get(r.ctx(), r.actor, r.Param("id")))
	if err != nil {
		return err
	}
	if err = do(b, r.deskInput(sent)); err == nil {
		r.note("note.desk_paper")
		return r.see(deskBase(b.CenterID) + "/bookings/" + b.ID)
	}
	f, ok := refused(err)
	if !ok {
		return err
	}
	v, err := r.openCard(b.ID)
	if err != nil {
		return err
	}
	if v.Papers != nil {
		v.Wrong = of(v.Papers)
	}
	if v.Wrong == nil {
		v.Wrong = r.form("")
	}
	v.Wrong.fill(sent).refuse(r, f)
	return r.page(edge.Status(f), "desk_card", v)
}
