package page_test

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	"gongbang/store/storetest"
	"gongbang/testdata"
	"gongbang/web/page/pagetest"
)

// BenchmarkManagePages prints the processor time of the manager's pages over a
// million answers of 24 closed months at Seoul's 29 centers, and how many
// times that is of a plain page (the guide): the median of interleaved
// repeats. Nothing is asserted.
//
//	go test ./web/page -run '^$' -bench ManagePages -benchtime 1x
func BenchmarkManagePages(b *testing.B) {
	few, many := answeredSite(b, 10_000), answeredSite(b, 1_000_000)
	const center = "&center=city-jongno-changsin-apparel"
	for name, path := range map[string]string{
		"a center's year":      "/manage?from=2028-01&to=2028-12" + center,
		"the city's year":      "/manage?from=2028-01&to=2028-12",
		"use and satisfaction": "/manage/together?from=2028-01&to=2028-12" + center,
		"a half-year's report": "/manage/report?from=2028-01&to=2028-06" + center,
		"results of the API":   "/api/v1/survey-results?from=2028-01&to=2028-12&group_by=month" + center,
	} {
		b.Run(name, func(b *testing.B) {
			var plain, scale, cost []float64
			for b.Loop() {
				for range 5 {
					large := perGet(many, path)
					plain = append(plain, large/perGet(many, "/guide"))
					scale = append(scale, large/perGet(few, path))
					cost = append(cost, large/1000)
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(cost), "cpu-ms")
			b.ReportMetric(median(plain), "times-a-plain-page")
			b.ReportMetric(median(scale), "times-10k-answers")
		})
	}
}

func answeredSite(b *testing.B, answers int) *pagetest.Client {
	b.Helper()
	s := pagetest.New(b, pagetest.Options{Catalog: testdata.Seoul})
	catalog, err := s.Bookings.Catalog(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	machines := storetest.Machines{}
	for _, center := range catalog.Centers {
		machines[center.ID] = map[string]string{}
		for _, m := range center.Equipment {
			machines[center.ID][m.ID] = m.Category
		}
	}
	storetest.FillAnswers(b, s.DB, s.Clock, machines, answers)
	storetest.CloseMonths(b, s.Surveys)
	return s.As(pagetest.Admin)
}

// perGet is the processor time of one request, in microseconds.
func perGet(c *pagetest.Client, path string) float64 {
	const calls = 20
	used := processorTime()
	for range calls {
		c.Get(path).Is(200)
	}
	return float64((processorTime() - used).Microseconds()) / calls
}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(v []float64) float64 { slices.Sort(v); return v[len(v)/2] }
