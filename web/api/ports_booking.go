package api

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
)

// Offers answers what there is and what is free.
type Offers interface {
	Catalog(ctx context.Context) (*booking.Catalog, error)
	Search(ctx context.Context, q booking.SearchQuery, free booking.Interval) ([]booking.FreeEquipment, error)
	Availability(ctx context.Context, actor account.Actor, equipmentID string, from booking.Date, days int) (*booking.Availability, error)
	Explain(ctx context.Context, actor account.Actor, equipmentID string, start, end time.Time) (booking.Explanation, error)
}

// Holds keeps a time for some minutes.
type Holds interface {
	Hold(ctx context.Context, actor account.Actor, req booking.HoldRequest) (booking.Hold, error)
	ExtendHold(ctx context.Context, actor account.Actor, id string) (booking.Hold, error)
	ReleaseHold(ctx context.Context, actor account.Actor, id string) error
}

// Bookings is what a person does with bookings.
type Bookings interface {
	Book(ctx context.Context, actor account.Actor, req booking.BookRequest) (*booking.View, bool, error)
	Get(ctx context.Context, actor account.Actor, id string) (*booking.View, error)
	List(ctx context.Context, actor account.Actor, q booking.List) (booking.Page, error)
	Move(ctx context.Context, actor account.Actor, id string, req booking.MoveRequest) (*booking.View, error)
	Cancel(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)
	Restore(ctx context.Context, actor account.Actor, id string, version int) (*booking.View, error)
	ICS(ctx context.Context, actor account.Actor, id string, l lang.Locale) ([]byte, error)
}

// Attendance is what the desk does when somebody comes, or does not.
type Attendance interface {
	Arrived(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)
	CheckIn(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)
	Finish(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)
	MarkNoShow(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)
	StartLate(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)
	Extend(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)
	Late(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)
}

// StaffWork is what staff decide about a booking.
type StaffWork interface {
	Approve(ctx context.Context, actor account.Actor, id string, req booking.ApproveRequest) (*booking.View, error)
	Reject(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)
	Undo(ctx context.Context, actor account.Actor, id string, req booking.AttendRequest) (*booking.View, error)
	ChangeJob(ctx context.Context, actor account.Actor, id string, req booking.JobChange) (*booking.View, error)
	Continue(ctx context.Context, actor account.Actor, id string, start, end time.Time, key *booking.Key) (*booking.View, bool, error)
}

// Desk is the counter's board.
type Desk interface {
	WalkIn(ctx context.Context, actor account.Actor, req booking.WalkInRequest) (*booking.View, bool, error)
	Today(ctx context.Context, actor account.Actor, centerID string, date booking.Date) (*booking.Today, error)
	Find(ctx context.Context, actor account.Actor, centerID, q string) ([]booking.View, error)
}

// Outages is when machines can't be used.
type Outages interface {
	ReportOutage(ctx context.Context, actor account.Actor, req booking.OutageRequest) (*booking.Outage, []booking.Affected, bool, error)
	ChangeOutage(ctx context.Context, actor account.Actor, equipmentID, outageID string, p booking.OutagePatch) (*booking.Outage, []booking.Affected, error)
	EndSeries(ctx context.Context, actor account.Actor, equipmentID, outageID string, end booking.SeriesEnd) ([]*booking.Outage, error)
	Outages(ctx context.Context, actor account.Actor, equipmentID string) ([]*booking.Outage, error)
}

// Inquiries is what people ask a center in writing.
type Inquiries interface {
	Ask(ctx context.Context, actor account.Actor, req booking.AskRequest) (*booking.InquiryView, bool, error)
	Inquiries(ctx context.Context, actor account.Actor, l booking.InquiryList) (booking.InquiryPage, error)
	Inquiry(ctx context.Context, actor account.Actor, id string) (*booking.InquiryView, error)
	AnswerInquiry(ctx context.Context, actor account.Actor, id, text string) (*booking.InquiryView, error)
	CloseInquiry(ctx context.Context, actor account.Actor, id string) (*booking.InquiryView, error)
}

// Closures closes centers for a time, and the city.
type Closures interface {
	Close(ctx context.Context, actor account.Actor, req booking.ClosureRequest) (*booking.Posted, []booking.Affected, bool, error)
	Closures(ctx context.Context, actor account.Actor, centerID string) ([]booking.Posted, error)
	Reopen(ctx context.Context, actor account.Actor, id string) error
}

// OfferEdits changes what is offered, and by which rules.
type OfferEdits interface {
	ChangeCenter(ctx context.Context, actor account.Actor, id string, ch booking.PlaceChange) (*booking.OfferOutcome, error)
	ChangeEquipment(ctx context.Context, actor account.Actor, id string, ch booking.PlaceChange) (*booking.OfferOutcome, error)
	ChangeCenterPolicy(ctx context.Context, actor account.Actor, id string, ch booking.PolicyChange) (*booking.OfferOutcome, error)
	ChangePolicy(ctx context.Context, actor account.Actor, id string, ch booking.PolicyChange) (*booking.OfferOutcome, error)
	WithdrawCenterPolicy(ctx context.Context, actor account.Actor, id string, w booking.PolicyWithdrawal) (*booking.OfferOutcome, error)
	WithdrawPolicy(ctx context.Context, actor account.Actor, id string, w booking.PolicyWithdrawal) (*booking.OfferOutcome, error)
	SetHolidays(ctx context.Context, actor account.Actor, list []booking.Holiday, d booking.Deciding) (*booking.OfferOutcome, error)
}

// Uses tells how machines were used.
type Uses interface {
	Usage(ctx context.Context, actor account.Actor, q booking.UsageQuery) (*booking.Usage, error)
	ExportUsage(ctx context.Context, actor account.Actor, q booking.UsageQuery, reason string) (*booking.Usage, error)
}

// Strikes is what no-shows and late cancels cost, and who looks at it again.
type Strikes interface {
	MyStrikes(ctx context.Context, actor account.Actor) (*booking.Strikes, error)
	StrikesOf(ctx context.Context, actor account.Actor, accountID string) (*booking.Strikes, error)
	AskReview(ctx context.Context, actor account.Actor, strikeID, text string) (*booking.StrikeView, error)
	WaiveStrike(ctx context.Context, actor account.Actor, accountID, strikeID, reason string) (*booking.StrikeView, error)
	KeepStrike(ctx context.Context, actor account.Actor, accountID, strikeID, reason string) (*booking.StrikeView, error)
	Reviews(ctx context.Context, actor account.Actor, centerID string) ([]booking.StrikeView, error)
}

// Calendars shows bookings to calendar programs.
type Calendars interface {
	Calendar(ctx context.Context, actor account.Actor, equipment string, l lang.Locale) ([]byte, error)
}

// Handing gives bookings on inside a firm.
type Handing interface {
	HandOver(ctx context.Context, actor account.Actor, id, to string, version int) (*booking.View, error)
}

// Leaves frees what somebody who leaves has booked.
type Leaves interface {
	Leave(ctx context.Context, actor account.Actor) error
}

// Engine is the reservation engine as this door uses it; *booking.Service is one.
type Engine interface {
	Offers
	Holds
	Bookings
	Attendance
	StaffWork
	Desk
	Outages
	Inquiries
	Strikes
	Closures
	OfferEdits
	Uses
	Handing
	Calendars
	Leaves
}
