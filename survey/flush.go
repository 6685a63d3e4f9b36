package survey

import (
	"context"
	"errors"
	"slices"
	"time"

	"gongbang/account"
)

// least is k: no figure and no detail of a response about fewer people.
const least = 5

// Response is an answer that can't be told from at least four others.
type Response struct {
	ID, Center, Month, Category, Equipment, Template string
	Version                                          int
	Answers                                          Answers
	Entry                                            Entry
	Traits                                           Traits // counted and forgotten
}

// Waiting is a center whose inbox holds answers that came in one way, until Due
// at the latest.
type Waiting struct {
	Center string
	Count  int
	Due    time.Time
}

// Flush moves answers out of the inboxes: at least five of one center, or what
// is overdue, in random order, under new random ids, in a transaction of its
// own. It returns how many it moved.
func (s *Service) Flush(ctx context.Context) (int, error) {
	var full []string
	err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		waiting, err := r.Waiting(ctx)
		full = nil
		for _, w := range waiting {
			if (w.Count >= least || overdue(w.Due, r.Now())) && !slices.Contains(full, w.Center) {
				full = append(full, w.Center)
			}
		}
		return err
	})
	if err != nil || len(full) == 0 {
		return 0, err
	}
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return 0, err
	}
	moved, errs := 0, []error(nil)
	for _, center := range full {
		n, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (int, error) {
			return s.flush(ctx, tx, center, cat)
		})
		moved += n
		errs = append(errs, err)
	}
	return moved, errors.Join(errs...)
}

func overdue(due, now time.Time) bool { return !due.IsZero() && !due.After(now) }

// flush empties one center's inbox if it still may.
func (s *Service) flush(ctx context.Context, tx Tx, center string, cat Catalog) (int, error) {
	due, err := tx.LockCenter(ctx, center)
	if err != nil {
		return 0, err
	}
	all, err := tx.Waited(ctx, center, batch)
	if err != nil {
		return 0, err
	}
	from := all
	if !overdue(due, tx.Now()) {
		from = inCompany(all)
	}
	if len(from) == 0 {
		return 0, nil
	}
	for i := len(from) - 1; i > 0; i-- { // Fisher-Yates
		j := s.d.Random(i + 1)
		from[i], from[j] = from[j], from[i]
	}
	to, err := s.responses(ctx, tx, from, due, cat)
	if err != nil {
		return 0, err
	}
	if err := tx.Move(ctx, center, from, to, len(from) == len(all) && len(all) < batch); err != nil {
		return 0, err
	}
	if err := s.tie(ctx, tx, from, to, due.In(cat.Zone())); err != nil {
		return 0, err
	}
	counted, err := s.tally(ctx, tx, to)
	if err != nil {
		return 0, err
	}
	if err := s.mixAll(ctx, tx, counted); err != nil {
		return 0, err
	}
	for _, at := range counted {
		if err := publish(ctx, tx, at); err != nil {
			return 0, err
		}
	}
	e := account.Entry{Actor: account.System("survey").Name(), Action: "survey.flush", Subject: center, Center: center,
		Detail: map[string]any{"answers": len(to)}}
	return len(to), tx.Trace(ctx, e)
}

// inCompany are the answers that came in the same way as at least four others:
// a response says how it came, so that others would hide nobody. At a code one
// person may answer many times. Who gave a name hides nobody and needs nobody.
func inCompany(all []Waited) []Waited {
	n := map[Entry]int{}
	for _, w := range all {
		n[w.Entry]++
	}
	return kept(all, func(w Waited) bool { return n[w.Entry] >= least || w.Entry == ByName })
}

// responses are the answers with only those details that at least five people
// share. The thirty days end when the answers came, not when a late job ran.
func (s *Service) responses(ctx context.Context, tx Tx, from []Waited, due time.Time, cat Catalog) ([]Response, error) {
	came := tx.Now()
	if overdue(due, came) {
		came = due.Add(-inboxFor)
	}
	after := day(came.Add(-capCategory), cat.Zone())
	enough, frozen := enoughAsked(ctx, tx), closedMonths(ctx, tx)
	long, err := tx.Newest(ctx, standardKey)
	if err != nil {
		return nil, err
	}
	to := make([]Response, 0, len(from))
	for _, w := range from {
		r := Response{ID: s.d.NewID(), Center: w.Center, Month: w.Month, Category: w.Category, Equipment: w.Equipment,
			Template: w.Template, Version: w.Version, Answers: w.Answers, Entry: w.Entry, Traits: w.Traits}
		closed, err := frozen(r.Month)
		if err != nil {
			return nil, err
		}
		if closed { // a frozen month never moves; the answer counts in this one
			r.Month, r.Category, r.Equipment, r.Traits = month(tx.Now(), cat.Zone()), "", "", Traits{}
		}
		to = append(to, r)
	}
	return to, settleDetails(ctx, tx, to, func(r *Response) error { return coarsen(r, long.Version, after, enough) })
}

// enoughAsked tells whether at least five people were asked, each query once.
func enoughAsked(ctx context.Context, tx Tx) func(AskedQuery) (bool, error) {
	asked := map[AskedQuery]int{}
	return func(q AskedQuery) (bool, error) {
		n, ok := asked[q]
		if !ok {
			var err error
			if n, err = tx.Asked(ctx, q); err != nil {
				return false, err
			}
			asked[q] = n
		}
		return n >= least, nil
	}
}

// closedMonths tells whether a month is frozen, each asked once.
func closedMonths(ctx context.Context, tx Tx) func(string) (bool, error) {
	known := map[string]bool{}
	return func(m string) (bool, error) {
		closed, ok := known[m]
		if !ok {
			var err error
			if closed, err = tx.Frozen(ctx, m); err != nil {
				return false, err
			}
			known[m] = closed
		}
		return closed, nil
	}
}

// coarsen drops the machine, and then the category, when fewer than five
// people were asked about it for that month within the last thirty days. What
// is dropped stays empty for good. Nobody is asked at a door: there those count
// who were asked the long questionnaire about a use.
func coarsen(r *Response, long int, after string, enough func(AskedQuery) (bool, error)) error {
	if r.Category == "" {
		r.Equipment = ""
		return nil
	}
	q := AskedQuery{Month: r.Month, Center: r.Center, Category: r.Category, Equipment: r.Equipment, After: after,
		Template: r.Template, Version: r.Version}
	if r.Entry == ByQR || r.Entry == ByCounter {
		q.Template, q.Version = standardKey, long
	}
	ok, err := enough(q)
	if err != nil || ok {
		return err
	}
	r.Equipment, q.Equipment = "", ""
	ok, err = enough(q)
	if !ok {
		r.Category = ""
	}
	return err
}
