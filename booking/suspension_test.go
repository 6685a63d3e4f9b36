package booking

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// twoCenters has machines a and b (kind k) and c (kind l) in one center, d
// (kind k) in another; both are open 09:00 to 18:00 but on Sundays.
func twoCenters(t testing.TB) *Catalog {
	t.Helper()
	machine := func(id, kind string) string {
		return fmt.Sprintf(`{"id": %q, "name": {"ko": "기계"}, "category": %q}`, id, kind)
	}
	center := func(id string, machines ...string) string {
		return fmt.Sprintf(`{"id": %q, "name": {"ko": "센터"}, "hours": {"mon": ["09:00","18:00"], "tue": ["09:00","18:00"], "wed": ["09:00","18:00"],
			"thu": ["09:00","18:00"], "fri": ["09:00","18:00"], "sat": ["09:00","18:00"], "sun": null}, "equipment": [%s]}`, id, strings.Join(machines, ","))
	}
	f, problems := DecodeCatalog([]byte(`{"time_zone": "Asia/Seoul", "centers": [` +
		center("one", machine("a", "k"), machine("b", "k"), machine("c", "l")) + "," + center("two", machine("d", "k")) + `]}`))
	if f == nil {
		t.Fatal(problems)
	}
	c, problems := f.Build()
	if c == nil {
		t.Fatal(problems)
	}
	return c
}

// struckOn is a strike on a machine at a moment in Seoul, by a rule.
func struckOn(t testing.TB, c *Catalog, machine, at string, points int, rule string) Strike {
	t.Helper()
	p, problems := EffectivePolicy(Self, PolicyLayer{"p", policyValues(t, `{"no_show": `+rule+`}`)})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	e, _ := c.Machine(machine)
	return Strike{ID: machine + " " + at, AccountID: "p", EquipmentID: machine, CenterID: e.Center.ID, At: localTime(t, at, c.Zone), Points: points, Minutes: 120, Rule: *p.NoShow}
}

// TestSuspensions reads like the rules of real centers: after these strikes,
// each of one point, new bookings on machine a stop until then.
func TestSuspensions(t *testing.T) {
	c := twoCenters(t)
	plain := `{}`
	for name, x := range map[string]struct {
		rule    string
		strikes []string // machine and moment
		until   string   // of the last suspension that covers a; "" none
	}{
		"two of three points":                 {plain, []string{"a 2026-11-02T10:15", "a 2026-11-09T10:15"}, ""},
		"three points":                        {plain, []string{"a 2026-11-02T10:15", "b 2026-11-09T10:15", "c 2026-11-16T10:15"}, "2026-12-16T10:15"},
		"the first has expired":               {plain, []string{"a 2026-08-02T10:15", "a 2026-11-09T10:15", "a 2026-11-16T10:15"}, ""},
		"the first counts to the minute":      {plain, []string{"a 2026-08-18T10:16", "a 2026-11-09T10:15", "a 2026-11-16T10:15"}, "2026-12-16T10:15"},
		"another center counts for itself":    {plain, []string{"a 2026-11-02T10:15", "d 2026-11-09T10:15", "a 2026-11-16T10:15"}, ""},
		"the whole city counts":               {`{"over": "city"}`, []string{"a 2026-11-02T10:15", "d 2026-11-09T10:15", "d 2026-11-16T10:15"}, "2026-12-16T10:15"},
		"machines of a kind count":            {`{"over": "category"}`, []string{"a 2026-11-02T10:15", "d 2026-11-09T10:15", "d 2026-11-16T10:15"}, "2026-12-16T10:15"},
		"machines of another kind do not":     {`{"over": "category"}`, []string{"a 2026-11-02T10:15", "c 2026-11-09T10:15", "a 2026-11-16T10:15"}, ""},
		"the machine alone":                   {`{"over": "equipment"}`, []string{"a 2026-11-02T10:15", "b 2026-11-09T10:15", "a 2026-11-16T10:15"}, ""},
		"two breaches, one month":             {`{"threshold": 2, "suspend": {"months": 1}}`, []string{"a 2026-11-02T10:15", "a 2026-11-16T10:15"}, "2026-12-16T10:15"},
		"a month from the 31st":               {`{"threshold": 1, "suspend": {"months": 1}}`, []string{"a 2027-01-31T10:15"}, "2027-02-28T10:15"},
		"one more while points still count":   {plain, []string{"a 2026-11-02T10:15", "a 2026-11-03T10:15", "a 2026-11-04T10:15", "a 2026-12-20T10:15"}, "2027-01-19T10:15"},
		"first step of a ladder":              {ladder, []string{"a 2026-11-02T10:15"}, "2026-12-02T10:15"},
		"second step of a ladder":             {ladder, []string{"a 2026-01-02T10:15", "a 2026-11-02T10:15"}, "2027-02-02T10:15"},
		"beyond the last step":                {ladder, []string{"a 2026-01-02T10:15", "a 2026-06-02T10:15", "a 2026-11-02T10:15"}, "2027-02-02T10:15"},
		"a clean year forgets":                {ladder, []string{"a 2025-01-02T10:15", "a 2026-11-02T10:15"}, "2026-12-02T10:15"},
		"no clean year between them":          {ladder, []string{"a 2025-01-02T10:15", "a 2025-12-02T10:15", "a 2026-11-02T10:15"}, "2027-02-02T10:15"},
		"penalty hours of a day":              {`{"penalty_hours_multiplier": 3}`, []string{"a 2026-11-02T10:15"}, "2026-11-02T16:15"},
		"penalty hours over a closed Sunday":  {`{"penalty_hours_multiplier": 3}`, []string{"a 2026-11-07T15:00"}, "2026-11-09T12:00"},
		"penalty hours are served in turn":    {`{"penalty_hours_multiplier": 3}`, []string{"a 2026-11-02T10:00", "b 2026-11-02T11:00"}, "2026-11-03T13:00"},
		"penalty hours elsewhere stop nobody": {`{"penalty_hours_multiplier": 3}`, []string{"d 2026-11-02T10:00"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var list []Strike
			for _, s := range x.strikes {
				machine, at, _ := strings.Cut(s, " ")
				list = append(list, struckOn(t, c, machine, at, 1, x.rule))
			}
			got := ""
			for _, s := range c.suspensions("p", list) {
				if s.Over == "city" || c.within(s.Over, s.Equipment.ID, "a") {
					got = s.End.In(c.Zone).Format("2006-01-02T15:04")
				}
			}
			if got != x.until {
				t.Errorf("until %q, want %q", got, x.until)
			}
		})
	}
}

const ladder = `{"ladder": [{"count": 1, "suspend": {"months": 1}}, {"count": 2, "suspend": {"months": 3}}], "counts": ["no_show", "late_cancel"], "clean_after": {"days": 365}}`

// TestStrikeRules: a rule that changed in between judges only what was booked under it.
func TestStrikeRules(t *testing.T) {
	c := twoCenters(t)
	old, strict := `{"threshold": 3}`, `{"threshold": 1}`
	one := struckOn(t, c, "a", "2026-11-02T10:15", 1, old)
	if got := c.suspensions("p", []Strike{one}); len(got) != 0 {
		t.Errorf("one point of three suspends: %+v", got)
	}
	two := struckOn(t, c, "a", "2026-11-03T10:15", 1, strict)
	if got := c.suspensions("p", []Strike{two, one}); len(got) != 1 || got[0].Strike != two.ID {
		t.Errorf("%+v", got)
	}
}

// TestStrikesOfAFirm: points of colleagues count where the rule says so, in
// each firm for itself, and nobody else's suspension is one's own.
func TestStrikesOfAFirm(t *testing.T) {
	c := twoCenters(t)
	of := func(s Strike, account, firm string) Strike { s.AccountID, s.Firm = account, firm; return s }
	byFirm, byPerson := `{"threshold": 2, "by": "firm"}`, `{"threshold": 1}`
	mine := struckOn(t, c, "a", "2026-11-02T10:15", 1, byFirm)
	theirs := of(struckOn(t, c, "a", "2026-11-03T10:15", 1, byFirm), "q", "f")
	others := of(struckOn(t, c, "a", "2026-11-04T10:15", 1, byFirm), "r", "g")
	alone := of(struckOn(t, c, "a", "2026-11-04T10:15", 1, byPerson), "q", "f")
	for _, x := range []struct {
		name    string
		strikes []Strike
		want    int
	}{
		{"one's own alone", []Strike{mine}, 0}, {"with a colleague's", []Strike{mine, theirs}, 1},
		{"two colleagues of two firms", []Strike{theirs, others}, 0}, {"a colleague's own rule", []Strike{alone}, 0},
	} {
		if got := c.suspensions("p", x.strikes); len(got) != x.want {
			t.Errorf("%s: %d suspensions, want %d", x.name, len(got), x.want)
		}
	}
}

// TestStricterStrikesNeverAllowMore: who can't book under a rule can't under a
// stricter one, whatever they did.
func TestStricterStrikesNeverAllowMore(t *testing.T) {
	c := twoCenters(t)
	machines := []string{"a", "b", "c", "d"}
	rapid.Check(t, func(t *rapid.T) {
		rule := drawNoShow(t)
		if rule == nil {
			rule = &NoShowRule{NoShow: 1, Hours: 1, By: "person", Over: "center"}
		}
		strict := stricter(t, *rule)
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, c.Zone)
		moment := func(name string) time.Time {
			return start.Add(time.Duration(rapid.IntRange(0, 400*24*4).Draw(t, name)) * 15 * time.Minute)
		}
		var mild, hard []Strike
		for range rapid.IntRange(0, 6).Draw(t, "strikes") {
			s := Strike{AccountID: "p", EquipmentID: rapid.SampledFrom(machines).Draw(t, "machine"), At: moment("at"), Minutes: 30 * rapid.IntRange(1, 8).Draw(t, "half hours")}
			k := rapid.SampledFrom([]StrikeKind{StruckNoShow, StruckLateCancel, StruckLateMove}).Draw(t, "kind")
			if rapid.Bool().Draw(t, "a colleague") {
				s.AccountID, s.Firm = "q", "f"
			}
			for _, x := range []struct {
				rule *NoShowRule
				list *[]Strike
			}{{rule, &mild}, {&strict, &hard}} {
				if s.Points, s.Rule = x.rule.points(k), *x.rule; s.Points > 0 {
					*x.list = append(*x.list, s)
				}
			}
		}
		e, _ := c.Machine(rapid.SampledFrom(machines).Draw(t, "asked"))
		now := moment("now")
		refused := func(list []Strike) bool {
			return len(Facts{Catalog: c, Person: &Person{ID: "p"}, Strikes: list}.judgeStrikes(e, now)) > 0
		}
		if refused(mild) && !refused(hard) {
			t.Fatalf("%+v refuses, the stricter %+v does not", *rule, strict)
		}
	})
}

// stricter changes one dimension of a rule to be harder.
func stricter(t *rapid.T, r NoShowRule) NoShowRule {
	r.Steps = append([]Step{}, r.Steps...)
	switch rapid.IntRange(0, 8).Draw(t, "harder") {
	case 0:
		r.NoShow++
	case 1:
		r.LateCancel++
	case 2:
		r.Hours++
	case 3:
		r.Over = "city"
	case 4:
		r.Expire = Stretch{}
	case 5:
		r.Clean = Stretch{}
	case 6:
		r.By = "firm"
	case 7:
		for i := range r.Steps {
			r.Steps[i].Points = max(1, r.Steps[i].Points-1)
		}
	default:
		for i := range r.Steps {
			r.Steps[i].Suspend.N += 5
		}
	}
	return r
}
