package page_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

// startValue is how a form writes a start.
func startValue(t time.Time) string { return t.In(pagetest.KST).Format("2006-01-02T15:04") }

// press is the form of a slot on a machine's page.
func press(machine string, start time.Time, minutes string) url.Values {
	return url.Values{"equipment_id": {machine}, "start": {startValue(start)}, "minutes": {minutes}}
}

// holdOf presses a slot and shows the page that confirms it.
func holdOf(c *pagetest.Client, machine string, start time.Time, minutes string) *pagetest.Page {
	return c.Post("/holds", press(machine, start, minutes)).Follow().Is(200)
}

// booked goes the whole way and tells the new booking's path.
func booked(c *pagetest.Client, machine string, start time.Time, minutes string, more url.Values) string {
	form := holdOf(c, machine, start, minutes).Form("/bookings")
	for k, v := range more {
		form[k] = v
	}
	return strings.TrimSuffix(c.Post("/bookings", form).To(), "/done")
}

// hasClass tells whether an element has a class.
func hasClass(n *html.Node, class string) bool {
	for _, c := range strings.Fields(pagetest.Attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

// TestThreePresses is the tap budget: machine, slot, confirm; without a script.
func TestThreePresses(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	machine := c.Get("/machines/" + pagetest.Laser).Is(200) // press 1 led here
	var starts []string
	for _, b := range machine.Elements("button") {
		if pagetest.Attr(b, "name") == "start" {
			starts = append(starts, pagetest.Attr(b, "value"))
		}
	}
	if len(starts) == 0 || starts[0] != "2030-01-08T11:00" {
		t.Fatalf("starts are %v", starts)
	}
	form := machine.Form("/holds")
	form.Set("start", starts[0])
	confirm := c.Post("/holds", form).Follow().Is(200) // press 2
	confirm.Has("오전 10:10까지 이 시간을 맡아 두었습니다", `role="timer"`, "예약 확정하기", "오전 11:00 ~ 낮 12:00", "010-****-1001", "취소하실 수 있")
	done := c.Post("/bookings", confirm.Form("/bookings")).Follow().Is(200) // press 3
	done.Has("예약이 확정되었습니다", `<svg class="qr"`, "/calendar.ics", "calendar.google.com", "/slip", "내 예약 보기", "같은 장비 다시 예약")
	if !regexp.MustCompile(`[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}`).MatchString(done.Text()) {
		t.Errorf("there is no booking number in %s", done.Text())
	}
	c.Get("/bookings").Is(200).Has("다가오는 예약 1", "레이저 커팅기", "QR 보기", "시간 바꾸기", `aria-current="step"`)
	machine = c.Get("/machines/" + pagetest.Laser + "?date=2030-01-08").Is(200)
	machine.Has("내가 고른 시간")
}

// TestDoubleSubmit: a second press, even with other words, shows the same booking.
func TestDoubleSubmit(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	form := holdOf(c, pagetest.Laser, s.At(1, 14, 0), "60").Form("/bookings")
	first := c.Post("/bookings", form).To()
	form.Set("purpose", "다른 말")
	if again := c.Post("/bookings", form).To(); again != first {
		t.Errorf("the second press leads to %s, the first to %s", again, first)
	}
	list, err := s.Bookings.List(t.Context(), s.Actor(pagetest.Citizen), booking.List{Scope: "mine", Limit: 10})
	if err != nil || len(list.Items) != 1 {
		t.Errorf("%d bookings, %v", len(list.Items), err)
	}
}

// TestAnonymousPress: the choice is kept over the sign-in, and the hold is made right after.
func TestAnonymousPress(t *testing.T) {
	s := pagetest.New(t)
	s.Password(pagetest.Citizen)
	c := s.As(pagetest.Nobody)
	signIn := c.Post("/holds", press(pagetest.Laser, s.At(1, 14, 0), "120")).Follow().Is(200)
	signIn.Has("적으신 것은 기억해 두었습니다")
	where := c.Post("/holds", press(pagetest.Laser, s.At(1, 14, 0), "120")).To()
	byPassword := c.Get(where + "&by=password").Is(200)
	form := byPassword.Form("/sign-in")
	form.Set("login", pagetest.Citizen.Login())
	form.Set("password", pagetest.DemoPassword)
	c.Post("/sign-in", form).Follow().Is(200).Has("예약 확인", "1. 9.(수) 오후 2:00 ~ 4:00", "예약 확정하기")
	c.Get("/machines/" + pagetest.Laser + "?date=2030-01-09&len=60").Has("내가 고른 시간")
}

// TestAnonymousPressOfALostSlot: who signs in too late is offered other times.
func TestAnonymousPressOfALostSlot(t *testing.T) {
	s := pagetest.New(t)
	s.Password(pagetest.Citizen)
	c := s.As(pagetest.Nobody)
	where := c.Post("/holds", press(pagetest.Studio, s.At(1, 14, 0), "60")).To()
	s.Book(pagetest.Citizen2, pagetest.Studio, s.At(1, 14, 0), 1)
	form := c.Get(where + "&by=password").Form("/sign-in")
	form.Set("login", pagetest.Citizen.Login())
	form.Set("password", pagetest.DemoPassword)
	c.Post("/sign-in", form).Is(409).Has("방금 다른 분이 예약했습니다", "이 시간은 어떠세요?")
}

// TestApproval: what staff have to confirm is never called confirmed.
func TestApproval(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	confirm := holdOf(c, pagetest.Cutter, s.At(3, 14, 0), "120").Has("센터가 확인한 뒤 확정되는 장비입니다", "예약 신청하기", "맡기실 작업 (선택)").Lacks("예약 확정하기")
	form := confirm.Form("/bookings")
	form.Set("job_what", "면 원단 20벌")
	form.Set("job_quantity", "스무 벌")
	form.Set("help", "휠체어를 씁니다")
	c.Post("/bookings", form).Is(422).Has("숫자로 적어 주세요", "면 원단 20벌", `aria-invalid="true"`, "휠체어를 씁니다")
	form.Set("job_quantity", "20")
	to := c.Post("/bookings", form).To()
	done := c.Get(to).Is(200).Has("신청을 받았습니다. 아직 확정이 아닙니다.", "알려 드립니다.", "면 원단 20벌").Lacks("예약이 확정되었습니다")
	if steps := stepNames(done); strings.Join(steps, " ") != "신청 확정 맡김 작업 중 다 됨 찾아감 만족도" {
		t.Errorf("steps %q", steps)
	}
	list, err := s.Bookings.List(t.Context(), s.Actor(pagetest.Staff), booking.List{Scope: "center", Center: pagetest.Saha, Limit: 5})
	if err != nil || len(list.Items) != 1 || list.Items[0].AnswerBy == nil {
		t.Fatalf("%+v %v", list, err)
	}
	done.Has(answerBy(*list.Items[0].AnswerBy))
	if _, err := s.Bookings.Approve(t.Context(), s.Actor(pagetest.Staff), list.Items[0].ID, booking.ApproveRequest{}); err != nil {
		t.Fatal(err)
	}
	c.Get(to).Has("예약이 확정되었습니다", "재료를 가지고 와서 맡겨 주세요").Lacks("아직 확정이 아닙니다")
}

func answerBy(at time.Time) string {
	return "센터가 " + regexp.MustCompile(`^0`).ReplaceAllString(at.In(pagetest.KST).Format("1. 2."), "")
}

func stepNames(p *pagetest.Page) []string {
	var out []string
	for _, ol := range p.Find(func(n *html.Node) bool { return n.Data == "ol" && hasClass(n, "steps") })[:1] {
		for li := ol.FirstChild; li != nil; li = li.NextSibling {
			if li.Type == html.ElementNode {
				out = append(out, pagetest.Inner(li))
			}
		}
	}
	return out
}

// TestDeclaration: a center for some asks once, and says so at the field.
func TestDeclaration(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	confirm := holdOf(c, pagetest.CNC, s.At(1, 14, 0), "60").Has("네, 해당합니다", "소공인", "처음 오시는 날 직원이 한 번 확인합니다", "첫 이용은 직원과 함께 시작합니다")
	form := confirm.Form("/bookings")
	form.Set("purpose", "시제품")
	c.Post("/bookings", form).Is(422).Has(`role="alert"`, `value="시제품"`, "소공인")
	form.Set("declares", "yes")
	c.Post("/bookings", form).Follow().Is(200).Has("신청을 받았습니다")
}

// TestPeopleAndAttendee: asked only where more than one may come; who comes instead is folded away.
func TestPeopleAndAttendee(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	holdOf(c, pagetest.Laser, s.At(1, 9, 0), "60").Lacks(`name="people"`)
	form := holdOf(c, pagetest.Studio, s.At(1, 14, 0), "60").Has(`name="people"`, "6명까지", `name="attendee_name"`, "<details").Form("/bookings")
	form.Set("people", "7")
	c.Post("/bookings", form).Is(422).Has(`role="alert"`, `value="7"`, "6명")
	form.Set("people", "여럿")
	c.Post("/bookings", form).Is(422).Has("인원은 1명부터 6명까지 숫자로", `aria-invalid="true"`)
	form.Set("people", "3")
	form.Set("attendee_phone", "010-0000-1234")
	c.Post("/bookings", form).Is(422).Has(`id="f-attendee_name-error"`, `<details class="card folded" open>`)
	form.Set("attendee_name", "딸")
	c.Post("/bookings", form).Follow().Is(200).Has("3명", "딸")
}

// TestHostileText: what people write is shown and never runs.
func TestHostileText(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	evil := url.Values{"purpose": {"<script>alert(1)</script>"}, "attendee_name": {`"><img src=x onerror=alert(2)>`}, "help": {"</textarea><b onclick=alert(3)>"}}
	path := booked(c, pagetest.Studio, s.At(1, 14, 0), "60", evil)
	for _, p := range []string{path, path + "/done", path + "/slip", path + "/qr", path + "/cancel", "/bookings", "/en" + path, "/en" + path + "/done"} {
		page := c.Get(p).Is(200).Lacks("<script>alert", "<img src=x", "<b onclick")
		if len(page.Elements("script")) > 1 {
			t.Errorf("%s has %d scripts", p, len(page.Elements("script")))
		}
	}
	c.Get(path).Has("&lt;script&gt;alert(1)&lt;/script&gt;")
}
