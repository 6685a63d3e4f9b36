package scheduler

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/survey"
)

// Bookings reads what messages say, as it is now. fault.ErrNotFound: gone.
type Bookings interface {
	Message(ctx context.Context, bookingID string) (BookingView, error)
	// Use is a finished booking as the survey takes it; false when it is none
	// to ask about (attendance unknown, undone since).
	Use(ctx context.Context, bookingID string) (survey.Use, bool, error)
	// Unused is a booking that came to nothing as the survey takes it; false
	// when it did not, or nobody has to be asked why.
	Unused(ctx context.Context, bookingID string) (survey.Use, bool, error)
	// Place names a center and a machine of it; either id may be "" or unknown.
	Place(ctx context.Context, centerID, equipmentID string) (Place, error)
	// Strike is points about which staff decided something.
	Strike(ctx context.Context, id string) (StrikeView, error)
	// Waiting tells how many questions wait for an answer of the center.
	Waiting(ctx context.Context, centerID string) (WaitingView, error)
	// Inquiry is a question that was answered.
	Inquiry(ctx context.Context, id string) (InquiryView, error)
	// Sender is what the service calls itself, and the zone it lives in.
	Sender(ctx context.Context) (brand lang.Text, zone *time.Location, err error)
}

// Place is what a message calls where something is.
type Place struct {
	Center, Equipment lang.Text
	Phone             string // of the center, as people read it
}

// BookingView is a booking as messages show it, read when one is sent.
type BookingView struct {
	ID           string
	Code         string // with its hyphen
	Status       booking.Status
	AccountID    string
	CenterID     string
	Place        Place
	Address      string // of the center
	Unit         int
	Start, End   time.Time
	CancelUntil  time.Time
	AnswerBy     time.Time // pending only
	Cause        string    // person, staff, center, unanswered
	Reason       string
	Late         bool   // cancelled after the limit
	CancelCost   int    // points for a cancel now
	Points       int    // that its no-show or late cancel cost
	Job          string // what was left; "" without a job
	JobState     booking.JobState
	PromisedAt   time.Time
	Link         string // for the person
	DeskLink     string // for staff
	CancelLink   string // for the person
	PointsLink   string // where the person sees their points
	Alternatives []notify.Alternative
}

// StrikeView is points and what staff made of them.
type StrikeView struct {
	AccountID string
	Points    int
	Waived    bool   // else they stand
	Reason    string // that staff gave
}

// WaitingView is what a center's staff are told about questions.
type WaitingView struct {
	Count int
	Place Place
	Email string // of the center itself; "" where its staff are told each
	Link  string // the desk's list
}

// InquiryView is the answer to a question as its message shows it.
type InquiryView struct {
	AccountID string
	Place     Place
	Answer    string
	Link      string // for the person
}

// People reads whom messages go to. fault.ErrNotFound: nobody (left, destroyed).
type People interface {
	Contacts(ctx context.Context, accountID string) (account.Contacts, error)
	// StaffOf lists the accounts that work at a center.
	StaffOf(ctx context.Context, centerID string) ([]string, error)
	// ManagersOf lists the accounts that manage a center.
	ManagersOf(ctx context.Context, centerID string) ([]string, error)
}

// Surveys is what the delivery asks of the survey; survey.Service is one.
// Whatever is told may come twice.
type Surveys interface {
	Completed(ctx context.Context, u survey.Use) error
	NotUsed(ctx context.Context, u survey.Use) error
	Trained(ctx context.Context, u survey.Use) error
	Invitation(ctx context.Context, id string) (survey.Message, error)
	Delivered(ctx context.Context, id string) error
	// CaseMessage is a wish for a reply. fault.ErrNotFound: forgotten.
	CaseMessage(ctx context.Context, id string) (survey.CaseMessage, error)
}

// Months sums up a month for whoever manages centers.
type Months interface {
	// Managers lists who manages a center or all of them, each once.
	Managers(ctx context.Context) ([]string, error)
	// Month is what the actor may see of a month, "2006-01".
	Month(ctx context.Context, actor account.Actor, month string) (MonthView, error)
}

// MonthView is a month of the centers that somebody manages.
type MonthView struct {
	Center string // the only one; "" when there are several
	Name   lang.Text
	Sum    notify.MonthSum
}

// Tickets reads what somebody reported about a fault or a danger. fault.ErrNotFound: destroyed.
type Tickets interface {
	Ticket(ctx context.Context, id string) (survey.Ticket, error)
}

// Codes recomputes a sign-in code when it is sent: the outbox holds its id
// alone. account.Service is one. fault.ErrNotFound: used, replaced or over.
type Codes interface {
	CodeMessage(ctx context.Context, codeID string) (account.CodeMessage, error)
}

// Links makes the addresses that are in messages alone.
type Links interface {
	// Survey is PUBLIC_URL/s/TOKEN, and the address that takes a no by one POST.
	Survey(token string) (link, optOut string)
	// Ticket is where staff of the center deal with a report.
	Ticket(center, id string) string
	// Case is where staff work on a wish for a reply, OwnCases where the person sees theirs.
	Case(id string) string
	OwnCases() string
	// Results is where managers see a month of a center, MonthlyMail where they stop the mail about it.
	Results(center, month string) string
	MonthlyMail() string
}

// Post lets messages leave; notify.Router is one.
type Post interface {
	CanSend() bool
	Has(c notify.Channel) bool
	Route(a notify.Address) (c notify.Channel, to string, ok bool)
	Send(ctx context.Context, m notify.Message, key string) error
}
