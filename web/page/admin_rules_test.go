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
	change := url.Values{"max_minutes": {"120"}, "window.opens": {"7"}, "window.opens.unit": {"days"}, "window.opens.at": {"10:00"}, "limits": {"own"},
		"limits.1.max": {"3"}, "limits.1.count": {"upcoming"}, "limits.1.over": {"center"}, "grace": {"minutes"}, "check_in.grace_minutes": {"20"}}
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
	for name, want := range map[string]string{"max_minutes": "120", "window.opens": "7", "window.opens.at": "10:00", "limits.0.max": "3", "check_in.grace_minutes": "20"} {
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
	undo := m.Get(laserRules).Has("한 번에 1시간 동안 예약하실 수 있습니다.", "한 번에 1시간부터 4시간까지 예약하실 수 있습니다.").Form(laserRules + "/undo")
	m.Post(laserRules+"/undo", undo).Is(422).Has("f-why1-error", "규칙 바꾸기").Lacks("⟦")
	undo.Set("why1", "의견을 더 듣습니다")
	m.Post(laserRules+"/undo", undo).Follow().Is(200).Has("되돌렸습니다").Lacks("<h2>예정된 변경")
	m.Post(laserRules+"/undo", undo).Is(http.StatusConflict)
	s.Clock.Add(48 * time.Hour)
	if _, e := machineNow(t, s, pagetest.Laser); e.Policy.MaxMinutes != 240 {
		t.Error("a change that was taken back took effect")
	}
}

// TestAdminRulesOfACenterAreTakenBack: what a center plans is told by machine, one change is taken back alone.
func TestAdminRulesOfACenterAreTakenBack(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	path := ownCenter + "/rules"
	plan := func(day, capacity string) *pagetest.Page {
		t.Helper()
		p := adminPress(t, m, path, url.Values{"capacity": {capacity}, "from_date": {day}, "from_time": {""}})
		return secondPress(t, m, p, path, nil).Follow().Is(200)
	}
	plan("2030-01-20", "2")
	plan("2030-02-20", "3").Has("2. 20.", "레이저 커팅기", "2명", "3명")
	inEnglish(t, m, path)
	undo := m.Get(path).Form(path + "/undo")
	undo.Set("why1", "의견을 더 듣습니다")
	m.Post(path+"/undo", undo).Follow().Is(200).Has("2. 20.", "3명").Lacks("1. 20.", "2명")
	m.Get(laserRules).Is(200).Lacks("<h2>예정된 변경") // the machine itself planned nothing
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
		"no unit":     {url.Values{"window.opens": {"3"}}, "f-window-opens-unit-error"},
		"no span":     {url.Values{"limits": {"own"}, "limits.1.max": {"3"}, "limits.1.count": {"minutes"}}, "f-limits-1-per-error"},
		"a span":      {url.Values{"limits": {"own"}, "limits.0.max": {"3"}, "limits.0.count": {"upcoming"}, "limits.0.per": {"day"}}, "f-limits-0-per-error"},
		"not chosen":  {url.Values{"limits.0.max": {"3"}}, "f-limits-error"},
		"too far":     {url.Values{"cancel_until": {"9999"}, "cancel_until.unit": {"days"}}, "f-cancel_until-error"},
		"no key":      {url.Values{"requires_certificate": {"refuse"}}, "f-requires_certificate-key-error"},
		"too old":     {url.Values{"age": {"years"}, "min_age": {"200"}}, "f-min_age-error"},
		"no order":    {url.Values{"no_show": {"own"}, "steps.0.count": {"3"}, "steps.0.suspend": {"7"}, "steps.1.count": {"2"}, "steps.1.suspend": {"1"}}, "f-steps-1-count-error"},
		"half a step": {url.Values{"no_show": {"own"}, "steps.0.count": {"3"}, "steps.0.suspend": {"7"}, "steps.1.count": {"5"}}, "f-steps-1-suspend-error"},
		"too long":    {url.Values{"no_show": {"own"}, "steps.1.count": {"3"}, "steps.1.suspend": {"500"}, "steps.1.suspend.unit": {"months"}}, "f-steps-1-suspend-error"},
		"no end":      {url.Values{"no_show": {"own"}, "ending": {"own"}}, "f-no_show-points_expire-error"},
		"said twice":  {url.Values{"reminders": {"own"}, "reminder_hours_before": {"24, 24"}}, "f-reminder_hours_before-error"},
		"no hours":    {url.Values{"reminders": {"own"}, "reminder_hours_before": {"하루"}}, "f-reminder_hours_before-error"},
		"no lane":     {url.Values{"lanes": {"own"}, "lanes.0.admits": {"anyone"}}, "f-lanes-0-units-error"},
		"for nobody":  {url.Values{"lanes": {"own"}, "lanes.0.units": {"1"}}, "f-lanes-0-admits-error"},
		"no times":    {url.Values{"lanes": {"own"}, "lanes.0.times": {"9시부터"}, "lanes.0.admits": {"desk"}}, "f-lanes-0-times-error"},
		"too soon":    {url.Values{"lanes": {"own"}, "lanes.0.units": {"1"}, "lanes.0.due": {"999"}}, "f-lanes-0-due-error"},
		"drawn early": {url.Values{"allocation": {"lottery"}, "allocation.lottery.apply_until_days_before": {"3"}, "allocation.lottery.draw_days_before": {"5"}}, "f-allocation-lottery-draw_days_before-error"},
		"held long":   {url.Values{"hold.minutes": {"90"}}, "f-hold-minutes-error"},
		"long ago":    {url.Values{"from_date": {"2020-01-01"}}, "f-from_date-error"},
	} {
		t.Run(name, func(t *testing.T) {
			x.change.Set("buffer_minutes", "7")
			adminPress(t, m, laserRules, x.change).Is(422).Has(x.field, `value="7"`, `role="alert"`).Lacks("⟦")
		})
	}
	cutter := "/manage/machines/" + pagetest.Cutter + "/rules"
	p := adminPress(t, m, cutter, url.Values{"slot_minutes": {""}, "min_minutes": {""}, "max_minutes": {"240"}, "from_date": {""}, "from_time": {""}})
	secondPress(t, m, p, cutter, nil).Follow().Is(200)
	adminPress(t, m, ownCenter+"/rules", url.Values{"min_minutes": {"300"}, "max_minutes": {"300"}}).Is(422).Has("자동재단기 · 가장 긴 예약 (분): ")
	m.Get("/manage/machines/" + pagetest.CNC + "/rules").Is(http.StatusForbidden)
	m.Get("/manage/centers/" + pagetest.Gangseo + "/rules").Is(http.StatusForbidden)
	s.As(pagetest.Staff).Get(laserRules).Is(http.StatusForbidden)
}

// TestAdminRulesOfACenter: the preview shows each machine of the center.
func TestAdminRulesOfACenter(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	path := ownCenter + "/rules"
	p := adminPress(t, m, path, url.Values{"capacity": {"1"}, "hold.minutes": {"7"}, "from_date": {""}, "from_time": {""}})
	if n := strings.Count(p.Body, "<summary>"); n < 3 {
		t.Errorf("%d machines are shown", n)
	}
	p.Has("바뀜")
	secondPress(t, m, p, path, nil).Follow().Is(200)
	if _, e := machineNow(t, s, pagetest.Laser); e.Policy.Hold.Minutes != 7 || e.Policy.Capacity != 1 {
		t.Errorf("the rules are %+v", e.Policy)
	}
}

// TestAdminRulesHaveMoreRows: a button adds empty rows and keeps what was written.
func TestAdminRulesHaveMoreRows(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	for list, field := range map[string]string{"limits": "max", "steps": "count", "lanes": "units"} {
		form := m.Get(laserRules).Is(200).Form(laserRules)
		form.Set("more", list)
		form.Set(list+".0."+field, "12345")
		p := m.Post(laserRules, form).Is(200).Has("규칙 바꾸기", `value="12345"`).Lacks("⟦", `role="alert"`)
		rows := 0
		for name := range p.Form(laserRules) {
			if strings.HasPrefix(name, list+".") && strings.HasSuffix(name, "."+field) {
				rows++
			}
		}
		if want := map[string]int{"limits": 4, "steps": 4, "lanes": 3}[list]; rows != want {
			t.Errorf("%d rows of %s, want %d", rows, list, want)
		}
		uniqueIDs(t, p)
	}
}
