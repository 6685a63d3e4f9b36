package survey

import (
	"encoding/json"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongbang/internal/fault"
)

// Reserved values of a tally, beside 1…5, NA and option keys.
const (
	skippedValue  = "skipped" // asked, not answered
	answeredValue = "#"       // somebody chose or wrote something
)

// Answers by question key, checked: an int 1…5 or 0…10, NA, an option key, a list of
// option keys, or a text. A key that is missing was skipped.
type Answers map[string]any

// check holds what was sent to the template. All wrong fields are named.
func check(t *Template, sent map[string]any) (Answers, error) {
	known := map[string]bool{}
	out := Answers{}
	var bad []fault.Field
	for _, q := range t.Questions {
		known[q.Key] = true
		v, given := sent[q.Key]
		if !q.ShowIf.met(out) {
			continue // what was not asked is not answered, whatever was sent
		}
		if !given {
			if q.Required {
				bad = append(bad, field(q.Key, "required", ""))
			}
			continue
		}
		value, wrong := q.read(v)
		switch {
		case wrong != nil:
			bad = append(bad, *wrong)
		case value != nil:
			out[q.Key] = value
		case q.Required:
			bad = append(bad, field(q.Key, "required", ""))
		}
	}
	for key := range sent {
		if !known[key] {
			bad = append(bad, field(key, "unknown", ""))
		}
	}
	if len(bad) > 0 {
		sort.Slice(bad, func(a, b int) bool { return bad[a].Field < bad[b].Field })
		return nil, &fault.Fault{Kind: fault.Invalid, Code: "validation", Fields: bad}
	}
	return out, nil
}

func field(key, rule, limit string) fault.Field {
	return fault.Field{Field: "answers." + key, Rule: rule, Limit: limit}
}

// read checks one value; nil without a fault is "skipped".
func (q Question) read(v any) (any, *fault.Field) {
	if v == any(NA) && q.NA {
		return NA, nil
	}
	switch {
	case q.scale():
		return q.readWhole(v, 1, 5)
	case q.Type == Likely:
		return q.readWhole(v, 0, likelyMost)
	case q.Type == Single:
		return q.readOption(v)
	case q.Type == Multi:
		return q.readMulti(v)
	}
	return q.readText(v)
}

func (q Question) wrong(rule, limit string) *fault.Field {
	f := field(q.Key, rule, limit)
	return &f
}

func (q Question) readWhole(v any, low, high int) (any, *fault.Field) {
	n, ok := number(v)
	limit := strconv.Itoa(low) + "-" + strconv.Itoa(high)
	switch {
	case !ok:
		return nil, q.wrong("type", limit)
	case n != math.Trunc(n) || n < float64(low) || n > float64(high):
		return nil, q.wrong("range", limit)
	}
	return int(n), nil
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}

func (q Question) readOption(v any) (any, *fault.Field) {
	key, ok := v.(string)
	switch {
	case !ok:
		return nil, q.wrong("type", "string")
	case !q.has(key):
		return nil, q.wrong("one_of", "")
	}
	return key, nil
}

func (q Question) readMulti(v any) (any, *fault.Field) {
	list, ok := v.([]any)
	if !ok {
		return nil, q.wrong("type", "array")
	}
	seen := map[string]bool{}
	keys := []string{}
	for _, e := range list {
		key, wrong := q.readOption(e)
		if wrong != nil {
			return nil, wrong
		}
		if seen[key.(string)] {
			return nil, q.wrong("unique", "")
		}
		seen[key.(string)] = true
		keys = append(keys, key.(string))
	}
	switch {
	case len(keys) > q.Max:
		return nil, q.wrong("max", strconv.Itoa(q.Max))
	case len(keys) == 0:
		return nil, nil
	}
	sort.Strings(keys) // the order of ticking is nobody's business
	return keys, nil
}

func (q Question) readText(v any) (any, *fault.Field) {
	s, ok := v.(string)
	if !ok || !utf8.ValidString(s) {
		return nil, q.wrong("type", "string")
	}
	s = strings.TrimSpace(s)
	switch {
	case utf8.RuneCountInString(s) > q.Max:
		return nil, q.wrong("too_long", strconv.Itoa(q.Max))
	case s == "":
		return nil, nil
	}
	return Mask(s), nil
}

// complete tells complete from partial: the lead question and at least half
// of the other items, where "not applicable" is an answer and words are no item.
func (a Answers) complete(t *Template) bool {
	items, answered, lead := 0, 0, t.Lead()
	for _, q := range t.Questions {
		if !q.item() || q.Key == lead || !q.ShowIf.met(a) {
			continue
		}
		items++
		if _, ok := a[q.Key]; ok {
			answered++
		}
	}
	_, ok := a[lead]
	return (ok || lead == "") && 2*answered >= items
}

// met tells whether the question is asked of who answered so far like that.
func (c *ShowIf) met(a Answers) bool {
	if c == nil {
		return true
	}
	given, many := a[c.Question].([]string)
	if !many {
		return slices.Contains(c.Values, a[c.Question])
	}
	return slices.ContainsFunc(given, func(v string) bool { return slices.Contains(c.Values, any(v)) })
}

// tally is what one answer adds to the counts: question → values.
func (a Answers) tally(t *Template) map[string][]string {
	out := map[string][]string{}
	for _, q := range t.Questions {
		if !q.ShowIf.met(a) {
			continue // not asked
		}
		switch v := a[q.Key].(type) {
		case nil:
			out[q.Key] = []string{skippedValue}
		case int:
			out[q.Key] = []string{strconv.Itoa(v)}
			if q.Type == Likely {
				out[q.Key] = []string{answeredValue, likelyValue + strconv.Itoa(v)}
			}
		case []string:
			out[q.Key] = append([]string{answeredValue}, v...)
		case string:
			out[q.Key] = words(q, v)
		}
	}
	return out
}

func words(q Question, v string) []string {
	switch {
	case v == NA && q.NA:
		return []string{NA}
	case q.Type == Single:
		return []string{answeredValue, v}
	}
	return []string{answeredValue}
}
