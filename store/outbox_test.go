package store_test

import (
	"testing"

	"gongbang/store/storetest"
)

func TestSQLiteOutbox(t *testing.T)   { storetest.Outbox(t, sqliteDB) }
func TestPostgresOutbox(t *testing.T) { storetest.Outbox(t, postgresDB) }
func TestSQLiteRuns(t *testing.T)     { storetest.Runs(t, sqliteDB) }
func TestPostgresRuns(t *testing.T)   { storetest.Runs(t, postgresDB) }
