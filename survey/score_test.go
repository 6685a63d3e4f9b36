package survey

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

type vectors struct {
	Scores []struct {
		ID     string
		Counts [5]int
		N      int
		Mean   *float64
		S      *float64
		S100   *float64
		Top2   *float64
		Wilson *[2]float64
		MeanCI *[2]float64 `json:"mean_ci"`
	}
	Wilson []struct {
		K, N int
		CI   *[2]float64
	}
	NPS []struct {
		Promoters, Passives, Detractors int
		NPS                             float64
		CI                              [2]float64
	}
	Newcombe []struct {
		Before, After [2]int
		Diff          float64
		CI            [2]float64
	}
	Response struct {
		Complete, Partial, Refused, Other int
		NotContacted                      int `json:"not_contacted"`
		RR1, RR2, COOP1                   float64
		EligibleUses                      int `json:"eligible_uses"`
		Capped                            int
		Coverage                          float64
	}
	Suppression []struct {
		N     map[string]int
		Total int
		Shown map[string]any
	} `json:"suppression_k5"`
	Timing []struct {
		UsedUntil string `json:"used_until"`
		Sent      string
	} `json:"timing_delay_2h_window_0900_2000"`
	Reminder struct{ Sent, Reminder, Expires string }
	Cap14    []struct {
		LastInvited string `json:"last_invited"`
		Due, Result string
	} `json:"cap_14_days"`
	Masking []struct{ In, Out string }
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	b, err := os.ReadFile("../testdata/survey-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// shown is how a figure is printed: rounded half away from zero.
func shown(v float64, places int) float64 {
	p := math.Pow(10, float64(places))
	return math.Round(v*p) / p
}

func same(t *testing.T, what string, got, want float64, places int) {
	t.Helper()
	if shown(got, places) != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func sameInterval(t *testing.T, what string, got *Interval, want *[2]float64) {
	t.Helper()
	if (got == nil) != (want == nil) {
		t.Errorf("%s: got %v, want %v", what, got, want)
		return
	}
	if got != nil {
		same(t, what+" low", got[0], want[0], 2)
		same(t, what+" high", got[1], want[1], 2)
	}
}

func TestScoresMatchTheWorkedFigures(t *testing.T) {
	v := readVectors(t)
	if len(v.Scores) != 6 {
		t.Fatalf("%d score vectors", len(v.Scores))
	}
	for _, w := range v.Scores {
		got := Score(w.Counts)
		if w.N == 0 {
			if got.Mean != nil || got.S100 != nil || got.Top2 != nil || got.S100CI != nil || got.Top2CI != nil {
				t.Errorf("%s: nobody answered, yet %+v", w.ID, got)
			}
			continue
		}
		same(t, w.ID+" mean", *got.Mean, *w.Mean, 6)
		same(t, w.ID+" s", deviation(w.Counts, *got.Mean, w.N), *w.S, 6)
		same(t, w.ID+" s100", *got.S100, *w.S100, 6)
		same(t, w.ID+" top2", *got.Top2, *w.Top2, 6)
		sameInterval(t, w.ID+" wilson", got.Top2CI, w.Wilson)
		sameInterval(t, w.ID+" mean interval", got.S100CI, w.MeanCI)
	}
}

func TestNotApplicableAndSkippedChangeNoScore(t *testing.T) {
	a := map[string]int{"2": 1, "3": 2, "4": 5, "5": 4}
	plain := figure(a)
	a[NA], a[skippedValue] = 6, 3
	more := figure(a)
	if more.N != 12 || *more.S100 != *plain.S100 || *more.Top2 != *plain.Top2 || *more.S100CI != *plain.S100CI {
		t.Errorf("got %+v, want the figures of %+v", more, plain)
	}
	if more.NA != 6 || more.Skipped != 3 {
		t.Errorf("na %d, skipped %d", more.NA, more.Skipped)
	}
}

func TestWilsonMatchesTheWorkedFigures(t *testing.T) {
	for _, w := range readVectors(t).Wilson {
		sameInterval(t, "wilson", Wilson(w.K, w.N), w.CI)
	}
}

func TestNPSMatchesTheWorkedFigures(t *testing.T) {
	for _, w := range readVectors(t).NPS {
		score, ci := NPS(w.Promoters, w.Passives, w.Detractors)
		same(t, "nps", *score, w.NPS, 2)
		sameInterval(t, "nps interval", ci, &w.CI)
	}
	if score, ci := NPS(0, 0, 0); score != nil || ci != nil {
		t.Error("nobody answered, yet there is a score")
	}
}

func TestNewcombeMatchesTheWorkedFigures(t *testing.T) {
	for _, w := range readVectors(t).Newcombe {
		diff, ci := Newcombe(w.Before[0], w.Before[1], w.After[0], w.After[1])
		same(t, "difference", diff, w.Diff, 2)
		sameInterval(t, "newcombe", ci, &w.CI)
	}
	if _, ci := Newcombe(1, 2, 0, 0); ci != nil {
		t.Error("an interval against nobody")
	}
}

func TestResponseRatesMatchTheWorkedFigures(t *testing.T) {
	w := readVectors(t).Response
	r := Rates(Responses{w.Complete, w.Partial, w.Refused, w.NotContacted, w.Other})
	same(t, "RR1", *r.RR1, w.RR1, 1)
	same(t, "RR2", *r.RR2, w.RR2, 1)
	same(t, "COOP1", *r.COOP1, w.COOP1, 1)
	same(t, "coverage", *percent(w.EligibleUses-w.Capped, w.EligibleUses), w.Coverage, 1)
}

func TestSuppressionMatchesTheWorkedFigures(t *testing.T) {
	for i, w := range readVectors(t).Suppression {
		show, parent := Shown(w.N)
		for key, n := range w.N {
			want := w.Shown[key] != "*" && n > 0
			if show[key] != want {
				t.Errorf("case %d: %s (%d people) shown %v, want %v", i, key, n, show[key], want)
			}
		}
		if parent != (w.Shown["total"] != "*") {
			t.Errorf("case %d: total shown %v", i, parent)
		}
	}
}

// Known quantiles from tables of Student's t.
func TestStudentQuantiles(t *testing.T) {
	for df, want := range map[int]float64{1: 12.7062047, 2: 4.3026527, 9: 2.2621572, 11: 2.2009852, 30: 2.0422725, 120: 1.9799304, 100000: 1.9599877} {
		same(t, "t", studentT(df), want, 7)
	}
}
