package booking

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// TestOpenTimeOverClockChanges: a day of 23 or 25 hours has as many open ones,
// and each stands at its own hour of the wall clock.
func TestOpenTimeOverClockChanges(t *testing.T) {
	for day, want := range map[Date]struct{ two, all int }{"2026-03-28": {120, 2 * 24 * 60}, "2026-03-29": {0, 2 * 23 * 60}, "2026-10-25": {240, 2 * 25 * 60}} {
		cat, e := smallCatalog(t, "Europe/Berlin", everyDay(`["00:00","24:00"]`), "", `{}`)
		whole := day.Whole(cat.Zone)
		got := cat.openTime([]*Equipment{e}, nil, whole, whole.End)
		d := (int(day.Weekday()) + 6) % 7
		if got.week[d][2] != want.two || got.machines[e.ID][day.Month()] != want.all {
			t.Errorf("%s: %d minutes at two o'clock of %d, want %+v", day, got.week[d][2], got.machines[e.ID][day.Month()], want)
		}
	}
}

// TestOpenTimeWithoutOutages: an outage takes the unit it hits, in whole
// minutes; two over the same time take it once.
func TestOpenTimeWithoutOutages(t *testing.T) {
	cat, e := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","12:00"]`), "", `{}`)
	whole := Date("2026-12-21").Whole(cat.Zone)
	at := func(clock string) time.Time { return localTime(t, "2026-12-21T"+clock, cat.Zone) }
	outage := func(unit int, from, to string) *Outage {
		end := at(to)
		return &Outage{EquipmentID: e.ID, Unit: unit, From: at(from), To: &end}
	}
	for name, c := range map[string]struct {
		outages []*Outage
		want    int
	}{
		"none":      {nil, 360},
		"one unit":  {[]*Outage{outage(1, "10:00:30", "11:00:30")}, 300},
		"both":      {[]*Outage{outage(0, "10:00", "11:00")}, 240},
		"twice":     {[]*Outage{outage(0, "10:00", "11:00"), outage(2, "10:30", "11:30")}, 210},
		"elsewhen":  {[]*Outage{outage(0, "13:00", "15:00")}, 360},
		"all day":   {[]*Outage{outage(1, "08:00", "23:00"), outage(2, "08:00", "23:00")}, 0},
		"other one": {[]*Outage{{EquipmentID: "x", From: at("09:00"), ExpectedUntil: &whole.End}}, 360},
	} {
		got := cat.openTime([]*Equipment{e}, c.outages, whole, whole.End)
		if n := got.machines[e.ID]["2026-12"]; n != c.want {
			t.Errorf("%s: %d minutes, want %d", name, n, c.want)
		}
	}
}

// hourReader notes by which clocks hours were asked for.
type hourReader struct {
	Reader
	asked []string
}

func (r *hourReader) UseHours(_ context.Context, q UseQuery, ahead time.Duration) ([]UseHour, error) {
	r.asked = append(r.asked, fmt.Sprint(q.Spans[0].Start.Format("01-02T15:04"), " ", q.Spans[0].End.Format("01-02T15:04"), " ", ahead))
	return []UseHour{{6, 23, 10}}, nil
}

// TestHoursAreAskedBetweenClockChanges: within one question local hours are a
// plain sum away from UTC.
func TestHoursAreAskedBetweenClockChanges(t *testing.T) {
	cat, e := smallCatalog(t, "Europe/Berlin", everyDay(`["00:00","24:00"]`), "", `{}`)
	p := usagePlan{catalog: cat, machines: []*Equipment{e}, whole: Interval{Date("2026-03-01").At(0, cat.Zone), Date("2026-04-01").At(0, cat.Zone)}}
	r, out := &hourReader{}, &Usage{}
	if err := p.hours(context.Background(), r, out); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(r.asked), "[02-28T23:00 03-29T01:00 1h0m0s 03-29T01:00 03-31T22:00 2h0m0s]"; got != want {
		t.Errorf("asked %s\nwant  %s", got, want)
	}
	if out.Week[6][23].Used != 20 {
		t.Errorf("the parts are not summed: %v", out.Week[6])
	}
}
