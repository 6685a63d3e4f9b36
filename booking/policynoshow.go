package booking

import (
	"encoding/json"
	"strconv"
)

// The bounds of the rule's values, and of ages and reminders.
const (
	mostPoints    = 100
	mostThreshold = 1000
	mostStretch   = 3660
	mostMonths    = 120
	mostAge       = 120
	mostReminders = 10
	mostHours     = 366 * 24
)

// readNoShow reads what a no-show costs. A layer says only what it changes;
// but the consequences (threshold, ladder, penalty hours) are one choice: who
// names one of them drops the inherited others, and the same holds for how
// points end. null is no rule at all.
func readNoShow(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	if kind(raw) == 'n' {
		d.NoShow = nil
		return true
	}
	o, ok := r.object(path, raw, "points", "late_cancel_points", "counts", "threshold", "suspend", "ladder",
		"penalty_hours_multiplier", "points_expire", "clean_after", "by", "over")
	if !ok {
		return false
	}
	base := systemPolicy().NoShow
	if d.NoShow != nil {
		base = d.NoShow
	}
	rule := *base
	good := r.counted(o, path, &rule)
	good = r.consequences(o, path, &rule) && good
	good = r.ending(o, path, &rule) && good
	good = r.optional(o, path, "by", func(path string, raw json.RawMessage) bool {
		return word(r, path, raw, &rule.By, "person", "firm")
	}) && good
	good = r.optional(o, path, "over", func(path string, raw json.RawMessage) bool {
		return word(r, path, raw, &rule.Over, "equipment", "category", "center", "city")
	}) && good
	if good {
		d.NoShow = &rule
	}
	return good
}

// counted reads how much each kind costs: points, or a list of what counts as one.
func (r *reader) counted(o map[string]json.RawMessage, path string, rule *NoShowRule) bool {
	points := func(to *int) func(string, json.RawMessage) bool {
		return func(path string, raw json.RawMessage) bool { return r.number(path, raw, 0, mostPoints, to) }
	}
	if _, ok := o["counts"]; !ok {
		good := r.optional(o, path, "points", points(&rule.NoShow))
		return r.optional(o, path, "late_cancel_points", points(&rule.LateCancel)) && good
	}
	for _, other := range []string{"points", "late_cancel_points"} {
		if _, ok := o[other]; ok {
			return r.refuse(path+".counts", "not_allowed", other)
		}
	}
	return r.optional(o, path, "counts", func(path string, raw json.RawMessage) bool {
		var list []json.RawMessage
		if kind(raw) != '[' || json.Unmarshal(raw, &list) != nil || len(list) == 0 {
			return r.refuse(path, "list", "")
		}
		rule.NoShow, rule.LateCancel = 0, 0
		for i, raw := range list {
			var k StrikeKind
			if !word(r, path+"["+strconv.Itoa(i)+"]", raw, &k, StruckNoShow, StruckLateCancel) {
				return false
			}
			if k == StruckNoShow {
				rule.NoShow = 1
			} else {
				rule.LateCancel = 1
			}
		}
		return true
	})
}

// consequences reads what the points lead to.
func (r *reader) consequences(o map[string]json.RawMessage, path string, rule *NoShowRule) bool {
	_, threshold := o["threshold"]
	_, suspend := o["suspend"]
	_, ladder := o["ladder"]
	_, hours := o["penalty_hours_multiplier"]
	if ladder && (threshold || suspend) {
		return r.refuse(path+".ladder", "not_allowed", "threshold")
	}
	steps, multiplier := rule.Steps, rule.Hours
	if threshold || suspend || ladder || hours {
		rule.Steps, rule.Hours = nil, 0
	}
	good := r.optional(o, path, "penalty_hours_multiplier", func(path string, raw json.RawMessage) bool {
		return r.number(path, raw, 1, mostPoints, &rule.Hours)
	})
	switch {
	case ladder:
		return r.optional(o, path, "ladder", func(path string, raw json.RawMessage) bool { return r.ladder(path, raw, rule) }) && good
	case threshold || suspend:
		return r.threshold(o, path, steps, rule) && good
	case !hours:
		rule.Steps, rule.Hours = steps, multiplier
	}
	return good
}

// threshold reads the plain form; what is left out is inherited from a plain form alone.
func (r *reader) threshold(o map[string]json.RawMessage, path string, inherited []Step, rule *NoShowRule) bool {
	var s Step
	need := r.required
	if len(inherited) == 1 {
		s, need = inherited[0], r.optional
	}
	good := need(o, path, "threshold", func(path string, raw json.RawMessage) bool { return r.number(path, raw, 1, mostThreshold, &s.Points) })
	good = need(o, path, "suspend", func(path string, raw json.RawMessage) bool { return r.stretch(path, raw, &s.Suspend) }) && good
	rule.Steps = []Step{s}
	return good
}

func (r *reader) ladder(path string, raw json.RawMessage, rule *NoShowRule) bool {
	var list []json.RawMessage
	if kind(raw) != '[' || json.Unmarshal(raw, &list) != nil || len(list) == 0 {
		return r.refuse(path, "list", "")
	}
	good, last := true, 0
	for i, raw := range list {
		at, s := path+"["+strconv.Itoa(i)+"]", Step{}
		o, ok := r.object(at, raw, "count", "suspend")
		ok = ok && r.required(o, at, "count", func(path string, raw json.RawMessage) bool {
			return r.number(path, raw, 1, mostThreshold, &s.Points) && (s.Points > last || r.refuse(path, "ascending", strconv.Itoa(last)))
		})
		ok = ok && r.required(o, at, "suspend", func(path string, raw json.RawMessage) bool { return r.stretch(path, raw, &s.Suspend) })
		good, last = good && ok, max(last, s.Points)
		rule.Steps = append(rule.Steps, s)
	}
	return good
}

// ending reads how points end: each after a time, or all after a clean time; null is never.
func (r *reader) ending(o map[string]json.RawMessage, path string, rule *NoShowRule) bool {
	_, expire := o["points_expire"]
	_, clean := o["clean_after"]
	if expire || clean {
		rule.Expire, rule.Clean = Stretch{}, Stretch{}
	}
	read := func(to *Stretch) func(string, json.RawMessage) bool {
		return func(path string, raw json.RawMessage) bool { return kind(raw) == 'n' || r.stretch(path, raw, to) }
	}
	good := r.optional(o, path, "points_expire", read(&rule.Expire))
	return r.optional(o, path, "clean_after", read(&rule.Clean)) && good
}

// stretch reads {"days": n} or {"months": n}.
func (r *reader) stretch(path string, raw json.RawMessage, to *Stretch) bool {
	o, ok := r.object(path, raw, "days", "months")
	if !ok {
		return false
	}
	if len(o) != 1 {
		return r.refuse(path, "days_or_months", "")
	}
	*to = Stretch{Unit: Days}
	most := mostStretch
	if _, ok := o["months"]; ok {
		to.Unit, most = Months, mostMonths
	}
	return r.optional(o, path, string(to.Unit), func(path string, raw json.RawMessage) bool { return r.number(path, raw, 1, most, &to.N) })
}
