package survey

import (
	"context"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Dimension in which answers are counted. Each is a way of its own to part a
// center's answers; no two of them are ever counted together.
type Dimension string

const (
	byCenter    Dimension = "" // all answers of the center
	byCategory  Dimension = "category"
	byEquipment Dimension = "equipment"
	byHour      Dimension = "hour"
	byWait      Dimension = "wait"
	byNoShow    Dimension = "noshow"
)

// partitions are the ways a center's answers are parted at its top.
var partitions = []Dimension{byCategory, byHour, byWait, byNoShow}

// everyone is the question of how many answered at all; its value is "#".
const everyone = ""

// Scope is what is counted at a center: everything, a category, a machine in
// its category, or a trait's value.
type Scope struct {
	Dim         Dimension `json:"dim"`
	Key, Parent string
}

// TallyRow counts how often a value was given to a question. Held is what came
// since the month was last shown.
type TallyRow struct {
	Month, Center, Series string
	Scope
	Question, Value string
	N, Held         int
}

// path orders rows, so that two flushes never wait for each other in a circle.
func (r TallyRow) path() []string {
	return []string{r.Month, r.Center, r.Series, string(r.Dim), r.Key, r.Parent, r.Question, r.Value}
}

// TallyQuery names a center and months; a center "" is none.
type TallyQuery struct{ Center, From, To string }

// SeriesAt is a series of answers at a center in a month.
type SeriesAt struct{ Month, Center, Series string }

// scored tells whether a series counts in the center's score and is shown
// while its month is open.
func scored(series string) bool { return ofTemplate(series, standardKey) }

// ofTemplate tells whether a series is one of the template's, "key" or "key@entry".
func ofTemplate(series, name string) bool {
	key, entry, _ := strings.Cut(name, "@")
	of, by, _ := strings.Cut(series, "@")
	no, broken := strings.CutPrefix(of, key+".")
	return by == entry && (of == key || broken && no != "")
}

// breakOf is how many series of the template ended before this one.
func breakOf(series string) int {
	of, _, _ := strings.Cut(series, "@")
	_, no, _ := strings.Cut(of, ".")
	n, err := strconv.Atoi(no)
	if err != nil {
		return 0
	}
	return n - 1
}

// scopes are what a response is counted under. A machine stands in its category.
func (r Response) scopes() []Scope {
	out := []Scope{{}}
	for _, t := range []Scope{{Dim: byHour, Key: r.Traits.Hour}, {Dim: byWait, Key: r.Traits.Wait}, {Dim: byNoShow, Key: r.Traits.NoShow}} {
		if t.Key != "" {
			out = append(out, t)
		}
	}
	if r.Category == "" {
		return out
	}
	out = append(out, Scope{Dim: byCategory, Key: r.Category})
	if r.Equipment != "" {
		out = append(out, Scope{byEquipment, r.Equipment, r.Category})
	}
	return out
}

// counts tells whether the question is counted in the scope: of traits the
// score alone.
func (s Scope) counts(question string) bool {
	switch s.Dim {
	case byHour, byWait, byNoShow:
		return question == everyone || question == overall
	}
	return true
}

// tally adds the responses to the counts and names what they belong to.
func (s *Service) tally(ctx context.Context, tx Tx, to []Response) ([]SeriesAt, error) {
	sum := map[TallyRow]int{}
	seen := map[SeriesAt]bool{}
	for _, r := range to {
		t, err := tx.Template(ctx, r.Template, r.Version)
		if err != nil {
			return nil, err
		}
		at := SeriesAt{r.Month, r.Center, r.Entry.Series(t)}
		seen[at] = true
		given := r.Answers.tally(t)
		given[everyone] = []string{answeredValue}
		for _, scope := range r.scopes() {
			for question, values := range given {
				if !scope.counts(question) {
					continue
				}
				for _, v := range values {
					sum[TallyRow{Month: at.Month, Center: at.Center, Series: at.Series, Scope: scope, Question: question, Value: v}]++
				}
			}
		}
	}
	rows := make([]TallyRow, 0, len(sum))
	for row, n := range sum {
		row.Held = n
		rows = append(rows, row)
	}
	sort.Slice(rows, func(a, b int) bool { return slices.Compare(rows[a].path(), rows[b].path()) < 0 })
	order := make([]SeriesAt, 0, len(seen))
	for at := range seen {
		order = append(order, at)
	}
	sort.Slice(order, func(a, b int) bool {
		return slices.Compare([]string{order[a].Month, order[a].Series}, []string{order[b].Month, order[b].Series}) < 0
	})
	return order, tx.Tallied(ctx, rows)
}
