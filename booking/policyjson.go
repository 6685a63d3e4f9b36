package booking

import "encoding/json"

// policyDoc is an effective policy with the keys it is written with.
type policyDoc struct {
	SlotMinutes      int             `json:"slot_minutes"`
	StartStepMinutes int             `json:"start_step_minutes"`
	MinMinutes       int             `json:"min_minutes"`
	MaxMinutes       int             `json:"max_minutes"`
	BufferMinutes    int             `json:"buffer_minutes"`
	Window           windowDoc       `json:"window"`
	CancelUntil      When            `json:"cancel_until"`
	LateCancel       LateCancel      `json:"late_cancel"`
	Limits           []limitDoc      `json:"limits"`
	Certificate      *certificateDoc `json:"requires_certificate"`
	Approval         any             `json:"approval"`
	CheckIn          checkInDoc      `json:"check_in"`
	Hold             holdDoc         `json:"hold"`
	Capacity         int             `json:"capacity"`
	NoShow           *noShowDoc      `json:"no_show"`
	MinAge           *int            `json:"min_age"`
	Reminders        []int           `json:"reminder_hours_before"`
	Lanes            []Lane          `json:"lanes"`
	Allocation       any             `json:"allocation"`
}

type windowDoc struct {
	Opens  When `json:"opens"`
	Closes When `json:"closes"`
}

type limitDoc struct {
	Count string `json:"count"`
	Max   int    `json:"max"`
	Per   string `json:"per,omitempty"`
	By    string `json:"by"`
	Over  string `json:"over"`

	Allocation string `json:"allocation,omitempty"`
}

type certificateDoc struct {
	Key       string `json:"key"`
	IfMissing string `json:"if_missing"`
}

type approvalDoc struct {
	By                string `json:"by"`
	AnswerWithinHours int    `json:"answer_within_hours"`
}

type checkInDoc struct {
	OpensMinutesBefore int        `json:"opens_minutes_before"`
	GraceMinutes       *int       `json:"grace_minutes"`
	Auto               AutoNoShow `json:"auto"`
}

type holdDoc struct {
	Minutes       int `json:"minutes"`
	ExtendMinutes int `json:"extend_minutes"`
	Extensions    int `json:"extensions"`
}

// MarshalJSON writes the policy with the keys it is written with in a catalog;
// read back as a layer it is the same policy.
func (p Policy) MarshalJSON() ([]byte, error) {
	doc := policyDoc{
		SlotMinutes: p.SlotMinutes, StartStepMinutes: p.StartStepMinutes,
		MinMinutes: p.MinMinutes, MaxMinutes: p.MaxMinutes, BufferMinutes: p.BufferMinutes,
		Window: windowDoc{p.Opens, p.Closes}, CancelUntil: p.CancelUntil, LateCancel: p.LateCancel,
		Limits: []limitDoc{}, Approval: "none", CheckIn: checkInDoc(p.CheckIn), Hold: holdDoc(p.Hold), Capacity: p.Capacity,
		Lanes: append([]Lane{}, p.Lanes...), Allocation: p.allocationDoc(),
	}
	for _, l := range p.Limits {
		doc.Limits = append(doc.Limits, limitDoc(l))
	}
	if p.Certificate != nil {
		doc.Certificate = &certificateDoc{p.Certificate.Key, "refuse"}
		if p.Certificate.AskStaff {
			doc.Certificate.IfMissing = "ask_staff"
		}
	}
	if p.Approval != nil {
		doc.Approval = approvalDoc{"staff", p.Approval.AnswerWithinHours}
	}
	if p.MinAge > 0 {
		doc.MinAge = &p.MinAge
	}
	doc.NoShow, doc.Reminders = p.NoShow.doc(), append([]int{}, p.Reminders...)
	return json.Marshal(doc)
}

// MarshalJSON writes {"days_before": 14, "at": "10:00"}; "at" only beside days and months.
func (w When) MarshalJSON() ([]byte, error) {
	doc := map[string]any{string(w.Unit) + "_before": w.N}
	if w.Unit == Months || w.Unit == Days {
		doc["at"] = writeClock(w.At)
	}
	return json.Marshal(doc)
}
