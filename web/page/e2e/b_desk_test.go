package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
)

// initials are the initial consonants of a name.
func initials(name string) string {
	const first = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
	var b strings.Builder
	for _, r := range name {
		if r >= '가' && r <= '힣' {
			r = []rune(first)[(r-'가')/588]
		}
		b.WriteRune(r)
	}
	return b.String()
}

// B1: at the desk a scan and Enter check somebody in. B10: the desk finds
// people by their last four digits, initials and code, and says why somebody
// who comes on another day can't be checked in.
func TestB10_DeskFindsPeople(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	who, later := s.newCitizen(t), s.newCitizen(t)
	code := text(s.arriving(t, who), "code")
	tomorrow := text(aDayAhead(t, s, later), "code")
	b := s.open(t, s.staff, view{width: 1280})
	for _, asked := range []string{who.phone[len(who.phone)-4:], initials(who.name), code, strings.ToLower(code)} {
		b.goTo("/desk/"+s.center).fill("#q", asked).leaving(func() { b.key(kb.Enter) })
		if b.is("main a.card", "") { // several: the right one is among them
			b.follow("main a.card", code)
		}
		b.see("h2", who.name)
	}
	b.goTo("/desk/"+s.center).fill("#q", tomorrow).leaving(func() { b.key(kb.Enter) })
	b.see("h2", later.name)
	date := s.clock(1, 0, 0)
	if said := b.words("main [role=alert]"); !strings.Contains(said, itoa(int(date.Month()))+". "+itoa(date.Day())+".") {
		t.Errorf("who comes a day early is told %q", said)
	}
	if b.count("#go") != 0 {
		t.Error("the wrong day can be checked in")
	}
	// A scanner types the code and Enter; Enter confirms.
	b.goTo("/desk/" + s.center).focused("#q").write(code)
	b.leaving(func() { b.key(kb.Enter) })
	b.focused("#go").leaving(func() { b.key(kb.Enter) })
	if made := who.bookings(t); len(made) != 1 || text(made[0], "status") != "checked_in" {
		t.Errorf("after scan and Enter the booking is %v", made)
	}
	b.see("main [role=status]", "")
}

func aDayAhead(t testing.TB, s *stage, who person) object {
	t.Helper()
	id := must(s.booked(who, s.machine))(t)
	return who.do(t, "GET", "/bookings/"+id, nil)
}

// B11: somebody who walks in is seated in four presses; a use that somebody
// else follows can't be extended and says why; finishing early frees the time.
func TestB11_WalkInExtendFinish(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	who, next := s.newCitizen(t), s.newCitizen(t)
	b := s.open(t, s.staff, view{width: 1280}).goTo("/desk/" + s.center)
	b.pressed = 0
	machine := b.follow("main a.btn", "현장 접수").seatable(s)
	b.fill("#f-phone", "0"+strings.TrimPrefix(who.phone, "+82"))
	b.follow("main .btn.primary", "").see("main", who.name).follow("main .btn.primary", "지금 시작")
	if b.pressed > 4 {
		t.Errorf("a walk-in took %d presses, allowed are 4", b.pressed)
	}
	made := who.bookings(t)
	if len(made) != 1 || text(made[0], "status") != "checked_in" {
		t.Fatalf("the booking is %v", made)
	}
	id := text(made[0], "id")
	ends, err := time.Parse(time.RFC3339, text(made[0], "ends_at"))
	if err != nil {
		t.Fatal(err)
	}
	start := ends.In(kst).Truncate(time.Hour)
	if start.Before(ends) {
		start = start.Add(time.Hour)
	}
	if _, err := next.book(machine, start, 60); err != nil {
		t.Fatal(err)
	}
	b.goTo("/desk/" + s.center + "/bookings/" + id)
	disabled := eval[string](b, `() => [...document.querySelectorAll('main [aria-disabled=true]')].map(e => e.parentElement.innerText).join(' | ')`)
	if !strings.Contains(disabled, "연장") || !strings.Contains(disabled, start.Format("15:04")+" 예약 있음") {
		t.Errorf("what can't be extended says %q", disabled)
	}
	soon := timeOf(s.now().Truncate(time.Hour).Add(time.Hour))
	watch := s.open(t, s.newCitizen(t), view{}).goTo("/machines/" + machine + "?date=" + s.now().Format("2006-01-02") + "&len=60")
	watch.live()
	if watch.is(freeSlot, soon) {
		t.Errorf("%s is free while somebody uses the machine", soon)
	}
	b.follow("main button", "일찍 끝내기")
	if now := who.do(t, "GET", "/bookings/"+id, nil); text(now, "status") != "completed" {
		t.Errorf("after finishing it is %s", text(now, "status"))
	}
	watch.see(freeSlot, soon)
}

// isQuiet tells whether nobody has booked a machine between now and an hour of today.
func (s *stage) isQuiet(t testing.TB, machine string, until int) bool {
	t.Helper()
	raw, _ := s.fetch(t, person{}, "/api/v1/equipment/"+machine+"/availability?from="+s.now().Format("2006-01-02"))
	type slot struct {
		Starts time.Time `json:"starts_at"`
		State  string
	}
	var got struct{ Days []struct{ Slots []slot } }
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	return !slices.ContainsFunc(got.Days[0].Slots, func(x slot) bool {
		return x.State != "free" && x.Starts.After(s.now()) && x.Starts.Before(s.clock(0, until, 0))
	})
}

// seatable presses, among the machines that are free now, one that somebody
// can have at noon after who walks in at 10:40.
func (b *tab) seatable(s *stage) (machine string) {
	b.t.Helper()
	for _, id := range s.machines {
		named, _ := person{site: s.site}.do(b.t, "GET", "/equipment/"+id, nil)["name"].(object)
		if b.is("main a.card", text(named, "ko")) && s.isQuiet(b.t, id, 13) {
			b.follow("main a.card", text(named, "ko"))
			return id
		}
	}
	b.fail("every machine is taken before 13:00")
	return ""
}

// timeOf is a full hour of the morning or noon as citizens read it.
func timeOf(t time.Time) string {
	if t.Hour() == 12 {
		return "12:00"
	}
	return itoa(t.Hour()%12) + ":00"
}
