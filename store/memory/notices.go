package memory

import (
	"context"
	"slices"
	"sync"

	"gongbang/booking"
)

// readerBuffer is how many notices wait for a slow reader before it loses some:
// a page shows one machine or one center, so this is a second of a busy one.
const readerBuffer = 64

// Notices is booking.Watch and booking.Feed inside one process.
type Notices struct {
	throttle *Throttle
	mu       sync.RWMutex
	readers  map[string]map[*reader]struct{} // by equipment; "" is all
	closed   bool
}

var (
	_ booking.Watch = (*Notices)(nil)
	_ booking.Feed  = (*Notices)(nil)
)

type reader struct {
	notices   chan booking.Notice
	equipment []string
}

// NewNotices makes a hub without readers.
func NewNotices() *Notices {
	n := &Notices{readers: map[string]map[*reader]struct{}{}}
	n.throttle = NewThrottle(n.deliver)
	return n
}

// Changed tells the readers of the machine. It never blocks.
func (n *Notices) Changed(equipment string, days ...booking.Date) {
	for _, day := range days {
		n.throttle.Touch(booking.Notice{Equipment: equipment, Day: day})
	}
}

// deliver hands a notice to whoever reads the machine; a full reader loses it.
// The read lock keeps a channel open while something is sent into it.
func (n *Notices) deliver(notice booking.Notice) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	for _, equipment := range [...]string{notice.Equipment, ""} {
		for r := range n.readers[equipment] {
			select {
			case r.notices <- notice:
			default:
			}
		}
	}
}

// Subscribe is booking.Feed.
func (n *Notices) Subscribe(ctx context.Context, equipment []string) <-chan booking.Notice {
	if len(equipment) == 0 {
		equipment = []string{""}
	}
	r := &reader{notices: make(chan booking.Notice, readerBuffer), equipment: slices.Clone(equipment)}
	if !n.add(r) {
		close(r.notices)
		return r.notices
	}
	context.AfterFunc(ctx, func() { n.remove(r) })
	return r.notices
}

func (n *Notices) add(r *reader) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return false
	}
	for _, equipment := range r.equipment {
		if n.readers[equipment] == nil {
			n.readers[equipment] = map[*reader]struct{}{}
		}
		n.readers[equipment][r] = struct{}{}
	}
	return true
}

func (n *Notices) remove(r *reader) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return
	}
	for _, equipment := range r.equipment {
		delete(n.readers[equipment], r)
		if len(n.readers[equipment]) == 0 {
			delete(n.readers, equipment)
		}
	}
	close(r.notices)
}

// Close ends all subscriptions; later ones end at once.
func (n *Notices) Close() {
	n.throttle.Close()
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return
	}
	n.closed = true
	open := map[*reader]struct{}{}
	for _, of := range n.readers {
		for r := range of {
			open[r] = struct{}{}
		}
	}
	for r := range open {
		close(r.notices)
	}
	n.readers = nil
}
