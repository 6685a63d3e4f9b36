package e2e

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3"
)

// answers are the bodies of all survey answers of a site, waiting or filed.
func (s *site) answers(t testing.TB) (list []string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(s.data, "gongbang.db")+"?mode=ro&_busy_timeout=120000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT answers FROM survey_inbox UNION ALL SELECT answers FROM survey_response")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var a string
		if err := rows.Scan(&a); err != nil {
			t.Fatal(err)
		}
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func bestOnly(list []string) (n int) {
	for _, a := range list {
		if strings.Contains(a, `"overall":5`) && !strings.Contains(a, `"ease"`) {
			n++
		}
	}
	return n
}

// B12: one question is required; looking at the form, even with a score in
// the link, stores nothing; a second answer is refused politely; 매우 만족 and
// Very satisfied are stored as 5.
func TestB12_Survey(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	for _, l := range flows {
		link := must(s.invite(s.newCitizen(t)))(t)
		before := s.answers(t)
		b := s.open(t, person{site: s.site}, view{}).goTo(l.path + link + "?s=5")
		if !eval[bool](b, `() => document.querySelector('input[type=radio]:checked').value === '5'`) {
			t.Error("the score of the link is not chosen")
		}
		if must := b.count(".must"); must != 1 {
			t.Errorf("%d questions are required", must)
		}
		b.goTo(l.path + link + "?s=1")
		if after := s.answers(t); len(after) != len(before) {
			t.Fatalf("looking at the form stored %d answers", len(after)-len(before))
		}
		b.goTo(l.path+link).follow("main .btn.primary", "")
		if len(s.answers(t)) != len(before) || b.count("[aria-invalid=true]") == 0 {
			t.Error("an empty answer is taken, or not told to be wrong")
		}
		b.press("label", l.best).follow("main .btn.primary", "").see("h1", l.thanks)
		if after := s.answers(t); len(after) != len(before)+1 || bestOnly(after) != bestOnly(before)+1 {
			t.Errorf("%q is stored as %q", l.best, after[len(after)-1])
		}
		b.goTo(l.path + link)
		if h1 := b.words("h1"); h1 != "이미 답해 주셨습니다" && h1 != "You have already answered" {
			t.Errorf("a second visit sees %q", h1)
		}
		if n := len(s.answers(t)); n != len(before)+1 {
			t.Errorf("there are %d answers more", n-len(before))
		}
	}
}

// B14: what a chart prints stands in its table; what few people said is hidden.
func TestB14_ChartsAndTablesAgree(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	for _, who := range []person{s.manager, s.admin} {
		b := s.open(t, who, view{width: 1280}).goTo("/manage")
		type figure struct {
			Title   string
			Finding string
			Drawn   []string
			Table   string
		}
		figures := eval[[]figure](b, `() => [...document.querySelectorAll('figure.chart')].map(f => ({Title: f.querySelector('h3').textContent, Finding: f.querySelector('figcaption p').textContent.trim(),
      Drawn: [...f.querySelectorAll('svg .v, svg g[class^=h] text')].map(x => x.textContent.trim()).filter(x => /\d/.test(x)), Table: (f.querySelector('table') || {textContent: ''}).textContent}))`)
		if len(figures) < 5 {
			t.Fatalf("there are %d charts", len(figures))
		}
		drawn := 0
		for _, f := range figures {
			if f.Finding == "" {
				t.Errorf("%q says nothing in a sentence", f.Title)
			}
			for _, v := range f.Drawn {
				drawn++
				for _, n := range numbers.FindAllString(v, -1) {
					if !strings.Contains(f.Table, n) {
						t.Errorf("%q draws %q, its table is %q", f.Title, v, tail(f.Table, 300))
					}
				}
			}
		}
		if drawn == 0 {
			t.Error("no chart draws a number")
		}
		if bad := eval[[]string](b, `() => [...document.querySelectorAll('figure.chart svg')].filter(x => x.getAttribute('role') !== 'img' || !x.querySelector('title') || !x.querySelector('desc')).map(x => x.outerHTML.slice(0, 100))`); len(bad) > 0 {
			t.Errorf("not named as pictures: %q", bad)
		}
		if bands := eval[int](b, `() => document.querySelectorAll('svg .ci').length`); bands == 0 {
			t.Error("no interval is drawn")
		}
		// A figure of fewer than five answers is not drawn.
		few := eval[[]string](b, `() => [...document.querySelectorAll('figure.chart svg g.point')].filter(g => { const n = (g.textContent.match(/\((\d+)(건| )/) || [])[1]; return n && +n < 5 && g.querySelector('circle'); }).map(g => g.textContent)`)
		if len(few) > 0 {
			t.Errorf("few answers are drawn: %q", few)
		}
	}
}
