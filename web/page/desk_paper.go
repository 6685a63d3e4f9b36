package page

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// paperView is the morning on paper, after a power cut: today's bookings with
// fields for when people came and left, and one save.
type paperView struct {
	deskView
	Day    string
	Action string
	Rows   []*paperRow
	Wrong  int // rows that were not saved
	Saved  int
	Tried  bool
}

// paperRow is one booking with what was written on paper.
type paperRow struct {
	boardBlock
	Came, Left string
	CameAt     string // when they came, where that is known already
	NoShow     bool
	CanCome    bool // came and no-show can still be entered
	CanLeave   bool
	Error      string
	Done       string
	version    int
	view       booking.View
}

// FieldID names a field of the row.
func (x *paperRow) FieldID(name string) string { return name + "." + x.Booking }

// deskPaper lists today's bookings that something can be entered for.
func (p *pages) deskPaper(r *request) error {
	v, err := r.paperView()
	if err != nil {
		return err
	}
	return r.page(http.StatusOK, "desk_paper", v)
}

func (r *request) paperView() (*paperView, error) {
	d, err := r.desk("desk.paper.title")
	if err != nil {
		return nil, err
	}
	t, err := r.p.Engine.Today(r.ctx(), r.actor, d.Center.ID, "")
	if err != nil {
		return nil, err
	}
	v := &paperView{deskView: d, Day: r.staffWhen().Date(t.Now), Action: d.Go("/paper")}
	for _, m := range t.Machines {
		for _, x := range m.Bookings {
			come, leave := x.Status == booking.Confirmed && booking.DateOf(x.Start, x.Zone) == t.Date, x.Status == booking.CheckedIn && x.Details.Job == nil
			if !come && !leave || x.Start.After(t.Now) && come && t.Now.Before(x.Details.Terms.CheckInFrom) {
				continue
			}
			row := &paperRow{boardBlock: r.boardBlock(d.Base, x, false), CanCome: come, CanLeave: come && x.Details.Job == nil || leave, version: x.Version, view: x}
			if x.CheckedInAt != nil {
				row.CameAt = r.staffWhen().Time(*x.CheckedInAt)
			}
			v.Rows = append(v.Rows, row)
		}
	}
	slices.SortStableFunc(v.Rows, func(a, b *paperRow) int { return a.Start.Compare(b.Start) })
	return v, nil
}

// deskSavePaper enters row by row. What can't be entered stays in its row with
// the reason; a row is entered whole or not at all.
func (p *pages) deskSavePaper(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v, err := r.paperView()
	if err != nil {
		return err
	}
	v.Tried = true
	for _, row := range v.Rows {
		saved, err := r.enterRow(row, sent)
		f, bad := refused(err)
		switch {
		case bad:
			row.Error = r.rowReason(f)
			v.Wrong++
		case err != nil:
			return err
		case saved:
			v.Saved++
		}
	}
	if v.Wrong == 0 {
		r.note("note.desk_paper_saved")
		return r.see(v.Base)
	}
	v.Rows = slices.DeleteFunc(v.Rows, func(x *paperRow) bool { return x.Done != "" && x.Error == "" })
	return r.page(http.StatusUnprocessableEntity, "desk_paper", v)
}

// rowReason is why a row was not entered, in one text.
func (r *request) rowReason(f *fault.Fault) string {
	if list := r.reasons(f); len(list) > 0 {
		return list[0]
	}
	_, what := r.sentence(f)
	return what
}

// enterRow writes one row: came, left, or not at all.
func (r *request) enterRow(row *paperRow, sent url.Values) (saved bool, err error) {
	row.Came, row.Left, row.NoShow = sent.Get(row.FieldID("came")), sent.Get(row.FieldID("left")), sent.Get(row.FieldID("noshow")) != ""
	in := r.deskInput(sent)
	came, left := in.at(row.FieldID("came"), r.today()), in.at(row.FieldID("left"), r.today())
	if err := in.err(); err != nil {
		return false, err
	}
	switch {
	case came == nil && left == nil && !row.NoShow:
		return false, nil
	case row.NoShow && (came != nil || left != nil):
		return false, fault.BadField("noshow", "paper_both", "")
	case left != nil && came == nil && row.CanCome:
		return false, fault.BadField("came", "paper_came", "")
	case came != nil && left != nil && !left.After(*came):
		return false, fault.BadField("left", "paper_order", "")
	case left != nil && left.After(r.now):
		return false, fault.BadField("left", "paper_future", "")
	}
	if row.NoShow {
		_, err = r.p.Engine.MarkNoShow(r.ctx(), r.actor, row.Booking, booking.AttendRequest{Version: row.version})
	} else {
		err = r.enterUse(row, came, left)
	}
	if err == nil {
		row.Done = "yes"
	}
	return err == nil, err
}

// enterUse writes when somebody came and left. A leaving that is refused takes
// the coming back, so that the row is not half entered.
func (r *request) enterUse(row *paperRow, came, left *time.Time) error {
	version := row.version
	if came != nil && row.CanCome {
		v, err := r.p.Engine.CheckIn(r.ctx(), r.actor, row.Booking, booking.AttendRequest{At: came, Version: version})
		if err != nil {
			return err
		}
		version = v.Version
	}
	if left == nil {
		return nil
	}
	_, err := r.p.Engine.Finish(r.ctx(), r.actor, row.Booking, booking.AttendRequest{At: left, Version: version})
	if err == nil || came == nil {
		return err
	}
	if _, back := r.p.Engine.Undo(r.ctx(), r.actor, row.Booking, booking.AttendRequest{Reason: r.reasonText("undo.2"), Version: version}); back != nil {
		return fault.BadField("left", "paper_half", "")
	}
	return err
}
