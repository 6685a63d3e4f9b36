package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sort"

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
	sqlTallied = `INSERT INTO survey_tally (month, center_id, category, equipment_id, question, value, n)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (month, center_id, category, equipment_id, question, value) DO UPDATE SET n = survey_tally.n + excluded.n`
	sqlTallies = `SELECT month, center_id, question, value, SUM(n) FROM survey_tally
		WHERE month = $1 AND (CAST($2 AS TEXT) = '' OR center_id = $2) AND (CAST($3 AS TEXT) = '' OR question = $3)
		GROUP BY month, center_id, question, value ORDER BY center_id, question, value LIMIT 100000`
	sqlPublish = `INSERT INTO survey_published (month, center_id, counts) VALUES ($1, $2, $3)
		ON CONFLICT (month, center_id) DO UPDATE SET counts = excluded.counts`
	sqlFrozen   = `SELECT COUNT(*) FROM survey_month WHERE month = $1`
	sqlUnclosed = `SELECT DISTINCT c.month FROM survey_counter c WHERE c.month <= $1
		AND NOT EXISTS (SELECT 1 FROM survey_month m WHERE m.month = c.month) ORDER BY c.month LIMIT $2`
	sqlLastHash = `SELECT hash FROM survey_month ORDER BY month DESC LIMIT 1`
	sqlFreeze   = `INSERT INTO survey_month (month, closed_at, prev, hash) VALUES ($1, $2, $3, $4) ON CONFLICT (month) DO NOTHING`
	sqlCell     = `INSERT INTO survey_cell (month, center_id, n, questions) VALUES ($1, $2, $3, $4)`

	sqlCounters = `SELECT rule, month, center_id, category, equipment_id, desk, step, n FROM survey_counter
		WHERE rule = 'use' AND month >= $1 AND month <= $2 AND (CAST($3 AS TEXT) = '' OR center_id = $3)
		AND (CAST($4 AS TEXT) = '' OR category = $4) AND (CAST($5 AS TEXT) = '' OR equipment_id = $5)
		ORDER BY month, center_id, category, equipment_id, desk, step LIMIT 200000`
	sqlPublishedCounts = `SELECT month, center_id, counts FROM survey_published
		WHERE month >= $1 AND month <= $2 AND (CAST($3 AS TEXT) = '' OR center_id = $3) ORDER BY month, center_id LIMIT 20000`
	sqlCells = `SELECT month, center_id, n, questions FROM survey_cell
		WHERE month >= $1 AND month <= $2 AND (CAST($3 AS TEXT) = '' OR center_id = $3) ORDER BY month, center_id LIMIT 20000`
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

// Tallied adds counts of values, in the order given.
func (t surveyTx) Tallied(ctx context.Context, rows []survey.TallyRow) error {
	for _, r := range rows {
		if _, err := t.Exec(ctx, sqlTallied, r.Month, r.Center, r.Category, r.Equipment, r.Question, r.Value, r.N); err != nil {
			return err
		}
	}
	return nil
}

// Tallies reads counts, summed per center.
func (t surveyTx) Tallies(ctx context.Context, month, center, question string) ([]survey.TallyRow, error) {
	rows, err := t.Query(ctx, sqlTallies, month, center, question)
	return all(rows, err, func(r *sql.Rows) (survey.TallyRow, error) {
		var v survey.TallyRow
		return v, r.Scan(&v.Month, &v.Center, &v.Question, &v.Value, &v.N)
	})
}

// Publish stores what is shown of an open month.
func (t surveyTx) Publish(ctx context.Context, p survey.Published) error {
	counts, err := json.Marshal(p.Counts)
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, sqlPublish, p.Month, p.Center, string(counts))
	return err
}

// Frozen tells whether a month is closed.
func (t surveyTx) Frozen(ctx context.Context, month string) (bool, error) {
	var n int
	err := t.QueryRow(ctx, sqlFrozen, month).Scan(&n)
	return n > 0, err
}

// Unclosed lists months that are not frozen yet.
func (t surveyTx) Unclosed(ctx context.Context, upTo string, limit int) ([]string, error) {
	rows, err := t.Query(ctx, sqlUnclosed, upTo, limit)
	return all(rows, err, scanText)
}

func scanText(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) }

// LastHash is the end of the chain.
func (t surveyTx) LastHash(ctx context.Context) (string, error) {
	var hash string
	err := t.QueryRow(ctx, sqlLastHash).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return hash, err
}

// Freeze stores a closed month once.
func (t surveyTx) Freeze(ctx context.Context, f survey.Frozen) (bool, error) {
	n, err := t.Exec(ctx, sqlFreeze, f.Month, ms(f.ClosedAt), f.Prev, f.Hash)
	if err != nil || n != 1 {
		return false, err
	}
	for _, c := range f.Cells {
		questions, err := json.Marshal(c.Questions)
		if err != nil {
			return false, err
		}
		if _, err := t.Exec(ctx, sqlCell, c.Month, c.Center, c.N, string(questions)); err != nil {
			return false, err
		}
	}
	return true, nil
}

// Figures reads what results are made of.
func (t surveyTx) Figures(ctx context.Context, q survey.FiguresQuery) (*survey.Figures, error) {
	f := &survey.Figures{Closed: map[string]bool{}}
	rows, err := t.Query(ctx, sqlCounters, q.From, q.To, q.Center, q.Category, q.Equipment)
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
	if q.Category != "" || q.Equipment != "" {
		return f, nil
	}
	rows, err = t.Query(ctx, sqlPublishedCounts, q.From, q.To, q.Center)
	if f.Published, err = all(rows, err, scanPublished); err != nil {
		return nil, err
	}
	rows, err = t.Query(ctx, sqlCells, q.From, q.To, q.Center)
	f.Cells, err = all(rows, err, scanCell)
	return f, err
}

func scanCount(r *sql.Rows) (survey.Count, error) {
	var c survey.Count
	return c, r.Scan(&c.Rule, &c.Month, &c.Center, &c.Category, &c.Equipment, &c.Desk, &c.Step, &c.N)
}

func scanPublished(r *sql.Rows) (survey.Published, error) {
	var p survey.Published
	var counts string
	if err := r.Scan(&p.Month, &p.Center, &counts); err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(counts), &p.Counts)
}

func scanCell(r *sql.Rows) (survey.Cell, error) {
	var c survey.Cell
	var questions string
	if err := r.Scan(&c.Month, &c.Center, &c.N, &questions); err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(questions), &c.Questions)
}
