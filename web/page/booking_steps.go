package page

import (
	"slices"
	"time"

	"gongbang/booking"
)

// steps is the way of a booking with the step it is at. One that ended early
// (cancelled, rejected, missed) shows its beginning and its end.
func (r *request) steps(v *booking.View) []Step {
	names, at := stepsOf(v)
	var out []Step
	for i, name := range names {
		state := "next"
		switch {
		case i < at:
			state = "done"
		case i == at:
			state = "now"
		}
		out = append(out, Step{Name: r.T("step." + name), State: state})
	}
	return out
}

func stepsOf(v *booking.View) (names []string, at int) {
	switch v.Status {
	case booking.Cancelled, booking.Rejected, booking.NoShow:
		begun := "confirmed"
		if v.Details.ConfirmedAt == nil {
			begun = "requested"
		}
		return []string{begun, string(v.Status)}, 1
	}
	if v.Details.Job != nil {
		return jobSteps(v)
	}
	names = []string{"confirmed", "entered", "in_use", "completed", "survey"}
	if asked(v) {
		names = append([]string{"requested", "center_check"}, names...)
	}
	now := map[booking.Status]string{booking.Pending: "center_check", booking.Offered: "center_check", booking.Confirmed: "confirmed",
		booking.CheckedIn: "in_use", booking.Completed: "completed"}[v.Status]
	if v.Status == booking.Confirmed && v.Details.ArrivedAt != nil {
		now = "entered"
	}
	return names, max(0, slices.Index(names, now))
}

// jobSteps are those of a staff-run machine.
func jobSteps(v *booking.View) ([]string, int) {
	names := []string{"requested", "accepted", "received", "working", "ready", "collected", "survey"}
	if v.Status == booking.Pending || v.Status == booking.Offered {
		return names, 0
	}
	now := map[booking.JobState]string{booking.JobWaiting: "accepted", booking.JobReceived: "received", booking.JobWorking: "working",
		booking.JobReady: "ready", booking.JobCollected: "collected"}[v.Details.Job.State]
	return names, max(1, slices.Index(names, now))
}

// asked tells whether staff look, or looked, before it was confirmed.
func asked(v *booking.View) bool {
	return v.Status == booking.Pending || len(v.Details.NeedsStaff) > 0
}

// happening is one line of a booking's history.
type happening struct {
	At   time.Time
	Text string
}

// history is what happened to a booking, oldest first, as far as the booking itself tells.
func (r *request) history(v *booking.View) []happening {
	var out []happening
	add := func(at *time.Time, key string) {
		if at != nil && !at.IsZero() {
			out = append(out, happening{*at, r.T(key)})
		}
	}
	d := v.Details
	if asked(v) {
		add(&v.CreatedAt, "history.requested")
	}
	add(d.ConfirmedAt, "history.confirmed")
	add(d.ArrivedAt, "history.arrived")
	add(v.CheckedInAt, "history.checked_in")
	if d.Job != nil {
		add(d.Job.ReadyAt, "history.ready")
	}
	switch v.Status {
	case booking.Cancelled:
		add(v.EndedAt, "history.cancelled."+endedBy(d.Cause))
	case booking.Rejected:
		add(v.EndedAt, "history.rejected."+endedBy(d.Cause))
	case booking.NoShow:
		add(v.EndedAt, "history.no_show")
	case booking.Completed:
		add(v.EndedAt, "history.completed")
	}
	slices.SortStableFunc(out, func(a, b happening) int { return a.At.Compare(b.At) })
	return out
}

// endedBy sorts who ended a booking into what a person is told.
func endedBy(cause string) string {
	if cause == "person" || cause == "unanswered" {
		return cause
	}
	return "center"
}
