package e2e

import (
	"testing"
	"time"
)

// B6: when the server dies the page says so; when it is back the page is fresh.
func TestB6_ConnectionLostAndFound(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	other := s.newCitizen(t)
	b := s.open(t, s.newCitizen(t), view{}).goTo(s.day(s.machine))
	desk := s.open(t, s.staff, view{width: 1280}).goTo("/desk/" + s.center)
	for _, x := range []*tab{b, desk} {
		x.live()
		eval[bool](x, `() => window.__same = true`)
	}
	desk.see("#live-state", "실시간")
	if b.is("#times-off", "") {
		t.Fatal("the page says that the connection is lost while it is not")
	}
	s.kill()
	b.see("#times-off", "연결이 끊겼습니다")
	desk.see("#live-state", "연결이 끊겼습니다")
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	id := b.attr(freeSlot, "id")
	start, err := time.Parse("2006-01-02T15:04", b.attr("#"+id, "value"))
	if err != nil {
		t.Fatalf("the start is written %q", b.attr("#"+id, "value"))
	}
	if _, err := other.book(s.machine, time.Date(start.Year(), start.Month(), start.Day(), start.Hour(), start.Minute(), 0, 0, kst), 60); err != nil {
		t.Fatal(err)
	}
	b.until("the line goes away", func() bool { return !b.is("#times-off", "") })
	b.see("#"+id, "마감")
	desk.see("#live-state", "실시간")
	for _, x := range []*tab{b, desk} {
		if !eval[bool](x, `() => window.__same === true`) {
			t.Errorf("%s was loaded again", x.path())
		}
	}
}

// B7: a change keeps the old booking until the new time is confirmed; a cancel can be taken back.
func TestB7_ChangeKeepsTheOldAndCancelCanBeUndone(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t) // nobody else takes the start that is pressed
	who := s.newCitizen(t)
	id := must(s.booked(who, s.other))(t)
	before := text(who.do(t, "GET", "/bookings/"+id, nil), "starts_at")
	b := s.open(t, who, view{}).goTo("/bookings/" + id)
	b.follow("main a.btn", "시간 바꾸기").see("main", "기존 예약은")
	last := eval[string](b, `() => [...document.querySelectorAll('button.slot')].filter(e => e.checkVisibility()).pop().id`)
	b.follow("#"+last, "")
	if now := text(who.do(t, "GET", "/bookings/"+id, nil), "starts_at"); now != before {
		t.Errorf("before it is confirmed the booking is at %s, not %s", now, before)
	}
	b.follow("main .btn.primary", "")
	after := text(who.do(t, "GET", "/bookings/"+id, nil), "starts_at")
	if after == before {
		t.Error("the booking did not move")
	}
	if n := len(who.bookings(t)); n != 1 {
		t.Errorf("a move leaves %d bookings", n)
	}
	b.goTo("/bookings/"+id).press("main a.btn", "취소").see("dialog[open]", "취소하시겠습니까").follow("dialog[open] button", "예약 취소하기")
	if n := len(who.bookings(t)); n != 0 {
		t.Errorf("a cancel leaves %d bookings", n)
	}
	b.goTo("/bookings/"+id).follow("main button", "되돌리기")
	if made := who.bookings(t); len(made) != 1 || text(made[0], "starts_at") != after {
		t.Errorf("taken back it is %v", made)
	}
}
