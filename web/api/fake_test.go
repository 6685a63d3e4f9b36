package api_test

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/web/api"
	"gongbang/web/api/apitest"
)

var (
	seoul = time.FixedZone("Asia/Seoul", 9*3600)
	noon  = time.Date(2030, 1, 7, 3, 0, 0, 0, time.UTC)
)

// everybody is who the fakes know, by token.
var everybody = map[apitest.Who]account.Actor{
	apitest.Owner:        {ID: "owner"},
	apitest.Stranger:     {ID: "stranger"},
	apitest.OwnStaff:     {ID: "staff", Grants: []account.Grant{{Role: account.Staff, Center: "c1"}}},
	apitest.OtherStaff:   {ID: "staff2", Grants: []account.Grant{{Role: account.Staff, Center: "c2"}}},
	apitest.OwnManager:   {ID: "manager", Grants: []account.Grant{{Role: account.Manager, Center: "c1"}}},
	apitest.OtherManager: {ID: "manager2", Grants: []account.Grant{{Role: account.Manager, Center: "c2"}}},
	apitest.AnyAdmin:     {ID: "admin", Grants: []account.Grant{{Role: account.Admin}}},
}

func token(who apitest.Who) string {
	if who == apitest.Anonymous {
		return ""
	}
	return "token-of-" + strings.ReplaceAll(string(who), " ", "-")
}

// engine answers like the real one as far as shapes and permissions go.
type engine struct {
	catalog *booking.Catalog
	calls   atomic.Int64
	// refuse is what every change answers, when it is set.
	refuse error
	last   atomic.Pointer[booking.BookRequest]
	replay bool
}

func newEngine() *engine {
	policy := booking.Policy{SlotMinutes: 60, StartStepMinutes: 60, MinMinutes: 60, MaxMinutes: 240, Capacity: 1,
		Opens: booking.When{Unit: booking.Days, N: 14}, Closes: booking.When{Unit: booking.Minutes},
		CancelUntil: booking.When{Unit: booking.Minutes, N: 120}, LateCancel: booking.LateAllowed,
		CheckIn: booking.CheckIn{OpensMinutesBefore: 30, Auto: booking.WhenDeskSeen}, Hold: booking.HoldRule{Minutes: 5}}
	c := &booking.Catalog{Name: "fake", Zone: seoul, Posted: []booking.Posted{{ID: "x1", Center: "c1"}}, Brand: booking.Brand{Name: lang.Text{Ko: "시험", En: "Test"}},
		Centers: []*booking.Center{
			{ID: "c1", Name: lang.Text{Ko: "하나", En: "One"}, Hours: [7][]booking.Opening{1: {{From: 540, To: 1440}}},
				Equipment: []*booking.Equipment{{ID: "m1", Name: lang.Text{Ko: "재단기"}, Quantity: 2, Mode: booking.Self, Policy: policy}}},
			{ID: "c2", Name: lang.Text{Ko: "둘"}, Elsewhere: &booking.Elsewhere{Phone: "02-000-0000"},
				Eligibility: booking.Eligibility{Groups: []string{"small"}, Proof: "declare"},
				Equipment: []*booking.Equipment{{ID: "m2", Name: lang.Text{Ko: "재봉기"}, Quantity: 1, Mode: booking.Operator, Policy: policy,
					Elsewhere: &booking.Elsewhere{}}}},
		}}
	c.Index()
	return &engine{catalog: c}
}

func (e *engine) view() *booking.View {
	m, _ := e.catalog.Machine("m1")
	until := noon
	b := &booking.Booking{ID: "b1", Code: "7K3F9QWD", Status: booking.Confirmed, Version: 1, EquipmentID: "m1", CenterID: "c1", Unit: 1,
		Start: noon, End: noon.Add(time.Hour), AccountID: "owner", Origin: booking.Online, CreatedAt: noon.Add(-time.Hour + time.Millisecond),
		CheckedInAt: &until, Details: booking.Details{People: 1, Purpose: "<b>시제품</b>", Attendance: "attended",
			Job:      &booking.Job{What: "재단", State: booking.JobWaiting, DueDate: "2030-01-09"},
			Attendee: &booking.Attendee{Name: "시민2", Phone: "+821012345678", BirthYear: 1960},
			Terms:    booking.Terms{CancelUntil: noon, CheckInFrom: noon, CheckInUntil: &until}}}
	return &booking.View{Booking: b, Equipment: m, Center: m.Center, Zone: seoul,
		Person: booking.PersonView{ID: "owner", Name: "시민1", Phone: "+821010000001"}, Can: []booking.Verb{booking.VerbCancel, booking.VerbCheckIn}}
}

// see judges a booking path like the engine: strangers 404, the owner on a staff verb 403.
func (e *engine) see(actor account.Actor, id string, staff bool) (*booking.View, error) {
	e.calls.Add(1)
	desk := actor.May(account.DeskWork, "c1")
	switch {
	case id != "b1", actor.ID != "owner" && !desk:
		return nil, fault.ErrNotFound
	case staff && !desk:
		return nil, fault.ErrForbidden
	}
	return e.view(), e.refuse
}

func (e *engine) Catalog(context.Context) (*booking.Catalog, error) { return e.catalog, nil }
func (e *engine) Search(_ context.Context, q booking.SearchQuery, free booking.Interval) ([]booking.FreeEquipment, error) {
	e.calls.Add(1)
	var out []booking.FreeEquipment
	for _, m := range e.catalog.Search(q) {
		out = append(out, booking.FreeEquipment{Equipment: m, FreeUnits: 1})
	}
	return out, nil
}
func (e *engine) Availability(_ context.Context, _ account.Actor, id string, from booking.Date, _ int) (*booking.Availability, error) {
	e.calls.Add(1)
	m, ok := e.catalog.Machine(id)
	if !ok {
		return nil, fault.ErrNotFound
	}
	held := noon.Add(time.Minute)
	return &booking.Availability{Equipment: m, Zone: seoul, Days: []booking.DayAvailability{
		{Date: from, Open: []booking.Interval{{Start: from.At(540, seoul), End: from.At(1440, seoul)}},
			Slots: []booking.Slot{{Interval: booking.Interval{Start: noon, End: noon.Add(time.Hour)}, State: booking.SlotHeld, HeldUntil: &held}}},
		{Date: from.Add(1), Closed: booking.ClosedHoliday, Reason: lang.Text{Ko: "설날"}}}}, nil
}
func (e *engine) strike() booking.StrikeView {
	until := noon.AddDate(0, 0, 90)
	return booking.StrikeView{Strike: &booking.Strike{ID: "b1-no_show", BookingID: "b1", Kind: booking.StruckNoShow, AccountID: "owner", CenterID: "c1",
		At: noon, Points: 1, ReviewAt: &until, ReviewText: "왔습니다", KeptAt: &until, KeepReason: "아닙니다"}, Booking: e.view(), Until: &until, State: "counting"}
}

func (e *engine) strikes() (*booking.Strikes, error) {
	e.calls.Add(1)
	m, _ := e.catalog.Machine("m1")
	out := &booking.Strikes{Items: []booking.StrikeView{e.strike()}, Zone: seoul}
	for _, over := range []string{"equipment", "category", "center", "city"} {
		out.Suspensions = append(out.Suspensions, booking.Suspension{Interval: booking.Interval{Start: noon, End: noon.Add(time.Hour)}, Over: over, Equipment: m, Strike: "b1-no_show"})
	}
	return out, e.refuse
}
func (e *engine) MyStrikes(context.Context, account.Actor) (*booking.Strikes, error) {
	return e.strikes()
}
func (e *engine) StrikesOf(context.Context, account.Actor, string) (*booking.Strikes, error) {
	return e.strikes()
}
func (e *engine) AskReview(context.Context, account.Actor, string, string) (*booking.StrikeView, error) {
	e.calls.Add(1)
	s := e.strike()
	return &s, e.refuse
}
func (e *engine) WaiveStrike(context.Context, account.Actor, string, string, string) (*booking.StrikeView, error) {
	return e.AskReview(context.Background(), account.Actor{}, "", "")
}
func (e *engine) KeepStrike(context.Context, account.Actor, string, string, string) (*booking.StrikeView, error) {
	return e.AskReview(context.Background(), account.Actor{}, "", "")
}
func (e *engine) Reviews(context.Context, account.Actor, string) ([]booking.StrikeView, error) {
	e.calls.Add(1)
	return []booking.StrikeView{e.strike()}, e.refuse
}
func (e *engine) Explain(context.Context, account.Actor, string, time.Time, time.Time) (booking.Explanation, error) {
	e.calls.Add(1)
	return booking.Explanation{Needs: []string{"approval"}, Violations: violations()}, nil
}
func violations() []booking.Violation {
	n, until := 60, noon
	return []booking.Violation{{Code: "off_grid", Limit: &n, Text: lang.Text{Ko: "칸에 맞지 않습니다.", En: "Off the grid."}},
		{Code: "not_open_yet", Until: &until, Text: lang.Text{Ko: "아직입니다.", En: "Not yet."},
			Action: &booking.Action{Label: lang.Text{Ko: "다른 장비", En: "Others"}, Href: "/api/v1/equipment"}}}
}
func (e *engine) Hold(_ context.Context, _ account.Actor, r booking.HoldRequest) (booking.Hold, error) {
	e.calls.Add(1)
	return booking.Hold{ID: "h1", EquipmentID: r.EquipmentID, Unit: 1, Start: r.Start, End: r.End, ExpiresAt: noon,
		Replaced: &booking.Held{Equipment: "m1", Unit: 2, Interval: booking.Interval{Start: noon, End: noon}}}, e.refuse
}
func (e *engine) ExtendHold(_ context.Context, _ account.Actor, id string) (booking.Hold, error) {
	e.calls.Add(1)
	if id != "h1" {
		return booking.Hold{}, fault.New(fault.Gone, "hold_expired")
	}
	return booking.Hold{ID: "h2", EquipmentID: "m1", Unit: 1, Start: noon, End: noon, ExpiresAt: noon}, e.refuse
}
func (e *engine) ReleaseHold(context.Context, account.Actor, string) error {
	e.calls.Add(1)
	return e.refuse
}
func (e *engine) Book(_ context.Context, _ account.Actor, r booking.BookRequest) (*booking.View, bool, error) {
	e.calls.Add(1)
	e.last.Store(&r)
	return e.view(), e.replay, e.refuse
}
func (e *engine) Get(_ context.Context, a account.Actor, id string) (*booking.View, error) {
	return e.see(a, id, false)
}
func (e *engine) List(_ context.Context, a account.Actor, q booking.List) (booking.Page, error) {
	e.calls.Add(1)
	if q.Scope == "center" && !a.May(account.DeskWork, q.Center) {
		return booking.Page{}, fault.ErrForbidden
	}
	if q.Cursor != "" {
		return booking.Page{Items: []booking.View{*e.view()}}, nil
	}
	return booking.Page{Items: []booking.View{*e.view()}, Next: "more"}, nil
}
func (e *engine) Move(_ context.Context, a account.Actor, id string, _ booking.MoveRequest) (*booking.View, error) {
	return e.see(a, id, false)
}
func (e *engine) Cancel(_ context.Context, a account.Actor, id string, _ booking.AttendRequest) (*booking.View, error) {
	return e.see(a, id, false)
}
func (e *engine) Restore(_ context.Context, a account.Actor, id string, _ int) (*booking.View, error) {
	return e.see(a, id, false)
}
func (e *engine) ICS(_ context.Context, a account.Actor, id string, _ lang.Locale) ([]byte, error) {
	_, err := e.see(a, id, false)
	return []byte("BEGIN:VCALENDAR\r\n"), err
}
func (e *engine) staffVerb(_ context.Context, a account.Actor, id string, _ booking.AttendRequest) (*booking.View, error) {
	return e.see(a, id, true)
}
func (e *engine) Arrived(c context.Context, a account.Actor, id string, r booking.AttendRequest) (*booking.View, error) {
	return e.staffVerb(c, a, id, r)
}
func (e *engine) CheckIn(c context.Context, a account.Actor, id string, r booking.AttendRequest) (*booking.View, error) {
	return e.staffVerb(c, a, id, r)
}
func (e *engine) Finish(c context.Context, a account.Actor, id string, r booking.AttendRequest) (*booking.View, error) {
	return e.staffVerb(c, a, id, r)
}
func (e *engine) MarkNoShow(c context.Context, a account.Actor, id string, r booking.AttendRequest) (*booking.View, error) {
	return e.staffVerb(c, a, id, r)
}
func (e *engine) StartLate(c context.Context, a account.Actor, id string, r booking.AttendRequest) (*booking.View, error) {
	return e.staffVerb(c, a, id, r)
}
func (e *engine) Extend(c context.Context, a account.Actor, id string, r booking.AttendRequest) (*booking.View, error) {
	return e.staffVerb(c, a, id, r)
}
func (e *engine) Late(_ context.Context, a account.Actor, id string, _ booking.AttendRequest) (*booking.View, error) {
	return e.see(a, id, false)
}
func (e *engine) Approve(_ context.Context, a account.Actor, id string, _ booking.ApproveRequest) (*booking.View, error) {
	return e.see(a, id, true)
}
func (e *engine) Reject(c context.Context, a account.Actor, id string, r booking.AttendRequest) (*booking.View, error) {
	return e.staffVerb(c, a, id, r)
}
func (e *engine) Undo(c context.Context, a account.Actor, id string, r booking.AttendRequest) (*booking.View, error) {
	return e.staffVerb(c, a, id, r)
}
func (e *engine) ChangeJob(_ context.Context, a account.Actor, id string, _ booking.JobChange) (*booking.View, error) {
	return e.see(a, id, true)
}
func (e *engine) Continue(_ context.Context, a account.Actor, id string, _, _ time.Time, _ *booking.Key) (*booking.View, bool, error) {
	v, err := e.see(a, id, true)
	return v, false, err
}
func (e *engine) Usage(_ context.Context, a account.Actor, q booking.UsageQuery) (*booking.Usage, error) {
	e.calls.Add(1)
	if q.Center != "" && !a.May(account.Results, q.Center) {
		return nil, fault.ErrForbidden
	}
	u := &booking.Usage{Filter: booking.UsageFilter{Centers: []string{"c1"}, From: "2030-01-01", To: "2030-01-07", GroupBy: q.GroupBy}, AsOf: noon, LeftOut: 1,
		Total: booking.UsageGroup{Key: "total", Label: lang.Text{Ko: "전체", En: "Total"}, People: 2, Firms: 1, FirstTime: 1,
			Minutes: booking.UsageMinutes{Open: 600, Booked: 180, Used: 90, Idle: 10, Released: 20, NoShow: 60, Overrun: 5},
			Counts:  booking.UsageCounts{Bookings: 3, Attended: 2, NoShows: 1, Cancelled: 1, Expected: 3, Made: 4}},
		Groups: []booking.UsageGroup{{Key: "m1", Label: lang.Text{Ko: "재단기"}}}}
	u.Week[0][12] = booking.UsageHour{Used: 90, Open: 600}
	return u, nil
}
func (e *engine) HandOver(_ context.Context, a account.Actor, id, _ string, _ int) (*booking.View, error) {
	return e.see(a, id, false)
}
func (e *engine) Calendar(context.Context, account.Actor, string, lang.Locale) ([]byte, error) {
	e.calls.Add(1)
	return []byte("BEGIN:VCALENDAR\r\n"), nil
}
func (e *engine) ExportUsage(c context.Context, a account.Actor, q booking.UsageQuery, _ string) (*booking.Usage, error) {
	return e.Usage(c, a, q)
}
func (e *engine) Leave(context.Context, account.Actor) error {
	e.calls.Add(1)
	return e.refuse
}
func (e *engine) WalkIn(context.Context, account.Actor, booking.WalkInRequest) (*booking.View, bool, error) {
	e.calls.Add(1)
	return e.view(), e.replay, e.refuse
}
func (e *engine) Today(_ context.Context, _ account.Actor, _ string, d booking.Date) (*booking.Today, error) {
	e.calls.Add(1)
	m, _ := e.catalog.Machine("m1")
	return &booking.Today{Date: d, Now: noon, Zone: seoul, Counts: map[string]int{"booked": 1},
		Machines: []booking.Machine{{Equipment: m, Unit: 1, State: "in_use", Outage: e.outage(), Bookings: []booking.View{*e.view()}}}}, nil
}
func (e *engine) Find(context.Context, account.Actor, string, string) ([]booking.View, error) {
	e.calls.Add(1)
	return []booking.View{*e.view()}, nil
}
func (e *engine) outage() *booking.Outage {
	return &booking.Outage{ID: "o1", EquipmentID: "m1", CenterID: "c1", Unit: 1, From: noon, Kind: booking.Maintenance, Reason: "점검", Version: 1, CreatedAt: noon}
}
func (e *engine) ReportOutage(context.Context, account.Actor, booking.OutageRequest) (*booking.Outage, []booking.Affected, bool, error) {
	e.calls.Add(1)
	return e.outage(), []booking.Affected{{View: *e.view(), Became: "moved"}}, e.replay, e.refuse
}
func (e *engine) ChangeOutage(context.Context, account.Actor, string, string, booking.OutagePatch) (*booking.Outage, []booking.Affected, error) {
	e.calls.Add(1)
	return e.outage(), nil, e.refuse
}
func (e *engine) EndSeries(context.Context, account.Actor, string, string, booking.SeriesEnd) ([]*booking.Outage, error) {
	e.calls.Add(1)
	return []*booking.Outage{e.outage()}, e.refuse
}
func (e *engine) Outages(context.Context, account.Actor, string) ([]*booking.Outage, error) {
	e.calls.Add(1)
	return []*booking.Outage{e.outage()}, nil
}

func (e *engine) question(a account.Actor, id string, staff bool) (*booking.InquiryView, error) {
	e.calls.Add(1)
	center, _ := e.catalog.Center("c1")
	m, _ := e.catalog.Machine("m1")
	q := &booking.Inquiry{ID: "q1", AccountID: "owner", CenterID: "c1", EquipmentID: "m1", Text: "되나요?", State: booking.InquiryAnswered, Answer: "네", AskedAt: noon, SettledAt: &noon}
	works := a.May(account.DeskWork, "c1")
	switch {
	case id != "q1" || a.ID != "owner" && !works:
		return nil, fault.ErrNotFound
	case staff && !works:
		return nil, fault.ErrForbidden
	}
	return &booking.InquiryView{Inquiry: q, Center: center, Equipment: m, Zone: seoul, Person: booking.PersonView{ID: "owner", Name: "시민1"}}, e.refuse
}
func (e *engine) Ask(_ context.Context, _ account.Actor, _ booking.AskRequest) (*booking.InquiryView, bool, error) {
	v, err := e.question(everybody[apitest.Owner], "q1", false)
	return v, e.replay, err
}
func (e *engine) Inquiries(_ context.Context, a account.Actor, l booking.InquiryList) (booking.InquiryPage, error) {
	v, err := e.question(everybody[apitest.Owner], "q1", false)
	if l.Center != "" && !a.May(account.DeskWork, l.Center) {
		return booking.InquiryPage{}, fault.ErrForbidden
	}
	return booking.InquiryPage{Items: []booking.InquiryView{*v}, Next: "more"}, err
}
func (e *engine) Inquiry(_ context.Context, a account.Actor, id string) (*booking.InquiryView, error) {
	return e.question(a, id, false)
}
func (e *engine) AnswerInquiry(_ context.Context, a account.Actor, id, _ string) (*booking.InquiryView, error) {
	return e.question(a, id, true)
}
func (e *engine) CloseInquiry(_ context.Context, a account.Actor, id string) (*booking.InquiryView, error) {
	return e.question(a, id, true)
}

func (e *engine) closure() *booking.Posted {
	return &booking.Posted{ID: "x1", Center: "c1", When: booking.Interval{Start: noon, End: noon.Add(time.Hour)}, Reason: "폭설", CreatedAt: noon}
}
func (e *engine) Close(context.Context, account.Actor, booking.ClosureRequest) (*booking.Posted, []booking.Affected, bool, error) {
	e.calls.Add(1)
	return e.closure(), []booking.Affected{{View: *e.view(), Became: "cancelled"}}, e.replay, e.refuse
}
func (e *engine) Closures(context.Context, account.Actor, string) ([]booking.Posted, error) {
	e.calls.Add(1)
	return []booking.Posted{*e.closure()}, nil
}
func (e *engine) Reopen(context.Context, account.Actor, string) error {
	e.calls.Add(1)
	return e.refuse
}
func (e *engine) offer(d booking.Deciding) (*booking.OfferOutcome, error) {
	e.calls.Add(1)
	out := &booking.OfferOutcome{Catalog: e.catalog, From: noon, Affected: []booking.Affected{{View: *e.view(), Became: "kept", Why: "closed"}}}
	if d.Preview {
		m, _ := e.catalog.Machine("m1")
		ko, en := e.catalog.PolicyText(m)
		out.Machines = []booking.MachinePreview{{Equipment: m, Ko: ko, En: en}}
	}
	return out, e.refuse
}
func (e *engine) ChangeCenter(_ context.Context, _ account.Actor, _ string, ch booking.PlaceChange) (*booking.OfferOutcome, error) {
	return e.offer(ch.Deciding)
}
func (e *engine) ChangeEquipment(_ context.Context, _ account.Actor, _ string, ch booking.PlaceChange) (*booking.OfferOutcome, error) {
	return e.offer(ch.Deciding)
}
func (e *engine) ChangeCenterPolicy(_ context.Context, _ account.Actor, _ string, ch booking.PolicyChange) (*booking.OfferOutcome, error) {
	return e.offer(ch.Deciding)
}
func (e *engine) ChangePolicy(_ context.Context, _ account.Actor, _ string, ch booking.PolicyChange) (*booking.OfferOutcome, error) {
	return e.offer(ch.Deciding)
}
func (e *engine) WithdrawCenterPolicy(context.Context, account.Actor, string, booking.PolicyWithdrawal) (*booking.OfferOutcome, error) {
	return e.offer(booking.Deciding{})
}
func (e *engine) WithdrawPolicy(context.Context, account.Actor, string, booking.PolicyWithdrawal) (*booking.OfferOutcome, error) {
	return e.offer(booking.Deciding{})
}
func (e *engine) SetHolidays(_ context.Context, _ account.Actor, _ []booking.Holiday, d booking.Deciding) (*booking.OfferOutcome, error) {
	return e.offer(d)
}

type audit struct{ last api.AuditQuery }

func (a *audit) Audit(_ context.Context, q api.AuditQuery) ([]api.AuditLine, error) {
	a.last = q
	var lines []api.AuditLine
	for i := range q.Limit {
		lines = append(lines, api.AuditLine{ID: int64(1000 - i), At: noon, Entry: account.Entry{Actor: "staff", Action: "booking.look", Subject: "b1"}})
	}
	return lines, nil
}
