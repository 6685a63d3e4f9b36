//go:build !linux

package e2e

import "os/exec"

// startBound starts a child; a test process that is killed leaves it behind.
func startBound(cmd *exec.Cmd) error { return cmd.Start() }
