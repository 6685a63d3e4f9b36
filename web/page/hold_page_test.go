package page_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

// TestLostRace: who comes second is offered other times as buttons, and one press takes one.
func TestLostRace(t *testing.T) {
	s := pagetest.New(t)
	one, two := s.As(pagetest.Citizen), s.As(pagetest.Citizen2)
	holdOf(one, pagetest.Studio, s.At(1, 14, 0), "60")
	lost := two.Post("/holds", press(pagetest.Studio, s.At(1, 14, 0), "60")).Is(409).Has("방금 다른 분이 예약했습니다", "이 시간은 어떠세요?", "1. 9.(수) 오후 2:00 ~ 3:00")
	other := lost.Form("/holds")
	if other.Get("equipment_id") != pagetest.Studio || other.Get("start") == startValue(s.At(1, 14, 0)) {
		t.Fatalf("the alternative is %v", other)
	}
	n := 0
	for _, f := range lost.Elements("form") {
		if pagetest.Attr(f, "action") == "/holds" {
			n++
		}
	}
	if n < 1 || n > 3 {
		t.Errorf("%d alternatives", n)
	}
	two.Post("/holds", other).Follow().Is(200).Has("예약 확정하기")
	two.Get("/machines/" + pagetest.Studio + "?date=2030-01-09&len=60").Has("다른 분이 선택 중")
}

// TestExpiredHold: the page says so and offers the same time in one press.
func TestExpiredHold(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	at := c.Post("/holds", press(pagetest.Studio, s.At(1, 14, 0), "60")).To()
	form := c.Get(at).Form("/bookings")
	s.Clock.Add(6 * time.Minute)
	gone := c.Get(at).Is(410).Has("맡아 둔 시간이 지났습니다", "같은 시간이 아직 비어 있습니다", "다시 고르기")
	c.Post("/bookings", form).Is(410).Has("맡아 둔 시간이 지났습니다")
	c.Post("/holds/extend", form).Is(410)
	c.Post("/holds", gone.Form("/holds")).Follow().Is(200).Has("오전 10:16까지 이 시간을 맡아")
	s.Clock.Add(10 * time.Minute)
	s.Book(pagetest.Citizen2, pagetest.Studio, s.At(1, 14, 0), 1)
	c.Get(at).Is(410).Has("그사이 다른 분이", "이 시간은 어떠세요?").Lacks("아직 비어 있습니다")
}

// TestExtendHold: ten times more time by a normal form; what was typed stays.
func TestExtendHold(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	p := holdOf(c, pagetest.Studio, s.At(1, 14, 0), "60").Has("10번 더 늘릴 수 있습니다")
	first := p.Form("/bookings")
	for n := 9; n >= 0; n-- {
		s.Clock.Add(30 * time.Second)
		p = c.Post("/holds/extend", p.Form("/bookings")).Follow().Is(200)
		if n > 0 {
			p.Has(strconv.Itoa(n) + "번 더 늘릴 수 있습니다")
		}
	}
	p.Has("더 늘릴 수 없습니다", "오전 10:40까지").Lacks("data-extend")
	form := p.Form("/bookings")
	form.Set("purpose", "시제품")
	c.Post("/holds/extend", form).Is(409).Has(`value="시제품"`, "더는 늘릴 수 없습니다")
	// The key is the same all along: the first page and the last make one booking.
	to := c.Post("/bookings", form).To()
	if again := c.Post("/bookings", first).To(); again != to {
		t.Errorf("%s and %s", again, to)
	}
}

// TestExtendKeepsWhatWasTyped and answers the script with the box alone.
func TestExtendKeepsWhatWasTyped(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	form := holdOf(c, pagetest.Studio, s.At(1, 14, 0), "60").Form("/bookings")
	form.Set("purpose", "시제품")
	form.Set("attendee_name", "딸")
	c.Post("/holds/extend", form).Is(200).Has(`value="시제품"`, `value="딸"`, "9번 더", `<details class="card folded" open>`)
	box := c.Post("/holds/extend?part=hold", form).Is(200).Has(`id="hold"`, "data-left=").Lacks("<h1", "시제품")
	if n := len(box.Find(func(n *html.Node) bool { return pagetest.Attr(n, "name") == "h" })); n != 1 {
		t.Errorf("%d tokens in the box", n)
	}
}

// TestSecondsLeft is what a page that slept asks for.
func TestSecondsLeft(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	at := c.Post("/holds", press(pagetest.Studio, s.At(1, 14, 0), "60")).To()
	c.Get(at).Has(`data-left="300"`)
	s.Clock.Add(100 * time.Second)
	if body := c.Get(at + "&part=left").Is(200).Body; body != "200" {
		t.Errorf("%q seconds", body)
	}
	s.Clock.Add(203 * time.Second) // 0:00 was shown three seconds ago: who presses now still wins
	to := c.Post("/bookings", c.Get(at).Is(200).Form("/bookings")).To()
	if !strings.HasSuffix(to, "/done") {
		t.Error(to)
	}
}

// TestChangeLength: another length is held from the same start, or the old one stays.
func TestChangeLength(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	s.Book(pagetest.Citizen2, pagetest.Studio, s.At(1, 16, 0), 1)
	form := holdOf(c, pagetest.Studio, s.At(1, 14, 0), "60").Form("/bookings")
	form.Set("minutes", "120")
	p := c.Post("/holds/length", form).Follow().Is(200).Has("오후 2:00 ~ 4:00")
	form = p.Form("/bookings")
	form.Set("minutes", "180")
	kept := c.Post("/holds/length", form).Is(409).Has("3시간 동안은 비어 있지 않습니다", "오후 2:00 ~ 4:00")
	form = kept.Form("/bookings")
	if form.Get("minutes") != "120" {
		t.Errorf("the field says %s", form.Get("minutes"))
	}
	form.Set("minutes", "600")
	c.Post("/holds/length", form).Is(422).Has(`role="alert"`, "4시간")
	c.Post("/bookings", kept.Form("/bookings")).Follow().Has("오후 2:00 ~ 4:00")
}

// TestReleaseHold gives the time back to others.
func TestReleaseHold(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	form := holdOf(c, pagetest.Studio, s.At(1, 14, 0), "60").Form("/bookings")
	c.Post("/holds/release", form).Follow().Is(200).Has("고르신 시간을 놓아 드렸습니다")
	holdOf(s.As(pagetest.Citizen2), pagetest.Studio, s.At(1, 14, 0), "60")
}

// TestRefusedPress: the rules' sentences stand above the machine's times.
func TestRefusedPress(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	c.Post("/holds", press(pagetest.Studio, s.At(-1, 14, 0), "60")).Is(422).Has(`role="alert"`, "이미 지난 시간", "시작 시간")
	c.Post("/holds", press(pagetest.Studio, s.At(5, 14, 0), "600")).Is(422).Has("한 번에 4시간까지")
	for _, bad := range []url.Values{{}, {"equipment_id": {"nothing"}}, {"equipment_id": {pagetest.Studio}, "start": {"gestern"}, "minutes": {"60"}},
		{"equipment_id": {pagetest.Studio}, "starts_at": {"x"}, "ends_at": {"y"}}} {
		if p := c.Post("/holds", bad); p.Status != 400 && p.Status != 404 {
			t.Errorf("%v answers %d", bad, p.Status)
		}
	}
	iso := url.Values{"equipment_id": {pagetest.Studio}, "starts_at": {s.At(1, 14, 0).Format(time.RFC3339)}, "ends_at": {s.At(1, 15, 0).Format(time.RFC3339)}}
	c.Post("/holds", iso).Follow().Is(200).Has("오후 2:00 ~ 3:00")
}

// TestSealedHold: a hold can neither be made up nor taken from somebody else.
func TestSealedHold(t *testing.T) {
	s := pagetest.New(t)
	at := s.As(pagetest.Citizen).Post("/holds", press(pagetest.Studio, s.At(1, 14, 0), "60")).To()
	u, _ := url.Parse(at)
	token := u.Query().Get("h")
	stranger := s.As(pagetest.Citizen2)
	stranger.Get(at).Is(404)
	for _, path := range []string{"/bookings", "/holds/extend", "/holds/length", "/holds/release"} {
		stranger.Post(path, url.Values{"h": {token}}).Is(404)
		s.As(pagetest.Citizen).Post(path, url.Values{"h": {"x" + token}}).Is(404)
	}
	if list, err := s.Bookings.List(t.Context(), s.Actor(pagetest.Citizen2), booking.List{Limit: 5}); err != nil || len(list.Items) > 0 {
		t.Errorf("%v %v", list, err)
	}
}

// TestUnverifiedContact: who has to prove a contact first is led there.
func TestUnverifiedContact(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Gateway: true})
	yes := true
	_, _, err := s.Accounts.SignUp(t.Context(), account.Actor{Address: "192.0.2.2"}, account.SignUp{Name: "시민9", Email: "new@demo.test",
		Password: pagetest.DemoPassword, Consents: account.Consents{Terms: &yes, Privacy: &yes}})
	if err != nil {
		t.Fatal(err)
	}
	c := s.As(pagetest.Nobody)
	form := c.Get("/sign-in?by=password").Is(200).Form("/sign-in")
	form.Set("login", "new@demo.test")
	form.Set("password", pagetest.DemoPassword)
	c.Post("/sign-in", form).To()
	c.Post("/holds", press(pagetest.Studio, s.At(1, 14, 0), "60")).Is(403).Has("연락처 확인이 필요합니다", "첫 예약 전에", `href="/me"`, "시작 시간")
}

// TestRuleAdviceLeadsToAPage: what a rule advises is a page and not the API.
func TestRuleAdviceLeadsToAPage(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 9, 0), 4)
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(2, 9, 0), 4)
	c.Post("/holds", press(pagetest.Studio, s.At(3, 14, 0), "60")).Is(422).Has(`role="alert"`, `href="/bookings"`, "내 예약 보기").Lacks("/api/v1/bookings")
}
