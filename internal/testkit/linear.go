package testkit

import "slices"

// prime is what numbers are taken modulo: exact, and what it finds is what the
// rationals give but with a chance of about one in two thousand million.
const prime = 1<<31 - 1

// Linear is what somebody knows who knows sums: each row names how often each
// column is in a sum.
type Linear struct {
	rows  [][]int64
	basis [][]int64
}

// Know adds a sum.
func (l *Linear) Know(row []int64) {
	l.rows = append(l.rows, slices.Clone(row))
	l.basis = echelon(l.rows, nil)
}

// Follows tells whether a sum can be worked out of the known ones.
func (l *Linear) Follows(row []int64) bool {
	r := slices.Clone(row)
	reduce(r, l.basis)
	return pivot(r) < 0
}

// Touches tells whether something about the columns in the set alone can be
// worked out, of whatever is known about those in nobody: then the sums say
// less when the set is struck out of all of them too.
func (l *Linear) Touches(set, nobody []int) bool {
	return len(echelon(l.basis, slices.Concat(set, nobody))) < len(echelon(l.basis, nobody))
}

// echelon is the rows without some columns, each beginning behind the pivots of those before.
func echelon(rows [][]int64, without []int) (out [][]int64) {
	for _, r := range rows {
		r = slices.Clone(r)
		for _, j := range without {
			r[j] = 0
		}
		if reduce(r, out); pivot(r) >= 0 {
			normal(r)
			out = append(out, r)
		}
	}
	return out
}

// reduce takes out of r what the basis has.
func reduce(r []int64, basis [][]int64) {
	for _, b := range basis {
		f := r[pivot(b)]
		for j := 0; f != 0 && j < len(r); j++ {
			r[j] = ((r[j]-f*b[j])%prime + prime) % prime
		}
	}
}

func pivot(r []int64) int { return slices.IndexFunc(r, func(v int64) bool { return v != 0 }) }

// normal makes the first number 1, by Fermat's inverse.
func normal(r []int64) {
	f, inverse := r[pivot(r)], int64(1)
	for e := prime - 2; e > 0; e >>= 1 {
		if e&1 == 1 {
			inverse = inverse * f % prime
		}
		f = f * f % prime
	}
	for j := range r {
		r[j] = r[j] * inverse % prime
	}
}
