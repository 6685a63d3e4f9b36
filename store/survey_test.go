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

// Figures whose truth is known, over months of a city.
func TestSurveyFigures(t *testing.T) { storetest.SurveyFigures(t, sqliteDB) }
