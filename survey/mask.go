package survey

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What people write although they are asked not to. Order matters: a
// registration number also looks like the end of a phone number.
var personal = []struct {
	is  *regexp.Regexp
	say string
}{
	{regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`), "[이메일]"},
	{regexp.MustCompile(`\d{6}[ ]?-?[ ]?[0-9]\d{6}`), "[주민번호]"},
	{regexp.MustCompile(`\d{3}-\d{2}-\d{5}`), "[사업자번호]"},
	{regexp.MustCompile(`(\+82[ -.]?\(?0?\)?1[016789]|\(?01[016789]\)?)[ .\-]{0,2}\d{3,4}[ .\-]{0,2}\d{4}`), "[전화]"},
	{regexp.MustCompile(`(\+82[ -.]?\d{1,2}|\(?0\d{1,2})[) .\-][ .\-]{0,2}\d{3,4}[ .\-]{1,2}\d{4}`), "[전화]"},
}

// Mask takes phone numbers, mail addresses and registration numbers out of
// what somebody wrote. It runs before anything is stored.
func Mask(s string) string {
	s = strings.Map(plain, s)
	for _, p := range personal {
		s = replace(s, p.is, p.say)
	}
	return s
}

// plain makes full-width digits and dashes the ordinary ones and drops control
// characters, which some databases can't hold.
func plain(r rune) rune {
	switch {
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	case r == '－' || r == '–' || r == '—' || r == '‐' || r == '‑':
		return '-'
	case r == '＠':
		return '@'
	case unicode.IsControl(r) && r != '\n' && r != '\t':
		return -1
	}
	return r
}

// replace leaves alone what is a part of a longer run of digits.
func replace(s string, is *regexp.Regexp, say string) string {
	var b strings.Builder
	last := 0
	for _, m := range is.FindAllStringIndex(s, -1) {
		before, _ := utf8.DecodeLastRuneInString(s[:m[0]])
		after, _ := utf8.DecodeRuneInString(s[m[1]:])
		if digitEdge(before) || digitEdge(after) {
			continue
		}
		b.WriteString(s[last:m[0]])
		b.WriteString(say)
		last = m[1]
	}
	b.WriteString(s[last:])
	return b.String()
}

func digitEdge(r rune) bool { return r >= '0' && r <= '9' }
