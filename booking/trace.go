package booking

import (
	"strconv"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

func itoa(n int) string { return strconv.Itoa(n) }

// checkInterval refuses what is no interval at all, before any rule is asked.
func checkInterval(i Interval) error {
	switch {
	case i.Start.IsZero():
		return fault.BadField("starts_at", "required", "")
	case i.End.IsZero():
		return fault.BadField("ends_at", "required", "")
	case i.Empty():
		return fault.BadField("ends_at", "after", "starts_at")
	case i.Start.Year() < 2000 || i.End.Year() > 2200:
		return fault.BadField("starts_at", "range", "2000…2200")
	case i.End.Sub(i.Start) > longest:
		return fault.BadField("ends_at", "max_hours", "24")
	}
	return nil
}

// entry is the audit line of a change to a booking: ids and values, no names.
func entry(actor account.Actor, action string, b *Booking, reason string) account.Entry {
	return account.Entry{
		Actor: actor.Name(), Action: action, Subject: b.ID, Center: b.CenterID, Reason: reason, About: b.AccountID, Request: actor.RequestID,
		Detail: map[string]any{"equipment": b.EquipmentID, "unit": b.Unit, "status": b.Status, "starts_at": b.Start.UnixMilli(), "ends_at": b.End.UnixMilli()},
	}
}

// event is something that happened to this version of the booking. The version
// in the key makes a repeated effect impossible and a later one possible.
func event(kind string, b *Booking, data map[string]string) account.Event {
	return account.Event{Kind: kind, Key: kind + "/" + b.ID + "/" + itoa(b.Version), Subject: b.ID, Data: data}
}

// madeEvents are what a new booking, or a newly awaited one, causes.
func madeEvents(b *Booking) []account.Event {
	if b.Status == Pending {
		return []account.Event{event("booking.requested", b, nil), event("approval.waiting", b, nil)}
	}
	return []account.Event{event("booking.confirmed", b, nil)}
}

// before remembers the old time for the message about a change.
func before(b *Booking) map[string]string {
	return map[string]string{
		"equipment": b.EquipmentID, "unit": itoa(b.Unit),
		"starts_at": b.Start.Format(time.RFC3339), "ends_at": b.End.Format(time.RFC3339),
	}
}
