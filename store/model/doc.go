// Package model holds booking.pml, a model of hold, confirm, expire, approve
// and flush for the checker Spin, which looks at every order of their steps:
// the database's constraint alone never double books; a lock does, also with a
// fence at the write. It has a test only; nothing imports it.
package model
