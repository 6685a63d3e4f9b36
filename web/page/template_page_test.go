package page_test

import (
	"net/url"
	"strings"
	"testing"

	"gongbang/web/page/pagetest"
)

// pressDo sends the editor's form as it stands with one of its buttons.
func pressDo(t *testing.T, c *pagetest.Client, path, do string, change url.Values) *pagetest.Page {
	t.Helper()
	form := c.Get(path).Is(200).Form(path)
	for k, v := range change {
		form[k] = v
		if len(v) == 0 {
			delete(form, k)
		}
	}
	form.Set("do", do)
	return c.Post(path, form)
}

// TestQuestionnaireIsEdited: from the list over a draft to what is asked.
func TestQuestionnaireIsEdited(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Admin)
	c.Get("/manage/surveys").Is(200).Has("장비 이용 만족도 조사", "연간 만족도 조사", "1판으로 묻고 있습니다").Lacks("⟦")
	history := c.Get("/manage/surveys/use-standard").Is(200)
	const draft = "/manage/surveys/use-standard/drafts/2"
	if to := c.Post("/manage/surveys/use-standard", history.Form("/manage/surveys/use-standard")).To(); to != draft {
		t.Fatalf("a new version leads to %s", to)
	}
	p := c.Get(draft).Is(200).Has("두 가지를 묻습니다(상태와 성능에)").Lacks("⟦")
	uniqueIDs(t, p)
	inEnglish(t, c, draft)
	if to := pressDo(t, c, draft, "up.1", nil).To(); to != draft+"#q-1" {
		t.Errorf("up leads to %s", to)
	}
	pressDo(t, c, draft, "add", nil).To()
	pressDo(t, c, draft, "publish", nil).Is(422).Has(`href="#f-q-7-ko"`)
	pressDo(t, c, draft, "save", url.Values{"q.7.ko": {"작업대가 깨끗했다."}, "q.7.en": {"The bench was clean."}, "q.7.type": {"agree5"}, "q.7.key": {"clean"}}).To()
	c.Get(draft).Is(200).Has("질문 차례가 바뀜", "clean: 질문을 더함", "질문이 8개입니다")
	preview := c.Get("/manage/surveys/use-standard/versions/2").Is(200).Has("작업대가 깨끗했다.", "매우 그렇다", `class="phone survey"`).Lacks("⟦", "<form method=\"post\" action=\"/s\"")
	uniqueIDs(t, preview)
	pressDo(t, c, draft, "publish", url.Values{"series": {"on"}}).To()
	c.Get("/manage/surveys/use-standard").Is(200).Has("clean: 질문을 더함", "2판")
	token := invite(t, s, "1")
	s.As(pagetest.Nobody).Get("/s/" + token).Follow().Is(200).Has("작업대가 깨끗했다.")
	c.Get(draft).To() // it is published
	inEnglish(t, c, "/manage/surveys", "/manage/surveys/use-standard", "/manage/surveys/use-standard/versions/2")
	c.Get("/manage/audit").Is(200).Has("조사 문항을 발행했습니다")
}

// TestBrokenSeriesIsExplained: another scale under the same key is told at the
// question, and a new series takes it.
func TestBrokenSeriesIsExplained(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Admin)
	const draft = "/manage/surveys/training/drafts/2"
	c.Post("/manage/surveys/training", nil).To()
	p := pressDo(t, c, draft, "publish", url.Values{"q.1.type": {"nps"}, "series": {"on"}}).Is(422)
	p.Has("뜻이 달라졌습니다(답하는 방식이 바뀜)", `href="#f-q-1-type"`, "(계열이 끊깁니다)")
	if got := chosen(p, "series"); got != "new" {
		t.Errorf("suggested is %q", got)
	}
	inEnglish(t, c, draft)
	again := p.Form(draft)
	again.Set("do", "publish")
	c.Post(draft, again).To()
	c.Get("/manage/surveys/training").Is(200).Has("training.2", "이 판부터 새 계열입니다")
}

// TestOptionsAndConditionsAreEdited with the buttons alone.
func TestOptionsAndConditionsAreEdited(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Admin)
	list := c.Get("/manage/surveys").Form("/manage/surveys")
	list.Set("key", "open-day")
	list.Set("title.ko", "공개의 날")
	const draft = "/manage/surveys/open-day/drafts/1"
	if to := c.Post("/manage/surveys", list).To(); to != draft {
		t.Fatalf("leads to %s", to)
	}
	if to := c.Post("/manage/surveys", list).To(); to != draft {
		t.Errorf("pressing twice leads to %s", to)
	}
	other := c.Get("/manage/surveys").Form("/manage/surveys")
	other.Set("key", "Open Day")
	c.Post("/manage/surveys", other).Is(422).Has("식별자")
	pressDo(t, c, draft, "save", url.Values{"title.ko": {""}}).To()
	c.Get("/manage/surveys").Is(200).Has("<h2>open-day</h2>").Lacks("<h2></h2>")
	pressDo(t, c, draft, "save", url.Values{"title.ko": {"공개의 날"}}).To()
	pressDo(t, c, draft, "add", url.Values{"q.0.ko": {"어땠나요?"}, "q.0.en": {"How was it?"}}).To()
	pressDo(t, c, draft, "option.1", url.Values{"q.1.type": {"single"}, "q.1.ko": {"무엇을 보셨나요?"}}).To()
	pressDo(t, c, draft, "option.1", nil).To()
	pressDo(t, c, draft, "option.1", nil).To()
	pressDo(t, c, draft, "less.1.2", nil).To()
	pressDo(t, c, draft, "add", url.Values{"q.1.o.0.ko": {"재봉"}, "q.1.o.0.key": {"sewing"}, "q.1.o.1.ko": {"인쇄"}}).To()
	wrong := pressDo(t, c, draft, "save", url.Values{"q.2.ko": {"재봉은 어땠나요?"}, "q.2.key": {"sewing"}, "q.1.key": {"sewing"}}).Is(422).Has("같은 이름표가 또 있습니다", "재봉은 어땠나요?")
	fixed := wrong.Form(draft)
	fixed.Set("q.1.key", "seen")
	fixed.Set("q.2.if", "seen")
	fixed.Set("q.2.ifv", "sewing")
	fixed.Set("do", "publish")
	c.Post(draft, fixed).To()
	p := s.As(pagetest.Admin).Get("/manage/surveys/open-day/versions/1").Is(200)
	p.Has("재봉은 어땠나요?", "인쇄", `data-if="q.seen" data-values="sewing" data-off`)
}

// TestTwoEditors: who saves over another's save is told, and keeps the words.
func TestTwoEditors(t *testing.T) {
	s := pagetest.New(t)
	one, two := s.As(pagetest.Admin), s.As(pagetest.Admin)
	const draft = "/manage/surveys/yearly/drafts/2"
	one.Post("/manage/surveys/yearly", nil).To()
	form := two.Get(draft).Form(draft)
	pressDo(t, one, draft, "save", url.Values{"title.ko": {"한 해 조사"}}).To()
	form.Set("title.ko", "다른 조사")
	form.Set("do", "save")
	two.Post(draft, form).Is(409).Has(`value="다른 조사"`)
	two.Post(draft+"/drop", nil).To()
	two.Get(draft).Is(404)
	if to := one.Post("/manage/surveys/yearly", nil).To(); !strings.HasSuffix(to, "/drafts/2") {
		t.Errorf("leads to %s", to)
	}
	for _, who := range []pagetest.Who{pagetest.Manager, pagetest.Staff} {
		for _, path := range []string{"/manage/surveys", "/manage/surveys/yearly", draft} {
			s.As(who).Get(path).Is(403)
		}
	}
}
