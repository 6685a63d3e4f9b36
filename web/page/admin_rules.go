package page

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gongbang/booking"
	"gongbang/web/edge"
)

// rulesView is a layer of the rules: a center's, or a machine's over it.
type rulesView struct {
	adminView
	Machine *booking.Equipment // nil: the center's rules
	Layer   booking.PolicyLayerView
	Says    []ruleLine // what is in force now; of a machine
	Coming  []comingLine
	Groups  []ruleGroup
	From    string // when the change takes effect
	Shown   []machineRules
	rows    map[string][]int // as ruleInput has them
}

// comingLine is a change that was planned, what it changes, and the way to take it back.
type comingLine struct {
	From     string
	Machines []machineRules
	Undo     *Form
	no       int
}

// rulesOf begins the page of a layer: of the machine in the path, else of the center.
func (r *request) rulesOf() (*rulesView, error) {
	if r.Param("id") != "" {
		m, err := r.ofMachine("admin.rules.title")
		if err != nil {
			return nil, err
		}
		v := &rulesView{adminView: m.adminView, Machine: m.Machine, Layer: r.catalog.MachineRules(m.Machine, r.now)}
		v.Says = r.ruleLines(m.Machine, nil)
		r.planned(v)
		return v, nil
	}
	own, err := r.adminOf("admin.rules.title")
	if err != nil {
		return nil, err
	}
	v := &rulesView{adminView: own, Layer: r.catalog.CenterRules(own.Center, r.now)}
	r.planned(v)
	return v, nil
}

// planned are the changes to come.
func (r *request) planned(v *rulesView) {
	for _, c := range v.Layer.Coming {
		undo := r.form(v.path()+"/undo", &Field{Name: undoReason(c.No), Type: "text", Label: r.T("admin.rules.undo.why"), Lang: "ko", MaxLength: mostAddress, Required: true})
		v.Coming = append(v.Coming, comingLine{From: r.staffWhen().Moment(c.EffectiveFrom), Machines: r.comingRules(v, c.EffectiveFrom),
			Undo: undo.hide("no", strconv.Itoa(c.No)).versioned(v.Layer.Version, nil), no: c.No})
	}
}

// undoReason names the field of each planned change: a page has several.
func undoReason(no int) string { return "why" + strconv.Itoa(no) }

func (v *rulesView) path() string {
	if v.Machine != nil {
		return manageMachine(v.Machine.ID) + "/rules"
	}
	return manageCenter(v.Center.ID) + "/rules"
}

func (p *pages) adminRules(r *request) error {
	v, err := r.rulesOf()
	if err != nil {
		return err
	}
	r.rulesForm(v, nil)
	return r.page(http.StatusOK, "admin_rules", v)
}

// adminSaveRules shows first what the rules would become, and saves them at the second press.
func (p *pages) adminSaveRules(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v, err := r.rulesOf()
	if err != nil {
		return err
	}
	r.rulesForm(v, sent)
	draw := func(status int) error { return r.page(status, "admin_rules", v) }
	if sent.Get("step") == "ask" || sent.Get("more") != "" {
		return draw(http.StatusOK)
	}
	values, from, err := r.rulesSent(v, sent)
	if err == nil {
		var out *booking.OfferOutcome
		out, err = r.try(&v.adminView, sent, true, func(d booking.Deciding) (*booking.OfferOutcome, error) {
			return r.changeRules(v, booking.PolicyChange{Deciding: d, Values: values, EffectiveFrom: from})
		})
		if err == nil && v.Step == "check" {
			v.From, v.Shown = r.staffWhen().Moment(out.From), r.machinesRules(out)
		}
	}
	return r.show(&v.adminView, r.elsewhere(v, err), v.rulesField, draw, "note.admin_rules", v.path())
}

func (r *request) changeRules(v *rulesView, ch booking.PolicyChange) (*booking.OfferOutcome, error) {
	if v.Machine != nil {
		return r.p.Engine.ChangePolicy(r.ctx(), r.actor, v.Machine.ID, ch)
	}
	return r.p.Engine.ChangeCenterPolicy(r.ctx(), r.actor, v.Center.ID, ch)
}

// adminUndoRules takes a planned change back; a missing reason is asked for where it is missing.
func (p *pages) adminUndoRules(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v, err := r.rulesOf()
	if err != nil {
		return err
	}
	in := r.deskInput(sent)
	no := in.number("no", 0, math.MaxInt32)
	w := booking.PolicyWithdrawal{Version: in.version(), No: no, Reason: in.text(undoReason(no))}
	err = r.withdrawRules(v, w)
	at := slices.IndexFunc(v.Coming, func(l comingLine) bool { return l.no == no })
	if f, bad := refused(err); bad && at >= 0 && len(f.Fields) > 0 {
		r.rulesForm(v, nil)
		v.Coming[at].Undo.refuse(r, badField(undoReason(no), "required", ""))
		return r.page(edge.Status(f), "admin_rules", v)
	}
	if err != nil {
		return err
	}
	r.note("note.admin_undone")
	return r.see(v.path())
}

func (r *request) withdrawRules(v *rulesView, w booking.PolicyWithdrawal) (err error) {
	if v.Machine != nil {
		_, err = r.p.Engine.WithdrawPolicy(r.ctx(), r.actor, v.Machine.ID, w)
		return err
	}
	_, err = r.p.Engine.WithdrawCenterPolicy(r.ctx(), r.actor, v.Center.ID, w)
	return err
}

// nextOpening is when bookings open next at what the rules are for: of several machines the last one.
func (r *request) nextOpening(v *rulesView) time.Time {
	at := r.now
	for _, e := range v.Center.Equipment {
		if v.Machine != nil && e != v.Machine || e.Retired {
			continue
		}
		if t := e.Policy.Opens.NextOpening(r.now, r.catalog.Zone); t.After(at) {
			at = t
		}
	}
	return at
}

// rulesSent reads the new values of the layer and when they take effect; nil is now.
func (r *request) rulesSent(v *rulesView, sent url.Values) (booking.PolicyValues, *time.Time, error) {
	in := r.ruleInput(sent)
	values := in.values()
	v.rows = in.rows
	var from *time.Time
	if day := in.day("from_date", ""); day != "" {
		if from = in.at("from_time", day); from == nil && in.text("from_time") == "" {
			t := day.At(0, r.catalog.Zone)
			from = &t
		}
	}
	return values, from, in.err()
}
