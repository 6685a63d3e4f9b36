package page_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"gongbang/web/page/pagetest"
)

func TestHome(t *testing.T) {
	s := pagetest.New(t)
	p := s.As(pagetest.Nobody).Get("/").Is(200)
	p.Has("<title>어떤 장비가 필요하세요? – 부산 공동작업장 예약</title>", `lang="ko"`, "장비 7대", "지금 7대 이용 가능", "사하 신발 공동작업장",
		"지금은 운영 시간이 아닙니다", `href="/en/"`, `href="/search?sector=shoes"`, "82510000100", "051-000-0100")
	p.Lacks("다시 예약하기", "시연")
	s.As(pagetest.Nobody).Get("/en/").Is(200).Has("<title>Which machine do you need? – Busan Shared Workshops</title>", `lang="en"`, "7 machines", "7 free now", `href="/"`)
}

func TestHomeFilters(t *testing.T) {
	s := pagetest.New(t)
	p := s.As(pagetest.Nobody).Get("/?operator=coop").Is(200).Has("수영 공예 공방", "센터 3곳", "센터 1곳을 보여 드립니다.").Lacks("사하 신발 공동작업장")
	p.Has(`value="coop" selected>`)
	s.As(pagetest.Nobody).Get("/?operator=coop&district=" + url.QueryEscape("사하구")).Is(200).Has("고르신 조건에 맞는 센터가 없습니다")
}

func TestHomeBookAgain(t *testing.T) {
	s := pagetest.New(t)
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 14, 0), 2)
	c := s.As(pagetest.Citizen)
	p := c.Get("/").Is(200).Has("다시 예약하기", "레이저 커팅기", "지난번: 2시간", "다가오는 예약:", "오후 2:00 ~ 4:00")
	form := p.Form("/holds")
	start, err := time.Parse(time.RFC3339, form.Get("starts_at"))
	if err != nil || form.Get("equipment_id") != pagetest.Laser || !start.Equal(s.At(0, 11, 0)) {
		t.Errorf("the first button offers %v (%v)", form, err)
	}
	if end, _ := time.Parse(time.RFC3339, form.Get("ends_at")); end.Sub(start) != 2*time.Hour {
		t.Errorf("it lasts %v", end.Sub(start))
	}
	if !strings.Contains(p.Text(), "오늘 오전 11:00 예약") {
		t.Error(p.Text())
	}
	s.As(pagetest.Citizen2).Get("/").Is(200).Lacks("다시 예약하기", "다가오는")
}
