package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// leftNothing: no other table names a response or what it was in the inbox,
// none says when an answer came, and what is final says no more than it should.
func (m *months) leftNothing(t *testing.T, responses []told) {
	u := m.u
	everything := ""
	for _, query := range []string{
		`SELECT subject || ' ' || reason || ' ' || detail FROM audit`,
		`SELECT about || ' ' || body FROM audit_reason`,
		`SELECT key || ' ' || subject || ' ' || data FROM outbox`,
		`SELECT id || ' ' || account_id || ' ' || comment FROM survey_case`,
		`SELECT id || ' ' || body FROM survey_ticket`,
		`SELECT invitation_id FROM survey_answered`,
		`SELECT id || ' ' || COALESCE(token_hash, '') || tie FROM survey_invitation`,
		`SELECT id FROM survey_visit`,
	} {
		for _, r := range u.texts(query, 1) {
			everything += r[0] + "\n"
		}
	}
	for _, r := range responses {
		if strings.Contains(everything, r.id) {
			t.Fatalf("response %s is named elsewhere", r.id)
		}
		if m.inbox[r.id] {
			t.Fatalf("response %s has the id it had in the inbox", r.id)
		}
	}
	for id := range m.inbox {
		if strings.Contains(everything, id) {
			t.Fatalf("answer %s is named elsewhere", id)
		}
	}
	if n := u.count(`SELECT COUNT(*) FROM audit WHERE action LIKE 'survey.answer%'`); n != 0 {
		t.Errorf("%d audit entries say when somebody answered", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM idempotency`); n != 0 {
		t.Errorf("%d keys of answers are kept", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE state NOT IN ('queued', 'sent', 'reminded')
		AND (visit_id IS NOT NULL OR center_id <> '' OR equipment_id <> '' OR tie <> '' OR trait_hour <> '' OR trait_wait <> '' OR remind_at IS NOT NULL)`); n != 0 {
		t.Errorf("%d final invitations say what they were about", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_counter WHERE step IN ('completed', 'partial') AND (equipment_id <> '' OR category <> '' OR desk = 1)`); n != 0 {
		t.Errorf("%d counters tell how much was answered about a machine", n)
	}
	if u.db.Dialect() == "sqlite" {
		m.noOrder(t)
	}
}

// noOrder: a table whose rows are in the order they came would tell who; these
// are kept by random ids alone.
func (m *months) noOrder(t *testing.T) {
	for _, table := range []string{"survey_inbox", "survey_response", "survey_answered", "survey_invitation", "survey_link", "survey_case", "survey_ticket", "survey_ground", "survey_counter", "survey_tally"} {
		if n := m.u.count(`SELECT COUNT(*) FROM sqlite_master WHERE name = $1 AND sql LIKE '%WITHOUT ROWID%'`, table); n != 1 {
			t.Errorf("%s keeps the order in which rows came", table)
		}
	}
}

// mixed: on PostgreSQL neither the transaction that wrote a response nor its
// place leads to the moment of the answer.
func (m *months) mixed(t *testing.T) {
	u := m.u
	for _, table := range []string{"survey_invitation", "survey_answered", "survey_case", "survey_ticket", "outbox"} {
		if n := u.count(`SELECT COUNT(*) FROM survey_response r JOIN ` + table + ` o ON r.xmin = o.xmin`); n != 0 {
			t.Errorf("%d responses share a transaction with %s", n, table)
		}
	}
	if n := u.count(`SELECT COUNT(*) FROM (SELECT month, center_id FROM survey_response GROUP BY month, center_id
		HAVING COUNT(DISTINCT xmin::text) > 1 AND COUNT(*) <= 100) AS few`); n != 0 {
		t.Errorf("%d months show which responses came together", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM (SELECT month, center_id FROM survey_tally GROUP BY month, center_id
		HAVING COUNT(DISTINCT xmin::text) > 1) AS few`); n != 0 {
		t.Errorf("%d months show which counts moved together", n)
	}
	same, pairs := 0, 0
	came := map[string]int{}
	for i, mark := range m.order {
		came[mark] = i
	}
	rows := u.texts(`SELECT month || center_id, answers FROM survey_response ORDER BY ctid`, 2)
	for a := range rows {
		for b := a + 1; b < len(rows); b++ {
			x, y := markIn(rows[a][1]), markIn(rows[b][1])
			if rows[a][0] != rows[b][0] || x == "" || y == "" {
				continue
			}
			pairs++
			if came[x] < came[y] {
				same++
			}
		}
	}
	if share := float64(same) / float64(max(1, pairs)); pairs < 200 || share < 0.35 || share > 0.65 {
		t.Errorf("of %s pairs %.2f lie in the order of their answers", fmt.Sprint(pairs), share)
	}
}
