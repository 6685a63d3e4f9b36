package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"gongbang/internal/lang"
	"gongbang/survey"
)

// centers is the shop with more of them.
type centers struct {
	shop
	ids []string
}

func (c centers) Center(id string) (lang.Text, bool) { return lang.Text{Ko: id}, true }
func (c centers) Centers() []string                  { return c.ids }

// noFewerThanFive lets people use machines and answer for three months, and
// then computes from all tables, for every response, whom it could be from.
func noFewerThanFive(t *testing.T, u *afterUse) {
	c := centers{ids: []string{"east", "west", "north"}}
	u.deps.Catalog = func(context.Context) (survey.Catalog, error) { return c, nil }
	u.deps.Delay = 0
	u.rebuild()
	life := &months{u: u, r: rand.New(rand.NewPCG(5, 3)), machine: map[string]string{}}
	life.live(c.ids, 86)
	people, responses := u.heard(), u.told()
	if len(responses) < 150 || len(people) != len(responses) {
		t.Fatalf("%d responses of %d people", len(responses), len(people))
	}
	detailed := 0
	for _, r := range responses {
		if r.machine != "" {
			detailed++
		}
	}
	if detailed < len(responses)/8 {
		t.Errorf("%d of %d responses keep their machine: figures by machine would be empty", detailed, len(responses))
	}
	parts(t, c.ids, responses, people, func(center string, n int) {
		if n < 5 {
			t.Errorf("%s: a response leads to %d people", center, n)
		}
	})

	// The same computation has to find people where there is something to find.
	always := life.keepingMachines(u, responses)
	found := 5
	parts(t, c.ids, always, people, func(_ string, n int) { found = min(found, n) })
	if found == 0 || found >= 5 {
		t.Errorf("with the machine always kept a response leads to %d people: the computation sees too little", found)
	}
	life.leftNothing(t, responses)
	if u.db.Dialect() == "postgres" {
		life.mixed(t)
	}
}

func parts(t *testing.T, ids []string, responses []told, people []heard, see func(string, int)) {
	t.Helper()
	for _, id := range ids {
		var rs []told
		var ps []heard
		for _, r := range responses {
			if r.center == id {
				rs = append(rs, r)
			}
		}
		for _, p := range people {
			if p.center == id {
				ps = append(ps, p)
			}
		}
		if len(rs) < 30 {
			t.Fatalf("%s has %d responses", id, len(rs))
		}
		see(id, smallestSet(rs, ps))
	}
}

// months is the life of some centers. Half of the people leave a comment: a mark
// that leads the test, and nobody else, from a response to its person.
type months struct {
	u       *afterUse
	r       *rand.Rand
	machine map[string]string // by mark, with the month of use before it
	order   []string          // marks as they were given
	inbox   map[string]bool   // ids that were in the inbox
}

var machines = []string{"sewing-1", "sewing-1", "sewing-1", "sewing-1", "sewing-2", "sewing-3", "laser-1", "laser-1", "print-1"}

func (m *months) live(ids []string, days int) {
	ctx, u := context.Background(), m.u
	m.inbox = map[string]bool{}
	type due struct {
		day   int
		token string
	}
	var answers []due
	for d := range days {
		for _, id := range ids {
			for n := range 8 { // each of eighty comes every ten days: nobody gets the short questionnaire
				who := fmt.Sprintf("%s-%d", id, (8*d+n)%80)
				v := u.use(who, id+"-"+machines[m.r.IntN(len(machines))])
				v.DeskContact = m.r.IntN(8) == 0
				v.Traits = survey.Traits{Hour: "13", Wait: "0"}
				u.finish(v)
			}
		}
		u.pass(time.Hour)
		before := len(u.invited())
		u.send()
		for _, id := range u.invited()[before:] {
			if m.r.IntN(10) < 6 {
				answers = append(answers, due{d + m.r.IntN(13), u.token(id)})
			}
		}
		for _, a := range answers {
			if a.day == d {
				m.answer(a.token)
			}
			if m.r.IntN(20) == 0 {
				u.flush()
			}
		}
		for _, job := range []func(context.Context) (int, error){u.s.RemindDue, u.s.Flush, u.s.ExpireDue, u.s.CloseMonth} {
			_, err := job(ctx)
			u.must(err)
		}
		u.must(u.s.Tidy(ctx))
		u.pass(23 * time.Hour)
	}
	u.pass(26 * time.Hour)
	for u.flush() > 0 {
	}
}

// answer gives one: short or long, and some with a wish for a reply.
func (m *months) answer(token string) {
	mark := fmt.Sprintf("mark%dx", len(m.order))
	for _, r := range m.u.texts(`SELECT equipment_id, day FROM survey_invitation WHERE token_hash = $1`, 2, tokenHash(token)) {
		m.machine[mark] = r[1][:7] + r[0]
	}
	body := fmt.Sprintf(`{"answers":{"overall":%d,"comment":"%s"}}`, 1+m.r.IntN(5), mark)
	switch m.r.IntN(12) {
	case 0:
		body = `{"answers":{"overall":2,"comment":"` + mark + `"},"contact":{"consent":true}}`
	case 1, 2, 3:
		body = fmt.Sprintf(`{"answers":{"overall":%d,"ease":4,"equip":5,"staff":"NA","goal":"all","comment":"%s"}}`, 1+m.r.IntN(5), mark)
	}
	if m.r.IntN(2) == 0 {
		body = strings.Replace(body, mark, "", 1)
	}
	m.u.must(m.u.answer(token, body))
	m.order = append(m.order, mark)
	for _, r := range m.u.texts(`SELECT id, month FROM survey_inbox`, 2) {
		m.inbox[r[0]] = true
	}
}

// keepingMachines is what a schema would hold that always keeps the machine.
func (m *months) keepingMachines(u *afterUse, responses []told) []told {
	marks := map[string]string{}
	for _, r := range u.texts(`SELECT id, answers FROM survey_response`, 2) {
		marks[r[0]] = markIn(r[1])
	}
	out := make([]told, len(responses))
	for i, r := range responses {
		if machine, ok := strings.CutPrefix(m.machine[marks[r.id]], r.month); ok && r.comment {
			e, _ := shop{}.Equipment(machine)
			r.category, r.machine = e.Category, machine
		}
		out[i] = r
	}
	return out
}

func markIn(answers string) string {
	_, after, ok := strings.Cut(answers, "mark")
	if !ok {
		return ""
	}
	number, _, _ := strings.Cut(after, "x")
	return "mark" + number + "x"
}

// heard reads everybody who answered: final invitations have person and day,
// bookings have who was where that day, cases have names.
func (u *afterUse) heard() []heard {
	u.t.Helper()
	type visit struct{ account, day string }
	where := map[visit]survey.Use{}
	for _, v := range u.uses { // the visit that was asked about is one of the day's; each day has one here
		where[visit{v.AccountID, v.Start.In(kst).Format("2006-01-02")}] = v
	}
	reply := map[string]bool{}
	for _, r := range u.texts(`SELECT account_id, month, equipment_id FROM survey_case`, 3) {
		reply[r[0]+r[1]+r[2]] = true
	}
	written := "'0'"
	if u.db.Dialect() == "postgres" {
		written = "a.xmin::text" // the mark is never written again: it is of the moment of the answer
	}
	var out []heard
	for _, r := range u.texts(`SELECT i.account_id, i.day, i.template, CAST(i.version AS TEXT), CAST(i.expires_at AS TEXT), `+written+`
		FROM survey_invitation i JOIN survey_answered a ON a.invitation_id = i.id WHERE i.state = 'answered'`, 6) {
		v := where[visit{r[0], r[1]}]
		expires, err := strconv.ParseInt(r[4], 10, 64)
		u.must(err)
		first, err := time.ParseInLocation("2006-01", r[1][:7], kst)
		u.must(err)
		xid, err := strconv.ParseInt(r[5], 10, 64)
		u.must(err)
		out = append(out, heard{account: r[0], center: v.CenterID, category: v.Category, machine: v.EquipmentID, month: r[1][:7],
			template: r[2] + r[3], late: expires >= first.AddDate(0, 1, 4).UnixMilli(), reply: reply[r[0]+r[1][:7]+v.EquipmentID], written: xid})
	}
	return out
}

func (u *afterUse) told() []told {
	u.t.Helper()
	written := "'0'"
	if u.db.Dialect() == "postgres" {
		written = "xmin::text"
	}
	var out []told
	for _, r := range u.texts(`SELECT id, center_id, category, equipment_id, month, template, CAST(version AS TEXT), answers, `+written+`
		FROM survey_response WHERE entry = ''`, 9) {
		xid, err := strconv.ParseInt(r[8], 10, 64)
		u.must(err)
		out = append(out, told{id: r[0], center: r[1], category: r[2], machine: r[3], month: r[4], template: r[5] + r[6],
			comment: strings.Contains(r[7], `"comment"`), written: xid})
	}
	return out
}
