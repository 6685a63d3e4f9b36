package proof

import "net/http"

// questionnaires: an admin makes a version of what is asked; what changed its
// meaning ends the series; a manager is not let in.
func (s *stage) questionnaires() {
	t, list := s.t, "/api/v1/survey-templates"
	s.manager.refused(t, 403, "forbidden", "GET", list, nil)
	if all := s.admin.want(t, http.StatusOK, "GET", list, nil).items(); len(all) != 5 {
		t.Errorf("%d questionnaires ship", len(all))
	}
	key := []string{"Idempotency-Key", "open-day"}
	begin := object{"key": "open-day", "title": object{"ko": "공개의 날 조사", "en": "Our open day"}}
	s.admin.want(t, http.StatusCreated, "POST", list, begin, key...)
	if again := s.admin.want(t, http.StatusCreated, "POST", list, begin, key...); again.header.Get("Idempotent-Replayed") != "true" {
		t.Error("the same wish makes a second questionnaire")
	}
	s.admin.want(t, http.StatusNoContent, "DELETE", list+"/open-day/versions/1", nil)

	path := list + "/yearly"
	draft := s.admin.want(t, http.StatusCreated, "POST", path+"/versions", object{}, "Idempotency-Key", "v2")
	s.admin.refused(t, 409, "state_conflict", "POST", path+"/versions", object{})
	questions := draft.object["questions"].([]any)
	questions[0].(map[string]any)["type"] = "nps"
	save := object{"revision": draft.object["revision"], "mode": "anonymous", "title": draft.object["title"], "intro": draft.object["intro"], "questions": questions}
	saved := s.admin.want(t, http.StatusOK, "PUT", path+"/versions/2", save)
	if saved.object["breaks"] != true {
		t.Errorf("another scale under the same key goes unseen: %s", tail(string(saved.raw), 300))
	}
	s.admin.refused(t, 409, "stale", "PUT", path+"/versions/2", save)
	wrong := s.admin.refused(t, 422, "validation", "POST", path+"/versions/2/publish", object{"continues": true})
	if e := objects(wrong.object["errors"]); len(e) != 1 || e[0]["rule"] != "series" {
		t.Errorf("refused with %s", wrong.raw)
	}
	out := s.admin.want(t, http.StatusOK, "POST", path+"/versions/2/publish", object{"continues": false})
	if out.text("series") != "yearly.2" {
		t.Errorf("published as %s", out.raw)
	}
	s.admin.refused(t, 404, "not_found", "PUT", path+"/versions/2", save)
	s.admin.want(t, http.StatusOK, "GET", path+"/versions/1", nil)
	if all := s.admin.want(t, http.StatusOK, "GET", path, nil).items(); len(all) != 2 || len(objects(all[0]["changes"])) == 0 {
		t.Errorf("the history is %v", all)
	}
}
