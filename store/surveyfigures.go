package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"gongbang/survey"
)

const (
	sqlRaise = `INSERT INTO survey_counter (rule, month, center_id, category, equipment_id, desk, step, n)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (rule, month, center_id, category, equipment_id, desk, step) DO UPDATE SET n = survey_counter.n + excluded.n`
	sqlAddAsked = `INSERT INTO survey_asked (month, center_id, category, equipment_id, template, version, day, n)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
		ON CONFLICT (month, center_id, category, equipment_id, template, version, day) DO UPDATE SET n = survey_asked.n + 1`
	sqlAsked = `SELECT COALESCE(SUM(n), 0) FROM survey_asked WHERE month = $1 AND center_id = $2 AND category = $3
		AND (CAST($4 AS TEXT) = '' OR equipment_id = $4) AND day > $5 AND template = $6 AND version = $7`
	someCounters = `SELECT rule, month, center_id, category, equipment_id, desk, step, n FROM survey_counter
		WHERE rule = 'use' AND month >= $1 AND month <= $2
		AND (CAST($3 AS TEXT) = '' OR category = $3) AND (CAST($4 AS TEXT) = '' OR equipment_id = $4)`
	counterOrder    = ` ORDER BY month, center_id, category, equipment_id, desk, step LIMIT 200000`
	sqlCounters     = someCounters + counterOrder
	sqlCountersOf   = someCounters + ` AND center_id = $5` + counterOrder
	sqlClosedMonths = `SELECT month FROM survey_month WHERE month >= $1 AND month <= $2 ORDER BY month LIMIT 1000`
)

// Raise adds one to each counter. Their order is fixed, so that transactions
// that raise several never wait for each other in a circle.
func (t surveyTx) Raise(ctx context.Context, counters ...survey.Counter) error {
	sum := map[survey.Counter]int{}
	for _, c := range counters {
		sum[c]++
	}
	order := make([]survey.Counter, 0, len(sum))
	for c := range sum {
		order = append(order, c)
	}
	sort.Slice(order, func(a, b int) bool { return counterKey(order[a]) < counterKey(order[b]) })
	for _, c := range order {
		if _, err := t.Exec(ctx, sqlRaise, c.Rule, c.Month, c.Center, c.Category, c.Equipment, flag(c.Desk), string(c.Step), sum[c]); err != nil {
			return err
		}
	}
	return nil
}

func counterKey(c survey.Counter) string {
	desk := "0"
	if c.Desk {
		desk = "1"
	}
	return c.Rule + "\x00" + c.Month + "\x00" + c.Center + "\x00" + c.Category + "\x00" + c.Equipment + "\x00" + desk + "\x00" + string(c.Step)
}

// AddAsked counts an invitation that left.
func (t surveyTx) AddAsked(ctx context.Context, i *survey.Invitation, day string) error {
	_, err := t.Exec(ctx, sqlAddAsked, i.Month(), i.Center, i.Category, i.Equipment, i.Template, i.Version, day)
	return err
}

// Asked counts invitations sent after a day.
func (t surveyTx) Asked(ctx context.Context, q survey.AskedQuery) (int, error) {
	var n int
	err := t.QueryRow(ctx, sqlAsked, q.Month, q.Center, q.Category, q.Equipment, q.After, q.Template, q.Version).Scan(&n)
	return n, err
}

// Figures reads what results are made of.
func (t surveyTx) Figures(ctx context.Context, q survey.FiguresQuery) (*survey.Figures, error) {
	f := &survey.Figures{Closed: map[string]bool{}}
	rows, err := t.queryCenter(ctx, q.Center, sqlCounters, sqlCountersOf, q.From, q.To, q.Category, q.Equipment)
	if f.Counts, err = all(rows, err, scanCount); err != nil {
		return nil, err
	}
	rows, err = t.Query(ctx, sqlClosedMonths, q.From, q.To)
	closed, err := all(rows, err, scanText)
	if err != nil {
		return nil, err
	}
	for _, m := range closed {
		f.Closed[m] = true
	}
	if q.Template == "" {
		return f, nil
	}
	key, _, _ := strings.Cut(q.Template, "@")
	rows, err = t.Query(ctx, sqlPublishedCounts, q.From, q.To, q.Center, key)
	if f.Published, err = all(rows, err, scanPublished); err != nil {
		return nil, err
	}
	cellsOf, within := sqlCellsOf, []any{q.Center}
	if q.Center == "" {
		year, beyond := years(q.From, q.To)
		cellsOf, within = sqlCells, []any{year, beyond}
	}
	for _, dim := range q.Dims {
		rows, err := t.Query(ctx, cellsOf, append([]any{q.From, q.To, string(dim), key}, within...)...)
		cells, err := all(rows, err, scanCell)
		if err != nil {
			return nil, err
		}
		f.Cells = append(f.Cells, cells...)
	}
	return f, nil
}

// queryCenter asks for one center in a text of its own, which can seek; center
// "" is all.
func (t surveyTx) queryCenter(ctx context.Context, center, every, one string, args ...any) (*sql.Rows, error) {
	if center == "" {
		return t.Query(ctx, every, args...)
	}
	return t.Query(ctx, one, append(args, center)...)
}

// years bounds the periods that lie in the months, so that all centers' cells
// are read in the order in which they are kept.
func years(from, to string) (first, beyond string) {
	first = from[:min(4, len(from))]
	last, err := strconv.Atoi(to[:min(4, len(to))])
	if err != nil || last > 9998 {
		return first, "A" // behind every digit
	}
	return first, fmt.Sprintf("%04d", last+1)
}

func scanCount(r *sql.Rows) (survey.Count, error) {
	var c survey.Count
	return c, r.Scan(&c.Rule, &c.Month, &c.Center, &c.Category, &c.Equipment, &c.Desk, &c.Step, &c.N)
}

func scanPublished(r *sql.Rows) (survey.Published, error) {
	var p survey.Published
	var counts string
	if err := r.Scan(&p.Month, &p.Center, &p.Series, &counts); err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(counts), &p.Counts)
}

func scanText(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) }
