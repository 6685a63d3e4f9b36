package storetest

// heard is a person who answered, as every table together tells it: the final
// invitation has person and day, the booking of that day has the machine.
type heard struct {
	account, center, category, machine, month, template string
	late                                                bool // the month was closed before the link ended
	reply                                               bool // a case has the name, and with it the comment
	written                                             int64
}

// told is a response, with what can be seen of how it was written.
type told struct {
	id, center, category, machine, month, template string
	comment                                        bool
	written                                        int64
}

// mayBe tells whether nothing speaks against the response being the person's.
func (r told) mayBe(p heard) bool {
	switch {
	case r.center != p.center || r.template != p.template:
		return false
	case r.month != p.month && (!p.late || r.month < p.month || r.category != ""):
		return false
	case r.category != "" && (r.category != p.category || p.reply):
		return false
	case r.machine != "" && r.machine != p.machine:
		return false
	case r.comment && p.reply:
		return false
	}
	return r.written == 0 || p.written < r.written
}

// smallestSet is the least number of people a response may be from. Each
// person gave one: what the others can't be from counts too. So a person is
// behind a response when all responses can be given to all people with that
// pair in it. 0: they can't be given at all.
func smallestSet(responses []told, people []heard) int {
	n := len(responses)
	if n == 0 || n != len(people) {
		return 0
	}
	may := make([][]int, n)
	for r := range responses {
		for p := range people {
			if responses[r].mayBe(people[p]) {
				may[r] = append(may[r], p)
			}
		}
	}
	of, ok := give(may)
	if !ok {
		return 0
	}
	group := circles(may, of)
	smallest := n
	for r := range may {
		behind := 0
		for _, p := range may[r] {
			if group[of[p]] == group[r] {
				behind++
			}
		}
		smallest = min(smallest, behind)
	}
	return smallest
}

// give pairs each response with another person by augmenting paths; of[p] is
// the response of the person.
func give(may [][]int) (of []int, ok bool) {
	of = make([]int, len(may))
	for p := range of {
		of[p] = -1
	}
	var try func(r int, seen []bool) bool
	try = func(r int, seen []bool) bool {
		for _, p := range may[r] {
			if seen[p] {
				continue
			}
			seen[p] = true
			if of[p] < 0 || try(of[p], seen) {
				of[p] = r
				return true
			}
		}
		return false
	}
	for r := range may {
		if !try(r, make([]bool, len(may))) {
			return nil, false
		}
	}
	return of, true
}

// circles are the strongly connected parts of "could have the person of":
// pairs inside one can be exchanged all around (Tarjan).
func circles(may [][]int, of []int) []int {
	n, next := len(may), 0
	index, low, group, stack := make([]int, n), make([]int, n), make([]int, n), []int(nil)
	for i := range group {
		group[i] = -1
	}
	var visit func(r int)
	visit = func(r int) {
		next++
		index[r], low[r] = next, next
		stack = append(stack, r)
		for _, p := range may[r] {
			switch o := of[p]; {
			case index[o] == 0:
				visit(o)
				low[r] = min(low[r], low[o])
			case group[o] < 0:
				low[r] = min(low[r], index[o])
			}
		}
		if low[r] != index[r] {
			return
		}
		for {
			o := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			group[o] = r
			if o == r {
				return
			}
		}
	}
	for r := range may {
		if index[r] == 0 {
			visit(r)
		}
	}
	return group
}
