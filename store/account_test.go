package store_test

import (
	"testing"

	"gongbang/store/storetest"
)

func TestSQLiteAccounts(t *testing.T) { storetest.Accounts(t, sqliteDB) }

func TestPostgresAccounts(t *testing.T) { storetest.Accounts(t, postgresDB) }
