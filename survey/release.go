package survey

import "sort"

// Shown tells what may be shown of a parent's children with n people each, and
// whether the parent may. From the top down: a parent of at least five always,
// a child of at least five only while what is left over stays 0 or at least
// five. Children without anybody hide nothing and are not in the answer.
func Shown(children map[string]int) (show map[string]bool, parent bool) {
	show = map[string]bool{}
	total, left := 0, 0
	var keys []string
	for k, n := range children {
		total += n
		switch {
		case n >= least:
			keys = append(keys, k)
			show[k] = true
		case n > 0:
			left += n
			show[k] = false
		}
	}
	sort.Slice(keys, func(a, b int) bool {
		if x, y := children[keys[a]], children[keys[b]]; x != y {
			return x < y
		}
		return keys[a] < keys[b]
	})
	for _, k := range keys {
		if left == 0 || left >= least {
			break
		}
		show[k] = false
		left += children[k]
	}
	return show, total >= least
}
