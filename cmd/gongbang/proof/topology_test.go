package proof

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"gongbang/internal/testkit"
)

// topology is how many processes serve one database, and what is around them.
type topology struct {
	processes int
	postgres  bool
	redis     bool
}

func (y topology) String() string {
	name := "SQLite"
	if y.postgres {
		name = "PostgreSQL"
	}
	name = fmt.Sprintf("%d on one %s", y.processes, name)
	if y.redis {
		name += " with Redis"
	}
	return name
}

// topologies that bookings race on.
var topologies = []topology{
	{processes: 1}, {processes: 1, redis: true}, {processes: 2}, {processes: 3, redis: true},
	{processes: 1, postgres: true}, {processes: 2, postgres: true, redis: true}, {processes: 3, postgres: true, redis: true},
}

// house is a running topology.
type house struct {
	*service
	servers []*server
	redis   *testkit.RedisServer // nil: none
}

// rise imports the catalog and starts the processes.
func (y topology) rise(t *testing.T, doc object) *house {
	t.Helper()
	h := y.ground(t)
	h.raise(t, doc, y.processes)
	return h
}

// ground is what a topology stands on, without processes.
func (y topology) ground(t *testing.T) *house {
	t.Helper()
	h := &house{service: newService(t)}
	if y.postgres {
		h.with("DATABASE_URL", testkit.Postgres(t))
	}
	if y.redis {
		url, server := testkit.Redis(t)
		h.with("REDIS_URL", url)
		h.redis = server
	}
	return h
}

// raise imports the catalog and starts processes.
func (h *house) raise(t *testing.T, doc object, processes int) {
	t.Helper()
	h.imports(t, doc)
	for range processes {
		h.servers = append(h.servers, h.start(t))
	}
}

// stop ends all processes and looks at what they said.
func (h *house) stop() {
	for _, p := range h.servers {
		p.stop()
	}
}

// raceCatalog has one machine alone, a row of eight, one with cleaning time,
// and a wide one for load without contention.
func raceCatalog() object {
	half := object{"slot_minutes": 30, "max_minutes": 240}
	fine := object{"slot_minutes": 10, "max_minutes": 60}
	return catalog(center("race", "경합 센터", "Race center", half,
		machine("one", "재단기", "Cutter", "cutting", 1),
		machine("row", "재봉기", "Sewing machine", "sewing", 8),
		machine("clean", "도장기", "Coater", "finishing", 1, "policy", object{"buffer_minutes": 30}),
		machine("wide", "자수기", "Embroidery machine", "embroidery", 64, "policy", fine),
	))
}

// begun is when the proofs began: midnight may pass before they end, and a time
// that is asked for twice must stay the same.
var begun = sync.OnceValue(func() time.Time { return time.Now().In(kst) })

// ahead is a time of day in the zone of the catalogs, some days after the proofs began.
func ahead(days, hour, minute int) time.Time {
	day := begun()
	return time.Date(day.Year(), day.Month(), day.Day()+days, hour, minute, 0, 0, kst)
}

// wideSlot is the n-th ten minutes of the wide machine, never the same twice in
// a proof, and none that midnight makes the past.
func wideSlot(n int) object {
	const perDay = 24 * 6
	slot := n / 64
	return span("wide", ahead(2+slot/perDay, 0, 10*(slot%perDay)), 10)
}
