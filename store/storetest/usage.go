package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/store"
)

// usageCatalog: a center with a lunch break, one that is always open; machines
// with several units, staff-run, not yet bookable, and booked elsewhere.
const usageCatalog = `{"catalog":"usage","time_zone":"Asia/Seoul","holidays":[{"date":"2026-11-25","ko":"쉬는 날","en":"Day off"}],
"categories":[{"id":"cut","name":{"ko":"재단","en":"Cutting"}},{"id":"sew","name":{"ko":"재봉","en":"Sewing"}}],"centers":[
{"id":"a","name":{"ko":"가 센터","en":"Center A"},"operator":"city","district":"금천구","sectors":["apparel"],"closed_on_public_holidays":true,
"hours":{"mon":[["09:00","12:00"],["13:00","18:30"]],"tue":["09:00","18:00"],"wed":["09:00","18:00"],"thu":["22:00","24:00"],"fri":["00:00","02:00"]},
"closures":[{"from":"2026-11-24T10:30","to":"2026-11-24T15:00","reason":{"ko":"청소","en":"Cleaning"}}],"eligibility":{"groups":"anyone"},"equipment":[
{"id":"a1","name":{"ko":"재단기","en":"Cutter"},"category":"cut","quantity":2,"mode":"self","fee_krw_per_hour":0},
{"id":"a2","name":{"ko":"재봉기","en":"Sewing machine"},"category":"sew","quantity":1,"mode":"operator","fee_krw_per_hour":0},
{"id":"a3","name":{"ko":"새 재봉기","en":"New sewing machine"},"category":"sew","quantity":1,"mode":"self","fee_krw_per_hour":0,"bookable_from":"2026-11-26"},
{"id":"a4","name":{"ko":"남의 재단기","en":"Cutter elsewhere"},"category":"cut","quantity":1,"mode":"self","fee_krw_per_hour":0,"booking":"none"}]},
{"id":"b","name":{"ko":"나 센터","en":"Center B"},"operator":"city","district":"성동구","sectors":["apparel"],"closed_on_public_holidays":false,
"hours":{"mon":["00:00","24:00"],"tue":["00:00","24:00"],"wed":["00:00","24:00"],"thu":["00:00","24:00"],"fri":["00:00","24:00"],"sat":["00:00","24:00"],"sun":["00:00","24:00"]},
"eligibility":{"groups":"anyone"},"equipment":[
{"id":"b1","name":{"ko":"재단기","en":"Cutter"},"category":"cut","quantity":1,"mode":"self","fee_krw_per_hour":0}]}]}`

// Usage holds the reports of use against a model that looks at every minute of
// every booking, and against what the engine itself writes.
func Usage(t *testing.T, open Opener) {
	t.Run("model", func(t *testing.T) { usageModel(t, open) })
	t.Run("engine", func(t *testing.T) { usageEngine(t, open) })
	t.Run("who", func(t *testing.T) { usageWho(t, open) })
	t.Run("query", func(t *testing.T) { usageQuery(t, open) })
}

var director = account.Actor{ID: "director", Grants: []account.Grant{{Role: account.Manager}}}

type usageWorld struct {
	*Engine
	people   []string
	firms    map[string]string // by account
	bookings []*booking.Booking
	outages  []*booking.Outage
}

func newUsageWorld(t *testing.T, open Opener) *usageWorld {
	clock := &Clock{}
	clock.Set(At(0, 9, 0))
	db := open(t, func(o *store.Options) { o.Clock = clock.Now })
	ImportCatalog(t, db, usageCatalog)
	w := &usageWorld{Engine: EngineOver(t, db, clock, nil), firms: map[string]string{}}
	for i := range 4 {
		w.people = append(w.people, w.Citizen(t, i).ID)
	}
	w.exec(t, `INSERT INTO firm (id, business_number, name, created_at) VALUES ('f1', '1', '업체1', 0), ('f2', '2', '업체2', 0)`)
	for i, firm := range []string{"f1", "f1", "f2"} { // the third was never confirmed, the fourth claims nothing
		confirmed := any(int64(1))
		if i == 2 {
			confirmed = nil
		} else {
			w.firms[w.people[i]] = firm
		}
		w.exec(t, `INSERT INTO firm_claim (account_id, firm_id, claimed_at, confirmed_at) VALUES ($1, $2, 0, $3)`, w.people[i], firm, confirmed)
	}
	return w
}

func (w *usageWorld) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	_, err := store.Do(context.Background(), w.DB, func(ctx context.Context, tx *store.Tx) (int64, error) { return tx.Exec(ctx, query, args...) })
	if err != nil {
		t.Fatal(err)
	}
}

// draw fills the database with anything a row may say, the impossible too.
func (w *usageWorld) draw(r *rapid.T, t *testing.T) {
	w.exec(t, `DELETE FROM booking`)
	w.exec(t, `DELETE FROM outage`)
	w.bookings, w.outages = nil, nil
	minute := rapid.IntRange(-200, 200)
	for i := range rapid.IntRange(0, 12).Draw(r, "bookings") {
		start := At(0, 0, 5*rapid.IntRange(-4*24*12, 14*24*12).Draw(r, "start"))
		b := &booking.Booking{ID: fmt.Sprintf("b%03d", i), Code: "X", Version: 1, Unit: 1, Start: start.UTC(), MadeBy: "x", CreatedAt: start.UTC(), Counted: true,
			End:         start.Add(time.Duration(rapid.IntRange(1, 48).Draw(r, "length")) * 30 * time.Minute).UTC(),
			EquipmentID: rapid.SampledFrom([]string{"a1", "a1", "a2", "a3", "a4", "b1"}).Draw(r, "machine"),
			AccountID:   rapid.SampledFrom(w.people).Draw(r, "who"),
			Origin:      rapid.SampledFrom([]booking.Origin{booking.Online, booking.AtDesk, booking.WalkIn, booking.Continued}).Draw(r, "origin"),
			Status: rapid.SampledFrom([]booking.Status{booking.Completed, booking.Completed, booking.CheckedIn, booking.Confirmed, booking.NoShow,
				booking.Cancelled, booking.Pending, booking.Rejected, booking.Offered}).Draw(r, "status")}
		b.CenterID, b.BusyUntil = b.EquipmentID[:1], b.End
		near := func(at time.Time, name string) *time.Time {
			if rapid.IntRange(0, 3).Draw(r, name+"?") == 0 {
				return nil
			}
			v := at.Add(time.Duration(minute.Draw(r, name))*time.Minute + 37*time.Second)
			return &v
		}
		switch b.Status {
		case booking.CheckedIn, booking.Completed:
			b.CheckedInAt = near(b.Start, "in")
		}
		if b.Status != booking.Confirmed && b.Status != booking.Pending {
			b.EndedAt = near(b.End, "out")
		}
		w.bookings = append(w.bookings, b)
	}
	for i := range rapid.IntRange(0, 3).Draw(r, "outages") {
		from := At(0, 0, 11*rapid.IntRange(-600, 600).Draw(r, "from")).UTC()
		o := &booking.Outage{ID: fmt.Sprintf("o%d", i), EquipmentID: rapid.SampledFrom([]string{"a1", "a2", "b1"}).Draw(r, "broken"), Unit: rapid.IntRange(0, 1).Draw(r, "unit"),
			From: from, Kind: booking.Fault, Reason: "x", CreatedAt: from}
		o.CenterID = o.EquipmentID[:1]
		to := from.Add(time.Duration(rapid.IntRange(1, 3000).Draw(r, "to")) * time.Minute)
		if rapid.Bool().Draw(r, "ended") {
			o.To = &to
		} else {
			o.ExpectedUntil = &to
		}
		w.outages = append(w.outages, o)
	}
	_, err := store.NewBookings(w.DB).Do(context.Background(), func(ctx context.Context, tx booking.Tx) (any, error) {
		for _, b := range w.bookings {
			if err := tx.Insert(ctx, b); err != nil {
				return nil, err
			}
		}
		for _, o := range w.outages {
			n := *o
			if err := tx.SaveOutage(ctx, &n); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func usageModel(t *testing.T, open Opener) {
	w := newUsageWorld(t, open)
	rapid.Check(t, func(r *rapid.T) {
		w.draw(r, t)
		w.Clock.Set(At(0, 9, rapid.IntRange(0, 12*24*60).Draw(r, "now")).Add(42 * time.Second))
		today := booking.DateOf(w.Clock.Now(), Seoul)
		q := booking.UsageQuery{GroupBy: rapid.SampledFrom([]string{"", "center", "category", "equipment", "month"}).Draw(r, "by"),
			Center:   rapid.SampledFrom([]string{"", "", "a", "b"}).Draw(r, "center"),
			Category: rapid.SampledFrom([]string{"", "", "cut", "sew"}).Draw(r, "category"),
			From:     today.Add(-rapid.IntRange(0, 16).Draw(r, "back"))}
		q.To = q.From.Add(rapid.IntRange(0, 25).Draw(r, "days"))
		got, err := w.Usage(context.Background(), director, q)
		if err != nil {
			r.Fatal(explain(err))
		}
		m := w.model(t, q)
		m.compare(r, got)
	})
}

// modelUsage is the report by looking at each minute of each booking.
type modelUsage struct {
	groups  map[string]*booking.UsageGroup
	people  map[string]map[string]bool
	firms   map[string]map[string]bool
	week    [7][24]booking.UsageHour
	leftOut int
}

func (m *modelUsage) group(key string) *booking.UsageGroup {
	if m.groups[key] == nil {
		m.groups[key] = &booking.UsageGroup{}
		m.people[key], m.firms[key] = map[string]bool{}, map[string]bool{}
	}
	return m.groups[key]
}

func (w *usageWorld) model(t *testing.T, q booking.UsageQuery) *modelUsage {
	m := &modelUsage{groups: map[string]*booking.UsageGroup{}, people: map[string]map[string]bool{}, firms: map[string]map[string]bool{}}
	c, err := w.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	now := w.Clock.Now().Truncate(time.Minute)
	begin, end := q.From.At(0, Seoul), q.To.Add(1).At(0, Seoul)
	if end.After(now) {
		end = now
	}
	keys := func(e *booking.Equipment, at time.Time) []string {
		key := map[string]string{"center": e.Center.ID, "category": e.Category, "equipment": e.ID, "month": booking.DateOf(at, Seoul).Month()}[q.GroupBy]
		if key == "" {
			return []string{"total"}
		}
		return []string{"total", key}
	}
	first := map[string]*booking.Booking{}
	for _, b := range w.bookings {
		if x := first[b.AccountID]; came(b) && (x == nil || b.Start.Before(x.Start) || b.Start.Equal(x.Start) && b.ID < x.ID) {
			first[b.AccountID] = b
		}
	}
	for _, b := range w.bookings {
		e, _ := c.Machine(b.EquipmentID)
		if b.Start.Before(begin) || !b.Start.Before(end) || q.Center != "" && b.CenterID != q.Center || q.Category != "" && e.Category != q.Category {
			continue
		}
		if e.ID == "a4" {
			if stood(b) {
				m.leftOut++
			}
			continue
		}
		for _, key := range keys(e, b.Start) {
			g := m.group(key)
			m.count(g, b, e, now)
			if came(b) {
				m.people[key][b.AccountID] = true
				if f := w.firms[b.AccountID]; f != "" {
					m.firms[key][f] = true
				}
				if first[b.AccountID] == b {
					g.FirstTime++
				}
			}
		}
		for at := b.Start; at.Before(b.End) && at.Before(now); at = at.Add(time.Minute) {
			if came(b) && state(b, at) == "used" {
				local := at.In(Seoul)
				m.week[(int(local.Weekday())+6)%7][local.Hour()].Used++
			}
		}
	}
	w.modelOpen(c, q, booking.Interval{Start: begin, End: end}, func(e *booking.Equipment, at time.Time) {
		for _, key := range keys(e, at) {
			m.group(key).Minutes.Open++
		}
		local := at.In(Seoul)
		m.week[(int(local.Weekday())+6)%7][local.Hour()].Open++
	})
	return m
}

// modelOpen visits every open minute of every unit.
func (w *usageWorld) modelOpen(c *booking.Catalog, q booking.UsageQuery, whole booking.Interval, visit func(*booking.Equipment, time.Time)) {
	now := w.Clock.Now()
	for _, center := range c.Centers {
		if q.Center != "" && center.ID != q.Center {
			continue
		}
		var day booking.Day
		for at := whole.Start; at.Before(whole.End); at = at.Add(time.Minute) {
			if d := booking.DateOf(at, Seoul); d != day.Date {
				day = c.Day(center, d)
			}
			if !slices.ContainsFunc(day.Open, func(i booking.Interval) bool { return i.Has(at) }) {
				continue
			}
			for _, e := range center.Equipment {
				if e.ID == "a4" || e.ID == "a3" && day.Date < "2026-11-26" || q.Category != "" && e.Category != q.Category {
					continue
				}
				for unit := 1; unit <= e.Quantity; unit++ {
					if !slices.ContainsFunc(w.outages, func(o *booking.Outage) bool {
						return o.EquipmentID == e.ID && (o.Unit == 0 || o.Unit == unit) && o.Interval(now.Truncate(time.Minute)).Has(at)
					}) {
						visit(e, at)
					}
				}
			}
		}
	}
}

func came(b *booking.Booking) bool {
	return b.CheckedInAt != nil && (b.Status == booking.CheckedIn || b.Status == booking.Completed)
}

func stood(b *booking.Booking) bool {
	return b.Status == booking.Confirmed || b.Status == booking.CheckedIn || b.Status == booking.Completed || b.Status == booking.NoShow
}

// state is what a minute of a booking was.
func state(b *booking.Booking, at time.Time) string {
	ended := b.EndedAt != nil && !at.Before(b.EndedAt.Truncate(time.Minute))
	switch {
	case b.Status == booking.Confirmed:
		return "undecided"
	case b.Status == booking.NoShow && ended:
		return "released"
	case b.Status == booking.NoShow:
		return "no_show"
	case !came(b):
		return "unknown"
	case at.Before(b.CheckedInAt.Truncate(time.Minute)):
		return "idle" // also where somebody wrote a finish before the check-in
	case ended:
		return "released"
	}
	return "used"
}

func (m *modelUsage) count(g *booking.UsageGroup, b *booking.Booking, e *booking.Equipment, now time.Time) {
	ahead := b.Origin == booking.Online || b.Origin == booking.AtDesk
	if ahead && (stood(b) || b.Status == booking.Cancelled) {
		g.Counts.Made++
	}
	if ahead && b.Status == booking.Cancelled {
		g.Counts.Cancelled++
	}
	if !stood(b) {
		return
	}
	g.Counts.Bookings++
	if ahead && came(b) || b.Status == booking.NoShow {
		g.Counts.Expected++
	}
	switch {
	case b.Status == booking.NoShow:
		g.Counts.NoShows++
	case b.Status == booking.Confirmed:
		g.Counts.Undecided++
	case came(b):
		g.Counts.Attended++
	default:
		g.Counts.Unknown++
	}
	n := &g.Minutes
	for at := b.Start; at.Before(b.End) && at.Before(now); at = at.Add(time.Minute) {
		n.Booked++
		*map[string]*int{"used": &n.Used, "idle": &n.Idle, "released": &n.Released, "no_show": &n.NoShow, "unknown": &n.Unknown, "undecided": &n.Undecided}[state(b, at)]++
	}
	if came(b) && b.EndedAt != nil && e.Mode == booking.Self {
		n.Overrun += max(0, int(b.EndedAt.Truncate(time.Minute).Sub(b.End)/time.Minute))
	}
}

func (m *modelUsage) compare(r *rapid.T, got *booking.Usage) {
	m.group("total")
	seen := map[string]bool{}
	for _, g := range append([]booking.UsageGroup{got.Total}, got.Groups...) {
		seen[g.Key] = true
		want := m.group(g.Key)
		want.People, want.Firms = len(m.people[g.Key]), len(m.firms[g.Key])
		want.Key, want.Label = g.Key, g.Label
		if *want != g {
			r.Fatalf("%s of %+v\n got %+v\nwant %+v", g.Key, got.Filter, g, *want)
		}
		if n := g.Minutes; n.Booked != n.Used+n.Idle+n.Released+n.NoShow+n.Unknown+n.Undecided {
			r.Fatalf("%s: booked minutes have a rest: %+v", g.Key, n)
		}
		if n := g.Counts; n.Bookings != n.Attended+n.NoShows+n.Unknown+n.Undecided {
			r.Fatalf("%s: bookings have a rest: %+v", g.Key, n)
		}
	}
	for key, g := range m.groups {
		if !seen[key] && *g != (booking.UsageGroup{}) {
			r.Fatalf("%s is missing: %+v", key, *g)
		}
	}
	if got.Week != m.week {
		r.Fatalf("week\n got %v\nwant %v", got.Week, m.week)
	}
	if got.LeftOut != m.leftOut {
		r.Fatalf("left out %d, want %d", got.LeftOut, m.leftOut)
	}
}

// usageEngine looks at rows that the engine itself wrote.
func usageEngine(t *testing.T, open Opener) {
	e := NewEngine(t, open, nil)
	ctx := context.Background()
	late, missed, dropped := e.Citizen(t, 1), e.Citizen(t, 2), e.Citizen(t, 3)
	came := e.MustBook(t, late, Want("one", At(0, 10, 0), 120))
	gone := e.MustBook(t, missed, Want("row", At(0, 10, 0), 60))
	off := e.MustBook(t, dropped, Want("row", At(0, 10, 0), 60))
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(explain(err))
		}
	}
	_, err := e.Cancel(ctx, dropped, off.ID, booking.AttendRequest{})
	do(err)
	e.Clock.Set(At(0, 10, 20))
	_, err = e.CheckIn(ctx, e.Staff, came.ID, booking.AttendRequest{})
	do(err)
	_, err = e.MarkNoShow(ctx, e.Staff, gone.ID, booking.AttendRequest{})
	do(err)
	e.Clock.Set(At(0, 11, 30))
	_, err = e.Finish(ctx, e.Staff, came.ID, booking.AttendRequest{})
	do(err)
	e.Clock.Set(At(0, 13, 0))
	got, err := e.Usage(ctx, director, booking.UsageQuery{From: "2026-11-23", To: "2026-11-23"})
	do(err)
	// 77 units stand ready from midnight to 13:00.
	want := booking.UsageMinutes{Open: 77 * 13 * 60, Booked: 180, Used: 70, Idle: 20, Released: 30 + 40, NoShow: 20}
	if got.Total.Minutes != want {
		t.Errorf("minutes %+v, want %+v", got.Total.Minutes, want)
	}
	if n := (booking.UsageCounts{Bookings: 2, Attended: 1, NoShows: 1, Cancelled: 1, Expected: 2, Made: 3}); got.Total.Counts != n {
		t.Errorf("counts %+v, want %+v", got.Total.Counts, n)
	}
	if got.Total.People != 1 || got.Total.FirstTime != 1 || got.Week[0][10].Used != 40 || got.Week[0][11].Used != 30 {
		t.Errorf("%d people, %d first time, %v", got.Total.People, got.Total.FirstTime, got.Week[0])
	}
}

func usageWho(t *testing.T, open Opener) {
	w := newUsageWorld(t, open)
	ctx := context.Background()
	own := account.Actor{ID: "m", Grants: []account.Grant{{Role: account.Manager, Center: "a"}}}
	got, err := w.Usage(ctx, own, booking.UsageQuery{})
	if err != nil || !slices.Equal(got.Filter.Centers, []string{"a"}) {
		t.Errorf("a manager of a is told about %v, %v", got.Filter.Centers, err)
	}
	for _, c := range []struct {
		actor  account.Actor
		center string
		code   string
	}{{own, "b", "forbidden"}, {own, "a", ""}, {director, "b", ""}, {director, "none", "not_found"}, {account.Actor{}, "", "unauthenticated"},
		{account.Actor{ID: "s", Grants: []account.Grant{{Role: account.Staff, Center: "a"}}}, "a", "forbidden"}, {account.Actor{ID: "c"}, "", "forbidden"}} {
		_, err := w.Usage(ctx, c.actor, booking.UsageQuery{Center: c.center})
		if c.code == "" && err != nil || c.code != "" && Refused(t, err, c.code) == nil {
			t.Errorf("%+v at %q: %v", c.actor, c.center, err)
		}
	}
}

func usageQuery(t *testing.T, open Opener) {
	w := newUsageWorld(t, open)
	for _, c := range []struct {
		q        booking.UsageQuery
		from, to booking.Date
		field    string
	}{
		{booking.UsageQuery{}, "2026-11-01", "2026-11-23", ""},
		{booking.UsageQuery{To: "2026-10-10"}, "2026-10-01", "2026-10-10", ""},
		{booking.UsageQuery{From: "2026-12-10"}, "2026-12-10", "2026-12-10", ""},
		{booking.UsageQuery{From: "2025-11-01", To: "2026-11-30"}, "2025-11-01", "2026-11-30", ""},
		{booking.UsageQuery{From: "2025-11-01", To: "2026-12-01"}, "", "", "to"},
		{booking.UsageQuery{From: "2026-11-02", To: "2026-11-01"}, "", "", "to"},
		{booking.UsageQuery{From: "2026-11-31"}, "", "", "from"},
		{booking.UsageQuery{GroupBy: "person"}, "", "", "group_by"},
	} {
		got, err := w.Usage(context.Background(), director, c.q)
		if c.field != "" {
			if f := Refused(t, err, "validation"); f.Fields[0].Field != c.field {
				t.Errorf("%+v: %v", c.q, f.Fields)
			}
			continue
		}
		if err != nil || got.Filter.From != c.from || got.Filter.To != c.to {
			t.Errorf("%+v: %+v %v", c.q, got, err)
		}
	}
}
