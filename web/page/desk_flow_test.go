package page_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"rsc.io/qr"

	"gongbang/booking"
	"gongbang/store"
	"gongbang/web/page/pagetest"
)

func TestDeskFind(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 2)
	other := s.Book(pagetest.Citizen2, pagetest.Laser, s.At(1, 10, 0), 1)
	s.Book(pagetest.Citizen2, pagetest.Sewing, s.At(0, 16, 0), 1)
	s.Clock.Set(s.At(0, 10, 50))
	for _, q := range []string{b.Code, booking.ShowCode(b.Code), strings.ToLower(b.Code), "1001", "시민1", "https://gongbang.test/bookings/" + b.Code, "http://gongbang.test/en/bookings/" + b.ID, hangulKeys(strings.ToLower(b.Code))} {
		p := staff.Get(desk + "/find?q=" + url.QueryEscape(q)).Is(200)
		p.Has("시민1 님", "레이저 커팅기", "11:00~13:00", `class="result ok"`, "입실 확인")
		focus := p.Find(func(n *html.Node) bool { return pagetest.HasAttr(n, "autofocus") })
		if len(focus) != 1 || pagetest.Inner(focus[0]) != "입실 확인" {
			t.Errorf("%q: the focus is not on the button", q)
		}
	}
	staff.Get(desk + "/find?q=ㅅㅁ").Is(200).Has("시*1").Lacks(inFull...) // several: masked
	staff.Get(desk+"/find?q="+other.Code).Is(200).Has(`class="result danger"`, "오늘 예약이 아닙니다: 1. 9.(수) 10:00~11:00")
	staff.Get(desk+"/find?q=0000").Is(200).Has("찾지 못했습니다", "현장 접수")
	staff.Get(desk + "/find").Is(200).Has("autofocus")
	staff.Get("/en"+desk+"/find?q="+b.Code).Is(200).Has("Check in", "11:00–13:00").Lacks("⟦")
	form := staff.Get(desk + "/find?q=" + b.Code).Form(cardOf(b) + "/check-in")
	staff.Post(cardOf(b)+"/check-in", form).Follow().Has("입실을 확인했습니다")
	staff.Get(desk+"/find?q="+b.Code).Is(200).Has(`class="result danger"`, "이미 입실하셨습니다. (10:50)")
	s.As(pagetest.Admin).Get("/desk/" + pagetest.Gangseo + "/find?q=" + b.Code).Has("찾지 못했습니다")
}

// hangulKeys is what a keyboard set to Korean makes of typed letters.
func hangulKeys(s string) string {
	keys := map[rune]rune{}
	for i, k := range "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml" {
		keys[k] = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ")[i]
	}
	return strings.Map(func(r rune) rune {
		if k, ok := keys[r]; ok {
			return k
		}
		return r
	}, s)
}

func TestDeskWalkIn(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 12, 0), 1)
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 12, 0), 1)
	path := desk + "/walk-in"
	staff.Get(path).Is(200).Has("12:00까지 비어 있습니다")
	step := staff.Get(path + "?machine=" + pagetest.Laser + "&unit=1").Is(200).Form(path)
	bad := url.Values{}
	for k, v := range step {
		bad[k] = v
	}
	bad.Set("phone", "12")
	staff.Post(path, bad).Is(422).Has("전화번호는 숫자", `value="12"`)
	step.Set("phone", "010-0000-4444")
	p := staff.Post(path, step).Is(200).Has("처음 오신 분입니다", "30분", "1시간").Lacks(`value="120"`, "⟦")
	form := p.Form(path)
	if len(form["key"]) != 1 {
		t.Fatal("there is no key")
	}
	staff.Post(path, form).Is(422).Has(`id="f-name"`, `aria-invalid="true"`) // no name, no consent
	form.Set("name", "<b>시민77")
	form.Set("consent", "counter")
	form.Set("minutes", "60")
	first := staff.Post(path, form).To()
	if again := staff.Post(path, form).To(); again != first {
		t.Errorf("pressing twice leads to %s and %s", first, again)
	}
	u, _ := url.Parse(first)
	b := deskStatus(t, s, found(t, s, u.Query().Get("last")), booking.CheckedIn)
	if b.Unit != 1 || b.Interval().Minutes() != 60 || b.Origin != booking.WalkIn {
		t.Errorf("%+v", b.Booking)
	}
	staff.Get(first).Is(200).Has("이용을 시작했습니다").Lacks("시민77", "4444")
	known := staff.Get(path + "?machine=" + pagetest.Sewing + "&unit=2").Form(path)
	known.Set("phone", "010-0000-1001")
	p = staff.Post(path, known).Is(200).Has("시민1 님", "등록된 분입니다").Lacks(`name="name"`)
	staff.Post(path, p.Form(path)).To()
	nobody := staff.Get(path + "?machine=" + pagetest.Sewing + "&unit=3").Form(path)
	p = staff.Post(path, nobody).Is(200).Lacks(`name="consent"`)
	form = p.Form(path)
	form.Set("name", "시민78")
	form.Set("at", "09:30")
	staff.Post(path, form).To()
	staff.Get(path).Has("지금 다른 분이 쓰고 계십니다")
	if to := staff.Post(path, url.Values{"equipment_id": {pagetest.CNC}, "unit": {"1"}, "step": {"start"}}).To(); to != path {
		t.Errorf("another center's machine leads to %s", to)
	}
}

// TestDeskWalkInAgainstARule: a rule that refuses can be waived with a reason, which is kept.
func TestDeskWalkInAgainstARule(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Now: time.Date(2030, 1, 8, 18, 30, 0, 0, pagetest.KST)})
	staff := s.As(pagetest.Staff)
	path := desk + "/walk-in"
	form := staff.Post(path, staff.Get(path+"?machine="+pagetest.Laser+"&unit=1").Form(path)).Form(path)
	form.Set("name", "시민79")
	p := staff.Post(path, form).Is(422).Has("문을 여는 시간이 아닙니다", `name="override"`, "시민79")
	form = p.Form(path)
	form.Set("override", "늦게까지 연 날")
	u, _ := url.Parse(staff.Post(path, form).To())
	if b := found(t, s, u.Query().Get("last")); b.Details.Override != "늦게까지 연 날" {
		t.Errorf("%+v", b.Details)
	}
}

func TestDeskPhoneBooking(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	path := desk + "/phone"
	form := staff.Get(path).Is(200).Form(path)
	form.Set("phone", "010-0000-5555")
	p := staff.Post(path, form).Is(200).Has("처음 오신 분입니다", "통화로 동의하셨습니다").Lacks("⟦")
	form = p.Form(path)
	form.Set("equipment_id", pagetest.Laser)
	form.Set("date", "2030-01-13") // a Sunday
	form.Set("length", "120")
	staff.Post(path, form).Is(422).Has(`id="f-name"`)
	form.Set("name", "시민80")
	form.Set("consent", "phone")
	staff.Post(path, form).Is(200).Has("비어 있는 시간이 없습니다", "시민80")
	form.Set("date", "2030-01-09")
	p = staff.Post(path, form).Is(200).Has("09:00~11:00", "16:00~18:00").Lacks("17:00~19:00")
	form = p.Form(path)
	form.Set("purpose", "견본")
	first := staff.Post(path, form).To()
	if again := staff.Post(path, form).To(); again != first {
		t.Errorf("pressing twice leads to %s and %s", first, again)
	}
	id := strings.TrimSuffix(strings.TrimPrefix(first, desk+"/bookings/"), "/said")
	b := deskStatus(t, s, found(t, s, id), booking.Confirmed)
	if b.Origin != booking.AtDesk || b.Interval().Minutes() != 120 || b.Details.Consent != "phone" || b.Details.Purpose != "견본" {
		t.Errorf("%+v", b.Booking)
	}
	said := staff.Get(first).Is(200).Has("이렇게 읽어 주세요", "시민80 님", "오전 9:00 ~ 11:00", strings.Join(strings.Split(b.Code[:4], ""), " "))
	said.Lacks("⟦")
	staff.Get("/en"+first).Is(200).Has("Please read this aloud", "9:00–11:00 AM")
	staff.Get("/en" + path).Is(200).Lacks("⟦")
}

func TestDeskOutage(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	now := checkedIn(t, s, pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 2)
	hit := s.Book(pagetest.Citizen2, pagetest.Laser, s.At(0, 15, 0), 1)
	path := desk + "/outage"
	form := staff.Get(path + "?machine=" + url.QueryEscape(pagetest.Laser+" 0")).Is(200).Form(path)
	form.Set("time", "09:00")
	staff.Post(path, form).Is(422).Has(`aria-invalid="true"`)
	form.Set("time", "17:00")
	form.Set("more", "<i>연기")
	p := staff.Post(path, form).Is(200).Has("아직 저장하지 않았습니다", "예약 2건", "&lt;i&gt;연기", "이대로 저장하기").Lacks(inFull...)
	deskStatus(t, s, hit, booking.Confirmed) // a look changes nothing
	save := p.Form(path)
	staff.Post(path, save).Is(200).Has("저장했습니다", "이용을 끝냄", "센터 사정으로 취소").Lacks(inFull...)
	deskStatus(t, s, hit, booking.Cancelled)
	if v := deskStatus(t, s, now, booking.Completed); v.Details.Cause != "center" {
		t.Errorf("%+v", v.Details)
	}
	staff.Post(path, save).Is(200).Has("이미 저장한 신고입니다")
	board := staff.Get(desk).Has("고장")
	board.Lacks("<i>연기")
	list := staff.Get(path).Is(200).Has("다시 쓸 수 있습니다", "작동하지 않습니다.").Lacks("It does not work")
	staff.Get("/en"+path).Has("It does not work.", "연기").Lacks("작동하지 않습니다. /")
	var end string
	for _, f := range list.Elements("form") {
		if a := pagetest.Attr(f, "action"); strings.HasSuffix(a, "/end") {
			end = a
		}
	}
	s.Clock.Add(time.Minute)
	staff.Post(end, list.Form(end)).Follow().Is(200).Has("다시 쓸 수 있게 열었습니다")
	staff.Get(path).Has("고장이나 점검 중인 장비가 없습니다")
	staff.Get("/en" + path).Is(200).Lacks("⟦")
}

func TestDeskPaper(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	var b []*booking.View
	for i := range 4 {
		b = append(b, s.Book([]pagetest.Who{pagetest.Citizen, pagetest.Citizen2}[i%2], pagetest.Sewing, s.At(0, 11, 0), 2))
	}
	late := s.Book(pagetest.Manager, pagetest.Laser, s.At(0, 15, 0), 1)
	s.Clock.Set(s.At(0, 14, 0))
	path := desk + "/paper"
	staff.Get(path).Is(200).Has("11:00~<wbr>13:00").Lacks(late.ID, "⟦").Lacks(inFull...)
	form := url.Values{}
	form.Set("came."+b[0].ID, "11:05")
	form.Set("left."+b[0].ID, "1240")
	form.Set("noshow."+b[1].ID, "yes")
	form.Set("came."+b[2].ID, "11:10")
	form.Set("left."+b[2].ID, "11:00") // before they came
	p := staff.Post(path, form).Is(422).Has("1줄을 저장하지 못했습니다", "2줄은 저장했습니다", "끝난 시각이 입실 시각보다 뒤여야", `value="11:10"`)
	uniqueIDs(t, p)
	v := deskStatus(t, s, b[0], booking.Completed)
	if !v.CheckedInAt.Equal(s.At(0, 11, 5)) || !v.EndedAt.Equal(s.At(0, 12, 40)) {
		t.Errorf("from %s to %s", v.CheckedInAt, v.EndedAt)
	}
	deskStatus(t, s, b[1], booking.NoShow)
	deskStatus(t, s, b[2], booking.Confirmed)
	deskStatus(t, s, b[3], booking.Confirmed) // nothing was written for it
	for field, want := range map[string]string{"came": "13:30", "left": "12:00"} {
		staff.Post(path, url.Values{field + "." + b[2].ID: {want}}).Is(422).Has(`role="alert"`)
		deskStatus(t, s, b[2], booking.Confirmed)
	}
	staff.Post(path, url.Values{"came." + b[2].ID: {"11:10"}, "left." + b[2].ID: {"18:00"}}).Is(422).Has("지금보다 뒤")
	deskStatus(t, s, b[2], booking.Confirmed)
	staff.Post(path, url.Values{"came." + b[2].ID: {"11:10"}}).Follow().Has("종이 기록을 저장했습니다")
	deskStatus(t, s, b[2], booking.CheckedIn)
	staff.Post(path, url.Values{"left." + b[2].ID: {"13:00"}}).To()
	deskStatus(t, s, b[2], booking.Completed)
	staff.Get("/en" + path).Is(200).Lacks("⟦")
}

func TestDeskSheet(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 2)
	staff.Get(desk+"/sheet").Is(200).Has("시*1", "서명", "010-****-1001", "11:00~13:00").Lacks(inFull...)
	staff.Get(desk+"/sheet?names=full").Is(200).Has("시민1", "010-0000-1001", "기록에 남습니다")
	staff.Get(desk + "/sheet?date=2030-01-09").Is(200).Lacks("시*1")
	staff.Get(desk + "/sheet?date=x").Is(422)
	staff.Get("/en" + desk + "/sheet").Is(200).Has("Signature").Lacks("⟦")
}

// photo is a QR code as a camera sees it: a grey picture with a border, as a JPEG.
func photo(t *testing.T, text string) []byte {
	t.Helper()
	code, err := qr.Encode(text, qr.M)
	noErr(t, err)
	const scale, border = 6, 60
	side := code.Size*scale + 2*border
	m := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			shade := color.Gray{Y: 225}
			if code.Black((x-border)/scale, (y-border)/scale) && x >= border && y >= border {
				shade.Y = 30
			}
			m.SetGray(x, y, shade)
		}
	}
	var b bytes.Buffer
	noErr(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 60}))
	return b.Bytes()
}

// frame posts a picture as the page's script does.
func frame(s *pagetest.Site, c *pagetest.Client, kind string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, desk+"/scan", bytes.NewReader(body))
	r.Header.Set("Content-Type", kind)
	for name, value := range c.Cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	s.API.ServeHTTP(w, r)
	return w
}

func TestDeskScan(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 10, 30).Add(30*time.Minute), 1)
	s.Clock.Set(s.At(0, 11, 0))
	page := staff.Get(desk+"/scan").Is(200).Has(`id="scan"`, "찾기").Lacks("⟦")
	if policy := page.Header.Get("Permissions-Policy"); !strings.Contains(policy, "camera=(self)") {
		t.Errorf("the camera is not allowed: %q", policy)
	}
	w := frame(s, staff, "image/jpeg", photo(t, "http://gongbang.test/bookings/"+b.Code))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "/find?q=http%3A%2F%2Fgongbang.test%2Fbookings%2F"+b.Code) {
		t.Fatalf("answers %d %s", w.Code, w.Body)
	}
	to := strings.TrimSuffix(strings.TrimPrefix(w.Body.String(), `{"to":"`), `"}`)
	staff.Get(to).Is(200).Has(`class="result ok"`, "시민1 님")
	blank := image.NewGray(image.Rect(0, 0, 320, 240))
	var empty, huge bytes.Buffer
	noErr(t, jpeg.Encode(&empty, blank, nil))
	noErr(t, png.Encode(&huge, image.NewGray(image.Rect(0, 0, 5000, 5000))))
	for name, x := range map[string]struct {
		kind string
		body []byte
		want int
	}{
		"no code":     {"image/jpeg", empty.Bytes(), http.StatusNoContent},
		"no picture":  {"image/jpeg", []byte("hello"), http.StatusBadRequest},
		"a bomb":      {"image/png", huge.Bytes(), http.StatusBadRequest},
		"no image":    {"text/plain", []byte("hello"), http.StatusUnsupportedMediaType},
		"far too big": {"image/jpeg", make([]byte, 70<<10), http.StatusRequestEntityTooLarge},
	} {
		if w := frame(s, staff, x.kind, x.body); w.Code != x.want {
			t.Errorf("%s answers %d, want %d: %.200s", name, w.Code, x.want, w.Body)
		}
	}
}

func TestDeskLooksAreLogged(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 2)
	before := looks(t, s, b.ID)
	staff.Get(desk)
	staff.Get(desk + "/sheet")
	if n := looks(t, s, b.ID); n != before {
		t.Errorf("masked pages logged %d looks", n-before)
	}
	staff.Get(cardOf(b))
	staff.Get(desk + "/sheet?names=full")
	if n := looks(t, s, b.ID); n != before+2 {
		t.Errorf("%d looks are logged, want 2", n-before)
	}
}

func looks(t *testing.T, s *pagetest.Site, id string) int {
	t.Helper()
	n, err := s.DB.Audit(context.Background(), store.AuditFilter{Action: "booking.look", Subject: id, Limit: 100})
	noErr(t, err)
	return len(n)
}
