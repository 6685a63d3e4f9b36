package e2e

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
)

// shippedSurveys are the questionnaires beside that after a use, which has rows of its own.
var shippedSurveys = []string{"use-short", "not-used", "training", "yearly"}

// surveyPages are the other questionnaires, as they come and with their errors.
func surveyPages() (rows []row) {
	for _, key := range shippedSurveys {
		rows = append(rows, row{name: "survey-" + key, of: "survey", at: ofQuestionnaire(key)})
	}
	return append(rows, row{name: "survey-yearly-wrong", of: "survey", at: ofQuestionnaire("yearly"), then: func(b *tab) { b.follow("main .btn.primary", "") }})
}

// editorPages are those by which an admin edits what is asked.
func editorPages() []row {
	publish := func(b *tab) { b.follow("main .btn.second", "") }
	return []row{
		{name: "questionnaires", staff: true, shared: true, at: where(anAdmin, is("/manage/surveys"))},
		{name: "questionnaires-wrong", of: "questionnaires", staff: true, shared: true, at: where(anAdmin, is("/manage/surveys")), then: func(b *tab) { b.follow("main .btn.primary", "") }},
		{name: "questionnaire", staff: true, shared: true, at: editing("use-standard", "/manage/surveys/use-standard")},
		{name: "questionnaire-preview", staff: true, shared: true, at: where(anAdmin, is("/manage/surveys/yearly/versions/1"))},
		{name: "questionnaire-draft", staff: true, shared: true, at: editing("use-standard", "/manage/surveys/use-standard/drafts/2")},
		{name: "questionnaire-draft-wrong", of: "questionnaire-draft", staff: true, shared: true, at: editing("broken", "/manage/surveys/broken/drafts/1"), then: publish},
	}
}

// editing is a page of a key that has a draft; a key that is not shipped is begun.
func editing(key, path string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, err := s.admin.api("GET", "/survey-templates/"+key, nil); err != nil {
			_, err := s.admin.api("POST", "/survey-templates", object{"key": key, "title": object{"ko": "시험 조사"}})
			return s.admin, path, err
		}
		if key == "use-standard" {
			_, _ = s.admin.api("POST", "/survey-templates/"+key+"/versions", object{}) // or it is there
		}
		return s.admin, path, nil
	}
}

func ofQuestionnaire(key string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		link, err := s.inviteTo(key)
		return person{site: s.site}, link, err
	}
}

// inviteTo is a fresh person's link to a questionnaire of the key.
func (s *stage) inviteTo(key string) (string, error) {
	who, err := s.site.citizen()
	if err != nil {
		return "", err
	}
	link, err := s.invite(who)
	if err != nil {
		return "", err
	}
	return link, s.write("UPDATE survey_invitation SET template = ?, version = 1 WHERE account_id = ? AND state = 'sent'", key, who.id)
}

// write changes one row of the site's database, for what only weeks could bring about.
func (s *stage) write(query string, args ...any) error {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(s.data, "gongbang.db")+"?_busy_timeout=120000")
	if err != nil {
		return err
	}
	defer db.Close()
	made, err := db.Exec(query, args...)
	if err != nil {
		return err
	}
	if n, err := made.RowsAffected(); n != 1 || err != nil {
		return errors.Join(fmt.Errorf("%d rows: %s", n, query), err)
	}
	return nil
}

// TestA13_EverySurveyFitsASmallPhone and is answered there without a script:
// the first option of each question.
func TestA13_EverySurveyFitsASmallPhone(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	for _, l := range flows {
		for _, key := range append([]string{"use-standard"}, shippedSurveys...) {
			b := s.open(t, person{site: s.site}, view{width: 320, noScript: true}).goTo(l.path + must(s.inviteTo(key))(t))
			if wide := eval[int](b, `() => document.documentElement.scrollWidth`); wide > 320 {
				t.Errorf("%s %s is %d px wide", l.path, key, wide)
			}
			if out := eval[[]string](b, `() => [...document.querySelectorAll('main label, main legend, main p')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)`); len(out) > 0 {
				t.Errorf("%s %s: words stick out: %q", l.path, key, out)
			}
			before := len(s.answers(t))
			eval[bool](b, `() => { document.querySelectorAll('.answers').forEach(a => a.querySelector('input').checked = true); return true; }`)
			b.follow("main .btn.primary", "").see("h1", l.thanks)
			if n := len(s.answers(t)); n != before+1 {
				t.Errorf("%s %s: %d answers more", l.path, key, n-before)
			}
		}
	}
}

// TestA6_RecommendationByKeyboard: the longest questionnaire is answered with
// Tab, the space bar and the arrow keys.
func TestA6_RecommendationByKeyboard(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	b := s.open(t, person{site: s.site}, view{width: 320}).goTo(must(s.inviteTo("yearly"))(t))
	b.tabTo("#q-overall", "").key(" ")
	b.tabTo("#q-nps", "").key(" ")
	if got := eval[string](b, `() => document.querySelector('input[name="q.nps"]:checked').value`); got != "10" {
		t.Fatalf("the space bar chooses %q", got)
	}
	b.enter("main .btn.primary", "").see("h1", "고맙습니다")
}
