package store_test

import (
	"os"
	"testing"

	"gongbang/store/storetest"
)

// A center lived through: two weeks, with SCALE=full a year on SQLite and a month on PostgreSQL.

func TestSQLiteYear(t *testing.T) { storetest.Year(t, sqliteDB, 14, 365, 0.07, 0.15, 0.30) }

func TestPostgresYear(t *testing.T) {
	if os.Getenv("SCALE") != "full" {
		t.Skip("the year runs on PostgreSQL with SCALE=full only")
	}
	storetest.Year(t, postgresDB, 30, 30, 0.30)
}
