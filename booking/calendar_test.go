package booking

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// smallCatalog is one center with one machine, m; hours, extra fields of the
// center and the policy are JSON.
func smallCatalog(t testing.TB, zone, hours, center, policy string) (*Catalog, *Equipment) {
	t.Helper()
	text := fmt.Sprintf(`{"time_zone": %q, "holidays": [{"date": "2026-12-25", "ko": "성탄절", "en": "Christmas Day"}],
		"centers": [{"id": "c", "name": {"ko": "센터", "en": "Center"}, "hours": %s %s,
		"equipment": [{"id": "m", "name": {"ko": "기계", "en": "Machine"}, "category": "k", "quantity": 2, "policy": %s}]}]}`,
		zone, hours, center, policy)
	f, problems := DecodeCatalog([]byte(text))
	if f == nil {
		t.Fatal(problems)
	}
	c, problems := f.Build()
	if c == nil {
		t.Fatal(problems)
	}
	e, _ := c.Machine("m")
	return c, e
}

func everyDay(span string) string {
	var days []string
	for _, d := range weekdayKeys {
		days = append(days, fmt.Sprintf("%q: %s", d, span))
	}
	return "{" + strings.Join(days, ",") + "}"
}

// clocks writes intervals by the wall clock: "09:00-12:00 13:00-18:00".
func clocks(list []Interval, z *time.Location) string {
	var out []string
	for _, i := range list {
		out = append(out, i.Start.In(z).Format("15:04")+"-"+i.End.In(z).Format("15:04"))
	}
	return strings.Join(out, " ")
}

func TestDay(t *testing.T) {
	const christmas = `, "closed_on_public_holidays": true`
	closure := func(from, to string) string {
		return fmt.Sprintf(`, "closures": [{"from": %q, "to": %q, "reason": {"ko": "공사", "en": "Works"}}]`, from, to)
	}
	for name, c := range map[string]struct {
		hours, center string
		day           Date
		open, closed  string
		reason        string
	}{
		"plain":               {everyDay(`["09:00","18:00"]`), "", "2026-12-25", "09:00-18:00", "", ""},
		"break":               {everyDay(`[["09:00","12:00"],["13:00","18:00"]]`), "", "2026-12-24", "09:00-12:00 13:00-18:00", "", ""},
		"adjoining is one":    {everyDay(`[["12:00","18:00"],["09:00","12:00"]]`), "", "2026-12-24", "09:00-18:00", "", ""},
		"24:00":               {everyDay(`["00:00","24:00"]`), "", "2026-12-24", "00:00-00:00", "", ""},
		"weekday off":         {`{"mon": ["09:00","18:00"]}`, "", "2026-12-24", "", ClosedDay, ""},
		"null":                {everyDay(`null`), "", "2026-12-24", "", ClosedDay, ""},
		"holiday":             {everyDay(`["09:00","18:00"]`), christmas, "2026-12-25", "", ClosedHoliday, "성탄절"},
		"holiday, still open": {everyDay(`["09:00","18:00"]`), "", "2026-12-25", "09:00-18:00", "", ""},
		"whole closure":       {everyDay(`["09:00","18:00"]`), closure("2026-12-24", "2026-12-26"), "2026-12-26", "", ClosedDay, "공사"},
		"day behind closure":  {everyDay(`["09:00","18:00"]`), closure("2026-12-24", "2026-12-26"), "2026-12-27", "09:00-18:00", "", ""},
		"part closure":        {everyDay(`["09:00","18:00"]`), closure("2026-12-24T10:30", "2026-12-24T12:00"), "2026-12-24", "09:00-10:30 12:00-18:00", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			cat, e := smallCatalog(t, "Asia/Seoul", c.hours, c.center, `{}`)
			day := cat.Day(e.Center, c.day)
			if got := clocks(day.Open, cat.Zone); got != c.open || day.Closed != c.closed || day.Reason.Ko != c.reason {
				t.Errorf("open %q closed %q %q, want %q %q %q", got, day.Closed, day.Reason.Ko, c.open, c.closed, c.reason)
			}
		})
	}
}

func TestSlots(t *testing.T) {
	for name, c := range map[string]struct {
		zone, hours, center, policy string
		day                         Date
		want                        string
	}{
		"hours": {"Asia/Seoul", everyDay(`["09:00","12:30"]`), "", `{}`, "2026-12-24", "09:00-10:00 10:00-11:00 11:00-12:00"},
		"grid counts from the first opening": {"Asia/Seoul", everyDay(`[["09:00","12:00"],["13:00","18:00"]]`), "", `{"slot_minutes": 90}`, "2026-12-24",
			"09:00-10:30 10:30-12:00 13:30-15:00 15:00-16:30 16:30-18:00"},
		"adjoining openings are one span": {"Asia/Seoul", everyDay(`[["09:00","11:00"],["11:00","13:00"]]`), "", `{"slot_minutes": 240}`, "2026-12-24", "09:00-13:00"},
		"a closure does not move the grid": {"Asia/Seoul", everyDay(`["09:00","13:00"]`), `, "closures": [{"from": "2026-12-24T08:00", "to": "2026-12-24T10:30"}]`, `{}`,
			"2026-12-24", "11:00-12:00 12:00-13:00"},
		"a night is not cut by midnight": {"Asia/Seoul", everyDay(`["00:00","24:00"]`), "", `{"slot_minutes": 200}`, "2026-12-24",
			"00:00-03:20 03:20-06:40 06:40-10:00 10:00-13:20 13:20-16:40 16:40-20:00 20:00-23:20 23:20-02:40"},
		"midnight cuts where the next day is closed": {"Asia/Seoul", `{"thu": ["20:00","24:00"]}`, "", `{"slot_minutes": 180, "max_minutes": 360}`, "2026-12-24", "20:00-23:00"},
		"spring in Berlin":                           {"Europe/Berlin", everyDay(`["00:00","06:00"]`), "", `{}`, "2026-03-29", "00:00-01:00 01:00-03:00 03:00-04:00 04:00-05:00 05:00-06:00"},
		"autumn in Berlin":                           {"Europe/Berlin", everyDay(`["00:00","04:00"]`), "", `{}`, "2026-10-25", "00:00-01:00 01:00-02:00 02:00-02:00 02:00-03:00 03:00-04:00"},
		"half an hour zone":                          {"Asia/Kolkata", everyDay(`["09:30","11:30"]`), "", `{}`, "2026-12-24", "09:30-10:30 10:30-11:30"},
	} {
		t.Run(name, func(t *testing.T) {
			cat, e := smallCatalog(t, c.zone, c.hours, c.center, c.policy)
			if got := clocks(cat.Slots(e, c.day), cat.Zone); got != c.want {
				t.Errorf("slots %s\nwant  %s", got, c.want)
			}
		})
	}
}

func TestClockChangesKeepDays(t *testing.T) {
	for day, want := range map[Date]int{"2026-03-08": 23, "2026-11-01": 25, "2026-06-01": 24} {
		cat, e := smallCatalog(t, "America/New_York", everyDay(`["00:00","24:00"]`), "", `{}`)
		if got := len(cat.Slots(e, day)); got != want {
			t.Errorf("%s has %d hours, want %d", day, got, want)
		}
	}
}

func TestStarts(t *testing.T) {
	cat, e := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","10:30"]`), "", `{"slot_minutes": 30, "min_minutes": 60, "start_step_minutes": 10}`)
	var got []string
	for _, s := range cat.Starts(e, "2026-12-24") {
		got = append(got, s.In(cat.Zone).Format("15:04"))
	}
	if want := "09:00 09:10 09:20 09:30"; strings.Join(got, " ") != want {
		t.Errorf("starts %v, want %s", got, want)
	}
}

func codes(vs []Violation) string {
	var out []string
	for _, v := range vs {
		out = append(out, v.Code)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestJudgeCalendar(t *testing.T) {
	workday := `{"mon": ["09:00","18:00"], "tue": ["09:00","18:00"], "wed": ["09:00","18:00"], "thu": ["09:00","18:00"], "fri": ["09:00","18:00"]}`
	office := `, "closed_on_public_holidays": true, "closures": [{"from": "2026-12-22T13:00", "to": "2026-12-22T15:00", "reason": {"ko": "청소"}}]`
	night := everyDay(`["00:00","24:00"]`)
	for name, c := range map[string]struct {
		hours, center, policy, from, to, want string
	}{
		"right":                           {workday, office, `{}`, "2026-12-21T09:00", "2026-12-21T11:00", ""},
		"off grid":                        {workday, office, `{}`, "2026-12-21T09:30", "2026-12-21T10:30", "off_grid"},
		"seconds":                         {workday, office, `{"slot_minutes": 1}`, "2026-12-21T09:00:30", "2026-12-21T09:01:30", "off_grid"},
		"length off the slot":             {workday, office, `{}`, "2026-12-21T09:00", "2026-12-21T10:30", "off_grid"},
		"short":                           {workday, office, `{"min_minutes": 120}`, "2026-12-21T09:00", "2026-12-21T10:00", "too_short"},
		"short and off grid":              {workday, office, `{}`, "2026-12-21T09:00", "2026-12-21T09:30", "off_grid too_short"},
		"long":                            {workday, office, `{}`, "2026-12-21T09:00", "2026-12-21T14:00", "too_long"},
		"early hides off grid":            {workday, office, `{}`, "2026-12-21T08:30", "2026-12-21T09:30", "outside_hours"},
		"over closing time":               {workday, office, `{}`, "2026-12-21T17:00", "2026-12-21T19:00", "outside_hours"},
		"weekend":                         {workday, office, `{}`, "2026-12-26T09:00", "2026-12-26T10:00", "closed"},
		"weekend hides hours and grid":    {workday, office, `{}`, "2026-12-26T03:07", "2026-12-26T04:07", "closed"},
		"holiday":                         {workday, office, `{}`, "2026-12-25T09:00", "2026-12-25T10:00", "holiday"},
		"closure":                         {workday, office, `{}`, "2026-12-22T12:00", "2026-12-22T14:00", "closed"},
		"beside the closure":              {workday, office, `{}`, "2026-12-22T15:00", "2026-12-22T16:00", ""},
		"over midnight":                   {night, "", `{}`, "2026-12-21T23:00", "2026-12-22T01:00", ""},
		"over midnight, start day counts": {night, "", `{"slot_minutes": 200, "max_minutes": 400}`, "2026-12-21T23:20", "2026-12-22T02:40", ""},
		"the grid restarts":               {night, "", `{"slot_minutes": 200, "max_minutes": 400}`, "2026-12-22T02:40", "2026-12-22T06:00", "off_grid"},
		"over midnight into a holiday":    {night, `, "closed_on_public_holidays": true`, `{}`, "2026-12-24T23:00", "2026-12-25T01:00", "holiday"},
		"to midnight before a holiday":    {night, `, "closed_on_public_holidays": true`, `{}`, "2026-12-24T23:00", "2026-12-25T00:00", ""},
		"fine starts":                     {workday, "", `{"slot_minutes": 30, "start_step_minutes": 10}`, "2026-12-21T09:10", "2026-12-21T09:40", ""},
		"fine starts, coarse lengths":     {workday, "", `{"slot_minutes": 30, "start_step_minutes": 10}`, "2026-12-21T09:10", "2026-12-21T09:50", "off_grid"},
		"years":                           {night, "", `{}`, "2026-12-21T09:00", "2046-12-21T09:00", "outside_hours too_long"},
		"backwards":                       {workday, "", `{}`, "2026-12-21T10:00", "2026-12-21T09:00", "too_short"},
	} {
		t.Run(name, func(t *testing.T) {
			cat, e := smallCatalog(t, "Asia/Seoul", c.hours, c.center, c.policy)
			i := Interval{localTime(t, c.from, cat.Zone), localTime(t, c.to, cat.Zone)}
			if got := codes(cat.judgeCalendar(e, i)); got != c.want {
				t.Errorf("violations %q, want %q", got, c.want)
			}
		})
	}
}

func localTime(t testing.TB, s string, z *time.Location) time.Time {
	t.Helper()
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(layout, s, z); err == nil {
			return at.UTC()
		}
	}
	t.Fatalf("%q is no time", s)
	return time.Time{}
}

func TestOpenTime(t *testing.T) {
	cat, e := smallCatalog(t, "Asia/Seoul", `{"mon": ["09:00","18:00"], "tue": ["09:00","18:00"], "fri": ["09:00","18:00"]}`, `, "closed_on_public_holidays": true`, `{}`)
	for _, c := range []struct {
		from  string
		hours int
		want  string
	}{
		{"2026-12-21T10:00", 4, "2026-12-21T14:00"},
		{"2026-12-21T10:00", 8, "2026-12-21T18:00"},
		{"2026-12-21T17:00", 2, "2026-12-22T10:00"},
		{"2026-12-22T17:00", 2, "2026-12-28T10:00"}, // Friday is a holiday
		{"2026-12-19T03:00", 1, "2026-12-21T10:00"},
	} {
		got := cat.AddOpenHours(e.Center, localTime(t, c.from, cat.Zone), c.hours)
		if want := localTime(t, c.want, cat.Zone); !got.Equal(want) {
			t.Errorf("%s + %d h: %v, want %v", c.from, c.hours, got.In(cat.Zone), want.In(cat.Zone))
		}
		if m := cat.OpenMinutesBetween(e.Center, Interval{localTime(t, c.from, cat.Zone), got}); m != c.hours*60 {
			t.Errorf("%s + %d h: %d open minutes between", c.from, c.hours, m)
		}
	}
	shut, e := smallCatalog(t, "Asia/Seoul", `{}`, "", `{}`)
	from := localTime(t, "2026-12-21T10:00", shut.Zone)
	if got := shut.AddOpenHours(e.Center, from, 5); !got.Equal(from.Add(5 * time.Hour)) {
		t.Errorf("a center that never opens answers by the clock, not at %v", got)
	}
}

func TestBreaks(t *testing.T) {
	cat, e := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","18:00"]`), `, "closed_on_public_holidays": true`, `{}`)
	at := func(from, to string) Interval {
		return Interval{localTime(t, from, cat.Zone), localTime(t, to, cat.Zone)}
	}
	for _, c := range []struct {
		i    Interval
		want string
	}{
		{at("2026-12-21T09:07", "2026-12-21T09:20"), ""}, // walk-ins need not stand on the grid
		{at("2026-12-21T17:50", "2026-12-21T18:20"), "outside_hours"},
		{at("2026-12-25T10:00", "2026-12-25T11:00"), "holiday"},
	} {
		if got := cat.Breaks(e.ID, c.i); got != c.want {
			t.Errorf("%v: %q, want %q", c.i, got, c.want)
		}
	}
	if got := cat.Breaks("gone", at("2026-12-21T10:00", "2026-12-21T11:00")); got != "retired" {
		t.Errorf("an unknown machine: %q", got)
	}
}
