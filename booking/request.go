package booking

import "time"

// HoldRequest asks to keep a time for some minutes.
type HoldRequest struct {
	EquipmentID string
	Start, End  time.Time
	Unit        int    // 0: any
	For         string // staff: the account it is for; "" is oneself
}

// Hold is a time that is kept; its id is signed and says what it claims.
type Hold struct {
	ID             string
	EquipmentID    string
	Unit           int
	Start, End     time.Time
	ExpiresAt      time.Time
	ExtensionsLeft int
	Replaced       *Held // the person's older hold, which ended with this one
}

// BookRequest asks for a booking, by a hold or directly.
type BookRequest struct {
	HoldID      string
	EquipmentID string
	Start, End  time.Time
	Unit        int // 0: any
	Purpose     string
	People      int // 0: one
	Attendee    *Attendee
	Job         *JobRequest
	Declares    bool // "네, 해당합니다"
	OfAge       bool // the person who comes is as old as the machine asks for
	For         *ForWhom
	Override    string // staff: why a rule is waived
	Key         *Key
}

// JobRequest is what a person leaves for staff to do.
type JobRequest struct {
	What     string
	Quantity int
	DueDate  Date
	Note     string
}

// ForWhom is whom staff book for: a known account, or a name and maybe a phone.
type ForWhom struct {
	AccountID string
	Name      string
	Phone     string
	Consent   string // phone, paper, counter
}

// MoveRequest asks for another time; the old one stays until the new one is won.
type MoveRequest struct {
	Version     int // required
	EquipmentID string
	Start, End  time.Time
	Unit        int
}

// ApproveRequest confirms a pending booking, maybe with changes (zero: unchanged).
type ApproveRequest struct {
	Start, End *time.Time
	Unit       int
	Version    int // 0: not checked; in every request below too
}

// AttendRequest is one desk action; At (same day, not in the future) tells when
// it really happened, nil is now.
type AttendRequest struct {
	At      *time.Time
	Code    string // check-in: the person's code, must match when given
	Unit    int    // check-in: another unit
	Reason  string // undo, cancel, reject
	Minutes int    // late
	End     time.Time
	Version int
}

// JobChange moves a job to a state.
type JobChange struct {
	State      JobState
	Note       string
	PromisedAt *time.Time
	Version    int
}

// WalkInRequest seats somebody who just came.
type WalkInRequest struct {
	CenterID    string
	EquipmentID string
	Minutes     int
	Name        string
	Phone       string
	Unit        int
	At          *time.Time
	Consent     string
	Override    string
	Key         *Key
}

// OutageRequest reports a unit (or, with Unit 0, all units) as not usable.
type OutageRequest struct {
	EquipmentID   string
	From          time.Time
	To            *time.Time
	ExpectedUntil *time.Time
	Unit          int
	Reason        string
	Kind          OutageKind
	Repeat        *Repeat // nil: once
	Key           *Key
}

// OutagePatch changes an outage; nil leaves a value. Version 0 is not checked.
type OutagePatch struct {
	To, ExpectedUntil *time.Time
	Reason            *string
	Version           int
}

// Affected is one booking that an outage, a closure or a change of the offer
// hit, and what became of it.
type Affected struct {
	View
	Became string // "moved" (another unit), "cancelled", "ended", "shortened", "kept"
	Why    string // the rule it breaks: "closed", "retired", "too_long"…; "" for an outage
}

// List asks for bookings. Scope is mine or center.
type List struct {
	Scope    string
	Center   string
	Statuses []Status
	From, To Date   // start date, both inclusive; "" is open
	Q        string // code, last four digits or name; center scope only
	Cursor   string
	Limit    int
}
