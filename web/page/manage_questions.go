package page

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"gongbang/internal/lang"
	"gongbang/survey"
)

// questionDots draws each scale of the total, in the order and the words of
// the questionnaire; a sum with an open month has the first one alone.
func (r *request) questionDots(asks *survey.Template, total survey.Group) *dotChart {
	c := chart{ID: "questions", Title: r.T("manage.questions"), Desc: r.T("manage.score.desc"),
		Head: []string{r.T("manage.question"), r.T("manage.score"), r.T("manage.interval"), r.T("manage.n"), r.T("manage.top2"), r.T("manage.na"), r.T("manage.skipped")}}
	var points []point
	var names []string
	var scores []survey.Figure
	for _, q := range asks.Questions {
		o, ok := total.Questions[q.Key]
		if !ok || o.Scale == nil || o.S100 == nil {
			continue
		}
		p := point{name: q.Text}
		p.fill(r, o, "")
		points = append(points, p)
		line := chartLine{r.chartName(q.Text), []string{percent(o.S100), "–", strconv.Itoa(o.N), percent(o.Top2) + "%", strconv.Itoa(o.NA), strconv.Itoa(o.Skipped)}}
		if o.S100CI != nil {
			line.Cells[1] = interval(o.S100CI[0], o.S100CI[1])
		}
		c.Lines = append(c.Lines, line)
		if q.Key != overallQuestion {
			names, scores = append(names, q.Text.In(r.lang)), append(scores, o)
		}
	}
	if len(points) < 2 {
		return nil
	}
	c.Finding = r.compare(names, scores)
	return r.dots(c, points)
}

// choiceBars counts the options of each question that has some, in the
// questionnaire's order; those of a question with several answers by how many
// people picked them.
func (r *request) choiceBars(asks *survey.Template, total survey.Group) (out []*barChart) {
	for _, q := range asks.Questions {
		o, ok := total.Questions[q.Key]
		if !ok || o.N == 0 || o.Options == nil || q.Type != survey.Single && q.Type != survey.Multi {
			continue
		}
		options := slices.Clone(q.Options)
		if q.Type == survey.Multi {
			slices.SortStableFunc(options, func(a, b survey.Option) int {
				return cmp.Compare(o.Options[fmt.Sprint(b.Value)], o.Options[fmt.Sprint(a.Value)])
			})
		}
		c := chart{ID: "q-" + q.Key, Title: q.Text.In(r.lang), Desc: r.T("manage.choices.desc", o.N), Finding: r.choiceFinding(q, options, o),
			Head: []string{r.T("manage.what"), r.T("manage.count"), r.T("manage.share")}}
		out = append(out, r.counted(c, options, o.N, func(x survey.Option) int { return o.Options[fmt.Sprint(x.Value)] }))
	}
	return out
}

// choiceFinding names what was picked most; several picked equally often are not told apart.
func (r *request) choiceFinding(q survey.Question, options []survey.Option, o survey.Figure) string {
	count := func(x survey.Option) int { return o.Options[fmt.Sprint(x.Value)] }
	top := slices.MaxFunc(options, func(a, b survey.Option) int { return cmp.Compare(count(a), count(b)) })
	n := 0
	for _, x := range options {
		if count(x) == count(top) {
			n++
		}
	}
	if n > 1 {
		return r.T("manage.choices.tie", n, o.N)
	}
	return r.T("manage.choices.finding", top.Text.In(r.lang), count(top), o.N)
}

// spread counts how often each answer to the overall question was given.
func (r *request) spread(asks *survey.Template, total survey.Group) *barChart {
	o, ok := total.Questions[overallQuestion]
	if !ok || o.Scale == nil || o.N == 0 {
		return nil
	}
	at := slices.IndexFunc(asks.Questions, func(q survey.Question) bool { return q.Key == overallQuestion })
	if at < 0 {
		return nil
	}
	q := asks.Questions[at]
	c := chart{ID: "spread", Title: r.T("manage.spread"), Desc: q.Text.In(r.lang),
		Head: []string{r.T("manage.what"), r.T("manage.count"), r.T("manage.share")}}
	c.Finding = r.T("manage.spread.finding", o.N, percent(o.Top2), percent(&o.Top2CI[0]), percent(&o.Top2CI[1]))
	return r.counted(c, q.Options, o.N, func(x survey.Option) int {
		if n, ok := x.Value.(int); ok && n >= 1 && n <= len(o.Counts) {
			return o.Counts[n-1]
		}
		return 0
	})
}

// counted draws how many of n picked each option.
func (r *request) counted(c chart, options []survey.Option, n int, count func(survey.Option) int) *barChart {
	var names []lang.Text
	var values []string
	var amounts []float64
	for _, x := range options {
		k := count(x)
		share := 100 * float64(k) / float64(n)
		names = append(names, x.Text)
		values = append(values, r.T("manage.count.of", k)+" · "+percent(&share)+"%")
		amounts = append(amounts, float64(k))
		c.Lines = append(c.Lines, chartLine{r.chartName(x.Text), []string{strconv.Itoa(k), percent(&share) + "%"}})
	}
	if n < paleBelow {
		c.Notes = append(c.Notes, r.T("manage.pale.bars"))
	}
	b := r.bars(c, names, values, amounts, float64(n))
	b.Pale = n < paleBelow
	return b
}
