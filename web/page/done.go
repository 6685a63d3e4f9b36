package page

import (
	"html/template"
	"net/http"
	"net/url"

	"gongbang/booking"
)

// doneView is the end of a booking: what stands now, and what comes next. The
// detail page and the slip show the same facts.
type doneView struct {
	Frame
	B        *booking.View
	Code     string
	Chip     Chip
	Heading  string
	What     []string
	Steps    []Step
	Rows     []Row
	QR       template.HTML
	Address  string // of the map
	ICS      string
	Google   string
	Again    string
	Slip     string
	Own      bool
	Sure     bool // confirmed, not only asked for
	History  []historyLine
	Rules    []string
	Move     string
	HandOver string
	Cancel   string
	Restore  string
	Restored string // until when a cancel can be taken back
	Late     *Form
	Next     *nearView // the same time next week
	Survey   string    // where to say how it was; "" when nothing is asked
	Refused  *Form     // why the last press could not be done
}

type historyLine struct{ ISO, At, Text string }

// facts fills what every page about one booking shows.
func (r *request) facts(b *booking.View, f Frame) (*doneView, error) {
	v := &doneView{Frame: f, B: b, Code: booking.ShowCode(b.Code), Chip: r.statusChip(b), Steps: r.steps(b), Own: b.AccountID == r.actor.ID,
		Sure: b.Status == booking.Confirmed || b.Status == booking.CheckedIn}
	var err error
	if v.QR, err = qrSVG(r.bookingLink(b), r.T("qr.alt", v.Code)); err != nil {
		return nil, err
	}
	path := "/bookings/" + b.ID
	v.ICS, v.Slip = r.url(path+"/calendar.ics"), r.url(path+"/slip")
	v.Google = r.googleLink(b)
	v.Again = r.url(machinePath(b.EquipmentID, "", b.Interval().Minutes(), ""))
	if b.Center.Address != "" {
		v.Address = "https://map.kakao.com/?q=" + url.QueryEscape(b.Center.Address)
	}
	v.Rows = r.bookingRows(b, f)
	v.Write = askPath("", b.EquipmentID)
	return v, nil
}

// bookingLink is what the QR code holds: the booking's page, ending in the
// code that the desk reads. The code alone opens nothing.
func (r *request) bookingLink(b *booking.View) string {
	return r.p.Edge.PublicURL.JoinPath("b", b.ID, booking.ShowCode(b.Code)).String()
}

// googleLink is for browsers inside of other apps, where files can't be taken.
func (r *request) googleLink(b *booking.View) string {
	const stamp = "20060102T150405Z"
	q := url.Values{"action": {"TEMPLATE"}, "text": {b.Equipment.Name.In(r.lang)}, "dates": {b.Start.UTC().Format(stamp) + "/" + b.End.UTC().Format(stamp)},
		"details": {r.T("row.code") + " " + booking.ShowCode(b.Code)}, "location": {b.Center.Name.In(r.lang) + " " + b.Center.Address}}
	return "https://calendar.google.com/calendar/render?" + q.Encode()
}

func (r *request) bookingRows(b *booking.View, f Frame) []Row {
	rows := []Row{
		{Term: r.T("row.code"), Value: template.HTML(`<strong class="code">` + booking.ShowCode(b.Code) + `</strong>`)},
		{Term: r.T("row.when"), Value: text(r.when().Span(b.Start, b.End))},
		{Term: r.T("row.machine"), Value: f.Text(b.Equipment.Name)},
		{Term: r.T("row.center"), Value: f.Text(b.Center.Name), Link: r.url("/centers/" + b.CenterID), Label: r.T("row.see_center")},
	}
	add := func(key string, value template.HTML) {
		if value != "" {
			rows = append(rows, Row{Term: r.T(key), Value: value})
		}
	}
	if b.Equipment.Quantity > 1 {
		add("row.unit", text(r.T("row.unit_no", b.Unit)))
	}
	add("row.address", f.Korean(b.Center.Address))
	add("row.fee", text(r.feeFor(b.Equipment, b.Interval().Minutes())))
	if a := b.Details.Attendee; a != nil {
		add("row.attendee", f.Korean(a.Name))
	}
	if b.Details.People > 1 {
		add("row.people", text(r.T("row.people_n", b.Details.People)))
	}
	add("row.purpose", f.Korean(b.Details.Purpose))
	if j := b.Details.Job; j != nil {
		add("row.job", f.Korean(j.What))
		add("row.staff_note", f.Korean(j.StaffNote))
		if j.PromisedAt != nil {
			add("row.promised", text(r.when().Moment(*j.PromisedAt)))
		}
	}
	return rows
}

// done says what a booking became: confirmed, or asked for and not confirmed yet.
func (p *pages) done(r *request) error {
	b, err := p.Engine.Get(r.ctx(), r.actor, r.Param("id"))
	if err != nil {
		return err
	}
	heading := r.T("done." + string(b.Status))
	v, err := r.facts(b, r.framed(heading))
	if err != nil {
		return err
	}
	v.Heading = heading
	v.What, v.Survey = r.doneSentences(b), r.surveyOf(b)
	return r.page(http.StatusOK, "done", v)
}

func (r *request) doneSentences(b *booking.View) []string {
	var out []string
	switch b.Status {
	case booking.Pending:
		if b.AnswerBy != nil {
			out = append(out, r.T("done.answer_by", r.when().Moment(*b.AnswerBy)))
		}
		out = append(out, r.T("done.still_yours"))
	case booking.Confirmed:
		if b.Details.Job != nil {
			out = append(out, r.T("done.bring"))
		}
		out = append(out, r.T("done.check_in", r.when().Moment(b.Details.Terms.CheckInFrom)), r.promised(b))
	}
	return out
}

// promised says until when a booking can be cancelled, by the terms it was made under.
func (r *request) promised(b *booking.View) string {
	until := b.Details.Terms.CancelUntil
	switch {
	case b.Details.Terms.Prolonged && until.After(r.now):
		return r.T("cancel.prolonged", r.when().Moment(until))
	case !until.Before(b.Start):
		return r.T("cancel.until_start")
	case until.Before(r.now):
		return r.T("cancel.passed", r.when().Moment(until))
	}
	return r.T("cancel.until", r.when().Moment(until))
}

// slip is a sheet of paper about one booking.
func (p *pages) slip(r *request) error {
	b, err := p.Engine.Get(r.ctx(), r.actor, r.Param("id"))
	if err != nil {
		return err
	}
	v, err := r.facts(b, r.frame("slip.title"))
	if err != nil {
		return err
	}
	v.What = r.doneSentences(b)
	v.Rules = r.rules(b.Equipment)
	return r.page(http.StatusOK, "slip", v)
}
