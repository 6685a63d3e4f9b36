package page

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// findView is what the find box brought: one card to act on, or a few to choose from.
type findView struct {
	deskView
	Asked bool
	Card  *resultCard
	Found []boardBlock
}

// resultCard answers a scan: green with one button, or red with the reason.
type resultCard struct {
	Kind   string // ok, warn or danger
	Who    string // in full: staff call the person by it
	What   string // machine and time
	Code   string
	Reason string // why not
	Also   []string
	Verb   string // of the one button
	Form   *Form  // nil where nothing can be done here
	Href   string // the whole card
}

// Icon is the picture of the card's kind.
func (c resultCard) Icon() string { return Chip{Kind: c.Kind}.Icon() }

// bookingID is how ids of bookings look; a link in a QR code may end in one.
var bookingID = regexp.MustCompile(`^[a-z2-9]{26}$`)

// deskFind looks for a person's bookings and shows what can be done at once.
func (p *pages) deskFind(r *request) error {
	d, err := r.desk("desk.find.title")
	if err != nil {
		return err
	}
	d.Sought, d.Seek = strings.TrimSpace(r.Query("q")), true
	v := findView{deskView: d}
	if d.Sought == "" {
		return r.page(http.StatusOK, "desk_find", &v)
	}
	v.Asked = true
	found, err := r.findBookings(d.Sought)
	if err != nil {
		return err
	}
	if len(found) == 1 {
		if v.Card, err = r.openResult(d.Base, found[0].ID); err != nil {
			return err
		}
		v.Seek = v.Card.Form == nil
		return r.page(http.StatusOK, "desk_find", &v)
	}
	for _, x := range found {
		b := r.boardBlock(d.Base, x, false)
		b.Times = r.staffWhen().Span(x.Start, x.End)
		b.Href = d.Go("/find?q=" + url.QueryEscape(b.Code))
		v.Found = append(v.Found, b)
	}
	return r.page(http.StatusOK, "desk_find", &v)
}

// findBookings asks the engine; what a scanner typed while the keyboard was
// set to Korean is read as the keys it pressed.
func (r *request) findBookings(q string) ([]booking.View, error) {
	tries := []string{q}
	if keys := latinKeys(q); keys != q {
		tries = append(tries, keys)
	}
	for _, q := range tries {
		found, err := r.p.Engine.Find(r.ctx(), r.actor, r.Param("center"), q)
		if err != nil || len(found) > 0 {
			return found, err
		}
		last := q[strings.LastIndexByte(q, '/')+1:]
		if !bookingID.MatchString(last) {
			continue
		}
		v, err := r.ofCenter(r.p.Engine.Get(r.ctx(), r.actor, last))
		if err == nil {
			return []booking.View{*v}, nil
		}
		if fault.Code(err) != "not_found" {
			return nil, err
		}
	}
	return nil, nil
}

// openResult opens a booking, which is logged, and says what to do with it now.
func (r *request) openResult(base, id string) (*resultCard, error) {
	v, err := r.ofCenter(r.p.Engine.Get(r.ctx(), r.actor, id))
	if err != nil {
		return nil, err
	}
	c := r.resultCard(base, v)
	lacks, err := r.lacksCertificate(v)
	if lacks {
		c.Also = append(c.Also, r.T("desk.result.certificate"))
		if c.Kind == "ok" {
			c.Kind = "warn"
		}
	}
	return &c, err
}

// resultCard reads from the booking, and from what may be done to it, what the card says.
func (r *request) resultCard(base string, v *booking.View) resultCard {
	w := r.staffWhen()
	c := resultCard{Kind: "danger", Who: r.whoComes(v), What: r.deskMachine(v.Equipment, v.Unit) + " · " + w.Times(v.Start, v.End),
		Code: booking.ShowCode(v.Code), Href: r.url(base + "/bookings/" + v.ID)}
	act := func(kind, verb string) { c.Kind, c.Verb, c.Form = kind, verb, r.deedForm(base, v, verb) }
	switch {
	case v.Details.Job != nil && (v.Status == booking.Confirmed || v.Status == booking.CheckedIn):
		if v.Details.Job.State == booking.JobWaiting {
			act("ok", "job")
			c.Verb = "received"
			c.Form.hide("state", string(booking.JobReceived))
			break
		}
		c.Kind, c.Reason = "warn", r.T("desk.result.job", r.T("desk.job."+string(v.Details.Job.State)))
	case v.Status == booking.NoShow && slices.Contains(v.Can, booking.VerbStart):
		act("warn", "start-late")
		c.Reason = r.T("desk.result.no_show_free")
	case v.Status == booking.Confirmed && slices.Contains(v.Can, booking.VerbCheckIn):
		act("ok", "check-in")
	case v.Status == booking.CheckedIn && v.CheckedInAt != nil:
		c.Reason = r.T("desk.result.checked_in", w.Time(*v.CheckedInAt))
	case v.Status == booking.Pending:
		c.Kind, c.Reason = "warn", r.T("desk.result.pending")
	case v.Status != booking.Confirmed:
		c.Reason = r.T("desk.result." + string(v.Status))
	case booking.DateOf(v.Start, v.Zone) != r.today():
		c.What, c.Reason = r.deskMachine(v.Equipment, v.Unit), r.T("desk.result.other_day", w.Span(v.Start, v.End))
	case r.now.Before(v.Details.Terms.CheckInFrom):
		if v.Details.ArrivedAt == nil {
			act("warn", "arrived")
		}
		c.Reason = r.T("desk.result.early", w.Time(v.Details.Terms.CheckInFrom))
	default:
		c.Reason = r.T("desk.result.over")
	}
	return c
}
