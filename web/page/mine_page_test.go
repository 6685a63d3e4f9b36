package page_test

import (
	"image"
	"image/color"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/net/html"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

func idOf(path string) string { return strings.TrimPrefix(path, "/bookings/") }

func load(t *testing.T, s *pagetest.Site, path string) *booking.View {
	t.Helper()
	v, err := s.Bookings.Get(t.Context(), s.Actor(pagetest.Citizen), idOf(path))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestMove: the old booking stays until the new time is confirmed; then it is changed as one.
func TestMove(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	path := booked(c, pagetest.Studio, s.At(1, 14, 0), "120", nil)
	link := ""
	for _, a := range c.Get(path).Is(200).Elements("a") {
		if pagetest.Inner(a) == "시간 바꾸기" {
			link = pagetest.Attr(a, "href")
		}
	}
	machine := c.Get(link).Is(200).Has("기존 예약은 새 시간을 확정할 때까지 그대로 있습니다", `method="get" action="`+path+`/move"`)
	// Its own time does not stand in its way: 15:00 to 17:00 overlaps it.
	if got := slotsOf(machine)["s0109-1500"]; !strings.HasSuffix(got, "2시간, 바꾸기") {
		t.Errorf("15:00 is %q", got)
	}
	ask := path + "/move?" + url.Values{"equipment_id": {pagetest.Studio}, "start": {startValue(s.At(1, 15, 0))}, "minutes": {"120"}}.Encode()
	page := c.Get(ask).Is(200).Has("기존 예약은 새 시간을 확정할 때까지 그대로 있습니다", "오후 2:00 ~ 4:00", "오후 3:00 ~ 5:00")
	if v := load(t, s, path); !v.Start.Equal(s.At(1, 14, 0)) {
		t.Fatal("looking moved it")
	}
	form := page.Form(path + "/move")
	c.Post(path+"/move", form).Follow().Is(200).Has("예약 시간을 바꿨습니다", "오후 3:00 ~ 5:00")
	c.Post(path+"/move", form).Is(409).Has("오후 3:00 ~ 5:00") // an old page
	s.Book(pagetest.Citizen2, pagetest.Studio, s.At(1, 18, 0), 1)
	v := load(t, s, path)
	form = url.Values{"start": {startValue(s.At(1, 18, 0))}, "minutes": {"120"}, "version": {strconv.Itoa(v.Version)}}
	lost := c.Post(path+"/move", form).Is(409).Has("방금 다른 분이 예약했습니다", "기존 예약은 새 시간을", `action="`+path+`/move"`)
	if n := len(lost.Find(func(n *html.Node) bool { return pagetest.Attr(n, "name") == "start" })); n == 0 {
		t.Error("no other time is offered")
	}
	form.Set("start", startValue(s.At(40, 14, 0)))
	c.Post(path+"/move", form).Is(422).Has(`role="alert"`, "아직 예약이 열리지 않은")
	if again := load(t, s, path); !again.Start.Equal(v.Start) || again.Version != v.Version {
		t.Error("a refused move changed it")
	}
}

// TestCancelAndRestore with plain forms.
func TestCancelAndRestore(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	path := booked(c, pagetest.Studio, s.At(1, 14, 0), "60", nil)
	page := c.Get(path+"/cancel").Is(200).Has("1. 9.(수) 오후 2:00 ~ 3:00 예약을 취소하시겠습니까?", "지금 취소하시면 벌점이 없습니다", "취소하면 다른 분이 이 시간을 쓸 수 있습니다", "그대로 두기", "<h1>")
	c.Get(path+"/cancel?part=ask").Is(200).Has("<h2 id").Lacks("<h1", "<header")
	form := page.Form(path + "/cancel")
	form.Set("reason", "schedule")
	off := c.Post(path+"/cancel", form).Follow().Is(200).Has("예약을 취소했습니다", "되돌리기", "직접 취소하셨습니다", "오전 10:15까지")
	if v := load(t, s, path); v.Status != booking.Cancelled || v.Details.Reason != "일정이 바뀌었습니다" {
		t.Errorf("%s %q", v.Status, v.Details.Reason)
	}
	c.Get("/bookings?tab=past").Is(200).Has("되돌리기", "취소됨")
	c.Post(path+"/restore", off.Form(path+"/restore")).Follow().Is(200).Has("취소를 되돌렸습니다", "예약 확정")
	c.Post(path+"/cancel", c.Get(path+"/cancel").Form(path+"/cancel")).To()
	s.Book(pagetest.Citizen2, pagetest.Studio, s.At(1, 14, 0), 1)
	c.Post(path+"/restore", nil).Is(409).Has("방금 다른 분이 예약했습니다")
	s.Clock.Add(11 * time.Minute)
	c.Get(path).Is(200).Lacks(path+"/restore", "되돌리기")
	c.Post(path+"/restore", nil).Is(409).Has(`role="alert"`)
	c.Get(path + "/cancel").Is(200).Has("여기서는 취소하실 수 없습니다").Lacks("예약 취소하기")
}

// TestCancelAfterTheStart: the way stays, and leads to why not and whom to call.
func TestCancelAfterTheStart(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	v := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 1)
	s.Clock.Set(s.At(0, 11, 5))
	path := "/bookings/" + v.ID
	c.Get(path).Is(200).Has(`href="` + path + `/cancel"`).Lacks(`href="` + path + `/move`)
	c.Get(path+"/cancel").Is(200).Has("여기서는 취소하실 수 없습니다", "센터에 알려 주세요", `href="tel:`, "051-000-0101").Lacks("예약 취소하기")
	c.Post(path+"/cancel", url.Values{"version": {"1"}}).Is(422).Has(`role="alert"`, "센터에 말씀해 주세요")
}

// TestCancelSaysWhatItCosts: the page's sentence is what the engine then records.
func TestCancelSaysWhatItCosts(t *testing.T) {
	for name, at := range map[string]struct {
		start, wait time.Duration
		late        bool
	}{
		"long before":           {start: 28 * time.Hour, wait: time.Hour},
		"at the limit":          {start: 4 * time.Hour, wait: 115 * time.Minute},
		"after the limit":       {start: 4 * time.Hour, wait: 3 * time.Hour, late: true},
		"just confirmed, close": {start: time.Hour, wait: 5 * time.Minute},
		"close, not just":       {start: time.Hour, wait: 11 * time.Minute, late: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := pagetest.New(t)
			c := s.As(pagetest.Citizen)
			v := s.Book(pagetest.Citizen, pagetest.Laser, pagetest.Noon.Truncate(time.Hour).Add(at.start), 1)
			s.Clock.Add(at.wait)
			page := c.Get("/bookings/" + v.ID + "/cancel").Is(200)
			if says := strings.Contains(page.Text(), "늦은 취소로 남습니다"); says != at.late {
				t.Errorf("the page says late: %v, want %v", says, at.late)
			}
			c.Post("/bookings/"+v.ID+"/cancel", page.Form("/bookings/"+v.ID+"/cancel")).To()
			if done := load(t, s, "/bookings/"+v.ID); done.Details.Late != at.late {
				t.Errorf("the engine recorded late: %v, want %v", done.Details.Late, at.late)
			}
		})
	}
}

// TestLateNote: somebody who comes later tells so, on the day.
func TestLateNote(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	today, tomorrow := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 13, 0), 1), s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 13, 0), 1)
	c.Get("/bookings/" + tomorrow.ID).Is(200).Lacks("늦습니다")
	form := c.Get("/bookings/"+today.ID).Is(200).Has("늦으실 것 같나요?", "늦습니다").Form("/bookings/" + today.ID + "/late")
	form.Set("minutes", "20")
	c.Post("/bookings/"+today.ID+"/late", form).Follow().Is(200).Has("20분 늦으신다고 센터에 알렸습니다")
	form.Set("minutes", "500")
	c.Post("/bookings/"+today.ID+"/late", form).Is(422).Has(`role="alert"`)
}

// TestStrangers: nobody sees or changes somebody else's booking.
func TestStrangers(t *testing.T) {
	s := pagetest.New(t)
	v := s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 14, 0), 1)
	path := "/bookings/" + v.ID
	other, nobody := s.As(pagetest.Citizen2), s.As(pagetest.Nobody)
	for _, p := range []string{path, path + "/done", path + "/qr", path + "/slip", path + "/calendar.ics", path + "/cancel", path + "/move?start=2030-01-09T10:00&minutes=60"} {
		other.Get(p).Is(404).Lacks(booking.ShowCode(v.Code))
		if to := nobody.Get(p).To(); !strings.HasPrefix(to, "/sign-in?next=") {
			t.Errorf("%s leads nobody to %s", p, to)
		}
	}
	for _, p := range []string{"/cancel", "/restore", "/late", "/move"} {
		other.Post(path+p, url.Values{"minutes": {"10"}, "start": {"2030-01-09T10:00"}, "version": {"1"}}).Is(404)
	}
	if now := load(t, s, path); now.Version != v.Version {
		t.Error("a stranger changed it")
	}
	s.As(pagetest.Staff).Get(path).Is(200).Lacks(path+"/cancel", path+"/late")
}

// TestPastBookings: what is over is in the past, with the same time next week offered.
func TestPastBookings(t *testing.T) {
	s := pagetest.New(t)
	v := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 1)
	staff := s.Actor(pagetest.Staff)
	s.Clock.Set(s.At(0, 11, 0))
	if _, err := s.Bookings.CheckIn(t.Context(), staff, v.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	c := s.As(pagetest.Citizen)
	c.Get("/bookings/"+v.ID).Has("입실을 확인했습니다", "이용 중")
	s.Clock.Set(s.At(0, 12, 0))
	if _, err := s.Bookings.Finish(t.Context(), staff, v.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	c.Get("/bookings").Is(200).Has("다가오는 예약 0", "지난 예약 1", "다가오는 예약이 없습니다")
	c.Get("/bookings?tab=past").Is(200).Has("완료", "레이저 커팅기")
	detail := c.Get("/bookings/"+v.ID).Is(200).Has("이용을 마쳤습니다", "다음 주 같은 시간 예약")
	c.Post("/holds", detail.Form("/holds")).Follow().Is(200).Has("1. 15.(화) 오전 11:00 ~ 낮 12:00")
}

// TestCalendar is a file that calendars read.
func TestCalendar(t *testing.T) {
	s := pagetest.New(t)
	v := s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 14, 0), 1)
	p := s.As(pagetest.Citizen).Get("/bookings/" + v.ID + "/calendar.ics").Is(200)
	if got := p.Header.Get("Content-Type"); got != "text/calendar; charset=utf-8" {
		t.Error(got)
	}
	for _, want := range []string{"BEGIN:VCALENDAR\r\n", "UID:" + v.ID, "DTSTART:20300109T050000Z"} {
		if !strings.Contains(p.Body, want) {
			t.Errorf("%q is missing in %s", want, p.Body)
		}
	}
}

// TestQRDecodes: what is drawn is the booking's address, ending in its code, which the desk finds.
func TestQRDecodes(t *testing.T) {
	s := pagetest.New(t)
	v := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 14, 0), 1)
	c := s.As(pagetest.Citizen)
	for _, p := range []string{"/done", "/qr", "/slip", ""} {
		text := decode(t, c.Get("/bookings/"+v.ID+p).Is(200).Body)
		if want := "http://gongbang.test/b/" + v.ID + "/" + booking.ShowCode(v.Code); text != want {
			t.Errorf("%s holds %q, want %q", p, text, want)
		}
		found, err := s.Bookings.Find(t.Context(), s.Actor(pagetest.Staff), pagetest.Saha, text)
		if err != nil || len(found) != 1 || found[0].ID != v.ID {
			t.Errorf("the desk finds %v, %v", found, err)
		}
	}
	if to := c.Get("/b/" + v.ID + "/" + booking.ShowCode(v.Code)).To(); to != "/bookings/"+v.ID {
		t.Error(to)
	}
}

// decode reads the QR code that a page draws.
func decode(t *testing.T, body string) string {
	t.Helper()
	path := regexp.MustCompile(`viewBox="0 0 (\d+) \d+"[^>]*><path fill="#fff"[^>]*/><path fill="#000" d="([^"]+)"`).FindStringSubmatch(body)
	if path == nil {
		t.Fatal("no QR code is drawn")
	}
	const scale = 4
	size, _ := strconv.Atoi(path[1])
	im := image.NewGray(image.Rect(0, 0, size*scale, size*scale))
	for i := range im.Pix {
		im.Pix[i] = 255
	}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1`).FindAllStringSubmatch(path[2], -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		n, _ := strconv.Atoi(m[3])
		for dy := range scale {
			for dx := range n * scale {
				im.SetGray(x*scale+dx, y*scale+dy, color.Gray{})
			}
		}
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(im)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}

// TestEnglishPagesAreEnglish: no Korean but what is marked as such.
func TestEnglishPagesAreEnglish(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	path := booked(c, pagetest.Laser, s.At(1, 14, 0), "60", url.Values{"purpose": {"시제품"}, "attendee_name": {"홍길동"}})
	name := "지은이"
	if _, err := s.Accounts.PatchMe(t.Context(), s.Actor(pagetest.Citizen), account.MePatch{Name: &name}); err != nil {
		t.Fatal(err)
	}
	hold := c.Post("/en/holds", press(pagetest.CNC, s.At(1, 14, 0), "60")).To()
	c.Post("/holds", press(pagetest.Studio, s.At(1, 14, 0), "60"))
	pages := map[string]*pagetest.Page{"lost": s.As(pagetest.Citizen2).Post("/en/holds", press(pagetest.Studio, s.At(1, 14, 0), "60")).Is(409)}
	for _, p := range []string{"/en/machines/" + pagetest.Laser, "/en/machines/" + pagetest.CNC, "/en/machines/" + pagetest.Laser + "?month=2030-01", "/en/machines/" + pagetest.Laser + "?why_date=2030-01-13&why_time=10:00&why_len=60",
		"/en" + path, "/en" + path + "/done", "/en" + path + "/slip", "/en" + path + "/qr", "/en" + path + "/cancel", "/en/bookings", "/en/bookings?tab=past",
		"/en" + path + "/move?start=2030-01-09T16:00&minutes=60", hold} {
		pages[p] = c.Get(p).Is(200)
	}
	for where, p := range pages {
		p.Has(`<html lang="en"`)
		if strings.Contains(p.Body, "⟦") {
			t.Errorf("%s lacks a text: %s", where, p.Text())
		}
		for _, word := range korean(p) {
			t.Errorf("%s says %q in Korean", where, word)
		}
	}
}

// korean lists Korean words outside of what is marked lang=ko.
func korean(p *pagetest.Page) (found []string) {
	marked := func(n *html.Node) bool {
		for ; n != nil; n = n.Parent {
			if l := pagetest.Attr(n, "lang"); l != "" {
				return l == "ko"
			}
		}
		return false
	}
	p.Find(func(n *html.Node) bool {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode && strings.ContainsFunc(c.Data, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) && !marked(c) {
				found = append(found, strings.TrimSpace(c.Data))
			}
		}
		return false
	})
	return found
}
