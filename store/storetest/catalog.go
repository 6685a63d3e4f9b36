package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/store"
	"gongbang/testdata"
)

// Catalog is the contract of the import and of what is read back.
func Catalog(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Opener)
	}{
		{"empty before the first import", catalogEmpty},
		{"the real catalog, twice", catalogTwice},
		{"what is gone is retired and can come back", catalogRetires},
		{"holidays that are left out stay", catalogKeepsHolidays},
		{"the order of the file is kept", catalogOrder},
		{"a cache sees each import", catalogCache},
		{"imports at once", catalogAtOnce},
		{"a machine does not change its center", catalogMoves},
		{"a unit with bookings stays", catalogQuantity},
		{"a change that breaks bookings is asked about", catalogAffected},
		{"what an import cancels is cancelled with it", catalogCancels},
		{"a refused import saves nothing", catalogRefused},
		{"an import against bookings at once", catalogAgainstBookings},
		{"a changed policy waits for its time", policyVersions},
		{"the version in force judges", versionJudges},
		{"a version that could not be read is refused", unsoundVersions},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open) })
	}
}

// week is one opening on all days.
func week(from, to string) string {
	var days []string
	for _, d := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		days = append(days, fmt.Sprintf(`%q: [%q, %q]`, d, from, to))
	}
	return "{" + strings.Join(days, ",") + "}"
}

const machineOne = `{"id": "one", "name": {"ko": "하나", "en": "One"}, "category": "k", "quantity": 2}`

// catalogText is a catalog of one center "c"; top and center add fields.
func catalogText(top, hours, center string, machines ...string) string {
	return fmt.Sprintf(`{"catalog": "t", "time_zone": "Asia/Seoul" %s, "centers": [{"id": "c", "name": {"ko": "센터", "en": "Center"}, "hours": %s %s, "equipment": [%s]}]}`,
		top, hours, center, strings.Join(machines, ","))
}

func readCatalog(t *testing.T, text string) *booking.CatalogFile {
	t.Helper()
	f, problems := store.ReadCatalog([]byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return f
}

func saveCatalog(t *testing.T, db *store.DB, text, affected string) store.SavedCatalog {
	t.Helper()
	saved, err := store.SaveCatalog(context.Background(), db, readCatalog(t, text), affected, nil)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func loadCatalog(t *testing.T, db *store.DB) *booking.Catalog {
	t.Helper()
	c, err := store.Read(context.Background(), db, store.LoadCatalog)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func catalogEmpty(t *testing.T, open Opener) {
	c := loadCatalog(t, open(t))
	if c.Revision != 0 || len(c.Centers) != 0 || len(c.Search(booking.SearchQuery{})) != 0 || c.Zone == nil {
		t.Errorf("%+v", c)
	}
}

func catalogTwice(t *testing.T, open Opener) {
	db := open(t)
	first := saveCatalog(t, db, string(testdata.Seoul), "")
	if !first.Changed || first.Centers != 29 || first.Equipment != 153 || first.Units != 243 || first.Revision == 0 {
		t.Errorf("%+v", first)
	}
	again := saveCatalog(t, db, string(testdata.Seoul), "")
	if again.Changed || again.Revision != first.Revision || again.Units != 243 {
		t.Errorf("the same file again: %+v", again)
	}
	c := loadCatalog(t, db)
	e, ok := c.Machine("city-geumcheon-apparel--auto-cutter")
	if c.Revision != first.Revision || !ok || e.Mode != booking.Operator || len(c.Holidays) != 43 || len(e.Policy.Limits) != 2 {
		t.Errorf("read back: %d %v %d holidays", c.Revision, ok, len(c.Holidays))
	}
	if audits := number(t, db, "SELECT COUNT(*) FROM audit WHERE action = 'catalog.import'"); audits != 1 {
		t.Errorf("%d audit entries for one change", audits)
	}
}

func number(t *testing.T, db *store.DB, query string) int {
	t.Helper()
	n, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (n int, err error) {
		return n, tx.QueryRow(ctx, query).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func catalogRetires(t *testing.T, open Opener) {
	db := open(t)
	two := `{"id": "two", "name": {"ko": "둘", "en": "Two"}, "category": "k"}`
	saveCatalog(t, db, catalogText("", week("09:00", "18:00"), "", machineOne, two), "")
	saved := saveCatalog(t, db, catalogText("", week("09:00", "18:00"), "", machineOne), "")
	e, ok := loadCatalog(t, db).Machine("two")
	if fmt.Sprint(saved.Retired) != "[two]" || !ok || !e.Retired || saved.Equipment != 1 {
		t.Errorf("%+v, still known %v", saved, ok)
	}
	if again := saveCatalog(t, db, catalogText("", week("09:00", "18:00"), "", machineOne), ""); again.Changed || len(again.Retired) != 0 {
		t.Errorf("retired once: %+v", again)
	}
	other := strings.ReplaceAll(catalogText("", week("09:00", "18:00"), ""), `"id": "c"`, `"id": "d"`)
	if saved = saveCatalog(t, db, other, ""); fmt.Sprint(saved.Retired) != "[c one]" {
		t.Errorf("a center that is gone: %+v", saved.Retired)
	}
	if c, _ := loadCatalog(t, db).Center("c"); !c.Retired {
		t.Error("the center is retired")
	}
	saveCatalog(t, db, catalogText("", week("09:00", "18:00"), "", two), "")
	c := loadCatalog(t, db)
	if e, _ = c.Machine("two"); e.Retired || e.Center.Retired || len(c.Search(booking.SearchQuery{})) != 1 {
		t.Error("what comes back is offered again, the rest is not")
	}
}

func catalogKeepsHolidays(t *testing.T, open Opener) {
	db := open(t)
	with := func(h string) string { return catalogText(h, week("09:00", "18:00"), "", machineOne) }
	saveCatalog(t, db, with(`, "holidays": [{"date": "2027-01-01", "ko": "신정"}]`), "")
	saveCatalog(t, db, with(""), "")
	if c := loadCatalog(t, db); c.Holidays["2027-01-01"].Ko != "신정" {
		t.Error("holidays that are left out stay")
	}
	saveCatalog(t, db, with(`, "holidays": []`), "")
	if c := loadCatalog(t, db); len(c.Holidays) != 0 {
		t.Error("an empty list empties them")
	}
}

func catalogOrder(t *testing.T, open Opener) {
	db := open(t)
	two := strings.ReplaceAll(machineOne, `"one"`, `"a-two"`)
	for _, machines := range [][]string{{machineOne, two}, {two, machineOne}} {
		if saved := saveCatalog(t, db, catalogText("", week("09:00", "18:00"), "", machines...), ""); !saved.Changed {
			t.Error("another order is a change")
		}
		var ids []string
		for _, e := range loadCatalog(t, db).Search(booking.SearchQuery{}) {
			ids = append(ids, e.ID)
		}
		if !strings.Contains(machines[0], ids[0]) || len(ids) != 2 {
			t.Errorf("order %v", ids)
		}
	}
}

func catalogCache(t *testing.T, open Opener) {
	db, cache := open(t), &store.CatalogCache{}
	in := func() *booking.Catalog {
		c, err := store.Read(context.Background(), db, cache.In)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	saveCatalog(t, db, catalogText("", week("09:00", "18:00"), "", machineOne), "")
	one := in()
	if in() != one {
		t.Error("an unchanged catalog is read once")
	}
	saveCatalog(t, db, catalogText("", week("10:00", "18:00"), "", machineOne), "")
	two := in()
	if two == one || two.Revision <= one.Revision || two.Centers[0].Hours[1][0].From != 600 {
		t.Error("a new catalog is seen")
	}
}

func catalogAtOnce(t *testing.T, open Opener) {
	db := open(t)
	files := make([]*booking.CatalogFile, 8)
	for i := range files {
		files[i] = readCatalog(t, catalogText("", week(fmt.Sprintf("%02d:00", i), "18:00"), "", machineOne))
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[int64]bool{}
	for _, f := range files {
		wg.Go(func() {
			saved, err := store.SaveCatalog(context.Background(), db, f, "", nil)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || seen[saved.Revision] {
				t.Errorf("revision %d: %v", saved.Revision, err)
			}
			seen[saved.Revision] = true
		})
	}
	wg.Wait()
	if c := loadCatalog(t, db); !seen[c.Revision] || len(c.Centers) != 1 {
		t.Errorf("revision %d of %v", c.Revision, seen)
	}
}

func catalogMoves(t *testing.T, open Opener) {
	db := open(t)
	saveCatalog(t, db, catalogText("", week("09:00", "18:00"), "", machineOne), "")
	moved := readCatalog(t, strings.ReplaceAll(catalogText("", week("09:00", "18:00"), "", machineOne), `"id": "c"`, `"id": "d"`))
	_, err := store.SaveCatalog(context.Background(), db, moved, "keep", nil)
	refusedFor(t, err, "centers[0].equipment[0].id moved")
}

func refusedFor(t *testing.T, err error, want string) {
	t.Helper()
	var refused *store.RefusedCatalogError
	if !errors.As(err, &refused) {
		t.Fatalf("not refused: %v", err)
	}
	var got []string
	for _, p := range refused.Problems {
		got = append(got, p.Path+" "+p.Rule)
	}
	if strings.Join(got, "; ") != want {
		t.Errorf("refused for %v, want %s", got, want)
	}
}

// bookedAt books units of "one" on the day after the test's Monday, each by
// a citizen of its own, and returns the ids.
func bookedAt(t *testing.T, e *Engine, units []int, hours ...int) []string {
	t.Helper()
	var ids []string
	for i, hour := range hours {
		req := Want("one", At(1, hour, 0), 60)
		req.Unit = units[i]
		ids = append(ids, e.MustBook(t, e.Citizen(t, 100+i), req).Booking.ID)
	}
	return ids
}

func catalogQuantity(t *testing.T, open Opener) {
	e := NewEngine(t, open, nil)
	db := e.DB
	saveCatalog(t, db, catalogText("", week("09:00", "18:00"), "", machineOne), "")
	bookedAt(t, e, []int{2}, 10)
	fewer := strings.ReplaceAll(machineOne, `"quantity": 2`, `"quantity": 1`)
	_, err := store.SaveCatalog(context.Background(), db, readCatalog(t, catalogText("", week("09:00", "18:00"), "", fewer)), "cancel", nil)
	refusedFor(t, err, "centers[0].equipment[0].quantity quantity")
	more := strings.ReplaceAll(machineOne, `"quantity": 2`, `"quantity": 3`)
	if saved := saveCatalog(t, db, catalogText("", week("09:00", "18:00"), "", more), ""); saved.Units != 3 {
		t.Errorf("%+v", saved)
	}
}

func catalogAffected(t *testing.T, open Opener) {
	e := NewEngine(t, open, nil)
	db := e.DB
	before := catalogText("", week("09:00", "18:00"), "", machineOne)
	saveCatalog(t, db, before, "")
	ids := bookedAt(t, e, []int{1, 1}, 9, 17)
	names := strings.NewReplacer(ids[0], "morning", ids[1], "evening")
	for name, c := range map[string]struct{ text, want string }{
		"retired":  {catalogText("", week("09:00", "18:00"), ""), "morning retired, evening retired"},
		"hours":    {catalogText("", week("09:00", "17:00"), "", machineOne), "evening outside_hours"},
		"closure":  {catalogText("", week("09:00", "18:00"), `, "closures": [{"from": "2026-11-24T08:00", "to": "2026-11-24T10:00"}]`, machineOne), "morning closed"},
		"holiday":  {catalogText(`, "holidays": [{"date": "2026-11-24", "ko": "쉬는 날"}]`, week("09:00", "18:00"), `, "closed_on_public_holidays": true`, machineOne), "morning holiday, evening holiday"},
		"harmless": {catalogText("", week("08:00", "18:00"), "", machineOne), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.SaveCatalog(context.Background(), db, readCatalog(t, c.text), "", nil)
			var affected *store.AffectedError
			if errors.As(err, &affected) != (c.want != "") {
				t.Fatalf("%v", err)
			}
			if c.want != "" && names.Replace(affectedIDs(affected.Bookings)) != c.want {
				t.Errorf("affected %s, want %s", names.Replace(affectedIDs(affected.Bookings)), c.want)
			}
			saved := saveCatalog(t, db, c.text, "keep")
			if names.Replace(affectedIDs(saved.Affected)) != c.want {
				t.Errorf("kept %s, want %s", names.Replace(affectedIDs(saved.Affected)), c.want)
			}
			if again := saveCatalog(t, db, c.text, ""); again.Changed || len(again.Affected) != 0 {
				t.Errorf("what was broken before is not asked about again: %+v", again)
			}
			saveCatalog(t, db, before, "")
		})
	}
}

// catalogCancels: what an import cancels is cancelled and told with it, or not at all.
func catalogCancels(t *testing.T, open Opener) {
	ctx, e := context.Background(), NewEngine(t, open, nil)
	saveCatalog(t, e.DB, catalogText("", week("09:00", "18:00"), "", machineOne), "")
	ids := bookedAt(t, e, []int{1, 1, 2}, 9, 17, 17)
	e.Clock.Set(At(1, 17, 0))
	if _, err := e.CheckIn(ctx, e.Staff, ids[2], booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	shorter := readCatalog(t, catalogText("", week("09:00", "17:30"), "", machineOne))
	before := loadCatalog(t, e.DB).Revision
	broken := errors.New("the engine can't")
	_, err := store.SaveCatalog(ctx, e.DB, shorter, "cancel", func(ctx context.Context, tx booking.Tx, ids []string) error {
		if err := e.WithdrawImported(ctx, tx, ids, "바뀌었습니다"); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || loadCatalog(t, e.DB).Revision != before || e.outbox(t, "outage.affected", ids[1]) != 0 {
		t.Fatalf("half of an import stands: %v", err)
	}
	saved, err := store.SaveCatalog(ctx, e.DB, shorter, "cancel", func(ctx context.Context, tx booking.Tx, ids []string) error {
		return e.WithdrawImported(ctx, tx, ids, "바뀌었습니다")
	})
	if err != nil || len(saved.Affected) != 2 {
		t.Fatalf("%+v %v", saved, err)
	}
	for i, want := range []booking.Status{booking.Confirmed, booking.Cancelled, booking.CheckedIn} {
		v, err := e.Get(ctx, e.Staff, ids[i])
		told := 0
		if i > 0 {
			told = 1
		}
		if err != nil || v.Status != want || (v.Details.Cause == "center") != (i > 0) || e.outbox(t, "outage.affected", ids[i]) != told {
			t.Errorf("%d: %s, cause %q, told %d times: %v", i, v.Status, v.Details.Cause, e.outbox(t, "outage.affected", ids[i]), err)
		}
		if i == 2 && !v.End.Equal(At(1, 17, 30)) {
			t.Errorf("the use that runs ends at %s", v.End)
		}
	}
}

func affectedIDs(list []store.AffectedBooking) string {
	var out []string
	for _, b := range list {
		out = append(out, b.ID+" "+b.Why)
	}
	return strings.Join(out, ", ")
}

func catalogRefused(t *testing.T, open Opener) {
	db := open(t)
	saveCatalog(t, db, catalogText("", week("09:00", "18:00"), "", machineOne), "")
	before := loadCatalog(t, db)
	file := readCatalog(t, catalogText("", week("09:00", "18:00"), "", machineOne, strings.ReplaceAll(machineOne, `"one"`, `"new"`)))
	file.Centers[0].Equipment[1].Policy = booking.PolicyValues{"slot_minutes": json.RawMessage(`0`)}
	_, err := store.SaveCatalog(context.Background(), db, file, "keep", nil)
	refusedFor(t, err, "centers[0].equipment[1].policy.slot_minutes min")
	if after := loadCatalog(t, db); after.Revision != before.Revision {
		t.Error("something was saved")
	}
	if _, err := store.SaveCatalog(context.Background(), db, file, "perhaps", nil); fault.Code(err) != "validation" {
		t.Errorf("a wrong word for affected: %v", err)
	}
}

// catalogAgainstBookings: whatever comes first, a booking that stands in
// closed hours afterwards was listed, or was refused.
func catalogAgainstBookings(t *testing.T, open Opener) {
	e := NewEngine(t, open, YesLocker{})
	ctx := context.Background()
	day := booking.DateOf(e.Clock.Now(), Seoul).Add(1)
	citizens := make([]account.Actor, 16)
	for i := range citizens {
		citizens[i] = e.Citizen(t, i)
	}
	closed := readCatalog(t, strings.Replace(testCatalog, `"closed_on_public_holidays":false`,
		fmt.Sprintf(`"closed_on_public_holidays":false,"closures":[{"from":%q}]`, day), 1))
	var wg sync.WaitGroup
	var mu sync.Mutex
	made, listed := map[string]bool{}, map[string]bool{}
	for i, who := range citizens {
		wg.Go(func() {
			b, _, err := e.Book(ctx, who, Want("row", At(1, i, 0), 30))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				made[b.Booking.ID] = true
			} else if fault.Code(err) != "policy" {
				t.Errorf("booking: %v", err)
			}
		})
	}
	wg.Go(func() {
		saved, err := store.SaveCatalog(ctx, e.DB, closed, "keep", nil)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Errorf("import: %v", err)
		}
		for _, b := range saved.Affected {
			listed[b.ID] = true
		}
	})
	wg.Wait()
	for id := range made {
		if !listed[id] {
			t.Errorf("booking %s stands in closed hours and was not listed", id)
		}
	}
}
