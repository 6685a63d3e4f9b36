package page

import (
	"net/http"
	"net/url"
	"strconv"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

type adminMachinesView struct {
	adminView
	Machines []adminMachineLine
}

// adminMachineLine is a kind of machine of the center.
type adminMachineLine struct {
	Machine  *booking.Equipment
	Category lang.Text
	Path     string
}

// adminMachines lists the machines of a center, retired ones too.
func (p *pages) adminMachines(r *request) error {
	own, err := r.adminOf("admin.machines.title")
	if err != nil {
		return err
	}
	v := adminMachinesView{adminView: own}
	for _, e := range v.Center.Equipment {
		v.Machines = append(v.Machines, adminMachineLine{e, label(r.catalog.Categories, e.Category), r.url(manageMachine(e.ID))})
	}
	return r.page(http.StatusOK, "admin_machines", &v)
}

// machineView is a page about one machine.
type adminMachineView struct {
	adminView
	Machine *booking.Equipment
	Code    string // leads to the slip with its code; "" where it is not offered
}

// ofMachine begins a page about the machine in the path, for those who run its center.
func (r *request) ofMachine(key string) (*adminMachineView, error) {
	e, ok := r.catalog.Machine(r.Param("id"))
	switch {
	case !ok:
		return nil, fault.ErrNotFound
	case !r.actor.May(account.OfferEdit, e.Center.ID):
		return nil, fault.ErrForbidden
	}
	v := &adminMachineView{adminView: r.admin(r.T(key), r.T("admin.machines.title"), manageCenter(e.Center.ID)+"/machines"), Machine: e}
	v.Center = e.Center
	v.of(e.Name.In(r.lang), v.Text(e.Name)+text(" · ")+v.Text(e.Center.Name))
	return v, nil
}

func (p *pages) adminMachine(r *request) error {
	v, err := r.ofMachine("admin.machine.title")
	if err != nil {
		return err
	}
	v.Form = r.machineForm(v.Machine, nil)
	if c := v.Machine.Center; !v.Machine.Retired && r.actor.May(account.DeskWork, c.ID) {
		v.Code = r.url(deskBase(c.ID) + "/codes?machine=" + url.QueryEscape(v.Machine.ID))
	}
	return r.page(http.StatusOK, "admin_machine", v)
}

// adminSaveMachine saves what a machine is.
func (p *pages) adminSaveMachine(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v, err := r.ofMachine("admin.machine.title")
	if err != nil {
		return err
	}
	e := v.Machine
	v.Form = r.machineForm(e, sent).fill(sent)
	draw := func(status int) error { return r.page(status, "admin_machine", v) }
	if sent.Get("step") == "ask" {
		return draw(http.StatusOK)
	}
	set, err := r.machineChange(sent)
	if err == nil {
		retired := sent.Get("retired") != ""
		_, err = r.try(&v.adminView, sent, false, func(d booking.Deciding) (*booking.OfferOutcome, error) {
			return p.Engine.ChangeEquipment(r.ctx(), r.actor, e.ID, booking.PlaceChange{Deciding: d, Set: set, Retired: &retired})
		})
	}
	return r.show(&v.adminView, err, machineField, draw, "note.admin_saved", manageMachine(e.ID))
}

// machineForm asks what a machine is, as it is now.
func (r *request) machineForm(e *booking.Equipment, sent url.Values) *Form {
	category := &Field{Name: "category", Type: "select", Label: r.T("admin.category")}
	for _, l := range r.catalog.Categories {
		category.Options = append(category.Options, Option{Value: l.ID, Label: l.Name.In(r.lang), Checked: l.ID == e.Category})
	}
	mode := &Field{Name: "mode", Type: "radios", Label: r.T("admin.mode")}
	for _, m := range []booking.Mode{booking.Self, booking.Operator} {
		mode.Options = append(mode.Options, Option{Value: string(m), Label: r.T("admin.mode." + string(m)), Checked: m == e.Mode})
	}
	fields := append(r.nameFields(e.Name), category,
		&Field{Name: "model", Type: "text", Label: r.optional("admin.model"), Value: e.Model, Lang: tongue(e.Model), MaxLength: mostAddress},
		&Field{Name: "quantity", Type: "number", InputMode: "numeric", Label: r.T("admin.quantity"), Hint: r.T("admin.quantity.hint"), Value: strconv.Itoa(e.Quantity), Required: true},
		mode,
		&Field{Name: "fee", Type: "number", InputMode: "numeric", Label: r.T("admin.fee"), Hint: r.T("admin.fee.hint"), Value: strconv.Itoa(e.FeeKRWPerHour), Required: true},
		&Field{Name: "guide_ko", Type: "textarea", Rows: 3, Label: r.optional("admin.guide_ko"), Value: e.Guide.Ko, Lang: "ko", MaxLength: mostGuide},
		&Field{Name: "guide_en", Type: "textarea", Rows: 3, Label: r.optional("admin.guide_en"), Value: e.Guide.En, Lang: "en", MaxLength: mostGuide})
	where := "center"
	if e.Own.Says {
		where = whereBooked(e.Own.Elsewhere)
	}
	fields = append(fields, r.elsewhereFields(where, e.Own.Elsewhere, "center", "here", "elsewhere", "none")...)
	fields = append(fields,
		&Field{Name: "bookable_from", Type: "date", Label: r.optional("admin.bookable_from"), Hint: r.T("admin.machine.bookable_from.hint"), Value: string(e.Own.From)},
		&Field{Name: "retired", Type: "checkbox", Label: r.T("admin.machine.retired"), Hint: r.T("admin.center.retired.hint"), Checked: e.Own.Retired})
	return r.form(manageMachine(e.ID), fields...).versioned(e.Version, sent)
}

const mostGuide = 2000

// machineChange reads the form. It refuses only what has no shape.
func (r *request) machineChange(sent url.Values) (document, error) {
	in, d := r.deskInput(sent), document{}
	d.set("name", in.name())
	d.set("category", in.text("category"))
	d.set("model", in.text("model"))
	d.set("quantity", in.whole("quantity"))
	d.set("mode", in.text("mode"))
	d.set("fee_krw_per_hour", in.whole("fee"))
	d.set("booking", in.booked())
	d.set("bookable_from", in.text("bookable_from"))
	guide := lang.Text{Ko: in.text("guide_ko"), En: in.text("guide_en")}
	switch {
	case guide.Ko != "":
		d.set("guide", guide)
	case guide.En != "":
		in.refuse("guide_ko", "required", "")
	default:
		d.set("guide", nil)
	}
	return d, in.err()
}

// whole is a whole number whose bounds the service judges; it has to be there.
func (d *deskInput) whole(name string) int {
	if d.text(name) == "" {
		d.refuse(name, "required", "")
		return 0
	}
	n, err := strconv.Atoi(d.text(name))
	if err != nil {
		d.refuse(name, "number", "")
	}
	return n
}

// machineField is where the form asks for what a refusal names as a catalog file does.
func machineField(x fault.Field) fault.Field {
	known := map[string]string{"name": "name_ko", "name.ko": "name_ko", "name.en": "name_en", "guide": "guide_ko", "guide.ko": "guide_ko", "guide.en": "guide_en", "fee_krw_per_hour": "fee",
		"booking.link": "booking_link", "booking.phone": "booking_phone"}
	if name, ok := known[x.Field]; ok {
		x.Field = name
	}
	return x
}
