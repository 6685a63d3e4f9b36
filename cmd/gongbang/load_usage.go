package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ticks is how many parts of a second /proc counts processor time in; Linux
// tells every program 100, whatever the kernel's own clock.
const ticks = 100

// usage is what a process has used so far; zero where the system doesn't tell.
type usage struct {
	cpu       time.Duration
	rss, peak int64 // bytes in memory now, and at most so far
}

// usageOf reads a process of this machine. Without /proc all is zero.
func usageOf(pid int) (u usage) {
	dir := fmt.Sprintf("/proc/%d/", pid)
	stat, err := os.ReadFile(dir + "stat")
	if err != nil {
		return usage{}
	}
	// The name of the program stands in brackets and may hold anything.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) > 12 {
		user, _ := strconv.ParseInt(fields[11], 10, 64)
		system, _ := strconv.ParseInt(fields[12], 10, 64)
		u.cpu = time.Duration(user+system) * time.Second / ticks
	}
	status, _ := os.ReadFile(dir + "status")
	for line := range strings.Lines(string(status)) {
		var kib int64
		switch name, rest, _ := strings.Cut(line, ":"); name {
		case "VmRSS":
			_, _ = fmt.Sscan(rest, &kib)
			u.rss = kib << 10
		case "VmHWM":
			_, _ = fmt.Sscan(rest, &kib)
			u.peak = kib << 10
		}
	}
	return u
}

// spent is the processor time of this process and of another one since before.
func spent(pid int, before usage) time.Duration {
	return usageOf(pid).cpu + usageOf(os.Getpid()).cpu - before.cpu
}

// startSpending is what both processes had used; hand it to spent.
func startSpending(pid int) usage {
	return usage{cpu: usageOf(pid).cpu + usageOf(os.Getpid()).cpu}
}

func mebi(bytes int64) string { return fmt.Sprintf("%.0f MiB", float64(bytes)/(1<<20)) }
