// Package testkit starts the real parts that tests talk to: an own
// redis-server, an own PostgreSQL cluster. What this machine lacks is skipped
// with its name, or fails where TEST_REQUIRE lists it. Everything it started
// ends with the test, or at the latest with the test process. It is imported
// by tests only.
package testkit
