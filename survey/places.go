package survey

// Apart tells whether two intervals have no point in common. Only then may one
// figure be called higher than the other: this asks more than a test of their
// difference at 5 %, so that many pairs may be looked at.
//
// Source: N. Schenker and J. F. Gentleman, "On judging the significance of
// differences by examining the overlap between confidence intervals", The
// American Statistician 55(3), 2001.
func Apart(a, b *Interval) bool {
	return a != nil && b != nil && (a[1] < b[0] || b[1] < a[0])
}

// Places ranks figures by their intervals, highest first, from 1 on. A figure
// without interval, or whose interval has a point in common with another's,
// has no place: 0. Fewer than two intervals rank nobody.
func Places(cis []*Interval) []int {
	out := make([]int, len(cis))
	for i, a := range cis {
		others, above, apart := 0, 0, true
		for j, b := range cis {
			if i == j || b == nil {
				continue
			}
			others++
			if apart = apart && Apart(a, b); apart && b[0] > a[1] {
				above++
			}
		}
		if a != nil && apart && others > 0 {
			out[i] = above + 1
		}
	}
	return out
}

// Extremes names the highest and the lowest figure that has an interval, -1
// where none has; ok tells whether the one may be called higher than the other.
func Extremes(scores []*float64, cis []*Interval) (top, low int, ok bool) {
	top, low = -1, -1
	for i, ci := range cis {
		if ci == nil || scores[i] == nil {
			continue
		}
		if top < 0 || *scores[i] > *scores[top] {
			top = i
		}
		if low < 0 || *scores[i] < *scores[low] {
			low = i
		}
	}
	return top, low, top >= 0 && top != low && Apart(cis[top], cis[low])
}
