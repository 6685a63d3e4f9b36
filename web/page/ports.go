package page

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/survey"
)

// Offers answers what there is and what is free.
type Offers interface {
	Catalog(ctx context.Context) (*booking.Catalog, error)
	Search(ctx context.Context, q booking.SearchQuery, free booking.Interval) ([]booking.FreeEquipment, error)
	Availability(ctx context.Context, actor account.Actor, equipmentID string, from booking.Date, days int) (*booking.Availability, error)
	Explain(ctx context.Context, actor account.Actor, equipmentID string, start, end time.Time) (booking.Explanation, error)
}

// Glances is what start page and search show at a glance.
type Glances interface {
	Now(ctx context.Context) (map[string]booking.Standing, error)
	Earliest(ctx context.Context, actor account.Actor, machines map[string]int, n int) (map[string][]booking.Interval, error)
	Upcoming(ctx context.Context, actor account.Actor, limit int) ([]booking.View, error)
	Recent(ctx context.Context, actor account.Actor, limit int) ([]booking.View, error)
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
	Downtime(ctx context.Context, actor account.Actor, q booking.UsageQuery) (*booking.Downtime, error)
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

// Handing gives bookings on inside a firm.
type Handing interface {
	HandOver(ctx context.Context, actor account.Actor, id, to string, version int) (*booking.View, error)
}

// Leaves frees what somebody who leaves has booked.
type Leaves interface {
	Coming(ctx context.Context, actor account.Actor) ([]booking.View, error)
	Leave(ctx context.Context, actor account.Actor) error
}

// Engine is the reservation engine as the pages use it; *booking.Service is one.
type Engine interface {
	Offers
	Glances
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
	Leaves
}

// Entrance is how people come in.
type Entrance interface {
	Authenticate(ctx context.Context, token string) (account.Actor, error)
	SignIn(ctx context.Context, actor account.Actor, in account.SignIn) (account.Session, account.Account, error)
	SignOut(ctx context.Context, actor account.Actor) error
	SendCode(ctx context.Context, actor account.Actor, login string) error
	SignUp(ctx context.Context, actor account.Actor, in account.SignUp) (a account.Account, created bool, err error)
	ResetPassword(ctx context.Context, actor account.Actor, in account.Reset) error
	MustVerify() bool
}

// Devices is where somebody is signed in.
type Devices interface {
	Devices(ctx context.Context, actor account.Actor) ([]account.Device, error)
	EndDevice(ctx context.Context, actor account.Actor, id string) error
	EndOtherDevices(ctx context.Context, actor account.Actor) error
}

// Own is what somebody sees and changes of themselves.
type Own interface {
	Me(ctx context.Context, actor account.Actor) (account.Profile, error)
	PatchMe(ctx context.Context, actor account.Actor, p account.MePatch) (account.Profile, error)
	SetPassword(ctx context.Context, actor account.Actor, in account.PasswordChange) error
	SetConsent(ctx context.Context, actor account.Actor, key string, given bool) (account.Consent, error)
	SendContactCode(ctx context.Context, actor account.Actor, k account.Kind) error
	VerifyContact(ctx context.Context, actor account.Actor, k account.Kind, code account.Secret) (account.Profile, error)
	DeclareGroup(ctx context.Context, actor account.Actor, group string) error
}

// CalendarFeeds are addresses that calendar programs read.
type CalendarFeeds interface {
	NewFeed(ctx context.Context, actor account.Actor, center, equipment string) (account.Feed, account.Secret, error)
}

// Firms is who belongs together.
type Firms interface {
	MyFirm(ctx context.Context, actor account.Actor) (account.Membership, error)
	ClaimFirm(ctx context.Context, actor account.Actor, f account.Firm) (account.Membership, error)
	LeaveFirm(ctx context.Context, actor account.Actor) error
	ConfirmMember(ctx context.Context, actor account.Actor, firm, id string) error
}

// Exits is how people leave.
type Exits interface {
	Leave(ctx context.Context, actor account.Actor, in account.Leaving, free func(context.Context, account.Actor) error) error
}

// Others is what staff do with other people's accounts.
type Others interface {
	Named(ctx context.Context, ids []string) (map[string]account.Account, error)
	FindByPhone(ctx context.Context, actor account.Actor, center, phone string) (a account.Account, ok bool, err error)
	ConfirmGroup(ctx context.Context, actor account.Actor, center, id, group string) (account.Group, error)
	AddCertificate(ctx context.Context, actor account.Actor, center, id string, in account.NewCertificate) (account.Certificate, error)
	RevokeCertificate(ctx context.Context, actor account.Actor, who, id, reason string) (account.Certificate, error)
	ImportCertificates(ctx context.Context, actor account.Actor, center string, raw []byte, zone *time.Location, dry bool) ([]account.PlannedCertificate, error)
}

// Directory is the accounts as admins find and change them.
type Directory interface {
	List(ctx context.Context, actor account.Actor, q account.Query) (account.Page, error)
	Get(ctx context.Context, actor account.Actor, id string) (account.Account, error)
	PatchAccount(ctx context.Context, actor account.Actor, id string, p account.Patch) (account.Account, error)
	LogDownload(ctx context.Context, actor account.Actor, d account.Download) error
}

// People is the accounts as the pages use them; *account.Service is one.
type People interface {
	Entrance
	Devices
	Own
	Exits
	CalendarFeeds
	Firms
	Others
	Directory
}

// Cases is what becomes of wishes for a reply.
type Cases interface {
	Cases(ctx context.Context, actor account.Actor, l survey.CaseList) (survey.CasePage, error)
	Case(ctx context.Context, actor account.Actor, id string) (survey.CaseView, error)
	ChangeCase(ctx context.Context, actor account.Actor, id string, ch survey.CaseChange) (survey.CaseView, error)
	CaseCounts(ctx context.Context, actor account.Actor, center string) (survey.CaseCount, error)
	CaseOutcome(ctx context.Context, actor account.Actor, center, from, to string) (survey.CaseOutcome, error)
	MyCases(ctx context.Context, actor account.Actor) ([]survey.CaseView, error)
	Team(ctx context.Context, actor account.Actor, center string) ([]survey.Member, error)
}

// Boards is what centers changed.
type Boards interface {
	Notes(ctx context.Context, actor account.Actor, center string) ([]survey.Note, error)
	PublishNote(ctx context.Context, actor account.Actor, n survey.NewNote) (survey.Note, error)
	WithdrawNote(ctx context.Context, actor account.Actor, id string) (survey.Note, error)
}

// Dangers is what people reported as broken or dangerous.
type Dangers interface {
	Tickets(ctx context.Context, actor account.Actor, center string) ([]survey.Ticket, error)
	SettleTicket(ctx context.Context, actor account.Actor, center, id string, to survey.TicketState, reason string) (survey.Ticket, error)
}

// Insights is what managers read beside the figures themselves.
type Insights interface {
	Funnels(ctx context.Context, actor account.Actor, q survey.ResultsQuery) ([]survey.FunnelOf, error)
	Asks(ctx context.Context, actor account.Actor) (*survey.Template, error)
}

// Surveys is what people answer and managers read; *survey.Service is one.
type Surveys interface {
	Dangers
	Cases
	Boards
	Insights
	Open(ctx context.Context, token string) (survey.Form, error)
	Answer(ctx context.Context, token string, sub survey.Submission) error
	Doors
	Results(ctx context.Context, actor account.Actor, q survey.ResultsQuery) (survey.Results, error)
	Voices
	Mine(ctx context.Context, actor account.Actor) ([]survey.OpenInvitation, error)
	OptOut(ctx context.Context, token string) error
	Questionnaires
	Names
}

// Names is who chose to give their name with an answer.
type Names interface {
	Named(ctx context.Context, actor account.Actor, center, cursor string) (survey.NamedPage, error)
	NamedAnswer(ctx context.Context, actor account.Actor, id string) (survey.NamedAnswer, error)
	Linked(ctx context.Context, actor account.Actor) ([]survey.LinkedAnswer, error)
	Unname(ctx context.Context, actor account.Actor) error
}

// Voices is what people wrote, and what managers marked it with.
type Voices interface {
	Comments(ctx context.Context, actor account.Actor, q survey.CommentsQuery) (survey.Comments, error)
	TagComment(ctx context.Context, actor account.Actor, id, tag string, on bool) (survey.Comment, error)
}

// Doors is where people answer without an invitation.
type Doors interface {
	OpenAt(ctx context.Context, actor account.Actor, d survey.Door) (survey.Form, error)
	AnswerAt(ctx context.Context, actor account.Actor, d survey.Door, sub survey.Submission) error
}

// Questionnaires are edited by admins.
type Questionnaires interface {
	Questionnaires(ctx context.Context, actor account.Actor) ([]survey.Questionnaire, error)
	History(ctx context.Context, actor account.Actor, key string) ([]survey.Edition, error)
	Edition(ctx context.Context, actor account.Actor, key string, no int) (survey.Edition, error)
	Preview(ctx context.Context, actor account.Actor, key string, no int) (survey.Form, error)
	Drafting
}

// Drafting makes versions of questionnaires.
type Drafting interface {
	Create(ctx context.Context, actor account.Actor, n survey.NewTemplate) (survey.Edition, bool, error)
	NextVersion(ctx context.Context, actor account.Actor, key string, once *survey.Key) (survey.Edition, bool, error)
	SaveDraft(ctx context.Context, actor account.Actor, d survey.Draft) (survey.Edition, error)
	DropDraft(ctx context.Context, actor account.Actor, key string, no int) error
	PublishDraft(ctx context.Context, actor account.Actor, p survey.Release) (survey.Edition, error)
}

// Mailbox lists the newest messages; *notify.Mailbox is one.
type Mailbox interface {
	List(n int) ([]notify.Message, error)
}
