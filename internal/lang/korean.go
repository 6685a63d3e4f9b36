package lang

import (
	"strings"
	"unicode"
)

const hangulFirst, hangulLast = 0xAC00, 0xD7A3

var initials = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")

// Josa is word followed by the particle that fits its last syllable:
// with a final consonant, or without one. After digits and Latin letters,
// whose sound we can't know, both are written: "CNC을(를)".
func Josa(word, withFinal, without string) string {
	r := []rune(word)
	if len(r) == 0 {
		return word
	}
	last := r[len(r)-1]
	if last < hangulFirst || last > hangulLast {
		return word + withFinal + "(" + without + ")"
	}
	if (last-hangulFirst)%28 == 0 {
		return word + without
	}
	return word + withFinal
}

// Initials maps each Hangul syllable to its initial consonant; other letters
// are lowered, spaces and punctuation dropped: "자동 재단기(CAM)" → "ㅈㄷㅈㄷㄱcam".
func Initials(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= hangulFirst && r <= hangulLast:
			b.WriteRune(initials[(r-hangulFirst)/588])
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// Fold is s as it is compared in a search: lowered, without spaces and punctuation.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// OnlyInitials tells whether s is made of initial consonants alone: "ㅈㄷㅈㄷㄱ".
func OnlyInitials(s string) bool {
	if s == "" {
		return false
	}
	for _, r := range s {
		if !strings.ContainsRune(string(initials), r) {
			return false
		}
	}
	return true
}
