package account

import (
	"strings"
	"unicode/utf8"
)

// Kind is a kind of contact; its value is also the name of the field in the API.
type Kind string

const (
	Email Kind = "email"
	Phone Kind = "phone"
)

// Login is what somebody typed to say who they are: one contact, normalized.
// Valid is false when it is neither an e-mail nor a phone number; it then
// matches nobody, but the same work is done with it.
type Login struct {
	Kind  Kind
	Value Secret
	Valid bool
}

// ParseLogin reads an e-mail address (it has an @) or a phone number.
func ParseLogin(s string) Login {
	if strings.Contains(s, "@") {
		v, ok := NormalizeEmail(s)
		return Login{Email, Secret(v), ok}
	}
	v, ok := NormalizePhone(s)
	return Login{Phone, Secret(v), ok}
}

// NormalizePhone writes a number as E.164: 010-1234-5678 → +821012345678.
// Spaces, hyphens, dots, parentheses and full-width digits are accepted; a
// number without a country is Korean. false: it can't be a phone number.
func NormalizePhone(s string) (string, bool) {
	d, ok := digits(s)
	if !ok {
		return "", false
	}
	if foreign, plus := strings.CutPrefix(d, "+"); plus {
		national, korean := strings.CutPrefix(foreign, "82")
		if !korean {
			if len(foreign) < 8 || len(foreign) > 15 || foreign[0] == '0' {
				return "", false
			}
			return d, true
		}
		d = "0" + strings.TrimPrefix(national, "0") // +82 (0)10 is often written
	}
	if !koreanNumber(d) {
		return "", false
	}
	return "+82" + d[1:], true
}

// digits drops what people put between digits; a plus may stand at the front.
func digits(s string) (string, bool) {
	if len(s) > 64 || !utf8.ValidString(s) {
		return "", false
	}
	var b strings.Builder
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case (r == '+' || r == '＋') && b.Len() == 0:
			b.WriteByte('+')
		case strings.ContainsRune(" -.()\u00a0\u2010\u2011\u2012\u2013－", r):
		default:
			return "", false
		}
	}
	return b.String(), b.Len() > 1
}

// koreanNumber judges a number with its leading 0 by area and length: 010 has
// 11 digits, other mobiles 10 or 11, Seoul 9 or 10, the rest 10 or 11, 050 up to 12.
func koreanNumber(d string) bool {
	if len(d) < 9 || d[0] != '0' {
		return false
	}
	n := len(d)
	switch {
	case strings.HasPrefix(d, "010"):
		return n == 11
	case d[1] == '1':
		return strings.ContainsRune("16789", rune(d[2])) && (n == 10 || n == 11)
	case d[1] == '2':
		return n == 9 || n == 10
	case strings.HasPrefix(d, "050"):
		return n >= 10 && n <= 12
	case d[1] >= '3' && d[1] <= '8':
		return n == 10 || n == 11
	}
	return false
}

// NormalizeEmail trims and lowers an address and looks at its shape; whether
// it exists is told by the code sent to it. false: it can't be an address.
func NormalizeEmail(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	local, domain, found := strings.Cut(s, "@")
	if !found || local == "" || len(local) > 64 || len(s) > 254 {
		return "", false
	}
	for _, r := range local {
		if r <= ' ' || r > '~' || strings.ContainsRune(`()<>[]:;@\,"`, r) {
			return "", false
		}
	}
	if local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") {
		return "", false
	}
	return s, emailDomain(domain)
}

// emailDomain wants at least two labels; localhost is the first admin's.
func emailDomain(d string) bool {
	labels := strings.Split(d, ".")
	if len(labels) < 2 && d != "localhost" {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for _, r := range l {
			if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
				return false
			}
		}
	}
	return true
}
