package page_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

const laserRules = "/manage/machines/" + pagetest.Laser + "/rules"

func machineNow(t *testing.T, s *pagetest.Site, id string) (*booking.Catalog, *booking.Equipment) {
	t.Helper()
	c, err := s.Bookings.Catalog(t.Context())
	noErr(t, err)
	e, _ := c.Machine(id)
	return c, e
}

// TestAdminRules: a change is seen before it is saved, takes effect at the next
// opening, and can be taken back until then.
func TestAdminRules(t *testing.T) {
	s := pagetest.New(t)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(2, 11, 0), 4)
	m := s.As(pagetest.Manager)
	p := m.Get(laserRules).Is(200).Has("지금 규칙", "비워 두신 값은 센터의 규칙을").Lacks("⟦", "되돌리기")
	if day := valueOf(t, p, "from_date"); day != "2030-01-09" {
		t.Errorf("the change is to begin on %q, want the day of the next opening", day)
	}
	change := url.Values{"max_minutes": {"120"}, "opens_n": {"7"}, "opens_unit": {"days"}, "opens_at": {"10:00"}, "limits": {"own"},
		"limit0.max": {"3"}, "limit0.count": {"upcoming"}, "limit0.over": {"center"}, "grace": {"minutes"}, "grace_minutes": {"20"}}
	p = adminPress(t, m, laserRules, change).Is(200)
	p.Has("이렇게 됩니다", "예약 1건이 영향을 받습니다", "/bookings/"+b.ID, "그날부터 7일", "예약 시간이 너무 깁니다").Lacks("⟦", "시민1")
	if n := len(p.Elements("caption")); n != 1 {
		t.Errorf("%d tables of days", n)
	}
	secondPress(t, m, p, laserRules, nil).Is(200).Has("그대로 둠")
	c, e := machineNow(t, s, pagetest.Laser)
	if e.Policy.MaxMinutes != 240 {
		t.Error("the rules changed before their time")
	}
	v := c.MachineRules(e, s.Clock.Now())
	if len(v.Coming) != 1 || !v.Coming[0].EffectiveFrom.Equal(s.At(1, 0, 0)) {
		t.Fatalf("what comes is %+v", v.Coming)
	}
	s.Clock.Set(s.At(1, 9, 0))
	_, e = machineNow(t, s, pagetest.Laser)
	if got := e.Policy; got.MaxMinutes != 120 || got.Opens != (booking.When{Unit: booking.Days, N: 7, At: 600}) || len(got.Limits) != 1 || got.Limits[0].Count != "upcoming" || *got.CheckIn.GraceMinutes != 20 {
		t.Errorf("the rules are %+v", got)
	}
	m = s.As(pagetest.Manager) // the session of the day before is over
	p = m.Get(laserRules).Is(200)
	for name, want := range map[string]string{"max_minutes": "120", "opens_n": "7", "opens_at": "10:00", "limit0.max": "3", "grace_minutes": "20"} {
		if got := valueOf(t, p, name); got != want {
			t.Errorf("%s shows %q, want %q", name, got, want)
		}
	}
	inEnglish(t, m, laserRules, ownCenter+"/rules")
	noKorean(t, adminPress(t, m, "/en"+laserRules, url.Values{"max_minutes": {"60"}}).Is(200).Lacks("⟦"))
}

func TestAdminRulesAreTakenBack(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	p := adminPress(t, m, laserRules, url.Values{"max_minutes": {"60"}, "min_minutes": {"60"}}).Is(200)
	secondPress(t, m, p, laserRules, nil).Follow().Is(200).Has("규칙을 저장했습니다", "예정된 변경")
	m.Post(laserRules+"/undo", m.Get(laserRules).Form(laserRules+"/undo")).Follow().Is(200).Has("되돌렸습니다").Lacks("<h2>예정된 변경")
	s.Clock.Add(48 * time.Hour)
	if _, e := machineNow(t, s, pagetest.Laser); e.Policy.MaxMinutes != 240 {
		t.Error("a change that was taken back took effect")
	}
	s.As(pagetest.Manager).Post(laserRules+"/undo", nil).Is(http.StatusConflict)
}

func TestAdminRulesAreRefused(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	for name, x := range map[string]struct {
		change url.Values
		field  string
	}{
		"no multiple": {url.Values{"max_minutes": {"90"}}, "f-max_minutes-error"},
		"too much":    {url.Values{"slot_minutes": {"500"}}, "f-slot_minutes-error"},
		"no number":   {url.Values{"capacity": {"둘"}}, "f-capacity-error"},
		"no unit":     {url.Values{"opens_n": {"3"}}, "f-opens_unit-error"},
		"no span":     {url.Values{"limits": {"own"}, "limit0.max": {"3"}, "limit0.count": {"minutes"}}, "f-limit0-per-error"},
		"a span":      {url.Values{"limits": {"own"}, "limit0.max": {"3"}, "limit0.count": {"upcoming"}, "limit0.per": {"day"}}, "f-limit0-per-error"},
		"too far":     {url.Values{"cancel_until_n": {"9999"}, "cancel_until_unit": {"days"}}, "f-cancel_until_n-error"},
		"no key":      {url.Values{"certificate": {"refuse"}}, "f-certificate_key-error"},
		"long ago":    {url.Values{"from_date": {"2020-01-01"}}, "f-from_date-error"},
		"no JSON":     {url.Values{"use_json": {"yes"}, "json": {"max_minutes: 60"}}, "f-json-error"},
		"no such key": {url.Values{"use_json": {"yes"}, "json": {`{"colour": 1}`}}, "f-json-error"},
		"a bad value": {url.Values{"use_json": {"yes"}, "json": {`{"max_minutes": 90}`}}, "f-json-error"},
	} {
		t.Run(name, func(t *testing.T) {
			x.change.Set("buffer_minutes", "7")
			adminPress(t, m, laserRules, x.change).Is(422).Has(x.field, `value="7"`, `role="alert"`).Lacks("⟦")
		})
	}
	adminPress(t, m, laserRules, url.Values{"use_json": {"yes"}, "json": {`{"max_minutes": 90}`}}).Has("max_minutes: ")
	cutter := "/manage/machines/" + pagetest.Cutter + "/rules"
	p := adminPress(t, m, cutter, url.Values{"use_json": {"yes"}, "json": {`{"max_minutes": 240}`}, "from_date": {""}, "from_time": {""}})
	secondPress(t, m, p, cutter, nil).Follow().Is(200)
	adminPress(t, m, ownCenter+"/rules", url.Values{"min_minutes": {"300"}, "max_minutes": {"300"}}).Is(422).Has("자동재단기 · max_minutes: ")
	m.Get("/manage/machines/" + pagetest.CNC + "/rules").Is(http.StatusForbidden)
	m.Get("/manage/centers/" + pagetest.Gangseo + "/rules").Is(http.StatusForbidden)
	s.As(pagetest.Staff).Get(laserRules).Is(http.StatusForbidden)
}

// TestAdminRulesOfACenter: what has no field stays, and JSON says everything.
func TestAdminRulesOfACenter(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	path := ownCenter + "/rules"
	save := func(change url.Values) {
		t.Helper()
		secondPress(t, m, adminPress(t, m, path, change), path, nil).Follow().Is(200)
	}
	save(url.Values{"use_json": {"yes"}, "json": {`{"hold": {"minutes": 7}, "capacity": 2}`}, "from_date": {""}, "from_time": {""}})
	m.Get(path).Has("<code>hold</code>")
	save(url.Values{"capacity": {"3"}, "from_date": {""}, "from_time": {""}})
	_, e := machineNow(t, s, pagetest.Laser)
	if e.Policy.Hold.Minutes != 7 || e.Policy.Capacity != 3 {
		t.Errorf("the rules are %+v", e.Policy)
	}
	p := adminPress(t, m, path, url.Values{"capacity": {"1"}})
	if n := strings.Count(p.Body, "<summary>"); n < 3 {
		t.Errorf("%d machines are shown", n)
	}
	p.Has("바뀜")
}
