package page

import (
	"net/http"
	"net/url"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// reviewsView lists whose points somebody asked to look at again.
type reviewsView struct {
	deskView
	Reviews []reviewLine
}

type reviewLine struct {
	strikeLine
	Who string
}

func (p *pages) deskReviews(r *request) error {
	d, err := r.desk("desk.reviews.title")
	if err != nil {
		return err
	}
	list, err := p.Engine.Reviews(r.ctx(), r.actor, d.Center.ID)
	if err != nil {
		return err
	}
	v := &reviewsView{deskView: d}
	for _, x := range list {
		l := reviewLine{strikeLine: r.strikeLine(x), Who: r.T("desk.honorific", x.Booking.Person.Name)}
		l.Ask = d.Go("/strikes/" + url.PathEscape(x.AccountID) + "?" + url.Values{"strike": {x.ID}}.Encode())
		v.Reviews = append(v.Reviews, l)
	}
	return r.page(http.StatusOK, "desk_reviews", v)
}

// strikesView is the points that somebody got at this center.
type strikesView struct {
	deskView
	Suspended []Notice
	Strikes   []strikeLine
	Wrong     *Form
}

func (p *pages) deskStrikes(r *request) error {
	v, err := r.strikesView(r.Query("strike"))
	if err != nil {
		return err
	}
	return r.page(http.StatusOK, "desk_strikes", v)
}

// strikesView opens the form of one strike; staff never answer for their own.
func (r *request) strikesView(open string) (*strikesView, error) {
	d, err := r.desk("desk.strikes.title")
	if err != nil {
		return nil, err
	}
	id := r.Param("id")
	s, err := r.p.Engine.StrikesOf(r.ctx(), r.actor, id)
	if err != nil {
		return nil, err
	}
	v := &strikesView{deskView: d}
	for _, x := range s.Suspensions {
		if x.Equipment.Center.ID == d.Center.ID {
			v.Suspended = append(v.Suspended, r.suspensionNotices([]booking.Suspension{x})...)
		}
	}
	base := d.Base + "/strikes/" + url.PathEscape(id)
	for _, x := range s.Items {
		if x.CenterID != d.Center.ID {
			continue
		}
		l := r.strikeLine(x)
		l.Booking = d.Go("/bookings/" + x.BookingID)
		if x.WaivedAt == nil && id != r.actor.ID {
			l.Ask = r.url(base + "?" + url.Values{"strike": {x.ID}}.Encode())
			if x.ID == open {
				l.Form = r.form(base, &Field{Name: "reason", Type: "text", Label: r.T("desk.strikes.reason"), Hint: r.T("desk.strikes.reason_hint"), MaxLength: moreLength, Required: true}).hide("strike", x.ID)
			}
		}
		v.Strikes = append(v.Strikes, l)
	}
	return v, nil
}

// deskAnswerStrike takes points away, or lets them stand.
func (p *pages) deskAnswerStrike(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	answer := p.Engine.KeepStrike
	if sent.Get("answer") == "waive" {
		answer = p.Engine.WaiveStrike
	}
	_, err = answer(r.ctx(), r.actor, r.Param("id"), sent.Get("strike"), sent.Get("reason"))
	if err == nil {
		r.note("note.strike_answered")
		return r.see(deskBase(r.Param("center")) + "/strikes/" + url.PathEscape(r.Param("id")))
	}
	f, ok := refused(err)
	if !ok || f.Kind == fault.NotFound {
		return err
	}
	v, err := r.strikesView(sent.Get("strike"))
	if err != nil {
		return err
	}
	v.Wrong = r.form("")
	for _, l := range v.Strikes {
		if l.Form != nil {
			v.Wrong = l.Form.fill(sent)
		}
	}
	v.Wrong.refuse(r, f)
	return r.page(edge.Status(f), "desk_strikes", v)
}
