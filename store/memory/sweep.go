package memory

// sweepClaims is how many claims every other win looks at elsewhere in its
// shard. A win adds one claim and looks at four, so the expired ones that nobody
// touches again stay a minority, and no caller waits for more than the claims
// of one machine.
const sweepClaims = 8

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

// sweep cleans a few machines every other win. Go begins each walk over a map at
// a random place, so every machine's turn comes.
func (m *machines) sweep(now int64) {
	if m.wins++; m.wins%2 != 0 {
		return
	}
	looked := 0
	for equipment, claims := range m.claims {
		looked += len(claims)
		m.alive(equipment, now)
		if looked >= sweepClaims {
			return
		}
	}
}
