package survey

import (
	"slices"
	"time"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

const (
	// caseDays is within how many working days somebody is answered.
	caseDays = 3
	// caseHour is the hour of the last of them at which the case is due.
	caseHour = 10
	// replyMax is how many characters a reply or a public note may have.
	replyMax = 1000
)

// CaseState is how far a wish for a reply has come.
type CaseState string

const (
	CaseReceived     CaseState = "received"
	CaseAcknowledged CaseState = "acknowledged"
	CaseActed        CaseState = "acted"
	CaseAnswered     CaseState = "answered"
)

// CaseStates lists them in their order.
var CaseStates = []CaseState{CaseReceived, CaseAcknowledged, CaseActed, CaseAnswered}

// caseMoves is the one table of what may follow what. Nothing goes back, and
// only an answer ends a case.
var caseMoves = map[CaseState][]CaseState{
	CaseReceived:     {CaseAcknowledged, CaseActed, CaseAnswered},
	CaseAcknowledged: {CaseActed, CaseAnswered},
	CaseActed:        {CaseAnswered},
}

// Case is a person's wish for a reply, with the comment that the response
// then doesn't have, and without any score.
type Case struct {
	ID, Account, Center, Equipment, Month string
	Day                                   string // on which it came
	Comment                               string
	State                                 CaseState
	Assignee                              string // account; "" nobody yet
	DueAt                                 time.Time
	Reply                                 string
	ClosedAt                              time.Time // zero: not answered
	ClosedBy                              string    // account
	Version                               int
}

// Moves lists what the case may become.
func (c *Case) Moves() []CaseState { return caseMoves[c.State] }

// become goes on to the state; the same one again is no change.
func (c *Case) become(to CaseState) error {
	switch {
	case to == c.State:
		return nil
	case !slices.Contains(CaseStates, to):
		return fault.BadField("state", "one_of", "received acknowledged acted answered")
	case !slices.Contains(c.Moves(), to):
		return fault.ErrState
	}
	c.State = to
	return nil
}

// caseDue is when a case that came that day is due: at ten on the third
// working day after it, by weekdays and the public holidays.
func caseDue(day string, cat Catalog) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, cat.Zone())
	if err != nil {
		return time.Time{}
	}
	for left := caseDays; left > 0; {
		t = t.AddDate(0, 0, 1)
		if weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday; !weekend && !cat.Holiday(t.Format(time.DateOnly)) {
			left--
		}
	}
	return t.Add(caseHour * time.Hour)
}

// CaseView is a case with what is shown beside it.
type CaseView struct {
	Case
	CenterName, Machine lang.Text
	Worker              string // the assignee's name; "" nobody yet
	Overdue             bool
	Due                 time.Time // in the catalog's zone
	Person              *Person   // only where one case is opened, which is logged
}

// view names what the case is about.
func (c Case) view(cat Catalog, now time.Time) CaseView {
	v := CaseView{Case: c, Due: c.DueAt.In(cat.Zone()), Overdue: c.State != CaseAnswered && !now.Before(c.DueAt)}
	v.CenterName, _ = cat.Center(c.Center)
	if m, ok := cat.Equipment(c.Equipment); ok {
		v.Machine = m.Name
	}
	return v
}
