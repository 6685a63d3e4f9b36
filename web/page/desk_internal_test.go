package page

import (
	"testing"
	"time"

	"gongbang/booking"
)

func TestParseClock(t *testing.T) {
	for text, want := range map[string]int{"13:05": 785, "1305": 785, "9:05": 545, "905": 545, " 09:05 ": 545, "13：05": 785, "0:00": 0, "24:00": 1440} {
		if got, ok := parseClock(text); !ok || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "9", "99", "24:01", "25:00", "12:60", "12:5", "-1:00", "+9:00", "오후 2:00", "12:05:00", "123456"} {
		if got, ok := parseClock(text); ok {
			t.Errorf("%q is taken for %d", text, got)
		}
	}
}

func TestLatinKeys(t *testing.T) {
	for typed, keys := range map[string]string{"7ㅏ3ㄹ-9ㅂㅈㅇ": "7k3f-9qwd", "ㅗㅅ세": "http", "값": "rkqt", "왜": "dho", "ABC": "ABC", "": ""} {
		if got := latinKeys(typed); got != keys {
			t.Errorf("%q is %q, want %q", typed, got, keys)
		}
	}
}

func TestTimelinePlaces(t *testing.T) {
	zone := time.FixedZone("KST", 9*60*60)
	day := booking.Date("2030-01-08")
	at := func(minute int) time.Time { return day.At(minute, zone) }
	today := &booking.Today{Date: day, Zone: zone}
	f := frameOf(today, []booking.Interval{{Start: at(9 * 60), End: at(18 * 60)}})
	if f.from != 9*60 || f.to != 18*60 {
		t.Fatalf("shown are %d to %d", f.from, f.to)
	}
	for name, x := range map[string]struct {
		from, to int
		want     string
	}{
		"an hour":           {10 * 60, 11 * 60, "p1 q0 u1 v0"},
		"odd minutes":       {10*60 + 20, 11*60 + 5, "p1 q2 u0 v5"},
		"a few minutes":     {10 * 60, 10*60 + 5, "p1 q0 u0 v3"},
		"before the day":    {-60, 10 * 60, "p0 q0 u1 v0"},
		"after closing":     {17*60 + 50, 20 * 60, "p8 q3 u0 v3"},
		"over the whole":    {0, 24 * 60, "p0 q0 u9 v0"},
		"behind the frame":  {19 * 60, 20 * 60, "p8 q3 u0 v3"},
		"up to midnight":    {17 * 60, 24 * 60, "p8 q0 u1 v0"},
		"since another day": {-48 * 60, -24 * 60, "p0 q0 u0 v3"},
	} {
		if got, _, _ := f.place(booking.Interval{Start: at(x.from), End: at(x.to)}); got != x.want {
			t.Errorf("%s stands at %q, want %q", name, got, x.want)
		}
	}
	if got := frameOf(today, nil); got.from != dayFrom || got.to != dayTo {
		t.Errorf("a day without anything shows %d to %d", got.from, got.to)
	}
	if f.now(at(8*60)) != "" || f.now(at(9*60+15)) != "p0 q1" || f.now(at(24*60+600)) != "" {
		t.Errorf("the now line stands at %q", f.now(at(9*60+15)))
	}
}
