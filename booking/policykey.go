package booking

import (
	"encoding/json"
	"strconv"
)

// The bounds of policy values; minutes unless the name says otherwise.
const (
	mostSlot     = 240
	mostLength   = 24 * 60 // one booking lasts at most a day: who looks for overlaps looks back that far
	mostBuffer   = 8 * 60
	mostLimit    = 100_000
	mostCapacity = 1_000
)

// readKey reads one policy value into the draft and tells whether it was right.
type readKey func(r *reader, d *policyDraft, path string, raw json.RawMessage) bool

// policyKeys is every key there is; nil marks rules that are not enforced yet.
var policyKeys = map[string]readKey{
	"slot_minutes": number(1, mostSlot, func(d *policyDraft) *int { return &d.SlotMinutes }),
	"start_step_minutes": number(1, mostSlot, func(d *policyDraft) *int {
		return &d.StartStepMinutes
	}),
	"min_minutes":          number(1, mostLength, func(d *policyDraft) *int { return &d.MinMinutes }),
	"max_minutes":          number(1, mostLength, func(d *policyDraft) *int { return &d.MaxMinutes }),
	"buffer_minutes":       number(0, mostBuffer, func(d *policyDraft) *int { return &d.BufferMinutes }),
	"capacity":             number(1, mostCapacity, func(d *policyDraft) *int { return &d.Capacity }),
	"window":               readWindow,
	"cancel_until":         readCancelUntil,
	"late_cancel":          readLateCancel,
	"limits":               readLimits,
	"requires_certificate": readCertificate,
	"approval":             readApproval,
	"check_in":             readCheckIn,
	"hold":                 readHold,

	"no_show":               readNoShow,
	"min_age":               readMinAge,
	"reminder_hours_before": readReminders,
	"lanes":                 readLanes,
	"allocation":            readAllocation,
	effectiveFrom:           readEffectiveFrom,

	"waitlist": nil,
}

func number(lo, hi int, field func(*policyDraft) *int) readKey {
	return func(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
		return r.number(path, raw, lo, hi, field(d))
	}
}

func readWindow(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	o, ok := r.object(path, raw, "opens", "closes")
	return ok && r.optional(o, path, "opens", func(path string, raw json.RawMessage) bool { return r.when(path, raw, 0, &d.Opens) }) &&
		r.optional(o, path, "closes", func(path string, raw json.RawMessage) bool { return r.when(path, raw, dayEnd, &d.Closes) })
}

func readCancelUntil(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	return r.when(path, raw, dayEnd, &d.CancelUntil)
}

func readLateCancel(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	return word(r, path, raw, &d.LateCancel, LateAllowed, LateRefused)
}

// readCertificate takes a key, a key with what happens when it is missing, or null for none.
func readCertificate(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	rule := CertificateRule{}
	switch kind(raw) {
	case 'n':
		d.Certificate = nil
		return true
	case '"':
		if !r.text(path, raw, &rule.Key) {
			return false
		}
	default:
		o, ok := r.object(path, raw, "key", "if_missing")
		missing := "refuse"
		if !ok || !r.required(o, path, "key", func(path string, raw json.RawMessage) bool { return r.text(path, raw, &rule.Key) }) ||
			!r.optional(o, path, "if_missing", func(path string, raw json.RawMessage) bool {
				return word(r, path, raw, &missing, "refuse", "ask_staff")
			}) {
			return false
		}
		rule.AskStaff = missing == "ask_staff"
	}
	d.Certificate = &rule
	return true
}

func readApproval(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	if kind(raw) == '"' {
		var none string
		if !word(r, path, raw, &none, "none") {
			return false
		}
		d.Approval = nil
		return true
	}
	a, by := Approval{AnswerWithinHours: 24}, ""
	o, ok := r.object(path, raw, "by", "answer_within_hours")
	if !ok || !r.required(o, path, "by", func(path string, raw json.RawMessage) bool { return word(r, path, raw, &by, "staff") }) ||
		!r.optional(o, path, "answer_within_hours", func(path string, raw json.RawMessage) bool {
			return r.number(path, raw, 1, 240, &a.AnswerWithinHours)
		}) {
		return false
	}
	d.Approval = &a
	return true
}

func readCheckIn(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	o, ok := r.object(path, raw, "opens_minutes_before", "grace_minutes", "auto")
	if !ok {
		return false
	}
	c := d.CheckIn
	good := r.optional(o, path, "opens_minutes_before", func(path string, raw json.RawMessage) bool {
		return r.number(path, raw, 0, mostLength, &c.OpensMinutesBefore)
	})
	good = r.optional(o, path, "grace_minutes", func(path string, raw json.RawMessage) bool {
		c.GraceMinutes, d.graceWritten = nil, true
		if kind(raw) == 'n' {
			return true
		}
		c.GraceMinutes = new(int)
		return r.number(path, raw, 0, mostLength, c.GraceMinutes)
	}) && good
	good = r.optional(o, path, "auto", func(path string, raw json.RawMessage) bool {
		return word(r, path, raw, &c.Auto, WhenDeskSeen, Always, Never)
	}) && good
	if good {
		d.CheckIn = c
	}
	return good
}

func readHold(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	o, ok := r.object(path, raw, "minutes", "extend_minutes", "extensions")
	part := func(key string, lo, hi int, to *int) bool {
		return r.optional(o, path, key, func(path string, raw json.RawMessage) bool { return r.number(path, raw, lo, hi, to) })
	}
	h := d.Hold
	good := ok && part("minutes", 1, 30, &h.Minutes)
	good = ok && part("extend_minutes", 1, 30, &h.ExtendMinutes) && good
	good = ok && part("extensions", 0, 30, &h.Extensions) && good
	if good {
		d.Hold = h
	}
	return good
}

func readLimits(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	var list []json.RawMessage
	if kind(raw) != '[' || json.Unmarshal(raw, &list) != nil {
		return r.refuse(path, "list", "")
	}
	limits, good := []Limit{}, true
	for i, raw := range list {
		l, ok := readLimit(r, path+"["+strconv.Itoa(i)+"]", raw)
		limits, good = append(limits, l), good && ok
	}
	if good {
		d.Limits = limits
	}
	return good
}

func readLimit(r *reader, path string, raw json.RawMessage) (Limit, bool) {
	l := Limit{By: "person"}
	o, ok := r.object(path, raw, "count", "max", "per", "by", "over", "allocation")
	if !ok {
		return l, false
	}
	good := r.required(o, path, "count", func(path string, raw json.RawMessage) bool {
		return word(r, path, raw, &l.Count, "minutes", "bookings", "upcoming", "concurrent", "consecutive_days")
	})
	good = r.required(o, path, "max", func(path string, raw json.RawMessage) bool { return r.number(path, raw, 1, mostLimit, &l.Max) }) && good
	good = r.required(o, path, "over", func(path string, raw json.RawMessage) bool {
		return word(r, path, raw, &l.Over, "equipment", "category", "center", "city")
	}) && good
	good = r.optional(o, path, "by", func(path string, raw json.RawMessage) bool {
		return word(r, path, raw, &l.By, "person", "firm")
	}) && good
	good = r.optional(o, path, "allocation", func(path string, raw json.RawMessage) bool {
		return word(r, path, raw, &l.Allocation, "lottery")
	}) && good
	return l, r.per(o, path, &l) && good
}

// per reads the span a limit counts over, which only minutes and bookings have.
func (r *reader) per(o map[string]json.RawMessage, path string, l *Limit) bool {
	read := func(path string, raw json.RawMessage) bool {
		return word(r, path, raw, &l.Per, "visit", "day", "week", "month")
	}
	if l.Count == "minutes" || l.Count == "bookings" {
		return r.required(o, path, "per", read)
	}
	if _, ok := o["per"]; ok && l.Count != "" {
		return r.refuse(path+".per", "not_allowed", l.Count)
	}
	return true
}
