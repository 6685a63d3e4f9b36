package booking

import (
	"encoding/json"
	"slices"
	"strconv"
)

// readMinAge reads the least age in years; null is none.
func readMinAge(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	if kind(raw) == 'n' {
		d.MinAge = 0
		return true
	}
	return r.number(path, raw, 1, mostAge, &d.MinAge)
}

// readReminders reads at how many hours before the start a reminder is sent; null is none.
func readReminders(r *reader, d *policyDraft, path string, raw json.RawMessage) bool {
	var list []json.RawMessage
	hours := []int{}
	if kind(raw) != 'n' && (kind(raw) != '[' || json.Unmarshal(raw, &list) != nil) {
		return r.refuse(path, "list", "")
	}
	if len(list) > mostReminders {
		return r.refuse(path, "max_items", strconv.Itoa(mostReminders))
	}
	for i, raw := range list {
		var n int
		at := path + "[" + strconv.Itoa(i) + "]"
		if !r.number(at, raw, 1, mostHours, &n) {
			return false
		}
		if slices.Contains(hours, n) {
			return r.refuse(at, "duplicate", strconv.Itoa(n))
		}
		hours = append(hours, n)
	}
	d.Reminders = hours
	return true
}
