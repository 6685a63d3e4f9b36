package proof

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/store"
	"gongbang/survey"
)

// thing is a path with real parameters; bookings are made for each route.
func (s *siege) thing(o operation) string {
	path := o.path
	for _, part := range strings.Split(o.path, "/") {
		if strings.HasPrefix(part, "{") {
			path = strings.Replace(path, part, s.parameter(o, strings.Trim(part, "{}")), 1)
		}
	}
	return path
}

func (s *siege) parameter(o operation, name string) string {
	edits := o.method == http.MethodPut
	switch {
	case edits && strings.HasPrefix(o.path, "/api/v1/centers"):
		return "edited"
	case edits && o.path == "/api/v1/equipment/{id}/policy":
		return "ruled"
	case edits && o.path == "/api/v1/equipment/{id}":
		return "changed"
	case name == "no" && strings.HasPrefix(o.path, "/api/v1/survey-templates"):
		return "2"
	case strings.HasPrefix(o.path, "/api/v1/survey-templates"):
		return s.questionnaire(o)
	case name == "no":
		return s.planned(strings.NewReplacer("{id}", s.parameter(o, "id"), "/versions/{no}", "").Replace(o.path))
	case name == "center" || strings.HasPrefix(o.path, "/api/v1/centers"):
		return "race"
	case name == "oid" && strings.HasSuffix(o.path, "/end-series"):
		return s.series
	case name == "oid":
		return s.outage
	case strings.HasPrefix(o.path, "/api/v1/survey-cases"):
		return s.wish()
	case name == "group":
		return "small"
	case name == "key":
		return "survey"
	case name == "token":
		s.mu.Lock()
		defer s.mu.Unlock()
		token := s.tokens[0]
		if len(s.tokens) > 1 {
			s.tokens = s.tokens[1:]
		}
		return token
	case strings.HasPrefix(o.path, "/api/v1/equipment"):
		return "row"
	case name == "sid":
		return s.strike(strings.HasSuffix(o.path, "/keep"))
	case name == "cid":
		return s.post(s.admin, "/api/v1/accounts/"+s.people[1].id+"/certificates", object{"key": "studio", "basis": "course"})
	case name == "feed":
		return s.feed
	case name == "account", strings.Contains(o.path, "/strikes"):
		return s.people[2].id
	case strings.HasPrefix(o.path, "/api/v1/firms"):
		return s.firm
	case strings.HasPrefix(o.path, "/api/v1/me/feeds"):
		return s.post(s.people[4], "/api/v1/me/feeds", object{})
	case strings.HasPrefix(o.path, "/api/v1/accounts"):
		return s.people[1].id
	case strings.HasPrefix(o.path, "/api/v1/me/sessions"):
		return s.device()
	case strings.HasPrefix(o.path, "/api/v1/inquiries"):
		return s.post(s.asker(), "/api/v1/inquiries", object{"equipment": "row", "text": script})
	case strings.HasPrefix(o.path, "/api/v1/closures"):
		return s.post(s.admin, "/api/v1/closures", object{"scope": "center:spare", "from": stamp(ahead(3, 0, 0)), "to": stamp(ahead(3, 1, 0)), "reason": script})
	case strings.HasPrefix(o.path, "/api/v1/holds"):
		return s.make("/api/v1/holds", "wide", nil)
	case strings.HasSuffix(o.path, "/job"), strings.HasSuffix(o.path, "/continue"):
		return s.make("/api/v1/bookings", "auto", object{"what": script})
	}
	return s.make("/api/v1/bookings", "wide", nil)
}

// make books or holds a time of its own.
func (s *siege) make(path, machine string, job object) string {
	n := int(s.slot.Add(1)) - 1
	body := wideSlot(n)
	if machine == "auto" {
		body = span("auto", ahead(4+n/64/48, 0, 30*(n/64%48)), 30, "job", job)
	}
	if path == "/api/v1/bookings" {
		body["purpose"] = script
	}
	return s.post(s.people[2], path, body)
}

// post makes a thing to attack and is its id.
func (s *siege) post(who person, path string, body object) string {
	a, err := s.as(who).try(s.t.Context(), "POST", path, body)
	if err != nil || a.status != http.StatusCreated && a.status != http.StatusOK {
		s.t.Errorf("a thing to attack can't be made by POST %s: %d %v %s", path, a.status, err, tail(string(a.raw), 400))
	}
	return a.text("id")
}

// wish is a wish for a reply of its own, written as the survey keeps it: over
// HTTP each would take a use and its invitation.
func (s *siege) wish() string {
	c := survey.Case{ID: fmt.Sprintf("wish-%d", s.slot.Add(1)), Account: s.people[2].id, Center: "race", Equipment: "row", Month: "2030-01", Day: "2030-01-07",
		Comment: script, DueAt: time.Now().Add(time.Hour)}
	if err := saveCase(s.t.Context(), s.db, c); err != nil {
		s.t.Errorf("a case to attack can't be written: %v", err)
	}
	return c.ID
}

func saveCase(ctx context.Context, db *store.DB, c survey.Case) error {
	_, err := store.NewSurveys(db).Do(ctx, func(ctx context.Context, tx survey.Tx) (any, error) { return nil, tx.SaveCase(ctx, c) })
	return err
}

// strike is written as the engine keeps it, for over HTTP it takes minutes
// until a cancel is late; asked: its owner wants a review.
func (s *siege) strike(asked bool) string {
	made, who := s.make("/api/v1/bookings", "wide", nil), s.people[2]
	x := booking.Strike{ID: made + "-late_cancel", BookingID: made, Kind: booking.StruckLateCancel, AccountID: who.id, CenterID: "race", EquipmentID: "wide",
		Points: 1, Minutes: 10, Rule: booking.NoShowRule{LateCancel: 1, By: "person", Over: "center"}}
	_, err := store.NewBookings(s.db).Do(s.t.Context(), func(ctx context.Context, tx booking.Tx) (any, error) {
		x.At = tx.Now()
		return tx.Strike(ctx, &x)
	})
	if err != nil {
		s.t.Errorf("a strike to attack can't be written: %v", err)
	}
	if asked {
		s.post(who, "/api/v1/me/strikes/"+x.ID+"/review", object{"text": script})
	}
	return x.ID
}

// planned is the number of a change of the rules at a path that is far away.
func (s *siege) planned(path string) string {
	a, err := s.as(s.admin).try(s.t.Context(), "PUT", path, object{"policy": object{}, "effective_from": stamp(ahead(300, 0, 0))})
	coming := objects(a.object["coming"])
	if err != nil || len(coming) == 0 {
		s.t.Errorf("no change to attack: %v %s", err, tail(string(a.raw), 400))
		return "0"
	}
	return fmt.Sprint(coming[len(coming)-1]["version"])
}

// questionnaire is one of its own with a draft of its second version.
func (s *siege) questionnaire(o operation) string {
	key := fmt.Sprintf("attacked-%d", s.slot.Add(1))
	one := "/api/v1/survey-templates/" + key + "/versions"
	question := object{"key": "overall", "type": "sat5", "required": true, "text": object{"ko": script}}
	for _, step := range []struct {
		method, path string
		body         object
	}{
		{"POST", "/api/v1/survey-templates", object{"key": key, "title": object{"ko": script}}},
		{"PUT", one + "/1", object{"mode": "anonymous", "title": object{"ko": script}, "questions": []any{question}}},
		{"POST", one + "/1/publish", object{"continues": true}},
		{"POST", one, object{}},
	} {
		if step.path == one && strings.HasSuffix(o.path, "/versions") {
			break // the draft is what the attack makes
		}
		a, err := s.as(s.admin).try(s.t.Context(), step.method, step.path, step.body)
		if err != nil || a.status >= 300 {
			s.t.Errorf("a questionnaire to attack can't be made by %s %s: %d %v %s", step.method, step.path, a.status, err, tail(string(a.raw), 400))
		}
	}
	return key
}

// device is a fresh session, by the id that its owner ends it with.
func (s *siege) device() string {
	a, err := s.as(s.signedIn()).try(s.t.Context(), "GET", "/api/v1/me/sessions", nil)
	for _, d := range a.items() {
		if d["current"] == true {
			return d["id"].(string)
		}
	}
	s.t.Errorf("no session to attack: %v %s", err, tail(string(a.raw), 400))
	return ""
}
