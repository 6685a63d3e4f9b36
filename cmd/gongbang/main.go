package main

import (
	_ "time/tzdata" // zones by name on machines without a zone database

	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailed  = 1 // refused, broken or impossible
	exitMisused = 2 // the call itself is not understood
)

// version is set by the linker: -X main.version=…
var version = "dev"

func main() {
	// The first signal asks to stop; a second one, after stop gives the
	// default back, ends the program at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}

// call is one run of the program.
type call struct {
	args        []string // behind the command's name
	env         []string
	in          io.Reader
	out, errOut io.Writer
}

// misuse is an error about how the program was called.
type misuse struct{ error }

func misused(format string, args ...any) error { return misuse{fmt.Errorf(format, args...)} }

// errSaid ends a command that has already told on its output what is wrong.
var errSaid = errors.New("already said")

// run executes one command and returns the exit code.
func run(ctx context.Context, args, env []string, in io.Reader, out, errOut io.Writer) int {
	name := "help"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	c := call{args: args, env: env, in: in, out: out, errOut: errOut}
	cmd, ok := commandNamed(name)
	if !ok {
		fmt.Fprintf(errOut, "gongbang: there is no command %q; `gongbang help` lists all\n", name)
		return exitMisused
	}
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "-help") {
		fmt.Fprint(out, cmd.help())
		return exitOK
	}
	err := cmd.run(ctx, c)
	var m misuse
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errSaid):
		return exitFailed
	case errors.As(err, &m):
		fmt.Fprintf(errOut, "gongbang %s: %v; see `gongbang help %s`\n", cmd.name, err, cmd.name)
		return exitMisused
	}
	fmt.Fprintf(errOut, "gongbang %s: %s\n", cmd.name, strings.TrimSpace(explain(err)))
	return exitFailed
}
