package booking

import (
	"slices"
	"strings"
	"unicode"

	"gongbang/internal/lang"
)

// SearchQuery selects machines; empty fields do not select.
type SearchQuery struct {
	Text     string // words; all must match
	Center   string
	Category string
	Sector   string // of the center
	Operator string // of the center
}

// Search finds what is offered, best first: names that begin with the text,
// names that hold it, other words for it, model, kind, and the center's name
// last. Equal ones keep the catalog's order. Without a text it is a list.
func (c *Catalog) Search(q SearchQuery) []*Equipment {
	wants := c.wanted(q.Text)
	type hit struct {
		e    *Equipment
		rank int
	}
	var hits []hit
	for _, center := range c.Centers {
		if center.Retired || q.Center != "" && center.ID != q.Center || !center.is(q.Operator, "", q.Sector) {
			continue
		}
		for _, e := range center.Equipment {
			if e.Retired || q.Category != "" && e.Category != q.Category {
				continue
			}
			if rank, ok := c.rank(e, wants); ok {
				hits = append(hits, hit{e, rank})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.rank - b.rank })
	found := make([]*Equipment, len(hits))
	for i, h := range hits {
		found[i] = h.e
	}
	return found
}

// FindCenters lists the centers of an operator, district and sector in the
// catalog's order; empty ones do not select, retired centers are left out.
func (c *Catalog) FindCenters(operator, district, sector string) []*Center {
	var found []*Center
	for _, center := range c.Centers {
		if !center.Retired && center.is(operator, district, sector) {
			found = append(found, center)
		}
	}
	return found
}

func (center *Center) is(operator, district, sector string) bool {
	return (operator == "" || center.Operator == operator) && (district == "" || center.District == district) &&
		(sector == "" || slices.Contains(center.Sectors, sector))
}

// want is one thing a text asks for: itself, or another word for it.
type want struct {
	text  []rune   // folded
	other [][]rune // folded synonyms
}

// wanted are the ways to read a text: as one piece (spacing does not count),
// or word by word. The first one is always the piece.
func (c *Catalog) wanted(text string) [][]want {
	if r := []rune(text); len(r) > mostQuery {
		text = string(r[:mostQuery])
	}
	whole := lang.Fold(text)
	if whole == "" {
		return nil
	}
	ways := [][]want{{c.want(whole)}}
	var words []want
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		words = append(words, c.want(lang.Fold(w)))
	}
	if len(words) > 1 {
		ways = append(ways, words)
	}
	return ways
}

// mostQuery bounds the letters of a query that are looked at.
const mostQuery = 100

// want is a folded text with the other words for it: where a member of a
// synonym group is, or stands inside it, the other members may stand too.
func (c *Catalog) want(text string) want {
	w := want{text: []rune(text)}
	for _, group := range c.Synonyms {
		for _, member := range group {
			m := lang.Fold(member)
			if m == "" || !strings.Contains(text, m) || m != text && isASCII(m) {
				continue // "cam" stands inside "camera" by chance
			}
			for _, other := range group {
				if o := strings.ReplaceAll(text, m, lang.Fold(other)); o != text && o != "" {
					w.other = append(w.other, []rune(o))
				}
			}
		}
	}
	return w
}

// The ranks of where a text was found; less is better.
const (
	rankExact = iota
	rankPrefix
	rankInside
	rankSynonym
	rankModel
	rankCategory
	rankCenter
	noRank
)

// rank is how well a machine answers the best of the ways to read a text: of
// each way the weakest word counts.
func (c *Catalog) rank(e *Equipment, ways [][]want) (int, bool) {
	if len(ways) == 0 {
		return 0, true
	}
	best := noRank
	for _, way := range ways {
		worst := 0
		for _, w := range way {
			worst = max(worst, c.rankOf(e, w))
		}
		best = min(best, worst)
	}
	return best, best < noRank
}

func (c *Catalog) rankOf(e *Equipment, w want) int {
	text, best := c.texts[e], noRank
	for _, name := range text.name {
		switch at := name.find(w.text); {
		case at == 0 && len(name.letters) == len(w.text):
			best = min(best, rankExact)
		case at == 0:
			best = min(best, rankPrefix)
		case at > 0:
			best = min(best, rankInside)
		}
	}
	switch {
	case best < noRank:
		return best
	case text.name.holdOther(w):
		return rankSynonym
	}
	for i, field := range []phrases{text.model, text.category, text.center} {
		if field.hold(w) || field.holdOther(w) {
			return rankModel + i
		}
	}
	return noRank
}
