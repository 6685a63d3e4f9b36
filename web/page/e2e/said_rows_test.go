package e2e

import (
	"fmt"
	"time"
)

// said are the pages of what people wrote in a month that is closed, and of
// answers that somebody gave with their name.
func said() []row {
	return []row{
		{name: "manage-comments", of: "manage", staff: true, shared: true, at: lastMonth, then: func(b *tab) { b.press("#comments ~ ul summary", "") }},
		{name: "named", staff: true, at: withName(func(s *stage, _ person, _ string) (person, string) { return s.manager, "/manage/named" })},
		{name: "named-answer", staff: true, at: withName(func(s *stage, _ person, id string) (person, string) { return s.manager, "/manage/named/" + id })},
		{name: "me-named", of: "me", at: withName(func(_ *stage, who person, _ string) (person, string) { return who, "/me" })},
	}
}

const insertResponse = `INSERT INTO survey_response (id, center_id, month, category, equipment_id, template, version, answers, entry, tags)
	VALUES (?, ?, ?, '', '', 'use-standard', 1, ?, ?, ?)`

// lastMonth is the month before this one, closed with twelve answers of which
// three say more.
func lastMonth(s *stage) (person, string, error) {
	first := s.clock(0, 0, 0)
	month := time.Date(first.Year(), first.Month(), 0, 12, 0, 0, 0, first.Location()).Format("2006-01")
	_, err := s.once("last month", func() (string, error) {
		for i, c := range [][2]string{
			{"재료를 미리 살 수 있으면 좋겠습니다. 실 색이 몇 가지 없었습니다.", ""},
			{"직원분이 끝까지 도와주셔서 첫 주문을 마쳤습니다.", "praise"},
			{"저녁에도 열어 주시면 자주 오겠습니다.", "times cost"},
		} {
			answers := fmt.Sprintf(`{"overall":%d,"comment":%q}`, 3+i%3, c[0])
			if err := s.write(insertResponse, fmt.Sprintf("last-month-%d", i), s.center, month, answers, "", c[1]); err != nil {
				return "", err
			}
		}
		return "", s.write(`INSERT INTO survey_cell (period, center_id, series, dim, key, parent, month, first_month, n, questions, months)
			VALUES (?, ?, 'use-standard', '', '', '', ?, ?, 12, '{"":{"#":12},"overall":{"5":6,"4":4,"3":2}}', '')`, month, s.center, month, month)
	})
	return s.manager, "/manage?from=" + month + "&to=" + month, err
}

// withName is a page about the answer that a fresh person gave with their name.
func withName(page func(s *stage, who person, id string) (person, string)) func(*stage) (person, string, error) {
	return func(s *stage) (person, string, error) {
		who, err := s.site.citizen()
		if err != nil {
			return who, "", err
		}
		now := s.clock(0, 10, 0)
		err = s.write(insertResponse, "of-"+who.id, s.center, now.Format("2006-01"), `{"overall":4,"ease":5,"drivers":["times"],"comment":"저녁에도 열어 주시면 좋겠습니다."}`, "named", "")
		if err == nil {
			err = s.write(`INSERT INTO survey_link (response_id, account_id, mode, expires_at, id, day, equipment_id) VALUES (?, ?, 'identified', ?, ?, ?, ?)`,
				"of-"+who.id, who.id, now.AddDate(0, 0, 80).UnixMilli(), "link-"+who.id, now.Format("2006-01-02"), s.machines[0])
		}
		as, path := page(s, who, "link-"+who.id)
		return as, path, err
	}
}
