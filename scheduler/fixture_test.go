package scheduler_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/scheduler"
	"gongbang/store"
	"gongbang/survey"
)

var seoul = func() *time.Location {
	z, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		panic(err)
	}
	return z
}()

// The domain's services are the ports as they are; so are the store's adapters.
var (
	_ scheduler.Engine     = (*booking.Service)(nil)
	_ scheduler.SurveyJobs = (*survey.Service)(nil)
	_ scheduler.Surveys    = (*survey.Service)(nil)
	_ scheduler.Codes      = (*account.Service)(nil)
	_ scheduler.Post       = (*notify.Router)(nil)
	_ scheduler.Outbox     = (*store.Outbox)(nil)
	_ scheduler.Runs       = (*store.JobRuns)(nil)
)

// memRuns is the Runs port as a shared database would be: one for all nodes,
// with a clock of its own.
type memRuns struct {
	mu    sync.Mutex
	rows  map[string]map[int64]*memRun
	ticks map[int64]bool
}

type memRun struct {
	lease   time.Time
	ended   bool
	attempt int
}

func newMemRuns() *memRuns {
	return &memRuns{rows: map[string]map[int64]*memRun{}, ticks: map[int64]bool{}}
}

func (m *memRuns) job(name string) map[int64]*memRun {
	if m.rows[name] == nil {
		m.rows[name] = map[int64]*memRun{}
	}
	return m.rows[name]
}

func (m *memRuns) State(_ context.Context, job string) (scheduler.RunState, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var s scheduler.RunState
	for due, r := range m.job(job) {
		at := time.UnixMilli(due).UTC()
		s.Known = true
		if at.After(s.Last) {
			s.Last = at
		}
		if !r.ended {
			s.Open = append(s.Open, at)
		}
	}
	return s, nil
}

func (m *memRuns) Begin(_ context.Context, job string, due time.Time, lease time.Duration) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.job(job)[due.UnixMilli()]
	if r == nil {
		r = &memRun{}
		m.job(job)[due.UnixMilli()] = r
	} else if r.ended || r.lease.After(time.Now()) {
		return 0, nil
	}
	r.attempt++
	r.lease = time.Now().Add(lease)
	return r.attempt, nil
}

func (m *memRuns) End(_ context.Context, job string, due time.Time, attempt int, e scheduler.RunEnd) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.job(job)[due.UnixMilli()]
	if r == nil || r.ended || r.attempt != attempt {
		return scheduler.ErrLeaseLost
	}
	r.ended = e.RetryAfter == 0
	r.lease = time.Now().Add(e.RetryAfter)
	return nil
}

func (m *memRuns) Note(_ context.Context, job string, due time.Time, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.job(job)[due.UnixMilli()] == nil {
		m.job(job)[due.UnixMilli()] = &memRun{ended: true}
	}
	return nil
}

func (m *memRuns) Tick(_ context.Context, minute time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ticks[minute.UnixMilli()] = true
	return nil
}

// diary is what jobs did: the effects that the tests judge.
type diary struct {
	mu    sync.Mutex
	due   map[string][]time.Time
	calls map[string]int
}

func newDiary() *diary { return &diary{due: map[string][]time.Time{}, calls: map[string]int{}} }

func (d *diary) did(job string, due time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.due[job] = append(d.due[job], due.UTC())
}

func (d *diary) call(job string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls[job]++
}

func (d *diary) of(job string) []time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]time.Time(nil), d.due[job]...)
}

func (d *diary) called(job string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls[job]
}

// work stands for the engine, the survey and the upkeep; dated calls take a
// while and are written into the diary when they end.
type work struct {
	d     *diary
	takes time.Duration
	began func()
	fails func(job string, due time.Time) error
}

func (w *work) drain(job string) (int, error) { w.d.call(job); return 0, nil }

func (w *work) dated(ctx context.Context, job string, due time.Time) error {
	w.d.call("begun " + job)
	if w.began != nil {
		w.began()
	}
	if w.takes > 0 {
		select {
		case <-time.After(w.takes):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if w.fails != nil {
		if err := w.fails(job, due); err != nil {
			return err
		}
	}
	w.d.did(job, due)
	return nil
}

func (w *work) begunBackup() int { return w.d.called("begun backup") }

func (w *work) NoShowDue(context.Context) (int, error)     { return w.drain("booking.no_show") }
func (w *work) CompleteDue(context.Context) (int, error)   { return w.drain("booking.complete") }
func (w *work) RejectDue(context.Context) (int, error)     { return w.drain("booking.reject_unanswered") }
func (w *work) OutageDue(context.Context) (int, error)     { return w.drain("booking.outage") }
func (w *work) ProlongDue(context.Context) (int, error)    { return w.drain("booking.prolong") }
func (w *work) JobSurveyDue(context.Context) (int, error)  { return w.drain("booking.job_survey") }
func (w *work) ReminderDue(context.Context) (int, error)   { return w.drain("booking.remind") }
func (w *work) SendDue(context.Context) (int, error)       { return w.drain("survey.send") }
func (w *work) RemindDue(context.Context) (int, error)     { return w.drain("survey.remind") }
func (w *work) ExpireDue(context.Context) (int, error)     { return w.drain("survey.expire") }
func (w *work) Flush(context.Context) (int, error)         { return w.drain("survey.flush") }
func (w *work) RemindCases(context.Context) (int, error)   { return w.drain("survey.case_due") }
func (w *work) AlertLow(context.Context) (int, error)      { return w.drain("survey.low") }
func (w *work) SealAudit(context.Context) (int, error)     { return w.drain("audit.seal") }
func (w *work) PurgeAccounts(context.Context) (int, error) { return w.drain("account.purge") }

func (w *work) CloseMonth(ctx context.Context) (int, error) {
	return 1, w.dated(ctx, "survey.close_month", time.Now())
}

func (w *work) AskYearly(ctx context.Context, due time.Time) (int, error) {
	return 1, w.dated(ctx, "survey.yearly", due)
}

func (w *work) TellMonth(ctx context.Context, due time.Time) (bool, error) {
	return true, w.dated(ctx, "survey.monthly", due)
}

func (w *work) AuditHead(ctx context.Context, due time.Time) error {
	return w.dated(ctx, "audit.head", due)
}
func (w *work) Retention(ctx context.Context, due time.Time) error {
	return w.dated(ctx, "retention", due)
}
func (w *work) Backup(ctx context.Context, due time.Time) error { return w.dated(ctx, "backup", due) }

// surveyWork is the survey's part; its Tidy has another shape than the upkeep's.
type surveyWork struct{ *work }

func (w surveyWork) Tidy(context.Context) error { w.d.call("survey.tidy"); return nil }

type upkeepWork struct{ *work }

func (w upkeepWork) Tidy(context.Context) (int, error) { return w.drain("tidy") }

// emptyOutbox has nothing; it counts how often it was asked.
type emptyOutbox struct {
	scheduler.Outbox
	d *diary
}

func (o emptyOutbox) Claim(context.Context, time.Duration, int) ([]scheduler.Event, error) {
	o.d.call("outbox")
	return nil, nil
}

var quiet = slog.New(slog.DiscardHandler)

// deps are complete; tests change what they are about.
func deps(t *testing.T, runs scheduler.Runs, w *work) scheduler.Deps {
	t.Helper()
	return scheduler.Deps{
		Clock: time.Now, Zone: seoul, Every: time.Minute, Log: quiet,
		Record: func(scheduler.Outcome) {}, Ready: func(context.Context) error { return nil },
		Runs: runs, Delivery: delivery(t, emptyOutbox{d: w.d}, newWorld(), notify.NewRouter(nil, nil)),
		Engine: w, Surveys: surveyWork{w}, Upkeep: upkeepWork{w},
	}
}

func start(t *testing.T, d scheduler.Deps) *scheduler.Scheduler {
	t.Helper()
	s, err := scheduler.New(d)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	return s
}

func stop(t *testing.T, s *scheduler.Scheduler) {
	t.Helper()
	if err := s.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

// world is everything the delivery reads, as tests set it.
type world struct {
	mu        sync.Mutex
	bookings  map[string]scheduler.BookingView
	people    map[string]account.Contacts
	staff     map[string][]string
	invites   map[string]survey.Message
	tickets   map[string]survey.Ticket
	codes     map[string]account.CodeMessage
	uses      map[string]survey.Use
	asks      map[string]scheduler.InquiryView
	cases     map[string]survey.CaseMessage
	strikes   map[string]scheduler.StrikeView
	waiting   map[string]scheduler.WaitingView
	completed []survey.Use
	nothing   []survey.Use // bookings that came to nothing
	trained   []survey.Use
	delivered []string
	managers  []string
	months    map[string]scheduler.MonthView // by account
	out       []string                       // tickets whose machines were taken out of use
}

func newWorld() *world {
	return &world{
		bookings: map[string]scheduler.BookingView{}, people: map[string]account.Contacts{}, staff: map[string][]string{},
		invites: map[string]survey.Message{}, tickets: map[string]survey.Ticket{}, codes: map[string]account.CodeMessage{},
		uses: map[string]survey.Use{}, asks: map[string]scheduler.InquiryView{}, cases: map[string]survey.CaseMessage{}, months: map[string]scheduler.MonthView{}, strikes: map[string]scheduler.StrikeView{}, waiting: map[string]scheduler.WaitingView{},
	}
}

func look[T any](w *world, from map[string]T, id string) (T, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, ok := from[id]
	if !ok {
		return v, fault.ErrNotFound
	}
	return v, nil
}

func (w *world) Message(_ context.Context, id string) (scheduler.BookingView, error) {
	return look(w, w.bookings, id)
}
func (w *world) Contacts(_ context.Context, id string) (account.Contacts, error) {
	if id == "panics" {
		panic("a bug")
	}
	return look(w, w.people, id)
}
func (w *world) StaffOf(_ context.Context, center string) ([]string, error) {
	return w.staff[center], nil
}
func (w *world) Invitation(_ context.Context, id string) (survey.Message, error) {
	return look(w, w.invites, id)
}
func (w *world) Inquiry(_ context.Context, id string) (scheduler.InquiryView, error) {
	return look(w, w.asks, id)
}
func (w *world) Strike(_ context.Context, id string) (scheduler.StrikeView, error) {
	return look(w, w.strikes, id)
}
func (w *world) Waiting(_ context.Context, center string) (scheduler.WaitingView, error) {
	return look(w, w.waiting, center)
}
func (w *world) Ticket(_ context.Context, id string) (survey.Ticket, error) {
	return look(w, w.tickets, id)
}
func (w *world) CodeMessage(_ context.Context, id string) (account.CodeMessage, error) {
	return look(w, w.codes, id)
}

func (w *world) Use(_ context.Context, id string) (survey.Use, bool, error) {
	u, err := look(w, w.uses, id)
	return u, err == nil, nil
}

// Unused is what a test put in as "not " and the booking.
func (w *world) Unused(_ context.Context, id string) (survey.Use, bool, error) {
	u, err := look(w, w.uses, "not "+id)
	return u, err == nil, nil
}

func (w *world) Place(_ context.Context, center, _ string) (scheduler.Place, error) {
	if center == "" {
		return scheduler.Place{}, errors.New("no center was asked for")
	}
	return place, nil
}

func (w *world) Sender(context.Context) (lang.Text, *time.Location, error) {
	return lang.Text{Ko: "시험 공방", En: "Test Workshop"}, seoul, nil
}

func (w *world) Completed(_ context.Context, u survey.Use) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.completed = append(w.completed, u)
	return nil
}

func (w *world) ManagersOf(_ context.Context, center string) ([]string, error) {
	return look(w, w.staff, center)
}

func (w *world) Managers(context.Context) ([]string, error) { return w.managers, nil }

func (w *world) Month(_ context.Context, actor account.Actor, _ string) (scheduler.MonthView, error) {
	return look(w, w.months, actor.ID)
}

func (w *world) TakeOut(_ context.Context, t survey.Ticket) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.out = append(w.out, t.ID)
	return nil
}

func (w *world) CaseMessage(_ context.Context, id string) (survey.CaseMessage, error) {
	return look(w, w.cases, id)
}

func (w *world) NotUsed(_ context.Context, u survey.Use) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.nothing = append(w.nothing, u)
	return nil
}

func (w *world) Trained(_ context.Context, u survey.Use) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trained = append(w.trained, u)
	return nil
}

func (w *world) Delivered(_ context.Context, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.delivered = append(w.delivered, id)
	return nil
}

func (w *world) Survey(token string) (link, optOut string) {
	return "https://demo.test/s/" + token, "https://demo.test/s/" + token + "/no"
}

// addresses keeps Links.Ticket apart from Tickets.Ticket.
type addresses struct{ *world }

func (a addresses) Ticket(center, id string) string {
	return "https://demo.test/desk/" + center + "/" + id
}
func (a addresses) Case(id string) string { return "https://demo.test/manage/cases/" + id }
func (a addresses) Results(center, month string) string {
	return "https://demo.test/manage?center=" + center + "&from=" + month
}
func (a addresses) MonthlyMail() string { return "https://demo.test/me#monthly" }
func (a addresses) OwnCases() string    { return "https://demo.test/me#cases" }

var place = scheduler.Place{
	Center: lang.Text{Ko: "시험 센터", En: "Test Center"}, Equipment: lang.Text{Ko: "자동 재단기", En: "Automatic cutter"}, Phone: "02-123-4567",
}

func delivery(t *testing.T, o scheduler.Outbox, w *world, post scheduler.Post) *scheduler.Delivery {
	t.Helper()
	d, err := scheduler.NewDelivery(scheduler.DeliveryDeps{
		Outbox: o, Bookings: w, People: w, Surveys: w, Months: w, Tickets: w, Dangers: w, Codes: w, Links: addresses{w}, Post: post, Clock: time.Now, Log: quiet,
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}
