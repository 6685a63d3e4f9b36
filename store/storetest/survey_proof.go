package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gongbang/internal/lang"
	"gongbang/internal/testkit"
	"gongbang/store"
	"gongbang/survey"
)

// city is a catalog of many centers; machines are named CENTER-CATEGORY-N.
type city struct {
	shop
	n int
}

func (c city) Centers() (out []string) {
	for i := range c.n {
		out = append(out, fmt.Sprintf("c%02d", i))
	}
	return out
}
func (c city) Center(id string) (lang.Text, bool) {
	return lang.Text{Ko: id}, slices.Contains(c.Centers(), id)
}

// proven is a simulated city whose true scores are known.
type proven struct {
	*afterUse
	city    city
	dice    *rand.Rand
	machine []string // of one center, "CATEGORY-N", with the weights of their use
	weight  []float64
	visits  int
	answers int
	looks   map[[2]string][5]int // the newest look at an open month
}

// SurveyFigures lives through months of a city with known true scores, where
// two of three don't answer. It holds every interval against the truth, every
// look at an open month against the one before, and lets a solver work on
// everything that was released. SCALE=full: 200,000 visits in 24 months.
func SurveyFigures(t *testing.T, open Opener) {
	centers, months, visits := 5, 6, 3000
	if os.Getenv("SCALE") == "full" {
		centers, months, visits = 29, 24, 200000
	}
	p := &proven{afterUse: newAfterUse(t, open), city: city{n: centers}, dice: rand.New(rand.NewPCG(7, 2027)),
		machine: []string{"sewing-1", "sewing-2", "cutting-1", "laser-1", "press-1", "press-2"},
		weight:  []float64{.36, .2, .2, .12, .08, .04}, looks: map[[2]string][5]int{}}
	p.db = open(t, func(o *store.Options) { o.Clock = func() time.Time { return time.UnixMilli(p.clock.Load()) } })
	p.deps.Store = store.NewSurveys(p.db)
	p.deps.Catalog = func(context.Context) (survey.Catalog, error) { return p.city, nil }
	p.rebuild()
	first := time.Date(2027, 1, 1, 12, 0, 0, 0, kst)
	for i := range months {
		m := first.AddDate(0, i, 0)
		p.month(m, visits/months/centers)
		p.set(m.AddDate(0, 1, 4).Format("2006-01-02") + " 12:00")
		p.closeMonths(1)
		p.frozen(m.Format("2006-01"))
	}
	last := first.AddDate(0, months-1, 0).Format("2006-01")
	p.covered("2027-01", last)
	p.solve()
	t.Logf("%d visits, %d answers", p.visits, p.answers)
}

// size of a center and mean of a category there: known, and not the same for any two.
func (p *proven) size(center int) float64 { return []float64{1.9, 1.3, 1, .6, .2}[center%5] }

func (p *proven) chances(center int, category string) (out [5]float64) {
	tilt := float64(len(category)%4)*.25 + float64(center%7)*.15
	sum := 0.0
	for i := range out {
		out[i] = 1 + tilt*float64(i*i)/3
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// month lets people come and answer in four weeks, and looks after each.
func (p *proven) month(m time.Time, visits int) {
	p.t.Helper()
	month := m.Format("2006-01")
	for week := range 4 {
		p.set(m.AddDate(0, 0, 2+7*week).Format("2006-01-02") + " 12:00")
		for c, center := range p.city.Centers() {
			p.week(month, center, c, int(float64(visits)*p.size(c)/4))
		}
		p.pass(25 * time.Hour)
		for p.flush() > 0 {
		}
		p.look(month)
	}
}

// week is a center's visits and answers of one week.
func (p *proven) week(month, center string, c, visits int) {
	p.t.Helper()
	p.visits += visits
	_, err := store.NewSurveys(p.db).Do(context.Background(), func(ctx context.Context, tx survey.Tx) (any, error) {
		var raise []survey.Counter
		for range visits {
			machine := p.machine[p.pick(p.weight)]
			category, _, _ := strings.Cut(machine, "-")
			i := &survey.Invitation{Day: month + "-02", Center: center, Category: category, Equipment: center + "-" + machine,
				Template: "use-standard", Version: 1}
			if err := tx.AddAsked(ctx, i, p.now().In(kst).Format("2006-01-02")); err != nil {
				return nil, err
			}
			raise = append(raise, survey.Counter{Rule: "use", Month: month, Center: center, Step: survey.StepInvited})
			if p.dice.Float64() > 1.0/3 {
				continue // no answer
			}
			p.answers++
			raise = append(raise, survey.Counter{Rule: "use", Month: month, Center: center, Step: survey.StepCompleted})
			chances := p.chances(c, category)
			a := survey.Answers{"overall": 1 + p.pick(chances[:])}
			if p.dice.Float64() < .6 {
				a["equip"] = 1 + p.pick(chances[:])
			}
			w := survey.Waited{ID: randomText() + randomText(), Month: month, Center: center, Category: category, Equipment: i.Equipment,
				Template: i.Template, Version: i.Version, Answers: a, Traits: survey.Traits{Hour: fmt.Sprint(9 + p.dice.IntN(9))}}
			if err := tx.Put(ctx, w, tx.Now().Add(24*time.Hour)); err != nil {
				return nil, err
			}
		}
		return nil, tx.Raise(ctx, raise...)
	})
	p.must(err)
}

func (p *proven) pick(chances []float64) int {
	x := p.dice.Float64()
	for i, c := range chances {
		if x -= c; x < 0 {
			return i
		}
	}
	return len(chances) - 1
}

// look fetches what is shown of the open month: it moves by nothing or five.
func (p *proven) look(month string) {
	p.t.Helper()
	for _, center := range p.city.Centers() {
		g := p.results(survey.ResultsQuery{Center: center, From: month, To: month}).Total
		was, now := p.looks[[2]string{center, month}], countsOf(g)
		by := 0
		for i := range now {
			if now[i] < was[i] {
				p.t.Fatalf("%s %s: a look at %v after %v", center, month, now, was)
			}
			by += now[i] - was[i]
		}
		if by > 0 && by < 5 {
			p.t.Fatalf("%s %s: two looks differ by %d", center, month, by)
		}
		p.looks[[2]string{center, month}] = now
	}
}

// frozen holds a closed month against the last look at it.
func (p *proven) frozen(month string) {
	p.t.Helper()
	for _, center := range p.city.Centers() {
		g := p.results(survey.ResultsQuery{Center: center, From: month, To: month}).Total
		if last, now := p.looks[[2]string{center, month}], countsOf(g); last != ([5]int{}) && now != last {
			p.t.Fatalf("%s %s: %v was shown, %v is frozen", center, month, last, now)
		}
	}
}

// countsOf is what a group shows of the first question.
func countsOf(g survey.Group) [5]int {
	if f := g.Questions["overall"]; f.Scale != nil {
		return f.Counts
	}
	return [5]int{}
}

// covered counts how often the intervals hold the truth.
func (p *proven) covered(from, to string) {
	p.t.Helper()
	mean, top, means, tops := 0, 0, 0, 0
	for c, center := range p.city.Centers() {
		for m := from; m <= to; m = monthAfter(m) {
			r := p.results(survey.ResultsQuery{Center: center, From: m, To: m, GroupBy: "category"})
			for _, g := range r.Groups {
				f, ok := g.Questions["overall"]
				if !ok || f.Scale == nil || f.N < 10 {
					continue
				}
				s100, top2 := truth(p.chances(c, g.Key))
				if f.S100CI != nil {
					means++
					mean += one(f.S100CI[0] <= s100 && s100 <= f.S100CI[1])
				}
				tops++
				top += one(f.Top2CI[0] <= top2 && top2 <= f.Top2CI[1])
			}
		}
	}
	share, shareTop := 100*float64(mean)/float64(means), 100*float64(top)/float64(tops)
	p.t.Logf("intervals of the score hold the truth in %.1f %% of %d groups, of the share in %.1f %% of %d", share, means, shareTop, tops)
	low, high := 93.0, 97.0
	if means < 500 { // so few groups spread wider
		low, high = 86, 100
	}
	if means < 10 || share < low || share > high || shareTop < low || shareTop > high {
		p.t.Errorf("not in %.0f to %.0f %%", low, high)
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func truth(chances [5]float64) (s100, top2 float64) {
	for i, c := range chances {
		s100 += 25 * float64(i) * c
	}
	return s100, 100 * (chances[3] + chances[4])
}

func monthAfter(m string) string {
	t, _ := time.Parse("2006-01", m)
	return t.AddDate(0, 1, 0).Format("2006-01")
}

// place is what no figure parts: a machine's month, or what is left of a
// category's or center's month without it.
type place struct{ month, category, equipment string }

// solve gives everything released about a question of a center's half-year to
// a solver, and asks it for every hidden cell and every few people.
func (p *proven) solve() {
	p.t.Helper()
	cells, asked := 0, 0
	for _, center := range p.city.Centers() {
		for _, h := range p.texts(`SELECT DISTINCT SUBSTR(month, 1, 5) || CASE WHEN SUBSTR(month, 6) <= '06' THEN 'H1' ELSE 'H2' END
			FROM survey_month ORDER BY 1`, 1) {
			for _, question := range []string{"overall", "equip"} {
				c, a := p.solveHalf(center, h[0], question)
				cells, asked = cells+c, asked+a
			}
		}
	}
	p.t.Logf("of %d released figures none of %d hidden cells and groups of one to four can be worked out", cells, asked)
	if cells < 20 || asked < 20 {
		p.t.Error("nothing was tried")
	}
}

func (p *proven) solveHalf(center, half, question string) (known, asked int) {
	p.t.Helper()
	people := p.places(center, half, question)
	var at []place
	for a, n := range people {
		if n > 0 {
			at = append(at, a)
		}
	}
	slices.SortFunc(at, func(a, b place) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	row := func(dim, key, parent string, months []string) []int64 {
		out := make([]int64, len(at))
		for i, a := range at {
			in := dim == "" || dim == "category" && a.category == key || dim == "equipment" && a.category == parent && a.equipment == key
			out[i] = int64(one(in && slices.Contains(months, a.month)))
		}
		return out
	}
	var l testkit.Linear
	for _, c := range p.released(center, half) {
		if _, ok := c.Questions[question]; !ok || c.Dim == "hour" {
			continue
		}
		months := c.Months[question]
		if len(months) == 0 {
			months = []string{c.Period}
		}
		l.Know(row(string(c.Dim), c.Key, c.Parent, months))
		known++
	}
	if known == 0 {
		return 0, 0
	}
	try := func(set ...int) {
		n := 0
		for _, i := range set {
			n += people[at[i]]
		}
		if n > 4 {
			return
		}
		if asked++; l.Touches(set, nil) {
			p.t.Fatalf("%s %s %s: %d people of %v can be worked out", center, half, question, n, at[set[0]])
		}
	}
	for i := range at {
		try(i)
		for j := i + 1; j < len(at) && people[at[i]] < 4; j++ {
			try(i, j)
		}
	}
	return known, asked
}

// released reads the cells of a center's half-year.
func (p *proven) released(center, half string) []survey.Cell {
	p.t.Helper()
	var out []survey.Cell
	p.must(store.NewSurveys(p.db).Read(context.Background(), func(ctx context.Context, r survey.Reader) error {
		out = nil
		for _, m := range p.months(half) {
			_, cells, err := r.Sealed(ctx, m)
			if err != nil {
				return err
			}
			for _, c := range cells {
				if c.Center == center && c.Series == "use-standard" {
					out = append(out, c)
				}
			}
		}
		return nil
	}))
	return out
}

// months are the closed months of a half-year.
func (p *proven) months(half string) (out []string) {
	for _, m := range p.texts(`SELECT month FROM survey_month ORDER BY month`, 1) {
		if m[0][:5] == half[:5] && (m[0][5:] <= "06") == (half[5:] == "H1") {
			out = append(out, m[0])
		}
	}
	return out
}

// places count the people who answered the question.
func (p *proven) places(center, half, question string) map[place]int {
	p.t.Helper()
	out := map[place]int{}
	months := p.months(half)
	p.must(store.NewSurveys(p.db).Read(context.Background(), func(ctx context.Context, r survey.Reader) error {
		clear(out)
		rows, err := r.Tallies(ctx, survey.TallyQuery{Center: center, From: months[0], To: months[len(months)-1]})
		for _, v := range rows {
			if v.Question != question || len(v.Value) != 1 || v.Value == "#" {
				continue
			}
			switch v.Dim { // what is told by a part is not told again by the whole
			case "":
				out[place{month: v.Month}] += v.N
			case "category":
				out[place{v.Month, v.Key, ""}] += v.N
				out[place{month: v.Month}] -= v.N
			case "equipment":
				out[place{v.Month, v.Parent, v.Key}] += v.N
				out[place{v.Month, v.Parent, ""}] -= v.N
			}
		}
		return err
	}))
	return out
}
