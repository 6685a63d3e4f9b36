package page_test

import (
	"context"
	"strconv"
	"testing"

	"gongbang/survey"
	"gongbang/web/page/pagetest"
)

// TestTogether: the machine that is used and disliked comes before the one that
// is liked, and those who waited long are told from those who did not.
func TestTogether(t *testing.T) {
	s := pagetest.New(t)
	januaryOf(t, s, 0) // the laser is used; the clock stands in February
	low, high := people(t, s, "l", 24), people(t, s, "h", 24)
	sewing := place{pagetest.Sewing, "sewing", pagetest.Saha}
	month(t, s, visits{laser, low, func(i int) map[string]any { return map[string]any{"overall": 1 + i%4/3} },
		func(int) survey.Traits { return survey.Traits{Hour: "10", Wait: "8-14", NoShow: "20+"} }},
		visits{sewing, high, func(i int) map[string]any { return map[string]any{"overall": 5 - i%4/3} },
			func(int) survey.Traits { return survey.Traits{Hour: "15", Wait: "0", NoShow: "0"} }})
	m := s.As(pagetest.Manager)
	const path = "/manage/together?from=2030-01&to=2030-02"
	p := m.Get(path).Is(200).Lacks("⟦", "style=")
	rows := rowsOf(t, p, "together")
	if len(rows) != 4 || rows[1][0] != "레이저 커팅기" || rows[2][0] != "공업용 재봉기" || rows[3][5] != "–" || rows[3][8] != "응답 없음" {
		t.Errorf("machines: %v", rows)
	}
	p.Has("먼저 볼 장비는 레이저 커팅기입니다", "전체 50.0점보다 낮습니다.")
	for by, want := range map[string]string{"wait": "당일(93.8점) 쪽이 8~14일(6.3점)보다 높습니다.", "noshow": "미방문 없음(93.8점) 쪽이 20% 이상(6.3점)보다 높습니다.", "hour": "15시(93.8점) 쪽이 10시(6.3점)보다 높습니다."} {
		found, err := s.Surveys.Results(context.Background(), s.Actor(pagetest.Manager), survey.ResultsQuery{From: "2030-01", To: "2030-02", GroupBy: by})
		if err != nil {
			t.Fatal(err)
		}
		groups := found.Groups
		if len(groups) == 0 { // nothing is counted by it
			p.Has("응답이 충분히 모여 공개된 것이 아직 없습니다.")
			continue
		}
		if _, table := figure(t, p, "by-"+by); len(table) != len(groups)+1 {
			t.Errorf("%s: %d groups, the table is %v", by, len(groups), table)
		}
		p.Has(want)
	}
	api := asked[struct{ Groups []scoreJSON }](t, m, "/api/v1/survey-results?from=2030-01&to=2030-02&group_by=equipment")
	for i, row := range map[int][]string{0: rows[1], 1: rows[2]} {
		if q := api.Groups[i].Questions["overall"]; one(*q.S100) != row[5] || strconv.Itoa(q.N) != row[7] || q.N < 10 {
			t.Errorf("the API says %+v, the page %v", q, row)
		}
	}
	m.Get("/manage/together?center=" + pagetest.Gangseo).Is(403)
	s.As(pagetest.Staff).Get("/manage/together").Is(403)
	s.As(pagetest.Admin).Get("/en/manage/together?from=2030-01&to=2030-02").Is(200).Has("Machines by use and satisfaction").Lacks("⟦")
}

// TestTogetherSaysWhatItHides: four answers about a machine are not shown, and said to be there.
func TestTogetherSaysWhatItHides(t *testing.T) {
	s := pagetest.New(t)
	month(t, s, visits{place: laser, ids: people(t, s, "f", 4), answer: func(int) map[string]any { return map[string]any{"overall": 1} }})
	p := s.As(pagetest.Manager).Get("/manage/together?from=2030-01&to=2030-01").Is(200).Has("응답이 충분히 모여 공개된 것이 아직 없습니다.")
	for _, row := range rowsOf(t, p, "together")[1:] {
		if row[5] != "–" || row[0] == "레이저 커팅기" && row[8] != "응답 5건 미만" {
			t.Errorf("shown: %v", row)
		}
	}
}
