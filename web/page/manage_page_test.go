package page_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongbang/booking"
	"gongbang/survey"
	"gongbang/web/page/pagetest"
)

// januaryOf fills a site with a month: uses on two machines, a no-show, a
// cancelled booking, and so many answers; then the month closes.
func januaryOf(t testing.TB, s *pagetest.Site, answers int) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	staff := s.Actor(pagetest.Staff)
	came := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 2)
	gone := s.Book(pagetest.Citizen2, pagetest.Laser, s.At(0, 11, 0), 2)
	off := s.Book(pagetest.Citizen2, pagetest.Sewing, s.At(1, 11, 0), 1)
	_, err := s.Bookings.Cancel(ctx, s.Actor(pagetest.Citizen2), off.ID, booking.AttendRequest{})
	must(err)
	s.Clock.Set(s.At(0, 11, 20))
	_, err = s.Bookings.CheckIn(ctx, staff, came.ID, booking.AttendRequest{})
	must(err)
	_, err = s.Bookings.MarkNoShow(ctx, staff, gone.ID, booking.AttendRequest{})
	must(err)
	s.Clock.Set(s.At(0, 12, 50))
	_, err = s.Bookings.Finish(ctx, staff, came.ID, booking.AttendRequest{})
	must(err)
	s.Clock.Set(s.At(0, 17, 0))
	for i := range answers {
		must(s.Surveys.Answer(ctx, invite(t, s, fmt.Sprint("a", i)), survey.Submission{Answers: map[string]any{"overall": 5 - i%3, "ease": 4, "equip": 3 + i%2,
			"staff": 5, "goal": "all", "drivers": []any{"times"}}}))
	}
	s.Clock.Add(30 * 24 * time.Hour)
	_, err = s.Surveys.Flush(ctx)
	must(err)
	_, err = s.Surveys.CloseMonth(ctx)
	must(err)
}

type usageJSON struct {
	Total  usageGroupJSON
	Groups []usageGroupJSON
	Week   []struct{ Used, Open []int }
}

type usageGroupJSON struct {
	Key         string
	Utilisation *float64
	Minutes     map[string]int
	Bookings    map[string]int
	NoShow      rateJSON `json:"no_show_rate"`
	Cancel      rateJSON `json:"cancel_rate"`
	People      int
	FirstTime   int `json:"first_time"`
}

type rateJSON struct {
	K, N    int
	Percent *float64
	CI      []float64
}

type scoreJSON struct {
	N          *int
	Suppressed bool
	Questions  map[string]struct {
		N      int
		S100   *float64
		S100CI []float64 `json:"s100_ci"`
	}
}

func asked[T any](t testing.TB, c *pagetest.Client, path string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(c.Get(path).Is(200).Body), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func one(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', 1, 64) }

// figure is the picture of a chart and its table, as what they say.
func figure(t testing.TB, p *pagetest.Page, id string) (drawn string, table [][]string) {
	t.Helper()
	for _, f := range p.Elements("figure") {
		if pagetest.Attr(f, "aria-labelledby") != id {
			continue
		}
		for _, n := range within(f) {
			switch {
			case n.Data == "text":
				drawn += pagetest.Inner(n) + "|"
			case n.Data == "tr":
				var row []string
				for _, cell := range within(n) {
					if cell.Data == "td" || cell.Data == "th" {
						row = append(row, pagetest.Inner(cell))
					}
				}
				table = append(table, row)
			}
		}
		return drawn, table
	}
	t.Fatalf("there is no chart %s", id)
	return "", nil
}

func within(n *html.Node) (list []*html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			list = append(list, c)
		}
		list = append(list, within(c)...)
	}
	return list
}

// B14: the numbers of every picture are those of its table and of the API.
func TestB14NumbersInPictureTableAndAPI(t *testing.T) {
	s := pagetest.New(t)
	januaryOf(t, s, 12)
	c := s.As(pagetest.Manager)
	p := c.Get("/manage?from=2030-01&to=2030-01").Is(200).Lacks("⟦")
	api := asked[usageJSON](t, c, "/api/v1/usage?from=2030-01-01&to=2030-01-31&group_by=equipment")
	if api.Total.Minutes["used"] != 90 || api.Total.People != 1 || api.Total.NoShow.K != 1 {
		t.Fatalf("the month is not the one of this test: %+v", api.Total)
	}

	drawn, table := figure(t, p, "heat")
	cells := 0
	for _, row := range table[1:] {
		hour, _ := strconv.Atoi(row[0][:2])
		for d, cell := range row[1:] {
			want := "–"
			if open := api.Week[d].Open[hour]; open > 0 {
				want = strconv.Itoa(int(math.Round(100 * float64(api.Week[d].Used[hour]) / float64(open))))
			}
			if cell != want {
				t.Errorf("weekday %d at %d: %s, the API says %s", d, hour, cell, want)
			}
			cells++
		}
	}
	var shown []string
	for _, row := range table[1:] {
		shown = append(shown, row[1:]...)
	}
	if !strings.HasSuffix(drawn, strings.Join(shown, "|")+"|") || cells == 0 {
		t.Errorf("drawn %s, table %v", drawn, table)
	}

	drawn, table = figure(t, p, "machines")
	if len(table)-1 != len(api.Groups) {
		t.Errorf("%d machines in the table, %d in the API", len(table)-1, len(api.Groups))
	}
	for _, g := range api.Groups {
		if g.Bookings["total"] == 0 {
			continue
		}
		if value := fmt.Sprintf("%s%% · %d건 · 미방문 %d", one(*g.Utilisation), g.Bookings["total"], g.Bookings["no_shows"]); !strings.Contains(drawn, value) || table[1][1] != one(*g.Utilisation)+"%" {
			t.Errorf("%q is not in %s and %v", value, drawn, table[1])
		}
	}

	drawn, table = figure(t, p, "rates")
	for i, r := range []rateJSON{api.Total.NoShow, api.Total.Cancel} {
		value := one(*r.Percent) + "%"
		ci := "[" + one(r.CI[0]) + "–" + one(r.CI[1]) + "]"
		if !strings.Contains(drawn, value+" "+ci) || table[i+1][1] != value || table[i+1][2] != ci || table[i+1][3] != fmt.Sprintf("%d/%d", r.K, r.N) {
			t.Errorf("%s %s is not in %s and %v", value, ci, drawn, table[i+1])
		}
	}

	_, table = figure(t, p, "booked")
	sum := 0
	for i, part := range []string{"used", "idle", "released", "no_show", "unknown", "undecided"} {
		if want := minutes(api.Total.Minutes[part]); table[i+1][1] != want {
			t.Errorf("%s is %s, the API says %s", part, table[i+1][1], want)
		}
		sum += api.Total.Minutes[part]
	}
	if table[7][1] != minutes(sum) || sum != api.Total.Minutes["booked"] {
		t.Errorf("the sum is %s, the parts make %d", table[7][1], sum)
	}

	score := asked[struct{ Total scoreJSON }](t, c, "/api/v1/survey-results?from=2030-01&to=2030-01").Total
	o := score.Questions["overall"]
	p.Has(one(*o.S100)+"</strong>", "95% 신뢰구간 "+one(o.S100CI[0])+"–"+one(o.S100CI[1])+" · 응답 12건", "s100 = (mean - 1) / 4 * 100")
	drawn, table = figure(t, p, "questions")
	for i, key := range []string{"overall", "ease", "equip", "staff"} {
		q := score.Questions[key]
		if row := table[i+1]; row[1] != one(*q.S100) || row[3] != strconv.Itoa(q.N) || !strings.Contains(drawn, row[1]) {
			t.Errorf("%s: %v and %s, the API says %v of %d", key, row, drawn, *q.S100, q.N)
		}
	}
	for _, svg := range p.Elements("svg") {
		if pagetest.HasAttr(svg, "viewBox") && pagetest.Attr(svg, "class") != "icon" && (pagetest.Attr(svg, "role") != "img" || len(strings.Fields(pagetest.Attr(svg, "aria-labelledby"))) != 2) {
			t.Errorf("a picture has no name: %v", svg.Attr)
		}
	}
}

func minutes(n int) string {
	switch {
	case n < 60:
		return fmt.Sprintf("%d분", n)
	case n%60 == 0:
		return fmt.Sprintf("%d시간", n/60)
	}
	return fmt.Sprintf("%d시간 %d분", n/60, n%60)
}

// TestB14FewAnswersAreHidden: fewer than five are not shown, five to nine are
// marked, and an open month is provisional with one score alone.
func TestB14FewAnswersAreHidden(t *testing.T) {
	for n, want := range map[int][]string{0: {"응답 없음"}, 4: {"응답 5건 미만"}, 7: {"참고용", "응답 7건"}} {
		s := pagetest.New(t)
		januaryOf(t, s, n)
		p := s.As(pagetest.Manager).Get("/manage?from=2030-01&to=2030-01").Is(200).Has(want...)
		if n < 5 {
			p.Lacks(`id="questions"`, "신뢰구간 5", "신뢰구간 6", "신뢰구간 7", "신뢰구간 8")
		}
	}
	s := pagetest.New(t)
	ctx := context.Background()
	s.Clock.Set(s.At(0, 17, 0))
	for i := range 6 {
		if err := s.Surveys.Answer(ctx, invite(t, s, fmt.Sprint(i)), survey.Submission{Answers: map[string]any{"overall": 4, "ease": 1}}); err != nil {
			t.Fatal(err)
		}
	}
	s.Clock.Add(26 * time.Hour)
	if _, err := s.Surveys.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	s.As(pagetest.Manager).Get("/manage").Is(200).Has("잠정", "75.0").Lacks(`id="questions"`)
}

// TestManagePermissions: a manager sees the own center alone, staff and
// citizens nothing, and the page speaks English.
func TestManagePermissions(t *testing.T) {
	s := pagetest.New(t)
	s.As(pagetest.Citizen).Get("/manage").Is(403)
	s.As(pagetest.Staff).Get("/manage").Is(403)
	if to := s.As(pagetest.Nobody).Get("/manage").To(); !strings.HasPrefix(to, "/sign-in") {
		t.Errorf("nobody is sent to %s", to)
	}
	m := s.As(pagetest.Manager)
	m.Get("/manage").Is(200).Lacks(pagetest.Gangseo, `name="center"`)
	m.Get("/manage?center=" + pagetest.Gangseo).Is(403)
	admin := s.As(pagetest.Admin)
	admin.Get("/manage").Is(200).Has(`name="center"`, `value="`+pagetest.Gangseo+`"`)
	admin.Get("/en/manage?center="+pagetest.Gangseo+"&category=&from=2030-01&to=2029-12").Is(200).Has("Use and satisfaction", "the other way round", "December 2029 ~ January 2030").Lacks("⟦", "style=")
	admin.Get("/manage?center=nowhere").Is(404)
	admin.Get("/manage?from=2020-01&to=2030-01").Is(422)
	admin.Get("/manage?from=soon").Is(200)
}
