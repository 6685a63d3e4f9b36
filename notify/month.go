package notify

import (
	"math"
	"strconv"
	"strings"
	"time"

	"gongbang/internal/lang"
)

// MonthSum is a month of use and satisfaction as a manager's mail tells it.
// Scores are of 100.
type MonthSum struct {
	Centers int // how many centers it adds up

	Answers   int
	Score     *float64    // nil: nobody answered, or too few to show
	Hidden    bool        // too few to show
	Reference bool        // 5 to 9 answers
	Open      bool        // the month is not closed yet: its score can still move
	Interval  *[2]float64 // of the score, 95 %; nil: there is none
	Before    *float64    // the score of the month before
	Step      *float64    // from the month before; nil: the two can't be compared
	StepCI    *[2]float64 // of the difference, 95 %

	UsedMinutes, OpenMinutes  int
	People, Expected, NoShows int // who came; bookings made ahead that stood, and nobody came for
	Waiting, Overdue          int // wishes for a reply, now
}

// monthText is a MonthSum with its figures written out.
type monthText struct {
	*MonthSum
	Score, Low, High, Before      string
	Step, StepLow, StepHigh       string
	Same, Rose                    bool // else it fell
	Hours, Rate                   string
	Several, Answered, Comparable bool
}

func (m *MonthSum) text() *monthText {
	if m == nil {
		return nil
	}
	t := &monthText{MonthSum: m, Several: m.Centers > 1, Answered: m.Score != nil, Hours: strconv.Itoa((m.UsedMinutes + 30) / 60)}
	if m.OpenMinutes > 0 {
		t.Rate = strconv.Itoa(int(math.Round(100 * float64(m.UsedMinutes) / float64(m.OpenMinutes))))
	}
	if m.Score != nil {
		t.Score = decimal(*m.Score)
	}
	if m.Interval != nil {
		t.Low, t.High = decimal(m.Interval[0]), decimal(m.Interval[1])
	}
	if m.Before == nil || m.Step == nil || m.StepCI == nil {
		return t
	}
	t.Comparable, t.Before = true, decimal(*m.Before)
	t.Step, t.StepLow, t.StepHigh = signed(*m.Step), signed(m.StepCI[0]), signed(m.StepCI[1])
	t.Same, t.Rose = m.StepCI[0] <= 0 && m.StepCI[1] >= 0, m.StepCI[0] > 0
	return t
}

// decimal writes one decimal; halves go away from zero.
func decimal(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', 1, 64) }

// signed writes a difference with its sign.
func signed(v float64) string {
	s := decimal(v)
	switch {
	case s == "-0.0":
		return "0.0"
	case strings.HasPrefix(s, "-"):
		return "−" + s[1:]
	case s == "0.0":
		return s
	}
	return "+" + s
}

// Month is a month, "2006-01", as people read it; what is none stays as it is.
func (w When) Month(month string) string {
	t, err := time.Parse("2006-01", month)
	switch {
	case err != nil:
		return month
	case w.Locale == lang.En:
		return t.Format("January 2006")
	}
	return strconv.Itoa(t.Year()) + "년 " + strconv.Itoa(int(t.Month())) + "월"
}
