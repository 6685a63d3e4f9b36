package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/internal/testkit"
	"gongbang/store"
)

// What every benchmark of the JSON door shares.
const (
	benchConnections = 256
	benchMachines    = 300
	benchDays        = 14
	benchPeople      = 2000
	benchRounds      = 5
	benchSpan        = time.Second
)

// BenchmarkHTTPBooking prints what durable bookings over HTTP come to against
// a bare Gin handler that binds and validates the same body: people are signed
// in, every request carries an idempotency key, rules, audit, outbox, log and
// jobs are on, the rate limit is off. Each server is a process of its own, as
// in use: two in one process would share what one may keep in memory and
// spend their time collecting garbage. What one server's round left in its
// outbox is delivered before the next round begins. The processor time is the
// server's alone. Medians of interleaved rounds; nothing is asserted.
//
//	go test ./cmd/gongbang -run '^$' -bench HTTPBooking -benchtime 1x
func BenchmarkHTTPBooking(b *testing.B) {
	bare := bareServer(b)
	names, servers := []string{"memory"}, map[string]*bookingServer{"memory": benchServer(b)}
	if _, err := exec.LookPath("redis-server"); err == nil {
		url, _ := testkit.Redis(b)
		names, servers["redis"] = append(names, "redis"), benchServer(b, "GONGBANG_REDIS_URL="+url)
	}
	var ceiling, bareCPU []float64
	rates, cpu := map[string][]float64{}, map[string][]float64{}
	for b.Loop() {
		for range benchRounds {
			r, used := bare.round(b)
			ceiling, bareCPU = append(ceiling, r), append(bareCPU, used)
			for _, name := range names {
				r, used := servers[name].round(b)
				rates[name], cpu[name] = append(rates[name], r), append(cpu[name], used)
				servers[name].delivered(b)
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(100*ratio(rates["memory"], ceiling), "%-of-bare-gin")
	b.ReportMetric(100*ratio(bareCPU, cpu["memory"]), "%-of-bare-gin-by-processor-time")
	b.ReportMetric(middle(cpu["memory"]), "cpu-µs/booking")
	b.ReportMetric(middle(bareCPU), "cpu-µs/bare-request")
	b.ReportMetric(middle(rates["memory"]), "bookings/s")
	if len(rates["redis"]) > 0 {
		b.ReportMetric(100*ratio(rates["redis"], ceiling), "%-of-bare-gin-with-redis")
		b.ReportMetric(100*(1-ratio(rates["redis"], rates["memory"])), "%-lost-to-redis")
		b.ReportMetric(100*(1-ratio(cpu["memory"], cpu["redis"])), "%-lost-to-redis-by-processor-time")
	}
}

// ratio is the median of the ratios of rounds that ran one after the other.
func ratio(a, b []float64) float64 {
	var r []float64
	for i := range a {
		r = append(r, a[i]/b[i])
	}
	return middle(r)
}

func middle(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// bookingServer is a process that takes bookings over HTTP.
type bookingServer struct {
	pid    int
	url    string
	path   string
	client *loadClient
	people []loadPerson
	start  time.Time
	next   atomic.Int64
}

// round is the answered requests a second of all connections for a while, and
// the processor time of the server for each.
func (s *bookingServer) round(b *testing.B) (perSecond, cpuMicros float64) {
	b.Helper()
	end := time.Now().Add(benchSpan)
	var wg sync.WaitGroup
	var done atomic.Int64
	began, used := time.Now(), usageOf(s.pid).cpu
	for range benchConnections {
		wg.Go(func() {
			for time.Now().Before(end) {
				if err := s.book(s.next.Add(1)); err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	took, used := time.Since(began), usageOf(s.pid).cpu-used
	return float64(done.Load()) / took.Seconds(), float64(used.Microseconds()) / float64(done.Load())
}

// delivered waits until no message waits: what is left of a round must not be
// the cost of the next one, which may be another server's.
func (s *bookingServer) delivered(b *testing.B) {
	b.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		res, err := s.client.http.Get(s.url + "/readyz")
		if err != nil {
			b.Fatal(err)
		}
		answer, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err == nil && bytes.Contains(answer, []byte(`"waiting":0`)) {
			return
		}
		if time.Now().After(deadline) {
			b.Fatalf("messages do not leave: %s", answer)
		}
	}
}

// book asks for the n-th free slot.
func (s *bookingServer) book(n int64) error {
	at := s.start.Add(time.Duration(n/benchMachines) * 30 * time.Minute)
	body := map[string]any{"equipment_id": fmt.Sprintf("m%d", n%benchMachines), "starts_at": at, "ends_at": at.Add(30 * time.Minute), "purpose": "시제품", "people": 1}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, s.url+s.path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.people[n%int64(len(s.people))].token)
	req.Header.Set("Idempotency-Key", fmt.Sprint("bench-", n))
	res, err := s.client.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusCreated {
		err = fmt.Errorf("booking %d answered %d %s", n, res.StatusCode, answer)
	}
	return err
}

// bareServer binds and validates, and nothing else.
func bareServer(b *testing.B) *bookingServer {
	b.Helper()
	url, pid, stop, err := startCeiling(b.Context(), itself())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(stop)
	return &bookingServer{pid: pid, url: url, path: "/bookings", client: newLoadClient("", benchConnections),
		people: []loadPerson{{token: newToken()}}, start: benchStart()}
}

// benchStart is the first slot: tomorrow, so that a slow run never meets the present.
func benchStart() time.Time { return time.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour) }

// benchServer is the whole service.
func benchServer(b *testing.B, settings ...string) *bookingServer {
	b.Helper()
	env := append(settings, "GONGBANG_DATA="+b.TempDir(), "GONGBANG_RATE_LIMIT=off", "GONGBANG_DEV_MAILBOX=on")
	cfg, err := loadConfig(env, nil, false)
	if err != nil {
		b.Fatal(err)
	}
	people := benchDatabase(b, cfg)
	server := startServer(b, env)
	return &bookingServer{pid: server.cmd.Process.Pid, url: server.base, path: "/api/v1/bookings", client: newLoadClient("", benchConnections),
		people: people, start: benchStart()}
}

// benchDatabase imports the machines and makes people who are signed in.
func benchDatabase(b *testing.B, cfg *Config) []loadPerson {
	b.Helper()
	db, err := openStore(b.Context(), cfg, cfg.now)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := importBytes(b.Context(), db, benchCatalog()); err != nil {
		b.Fatal(err)
	}
	return benchSignedIn(b, db)
}

func benchSignedIn(b *testing.B, db *store.DB) []loadPerson {
	b.Helper()
	people := make([]loadPerson, benchPeople)
	for i := range people {
		people[i].login = fmt.Sprintf("bench%d@demo.test", i)
	}
	if err := writePeople(b.Context(), &target{db: db}, people, 0); err != nil {
		b.Fatal(err)
	}
	return people
}

// benchCatalog has machines of one unit that are open round the clock, in half hours.
func benchCatalog() []byte {
	machines := make([]string, benchMachines)
	for m := range machines {
		machines[m] = fmt.Sprintf(`{"id":"m%d","name":{"ko":"장비 %d","en":"Machine %d"},"category":"sewing","quantity":1,"mode":"self"}`, m, m, m)
	}
	day := `["00:00","24:00"]`
	return fmt.Appendf(nil, `{"catalog":"bench","time_zone":"Asia/Seoul","centers":[{"id":"c","name":{"ko":"센터","en":"Center"},"operator":"city","district":"d","sectors":["s"],
		"hours":{"mon":%[1]s,"tue":%[1]s,"wed":%[1]s,"thu":%[1]s,"fri":%[1]s,"sat":%[1]s,"sun":%[1]s},"closed_on_public_holidays":false,"eligibility":{"groups":"anyone"},
		"policy":{"slot_minutes":30,"window":{"opens":{"days_before":%[2]d},"closes":{"minutes_before":0}}},"equipment":[%[3]s]}]}`, day, benchDays+31, strings.Join(machines, ","))
}
