package store_test

import (
	"context"
	"testing"

	"gongbang/store"
	"gongbang/store/storetest"
	"gongbang/survey"
)

// BenchmarkSurveyResults prints how much slower a result is with a million
// answers than with ten thousand, over 24 closed months of 29 centers: the
// same questions, by processor time, medians of interleaved repeats. Nothing
// is asserted.
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
			var ratios, pages []float64
			for b.Loop() {
				for range 3 {
					small := perCall(b, func() error { return few(context.Background(), q) })
					large := perCall(b, func() error { return many(context.Background(), q) })
					ratios = append(ratios, large/small)
					pages = append(pages, large/perCall(b, page.seeDay))
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(ratios), "times-10k-answers")
			b.ReportMetric(median(pages), "times-a-machine's-day")
		})
	}
}

func answered(b *testing.B, answers int) func(context.Context, survey.ResultsQuery) error {
	b.Helper()
	clock := &storetest.Clock{}
	clock.Set(storetest.At(0, 9, 0))
	db, err := store.Open(context.Background(), store.Options{Path: b.TempDir() + "/answers.db", Clock: clock.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return storetest.ManyAnswers(b, db, clock, answers)
}
