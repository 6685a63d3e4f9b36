package notify

import (
	"time"

	"gongbang/internal/lang"
)

// View is what the texts are made of. What a kind does not need stays zero,
// and its line is left out. Times are instants; they are written in Zone.
type View struct {
	Brand lang.Text // what the service calls itself
	Name  string    // the person who is written to; "" is left out
	Zone  *time.Location
	Now   time.Time

	Center, Equipment      lang.Text
	Unit                   int    // 0: not told
	Place                  string // the center's address
	Contact                string // the center's phone, as people read it
	Code                   string // of the booking, with its hyphen
	Start, End             time.Time
	BeforeStart, BeforeEnd time.Time // what was agreed or asked before
	CancelUntil            time.Time
	AnswerBy               time.Time // pending: unanswered then, rejected
	Reason                 string    // what staff wrote for the person
	Cause                  string    // person, staff, center, unanswered
	Late                   bool      // cancelled after the limit
	Count                  int       // of questions that wait
	Points                 int       // what a cancel costs now, or a no-show or late cancel cost
	Until                  time.Time // of a suspension
	Over                   string    // of a suspension: equipment, category, center, city
	Became                 string    // outage, closure: moved (another unit), cancelled, ended, shortened
	Alternatives           []Alternative

	Job        string // what was left at the desk
	PromisedAt time.Time

	PIN   string        // the six digits of a sign-in code
	Valid time.Duration // how long they hold

	Expires time.Time // of the survey link
	Report  string    // survey.safety: what the person wrote about the danger
	Answer  string    // case.reply: what staff wrote
	Opinion bool      // case.reply: to what was said in a survey, not to a question
	Low     int       // survey.low: how many low scores
	Month   string    // survey.low, manager.monthly: "2006-01"
	Sum     *MonthSum // manager.monthly
	Stop    string    // manager.monthly: the page where it can be turned off

	Link   string // links[0]
	OptOut string // links[1]; takes a POST without a question (RFC 8058)
}

// Alternative is a free time that is offered instead.
type Alternative struct {
	Center, Equipment lang.Text
	Start, End        time.Time
}

// page is a View with everything written out in one language: a template
// can't leave an unwritten value, since all of it is text.
type page struct {
	View
	Brand, Center, Equipment         string
	When, Before, CancelUntil        string
	AnswerBy, PromisedAt, Expires    string
	Until                            string
	ValidFor                         string
	Alternatives                     []string
	ByPerson, ByCenter, Unanswered   bool
	BecameMoved, BecameEnded, HasJob bool
	TooLate                          bool // the cancel limit has passed
	Everywhere, WholeCenter          bool
	WholeKind                        bool
	BecameShortened                  bool
	Month                            string
	Sum                              *monthText
}

func (v View) in(l lang.Locale, staff bool) page {
	w := When{Locale: l, Zone: v.Zone, Now: v.Now, Staff: staff}
	p := page{
		View: v, Brand: v.Brand.In(l), Center: v.Center.In(l), Equipment: v.Equipment.In(l),
		When: span(w, v.Start, v.End), Before: span(w, v.BeforeStart, v.BeforeEnd),
		CancelUntil: moment(w, v.CancelUntil), AnswerBy: moment(w, v.AnswerBy),
		PromisedAt: moment(w, v.PromisedAt), Expires: moment(w, v.Expires),
		ValidFor: w.Duration(v.Valid),
		ByPerson: v.Cause == "person", ByCenter: v.Cause == "center", Unanswered: v.Cause == "unanswered",
		BecameMoved: v.Became == "moved", BecameEnded: v.Became == "ended", HasJob: v.Job != "",
		Until: moment(w, v.Until), TooLate: v.Now.After(v.CancelUntil),
		Everywhere: v.Over == "city", WholeCenter: v.Over == "center", WholeKind: v.Over == "category",
		BecameShortened: v.Became == "shortened", Month: w.Month(v.Month), Sum: v.Sum.text(),
	}
	if p.Before == p.When {
		p.Before = ""
	}
	for _, a := range v.Alternatives {
		p.Alternatives = append(p.Alternatives, a.in(w))
	}
	return p
}

func (a Alternative) in(w When) string {
	s := span(w, a.Start, a.End)
	for _, name := range []string{a.Equipment.In(w.Locale), a.Center.In(w.Locale)} {
		if name != "" {
			s += ", " + name
		}
	}
	return s
}

func span(w When, start, end time.Time) string {
	if start.IsZero() {
		return ""
	}
	return w.Span(start, end)
}

func moment(w When, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return w.Moment(t)
}
