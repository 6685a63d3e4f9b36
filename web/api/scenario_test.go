package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"gongbang/testdata"
)

// story is one file of testdata/scenarios: a rule set, and what people may and
// may not do under it, in sentences that a center's manager reads and writes.
type story struct {
	Name   string         `yaml:"시설"`
	Facts  string         `yaml:"설명"`
	Preset string         `yaml:"규칙"` // id in policy-presets.json, or
	Policy map[string]any `yaml:"값"`  // policy values
	Units  int            `yaml:"대수"`
	Hours  string         `yaml:"여는 시간"` // "09:00~21:00", every day
	Now    string         `yaml:"지금"`    // "2026-12-10 09:00"
	Lines  []string       `yaml:"이야기"`
}

var storyZone = time.FixedZone("KST", 9*60*60)

// TestScenarios tells every story through the API on both databases.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("../../testdata/scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(err, len(files))
	}
	told := map[string]bool{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s story
		if err := yaml.UnmarshalWithOptions(raw, &s, yaml.DisallowUnknownField()); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		told[s.Preset] = true
		for _, database := range []string{"sqlite", "postgres"} {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml")+" on "+database, func(t *testing.T) { s.tell(t, database) })
		}
	}
	for id := range presets(t) {
		if !told[id] {
			t.Errorf("no story for the rule set %s", id)
		}
	}
}

func presets(t *testing.T) map[string]map[string]any {
	t.Helper()
	var doc struct {
		Presets []struct {
			ID     string
			Policy map[string]any
		}
	}
	if err := json.Unmarshal(testdata.Presets, &doc); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]any{}
	for _, p := range doc.Presets {
		out[p.ID] = p.Policy
	}
	return out
}

func (s story) tell(t *testing.T, database string) {
	now, err := time.ParseInLocation("2006-01-02 15:04", s.Now, storyZone)
	if err != nil {
		t.Fatal(err)
	}
	h := openStory(t, database, now)
	h.imports(s)
	policy := s.Policy
	if s.Preset != "" {
		policy = presets(t)[s.Preset]
	}
	missing := h.rules(policy)
	for n, line := range s.Lines {
		if need, rest, ok := strings.Cut(strings.TrimPrefix(line, "["), "] "); ok && strings.HasPrefix(line, "[") {
			if line = rest; missing[need] {
				t.Logf("line %d needs %s, which is not enforced yet: %s", n+1, need, line)
				continue
			}
		}
		if err := h.line(line); err != nil {
			t.Fatalf("line %d: %s\n%v", n+1, line, err)
		}
	}
}

// The sentences of a story. A time is "12월 16일 10:00", a span "12월 16일 10:00~12:00".
const (
	someone = `(\S+?)(?:이|가)`
	instant = `(\d+월 \d+일 \d+:\d+)`
	period  = `(\d+월 \d+일) (\d+:\d+)~(\d+:\d+)`
)

var grammar = []struct {
	sentence *regexp.Regexp
	do       func(h *storyHouse, m []string) error
}{
	{regexp.MustCompile(`^` + someone + ` ` + period + `을 예약한다(?: \((.+)\))? → (.+)$`), (*storyHouse).book},
	{regexp.MustCompile(`^` + someone + ` ` + instant + ` 예약을 ` + period + `으로 옮긴다 → (.+)$`), (*storyHouse).move},
	{regexp.MustCompile(`^` + someone + ` (?:(\S+)의 )?` + instant + ` 예약을 (취소한다|미방문으로 바꾼다|입실 확인한다|확정한다|거절한다) → (.+)$`), (*storyHouse).act},
	{regexp.MustCompile(`^(\S+)의 ` + instant + ` 예약은 (.+)이다$`), (*storyHouse).isNow},
	{regexp.MustCompile(`^` + instant + `이 된다$`), (*storyHouse).becomes},
	{regexp.MustCompile(`^` + instant + `까지 시간이 흐른다$`), (*storyHouse).flows},
	{regexp.MustCompile(`^규칙에 "(.+)" 문장이 있다$`), (*storyHouse).says},
	{regexp.MustCompile(`^` + someone + ` ` + period + `에 센터를 닫는다 → (.+)$`), (*storyHouse).closes},
	{regexp.MustCompile(`^` + someone + ` 규칙을 (\{.+\})로 바꾼다(?: \(` + instant + `부터\))? → (.+)$`), (*storyHouse).changesRules},
}

func (h *storyHouse) line(line string) error {
	for _, g := range grammar {
		if m := g.sentence.FindStringSubmatch(line); m != nil {
			return g.do(h, m[1:])
		}
	}
	return fmt.Errorf("nobody understands this sentence")
}

// moment reads "12월 16일 10:00" in the year of the story; January after December is the next one's.
func (h *storyHouse) moment(s string) time.Time {
	t, err := time.ParseInLocation("2006년 1월 2일 15:04", fmt.Sprintf("%d년 %s", h.now.In(storyZone).Year(), strings.Replace(s, "24:00", "00:00", 1)), storyZone)
	if err != nil {
		h.t.Fatal(err)
	}
	if strings.HasSuffix(s, "24:00") {
		t = t.AddDate(0, 0, 1)
	}
	if t.Before(h.now.AddDate(0, -6, 0)) {
		t = t.AddDate(1, 0, 0)
	}
	return t
}

func (h *storyHouse) span(day, from, to string) map[string]any {
	return map[string]any{"starts_at": h.moment(day + " " + from).Format(time.RFC3339), "ends_at": h.moment(day + " " + to).Format(time.RFC3339)}
}

// words are how a story calls what came out.
var words = map[string]string{"confirmed": "확정", "pending": "승인 대기", "cancelled": "취소", "rejected": "거절됨", "no_show": "미방문",
	"checked_in": "이용 중", "completed": "이용 완료"}

// outcome compares an answer with "확정", "확정 2호기" or "거절: limit".
func outcome(status int, body map[string]any, want string) error {
	got := words[fmt.Sprint(body["status"])]
	if status >= 400 {
		codes := []string{}
		for _, v := range objects(body["violations"]) {
			codes = append(codes, fmt.Sprint(v["code"]))
		}
		if len(codes) == 0 {
			codes = append(codes, fmt.Sprint(body["code"]))
		}
		got = "거절: " + strings.Join(codes, " ")
	} else if strings.HasSuffix(want, "호기") {
		got += fmt.Sprintf(" %v호기", body["unit"])
	}
	if got != want {
		return fmt.Errorf("came out as %q: %d %v", got, status, body)
	}
	return nil
}

var due = regexp.MustCompile(`^납기 (\d+)월 (\d+)일$`)

func (h *storyHouse) book(m []string) error {
	who, owner := m[0], m[0]
	req := h.span(m[1], m[2], m[3])
	req["equipment_id"] = "machine"
	for _, note := range strings.Split(m[4], ", ") {
		var n int
		switch d := due.FindStringSubmatch(note); {
		case note == "":
		case d != nil:
			req["job"] = map[string]any{"what": "맡긴 일", "due_date": h.moment(strings.TrimPrefix(note, "납기 ") + " 00:00").Format("2006-01-02")}
		case strings.HasSuffix(note, " 대신"):
			owner = strings.TrimSuffix(note, " 대신")
			req["for"] = map[string]any{"account_id": h.citizen(owner).ID}
		default:
			if k, err := fmt.Sscanf(note, "%d호기", &n); k != 1 || err != nil {
				return fmt.Errorf("nobody understands (%s)", note)
			}
			req["unit"] = n
		}
	}
	status, body := h.call(who, "POST", "/bookings", req)
	if status == http.StatusCreated {
		h.ids[owner+" "+m[1]+" "+m[2]] = fmt.Sprint(body["id"])
	}
	return outcome(status, body, m[5])
}

func (h *storyHouse) find(who, at string) (string, error) {
	id, ok := h.ids[who+" "+at]
	if !ok {
		return "", fmt.Errorf("%s has no booking at %s", who, at)
	}
	return id, nil
}

func (h *storyHouse) move(m []string) error {
	id, err := h.find(m[0], m[1])
	if err != nil {
		return err
	}
	_, is := h.call(m[0], "GET", "/bookings/"+id, nil)
	req := h.span(m[2], m[3], m[4])
	req["version"] = is["version"]
	status, body := h.call(m[0], "PATCH", "/bookings/"+id, req)
	if status == http.StatusOK {
		h.ids[m[0]+" "+m[2]+" "+m[3]] = id
	}
	return outcome(status, body, m[5])
}

var verbs = map[string]string{"취소한다": "cancel", "미방문으로 바꾼다": "no-show", "입실 확인한다": "check-in", "확정한다": "approve", "거절한다": "reject"}

func (h *storyHouse) act(m []string) error {
	owner := m[1]
	if owner == "" {
		owner = m[0]
	}
	id, err := h.find(owner, m[2])
	if err != nil {
		return err
	}
	req := map[string]any{}
	if owner != m[0] && (m[3] == "취소한다" || m[3] == "거절한다") {
		req["reason"] = "이야기"
	}
	status, body := h.call(m[0], "POST", "/bookings/"+id+"/"+verbs[m[3]], req)
	return outcome(status, body, m[4])
}

func (h *storyHouse) isNow(m []string) error {
	id, err := h.find(m[0], m[1])
	if err != nil {
		return err
	}
	status, body := h.call(m[0], "GET", "/bookings/"+id, nil)
	return outcome(status, body, m[2])
}

func (h *storyHouse) becomes(m []string) error {
	h.now = h.moment(m[0])
	return nil
}

func (h *storyHouse) flows(m []string) error {
	h.pass(h.moment(m[0]))
	return nil
}

func (h *storyHouse) says(m []string) error {
	_, body := h.call("관리자", "GET", "/equipment/machine/policy", nil)
	text, _ := body["policy_text"].(map[string]any)
	for _, s := range text["ko"].([]any) {
		if strings.Contains(fmt.Sprint(s), m[0]) {
			return nil
		}
	}
	return fmt.Errorf("it says %v", text["ko"])
}

// closes and changesRules compare with how many bookings were hit: "예약 2건".
func (h *storyHouse) closes(m []string) error {
	s := h.span(m[1], m[2], m[3])
	status, body := h.call(m[0], "POST", "/closures", map[string]any{"scope": "center:center", "from": s["starts_at"], "to": s["ends_at"], "reason": "이야기"})
	return hits(status, body, m[4])
}

func (h *storyHouse) changesRules(m []string) error {
	var policy map[string]any
	if err := json.Unmarshal([]byte(m[1]), &policy); err != nil {
		return err
	}
	req := map[string]any{"policy": policy}
	if m[2] != "" {
		req["effective_from"] = h.moment(m[2]).Format(time.RFC3339)
	}
	status, body := h.call(m[0], "PUT", "/equipment/machine/policy", req)
	return hits(status, body, m[3])
}

func hits(status int, body map[string]any, want string) error {
	if status >= 400 {
		return outcome(status, body, want)
	}
	if got := fmt.Sprintf("예약 %d건", len(objects(body["affected"]))); got != want {
		return fmt.Errorf("came out as %q: %v", got, body)
	}
	return nil
}
