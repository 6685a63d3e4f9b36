package survey

import (
	"fmt"
	"slices"
)

// Difference is one difference to the version before. Question "" speaks of the
// whole.
type Difference struct {
	Question string `json:"question,omitempty"`
	What     string `json:"what"`
	// Breaks: answers before and after can't be added up.
	Breaks bool `json:"breaks"`
}

// What a Difference says changed.
const (
	ChangeAdded    = "added"
	ChangeRemoved  = "removed"
	ChangeWords    = "text"  // of the question or its options
	ChangeTitle    = "title" // or introduction
	ChangeOrder    = "order" // of the questions
	ChangeRequired = "required"
	ChangeMode     = "mode" // of anonymity: people answer differently
	ChangeType     = "type"
	ChangeOptions  = "options" // which there are, and how many may be chosen
	ChangeNA       = "na"      // whether "not applicable" is offered
	ChangeShown    = "show_if" // who is asked
)

// differences compares a version with those before it, newest first. A question is
// held to the newest version of the same series that asked it: a key never
// changes its meaning within a series, not even over a gap.
func differences(t *Template, before []Edition) []Difference {
	if len(before) == 0 {
		return nil
	}
	last := &before[0].Template
	var out []Difference
	if t.Title != last.Title || t.Intro != last.Intro {
		out = append(out, Difference{What: ChangeTitle})
	}
	if t.Mode != last.Mode {
		out = append(out, Difference{What: ChangeMode, Breaks: true})
	}
	for _, q := range t.Questions {
		if last.question(q.Key).Key == "" {
			out = append(out, Difference{Question: q.Key, What: ChangeAdded})
		}
		out = append(out, q.differences(asked(before, q.Key))...)
	}
	for _, q := range last.Questions {
		if t.question(q.Key).Key == "" {
			out = append(out, Difference{Question: q.Key, What: ChangeRemoved})
		}
	}
	if !slices.Equal(t.shared(last), last.shared(t)) {
		out = append(out, Difference{What: ChangeOrder})
	}
	return out
}

// asked is the newest form of a question in the series that the newest
// version belongs to.
func asked(before []Edition, key string) Question {
	for _, e := range before {
		if e.Break != before[0].Break {
			break
		}
		if q := e.question(key); q.Key != "" {
			return q
		}
	}
	return Question{}
}

// shared are the keys of t that o asks too, in t's order.
func (t *Template) shared(o *Template) (keys []string) {
	for _, q := range t.Questions {
		if o.question(q.Key).Key != "" {
			keys = append(keys, q.Key)
		}
	}
	return keys
}

// differences of one question; none to one that was never asked.
func (q Question) differences(was Question) (out []Difference) {
	if was.Key == "" {
		return nil
	}
	add := func(what string, breaks bool) { out = append(out, Difference{q.Key, what, breaks}) }
	if q.Type != was.Type {
		add(ChangeType, true)
		return out
	}
	if q.NA != was.NA {
		add(ChangeNA, true)
	}
	if !sameValues(q, was) || q.Type == Multi && q.Max != was.Max {
		add(ChangeOptions, true)
	}
	if fmt.Sprint(q.ShowIf.words()) != fmt.Sprint(was.ShowIf.words()) {
		add(ChangeShown, true)
	}
	if q.Text != was.Text || !sameTexts(q, was) || q.Type == Words && q.Max != was.Max {
		add(ChangeWords, false)
	}
	if q.Required != was.Required {
		add(ChangeRequired, false)
	}
	return out
}

// words is the condition to be compared; nil for none.
func (c *ShowIf) words() []any {
	if c == nil {
		return nil
	}
	return append([]any{c.Question}, c.Values...)
}

// sameValues tells whether both offer the same values, in whatever order. "Not
// applicable" is compared by itself.
func sameValues(q, was Question) bool {
	return slices.Equal(q.values(), was.values())
}

func (q Question) values() (list []string) {
	for _, o := range q.Options {
		if o.Value != any(NA) {
			list = append(list, fmt.Sprint(o.Value))
		}
	}
	slices.Sort(list)
	return list
}

// sameTexts tells whether the options that both have say the same.
func sameTexts(q, was Question) bool {
	for _, o := range q.Options {
		for _, w := range was.Options {
			if o.Value == w.Value && o.Text != w.Text {
				return false
			}
		}
	}
	return true
}
