package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/survey"
)

// commented leaves so many comments about a center's machine.
func (u *afterUse) commented(center string, people int) {
	u.t.Helper()
	for i, token := range u.askedAndSent(center+"p", center+"-sewing-1", people) {
		u.must(u.answer(token, fmt.Sprintf(`{"answers":{"overall":%d,"comment":"바늘 이야기 %d"}}`, 1+i%5, i)))
	}
	u.flush()
}

func (u *afterUse) closeMarch() {
	u.t.Helper()
	u.set("2027-04-05 00:00")
	u.flush()
	if n, err := u.s.CloseMonth(context.Background()); n != 1 || err != nil {
		u.t.Fatal(n, err)
	}
}

// commentsTagged: managers mark what they may read, from a closed list; marks
// add up, filter, and leave an entry without words.
func commentsTagged(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	u.commented("east", 10)
	u.commented("west", 9)
	open := u.texts(`SELECT id FROM survey_response WHERE center_id = 'east' ORDER BY id`, 1)[0][0]
	_, err := u.s.TagComment(ctx, u.manager(), open, "praise", true)
	u.refused(err, "not_found") // its month is open
	u.closeMarch()
	march := survey.CommentsQuery{From: "2027-03", To: "2027-03"}
	see := func(q survey.CommentsQuery) survey.Comments {
		t.Helper()
		c, err := u.s.Comments(ctx, u.manager(), q)
		u.must(err)
		return c
	}
	before := see(march)
	if len(before.Items) != 10 || len(before.Tags) != 0 {
		t.Fatalf("%+v", before)
	}
	a, b := before.Items[3].ID, before.Items[7].ID
	press := func(id, tag string, on bool, want ...string) {
		t.Helper()
		c, err := u.s.TagComment(ctx, u.manager(), id, tag, on)
		u.must(err)
		if !slices.Equal(c.Tags, want) {
			t.Errorf("%s %v: %q, want %q", tag, on, c.Tags, want)
		}
	}
	press(a, "praise", true, "praise")
	press(a, "booking", true, "booking", "praise") // in the order of the list
	press(b, "praise", true, "praise")
	press(a, "booking", true, "booking", "praise")
	press(a, "cost", false, "booking", "praise")
	if n := u.count(`SELECT COUNT(*) FROM audit WHERE action = 'comment.tag' AND actor = 'm' AND center_id = 'east'`); n != 3 {
		t.Errorf("%d entries for three changes", n)
	}
	for _, row := range u.texts(`SELECT detail FROM audit WHERE action = 'comment.tag'`, 1) {
		if strings.Contains(row[0], "바늘") || !strings.Contains(row[0], "praise") {
			t.Errorf("the entry says %s", row[0])
		}
	}

	after := see(march)
	for i, c := range after.Items { // marks move nothing
		if c.ID != before.Items[i].ID || c.Text != before.Items[i].Text {
			t.Fatalf("place %d moved", i)
		}
	}
	if after.Tags["praise"] != 2 || after.Tags["booking"] != 1 || after.Found != 10 {
		t.Errorf("%+v", after)
	}
	praise := march
	praise.Tag = "praise"
	if c := see(praise); c.Found != 2 || c.Items[0].ID != a || c.Items[1].ID != b || c.Tags["booking"] != 1 || c.Answers != 10 {
		t.Errorf("filtered: %+v", c)
	}
	praise.Text = before.Items[7].Text
	if c := see(praise); c.Found != 1 || c.Items[0].ID != b || c.Tags["praise"] != 1 {
		t.Errorf("filtered and searched: %+v", c)
	}
	if all, err := u.s.SetTags(ctx, u.manager(), a, []string{"other", "other", "times"}); err != nil || !slices.Equal(all.Tags, []string{"times", "other"}) {
		t.Errorf("set at once: %+v, %v", all, err)
	}
	if all, err := u.s.SetTags(ctx, u.manager(), a, nil); err != nil || len(all.Tags) != 0 {
		t.Errorf("taken off: %+v, %v", all, err)
	}
	tagRefusals(u, a)
	tagsAtOnce(u, a)
}

// tagRefusals: a free word could say who wrote it; others' comments, and what
// is not shown, are not there.
func tagRefusals(u *afterUse, id string) {
	ctx := context.Background()
	for _, tag := range []string{"", "홍길동", "none", "praise "} {
		_, err := u.s.TagComment(ctx, u.manager(), id, tag, true)
		u.refused(err, "validation")
		_, err = u.s.SetTags(ctx, u.manager(), id, []string{"praise", tag})
		u.refused(err, "validation")
	}
	_, err := u.s.Comments(ctx, u.manager(), survey.CommentsQuery{Tag: "홍길동"})
	u.refused(err, "validation")
	few := u.texts(`SELECT id FROM survey_response WHERE center_id = 'west' ORDER BY id`, 1)[0][0]
	for _, x := range []struct {
		actor    account.Actor
		id, code string
	}{
		{account.Actor{}, id, "unauthenticated"}, {actorOf(account.Staff, "east"), id, "forbidden"},
		{actorOf(account.Citizen, ""), id, "forbidden"}, {actorOf(account.Manager, "west"), id, "not_found"},
		{u.manager(), "nothing", "not_found"}, {u.manager(), few, "not_found"}, {actorOf(account.Manager, "west"), few, "not_found"},
	} {
		_, err := u.s.TagComment(ctx, x.actor, x.id, "cost", true)
		u.refused(err, x.code)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_response WHERE tags LIKE '%cost%'`); n != 0 {
		u.t.Error("a refusal marked something")
	}
}

// tagsAtOnce: who presses at the same time loses nobody's mark.
func tagsAtOnce(u *afterUse, id string) {
	tags := survey.CommentTags()
	errs := make([]error, len(tags))
	var wg sync.WaitGroup
	for i, tag := range tags {
		wg.Go(func() { _, errs[i] = u.s.TagComment(context.Background(), u.manager(), id, tag.Key, true) })
	}
	wg.Wait()
	for _, err := range errs {
		u.must(err)
	}
	if got := u.texts(`SELECT tags FROM survey_response WHERE id = $1`, 1, id)[0][0]; len(strings.Fields(got)) != len(tags) {
		u.t.Errorf("of %d marks at once: %s", len(tags), got)
	}
}

// doorComments: what was written at a code or a counter stands apart from what
// invited people wrote, of closed months with ten such answers.
func doorComments(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	u.commented("east", 10)
	u.askedAndSent("used", "east-sewing-2", 6)
	write := func(d survey.Door, people int, text string) {
		for i := range people {
			u.must(u.s.AnswerAt(ctx, ofEast, d, survey.Submission{Answers: map[string]any{"overall": 3, "comment": fmt.Sprintf("%s %d 010-1234-5678", text, i)}}))
		}
	}
	write(byCode, 10, "코드로")
	write(atEast, 9, "창구에서")
	see := func(at survey.Entry) survey.Comments {
		t.Helper()
		c, err := u.s.Comments(ctx, u.manager(), survey.CommentsQuery{From: "2027-03", To: "2027-03", Entry: at})
		u.must(err)
		return c
	}
	u.pass(26 * time.Hour)
	u.flush()
	if c := see(survey.ByQR); c.Found != 0 || c.Answers != 0 || c.LeftOut != 0 {
		t.Errorf("an open month tells %+v", c)
	}
	u.closeMarch()
	for at, want := range map[survey.Entry]struct {
		text             string
		found, shut, all int
	}{"": {"바늘 이야기", 10, 0, 10}, survey.ByQR: {"코드로", 10, 0, 10}, survey.ByCounter: {"", 0, 9, 0}} {
		c := see(at)
		if c.Found != want.found || c.LeftOut != want.shut || c.Answers != want.all || len(c.Items) != want.found {
			t.Errorf("%q: %+v", at, c)
		}
		for i, item := range c.Items {
			if !strings.HasPrefix(item.Text, want.text) || strings.Contains(item.Text, "1234") || i > 0 && item.ID < c.Items[i-1].ID {
				t.Errorf("%q shows %q", at, item.Text)
			}
		}
	}
	c, err := u.s.TagComment(ctx, u.manager(), see(survey.ByQR).Items[4].ID, "machine", true)
	if err != nil || !slices.Equal(see(survey.ByQR).Items[4].Tags, []string{"machine"}) || see("").Tags["machine"] != 0 {
		t.Errorf("marked: %+v, %v", c, err)
	}
	few := u.texts(`SELECT id FROM survey_response WHERE entry = 'counter' ORDER BY id`, 1)[0][0]
	_, err = u.s.TagComment(ctx, u.manager(), few, "machine", true)
	u.refused(err, "not_found")
	for _, at := range []survey.Entry{survey.ByName, "post"} {
		_, err := u.s.Comments(ctx, u.manager(), survey.CommentsQuery{Entry: at})
		u.refused(err, "validation")
	}
}
