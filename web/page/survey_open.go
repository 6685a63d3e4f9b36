package page

import (
	"gongbang/booking"
)

// openSurveyLine asks for an answer that is still missing.
type openSurveyLine struct {
	Text string
	Href string
	day  string
	of   string // machine
}

// openSurveys are the person's own open invitations. Where they can't be read
// the page goes on without them.
func (r *request) openSurveys() []openSurveyLine {
	list, err := r.p.Surveys.Mine(r.ctx(), r.actor)
	if err != nil {
		return nil
	}
	var out []openSurveyLine
	for _, i := range list {
		day := i.Day
		if d, ok := booking.ParseDate(i.Day); ok {
			day = r.when().Date(d.At(12*60, r.catalog.Zone))
		}
		out = append(out, openSurveyLine{Text: r.T("survey.open", day, i.Equipment.In(r.lang)), Href: r.url("/s/" + i.Token), day: i.Day, of: i.EquipmentID})
	}
	return out
}

// surveyOf is the way to answer about a booking of one's own that is over; "" when nothing is asked.
func (r *request) surveyOf(b *booking.View) string {
	if b.Status != booking.Completed || b.AccountID != r.actor.ID {
		return ""
	}
	day := string(booking.DateOf(b.Start, r.catalog.Zone))
	for _, s := range r.openSurveys() {
		if s.day == day && s.of == b.EquipmentID {
			return s.Href
		}
	}
	return ""
}
