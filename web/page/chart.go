package page

import (
	"math"
	"strconv"
	"strings"

	"gongbang/internal/lang"
)

// chartWidth is the width of every chart's own coordinates. Charts are drawn
// once and scaled, so their words grow with the chosen text size.
const chartWidth = 400

// chart is what all charts say beside their picture: the finding in a
// sentence, and the same numbers as a table.
type chart struct {
	ID, Title, Finding, Desc string
	Notes                    []string
	Height                   int
	Head                     []string
	Lines                    []chartLine
}

// chartLine is a row of the table.
type chartLine struct {
	Name  chartName
	Cells []string
}

// chartName is a name with the language it is in, where that is not the page's.
type chartName struct{ Text, Lang string }

func (r *request) chartName(t lang.Text) chartName {
	if r.lang == lang.En && t.En == "" {
		return chartName{t.Ko, string(lang.Ko)}
	}
	return chartName{Text: t.In(r.lang)}
}

// units is how wide the name is drawn, at most.
func (n chartName) units() (sum int) {
	for _, r := range n.Text {
		sum += unitsOf(r)
	}
	return sum
}

func unitsOf(r rune) int {
	if r >= 0x1100 {
		return 16
	}
	return 9
}

// short is the name as it fits into so many units of a chart; the table has all of it.
func (n chartName) short(units int) chartName {
	if n.units() <= units {
		return n
	}
	var b strings.Builder
	left := units - 16
	for _, r := range n.Text {
		if left -= unitsOf(r); left < 0 {
			break
		}
		b.WriteRune(r)
	}
	n.Text = strings.TrimSpace(b.String()) + "…"
	return n
}

// cut parts the name between two words so that the first part fits.
func (n chartName) cut(units int) (first, rest chartName) {
	if n.units() <= units {
		return n, chartName{}
	}
	have, at := 0, 0
	for i, r := range n.Text {
		if r == ' ' && have <= units {
			at = i
		}
		have += unitsOf(r)
	}
	if at == 0 {
		return n.short(units), chartName{}
	}
	return chartName{n.Text[:at], n.Lang}, chartName{n.Text[at+1:], n.Lang}
}

// dotChart shows figures of 0…100 with their intervals.
type dotChart struct {
	chart
	Rows  []dotRow
	Ticks []tick
}

// dotRow is one figure. Value is what is printed: the number with its interval,
// or why there is none.
type dotRow struct {
	Y      int
	Names  []namePart
	Value  string
	ValueY int
	At     int      // y of the line
	Dot    *float64 // x
	Low    *float64
	High   *float64
	Pale   bool // few answers: a hollow dot and a thin line
}

// namePart is one line of a name.
type namePart struct {
	Y int
	chartName
}

// Top is the y of the interval.
func (d dotRow) Top() int { return d.At - 4 }

// Width is the length of the row's interval.
func (d dotRow) Width() float64 { return round1(*d.High - *d.Low) }

// tick is a mark of the axis.
type tick struct {
	X      float64
	Text   string
	Anchor string
}

const (
	dotRowHeight = 56
	barRowHeight = 48
	heatRow      = 34
	heatColumn   = 50
	dotEdge      = 8 // room for half a dot at both ends of its line
)

// point is one figure to be drawn.
type point struct {
	name  lang.Text
	extra string // behind the name: the number of answers
	value string // printed
	score *float64
	low   *float64
	high  *float64
	pale  bool
}

// dots draws points on a scale of 0…100.
func (r *request) dots(c chart, points []point) *dotChart {
	d := &dotChart{chart: c}
	for _, p := range points {
		row := dotRow{Y: d.Height, Value: p.value, ValueY: 18, At: 36, Dot: scaled(p.score), Low: scaled(p.low), High: scaled(p.high), Pale: p.pale}
		if p.extra != "" {
			row.Value += " " + p.extra
		}
		row.name(r.chartName(p.name))
		d.Height += dotRowHeight - 36 + row.At
		d.Rows = append(d.Rows, row)
	}
	d.Height += 24
	for _, n := range []struct {
		at     float64
		anchor string
	}{{0, "start"}, {50, "middle"}, {100, "end"}} {
		d.Ticks = append(d.Ticks, tick{n.at * chartWidth / 100, strconv.Itoa(int(n.at)), n.anchor})
	}
	return d
}

// name puts the name beside the value; one that is too long stands above it,
// in up to two lines.
func (d *dotRow) name(n chartName) {
	if room := chartWidth - (chartName{Text: d.Value}).units() - 16; n.units() <= room {
		d.Names = []namePart{{18, n}}
		return
	}
	first, rest := n.cut(chartWidth)
	d.Names = append(d.Names, namePart{18, first})
	d.ValueY, d.At = 40, 58
	if rest.Text != "" {
		d.Names = append(d.Names, namePart{40, rest.short(chartWidth)})
		d.ValueY, d.At = 62, 80
	}
}

// scaled is a figure of 0…100 as an x; one that is out of it is drawn at the edge.
func scaled(v *float64) *float64 {
	if v == nil {
		return nil
	}
	x := round1(dotEdge + min(max(*v, 0), 100)*(chartWidth-2*dotEdge)/100)
	return &x
}

// barChart shows amounts.
type barChart struct {
	chart
	Rows []barRow
	Pale bool // few answers: outlines only
}

type barRow struct {
	Y     int
	Name  chartName
	Value string
	Width float64
}

// bars draws amounts as parts of the whole.
func (r *request) bars(c chart, names []lang.Text, values []string, amounts []float64, whole float64) *barChart {
	b := &barChart{chart: c}
	for i, name := range names {
		width := 0.0
		if whole > 0 {
			width = round1(min(amounts[i]/whole, 1) * chartWidth)
		}
		b.Rows = append(b.Rows, barRow{i * barRowHeight, r.chartName(name).short(chartWidth - 9*len([]rune(values[i])) - 24), values[i], width})
	}
	b.Height = len(names) * barRowHeight
	return b
}

// heatChart shows a figure by weekday and hour; the number stands in each cell.
type heatChart struct {
	chart
	Days  []tick
	Hours []tick
	Cells []heatCell
}

// heatCell is one weekday and hour; Step 0…4 is its colour, -1 none.
type heatCell struct {
	X, Y, W, H   int
	Step         int
	Text         string
	TextX, TextY int
}

// heatStep parts 0…100 into the five colours of the ramp.
func heatStep(percent float64) int { return min(int(percent/20), 4) }

func round1(v float64) float64 { return math.Round(v*10) / 10 }

// percent writes a figure with one decimal; "–" where there is none.
func percent(v *float64) string {
	if v == nil {
		return "–"
	}
	return strconv.FormatFloat(round1(*v), 'f', 1, 64)
}

// interval writes an interval with one decimal each.
func interval(lo, hi float64) string {
	return "[" + percent(&lo) + "–" + percent(&hi) + "]"
}

// drawn is a chart of some kind with the words of its page.
type drawn[T any] struct {
	Chart T
	Foot  chartFoot
}

// chartFoot is what stands under a picture.
type chartFoot struct {
	Frame
	Chart chart
}

// Under is the y of the axis' words in a picture of a height.
func (drawn[T]) Under(height int) int { return height - 4 }

// Dots hands figures to their template; nil draws nothing.
func (f Frame) Dots(c *dotChart) *drawn[*dotChart] {
	if c == nil {
		return nil
	}
	return &drawn[*dotChart]{c, chartFoot{f, c.chart}}
}

// Bars hands amounts to their template.
func (f Frame) Bars(c *barChart) *drawn[*barChart] {
	if c == nil {
		return nil
	}
	return &drawn[*barChart]{c, chartFoot{f, c.chart}}
}

// Heat hands a week to its template.
func (f Frame) Heat(c *heatChart) *drawn[*heatChart] {
	return &drawn[*heatChart]{c, chartFoot{f, c.chart}}
}

// Table is a chart that is a table alone.
func (f Frame) Table(c chart) chartFoot { return chartFoot{f, c} }
