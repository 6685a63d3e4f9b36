package survey

import "time"

// episode is the longest gap inside one visit.
const episode = 30 * time.Minute

// Use is one finished booking, as the event tells it, or what else people are
// asked about: a booking that came to nothing, a course.
type Use struct {
	BookingID   string // or the id of the certificate
	AccountID   string // who is asked; "" when nobody is known
	CenterID    string
	EquipmentID string
	Category    string
	Unit        int
	Start, End  time.Time // actual end: check-out, else the scheduled one
	Mode        string    // "self", "operator"
	Origin      string    // "online", "desk", "walk_in", …
	DeskContact bool      // the contact was typed at the desk
	Test        bool      // a rehearsal: never asked
	BirthYear   int       // of who came, where that is known
	Traits      Traits
}

// Visit is one or several uses of one machine by one person that follow each
// other on one day: asked about once.
type Visit struct {
	ID, Account, Center, Equipment, Category string
	Day                                      string
	Start, End                               time.Time
	Closed                                   bool // an invitation left: what follows is another visit
}

// joins tells whether the use continues the visit, in whatever order events came.
func (v *Visit) joins(u Use) bool {
	return v != nil && !v.Closed && u.Start.Sub(v.End) <= episode && v.Start.Sub(u.End) <= episode
}

// grow widens the visit by the use.
func (v *Visit) grow(u Use) {
	if u.Start.Before(v.Start) {
		v.Start = u.Start
	}
	if u.End.After(v.End) {
		v.End = u.End
	}
}
