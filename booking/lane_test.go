package booking

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const laneRules = `{"lanes": [
	{"units": 1, "admits": ["anyone"]},
	{"units": 1, "admits": ["first_time", {"due_within_days": 3}], "released": {"days_before": 1}},
	{"times": ["12:00-13:00"], "weekdays": ["sat", "wed"], "admits": ["desk"]}]}`

// laneCatalog is a machine of three units under laneRules, open 09:00 to 21:00.
func laneCatalog(t *testing.T) (*Catalog, *Equipment) {
	t.Helper()
	c, e := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","21:00"]`), "", laneRules)
	e.Quantity = 3
	return c, e
}

// TestLanes: who may have which unit when. 16 December 2026 is a Wednesday.
func TestLanes(t *testing.T) {
	c, e := laneCatalog(t)
	before := []string{"an older booking"}
	for name, x := range map[string]struct {
		now, from, to string
		ask           ask
		used          []string
		units         []int
		refused       bool
	}{
		"somebody who was here before":      {now: "2026-12-10T09:00", from: "2026-12-16T09:00", to: "2026-12-16T10:00", used: before, units: []int{1, 3}},
		"somebody new":                      {now: "2026-12-10T09:00", from: "2026-12-16T09:00", to: "2026-12-16T10:00", units: []int{1, 2, 3}},
		"the booking that moves is no past": {now: "2026-12-10T09:00", from: "2026-12-16T09:00", to: "2026-12-16T10:00", used: before, ask: ask{ignore: before[0]}, units: []int{1, 2, 3}},
		"an urgent job":                     {now: "2026-12-15T09:00", from: "2026-12-16T09:00", to: "2026-12-16T10:00", used: before, ask: ask{due: "2026-12-18"}, units: []int{1, 2, 3}},
		"a job that has time":               {now: "2026-12-10T09:00", from: "2026-12-16T09:00", to: "2026-12-16T10:00", used: before, ask: ask{due: "2026-12-18"}, units: []int{1, 3}},
		"a job that is due before its use":  {now: "2026-12-14T09:00", from: "2026-12-16T09:00", to: "2026-12-16T10:00", used: before, ask: ask{due: "2026-12-15"}, units: []int{1, 3}},
		"the day before":                    {now: "2026-12-15T00:00", from: "2026-12-16T09:00", to: "2026-12-16T10:00", used: before, units: []int{1, 2, 3}},
		"kept for who phones":               {now: "2026-12-10T09:00", from: "2026-12-16T11:00", to: "2026-12-16T13:00", refused: true},
		"who phones":                        {now: "2026-12-10T09:00", from: "2026-12-16T12:00", to: "2026-12-16T13:00", ask: ask{byStaff: true}, units: []int{1, 2, 3}},
		"beside it":                         {now: "2026-12-10T09:00", from: "2026-12-16T13:00", to: "2026-12-16T14:00", units: []int{1, 2, 3}},
		"another weekday":                   {now: "2026-12-10T09:00", from: "2026-12-17T12:00", to: "2026-12-17T13:00", units: []int{1, 2, 3}},
		"the kept unit is asked for":        {now: "2026-12-10T09:00", from: "2026-12-16T09:00", to: "2026-12-16T10:00", used: before, ask: ask{unit: 2}, refused: true, units: []int{1, 3}},
	} {
		x.ask.account, x.ask.equipment, x.ask.people = "p", e.ID, 1
		x.ask.interval = Interval{localTime(t, x.from, c.Zone), localTime(t, x.to, c.Zone)}
		f := Facts{Catalog: c, Used: x.used}
		now := localTime(t, x.now, c.Zone)
		got := f.offered(e, x.ask, now)
		slices.Sort(got)
		if v := codes(f.judge(x.ask, now).violations); (v == "lane") != x.refused || v != "" && v != "lane" || !slices.Equal(got, x.units) {
			t.Errorf("%s: units %v, want %v; refused %q", name, got, x.units, v)
		}
	}
	ko, en := c.PolicyText(e)
	for _, want := range []string{"1호기는 누구나", "2호기는 이 장비를 처음 이용하시는 분, 납기가 3일 안인 작업을 하시는 분께", "이용일 1일 전 오전 0:00부터는 누구나", "수·토요일 낮 12:00 ~ 오후 1:00 시간은 전화나 창구로"} {
		if !strings.Contains(strings.Join(ko, "\n"), want) {
			t.Errorf("%q is not said: %v", want, ko)
		}
	}
	if text := strings.Join(en, "\n"); !strings.Contains(text, "Unit 2 is kept for people who use this machine for the first time, jobs that are due within 3 days.") {
		t.Errorf("%v", en)
	}
}

// TestLotteryOnly: what is drawn is not booked; a limit on what is drawn does not bind others.
func TestLotteryOnly(t *testing.T) {
	c, e := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","22:00"]`), "", string(presetPolicy(t, "yeyak-lottery")))
	now := localTime(t, "2026-12-10T09:00", c.Zone)
	f := Facts{Catalog: c, Person: &Person{ID: "p"}, Mine: []Span{{Booking: "b", Equipment: e.ID, Interval: Interval{now, now.Add(time.Hour)}, Status: Completed}}}
	for from, want := range map[string]string{"2026-12-16T17:00": "", "2026-12-16T18:00": "lottery_only", "2026-12-16T21:00": "lottery_only"} {
		start := localTime(t, from, c.Zone)
		if got := codes(f.judge(ask{account: "p", equipment: e.ID, people: 1, interval: Interval{start, start.Add(time.Hour)}}, now).violations); got != want {
			t.Errorf("%s: %q, want %q", from, got, want)
		}
	}
}

// TestMoreUnitsThanThere: lanes can't share out what is not there.
func TestMoreUnitsThanThere(t *testing.T) {
	problems := func(policy string) string {
		f, _ := DecodeCatalog([]byte(`{"time_zone": "Asia/Seoul", "centers": [{"id": "c", "name": {"ko": "가"}, "hours": {}, "equipment": [
			{"id": "m", "name": {"ko": "나"}, "category": "k", "quantity": 2, "policy": ` + policy + `}]}]}`))
		_, list := f.Build()
		if len(list) == 0 {
			return ""
		}
		return list[0].Path + " " + list[0].Rule + " " + list[0].Limit
	}
	if got := problems(`{"lanes": [{"units": 2, "admits": ["desk"]}, {"units": 1, "admits": ["anyone"]}]}`); got != "centers[0].equipment[0].policy.lanes max 2" {
		t.Error(got)
	}
	if got := problems(`{"lanes": [{"units": 2, "admits": ["desk"]}]}`); got != "" {
		t.Error(got)
	}
}

// TestStricterLanes: one more lane that keeps all units, a lane that takes
// fewer people, or one that is never released, refuses all that was refused
// before, and offers no unit that was not offered.
func TestStricterLanes(t *testing.T) {
	c, whole := laneCatalog(t)
	rapid.Check(t, func(t *rapid.T) {
		e := *whole
		e.Policy.Lanes = nil
		for range rapid.IntRange(0, 3).Draw(t, "lanes") {
			e.Policy.Lanes = append(e.Policy.Lanes, drawLane(t))
		}
		strict := e
		strict.Policy.Lanes = slices.Clone(e.Policy.Lanes)
		if n := len(strict.Policy.Lanes); n > 0 && rapid.Bool().Draw(t, "tighten") {
			l := &strict.Policy.Lanes[rapid.IntRange(0, n-1).Draw(t, "which")]
			switch rapid.IntRange(0, 3).Draw(t, "how") {
			case 0:
				l.Admits.Anyone = false
			case 1:
				l.Admits.FirstTime = false
			case 2:
				l.Released = nil
			default:
				l.Times, l.Weekdays = nil, nil
			}
		} else {
			more := drawLane(t)
			more.Units = 0
			strict.Policy.Lanes = append(strict.Policy.Lanes, more)
		}
		f := Facts{Catalog: c}
		if rapid.Bool().Draw(t, "was here") {
			f.Used = []string{"b"}
		}
		from := Date("2026-12-14").At(rapid.IntRange(0, 7*24).Draw(t, "from")*60, c.Zone)
		a := ask{account: "p", equipment: e.ID, byStaff: rapid.Bool().Draw(t, "staff"), due: Date("2026-12-14").Add(rapid.IntRange(0, 9).Draw(t, "due")),
			interval: Interval{from, from.Add(time.Duration(rapid.IntRange(1, 8).Draw(t, "hours")) * time.Hour)}}
		now := from.Add(-time.Duration(rapid.IntRange(0, 300).Draw(t, "ahead")) * time.Hour)
		lax := f.offered(&e, a, now)
		for _, u := range f.offered(&strict, a, now) {
			if !slices.Contains(lax, u) {
				t.Fatalf("unit %d is offered by the stricter rule alone: %+v", u, strict.Policy.Lanes)
			}
		}
		if len(f.judgeLanes(&strict, a, now)) == 0 && len(f.judgeLanes(&e, a, now)) > 0 {
			t.Fatal("allowed by the stricter rule alone")
		}
	})
}

// TestVersions: at every instant what was written last of what has begun is in
// force; a stricter version changes nothing before it begins and allows
// nothing more after.
func TestVersions(t *testing.T) {
	day := func(n int) time.Time { return Date("2026-12-01").Add(n).At(0, time.UTC) }
	values := func(most int) PolicyValues { return PolicyValues{"max_minutes": []byte(count(60 * most))} }
	at := func(h PolicyHistory, n int) int {
		p, _ := EffectivePolicy(Self, PolicyLayer{"p", h.At(day(n))})
		return p.MaxMinutes / 60
	}
	rapid.Check(t, func(t *rapid.T) {
		h := PolicyHistory{First: values(rapid.IntRange(2, 12).Draw(t, "first"))}
		for range rapid.IntRange(0, 4).Draw(t, "versions") {
			h = h.With(PolicyVersion{EffectiveFrom: day(rapid.IntRange(0, 20).Draw(t, "from")), Values: values(rapid.IntRange(2, 12).Draw(t, "most"))})
		}
		from := rapid.IntRange(0, 20).Draw(t, "stricter from")
		least := 12
		for n := -1; n <= 21; n++ {
			least = min(least, at(h, n))
		}
		strict := h.With(PolicyVersion{EffectiveFrom: day(from), Values: values(least - 1)})
		coming := h.Coming(day(0))
		for n := -1; n <= 21; n++ {
			switch was, is := at(h, n), at(strict, n); {
			case n < from && is != was:
				t.Fatalf("day %d: %d before the change begins, was %d", n, is, was)
			case n >= from && is != least-1:
				t.Fatalf("day %d: %d, want what was written last", n, is)
			}
			for k, v := range coming {
				next := k+1 == len(coming) || day(n).Before(coming[k+1].EffectiveFrom)
				if !day(n).Before(v.EffectiveFrom) && next && string(h.At(day(n))["max_minutes"]) != string(v.Values["max_minutes"]) {
					t.Fatalf("day %d: what was announced is not in force", n)
				}
			}
		}
	})
}
