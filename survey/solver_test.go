package survey

import "slices"

// solver works out of released figures what can be worked out of them, over
// the numbers modulo a prime: exact, and never short of what the rationals
// give but with a chance of about one in two thousand million.
type solver struct {
	atoms  []atom
	column map[atom]int
	rows   [][]int64
}

// atom is what no figure parts: a machine's month, or a category's or center's
// month without it.
type atom struct {
	month               string
	category, equipment string
}

const prime = 1<<31 - 1

func newSolver(atoms []atom) *solver {
	s := &solver{atoms: atoms, column: map[atom]int{}}
	for i, a := range atoms {
		s.column[a] = i
	}
	return s
}

// in tells whether the atom is part of the scope.
func (a atom) in(scope Scope) bool {
	switch scope.Dim {
	case byCategory:
		return a.category == scope.Key
	case byEquipment:
		return a.category == scope.Parent && a.equipment == scope.Key
	}
	return scope == Scope{}
}

// row is a figure as a sum of atoms.
func (s *solver) row(scope Scope, months []string) []int64 {
	out := make([]int64, len(s.atoms))
	for i, a := range s.atoms {
		if a.in(scope) && slices.Contains(months, a.month) {
			out[i] = 1
		}
	}
	return out
}

func (s *solver) know(scope Scope, months []string) { s.rows = append(s.rows, s.row(scope, months)) }

// reduced is the echelon form of the rows without the columns in drop.
func reduced(rows [][]int64, drop map[int]bool) (out [][]int64) {
	for _, r := range rows {
		r = slices.Clone(r)
		for j := range drop {
			r[j] = 0
		}
		if without(r, out); pivot(r) >= 0 {
			scaleRow(r)
			out = append(out, r)
		}
	}
	return out
}

// without takes out of r what the basis has.
func without(r []int64, basis [][]int64) {
	for _, b := range basis {
		if f := r[pivot(b)]; f != 0 {
			for j := range r {
				r[j] = ((r[j]-f*b[j])%prime + prime) % prime
			}
		}
	}
}

func pivot(r []int64) int { return slices.IndexFunc(r, func(v int64) bool { return v != 0 }) }

// scaleRow makes the first number 1.
func scaleRow(r []int64) {
	f, inverse := r[pivot(r)], int64(1)
	for e := prime - 2; e > 0; e >>= 1 { // Fermat
		if e&1 == 1 {
			inverse = inverse * f % prime
		}
		f = f * f % prime
	}
	for j := range r {
		r[j] = r[j] * inverse % prime
	}
}

// touches tells whether something about these atoms alone can be worked out:
// then the figures say less when the atoms are struck out of all of them.
func (s *solver) touches(set []int) bool {
	drop := map[int]bool{}
	for _, j := range set {
		drop[j] = true
	}
	return len(reduced(s.rows, drop)) < len(reduced(s.rows, nil))
}

// recovers tells whether the sum over the scope and months can be worked out.
func (s *solver) recovers(scope Scope, months []string) bool {
	r := s.row(scope, months)
	without(r, reduced(s.rows, nil))
	return pivot(r) < 0
}
