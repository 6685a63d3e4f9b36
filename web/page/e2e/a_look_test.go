package e2e

import (
	"cmp"
	"regexp"
	"slices"
	"testing"
)

func TestA1_AxeFindsNothing(t *testing.T)                   { holds(t, "A1") }
func TestA2_OneHeadingOneMain(t *testing.T)                 { holds(t, "A2") }
func TestA3_LanguageOfThePage(t *testing.T)                 { holds(t, "A3") }
func TestA4_SkipLink(t *testing.T)                          { holds(t, "A4") }
func TestA5_FocusIsSeenInOrder(t *testing.T)                { holds(t, "A5") }
func TestA8_LabelsAndErrors(t *testing.T)                   { holds(t, "A8") }
func TestA9_SlotsSayAll(t *testing.T)                       { holds(t, "A9") }
func TestA10_NothingByColourAlone(t *testing.T)             { holds(t, "A10") }
func TestA11_TargetsAreLargeEnough(t *testing.T)            { holds(t, "A11") }
func TestA12_Contrast(t *testing.T)                         { holds(t, "A12") }
func TestA13_NoSidewaysScrolling(t *testing.T)              { holds(t, "A13") }
func TestA14_LargerLettersFit(t *testing.T)                 { holds(t, "A14") }
func TestA15_SpacedLettersFit(t *testing.T)                 { holds(t, "A15") }
func TestA16_KoreanWordsStayWhole(t *testing.T)             { holds(t, "A16") }
func TestA17_LettersAreLargeEnough(t *testing.T)            { holds(t, "A17") }
func TestA19_OneMainButton(t *testing.T)                    { holds(t, "A19") }
func TestA20_ColoursAndCornersOfTheDesign(t *testing.T)     { holds(t, "A20") }
func TestA21_NothingJumps(t *testing.T)                     { holds(t, "A21") }
func TestB13_NamesAreMaskedWhereAllCanSee(t *testing.T)     { holds(t, "B13") }
func TestB16_NothingLeavesAndNothingComplains(t *testing.T) { holds(t, "B16") }

func TestA2_TitlesTellPagesApart(t *testing.T) {
	t.Parallel()
	pages := map[string][]string{}
	for _, l := range lookAtAll(t) {
		if l.title != "" && !l.variant.english && l.variant.width == 390 && !l.variant.contrast {
			pages[l.title] = append(pages[l.title], cmp.Or(l.row.of, l.row.name))
		}
	}
	for title, rows := range pages {
		kinds := map[string]bool{}
		for _, r := range rows {
			kinds[regexp.MustCompile(`-(signed-in|none|tomorrow|operated|password|code|wrong|pending|past|all|list|board)$`).ReplaceAllString(r, "")] = true
		}
		if len(kinds) > 1 {
			t.Errorf("%q is the title of %v", title, rows)
		}
	}
}

func TestB20_HelpStandsAtTheSamePlace(t *testing.T) {
	t.Parallel()
	places := map[string][]string{}
	for _, l := range lookAtAll(t) {
		if l.help != "" {
			places[l.help] = append(places[l.help], l.row.name)
		}
	}
	if len(places) != 1 {
		t.Errorf("the help stands at %v", places)
	}
}

var (
	numbers   = regexp.MustCompile(`\d+(\.\d+)?`)
	demoName  = regexp.MustCompile(`시민\d+|[김이박최정강조윤장임]시험\p{Hangul}`)
	fullPhone = regexp.MustCompile(`(\+82|0)10[ -]?\d{3,4}[ -]?\d{4}`)
	anAddress = regexp.MustCompile(`[\w.+-]+@demo\.test`)
)

// named lists who is named on a page that others can see.
func (l *looked) named(words string) (wrong []string) {
	if !l.row.public && !l.row.shared {
		return nil
	}
	for _, re := range []*regexp.Regexp{demoName, fullPhone, anAddress} {
		found := re.FindAllString(words, -1)
		slices.Sort(found)
		for _, f := range slices.Compact(found) {
			if f == "010-1234-5678" { // the example beside fields
				continue
			}
			wrong = append(wrong, "names "+f)
		}
	}
	return wrong
}
