package page_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongbang/testdata"
	"gongbang/web/page/pagetest"
)

func hits(p *pagetest.Page) (names []string) {
	for _, n := range p.Find(func(n *html.Node) bool { return n.Data == "h2" && n.Parent.Data == "li" }) {
		names = append(names, pagetest.Inner(n))
	}
	return names
}

func TestSearchFinds(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Nobody)
	for q, want := range map[string]string{
		"레이저": "레이저 커팅기", "ㄹㅇㅈ": "레이저 커팅기", "laser": "레이저 커팅기", "미싱": "공업용 재봉기", "쓰리디프린터": "3D 프린터",
	} {
		if got := hits(c.Get("/search?q=" + url.QueryEscape(q)).Is(200)); len(got) == 0 || got[0] != want {
			t.Errorf("%s finds %v", q, got)
		}
	}
	c.Get("/search?q=zzz").Has("장비 0대", "찾는 장비가 없습니다", "051-000-0100로 전화해 주세요", "많이 찾는 장비", "공업용 재봉기")
	c.Get("/search").Has("장비 7대", "가장 빠른 시간 오늘 오전 11:00", "1시간 2,000원", "무료", "센터 확인 뒤 확정", "첫 이용은 직원과 함께", "전화로 예약 051-000-0103")
}

func TestSearchFilters(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Nobody)
	p := c.Get("/search?sector=shoes&category=sewing&category=marking").Is(200).Has("장비 2대")
	if got := hits(p); len(got) != 2 {
		t.Errorf("%v", got)
	}
	tags := p.Find(func(n *html.Node) bool {
		return n.Data == "a" && n.Parent.Parent != nil && pagetest.Attr(n.Parent.Parent, "class") == "tags"
	})
	if len(tags) != 3 || !strings.Contains(pagetest.Inner(tags[0]), "재봉") {
		t.Fatalf("%d tags", len(tags))
	}
	if href := pagetest.Attr(tags[0], "href"); href != "/search?category=marking&sector=shoes" {
		t.Errorf("the tag leads to %s", href)
	}
	c.Get(pagetest.Attr(tags[0], "href")).Has("장비 1대")
	checked := p.Find(func(n *html.Node) bool { return n.Data == "input" && pagetest.HasAttr(n, "checked") })
	if len(checked) != 3 {
		t.Errorf("%d boxes are ticked", len(checked))
	}
	c.Get("/search?sector=shoes&category=additive").Has("장비 0대")
	c.Get("/search?from=-5").Is(200)
	c.Get("/search?from=9999").Is(200)
}

func TestSearchPages(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Catalog: testdata.Seoul, Now: time.Date(2026, 11, 24, 10, 5, 0, 0, pagetest.KST)})
	c := s.As(pagetest.Citizen)
	seen, path := map[string]bool{}, "/search?category=sewing"
	for pages := 0; path != ""; pages++ {
		p := c.Get(path).Is(200)
		if len(p.Body) > 60<<10 || pages > 10 {
			t.Fatalf("page %d has %d bytes", pages, len(p.Body))
		}
		path = ""
		for _, n := range p.Find(func(n *html.Node) bool { return n.Data == "a" }) {
			href := pagetest.Attr(n, "href")
			if strings.HasPrefix(href, "/machines/") {
				seen[href] = true
			}
			if pagetest.Inner(n) == "더 보기" {
				path = href
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("%d machines are shown", len(seen))
	}
}

// TestRequirementChips: what the engine says of the person stands on the card.
func TestRequirementChips(t *testing.T) {
	s := pagetest.New(t)
	path := "/search?q=CNC"
	s.As(pagetest.Nobody).Get(path).Has("첫 이용은 직원과 함께", "이용 대상: 소공인")
	s.As(pagetest.Citizen).Get(path).Has("첫 이용은 직원과 함께")
	giveCertificate(t, s, pagetest.Citizen, "cnc")
	s.As(pagetest.Citizen).Get(path).Has("교육 이수 완료").Lacks("첫 이용은")
}

func TestCenterPage(t *testing.T) {
	s := pagetest.New(t)
	p := s.As(pagetest.Nobody).Get("/centers/" + pagetest.Gangseo).Is(200)
	p.Has("강서 금속 공동작업장", "오전 8:00 ~ 오후 8:00", "쉽니다", "소공인", "처음 오실 때 직원이 확인합니다", "051-000-0102", "CNC 조각기", "공휴일에는 쉽니다")
	s.As(pagetest.Nobody).Get("/en/centers/"+pagetest.Suyeong).Is(200).Has("Suyeong Craft Room", "Open on public holidays too", "mailto:craft@demo.test", "Book by phone 051-000-0103", "1:00–9:00 PM")
	s.As(pagetest.Nobody).Get("/centers/none").Is(404)
}

// TestFreeNowAndEarliest: the counts on the start page and the first free start
// follow what is booked.
func TestFreeNowAndEarliest(t *testing.T) {
	s := pagetest.New(t)
	s.Book(pagetest.Citizen2, pagetest.Studio, s.At(0, 13, 0), 2)
	s.Book(pagetest.Citizen2, pagetest.Laser, s.At(0, 11, 0), 1)
	c := s.As(pagetest.Nobody)
	c.Get("/").Has("지금 7대 이용 가능")
	c.Get("/search?q=" + url.QueryEscape("스튜디오")).Has("가장 빠른 시간 오늘 오후 3:00")
	s.Clock.Set(s.At(0, 11, 30))
	c.Get("/").Has("지금 6대 이용 가능")
	s.Clock.Set(s.At(0, 19, 0)) // Saha is closed, Gangseo and Suyeong are open
	c.Get("/").Has("지금 4대 이용 가능", "지금 1대 이용 가능", "지금은 운영 시간이 아닙니다")
	c.Get("/search?q=" + url.QueryEscape("레이저")).Has("가장 빠른 시간 내일 오전 9:00")
}
