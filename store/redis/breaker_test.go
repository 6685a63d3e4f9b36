package redis

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

var errBroken = errors.New("connection refused")

// trips runs trips that take the time and end with the error.
func (b *breaker) trips(n int, took time.Duration, err error) {
	for range n {
		done, refused := b.enter()
		if refused != nil {
			continue
		}
		time.Sleep(took) // the bubble's clock
		done(err)
	}
}

func TestBreaker(t *testing.T) {
	for name, test := range map[string]struct {
		run  func(b *breaker)
		open bool
		told []bool
	}{
		"new":                          {func(*breaker) {}, false, nil},
		"two failures":                 {func(b *breaker) { b.trips(2, 0, errBroken) }, false, nil},
		"three failures":               {func(b *breaker) { b.trips(3, 0, errBroken) }, true, []bool{false}},
		"one failure that used it all": {func(b *breaker) { b.trips(1, Patience, errBroken) }, true, []bool{false}},
		"a success between failures": {func(b *breaker) {
			b.trips(2, 0, errBroken)
			b.trips(1, 0, nil)
			b.trips(2, 0, errBroken)
		}, false, nil},
		"callers who went away say nothing": {func(b *breaker) {
			b.trips(2, 0, errBroken)
			b.trips(9, Patience, errGaveUp)
		}, false, nil},
		"a good probe closes": {func(b *breaker) {
			b.trips(3, 0, errBroken)
			time.Sleep(OpenFor)
			b.trips(1, 0, nil)
		}, false, []bool{false, true}},
		"a bad probe opens anew": {func(b *breaker) {
			b.trips(3, 0, errBroken)
			time.Sleep(OpenFor)
			b.trips(1, 0, errBroken)
			time.Sleep(OpenFor - 1)
			b.trips(1, 0, nil) // refused
		}, true, []bool{false}},
		"a probe that went away lets the next one try": {func(b *breaker) {
			b.trips(3, 0, errBroken)
			time.Sleep(OpenFor)
			b.trips(1, 0, errGaveUp)
			b.trips(1, 0, nil)
		}, false, []bool{false, true}},
		"after closing it counts from the beginning": {func(b *breaker) {
			b.trips(3, 0, errBroken)
			time.Sleep(OpenFor)
			b.trips(1, 0, nil)
			b.trips(2, 0, errBroken)
		}, false, []bool{false, true}},
		"a trip from before it opened is not heard": {func(b *breaker) {
			late, _ := b.enter()
			b.trips(3, 0, errBroken)
			late(nil)
		}, true, []bool{false}},
		"a trip from before the probe is not heard": {func(b *breaker) {
			late, _ := b.enter()
			b.trips(3, 0, errBroken)
			time.Sleep(OpenFor)
			probe, _ := b.enter()
			late(errBroken)
			probe(nil)
		}, false, []bool{false, true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var told []bool
				b := &breaker{patience: Patience, openFor: OpenFor, changed: func(healthy bool, cause error) {
					if healthy == (cause != nil) {
						t.Errorf("told healthy %v because of %v", healthy, cause)
					}
					told = append(told, healthy)
				}}
				test.run(b)
				if b.healthy() == test.open || b.refuses() != test.open || !slices.Equal(told, test.told) {
					t.Errorf("healthy %v refuses %v told %v; want open %v told %v", b.healthy(), b.refuses(), told, test.open, test.told)
				}
			})
		})
	}
}

func TestBreakerProbesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &breaker{patience: Patience, openFor: OpenFor}
		b.trips(3, 0, errBroken)
		if _, err := b.enter(); !errors.Is(err, ErrDown) {
			t.Fatalf("open: %v; want ErrDown", err)
		}
		time.Sleep(OpenFor)
		if b.refuses() {
			t.Fatal("it refuses the probe")
		}
		probe, err := b.enter()
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if _, err := b.enter(); !errors.Is(err, ErrDown) {
				t.Fatalf("beside the probe: %v; want ErrDown", err)
			}
		}
		if b.healthy() {
			t.Fatal("healthy before the probe came back")
		}
		probe(nil)
		if !b.healthy() {
			t.Fatal("not healthy after the probe came back")
		}
	})
}
