package booking

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func names(list []*Equipment) string {
	var out []string
	for _, e := range list {
		out = append(out, e.ID)
	}
	return strings.Join(out, " ")
}

// journeyCatalog names no categories: ids are shown and found as they are.
const journeyCatalog = `{"catalog": "journey", "time_zone": "Asia/Seoul", "centers": [{"id": "test-center", "name": {"ko": "시험 센터", "en": "Test Center"},
	"operator": "city", "district": "금천구", "sectors": ["apparel"], "hours": {"mon": ["00:00", "24:00"]}, "closed_on_public_holidays": false,
	"eligibility": {"groups": "anyone"}, "policy": {"slot_minutes": 1, "min_minutes": 1, "max_minutes": 60, "cancel_until": {"minutes_before": 0}}, "equipment": [
	{"id": "test-cutter", "name": {"ko": "자동재단기", "en": "Automatic cutter"}, "category": "cutting", "quantity": 1, "mode": "self", "fee_krw_per_hour": 0},
	{"id": "test-lockstitch", "name": {"ko": "본봉 재봉기", "en": "Lockstitch machine"}, "category": "sewing", "quantity": 8, "mode": "self", "fee_krw_per_hour": 0}]}]}`

func built(t testing.TB, text string) *Catalog {
	t.Helper()
	f, problems := DecodeCatalog([]byte(text))
	if f == nil {
		t.Fatal(problems)
	}
	c, problems := f.Build()
	if c == nil {
		t.Fatal(problems)
	}
	return c
}

func TestSearchSmall(t *testing.T) {
	c := built(t, journeyCatalog)
	for text, want := range map[string]string{
		"": "test-cutter test-lockstitch", "재단": "test-cutter", "ㅈㄷㅈㄷㄱ": "test-cutter", "ㅈㄷㄱ": "test-cutter", "cutter": "test-cutter", "CUTTER": "test-cutter",
		"자동 재단기": "test-cutter", "자동재단 기": "test-cutter", "automatic-cutter": "test-cutter", "cutter automatic": "test-cutter", "ㅈㄷ재단": "test-cutter",
		"재봉": "test-lockstitch", "ㅂㅂ": "test-lockstitch", "sewing": "test-lockstitch", "lockstitch cutter": "", "용접": "", "ㅋ": "",
		"시험": "test-cutter test-lockstitch", "금천": "test-cutter test-lockstitch", "!!!": "test-cutter test-lockstitch",
	} {
		if got := names(c.Search(SearchQuery{Text: text})); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
}

func TestSearchOddSynonyms(t *testing.T) {
	c := built(t, strings.Replace(journeyCatalog, `"time_zone"`, `"synonyms": [["!!", "재단", "cut"], [""], ["cam", "재봉기"]], "time_zone"`, 1))
	for text, want := range map[string]string{"재단": "test-cutter", "cam": "test-lockstitch", "camera": "", "cut": "test-cutter"} {
		if got := names(c.Search(SearchQuery{Text: text})); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
}

func TestSearchSeoul(t *testing.T) {
	c := seoul(t)
	search := func(text string) []*Equipment { return c.Search(SearchQuery{Text: text}) }
	for _, text := range []string{"재단기", "커터", "cutter", "CAM", "ㅈㄷㄱ", "자동재단기", "미싱", "재봉틀", "sewing machine", "3D프린터", "쓰리디프린터", "3d printer", "씨엔씨", "cnc", "레이저", "laser", "오바로크", "plotter", "썬스타"} {
		if len(search(text)) == 0 {
			t.Errorf("%q finds nothing", text)
		}
	}
	for _, pair := range [][2]string{{"오바로크", "오버록"}, {"쓰리디프린터", "3D 프린터"}, {"씨엔씨", "CNC"}} {
		for _, e := range search(pair[1]) {
			if !strings.Contains(" "+names(search(pair[0]))+" ", " "+e.ID+" ") {
				t.Errorf("%q finds %s, %q does not", pair[1], e.ID, pair[0])
			}
		}
	}
	if first := search("자동재단기")[0]; !strings.HasPrefix(first.Name.Ko, "자동재단기") {
		t.Errorf("best hit is %s", first.Name.Ko)
	}
	for _, e := range search("cutter") {
		if strings.Contains(e.Name.Ko, "오버록") {
			t.Errorf("%s is no cutter", e.Name.Ko)
		}
	}
	for i, hits := 1, search("재봉"); i < len(hits); i++ {
		a, b := strings.Contains(hits[i-1].Name.Ko, "재봉"), strings.Contains(hits[i].Name.Ko, "재봉")
		if b && !a {
			t.Errorf("%s stands behind %s", hits[i].Name.Ko, hits[i-1].Name.Ko)
		}
	}
}

func TestSearchFilters(t *testing.T) {
	c := seoul(t)
	for _, e := range c.Search(SearchQuery{Center: "city-geumcheon-apparel", Category: "cad"}) {
		if e.Center.ID != "city-geumcheon-apparel" || e.Category != "cad" {
			t.Errorf("%s does not belong here", e.ID)
		}
	}
	if n := len(c.Search(SearchQuery{})); n != 153 {
		t.Errorf("%d machines", n)
	}
	if len(c.Search(SearchQuery{Operator: "private"})) == 0 || len(c.Search(SearchQuery{Sector: "socks"})) == 0 || len(c.Search(SearchQuery{Operator: "nobody"})) != 0 {
		t.Error("the center's fields select")
	}
	if n := len(c.FindCenters("", "", "")); n != 29 {
		t.Errorf("%d centers", n)
	}
	for _, center := range c.FindCenters("city", "금천구", "apparel") {
		if center.Operator != "city" || center.District != "금천구" || !slices.Contains(center.Sectors, "apparel") {
			t.Errorf("%s does not belong here", center.ID)
		}
	}
	center, _ := c.Center("city-geumcheon-apparel")
	center.Equipment[0].Retired = true
	if strings.Contains(names(c.Search(SearchQuery{Center: center.ID})), center.Equipment[0].ID) {
		t.Error("a retired machine is found")
	}
	center.Retired = true
	if len(c.Search(SearchQuery{Center: center.ID})) != 0 || slices.Contains(c.FindCenters("city", "금천구", ""), center) {
		t.Error("a retired center is found")
	}
}

func FuzzSearch(f *testing.F) {
	c := seoul(f)
	for _, s := range []string{"재단", "ㅈㄷㄱ", "3d printer", "", "ㅏ", "\x00", "ＣＡＤ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		seen := map[string]bool{}
		for _, e := range c.Search(SearchQuery{Text: text}) {
			if seen[e.ID] {
				t.Fatalf("%q finds %s twice", text, e.ID)
			}
			seen[e.ID] = true
		}
	})
}
