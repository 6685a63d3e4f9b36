package booking

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongbang/testdata"
)

func policyValues(t testing.TB, text string) PolicyValues {
	t.Helper()
	var v PolicyValues
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func layers(t testing.TB, texts ...string) []PolicyLayer {
	t.Helper()
	var out []PolicyLayer
	for i, text := range texts {
		out = append(out, PolicyLayer{[]string{"city", "center", "machine"}[i], policyValues(t, text)})
	}
	return out
}

func TestSystemPolicy(t *testing.T) {
	got, problems := EffectivePolicy(Self)
	grace := 15
	want := Policy{
		SlotMinutes: 60, StartStepMinutes: 60, MinMinutes: 60, MaxMinutes: 240, Opens: When{Days, 14, 0}, Closes: When{Minutes, 0, 0},
		CancelUntil: When{Minutes, 120, 0}, LateCancel: LateAllowed, CheckIn: CheckIn{30, &grace, WhenDeskSeen}, Hold: HoldRule{5, 3, 10}, Capacity: 1,
		NoShow: &NoShowRule{NoShow: 1, Expire: Stretch{90, Days}, Steps: []Step{{3, Stretch{30, Days}}}, By: "person", Over: "center"}, Reminders: []int{24},
	}
	if len(problems) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v %v, want %+v", got, problems, want)
	}
	if staffRun, _ := EffectivePolicy(Operator); staffRun.CheckIn.GraceMinutes != nil {
		t.Error("nobody is judged absent from a staff-run machine")
	}
}

func TestInheritance(t *testing.T) {
	for name, c := range map[string]struct {
		layers []string
		want   func(p Policy) bool
	}{
		"the slot alone moves what follows it": {[]string{`{"slot_minutes": 100}`}, func(p Policy) bool {
			return p.MinMinutes == 100 && p.MaxMinutes == 200 && p.StartStepMinutes == 100
		}},
		"at least one slot":         {[]string{`{"max_minutes": 60}`, `{"slot_minutes": 120}`}, func(p Policy) bool { return p.MinMinutes == 120 && p.MaxMinutes == 120 }},
		"inherited is rounded down": {[]string{`{"min_minutes": 180}`, `{"slot_minutes": 120}`}, func(p Policy) bool { return p.MinMinutes == 120 }},
		"a finer step stays finer":  {[]string{`{"slot_minutes": 60, "start_step_minutes": 20}`, `{"slot_minutes": 30}`}, func(p Policy) bool { return p.StartStepMinutes == 15 }},
		"lists are replaced":        {[]string{`{"limits": [{"count": "upcoming", "max": 4, "by": "person", "over": "city"}]}`, `{"limits": []}`}, func(p Policy) bool { return len(p.Limits) == 0 }},
		"objects are merged": {[]string{`{"check_in": {"grace_minutes": 5}}`, `{"check_in": {"auto": "never"}}`}, func(p Policy) bool {
			return *p.CheckIn.GraceMinutes == 5 && p.CheckIn.Auto == Never && p.CheckIn.OpensMinutesBefore == 30
		}},
		"a rule can be taken back": {[]string{`{"approval": {"by": "staff"}, "requires_certificate": "laser"}`, `{"approval": "none", "requires_certificate": null}`}, func(p Policy) bool { return p.Approval == nil && p.Certificate == nil }},
		"a plain key refuses":      {[]string{`{"requires_certificate": "laser"}`}, func(p Policy) bool { return *p.Certificate == CertificateRule{"laser", false} }},
		"at left out": {[]string{`{"window": {"opens": {"months_before": 1}, "closes": {"days_before": 2}}, "cancel_until": {"days_before": 1}}`}, func(p Policy) bool {
			return p.Opens == When{Months, 1, 0} && p.Closes == When{Days, 2, 1440} && p.CancelUntil == When{Days, 1, 1440}
		}},
		"a count alone keeps the rest": {[]string{`{"no_show": {"threshold": 5, "over": "city"}}`, `{"no_show": {"points": 2}}`}, func(p Policy) bool {
			return reflect.DeepEqual(*p.NoShow, NoShowRule{NoShow: 2, Expire: Stretch{90, Days}, Steps: []Step{{5, Stretch{30, Days}}}, By: "person", Over: "city"})
		}},
		"one consequence drops the other": {[]string{`{"no_show": {"penalty_hours_multiplier": 3}}`}, func(p Policy) bool { return p.NoShow.Hours == 3 && p.NoShow.Steps == nil }},
		"both consequences when both are named": {[]string{`{"no_show": {"penalty_hours_multiplier": 3, "threshold": 2}}`}, func(p Policy) bool {
			return p.NoShow.Hours == 3 && p.NoShow.Steps[0] == Step{2, Stretch{30, Days}}
		}},
		"a ladder replaces the threshold, a clean time the expiry": {[]string{`{"no_show": {"ladder": [{"count": 1, "suspend": {"months": 1}}], "counts": ["late_cancel"], "clean_after": {"days": 365}}}`}, func(p Policy) bool {
			return reflect.DeepEqual(*p.NoShow, NoShowRule{LateCancel: 1, Clean: Stretch{365, Days}, Steps: []Step{{1, Stretch{1, Months}}}, By: "person", Over: "center"})
		}},
		"points that stay":           {[]string{`{"no_show": {"points_expire": null}}`}, func(p Policy) bool { return p.NoShow.Expire.IsZero() }},
		"no rule":                    {[]string{`{"no_show": {"points": 5}}`, `{"no_show": null}`}, func(p Policy) bool { return p.NoShow == nil }},
		"no rule and a new one":      {[]string{`{"no_show": null}`, `{"no_show": {"points": 2}}`}, func(p Policy) bool { return p.NoShow.NoShow == 2 && p.NoShow.Steps[0].Points == 3 }},
		"grace null":                 {[]string{`{"check_in": {"grace_minutes": null}}`}, func(p Policy) bool { return p.CheckIn.GraceMinutes == nil }},
		"what is off may be written": {[]string{`{"waitlist": "off", "allocation": "first_come", "lanes": null, "min_age": null, "reminder_hours_before": []}`}, func(p Policy) bool { return true }},
	} {
		t.Run(name, func(t *testing.T) {
			p, problems := EffectivePolicy(Self, layers(t, c.layers...)...)
			if len(problems) > 0 || !c.want(p) {
				t.Errorf("%+v %v", p, problems)
			}
		})
	}
	p, _ := EffectivePolicy(Operator, layers(t, `{"check_in": {"grace_minutes": 10}}`)...)
	if p.CheckIn.GraceMinutes == nil || *p.CheckIn.GraceMinutes != 10 {
		t.Error("a written grace holds for staff-run machines too")
	}
}

func TestPolicyProblems(t *testing.T) {
	for text, want := range map[string]string{
		`{"slot_minute": 60}`:                                                           "city.slot_minute unknown_key",
		`{"eligibility": "anyone"}`:                                                     "city.eligibility unknown_key",
		`{"slot_minutes": 0}`:                                                           "city.slot_minutes min",
		`{"slot_minutes": 241}`:                                                         "city.slot_minutes max",
		`{"slot_minutes": "60"}`:                                                        "city.slot_minutes integer",
		`{"slot_minutes": 1.5}`:                                                         "city.slot_minutes integer",
		`{"slot_minutes": null}`:                                                        "city.slot_minutes integer",
		`{"min_minutes": 90}`:                                                           "city.min_minutes multiple_of_slot",
		`{"slot_minutes": 45, "max_minutes": 100}`:                                      "city.max_minutes multiple_of_slot",
		`{"min_minutes": 300}`:                                                          "city.min_minutes above_max",
		`{"min_minutes": 120, "max_minutes": 60}`:                                       "city.max_minutes below_min",
		`{"start_step_minutes": 25}`:                                                    "city.start_step_minutes divides_slot",
		`{"start_step_minutes": 120}`:                                                   "city.start_step_minutes divides_slot",
		`{"buffer_minutes": -1}`:                                                        "city.buffer_minutes min",
		`{"window": {"opens": {"days_before": 1, "hours_before": 3}}}`:                  "city.window.opens one_unit",
		`{"window": {"opens": {}}}`:                                                     "city.window.opens one_unit",
		`{"window": {"opens": {"days_before": 1, "at": "25:00"}}}`:                      "city.window.opens.at clock",
		`{"window": {"opens": {"minutes_before": 1, "at": "09:00"}}}`:                   "city.window.opens.at not_allowed",
		`{"window": {"open": {"days_before": 1}}}`:                                      "city.window.open unknown_key",
		`{"window": {"opens": {"days_before": 1}, "closes": {"days_before": 5}}}`:       "city.window window_empty",
		`{"cancel_until": 120}`:                                                         "city.cancel_until object",
		`{"late_cancel": "maybe"}`:                                                      "city.late_cancel one_of",
		`{"limits": {}}`:                                                                "city.limits list",
		`{"limits": [{"count": "hours", "max": 1, "over": "city"}]}`:                    "city.limits[0].count one_of",
		`{"limits": [{"count": "minutes", "max": 60, "over": "city"}]}`:                 "city.limits[0].per required",
		`{"limits": [{"count": "upcoming", "max": 1, "per": "day", "over": "city"}]}`:   "city.limits[0].per not_allowed",
		`{"limits": [{"count": "concurrent", "max": 0, "over": "city"}]}`:               "city.limits[0].max min",
		`{"limits": [{"count": "concurrent", "max": 1, "by": "team", "over": "city"}]}`: "city.limits[0].by one_of",
		`{"limits": [{"count": "concurrent", "max": 1, "over": "city", "allocation": "lottery"}]}`: "",
		`{"requires_certificate": ""}`:                                "city.requires_certificate text",
		`{"requires_certificate": {"if_missing": "refuse"}}`:          "city.requires_certificate.key required",
		`{"requires_certificate": {"key": "a", "if_missing": "cry"}}`: "city.requires_certificate.if_missing one_of",
		`{"approval": true}`:                                          "city.approval object",
		`{"approval": {"by": "robot"}}`:                               "city.approval.by one_of",
		`{"check_in": {"grace_minutes": "soon"}}`:                     "city.check_in.grace_minutes integer",
		`{"hold": {"minutes": 31}}`:                                   "city.hold.minutes max",
		`{"capacity": 0}`:                                             "city.capacity min",
		`{"min_age": 0}`:                                              "city.min_age min",
		`{"min_age": 121}`:                                            "city.min_age max",
		`{"no_show": {"pints": 1}}`:                                   "city.no_show.pints unknown_key",
		`{"no_show": "off"}`:                                          "city.no_show object",
		`{"no_show": {"points": -1}}`:                                 "city.no_show.points min",
		`{"no_show": {"threshold": 0}}`:                               "city.no_show.threshold min",
		`{"no_show": {"suspend": {"weeks": 1}}}`:                      "city.no_show.suspend.weeks unknown_key",
		`{"no_show": {"suspend": {"days": 1, "months": 1}}}`:          "city.no_show.suspend days_or_months",
		`{"no_show": {"suspend": {"days": 0}}}`:                       "city.no_show.suspend.days min",
		`{"no_show": {"points_expire": 90}}`:                          "city.no_show.points_expire object",
		`{"no_show": {"over": "street"}}`:                             "city.no_show.over one_of",
		`{"no_show": {"by": "team"}}`:                                 "city.no_show.by one_of",
		`{"no_show": {"ladder": []}}`:                                 "city.no_show.ladder list",
		`{"no_show": {"ladder": [{"count": 1}]}}`:                     "city.no_show.ladder[0].suspend required",
		`{"no_show": {"ladder": [{"count": 2, "suspend": {"days": 1}}, {"count": 2, "suspend": {"days": 2}}]}}`: "city.no_show.ladder[1].count ascending",
		`{"no_show": {"ladder": [{"count": 1, "suspend": {"days": 1}}], "threshold": 2}}`:                       "city.no_show.ladder not_allowed",
		`{"no_show": {"counts": ["no_show"], "points": 2}}`:                                                     "city.no_show.counts not_allowed",
		`{"no_show": {"counts": ["late"]}}`:                                                                     "city.no_show.counts[0] one_of",
		`{"no_show": {"penalty_hours_multiplier": 0}}`:                                                          "city.no_show.penalty_hours_multiplier min",
		`{"reminder_hours_before": 24}`:                                                                         "city.reminder_hours_before list",
		`{"reminder_hours_before": [24, 24]}`:                                                                   "city.reminder_hours_before[1] duplicate",
		`{"reminder_hours_before": [0]}`:                                                                        "city.reminder_hours_before[0] min",
		`{"reminder_hours_before": [1,2,3,4,5,6,7,8,9,10,11]}`:                                                  "city.reminder_hours_before max_items",
		`{"waitlist": {"offer_minutes": 1}}`:                                                                    "city.waitlist not_supported_yet",
		`{"effective_from": "2026-12-01"}`:                                                                      "",
		`{"effective_from": "2026-12-01T09:30", "capacity": 2}`:                                                 "", `{"effective_from": null}`: "",
		`{"effective_from": "next week"}`: "city.effective_from moment", `{"effective_from": 3}`: "city.effective_from moment",
		`{"lanes": [{"units": 1, "admits": ["desk"]}, {"times": ["09:00-12:00"], "admits": [{"due_within_days": 3}], "released": {"days_before": 2}}]}`: "",
		`{"lanes": {"units": 1}}`:                                                            "city.lanes list",
		`{"lanes": [{"admits": ["desk"]}]}`:                                                  "city.lanes[0] one_of",
		`{"lanes": [{"units": 0, "admits": ["desk"]}]}`:                                      "city.lanes[0].units min",
		`{"lanes": [{"units": 1}]}`:                                                          "city.lanes[0].admits required",
		`{"lanes": [{"units": 1, "admits": []}]}`:                                            "city.lanes[0].admits list",
		`{"lanes": [{"units": 1, "admits": ["friends"]}]}`:                                   "city.lanes[0].admits[0] one_of",
		`{"lanes": [{"units": 1, "admits": [{"due_within_days": -1}]}]}`:                     "city.lanes[0].admits[0].due_within_days min",
		`{"lanes": [{"times": ["9-12"], "admits": ["desk"]}]}`:                               "city.lanes[0].times[0] timespan",
		`{"lanes": [{"times": ["12:00-09:00"], "admits": ["desk"]}]}`:                        "city.lanes[0].times[0] order",
		`{"lanes": [{"weekdays": ["someday"], "admits": ["desk"]}]}`:                         "city.lanes[0].weekdays[0] one_of",
		`{"lanes": [{"units": 1, "admits": ["desk"], "released": 2}]}`:                       "city.lanes[0].released object",
		`{"lanes": [{"units": 1, "admits": ["desk"], "colour": "red"}]}`:                     "city.lanes[0].colour unknown_key",
		`{"allocation": "lottery"}`:                                                          "city.allocation one_of",
		`{"allocation": {"lottery": {"draw_days_before": 5}}}`:                               "city.allocation.lottery.apply_until_days_before required",
		`{"allocation": {"lottery": {"apply_until_days_before": 3, "draw_days_before": 5}}}`: "city.allocation.lottery.draw_days_before max",
	} {
		_, problems := EffectivePolicy(Self, layers(t, text)...)
		var got []string
		for _, p := range problems {
			got = append(got, p.Path+" "+p.Rule)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
	}
}

// TestPresets: each rule set of a real facility is either expressed in full,
// or refused for exactly the keys that are not enforced yet.
func TestPresets(t *testing.T) {
	unsupported := map[string]string{
		"knps-no-show": "waitlist",
	}
	var doc struct {
		Presets []struct {
			ID     string
			Policy PolicyValues
		}
	}
	if err := json.Unmarshal(testdata.Presets, &doc); err != nil || len(doc.Presets) != 12 {
		t.Fatal(err, len(doc.Presets))
	}
	for _, preset := range doc.Presets {
		t.Run(preset.ID, func(t *testing.T) {
			p, problems := EffectivePolicy(Self, PolicyLayer{"policy", preset.Policy})
			var got []string
			for _, problem := range problems {
				if problem.Rule != "not_supported_yet" {
					t.Error(problem)
				}
				got = append(got, strings.TrimPrefix(problem.Path, "policy."))
			}
			if strings.Join(got, " ") != unsupported[preset.ID] {
				t.Errorf("refused for %v, want %q", got, unsupported[preset.ID])
			}
			holdsWritten(t, p, preset.Policy, got)
		})
	}
}

// holdsWritten: every enforced value that was written is in the effective policy.
func holdsWritten(t *testing.T, p Policy, wrote PolicyValues, refused []string) {
	t.Helper()
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var has map[string]any
	_ = json.Unmarshal(data, &has)
	for key, raw := range wrote {
		if strings.Contains(strings.Join(refused, " "), key) {
			continue
		}
		var want any
		_ = json.Unmarshal(raw, &want)
		if !covers(has[key], want) {
			t.Errorf("%s is %v, written was %v", key, has[key], want)
		}
	}
}

func covers(has, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		h, ok := has.(map[string]any)
		for k, v := range want {
			ok = ok && covers(h[k], v)
		}
		return ok
	case []any:
		h, ok := has.([]any)
		ok = ok && len(h) == len(want)
		for i := range want {
			ok = ok && covers(h[i], want[i])
		}
		return ok
	}
	return reflect.DeepEqual(has, want)
}

func drawWhen(t *rapid.T, name string) When {
	w := When{Unit: rapid.SampledFrom([]Unit{Months, Days, Hours, Minutes}).Draw(t, name), N: rapid.IntRange(0, 20).Draw(t, name+" n")}
	if w.Unit == Months || w.Unit == Days {
		w.At = rapid.IntRange(0, 1440).Draw(t, name+" at")
	}
	return w
}

// drawPolicy draws any right policy.
func drawPolicy(t *rapid.T) Policy {
	slot := rapid.IntRange(1, 240).Draw(t, "slot")
	least := slot * rapid.IntRange(1, max(1, 1440/slot/2)).Draw(t, "min")
	step := slot
	if d := rapid.IntRange(1, 12).Draw(t, "finer"); slot%d == 0 {
		step = slot / d
	}
	p := Policy{
		SlotMinutes: slot, StartStepMinutes: step, MinMinutes: least, MaxMinutes: min(1440/slot*slot, least+slot*rapid.IntRange(0, 3).Draw(t, "max")),
		BufferMinutes: rapid.IntRange(0, 480).Draw(t, "buffer"), Opens: When{Days, rapid.IntRange(21, 90).Draw(t, "opens"), rapid.IntRange(0, 1440).Draw(t, "at")},
		Closes: When{Minutes, rapid.IntRange(0, 600).Draw(t, "closes"), 0}, CancelUntil: drawWhen(t, "cancel"),
		LateCancel: rapid.SampledFrom([]LateCancel{LateAllowed, LateRefused}).Draw(t, "late"), Limits: []Limit{},
		CheckIn:  CheckIn{rapid.IntRange(0, 120).Draw(t, "check-in"), nil, rapid.SampledFrom([]AutoNoShow{WhenDeskSeen, Always, Never}).Draw(t, "auto")},
		Hold:     HoldRule{rapid.IntRange(1, 30).Draw(t, "hold"), rapid.IntRange(1, 30).Draw(t, "extend"), rapid.IntRange(0, 30).Draw(t, "extensions")},
		Capacity: rapid.IntRange(1, 30).Draw(t, "capacity"), NoShow: drawNoShow(t), MinAge: rapid.IntRange(0, 30).Draw(t, "age"),
		Reminders: rapid.SliceOfNDistinct(rapid.IntRange(1, 200), 0, 4, rapid.ID[int]).Draw(t, "reminders"),
	}
	if rapid.Bool().Draw(t, "grace") {
		grace := rapid.IntRange(0, 120).Draw(t, "grace minutes")
		p.CheckIn.GraceMinutes = &grace
	}
	if rapid.Bool().Draw(t, "approval") {
		p.Approval = &Approval{rapid.IntRange(1, 240).Draw(t, "hours")}
	}
	if rapid.Bool().Draw(t, "certificate") {
		p.Certificate = &CertificateRule{"laser", rapid.Bool().Draw(t, "ask")}
	}
	for range rapid.IntRange(0, 3).Draw(t, "limits") {
		l := Limit{Count: rapid.SampledFrom([]string{"minutes", "bookings", "upcoming", "concurrent", "consecutive_days"}).Draw(t, "count"),
			Max: rapid.IntRange(1, 500).Draw(t, "most"), By: rapid.SampledFrom([]string{"person", "firm"}).Draw(t, "by"), Over: rapid.SampledFrom([]string{"equipment", "category", "center", "city"}).Draw(t, "over")}
		if l.Count == "minutes" || l.Count == "bookings" {
			l.Per = rapid.SampledFrom([]string{"visit", "day", "week", "month"}).Draw(t, "per")
		}
		p.Limits = append(p.Limits, l)
	}
	for range rapid.IntRange(0, 3).Draw(t, "lanes") {
		p.Lanes = append(p.Lanes, drawLane(t))
	}
	if rapid.Bool().Draw(t, "lottery") {
		days := rapid.IntRange(0, 30).Draw(t, "draw")
		p.Lottery = &Lottery{ApplyUntilDays: days + rapid.IntRange(0, 30).Draw(t, "apply"), DrawDays: days, Times: drawTimes(t)}
	}
	return p
}

func drawStretch(t *rapid.T, name string) Stretch {
	return Stretch{rapid.IntRange(1, 40).Draw(t, name), rapid.SampledFrom([]Unit{Days, Months}).Draw(t, name+" unit")}
}

// drawNoShow draws any right rule, or none.
func drawNoShow(t *rapid.T) *NoShowRule {
	if rapid.IntRange(0, 4).Draw(t, "no rule") == 0 {
		return nil
	}
	r := &NoShowRule{NoShow: rapid.IntRange(0, 3).Draw(t, "points"), LateCancel: rapid.IntRange(0, 3).Draw(t, "late points"),
		By: rapid.SampledFrom([]string{"person", "firm"}).Draw(t, "whose"), Over: rapid.SampledFrom([]string{"equipment", "category", "center", "city"}).Draw(t, "where")}
	for range rapid.IntRange(0, 3).Draw(t, "steps") {
		last := 0
		if n := len(r.Steps); n > 0 {
			last = r.Steps[n-1].Points
		}
		r.Steps = append(r.Steps, Step{last + rapid.IntRange(1, 4).Draw(t, "step"), drawStretch(t, "suspend")})
	}
	if len(r.Steps) == 0 || rapid.Bool().Draw(t, "hours too") {
		r.Hours = rapid.IntRange(1, 5).Draw(t, "hours")
	}
	if rapid.Bool().Draw(t, "expires") {
		r.Expire = drawStretch(t, "expire")
	}
	if rapid.Bool().Draw(t, "cleans") {
		r.Clean = drawStretch(t, "clean")
	}
	return r
}

func drawTimes(t *rapid.T) (times []Opening) {
	for range rapid.IntRange(0, 2).Draw(t, "times") {
		from := rapid.IntRange(0, 1439).Draw(t, "time from")
		times = append(times, Opening{from, rapid.IntRange(from+1, 1440).Draw(t, "time to")})
	}
	return times
}

// drawLane draws any right lane.
func drawLane(t *rapid.T) Lane {
	l := Lane{Units: rapid.IntRange(0, 3).Draw(t, "units"), Times: drawTimes(t)}
	for d := range 7 {
		if rapid.IntRange(0, 3).Draw(t, "weekday") == 0 {
			l.Weekdays = append(l.Weekdays, time.Weekday((d+1)%7))
		}
	}
	if l.Units == 0 && l.Times == nil && l.Weekdays == nil {
		l.Units = 1
	}
	l.Admits = Admission{Anyone: rapid.Bool().Draw(t, "anyone"), FirstTime: rapid.Bool().Draw(t, "first time"), Desk: rapid.Bool().Draw(t, "desk")}
	if l.Admits == (Admission{}) || rapid.Bool().Draw(t, "due") {
		days := rapid.IntRange(0, 14).Draw(t, "due days")
		l.Admits.DueWithinDays = &days
	}
	if rapid.Bool().Draw(t, "released") {
		w := drawWhen(t, "release")
		l.Released = &w
	}
	return l
}

// TestPolicyRoundTrip: what GET /equipment/{id} shows can be written back and is the same policy.
func TestPolicyRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var v PolicyValues
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		got, problems := EffectivePolicy(Operator, PolicyLayer{"p", v})
		if len(problems) > 0 || !reflect.DeepEqual(got, p) {
			t.Fatalf("%s\n%v\n%+v\n%+v", data, problems, got, p)
		}
		for key := range policyKeys {
			if _, shown := v[key]; shown != (policyKeys[key] != nil && key != effectiveFrom) {
				t.Fatalf("%s shown: %v", key, shown)
			}
		}
	})
}

func FuzzPolicy(f *testing.F) {
	f.Add([]byte(`{"slot_minutes": 30, "limits": [{"count": "minutes", "max": 1, "per": "day", "by": "person", "over": "city"}]}`))
	f.Add([]byte(`{"window": {"opens": {"days_before": 1e3}}, "check_in": null, "hold": []}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v PolicyValues
		if json.Unmarshal(data, &v) != nil {
			return
		}
		p, _ := EffectivePolicy(Self, PolicyLayer{"p", v})
		if p.SlotMinutes < 1 || p.MinMinutes < p.SlotMinutes || p.MinMinutes%p.SlotMinutes != 0 || p.MaxMinutes < p.MinMinutes ||
			p.MaxMinutes%p.SlotMinutes != 0 || p.SlotMinutes%p.StartStepMinutes != 0 {
			t.Fatalf("%s makes %+v", data, p)
		}
	})
}
