package proof

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"gongbang/store"
)

// TestKilledImport ends an import that cancels bookings with SIGKILL at random
// moments, each on a copy of the same folder: either all stands as before, or
// all is cancelled and told. The same command again finishes it.
func TestKilledImport(t *testing.T) {
	h := topology{processes: 1}.rise(t, raceCatalog())
	people, booked := h.citizens(t, 16), scale(64, 320)
	for n := range booked {
		as := caller{base: h.servers[0].base, token: people[n%len(people)].token}
		as.want(t, http.StatusCreated, "POST", "/api/v1/bookings", wideSlot(n))
	}
	h.stop()
	doc := raceCatalog()
	first := doc["centers"].([]object)[0]
	first["equipment"] = first["equipment"].([]object)[:3] // the wide machine is gone
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "without.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	h.copy(t).must(t, "", "import", file, "--affected=cancel")
	k := &killedImport{house: h, file: file, booked: booked, took: time.Since(began), r: seeded(t)}
	for range scale(8, 60) {
		k.round(t)
	}
	t.Logf("%d imports killed before, %d after their commit, none in between", k.before, k.after)
}

type killedImport struct {
	*house
	file          string
	booked        int
	took          time.Duration // of one that nobody kills
	r             *rand.Rand
	before, after int
}

// copy is an installation with the same data.
func (s *service) copy(t *testing.T) *service {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(s.data)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(folder, "server.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	return serviceAt(folder)
}

func (k *killedImport) round(t *testing.T) {
	t.Helper()
	s := k.copy(t)
	cmd := exec.Command(s.binary, "import", k.file, "--affected=cancel")
	cmd.Env = s.env()
	if err := startBound(cmd); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(time.Duration(k.r.Int64N(int64(k.took)+1)), func() { _ = cmd.Process.Kill() })
	_ = cmd.Wait()
	kill.Stop()
	switch offered, cancelled, told := s.left(t); {
	case offered && cancelled == 0 && told == 0:
		k.before++
	case !offered && cancelled == k.booked && told == k.booked:
		k.after++
	default:
		t.Errorf("killed in between: offered %v, %d of %d cancelled, %d told", offered, cancelled, k.booked, told)
	}
	s.must(t, "", "import", k.file, "--affected=cancel")
	if offered, cancelled, told := s.left(t); offered || cancelled != k.booked || told != k.booked {
		t.Errorf("the second time: offered %v, %d of %d cancelled, %d told", offered, cancelled, k.booked, told)
	}
	s.holds(t)
}

// left is what the database says: whether the machine is offered, how many
// bookings of it the center cancelled, and how many people are told so.
func (s *service) left(t *testing.T) (offered bool, cancelled, told int) {
	t.Helper()
	db := s.open(t, time.Now)
	defer db.Close()
	_, err := store.Read(t.Context(), db, func(ctx context.Context, tx *store.Tx) (any, error) {
		var retired int
		err := tx.QueryRow(ctx, `SELECT retired, (SELECT COUNT(*) FROM booking WHERE equipment_id = 'wide' AND status = 'cancelled'),
			(SELECT COUNT(DISTINCT subject) FROM outbox WHERE kind = 'outage.affected') FROM equipment WHERE id = 'wide'`).Scan(&retired, &cancelled, &told)
		offered = retired == 0
		return nil, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return offered, cancelled, told
}
