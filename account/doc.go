// Package account knows who somebody is: people and their contacts, roles at
// centers, the permission table, sessions and sign-in codes, certificates and
// eligibility groups. It also owns the trace every write leaves behind (an
// audit entry and the events it causes), because a trace starts with who.
//
// Invariants: proving a contact never enters another person's account; a
// wrong password never locks the victim out nor blocks the code; secrets are
// stored as hashes; names and contacts are Secret, which nothing prints. It
// imports internal/fault, internal/lang, the standard library and argon2; no
// SQL, HTTP, Redis, cron or Gin.
package account
