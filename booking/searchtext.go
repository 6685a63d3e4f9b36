package booking

import (
	"slices"
	"strings"
	"unicode"

	"gongbang/internal/lang"
)

// searchText is what a machine is found by, prepared once for each snapshot.
type searchText struct{ name, model, category, center phrases }

// phrase is a text as it is searched: folded, in letters, with the initial
// consonant of each syllable beside it.
type phrase struct {
	letters, initials []rune
	begins            []bool // where a word begins, as it was written
}

type phrases []phrase

// searchTexts prepares the search of a whole snapshot.
func (c *Catalog) searchTexts() map[*Equipment]searchText {
	texts := map[*Equipment]searchText{}
	for _, center := range c.Centers {
		place := phrasesOf(center.Name.Ko, center.Name.En, center.FormerName, center.District, center.Dong)
		for _, e := range center.Equipment {
			category := c.label(c.Categories, e.Category)
			texts[e] = searchText{phrasesOf(e.Name.Ko, e.Name.En), phrasesOf(e.Model), phrasesOf(category.Ko, category.En), place}
		}
	}
	return texts
}

func phrasesOf(texts ...string) (list phrases) {
	for _, t := range texts {
		p := phrase{letters: []rune(lang.Fold(t)), initials: []rune(lang.Initials(t))}
		inWord := false
		for _, r := range t {
			letter := unicode.IsLetter(r) || unicode.IsDigit(r)
			if letter {
				p.begins = append(p.begins, !inWord)
			}
			inWord = letter && r <= unicode.MaxASCII // a Latin word may stand right behind Hangul
		}
		list = append(list, p)
	}
	return list
}

// find is where the pattern stands, in letters, or -1; an initial consonant
// of the pattern stands for each syllable that begins with it.
func (p phrase) find(pattern []rune) int {
	for at := 0; at+len(pattern) <= len(p.letters); at++ {
		if p.matches(at, pattern) {
			return at
		}
	}
	return -1
}

func (p phrase) matches(at int, pattern []rune) bool {
	for i, r := range pattern {
		if p.letters[at+i] != r && p.initials[at+i] != r {
			return false
		}
	}
	return true
}

func (list phrases) hold(w want) bool {
	return slices.ContainsFunc(list, func(p phrase) bool { return p.find(w.text) >= 0 })
}

// holdOther looks for another word of w. Latin ones must begin a word of the
// text: "cam" stands inside "webcam" by chance.
func (list phrases) holdOther(w want) bool {
	for _, o := range w.other {
		latin := o[0] <= unicode.MaxASCII
		for _, p := range list {
			for at := 0; at+len(o) <= len(p.letters); at++ {
				if (!latin || p.begins[at]) && slices.Equal(p.letters[at:at+len(o)], o) {
					return true
				}
			}
		}
	}
	return false
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
