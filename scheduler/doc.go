// Package scheduler is when things happen: robfig/cron as an alarm clock, one
// table of every job, and the delivery of the outbox.
//
// Drains ask the rows what is due and claim it by a lease, on every node at
// every tick. Calendar jobs run once for each due time, whoever comes first;
// a run whose lease ran out is taken over. Nothing is due because a timer
// fired: a missed tick or a restart neither loses nor doubles anything.
//
// It imports account, booking and notify and reaches what remembers through
// the ports in ports.go; never store.
package scheduler
