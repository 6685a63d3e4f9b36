package page

import (
	"strconv"

	"gongbang/survey"
)

// scatterChart shows two figures of 0…100 of each thing against each other.
type scatterChart struct {
	chart
	Marks []scatterMark
	XGrid []tick
	YGrid []lineGrid
}

// scatterPoint is one thing: across and up, with the interval of the latter.
type scatterPoint struct {
	no         string
	across, up float64
	ci         *survey.Interval
	pale       bool
}

// scatterMark is one thing as it is drawn, with the number of its row beside it.
type scatterMark struct {
	X, Y      float64
	Low, High *float64
	Text      string
	TextX     float64
	Anchor    string
	TextY     float64
	Pale      bool
}

const (
	scatterLeft = 36
	scatterWide = chartWidth - scatterLeft - 8
	scatterTop  = 12
	scatterTall = 260
)

// scattered draws the points; nil when there are none.
func scattered(c chart, points []scatterPoint) *scatterChart {
	s := &scatterChart{chart: c}
	if len(points) == 0 {
		return s
	}
	s.Height = scatterTop + scatterTall + 48
	x := func(v float64) float64 { return round1(scatterLeft + min(max(v, 0), 100)/100*scatterWide) }
	y := func(v float64) float64 { return round1(scatterTop + (1-v/100)*scatterTall) }
	for v := 0; v <= 100; v += 20 {
		s.XGrid = append(s.XGrid, tick{x(float64(v)), strconv.Itoa(v), "middle"})
		s.YGrid = append(s.YGrid, lineGrid{y(float64(v)), strconv.Itoa(v)})
	}
	for _, p := range points {
		m := scatterMark{X: x(p.across), Y: y(p.up), Text: p.no, Anchor: "start", Pale: p.pale}
		m.TextX, m.TextY = m.X+8, m.Y-6
		if p.across > 90 {
			m.TextX, m.Anchor = m.X-8, "end"
		}
		if p.ci != nil {
			low, high := y(p.ci[0]), y(p.ci[1])
			m.Low, m.High = &low, &high
		}
		s.Marks = append(s.Marks, m)
	}
	return s
}

// Scatter hands things to their template.
func (f Frame) Scatter(c *scatterChart) *drawn[*scatterChart] {
	return &drawn[*scatterChart]{c, chartFoot{f, c.chart}}
}

// Bottom is the y of the numbers under the picture.
func (scatterChart) Bottom() int { return scatterTop + scatterTall + 20 }
