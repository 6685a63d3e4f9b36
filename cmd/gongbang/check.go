package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"gongbang/store"
)

func runCheck(ctx context.Context, c call) error {
	if len(c.args) > 0 {
		return misused("check takes nothing behind it")
	}
	cfg, err := loadConfig(c.env, nil, false)
	if err != nil {
		return err
	}
	db, err := openExisting(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	r, err := db.Check(ctx, cfg.now())
	if err != nil {
		return err
	}
	return printCheck(c.out, r)
}

// printCheck writes one count a line and the summary last; errSaid when an invariant is broken.
func printCheck(out io.Writer, r store.CheckReport) error {
	for _, f := range r.Findings {
		detail := ""
		if f.Detail != "" {
			detail = " (first: " + f.Detail + ")"
		}
		fmt.Fprintf(out, "%s: %d%s\n", f.Name, f.Count, detail)
	}
	broken := r.Broken()
	if len(broken) == 0 {
		fmt.Fprintf(out, "all %d invariants hold\n", r.Invariants)
		return nil
	}
	names := make([]string, len(broken))
	for i, f := range broken {
		names[i] = f.Name
	}
	fmt.Fprintf(out, "BROKEN: %d of %d invariants: %s\n", len(broken), r.Invariants, strings.Join(names, ", "))
	return errSaid
}
