package page_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

// slotsOf are the names of all starts by id, as they are read aloud.
func slotsOf(p *pagetest.Page) map[string]string {
	out := map[string]string{}
	for _, n := range p.Find(func(n *html.Node) bool { return hasClass(n, "slot") }) {
		out[pagetest.Attr(n, "id")] = pagetest.Inner(n)
	}
	return out
}

// TestSlotNames: date, weekday, time, length and state are in every name.
func TestSlotNames(t *testing.T) {
	s := pagetest.New(t)
	s.Book(pagetest.Citizen2, pagetest.Studio, s.At(1, 15, 0), 1)
	s.Book(pagetest.Citizen, pagetest.Studio, s.At(1, 19, 0), 1)
	holdOf(s.As(pagetest.Citizen2), pagetest.Studio, s.At(1, 17, 0), "60")
	c := s.As(pagetest.Citizen)
	holdOf(c, pagetest.Studio, s.At(1, 18, 0), "60")
	p := c.Get("/machines/" + pagetest.Studio + "?date=2030-01-09&len=60").Is(200)
	for id, want := range map[string]string{
		"s0109-1300": "1월 9일 수요일 오후 1:00부터 1시간, 예약하기", "s0109-1500": "1월 9일 수요일 오후 3:00부터 1시간, 마감",
		"s0109-1700": "1월 9일 수요일 오후 5:00부터 1시간, 다른 분이 선택 중", "s0109-1800": "1월 9일 수요일 오후 6:00부터 1시간, 내가 고른 시간",
		"s0109-1900": "1월 9일 수요일 오후 7:00부터 1시간, 내가 고른 시간", "w0109-1300": "1월 9일 수요일 오후 1:00부터 1시간, 예약하기",
	} {
		if got := slotsOf(p)[id]; got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	en := slotsOf(c.Get("/en/machines/" + pagetest.Studio + "?date=2030-01-09&len=60").Is(200))
	if got, want := en["s0109-1300"], "Wednesday, January 9, 1:00 PM for 1 hour, Book"; got != want {
		t.Errorf("English: %q, want %q", got, want)
	}
	// Two hours: what is free for one hour alone says so and leads to it.
	two := slotsOf(c.Get("/machines/" + pagetest.Studio + "?date=2030-01-09&len=120"))
	if got := two["s0109-1400"]; !strings.HasSuffix(got, "2시간, 1시간만 가능") {
		t.Errorf("14:00 is %q", got)
	}
	if got := two["s0109-1300"]; !strings.HasSuffix(got, "예약하기") {
		t.Errorf("13:00 is %q", got)
	}
}

// TestNoonAndHalves: noon has its own word, and times stand in halves of the day.
func TestNoonAndHalves(t *testing.T) {
	s := pagetest.New(t)
	p := s.As(pagetest.Nobody).Get("/machines/"+pagetest.Laser+"?date=2030-01-09").Is(200).Has("<h3 class=\"half\">오전</h3>", "<h3 class=\"half\">오후</h3>")
	if got := slotsOf(p)["s0109-1200"]; got != "1월 9일 수요일 낮 12:00부터 1시간, 예약하기" {
		t.Errorf("noon is %q", got)
	}
}

// TestUnitsOfOne: a length is offered only where one unit is free for all of it.
func TestUnitsOfOne(t *testing.T) {
	s := pagetest.New(t)
	// Two lasers: one is taken at 14:00, the other at 15:00, so nobody can have both hours.
	a := s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 14, 0), 1)
	b, _, err := s.Bookings.Book(t.Context(), s.Actor(pagetest.Citizen2), booking.BookRequest{EquipmentID: pagetest.Laser, Start: s.At(1, 15, 0), End: s.At(1, 16, 0), Unit: 3 - a.Unit})
	if err != nil || b.Unit == a.Unit {
		t.Fatalf("%v %v", b, err)
	}
	c := s.As(pagetest.Nobody)
	if got := slotsOf(c.Get("/machines/" + pagetest.Laser + "?date=2030-01-09&len=120"))["s0109-1400"]; !strings.HasSuffix(got, "마감") {
		t.Errorf("two hours at 14:00: %q", got)
	}
	if got := slotsOf(c.Get("/machines/" + pagetest.Laser + "?date=2030-01-09&len=60"))["s0109-1400"]; !strings.HasSuffix(got, "예약하기") {
		t.Errorf("one hour at 14:00: %q", got)
	}
}

// TestDayStrip: counts, closed days in words, holidays by name, and the month as a table.
func TestDayStrip(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Now: time.Date(2026, 12, 22, 10, 5, 0, 0, pagetest.KST)})
	c := s.As(pagetest.Nobody)
	p := c.Get("/machines/"+pagetest.Laser+"?date=2026-12-23").Is(200).Has(">12월 23일 수요일, 9칸 예약할 수 있음<", ">12월 25일 금요일, 휴관 · 성탄절<", "12. 25.(금) 휴관 · 성탄절", "이용 규칙")
	if n := len(p.Elements("h1")); n != 1 {
		t.Errorf("%d h1", n)
	}
	c.Get("/machines/"+pagetest.Laser+"?date=2026-12-25").Is(200).Has("이날은 센터가 쉽니다(성탄절).", "가장 가까운 빈 날: 12. 26.(토)")
	month := c.Get("/machines/"+pagetest.Laser+"?date=2026-12-23&month=2027-01").Is(200).Has("<caption>2027년 1월</caption>", "2주로 보기", "이전 달", "다음 달")
	if n := len(month.Find(func(n *html.Node) bool { return hasClass(n, "month") })); n != 1 {
		t.Errorf("%d months", n)
	}
	c.Get("/en/machines/" + pagetest.Laser + "?date=2026-12-25").Is(200).Has("Christmas Day")
	for _, odd := range []string{"?date=x&len=y&month=z", "?date=1999-01-01", "?date=2099-01-01", "?len=7", "?len=99999", "?month=2001-01", "?month=2090-12"} {
		c.Get("/machines/" + pagetest.Laser + odd).Is(200)
	}
}

// TestFragment: the script gets the times alone, with the same ids.
func TestFragment(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	p := c.Get("/machines/" + pagetest.Laser + "?date=2030-01-09&len=60")
	box := p.Find(func(n *html.Node) bool { return pagetest.Attr(n, "id") == "times" })[0]
	if live := pagetest.Attr(box, "data-live"); live != "/api/v1/events?equipment="+pagetest.Laser {
		t.Errorf("listens to %s", live)
	}
	before := slotsOf(p)
	s.Book(pagetest.Citizen2, pagetest.Laser, s.At(1, 14, 0), 1)
	s.Book(pagetest.Citizen2, pagetest.Laser, s.At(1, 14, 0), 1)
	part := c.Get(pagetest.Attr(box, "data-part")).Is(200).Lacks("<h1", "<header")
	after := slotsOf(part)
	if len(before) != len(after) || before["s0109-1400"] == after["s0109-1400"] || !strings.HasSuffix(after["s0109-1400"], "마감") {
		t.Errorf("%d and %d slots, 14:00 %q", len(before), len(after), after["s0109-1400"])
	}
}

// TestWhy explains any start on the spot.
func TestWhy(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	at := func(q string) *pagetest.Page { return c.Get("/machines/" + pagetest.Laser + "?" + q).Is(200) }
	at("date=2030-01-09").Has("왜 예약할 수 없나요?", `name="why_date"`, `name="why_time"`)
	at("why_date=2030-01-13&why_time=10:00&why_len=60").Has("예약하실 수 없는 시간입니다", "센터가 쉽니다", "이 시간은 어떠세요?")
	at("why_date=2030-01-09&why_time=10:30&why_len=60").Has("1시간마다 시작하고")
	at("why_date=2030-01-09&why_time=14:00&why_len=60").Has("예약하실 수 있는 시간입니다", "이 시간 예약하기")
	at("why_date=x&why_time=y&why_len=z").Has(`role="alert"`, "날짜와 시각을 모두 골라 주세요")
	s.Book(pagetest.Citizen2, pagetest.Studio, s.At(1, 14, 0), 1)
	c.Get("/machines/"+pagetest.Studio+"?why_date=2030-01-09&why_time=14:00&why_len=60").Is(200).Has("다른 분이 먼저 예약했거나", "이 시간은 어떠세요?")
	c.Get("/machines/" + pagetest.Cutter + "?why_date=2030-01-10&why_time=14:00&why_len=60").Is(200).Has("신청하실 수 있는 시간입니다")
}

// TestElsewhere: a machine that is booked somewhere else has no times and says where.
func TestElsewhere(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Nobody)
	c.Get("/machines/"+pagetest.Suyeong+"--kiln").Is(200).Has("여기서 예약하지 않습니다", `href="tel:`).Lacks(`name="start"`)
	c.Get("/machines/nothing").Is(404)
	c.Get("/machines/" + pagetest.Laser + "?move=nothing").Is(200).Lacks("기존 예약은")
	s.As(pagetest.Citizen).Get("/machines/" + pagetest.Laser + "?move=nothing").Is(404)
}

// TestOutageInSlots: a repair is told as one.
func TestOutageInSlots(t *testing.T) {
	s := pagetest.New(t)
	to := s.At(1, 15, 0)
	_, _, _, err := s.Bookings.ReportOutage(t.Context(), s.Actor(pagetest.Admin), booking.OutageRequest{EquipmentID: pagetest.Studio, From: s.At(1, 14, 0), To: &to, Reason: "점검", Kind: booking.Maintenance})
	if err != nil {
		t.Fatal(err)
	}
	if got := slotsOf(s.As(pagetest.Nobody).Get("/machines/" + pagetest.Studio + "?date=2030-01-09"))["s0109-1400"]; !strings.HasSuffix(got, "점검") {
		t.Errorf("14:00 is %q", got)
	}
}

// TestWeight: no citizen's page is heavier than 60 KB, whatever its grid.
func TestWeight(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	path := booked(c, pagetest.Laser, s.At(1, 14, 0), "60", nil)
	for _, p := range []string{"/machines/" + pagetest.Laser, "/machines/" + pagetest.Printer, "/machines/" + pagetest.Printer + "?month=2030-01", "/en/machines/" + pagetest.Printer, path, path + "/done", "/bookings"} {
		if n := len(c.Get(p).Is(200).Body); n > 60_000 {
			t.Errorf("%s weighs %d bytes", p, n)
		}
	}
}
