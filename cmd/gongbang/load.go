package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// The whole city: who could press at once, and what there is for them.
const (
	cityPeople     = 74_594
	loadCenters    = 29
	loadMachines   = 8 // a center; with 8 hours on 5 days 320 slots, 9,280 in all
	loadHours      = 8
	loadDays       = 5
	loadFirstHour  = 9
	loadCatalog    = "gongbang-load"
	loadPersonName = "시민"
)

const loadHelp = `
  gongbang load rush     everybody presses at once: each reads a machine's day,
                         posts a hold (a loser follows one alternative), and a
                         winner confirms after a think time
  gongbang load steady   a steady rate of reads, bookings and cancels

Without --url it starts a server of its own with a temporary data folder. With
--url it uses the server that runs there on the same GONGBANG_DATA or
GONGBANG_DATABASE_URL, with GONGBANG_RATE_LIMIT=off, on a database that is empty
or was made by an earlier load: real centers are never touched.

  --people N        how many press (rush; 74594)
  --connections N   connections at once (256)
  --think D         from a hold to its confirmation (2s)
  --by-code P       percent of the people that sign in by code first (5); needs
                    the dev mailbox
  --bare            rush: one direct booking a person, nothing else
  --rate N          steady: requests a second (200)
  --for D           steady: how long (30s)
  --seed N          who wants what (1)

The latency of a request runs from when one of the connections is free; the
time from the press to the last answer has the wait for one in it. Every figure
is also shown as a ratio to a bare Gin handler that binds and validates the
same body, measured in the same run: absolute figures depend on the machine.
`

// loadPlan is what the flags of load say.
type loadPlan struct {
	kind        string
	url         string
	people      int
	connections int
	think       time.Duration
	byCode      float64
	bare        bool
	rate        int
	length      time.Duration
	seed        uint64
}

func parseLoad(args []string) (loadPlan, error) {
	p := loadPlan{}
	if len(args) > 0 {
		p.kind, args = args[0], args[1:]
	}
	if p.kind != "rush" && p.kind != "steady" {
		return p, misused("say rush or steady")
	}
	fs := flag.NewFlagSet("load", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&p.url, "url", "", "")
	fs.IntVar(&p.people, "people", cityPeople, "")
	fs.IntVar(&p.connections, "connections", 256, "")
	fs.DurationVar(&p.think, "think", 2*time.Second, "")
	fs.Float64Var(&p.byCode, "by-code", 5, "")
	fs.BoolVar(&p.bare, "bare", false, "")
	fs.IntVar(&p.rate, "rate", 200, "")
	fs.DurationVar(&p.length, "for", 30*time.Second, "")
	fs.Uint64Var(&p.seed, "seed", 1, "")
	switch err := fs.Parse(args); {
	case err != nil:
		return p, misuse{err}
	case fs.NArg() > 0:
		return p, misused("%q is too much", fs.Arg(0))
	case p.people < 1 || p.connections < 1 || p.rate < 1 || p.length <= 0 || p.think < 0 || p.byCode < 0 || p.byCode > 100:
		return p, misused("people, connections, rate and for must be above 0, by-code a percentage")
	}
	return p, nil
}

func runLoad(ctx context.Context, c call) error {
	if len(c.args) == 1 && c.args[0] == ceilingWord {
		return serveCeiling(ctx, c)
	}
	p, err := parseLoad(c.args)
	if err != nil {
		return err
	}
	target, err := openTarget(ctx, c, p)
	if err != nil {
		return err
	}
	defer target.close()
	fmt.Fprintf(c.out, "load %s: seed %d, %d people, %d connections, %s\n", p.kind, p.seed, p.people, p.connections, target.describe())
	people, err := target.preparePeople(ctx, p)
	if err != nil {
		return fmt.Errorf("preparing people: %w", err)
	}
	before, err := measureCeiling(ctx, c, p)
	if err != nil {
		return err
	}
	run := &loadRun{plan: p, people: people, target: target, client: newLoadClient(target.url, p.connections),
		tally: newTally(), rnd: rand.New(rand.NewPCG(p.seed, 0))}
	idle := target.usage()
	began, cpu := time.Now(), startSpending(target.pid())
	if p.kind == "rush" {
		err = run.rush(ctx)
	} else {
		err = run.steady(ctx)
	}
	cost := cost{took: time.Since(began), cpu: spent(target.pid(), cpu), server: target.usage().cpu - idle.cpu}
	if err != nil {
		return err
	}
	after, err := measureCeiling(ctx, c, p)
	if err != nil {
		return err
	}
	run.tally.print(c.out, cost, before.middle(after))
	target.printMemory(c.out, idle)
	return target.verdict(ctx, c.out)
}
