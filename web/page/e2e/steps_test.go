package e2e

import (
	"net/url"
	"time"
)

// steps are the pages that a flow leads to: what is asked on the way, what is
// answered, and what is refused.
func steps() []row {
	return []row{
		{name: "machine-month", of: "machine", public: true, at: where(nobody, func(s *stage) string {
			return "/machines/" + s.machine + "?month=" + s.now().Format("2006-01")
		})},
		{name: "machine-why", of: "machine", at: where(aCitizen, func(s *stage) string {
			return "/machines/" + s.machine + "?why_time=04:00&why_len=60&why_date=" + s.clock(1, 0, 0).Format("2006-01-02")
		})},
		{name: "lost", at: ofLost, then: pressTaken, status: 409},
		{name: "move-ask", at: ofBooking(false, ""), then: func(b *tab) { b.follow("main a.btn", "").toFree().follow(freeSlot, "") }},
		{name: "booking-cancelled", of: "booking", at: ofCancelled},
		{name: "me-refused", of: "me", at: where(aCitizen, is("/me")), then: func(b *tab) { b.follow("main form[action$='/me/password'] button[type=submit]", "") }},

		{name: "desk-choose", staff: true, shared: true, at: where(anAdmin, is("/desk"))},
		{name: "desk-find", of: "desk-find-none", staff: true, shared: true, at: where(atDesk, desk("/find?q="+url.QueryEscape("ㅅ")))},
		{name: "desk-said", staff: true, at: ofCard("/said")},
		{name: "desk-card-pending", of: "desk-card", staff: true, at: ofOperated(false)},
		{name: "desk-card-job", of: "desk-card", staff: true, at: ofOperated(true)},
		{name: "desk-walk-in-phone", of: "desk-walk-in", staff: true, at: where(atDesk, desk("/walk-in")), then: func(b *tab) { b.follow("main a.card", "") }},
		{name: "desk-walk-in-name", of: "desk-walk-in", staff: true, at: where(atDesk, desk("/walk-in")), then: func(b *tab) {
			b.follow("main a.card", "").fill("#f-phone", "01090009000").follow("main .btn.primary", "")
		}},
		{name: "desk-phone-machine", of: "desk-phone", staff: true, at: where(atDesk, desk("/phone")), then: func(b *tab) {
			b.fill("#f-phone", "01090009000").follow("main .btn.primary", "")
		}},
		{name: "desk-outage-check", of: "desk-outage", staff: true, at: where(atDesk, desk("/outage")), then: func(b *tab) { b.follow("main .btn.primary", "") }},
		{name: "desk-day-after", of: "desk-board", staff: true, shared: true, at: where(atDesk, func(s *stage) string {
			return "/desk/" + s.center + "?view=timeline&date=" + s.clock(1, 0, 0).Format("2006-01-02")
		})},
	}
}

// ofCancelled is a booking that its person has just cancelled.
func ofCancelled(s *stage) (person, string, error) {
	who, path, err := ofBooking(false, "")(s)
	if err == nil {
		_, err = who.api("POST", path+"/cancel", object{})
	}
	return who, path, err
}

// ofOperated is the desk's page of a request for a machine that staff run:
// unanswered, or approved and with the material received.
func ofOperated(received bool) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		_, path, err := ofBooking(true, "")(s)
		if err == nil && received {
			_, err = s.staff.api("POST", path+"/approve", object{})
		}
		if err == nil && received {
			_, err = s.staff.api("POST", path+"/job", object{"state": "received"})
		}
		return s.staff, "/desk/" + s.center + path, err
	}
}

// ofLost is the machine's page of a day on which the time in the fragment has
// gone to somebody else.
func ofLost(s *stage) (person, string, error) {
	first, err := s.site.citizen()
	if err != nil {
		return first, "", err
	}
	m := s.pick(false)
	b, err := s.firstFree(m, func(start time.Time) (object, error) { return first.book(m, start, 60) })
	if err != nil {
		return first, "", err
	}
	who, err := s.site.citizen()
	return who, "/machines/" + m + "#" + text(b, "starts_at"), err
}

// toFree goes on to the next day with a free start when the day that is shown has none.
func (b *tab) toFree() *tab {
	b.t.Helper()
	if b.count(freeSlot) == 0 {
		b.follow("#times .notice a.more", "")
	}
	return b
}

// pressTaken presses a start that was still free when the page was made.
func pressTaken(b *tab) {
	start := eval[string](b, `() => decodeURIComponent(location.hash.slice(1)).slice(0, 16)`)
	b.toFree()
	b.leaving(func() {
		eval[bool](b, `start => { const e = [...document.querySelectorAll('button.slot')].find(x => x.checkVisibility()); e.value = start; e.click(); return true; }`, start)
	})
}
