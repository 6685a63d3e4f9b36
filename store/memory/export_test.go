package memory

// Keys counts the limiter's buckets.
func (l *Limiter) Keys() (n int) {
	for i := range l.buckets {
		n += len(l.buckets[i].full)
	}
	return n
}

// Claims counts the claims that take memory, alive or not.
func (l *Locker) Claims() (n int) {
	for i := range l.machines {
		for _, claims := range l.machines[i].claims {
			n += len(claims)
		}
	}
	return n
}

// Machines counts the machines that take memory.
func (l *Locker) Machines() (n int) {
	for i := range l.machines {
		n += len(l.machines[i].claims)
	}
	return n
}

// Holders counts the people whose hold takes memory.
func (l *Locker) Holders() (n int) {
	for i := range l.holds {
		n += len(l.holds[i].of)
	}
	return n
}

// Quiet counts the notices that are in their pause.
func (n *Notices) Quiet() int {
	n.throttle.mu.Lock()
	defer n.throttle.mu.Unlock()
	return len(n.throttle.recent)
}

// Readers counts machines with readers.
func (n *Notices) Readers() int {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return len(n.readers)
}
