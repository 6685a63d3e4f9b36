package page

import "gongbang/account"

// bookingRoutes are the rows of the booking pages. Paths and fields that other
// pages link to or press:
//
//	GET  /machines/:id?date=2026-11-23&len=120   len in minutes; both may be left out
//	POST /holds   equipment_id, and start (2026-11-23T14:00 in the catalog's zone) with
//	              minutes, or starts_at with ends_at (RFC 3339)
//	GET  /bookings, /bookings/:id                my bookings, one of them
func (p *pages) bookingRoutes() []route {
	return []route{
		{get, "/machines/:id", account.Public, nowhere, "machine", p.machine},
		{post, "/holds", account.SignedIn, nowhere, "hold", p.hold},
		{post, "/holds/extend", account.SignedIn, nowhere, "hold.extend", p.extendHold},
		{post, "/holds/length", account.SignedIn, nowhere, "hold.length", p.changeLength},
		{post, "/holds/release", account.SignedIn, nowhere, "hold.release", p.releaseHold},
		{get, "/confirm", account.SignedIn, nowhere, "confirm", p.confirm},
		{post, "/bookings", account.SignedIn, nowhere, "book", p.book},
		{get, "/bookings", account.SignedIn, nowhere, "mine", p.mine},
		{get, "/bookings/:id", account.SignedIn, nowhere, "booking", p.mineDetail},
		{get, "/bookings/:id/done", account.SignedIn, nowhere, "done", p.done},
		{get, "/bookings/:id/qr", account.SignedIn, nowhere, "qr", p.showQR},
		{get, "/bookings/:id/slip", account.SignedIn, nowhere, "slip", p.slip},
		{get, "/bookings/:id/calendar.ics", account.SignedIn, nowhere, "calendar", p.calendar},
		{get, "/bookings/:id/cancel", account.SignedIn, nowhere, "cancel", p.askCancel},
		{post, "/bookings/:id/cancel", account.SignedIn, nowhere, "cancel", p.cancel},
		{post, "/bookings/:id/restore", account.SignedIn, nowhere, "restore", p.restore},
		{post, "/bookings/:id/late", account.SignedIn, nowhere, "late", p.late},
		{get, "/bookings/:id/move", account.SignedIn, nowhere, "move", p.askMove},
		{post, "/bookings/:id/move", account.SignedIn, nowhere, "move", p.move},
		{get, "/b/:id/:code", account.SignedIn, nowhere, "code", p.byCode},
	}
}
