package page_test

import (
	"testing"

	"gongbang/web/page/pagetest"
)

// BenchmarkMachinePage holds the page of a machine against the JSON of the
// same days: the ratio of the two is the figure that counts.
func BenchmarkMachinePage(b *testing.B) {
	s := pagetest.New(b)
	for n := range 5 {
		s.Book(pagetest.Citizen2, pagetest.Laser, s.At(1, 9+n, 0), 1)
	}
	c := s.As(pagetest.Nobody)
	for name, path := range map[string]string{
		"json": "/api/v1/equipment/" + pagetest.Laser + "/availability?from=2030-01-08&days=15",
		"page": "/machines/" + pagetest.Laser,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c.Get(path).Is(200)
			}
		})
	}
}
