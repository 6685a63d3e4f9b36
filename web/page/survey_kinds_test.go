package page_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gongbang/store"
	"gongbang/web/page/pagetest"
)

// inviteTo is a link to another questionnaire than that after a use.
func inviteTo(t testing.TB, s *pagetest.Site, n, template string) string {
	t.Helper()
	token := invite(t, s, n)
	_, err := store.Do(context.Background(), s.DB, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, "UPDATE survey_invitation SET template = $1, version = 1 WHERE state = 'sent'", template)
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestEverySurveyIsAnsweredWithoutScript: all five questionnaires in both
// languages: looking stores nothing, each question has its words and its
// fields, and what the first option of each says is what is stored.
func TestEverySurveyIsAnsweredWithoutScript(t *testing.T) {
	for template, want := range map[string]struct{ title, stored string }{
		"use-standard": {"이용은 어떠셨나요?", `{"overall":5,"ease":5,"equip":5,"staff":5,"goal":"all","drivers":["booking"],"comment":"좋습니다"}`},
		"use-short":    {"이용은 어떠셨나요?", `{"overall":5,"comment":"좋습니다"}`},
		"not-used":     {"쓰지 못한 까닭을 알려 주세요", `{"reason":"plans","again":"yes","comment":"좋습니다"}`},
		"training":     {"교육 만족도 조사", `{"overall":5,"content":5,"teacher":5,"practice":5,"ready":5,"comment":"좋습니다"}`},
		"yearly":       {"연간 만족도 조사", `{"environment":5,"process":5,"result":5,"social":5,"overall":5,"nps":10,"comment":"좋습니다"}`},
	} {
		for _, lang := range []string{"", "/en"} {
			s := pagetest.New(t)
			token := inviteTo(t, s, "1", template)
			c := s.As(pagetest.Nobody)
			p := c.Get(lang + "/s/" + token + "?s=5").Follow().Is(200).Lacks("⟦")
			c.Do("HEAD", lang+"/s/"+token, nil)
			if _, n := stored(t, s); n != 0 {
				t.Fatalf("%s: looking recorded an answer", template)
			}
			if lang == "" && !strings.Contains(pagetest.Inner(p.Elements("h1")[0]), want.title) {
				t.Errorf("%s is titled %q", template, pagetest.Inner(p.Elements("h1")[0]))
			}
			if n := strings.Count(p.Body, `class="must"`); n != 1 {
				t.Errorf("%s%s: %d questions are required", template, lang, n)
			}
			if got := chosen(p, "q.overall"); got != "5" && template != "not-used" {
				t.Errorf("%s: ?s=5 chooses %q", template, got)
			}
			sent := p.Form(lang + "/s")
			for _, n := range p.Find(func(n *html.Node) bool { return strings.HasPrefix(pagetest.Attr(n, "name"), "q.") }) {
				name, value := pagetest.Attr(n, "name"), pagetest.Attr(n, "value")
				if n.Data == "textarea" {
					value = "좋습니다"
				}
				if sent.Get(name) == "" {
					sent.Set(name, value)
				}
			}
			c.Post(lang+"/s", sent).Follow().Is(200)
			answers, _ := stored(t, s)
			if sameAnswers(t, answers) != sameAnswers(t, want.stored) {
				t.Errorf("%s%s stores %s, want %s", template, lang, answers, want.stored)
			}
		}
	}
}

// sameAnswers writes answers in one order.
func sameAnswers(t testing.TB, body string) string {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// TestZeroOfTenIsAnAnswer: 0, nothing and not applicable are stored apart.
func TestZeroOfTenIsAnAnswer(t *testing.T) {
	for value, want := range map[string]string{"0": `{"nps":0,"overall":3}`, "": `{"overall":3}`, "NA": `{"nps":"NA","overall":3}`} {
		s := pagetest.New(t)
		c := s.As(pagetest.Nobody)
		p := c.Get("/s/" + inviteTo(t, s, "1", "yearly")).Follow().Is(200)
		var offered []string
		for _, n := range p.Elements("input") {
			if pagetest.Attr(n, "name") == "q.nps" {
				offered = append(offered, pagetest.Attr(n, "value"))
			}
		}
		if len(offered) != 12 || offered[0] != "10" || !slices.Contains(offered, "0") {
			t.Fatalf("offered are %v", offered)
		}
		sent := p.Form("/s")
		sent.Set("q.overall", "3")
		if value != "" {
			sent.Set("q.nps", value)
		}
		c.Post("/s", sent).Follow().Is(200)
		if answers, _ := stored(t, s); sameAnswers(t, answers) != want {
			t.Errorf("%q is stored as %s", value, answers)
		}
	}
}

// TestEverySurveySaysWhatIsWrong at the question that is required.
func TestEverySurveySaysWhatIsWrong(t *testing.T) {
	for template, id := range map[string]string{"use-short": "q-overall", "not-used": "q-reason", "training": "q-overall", "yearly": "q-overall"} {
		s := pagetest.New(t)
		c := s.As(pagetest.Nobody)
		sent := c.Get("/s/" + inviteTo(t, s, "1", template)).Follow().Form("/s")
		sent.Set("q.comment", "남습니다")
		p := c.Post("/s", sent).Is(422).Has(`href="#`+id+`"`, "남습니다", "하나를 골라 주세요.")
		focus := p.Find(func(n *html.Node) bool { return pagetest.HasAttr(n, "autofocus") })
		if len(focus) != 1 || pagetest.Attr(focus[0], "id") != id {
			t.Errorf("%s: %d are focused", template, len(focus))
		}
	}
}
