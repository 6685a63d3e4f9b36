package booking

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

// PolicyValues are policy values as somebody wrote them, by key; what is left
// out is inherited.
type PolicyValues map[string]json.RawMessage

// PolicyLayer is one step of the inheritance: where the values stand, for
// messages, and the values.
type PolicyLayer struct {
	Path   string
	Values PolicyValues
}

// EffectivePolicy is what the layers come to for a machine of that mode, from
// the system's values through the layers in order. A value that is refused
// leaves the inherited one in place and is told with its path.
func EffectivePolicy(mode Mode, layers ...PolicyLayer) (Policy, []ImportProblem) {
	var problems []ImportProblem
	d := systemPolicy()
	for _, l := range layers {
		next, wrong := d.with(l)
		d, problems = next, append(problems, wrong...)
	}
	return d.policy(mode), problems
}

// policyDraft is a policy on its way through the layers. What nobody wrote
// follows the slot or the mode, so it has to be known what was written.
type policyDraft struct {
	Policy
	stepWritten, minWritten, graceWritten bool
}

func systemPolicy() policyDraft {
	grace := 15
	return policyDraft{Policy: Policy{
		SlotMinutes: 60, StartStepMinutes: 60, MinMinutes: 60, MaxMinutes: 240,
		Opens:       When{Days, 14, 0},
		Closes:      When{Minutes, 0, 0},
		CancelUntil: When{Minutes, 120, 0},
		LateCancel:  LateAllowed,
		CheckIn:     CheckIn{OpensMinutesBefore: 30, GraceMinutes: &grace, Auto: WhenDeskSeen},
		Hold:        HoldRule{Minutes: 5, ExtendMinutes: 3, Extensions: 10},
		Capacity:    1,
		Reminders:   []int{24},
		NoShow:      &NoShowRule{NoShow: 1, Steps: []Step{{3, Stretch{30, Days}}}, Expire: Stretch{90, Days}, By: "person", Over: "center"},
	}}
}

// policy is the draft for a machine: nobody is judged absent from a machine
// that staff run, unless a layer says so.
func (d policyDraft) policy(mode Mode) Policy {
	p := d.Policy
	if mode == Operator && !d.graceWritten {
		p.CheckIn.GraceMinutes = nil
	}
	return p
}

// with is the draft after one more layer.
func (d policyDraft) with(l PolicyLayer) (policyDraft, []ImportProblem) {
	r := &reader{}
	wrote := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(l.Values)) {
		path, raw := l.Path+"."+key, l.Values[key]
		read, known := policyKeys[key]
		switch {
		case !known:
			r.refuse(path, "unknown_key", "")
		case read == nil:
			if !switchedOff(key, raw) {
				r.refuse(path, "not_supported_yet", "")
			}
		default:
			wrote[key] = read(r, &d, path, raw)
		}
	}
	d.lengths(r, l.Path, wrote)
	if (wrote["window"]) && d.windowEmpty() {
		r.refuse(l.Path+".window", "window_empty", "")
	}
	return d, r.problems
}

// lengths fits the lengths to the slot: what this layer wrote must be right,
// what it inherits is rounded down to the slot, to one slot at least.
func (d *policyDraft) lengths(r *reader, path string, wrote map[string]bool) {
	slot := d.SlotMinutes
	d.stepWritten, d.minWritten = d.stepWritten || wrote["start_step_minutes"], d.minWritten || wrote["min_minutes"]
	fit := func(key string, n int, written bool) int {
		if wrote[key] && n%slot != 0 {
			r.refuse(path+"."+key, "multiple_of_slot", strconv.Itoa(slot))
		}
		if !written {
			n = slot
		}
		return max(slot, n/slot*slot)
	}
	d.MinMinutes = fit("min_minutes", d.MinMinutes, d.minWritten)
	d.MaxMinutes = fit("max_minutes", d.MaxMinutes, true)
	if d.MinMinutes > d.MaxMinutes {
		if wrote["max_minutes"] {
			r.refuse(path+".max_minutes", "below_min", strconv.Itoa(d.MinMinutes))
		} else {
			r.refuse(path+".min_minutes", "above_max", strconv.Itoa(d.MaxMinutes))
		}
		d.MaxMinutes = d.MinMinutes
	}
	if wrote["start_step_minutes"] && slot%d.StartStepMinutes != 0 {
		r.refuse(path+".start_step_minutes", "divides_slot", strconv.Itoa(slot))
	}
	if !d.stepWritten {
		d.StartStepMinutes = slot
	}
	for d.StartStepMinutes = min(d.StartStepMinutes, slot); slot%d.StartStepMinutes != 0; {
		d.StartStepMinutes--
	}
}

// windowEmpty tells whether no time could ever be booked: the window closes
// before it opens, for starts at either end of a day.
func (d policyDraft) windowEmpty() bool {
	day := Date("2026-06-15")
	for _, minute := range []int{0, 24*60 - 1} {
		start := day.At(minute, time.UTC)
		if d.Opens.Before(start, time.UTC).Before(d.Closes.Before(start, time.UTC)) {
			return false
		}
	}
	return true
}

// switchedOff tells whether a value of a rule that is not enforced yet says
// that the rule is off, which is what is in force.
func switchedOff(key string, raw json.RawMessage) bool {
	text := string(raw)
	return text == "null" || key == "waitlist" && text == `"off"`
}
