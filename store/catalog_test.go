package store_test

import (
	"strings"
	"testing"

	"gongbang/store"
	"gongbang/store/storetest"
	"gongbang/testdata"
)

func TestSQLiteCatalog(t *testing.T) { storetest.Catalog(t, sqliteDB) }

func TestPostgresCatalog(t *testing.T) { storetest.Catalog(t, postgresDB) }

func TestReadSeoul(t *testing.T) {
	f, problems := store.ReadCatalog(testdata.Seoul)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	machines, units := 0, 0
	for _, c := range f.Centers {
		for _, e := range c.Equipment {
			machines, units = machines+1, units+e.Units()
		}
	}
	if len(f.Centers) != 29 || machines != 153 || units != 243 || f.Holidays == nil {
		t.Errorf("%d centers, %d machines, %d units", len(f.Centers), machines, units)
	}
}

// smallCatalog is right; tests replace a piece of it by a mistake.
const smallCatalog = `{"time_zone": "Asia/Seoul", "operators": [{"id": "city", "name": {"ko": "시", "en": "City"}}], "centers": [{"id": "a", "name": {"ko": "가", "en": "A"}, "operator": "city",
	"hours": {"mon": ["09:00", "24:00"], "tue": null}, "policy": {"slot_minutes": 30}, "booking": "here",
	"equipment": [{"id": "m", "name": {"ko": "기계", "en": "M"}, "category": "k", "quantity": 2, "mode": "self", "policy": {"max_minutes": 60}}]}]}`

// TestReadCatalogProblems: the schema and the engine together tell each mistake once, with its path.
func TestReadCatalogProblems(t *testing.T) {
	if _, problems := store.ReadCatalog([]byte(smallCatalog)); len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, c := range []struct{ piece, with, want string }{
		{`"quantity": 2`, `"quantitty": 2`, "centers[0].equipment[0].quantitty unknown_key"},
		{`{"slot_minutes": 30}`, `{"slot_minutes": 30, "colour": 1}`, "centers[0].policy.colour unknown_key"},
		{`{"slot_minutes": 30}`, `{"eligibility": "anyone"}`, "centers[0].policy.eligibility unknown_key"},
		{`"time_zone": "Asia/Seoul", `, ``, "time_zone time_zone"},
		{`"time_zone": "Asia/Seoul", `, `"time_zone": "Asia/Seoul", "colour": 1, "size": 2, `, "colour unknown_key; size unknown_key"},
		{`"id": "a", `, ``, "centers[0].id text"},
		{`"id": "a", `, `"id": "a b", `, "centers[0].id schema"},
		{`"id": "m", "name": {"ko": "기계", "en": "M"}, "category": "k", `, `"id": "m", "name": {"ko": "기계", "en": "M"}, `, "centers[0].equipment[0].category required"},
		{`["09:00", "24:00"]`, `["09:00", "24:30"]`, "centers[0].hours.mon[1] clock"},
		{`["09:00", "24:00"]`, `["18:00", "09:00"]`, "centers[0].hours.mon order"},
		{`["09:00", "24:00"]`, `[["09:00", "13:00"], ["12:00", "18:00"]]`, "centers[0].hours.mon overlap"},
		{`"tue": null`, `"tues": null`, "centers[0].hours.tues unknown_key"},
		{`"quantity": 2`, `"quantity": "2"`, "centers[0].equipment[0].quantity schema"},
		{`"quantity": 2`, `"quantity": -1`, "centers[0].equipment[0].quantity min"},
		{`"mode": "self"`, `"mode": "robot"`, "centers[0].equipment[0].mode one_of"},
		{`{"max_minutes": 60}`, `{"max_minutes": 45}`, "centers[0].equipment[0].policy.max_minutes multiple_of_slot"},
		{`{"max_minutes": 60}`, `{"lanes": [{"units": 1}], "waitlist": {"offer_minutes": 60}}`, "centers[0].equipment[0].policy.lanes[0].admits required; centers[0].equipment[0].policy.waitlist not_supported_yet"},
		{`{"max_minutes": 60}`, `{"no_show": {"pints": 1}}`, "centers[0].equipment[0].policy.no_show.pints unknown_key"},
		{`{"max_minutes": 60}`, `{"limits": [{"count": "upcoming", "max": 1, "over": "city", "by": "team"}]}`, "centers[0].equipment[0].policy.limits[0].by one_of"},
		{`{"max_minutes": 60}`, `{"effective_from": "soon"}`, "centers[0].equipment[0].policy.effective_from moment"},
		{`"operator": "city"`, `"operator": "town", "dictrict": "x"`, "centers[0].operator unknown_id; centers[0].dictrict unknown_key"},
		{`"booking": "here"`, `"booking": {"fax": "1"}`, "centers[0].booking.fax unknown_key"},
	} {
		text := strings.Replace(smallCatalog, c.piece, c.with, 1)
		if text == smallCatalog {
			t.Fatalf("%s is not there", c.piece)
		}
		f, problems := store.ReadCatalog([]byte(text))
		var got []string
		for _, p := range problems {
			got = append(got, p.Path+" "+p.Rule)
		}
		if f != nil || strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %v, want %s", c.with, problems, c.want)
		}
	}
	for _, text := range []string{``, `{`, `[]`, `null`, `{} {}`, `{"time_zone": "UTC", "centers": 3}`, strings.Repeat("[", 20000)} {
		if f, problems := store.ReadCatalog([]byte(text)); f != nil || len(problems) == 0 {
			t.Errorf("%.20q is taken", text)
		}
	}
}

func FuzzReadCatalog(f *testing.F) {
	f.Add([]byte(smallCatalog))
	f.Add([]byte(`{"time_zone": "UTC", "centers": []}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, problems := store.ReadCatalog(data)
		if (file == nil) == (len(problems) == 0) {
			t.Fatal("taken and refused")
		}
	})
}
