package proof

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gongbang/internal/testkit"
)

// TestPostgresAway breaks PostgreSQL while people book: what was acknowledged
// is there afterwards, everybody else was told to come again and has exactly
// one booking with the same key, and bookings go on by themselves.
func TestPostgresAway(t *testing.T) {
	url, own := testkit.PostgresOwn(t)
	h := &house{service: newService(t, "DATABASE_URL", url)}
	h.raise(t, raceCatalog(), 1)
	l := &killing{house: h, people: h.citizens(t, 16), r: seeded(t)}
	for _, f := range []struct {
		name string
		hurt func() (heal func())
	}{
		{"restarted", func() func() { own.Stop(); return own.Start }},
		{"crashed", func() func() { own.Crash(); return own.Start }},
		{"connections used up", own.UseUp},
		{"backends killed", func() func() { return l.endless(own.KillBackends) }},
	} {
		for range scale(1, 10) {
			told, back := l.through(t, f.hurt)
			t.Logf("%s: told to come again %d times; bookings went on %s after it was healed", f.name, told, back.Round(time.Millisecond))
		}
	}
	l.verify(t)
	h.stop()
	h.holds(t)
	t.Logf("%d acknowledged, %d of them after somebody was told to come again; 0 lost, 0 doubled", len(l.acknowledged), l.unanswered)
}

// endless does something again and again, at random moments, until it is healed.
func (l *killing) endless(do func()) (heal func()) {
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-over:
				return
			case <-time.After(time.Duration(l.r.IntN(20)) * time.Millisecond):
				do()
			}
		}
	}()
	return func() {
		close(over)
		<-ended
	}
}

// through lets people book, hurts once they do, and heals once somebody was
// told to come again. It ends when everybody booked after that, and tells how
// long that took.
func (l *killing) through(t *testing.T, hurt func() (heal func())) (told int64, back time.Duration) {
	t.Helper()
	var mu sync.Mutex
	var all []*press
	var booked, away atomic.Int64
	healed := make(chan struct{})
	client := many()
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	for who := range l.people {
		wg.Go(func() {
			as := caller{l.servers[0].base, l.people[who].token, client}
			for last := false; !last; {
				select {
				case <-healed:
					last = true
				default:
				}
				mu.Lock()
				p := &press{who: who, key: "pg-" + randomText(9), ask: wideSlot(l.slots)}
				l.slots++
				all = append(all, p)
				mu.Unlock()
				for p.id == "" {
					a, err := as.try(t.Context(), "POST", "/api/v1/bookings", p.ask, "Idempotency-Key", p.key)
					if err != nil || a.status != http.StatusCreated && a.status != http.StatusServiceUnavailable {
						t.Errorf("while PostgreSQL is away: %d %s (%v)", a.status, a.raw, err)
						return
					}
					if p.took(t, a, nil); p.id == "" {
						away.Add(1)
						<-time.After(20 * time.Millisecond) // sooner than it is asked for
					}
				}
				booked.Add(1)
			}
		})
	}
	until(t, "people book", func() bool { return booked.Load() > 50 || t.Failed() })
	heal := hurt()
	until(t, "somebody is told to come again", func() bool { return away.Load() > 0 || t.Failed() })
	heal()
	began := time.Now()
	close(healed)
	wg.Wait()
	back = time.Since(began)
	l.settle(t, all)
	return away.Load(), back
}

// TestPostgresAwayControl commits without waiting for the log: then a crash
// loses what was acknowledged, so that the crash is one. What filled a whole
// page of the log may be saved, so it is tried until a page was not full.
func TestPostgresAwayControl(t *testing.T) {
	url, own := testkit.PostgresOwn(t)
	for range 10 {
		acknowledged, there := crashedUnsaved(t, url, own)
		if there < acknowledged {
			t.Logf("control: %d of %d acknowledged rows were lost", acknowledged-there, acknowledged)
			return
		}
	}
	t.Fatal("the crash loses nothing")
}

func crashedUnsaved(t *testing.T, url string, own *testkit.PostgresServer) (acknowledged, there int) {
	t.Helper()
	ctx := t.Context()
	connect := func(texts ...string) *pgx.Conn {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if _, err := conn.Exec(ctx, text); err != nil {
				t.Fatal(err)
			}
		}
		return conn
	}
	conn := connect("CREATE TABLE IF NOT EXISTS noted (n BIGINT)", "DELETE FROM noted", "SET synchronous_commit = off")
	for ; acknowledged < 200; acknowledged++ {
		if _, err := conn.Exec(ctx, "INSERT INTO noted (n) VALUES ($1)", acknowledged); err != nil {
			t.Fatal(err)
		}
	}
	own.Crash()
	_ = conn.Close(ctx)
	own.Start()
	conn = connect()
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, "SELECT COUNT(*) FROM noted").Scan(&there); err != nil {
		t.Fatal(err)
	}
	return acknowledged, there
}
