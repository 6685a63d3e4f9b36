package page_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/store"
	"gongbang/survey"
	"gongbang/web/page/pagetest"
)

// place is where something is used: machine, category and center.
type place struct{ machine, category, center string }

var laser = place{pagetest.Laser, "laser", pagetest.Saha}

// people makes accounts that can be asked.
func people(t testing.TB, s *pagetest.Site, prefix string, n int) (ids []string) {
	t.Helper()
	for i := range n {
		a, err := s.Accounts.Create(context.Background(), account.System("test"), account.NewAccount{Name: account.Secret(fmt.Sprint("시민", prefix, i)),
			Email: account.Secret(fmt.Sprint("guest", prefix, i, "@demo.test")), Demo: true, Consents: true})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, a.ID)
	}
	return ids
}

// visits are people who use a machine once in a month; answer nil is silence.
type visits struct {
	place
	ids    []string
	answer func(i int) map[string]any
	traits func(i int) survey.Traits // nil: unknown
}

// month lets people use machines and answer, and closes the month; the clock
// stands on the same day of the next one.
func month(t testing.TB, s *pagetest.Site, groups ...visits) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	now := s.Clock.Now()
	for _, g := range groups {
		for i, id := range g.ids {
			var traits survey.Traits
			if g.traits != nil {
				traits = g.traits(i)
			}
			must(s.Surveys.Completed(ctx, survey.Use{Traits: traits, BookingID: fmt.Sprint("use-", g.machine, now.Unix(), i), AccountID: id, CenterID: g.center, EquipmentID: g.machine,
				Category: g.category, Unit: 1, Start: now.Add(-4 * time.Hour), End: now.Add(-3 * time.Hour), Mode: "self", Origin: "online"}))
		}
	}
	_, err := s.Surveys.SendDue(ctx)
	must(err)
	sent := invitations(t, s)
	for _, g := range groups {
		for i, who := range g.ids {
			given := g.answer(i)
			if given == nil || sent[who] == "" {
				continue
			}
			m, err := s.Surveys.Invitation(ctx, sent[who])
			must(err)
			must(s.Surveys.Answer(ctx, m.Token, survey.Submission{Answers: given}))
		}
	}
	s.Clock.Add(26 * time.Hour)
	_, err = s.Surveys.Flush(ctx)
	must(err)
	s.Clock.Set(now.AddDate(0, 1, 0))
	_, err = s.Surveys.ExpireDue(ctx)
	must(err)
	n, err := s.Surveys.CloseMonth(ctx)
	must(err)
	if n == 0 {
		t.Fatalf("%s does not close; %d were asked", now.Format("2006-01"), len(sent))
	}
}

// invitations are those that wait for an answer, by account.
func invitations(t testing.TB, s *pagetest.Site) map[string]string {
	t.Helper()
	out, err := store.Read(context.Background(), s.DB, func(ctx context.Context, tx *store.Tx) (map[string]string, error) {
		out := map[string]string{}
		rows, err := tx.Query(ctx, "SELECT account_id, id FROM survey_invitation WHERE state = 'sent' LIMIT 10000")
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var who, id string
			if err := rows.Scan(&who, &id); err != nil {
				return nil, err
			}
			out[who] = id
		}
		return out, rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTrendOnThePage: sixteen months of which the second half is better are
// said to be better, with the numbers of the rule, and the table has what is drawn.
func TestTrendOnThePage(t *testing.T) {
	s := pagetest.New(t)
	even, odd := people(t, s, "e", 10), people(t, s, "o", 10)
	for m := range 16 {
		ids := even
		if m%2 == 1 {
			ids = odd
		}
		if m == 5 {
			ids = ids[:3] // too few: the month keeps its place and shows nothing
		}
		month(t, s, visits{place: laser, ids: ids, answer: func(i int) map[string]any {
			v := 2 + (i+m)%3
			if m >= 8 {
				v = 5 - (i+m)%4/2
			}
			return map[string]any{"overall": v, "ease": 4, "equip": v, "goal": "all", "drivers": []any{[]string{"times", "cost"}[i%2]}}
		}})
	}
	const path = "/manage?from=2030-09&to=2031-04"
	p := s.As(pagetest.Manager).Get(path).Is(200).Lacks("⟦")
	p.Has("15개월을 보면 우연이 아니라 높아졌습니다.", "안호이(Anhøj) 런 규칙: 중앙값", "이전 49.3점에서 87.5점으로 높아졌습니다(차이 &#43;38.2점")
	drawn, table := figure(t, p, "months")
	if len(table) != 17 || table[6][1] != "–" || table[6][6] != "응답 5건 미만" || table[1][3] != "10" || !strings.Contains(drawn, "2030년 1월|2031년 4월|") {
		t.Errorf("drawn %s, table %v", drawn, table)
	}
	if dots, bands := strings.Count(p.Body, `<circle class="pale"`), strings.Count(p.Body, `<polygon class="ci"`); dots != 15 || bands != 2 {
		t.Errorf("%d months are drawn in %d bands", dots, bands)
	}
	s.As(pagetest.Manager).Get("/manage?from=2030-03&to=2030-03").Is(200).Has("점수가 나온 달이 3개뿐이라 추세는 말하지 않습니다.")
}
