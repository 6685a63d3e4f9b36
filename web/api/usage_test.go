package api_test

import (
	"encoding/json"
	"testing"

	"gongbang/web/api/apitest"
)

// TestUsage: the parts of the booked time and both rates come through; the
// contract holds the shape of every answer.
func TestUsage(t *testing.T) {
	h := open(t, nil)
	resp, body := h.call(t, apitest.OwnManager, "GET", "/api/v1/usage?center=c1&from=2030-01-01&to=2030-01-07&group_by=equipment", "")
	var got struct {
		Total struct {
			Utilisation float64        `json:"utilisation"`
			Minutes     map[string]int `json:"minutes"`
			NoShow      struct {
				K, N    int
				Percent float64
				CI      []float64
			} `json:"no_show_rate"`
		}
		Groups []struct {
			Utilisation *float64
			NoShow      struct{ Percent *float64 } `json:"no_show_rate"`
		}
		Week []struct {
			Weekday string
			Used    []int
		}
		LeftOut int `json:"left_out"`
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || resp.StatusCode != 200 {
		t.Fatal(resp.StatusCode, err, body)
	}
	m := got.Total.Minutes
	if got.Total.Utilisation != 15 || m["booked"] != m["used"]+m["idle"]+m["released"]+m["no_show"]+m["unknown"]+m["undecided"] {
		t.Errorf("total %+v", got.Total)
	}
	if r := got.Total.NoShow; r.K != 1 || r.N != 3 || len(r.CI) != 2 || r.CI[0] >= r.Percent || r.CI[1] <= r.Percent {
		t.Errorf("no-show rate %+v", r)
	}
	if g := got.Groups[0]; g.Utilisation != nil || g.NoShow.Percent != nil {
		t.Errorf("a machine without anything has rates: %+v", g)
	}
	if got.Week[0].Weekday != "mon" || got.Week[0].Used[12] != 90 || got.LeftOut != 1 {
		t.Errorf("%+v", got)
	}
	for _, c := range []struct {
		who    apitest.Who
		query  string
		status int
	}{{apitest.OwnManager, "?center=c2", 403}, {apitest.OwnStaff, "", 403}, {apitest.AnyAdmin, "", 200}, {apitest.OwnManager, "?from=2030-02-30", 422},
		{apitest.OwnManager, "?group_by=person", 422}, {apitest.OwnManager, "?who=me", 422}} {
		if resp, body := h.call(t, c.who, "GET", "/api/v1/usage"+c.query, ""); resp.StatusCode != c.status {
			t.Errorf("%s as %s answers %d: %.200s", c.query, c.who, resp.StatusCode, body)
		}
	}
}
