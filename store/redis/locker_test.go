package redis_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/store/lockertest"
	"gongbang/store/redis"
)

var nine = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func hour(n int) booking.Interval {
	return booking.Interval{Start: nine.Add(time.Duration(n) * time.Hour), End: nine.Add(time.Duration(n+1) * time.Hour)}
}

func claim(equipment, owner string, n int, units ...int) booking.Claim {
	return booking.Claim{Equipment: equipment, Owner: owner, Interval: hour(n), Units: units, TTL: time.Hour}
}

func TestLocker(t *testing.T) {
	s := start(t)
	lockertest.Run(t, func(t *testing.T) lockertest.Subject {
		s.Flush()
		return lockertest.Subject{Locker: nodeOn(t, open(t, s.url())), Now: s.now, Pass: s.pass}
	})
}

func TestLockerOnACluster(t *testing.T) {
	s := cluster(t)
	lockertest.Run(t, func(t *testing.T) lockertest.Subject {
		s.Flush()
		return lockertest.Subject{Locker: nodeOn(t, open(t, s.url()+","+s.Addr())), Now: s.now, Pass: s.pass}
	})
}

// Many machines at once end up in one batch; on a cluster a batch that was one
// script call would be refused as CROSSSLOT.
func TestManyMachinesInOneBatch(t *testing.T) {
	single, many := start(t), cluster(t)
	for name, url := range map[string]string{"single": single.url(), "cluster": many.url() + "," + many.Addr()} {
		t.Run(name, func(t *testing.T) {
			l := nodeOn(t, open(t, url))
			var all sync.WaitGroup
			for n := range 600 {
				all.Go(func() {
					held, fresh, err := l.Acquire(t.Context(), claim(fmt.Sprint("machine", n%40), fmt.Sprint("owner", n), n, 1+n%3))
					if err != nil || !fresh || held.Unit != 1+n%3 || held.Interval != hour(n) {
						t.Errorf("%d: %+v %v %v", n, held, fresh, err)
					}
				})
			}
			all.Wait()
		})
	}
}

// Two nodes, two connections: what one node locked, the other sees.
func TestTwoNodesShare(t *testing.T) {
	s := start(t)
	one, two := nodeOn(t, open(t, s.url())), nodeOn(t, open(t, s.url()))
	held, _, err := one.Acquire(t.Context(), claim("m", "a", 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := two.Acquire(t.Context(), claim("m", "b", 0, 1)); !errors.Is(err, booking.ErrLocked) {
		t.Fatalf("the other node: %v; want ErrLocked", err)
	}
	if again, fresh, err := two.Acquire(t.Context(), claim("m", "a", 0, 1)); err != nil || fresh || again.Unit != held.Unit {
		t.Fatalf("re-entry on the other node: %+v %v %v", again, fresh, err)
	}
}

func TestNothingStaysInRedis(t *testing.T) {
	s := start(t)
	l := nodeOn(t, open(t, s.url()))
	t.Run("after a release the key is gone", func(t *testing.T) {
		for n := range 3 {
			if _, _, err := l.Acquire(t.Context(), claim("m", "a", n, 1)); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Release(t.Context(), "m", "a", booking.Interval{Start: nine, End: nine.Add(9 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
		if n := s.do("DBSIZE"); n != int64(0) {
			t.Fatalf("%v keys are left", n)
		}
	})
	t.Run("every key has an end", func(t *testing.T) {
		brief := claim("m", "a", 0, 1)
		brief.TTL = time.Millisecond
		for _, c := range []booking.Claim{brief, claim("m", "b", 1, 1), brief} {
			held, _, err := l.Acquire(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.Swap(t.Context(), c.Owner, held, time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		left := s.do("PTTL", "gongbang:lock:{m}").(int64)
		if left < (59 * time.Minute).Milliseconds() {
			t.Fatalf("the key ends in %d ms, before its longest claim", left)
		}
		for _, key := range []string{"gongbang:lock:{m}", "gongbang:hold:{a}", "gongbang:hold:{b}"} {
			if left := s.do("PTTL", key).(int64); left <= 0 {
				t.Errorf("%s never ends (%d)", key, left)
			}
		}
	})
	t.Run("expired claims that nobody touches are swept", func(t *testing.T) {
		s.Flush()
		l := nodeOn(t, open(t, s.url())) // the one from before remembers what it gave
		// One long claim keeps the key alive the whole time.
		if _, _, err := l.Acquire(t.Context(), claim("m", "stays", 0, 9)); err != nil {
			t.Fatal(err)
		}
		const many = 3000
		for n := range many {
			c := claim("m", "a", n+1, 1)
			c.TTL = time.Millisecond
			if _, _, err := l.Acquire(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		if left := s.do("ZCARD", "gongbang:lock:{m}").(int64); left > many/4 {
			t.Fatalf("%d of %d claims are still in the key", left, many)
		}
	})
}

func TestAddresses(t *testing.T) {
	for url, ok := range map[string]bool{
		"redis://127.0.0.1:6379":                    true,
		"redis://user:secret@127.0.0.1:6379/2":      true,
		"rediss://cache.test:6380":                  true,
		"unix:///run/redis.sock?db=1":               true,
		"redis://a.test:1,b.test:2, redis://c.test": true,
		"rediss://u:secret@a.test:1,b.test:2":       true,
		"":                                          false,
		"127.0.0.1:6379":                            false,
		"http://secret.test":                        false,
		"redis://u:secret@a.test:1/2,b.test:2":      false,
		"unix:///run/a.sock,/run/b.sock":            false,
		"redis://a.test?read_timeout=9s":            false,
		"redis://a.test:secret":                     false,
		"redis://u:secret@a.test:1/x":               false,
	} {
		c, err := redis.Open(redis.Options{URL: url})
		if (err == nil) != ok {
			t.Errorf("%s: %v", url, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error repeats the address: %v", url, err)
		}
		if err == nil {
			c.Close()
		}
	}
}

func TestUnixSocketAndPassword(t *testing.T) {
	dir := t.TempDir()
	s := start(t, "--unixsocket", dir+"/r.sock")
	l := redis.NewShared(open(t, "unix://"+dir+"/r.sock"))
	if _, _, err := l.Acquire(t.Context(), claim("m", "a", 0, 1)); err != nil {
		t.Fatal(err)
	}
	s.do("CONFIG", "SET", "requirepass", "pw-of-the-test")
	right := redis.NewShared(open(t, "redis://:pw-of-the-test@"+s.Addr()))
	if held, err := right.List(t.Context(), "m", hour(0)); err != nil || len(held) != 1 {
		t.Fatalf("with the password: %+v, %v", held, err)
	}
	wrong := redis.NewShared(open(t, s.url()))
	if _, err := wrong.List(t.Context(), "m", hour(0)); !errors.Is(err, redis.ErrDown) {
		t.Fatalf("without the password: %v; want ErrDown", err)
	}
}

func TestTimeIsThatOfRedis(t *testing.T) {
	s := start(t)
	before := s.now()
	now, err := open(t, s.url()).Time(t.Context())
	if err != nil || now.Before(before) || now.After(s.now().Add(time.Millisecond)) || now.Location() != time.UTC {
		t.Fatalf("%v, %v", now, err)
	}
}
