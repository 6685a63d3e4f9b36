package booking

import (
	"fmt"
	"testing"
	"time"
)

// TestStopsAreCutToThePeriod: outages count for the units they hit, within the
// period and up to now, the machine that stood longest first.
func TestStopsAreCutToThePeriod(t *testing.T) {
	cat, e := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","12:00"]`), "", `{}`)
	at := func(clock string) time.Time { return localTime(t, "2026-12-21T"+clock, cat.Zone) }
	other := *e
	other.ID = "other"
	p := usagePlan{catalog: cat, machines: []*Equipment{e, &other}, whole: Interval{at("09:00"), at("18:00")}, asOf: at("18:00")}
	end := func(clock string) *time.Time { v := at(clock); return &v }
	got := p.stops([]*Outage{
		{EquipmentID: "other", Unit: 1, From: at("10:00"), To: end("10:30"), Kind: Maintenance},
		{EquipmentID: e.ID, From: at("08:00"), To: end("10:00"), Kind: Fault},                     // both units, one hour of it
		{EquipmentID: e.ID, Unit: 2, From: at("17:00"), ExpectedUntil: end("20:00"), Kind: Fault}, // goes on
		{EquipmentID: e.ID, Unit: 1, From: at("06:00"), To: end("09:00"), Kind: Fault},            // before
		{EquipmentID: "gone", Unit: 1, From: at("10:00"), To: end("11:00"), Kind: Fault},          // not in service
	})
	if len(got) != 2 || got[0].Equipment != e.ID || got[0].Minutes != 180 || got[0].Faults != 2 || got[0].Maintenances != 0 ||
		got[0].Longest != (Interval{at("09:00"), at("10:00")}) || got[1].Minutes != 30 || got[1].Maintenances != 1 {
		t.Errorf("got %+v", got)
	}
}

// TestClosuresOfThePeriod: those of the center and of the whole city, by start, cut to the period.
func TestClosuresOfThePeriod(t *testing.T) {
	cat, e := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","12:00"]`), "", `{}`)
	day := func(d Date) Interval { return d.Whole(cat.Zone) }
	e.Center.Closures = []Closure{{When: day("2026-12-25")}, {When: Interval{day("2026-11-30").Start, day("2026-12-01").End}}, {When: day("2027-01-01")}}
	p := usagePlan{catalog: cat, centers: []string{e.Center.ID}, whole: Interval{Date("2026-12-01").At(0, cat.Zone), Date("2027-01-01").At(0, cat.Zone)}}
	got := p.closed()
	if want := []Interval{day("2026-12-01"), day("2026-12-25")}; len(got) != 2 || got[0].When != want[0] || got[1].When != want[1] || got[0].Center != e.Center.ID {
		t.Errorf("got %s", fmt.Sprint(got))
	}
}
