package booking

import "time"

// StrikeKind is what a strike is for.
type StrikeKind string

const (
	StruckNoShow     StrikeKind = "no_show"
	StruckLateCancel StrikeKind = "late_cancel"
	StruckLateMove   StrikeKind = "late_move" // costs what a late cancel costs
)

// Strike is points somebody got for one booking; a booking has at most one of
// each kind. Its row stays: what takes it back or waives it is written beside.
type Strike struct {
	ID          string // the booking and the kind
	BookingID   string
	Kind        StrikeKind
	AccountID   string
	CenterID    string
	EquipmentID string
	At          time.Time
	Points      int
	Minutes     int        // that were booked
	Rule        NoShowRule // the one the booking was made under

	TakenBackAt *time.Time // came late after all, undone, restored
	WaivedAt    *time.Time
	WaivedBy    string // account id of staff
	WaiveReason string
	ReviewAt    *time.Time // the person asked to look again
	ReviewText  string
	KeptAt      *time.Time // staff looked and let it stand
	KeptBy      string
	KeepReason  string

	// Firm is the firm through which a colleague's strike was found; "" is one's own.
	Firm string
}

// strikeID is the same whenever the same booking is struck for the same.
func strikeID(booking string, k StrikeKind) string { return booking + "-" + string(k) }

// open tells whether the person waits for an answer to a review.
func (s *Strike) open() bool {
	return s.ReviewAt != nil && s.KeptAt == nil && s.WaivedAt == nil && s.TakenBackAt == nil
}

// StrikeQuery selects strikes that were not taken back, oldest first; empty
// fields do not select.
type StrikeQuery struct {
	ID         string
	Account    string
	Colleagues bool     // those of confirmed members of the account's confirmed firms too
	Counting   bool     // not waived
	Reviews    []string // of these centers, those whose review waits for an answer
	Limit      int      // always set, 1…1000
}
