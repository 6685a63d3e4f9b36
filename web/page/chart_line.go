package page

import (
	"fmt"
	"math"
	"strings"
)

// lineChart shows figures of consecutive months with a band and, under them,
// how many answers each rests on.
type lineChart struct {
	chart
	Grid    []lineGrid
	Center  *float64 // y of the center line
	Bands   []string // points of polygons
	Strokes []string // points of lines; a month without a figure parts them
	Dots    []lineDot
	Bars    []lineBar
	Ticks   []tick
	Most    string // of the bars
}

// lineGrid is a line of the scale.
type lineGrid struct {
	Y    float64
	Text string
}

// TextY is the y of the word on the line.
func (g lineGrid) TextY() float64 { return g.Y + 5 }

type lineDot struct {
	X, Y float64
	Pale bool
}

type lineBar struct{ X, Y, W, H float64 }

// monthPoint is one place on the axis; score is nil where nothing may be shown.
type monthPoint struct {
	name             string
	score, low, high *float64
	n                int
	pale             bool
}

const (
	lineLeft  = 36
	lineTop   = 12
	lineTall  = 170 // of the scale
	barsTall  = 36
	barsBelow = lineTop + lineTall + 28 + barsTall
	lineEnd   = barsBelow + 26
)

// line draws months from left to right. The scale holds all intervals and is
// at least 40 points high, so that small steps stay small.
func (r *request) line(c chart, months []monthPoint, center *float64) *lineChart {
	l := &lineChart{chart: c}
	l.Height = lineEnd
	low, high := lineScale(months)
	y := func(v float64) float64 { return round1(lineTop + (high-v)/(high-low)*lineTall) }
	step := float64(chartWidth-lineLeft-8) / float64(max(1, len(months)))
	x := func(i int) float64 { return round1(lineLeft + (float64(i)+0.5)*step) }
	for v := low; v <= high; v += 20 {
		l.Grid = append(l.Grid, lineGrid{y(v), fmt.Sprint(v)})
	}
	if center != nil {
		at := y(*center)
		l.Center = &at
	}
	l.figures(months, x, y)
	l.amounts(r, months, x, step)
	for _, i := range []int{0, len(months) - 1} {
		anchor := "start"
		at := float64(lineLeft)
		if i > 0 {
			anchor, at = "end", chartWidth
		}
		if i >= 0 && (i > 0 || len(l.Ticks) == 0) {
			l.Ticks = append(l.Ticks, tick{at, months[i].name, anchor})
		}
	}
	return l
}

// lineScale is the part of 0…100 that is drawn, in steps of 20.
func lineScale(months []monthPoint) (low, high float64) {
	low, high = 100, 0
	for _, m := range months {
		for _, v := range []*float64{m.score, m.low, m.high} {
			if v != nil {
				low, high = min(low, *v), max(high, *v)
			}
		}
	}
	low, high = 20*math.Floor(low/20), 20*math.Ceil(high/20)
	if low >= high {
		return 0, 100
	}
	for high-low < 40 {
		if high < 100 {
			high += 20
		} else {
			low -= 20
		}
	}
	return low, high
}

// figures draws bands, lines and dots.
func (l *lineChart) figures(months []monthPoint, x func(int) float64, y func(float64) float64) {
	var upper, lower, stroke []string
	flush := func() {
		if len(upper) > 0 {
			for i := range lower {
				upper = append(upper, lower[len(lower)-1-i])
			}
			l.Bands = append(l.Bands, strings.Join(upper, " "))
		}
		upper, lower = nil, nil
	}
	end := func() {
		if len(stroke) > 1 {
			l.Strokes = append(l.Strokes, strings.Join(stroke, " "))
		}
		stroke = nil
	}
	for i, m := range months {
		if m.score == nil {
			flush()
			end()
			continue
		}
		at := x(i)
		l.Dots = append(l.Dots, lineDot{at, y(*m.score), m.pale})
		stroke = append(stroke, fmt.Sprintf("%g,%g", at, y(*m.score)))
		if m.low == nil {
			flush()
			continue
		}
		for _, side := range []float64{-3, 3} { // a month alone has a band too
			upper = append(upper, fmt.Sprintf("%g,%g", at+side, y(*m.high)))
			lower = append(lower, fmt.Sprintf("%g,%g", at+side, y(*m.low)))
		}
	}
	flush()
	end()
}

// amounts draws how many answers there are.
func (l *lineChart) amounts(r *request, months []monthPoint, x func(int) float64, step float64) {
	most := 0
	for _, m := range months {
		most = max(most, m.n)
	}
	if most == 0 {
		return
	}
	l.Most = r.T("manage.trend.most", grouped(most))
	w := round1(min(20, step*0.7))
	for i, m := range months {
		h := round1(float64(m.n) / float64(most) * barsTall)
		l.Bars = append(l.Bars, lineBar{round1(x(i) - w/2), barsBelow - h, w, h})
	}
}

// Line hands months to their template; nil draws nothing.
func (f Frame) Line(c *lineChart) *drawn[*lineChart] {
	if c == nil {
		return nil
	}
	return &drawn[*lineChart]{c, chartFoot{f, c.chart}}
}
