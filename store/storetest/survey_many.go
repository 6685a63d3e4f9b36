package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/store"
	"gongbang/survey"
)

const insertResponses = `INSERT INTO survey_response (id, center_id, month, category, equipment_id, template, version, answers)
	WITH RECURSIVE k (n) AS (SELECT $1 UNION ALL SELECT n + 1 FROM k WHERE n + 1 < $2)
	SELECT 'r-' || (n * 7919 % 100000000) || '-' || n, 'c' || SUBSTR('0' || (n % 29), -2), '2027-0' || (1 + n % 9), 'sewing', '', 'use-standard', 1,
		'{"overall":4,"ease":5,"equip":3,"staff":5,"goal":"all","drivers":["cost"],"comment":"조용하고 좋았습니다"}' FROM k`

// ManyAnswers fills an SQLite database with so many answers about 24 months of
// 29 centers with six machines each, closes the months, and answers with a way
// to ask for results.
func ManyAnswers(t testing.TB, db *store.DB, clock *Clock, answers int) func(context.Context, survey.ResultsQuery) error {
	t.Helper()
	ctx := context.Background()
	many := city{n: 29}
	const months, chunk = 24, 100_000
	inOne(t, db, func(ctx context.Context, tx *store.Tx) error {
		for from := 0; from < answers; from += chunk {
			if _, err := tx.Exec(ctx, insertResponses, from, min(from+chunk, answers)); err != nil {
				return err
			}
		}
		return nil
	})
	surveys := store.NewSurveys(db)
	each := max(1, answers/months/len(many.Centers())/6/5)
	first := time.Date(2027, 1, 1, 12, 0, 0, 0, kst)
	for i := range months {
		month := first.AddDate(0, i, 0).Format("2006-01")
		_, err := surveys.Do(ctx, func(ctx context.Context, tx survey.Tx) (any, error) {
			if err := tx.Raise(ctx, survey.Counter{Rule: "use", Month: month, Center: "c00", Step: survey.StepCompleted}); err != nil {
				return nil, err
			}
			for _, center := range many.Centers() {
				if err := tx.Tallied(ctx, tallied(month, center, each)); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	clock.Set(first.AddDate(0, months, 6))
	s, err := survey.New(survey.Deps{Store: surveys, People: crowd{}, NewID: randomText, Random: func(int) int { return 0 }, Key: surveyKey,
		Catalog: func(context.Context) (survey.Catalog, error) { return many, nil }, Window: survey.Window{Always: true}})
	if err == nil {
		err = s.Load(ctx)
	}
	for n := 1; n > 0 && err == nil; {
		n, err = s.CloseMonth(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, q survey.ResultsQuery) error {
		r, err := s.Results(ctx, actorOf(account.Admin, ""), q)
		if err == nil && (r.Total.N == nil || *r.Total.N == 0) {
			return fmt.Errorf("nothing is shown of %+v", q)
		}
		return err
	}
}

// tallied are the counts of a center's month: each value of each scale so often at each machine.
func tallied(month, center string, each int) (out []survey.TallyRow) {
	for i := range 6 {
		category := []string{"sewing", "cutting", "laser"}[i%3]
		for _, scope := range []survey.Scope{{}, {Dim: "category", Key: category}, {Dim: "equipment", Key: fmt.Sprintf("%s-%s-%d", center, category, i), Parent: category}} {
			row := survey.TallyRow{Month: month, Center: center, Series: "use-standard", Scope: scope, Value: "#", Held: 5 * each}
			out = append(out, row)
			for _, q := range []string{"overall", "ease", "equip", "staff"} {
				for v := range 5 {
					row.Question, row.Value, row.Held = q, fmt.Sprint(v+1), each
					out = append(out, row)
				}
			}
		}
	}
	return out
}
