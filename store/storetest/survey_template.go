package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/survey"
)

func editor() account.Actor { return actorOf(account.Admin, "") }

// draftsPublished: a draft is saved by who read it last, published once, and
// asked from then on.
func draftsPublished(t *testing.T, u *afterUse) {
	ctx := context.Background()
	e, _, err := u.s.NextVersion(ctx, editor(), "use-standard", nil)
	u.must(err)
	if e.Version != 2 || !e.Draft || e.Revision != 1 || len(e.Changes) != 0 || len(e.Questions) != 7 {
		t.Fatalf("the draft is %+v", e)
	}
	_, _, err = u.s.NextVersion(ctx, editor(), "use-standard", nil)
	u.refused(err, "state_conflict")
	d := survey.Draft{Template: e.Template, Revision: 1}
	d.Questions[1].Text.Ko = "예약이 쉬웠다."
	e, err = u.s.SaveDraft(ctx, editor(), d)
	u.must(err)
	if e.Revision != 2 || len(e.Changes) != 1 || len(e.Warnings) == 0 {
		t.Errorf("saved: %+v", e)
	}
	_, err = u.s.SaveDraft(ctx, editor(), d)
	u.refused(err, "stale")
	if e, err = u.s.SaveDraft(ctx, editor(), survey.Draft{Template: e.Template}); err != nil || e.Revision != 2 {
		t.Errorf("saving what is there already: revision %d, %v", e.Revision, err)
	}
	u.person("before")
	u.finish(u.use("before", "east-laser-1"))
	release := survey.Release{Key: "use-standard", Version: 2, Revision: 1, Continues: true}
	_, err = u.s.PublishDraft(ctx, editor(), release)
	u.refused(err, "stale")
	release.Revision = 2
	e, err = u.s.PublishDraft(ctx, editor(), release)
	u.must(err)
	if e.Draft || e.Series() != "use-standard" || !e.At.Equal(u.now()) {
		t.Errorf("published: %+v", e)
	}
	u.person("after")
	u.finish(u.use("after", "east-laser-1"))
	got := u.texts("SELECT account_id, version FROM survey_invitation ORDER BY account_id", 2)
	if fmt.Sprint(got) != "[[after 2] [before 1]]" {
		t.Errorf("asked are %v", got)
	}
	_, err = u.s.PublishDraft(ctx, editor(), release)
	u.refused(err, "not_found")
	u.must(u.s.Load(ctx)) // a start later
	h, err := u.s.History(ctx, editor(), "use-standard")
	u.must(err)
	if len(h) != 2 || h[0].Version != 2 || len(h[0].Changes) != 1 || h[1].Changes != nil {
		t.Errorf("history %+v", h)
	}
}

// seriesBreak: a question that changes its meaning ends the series, or is refused.
func seriesBreak(t *testing.T, u *afterUse) {
	ctx := context.Background()
	e, _, err := u.s.NextVersion(ctx, editor(), "training", nil)
	u.must(err)
	e.Questions[1].Type = survey.Likely
	e, err = u.s.SaveDraft(ctx, editor(), survey.Draft{Template: e.Template})
	u.must(err)
	if !e.Breaks() {
		t.Errorf("changes are %v", e.Changes)
	}
	release := survey.Release{Key: "training", Version: 2, Continues: true}
	_, err = u.s.PublishDraft(ctx, editor(), release)
	u.refused(err, "validation")
	if f, _ := fault.As(err); len(f.Fields) != 1 || f.Fields[0] != (fault.Field{Field: "questions[1]", Rule: "series", Limit: "type"}) {
		t.Errorf("refused with %v", f.Fields)
	}
	release.Continues = false
	e, err = u.s.PublishDraft(ctx, editor(), release)
	u.must(err)
	if e.Series() != "training.2" || e.Continues {
		t.Errorf("published as %s", e.Series())
	}
	e, _, err = u.s.NextVersion(ctx, editor(), "training", nil)
	u.must(err)
	e, err = u.s.PublishDraft(ctx, editor(), survey.Release{Key: "training", Version: 3, Continues: true})
	u.must(err)
	if e.Series() != "training.2" {
		t.Errorf("the version after goes on as %s", e.Series())
	}
}

// newKeys: a questionnaire of one's own, begun once per idempotency key.
func newKeys(t *testing.T, u *afterUse) {
	ctx := context.Background()
	once := &survey.Key{Caller: "a POST /x", Value: "k", Body: "one"}
	n := survey.NewTemplate{Key: "open-day", Title: lang.Text{Ko: "공개의 날", En: "Open day"}, Once: once}
	e, again, err := u.s.Create(ctx, editor(), n)
	u.must(err)
	if again || e.Version != 1 || e.Mode != survey.Anonymous || len(e.Questions) != 1 {
		t.Errorf("created: %v %+v", again, e)
	}
	e, again, err = u.s.Create(ctx, editor(), n)
	if err != nil || !again || e.Key != "open-day" {
		t.Errorf("again: %v %v", again, err)
	}
	other := *once
	other.Body = "two"
	_, _, err = u.s.Create(ctx, editor(), survey.NewTemplate{Key: "open-days", Once: &other})
	u.refused(err, "idempotency_mismatch")
	for _, key := range []string{"open-day", "yearly"} {
		_, _, err = u.s.Create(ctx, editor(), survey.NewTemplate{Key: key})
		if f, _ := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Rule != "taken" {
			t.Errorf("%s is taken: %v", key, err)
		}
	}
	for _, key := range []string{"", "1st", "Open", "a b", "열린"} {
		_, _, err = u.s.Create(ctx, editor(), survey.NewTemplate{Key: key})
		u.refused(err, "validation")
	}
	_, err = u.s.PublishDraft(ctx, editor(), survey.Release{Key: "open-day", Version: 1})
	u.refused(err, "validation") // its question has no words
	list, err := u.s.Questionnaires(ctx, editor())
	u.must(err)
	if len(list) != 6 || list[5].Key != "open-day" || list[5].Newest != nil || list[5].Draft == nil {
		t.Errorf("listed are %+v", list)
	}
	u.must(u.s.DropDraft(ctx, editor(), "open-day", 1))
	_, err = u.s.Edition(ctx, editor(), "open-day", 1)
	u.refused(err, "not_found")
	if n := u.count("SELECT COUNT(*) FROM audit WHERE action IN ('survey.draft', 'survey.drop')"); n != 2 {
		t.Errorf("%d entries in the audit", n)
	}
}

// editorsAtOnce: of several that publish, save and begin at once one does.
func editorsAtOnce(t *testing.T, u *afterUse) {
	ctx := context.Background()
	count := func(do func() error) (done int) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		for range 6 {
			wg.Go(func() {
				err := do()
				mu.Lock()
				defer mu.Unlock()
				switch fault.Code(err) {
				case "":
					done++
				case "stale", "state_conflict", "not_found":
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		return done
	}
	if n := count(func() error { _, _, err := u.s.NextVersion(ctx, editor(), "yearly", nil); return err }); n != 1 {
		t.Errorf("%d began a version", n)
	}
	e, err := u.s.Edition(ctx, editor(), "yearly", 2)
	u.must(err)
	e.Title.Ko = "한 해 만족도 조사"
	if n := count(func() error {
		_, err := u.s.SaveDraft(ctx, editor(), survey.Draft{Template: e.Template, Revision: 1})
		return err
	}); n != 1 {
		t.Errorf("%d saved over one revision", n)
	}
	if n := count(func() error {
		_, err := u.s.PublishDraft(ctx, editor(), survey.Release{Key: "yearly", Version: 2, Continues: true})
		return err
	}); n != 1 {
		t.Errorf("%d published", n)
	}
}

// editorsAllowed: a manager edits nothing, and is told so.
func editorsAllowed(t *testing.T, u *afterUse) {
	ctx := context.Background()
	for actor, code := range map[*account.Actor]string{
		{}: "unauthenticated", {ID: "a"}: "forbidden", ptrTo(u.manager()): "forbidden", ptrTo(actorOf(account.Admin, "east")): "forbidden",
	} {
		_, err := u.s.Questionnaires(ctx, *actor)
		u.refused(err, code)
		_, err = u.s.History(ctx, *actor, "yearly")
		u.refused(err, code)
		_, err = u.s.Preview(ctx, *actor, "yearly", 1)
		u.refused(err, code)
		_, _, err = u.s.Create(ctx, *actor, survey.NewTemplate{Key: "mine"})
		u.refused(err, code)
		_, _, err = u.s.NextVersion(ctx, *actor, "yearly", nil)
		u.refused(err, code)
		_, err = u.s.SaveDraft(ctx, *actor, survey.Draft{})
		u.refused(err, code)
		u.refused(u.s.DropDraft(ctx, *actor, "yearly", 2), code)
		_, err = u.s.PublishDraft(ctx, *actor, survey.Release{Key: "yearly", Version: 2})
		u.refused(err, code)
	}
	f, err := u.s.Preview(ctx, editor(), "yearly", 1)
	if err != nil || f.State != "preview" || len(f.Questions) != 7 || f.Use.Center.Ko == "" {
		t.Errorf("the preview is %+v %v", f, err)
	}
}

func ptrTo[T any](v T) *T { return &v }
