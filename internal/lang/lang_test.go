package lang

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTextFallsBackToKorean(t *testing.T) {
	both, koOnly := Text{Ko: "재봉기", En: "Sewing machine"}, Text{Ko: "재봉기"}
	for _, c := range []struct {
		text   Text
		locale Locale
		want   string
	}{{both, Ko, "재봉기"}, {both, En, "Sewing machine"}, {koOnly, En, "재봉기"}, {both, "fr", "재봉기"}} {
		if got := c.text.In(c.locale); got != c.want {
			t.Errorf("%+v in %q: %q, want %q", c.text, c.locale, got, c.want)
		}
	}
}

func TestJosaFollowsTheLastSyllable(t *testing.T) {
	for word, want := range map[string]string{
		"재봉기": "재봉기를", "재단": "재단을", "공방": "공방을", "레이저": "레이저를",
		"CNC": "CNC을(를)", "3호": "3호를", "1": "1을(를)", "": "",
	} {
		if got := Josa(word, "을", "를"); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestInitials(t *testing.T) {
	for s, want := range map[string]string{
		"자동재단기": "ㅈㄷㅈㄷㄱ", "자동 재단기(CAM)": "ㅈㄷㅈㄷㄱcam", "까치": "ㄲㅊ", "힣": "ㅎ", "": "",
	} {
		if got := Initials(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	if !OnlyInitials("ㅈㄷㄱ") || OnlyInitials("ㅈ다") || OnlyInitials("") || OnlyInitials("ㅏ") {
		t.Error("OnlyInitials takes something else for initial consonants")
	}
}

// Every name that is found by its letters is found by its initials too.
func TestInitialsOfAPartAreAPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching(`[가-힣]{1,8}`).Draw(t, "a"), rapid.StringMatching(`[가-힣]{0,8}`).Draw(t, "b")
		if !strings.Contains(Initials(b+a+b), Initials(a)) || !strings.Contains(Fold(b+" "+a), Fold(a)) {
			t.Fatalf("%q is not found in %q", a, b+a+b)
		}
	})
}

func TestMasks(t *testing.T) {
	for name, want := range map[string]string{"홍길동": "홍*동", "이산": "이*", "남궁민수": "남**수", "이": "*", "Kim": "K**", "": "", " 홍길동 ": "홍*동"} {
		if got := MaskName(name); got != want {
			t.Errorf("name %q: %q, want %q", name, got, want)
		}
	}
	for phone, want := range map[string]string{"+821012345678": "010-****-5678", "+8221234567": "02-***-4567", "": "", "12": ""} {
		if got := MaskPhone(phone); got != want {
			t.Errorf("phone %q: %q, want %q", phone, got, want)
		}
	}
	for mail, want := range map[string]string{"hong@x.test": "ho***@…", "a@x.test": "a***@…", "": "", "@x": ""} {
		if got := MaskEmail(mail); got != want {
			t.Errorf("mail %q: %q, want %q", mail, got, want)
		}
	}
}

// A mask never shows more of a name than its first and last letter.
func TestMaskHidesTheMiddle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := []rune(rapid.StringMatching(`[가-힣]{3,10}`).Draw(t, "name"))
		masked := []rune(MaskName(string(name)))
		if len(masked) != len(name) || strings.Trim(string(masked[1:len(masked)-1]), "*") != "" {
			t.Fatalf("%s is masked as %s", string(name), string(masked))
		}
	})
}
