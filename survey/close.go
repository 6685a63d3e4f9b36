package survey

import (
	"context"
	"encoding/json"
	"slices"
	"sort"
	"time"

	"gongbang/account"
)

const (
	// closingDay is the day of the next month on which a month closes.
	closingDay = 5
	// closedAtOnce is how many months one run closes at most.
	closedAtOnce = 12
)

// closes is when the month "2006-01" closes; zero for what is no month.
func closes(m string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(monthLayout, m, zone)
	if err != nil {
		return time.Time{}
	}
	return time.Date(t.Year(), t.Month()+1, closingDay, 0, 0, 0, 0, zone)
}

// CloseMonth freezes every month whose closing day has come, oldest first and
// none left out. A month waits until none of its answers is in an inbox, at
// most 25 hours. Again is harmless.
func (s *Service) CloseMonth(ctx context.Context) (int, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return 0, err
	}
	var due []string
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		var err error
		due, err = dueMonths(ctx, r, cat.Zone())
		return err
	})
	if err != nil {
		return 0, err
	}
	for n, m := range due {
		done, err := s.closeMonth(ctx, m)
		if err != nil || !done {
			return n, err
		}
	}
	return len(due), nil
}

// dueMonths follow the newest closed month, or begin with the first in use.
func dueMonths(ctx context.Context, r Reader, zone *time.Location) (out []string, err error) {
	now := month(r.Now(), zone)
	closed, first, err := r.Edges(ctx)
	if closed != "" {
		first = nextMonth(closed)
	}
	if err != nil || first == "" {
		return nil, err
	}
	for m := first; m < now && !closes(m, zone).After(r.Now()) && len(out) < closedAtOnce; m = nextMonth(m) {
		out = append(out, m)
	}
	return out, nil
}

// closeMonth ends the counting, makes the cells on one snapshot, and freezes
// them. From its closing day on nothing is counted in a month any more, so
// what the snapshot holds is final; writers don't wait for the sums.
func (s *Service) closeMonth(ctx context.Context, m string) (bool, error) {
	over, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) { return settled(ctx, tx, m) })
	if err != nil || !over {
		return false, err
	}
	var f Frozen
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		var err error
		f, err = draft(ctx, r, m)
		return err
	})
	if err != nil {
		return false, err
	}
	return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) { return freeze(ctx, tx, f) })
}

// settled ends the counting of a month; false while answers of it wait.
func settled(ctx context.Context, tx Tx, m string) (bool, error) {
	waits, err := tx.Pending(ctx, m)
	if err != nil || waits {
		return false, err
	}
	all, err := tx.Answering(ctx, m, m)
	if err != nil {
		return false, err
	}
	for _, at := range all {
		if err := settle(ctx, tx, at); err != nil {
			return false, err
		}
	}
	return true, nil
}

// draft makes what is frozen of a month, but its place in the chain.
func draft(ctx context.Context, r Reader, m string) (Frozen, error) {
	f := Frozen{Month: m, Version: sealVersion, Cells: []Cell{}}
	figures, err := r.Figures(ctx, FiguresQuery{From: m, To: m})
	if err != nil {
		return f, err
	}
	if f.Funnel, err = sealed(figures.Counts); err != nil {
		return f, err
	}
	chain, err := r.Chain(ctx)
	if err != nil {
		return f, err
	}
	all, err := halfYear(ctx, r, chain, m)
	for _, c := range all {
		if c.closedWith() == m {
			f.Cells = append(f.Cells, c)
		}
	}
	return f, err
}

// halfYear makes every cell of the half-year up to the month, from the counts.
func halfYear(ctx context.Context, r Reader, chain []Frozen, m string) ([]Cell, error) {
	h, _ := half(m)
	months := slices.DeleteFunc(monthsOf(h), func(o string) bool { return o > m })
	only := map[string]bool{}
	for _, f := range chain {
		only[f.Month] = f.Version == 1
	}
	all, err := r.Answering(ctx, months[0], m)
	if err != nil {
		return nil, err
	}
	var out []Cell
	read := map[string]map[string][]TallyRow{}
	for _, at := range all {
		if read[at.Center] == nil {
			read[at.Center] = map[string][]TallyRow{}
			rows, err := r.Tallies(ctx, TallyQuery{at.Center, months[0], m})
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				read[at.Center][row.Series] = append(read[at.Center][row.Series], row)
			}
		}
		if rows := read[at.Center][at.Series]; rows != nil { // once for all its months
			out = append(out, cells(at.Center, at.Series, rows, months, only)...)
			read[at.Center][at.Series] = nil
		}
	}
	sort.Slice(out, func(a, b int) bool { return slices.Compare(out[a].path(), out[b].path()) < 0 })
	return out, nil
}

// sealed writes a month's counters down per center, as the report prints them.
func sealed(counts []Count) (string, error) {
	sum := map[SealedCount]int{}
	for _, c := range counts {
		sum[c.sealed()] += c.N
	}
	out := make([]SealedCount, 0, len(sum))
	for c, n := range sum {
		c.N = n
		out = append(out, c)
	}
	sort.Slice(out, func(a, b int) bool {
		x, y := out[a], out[b]
		return x.Center < y.Center || x.Center == y.Center && (x.Step < y.Step || x.Step == y.Step && !x.Desk && y.Desk)
	})
	b, err := json.Marshal(out)
	return string(b), err
}

// freeze puts the month at the end of the chain.
func freeze(ctx context.Context, tx Tx, f Frozen) (bool, error) {
	waits, err := tx.Pending(ctx, f.Month)
	if err != nil || waits {
		return false, err
	}
	f.ClosedAt = tx.Now()
	if f.Prev, err = tx.LastHash(ctx); err != nil {
		return false, err
	}
	if f.Hash, err = f.sum(); err != nil {
		return false, err
	}
	first, err := tx.Freeze(ctx, f)
	if err != nil || !first {
		return false, err
	}
	e := account.Entry{Actor: account.System("survey").Name(), Action: "survey.close", Subject: f.Month,
		Detail: map[string]any{"hash": f.Hash, "cells": len(f.Cells)}}
	return true, tx.Trace(ctx, e)
}

// valid is how many people answered: neither skipped nor not applicable.
func valid(v map[string]int) int {
	n := v[answeredValue]
	for _, c := range scaleCounts(v) {
		n += c
	}
	return n
}
