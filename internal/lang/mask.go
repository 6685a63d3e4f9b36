package lang

import "strings"

// MaskName hides the middle of a name: 홍길동 → 홍*동, 이산 → 이*, 남궁민수 → 남**수, Kim → K**.
func MaskName(s string) string {
	r := []rune(strings.TrimSpace(s))
	switch {
	case len(r) == 0:
		return ""
	case len(r) == 1:
		return "*"
	case len(r) == 2 || r[0] < 0x1100: // Latin names keep their first letter only
		return string(r[0]) + strings.Repeat("*", len(r)-1)
	}
	return string(r[0]) + strings.Repeat("*", len(r)-2) + string(r[len(r)-1])
}

// MaskPhone keeps the first and the last group of an E.164 or local number: 010-****-5678.
func MaskPhone(s string) string {
	d := LocalPhone(s)
	p := strings.Split(d, "-")
	if len(p) < 3 {
		return ""
	}
	return p[0] + "-" + strings.Repeat("*", len(p[1])) + "-" + p[2]
}

// MaskEmail keeps two letters and hides the rest: ho***@…
func MaskEmail(s string) string {
	at := strings.IndexByte(s, '@')
	if at < 1 {
		return ""
	}
	return s[:min(2, at)] + "***@…"
}

// LocalPhone writes an E.164 Korean number as people read it: +821012345678 → 010-1234-5678.
// Other countries' numbers and what is no number come back unchanged.
func LocalPhone(s string) string {
	d, ok := strings.CutPrefix(s, "+82")
	if !ok {
		return s
	}
	d = "0" + d
	area := 3
	if strings.HasPrefix(d, "02") {
		area = 2
	}
	if len(d) < area+7 {
		return d
	}
	return d[:area] + "-" + d[area:len(d)-4] + "-" + d[len(d)-4:]
}
