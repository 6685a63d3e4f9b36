package booking

import (
	"encoding/json"
	"time"
)

// effectiveFrom is the key with which a written policy says when it begins.
const effectiveFrom = "effective_from"

// readEffectiveFrom judges the key's shape; when it is, is the plan's business.
func readEffectiveFrom(r *reader, _ *policyDraft, path string, raw json.RawMessage) bool {
	if kind(raw) == 'n' {
		return true
	}
	if _, ok := writtenMoment(raw, time.UTC); !ok {
		return r.refuse(path, "moment", "")
	}
	return true
}

// writtenMoment reads a date or a local time.
func writtenMoment(raw json.RawMessage, zone *time.Location) (time.Time, bool) {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return time.Time{}, false
	}
	if d, ok := ParseDate(s); ok {
		return d.At(0, zone), true
	}
	t, err := time.ParseInLocation("2006-01-02T15:04", s, zone)
	return t.UTC(), err == nil
}

// split takes effective_from out of written values; the zero time is none.
func (v PolicyValues) split(zone *time.Location) (PolicyValues, time.Time) {
	raw, ok := v[effectiveFrom]
	if !ok {
		return v, time.Time{}
	}
	rest := PolicyValues{}
	for key, value := range v {
		if key != effectiveFrom {
			rest[key] = value
		}
	}
	from, _ := writtenMoment(raw, zone)
	return rest, from
}

// NextOpening is when a window that opens so opens next after now: rules that change in
// between would split the people of one opening. A window that opens by hours
// or minutes opens all the time.
func (w When) NextOpening(now time.Time, zone *time.Location) time.Time {
	if w.Unit != Months && w.Unit != Days {
		return now
	}
	day := DateOf(now, zone)
	for at := day.Add(-1); ; at = at.Add(1) {
		if t := at.At(w.At, zone); t.After(now) {
			return t
		}
	}
}

// Plan lays a file that was read over what is kept: policies that differ from
// what was written last become versions that take effect at the next opening
// of the window, or when the file says so. What is new begins with its values.
func (f *CatalogFile) Plan(old *CatalogFile, now time.Time, by string) {
	zone, err := time.LoadLocation(f.TimeZone)
	if err != nil {
		return // Build tells
	}
	p := planner{now, zone, by}
	city := p.draft(systemPolicy(), old.Policy, old.Versions)
	known := old.TimeZone != ""
	f.Policy, f.Versions = p.plan(f.Policy, PolicyHistory{old.Policy, old.Versions}, known, city)
	centers, machines := old.byID()
	for i := range f.Centers {
		c := &f.Centers[i]
		was, known := centers[c.ID]
		center := p.draft(city, was.Policy, was.Versions)
		c.Policy, c.Versions = p.plan(c.Policy, PolicyHistory{was.Policy, was.Versions}, known, center)
		c.Version = was.Version
		for j := range c.Equipment {
			e := &c.Equipment[j]
			was, known := machines[e.ID]
			e.Policy, e.Versions = p.plan(e.Policy, PolicyHistory{was.Policy, was.Versions}, known, p.draft(center, was.Policy, was.Versions))
			e.Version = was.Version
		}
	}
	f.Posted = old.Posted
}

func (f *CatalogFile) byID() (map[string]CenterFile, map[string]EquipmentFile) {
	centers, machines := map[string]CenterFile{}, map[string]EquipmentFile{}
	for _, c := range f.Centers {
		centers[c.ID] = c
		for _, e := range c.Equipment {
			machines[e.ID] = e
		}
	}
	return centers, machines
}

type planner struct {
	now  time.Time
	zone *time.Location
	by   string
}

func (p planner) draft(d policyDraft, first PolicyValues, versions []PolicyVersion) policyDraft {
	d, _ = d.with(PolicyLayer{"", PolicyHistory{first, versions}.At(p.now)})
	return d
}

func (p planner) plan(written PolicyValues, h PolicyHistory, known bool, inForce policyDraft) (PolicyValues, []PolicyVersion) {
	values, from := written.split(p.zone)
	planned := from.After(p.now)
	switch {
	case known && values.same(h.Last()) && (!planned || p.begun(h, from)):
		return h.First, h.Versions
	case !known && !planned:
		return values, nil
	case from.IsZero():
		from = inForce.Opens.NextOpening(p.now, p.zone)
	case !planned:
		from = p.now
	}
	next := h.With(PolicyVersion{EffectiveFrom: from.UTC(), Values: values, MadeBy: p.by, MadeAt: p.now})
	return next.First, next.Versions
}

// begun tells whether what was written last takes effect by then.
func (p planner) begun(h PolicyHistory, from time.Time) bool {
	n := len(h.Versions)
	return n == 0 || !h.Versions[n-1].EffectiveFrom.After(from)
}
