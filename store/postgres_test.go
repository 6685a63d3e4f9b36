package store_test

import (
	"testing"
	"time"

	"gongbang/internal/testkit"
	"gongbang/store"
	"gongbang/store/storetest"
)

// postgresDB is a fresh database in the test process' own cluster.
func postgresDB(t *testing.T, changes ...change) *store.DB {
	t.Helper()
	return open(t, store.Options{URL: testkit.Postgres(t), Clock: time.Now}, changes...)
}

func TestPostgresBase(t *testing.T) { storetest.Base(t, postgresDB) }
