package page

import (
	"net/http"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// questionsLimit bounds the questions shown on one page.
const questionsLimit = 100

// questionsView lists what people asked the center and nobody settled.
type questionsView struct {
	deskView
	Lines []deskQuestion
	More  bool
}

// deskQuestion is a question as everybody at the counter may see it.
type deskQuestion struct {
	ID, Name, When, Machine, Href string
}

// deskQuestions is the list of the center, oldest first, masked.
func (p *pages) deskQuestions(r *request) error {
	d, err := r.desk("desk.questions.title")
	if err != nil {
		return err
	}
	v := questionsView{deskView: d}
	if v.Lines, v.More, err = r.deskWaiting(d.Base); err != nil {
		return err
	}
	return r.page(http.StatusOK, "desk_questions", &v)
}

// deskWaiting are the questions that wait at the center of the path.
func (r *request) deskWaiting(base string) (lines []deskQuestion, more bool, err error) {
	p, err := r.p.Engine.Inquiries(r.ctx(), r.watcher(), booking.InquiryList{Center: r.Param("center"), State: booking.InquiryWaiting, Limit: questionsLimit})
	for _, q := range p.Items {
		l := deskQuestion{ID: q.ID, Name: q.Person.Name, When: r.staffWhen().Moment(q.AskedAt), Href: r.url(base + "/questions/" + q.ID)}
		if q.Equipment != nil {
			l.Machine = q.Equipment.Name.In(r.lang)
		}
		lines = append(lines, l)
	}
	return lines, p.Next != "", err
}

// deskQuestionView is one question in full. Opening it is logged.
type deskQuestionView struct {
	deskView
	Q    *booking.InquiryView
	Rows []Row
	Chip Chip
	Form *Form // nil: settled
	End  *Form
	Back string
}

func (p *pages) deskQuestion(r *request) error { return r.showQuestion(http.StatusOK, nil) }

func (r *request) showQuestion(status int, refuse func(*Form)) error {
	d, err := r.desk("desk.question.title")
	if err != nil {
		return err
	}
	q, err := r.p.Engine.Inquiry(r.ctx(), r.actor, r.Param("id"))
	if err == nil && q.CenterID != d.Center.ID {
		err = fault.ErrNotFound
	}
	if err != nil {
		return err
	}
	v := &deskQuestionView{deskView: d, Q: q, Chip: r.questionChip(q.State), Back: d.Go("/questions")}
	v.Rows = []Row{{Term: r.T("desk.col.who"), Value: d.Korean(q.Person.Name)}, {Term: r.T("ask.asked"), Value: text(r.staffWhen().Moment(q.AskedAt))}}
	if q.Person.Phone != "" {
		v.Rows = append(v.Rows, Row{Term: r.T("desk.row.phone"), Value: text(d.Phone(q.Person.Phone))})
	}
	if q.Equipment != nil {
		v.Rows = append(v.Rows, Row{Term: r.T("row.machine"), Value: d.Text(q.Equipment.Name), Link: r.url("/machines/" + q.EquipmentID), Label: r.T("desk.question.machine")})
	}
	if q.State == booking.InquiryWaiting {
		path := d.Base + "/questions/" + q.ID
		v.Form = r.form(path+"/answer", &Field{Name: "text", Type: "textarea", Label: r.T("desk.question.answer"), Hint: r.T("desk.question.hint", booking.InquiryMax), Required: true, Rows: 5, MaxLength: booking.InquiryMax})
		v.End = r.form(path + "/close")
		if refuse != nil {
			refuse(v.Form)
		}
	}
	return r.page(status, "desk_question", v)
}

// deskAnswer sends the answer to who asked.
func (p *pages) deskAnswer(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	return r.settled(func() error {
		_, err := p.Engine.AnswerInquiry(r.ctx(), r.actor, r.Param("id"), sent.Get("text"))
		return err
	}, "note.answered", func(f *Form, why *fault.Fault) { f.fill(sent).refuse(r, why) })
}

// deskCloseQuestion takes it off the list without an answer in writing.
func (p *pages) deskCloseQuestion(r *request) error {
	return r.settled(func() error {
		_, err := p.Engine.CloseInquiry(r.ctx(), r.actor, r.Param("id"))
		return err
	}, "note.question_closed", func(f *Form, why *fault.Fault) { f.refuse(r, why) })
}

// settled ends a press: on to the list, or the question as it stands now with the reason.
func (r *request) settled(do func() error, note string, refuse func(*Form, *fault.Fault)) error {
	err := do()
	why, ok := refused(err)
	switch {
	case ok && why.Kind == fault.Invalid:
		return r.showQuestion(http.StatusUnprocessableEntity, func(f *Form) { refuse(f, why) })
	case err != nil:
		return err
	}
	r.note(note)
	return r.see(deskBase(r.Param("center")) + "/questions")
}
