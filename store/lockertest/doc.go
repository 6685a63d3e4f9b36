// Package lockertest is the contract that every booking.Locker passes: one
// winner, exact intervals, ranked units, re-entry, expiry, extension, release,
// the one hold per person. A locker's own test file only opens it. Only tests
// import this package.
package lockertest
