package booking

import (
	"strings"
	"testing"

	"gongbang/testdata"
)

func TestSeoulCatalog(t *testing.T) {
	c := seoul(t)
	machines, units, operator, certificate, direct := 0, 0, 0, 0, 0
	for _, center := range c.Centers {
		for _, e := range center.Equipment {
			machines, units = machines+1, units+e.Quantity
			switch {
			case e.Mode == Operator:
				operator++
			case e.Policy.Certificate != nil:
				certificate++
			default:
				direct++
			}
		}
	}
	if len(c.Centers) != 29 || machines != 153 || units != 243 || operator != 38 || certificate != 17 || direct != 98 {
		t.Errorf("%d centers, %d machines, %d units, %d staff-run, %d with certificate, %d direct", len(c.Centers), machines, units, operator, certificate, direct)
	}
	if len(c.Holidays) == 0 || c.Holidays["2026-12-25"].Ko != "성탄절" || c.Zone.String() != "Asia/Seoul" {
		t.Error("holidays and zone")
	}
	e, ok := c.Machine("city-geumcheon-apparel--auto-cutter")
	if !ok || e.Center.ID != "city-geumcheon-apparel" || e.Policy.Opens != (When{Days, 14, 600}) || e.Policy.CheckIn.GraceMinutes != nil || len(e.Policy.Limits) != 2 {
		t.Errorf("%+v", e)
	}
}

func TestNeutralBrand(t *testing.T) {
	c := built(t, journeyCatalog)
	if c.Brand.Name.Ko == "" || c.Brand.Name.En == "" || strings.Contains(c.Brand.Name.Ko, "서울") {
		t.Errorf("%+v", c.Brand)
	}
}

// TestBuildProblems: each mistake is told with the path of its value. The
// mistake is made in an otherwise right catalog, by replacing a piece of it.
func TestBuildProblems(t *testing.T) {
	const right = `{"time_zone": "Asia/Seoul", "categories": [{"id": "cut", "name": {"ko": "재단"}}], "operators": [{"id": "city", "name": {"ko": "시"}}],
		"groups": [{"id": "maker", "name": {"ko": "소공인"}}], "sectors": [{"id": "wood", "name": {"ko": "목공"}}], "holidays": [{"date": "2026-12-25", "ko": "성탄절"}], "policy": {},
		"centers": [{"id": "a", "name": {"ko": "가"}, "operator": "city", "sectors": ["wood"], "eligibility": {"groups": ["maker"], "proof": "declare"},
		"hours": {"mon": [["09:00", "12:00"], ["13:00", "18:00"]]}, "closures": [{"from": "2026-12-24"}], "booking": "here", "bookable_from": "2026-12-01", "policy": {},
		"equipment": [{"id": "m", "name": {"ko": "기계"}, "category": "cut", "quantity": 1, "mode": "self", "fee_krw_per_hour": 0, "policy": {}}]}]}`
	built(t, right)
	for _, c := range []struct{ piece, with, want string }{
		{`"Asia/Seoul"`, `"Asia/Nowhere"`, "time_zone time_zone"},
		{`"Asia/Seoul"`, `""`, "time_zone time_zone"},
		{`"Asia/Seoul"`, `"Local"`, "time_zone time_zone"},
		{`"date": "2026-12-25"`, `"date": "2026-02-30"`, "holidays[0].date date"},
		{`{"date": "2026-12-25", "ko": "성탄절"}`, `{"date": "2026-12-25", "ko": "가"}, {"date": "2026-12-25", "ko": "나"}`, "holidays[1].date duplicate"},
		{`"id": "a", "name": {"ko": "가"}`, `"id": "", "name": {"ko": ""}`, "centers[0].id text; centers[0].name.ko text"},
		{`"operator": "city"`, `"operator": "town"`, "centers[0].operator unknown_id"},
		{`["wood"]`, `["wood", "iron"]`, "centers[0].sectors[1] unknown_id"},
		{`["maker"]`, `["baker"]`, "centers[0].eligibility.groups[0] unknown_id"},
		{`["maker"]`, `"everyone"`, "centers[0].eligibility.groups one_of"},
		{`["maker"]`, `[]`, "centers[0].eligibility.groups list"},
		{`"proof": "declare"`, `"proof": "swear"`, "centers[0].eligibility.proof one_of"},
		{`["09:00", "12:00"]`, `["09:00", "25:00"]`, "centers[0].hours.mon[0][1] clock"},
		{`["09:00", "12:00"]`, `["9:00", "12:00"]`, "centers[0].hours.mon[0][0] clock"},
		{`["09:00", "12:00"]`, `["12:00", "09:00"]`, "centers[0].hours.mon[0] order"},
		{`["09:00", "12:00"]`, `["09:00", "14:00"]`, "centers[0].hours.mon overlap"},
		{`["09:00", "12:00"]`, `["09:00"]`, "centers[0].hours.mon[0] one_of"},
		{`[["09:00", "12:00"], ["13:00", "18:00"]]`, `"09:00-18:00"`, "centers[0].hours.mon list"},
		{`"mon"`, `"monday"`, "centers[0].hours.monday unknown_key"},
		{`{"from": "2026-12-24"}`, `{"from": "2026-12-24", "to": "2026-12-23"}`, "centers[0].closures[0].to order"},
		{`{"from": "2026-12-24"}`, `{"from": "tomorrow"}`, "centers[0].closures[0].from moment"},
		{`{"from": "2026-12-24"}`, `{"from": "2026-12-24T10:00"}`, "centers[0].closures[0].to moment"},
		{`"booking": "here"`, `"booking": "there"`, "centers[0].booking one_of"},
		{`"booking": "here"`, `"booking": {}`, "centers[0].booking wants_at_least_one"},
		{`"booking": "here"`, `"booking": {"link": "javascript:alert(1)"}`, "centers[0].booking.link one_of"},
		{`"bookable_from": "2026-12-01"`, `"bookable_from": "2026-12"`, "centers[0].bookable_from date"},
		{`"category": "cut"`, `"category": "cook"`, "centers[0].equipment[0].category unknown_id"},
		{`"quantity": 1`, `"quantity": 0`, "centers[0].equipment[0].quantity min"},
		{`"quantity": 1`, `"quantity": 1001`, "centers[0].equipment[0].quantity max"},
		{`"mode": "self"`, `"mode": "robot"`, "centers[0].equipment[0].mode one_of"},
		{`"fee_krw_per_hour": 0, "policy": {}`, `"fee_krw_per_hour": -1, "policy": {"capacity": 0}`, "centers[0].equipment[0].fee_krw_per_hour min; centers[0].equipment[0].policy.capacity min"},
		{`"policy": {},
		"centers"`, `"policy": {"waitlist": {"offer_minutes": 5}}, "centers"`, "policy.waitlist not_supported_yet"},
		{`{"id": "m",`, `{"id": "m", "name": {"ko": "하나"}, "category": "cut"}, {"id": "m",`, "centers[0].equipment[1].id duplicate"},
	} {
		text := strings.Replace(right, c.piece, c.with, 1)
		if text == right {
			t.Fatalf("%s is not there", c.piece)
		}
		f, problems := DecodeCatalog([]byte(text))
		if f != nil {
			_, problems = f.Build()
		}
		var got []string
		for _, p := range problems {
			got = append(got, p.Path+" "+p.Rule)
			if p.Text().Ko == "" || !hasHangul(p.Text().Ko) || hasHangul(p.Text().En) || strings.Contains(p.String(), "{limit}") {
				t.Errorf("%v has no sentence in both languages", p)
			}
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %v, want %s", c.with, got, c.want)
		}
	}
}

func TestDecodeCatalogRefuses(t *testing.T) {
	for _, text := range []string{``, `[]`, `{`, `{"time_zone": 1}`, `{"time_zone": "UTC", "colour": "red"}`, `{"time_zone": "UTC"} {}`, `null x`} {
		if f, problems := DecodeCatalog([]byte(text)); f != nil || len(problems) == 0 {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestProblemSentences(t *testing.T) {
	for rule, text := range problemTexts {
		if !hasHangul(text.Ko) || hasHangul(text.En) || text.En == "" || !strings.HasSuffix(text.Ko, ".") || !strings.HasSuffix(text.En, ".") {
			t.Errorf("%s: %+v", rule, text)
		}
	}
}

func TestWarnings(t *testing.T) {
	f, _ := DecodeCatalog([]byte(strings.Replace(journeyCatalog, `, "en": "Test Center"`, "", 1)))
	rules := map[string]string{}
	for _, w := range f.Warnings("2026-11-22") {
		rules[w.Path] = w.Rule
	}
	if rules["centers[0].name.en"] != "english_missing" || rules["centers[0].contact"] != "contact_missing" || rules["holidays"] != "holidays_missing" || len(rules) != 3 {
		t.Errorf("%v", rules)
	}
	s, _ := DecodeCatalog(testdata.Seoul)
	ends := func(today Date) (found bool) {
		for _, w := range s.Warnings(today) {
			found = found || w.Rule == "holidays_end_soon"
		}
		return found
	}
	if ends("2026-11-22") || !ends("2027-01-01") {
		t.Error("holidays until 2027-12-27 are warned of from a year before")
	}
}

func TestRetiredIsForgiven(t *testing.T) {
	f, _ := DecodeCatalog([]byte(journeyCatalog))
	f.Centers[0].Equipment[0].Retired = true
	f.Centers[0].Equipment[0].Policy = PolicyValues{"gone_rule": []byte("1")}
	c, problems := f.Build()
	if c == nil {
		t.Fatal(problems)
	}
	if e, _ := c.Machine("test-cutter"); !e.Retired {
		t.Error("it stays retired")
	}
}

func FuzzCatalog(f *testing.F) {
	f.Add([]byte(journeyCatalog))
	f.Add([]byte(`{"time_zone": "UTC", "centers": [{"id": "a", "name": {"ko": "a"}, "hours": {"mon": [["00:00","24:00"]], "tue": null}, "closures": [{"from": "0000-01-01"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, problems := DecodeCatalog(data)
		if file == nil {
			if len(problems) == 0 {
				t.Fatal("refused without a word")
			}
			return
		}
		c, problems := file.Build()
		if (c == nil) == (len(problems) == 0) {
			t.Fatal("built and refused")
		}
		if c == nil {
			return
		}
		for _, e := range c.Search(SearchQuery{}) {
			c.Slots(e, "2026-11-22")
			if ko, en := c.PolicyText(e); len(ko) != len(en) {
				t.Fatal("sentences")
			}
		}
	})
}
