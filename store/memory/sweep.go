package memory

// sweepEvery is how many wins of a shard pass between two sweeps of one of its
// machines. Claims that nobody touches again are found this way: each sweep
// looks at one machine, so no caller ever waits for more than that.
const sweepEvery = 8

// alive drops what expired on the machine and returns the rest, which may be
// changed in place. The caller holds the lock.
func (m *machines) alive(equipment string, now int64) []claim {
	return m.keep(equipment, func(c *claim) bool { return now < c.expires })
}

// keep drops all claims of the machine that do not stay. A machine without
// claims leaves the map.
func (m *machines) keep(equipment string, stays func(*claim) bool) []claim {
	claims, known := m.claims[equipment]
	if !known {
		return nil
	}
	left := claims[:0]
	for i := range claims {
		if stays(&claims[i]) {
			left = append(left, claims[i])
		}
	}
	if len(left) == len(claims) {
		return claims
	}
	clear(claims[len(left):]) // let go of the owners' strings
	if len(left) == 0 {
		delete(m.claims, equipment)
		return nil
	}
	m.claims[equipment] = left
	return left
}

// sweep cleans one machine every few wins. Go begins each walk over a map at a
// random place, so every machine's turn comes.
func (m *machines) sweep(now int64) {
	if m.wins++; m.wins%sweepEvery != 0 {
		return
	}
	for equipment := range m.claims {
		m.alive(equipment, now)
		return
	}
}
