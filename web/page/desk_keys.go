package page

import "strings"

// A scanner is a keyboard: with the keyboard set to Korean, a code that it
// types arrives as Hangul. These tables lead back to the keys (두벌식).
var (
	leadKeys  = strings.Split("r R s e E f a q Q t T d w W c z x v g", " ")
	vowelKeys = strings.Split("k o i O j p u P h hk ho hl y n nj np nl b m ml l", " ")
	tailKeys  = strings.Split(" r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g", " ")
	// jamoKeys are the letters U+3131…U+3163 that stand alone.
	jamoKeys = strings.Split("r R rt s sw sg e E f fr fa fq ft fx fv fg a q Q qt t T d w W c z x v g k o i O j p u P h hk ho hl y n nj np nl b m ml l", " ")
)

const (
	firstSyllable, lastSyllable = 0xAC00, 0xD7A3
	firstJamo, lastJamo         = 0x3131, 0x3163
	vowels, tails               = 21, 28
)

// latinKeys is s as the keys that were pressed for it; s itself where it holds no Hangul.
func latinKeys(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c >= firstSyllable && c <= lastSyllable:
			n := int(c - firstSyllable)
			b.WriteString(leadKeys[n/(vowels*tails)])
			b.WriteString(vowelKeys[n/tails%vowels])
			b.WriteString(tailKeys[n%tails])
		case c >= firstJamo && c <= lastJamo:
			b.WriteString(jamoKeys[c-firstJamo])
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
