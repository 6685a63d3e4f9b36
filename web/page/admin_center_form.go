package page

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// adminDays are the keys of hours by time.Weekday; weekOrder is how a week is read.
var (
	adminDays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	weekOrder = []int{1, 2, 3, 4, 5, 6, 0}
)

// leastSpans is how many openings of a day can be written at least: a center may close at noon.
const leastSpans = 2

// spansOf is how many openings of a day the form asks for.
func spansOf(c *booking.Center) int {
	n := leastSpans
	for _, day := range c.Hours {
		n = max(n, len(day))
	}
	return n
}

// adminClock writes minutes since midnight; 1440 is 24:00.
func adminClock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// centerForm asks what a center is, as it is now.
func (r *request) centerForm(c *booking.Center, sent url.Values) *Form {
	fields := append(r.nameFields(c.Name),
		&Field{Name: "address", Type: "text", Label: r.T("admin.address"), Value: c.Address, Lang: "ko", MaxLength: mostAddress},
		&Field{Name: "phone", Type: "tel", InputMode: "tel", Label: r.optional("admin.phone"), Value: lang.LocalPhone(c.Contact.Phone), MaxLength: 40},
		&Field{Name: "email", Type: "email", Label: r.optional("admin.email"), Value: c.Contact.Email, MaxLength: 200})
	for _, day := range weekOrder {
		fields = append(fields, r.dayFields(c, day)...)
	}
	fields = append(fields, &Field{Name: "holidays", Type: "checkbox", Label: r.T("admin.holidays_closed"), Checked: c.ClosedHolidays})
	fields = append(fields, r.elsewhereFields(whereBooked(c.Elsewhere), c.Elsewhere, "here", "elsewhere", "none")...)
	fields = append(fields,
		&Field{Name: "bookable_from", Type: "date", Label: r.optional("admin.bookable_from"), Hint: r.T("admin.bookable_from.hint"), Value: string(c.BookableFrom)},
		&Field{Name: "retired", Type: "checkbox", Label: r.T("admin.center.retired"), Hint: r.T("admin.center.retired.hint"), Checked: c.Retired})
	if c.Retired {
		fields = append(fields, r.machinesBack(c))
	}
	return r.form(manageCenter(c.ID), fields...).versioned(c.Version, sent)
}

const (
	mostAddress = 200
	mostTitle   = 100
)

func (r *request) nameFields(name lang.Text) []*Field {
	return []*Field{
		{Name: "name_ko", Type: "text", Label: r.T("admin.name_ko"), Value: name.Ko, Lang: "ko", MaxLength: mostTitle, Required: true},
		{Name: "name_en", Type: "text", Label: r.optional("admin.name_en"), Value: name.En, Lang: "en", MaxLength: mostTitle},
	}
}

// dayFields are the openings of a weekday and that it is closed.
func (r *request) dayFields(c *booking.Center, day int) []*Field {
	key := adminDays[day]
	var list []*Field
	for n := range spansOf(c) {
		from, to := "", ""
		if n < len(c.Hours[day]) {
			from, to = adminClock(c.Hours[day][n].From), adminClock(c.Hours[day][n].To)
		}
		suffix := spanSuffix(n)
		list = append(list, r.hourField(key+".from"+suffix, r.T("admin.opens"), from), r.clockField(key+".to"+suffix, r.T("admin.closes"), to, false))
	}
	return append(list, &Field{Name: key + ".off", Type: "checkbox", Label: r.T("admin.off"), Checked: len(c.Hours[day]) == 0})
}

func spanSuffix(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n + 1)
}

// machinesBack asks which machines come back with a retired center: those that
// were offered until then. Where a file took the center away, it took all of them.
func (r *request) machinesBack(c *booking.Center) *Field {
	x := &Field{Name: "machines", Type: "checkboxes", Label: r.T("admin.center.back"), Hint: r.T("admin.center.back.hint")}
	all := !slices.ContainsFunc(c.Equipment, func(e *booking.Equipment) bool { return !e.Own.Retired })
	for _, e := range c.Equipment {
		x.Options = append(x.Options, Option{Value: e.ID, Label: e.Name.In(r.lang), Checked: all || !e.Own.Retired})
	}
	return x
}

func whereBooked(e *booking.Elsewhere) string {
	switch {
	case e == nil:
		return "here"
	case *e == booking.Elsewhere{}:
		return "none"
	}
	return "elsewhere"
}

// elsewhereFields ask where something is booked: one of some words.
func (r *request) elsewhereFields(where string, e *booking.Elsewhere, words ...string) []*Field {
	if e == nil {
		e = &booking.Elsewhere{}
	}
	return []*Field{{Name: "booking", Type: "radios", Label: r.T("admin.booking"), Options: r.words("admin.booking.", words, where)},
		{Name: "booking_link", Type: "url", Label: r.optional("admin.booking.link"), Value: e.Link, MaxLength: 500},
		{Name: "booking_phone", Type: "tel", InputMode: "tel", Label: r.optional("admin.booking.phone"), Value: lang.LocalPhone(e.Phone), MaxLength: 40}}
}

// booked is where something is booked as a catalog file writes it; nil is as inherited.
func (d *deskInput) booked() any {
	switch where := d.text("booking"); where {
	case "none", "here":
		return where
	case "elsewhere":
		return booking.Elsewhere{Link: d.text("booking_link"), Phone: d.text("booking_phone")}
	}
	return nil
}

// document writes fields as a catalog file does; an empty text takes the value away.
type document map[string]json.RawMessage

func (d document) set(key string, value any) {
	if s, ok := value.(string); ok && s == "" {
		value = nil
	}
	d[key], _ = json.Marshal(value)
}

// centerChange reads the form. It refuses only what has no shape.
func (r *request) centerChange(c *booking.Center, sent url.Values) (document, error) {
	in, d := r.deskInput(sent), document{}
	d.set("name", in.name())
	d.set("address", in.text("address"))
	contact := booking.Contact{Phone: in.text("phone"), Email: in.text("email"), SMS: c.Contact.SMS}
	if d.set("contact", nil); contact != (booking.Contact{}) {
		d.set("contact", contact)
	}
	hours := map[string]any{}
	for _, day := range adminDays {
		hours[day] = in.openings(day, spansOf(c))
	}
	d.set("hours", hours)
	if !reflect.DeepEqual(hours, writtenHours(c)) { // somebody who runs the center wrote them
		d.set("hours_assumed", false)
	}
	d.set("closed_on_public_holidays", in.text("holidays") != "")
	d.set("bookable_from", in.text("bookable_from"))
	if d.set("booking", in.booked()); in.text("booking") == "here" { // as every center that says nothing
		d.set("booking", nil)
	}
	return d, in.err()
}

func (d *deskInput) name() lang.Text {
	if d.text("name_ko") == "" {
		d.refuse("name_ko", "required", "")
	}
	return lang.Text{Ko: d.text("name_ko"), En: d.text("name_en")}
}

// openings are those of a day as a catalog file writes them; nil is closed.
func (d *deskInput) openings(day string, spans int) any {
	if d.text(day+".off") != "" {
		return nil
	}
	list := [][2]string{}
	for n := range spans {
		from, to := day+".from"+spanSuffix(n), day+".to"+spanSuffix(n)
		if d.text(from) == "" && d.text(to) == "" {
			continue
		}
		list = append(list, [2]string{d.clock(from), d.clock(to)})
	}
	if len(list) == 0 {
		d.refuse(day+".from", "admin_hours", "")
		return nil
	}
	return list
}

// clock is a time of day as a catalog file writes it.
func (d *deskInput) clock(name string) string {
	m, ok := parseClock(d.text(name))
	if !ok {
		d.refuse(name, "desk_clock", "")
		return ""
	}
	return adminClock(m)
}

// writtenHours are the hours of a center as centerChange reads them.
func writtenHours(c *booking.Center) map[string]any {
	out := map[string]any{}
	for day, key := range adminDays {
		if len(c.Hours[day]) == 0 {
			out[key] = nil
			continue
		}
		list := [][2]string{}
		for _, o := range c.Hours[day] {
			list = append(list, [2]string{adminClock(o.From), adminClock(o.To)})
		}
		out[key] = list
	}
	return out
}

// centerField is where the form asks for what a refusal names as a catalog file does.
func centerField(x fault.Field) fault.Field {
	known := map[string]string{"name": "name_ko", "name.ko": "name_ko", "name.en": "name_en", "contact": "phone", "contact.phone": "phone", "contact.email": "email",
		"booking.link": "booking_link", "booking.phone": "booking_phone", "closed_on_public_holidays": "holidays"}
	if name, ok := known[x.Field]; ok {
		x.Field = name
	}
	if rest, ok := strings.CutPrefix(x.Field, "hours."); ok && len(rest) >= 3 {
		x.Field = hoursField(rest)
	}
	return x
}

// hoursField: mon[1][0] is the first time of Monday's second opening, which is
// named after the one where it has none of its own.
func hoursField(path string) string {
	day, rest := path[:3], path[3:]
	end, n := ".from", 0
	if strings.HasSuffix(rest, "][1]") {
		end = ".to"
	}
	if len(rest) >= 3 && rest[1] >= '0' && rest[1] <= '9' {
		n = int(rest[1] - '0')
	}
	return day + end + spanSuffix(n)
}

// hourRow is a weekday of the form.
type hourRow struct {
	Name  string
	First []*Field
	More  []*Field // further openings
	Off   *Field
}

// Hours are the weekdays of the form.
func (v *adminView) Hours() []hourRow {
	var rows []hourRow
	for _, day := range weekOrder {
		key := adminDays[day]
		row := hourRow{Name: v.T("weekday." + strconv.Itoa(day)), First: []*Field{v.Form.Field(key + ".from"), v.Form.Field(key + ".to")}, Off: v.Form.Field(key + ".off")}
		for n := 1; n < spansOf(v.Center); n++ {
			row.More = append(row.More, v.Form.Field(key+".from"+spanSuffix(n)), v.Form.Field(key+".to"+spanSuffix(n)))
		}
		rows = append(rows, row)
	}
	return rows
}

// Opened tells whether some day opens more than once, or its second opening was wrong.
func (v *adminView) Opened() bool {
	for _, row := range v.Hours() {
		for _, f := range row.More {
			if f.Value != "" || f.Error != "" {
				return true
			}
		}
	}
	return false
}
