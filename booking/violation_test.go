package booking

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gongbang/internal/lang"
)

// everyViolation is one of each, with odd values too.
func everyViolation(t testing.TB) []Violation {
	c, e := smallCatalog(t, "Asia/Seoul", everyDay(`[["09:00","12:00"],["13:00","24:00"]]`), "", `{}`)
	at := Date("2026-11-22").At(14*60, c.Zone)
	e.Center.Eligibility = Eligibility{Groups: []string{"a", "한글"}, Proof: "declare"}
	before := *e.Center
	before.Eligibility.Proof = "before_booking"
	link, phone, none, later := *e, *e, *e, *e
	link.Elsewhere, phone.Elsewhere, none.Elsewhere = &Elsewhere{Link: "https://demo.test"}, &Elsewhere{Phone: "+82212345678"}, &Elsewhere{}
	later.BookableFrom = "2027-01-04"
	all := []Violation{
		vClosed("2026-11-22", false, lang.Text{}), vClosed("2026-11-22", true, lang.Text{Ko: "청소"}),
		vClosed("2026-11-22", true, lang.Text{Ko: "청소", En: "Cleaning"}), vHoliday("2026-12-25", lang.Text{}),
		vHoliday("2026-12-25", lang.Text{Ko: "성탄절", En: "Christmas Day"}), vOutsideHours(e.Center.Hours[1]), vOutsideHours(nil),
		vOffGrid(60, 10), vTooShort(90), vTooLong(240), vInPast(), vNotOpenYet(at, c.Zone), vTooLate(at, c.Zone), vTooLateToCancel(at, c.Zone),
		vTooEarly(at, c.Zone), vCertificateMissing(c, "한글"), vCertificateExpired(c, "laser", at), vNotEligible(c, e.Center), vNotEligible(c, &before),
		vMinAge(14), vTooManyPeople(1, 2), vTooManyPeople(4, 5), vSuspended(c, e, "equipment", at), vSuspended(c, e, "category", at), vSuspended(c, e, "center", at), vSuspended(c, e, "city", at), vOutage(at, c.Zone), vOutage(FarFuture, c.Zone),
		vRetired(), vLotteryOnly(Lottery{ApplyUntilDays: 7, DrawDays: 5}),
		vLane(Lane{Admits: Admission{Desk: true}}, Interval{}, time.UTC), vLane(Lane{Admits: Admission{FirstTime: true}, Released: &When{Days, 2, 0}}, Interval{time.Date(2026, 12, 16, 0, 0, 0, 0, time.UTC), time.Time{}}, time.UTC), vBookedElsewhere(&link), vBookedElsewhere(&phone), vBookedElsewhere(&none), vBookedElsewhere(&later),
	}
	for _, what := range []string{"minutes", "bookings", "upcoming", "concurrent", "consecutive_days"} {
		for _, over := range []string{"equipment", "category", "center", "city"} {
			per := ""
			if what == "minutes" || what == "bookings" {
				per = "week"
			}
			all = append(all, vLimit(c, e, Limit{Count: what, Max: 240, Per: per, By: "person", Over: over}, 1), vLimit(c, e, Limit{Count: what, Max: 240, Per: per, By: "firm", Over: over}, 1))
		}
	}
	return all
}

func TestViolationSentences(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range everyViolation(t) {
		seen[v.Code] = true
		if !slices.Contains(violationCodes, v.Code) {
			t.Errorf("%s is not in the list of codes", v.Code)
		}
		checkSentence(t, v.Code, v.Text)
		if v.Action != nil && (v.Action.Label.Ko == "" || v.Action.Label.En == "" || v.Action.Href == "") {
			t.Errorf("%s: the action is not whole", v.Code)
		}
	}
	for _, code := range violationCodes {
		if !seen[code] {
			t.Errorf("%s has no sentence", code)
		}
	}
}

// checkSentence holds a text to the house's tone: both languages, whole
// sentences, no Hangul in English, no words that ux forbids.
func checkSentence(t testing.TB, name string, text lang.Text) {
	t.Helper()
	if !hasHangul(text.Ko) || !strings.HasSuffix(text.Ko, ".") {
		t.Errorf("%s: %q", name, text.Ko)
	}
	if hasHangul(text.En) || !strings.HasSuffix(text.En, ".") || text.En == "" {
		t.Errorf("%s: %q", name, text.En)
	}
	for _, word := range []string{"체크인", "노쇼", "익일", "금일", "상기", "  ", "%!", "!", "을(를)"} {
		if strings.Contains(text.Ko, word) || strings.Contains(text.En, word) {
			t.Errorf("%s has %q: %q %q", name, word, text.Ko, text.En)
		}
	}
	for _, end := range strings.Split(strings.TrimSuffix(text.Ko, "."), ". ") {
		if r := []rune(end); len(r) > 2 && !strings.HasSuffix(end, "다") && !strings.HasSuffix(end, "요") && !strings.ContainsAny(end, "0123456789:") && !strings.HasSuffix(end, "다(청소)") {
			t.Errorf("%s: %q is not polite speech", name, end)
		}
	}
}

func TestTimesInWords(t *testing.T) {
	seoul := zone(t, "Asia/Seoul")
	for minute, want := range map[int]string{
		0: "오전 0:00|12:00 AM", 540: "오전 9:00|9:00 AM", 690: "오전 11:30|11:30 AM", 720: "낮 12:00|12:00 PM",
		750: "오후 12:30|12:30 PM", 840: "오후 2:00|2:00 PM", 1439: "오후 11:59|11:59 PM", 1440: "밤 12:00|midnight",
	} {
		if got := textClock(minute); got.Ko+"|"+got.En != want {
			t.Errorf("%d: %q %q, want %s", minute, got.Ko, got.En, want)
		}
	}
	for minutes, want := range map[int]string{0: "0분|0 minutes", 1: "1분|1 minute", 60: "1시간|1 hour", 90: "1시간 30분|1 hour 30 minutes", 240: "4시간|4 hours"} {
		if got := textLength(minutes); got.Ko+"|"+got.En != want {
			t.Errorf("%d: %q %q, want %s", minutes, got.Ko, got.En, want)
		}
	}
	got := textMoment(time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC), seoul)
	if got.Ko != "2026. 11. 22.(일) 오후 2:00" || got.En != "Sun, Nov 22, 2026, 2:00 PM (KST)" {
		t.Errorf("%q %q", got.Ko, got.En)
	}
	if w := textWon(1234567); w.Ko != "1,234,567원" || textWon(500).Ko != "500원" {
		t.Errorf("%q", w.Ko)
	}
	if o := textOpenings([]Opening{{540, 720}, {780, 1080}}); o.Ko != "오전 9:00 ~ 낮 12:00, 오후 1:00 ~ 6:00" {
		t.Errorf("%q", o.Ko)
	}
}
