// Package memory keeps inside one process what store/redis keeps for several:
// locks, a rate limit and notices of changed availability. It is the embedded
// default, and what the Redis limiter falls back to.
//
// Invariants: claims of different owners on one unit never overlap while both
// are alive; nothing here is durable, and losing all of it costs no
// correctness, because the database refuses overlaps by itself; what expired
// is dropped when touched and by a bounded sweep, so no map grows for ever.
//
// It imports booking and the standard library. The clock is passed in.
package memory
