package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// itself is the environment in which load starts this test binary as its server.
func itself() []string { return append(os.Environ(), beTheProgram+"=1") }

func TestLoadRush(t *testing.T) {
	s := cli(t, itself(), "", "load", "rush", "--people", "80", "--connections", "8", "--think", "10ms", "--by-code", "5")
	for _, want := range []string{
		"load rush: seed 1, 80 people", "people with a booking: ", "POST /sessions 201: 4\n", "latency POST /bookings: p50 ", "ratio: ",
		"overlapping bookings: 0\n", "invariants hold\n",
	} {
		if !strings.Contains(s.out, want) {
			t.Errorf("no %q in: %s%s", want, s.out, s.err)
		}
	}
	if s.code != exitOK {
		t.Errorf("exit %d: %s", s.code, s.err)
	}
}

func TestLoadSteadyAndBare(t *testing.T) {
	for _, args := range [][]string{
		{"load", "steady", "--people", "20", "--connections", "4", "--rate", "100", "--for", "500ms"},
		{"load", "rush", "--bare", "--people", "50", "--connections", "8", "--by-code", "0"},
	} {
		if s := cli(t, itself(), "", args...); s.code != exitOK || !strings.Contains(s.out, "POST /bookings 201: ") || !strings.Contains(s.out, "invariants hold\n") {
			t.Errorf("%q: %+v", args, s)
		}
	}
}

// A database that holds a real catalog is never touched.
func TestLoadRefusesRealCenters(t *testing.T) {
	env := folder(t)
	if s := cli(t, env, "", "import", catalogFile(t, 1, `["09:00","18:00"]`)); s.code != exitOK {
		t.Fatalf("import: %+v", s)
	}
	s := cli(t, env, "", "load", "rush", "--url", "http://127.0.0.1:1", "--people", "1")
	if s.code != exitFailed || !strings.Contains(s.err, "empty database") {
		t.Errorf("%+v", s)
	}
}

func TestPercentiles(t *testing.T) {
	var took []time.Duration
	for i := 100; i > 0; i-- {
		took = append(took, time.Duration(i)*time.Millisecond)
	}
	if got, want := percentiles(took), "p50 51.0 ms, p95 96.0 ms, p99 100.0 ms, worst 100.0 ms"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
