package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// holidaysView is the table of public holidays.
type holidaysView struct {
	adminView
	Warnings   []string
	Next, Past []holidayLine
}

// holidayLine is a public holiday, and the way to take it out of the table.
type holidayLine struct {
	Day    string
	Name   lang.Text
	Remove *Form
}

func (r *request) holidays() (*holidaysView, error) {
	own, err := r.ofCity("admin.holidays.title")
	return &holidaysView{adminView: own}, err
}

func (p *pages) adminHolidays(r *request) error {
	v, err := r.holidays()
	if err != nil {
		return err
	}
	v.Form = r.holidayForm(nil)
	return r.holidaysPage(http.StatusOK, v)
}

func (r *request) holidaysPage(status int, v *holidaysView) error {
	for _, w := range r.catalog.HolidayWarnings(r.today()) {
		v.Warnings = append(v.Warnings, w.Text().In(r.lang))
	}
	for _, h := range r.catalog.HolidayList() {
		line := holidayLine{Day: r.staffWhen().Date(h.Date.At(12*60, r.catalog.Zone)), Name: lang.Text{Ko: h.Ko, En: h.En}}
		if h.Date < r.today() {
			v.Past = append(v.Past, line)
			continue
		}
		line.Remove = r.form(holidaysPath).hide("do", "remove").hide("date", string(h.Date)).versioned(r.catalog.HolidayVersion(), nil)
		v.Next = append(v.Next, line)
	}
	return r.page(status, "admin_holidays", v)
}

const holidaysPath = "/manage/holidays"

func (r *request) holidayForm(sent url.Values) *Form {
	return r.form(holidaysPath,
		&Field{Name: "date", Type: "date", Label: r.T("admin.day"), Required: true},
		&Field{Name: "ko", Type: "text", Label: r.T("admin.name_ko"), Lang: "ko", MaxLength: mostTitle, Required: true},
		&Field{Name: "en", Type: "text", Label: r.optional("admin.name_en"), Lang: "en", MaxLength: mostTitle}).hide("do", "add").versioned(r.catalog.HolidayVersion(), sent)
}

// adminSaveHolidays adds a public holiday, or takes one out.
func (p *pages) adminSaveHolidays(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v, err := r.holidays()
	if err != nil {
		return err
	}
	v.Form = r.holidayForm(sent).fill(sent)
	draw := func(status int) error { return r.holidaysPage(status, v) }
	if sent.Get("step") == "ask" {
		return draw(http.StatusOK)
	}
	list, err := r.holidaysSent(sent)
	if err == nil {
		_, err = r.try(&v.adminView, sent, false, func(d booking.Deciding) (*booking.OfferOutcome, error) {
			return p.Engine.SetHolidays(r.ctx(), r.actor, list, d)
		})
	}
	if v.Step == "check" {
		v.Form.hide("do", sent.Get("do"))
	}
	return r.show(&v.adminView, err, holidayField, draw, "note.admin_saved", holidaysPath)
}

// holidaysSent is the whole table with the change in it.
func (r *request) holidaysSent(sent url.Values) ([]booking.Holiday, error) {
	in, list := r.deskInput(sent), r.catalog.HolidayList()
	day := in.day("date", "")
	at := slices.IndexFunc(list, func(h booking.Holiday) bool { return h.Date == day })
	if sent.Get("do") == "remove" {
		if at < 0 {
			return nil, fault.ErrNotFound
		}
		return slices.Delete(list, at, at+1), nil
	}
	switch {
	case len(in.wrong) > 0:
	case day == "":
		in.refuse("date", "required", "")
	case at >= 0:
		in.refuse("date", "admin_day_known", "")
	}
	if in.text("ko") == "" {
		in.refuse("ko", "required", "")
	}
	return append(list, booking.Holiday{Date: day, Ko: in.text("ko"), En: in.text("en")}), in.err()
}

// holidayField: the engine names a wrong one by its place in the table.
func holidayField(x fault.Field) fault.Field {
	if i := strings.LastIndexByte(x.Field, '.'); i >= 0 && strings.HasPrefix(x.Field, "holidays[") {
		x.Field = x.Field[i+1:]
	}
	return x
}
