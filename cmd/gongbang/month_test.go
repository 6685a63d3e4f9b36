package main

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/notify"
	"gongbang/store"
	"gongbang/survey"
)

// TestTheMonthIsMailed: a month is added up from what is stored, for each who
// manages, and leaves once through the outbox however often its job runs.
func TestTheMonthIsMailed(t *testing.T) {
	env := append(folder(t), "GONGBANG_DEV_MAILBOX=on", "GONGBANG_PUBLIC_URL=https://demo.test")
	if s := cli(t, env, "", "import", catalogFile(t, 2, `["00:00","24:00"]`)); s.code != exitOK {
		t.Fatalf("%+v", s)
	}
	for role, args := range map[string][]string{"manager": {"--center", "test-center"}, "admin": nil, "staff": {"--center", "test-center"}} {
		if s := cli(t, env, "a long password\n", append([]string{"account", "create", "--email", role + "@demo.test", "--name", "직원1", "--role", role, "--password-stdin"}, args...)...); s.code != exitOK {
			t.Fatalf("%+v", s)
		}
	}
	cfg, err := loadConfig(env, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	a, err := openApp(t.Context(), cfg, appOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	waits := survey.Case{ID: "k1", Center: "test-center", Month: "2025-01", Day: "2025-01-02", State: survey.CaseReceived, Account: "somebody", DueAt: time.Unix(0, 0), Comment: "덥습니다"}
	if _, err := store.NewSurveys(a.db).Do(t.Context(), func(ctx context.Context, tx survey.Tx) (any, error) { return nil, tx.SaveCase(ctx, waits) }); err != nil {
		t.Fatal(err)
	}
	due := a.clock().UTC()
	for i := range 2 {
		if first, err := a.surveys.TellMonth(t.Context(), due); err != nil || first != (i == 0) {
			t.Fatalf("%v %v", first, err)
		}
		for n := 1; n > 0; {
			if n, err = a.delivery.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	raw, err := os.ReadFile(cfg.mailboxFile())
	if err != nil {
		t.Fatal(err)
	}
	var to []string
	for line := range strings.Lines(string(raw)) {
		var m notify.Message
		if err := json.Unmarshal([]byte(line), &m); err != nil || m.Kind != notify.ManagerMonthly {
			t.Fatalf("%v %s", err, line)
		}
		to = append(to, m.To)
		for _, want := range []string{"만족도 조사에는 응답이 없었습니다", "0명이 장비를 0시간 썼고", "의견은 1건이고, 그 가운데 1건은 기한이", "https://demo.test/me#monthly"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("no %q in %s", want, m.Text)
			}
		}
		if !strings.HasPrefix(m.Links[0], "https://demo.test/manage?center=test-center&from=20") {
			t.Errorf("%v", m.Links)
		}
	}
	slices.Sort(to)
	if !slices.Equal(to, []string{"admin@demo.test", "manager@demo.test"}) {
		t.Errorf("sent to %v", to)
	}
	if _, err := (mailMonths{a}).Month(t.Context(), account.Actor{ID: "x", Grants: []account.Grant{{Role: account.Staff, Center: "test-center"}}}, "2026-01"); err == nil {
		t.Error("staff were told of a month")
	}
}

func TestScoreOfAMonth(t *testing.T) {
	group := func(counts [5]int) survey.Group {
		s, n := survey.Score(counts), 0
		for _, c := range counts {
			n += c
		}
		return survey.Group{N: &n, ReferenceOnly: n < 10, Questions: map[string]survey.Figure{"overall": {N: n, Scale: &s}}}
	}
	now, before := group([5]int{0, 2, 4, 8, 16}), group([5]int{4, 8, 10, 4, 2})
	step, ci := survey.Welch(before.Questions["overall"].Counts, now.Questions["overall"].Counts)
	m := scoreOf(survey.Results{Total: now, Previous: &before, Change: map[string]survey.Change{"overall": {S100: step, S100CI: ci}}})
	if m.Answers != 30 || m.Hidden || m.Reference || m.Interval == nil || m.Score == nil || m.Before == nil || m.Step == nil || m.StepCI[0] <= 0 || *m.Step <= m.StepCI[0] {
		t.Errorf("%+v", m)
	}
	if m = scoreOf(survey.Results{Total: survey.Group{Suppressed: true}, Previous: &before}); !m.Hidden || m.Score != nil || m.Step != nil || m.Before != nil {
		t.Errorf("what is too small is told: %+v", m)
	}
	few := group([5]int{0, 0, 1, 2, 3})
	if m = scoreOf(survey.Results{Total: few, Previous: &survey.Group{Suppressed: true}}); !m.Reference || m.Interval != nil || m.Before != nil || m.Step != nil {
		t.Errorf("%+v", m)
	}
}
