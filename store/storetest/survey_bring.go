package storetest

import (
	"context"
	"sync"
	"testing"

	"gongbang/account"
	"gongbang/internal/lang"
	"gongbang/survey"
)

// shippedBeside: a later text that comes with the program takes the next free
// number, and is asked only where the program's own was.
func shippedBeside(t *testing.T, u *afterUse) {
	ctx := context.Background()
	admin := actorOf(account.Admin, "")
	later := func(key, title string) *survey.Template {
		t.Helper()
		e, err := u.s.Edition(ctx, admin, key, 1)
		u.must(err)
		v := e.Template
		v.Version, v.Title = 2, lang.Text{Ko: title, En: title}
		return &v
	}
	asked := func(key string) (newest, draft *survey.Edition) {
		t.Helper()
		all, err := u.s.Questionnaires(ctx, admin)
		u.must(err)
		for _, q := range all {
			if q.Key == key {
				return q.Newest, q.Draft
			}
		}
		t.Fatal(key)
		return nil, nil
	}
	bring := func(list ...*survey.Template) {
		t.Helper()
		errs := make([]error, 3)
		var wg sync.WaitGroup
		for i := range errs { // several nodes start at once
			wg.Go(func() { errs[i] = u.s.Bring(ctx, list...) })
		}
		wg.Wait()
		for _, err := range errs {
			u.must(err)
		}
	}
	publish := func(key, title string) {
		t.Helper()
		d, _, err := u.s.NextVersion(ctx, admin, key, nil)
		u.must(err)
		mine := survey.Draft{Template: d.Template, Revision: d.Revision}
		mine.Title = lang.Text{Ko: title, En: title}
		d, err = u.s.SaveDraft(ctx, admin, mine)
		u.must(err)
		_, err = u.s.PublishDraft(ctx, admin, survey.Release{Key: key, Version: d.Version, Continues: true})
		u.must(err)
	}

	// Nobody changed it: the program's next text is asked, once.
	second := later("training", "둘째")
	bring(second)
	bring(second)
	if n, d := asked("training"); n.Version != 2 || n.Title.Ko != "둘째" || n.Series() != "training" || d != nil {
		t.Errorf("%+v, %+v", n, d)
	}

	// An admin published a second version: it stays, and the program's waits as a draft.
	publish("use-standard", "우리 것")
	before := u.texts(`SELECT body FROM survey_template WHERE key = 'use-standard' ORDER BY version`, 1)
	second = later("use-standard", "새 것")
	bring(second)
	n, d := asked("use-standard")
	if n.Version != 2 || n.Title.Ko != "우리 것" || d == nil || d.Version != 3 || d.Title.Ko != "새 것" {
		t.Fatalf("%+v, %+v", n, d)
	}
	after := u.texts(`SELECT body FROM survey_template WHERE key = 'use-standard' ORDER BY version`, 1)
	if len(after) != 2 || after[1][0] != before[1][0] {
		t.Error("a published version moved")
	}
	u.must(u.s.DropDraft(ctx, admin, "use-standard", 3))
	bring(second)
	u.must(u.s.Load(ctx))
	if _, d := asked("use-standard"); d != nil {
		t.Error("a text that was turned down comes again")
	}

	// A database of before this step has noted none: the first text is known again.
	u.exec(`DELETE FROM survey_brought WHERE key = 'use-standard'`)
	u.must(u.s.Load(ctx))
	if n, d := asked("use-standard"); n.Version != 2 || d != nil {
		t.Errorf("the first text comes again: %+v, %+v", n, d)
	}
	u.must(u.s.Bring(ctx, second))
	u.must(u.s.DropDraft(ctx, admin, "use-standard", 3))

	// A draft in the making is left alone; the text comes when it is out of the way.
	_, _, err := u.s.NextVersion(ctx, admin, "use-standard", nil)
	u.must(err)
	third := later("use-standard", "셋째")
	bring(third)
	if _, d := asked("use-standard"); d.Title.Ko != "우리 것" {
		t.Errorf("a draft was displaced by %q", d.Title.Ko)
	}
	u.must(u.s.DropDraft(ctx, admin, "use-standard", 3))
	bring(third)
	_, d = asked("use-standard")
	if d == nil || d.Title.Ko != "셋째" {
		t.Fatalf("%+v", d)
	}
	_, err = u.s.PublishDraft(ctx, admin, survey.Release{Key: "use-standard", Version: 3, Continues: true})
	u.must(err)
	bring(later("use-standard", "넷째")) // the program's text is asked again
	if n, d := asked("use-standard"); n.Version != 4 || n.Title.Ko != "넷째" || d != nil {
		t.Errorf("%+v, %+v", n, d)
	}
}
