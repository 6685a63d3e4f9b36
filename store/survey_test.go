package store_test

import (
	"testing"
	"testing/synctest"

	"gongbang/store/storetest"
)

func TestSQLiteSurveys(t *testing.T) { storetest.Surveys(t, sqliteDB) }

func TestPostgresSurveys(t *testing.T) { storetest.Surveys(t, postgresDB) }

// Weeks of ticks pass in a moment: the clock is the bubble's.
func TestSurveyWeeks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { storetest.SurveyWeeks(t, sqliteDB) })
}
