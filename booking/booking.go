package booking

import "time"

// Booking is a recorded reservation of one unit. Times are UTC, whole milliseconds.
type Booking struct {
	ID          string
	Code        string // 8 characters for people, without hyphen; a label, never a credential
	Status      Status
	Version     int
	EquipmentID string
	CenterID    string
	Unit        int // 1…quantity
	Start, End  time.Time
	// BusyUntil is the end of what it occupies: End plus the buffer of the
	// day it was written; after an early finish the actual end plus that buffer.
	BusyUntil time.Time
	// Occupies is stored, not derived: the unit is kept from others in
	// [Start, BusyUntil). A finished use still occupies while it is cleaned.
	Occupies bool
	// Counted tells whether limits count it: not what the center ended, nor a continued job.
	Counted   bool
	AccountID string
	MadeBy    string // Actor.Name() of who made it
	Origin    Origin
	CreatedAt time.Time

	CheckedInAt *time.Time
	EndedAt     *time.Time // when the use, or the claim on the time, ended
	AnswerBy    *time.Time // pending: unanswered then, rejected
	SurveyAt    *time.Time // staff-run: when the use counts as over for the survey
	RemindAt    *time.Time // when the next reminder is looked at

	Details Details
}

// Origin tells which door a booking came through.
type Origin string

const (
	Online    Origin = "online"
	AtDesk    Origin = "desk"
	WalkIn    Origin = "walk_in"
	Continued Origin = "continue"
)

// Details is what no query asks for; one JSON value in the database.
type Details struct {
	Terms         Terms      `json:"terms"`
	Purpose       string     `json:"purpose,omitempty"`
	People        int        `json:"people"`
	Attendee      *Attendee  `json:"attendee,omitempty"`
	Job           *Job       `json:"job,omitempty"`
	JobOf         string     `json:"job_of,omitempty"`      // the booking whose job this one continues
	JobWentOn     bool       `json:"job_went_on,omitempty"` // in a later booking, which the survey asks about
	NeedsStaff    []string   `json:"needs_staff,omitempty"`
	Declared      bool       `json:"declared,omitempty"`
	OfAge         bool       `json:"of_age,omitempty"`  // said to be old enough
	Consent       string     `json:"consent,omitempty"` // phone, paper, counter: contact typed at the desk
	Override      string     `json:"override,omitempty"`
	Cause         string     `json:"cause,omitempty"` // person, staff, center, unanswered
	Late          bool       `json:"late,omitempty"`  // cancelled after the limit
	Reason        string     `json:"reason,omitempty"`
	Attendance    string     `json:"attendance,omitempty"` // attended, no_show, unknown
	ArrivedAt     *time.Time `json:"arrived_at,omitempty"`
	LateMinutes   int        `json:"late_minutes,omitempty"`
	OverrunMin    int        `json:"overrun_minutes,omitempty"`
	ConfirmedAt   *time.Time `json:"confirmed_at,omitempty"`
	CancelledFrom Status     `json:"cancelled_from,omitempty"`
	CancelledAt   *time.Time `json:"cancelled_at,omitempty"`
}

// Terms are the values promised when the booking was made; later rule changes do not reach back.
type Terms struct {
	CancelUntil   time.Time  `json:"cancel_until"`
	Prolonged     bool       `json:"prolonged,omitempty"` // CancelUntil, because the service was down before it
	LateCancel    LateCancel `json:"late_cancel"`
	CheckInFrom   time.Time  `json:"check_in_from"`
	CheckInUntil  *time.Time `json:"check_in_until,omitempty"` // end of grace; nil: no no-show
	AutoNoShow    AutoNoShow `json:"auto_no_show"`
	BufferMinutes int        `json:"buffer_minutes"`
	Mode          Mode       `json:"mode"`
	// NoShow is what a no-show or late cancel costs; nil: nothing.
	NoShow    *NoShowRule `json:"no_show,omitempty"`
	Reminders []int       `json:"reminders,omitempty"` // hours before the start
}

// Attendee is who comes, when that is not the account that booked.
type Attendee struct {
	Name      string `json:"name"`
	Phone     string `json:"phone,omitempty"`
	Relation  string `json:"relation,omitempty"`
	BirthYear int    `json:"birth_year,omitempty"`
}

// JobState is a state of what staff do on a staff-run machine.
type JobState string

const (
	JobWaiting   JobState = "waiting"
	JobReceived  JobState = "received"
	JobWorking   JobState = "working"
	JobReady     JobState = "ready"
	JobCollected JobState = "collected"
)

// Job is what a person leaves for staff to do; it may span several bookings.
type Job struct {
	What       string     `json:"what"`
	Quantity   int        `json:"quantity,omitempty"`
	DueDate    Date       `json:"due_date,omitempty"`
	Note       string     `json:"note,omitempty"`
	State      JobState   `json:"state"`
	StaffNote  string     `json:"staff_note,omitempty"`
	PromisedAt *time.Time `json:"promised_at,omitempty"`
	ReadyAt    *time.Time `json:"ready_at,omitempty"`
}

// Occupied is what the booking keeps from others while its status occupies.
func (b *Booking) Occupied() Interval { return Interval{b.Start, b.BusyUntil} }

// Interval is the time of use, without the buffer.
func (b *Booking) Interval() Interval { return Interval{b.Start, b.End} }
