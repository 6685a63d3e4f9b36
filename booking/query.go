package booking

import "time"

// ListQuery selects bookings, ordered by start and id. Empty fields do not select.
type ListQuery struct {
	Account   string
	Colleague string // of all confirmed members of the firm that this account is a confirmed member of
	Centers   []string
	Equipment []string
	Statuses  []Status
	Occupies  bool // only what keeps a unit from others
	IDs       []string
	JobOf     string
	Code      string    // exact, without hyphen
	From, To  time.Time // start in [From, To)
	Ends      Interval  // end in [Start, End)
	AnswerBy  time.Time // pending ones whose answer was due before this
	SurveyBy  time.Time // those whose SurveyAt is not after this
	RemindBy  time.Time // confirmed ones whose RemindAt is not after this
	Tidy      time.Time // occupying ones that are finished and clean by then
	After     Cursor    // continue behind this row
	Attended  bool      // somebody else comes, and their phone is known
	Backward  bool      // newest first
	Limit     int       // always set, 1…1000
}

// Cursor is the last row of a page.
type Cursor struct {
	Start time.Time
	ID    string
}

// OutageKind is why a machine stands.
type OutageKind string

const (
	Fault       OutageKind = "fault"
	Maintenance OutageKind = "maintenance"
)

// Outage is a time in which a unit, or all units (Unit 0), can't be used.
type Outage struct {
	ID            string
	EquipmentID   string
	CenterID      string
	Unit          int
	From          time.Time
	To            *time.Time // nil: until somebody ends it
	ExpectedUntil *time.Time
	Kind          OutageKind
	Reason        string
	Version       int
	Series        string // id of the first outage of recurring maintenance; "" is a single one
	CreatedAt     time.Time
	ClosedAt      *time.Time
}

// FarFuture stands for "open end" where an instant is needed.
var FarFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// OutageQuery selects outages, by start.
type OutageQuery struct {
	ID        string
	Series    string
	Equipment []string
	Centers   []string
	Overlaps  Interval
	Overdue   time.Time // those without an end that should have been over by then
	Limit     int
}
