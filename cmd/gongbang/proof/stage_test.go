package proof

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongbang/internal/testkit"
	"gongbang/web/api/apitest"
)

const (
	password      = "걷는-고래-일곱-마리"
	passwordOfOne = "하나의-새-비밀-문장" // after the first person changed it
)

// stage is the service with the people of the one-stop flow and a clock that
// the flow moves on by starting the server anew.
type stage struct {
	*service
	t       *testing.T
	server  *server
	address string
	clock   time.Time // of the last start
	record  *apitest.Recorder
	secrets secrets
	redis   *testkit.RedisServer // nil: locks inside the process
	logs    strings.Builder      // of the servers that ended

	anon, one, two, staff, awayStaff, manager, admin caller
	ids                                              map[string]string // login → account
}

// monday is a Monday at 10 in the zone of the catalogs, some days from now and
// not near the end of a month.
func monday() time.Time {
	now := time.Now().In(kst)
	for d := 3; ; d++ {
		day := time.Date(now.Year(), now.Month(), now.Day()+d, 10, 0, 0, 0, kst)
		if day.Weekday() == time.Monday && day.Day() <= 25 {
			return day
		}
	}
}

// stageCatalog has a center with one machine of each kind, and another one for
// people of a group.
func stageCatalog() object {
	home := center("home", "시험 센터", "Test center", object{"slot_minutes": 30, "max_minutes": 240, "capacity": 4},
		machine("cutter", "자동재단기", "Automatic cutter", "cutting", 1),
		machine("sewing", "본봉 재봉기", "Lockstitch machine", "sewing", 8),
		machine("laser", "레이저 각인기", "Laser engraver", "marking", 1, "policy", object{"approval": object{"by": "staff", "answer_within_hours": 24}}),
		machine("auto", "봉제 자동기", "Sewing automat", "sewing", 1, "mode", "operator"),
		machine("studio", "촬영실", "Studio", "studio", 1, "policy", object{"requires_certificate": "studio"}),
		machine("heat", "열전사기", "Heat transfer", "transfer", 2),
		machine("table", "다림대", "Ironing table", "ironing", 2),
	)
	away := center("away", "다른 센터", "Other center", object{"slot_minutes": 30},
		machine("press", "프레스", "Press", "finishing", 1))
	away["closed_on_public_holidays"] = true
	away["eligibility"] = object{"groups": []string{"small"}, "proof": "before_booking"}
	return catalog(home, away)
}

// newStage starts the service on a Monday at 10 and signs everybody in.
func newStage(t *testing.T, postgres bool, redis bool) *stage {
	t.Helper()
	program, err := watched()
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{service: newService(t, "RATE_LIMIT", "on", "LOG", "debug"), t: t, address: freeAddress(t), record: apitest.Record(t, nil), ids: map[string]string{}}
	s.binary = program
	if postgres {
		s.with("DATABASE_URL", testkit.Postgres(t))
	}
	if redis {
		link, server := testkit.Redis(t)
		s.with("REDIS_URL", link)
		s.redis = server
	}
	s.imports(t, stageCatalog())
	for login, role := range map[string][]string{
		"staff@demo.test": {"staff", "home"}, "away@demo.test": {"staff", "away"}, "manager@demo.test": {"manager", "home"}, "admin@demo.test": {"admin"},
	} {
		args := []string{"account", "create", "--email", login, "--name", "직원" + strings.ToUpper(login[:5]), "--role", role[0], "--password-stdin"}
		if len(role) > 1 {
			args = append(args, "--center", role[1])
		}
		s.must(t, password+"\n", args...)
		s.secrets.add("e-mail", login)
		s.secrets.add("name", "직원"+strings.ToUpper(login[:5]))
	}
	s.secrets.add("password", password)
	s.at(monday())
	return s
}

// at starts the server again at another time; what it said before is kept.
func (s *stage) at(clock time.Time) {
	s.t.Helper()
	if s.server != nil {
		s.end()
	}
	s.clock = clock
	s.with("CLOCK", shift(clock))
	s.server = s.startAt(s.t, s.address)
	for _, c := range []*caller{&s.anon, &s.one, &s.two, &s.staff, &s.awayStaff, &s.manager, &s.admin} {
		c.base, c.client = s.server.base, s.record.Client()
	}
}

// end stops the server and looks for secrets in what it said and measured.
func (s *stage) end() {
	s.t.Helper()
	metrics := caller{base: s.server.base}.want(s.t, http.StatusOK, "GET", "/metrics", nil)
	s.secrets.absent(s.t, "/metrics", string(metrics.raw))
	s.server.stop()
	s.logs.WriteString(s.server.said())
	s.server = nil
}

// signIn opens a session by password.
func (s *stage) signIn(c *caller, login, password string) {
	s.t.Helper()
	c.token = ""
	a := c.want(s.t, http.StatusCreated, "POST", "/api/v1/sessions", object{"login": login, "password": password})
	c.token = a.text("token")
	s.secrets.add("session token", c.token)
	if who, ok := a.object["account"].(object); ok {
		s.ids[login], _ = who["id"].(string)
	}
}

// signUp makes an account over HTTP.
func (s *stage) signUp(name, phone, email string, more ...any) {
	s.t.Helper()
	s.secrets.add("name", name)
	s.secrets.add("e-mail", email)
	body := object{"name": name, "phone": s.secrets.phone(phone), "email": email, "password": password,
		"consents": object{"terms": true, "privacy": true, "survey": true}}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	s.anon.want(s.t, http.StatusCreated, "POST", "/api/v1/accounts", body)
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// codeFor waits for the n-th code that was sent to a contact.
func (s *stage) codeFor(contact string, n int) string {
	s.t.Helper()
	var sent []mail
	until(s.t, "a code leaves", func() bool {
		sent = nil
		for _, m := range s.mails(s.t, "account.code", "") {
			if m.To == contact {
				sent = append(sent, m)
			}
		}
		return len(sent) >= n
	})
	return sixDigits.FindString(sent[n-1].Text)
}

var surveyLink = regexp.MustCompile(`/s/([A-Za-z0-9_-]{16,})`)

// invitations are the tokens of all survey invitations that left.
func (s *stage) invitations() []string {
	s.t.Helper()
	var tokens []string
	for _, m := range s.mails(s.t, "survey.invitation", "") {
		if found := surveyLink.FindStringSubmatch(strings.Join(m.Links, " ")); found != nil {
			tokens = append(tokens, found[1])
			s.secrets.add("survey token", found[1])
		}
	}
	return tokens
}

// mailed waits for a message of a kind that tells of a word.
func (s *stage) mailed(kind, word string) {
	s.t.Helper()
	until(s.t, "a "+kind+" message leaves", func() bool { return len(s.mails(s.t, kind, word)) > 0 })
}

// hour is a time on the stage's Monday.
func (s *stage) hour(hour, minute int) time.Time {
	return time.Date(s.clock.Year(), s.clock.Month(), s.clock.Day(), hour, minute, 0, 0, kst)
}
