package store_test

import (
	"testing"

	"gongbang/store/storetest"
)

func TestSQLiteUsage(t *testing.T) { storetest.Usage(t, sqliteDB) }

func TestPostgresUsage(t *testing.T) { storetest.Usage(t, postgresDB) }
