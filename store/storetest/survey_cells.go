package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/store"
	"gongbang/survey"
)

// said lets answers about a machine in a month arrive and leave the inbox.
func (u *afterUse) said(month, machine string, traits survey.Traits, answers ...survey.Answers) {
	u.t.Helper()
	m, _ := shop{}.Equipment(machine)
	u.exec(`INSERT INTO survey_asked (month, center_id, category, equipment_id, template, version, day, n)
		VALUES ($1, $2, $3, $4, 'use-standard', 1, $5, 9) ON CONFLICT DO NOTHING`, month, m.Center, m.Category, machine, u.now().In(kst).Format("2006-01-02"))
	u.exec(`INSERT INTO survey_counter (rule, month, center_id, category, equipment_id, desk, step, n)
		VALUES ('use', $1, $2, $3, $4, 0, 'completed', $5) ON CONFLICT (rule, month, center_id, category, equipment_id, desk, step)
		DO UPDATE SET n = survey_counter.n + excluded.n`, month, m.Center, m.Category, machine, len(answers))
	_, err := store.NewSurveys(u.db).Do(context.Background(), func(ctx context.Context, tx survey.Tx) (any, error) {
		for _, a := range answers {
			err := tx.Put(ctx, survey.Waited{ID: randomText(), Month: month, Center: m.Center, Category: m.Category, Equipment: machine,
				Template: "use-standard", Version: 1, Answers: a, Traits: traits}, tx.Now().Add(24*time.Hour))
			if err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	u.must(err)
	u.pass(25 * time.Hour)
	u.flush()
}

// counted lets answers be counted whose machine is kept, past the inbox.
func (u *afterUse) counted(month, machine string, traits survey.Traits, answers ...survey.Answers) {
	u.t.Helper()
	m, _ := shop{}.Equipment(machine)
	scopes := []survey.Scope{{}, {Dim: "category", Key: m.Category}, {Dim: "equipment", Key: machine, Parent: m.Category}}
	for dim, key := range map[survey.Dimension]string{"hour": traits.Hour, "wait": traits.Wait, "noshow": traits.NoShow} {
		if key != "" {
			scopes = append(scopes, survey.Scope{Dim: dim, Key: key})
		}
	}
	var rows []survey.TallyRow
	for _, a := range answers {
		for _, scope := range scopes {
			row := survey.TallyRow{Month: month, Center: m.Center, Series: "use-standard", Scope: scope, Value: "#", Held: 1}
			rows = append(rows, row)
			for q, v := range a {
				if row.Question, row.Value = q, fmt.Sprint(v); q == "overall" || len(scope.Dim) == 0 || scope.Dim == "category" || scope.Dim == "equipment" {
					rows = append(rows, row)
				}
			}
		}
	}
	u.exec(`INSERT INTO survey_counter (rule, month, center_id, category, equipment_id, desk, step, n)
		VALUES ('use', $1, $2, $3, $4, 0, 'completed', $5) ON CONFLICT (rule, month, center_id, category, equipment_id, desk, step)
		DO UPDATE SET n = survey_counter.n + excluded.n`, month, m.Center, m.Category, machine, len(answers))
	_, err := store.NewSurveys(u.db).Do(context.Background(), func(ctx context.Context, tx survey.Tx) (any, error) {
		return nil, tx.Tallied(ctx, rows)
	})
	u.must(err)
}

// overalls are answers to the first question alone.
func overalls(n int, score int) (out []survey.Answers) {
	for range n {
		out = append(out, survey.Answers{"overall": score})
	}
	return out
}

func (u *afterUse) closeMonths(want int) {
	u.t.Helper()
	n, err := u.s.CloseMonth(context.Background())
	u.must(err)
	if n != want {
		u.t.Fatalf("%d months closed, want %d", n, want)
	}
}

// shownN is a group's n, -1 when it is suppressed.
func shownN(g survey.Group) int {
	if g.N == nil {
		return -1
	}
	return *g.N
}

func byKey(groups []survey.Group) map[string]int {
	out := map[string]int{}
	for _, g := range groups {
		out[g.Key] = shownN(g)
	}
	return out
}

// subtractions: what managers may fetch never differs by one to four people.
func subtractions(t *testing.T, u *afterUse) {
	u.set("2027-01-20 12:00")
	none := survey.Traits{}
	u.counted("2027-01", "east-sewing-1", none, overalls(5, 5)...)
	u.counted("2027-01", "east-cutting-1", none, overalls(1, 1)...)
	u.counted("2027-01", "west-sewing-1", none, overalls(3, 2)...)
	eight := overalls(8, 4)
	for i := range 3 {
		eight[i]["equip"] = 1
	}
	for i := 3; i < 8; i++ {
		eight[i]["equip"] = "NA"
	}
	u.counted("2027-02", "east-sewing-1", none, eight...)
	u.counted("2027-03", "east-sewing-1", none, overalls(3, 3)...)
	u.set("2027-04-05 10:00")
	u.closeMonths(3)
	ask := func(from, to, by string) survey.Results {
		t.Helper()
		return u.results(survey.ResultsQuery{From: from, To: to, GroupBy: by})
	}
	january := ask("2027-01", "2027-01", "category")
	if got := byKey(january.Groups); shownN(january.Total) != 6 || got["sewing"] != -1 || got["cutting"] != -1 {
		t.Errorf("five at one and one at the other: %v of %d", got, shownN(january.Total))
	}
	if got := byKey(ask("2027-01", "2027-01", "center").Groups); got["east"] != 6 || got["west"] != -1 || january.LeftOut != 3 {
		t.Errorf("a hidden center under a shown city: %v, left out %d", got, january.LeftOut)
	}
	three, two := ask("2027-01", "2027-03", ""), ask("2027-01", "2027-02", "")
	if shownN(three.Total) != 14 || shownN(two.Total) != 14 || three.LeftOut != 6 || two.LeftOut != 3 {
		t.Errorf("March alone would be %d − %d; left out %d and %d", shownN(three.Total), shownN(two.Total), three.LeftOut, two.LeftOut)
	}
	february := ask("2027-02", "2027-02", "").Total
	if _, ok := february.Questions["equip"]; ok || shownN(february) != 8 {
		t.Errorf("a question that three of eight answered is shown: %+v", february.Questions)
	}
	if c := february.Composite; c != nil {
		t.Errorf("a composite of nothing: %+v", c)
	}
}

// openThenFrozen: the last look at an open month is the frozen figure; two
// answers that came after it count in the month after.
func openThenFrozen(t *testing.T, u *afterUse) {
	u.set("2027-01-20 12:00")
	u.said("2027-01", "east-sewing-1", survey.Traits{}, overalls(7, 4)...)
	open := u.results(survey.ResultsQuery{From: "2027-01", To: "2027-01"}).Total
	u.said("2027-01", "east-sewing-1", survey.Traits{}, overalls(2, 1)...)
	again := u.results(survey.ResultsQuery{From: "2027-01", To: "2027-01"}).Total
	u.set("2027-02-05 10:00")
	u.closeMonths(1)
	frozen := u.results(survey.ResultsQuery{From: "2027-01", To: "2027-01"}).Total
	if shownN(open) != 7 || shownN(again) != 7 || shownN(frozen) != 7 || frozen.Questions["overall"].Counts != open.Questions["overall"].Counts {
		t.Fatalf("shown %d, then %d, frozen %d: two people are exposed", shownN(open), shownN(again), shownN(frozen))
	}
	u.said("2027-02", "east-sewing-1", survey.Traits{}, overalls(3, 4)...)
	if n := shownN(u.results(survey.ResultsQuery{From: "2027-02", To: "2027-02"}).Total); n != 5 {
		t.Errorf("the two and three more are %d", n)
	}
	u.said("2027-02", "east-sewing-1", survey.Traits{}, overalls(6, 4)...)
	u.set("2027-03-05 10:00")
	u.closeMonths(1)
	both := u.results(survey.ResultsQuery{From: "2027-01", To: "2027-02"})
	if got := both.Total.Questions["overall"]; got.N != 18 || got.Counts != [5]int{2, 0, 0, 16, 0} || both.LeftOut != 0 {
		t.Errorf("answers are lost: %+v, left out %d", got, both.LeftOut)
	}
}

// quarters: months too small alone are released together.
func quarters(t *testing.T, u *afterUse) {
	u.set("2027-01-20 12:00")
	none := survey.Traits{}
	for i, n := range []int{3, 9, 3} { // two hidden months hide with each other
		u.counted(fmt.Sprintf("2027-0%d", i+1), "west-sewing-1", none, overalls(n, 4)...)
	}
	for i, n := range []int{8, 3, 8, 8, 8, 8} { // 3 alone in its quarter waits for the half-year
		u.counted(fmt.Sprintf("2027-0%d", i+1), "east-sewing-1", none, overalls(n, 2)...)
	}
	for i := range 3 { // a machine with three a month beside three others
		for _, machine := range []string{"east-laser-1", "east-cutting-1"} {
			u.counted(fmt.Sprintf("2027-0%d", i+4), machine, none, overalls(3, 5)...)
		}
	}
	u.set("2027-07-05 10:00")
	u.closeMonths(6)
	n := func(center, from, to string) int {
		t.Helper()
		return shownN(u.results(survey.ResultsQuery{Center: center, From: from, To: to}).Total)
	}
	for _, c := range []struct {
		center, from, to string
		n                int
	}{
		{"west", "2027-01", "2027-01", -1}, {"west", "2027-01", "2027-02", 9}, {"west", "2027-01", "2027-03", 15},
		{"east", "2027-01", "2027-03", 16}, {"east", "2027-01", "2027-06", 16 + 8 + 8 + 8 + 18},
	} {
		if got := n(c.center, c.from, c.to); got != c.n {
			t.Errorf("%s %s…%s: %d, want %d", c.center, c.from, c.to, got, c.n)
		}
	}
	r := u.results(survey.ResultsQuery{Center: "east", From: "2027-04", To: "2027-06", GroupBy: "equipment"})
	if got := byKey(r.Groups); got["east-laser-1"] != 9 || got["east-cutting-1"] != 9 {
		t.Errorf("three a month are nine a quarter: %v", got)
	}
	r = u.results(survey.ResultsQuery{Center: "east", From: "2027-04", To: "2027-05", GroupBy: "equipment"})
	if got := byKey(r.Groups); got["east-laser-1"] != -1 || got["east-sewing-1"] != 16 {
		t.Errorf("two months of the quarter: %v", got)
	}
	if list := u.texts(`SELECT period, months FROM survey_cell WHERE center_id = 'east' AND dim = '' AND period = '2027-H1'`, 2); len(list) != 0 {
		t.Errorf("a month of three and nothing beside it is released: %v", list)
	}
}

// traitsCounted: the score by hour of day, waiting time and no-shows.
func traitsCounted(t *testing.T, u *afterUse) {
	u.set("2027-01-20 12:00")
	u.counted("2027-01", "east-sewing-1", survey.Traits{Hour: "09", Wait: "0", NoShow: "1-9"}, overalls(6, 2)...)
	u.counted("2027-01", "east-cutting-1", survey.Traits{Hour: "10", Wait: "0"}, overalls(7, 4)...)
	u.set("2027-02-05 10:00")
	u.closeMonths(1)
	for by, want := range map[string]map[string]int{
		"hour": {"09": 6, "10": 7}, "wait": {"0": 13}, "noshow": {"1-9": 6}, "category": {"sewing": 6, "cutting": 7},
	} {
		r := u.results(survey.ResultsQuery{From: "2027-01", To: "2027-01", GroupBy: by})
		if got := byKey(r.Groups); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", by, got, want)
		}
	}
	hours := u.results(survey.ResultsQuery{From: "2027-01", To: "2027-01", GroupBy: "hour"}).Groups
	if f := hours[0].Questions["overall"]; f.Counts != [5]int{0, 6, 0, 0, 0} || len(hours[0].Questions) != 1 {
		t.Errorf("%+v", hours[0])
	}
	_, err := u.s.Results(context.Background(), actorOf(account.Admin, ""), survey.ResultsQuery{Category: "sewing", GroupBy: "hour"})
	u.refused(err, "validation")
}

// sealsHold: what is frozen can't be changed, and is found when it was.
func sealsHold(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.set("2027-01-20 12:00")
	for i := range 4 {
		u.counted(fmt.Sprintf("2027-0%d", i+1), "east-sewing-1", survey.Traits{Hour: "09"}, overalls(6+i, 4)...)
	}
	u.set("2027-05-05 10:00")
	u.closeMonths(4)
	broken := func() string {
		t.Helper()
		r, err := u.db.Check(ctx, u.now())
		u.must(err)
		var out []string
		for _, f := range r.Broken() {
			if strings.Contains(f.Name, "survey month") || strings.Contains(f.Name, "survey cell") {
				out = append(out, f.Name+" "+f.Detail)
			}
		}
		return strings.Join(out, "; ")
	}
	if b := broken(); b != "" {
		t.Fatalf("found before anything was changed: %s", b)
	}
	changes := []string{
		`UPDATE survey_cell SET questions = REPLACE(questions, '"4":7', '"5":7') WHERE period = '2027-02' AND dim = ''`,
		`DELETE FROM survey_cell WHERE period = '2027-02' AND dim = 'hour'`,
		`UPDATE survey_month SET funnel = '[]' WHERE month = '2027-02'`,
		`DELETE FROM survey_month WHERE month = '2027-02'`,
		`DELETE FROM survey_month WHERE month = '2027-04'`, // the newest
	}
	refused := func(text string) bool {
		_, err := store.Do(ctx, u.db, func(ctx context.Context, tx *store.Tx) (int64, error) { return tx.Exec(ctx, text) })
		return err != nil && strings.Contains(err.Error(), "a closed month never changes")
	}
	for _, text := range append(changes, `UPDATE survey_month SET closed_at = 1`) {
		if !refused(text) {
			t.Errorf("not refused: %s", text)
		}
	}
	triggers := []string{"survey_month_never_changes ON survey_month", "survey_cell_never_changes ON survey_cell"}
	if u.db.Dialect() == "sqlite" {
		triggers = []string{"survey_month_never_changes", "survey_month_never_goes", "survey_cell_never_changes", "survey_cell_never_goes"}
	}
	for _, name := range triggers {
		u.exec(`DROP TRIGGER ` + name)
	}
	tables := []string{"survey_month", "survey_cell", "survey_tally", "survey_counter"}
	for _, name := range tables {
		u.exec(`CREATE TABLE kept_` + name + ` AS SELECT * FROM ` + name)
	}
	changes = append(changes,
		`UPDATE survey_month SET month = CASE month WHEN '2027-02' THEN 'x' ELSE '2027-02' END WHERE month IN ('2027-02', '2027-03');
			UPDATE survey_month SET month = '2027-03' WHERE month = 'x'`, // put in another order
		`UPDATE survey_counter SET n = 1 WHERE month = '2027-03'`,
		`UPDATE survey_tally SET n = n + 1 WHERE month = '2027-03' AND dim = '' AND question = 'overall'`,
		`INSERT INTO survey_cell (period, center_id, series, dim, key, parent, month, first_month, n, questions, months)
			VALUES ('2027-02', 'west', 'use-standard', '', '', '', '2027-02', '2027-02', 9, '{"":{"#":9}}', '')`)
	for _, text := range changes {
		for part := range strings.SplitSeq(text, ";") {
			u.exec(part)
		}
		if broken() == "" {
			t.Errorf("not found: %s", text)
		}
		for _, name := range tables {
			u.exec(`DELETE FROM ` + name)
			u.exec(`INSERT INTO ` + name + ` SELECT * FROM kept_` + name)
		}
	}
	if b := broken(); b != "" {
		t.Fatalf("changes were not undone: %s", b)
	}
}
