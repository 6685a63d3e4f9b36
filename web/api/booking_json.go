package api

import (
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
	"gongbang/internal/lang"
)

// bookingJSON is a booking as clients see it. The engine has masked it where
// the caller may not see the person.
func bookingJSON(v *booking.View) gin.H {
	d, z := &v.Details, v.Zone
	h := gin.H{
		"id": v.ID, "code": hyphened(v.Code), "status": v.Status, "version": v.Version,
		"equipment": named(v.EquipmentID, v.Equipment.Name),
		"center":    named(v.CenterID, v.Center.Name),
		"unit":      v.Unit,
		"starts_at": stamp(v.Start, z), "ends_at": stamp(v.End, z),
		"purpose": d.Purpose, "people": max(1, d.People), "origin": v.Origin,
		"account":      gin.H{"id": v.AccountID, "name": v.Person.Name, "phone": phone(v.Person.Phone)},
		"created_at":   stamp(v.CreatedAt, z),
		"cancel_until": stamp(d.Terms.CancelUntil, z),
		"cancel_cost":  v.CancelCost,
		"check_in":     gin.H{"from": stamp(d.Terms.CheckInFrom, z), "until": stampPtr(d.Terms.CheckInUntil, z)},
		"can":          each(v.Can, func(verb booking.Verb) string { return string(verb) }),
		"links": gin.H{
			"self":     Base + "/bookings/" + v.ID,
			"calendar": Base + "/bookings/" + v.ID + "/calendar.ics",
		},
	}
	put(h, "checked_in_at", stampPtr(v.CheckedInAt, z))
	put(h, "ended_at", stampPtr(v.EndedAt, z))
	put(h, "answer_by", stampPtr(v.AnswerBy, z))
	put(h, "arrived_at", stampPtr(d.ArrivedAt, z))
	put(h, "cause", d.Cause)
	put(h, "reason", d.Reason)
	put(h, "attendance", d.Attendance)
	if d.LateMinutes > 0 {
		h["late_minutes"] = d.LateMinutes
	}
	if d.Late {
		h["late"] = true
	}
	if len(d.NeedsStaff) > 0 {
		h["needs_staff"] = d.NeedsStaff
	}
	if d.Job != nil {
		h["job"] = jobJSON(d.Job, d.JobOf, z)
	}
	if d.Attendee != nil {
		h["attendee"] = attendeeJSON(d.Attendee)
	}
	return h
}

// hyphened writes the code as people read it: 7K3F-9QWD.
func hyphened(code string) string {
	if len(code) != 8 {
		return code
	}
	return code[:4] + "-" + code[4:]
}

func named(id string, name lang.Text) gin.H {
	if name.Ko == "" {
		name.Ko = id
	}
	return gin.H{"id": id, "name": name}
}

// phone is as people write it; null where there is none.
func phone(s string) any {
	if s == "" {
		return nil
	}
	return lang.LocalPhone(s)
}

func attendeeJSON(at *booking.Attendee) gin.H {
	h := gin.H{"name": at.Name}
	put(h, "phone", phone(at.Phone))
	put(h, "relation", at.Relation)
	if at.BirthYear > 0 {
		h["birth_year"] = at.BirthYear
	}
	return h
}

func jobJSON(j *booking.Job, of string, z *time.Location) gin.H {
	h := gin.H{"what": j.What, "state": j.State, "note": j.Note}
	if j.Quantity > 0 {
		h["quantity"] = j.Quantity
	}
	put(h, "due_date", string(j.DueDate))
	put(h, "staff_note", j.StaffNote)
	put(h, "promised_at", stampPtr(j.PromisedAt, z))
	put(h, "ready_at", stampPtr(j.ReadyAt, z))
	put(h, "continues", of)
	return h
}
