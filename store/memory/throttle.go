package memory

import (
	"sync"
	"time"

	"gongbang/booking"
)

// Pause is how long a machine and day are quiet after a notice went out.
const Pause = time.Second

// Throttle lets one notice a Pause through per machine and day: the first at
// once, and one more at the end of the pause if anything came meanwhile, so
// that the last change is never left out. It keeps a key for no longer than
// the pause and runs no goroutine.
type Throttle struct {
	emit   func(booking.Notice) // must not block
	mu     sync.Mutex
	recent map[booking.Notice]bool // true: came again during the pause
	closed bool
}

// NewThrottle hands what passes to emit, which must not block.
func NewThrottle(emit func(booking.Notice)) *Throttle {
	return &Throttle{emit: emit, recent: map[booking.Notice]bool{}}
}

// Touch says that n changed. It never blocks.
func (t *Throttle) Touch(n booking.Notice) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	if _, quiet := t.recent[n]; quiet {
		t.recent[n] = true
		return
	}
	t.pass(n)
}

// pass emits and begins the pause. Emitting under the lock keeps the order.
func (t *Throttle) pass(n booking.Notice) {
	t.recent[n] = false
	time.AfterFunc(Pause, func() { t.pauseOver(n) })
	t.emit(n)
}

func (t *Throttle) pauseOver(n booking.Notice) {
	t.mu.Lock()
	defer t.mu.Unlock()
	again := t.recent[n]
	delete(t.recent, n)
	if again && !t.closed {
		t.pass(n)
	}
}

// Close lets nothing through any more.
func (t *Throttle) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
}
