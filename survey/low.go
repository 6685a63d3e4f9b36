package survey

import (
	"context"
	"errors"
	"strconv"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

const (
	// lowBatch low scores are told at once; fewer, but never one alone, after lowWait.
	lowBatch = 3
	lowLeast = 2
	lowWait  = 7 * 24 * time.Hour
	// lowScores are how many of the five values count as low: 1 and 2.
	lowScores = 2
	lowAlert  = "survey.low"
)

// LowTold is how many low scores of a month the managers of a center know of.
type LowTold struct {
	Month, Center string
	Told          int
	At            time.Time // of the last message; while Told is 0 of when the first was seen
}

// AlertLow tells the managers of a center that low scores have come together.
// It reads what is published of an open month and nothing else: an alert tells
// no more than the page does, which moves by at least five answers at a time.
func (s *Service) AlertLow(ctx context.Context) (int, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return 0, err
	}
	var due []LowTold
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		now := month(r.Now(), cat.Zone())
		before := month(r.Now().In(cat.Zone()).AddDate(0, 0, -r.Now().In(cat.Zone()).Day()), cat.Zone())
		f, err := r.Figures(ctx, FiguresQuery{From: before, To: now, Template: standardKey})
		if err != nil {
			return err
		}
		told, err := r.LowTold(ctx, before, now)
		due = lowDue(f, told, r.Now())
		return err
	})
	if err != nil {
		return 0, err
	}
	n, errs := 0, []error(nil)
	for _, d := range due {
		_, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) { return true, tellLow(ctx, tx, d) })
		switch {
		case err == nil && d.Told > 0:
			n++
		case err == nil:
		case !errors.Is(err, fault.ErrStale): // another node told it
			errs = append(errs, err)
		}
	}
	return n, errors.Join(errs...)
}

// lowDue are the centers with enough low scores that nobody was told of, each
// with the new count in Told. A month's first week begins when its first low
// score is seen: Told is 0 then, and no message leaves.
func lowDue(f *Figures, told map[[2]string]LowTold, now time.Time) (due []LowTold) {
	lows := map[[2]string]int{}
	for _, p := range f.Published {
		if f.Closed[p.Month] {
			continue
		}
		for _, n := range p.Counts[:lowScores] {
			lows[[2]string{p.Month, p.Center}] += n
		}
	}
	for key, low := range lows {
		t, seen := told[key]
		fresh := low - t.Told
		switch {
		case fresh >= lowBatch, fresh >= lowLeast && seen && now.Sub(t.At) >= lowWait:
			due = append(due, LowTold{Month: key[0], Center: key[1], Told: low})
		case fresh > 0 && !seen:
			due = append(due, LowTold{Month: key[0], Center: key[1]})
		}
	}
	return due
}

// tellLow notes what is told, or that a week begins, and lets the message leave.
func tellLow(ctx context.Context, tx Tx, d LowTold) error {
	before, err := tx.TellLow(ctx, d)
	if err != nil || d.Told == 0 {
		return err
	}
	e := account.Entry{Actor: account.System("survey").Name(), Action: lowAlert, Subject: d.Center, Center: d.Center,
		Detail: map[string]any{"month": d.Month, "low": d.Told - before}}
	return tx.Trace(ctx, e, account.Event{Kind: lowAlert, Key: lowAlert + ":" + d.Month + ":" + d.Center + ":" + strconv.Itoa(d.Told), Subject: d.Center,
		Data: map[string]string{"month": d.Month, "low": strconv.Itoa(d.Told - before)}})
}
