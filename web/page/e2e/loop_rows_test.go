package e2e

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// loop are the pages of what becomes of what people said: wishes for a reply,
// reports of a danger, what a center changed, and what leaves as a file.
func loop() []row {
	press := func(b *tab) { b.follow("main .btn.primary", "") }
	board := func(s *stage) string { return "/centers/" + s.center + "/changes" }
	return []row{
		{name: "cases", staff: true, shared: true, at: wished(false, func(s *stage, _ person, _ string) (person, string) { return s.staff, "/manage/cases" })},
		{name: "cases-answered", of: "cases", staff: true, shared: true, at: wished(true, func(s *stage, _ person, _ string) (person, string) { return s.admin, "/manage/cases?state=answered" })},
		{name: "cases-none", of: "cases", staff: true, shared: true, at: where(aManager, is("/manage/cases?state=acted"))},
		{name: "case", staff: true, at: wished(false, func(s *stage, _ person, id string) (person, string) { return s.staff, "/manage/cases/" + id })},
		{name: "case-note", of: "case", staff: true, at: wished(false, func(s *stage, _ person, id string) (person, string) { return s.manager, "/manage/cases/" + id }), then: unfold},
		{name: "case-wrong", of: "case", staff: true, at: wished(false, func(s *stage, _ person, id string) (person, string) { return s.staff, "/manage/cases/" + id }), then: press},
		{name: "case-answered", of: "case", staff: true, at: wished(true, func(s *stage, _ person, id string) (person, string) { return s.manager, "/manage/cases/" + id })},
		{name: "me-wished", of: "me", at: wished(false, func(_ *stage, who person, _ string) (person, string) { return who, "/me" })},
		{name: "me-replied", of: "me", at: wished(true, func(_ *stage, who person, _ string) (person, string) { return who, "/me" })},

		{name: "changes", public: true, at: noted(nobody, board)},
		{name: "changes-none", of: "changes", public: true, at: where(nobody, func(s *stage) string { return "/centers/" + s.quiet + "/changes" })},
		{name: "changes-write", of: "changes", staff: true, shared: true, at: noted(aManager, board), then: func(b *tab) { b.press("main summary", "") }},
		{name: "changes-wrong", of: "changes", staff: true, shared: true, at: noted(aManager, board), then: func(b *tab) { unfold(b); press(b) }},
		{name: "survey-end", of: "survey-done", public: true, at: where(nobody, func(s *stage) string { return "/s/done?center=" + s.center })},

		{name: "desk-board-danger", of: "desk-board", staff: true, shared: true, at: endangered("?view=list")},
		{name: "desk-safety", staff: true, shared: true, at: endangered("/safety")},
		{name: "desk-safety-wrong", of: "desk-safety", staff: true, shared: true, at: endangered("/safety"), then: func(b *tab) { b.follow("main .btn.second", "") }},
		{name: "desk-series", staff: true, shared: true, at: maintained},
		{name: "desk-series-wrong", of: "desk-series", staff: true, shared: true, at: maintained, then: press},
		{name: "desk-series-check", of: "desk-series", staff: true, shared: true, at: maintained, then: func(b *tab) { b.fill("#f-why", "주기가 바뀌었습니다"); press(b) }},
		{name: "desk-outages", of: "desk-outage", staff: true, at: func(s *stage) (person, string, error) {
			_, _, err := maintained(s)
			return s.staff, "/desk/" + s.center + "/outage", err
		}},

		{name: "downloads", staff: true, shared: true, at: taken(aManager)},
		{name: "downloads-all", of: "downloads", staff: true, shared: true, at: taken(anAdmin)},
		{name: "manage-export", of: "manage", staff: true, shared: true, at: where(aManager, is("/manage")), then: func(b *tab) { b.press("main details.disclose > summary", "") }},
		{name: "manage-export-wrong", of: "manage", staff: true, shared: true, at: where(aManager, is("/manage")), then: func(b *tab) {
			unfold(b)
			b.follow("main button[value=csv]", "")
		}, status: 422},
		{name: "survey-name", of: "survey", at: naming},
		{name: "survey-name-all", of: "survey", at: naming, then: func(b *tab) { b.press("main label.answer", "") }},
		{name: "survey-name-wrong", of: "survey", at: naming, then: press},
		{name: "me-groups", of: "me", at: declared(func(_ *stage, who person) (person, string) { return who, "/me" })},
		{name: "person-groups", of: "person", staff: true, at: declared(func(s *stage, who person) (person, string) { return s.admin, "/manage/people/" + who.id })},
		{name: "certificates-lines", of: "certificates", staff: true, at: where(aManager, is("/manage/certificates")), then: pasted("email,key\ncitizen@demo.test,laser\nmanager@demo.test,laser\n")},
		{name: "admin-center-returning", of: "admin-center", staff: true, shared: true, at: returning},
	}
}

// wished is a page about a wish for a reply that a fresh person sent with an
// answer; staff answered it or did not.
func wished(answered bool, page func(s *stage, who person, id string) (person, string)) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		who, id, err := s.wish()
		if err == nil && answered {
			_, err = s.staff.api("PATCH", "/survey-cases/"+id, object{"reply": "작업대 위에 전등을 하나 더 달았습니다. 다음 주에 오시면 확인해 주세요.\n알려 주셔서 고맙습니다."})
		}
		as, path := page(s, who, id)
		return as, path, err
	}
}

// wish lets a fresh person answer with a wish for a reply and tells the case.
func (s *stage) wish() (who person, id string, err error) {
	if who, err = s.site.citizen(); err != nil {
		return who, "", err
	}
	link, err := s.invite(who)
	if err != nil {
		return who, "", err
	}
	said := "작업대가 어두워서 바늘이 잘 보이지 않았습니다. (" + randomText(6) + ")"
	if _, err = who.api("POST", "/surveys"+strings.TrimPrefix(link, "/s"), object{"answers": object{"overall": 2, "comment": said}, "contact": object{"consent": true}}); err != nil {
		return who, "", err
	}
	list, err := s.staff.api("GET", "/survey-cases?center="+s.center+"&limit=100&state=received", nil)
	if err != nil {
		return who, "", err
	}
	items, _ := list["items"].([]any)
	for _, x := range items {
		if c, _ := x.(object); text(c, "comment") == said {
			return who, text(c, "id"), nil
		}
	}
	return who, "", errors.New("the wish for a reply is not listed")
}

// once lets a stage prepare something the first time that it is asked for.
func (s *stage) once(what string, do func() (string, error)) (string, error) {
	v, _ := s.prepared.LoadOrStore(what, sync.OnceValues(do))
	return v.(func() (string, error))()
}

// noted is a page of a center that has told what it changed.
func noted(who func(*stage) person, path func(*stage) string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		_, err := s.once("notes", func() (string, error) {
			for _, n := range [][2]string{
				{"작업대마다 전등을 하나씩 더 달았습니다.\n바늘에 실을 꿰는 자리도 밝아졌습니다.", "We put one more lamp above each bench.\nThreading a needle is easier now, too."},
				{"토요일에도 오전 10시에 엽니다.", ""},
			} {
				if _, err := s.manager.post("/manage/changes", url.Values{"center": {s.center}, "ko": {n[0]}, "en": {n[1]}}); err != nil {
					return "", err
				}
			}
			return "", nil
		})
		return who(s), path(s), err
	}
}

// endangered is a page of a desk to which a danger was reported: on a machine
// that no other row needs today.
func endangered(path string) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		_, err := s.once("danger", func() (string, error) {
			return s.danger("덮개가 열린 채로 돌았습니다. 손을 다칠 뻔했습니다.")
		})
		return s.staff, "/desk/" + s.center + path, err
	}
}

// danger lets a fresh person report one with an answer, and tells the machine
// once it is out of use.
func (s *stage) danger(said string) (machine string, err error) {
	who, err := s.site.citizen()
	if err != nil {
		return "", err
	}
	machine, link, err := s.used(who, backwards(s.machines))
	if err != nil {
		return "", err
	}
	if _, err := who.api("POST", "/surveys"+strings.TrimPrefix(link, "/s"), object{"answers": object{"overall": 1}, "safety": object{"text": said}}); err != nil {
		return "", err
	}
	return machine, s.waits("a machine in danger is never out of use", func() (bool, error) {
		out, err := s.faults(machine)
		return len(out) > 0, err
	})
}

// faults are the outages of a machine that are not over and were not planned.
func (s *stage) faults(machine string) (ids []string, err error) {
	out, err := s.staff.api("GET", "/equipment/"+machine+"/outages", nil)
	items, _ := out["items"].([]any)
	for _, x := range items {
		if o, _ := x.(object); text(o, "kind") == "fault" {
			ids = append(ids, text(o, "id"))
		}
	}
	return ids, err
}

// backwards is a list from its end: rows that need a machine for themselves
// begin where the others come last.
func backwards(list []string) []string {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// maintained is the desk's page of maintenance that comes every week, later
// than anything is booked.
func maintained(s *stage) (person, string, error) {
	m := s.machines[len(s.machines)-1]
	id, err := s.once("series", func() (string, error) {
		o, err := s.staff.api("POST", "/equipment/"+m+"/outages", object{"from": s.clock(21, 10, 0).Format(time.RFC3339), "to": s.clock(21, 12, 0).Format(time.RFC3339),
			"kind": "maintenance", "reason": "정기 점검", "repeat": object{"every": "week", "until": s.clock(50, 0, 0).Format("2006-01-02")}})
		return text(o, "id"), err
	})
	return s.staff, "/desk/" + s.center + "/outage/" + id + "/series?machine=" + m, err
}

// taken is the log of files after one was taken.
func taken(who func(*stage) person) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		_, err := s.once("files", func() (string, error) {
			for _, path := range []string{"/survey-results/export.csv", "/usage/export.xlsx"} {
				if _, err := s.manager.api("GET", path+"?center="+s.center+"&reason="+url.QueryEscape("분기 보고에 씁니다"), nil); err != nil {
					return "", err
				}
			}
			return "", nil
		})
		return who(s), "/manage/downloads", err
	}
}

// naming is a questionnaire whose answer may keep the name, and which asks a
// question of those alone who gave a certain answer.
func naming(s *stage) (person, string, error) {
	both := func(ko, en string) object { return object{"ko": ko, "en": en} }
	key, err := s.once("naming", func() (string, error) {
		const key = "named"
		if _, err := s.admin.api("POST", "/survey-templates", object{"key": key, "title": both("장비 교육 뒤의 이야기", "After the introduction"), "mode": "identified"}); err != nil {
			return "", err
		}
		option := func(value, ko, en string) object { return object{"value": value, "text": both(ko, en)} }
		draft := object{"revision": 1, "mode": "identified", "title": both("장비 교육 뒤의 이야기", "After the introduction"), "intro": both("1분이면 됩니다.", "It takes a minute."), "questions": []object{
			{"key": "again", "type": "single", "required": true, "text": both("다시 배우고 싶은 것이 있나요?", "Is there something you would like to learn again?"),
				"options": []object{option("yes", "있습니다", "Yes"), option("no", "없습니다", "No")}},
			{"key": "what", "type": "multi", "text": both("무엇인가요?", "What is it?"), "show_if": object{"question": "again", "values": []string{"yes"}},
				"options": []object{option("start", "켜고 끄기", "Switching on and off"), option("thread", "실 꿰기", "Threading"), option("clean", "청소하기", "Cleaning")}},
			{"key": "comment", "type": "text", "max": 500, "text": both("더 하고 싶은 말씀", "Anything else")},
		}}
		made, err := s.admin.api("PUT", "/survey-templates/"+key+"/versions/1", draft)
		if err != nil {
			return "", err
		}
		_, err = s.admin.api("POST", "/survey-templates/"+key+"/versions/1/publish", object{"revision": made["revision"], "continues": false})
		return key, err
	})
	if err != nil {
		return person{}, "", err
	}
	return ofQuestionnaire(key)(s)
}

// declared is a page about somebody who says that they belong to two groups, of
// which staff saw one proof.
func declared(page func(s *stage, who person) (person, string)) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		who, err := s.site.citizen()
		if err != nil {
			return who, "", err
		}
		if _, err = who.post("/me/groups", url.Values{"groups": s.groups}); err != nil {
			return who, "", err
		}
		_, err = s.staff.api("POST", "/accounts/"+who.id+"/groups/"+s.groups[0]+"/confirm", object{})
		as, path := page(s, who)
		return as, path, err
	}
}

// returning is the form of a center that was closed for good and can be offered again.
func returning(s *stage) (person, string, error) {
	path, err := s.once("retired", func() (string, error) {
		c, err := s.admin.api("GET", "/centers/"+s.ending, nil)
		if err != nil {
			return "", err
		}
		_, err = s.admin.api("PUT", "/centers/"+s.ending, object{"version": c["version"], "retired": true, "affected": "keep"})
		return "/manage/centers/" + s.ending, err
	})
	return s.admin, path, err
}
