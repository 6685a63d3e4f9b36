package memory_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gongbang/booking"
	"gongbang/store/memory"
)

const today = booking.Date("2026-03-02")

// taken is what waits in a channel, and whether it is closed.
func taken(from <-chan booking.Notice) (got []booking.Notice, closed bool) {
	synctest.Wait()
	for {
		select {
		case n, open := <-from:
			if !open {
				return got, true
			}
			got = append(got, n)
		default:
			return got, false
		}
	}
}

func expect(t *testing.T, what string, from <-chan booking.Notice, want ...booking.Notice) {
	t.Helper()
	if got, closed := taken(from); closed || !slices.Equal(got, want) {
		t.Fatalf("%s: got %v (closed %v), want %v", what, got, closed, want)
	}
}

func TestNoticesOneASecondAndTheLastIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memory.NewNotices()
		defer n.Close()
		feed := n.Subscribe(t.Context(), []string{"m"})
		m := booking.Notice{Equipment: "m", Day: today}
		n.Changed("m", today)
		expect(t, "the first, at once", feed, m)
		for range 100 {
			n.Changed("m", today)
			time.Sleep(5 * time.Millisecond)
		}
		expect(t, "during the pause", feed)
		n.Changed("m", today.Add(1))
		expect(t, "another day", feed, booking.Notice{Equipment: "m", Day: today.Add(1)})
		time.Sleep(600 * time.Millisecond)
		expect(t, "the last change, after the pause", feed, m)
		time.Sleep(time.Hour)
		expect(t, "nothing more without a change", feed)
		if n.Quiet() != 0 {
			t.Fatalf("%d keys are kept", n.Quiet())
		}
		for range 10_000 { // ten seconds of a change each millisecond
			n.Changed("m", today)
			time.Sleep(time.Millisecond)
		}
		time.Sleep(2 * memory.Pause)
		if got, _ := taken(feed); len(got) < 10 || len(got) > 11 {
			t.Fatalf("%d notices in ten seconds", len(got))
		}
	})
}

func TestNoticesReachWhoAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memory.NewNotices()
		ctx, leave := context.WithCancel(t.Context())
		asked := []string{"a"}
		some, all, left := n.Subscribe(t.Context(), []string{"a", "b", "a"}), n.Subscribe(t.Context(), nil), n.Subscribe(ctx, asked)
		asked[0] = "b" // the caller's slice is the caller's
		leave()
		if _, closed := taken(left); !closed {
			t.Fatal("the channel of a reader who left is open")
		}
		n.Changed("a", today, today.Add(1))
		n.Changed("c", today)
		n.Changed("b", today)
		expect(t, "some", some, booking.Notice{Equipment: "a", Day: today}, booking.Notice{Equipment: "a", Day: today.Add(1)}, booking.Notice{Equipment: "b", Day: today})
		expect(t, "all", all, booking.Notice{Equipment: "a", Day: today}, booking.Notice{Equipment: "a", Day: today.Add(1)}, booking.Notice{Equipment: "c", Day: today}, booking.Notice{Equipment: "b", Day: today})
		n.Changed("a", today) // waits for the pause's end, which Close does not
		n.Close()
		n.Close()
		for _, feed := range []<-chan booking.Notice{some, all, n.Subscribe(t.Context(), nil)} {
			if got, closed := taken(feed); !closed || len(got) != 0 {
				t.Fatalf("after Close: %v, closed %v", got, closed)
			}
		}
		n.Changed("a", today)
		time.Sleep(2 * memory.Pause)
	})
}

func TestASlowReaderHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memory.NewNotices()
		defer n.Close()
		slow, quick := n.Subscribe(t.Context(), nil), n.Subscribe(t.Context(), nil)
		const many = 1000
		got := 0
		for i := range many {
			n.Changed(fmt.Sprint("m", i), today)
			now, _ := taken(quick)
			got += len(now)
		}
		if got != many {
			t.Fatalf("the quick reader got %d of %d", got, many)
		}
		if got, _ := taken(slow); len(got) == 0 || len(got) == many {
			t.Fatalf("the slow reader got %d of %d", len(got), many)
		}
		n.Changed("again", today)
		expect(t, "the slow reader, once it reads", slow, booking.Notice{Equipment: "again", Day: today})
	})
}

func TestReadersComeAndGo(t *testing.T) {
	n := memory.NewNotices()
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			ctx, leave := context.WithCancel(t.Context())
			feed := n.Subscribe(ctx, []string{fmt.Sprint("m", i%5)})
			n.Changed(fmt.Sprint("m", i%5), today)
			leave()
			for range feed { // ends when the channel is closed
			}
		})
	}
	all.Wait()
	if n.Readers() != 0 {
		t.Fatalf("%d machines still have readers", n.Readers())
	}
	n.Close()
}
