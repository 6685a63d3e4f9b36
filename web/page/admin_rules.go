package page

import (
	"net/http"
	"net/url"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// rulesView is a layer of the rules: a center's, or a machine's over it.
type rulesView struct {
	adminView
	Machine *booking.Equipment // nil: the center's rules
	Layer   booking.PolicyLayerView
	Says    []ruleLine // what is in force now; of a machine
	Coming  []comingLine
	Undo    *Form
	Groups  []ruleGroup
	From    string // when the change takes effect
	Shown   []machineRules
	rows    map[string][]int // as ruleInput has them
}

// comingLine is a change that was planned, and what it changes.
type comingLine struct {
	From     string
	Machines []machineRules
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
		return v, nil
	}
	own, err := r.adminOf("admin.rules.title")
	if err != nil {
		return nil, err
	}
	return &rulesView{adminView: own, Layer: r.catalog.CenterRules(own.Center, r.now)}, nil
}

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
	return r.rulesPage(http.StatusOK, v)
}

func (r *request) rulesPage(status int, v *rulesView) error {
	for _, c := range v.Layer.Coming {
		v.Coming = append(v.Coming, comingLine{r.staffWhen().Moment(c.EffectiveFrom), r.comingRules(v, c.EffectiveFrom)})
	}
	if len(v.Coming) > 0 {
		v.Undo = r.form(v.path()+"/undo").versioned(v.Layer.Version, nil)
	}
	return r.page(status, "admin_rules", v)
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
	draw := func(status int) error { return r.rulesPage(status, v) }
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

// adminUndoRules takes the planned changes back: what is in force is said
// again from now on, which takes the place of everything planned for later.
func (p *pages) adminUndoRules(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v, err := r.rulesOf()
	if err != nil {
		return err
	}
	if len(v.Layer.Coming) == 0 {
		return fault.ErrState
	}
	d := booking.Deciding{Version: r.deskInput(sent).version(), Affected: "keep"}
	if _, err := r.changeRules(v, booking.PolicyChange{Deciding: d, Values: valuesOf(v.Layer)}); err != nil {
		return err
	}
	r.note("note.admin_undone")
	return r.see(v.path())
}

// valuesOf is what a layer says; a layer that says nothing has no values.
func valuesOf(v booking.PolicyLayerView) booking.PolicyValues {
	if v.Values == nil {
		return booking.PolicyValues{}
	}
	return v.Values
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
