package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/store"
	"gongbang/web/api/apitest"
)

// script is text that a page must never give back as it is.
const script = `<script>proof(1)</script>"><img src=x onerror=proof(1)>`

// hostileValues are written, as JSON, into every field of every body.
func hostileValues() []raw {
	texts := []string{
		"", " ", "\t\n", "NaN", "Infinity", "-1", "1e9", "null", "%00", "../../../etc/passwd", "{{.}}", "${jndi:x}", script,
		"'; DROP TABLE booking; --", `" OR 1=1 --`, "=HYPERLINK(\"http://demo.test\")", "\x07\x1b[31mred\x7f", "\u202e\u2066מחיר\u2069", "한국어 이름과 긴 설명", "👩‍🔧🧵🇰🇷", "e\u0301\u0301\u0301\u0301", "\ufeff\u200b",
		strings.Repeat("가", 6000), strings.Repeat("a\u0301", 3000), strings.Repeat("9", 400),
		"0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2030-02-30T10:00:00+09:00", "2030-01-07T24:00:00+09:00", "2030-01-07T10:00:00+99:99", "2030-01-07T10:00:00", "+292277026596-12-04T15:30:07Z",
		"0000-00-00", "9999-12-31", "2030-02-30", "2030-1-7", "admin@demo.test", "010-0000-0000", "+1 (555) 010-9999", "race", "row",
	}
	values := []raw{`null`, `true`, `false`, `0`, `1`, `-1`, `1.5`, `1e2`, `1e400`, `-0`, `2147483648`, `-9223372036854775809`, `99999999999999999999999`,
		`[]`, `[[]]`, `[null]`, `["a","a"]`, `{}`, `{"a":1}`, `{"":null}`, `"\u0000"`, `"a\u0000b"`, `"\ud800"`, `"\udfff\ud800"`,
		raw(strings.Repeat(`[`, 12) + strings.Repeat(`]`, 12)), raw(`{"$ref":"#/"}`), raw(`[` + strings.Repeat(`"x",`, 2000) + `"x"]`)}
	for _, text := range texts {
		doc, _ := json.Marshal(text)
		values = append(values, raw(doc))
	}
	return values
}

// hostileBodies are sent as they are.
func hostileBodies() []raw {
	return []raw{``, ` `, `null`, `true`, `1`, `"text"`, `[]`, `[{}]`, `{`, `}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `{'a':1}`, `{"a":NaN}`, `{"a":Infinity}`, `{"a":01}`, `{"a":+1}`,
		`{} {}`, `{}garbage`, `{"a":1}/*c*/`, "\xef\xbb\xbf{}", "{\"a\":\"\xff\xfe\"}", "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"\x01\"}", "{\"a\u0000\":1}", `{"id":1,"id":2}`, `{"unknown_field":1}`, `{"__proto__":{}}`,
		raw(strings.Repeat(`{"a":`, 5000) + `1` + strings.Repeat(`}`, 5000)), raw(strings.Repeat(`[`, 30_000)),
		raw(`{"a":"` + strings.Repeat("x", 64<<10-8) + `"}`), raw(`{"a":"` + strings.Repeat("x", 64<<10-7) + `"}`), raw(`{` + strings.Repeat(" ", 64<<10) + `}`)}
}

// hostileFiles are sent as CSV.
func hostileFiles() []raw {
	return []raw{"", "\n", ",", "\ufeff", "\xff\xfe", "key", "phone,key", "phone,key\n", "phone,phone,key\n1,2,3", "phone,key,x\n1", "email,key\n\"", "email,key\n\"a\"b,c", "email,key\na\x00b@demo.test,k",
		"email,key\n" + script + "," + script, "email,key\n=1+1,studio", "email,key,expires\nnobody@demo.test,studio,9999-99-99", "email,key,expires\nnobody@demo.test,studio,0000-01-01", "email,key,center\nnobody@demo.test,studio,none",
		raw("email,key\n" + strings.Repeat("nobody@demo.test,studio\n", 5001)), raw("email," + strings.Repeat("key,", 10_000)), raw(strings.Repeat("a", 1<<20))}
}

// siege is a server under hostile clients.
type siege struct {
	t *testing.T
	*house
	client *http.Client
	admin  person
	people []person
	db     *store.DB
	asked  atomic.Int64
	legal  atomic.Int64
	mu     sync.Mutex
	tokens []string // of surveys
	slot   atomic.Int64
	outage string
	series string // one outage of it
	firm   string // claimed by people[2]
	feed   string // of people[2]
	askers []person
	ask    atomic.Int64 // questions so far
}

// TestHostileInput sends every kind of broken and hostile body to every route
// that takes one, and hostile values to every query. All are refused as the
// client's mistake with a code, or legal; the server never fails.
func TestHostileInput(t *testing.T) {
	t.Parallel()
	s := newSiege(t)
	list := operations(t)
	work := make(chan func())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for f := range work {
				f()
			}
		})
	}
	for _, o := range list {
		if o.method == http.MethodGet {
			work <- func() { s.queries(o) }
			continue
		}
		work <- func() { s.bodies(o) }
	}
	close(work)
	all.Wait()
	p := s.servers[0]
	last := s.as(s.people[2]).want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("one", ahead(3, 0, 0), 60, "purpose", script))
	until(t, "the last mail leaves", func() bool { return len(s.mails(t, "booking.confirmed", last.text("code"))) > 0 })
	s.crawl()
	p.stop()
	for line := range strings.Lines(p.said()) {
		if strings.Contains(line, `"level":"ERROR"`) {
			t.Errorf("the log says: %s", tail(line, 2000))
			break
		}
	}
	s.holds(t)
	t.Logf("%d hostile requests to %d operations: %d were legal, the rest was refused with 4xx and a code", s.asked.Load(), len(list), s.legal.Load())
	if s.asked.Load() < 5000 {
		t.Error("that is too few to prove anything")
	}
}

func newSiege(t *testing.T) *siege {
	t.Helper()
	doc := raceCatalog()
	home := doc["centers"].([]object)[0]
	home["equipment"] = append(home["equipment"].([]object), machine("auto", "봉제 자동기", "Sewing automat", "sewing", 64, "mode", "operator"))
	doc["centers"] = append(doc["centers"].([]object), spares()...)
	s := &siege{t: t, house: topology{processes: 1}.rise(t, doc), client: apitest.Record(t, many().Transport).Client()}
	s.people = s.citizens(t, 5)
	s.admin = s.people[3]
	s.askers = s.citizens(t, 80)
	s.db = s.open(t, time.Now)
	_, err := store.NewAccounts(s.db).Do(t.Context(), func(ctx context.Context, tx account.Tx) (any, error) {
		return nil, tx.SetGrants(ctx, s.admin.id, []account.Grant{{Role: account.Admin}})
	})
	if err != nil {
		t.Fatal(err)
	}
	as := s.as(s.admin)
	for _, p := range s.people {
		s.as(p).want(t, http.StatusOK, "PATCH", "/api/v1/me", object{"name": script})
	}
	made := as.want(t, http.StatusCreated, "POST", "/api/v1/equipment/row/outages", object{"from": stamp(ahead(13, 0, 0)), "to": stamp(ahead(13, 1, 0)), "reason": script, "kind": "fault", "unit": 8})
	s.outage = made.text("id")
	from := ahead(20, 1, 0)
	s.series = as.want(t, http.StatusCreated, "POST", "/api/v1/equipment/row/outages", object{"from": stamp(from), "to": stamp(from.Add(time.Hour)), "reason": script, "kind": "maintenance",
		"unit": 8, "repeat": object{"every": "week", "until": from.AddDate(0, 0, 28).Format(time.DateOnly)}}).text("id")
	s.firm = s.as(s.people[2]).want(t, http.StatusOK, "PUT", "/api/v1/me/firm", object{"name": script, "business_number": "123-45-67891"}).text("id")
	s.feed = path.Base(s.as(s.people[2]).want(t, http.StatusCreated, "POST", "/api/v1/me/feeds", object{}).text("url"))
	for i := range 6 {
		in := as.want(t, http.StatusCreated, "POST", "/api/v1/desk/race/walk-ins", object{"equipment_id": "row", "minutes": 5, "name": script, "phone": fmt.Sprintf("010-5000-%04d", i), "consent": "counter"})
		as.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+in.text("id")+"/finish", object{})
	}
	until(t, "the invitations leave", func() bool {
		s.tokens = nil
		for _, m := range s.mails(t, "survey.invitation", "") {
			s.tokens = append(s.tokens, surveyLink.FindStringSubmatch(strings.Join(m.Links, " "))[1])
		}
		return len(s.tokens) == 6
	})
	return s
}

// spares are for operations that change what is offered: whatever is legal of
// their bodies must not change what the others attack.
func spares() []object {
	return []object{
		center("edited", "고치는 센터", "Edited center", object{"slot_minutes": 30}, machine("edited-one", "편집기", "Editor", "cutting", 1)),
		center("spare", "여벌 센터", "Spare center", object{"slot_minutes": 30},
			machine("changed", "바뀌는 장비", "Changed machine", "cutting", 1), machine("ruled", "규칙 장비", "Ruled machine", "cutting", 1)),
	}
}

func (s *siege) as(p person) caller { return caller{s.servers[0].base, p.token, s.client} }

// who sends to a route: an admin, who may everything, and for what ends
// sessions or changes the caller somebody else, with a session of its own.
func (s *siege) who(o operation) caller {
	switch {
	case o.path == "/api/v1/inquiries":
		return s.as(s.asker())
	case strings.HasPrefix(o.path, "/api/v1/me/strikes"):
		return s.as(s.people[2])
	case o.path == "/api/v1/me/feeds/{id}":
		return s.as(s.people[4])
	case !strings.HasPrefix(o.path, "/api/v1/me") && o.path != "/api/v1/sessions/current":
		return s.as(s.admin)
	}
	return s.as(s.signedIn())
}

// signedIn is somebody with a fresh session.
func (s *siege) signedIn() person {
	p := person{s.people[0].id, randomText(32)}
	_, err := store.NewAccounts(s.db).Do(s.t.Context(), func(ctx context.Context, tx account.Tx) (any, error) { return nil, openSession(ctx, tx, p) })
	if err != nil {
		s.t.Error(err)
	}
	return p
}

// asker is who may ask one more question today.
func (s *siege) asker() person { return s.askers[int(s.ask.Add(1)-1)/5%len(s.askers)] }

// bodies attacks one route: every hostile value in every field, then every
// broken body, with a fresh thing whenever something was legal.
func (s *siege) bodies(o operation) {
	who, path := s.who(o), s.thing(o)
	base, _ := today(o.example).(object)
	if o.path == "/api/v1/closures" {
		base["scope"] = "center:spare"
	}
	attack := func(body raw, headers ...string) {
		a := s.send(who, o, path, body, headers...)
		if a.status >= 200 && a.status < 300 {
			s.legal.Add(1)
			who, path = s.who(o), s.thing(o)
			if base["version"] != nil {
				base["version"] = a.object["version"]
			}
		}
	}
	for _, body := range hostileBodies() {
		attack(body)
	}
	step := scale(4, 1) // at scale 1 each field meets every fourth value, and each value every fourth field
	for f, at := range o.fields {
		for v, value := range hostileValues() {
			if (f+v)%step != 0 {
				continue
			}
			doc, err := json.Marshal(place(base, at, json.RawMessage(value)))
			if err != nil {
				s.t.Errorf("%s %v: %v", o.path, at, err)
				return
			}
			attack(raw(doc))
		}
	}
	for _, times := range [][2]time.Time{{ahead(2, 11, 0), ahead(2, 10, 0)}, {ahead(2, 10, 0), ahead(2, 10, 0)}, {ahead(-30, 10, 0), ahead(-30, 11, 0)}, {ahead(2, 10, 0), ahead(40_000, 10, 0)},
		{ahead(2_000_000, 0, 0), ahead(2_000_000, 1, 0)}, {ahead(2, 10, 0), ahead(2, 10, 0).Add(time.Second)}} {
		for _, names := range [][2]string{{"starts_at", "ends_at"}, {"from", "to"}, {"from", "expected_until"}} {
			body, _ := place(place(base, names[:1], stamp(times[0])), names[1:], stamp(times[1])).(object)
			doc, _ := json.Marshal(body)
			attack(raw(doc))
		}
	}
	if o.path == "/api/v1/certificates/import" {
		right := raw("email,key\r\n" + s.askers[0].id + "@demo.test,studio\r\n")
		for _, file := range append(hostileFiles(), right) {
			attack(file, "Content-Type", "text/csv")
		}
	}
	whole, _ := json.Marshal(base)
	for _, kind := range []string{"", "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=euc-kr", "application/json;;", "*/*"} {
		attack(raw(whole), "Content-Type", kind)
	}
	for _, key := range []string{"", strings.Repeat("k", 129), "열쇠", "a\tb", "'; --"} {
		attack(raw(whole), "Idempotency-Key", key)
	}
	for _, token := range []string{"Bearer", "Bearer ", "Basic YTpi", "Bearer " + strings.Repeat("A", 43), "Bearer " + strings.Repeat("A", 5000), "Bearer \u00ff", "bearer x y"} {
		if a := s.send(who, o, path, raw(whole), "Authorization", token); a.status != http.StatusUnauthorized {
			s.t.Errorf("%s %s with %.20q answers %d", o.method, o.path, token, a.status)
		}
	}
}

// send asks and judges: legal, or a refusal with a code; the recorder holds
// the answer to the contract.
func (s *siege) send(who caller, o operation, path string, body raw, headers ...string) answer {
	s.asked.Add(1)
	a, err := who.try(s.t.Context(), o.method, path, body, headers...)
	switch {
	case err != nil:
		s.t.Errorf("%s %s with %.300q: %v", o.method, o.path, body, err)
	case a.status >= 500 || a.status < 200:
		s.t.Errorf("%s %s with %.300q answers %d: %.300s", o.method, o.path, body, a.status, a.raw)
	case a.status >= 400 && a.code == "":
		s.t.Errorf("%s %s with %.300q answers %d without a code: %.300s", o.method, o.path, body, a.status, a.raw)
	}
	return a
}

// queries attacks the query of one route.
func (s *siege) queries(o operation) {
	if o.path == "/api/v1/events" { // what is let in does not end
		o.queries = []string{"none"}
	}
	who, path := s.as(s.admin), s.thing(o)
	list := []string{"surely_unknown=1", "%zz=1", "a=1;b=2", "=", "&&&", "limit=1&limit=2", strings.Repeat("a=1&", 500)}
	step := scale(4, 1)
	for f, name := range o.queries {
		for v, value := range hostileValues() {
			if (f+v)%step != 0 {
				continue
			}
			var text string
			if json.Unmarshal([]byte(value), &text) != nil {
				text = string(value)
			}
			if len(text) < 3000 {
				list = append(list, name+"="+escape(text))
			}
		}
		list = append(list, name, name+"=%ff%fe", name+"=%ed%a0%80", name+"=a&"+name+"=b", name+"[]=1", name+"=%00")
	}
	for _, q := range list {
		s.send(who, o, path+"?"+q, "")
	}
	for _, id := range []string{"%00", "%ff", "..", "%2e%2e%2fetc", "a%2fb", strings.Repeat("a", 4000), "%ED%95%9C%EA%B8%80", escape(script)} {
		if strings.Contains(o.path, "{") {
			before, _, _ := strings.Cut(o.path, "{")
			_, after, _ := strings.Cut(o.path, "}")
			s.send(who, operation{method: o.method, path: o.path}, before+id+strings.NewReplacer("{oid}", s.outage).Replace(after), "")
		}
	}
}
