package booking

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The hand-written reading and writing of days is the layout's.
func TestDatesAreTheLayouts(t *testing.T) {
	zone := time.FixedZone("KST", 9*3600)
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMilli(rapid.Int64Range(-62135596800000, 253402300799999).Draw(t, "at")).UTC()
		if got, want := DateOf(at, zone), Date(at.In(zone).Format(dateLayout)); got != want {
			t.Fatalf("%s is %s, want %s", at, got, want)
		}
		text := rapid.OneOf(rapid.StringMatching(`[0-9]{4}-[0-9]{2}-[0-9]{2}`), rapid.String(), rapid.Just(string(DateOf(at, zone)))).Draw(t, "text")
		want, err := time.Parse(dateLayout, text)
		year, month, day := Date(text).parts()
		if err == nil && (year != want.Year() || month != want.Month() || day != want.Day()) || err != nil && (year != 1 || month != 1 || day != 1) {
			t.Fatalf("%q is %d-%d-%d, want %v (%v)", text, year, month, day, want, err)
		}
	})
}
