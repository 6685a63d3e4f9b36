package survey

import (
	"slices"

	"gongbang/internal/testkit"
)

// solver works out of released figures what can be worked out of them.
type solver struct {
	testkit.Linear
	atoms []atom
}

// atom is what no figure parts: a machine's month, or a category's or center's
// month without its machines.
type atom struct {
	month               string
	category, equipment string
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
