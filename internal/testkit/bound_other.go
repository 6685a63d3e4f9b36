//go:build !linux

package testkit

import "os/exec"

// startBound starts a child; where the system can't bind its life to ours, a
// test process that is killed leaves it behind.
func startBound(cmd *exec.Cmd) error { return cmd.Start() }
