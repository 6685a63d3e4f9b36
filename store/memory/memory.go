package memory

import (
	"errors"
	"fmt"
	"hash/maphash"
	"time"

	"gongbang/booking"
)

// Deps is what the parts of this package need.
type Deps struct {
	Clock func() time.Time // required; expiry is judged by it
}

func (d Deps) check() error {
	if d.Clock == nil {
		return errors.New("store/memory: Deps.Clock is missing")
	}
	return nil
}

// shards divides each map so that callers about different machines, people or
// addresses do not wait for each other. A power of two.
const shards = 64

// seed differs in each process: nobody outside can aim at one shard.
var seed = maphash.MakeSeed()

func shardOf(key string) uint64 { return maphash.String(seed, key) % shards }

// Check refuses claims that no caller can mean: nothing ranked, an empty
// interval, no owner, no time to live. Both lockers ask it first.
func Check(c booking.Claim) error {
	switch {
	case c.Equipment == "" || c.Owner == "":
		return errors.New("a claim needs equipment and owner")
	case len(c.Units) == 0:
		return errors.New("a claim needs at least one unit")
	case c.Interval.Empty():
		return errors.New("a claim needs an interval that is not empty")
	case c.TTL < time.Millisecond:
		return fmt.Errorf("a claim can't live for %v: the least is a millisecond", c.TTL)
	}
	return nil
}

// span is an interval in whole Unix milliseconds.
type span struct{ from, to int64 }

func spanOf(i booking.Interval) span { return span{i.Start.UnixMilli(), i.End.UnixMilli()} }

func (s span) overlaps(o span) bool { return s.from < o.to && o.from < s.to }

func (s span) interval() booking.Interval {
	return booking.Interval{Start: time.UnixMilli(s.from).UTC(), End: time.UnixMilli(s.to).UTC()}
}
