// Package booking is the reservation engine: intervals, the calendar, policy
// and its sentences, availability, holds, the states of a booking and one file
// for each use case.
//
// Invariants: two occupying bookings of one unit never overlap; every write
// that can occupy time goes through Service.occupy; the whole judgement runs
// on the transaction's own reads; a status changes only through the transition
// table; a state change, its audit entry and its events are one transaction.
//
// It imports account, internal/fault, internal/lang and the standard library;
// no SQL, HTTP, Redis, cron or Gin. The clock is passed in.
package booking
