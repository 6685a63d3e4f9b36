package notify_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gongbang/internal/lang"
	"gongbang/notify"
)

func fullView() notify.View {
	return notify.View{
		Brand: lang.Text{Ko: "시험 공방", En: "Test Workshop"}, Name: "시민1", Zone: seoul, Now: clock("2026-11-20 09:00"),
		Center: lang.Text{Ko: "시험 센터", En: "Test Center"}, Equipment: lang.Text{Ko: "자동 재단기", En: "Automatic cutter"},
		Unit: 2, Place: "시험로 1", Contact: "02-123-4567", Code: "7K3F-9QWD",
		Start: clock("2026-11-22 14:00"), End: clock("2026-11-22 16:00"),
		BeforeStart: clock("2026-11-21 10:00"), BeforeEnd: clock("2026-11-21 11:00"),
		CancelUntil: clock("2026-11-22 12:00"), AnswerBy: clock("2026-11-21 09:00"), Reason: "날 교체", Late: true,
		Points: 2, Until: clock("2026-11-30 09:00"), Over: "center",
		Alternatives: []notify.Alternative{{Start: clock("2026-11-23 14:00"), End: clock("2026-11-23 16:00"), Center: lang.Text{Ko: "둘째 센터", En: "Second Center"}}},
		Job:          "원단 10장 재단", PromisedAt: clock("2026-11-24 18:00"), PIN: "042137", Valid: 5 * time.Minute,
		Expires: clock("2026-12-06 23:59"), Report: "덮개가 열린 채 돕니다", Answer: "네, 8mm까지 됩니다.", Link: "https://demo.test/s/abc", OptOut: "https://demo.test/o/abc",
	}
}

// variants are the views that make the texts take each of their branches.
func variants() map[string]notify.View {
	found := map[string]notify.View{"full": fullView(), "empty": {}}
	for _, cause := range []string{"person", "staff", "center", "unanswered"} {
		v := fullView()
		v.Cause = cause
		found["cause "+cause] = v
	}
	for _, became := range []string{"moved", "cancelled", "ended", "shortened"} {
		v := fullView()
		v.Became = became
		found["became "+became] = v
	}
	for name, m := range months() {
		v := fullView()
		v.Month, v.Sum, v.Stop = "2026-10", &m, "https://demo.test/me#monthly"
		found["month "+name] = v
	}
	return found
}

// months are what a month can come to.
func months() map[string]notify.MonthSum {
	score, before := 78.25, 74.0
	m := func(score, before, step *float64, ci, stepCI *[2]float64) notify.MonthSum {
		return notify.MonthSum{Centers: 1, Answers: 40, Score: score, Interval: ci, Before: before, Step: step, StepCI: stepCI,
			UsedMinutes: 7229, OpenMinutes: 20000, People: 61, Expected: 60, NoShows: 4, Waiting: 3, Overdue: 1}
	}
	up, down := 4.25, -4.25
	few := m(&score, nil, nil, nil, nil)
	few.Answers, few.Reference, few.Open, few.Centers = 7, true, true, 3
	return map[string]notify.MonthSum{
		"none": {}, "hidden": {Hidden: true}, "few": few,
		"same": m(&score, &before, &up, &[2]float64{74, 82.5}, &[2]float64{-1.04, 9.5}),
		"rose": m(&score, &before, &up, &[2]float64{74, 82.5}, &[2]float64{0.5, 8}),
		"fell": m(&score, &before, &down, &[2]float64{74, 82.5}, &[2]float64{-8, -0.5}),
		"edge": m(&score, &before, &up, &[2]float64{74, 82.5}, &[2]float64{0, 8}),
	}
}

func TestMonthIsCalledOtherOnlyWhereZeroIsLeftOut(t *testing.T) {
	changed := regexp.MustCompile(`높아졌|낮아졌|rose|fell`)
	for name, want := range map[string][2]string{
		"none":   {"응답이 없었습니다", "Nobody answered"},
		"hidden": {"응답이 적어 보여 드리지 않습니다", "Too few people"},
		"few":    {"78.3점(응답 7건, 참고용, 잠정)이고, 그 전달과는 견줄 수 없습니다", "78.3 of 100 (7 answers, for reference only, provisional); it can't be compared"},
		"same":   {"그 전달 74.0점과 달라졌다고 말할 수 없습니다(차이 +4.3점, 95% 신뢰구간 −1.0–+9.5)", "it can't be said to have changed from the month before, 74.0 (difference +4.3, 95% interval −1.0–+9.5)"},
		"edge":   {"달라졌다고 말할 수 없습니다(차이 +4.3점, 95% 신뢰구간 0.0–+8.0)", "can't be said to have changed"},
		"rose":   {"78.3점(응답 40건, 95% 신뢰구간 74.0–82.5)이고, 그 전달 74.0점에서 높아졌습니다", "it rose from 74.0"},
		"fell":   {"그 전달 74.0점에서 낮아졌습니다", "it fell from 74.0"},
	} {
		for i, l := range []lang.Locale{lang.Ko, lang.En} {
			m, err := notify.Compose(notify.ManagerMonthly, l, variants()["month "+name])
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(m.Text, want[i]) || changed.MatchString(m.Text) != (name == "rose" || name == "fell") {
				t.Errorf("%s %s: %s", name, l, m.Text)
			}
			for _, each := range [][2]string{{"2026년 10월", "October 2026"}, {"\n1. ", "\n1. "}, {"\n2. ", "\n2. "}, {"\n3. ", "\n3. "},
				{"받지 않으시려면: https://demo.test/me#monthly", "stop this mail: https://demo.test/me#monthly"}} {
				if !strings.Contains(m.Subject+m.Text, each[i]) {
					t.Errorf("%s %s lacks %q: %s", name, l, each[i], m.Text)
				}
			}
			if m.Headers != nil {
				t.Errorf("%s promises a one-click stop that is none", name)
			}
		}
	}
	m, _ := notify.Compose(notify.ManagerMonthly, lang.Ko, variants()["month same"])
	for _, want := range []string{"61명이 장비를 120시간 썼고(가동률 36%), 미리 잡은 예약 60건 가운데 4건에는", "의견은 3건이고, 그 가운데 1건은"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("no %q in %s", want, m.Text)
		}
	}
}

// thingHonorifics are the endings that honour a thing instead of a person.
var thingHonorifics = regexp.MustCompile(`되셨|되십|되시|이십니다|나오셨|나오십|있으십|없으십|가능하십|끝나셨|비어 계`)

var avoided = []string{"노쇼", "체크인", "익일", "금일", "상기", "해당 ", "유효하지", "접수 완료", "!"}

func TestEveryKindHasBothLanguages(t *testing.T) {
	hangul := regexp.MustCompile(`\p{Hangul}`)
	for _, kind := range notify.Kinds {
		for name, v := range variants() {
			ko, err := notify.Compose(kind, lang.Ko, v)
			if err != nil {
				t.Fatalf("%s in Korean (%s): %v", kind, name, err)
			}
			en, err := notify.Compose(kind, lang.En, v)
			if err != nil {
				t.Fatalf("%s in English (%s): %v", kind, name, err)
			}
			checkText(t, kind+" ko "+name, ko)
			checkText(t, kind+" en "+name, en)
			if !hangul.MatchString(ko.Subject) || !hangul.MatchString(ko.Text) || ko.Subject == en.Subject || ko.Text == en.Text {
				t.Errorf("%s (%s): the two languages are not told apart", kind, name)
			}
			if bad := thingHonorifics.FindString(ko.Subject + ko.Text); bad != "" {
				t.Errorf("%s (%s) honours a thing: %q in %q", kind, name, bad, ko.Text)
			}
			for _, word := range avoided {
				if strings.Contains(ko.Subject+ko.Text, word) {
					t.Errorf("%s (%s) says %q", kind, name, word)
				}
			}
		}
	}
}

func checkText(t *testing.T, name string, m notify.Message) {
	t.Helper()
	if m.Subject == "" || strings.TrimSpace(m.Text) == "" || m.Links == nil {
		t.Errorf("%s: subject, text or links missing: %+v", name, m)
	}
	for _, bad := range []string{"<no value>", "<nil>", "{{", "%!", "0001", "\n\n\n"} {
		if strings.Contains(m.Subject+m.Text, bad) {
			t.Errorf("%s leaves %q: %q", name, bad, m.Text)
		}
	}
	if strings.Contains(m.Subject, "\n") {
		t.Errorf("%s: the subject has a line break", name)
	}
	// A long SMS holds 2,000 bytes, a Hangul syllable counting two.
	bytes := 0
	for _, r := range m.Text {
		bytes += 1 + min(1, int(r)/0x80)
	}
	if bytes > 2000 {
		t.Errorf("%s: %d bytes do not fit a long SMS", name, bytes)
	}
}

func TestHonorificsTestCanFail(t *testing.T) {
	if !thingHonorifics.MatchString("장비가 준비되셨습니다") {
		t.Fatal("the search for honoured things finds none")
	}
}

func TestComposeWhatMatters(t *testing.T) {
	for _, c := range []struct {
		kind   string
		locale lang.Locale
		has    []string
	}{
		{notify.AccountCode, lang.Ko, []string{"042137", "5분"}},
		{notify.BookingConfirmed, lang.Ko, []string{"시민1 님", "확정", "7K3F-9QWD", "11. 22.(일) 오후 2:00 ~ 4:00", "자동 재단기 2호기", "11. 22.(일) 낮 12:00까지", "02-123-4567"}},
		{notify.BookingConfirmed, lang.En, []string{"Sun, Nov 22, 2026, 2:00–4:00 PM (KST)", "Automatic cutter, unit 2"}},
		{notify.BookingNoShow, lang.Ko, []string{"벌점 2점을 기록했습니다."}},
		{notify.BookingCancelled, lang.Ko, []string{"벌점은 2점입니다."}},
		{notify.AccountSuspended, lang.Ko, []string{"11. 30.(월) 오전 9:00까지 시험 센터의 장비를 새로 예약하실 수 없습니다", "https://demo.test/s/abc"}},
		{notify.AccountSuspended, lang.En, []string{"at Test Center until Mon, Nov 30, 2026"}},
		{notify.BookingReminder, lang.Ko, []string{"11. 22.(일) 낮 12:00까지는 늦은 취소가 아닙니다", "여기서 취소해 주세요: https://demo.test/s/abc"}},
		{notify.BookingMoved, lang.Ko, []string{"이전 시간: 11. 21.(토) 오전 10:00 ~ 11:00", "오후 2:00 ~ 4:00"}},
		{notify.BookingRejected, lang.Ko, []string{"날 교체", "11. 23.(월) 오후 2:00 ~ 4:00, 둘째 센터"}},
		{notify.ApprovalWaiting, lang.Ko, []string{"11. 22.(일) 14:00~16:00"}},
		{notify.SurveyInvitation, lang.Ko, []string{"자동 재단기를", "https://demo.test/s/abc", "https://demo.test/o/abc"}},
		{notify.SurveySafety, lang.Ko, []string{"덮개가 열린 채 돕니다"}},
	} {
		m, err := notify.Compose(c.kind, c.locale, fullView())
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range c.has {
			if !strings.Contains(m.Text, part) {
				t.Errorf("%s: %q is missing in\n%s", c.kind, part, m.Text)
			}
		}
	}
}

func TestRequestedNeverSaysConfirmed(t *testing.T) {
	m, err := notify.Compose(notify.BookingRequested, lang.Ko, fullView())
	if err != nil || strings.Contains(m.Text, "예약이 확정되었습니다") || !strings.Contains(m.Text, "아직 확정된 예약이 아닙니다") {
		t.Fatalf("%v: %s", err, m.Text)
	}
}

func TestStaffMessageHoldsNoName(t *testing.T) {
	m, _ := notify.Compose(notify.ApprovalWaiting, lang.Ko, fullView())
	if strings.Contains(m.Text, "시민1") {
		t.Fatalf("a person's name left by mail: %s", m.Text)
	}
}

func TestSurveyCarriesOneClickOptOut(t *testing.T) {
	for _, kind := range notify.Kinds {
		m, err := notify.Compose(kind, lang.Ko, fullView())
		if err != nil {
			t.Fatal(err)
		}
		survey := kind == notify.SurveyInvitation || kind == notify.SurveyReminder
		want := map[string]string{}
		if survey {
			want = map[string]string{"List-Unsubscribe": "<https://demo.test/o/abc>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
		}
		if fmt.Sprint(m.Headers) != fmt.Sprint(want) {
			t.Errorf("%s: headers %v", kind, m.Headers)
		}
		if !slices.Equal(m.Links, []string{"https://demo.test/s/abc", "https://demo.test/o/abc"}) {
			t.Errorf("%s: links %v", kind, m.Links)
		}
	}
}

func TestUnknownKindIsAnError(t *testing.T) {
	if _, err := notify.Compose("booking.unknown", lang.Ko, fullView()); err == nil {
		t.Fatal("a kind without a text was written")
	}
}

func TestHostileTextStaysText(t *testing.T) {
	v := fullView()
	v.Reason = "{{.PIN}} <script>"
	m, err := notify.Compose(notify.BookingRejected, lang.Ko, v)
	if err != nil || !strings.Contains(m.Text, "{{.PIN}} <script>") {
		t.Fatalf("%v: %s", err, m.Text)
	}
}
