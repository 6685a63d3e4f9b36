package survey

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var halfYear2027 = []string{"2027-01", "2027-02", "2027-03", "2027-04", "2027-05", "2027-06"}

// peopleOf makes a sheet's people of atoms.
func peopleOf(people map[atom]heads) map[Scope]map[string]heads {
	out := map[Scope]map[string]heads{}
	for a, h := range people {
		scopes := []Scope{{}}
		if a.category != "" {
			scopes = append(scopes, Scope{Dim: byCategory, Key: a.category})
		}
		if a.equipment != "" {
			scopes = append(scopes, Scope{byEquipment, a.equipment, a.category})
		}
		for _, s := range scopes {
			if out[s] == nil {
				out[s] = map[string]heads{}
			}
			out[s][a.month] = out[s][a.month].plus(h)
		}
	}
	return out
}

// planned releases what may be released, and gives it to a solver.
func planned(people map[atom]heads, months []string) ([]release, *solver) {
	var atoms []atom
	for a, h := range people {
		if h.asked > 0 {
			atoms = append(atoms, a)
		}
	}
	slices.SortFunc(atoms, func(a, b atom) int {
		return slices.Compare([]string{a.month, a.category, a.equipment}, []string{b.month, b.category, b.equipment})
	})
	all := newSheet(peopleOf(people), nil).plan(months)
	s := &solver{atoms: atoms}
	for _, r := range all {
		s.Know(s.row(r.scope, r.months))
	}
	return all, s
}

// small lists every set of atoms with one to four people, in which no other lies.
func small(s *solver, people map[atom]heads, count func(heads) int, see func([]int)) {
	var walk func(from, left int, set []int)
	walk = func(from, left int, set []int) {
		if len(set) > 0 {
			see(set)
		}
		for j := from; j < len(s.atoms); j++ {
			if n := count(people[s.atoms[j]]); n > 0 && n <= left {
				walk(j+1, left-n, append(slices.Clone(set), j))
			}
		}
	}
	walk(0, least-1, nil)
}

// Whatever is released, of any answers, nothing about one to four people can be
// worked out of it: neither of who answered nor of who was asked.
func TestNothingAboutFewCanBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := map[atom]heads{}
		most := rapid.SampledFrom([]int{2, 4, 6, 9}).Draw(t, "most")
		months := halfYear2027[:rapid.SampledFrom([]int{1, 2, 3, 3, 6}).Draw(t, "months")]
		for _, m := range months {
			for _, place := range []atom{{m, "", ""}, {m, "a", ""}, {m, "a", "1"}, {m, "a", "2"}, {m, "b", "3"}, {m, "b", "4"}, {m, "c", "5"}} {
				valid := rapid.IntRange(0, most).Draw(t, "valid")
				people[place] = heads{valid + rapid.SampledFrom([]int{0, 0, 0, 1, 3}).Draw(t, "skipped"), valid}
			}
		}
		released, s := planned(people, months)
		taken := map[string]bool{}
		for _, r := range released {
			var h heads
			for _, m := range r.months {
				key := fmt.Sprint(r.scope, m)
				if taken[key] {
					t.Fatalf("%v is in two figures in %s", r.scope, m)
				}
				taken[key] = true
				h = h.plus(peopleOf(people)[r.scope][m])
			}
			if !h.showable() {
				t.Fatalf("%+v speaks about %+v", r, h)
			}
		}
		for name, count := range map[string]func(heads) int{"answered": func(h heads) int { return h.valid }, "asked": func(h heads) int { return h.asked }} {
			var nobody []int
			for j, a := range s.atoms {
				if count(people[a]) == 0 {
					nobody = append(nobody, j)
				}
			}
			tried := 0
			small(s, people, count, func(set []int) {
				if tried++; tried <= 2000 && s.Touches(set, nobody) {
					t.Fatalf("%s: something about %v can be worked out", name, atomsOf(s, set))
				}
			})
		}
	})
}

func atomsOf(s *solver, set []int) (out []atom) {
	for _, j := range set {
		out = append(out, s.atoms[j])
	}
	return out
}
