package booking

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Lane keeps units or times for some people. Lanes with Units share the units
// out in their order: the first takes units 1 to n, the next those behind.
type Lane struct {
	Units    int            // 0: every unit
	Times    []Opening      // minutes of the day; none: all day
	Weekdays []time.Weekday // of the start, Monday first; none: every day
	Admits   Admission
	Released *When // from then on it is open to anyone; nil: never
}

// Admission says whom a lane takes: who fits one of them.
type Admission struct {
	Anyone, FirstTime, Desk bool // Desk: who phones, or comes to the counter
	DueWithinDays           *int // jobs that are due within so many days from the day of booking
}

// Lottery gives times out by lot: nobody books them directly.
type Lottery struct {
	ApplyUntilDays, DrawDays int       // before the day of use
	Times                    []Opening // none: all day
}

// laneUnits is how many units the lanes share out.
func (p Policy) laneUnits() (n int) {
	for _, l := range p.Lanes {
		n += l.Units
	}
	return n
}

// asksFirstTime tells whether it matters if somebody was here before.
func (p Policy) asksFirstTime() bool {
	return slices.ContainsFunc(p.Lanes, func(l Lane) bool { return l.Admits.FirstTime })
}

const mostLanes = 50

func readLanes(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	if kind(raw) == 'n' {
		d.Lanes = nil
		return true
	}
	var list []json.RawMessage
	if kind(raw) != '[' || json.Unmarshal(raw, &list) != nil {
		return r.refuse(path, "list", "")
	}
	if len(list) > mostLanes {
		return r.refuse(path, "max_items", strconv.Itoa(mostLanes))
	}
	var lanes []Lane
	good := true
	for i, raw := range list {
		l, ok := readLane(r, path+"["+strconv.Itoa(i)+"]", raw)
		lanes, good = append(lanes, l), good && ok
	}
	if good {
		d.Lanes = lanes
	}
	return good
}

func readLane(r *reader, path string, raw json.RawMessage) (l Lane, good bool) {
	o, ok := r.object(path, raw, "units", "times", "weekdays", "admits", "released")
	if !ok {
		return l, false
	}
	if o["units"] == nil && o["times"] == nil && o["weekdays"] == nil {
		return l, r.refuse(path, "one_of", "units, times, weekdays")
	}
	good = r.optional(o, path, "units", func(path string, raw json.RawMessage) bool { return r.number(path, raw, 1, mostUnits, &l.Units) })
	good = r.optional(o, path, "times", func(path string, raw json.RawMessage) bool { return r.times(path, raw, &l.Times) }) && good
	good = r.optional(o, path, "weekdays", func(path string, raw json.RawMessage) bool { return r.weekdays(path, raw, &l.Weekdays) }) && good
	good = r.required(o, path, "admits", func(path string, raw json.RawMessage) bool { return r.admits(path, raw, &l.Admits) }) && good
	return l, r.optional(o, path, "released", func(path string, raw json.RawMessage) bool {
		l.Released = &When{}
		return r.when(path, raw, 0, l.Released)
	}) && good
}

// items reads a list that is not empty.
func (r *reader) items(path string, raw json.RawMessage, read func(path string, raw json.RawMessage) bool) bool {
	var list []json.RawMessage
	if kind(raw) != '[' || json.Unmarshal(raw, &list) != nil || len(list) == 0 {
		return r.refuse(path, "list", "")
	}
	good := true
	for i, raw := range list {
		good = read(path+"["+strconv.Itoa(i)+"]", raw) && good
	}
	return good
}

// times reads ["09:00-12:00", …] in order.
func (r *reader) times(path string, raw json.RawMessage, to *[]Opening) bool {
	return r.items(path, raw, func(path string, raw json.RawMessage) bool {
		var s string
		if kind(raw) != '"' || json.Unmarshal(raw, &s) != nil {
			return r.refuse(path, "timespan", "")
		}
		a, b, _ := strings.Cut(s, "-")
		from, ok := parseClock(a)
		until, ok2 := parseClock(b)
		switch {
		case !ok || !ok2:
			return r.refuse(path, "timespan", "")
		case from >= until:
			return r.refuse(path, "order", "")
		}
		*to = append(*to, Opening{from, until})
		return true
	})
}

// weekdays reads ["sat", "mon"], kept Monday first and each once.
func (r *reader) weekdays(path string, raw json.RawMessage, to *[]time.Weekday) bool {
	good := r.items(path, raw, func(path string, raw json.RawMessage) bool {
		var s string
		if !word(r, path, raw, &s, "mon", "tue", "wed", "thu", "fri", "sat", "sun") {
			return false
		}
		*to = append(*to, time.Weekday(slices.Index(weekdayKeys[:], s)))
		return true
	})
	slices.SortFunc(*to, func(a, b time.Weekday) int { return (int(a)+6)%7 - (int(b)+6)%7 })
	*to = slices.Compact(*to)
	return good
}

func (r *reader) admits(path string, raw json.RawMessage, to *Admission) bool {
	return r.items(path, raw, func(path string, raw json.RawMessage) bool {
		if kind(raw) == '{' {
			o, ok := r.object(path, raw, "due_within_days")
			days := 0
			if !ok || !r.required(o, path, "due_within_days", func(path string, raw json.RawMessage) bool { return r.number(path, raw, 0, 366, &days) }) {
				return false
			}
			to.DueWithinDays = &days
			return true
		}
		var s string
		if !word(r, path, raw, &s, "anyone", "first_time", "desk") {
			return false
		}
		to.Anyone, to.FirstTime, to.Desk = to.Anyone || s == "anyone", to.FirstTime || s == "first_time", to.Desk || s == "desk"
		return true
	})
}

// readAllocation takes "first_come" or {"lottery": {…}}.
func readAllocation(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	if kind(raw) == '"' {
		var first string
		if word(r, path, raw, &first, "first_come") {
			d.Lottery = nil
			return true
		}
		return false
	}
	o, ok := r.object(path, raw, "lottery")
	l := Lottery{}
	if !ok || !r.required(o, path, "lottery", func(path string, raw json.RawMessage) bool { return r.lottery(path, raw, &l) }) {
		return false
	}
	d.Lottery = &l
	return true
}

func (r *reader) lottery(path string, raw json.RawMessage, to *Lottery) bool {
	o, ok := r.object(path, raw, "apply_until_days_before", "draw_days_before", "times")
	if !ok {
		return false
	}
	good := r.required(o, path, "apply_until_days_before", func(path string, raw json.RawMessage) bool {
		return r.number(path, raw, 0, 366, &to.ApplyUntilDays)
	})
	good = r.required(o, path, "draw_days_before", func(path string, raw json.RawMessage) bool {
		return r.number(path, raw, 0, 366, &to.DrawDays)
	}) && good
	good = r.optional(o, path, "times", func(path string, raw json.RawMessage) bool { return r.times(path, raw, &to.Times) }) && good
	if good && to.DrawDays > to.ApplyUntilDays { // drawn before everybody could apply
		return r.refuse(path+".draw_days_before", "max", strconv.Itoa(to.ApplyUntilDays))
	}
	return good
}

func writeTimes(times []Opening) (out []string) {
	for _, t := range times {
		out = append(out, writeClock(t.From)+"-"+writeClock(t.To))
	}
	return out
}

// MarshalJSON writes the lane as it is written in a catalog.
func (l Lane) MarshalJSON() ([]byte, error) {
	doc := struct {
		Units    int      `json:"units,omitempty"`
		Times    []string `json:"times,omitempty"`
		Weekdays []string `json:"weekdays,omitempty"`
		Admits   []any    `json:"admits"`
		Released *When    `json:"released,omitempty"`
	}{Units: l.Units, Times: writeTimes(l.Times), Released: l.Released}
	for _, d := range l.Weekdays {
		doc.Weekdays = append(doc.Weekdays, weekdayKeys[d])
	}
	for name, on := range map[string]bool{"anyone": l.Admits.Anyone, "desk": l.Admits.Desk, "first_time": l.Admits.FirstTime} {
		if on {
			doc.Admits = append(doc.Admits, name)
		}
	}
	slices.SortFunc(doc.Admits, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	if l.Admits.DueWithinDays != nil {
		doc.Admits = append(doc.Admits, map[string]int{"due_within_days": *l.Admits.DueWithinDays})
	}
	return json.Marshal(doc)
}

// allocationDoc is how times are given out, as it is written in a catalog.
func (p Policy) allocationDoc() any {
	if p.Lottery == nil {
		return "first_come"
	}
	l := map[string]any{"apply_until_days_before": p.Lottery.ApplyUntilDays, "draw_days_before": p.Lottery.DrawDays}
	if len(p.Lottery.Times) > 0 {
		l["times"] = writeTimes(p.Lottery.Times)
	}
	return map[string]any{"lottery": l}
}
