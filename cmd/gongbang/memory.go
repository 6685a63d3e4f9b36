package main

import (
	"os"
	"runtime/debug"
)

const (
	// garbage is how much the heap grows, in percent, before it is collected.
	// Under a burst requests leave little behind and much garbage: the
	// runtime's own 100 spent a quarter of the server's time on collecting.
	garbage = 300
	// goMemory bounds what Go keeps of it, in bytes; above, it collects more
	// often. With SQLite's page caches and the program itself the process
	// stays below 250 MB.
	goMemory = 112 << 20
)

// collectLess sets how garbage is collected, unless the environment says it.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(goMemory)
	}
}

// settle gives back to the system what only the start needed: the catalog's
// documents, the contract and the templates are parsed once and never again,
// and an idle service would keep their garbage for minutes.
func settle() { debug.FreeOSMemory() }
