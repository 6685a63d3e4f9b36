package page

import (
	"net/http"
	"net/url"

	"gongbang/account"
	"gongbang/internal/fault"
)

// mostReview bounds what people write about points, in characters.
const mostReview = 1000

// fillStrikes shows the person's points, and where new bookings stop. The form
// that asks for a review opens for one of them at a time.
func (r *request) fillStrikes(v *meView) error {
	s, err := r.p.Engine.MyStrikes(r.ctx(), r.actor)
	if err != nil {
		return err
	}
	v.Suspended = r.suspensionNotices(s.Suspensions)
	open := r.Query("review")
	if r.Request.Method == http.MethodPost {
		open = r.Request.PostForm.Get("strike")
	}
	for _, x := range s.Items {
		l := r.strikeLine(x)
		l.Booking = r.url("/bookings/" + x.BookingID)
		if x.MayAsk {
			l.Ask = r.url("/me?"+url.Values{"review": {x.ID}}.Encode()) + "#strikes"
		}
		if x.MayAsk && x.ID == open {
			l.Form = r.form("/me/review", &Field{Name: "text", Type: "textarea", Label: r.T("strike.ask.text"), Hint: r.T("strike.ask.hint"), Rows: 3, MaxLength: mostReview, Required: true}).hide("strike", x.ID)
		}
		v.Strikes = append(v.Strikes, l)
	}
	return nil
}

// askReview asks the center to look at points again.
func (p *pages) askReview(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	_, err = p.Engine.AskReview(r.ctx(), r.actor, sent.Get("strike"), sent.Get("text"))
	return r.saved(err, "/me#strikes", "note.review", func(v *meView) *Form {
		for _, l := range v.Strikes {
			if l.Form != nil {
				return l.Form.fill(sent)
			}
		}
		return r.form("/me/review")
	})
}

func noReminders(p account.Profile) bool { return refusedConsent(p, account.Reminder) }

// saveReminders records whether the person wants to be reminded before a start.
func (p *pages) saveReminders(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	_, err = p.People.SetConsent(r.ctx(), r.actor, account.Reminder, sent.Get("reminder") != "")
	return r.saved(err, "/me#reminders", "note.saved", func(v *meView) *Form { return v.Reminders })
}

// saveMonthly records whether a manager wants the mail about each month.
func (p *pages) saveMonthly(r *request) error {
	if !r.actor.MaySomewhere(account.Results) {
		return fault.ErrNotFound
	}
	sent, err := r.sent()
	if err != nil {
		return err
	}
	_, err = p.People.SetConsent(r.ctx(), r.actor, account.Monthly, sent.Get("monthly") != "")
	return r.saved(err, "/me#monthly", "note.saved", func(v *meView) *Form { return v.Monthly })
}
