// Package redis keeps locks, a rate limit and notices of changed availability
// in Redis, so that several nodes share them. It does what store/memory does;
// both lockers are held to store/lockertest.
//
// Invariants
//   - Redis advises, the database decides: everything here may be flushed,
//     killed or frozen at any moment, and only latency and comfort change.
//   - One key per equipment (and one per person, and per limited caller), so it
//     works on a cluster. Time is Redis' own TIME, never a node's clock.
//   - A call answers within Patience or fails with ErrDown, is never repeated
//     by itself, and while the breaker is open fails at once.
//   - A Locker keeps what its node gave beside Redis: while Redis does not
//     answer it judges by that, and a Redis that forgot is told again. On one
//     node nobody gets what somebody else still has; on several, each node
//     keeps its own word until Redis is back.
//   - An Acquire that failed may still have taken the lock: the answer was
//     lost, not the claim. That is harmless, because the owner is fixed for a
//     person: the next try re-enters the same claim, and nobody's claim
//     outlives its TTL. For the same reason nothing is undone after a failure.
//
// Redis 6.2 or newer (SET … GET and ZRANDMEMBER in a script), single or cluster.
//
// It imports booking, store/memory (for when Redis is away, the local hub) and
// go-redis. Constructors start nothing; connections are made when needed.
package redis
