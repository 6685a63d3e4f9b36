package storetest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/store"
	"gongbang/store/memory"
)

// Seoul is the zone of the test catalog; a fixed offset, so that no zone file is needed.
var Seoul = time.FixedZone("KST", 9*3600)

// Clock is a clock a test sets.
type Clock struct{ ms atomic.Int64 }

// Now is the set time.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Load()).UTC() }

// Set moves the clock.
func (c *Clock) Set(t time.Time) { c.ms.Store(t.UnixMilli()) }

// Add moves the clock by d.
func (c *Clock) Add(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// Engine is the whole engine over one real database.
type Engine struct {
	*booking.Service
	DB       *store.DB
	Clock    *Clock
	Accounts *account.Service
	Staff    account.Actor
}

// testCatalog has one center that is open round the clock. Machines: one
// cutter, a row of eight, a laser that staff approve, one with cleaning time,
// one that staff run, one with a limit of three upcoming bookings.
const testCatalog = `{"catalog":"test","time_zone":"Asia/Seoul","centers":[{"id":"c","name":{"ko":"시험 센터","en":"Test Center"},"operator":"city","district":"금천구",
"sectors":["apparel"],"hours":{"mon":["00:00","24:00"],"tue":["00:00","24:00"],"wed":["00:00","24:00"],"thu":["00:00","24:00"],"fri":["00:00","24:00"],"sat":["00:00","24:00"],"sun":["00:00","24:00"]},
"closed_on_public_holidays":false,"eligibility":{"groups":"anyone"},"policy":{"slot_minutes":30,"max_minutes":240},"equipment":[
{"id":"one","name":{"ko":"재단기","en":"Cutter"},"category":"cutting","quantity":1,"mode":"self","fee_krw_per_hour":0},
{"id":"row","name":{"ko":"재봉기","en":"Sewing machine"},"category":"sewing","quantity":8,"mode":"self","fee_krw_per_hour":0},
{"id":"laser","name":{"ko":"레이저","en":"Laser"},"category":"marking","quantity":1,"mode":"self","fee_krw_per_hour":0,"policy":{"approval":{"by":"staff","answer_within_hours":24}}},
{"id":"clean","name":{"ko":"도장기","en":"Coater"},"category":"finishing","quantity":1,"mode":"self","fee_krw_per_hour":0,"policy":{"buffer_minutes":30}},
{"id":"staffed","name":{"ko":"자동재단기","en":"Automatic cutter"},"category":"cutting","quantity":1,"mode":"operator","fee_krw_per_hour":0},
{"id":"few","name":{"ko":"자수기","en":"Embroidery machine"},"category":"embroidery","quantity":64,"mode":"self","fee_krw_per_hour":0,"policy":{"limits":[{"count":"upcoming","max":3,"by":"person","over":"category"}]}},
{"id":"strict","name":{"ko":"촬영실","en":"Studio"},"category":"studio","quantity":1,"mode":"self","fee_krw_per_hour":0,"policy":{"late_cancel":"refused","capacity":3,"requires_certificate":{"key":"studio","if_missing":"ask_staff"}}}
]}]}`

// NewEngine opens a database and puts the engine over it; locks nil means locks inside the process.
func NewEngine(t *testing.T, open Opener, locks booking.Locker, changes ...func(*store.Options)) *Engine {
	t.Helper()
	clock := &Clock{}
	clock.Set(time.Date(2026, 11, 23, 9, 0, 0, 0, Seoul)) // a Monday
	db := open(t, append(changes, func(o *store.Options) { o.Clock = clock.Now })...)
	ImportCatalog(t, db, testCatalog)
	return EngineOver(t, db, clock, locks)
}

// ImportCatalog makes a catalog the one in force.
func ImportCatalog(t testing.TB, db *store.DB, catalog string) {
	t.Helper()
	file, problems := store.ReadCatalog(inForce(t, catalog))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if _, err := store.SaveCatalog(context.Background(), db, file, "", nil); err != nil {
		t.Fatal(err)
	}
}

// inForce writes into each policy of a catalog that it is in force already: a
// changed one would wait for the next opening of the window.
func inForce(t testing.TB, catalog string) []byte {
	t.Helper()
	var doc any
	if err := json.Unmarshal([]byte(catalog), &doc); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			if p, ok := v["policy"].(map[string]any); ok && p["effective_from"] == nil {
				p["effective_from"] = "2026-01-01"
			}
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(doc)
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// EngineOver is a process over a database: services of its own.
func EngineOver(t testing.TB, db *store.DB, clock *Clock, locks booking.Locker) *Engine {
	t.Helper()
	key := []byte("0123456789abcdef0123456789abcdef")
	accounts, err := account.New(account.Deps{Store: store.NewAccounts(db), Clock: clock.Now, NewID: uuid.NewString, Random: rand.Reader,
		Key: key, Gateway: func() bool { return false }})
	if err != nil {
		t.Fatal(err)
	}
	if locks == nil {
		if locks, err = memory.NewLocker(memory.Deps{Clock: clock.Now}); err != nil {
			t.Fatal(err)
		}
	}
	svc, err := booking.New(booking.Deps{Store: store.NewBookings(db), Locks: locks, Watch: silent{}, Guests: accounts, Clock: clock.Now,
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, NewCode: newCode, Key: key, MustVerify: func() bool { return false }})
	if err != nil {
		t.Fatal(err)
	}
	return &Engine{Service: svc, DB: db, Clock: clock, Accounts: accounts,
		Staff: account.Actor{ID: "staff-1", Grants: []account.Grant{{Role: account.Staff, Center: "c"}}}}
}

type silent struct{}

func (silent) Changed(string, ...booking.Date) {}

func newCode() string {
	var raw [8]byte
	_, _ = rand.Read(raw[:])
	for i, b := range raw {
		raw[i] = booking.CodeAlphabet[int(b)%len(booking.CodeAlphabet)]
	}
	return string(raw[:])
}

// YesLocker says yes to everybody: no lock layer at all.
type YesLocker struct{}

// Acquire gives everybody the first unit.
func (YesLocker) Acquire(_ context.Context, c booking.Claim) (booking.Held, bool, error) {
	return booking.Held{Equipment: c.Equipment, Unit: c.Units[0], Interval: c.Interval, Owner: c.Owner}, true, nil
}

// Extend knows no claim.
func (YesLocker) Extend(context.Context, string, int, booking.Interval, string, time.Duration) (booking.Held, error) {
	return booking.Held{}, booking.ErrNotHeld
}

// Release has nothing to drop.
func (YesLocker) Release(context.Context, string, string, booking.Interval) error { return nil }

// List shows nothing.
func (YesLocker) List(context.Context, string, booking.Interval) ([]booking.Held, error) {
	return nil, nil
}

// Swap remembers nothing.
func (YesLocker) Swap(context.Context, string, booking.Held, time.Duration) (*booking.Held, error) {
	return nil, nil
}

// Citizen makes an account and returns who it is.
func (e *Engine) Citizen(t testing.TB, n int) account.Actor {
	t.Helper()
	yes := true
	a, created, err := e.Accounts.SignUp(context.Background(), account.Actor{Address: "127.0.0.1"}, account.SignUp{
		Name: account.Secret(fmt.Sprintf("시민%d", n)), Phone: account.Secret(fmt.Sprintf("010-%04d-%04d", n/10000+1000, n%10000)),
		Consents: account.Consents{Terms: &yes, Privacy: &yes}})
	if err != nil || !created {
		t.Fatalf("citizen %d: created %v, %v", n, created, err)
	}
	return account.Actor{ID: a.ID, Grants: []account.Grant{{Role: account.Citizen}}}
}

// At is a time on day days from the test's Monday, in Seoul.
func At(day, hour, minute int) time.Time {
	return time.Date(2026, 11, 23+day, hour, minute, 0, 0, Seoul)
}

// Want is a plain request for a machine.
func Want(equipment string, start time.Time, minutes int) booking.BookRequest {
	return booking.BookRequest{EquipmentID: equipment, Start: start, End: start.Add(time.Duration(minutes) * time.Minute)}
}

// MustBook books or fails the test.
func (e *Engine) MustBook(t testing.TB, who account.Actor, req booking.BookRequest) *booking.View {
	t.Helper()
	v, _, err := e.Book(context.Background(), who, req)
	if err != nil {
		t.Fatalf("book %s at %s: %v", req.EquipmentID, req.Start, explain(err))
	}
	return v
}

// explain shows what a refusal carries.
func explain(err error) string {
	if f, ok := fault.As(err); ok {
		extra, _ := json.Marshal(f.Extra)
		return fmt.Sprintf("%v %v %s", err, f.Fields, extra)
	}
	return fmt.Sprint(err)
}

// Refused demands a refusal with this code, or with this violation.
func Refused(t testing.TB, err error, code string) *fault.Fault {
	t.Helper()
	f, ok := fault.As(err)
	if ok && f.Code == code {
		return f
	}
	if ok && f.Code == "policy" {
		for _, v := range f.Extra["violations"].([]booking.Violation) {
			if v.Code == code {
				return f
			}
		}
	}
	t.Fatalf("want %s, got %s", code, explain(err))
	return nil
}

// Overlaps counts pairs of occupying bookings of one unit that overlap, by a
// join that relies on no trigger and no constraint.
func Overlaps(t testing.TB, db *store.DB) int {
	t.Helper()
	n, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (int, error) {
		var n int
		err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM booking a JOIN booking b ON a.equipment_id = b.equipment_id AND a.unit = b.unit AND a.id < b.id
			AND a.starts_at < b.busy_until AND b.starts_at < a.busy_until WHERE a.occupies = 1 AND b.occupies = 1`).Scan(&n)
		return n, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
