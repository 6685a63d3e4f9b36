package page

import (
	"net/http"
	"slices"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// machineView is the page of one machine: what it is, when it is free, its rules.
type machineView struct {
	Frame
	M       *booking.Equipment
	Chips   []Chip
	Refused *Form        // of a press that the rules refused: its reasons
	Next    []reasonView // and what can be done about them
	Move    *moveBanner
	Times   *timesView // nil: not booked here
	Why     *whyView
	Rules   []string
	Coming  []comingView
	Fee     string
	Range   string // from the shortest to the longest
}

// moveBanner reminds of the booking that is being moved.
type moveBanner struct{ Text, Back string }

// machineAsk is what the address of a machine's page says.
type machineAsk struct {
	date    booking.Date
	minutes int
	month   string
	move    string
}

func (r *request) machineAsk() machineAsk {
	q := r.Request.URL.Query()
	a := machineAsk{minutes: minutesOf(q.Get("len")), move: q.Get("move")}
	if d, ok := booking.ParseDate(q.Get("date")); ok {
		a.date = d
	}
	if d, ok := booking.ParseDate(q.Get("month") + "-01"); ok {
		a.month = d.Month()
	}
	return a
}

// machine shows a machine and its free times. With part=times it answers with
// the times alone, for a page that is open already.
func (p *pages) machine(r *request) error {
	v, err := r.machineView(r.Param("id"), r.machineAsk())
	if err != nil {
		return err
	}
	if r.Query("part") == "times" && v.Times != nil {
		return r.fragment(http.StatusOK, "machine", "times", v)
	}
	if v.Times != nil {
		if err := r.why(v, r.Request.URL.Query()); err != nil {
			return err
		}
	}
	return r.page(http.StatusOK, "machine", v)
}

func (r *request) machineView(id string, ask machineAsk) (*machineView, error) {
	e, ok := r.catalog.Machine(id)
	if !ok || e.Retired || e.Center.Retired {
		return nil, fault.ErrNotFound
	}
	v := &machineView{Frame: r.framed(e.Name.In(r.lang) + " · " + e.Center.Name.In(r.lang)), M: e, Rules: r.rules(e)}
	v.Write = askPath("", e.ID)
	v.Coming = r.coming(e)
	v.Fee = v.Frame.Fee(e)
	if e.Elsewhere != nil {
		return v, nil
	}
	if v.Range = r.length(e.Policy.MinMinutes); e.Policy.MaxMinutes > e.Policy.MinMinutes {
		v.Range += r.T("length.to") + r.length(e.Policy.MaxMinutes)
	}
	var err error
	if v.Times, err = r.times(e, ask); err != nil {
		return nil, err
	}
	if m := v.Times.board.moving; m != nil {
		v.Move = &moveBanner{Text: r.T("move.banner", r.when().Span(m.Start, m.End)), Back: r.url("/bookings/" + m.ID)}
	}
	v.Chips, err = r.machineChips(v.Times)
	return v, err
}

// refusedMachine is the machine's page after a press that the rules refused:
// nothing is lost, and the reasons stand above the times.
func (r *request) refusedMachine(e *booking.Equipment, ask machineAsk, f *fault.Fault, status int) error {
	v, err := r.machineView(e.ID, ask)
	if err != nil {
		return err
	}
	v.Refused = r.form("/machines/" + e.ID)
	v.Refused.refuse(r, f)
	v.Next = r.nextSteps(f)
	if v.Times != nil {
		v.Why = r.whyForm(v.Times)
	}
	return r.page(status, "machine", v)
}

// nextSteps are the links that lead on from a refusal.
func (r *request) nextSteps(f *fault.Fault) (out []reasonView) {
	if f.Code == "contact_unverified" {
		out = append(out, reasonView{Href: r.url("/me"), Label: r.T("machine.verify")})
	}
	broken, _ := f.Extra["violations"].([]booking.Violation)
	for _, v := range broken {
		if x := r.reasonView(v); x.Href != "" {
			out = append(out, x)
		}
	}
	return out
}

// rules are the sentences of a machine's rules.
func (r *request) rules(e *booking.Equipment) []string {
	ko, en := r.catalog.PolicyText(e)
	if r.lang == lang.En {
		return en
	}
	return ko
}

// comingView is what changes in a machine's rules on a day to come.
type comingView struct {
	From      string
	New, Gone []string
}

// coming compares the sentences of each change with those before it.
func (r *request) coming(e *booking.Equipment) (out []comingView) {
	said := r.rules(e)
	for _, c := range r.catalog.Coming(e, r.now) {
		next := c.Ko
		if r.lang == lang.En {
			next = c.En
		}
		out = append(out, comingView{From: r.T("machine.coming.from", r.when().Moment(c.From)), New: beyond(next, said), Gone: beyond(said, next)})
		said = next
	}
	return out
}

func beyond(list, known []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(known, s) })
}
