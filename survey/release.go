package survey

import (
	"slices"
	"sort"
)

// heads are the people of a question in some group: who was asked, and who
// gave a valid answer. Skipping and "not applicable" are told with a question,
// so they too may not be told of a few.
type heads struct{ asked, valid int }

func (h heads) plus(o heads) heads  { return heads{h.asked + o.asked, h.valid + o.valid} }
func (h heads) minus(o heads) heads { return heads{h.asked - o.asked, h.valid - o.valid} }

// fine tells whether a group may be worked out: it is nobody, or at least five.
func (h heads) fine() bool { return !few(h.asked) && !few(h.valid) }

// showable tells whether a group can be a figure of its own.
func (h heads) showable() bool { return h.valid >= least }

// headsOf counts the people in the values of one question.
func headsOf(v map[string]int) heads {
	n := valid(v)
	return heads{n + v[NA] + v[skippedValue], n}
}

// Shown tells what may be shown of a parent's children with n people each, and
// whether the parent may. From the top down: a parent of at least five always,
// a child of at least five only while what is left over stays 0 or at least
// five. Children without anybody hide nothing and are not in the answer.
func Shown(children map[string]int) (show map[string]bool, parent bool) {
	all := map[Scope]heads{}
	total := 0
	for k, n := range children {
		total += n
		if n > 0 {
			all[Scope{Key: k}] = heads{n, n}
		}
	}
	show = map[string]bool{}
	for k, yes := range showing(all, heads{}) {
		show[k.Key] = yes
	}
	return show, total >= least
}

// showing parts children, beside a rest that can't be shown, into what may be
// shown and what may not; the smallest are hidden first.
func showing(children map[Scope]heads, rest heads) map[Scope]bool {
	show := map[Scope]bool{}
	for _, k := range smallestFirst(children) {
		show[k] = children[k].showable()
		if !show[k] {
			rest = rest.plus(children[k])
		}
	}
	for _, k := range smallestFirst(children) {
		if rest.fine() {
			break
		}
		if show[k] {
			show[k] = false
			rest = rest.plus(children[k])
		}
	}
	return show
}

// smallestFirst orders children by their people, then by name.
func smallestFirst(children map[Scope]heads) []Scope {
	out := make([]Scope, 0, len(children))
	for k := range children {
		out = append(out, k)
	}
	sort.Slice(out, func(a, b int) bool {
		x, y := children[out[a]], children[out[b]]
		if x != y {
			return x.valid < y.valid || x.valid == y.valid && x.asked < y.asked
		}
		return out[a].less(out[b])
	})
	return out
}

func (s Scope) less(o Scope) bool {
	return slices.Compare([]string{string(s.Dim), s.Parent, s.Key}, []string{string(o.Dim), o.Parent, o.Key}) < 0
}
