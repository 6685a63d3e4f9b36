// Package store is everything that remembers: one SQL text for SQLite and
// PostgreSQL, transactions, migrations, the audit, idempotency keys, the
// outbox, and the adapters that implement the ports of the domain.
//
// Invariants: an answer is given only after the commit is durable, refusals
// too; a closure leaves all of its rows or none; the first error of a
// statement ends its closure on both databases; what may never happen is a
// constraint of the database. Differences between the databases live in
// dialect.go and the files named after one of them.
//
// It imports the domain packages for their types. Only cmd and tests import it.
package store
