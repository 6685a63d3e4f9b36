package page

import (
	"html/template"
	"strconv"
	"time"

	"gongbang/booking"
	"gongbang/internal/lang"
)

// facts collects the rows of a card; what is empty is left out.
type facts struct {
	r    *request
	rows []Row
}

func (f *facts) add(key string, value template.HTML) {
	if value != "" {
		f.rows = append(f.rows, Row{Term: f.r.T("desk.row." + key), Value: value})
	}
}

func (f *facts) moment(key string, t *time.Time) {
	if t != nil {
		f.add(key, text(f.r.staffWhen().Moment(*t)))
	}
}

// typed is what people wrote; it is Korean unless somebody says otherwise.
func (f *facts) typed(key, s string) { f.add(key, Frame{Lang: f.r.lang}.Korean(s)) }

// cardRows are the facts of a booking, the ones needed at the counter first.
func (r *request) cardRows(b *booking.View) []Row {
	f := &facts{r: r}
	f.add("machine", text(r.deskMachine(b.Equipment, b.Unit)))
	f.add("when", text(r.staffWhen().Span(b.Start, b.End)))
	phone := b.Person.Phone
	if a := b.Details.Attendee; a != nil {
		f.typed("booked_by", b.Person.Name)
		if a.Phone != "" {
			phone = a.Phone
		}
	}
	if phone != "" {
		f.add("phone", template.HTML(`<a class="tel" href="tel:`+template.HTMLEscapeString(phone)+`">`)+text(lang.LocalPhone(phone))+"</a>")
	}
	f.add("code", text(booking.ShowCode(b.Code)))
	if b.Details.People > 1 {
		f.add("people", text(r.T("desk.people", b.Details.People)))
	}
	f.typed("purpose", b.Details.Purpose)
	f.add("origin", text(r.T("desk.origin."+string(b.Origin))))
	f.moment("arrived", b.Details.ArrivedAt)
	f.moment("checked_in", b.CheckedInAt)
	f.moment("ended", b.EndedAt)
	if b.Details.LateMinutes > 0 {
		f.add("late", text(r.T("desk.minutes", b.Details.LateMinutes)))
	}
	f.moment("answer_by", b.AnswerBy)
	if b.Details.Reason != "" {
		f.add("reason", f.r.shownReason(b.Details.Reason))
	}
	f.typed("override", b.Details.Override)
	f.job(b)
	return f.rows
}

func (f *facts) job(b *booking.View) {
	j := b.Details.Job
	if j == nil {
		return
	}
	f.add("job", text(f.r.T("desk.job."+string(j.State))))
	f.typed("job_what", j.What)
	if j.Quantity > 0 {
		f.add("job_quantity", text(strconv.Itoa(j.Quantity)))
	}
	if j.DueDate != "" {
		f.add("job_due", text(f.r.staffWhen().Date(j.DueDate.At(12*60, b.Zone))))
	}
	f.typed("job_note", j.Note)
	f.typed("staff_note", j.StaffNote)
	f.moment("promised", j.PromisedAt)
}
