// Package survey asks people after they used a machine and tells managers what
// they said: visits, invitations, answers, and figures that no small group can
// be worked out of.
//
// Invariants: every eligible use is judged by the rule and nobody picks who is
// asked; an answer is recorded once per invitation and never by looking; an
// answer waits in an inbox without a time and leaves it in random order, in a
// transaction of its own, under a random id; a response keeps its center and
// month, and its category and equipment only where at least five different
// people were asked; an invitation that is final loses visit, equipment and
// center; every figure shown is a sum of released cells, of which nothing about
// one to four people can be worked out; a closed month never changes.
//
// It imports account, internal/fault, internal/lang and the standard library;
// no SQL, HTTP, Redis, cron or Gin, and never booking: finished uses arrive as
// events. The clock is the transaction's.
package survey
