package e2e

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/store"
	"gongbang/store/memory"
)

// office are the pages about people: what somebody says of themselves, and
// what staff and admins see and note of others.
func office() []row {
	return []row{
		{name: "leave", at: where(aCitizen, is("/me/leave"))},
		{name: "leave-bookings", of: "leave", at: leaving},
		{name: "leave-wrong", of: "leave", at: where(aCitizen, is("/me/leave")), then: func(b *tab) { b.follow("main form[action$='/me/leave'] button[type=submit]", "") }},
		{name: "firm-waiting", of: "me", at: inFirm(false, "/me")},
		{name: "firm-members", of: "me", at: inFirm(true, "/me")},
		{name: "firm-bookings", of: "mine", at: inFirm(true, "/bookings?tab=firm")},
		{name: "hand-over", at: handing(true)},
		{name: "hand-over-nobody", of: "hand-over", at: handing(false)},
		{name: "feed", at: where(aCitizen, is("/me")), then: func(b *tab) { b.follow("main form[action$='/me/feed'] button[type=submit]", "") }},
		{name: "strike-mine", of: "me", at: struck(false, func(person, string) string { return "/me" })},
		{name: "strike-ask", of: "me", at: struck(false, func(_ person, strike string) string { return "/me?review=" + strike })},
		{name: "strike-review", of: "me", at: struck(true, func(person, string) string { return "/me" })},
		{name: "strike-desk", of: "desk-strikes", staff: true, at: judging("")},
		{name: "strike-wrong", of: "desk-strikes", staff: true, at: judging(""), then: func(b *tab) { b.follow("main button[value=waive]", "") }},
		{name: "review-list", of: "desk-reviews", staff: true, shared: true, at: judging("/reviews")},
		{name: "people", staff: true, at: where(anAdmin, is("/manage/people"))},
		{name: "people-found", of: "people", staff: true, at: where(anAdmin, is("/manage/people")), then: func(b *tab) { b.fill("#f-q", "시").follow("main .btn.primary", "") }},
		{name: "people-none", of: "people", staff: true, at: where(anAdmin, is("/manage/people")), then: func(b *tab) { b.fill("#f-q", "없는사람").follow("main .btn.primary", "") }},
		{name: "person", staff: true, at: trained("")},
		{name: "person-staff", of: "person", staff: true, at: where(anAdmin, func(s *stage) string { return "/manage/people/" + s.staff.id })},
		{name: "person-revoke", of: "person", staff: true, at: trained("?revoke=")},
		{name: "person-wrong", of: "person", staff: true, at: trained("?revoke="), then: func(b *tab) { b.follow("main .btn.danger", "") }},
		{name: "certificates", staff: true, at: where(aManager, is("/manage/certificates"))},
		{name: "certificates-wrong", of: "certificates", staff: true, at: where(aManager, is("/manage/certificates")), then: pasted("phone,key,expires\n010-9999-9999,laser,2000-01-01\n")},
		{name: "certificates-ready", of: "certificates", staff: true, at: where(anAdmin, is("/manage/certificates")), then: pasted("email,key\ncitizen@demo.test,laser\n")},
		{name: "firm-desk", of: "desk-card", staff: true, at: claiming},
		{name: "audit", staff: true, at: where(aManager, is("/manage/audit"))},
		{name: "audit-all", of: "audit", staff: true, at: where(anAdmin, is("/manage/audit"))},
		{name: "audit-one", of: "audit", staff: true, at: where(anAdmin, func(s *stage) string { return "/manage/audit?subject=" + s.citizen.id })},
		{name: "audit-none", of: "audit", staff: true, at: where(aManager, is("/manage/audit?to=2001-01-01"))},
	}
}

func leaving(s *stage) (person, string, error) {
	who, _, err := ofBooking(false, "")(s)
	return who, "/me/leave", err
}

// firm is two people of one firm, the second with a booking: of the first the
// claim waits, or staff confirmed both.
func (s *stage) firm(confirmed bool) (one, two person, booked string, err error) {
	var m object
	for _, p := range []*person{&one, &two} {
		if *p, err = s.site.citizen(); err != nil {
			return one, two, "", err
		}
		if m, err = p.api("PUT", "/me/firm", object{"name": "시험 공방", "business_number": "123-45-67891"}); err != nil {
			return one, two, "", err
		}
		if confirmed {
			if _, err = s.staff.api("POST", "/firms/"+text(m, "id")+"/members/"+p.id+"/confirm", nil); err != nil {
				return one, two, "", err
			}
		}
	}
	booked, err = s.booked(two, s.pick(false))
	return one, two, booked, err
}

func inFirm(confirmed bool, path string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		one, _, _, err := s.firm(confirmed)
		return one, path, err
	}
}

// handing is the page on which somebody gives a booking to a colleague.
func handing(confirmed bool) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		_, two, id, err := s.firm(confirmed)
		return two, "/bookings/" + id + "/hand-over", err
	}
}

// absent is somebody who got a point because nobody came, and the strike.
func (s *stage) absent() (person, string, error) {
	who, err := s.site.citizen()
	if err != nil {
		return who, "", err
	}
	id, err := s.booked(who, s.pick(false))
	if err != nil {
		return who, "", err
	}
	return who, id + "-" + string(booking.StruckNoShow), s.noShow(who, id)
}

// noShow is noted after the time that was booked, which this run does not wait for.
func (s *stage) noShow(who person, id string) error {
	b, err := who.api("GET", "/bookings/"+id, nil)
	if err != nil {
		return err
	}
	start, err := time.Parse(time.RFC3339, text(b, "starts_at"))
	if err != nil {
		return err
	}
	clock := func() time.Time { return start.Add(40 * time.Minute) }
	ctx, key := context.Background(), []byte(strings.Repeat("k", 32))
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(s.data, "gongbang.db"), Clock: clock})
	if err != nil {
		return err
	}
	defer db.Close()
	people, err := account.New(account.Deps{Store: store.NewAccounts(db), Clock: clock, NewID: uuid.NewString, Random: rand.Reader, Key: key, Gateway: func() bool { return false }})
	if err != nil {
		return err
	}
	locks, err := memory.NewLocker(memory.Deps{Clock: clock})
	if err != nil {
		return err
	}
	notices := memory.NewNotices()
	defer notices.Close()
	engine, err := booking.New(booking.Deps{Store: store.NewBookings(db), Locks: locks, Watch: notices, Guests: people, Clock: clock,
		NewID: uuid.NewString, NewCode: uuid.NewString, Key: key, MustVerify: people.MustVerify})
	if err != nil {
		return err
	}
	atDesk := account.Actor{ID: s.staff.id, Grants: []account.Grant{{Role: account.Staff, Center: s.center}}}
	_, err = engine.MarkNoShow(ctx, atDesk, id, booking.AttendRequest{})
	return err
}

// struck is a page of somebody with a point, who asked for a review or did not.
func struck(asked bool, path func(who person, strike string) string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		who, strike, err := s.absent()
		if err == nil && asked {
			_, err = who.api("POST", "/me/strikes/"+strike+"/review", object{"text": "문이 잠겨 있어서 돌아갔습니다."})
		}
		return who, path(who, strike), err
	}
}

// judging is the desk's page of a point that somebody asked to look at again; "" is the person's.
func judging(path string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		_, to, err := struck(true, func(who person, strike string) string { return "/strikes/" + who.id + "?strike=" + strike })(s)
		if path != "" {
			to = path
		}
		return s.staff, "/desk/" + s.center + to, err
	}
}

// trained is the admin's page of somebody with a certificate and a point.
func trained(query string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		who, _, err := s.absent()
		if err != nil {
			return who, "", err
		}
		made, err := s.staff.api("POST", "/accounts/"+who.id+"/certificates", object{"key": "laser", "basis": "course"})
		path := "/manage/people/" + who.id + query
		if query != "" {
			path += text(made, "id")
		}
		return s.admin, path, err
	}
}

// pasted presses for the trial of a file.
func pasted(csv string) func(*tab) {
	return func(b *tab) { b.fill("#f-csv", csv).follow("main .btn.primary", "") }
}

// claiming is the desk's card of somebody whose claim to a firm waits.
func claiming(s *stage) (person, string, error) {
	_, _, id, err := s.firm(false)
	return s.staff, "/desk/" + s.center + "/bookings/" + id, err
}
