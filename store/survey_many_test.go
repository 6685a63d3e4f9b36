package store_test

import (
	"context"
	"fmt"
	"testing"

	"gongbang/account"
	"gongbang/store"
	"gongbang/store/storetest"
	"gongbang/survey"
)

// BenchmarkSurveyResults prints the processor time of a result over a million
// answers, and how much more it is than over ten thousand, over 24 closed
// months of 29 centers: medians of interleaved repeats. Nothing is asserted.
//
//	go test ./store -run '^$' -bench SurveyResults -benchtime 1x
func BenchmarkSurveyResults(b *testing.B) {
	few, many := answered(b, 10_000), answered(b, 1_000_000)
	page := newBooker(b, false)
	for name, q := range map[string]survey.ResultsQuery{
		"a center's year by month":         {Center: "c03", From: "2027-01", To: "2027-12", GroupBy: "month", Compare: "previous"},
		"a center's two years by machine":  {Center: "c03", From: "2027-01", To: "2028-12", GroupBy: "equipment"},
		"the city's year by center":        {From: "2028-01", To: "2028-12", GroupBy: "center", Compare: "previous"},
		"the city's two years by category": {From: "2027-01", To: "2028-12", GroupBy: "category"},
	} {
		b.Run(name, func(b *testing.B) {
			var ratios, pages, cpu []float64
			for b.Loop() {
				for range 3 {
					small := perCall(b, func() error { return few(context.Background(), q) })
					large := perCall(b, func() error { return many(context.Background(), q) })
					ratios, cpu = append(ratios, large/small), append(cpu, large/1000)
					pages = append(pages, large/perCall(b, page.seeDay))
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(cpu), "cpu-ms/result")
			b.ReportMetric(median(ratios), "times-10k-answers")
			b.ReportMetric(median(pages), "times-a-machine's-day")
		})
	}
}

func answered(b *testing.B, answers int) func(context.Context, survey.ResultsQuery) error {
	s := manyAnswers(b, 29, answers)
	return func(ctx context.Context, q survey.ResultsQuery) error {
		r, err := s.Results(ctx, anAdmin, q)
		if err == nil && (r.Total.N == nil || *r.Total.N == 0) {
			return fmt.Errorf("nothing is shown of %+v", q)
		}
		return err
	}
}

func manyAnswers(t testing.TB, centers, answers int) *survey.Service {
	t.Helper()
	clock := &storetest.Clock{}
	clock.Set(storetest.At(0, 9, 0))
	db, err := store.Open(context.Background(), store.Options{Path: t.TempDir() + "/answers.db", Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return storetest.ManyAnswers(t, db, clock, centers, answers)
}

// Comments are shown and searched from the newest month on; who asks is told
// where that ended.
func TestManyComments(t *testing.T) {
	s := manyAnswers(t, 1, 24_000)
	for _, at := range []struct {
		from, text             string
		found, shown, lookedAt int
	}{
		{"2028-12", "", 200, 100, 0},
		{"2028-12", "조용", 200, 100, 0},
		{"2028-12", "시끄", 0, 0, 0},
		{"2028-08", "", 1000, 100, 0},
		{"2028-07", "", 1000, 100, 1000},
		{"2028-07", "조용", 1000, 100, 1000},
	} {
		c, err := s.Comments(t.Context(), anAdmin, survey.CommentsQuery{Center: "c00", From: at.from, To: "2028-12", Text: at.text})
		if err != nil || c.Found != at.found || len(c.Items) != at.shown || c.Newest != at.lookedAt {
			t.Errorf("%+v: found %d, shown %d, of the newest %d; %v", at, c.Found, len(c.Items), c.Newest, err)
		}
	}
}

var anAdmin = account.Actor{ID: "admin", Grants: []account.Grant{{Role: account.Admin}}}
