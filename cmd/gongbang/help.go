package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// command is one word behind gongbang.
type command struct {
	name, usage, does, more string
	run                     func(context.Context, call) error
}

// commands is the table that run and help read.
func commands() []command {
	return []command{
		{"serve", "serve [--demo [--demo-public]] [--SETTING VALUE …]", "API, pages and jobs in one process", serveHelp, runServe},
		{"import", "import FILE [--affected=keep|cancel]", "load a catalog of centers and machines", importHelp, runImport},
		{"import-bookings", "import-bookings FILE.csv [--dry-run]", "bring in the bookings of a ledger kept elsewhere", ledgerHelp, runImportBookings},
		{"account", "account create|password …", "make an account, set a password", accountHelp, runAccount},
		{"check", "check", "hold the invariants against the database", checkHelp, runCheck},
		{"backup", "backup FILE", "consistent copy of the database while running", backupHelp, runBackup},
		{"load", "load rush|steady [flags]", "load generator; prints figures", loadHelp, runLoad},
		{"version", "version", "print the version", "", runVersion},
		{"help", "help [COMMAND|settings]", "this text, or more about one command", "", runHelp},
	}
}

func commandNamed(name string) (command, bool) {
	switch name {
	case "-h", "--help", "-help":
		name = "help"
	case "--version", "-v", "-version":
		name = "version"
	}
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

func (c command) help() string {
	return "usage: gongbang " + c.usage + "\n\n" + strings.TrimLeft(c.more, "\n") + suffix(c.more)
}

func suffix(more string) string {
	if more == "" {
		return ""
	}
	return "\nSettings come from the environment: `gongbang help settings`.\n"
}

const serveHelp = `
Starts the API, the pages and the jobs. SIGTERM lets running requests finish
and stops within 10 seconds.

  --demo         demo data: on an empty database the catalog of Seoul, demo
                 accounts and two weeks of bookings and answers. Refuses any
                 other database, and any address but loopback.
  --demo-public  lets --demo listen on other addresses too
  --addr, --data, --public-url …: each setting as a flag; flags win over the
                 environment.
`

const importHelp = `
Loads a catalog file: all or nothing, and again without harm. Errors name the
path in the file. Machines that are gone from the file are retired, not deleted.

  --affected=keep    existing bookings that the change touches stay
  --affected=cancel  they are cancelled and the people are told
Without it, a change that touches existing bookings lists them and is refused.
`

const accountHelp = `
  gongbang account create --name NAME --role citizen|staff|manager|admin
      [--email ADDRESS] [--phone NUMBER] [--center ID …] [--password-stdin]
  gongbang account password LOGIN --password-stdin

E-mail or phone is enough. Staff and managers may have several --center; a
manager or admin without one sees all. --password-stdin reads the password from
the first line of the standard input; without it the person signs in by code.
`

const checkHelp = `
Reads the database and prints one count a line ("overlapping bookings: 0").
Exits 1 if any invariant is broken. Works while a server runs.
`

const backupHelp = `
Writes a consistent copy of the SQLite database to FILE while the server runs:
under another name first, checked, then renamed. FILE must not exist. The key
file is not in it. For PostgreSQL use pg_dump.
`

func runVersion(_ context.Context, c call) error {
	fmt.Fprintf(c.out, "gongbang %s (%s %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

func runHelp(_ context.Context, c call) error {
	if len(c.args) == 0 {
		fmt.Fprint(c.out, overview())
		return nil
	}
	if c.args[0] == "settings" {
		fmt.Fprint(c.out, settingsHelp())
		return nil
	}
	cmd, ok := commandNamed(c.args[0])
	if !ok {
		return misused("there is no command %q", c.args[0])
	}
	fmt.Fprint(c.out, cmd.help())
	return nil
}

func overview() string {
	var b strings.Builder
	b.WriteString("Gongbang: reservation, use and satisfaction survey of shared machines.\n\nusage: gongbang COMMAND\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-15s  %s\n", c.name, c.does)
	}
	b.WriteString("\nFirst steps: `gongbang serve --demo`, then open http://127.0.0.1:8080\n")
	b.WriteString("More: `gongbang help COMMAND`, `gongbang help settings`.\n")
	return b.String()
}

func settingsHelp() string {
	var b strings.Builder
	b.WriteString("Settings come from the environment; flags of serve win (GONGBANG_ADDR is --addr).\n\n")
	for _, s := range settings(&Config{}) {
		fmt.Fprintf(&b, "%s\n    %s\n    allowed: %s\n    default: %s\n", s.Name, s.En, s.Allowed, s.Shown)
	}
	return b.String()
}

// settingsTable is the table of the README in one language.
func settingsTable(head string, column func(setting) string) string {
	var b strings.Builder
	b.WriteString(head + "\n|---|---|---|\n")
	for _, s := range settings(&Config{}) {
		shown := s.Shown
		if !strings.HasPrefix(shown, "(") {
			shown = "`" + strings.Replace(shown, " (", "` (", 1)
			if !strings.HasSuffix(shown, ")") {
				shown += "`"
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Name, shown, column(s))
	}
	return b.String()
}
