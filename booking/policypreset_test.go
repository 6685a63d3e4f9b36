package booking

import (
	"encoding/json"
	"strings"
	"testing"

	"gongbang/testdata"
)

// TestPresetsDecide shows for each rule set that is enforced in full what it
// allows and what it refuses. The machine is open 09:00 to 21:00 every day;
// the asked day is Wednesday, 16 December 2026.
func TestPresetsDecide(t *testing.T) {
	for _, c := range []struct {
		preset, now, from, to string
		want                  string // violations, or "needs approval"
	}{
		{"seoul-fashion-hub-quota", "2026-12-10T09:00", "2026-12-16T09:00", "2026-12-16T13:00", ""},
		{"seoul-fashion-hub-quota", "2026-12-10T09:00", "2026-12-16T09:00", "2026-12-16T14:00", "too_long"},
		{"seoul-50plus-room", "2026-12-01T00:00", "2026-12-16T09:00", "2026-12-16T12:00", "needs approval"},
		{"seoul-50plus-room", "2026-11-30T23:59", "2026-12-16T09:00", "2026-12-16T12:00", "not_open_yet"},
		{"seoul-50plus-room", "2026-12-14T23:59", "2026-12-16T09:00", "2026-12-16T12:00", "needs approval"},
		{"seoul-50plus-room", "2026-12-15T00:01", "2026-12-16T09:00", "2026-12-16T12:00", "too_late"},
		{"seoul-50plus-room", "2026-12-10T09:00", "2026-12-16T09:00", "2026-12-16T13:00", "too_long"},
		{"seoul-npo-center", "2026-09-16T00:00", "2026-12-16T09:00", "2026-12-16T10:00", ""},
		{"seoul-npo-center", "2026-09-15T23:59", "2026-12-16T09:00", "2026-12-16T10:00", "not_open_yet"},
		{"seoul-npo-center", "2026-12-15T16:59", "2026-12-16T09:00", "2026-12-16T10:00", ""},
		{"seoul-npo-center", "2026-12-15T17:01", "2026-12-16T09:00", "2026-12-16T10:00", "too_late"},
		{"snu-grid", "2026-12-10T09:00", "2026-12-16T09:10", "2026-12-16T09:40", ""},
		{"snu-grid", "2026-12-10T09:00", "2026-12-16T09:05", "2026-12-16T09:35", "off_grid"},
		{"snu-grid", "2026-12-10T09:00", "2026-12-16T09:10", "2026-12-16T09:50", "off_grid"},
		{"kangnam-qr", "2026-12-10T09:00", "2026-12-16T09:00", "2026-12-16T10:00", ""},
		{"kangnam-qr", "2026-12-16T09:01", "2026-12-16T09:00", "2026-12-16T10:00", "in_past"},
		{"gwanak-free", "2026-12-10T09:00", "2026-12-16T09:00", "2026-12-16T10:00", "needs approval"},
		{"gwanak-free", "2026-12-10T09:00", "2026-12-16T08:00", "2026-12-16T09:00", "outside_hours"},
	} {
		cat, _ := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","21:00"]`), "", string(presetPolicy(t, c.preset)))
		i := Interval{localTime(t, c.from, cat.Zone), localTime(t, c.to, cat.Zone)}
		v := Facts{Catalog: cat}.judge(ask{equipment: "m", interval: i, people: 1}, localTime(t, c.now, cat.Zone))
		got := codes(v.violations)
		if got == "" && len(v.needs) > 0 {
			got = "needs " + v.needs[0]
		}
		if got != c.want {
			t.Errorf("%s: %s to %s at %s: %q, want %q", c.preset, c.from, c.to, c.now, got, c.want)
		}
	}
}

// TestPresetPoints shows for each rule set with points when new bookings stop,
// and until when, after what happened at the center.
func TestPresetPoints(t *testing.T) {
	for _, c := range []struct {
		preset  string
		strikes []string // kind and moment
		now     string
		until   string // "" may book
	}{
		{"seoulcube-penalty-hours", []string{"no_show 2026-12-16T09:15"}, "2026-12-16T15:14", "2026-12-16T15:15"}, // three times two hours
		{"seoulcube-penalty-hours", []string{"no_show 2026-12-16T09:15"}, "2026-12-16T15:15", ""},
		{"seoulcube-penalty-hours", []string{"no_show 2026-12-16T19:00"}, "2026-12-17T12:00", "2026-12-17T13:00"}, // closed from 21:00 to 09:00
		{"seoul-technopark-msp", []string{"no_show 2026-12-16T09:15"}, "2026-12-17T09:00", ""},
		{"seoul-technopark-msp", []string{"no_show 2026-12-16T09:15", "no_show 2026-12-18T09:15"}, "2027-01-18T09:14", "2027-01-18T09:15"},
		{"bupyeong-youth", []string{"no_show 2026-09-17T09:10", "no_show 2026-10-01T09:10", "no_show 2026-12-16T09:10"}, "2026-12-17T09:00", "2027-01-16T09:10"},
		{"bupyeong-youth", []string{"no_show 2026-09-16T09:10", "no_show 2026-10-01T09:10", "no_show 2026-12-16T09:10"}, "2026-12-17T09:00", ""}, // the first expired after three months
		{"knps-no-show", []string{"late_cancel 2026-12-16T09:00"}, "2027-01-16T08:59", "2027-01-16T09:00"},
		{"knps-no-show", []string{"late_cancel 2026-12-16T09:00", "no_show 2027-02-01T09:15"}, "2027-04-30T09:15", "2027-05-01T09:15"},
		{"knps-no-show", []string{"late_cancel 2026-12-16T09:00", "no_show 2027-12-17T09:15"}, "2028-01-17T09:14", "2028-01-17T09:15"},                   // after a clean year the first step
		{"kangnam-qr", []string{"late_cancel 2026-12-16T09:00", "late_cancel 2026-12-16T10:00", "late_cancel 2026-12-16T11:00"}, "2026-12-16T12:00", ""}, // the system's values
	} {
		cat, e := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","21:00"]`), "", withoutKey(t, presetPolicy(t, c.preset), "waitlist"))
		f := Facts{Catalog: cat, Person: &Person{ID: "p"}}
		for _, s := range c.strikes {
			kind, at, _ := strings.Cut(s, " ")
			if points := e.Policy.NoShow.points(StrikeKind(kind)); points > 0 {
				f.Strikes = append(f.Strikes, Strike{AccountID: "p", EquipmentID: e.ID, At: localTime(t, at, cat.Zone), Points: points, Minutes: 120, Rule: *e.Policy.NoShow})
			}
		}
		got := ""
		for _, v := range f.judgeStrikes(e, localTime(t, c.now, cat.Zone)) {
			got = v.Until.In(cat.Zone).Format("2006-01-02T15:04")
		}
		if got != c.until {
			t.Errorf("%s after %v at %s: until %q, want %q", c.preset, c.strikes, c.now, got, c.until)
		}
	}
}

// withoutKey is the policy without a key that is not asked about.
func withoutKey(t *testing.T, policy json.RawMessage, key string) string {
	t.Helper()
	values := policyValues(t, string(policy))
	delete(values, key)
	out, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestPresetQuota: the eighth visit of a month is refused, and what goes over four hours a visit.
func TestPresetQuota(t *testing.T) {
	cat, e := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","21:00"]`), "", string(presetPolicy(t, "seoul-fashion-hub-quota")))
	now := localTime(t, "2026-12-10T09:00", cat.Zone)
	i := Interval{localTime(t, "2026-12-16T14:00", cat.Zone), localTime(t, "2026-12-16T16:00", cat.Zone)}
	had := func(days ...string) Facts {
		f := Facts{Catalog: cat, Person: &Person{ID: "p"}}
		for _, d := range days {
			start := localTime(t, d+"T09:00", cat.Zone)
			f.Mine = append(f.Mine, Span{Booking: d, Equipment: e.ID, Unit: 1, Interval: Interval{start, start.Add(3 * 60 * 60e9)}, Status: Completed})
		}
		return f
	}
	six := []string{"2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-07", "2026-12-08"}
	for _, c := range []struct {
		facts Facts
		want  string
	}{
		{had(six...), ""}, {had(append(six, "2026-12-09")...), "limit"}, {had("2026-12-16"), "limit"}, {had("2026-11-30"), ""},
	} {
		if got := codes(c.facts.judge(ask{account: "p", equipment: e.ID, interval: i, people: 1}, now).violations); got != c.want {
			t.Errorf("%d bookings: %q, want %q", len(c.facts.Mine), got, c.want)
		}
	}
}

func presetPolicy(t *testing.T, id string) json.RawMessage {
	t.Helper()
	var doc struct {
		Presets []struct {
			ID     string
			Policy json.RawMessage
		}
	}
	if err := json.Unmarshal(testdata.Presets, &doc); err != nil {
		t.Fatal(err)
	}
	for _, p := range doc.Presets {
		if p.ID == id {
			return p.Policy
		}
	}
	t.Fatalf("no preset %s", id)
	return nil
}
