package e2e

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// A7: booking, cancelling and the survey work with JavaScript off.
func TestA7_WithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	for _, l := range flows {
		who := s.newCitizen(t)
		b := s.open(t, who, view{noScript: true}).goTo(l.path + s.day(s.other))
		b.follow(freeSlot, "").see("h1", l.check)
		b.follow("main button", l.more).see("h1", l.check) // more time
		b.follow("main .btn.primary", l.confirm).see("h1", l.done)
		b.follow("main .btn.primary", l.mine).follow("main a.btn", l.cancel)
		b.follow("main button.danger", l.sure).see("main", l.cancelled)
		if n := len(who.bookings(t)); n != 0 {
			t.Errorf("%d bookings are left", n)
		}
		b.follow("main button", l.restore).see("main", l.restored)
		if n := len(who.bookings(t)); n != 1 {
			t.Errorf("%d bookings are there after taking it back", n)
		}
		b = s.open(t, person{site: s.site}, view{noScript: true}).goTo(l.path + must(s.invite(s.newCitizen(t)))(t))
		b.press("label", l.best).follow("main .btn.primary", "").see("h1", l.thanks)
	}
}

// words of the two languages on the way through a booking.
type flow struct {
	path, check, more, confirm, done, mine, cancel, sure, cancelled, restore, restored, best, thanks string
}

var flows = []flow{
	{"", "예약 확인", "시간 더 쓰기", "예약 확정하기", "예약이 확정되었습니다", "내 예약 보기", "취소", "예약 취소하기", "취소", "되돌리기", "예약 확정", "매우 만족", "고맙습니다"},
	{"/en", "Check", "More time", "Confirm", "confirmed", "My bookings", "Cancel", "Cancel", "ancelled", "Undo", "onfirmed", "Very satisfied", "Thank you"},
}

// A6: booking, cancelling, survey and check-in at the desk by keyboard alone:
// the mouse is never used.
func TestA6_KeyboardAlone(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	who := s.newCitizen(t)
	b := s.open(t, who, view{}).goTo(s.day(s.machine))
	b.enter(freeSlot, "").see("h1", "예약 확인")
	b.enter("main .btn.primary", "예약 확정하기").see("h1", "예약이 확정되었습니다")
	b.enter("main .btn.primary", "내 예약").see("h1", "내 예약")
	b.tabTo("main a.btn", "취소").key(kb.Enter)
	b.see("dialog[open] button", "예약 취소하기").key(kb.Escape)
	b.until("the dialog closes", func() bool { return !b.is("dialog[open]", "") })
	if on := eval[string](b, `() => document.activeElement.innerText`); on != "취소" {
		t.Errorf("after Escape the focus is on %q", on)
	}
	b.key(kb.Enter)
	b.see("dialog[open] button", "예약 취소하기").enter("dialog[open] button", "예약 취소하기")
	if n := len(who.bookings(t)); n != 0 {
		t.Errorf("%d bookings are left", n)
	}
	b = s.open(t, person{site: s.site}, view{}).goTo(must(s.invite(s.newCitizen(t)))(t))
	b.tabTo("input[type=radio]", "").key(" ")
	if !eval[bool](b, `() => !!document.querySelector('input[type=radio]:checked')`) {
		t.Fatal("the space bar chooses nothing")
	}
	b.enter("main .btn.primary", "").see("h1", "고맙습니다")

	coming := s.newCitizen(t)
	code := text(s.arriving(t, coming), "code")
	b = s.open(t, s.staff, view{width: 1280}).goTo("/desk/" + s.center)
	b.tabTo("input#q", "").write(code)
	b.leaving(func() { b.key(kb.Enter) }).see("h2", coming.name)
	b.focused("#go").leaving(func() { b.key(kb.Enter) })
	if made := coming.bookings(t); len(made) != 1 || text(made[0], "status") != "checked_in" {
		t.Errorf("after Enter the booking is %v", made)
	}
}
