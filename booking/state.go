package booking

import (
	"gongbang/account"
	"gongbang/internal/fault"
)

// Status of a booking. The hold before it is a lock, not a status.
type Status string

const (
	Pending   Status = "pending"
	Offered   Status = "offered" // from the waitlist
	Confirmed Status = "confirmed"
	CheckedIn Status = "checked_in"
	Completed Status = "completed"
	Cancelled Status = "cancelled"
	Rejected  Status = "rejected"
	NoShow    Status = "no_show"
)

// Occupies tells whether a booking in this status keeps its unit from others.
func (s Status) Occupies() bool {
	return s == Pending || s == Offered || s == Confirmed || s == CheckedIn
}

// Verb is what is done to a booking.
type Verb string

const (
	VerbMove     Verb = "move"
	VerbCancel   Verb = "cancel"
	VerbRestore  Verb = "restore"
	VerbApprove  Verb = "approve"
	VerbReject   Verb = "reject"
	VerbArrived  Verb = "arrived"
	VerbCheckIn  Verb = "check_in"
	VerbFinish   Verb = "finish"
	VerbNoShow   Verb = "no_show"
	VerbLate     Verb = "late"
	VerbStart    Verb = "start_late"
	VerbExtend   Verb = "extend"
	VerbUndo     Verb = "undo"
	VerbJob      Verb = "job"
	VerbContinue Verb = "continue"
	VerbClose    Verb = "close" // by the center: outage, closure, retirement
	VerbUnknown  Verb = "attendance_unknown"
	VerbHandOver Verb = "hand_over" // to another member of the firm
)

// Who may use a verb.
type Who uint8

const (
	ByOwner  Who = 1 << iota // the person, or the firm's member who booked
	ByStaff                  // staff of the center
	ByEngine                 // a job
)

// Transition is one row of the table: from a status by a verb to a status.
type Transition struct {
	From Status
	Verb Verb
	To   Status
	By   Who
}

// Transitions is the one table. What buttons show, what the API refuses and
// what a job may do are read from it.
var Transitions = []Transition{
	{Pending, VerbApprove, Confirmed, ByStaff},
	{Pending, VerbReject, Rejected, ByStaff | ByEngine},
	{Pending, VerbCancel, Cancelled, ByOwner | ByStaff},
	{Pending, VerbMove, Pending, ByOwner | ByStaff},
	{Pending, VerbClose, Cancelled, ByStaff | ByEngine},
	{Offered, VerbCancel, Cancelled, ByOwner | ByEngine},
	{Offered, VerbClose, Cancelled, ByStaff | ByEngine},
	{Confirmed, VerbMove, Confirmed, ByOwner | ByStaff},
	{Confirmed, VerbMove, Pending, ByOwner}, // the new time asks for approval
	{Pending, VerbMove, Confirmed, ByOwner | ByStaff},
	{Confirmed, VerbCancel, Cancelled, ByOwner | ByStaff},
	{Confirmed, VerbArrived, Confirmed, ByStaff},
	{Confirmed, VerbLate, Confirmed, ByOwner | ByStaff},
	{Confirmed, VerbCheckIn, CheckedIn, ByStaff},
	{Confirmed, VerbNoShow, NoShow, ByStaff | ByEngine},
	{Confirmed, VerbUnknown, Completed, ByEngine},
	{Confirmed, VerbJob, CheckedIn, ByStaff},
	{Confirmed, VerbClose, Cancelled, ByStaff | ByEngine},
	{CheckedIn, VerbFinish, Completed, ByStaff | ByEngine},
	{CheckedIn, VerbExtend, CheckedIn, ByStaff},
	{CheckedIn, VerbJob, CheckedIn, ByStaff},
	{CheckedIn, VerbJob, Completed, ByStaff}, // collected
	{CheckedIn, VerbContinue, CheckedIn, ByStaff},
	{CheckedIn, VerbUndo, Confirmed, ByStaff},
	{CheckedIn, VerbClose, Completed, ByStaff | ByEngine},
	{CheckedIn, VerbClose, CheckedIn, ByStaff | ByEngine}, // it runs until the time is taken
	{Completed, VerbUndo, CheckedIn, ByStaff},
	{Completed, VerbJob, Completed, ByStaff},
	{Completed, VerbContinue, Completed, ByStaff},
	{NoShow, VerbStart, CheckedIn, ByStaff},
	{NoShow, VerbCheckIn, CheckedIn, ByStaff},
	{NoShow, VerbUndo, Confirmed, ByStaff},
	{Confirmed, VerbHandOver, Confirmed, ByOwner | ByStaff},
	{Confirmed, VerbHandOver, Pending, ByOwner}, // staff must look first at who comes now
	{Pending, VerbHandOver, Pending, ByOwner | ByStaff},
	{Pending, VerbHandOver, Confirmed, ByOwner | ByStaff},
	{Cancelled, VerbRestore, Confirmed, ByOwner | ByStaff},
	{Cancelled, VerbRestore, Pending, ByOwner | ByStaff},
}

// allowed tells whether some row of the table starts at b's status with the
// verb and is open to the actor.
func allowed(actor account.Actor, b *Booking, verb Verb) bool {
	for _, t := range Transitions {
		if t.From == b.Status && t.Verb == verb && t.may(actor, b) {
			return true
		}
	}
	return false
}

// known tells whether any status knows the verb for this actor: what is
// refused then is the state, not the person.
func known(actor account.Actor, b *Booking, verb Verb) bool {
	for _, t := range Transitions {
		if t.Verb == verb && t.may(actor, b) {
			return true
		}
	}
	return false
}

// step moves b along the table and returns the status it had. It is the only
// place that assigns a status to a booking that exists.
func (b *Booking) step(verb Verb, to Status) (was Status, err error) {
	for _, t := range Transitions {
		if t.From == b.Status && t.Verb == verb && t.To == to {
			was, b.Status = b.Status, to
			b.Occupies = to.Occupies()
			return was, nil
		}
	}
	return b.Status, fault.ErrState.With("status", string(b.Status))
}
