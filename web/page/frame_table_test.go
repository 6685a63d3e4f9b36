package page_test

import (
	"strings"
	"testing"

	"gongbang/account"
	"gongbang/web/page"
	"gongbang/web/page/pagetest"
)

// TestTable opens every page of the table as everybody and holds the answer to
// the permission in the row.
func TestTable(t *testing.T) {
	s := pagetest.New(t)
	actors := map[pagetest.Who]account.Actor{}
	for _, w := range []pagetest.Who{pagetest.Nobody, pagetest.Citizen, pagetest.Staff, pagetest.Manager, pagetest.Admin} {
		actors[w] = s.Actor(w)
	}
	for _, r := range page.Routes() {
		if r.Permission == "" || r.Name == "" {
			t.Errorf("%s %s has no permission or name", r.Method, r.Path)
		}
		for _, center := range []string{pagetest.Saha, pagetest.Gangseo} {
			if r.Place != "path" && center != pagetest.Saha {
				continue
			}
			for who, actor := range actors {
				allowed := r.Permission == account.Public || r.Permission == account.SignedIn && who != pagetest.Nobody
				switch {
				case allowed:
				case r.Place == "path":
					allowed = actor.May(r.Permission, center)
				default:
					allowed = actor.MaySomewhere(r.Permission)
				}
				if allowed && r.Method != "GET" {
					continue // what a press does is tested with its page
				}
				path := fillPath(r.Path, center)
				p := s.As(who).Do(r.Method, path, nil)
				turned := p.Status == 403 || p.Status == 303 && strings.HasPrefix(p.Header.Get("Location"), "/sign-in")
				if allowed == turned || p.Status >= 500 {
					t.Errorf("%s %s as %q answers %d %s; allowed is %v", r.Method, path, who, p.Status, p.Header.Get("Location"), allowed)
				}
				if !allowed && who == pagetest.Nobody && p.Status != 303 {
					t.Errorf("%s %s: who is not signed in is answered %d", r.Method, path, p.Status)
				}
			}
		}
	}
}

// fillPath puts values into the parameters of a pattern.
func fillPath(pattern, center string) string {
	parts := strings.Split(pattern, "/")
	for i, p := range parts {
		switch {
		case p == ":center":
			parts[i] = center
		case p == ":id" && i > 0 && parts[i-1] == "centers":
			parts[i] = center
		case p == ":id" && i > 0 && parts[i-1] == "machines":
			parts[i] = center + "--none"
		case strings.HasPrefix(p, ":"):
			parts[i] = "none"
		}
	}
	return strings.Join(parts, "/")
}

func TestMissingDeps(t *testing.T) {
	if page.Mount(page.Deps{}) == nil {
		t.Error("pages without anything are mounted")
	}
}
