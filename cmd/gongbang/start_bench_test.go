package main

import (
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"gongbang/store/storetest"
)

// BenchmarkStart prints how long `serve` takes until it answers /readyz over a
// million bookings, against the same over an empty history, and its processor
// time until then: medians of interleaved starts. Nothing is asserted.
//
//	go test ./cmd/gongbang -run '^$' -bench Start -benchtime 1x
func BenchmarkStart(b *testing.B) {
	empty, full := startFolder(b, 0), startFolder(b, 1_000_000)
	var ratios, took, cpu []float64
	for b.Loop() {
		for range 5 {
			without, _ := untilReady(b, empty)
			with, used := untilReady(b, full)
			ratios = append(ratios, with.Seconds()/without.Seconds())
			took, cpu = append(took, float64(with.Milliseconds())), append(cpu, float64(used.Milliseconds()))
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(middle(ratios), "times-an-empty-history")
	b.ReportMetric(middle(took), "ms-until-ready")
	b.ReportMetric(middle(cpu), "cpu-ms-until-ready")
}

// startFolder is the environment of a database with so many finished bookings.
func startFolder(b *testing.B, rows int) []string {
	b.Helper()
	env := []string{"GONGBANG_DATA=" + b.TempDir(), "GONGBANG_DEV_MAILBOX=on"}
	cfg, err := loadConfig(env, nil, false)
	if err != nil {
		b.Fatal(err)
	}
	benchDatabase(b, cfg)
	db, err := openStore(b.Context(), cfg, cfg.now)
	if err != nil {
		b.Fatal(err)
	}
	if rows > 0 {
		storetest.WritePast(b, db, storetest.Past{Rows: rows, Machines: benchMachines, Until: benchStart()})
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return env
}

// untilReady starts this test binary as the program.
func untilReady(b *testing.B, env []string) (took, cpu time.Duration) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	addr := freeAddr(b)
	cmd := exec.Command(self, "serve", "--addr", addr)
	cmd.Env = append([]string{beTheProgram + "=1"}, env...)
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	for {
		res, err := http.Get("http://" + addr + "/readyz")
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Since(began) > patience {
			b.Fatal("the server does not get ready")
		}
		time.Sleep(5 * time.Millisecond) // who starts a server from outside can only ask again
	}
	took, cpu = time.Since(began), usageOf(cmd.Process.Pid).cpu
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait()
	return took, cpu
}
