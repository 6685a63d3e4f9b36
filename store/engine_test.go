package store_test

import (
	"testing"

	"gongbang/store/storetest"
)

// The engine over each database: its use cases, its races, its model.

func TestSQLiteBookings(t *testing.T) { storetest.Bookings(t, sqliteDB) }

func TestPostgresBookings(t *testing.T) { storetest.Bookings(t, postgresDB) }

func TestSQLiteStrikes(t *testing.T) { storetest.Strikes(t, sqliteDB) }

func TestPostgresStrikes(t *testing.T) { storetest.Strikes(t, postgresDB) }

func TestSQLiteReminders(t *testing.T) { storetest.Reminders(t, sqliteDB) }

func TestPostgresReminders(t *testing.T) { storetest.Reminders(t, postgresDB) }

func TestSQLiteFirms(t *testing.T) { storetest.Firms(t, sqliteDB) }

func TestPostgresFirms(t *testing.T) { storetest.Firms(t, postgresDB) }

func TestSQLiteOffers(t *testing.T) { storetest.Offers(t, sqliteDB) }

func TestPostgresOffers(t *testing.T) { storetest.Offers(t, postgresDB) }

func TestSQLiteRaces(t *testing.T) { storetest.Races(t, sqliteDB) }

func TestPostgresRaces(t *testing.T) { storetest.Races(t, postgresDB) }

func TestSQLiteLinearizable(t *testing.T) { storetest.Linearizable(t, sqliteDB) }

func TestPostgresLinearizable(t *testing.T) { storetest.Linearizable(t, postgresDB) }

func TestModelOnBothDatabases(t *testing.T) { storetest.Model(t, sqliteDB, postgresDB) }

func TestSQLiteCallersWhoLeave(t *testing.T) { storetest.CancelledAtEachStatement(t, sqliteDB) }

func TestPostgresCallersWhoLeave(t *testing.T) { storetest.CancelledAtEachStatement(t, postgresDB) }
