package page_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/testdata"
	"gongbang/web/page/pagetest"
)

// ruleSets are the presets, without the waiting list that no layer may ask for
// yet, and sets that say what no preset says.
func ruleSets(t *testing.T) map[string]string {
	t.Helper()
	var doc struct {
		Presets []struct {
			ID     string
			Policy booking.PolicyValues
		}
	}
	noErr(t, json.Unmarshal(testdata.Presets, &doc))
	sets := map[string]string{
		"nothing at all":   `{"requires_certificate": null, "approval": "none", "min_age": null, "no_show": null, "reminder_hours_before": [], "limits": [], "lanes": null, "check_in": {"grace_minutes": null}, "allocation": "first_come", "late_cancel": "refused"}`,
		"the system again": `{"no_show": {}}`,
		"half a threshold": `{"no_show": {"threshold": 5}}`,
		"the other half":   `{"no_show": {"suspend": {"months": 2}}}`,
		"for ever":         `{"no_show": {"points": 2, "late_cancel_points": 0, "points_expire": null, "clean_after": null, "by": "firm", "over": "city"}}`,
		"both ends":        `{"no_show": {"counts": ["late_cancel"], "points_expire": {"days": 40}, "clean_after": {"months": 6}, "penalty_hours_multiplier": 2, "threshold": 4, "suspend": {"days": 9}}}`,
		"three steps":      `{"no_show": {"late_cancel_points": 2, "ladder": [{"count": 2, "suspend": {"days": 3}}, {"count": 4, "suspend": {"days": 30}}, {"count": 8, "suspend": {"months": 6}}]}}`,
		"who":              `{"requires_certificate": "laser-basic", "min_age": 16, "capacity": 3, "buffer_minutes": 15, "reminder_hours_before": [48, 2]}`,
		"who else":         `{"requires_certificate": {"key": "laser-basic", "if_missing": "ask_staff"}, "hold": {"minutes": 9, "extensions": 0}, "check_in": {"opens_minutes_before": 0, "auto": "never"}}`,
		"limits":           `{"limits": [{"count": "upcoming", "max": 4, "over": "city"}, {"count": "consecutive_days", "max": 2, "over": "category", "by": "firm"}, {"count": "minutes", "max": 600, "per": "week", "over": "equipment"}, {"count": "concurrent", "max": 1, "over": "center"}]}`,
		"lanes":            `{"lanes": [{"times": ["09:00-12:00", "13:00-24:00"], "weekdays": ["sat", "tue"], "admits": ["desk", "first_time"], "released": {"days_before": 2, "at": "18:00"}}, {"units": 1, "admits": [{"due_within_days": 0}], "released": {"hours_before": 3}}]}`,
		"drawn":            `{"allocation": {"lottery": {"apply_until_days_before": 9, "draw_days_before": 0}}, "window": {"closes": {"hours_before": 1}}, "hold": {"extend_minutes": 4}}`,
	}
	for _, p := range doc.Presets {
		delete(p.Policy, "waitlist")
		raw, err := json.Marshal(p.Policy)
		noErr(t, err)
		sets[p.ID] = string(raw)
	}
	return sets
}

// below are the rules of a center that a machine's layer may stand on: what the
// layer leaves out must stay left out, whatever that inherits.
var below = []string{`{}`, `{"no_show": null, "reminder_hours_before": [3], "min_age": 20, "check_in": {"opens_minutes_before": 5, "grace_minutes": 50}}`,
	`{"no_show": {"points": 3, "late_cancel_points": 2, "penalty_hours_multiplier": 4, "clean_after": {"days": 99}, "by": "firm"}, "slot_minutes": 30, "hold": {"minutes": 11, "extend_minutes": 12, "extensions": 13}, "limits": [{"count": "upcoming", "max": 1, "over": "city"}], "approval": {"by": "staff"}}`,
	`{"no_show": {"threshold": 7, "suspend": {"days": 70}}, "window": {"opens": {"days_before": 60}, "closes": {"minutes_before": 5}}}`}

// TestAdminRulesKeepEveryRule: rules that are drawn as fields and sent back
// untouched are the same rules, on whatever layers they stand.
func TestAdminRulesKeepEveryRule(t *testing.T) {
	for name, set := range ruleSets(t) {
		t.Run(name, func(t *testing.T) {
			s := pagetest.New(t)
			var values booking.PolicyValues
			noErr(t, json.Unmarshal([]byte(set), &values))
			_, err := s.Bookings.ChangePolicy(t.Context(), account.System("test"), pagetest.Laser, booking.PolicyChange{Values: values})
			noErr(t, err)
			m := s.As(pagetest.Manager)
			p := adminPress(t, m, laserRules, url.Values{"from_date": {""}, "from_time": {""}}).Is(200)
			secondPress(t, m, p, laserRules, nil).Follow().Is(200)
			c, e := machineNow(t, s, pagetest.Laser)
			read := c.MachineRules(e, s.Clock.Now())
			for _, center := range below {
				if got, want := onCenter(t, center, read.Values), onCenter(t, center, values); got != want {
					t.Errorf("over %s\nthe rules are %s\nwant          %s\nread %s", center, got, want, mustJSON(t, read.Values))
				}
			}
		})
	}
}

// onCenter is what a machine's values come to over those of its center.
func onCenter(t *testing.T, center string, machine booking.PolicyValues) string {
	t.Helper()
	var values booking.PolicyValues
	noErr(t, json.Unmarshal([]byte(center), &values))
	p, _ := booking.EffectivePolicy(booking.Self, booking.PolicyLayer{Values: values}, booking.PolicyLayer{Values: machine})
	return mustJSON(t, p)
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	noErr(t, err)
	return string(raw)
}
