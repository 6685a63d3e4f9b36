package booking

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"gongbang/internal/lang"
)

// weekdayKeys are the keys of hours, by time.Weekday.
var weekdayKeys = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// hours reads the week; a day that is left out is closed.
func (b *builder) hours(path string, week map[string]json.RawMessage) (hours [7][]Opening) {
	for _, key := range slices.Sorted(maps.Keys(week)) {
		day := slices.Index(weekdayKeys[:], key)
		if day < 0 {
			b.refuse(path+"."+key, "unknown_key", "")
			continue
		}
		hours[day] = b.openings(path+"."+key, week[key])
	}
	return hours
}

// openings reads null, ["HH:MM","HH:MM"] or a list of those; in order, adjoining ones joined.
func (b *builder) openings(path string, raw json.RawMessage) []Opening {
	if kind(raw) == 'n' {
		return nil
	}
	var list []json.RawMessage
	if kind(raw) != '[' || json.Unmarshal(raw, &list) != nil {
		b.refuse(path, "list", "")
		return nil
	}
	if len(list) > 0 && kind(list[0]) == '"' {
		o, _ := b.opening(path, list)
		return []Opening{o}
	}
	var all []Opening
	for i, raw := range list {
		at := path + "[" + strconv.Itoa(i) + "]"
		var pair []json.RawMessage
		if kind(raw) != '[' || json.Unmarshal(raw, &pair) != nil {
			b.refuse(at, "list", "")
			continue
		}
		if o, ok := b.opening(at, pair); ok {
			all = append(all, o)
		}
	}
	return b.joined(path, all)
}

func (b *builder) opening(path string, pair []json.RawMessage) (o Opening, ok bool) {
	if len(pair) != 2 {
		return o, b.refuse(path, "one_of", `["HH:MM", "HH:MM"]`)
	}
	if !b.clock(path+"[0]", pair[0], &o.From) || !b.clock(path+"[1]", pair[1], &o.To) {
		return o, false
	}
	if o.From >= o.To {
		return o, b.refuse(path, "order", "")
	}
	return o, true
}

func (b *builder) joined(path string, all []Opening) []Opening {
	slices.SortStableFunc(all, func(x, y Opening) int { return x.From - y.From })
	var out []Opening
	for _, o := range all {
		n := len(out)
		switch {
		case n > 0 && o.From < out[n-1].To:
			b.refuse(path, "overlap", "")
		case n > 0 && o.From == out[n-1].To:
			out[n-1].To = o.To
		default:
			out = append(out, o)
		}
	}
	return out
}

func (b *builder) closures(path string, files []ClosureFile) []Closure {
	var out []Closure
	for i, f := range files {
		at := path + "[" + strconv.Itoa(i) + "]"
		from, fromDay, ok := b.moment(at+".from", f.From)
		if !ok {
			continue
		}
		to, toDay := from, fromDay
		if f.To != "" || !fromDay {
			if to, toDay, ok = b.moment(at+".to", f.To); !ok {
				continue
			}
		}
		if toDay { // the last day is closed to its end
			to = DateOf(to, b.catalog.Zone).Add(1).At(0, b.catalog.Zone)
		}
		when := Interval{from, to}
		if when.Empty() {
			b.refuse(at+".to", "order", "")
			continue
		}
		c := Closure{When: when}
		if f.Reason != nil {
			c.Reason = *f.Reason
		}
		out = append(out, c)
	}
	return out
}

// posted are the closures of a center, and of the whole city, that were posted.
func (b *builder) posted(center string) []Closure {
	var out []Closure
	for _, p := range b.file.Posted {
		if i := p.Stands(); (p.Center == "" || p.Center == center) && !i.Empty() {
			out = append(out, Closure{When: i, Reason: lang.Text{Ko: p.Reason}})
		}
	}
	return out
}

// moment reads a date or a local time of the catalog's zone.
func (b *builder) moment(path, s string) (at time.Time, whole, ok bool) {
	if d, ok := ParseDate(s); ok {
		return d.At(0, b.catalog.Zone), true, true
	}
	t, err := time.ParseInLocation("2006-01-02T15:04", s, b.catalog.Zone)
	if err != nil {
		return at, false, b.refuse(path, "moment", "")
	}
	return t.UTC(), false, true
}

// eligibility reads who may use a center.
func (b *builder) eligibility(path string, f *EligibilityFile) (e Eligibility) {
	if f == nil {
		return e
	}
	if f.Note != nil {
		e.Note = lang.Text(*f.Note)
	}
	switch raw := f.Groups; {
	case kind(raw) == 0:
	case kind(raw) == '"':
		var s string
		word(&b.reader, path+".groups", raw, &s, "anyone")
	case kind(raw) != '[' || json.Unmarshal(raw, &e.Groups) != nil || len(e.Groups) == 0:
		b.refuse(path+".groups", "list", "")
	}
	for i, g := range e.Groups {
		b.known(path+".groups["+strconv.Itoa(i)+"]", b.file.Groups, g)
	}
	proofs := []string{"declare", "first_visit", "before_booking"}
	switch {
	case f.Proof == "" && len(e.Groups) > 0:
		e.Proof = "declare"
	case f.Proof == "" || slices.Contains(proofs, f.Proof):
		e.Proof = f.Proof
	default:
		b.refuse(path+".proof", "one_of", "declare, first_visit, before_booking")
	}
	return e
}
