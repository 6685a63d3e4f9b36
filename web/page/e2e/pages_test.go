package e2e

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"testing"
)

// row is one page of the table: who opens which address, and what they press
// there before it is looked at.
type row struct {
	name   string
	of     string // the row that is the same page with other things on it
	staff  bool   // of desk and managers: wide screens first, 24 hours, 15 px
	public bool   // shown to everybody, so nobody may be named
	// shared screens are seen by everybody who stands at the counter.
	shared bool
	status int // of the answer; 0: 200
	at     func(s *stage) (person, string, error)
	then   func(b *tab)
}

// where is a row's address that needs no preparation.
func where(who func(s *stage) person, path func(s *stage) string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) { return who(s), path(s), nil }
}

func nobody(*stage) person               { return person{} }
func aCitizen(s *stage) person           { return s.citizen }
func atDesk(s *stage) person             { return s.staff }
func aManager(s *stage) person           { return s.manager }
func anAdmin(s *stage) person            { return s.admin }
func is(path string) func(*stage) string { return func(*stage) string { return path } }
func desk(path string) func(*stage) string {
	return func(s *stage) string { return "/desk/" + s.center + path }
}
func machine(query string) func(*stage) string {
	return func(s *stage) string { return "/machines/" + s.machine + query }
}

// ofBooking is a page of a booking that a fresh person made of a machine.
func ofBooking(operated bool, suffix string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		who, err := s.site.citizen()
		if err != nil {
			return who, "", err
		}
		id, err := s.booked(who, s.pick(operated))
		return who, "/bookings/" + id + suffix, err
	}
}

func (s *stage) pick(operated bool) string {
	if operated {
		return s.operated
	}
	// One after the other, so that no calendar is filled by the checks.
	return s.machines[made.Load()%int64(len(s.machines))]
}

func ofHold(operated bool) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		who, err := s.site.citizen()
		if err != nil {
			return who, "", err
		}
		path, err := s.held(who, s.pick(operated))
		return who, path, err
	}
}

// ofCard is the desk's page of somebody who is here now.
func ofCard(suffix string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		who, err := s.site.citizen()
		if err != nil {
			return who, "", err
		}
		id, err := s.booked(who, s.pick(false))
		return s.staff, "/desk/" + s.center + "/bookings/" + id + suffix, err
	}
}

// ofQuestion is the desk's page of a question that a fresh person wrote.
func ofQuestion(s *stage) (person, string, error) {
	who, err := s.site.citizen()
	if err != nil {
		return who, "", err
	}
	made, err := who.api("POST", "/inquiries", object{"equipment": s.machine, "text": "이 장비로 가죽도 자를 수 있나요?"})
	return s.staff, "/desk/" + s.center + "/questions/" + text(made, "id"), err
}

// asked is a page of somebody who wrote to the center before.
func asked(path string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		who, err := s.site.citizen()
		if err != nil {
			return who, "", err
		}
		_, err = who.api("POST", "/inquiries", object{"center": s.center, "text": "주차할 곳이 있나요?"})
		return who, path, err
	}
}

func ofSurvey(s *stage) (person, string, error) {
	who, err := s.site.citizen()
	if err != nil {
		return who, "", err
	}
	path, err := s.invite(who)
	return person{site: s.site}, path, err
}

// invited is somebody who was asked about a use and did not answer; path may hold the link.
func invited(path func(link string) string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		who, err := s.site.citizen()
		if err != nil {
			return who, "", err
		}
		link, err := s.invite(who)
		return who, path(link), err
	}
}

// pages is the table. Each row is looked at by every check of group A.
func pages() []row {
	rows := []row{
		{name: "home", public: true, at: where(nobody, is("/"))},
		{name: "home-signed-in", at: where(aCitizen, is("/"))},
		{name: "search", public: true, at: where(nobody, func(s *stage) string { return "/search?q=" + url.QueryEscape(s.word) })},
		{name: "search-none", public: true, at: where(nobody, func(*stage) string { return "/search?q=" + url.QueryEscape("없는장비") })},
		{name: "center", public: true, at: where(nobody, func(s *stage) string { return "/centers/" + s.center })},
		{name: "machine", public: true, at: where(nobody, machine(""))},
		{name: "machine-tomorrow", at: where(aCitizen, func(s *stage) string {
			return "/machines/" + s.machine + "?date=" + s.clock(1, 0, 0).Format("2006-01-02")
		})},
		{name: "machine-operated", public: true, at: where(nobody, func(s *stage) string { return "/machines/" + s.operated })},
		{name: "guide", public: true, at: where(nobody, is("/guide"))},
		{name: "licence", public: true, at: where(nobody, is("/licence"))},
		{name: "privacy", public: true, at: where(nobody, is("/privacy"))},
		{name: "settings", public: true, at: where(nobody, is("/settings"))},
		{name: "sign-in", public: true, at: where(nobody, is("/sign-in"))},
		{name: "sign-in-password", public: true, at: where(nobody, is("/sign-in?by=password"))},
		{name: "sign-in-code", at: where(nobody, is("/sign-in")), then: func(b *tab) {
			b.fill("#f-login", "nobody@demo.test").follow("main .btn.primary", "")
		}},
		{name: "sign-in-wrong", at: where(nobody, is("/sign-in?by=password")), then: func(b *tab) { b.follow("main .btn.primary", "") }},
		{name: "sign-up", public: true, at: where(nobody, is("/sign-up"))},
		{name: "sign-up-wrong", at: where(nobody, is("/sign-up")), then: func(b *tab) { b.follow("main .btn.primary", "") }},
		{name: "password-reset", public: true, at: where(nobody, is("/password-reset"))},
		{name: "ask", public: true, at: where(nobody, is("/ask"))},
		{name: "ask-machine", of: "ask", at: where(aCitizen, func(s *stage) string { return "/ask?equipment=" + s.machine })},
		{name: "ask-wrong", at: where(aCitizen, func(s *stage) string { return "/ask?center=" + s.center }), then: func(b *tab) { b.follow("main .btn.primary", "") }},
		{name: "me", at: where(aCitizen, is("/me"))},
		{name: "me-asked", of: "me", at: asked("/me")},
		{name: "confirm", at: ofHold(false)},
		{name: "confirm-operated", at: ofHold(true)},
		{name: "done", at: ofBooking(false, "/done")},
		{name: "done-pending", at: ofBooking(true, "/done")},
		{name: "mine", at: where(aCitizen, is("/bookings"))},
		{name: "mine-past", at: where(aCitizen, is("/bookings?tab=past"))},
		{name: "mine-asked", of: "mine", at: invited(func(string) string { return "/bookings" })},
		{name: "booking", at: ofBooking(false, "")},
		{name: "qr", at: ofBooking(false, "/qr")},
		{name: "slip", at: ofBooking(false, "/slip")},
		{name: "cancel", at: ofBooking(false, "/cancel")},
		{name: "move", of: "machine", at: ofBooking(false, ""), then: func(b *tab) { b.follow("main a.btn", "") }},
		{name: "survey", at: ofSurvey},
		{name: "survey-wrong", at: ofSurvey, then: func(b *tab) { b.follow("main .btn.primary", "") }},
		{name: "survey-opt-out", at: invited(func(link string) string { return link + "/opt-out" })},
		{name: "survey-done", public: true, at: where(nobody, is("/s/done"))},
		{name: "door", of: "survey", public: true, at: where(nobody, func(s *stage) string { return "/u/" + s.machine })},
		{name: "door-wrong", of: "survey", public: true, at: where(nobody, func(s *stage) string { return "/u/" + s.machine }), then: func(b *tab) { b.follow("main .btn.primary", "") }},
		{name: "counter", public: true, at: where(atDesk, desk("/ask"))},
		{name: "counter-form", of: "survey", public: true, at: where(atDesk, desk("/ask?machine="))},
		{name: "desk-codes", staff: true, shared: true, at: where(atDesk, desk("/codes"))},
		{name: "desk-code", of: "desk-codes", staff: true, shared: true, at: where(atDesk, func(s *stage) string { return "/desk/" + s.center + "/codes?machine=" + s.machine })},
		{name: "not-found", public: true, status: 404, at: where(nobody, is("/nowhere"))},
		{name: "forbidden", status: 403, at: where(aCitizen, desk(""))},

		{name: "desk-board", staff: true, shared: true, at: where(atDesk, desk("?view=timeline"))},
		{name: "desk-list", staff: true, shared: true, at: where(atDesk, desk("?view=list"))},
		{name: "desk-card", staff: true, at: ofCard("")},
		{name: "desk-find-none", staff: true, shared: true, at: where(atDesk, desk("/find?q=0000"))},
		{name: "desk-scan", staff: true, shared: true, at: where(atDesk, desk("/scan"))},
		{name: "desk-walk-in", staff: true, shared: true, at: where(atDesk, desk("/walk-in"))},
		{name: "desk-phone", staff: true, at: where(atDesk, desk("/phone"))},
		{name: "desk-outage", staff: true, at: where(atDesk, desk("/outage"))},
		{name: "desk-paper", staff: true, at: where(atDesk, desk("/paper"))},
		{name: "desk-reviews", staff: true, shared: true, at: where(atDesk, desk("/reviews"))},
		{name: "desk-strikes", staff: true, at: where(atDesk, func(s *stage) string { return "/desk/" + s.center + "/strikes/" + s.citizen.id })},
		{name: "desk-sheet", staff: true, shared: true, at: where(atDesk, desk("/sheet"))},
		{name: "desk-questions", staff: true, shared: true, at: func(s *stage) (person, string, error) {
			_, path, err := asked("/desk/" + s.center + "/questions")(s)
			return s.staff, path, err
		}},
		{name: "desk-question", staff: true, at: ofQuestion},
		{name: "manage", staff: true, shared: true, at: where(aManager, is("/manage"))},
		{name: "manage-all", staff: true, shared: true, at: where(anAdmin, is("/manage"))},
		{name: "together", staff: true, shared: true, at: where(aManager, is("/manage/together"))},
		{name: "together-all", of: "together", staff: true, shared: true, at: where(anAdmin, is("/manage/together"))},
		{name: "report", staff: true, shared: true, at: where(aManager, is("/manage/report"))},
		{name: "report-all", of: "report", staff: true, shared: true, at: where(anAdmin, is("/manage/report"))},
	}
	return slices.Concat(rows, surveyPages(), editorPages(), steps(), office(), loop(), said())
}

// demoPages are there in the demo alone.
func demoPages() []row {
	return []row{{name: "messages", at: where(nobody, is("/demo/messages"))}}
}

// tables lists the rows of a run; PAGES=pattern takes those alone.
func tables(t testing.TB, s *stage) []row {
	rows := append(pages(), adminPages()...)
	if s.name == "seoul" {
		rows = append(rows, demoPages()...)
	}
	only, err := regexp.Compile(os.Getenv("PAGES"))
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	for _, r := range rows {
		if only.MatchString(r.name) {
			out = append(out, r)
		}
	}
	return out
}

// show opens a row's page in a tab of its own.
func (r row) show(t testing.TB, s *stage, v view, english bool) *tab {
	t.Helper()
	who, path, err := r.at(s)
	if err != nil {
		t.Fatalf("%s: %v", r.name, err)
	}
	b := s.open(t, who, v)
	b.goTo(inLanguage(path, english))
	if r.then != nil {
		r.then(b)
	}
	return b
}

func inLanguage(path string, english bool) string {
	if english {
		return "/en" + path
	}
	return path
}
