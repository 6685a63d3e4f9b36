package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Need skips the test when the part ("redis", "postgres", or the name of a program) can't be had here;
// it fails instead when TEST_REQUIRE (a comma separated list) names it.
func Need(t testing.TB, part string) {
	t.Helper()
	if find(part) != "" {
		return
	}
	required := strings.FieldsFunc(os.Getenv("TEST_REQUIRE"), func(r rune) bool { return r == ',' || r == ' ' })
	if slices.Contains(required, part) {
		t.Fatalf("%s is required by TEST_REQUIRE and not installed", part)
	}
	t.Skipf("%s is not installed", part)
}

// find is the program of a part, "" when there is none.
func find(part string) string {
	switch part {
	case "redis":
		return lookPath("redis-server")
	case "postgres":
		if bin := lookPath("initdb"); bin != "" {
			return filepath.Dir(bin)
		}
		// Debian keeps the server programs out of PATH; the newest wins.
		bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
		if len(bins) > 0 {
			return filepath.Dir(bins[len(bins)-1])
		}
		return ""
	}
	return lookPath(part)
}

func lookPath(name string) string {
	p, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return p
}
