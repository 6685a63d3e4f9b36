package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sort"
	"strconv"
	"time"

	"gongbang/account"
)

// closingDay is the day of the next month on which a month closes.
const closingDay = 5

// closes is when the month "2006-01" closes; zero for what is no month.
func closes(m string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(monthLayout, m, zone)
	if err != nil {
		return time.Time{}
	}
	return time.Date(t.Year(), t.Month()+1, closingDay, 0, 0, 0, 0, zone)
}

// Cell is a figure that may be shown for good: a center's closed month. A
// question that fewer than five people answered is not in it.
type Cell struct {
	Month     string                    `json:"month"`
	Center    string                    `json:"center"`
	N         int                       `json:"n"`
	Questions map[string]map[string]int `json:"questions"`
}

// Frozen is a closed month: its cells, and a hash that continues the month before.
type Frozen struct {
	Month      string
	ClosedAt   time.Time
	Prev, Hash string
	Cells      []Cell
}

// CloseMonth freezes every month whose closing day has come, oldest first. A
// month waits until none of its answers is in an inbox, at most 25 hours.
// Again is harmless.
func (s *Service) CloseMonth(ctx context.Context) (int, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return 0, err
	}
	return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (int, error) {
		local := tx.Now().In(cat.Zone())
		last := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, cat.Zone()).AddDate(0, -1, 0)
		if local.Day() < closingDay {
			last = last.AddDate(0, -1, 0)
		}
		open, err := tx.Unclosed(ctx, last.Format(monthLayout), 12)
		if err != nil {
			return 0, err
		}
		n := 0
		for _, m := range open {
			done, err := freeze(ctx, tx, m)
			if err != nil || !done {
				return n, err
			}
			n++
		}
		return n, nil
	})
}

func freeze(ctx context.Context, tx Tx, m string) (bool, error) {
	waits, err := tx.Pending(ctx, m)
	if err != nil || waits {
		return false, err
	}
	rows, err := tx.Tallies(ctx, m, "", "")
	if err != nil {
		return false, err
	}
	f := Frozen{Month: m, ClosedAt: tx.Now(), Cells: released(m, rows)}
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
	e := account.Entry{Actor: account.System("survey").Name(), Action: "survey.close", Subject: m,
		Detail: map[string]any{"hash": f.Hash, "cells": len(f.Cells)}}
	return true, tx.Trace(ctx, e)
}

// sum is the hash over the month before and every cell of this one.
func (f Frozen) sum() (string, error) {
	b, err := json.Marshal(struct {
		Prev  string `json:"prev"`
		Month string `json:"month"`
		Cells []Cell `json:"cells"`
	}{f.Prev, f.Month, f.Cells})
	if err != nil {
		return "", err
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:]), nil
}

// released makes the center cells of a month: those of at least five people,
// with the questions that at least five of them answered.
func released(m string, rows []TallyRow) []Cell {
	cells := map[string]*Cell{}
	for _, r := range rows {
		c := cells[r.Center]
		if c == nil {
			c = &Cell{Month: m, Center: r.Center, Questions: map[string]map[string]int{}}
			cells[r.Center] = c
		}
		if c.Questions[r.Question] == nil {
			c.Questions[r.Question] = map[string]int{}
		}
		c.Questions[r.Question][r.Value] += r.N
	}
	out := []Cell{}
	for _, c := range cells {
		c.N = valid(c.Questions[overall])
		for q, v := range c.Questions {
			if valid(v) < least {
				delete(c.Questions, q)
			}
		}
		if c.N >= least {
			out = append(out, *c)
		}
	}
	sort.Slice(out, func(a, b int) bool { return out[a].Center < out[b].Center })
	return out
}

// valid is how many people answered: neither skipped nor not applicable. Zero
// of ten is an answer.
func valid(v map[string]int) int {
	n := v[answeredValue]
	for i := range likelyMost + 1 {
		n += v[strconv.Itoa(i)]
	}
	return n
}
