package booking

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawCatalog draws a center with any hours in any zone, a holiday and a
// closure, and a machine with any grid.
func drawCatalog(t *rapid.T) (*Catalog, *Equipment) {
	zones := []string{"Asia/Seoul", "Europe/Berlin", "America/New_York", "Asia/Kolkata"}
	week := map[string]any{}
	for _, day := range weekdayKeys {
		from := rapid.IntRange(0, 20).Draw(t, day+" from") * 30
		to := min(1440, from+rapid.IntRange(1, 48).Draw(t, day+" length")*30)
		switch rapid.IntRange(0, 3).Draw(t, day) {
		case 0:
			week[day] = [2]string{"00:00", "24:00"}
		case 1:
			week[day] = [2]string{writeClock(from), writeClock(to)}
		case 2:
			rest := min(1440, to+rapid.IntRange(0, 3).Draw(t, "break")*30)
			week[day] = [][2]string{{writeClock(from), writeClock(to)}}
			if rest < 1440 {
				week[day] = [][2]string{{writeClock(rest), "24:00"}, {writeClock(from), writeClock(to)}}
			}
		default:
			week[day] = nil
		}
	}
	hours, _ := json.Marshal(week)
	slot := rapid.SampledFrom([]int{10, 30, 45, 60, 100, 120, 240}).Draw(t, "slot")
	step := slot / rapid.SampledFrom([]int{1, 1, 5}).Draw(t, "finer")
	least := slot * rapid.IntRange(1, 2).Draw(t, "min")
	policy := fmt.Sprintf(`{"slot_minutes": %d, "start_step_minutes": %d, "min_minutes": %d, "max_minutes": %d}`,
		slot, step, least, least+slot*rapid.IntRange(0, 3).Draw(t, "max"))
	text := fmt.Sprintf(`{"time_zone": %q, "holidays": [{"date": "2026-03-30", "ko": "쉬는 날"}], "centers": [{"id": "c", "name": {"ko": "센터"}, "hours": %s,
		"closed_on_public_holidays": true, "closures": [{"from": "2026-03-31T%02d:00", "to": "2026-04-01T13:00"}],
		"equipment": [{"id": "m", "name": {"ko": "기계"}, "category": "k", "policy": %s}]}]}`,
		rapid.SampledFrom(zones).Draw(t, "zone"), hours, rapid.IntRange(0, 23).Draw(t, "closed from"), policy)
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

// TestSlotsAreJudgedRight: what the calendar offers it does not refuse, and
// what it does not offer it refuses, around the clock changes too.
func TestSlotsAreJudgedRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, e := drawCatalog(t)
		d := Date("2026-03-25").Add(rapid.IntRange(0, 10).Draw(t, "day"))
		starts := map[int64]bool{}
		for _, s := range c.Starts(e, d) {
			starts[s.UnixMilli()] = true
		}
		least := time.Duration(e.Policy.MinMinutes) * time.Minute
		whole := d.Whole(c.Zone)
		for at := whole.Start; at.Before(whole.End); at = at.Add(5 * time.Minute) {
			found := codes(c.judgeCalendar(e, Interval{at, at.Add(least)}))
			if offered := starts[at.UnixMilli()]; offered != (found == "") {
				t.Fatalf("%v: offered %v, refused %q", at.In(c.Zone), offered, found)
			}
		}
		for _, s := range c.Slots(e, d) {
			if DateOf(s.Start, c.Zone) != d || s.Minutes() != e.Policy.SlotMinutes || !c.openAllOf(e.Center, s) {
				t.Fatalf("slot %v is not one of %s", s, d)
			}
		}
	})
}

// TestHiding: never two of the calendar's place codes at once.
func TestHiding(t *testing.T) {
	rank := map[string]int{"holiday": 1, "closed": 1, "outside_hours": 1, "off_grid": 1}
	rapid.Check(t, func(t *rapid.T) {
		c, e := drawCatalog(t)
		from := Date("2026-03-25").At(rapid.IntRange(0, 15*1440).Draw(t, "from"), c.Zone)
		i := Interval{from, from.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "length")) * time.Minute)}
		n := 0
		for _, v := range c.judgeCalendar(e, i) {
			n += rank[v.Code]
		}
		if n > 1 {
			t.Fatalf("%v: %s", i, codes(c.judgeCalendar(e, i)))
		}
	})
}

// TestStricterNeverAllowsMore: a narrower length, a coarser grid or one more
// closure refuses all that was refused before.
func TestStricterNeverAllowsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, e := drawCatalog(t)
		strict := *e
		center := *e.Center
		strict.Center = &center
		from := Date("2026-03-25").At(rapid.IntRange(0, 15*144).Draw(t, "from")*10, c.Zone)
		i := Interval{from, from.Add(time.Duration(rapid.IntRange(1, 60).Draw(t, "length")*10) * time.Minute)}
		switch rapid.IntRange(0, 3).Draw(t, "how") {
		case 0:
			strict.Policy.MaxMinutes = max(e.Policy.MinMinutes, e.Policy.MaxMinutes-e.Policy.SlotMinutes)
		case 1:
			strict.Policy.MinMinutes = min(e.Policy.MaxMinutes, e.Policy.MinMinutes+e.Policy.SlotMinutes)
		case 2:
			strict.Policy.StartStepMinutes = e.Policy.SlotMinutes
		default:
			center.Closures = append([]Closure{{When: Interval{from, from.Add(time.Hour)}}}, center.Closures...)
		}
		if codes(c.judgeCalendar(&strict, i)) == "" && codes(c.judgeCalendar(e, i)) != "" {
			t.Fatalf("%v is allowed by the stricter rule alone", i)
		}
	})
}
