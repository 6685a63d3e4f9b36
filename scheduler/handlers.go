package scheduler

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/notify"
	"gongbang/survey"
)

type event = account.Event

// The kinds of events that are no messages themselves.
const (
	// BookingCompleted makes the visit of the survey; subject: the booking.
	BookingCompleted = "booking.completed"
	// surveyDelivered follows an invitation that was accepted by the next
	// server; an event of its own, so that noting it never sends twice.
	surveyDelivered = "survey.delivered"
)

// toKey in the data of an event names the one account that a message to
// several people was split for.
const toKey = "to"

// What booking events say beside their subject: the time before a change
// (RFC 3339), and what became of a booking that an outage hit.
const (
	beforeStart = "starts_at"
	beforeEnd   = "ends_at"
	became      = "became" // moved (another unit), cancelled, ended
)

var errNoChannel = errors.New("no contact that anything can be sent to")

type handler func(*Delivery, context.Context, Event) (result, error)

// handlers is the table of what an event does, by its kind.
var handlers = map[string]handler{
	notify.AccountCode:      (*Delivery).code,
	notify.BookingRequested: (*Delivery).aboutBooking,
	notify.BookingConfirmed: (*Delivery).aboutBooking,
	notify.BookingRejected:  (*Delivery).cameToNothing,
	notify.BookingMoved:     (*Delivery).aboutBooking,
	notify.BookingCancelled: (*Delivery).cameToNothing,
	notify.BookingNoShow:    (*Delivery).cameToNothing,
	notify.BookingReminder:  (*Delivery).reminder,
	notify.AccountSuspended: (*Delivery).suspended,
	notify.BookingGiven:     (*Delivery).handedOver,
	notify.JobReceived:      (*Delivery).aboutBooking,
	notify.JobReady:         (*Delivery).aboutBooking,
	notify.JobDelayed:       (*Delivery).aboutBooking,
	notify.OutageAffected:   (*Delivery).cameToNothing,
	notify.ApprovalWaiting:  (*Delivery).approval,
	notify.SurveyInvitation: (*Delivery).invitation,
	notify.SurveyReminder:   (*Delivery).invitation,
	notify.SurveySafety:     (*Delivery).safety,
	notify.CaseReply:        (*Delivery).reply,
	notify.CaseDue:          (*Delivery).caseDue,
	notify.StrikeAnswered:   (*Delivery).strikeAnswered,
	notify.InquiryWaiting:   (*Delivery).questions,
	notify.SurveyLow:        (*Delivery).low,
	notify.ManagerMonthly:   (*Delivery).monthly,
	BookingCompleted:        (*Delivery).completed,
	account.Trained:         (*Delivery).trained,
	surveyDelivered:         (*Delivery).delivered,
}

// stillRight tells for each kind whether a booking as it is now still
// deserves the message.
var stillRight = map[string]func(b BookingView, e Event, now time.Time) bool{
	notify.BookingRequested: func(b BookingView, _ Event, now time.Time) bool {
		return b.Status == booking.Pending && b.End.After(now)
	},
	notify.ApprovalWaiting: func(b BookingView, _ Event, now time.Time) bool {
		return b.Status == booking.Pending && b.End.After(now)
	},
	notify.BookingConfirmed: func(b BookingView, _ Event, now time.Time) bool {
		return (b.Status == booking.Confirmed || b.Status == booking.CheckedIn) && b.End.After(now)
	},
	notify.BookingMoved: func(b BookingView, _ Event, now time.Time) bool {
		return b.Status.Occupies() && b.End.After(now)
	},
	notify.BookingGiven: func(b BookingView, e Event, now time.Time) bool {
		return b.Status.Occupies() && b.End.After(now) && (e.Data[became] == "received") == (e.Data[toKey] == b.AccountID)
	},
	notify.BookingRejected:  in(booking.Rejected),
	notify.BookingCancelled: in(booking.Cancelled),
	notify.BookingNoShow:    in(booking.NoShow),
	notify.JobReceived: func(b BookingView, _ Event, _ time.Time) bool {
		return b.JobState == booking.JobReceived || b.JobState == booking.JobWorking
	},
	notify.JobReady: func(b BookingView, _ Event, _ time.Time) bool { return b.JobState == booking.JobReady },
	notify.JobDelayed: func(b BookingView, _ Event, _ time.Time) bool {
		return b.JobState != booking.JobReady && b.JobState != booking.JobCollected
	},
	notify.OutageAffected: func(b BookingView, e Event, _ time.Time) bool {
		return e.Data[became] != "moved" || b.Status.Occupies()
	},
}

func in(want booking.Status) func(BookingView, Event, time.Time) bool {
	return func(b BookingView, _ Event, _ time.Time) bool { return b.Status == want }
}

func instant(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, s)
	return t, err == nil
}

// act does what an event asks for. A panic in it is the event's failure alone.
func (d *Delivery) act(ctx context.Context, e Event) (r result, err error) {
	defer func() {
		if p := recover(); p != nil {
			d.d.Log.Error("panic in the delivery", "event", e.ID, "kind", e.Kind, "stack", string(debug.Stack()))
			r, err = result{}, fmt.Errorf("panic while handling %s", e.Kind)
		}
	}()
	h := handlers[e.Kind]
	if h == nil {
		return result{}, fmt.Errorf("no handler for %s", e.Kind)
	}
	r, err = h(d, ctx, e)
	if errors.Is(err, fault.ErrNotFound) {
		return result{dropped: "gone"}, nil
	}
	return r, err
}

// completed hands a finished use to the survey.
func (d *Delivery) completed(ctx context.Context, e Event) (result, error) {
	use, ok, err := d.d.Bookings.Use(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	if !ok {
		return result{dropped: "no use to ask about"}, nil
	}
	return result{}, d.d.Surveys.Completed(ctx, use)
}

// cameToNothing hands a booking that came to nothing to the survey, and tells
// the person. What is told again has no effect, so a message that has to wait
// asks nothing twice.
func (d *Delivery) cameToNothing(ctx context.Context, e Event) (result, error) {
	use, ok, err := d.d.Bookings.Unused(ctx, e.Subject)
	if err == nil && ok {
		err = d.d.Surveys.NotUsed(ctx, use)
	}
	if err != nil {
		return result{}, err
	}
	return d.aboutBooking(ctx, e)
}

// trained hands a finished course to the survey.
func (d *Delivery) trained(ctx context.Context, e Event) (result, error) {
	return result{}, d.d.Surveys.Trained(ctx, survey.Use{BookingID: e.Subject, AccountID: e.Data["account"], CenterID: e.Data["center"],
		Start: e.Created, End: e.Created})
}

func (d *Delivery) delivered(ctx context.Context, e Event) (result, error) {
	return result{}, d.d.Surveys.Delivered(ctx, e.Subject)
}

// toEach turns an event into one for each person, so that a failure of one
// does not write to the others again.
func toEach(e Event, people []string) result {
	if len(people) == 0 {
		return result{dropped: "nobody works there"}
	}
	var r result
	for _, id := range people {
		data := map[string]string{toKey: id}
		for k, v := range e.Data {
			data[k] = v
		}
		r.into = append(r.into, event{Kind: e.Kind, Key: e.Key + ":" + id, Subject: e.Subject, Data: data})
	}
	return r
}
