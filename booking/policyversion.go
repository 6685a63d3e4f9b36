package booking

import (
	"encoding/json"
	"slices"
	"time"
)

// PolicyVersion is what one layer (the catalog, a center, a machine) says from
// an instant on. Versions are only ever added: what is written last stands
// from its EffectiveFrom on and takes the place of every change that was
// planned for then or later.
type PolicyVersion struct {
	No            int       // 1, 2, … within the layer
	EffectiveFrom time.Time // UTC, whole milliseconds
	Values        PolicyValues
	MadeBy        string // Actor.Name()
	MadeAt        time.Time
}

// PolicyHistory is one layer through time: the values it began with, and the versions since, by No.
type PolicyHistory struct {
	First    PolicyValues
	Versions []PolicyVersion
}

// At is what the layer says at an instant; the zero time is before every version.
func (h PolicyHistory) At(t time.Time) PolicyValues {
	if i := h.inForce(t); i >= 0 {
		return h.Versions[i].Values
	}
	return h.First
}

// inForce is the place of the version in force at t, -1 for the first values:
// of those that have begun the one that was written last.
func (h PolicyHistory) inForce(t time.Time) int {
	for i := len(h.Versions) - 1; i >= 0; i-- {
		if !h.Versions[i].EffectiveFrom.After(t) {
			return i
		}
	}
	return -1
}

// Coming lists the versions that are not in force at t and will be, first one first.
func (h PolicyHistory) Coming(t time.Time) []PolicyVersion {
	var out []PolicyVersion
	for _, v := range h.Versions[h.inForce(t)+1:] {
		out = slices.DeleteFunc(out, func(o PolicyVersion) bool { return !o.EffectiveFrom.Before(v.EffectiveFrom) })
		out = append(out, v)
	}
	return out
}

// Last is what was written last, whenever it takes effect.
func (h PolicyHistory) Last() PolicyValues {
	if n := len(h.Versions); n > 0 {
		return h.Versions[n-1].Values
	}
	return h.First
}

// With is the history with one more version, numbered behind the others.
func (h PolicyHistory) With(v PolicyVersion) PolicyHistory {
	v.No = len(h.Versions) + 1
	h.Versions = append(slices.Clone(h.Versions), v)
	return h
}

// same tells whether two layers say the same, key by key as they are written.
func (v PolicyValues) same(o PolicyValues) bool {
	a, _ := json.Marshal(v) // of what was read as JSON
	b, _ := json.Marshal(o)
	return len(v) == len(o) && (len(v) == 0 || string(a) == string(b))
}

// histories lists every layer of the file.
func (f *CatalogFile) histories() []PolicyHistory {
	out := []PolicyHistory{{f.Policy, f.Versions}}
	for _, c := range f.Centers {
		out = append(out, PolicyHistory{c.Policy, c.Versions})
		for _, e := range c.Equipment {
			out = append(out, PolicyHistory{e.Policy, e.Versions})
		}
	}
	return out
}

// turns lists the instants after t at which some rule changes, first one first.
func turns(layers []PolicyHistory, t time.Time) []time.Time {
	var out []time.Time
	for _, h := range layers {
		for _, v := range h.Coming(t) {
			out = append(out, v.EffectiveFrom)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// validity is the span around t in which no rule changes; a zero end is for ever.
func (f *CatalogFile) validity(t time.Time) (since, until time.Time) {
	layers := f.histories()
	for _, h := range layers {
		for _, v := range h.Versions {
			if !v.EffectiveFrom.After(t) && v.EffectiveFrom.After(since) {
				since = v.EffectiveFrom
			}
		}
	}
	if next := turns(layers, t); len(next) > 0 {
		until = next[0]
	}
	return since, until
}

// Sound builds the file for now and for every instant at which a rule changes:
// a change that can't be read when its time comes is refused when it is made.
func (f *CatalogFile) Sound(now time.Time) (*Catalog, []ImportProblem) {
	c, problems := f.BuildAt(now)
	for _, t := range turns(f.histories(), now) {
		if len(problems) > 0 {
			break
		}
		_, problems = f.BuildAt(t)
	}
	return c, problems
}

// Holds tells whether the snapshot is what is in force at t.
func (c *Catalog) Holds(t time.Time) bool {
	return !t.Before(c.Since) && (c.Until.IsZero() || t.Before(c.Until))
}

// is tells whether two snapshots say the same: of one revision and one span of its rules.
func (c *Catalog) is(o *Catalog) bool { return c.Revision == o.Revision && c.Since.Equal(o.Since) }

// ComingRules is what the rules of a machine will be from an instant on.
type ComingRules struct {
	From   time.Time
	Policy Policy
	Ko, En []string // all its sentences then
}

// Coming lists how the rules of a machine will change after the snapshot's
// span. A booking is judged by the rules that are in force when it is made,
// whatever day it is for, and keeps its terms: what is announced here touches
// nothing yet.
func (c *Catalog) Coming(e *Equipment, now time.Time) []ComingRules {
	var out []ComingRules
	layers := make([]PolicyHistory, len(e.layers))
	for i, l := range e.layers {
		layers[i] = l.PolicyHistory
	}
	said := policyKey(e.Policy)
	for _, t := range turns(layers, now) {
		next := *e
		next.Policy = e.policyAt(t)
		if key := policyKey(next.Policy); key != said {
			said = key
			ko, en := c.PolicyText(&next)
			out = append(out, ComingRules{From: t, Policy: next.Policy, Ko: ko, En: en})
		}
	}
	return out
}

func policyKey(p Policy) string {
	doc, _ := json.Marshal(p)
	return string(doc)
}

// layer is one step of a machine's inheritance with its history.
type layer struct {
	path string
	PolicyHistory
}

// policyAt is what the machine's layers come to at an instant.
func (e *Equipment) policyAt(t time.Time) Policy {
	d := systemPolicy()
	for _, l := range e.layers {
		d, _ = d.with(PolicyLayer{l.path, l.At(t)})
	}
	return d.policy(e.Mode)
}
