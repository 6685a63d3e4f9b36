package page

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// The most characters of what people write on the confirm page.
const (
	mostPurpose = 300
	mostHelp    = 150
	mostName    = 80
	mostPhone   = 32
	mostShort   = 40
	mostJob     = 200
)

// confirmForm asks as little as the machine and the center need.
func (r *request) confirmForm(h heldTime, e *booking.Equipment, me account.Profile) *Form {
	length := &Field{Name: "minutes", Label: r.T("confirm.length"), Type: "select"}
	for _, n := range lengthsOf(e.Policy) {
		length.Options = append(length.Options, Option{Value: positive(n), Label: r.length(n), Checked: n == h.minutes()})
	}
	fields := []*Field{length}
	if el := e.Center.Eligibility; len(el.Groups) > 0 && el.Proof != "before_booking" && !declared(me, e.Center) {
		fields = append(fields, &Field{Name: "declares", Label: r.T("confirm.declares"), Hint: r.eligibilityHint(e.Center), Type: "checkbox", Required: true})
	}
	fields = append(fields, r.ageFields(e)...)
	if e.Mode == booking.Operator {
		fields = append(fields,
			&Field{Name: "job_what", Label: r.optional("confirm.job_what"), Hint: r.T("confirm.job_what.hint"), Type: "text", MaxLength: mostJob},
			&Field{Name: "job_quantity", Label: r.optional("confirm.job_quantity"), Type: "number", InputMode: "numeric"},
			&Field{Name: "job_due", Label: r.optional("confirm.job_due"), Type: "date"})
	} else {
		fields = append(fields, &Field{Name: "purpose", Label: r.optional("confirm.purpose"), Hint: r.T("confirm.purpose.hint"), Type: "text", MaxLength: mostPurpose})
	}
	if e.Policy.Capacity > 1 {
		fields = append(fields, &Field{Name: "people", Label: r.T("confirm.people"), Hint: r.T("confirm.people.hint", e.Policy.Capacity), Type: "number", InputMode: "numeric", Value: "1", Required: true})
	}
	fields = append(fields,
		&Field{Name: "attendee_name", Label: r.optional("confirm.attendee_name"), Type: "text", MaxLength: mostName, Autocomplete: "off"},
		&Field{Name: "attendee_phone", Label: r.optional("confirm.attendee_phone"), Type: "tel", InputMode: "tel", MaxLength: mostPhone, Autocomplete: "off"},
		&Field{Name: "attendee_relation", Label: r.optional("confirm.attendee_relation"), Hint: r.T("confirm.attendee_relation.hint"), Type: "text", MaxLength: mostShort, Autocomplete: "off"},
		&Field{Name: "help", Label: r.optional("confirm.help"), Hint: r.T("confirm.help.hint"), Type: "textarea", Rows: 2, MaxLength: mostHelp})
	return r.form("/bookings", fields...)
}

// optional is a label that says that its field may be left out.
func (r *request) optional(key string) string { return r.T(key) + " (" + r.T("form.optional") + ")" }

// eligibilityHint says who may use the center and how it is shown.
func (r *request) eligibilityHint(c *booking.Center) string {
	key := "confirm.declares.hint"
	if c.Eligibility.Proof == "first_visit" {
		key = "confirm.declares.first_visit"
	}
	return r.T(key, groupNames(r.catalog, c).In(r.lang))
}

func (r *request) confirmRows(h heldTime, e *booking.Equipment, me account.Profile) []Row {
	f := Frame{Lang: r.lang}
	rows := []Row{
		{Term: r.T("row.machine"), Value: f.Text(e.Name)},
		{Term: r.T("row.center"), Value: f.Text(e.Center.Name)},
		{Term: r.T("row.when"), Value: text(r.when().Span(h.Start, h.End))},
		{Term: r.T("row.fee"), Value: text(r.feeFor(e, h.minutes()))},
	}
	contact := lang.MaskPhone(string(me.Account.Phone))
	if contact == "" {
		contact = lang.MaskEmail(string(me.Account.Email))
	}
	if contact != "" {
		rows = append(rows, Row{Term: r.T("row.contact"), Value: text(contact), Link: r.url("/me"), Label: r.T("row.change_contact")})
	}
	return rows
}

// bookRequest reads the confirm form. It refuses only what has no shape; what
// the rules say is the engine's to judge.
func (r *request) bookRequest(h heldTime, e *booking.Equipment, sent url.Values) (booking.BookRequest, error) {
	req := booking.BookRequest{HoldID: h.ID, Purpose: tidy(sent, "purpose"), Declares: sent.Get("declares") != "", OfAge: sent.Get("of_age") != "", Key: h.bookingKey()}
	if len(e.Center.Eligibility.Groups) == 0 {
		req.Declares = false
	}
	bad := &fault.Fault{Kind: fault.Invalid, Code: "validation"}
	refuse := func(field, rule, limit string) {
		bad.Fields = append(bad.Fields, fault.Field{Field: field, Rule: rule, Limit: limit})
	}
	for name, most := range map[string]int{"purpose": mostPurpose, "help": mostHelp, "attendee_name": mostName, "attendee_phone": mostPhone, "attendee_relation": mostShort, "job_what": mostJob} {
		if utf8.RuneCountInString(tidy(sent, name)) > most {
			refuse(name, "max", strconv.Itoa(most))
		}
	}
	if text := tidy(sent, "people"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1000 {
			refuse("people", "people", strconv.Itoa(e.Policy.Capacity))
		}
		req.People = n
	}
	req.Attendee = attendee(sent, refuse)
	req.Job = jobRequest(e, sent, refuse)
	req.Purpose = withHelp(req.Purpose, tidy(sent, "help"))
	if len(bad.Fields) > 0 {
		return req, bad
	}
	return req, nil
}

func tidy(sent url.Values, name string) string { return strings.TrimSpace(sent.Get(name)) }

// ageFields ask for the age where the machine has a least one: the year of
// birth of somebody else who comes, and the person's own word above what they
// said at sign-up.
func (r *request) ageFields(e *booking.Equipment) []*Field {
	if e.Policy.MinAge == 0 {
		return nil
	}
	born := &Field{Name: "attendee_birth", Label: r.optional("confirm.birth"), Hint: r.T("confirm.birth.hint", e.Policy.MinAge), Type: "number", InputMode: "numeric"}
	if !e.Policy.AsksAge() {
		return []*Field{born}
	}
	return []*Field{{Name: "of_age", Label: r.T("confirm.of_age", e.Policy.MinAge), Type: "checkbox"}, born}
}

func attendee(sent url.Values, refuse func(field, rule, limit string)) *booking.Attendee {
	a := &booking.Attendee{Name: tidy(sent, "attendee_name"), Phone: tidy(sent, "attendee_phone"), Relation: tidy(sent, "attendee_relation")}
	if text := tidy(sent, "attendee_birth"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1900 || n > 2100 {
			refuse("attendee_birth", "number", "")
		}
		a.BirthYear = n
	}
	switch {
	case *a == booking.Attendee{}:
		return nil
	case a.Name == "":
		refuse("attendee_name", "required", "")
	}
	if digits := strings.Trim(a.Phone, "+0123456789 -"); digits != "" {
		refuse("attendee_phone", "phone", "")
	}
	return a
}

func jobRequest(e *booking.Equipment, sent url.Values, refuse func(field, rule, limit string)) *booking.JobRequest {
	if e.Mode != booking.Operator {
		return nil
	}
	j := &booking.JobRequest{What: tidy(sent, "job_what"), Note: tidy(sent, "help")}
	if text := tidy(sent, "job_quantity"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1_000_000 {
			refuse("job_quantity", "number", "")
		}
		j.Quantity = n
	}
	if text := tidy(sent, "job_due"); text != "" {
		d, ok := booking.ParseDate(text)
		if !ok {
			refuse("job_due", "day", "")
		}
		j.DueDate = d
	}
	return j
}

// withHelp tells staff beside the purpose what help somebody needs: it is read
// by them, so it is Korean.
func withHelp(purpose, help string) string {
	if help == "" {
		return purpose
	}
	return strings.TrimSpace(purpose + " [도움이 필요합니다] " + help)
}
