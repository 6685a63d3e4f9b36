package model

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gongbang/internal/testkit"
)

// TestBooking looks at every order of steps of each variant. Those that are
// known to be bad are the control: they must be found out.
func TestBooking(t *testing.T) {
	testkit.Need(t, "spin")
	for _, c := range []struct {
		variant string
		bad     bool
		tells   string
	}{
		{"CONSTRAINT", false, "what is shipped"},
		{"CONSTRAINT NO_LOCK", false, "no Redis at all"},
		{"LOCK", true, "a lock alone"},
		{"LOCK NO_FLUSH NO_APPROVAL", true, "a lock alone, of which only leases end"},
		{"FENCE", true, "lock and fence"},
		{"FENCE NO_FLUSH NO_APPROVAL", true, "lock and fence, of which only leases end"},
		{"FENCE NO_EXPIRY NO_APPROVAL", true, "lock and fence, of which only Redis is flushed"},
		{"FENCE NO_EXPIRY NO_FLUSH", true, "lock and fence, beside who never had the lock"},
		{"LOCK NO_EXPIRY NO_FLUSH NO_APPROVAL", false, "a lock that is never lost, with nobody beside it: the errors above come from the faults"},
		{"CONSTRAINT NEVER_BOOKS", true, "the model does book"},
	} {
		t.Run(c.variant, func(t *testing.T) {
			t.Parallel()
			errors, states := check(t, strings.Fields(c.variant))
			if (errors != "0") != c.bad {
				t.Fatalf("%s: %s errors in %s states", c.tells, errors, states)
			}
			t.Logf("%s: %s errors in %s states", c.tells, errors, states)
		})
	}
}

var (
	errorsFound = regexp.MustCompile(`errors: (\d+)`)
	statesSeen  = regexp.MustCompile(`(\d+) states, stored`)
)

// check builds one variant and searches it to the end, or to its first error.
func check(t *testing.T, variant []string) (errors, states string) {
	t.Helper()
	source, err := filepath.Abs("booking.pml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	run := func(name string, args ...string) string {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	args := []string{"-a"}
	for _, v := range variant {
		args = append(args, "-D"+v)
	}
	run("spin", append(args, source)...)
	run("gcc", "-DSAFETY", "-w", "-o", "pan", "pan.c")
	out := run("./pan")
	found, seen := errorsFound.FindStringSubmatch(out), statesSeen.FindStringSubmatch(out)
	if found == nil || seen == nil || strings.Contains(out, "max search depth too small") || strings.Contains(out, "Search not completed") && found[1] == "0" {
		t.Fatalf("the search did not end well:\n%s", out)
	}
	return found[1], seen[1]
}
