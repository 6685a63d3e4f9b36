package proof

import (
	"database/sql"
	"net/http"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // another process that has the file
)

// TestHeldFile lets another process keep SQLite's write lock, as a frozen one
// does: everybody who wants to write is told to come again, nobody is left
// without an answer, reads are served, and bookings go on afterwards.
func TestHeldFile(t *testing.T) {
	t.Parallel()
	h := topology{processes: 1}.rise(t, raceCatalog())
	people := h.citizens(t, 12)
	db, err := sql.Open("sqlite3", "file:"+h.file("gongbang.db")+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	held, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Rollback() }() // after the one below it does nothing
	client, base := many(), h.servers[0].base
	began := time.Now()
	atOnce(len(people)+4, func(i int) {
		if i >= len(people) {
			if a, err := (caller{base: base, client: client}).try(t.Context(), "GET", "/api/v1/equipment/wide/availability?from="+ahead(1, 0, 0).Format(time.DateOnly), nil); err != nil || a.status != http.StatusOK {
				t.Errorf("a read answers %d (%v)", a.status, err)
			}
			return
		}
		a, err := caller{base, people[i].token, client}.try(t.Context(), "POST", "/api/v1/bookings", wideSlot(i), "Idempotency-Key", "held")
		if err != nil {
			t.Errorf("nobody answers: %v", err)
		} else if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			t.Errorf("answers %d: %s", a.status, a.raw)
		}
	})
	t.Logf("%d people were told to come again after at most %s", len(people), time.Since(began).Round(time.Millisecond))
	if err := held.Rollback(); err != nil {
		t.Fatal(err)
	}
	for i, p := range people {
		caller{base, p.token, client}.want(t, http.StatusCreated, "POST", "/api/v1/bookings", wideSlot(i), "Idempotency-Key", "held")
	}
	h.holds(t)
}
