package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gongbang/store"
	"gongbang/survey"
)

// every24th writes responses of 24 months, one in five with a comment; the
// center and its machine follow.
const every24th = `INSERT INTO survey_response (id, center_id, month, category, equipment_id, template, version, answers)
	WITH RECURSIVE k (n) AS (SELECT $1 UNION ALL SELECT n + 1 FROM k WHERE n + 1 < $2)
	SELECT LOWER(HEX(RANDOMBLOB(16))), $3, (2027 + n % 24 / 12) || '-' || SUBSTR('0' || (1 + n % 12), -2), 'sewing', '', 'use-standard', 1,
		CASE WHEN n % 5 = 0 THEN '{"overall":4,"ease":5,"equip":3,"staff":5,"goal":"all","drivers":["cost"],"comment":"조용하고 좋았습니다"}'
			ELSE '{"overall":4,"ease":5,"equip":3,"staff":5,"goal":"all","drivers":["cost"]}' END FROM k`

// Machines tell the category of each machine of each center.
type Machines map[string]map[string]string

// FillAnswers puts so many answers about the 24 months from January 2027 into
// an SQLite database, alike for each machine: responses, tallies and the
// funnel's first counter. The time is set to when the last month can be closed.
func FillAnswers(t testing.TB, db *store.DB, clock interface{ Set(time.Time) }, machines Machines, answers int) {
	t.Helper()
	const months = 24
	each := answers / len(machines)
	first := time.Date(2027, 1, 1, 12, 0, 0, 0, kst)
	surveys := store.NewSurveys(db)
	for center, own := range machines {
		inOne(t, db, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, every24th, 0, each, center)
			return err
		})
		_, err := surveys.Do(context.Background(), func(ctx context.Context, tx survey.Tx) (any, error) {
			for i := range months {
				month := first.AddDate(0, i, 0).Format("2006-01")
				if err := tx.Raise(ctx, survey.Counter{Rule: "use", Month: month, Center: center, Step: survey.StepCompleted}); err != nil {
					return nil, err
				}
				if err := tx.Tallied(ctx, tallied(month, center, own, max(1, each/months/len(own)/5))); err != nil {
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
}

// CloseMonths closes what can be closed.
func CloseMonths(t testing.TB, s *survey.Service) {
	t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = s.CloseMonth(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// ManyAnswers fills an SQLite database with so many answers about centers with
// six machines each, closes the months, and answers with the service.
func ManyAnswers(t testing.TB, db *store.DB, clock *Clock, centers, answers int) *survey.Service {
	t.Helper()
	ctx, many, machines := context.Background(), city{n: centers}, Machines{}
	for _, center := range many.Centers() {
		machines[center] = map[string]string{}
		for i := range 6 {
			category := []string{"sewing", "cutting", "laser"}[i%3]
			machines[center][fmt.Sprintf("%s-%s-%d", center, category, i)] = category
		}
	}
	FillAnswers(t, db, clock, machines, answers)
	s, err := survey.New(survey.Deps{Store: store.NewSurveys(db), People: crowd{}, NewID: randomText, Random: func(int) int { return 0 }, Key: surveyKey,
		Catalog: func(context.Context) (survey.Catalog, error) { return many, nil }, Window: survey.Window{Always: true}})
	if err == nil {
		err = s.Load(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	CloseMonths(t, s)
	return s
}

// tallied are the counts of a center's month: each value of each scale so often at each machine.
func tallied(month, center string, machines map[string]string, each int) (out []survey.TallyRow) {
	for id, category := range machines {
		for _, scope := range []survey.Scope{{}, {Dim: "category", Key: category}, {Dim: "equipment", Key: id, Parent: category}} {
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
