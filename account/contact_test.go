package account

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongbang/internal/lang"
)

func TestNormalizePhone(t *testing.T) {
	for in, want := range map[string]string{
		"010-1234-5678":      "+821012345678",
		" 010 1234 5678 ":    "+821012345678",
		"010.1234.5678":      "+821012345678",
		"(010) 1234-5678":    "+821012345678",
		"+82 10-1234-5678":   "+821012345678",
		"+82 (0)10 12345678": "+821012345678",
		"０１０－１２３４－５６７８":      "+821012345678",
		"011-123-4567":       "+82111234567",
		"02-123-4567":        "+8221234567",
		"02-1234-5678":       "+82212345678",
		"031-123-4567":       "+82311234567",
		"070-1234-5678":      "+827012345678",
		"0505-123-4567":      "+825051234567",
		"050-1234-56789":     "+8250123456789",
		"+1 (415) 555-2671":  "+14155552671",
		"010-0000-0005":      "+821000000005",

		"": "", "010": "", "010-1234-567": "", "010-1234-56789": "", "1012345678": "", "012-345-6789": "",
		"00821012345678": "", "+82": "", "+": "", "++821012345678": "", "010+12345678": "", "+0123456789": "",
		"010-1234-567a": "", "+1234567": "", "+1234567890123456": "", "090-1234-5678": "", "010-1234-5678;": "",
	} {
		got, ok := NormalizePhone(in)
		if ok != (want != "") || got != want {
			t.Errorf("%q is %q %v, want %q", in, got, ok, want)
		}
	}
}

func TestNormalizeEmail(t *testing.T) {
	long := strings.Repeat("a", 64)
	for in, want := range map[string]string{
		" Citizen@Demo.Test ": "citizen@demo.test",
		"a.b+c_d@x-y.co.kr":   "a.b+c_d@x-y.co.kr",
		"admin@localhost":     "admin@localhost",
		long + "@demo.test":   long + "@demo.test",

		"": "", "@": "", "a@": "", "@demo.test": "", "a@b": "", "a@@demo.test": "", "a b@demo.test": "", "a@demo..test": "",
		"a@-demo.test": "", "a@demo.test-": "", ".a@demo.test": "", "a.@demo.test": "", "a..b@demo.test": "",
		"a@demo.test\r\nBcc: x@demo.test": "", "<a@demo.test>": "", "a,b@demo.test": "", "가@demo.test": "", "a@가.한국": "",
		long + "a@demo.test": "", "a@" + long + ".test": "",
	} {
		got, ok := NormalizeEmail(in)
		if ok != (want != "") || got != want && ok {
			t.Errorf("%q is %q %v, want %q", in, got, ok, want)
		}
	}
}

// However a number is written, it is one number; and it can be written as people read it.
func TestPhoneIsOneNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		national := rapid.SampledFrom([]string{"010", "011", "02", "031", "051", "070"}).Draw(t, "area") +
			rapid.StringMatching(`[0-9]{8}`).Draw(t, "rest")
		want, ok := NormalizePhone(national)
		if !ok {
			t.Fatalf("%s is refused", national)
		}
		var b strings.Builder
		for _, r := range rapid.SampledFrom([]string{national, "+82" + national[1:], "+82" + national}).Draw(t, "form") {
			b.WriteRune(r)
			b.WriteString(rapid.SampledFrom([]string{"", "", "-", " ", ".", "  "}).Draw(t, "gap"))
		}
		for _, form := range []string{b.String(), want, lang.LocalPhone(want)} {
			if got, ok := NormalizePhone(form); !ok || got != want {
				t.Fatalf("%q is %q, want %q", form, got, want)
			}
		}
		parts := strings.Split(lang.MaskPhone(want), "-")
		if len(parts) != 3 || strings.Trim(parts[1], "*") != "" || parts[1] == "" || !strings.HasSuffix(national, parts[2]) || len(parts[2]) != 4 {
			t.Fatalf("%s is masked as %v", want, parts)
		}
	})
}

// Whatever is typed: no panic, the result is stable and holds nothing that breaks a message.
func TestLoginIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Z0-9.@+ -]{0,40}`),
			rapid.StringMatching(`[a-z]{1,9}@[a-zA-Z]{1,9}\.[a-z]{2,3}`)).Draw(t, "typed")
		l := ParseLogin(s)
		v := l.Value.Reveal()
		if !l.Valid {
			return
		}
		if again := ParseLogin(v); again != l {
			t.Fatalf("%q becomes %q, then %q", s, v, again.Value.Reveal())
		}
		if strings.ContainsAny(v, " \r\n\t<>") || v != strings.ToLower(v) {
			t.Fatalf("%q becomes %q", s, v)
		}
	})
}

func TestBusinessNumber(t *testing.T) {
	for in, want := range map[string]string{
		"123-45-67891": "1234567891", "123 45 67891": "1234567891", "1000000009": "1000000009",
		"1234567890": "", "1000000000": "", "": "", "123456789": "", "12345678911": "", "abcdefghij": "", "0000000000": "",
	} {
		got, ok := NormalizeBusinessNumber(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q is %q %v, want %q", in, got, ok, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) { // exactly one check digit fits, and a wrong digit shows
		head := rapid.StringMatching(`[1-9][0-9]{8}`).Draw(t, "head")
		fits := 0
		for d := range 10 {
			if _, ok := NormalizeBusinessNumber(head + string(rune('0'+d))); ok {
				fits++
			}
		}
		if fits != 1 {
			t.Fatalf("%d check digits fit %s", fits, head)
		}
	})
}
