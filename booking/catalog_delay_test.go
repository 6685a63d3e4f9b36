package booking

import (
	"testing"

	"gongbang/internal/lang"
)

func TestACategoryMayHaveItsOwnSurveyDelay(t *testing.T) {
	for _, c := range []struct {
		list, delay string
		ok          bool
	}{
		{"categories", "", true}, {"categories", "0s", true}, {"categories", "48h", true}, {"categories", "168h", true},
		{"categories", "169h", false}, {"categories", "-1h", false}, {"categories", "2 days", false}, {"groups", "48h", false},
	} {
		labels := []Label{{ID: "x", Name: lang.Text{Ko: "가마", En: "Kiln"}, SurveyDelay: c.delay}}
		b := &builder{seen: map[string]string{}}
		b.labels(c.list, labels)
		if ok := len(b.problems) == 0; ok != c.ok {
			t.Errorf("%s %q: %v", c.list, c.delay, b.problems)
		}
	}
}
