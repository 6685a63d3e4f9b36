package booking

import (
	"time"

	"gongbang/account"
)

// View is a booking with what is shown beside it.
type View struct {
	*Booking
	Equipment *Equipment
	Center    *Center
	Zone      *time.Location
	Person    PersonView
	Can       []Verb // what this actor may do now, from the transition table
	// CancelCost is how many points the person gets for a cancel or move now.
	CancelCost int
}

// PersonView is how a person is named. Masked tells that the values are.
type PersonView struct {
	ID     string
	Name   string
	Phone  string
	Masked bool
}

// Page is a piece of a list; Next is "" at its end.
type Page struct {
	Items []View
	Next  string
}

// may tells whether the actor stands behind a verb for this booking, by the table's roles alone.
func (t Transition) may(actor account.Actor, b *Booking) bool {
	switch {
	case actor.Job != "":
		return t.By&ByEngine != 0
	case t.By&ByStaff != 0 && actor.May(account.DeskWork, b.CenterID):
		return true
	}
	return t.By&ByOwner != 0 && actor.ID == b.AccountID
}
