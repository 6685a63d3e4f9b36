// Package storetest is the contract that both databases pass: what a closure
// may rely on, and each adapter against the ports of its domain. A backend's
// own test file only opens a database and calls these. It is imported by
// tests only.
package storetest
