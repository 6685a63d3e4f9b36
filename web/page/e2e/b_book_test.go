package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// day is the machine's page of tomorrow.
func (s *stage) day(machine string) string {
	return "/machines/" + machine + "?date=" + s.clock(1, 0, 0).Format("2006-01-02")
}

// bookings counts a person's bookings that still take up time.
func (p person) bookings(t testing.TB) (list []object) {
	t.Helper()
	items, _ := p.do(t, "GET", "/bookings?scope=mine", nil)["items"].([]any)
	for _, x := range items {
		if o, ok := x.(object); ok && text(o, "status") != "cancelled" {
			list = append(list, o)
		}
	}
	return list
}

const freeSlot = "button.slot"

// B1: how many presses the common tasks take.
func TestB1_TapBudget(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	who := s.newCitizen(t)
	// Knows the machine: machine → start → confirm.
	b := s.open(t, who, view{}).goTo("/search?q=CAD")
	b.pressed = 0
	b.follow("main h2 a, main h3 a", "패턴 CAD")
	if b.count(freeSlot) == 0 { // today is full: the next free day is a link away
		b.goTo(s.day(s.machine))
	}
	b.follow(freeSlot, "").follow("main .btn.primary", "예약 확정하기")
	b.see("h1", "예약이 확정되었습니다")
	if b.pressed > 3 {
		t.Errorf("booking a known machine took %d presses, allowed are 3", b.pressed)
	}
	// Returning: the start page offers the same machine again.
	b.goTo("/")
	b.pressed = 0
	b.follow("main form[action$='/holds'] button", "예약").follow("main .btn.primary", "예약 확정하기").see("h1", "예약이 확정되었습니다")
	if b.pressed > 2 {
		t.Errorf("booking again took %d presses, allowed are 2", b.pressed)
	}
	// Cancel: my bookings → cancel → sure.
	b.goTo("/")
	b.pressed = 0
	b.follow("header a", "내 예약").press("main a.btn", "취소").see("dialog button", "예약 취소하기").follow("dialog button", "예약 취소하기")
	if n := len(who.bookings(t)); b.pressed > 3 || n != 1 {
		t.Errorf("cancelling took %d presses, allowed are 3; %d bookings are left", b.pressed, n)
	}
	// Survey: link → score → send.
	link := must(s.invite(s.newCitizen(t)))(t)
	b = s.open(t, person{site: s.site}, view{}).goTo(link)
	b.pressed = 1 // the link itself
	b.press("label", "매우 만족").follow("main .btn.primary", "")
	b.see("h1", "고맙습니다")
	if b.pressed > 3 {
		t.Errorf("the survey took %d presses, allowed are 3", b.pressed)
	}
}

// B2: a hold tells its time, at the right moments and no others, and can be extended ten times.
func TestB2_HoldCountsDown(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	who := s.newCitizen(t)
	path := must(s.held(who, s.other))(t)
	b := s.open(t, who, view{})
	// The page's clock stands until the test moves it.
	b.before(`window.__ms = 0; performance.now = () => window.__ms;
    document.addEventListener('DOMContentLoaded', () => new MutationObserver(() => { const w = document.getElementById('hold-say').textContent; if (w) window.__seen.said.push(w); })
      .observe(document.getElementById('hold-say'), {childList: true, characterData: true, subtree: true}));`)
	b.goTo(path)
	clock := regexp.MustCompile(`\((\d+):(\d\d)\)`)
	left := func() (n int) {
		m := clock.FindStringSubmatch(b.words("#hold-clock"))
		if m == nil {
			return -1
		}
		var min, sec int
		fmt.Sscan(m[1], &min)
		fmt.Sscan(m[2], &sec)
		return min*60 + sec
	}
	b.until("the clock", func() bool { return left() > 200 })
	if role := b.attr("#hold-clock", "role"); role != "timer" {
		t.Errorf("the clock is a %q", role)
	}
	for _, at := range []struct{ left, said int }{{200, 0}, {121, 0}, {120, 1}, {61, 1}, {60, 2}, {21, 2}, {20, 3}} {
		eval[bool](b, `s => { window.__ms += s * 1000; return true; }`, left()-at.left)
		b.until(fmt.Sprintf("%d seconds are left", at.left), func() bool { return left() == at.left })
		if said := eval[[]string](b, `() => window.__seen.said`); len(said) != at.said {
			t.Errorf("with %d seconds left it has said %q", at.left, said)
		}
	}
	if !b.is("dialog[open]", "20초") {
		t.Error("no dialog asks with 20 seconds left")
	}
	b.press("dialog[open] button", "시간 더 쓰기")
	b.until("more time", func() bool { return !b.is("dialog[open]", "") })
	for n := 1; n < 10; n++ {
		before := b.attr("input[name=h]", "value")
		b.press("[data-extend]", "시간 더 쓰기")
		b.until(fmt.Sprintf("extension %d", n+1), func() bool { return b.attr("input[name=h]", "value") != before })
	}
	b.see("#hold", "더 늘릴 수 없습니다")
	if b.count("[data-extend]") != 0 {
		t.Error("an eleventh extension is offered")
	}
	b.follow("main .btn.primary", "예약 확정하기").see("h1", "예약이 확정되었습니다")
}

// B2: after the time is over, the same time is offered once more.
func TestB2_AfterTheHold(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	who := s.newCitizen(t)
	b := s.open(t, who, view{}).goTo(must(s.held(who, s.machine))(t))
	s.kill()
	s.shift += 6 * time.Minute
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	b.goTo(b.path()).see("h1", "맡아 둔 시간이 지났습니다").follow("main .btn.primary", "다시 고르기").see("h1", "예약 확인")
}

// B2: my own hold is shown as mine, to others as somebody else's, without a reload.
func TestB2_HoldsAreSeenLive(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	mine, other := s.newCitizen(t), s.newCitizen(t)
	watch := s.open(t, other, view{}).goTo(s.day(s.machine))
	id := watch.attr(freeSlot, "id")
	eval[bool](watch, `() => window.__same = true`)
	b := s.open(t, mine, view{}).goTo(s.day(s.machine))
	watch.live()
	b.follow("#"+id, "")
	watch.see("#"+id, "다른 분이 선택 중")
	if !eval[bool](watch, `() => window.__same === true`) {
		t.Error("the page was loaded again")
	}
	b.leaving(func() { eval[bool](b, `() => { history.back(); return true; }`) })
	b.see("#"+id, "내가 고른 시간")
}

// B3: two browsers press the same start: one books, the other one is offered other times.
func TestB3_TwoPressTheSameSlot(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	one := s.open(t, s.newCitizen(t), view{}).goTo(s.day(s.machine))
	two := s.open(t, s.newCitizen(t), view{noScript: true}).goTo(s.day(s.machine))
	id := one.attr(freeSlot, "id")
	one.press("#"+id, "")
	two.press("#"+id, "")
	tabs := []*tab{one, two}
	won, lost := 0, 0
	for _, b := range tabs {
		b.until("an answer", func() bool { return !strings.HasPrefix(b.path(), "/machines/") && b.is("h1", "") })
		switch h1 := b.words("h1"); h1 {
		case "예약 확인":
			won++
			b.follow("main .btn.primary", "예약 확정하기").see("h1", "예약이 확정되었습니다")
		case "방금 다른 분이 예약했습니다":
			lost++
			if n := b.count("main form button"); n < 1 {
				t.Errorf("the loser is offered %d other times", n)
			}
			if status := b.log.statusOf(b.site.base + b.path()); status != 409 {
				t.Errorf("the loser's page answers %d", status)
			}
			b.follow("main form button", "").see("h1", "예약 확인")
		default:
			t.Errorf("somebody sees %q", h1)
		}
	}
	if won != 1 || lost != 1 {
		t.Errorf("%d won and %d lost", won, lost)
	}
}

// B4: a double click on the last button, or two presses without a script, make one booking.
func TestB4_DoubleClickBooksOnce(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	who := s.newCitizen(t)
	b := s.open(t, who, view{}).goTo(must(s.held(who, s.other))(t))
	b.leaving(func() {
		b.heldBack(func() { b.click("main .btn.primary", "예약 확정하기", 2) })
	}).see("h1", "예약이 확정되었습니다")
	if n := len(who.bookings(t)); n != 1 {
		t.Errorf("a double click made %d bookings", n)
	}
	plain := s.newCitizen(t)
	b = s.open(t, plain, view{noScript: true}).goTo(must(s.held(plain, s.other))(t))
	form := b.form("#confirm")
	first := must(plain.post("/bookings", form))(t)
	second := must(plain.post("/bookings", form))(t)
	if first != second || len(plain.bookings(t)) != 1 {
		t.Errorf("pressed twice it leads to %s and %s, with %d bookings", first, second, len(plain.bookings(t)))
	}
}

// B5: who presses a start without being signed in holds it right after, or is offered others.
func TestB5_PressIsKeptThroughSignIn(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	for _, taken := range []bool{false, true} {
		who := s.newCitizen(t)
		b := s.open(t, person{site: s.site}, view{}).goTo(s.day(s.machine))
		id := b.attr(freeSlot, "id")
		start := b.attr("#"+id, "value")
		b.follow("#"+id, "").see("main", "로그인")
		if taken {
			s.open(t, s.newCitizen(t), view{}).goTo(s.day(s.machine)).follow("#"+id, "").see("h1", "예약 확인")
		}
		b.fill("#f-login", who.email).follow("main .btn.primary", "")
		b.until("a code", func() bool { return len(s.mails("account.code", who.email)) > 0 })
		sent := s.mails("account.code", who.email)
		b.fill("#f-code", regexp.MustCompile(`\b\d{6}\b`).FindString(sent[len(sent)-1].Text)).follow("main .btn.primary", "")
		if taken {
			b.see("h1", "방금 다른 분이 예약했습니다")
			if b.count("main form button") < 1 {
				t.Error("no other time is offered")
			}
			continue
		}
		b.see("h1", "예약 확인").follow("main .btn.primary", "예약 확정하기").see("h1", "예약이 확정되었습니다")
		made := who.bookings(t)
		if len(made) != 1 {
			t.Fatalf("there are %d bookings", len(made))
		}
		at, err := time.Parse(time.RFC3339, text(made[0], "starts_at"))
		if err != nil {
			t.Fatal(err)
		}
		if got := at.In(kst).Format("1504"); !strings.Contains(strings.ReplaceAll(start, ":", ""), got) {
			t.Errorf("%q was pressed and %s is booked", start, got)
		}
	}
}
