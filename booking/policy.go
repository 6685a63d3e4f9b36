package booking

import (
	"time"
)

// Policy holds the values of every rule for one machine after inheritance.
// The same values refuse a booking and make the sentences people read.
// All lengths are minutes. testdata/catalog.schema.json says what each key may hold.
type Policy struct {
	SlotMinutes      int
	StartStepMinutes int
	MinMinutes       int
	MaxMinutes       int
	BufferMinutes    int
	Opens            When // when a time becomes bookable
	Closes           When // when it stops being so
	CancelUntil      When // afterwards a cancel or move is late
	LateCancel       LateCancel
	Limits           []Limit
	Certificate      *CertificateRule
	Approval         *Approval
	CheckIn          CheckIn
	Hold             HoldRule
	Capacity         int
	NoShow           *NoShowRule // nil: nothing costs points, and nobody is suspended here
	MinAge           int         // years; 0: none
	Reminders        []int       // hours before the start
	Lanes            []Lane
	Lottery          *Lottery // nil: first come, first served
}

// When is a moment before a start: so many months, days, hours or minutes.
// With Unit months or days, At is the wall clock minute of that day (1440 is its end).
type When struct {
	Unit Unit
	N    int
	At   int
}

// Unit of a When.
type Unit string

const (
	Months  Unit = "months"
	Days    Unit = "days"
	Hours   Unit = "hours"
	Minutes Unit = "minutes"
)

// Before is the moment this far before start, in the zone's wall clock for months and days.
func (w When) Before(start time.Time, zone *time.Location) time.Time {
	day := DateOf(start, zone)
	switch w.Unit {
	case Months:
		return day.AddMonths(-w.N).At(w.At, zone)
	case Days:
		return day.Add(-w.N).At(w.At, zone)
	case Hours:
		return start.Add(-time.Duration(w.N) * time.Hour)
	}
	return start.Add(-time.Duration(w.N) * time.Minute)
}

// LateCancel tells whether a cancel after the limit is taken.
type LateCancel string

const (
	LateAllowed LateCancel = "allowed"
	LateRefused LateCancel = "refused"
)

// Limit bounds what one person may have.
type Limit struct {
	Count string // minutes, bookings, upcoming, concurrent, consecutive_days
	Max   int
	Per   string // visit, day, week, month; "" for upcoming, concurrent, consecutive_days
	By    string // person, firm
	Over  string // equipment, category, center, city
	// Allocation "lottery" counts, and limits, only what was drawn.
	Allocation string
}

// CertificateRule is the right a machine asks for, judged at the time of use.
type CertificateRule struct {
	Key      string
	AskStaff bool // missing: pending instead of refused
}

// Approval by staff before a booking is confirmed.
type Approval struct{ AnswerWithinHours int }

// CheckIn says when somebody may check in and when a no-show is judged.
type CheckIn struct {
	OpensMinutesBefore int
	GraceMinutes       *int // nil: never judged
	Auto               AutoNoShow
}

// AutoNoShow tells when the job may judge a no-show by itself.
type AutoNoShow string

const (
	WhenDeskSeen AutoNoShow = "when_desk_seen"
	Always       AutoNoShow = "always"
	Never        AutoNoShow = "never"
)

// HoldRule bounds a hold; the one active hold per person is fixed.
type HoldRule struct{ Minutes, ExtendMinutes, Extensions int }
