package survey

import (
	"testing"
	"time"
)

func TestTraitsFallIntoTheirBuckets(t *testing.T) {
	use := time.Date(2027, 3, 20, 0, 30, 0, 0, seoul)
	if got := HourTrait(use.UTC(), seoul); got != "00" {
		t.Errorf("hour %q", got)
	}
	for days, want := range map[int]string{0: "0", 1: "1", 2: "2-3", 3: "2-3", 4: "4-7", 7: "4-7", 8: "8-14", 14: "8-14", 15: "15+", 90: "15+"} {
		for _, made := range []time.Time{clock(use, -days, 0), clock(use, -days, 24*60-1)} {
			if days == 0 && made.After(use) {
				continue
			}
			if got := WaitTrait(made.UTC(), use.UTC(), seoul); got != want {
				t.Errorf("made %s: %q, want %q", made, got, want)
			}
		}
	}
	for _, c := range []struct {
		noShows, began int
		want           string
	}{{0, 9, ""}, {9, 9, ""}, {0, 10, "0"}, {1, 1000, "1-9"}, {9, 100, "1-9"}, {1, 10, "10-19"}, {199, 1000, "10-19"}, {2, 10, "20+"}, {10, 10, "20+"}} {
		if got := NoShowTrait(c.noShows, c.began); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.noShows, c.began, got, c.want)
		}
	}
}

func TestAFinalInvitationHasNoTraits(t *testing.T) {
	for _, to := range []State{Answered, Expired, Revoked, Skipped} {
		i := &Invitation{State: Sent, Traits: Traits{"09", "0", "20+"}}
		if i.final(to); i.Traits != (Traits{}) {
			t.Errorf("%s keeps %+v", to, i.Traits)
		}
	}
}

func TestSeriesTellsHowAnAnswerCame(t *testing.T) {
	second := &Template{Key: "use-short", Break: 1}
	for e, want := range map[Entry]string{"": "use-short.2", ByQR: "use-short.2@qr", ByCounter: "use-short.2@counter"} {
		if got := e.Series(second); got != want {
			t.Errorf("%q: %q, want %q", e, got, want)
		}
	}
}
