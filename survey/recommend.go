package survey

import (
	"strconv"
	"strings"
)

// likelyValue begins the stored values of a recommendation, so that its 1…5
// are never taken for a scale's.
const likelyValue = "nps."

// Recommend is what answers 0…10 say: promoters gave 9 or 10, detractors 6 or
// less. The score is in percent, -100…100.
type Recommend struct {
	Promoters  int       `json:"promoters"`
	Passives   int       `json:"passives"`
	Detractors int       `json:"detractors"`
	Score      *float64  `json:"score"`
	CI         *Interval `json:"ci"`
}

// recommend counts n answers of the stored value.
func (f *Figure) recommend(value string, n int) {
	if f.NPS == nil {
		f.NPS = &Recommend{}
	}
	v, err := strconv.Atoi(strings.TrimPrefix(value, likelyValue))
	switch {
	case err != nil:
	case v >= 9:
		f.NPS.Promoters += n
	case v >= 7:
		f.NPS.Passives += n
	default:
		f.NPS.Detractors += n
	}
}
