package account

import "testing"

// Every permission × role × own center, other center, every center.
func TestPermissionTable(t *testing.T) {
	all := []Permission{Public, SignedIn, DeskWork, PeopleLookup, PeopleConfirm, Results, Accounts, AuditRead, OfferEdit, CityEdit, SurveyEdit}
	type who struct {
		name  string
		actor Actor
	}
	at := func(r Role, center string) Actor { return Actor{ID: "a", Grants: []Grant{{r, center}}} }
	people := []who{
		{"nobody", Actor{}}, {"citizen", Actor{ID: "a"}},
		{"staff", at(Staff, "own")}, {"manager", at(Manager, "own")}, {"admin", at(Admin, "own")},
		{"staff of all", at(Staff, "")}, {"manager of all", at(Manager, "")}, {"admin of all", at(Admin, "")},
		{"job", System("test")},
	}
	// One letter each for the own center, another one, every center: y or -.
	table := map[Permission][]string{
		//              nobody citizen staff  manager admin  staff* manager* admin* job
		Public:        {"yyy", "yyy", "yyy", "yyy", "yyy", "yyy", "yyy", "yyy", "yyy"},
		SignedIn:      {"---", "yyy", "yyy", "yyy", "yyy", "yyy", "yyy", "yyy", "yyy"},
		DeskWork:      {"---", "---", "y--", "y--", "y--", "---", "yyy", "yyy", "yyy"},
		PeopleLookup:  {"---", "---", "y--", "y--", "y--", "---", "yyy", "yyy", "yyy"},
		PeopleConfirm: {"---", "---", "y--", "y--", "y--", "---", "yyy", "yyy", "yyy"},
		Results:       {"---", "---", "---", "y--", "y--", "---", "yyy", "yyy", "yyy"},
		Accounts:      {"---", "---", "---", "---", "y--", "---", "---", "yyy", "yyy"},
		AuditRead:     {"---", "---", "---", "y--", "y--", "---", "yyy", "yyy", "yyy"},
		OfferEdit:     {"---", "---", "---", "y--", "y--", "---", "yyy", "yyy", "yyy"},
		CityEdit:      {"---", "---", "---", "---", "y--", "---", "---", "yyy", "yyy"},
		SurveyEdit:    {"---", "---", "---", "---", "y--", "---", "---", "yyy", "yyy"},
	}
	if len(table) != len(all) || len(permissions)+2 != len(all) {
		t.Fatal("a permission has no row here")
	}
	for p, row := range table {
		if !Known(p) {
			t.Errorf("%s is not known", p)
		}
		for i, w := range people {
			for j, center := range []string{"own", "other", ""} {
				if want := row[i][j] == 'y'; w.actor.May(p, center) != want {
					t.Errorf("%s, %s at %q: %v, want %v", p, w.name, center, !want, want)
				}
			}
			if somewhere := row[i] != "---"; w.actor.MaySomewhere(p) != somewhere {
				t.Errorf("%s, %s somewhere: %v", p, w.name, !somewhere)
			}
		}
	}
	if Known("everything") || System("x").May("everything", "own") != true || at(Admin, "").May("everything", "own") {
		t.Error("an unknown permission is given to a person")
	}
}
