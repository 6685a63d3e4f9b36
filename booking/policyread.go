package booking

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const dayEnd = 24 * 60

// reader reads written values and collects what is wrong, each with its path.
// All its methods answer whether the value was right.
type reader struct{ problems []ImportProblem }

func (r *reader) refuse(path, rule, limit string) bool {
	r.problems = append(r.problems, ImportProblem{Path: path, Rule: rule, Limit: limit})
	return false
}

// kind is the first byte of a value: '{', '[', '"', 'n', 't', 'f', '-' or a digit.
func kind(raw json.RawMessage) byte {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return 0
	}
	return raw[0]
}

// object reads an object that may have these keys alone.
func (r *reader) object(path string, raw json.RawMessage, keys ...string) (map[string]json.RawMessage, bool) {
	var o map[string]json.RawMessage
	if kind(raw) != '{' || json.Unmarshal(raw, &o) != nil {
		return nil, r.refuse(path, "object", "")
	}
	good := true
	for _, k := range slices.Sorted(maps.Keys(o)) {
		if !slices.Contains(keys, k) {
			good = r.refuse(path+"."+k, "unknown_key", "")
		}
	}
	return o, good
}

func (r *reader) optional(o map[string]json.RawMessage, path, key string, read func(string, json.RawMessage) bool) bool {
	raw, ok := o[key]
	return !ok || read(path+"."+key, raw)
}

func (r *reader) required(o map[string]json.RawMessage, path, key string, read func(string, json.RawMessage) bool) bool {
	if _, ok := o[key]; !ok {
		return r.refuse(path+"."+key, "required", "")
	}
	return r.optional(o, path, key, read)
}

// number reads a whole number; 60.0 is one, as in JSON Schema.
func (r *reader) number(path string, raw json.RawMessage, lo, hi int, to *int) bool {
	var f float64
	if k := kind(raw); k == 'n' || json.Unmarshal(raw, &f) != nil || f != math.Trunc(f) {
		return r.refuse(path, "integer", "")
	}
	if f < float64(lo) {
		return r.refuse(path, "min", strconv.Itoa(lo))
	}
	if f > float64(hi) {
		return r.refuse(path, "max", strconv.Itoa(hi))
	}
	*to = int(f)
	return true
}

// text reads a short text that is not empty.
func (r *reader) text(path string, raw json.RawMessage, to *string) bool {
	var s string
	if kind(raw) != '"' || json.Unmarshal(raw, &s) != nil || strings.TrimSpace(s) == "" {
		return r.refuse(path, "text", "")
	}
	if utf8.RuneCountInString(s) > 100 {
		return r.refuse(path, "max_length", "100")
	}
	*to = s
	return true
}

// word reads one of the allowed words.
func word[T ~string](r *reader, path string, raw json.RawMessage, to *T, allowed ...T) bool {
	var s string
	if kind(raw) == '"' && json.Unmarshal(raw, &s) == nil && slices.Contains(allowed, T(s)) {
		*to = T(s)
		return true
	}
	var names []string
	for _, a := range allowed {
		names = append(names, string(a))
	}
	return r.refuse(path, "one_of", strings.Join(names, ", "))
}

// whenUnits bounds each unit a moment before a start can be given in: two years.
var whenUnits = []struct {
	key  string
	unit Unit
	most int
}{
	{"months_before", Months, 24}, {"days_before", Days, 731}, {"hours_before", Hours, 731 * 24}, {"minutes_before", Minutes, 731 * 24 * 60},
}

// when reads a moment before a start: exactly one unit; "at" only beside days
// and months, at is its value when it is left out.
func (r *reader) when(path string, raw json.RawMessage, at int, to *When) bool {
	o, ok := r.object(path, raw, "months_before", "days_before", "hours_before", "minutes_before", "at")
	if !ok {
		return false
	}
	w, units := When{}, 0
	for _, u := range whenUnits {
		raw, ok := o[u.key]
		if !ok {
			continue
		}
		units++
		if !r.number(path+"."+u.key, raw, 0, u.most, &w.N) {
			return false
		}
		w.Unit = u.unit
	}
	if units != 1 {
		return r.refuse(path, "one_unit", "")
	}
	byDay := w.Unit == Months || w.Unit == Days
	if raw, ok := o["at"]; ok {
		if !byDay {
			return r.refuse(path+".at", "not_allowed", string(w.Unit))
		}
		if !r.clock(path+".at", raw, &at) {
			return false
		}
	}
	if byDay {
		w.At = at
	}
	*to = w
	return true
}

func (r *reader) clock(path string, raw json.RawMessage, to *int) bool {
	var s string
	if kind(raw) == '"' && json.Unmarshal(raw, &s) == nil {
		if m, ok := parseClock(s); ok {
			*to = m
			return true
		}
	}
	return r.refuse(path, "clock", "")
}

// parseClock reads "HH:MM" as minutes since midnight; "24:00" is the day's end.
func parseClock(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	return h*60 + m, m < 60 && h*60+m <= dayEnd
}

// writeClock is the opposite of parseClock.
func writeClock(minute int) string {
	two := func(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
	return two(minute/60) + ":" + two(minute%60)
}
