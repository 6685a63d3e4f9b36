package store_test

import (
	"testing"

	"gongbang/store/storetest"
)

// A center lived through: two weeks, with SCALE=full a year on SQLite and a month on PostgreSQL.

func TestSQLiteYear(t *testing.T) { storetest.Year(t, sqliteDB, 14, 365, 0.07, 0.15, 0.30) }

func TestPostgresYear(t *testing.T) { storetest.Year(t, postgresDB, 14, 30, 0.30) }
