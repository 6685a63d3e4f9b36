package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what should come at once; only a
// broken page ever waits that long, however busy the machine is.
const patience = 2 * time.Minute

func TestMain(m *testing.M) { os.Exit(run(m)) }

// scratch is the folder of this run: program, demo data, profile of the browser.
var scratch string

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "gongbang-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	scratch = dir
	code := m.Run()
	closeBrowser()
	closeStages()
	return code
}

// program is the real binary, built once, without the race detector: it serves
// pages as it does in production.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "gongbang")
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", path, "gongbang/cmd/gongbang").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("the program does not build: %w\n%s", err, out)
	}
	return path, nil
})

// full tells whether every variant of every page is to be looked at.
func full() bool { return os.Getenv("SCALE") == "full" }
