package proof

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// binary is the program under proof, built once and without the race
// detector: it is killed and loaded as it runs in production.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "gongbang-proof-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "gongbang")
	if err := build(binary); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	watched = sync.OnceValues(func() (string, error) {
		if !raceDetector {
			return binary, nil
		}
		path := filepath.Join(dir, "gongbang-race")
		return path, build(path, "-race")
	})
	return m.Run()
}

// watched is the program with the race detector where the tests run with it:
// for the proofs that use every part and measure nothing.
var watched func() (string, error)

func build(path string, flags ...string) error {
	args := append([]string{"build", "-buildvcs=false", "-o", path}, flags...)
	out, err := exec.Command("go", append(args, "gongbang/cmd/gongbang")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("the program does not build: %w\n%s", err, out)
	}
	return nil
}

// scale is small in `make test` and full in `make proof`.
func scale(small, full int) int {
	if os.Getenv("SCALE") == "full" {
		return full
	}
	return small
}
