package page_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/notify"
	"gongbang/store"
	"gongbang/web/page"
	"gongbang/web/page/pagetest"
)

func TestMyInformation(t *testing.T) {
	s := pagetest.New(t)
	until := s.At(400, 0, 0)
	ctx := context.Background()
	citizen := s.Actor(pagetest.Citizen)
	if _, err := s.Accounts.AddCertificate(ctx, s.Actor(pagetest.Staff), "", citizen.ID, account.NewCertificate{Key: "cutting", Basis: account.FromCard, ValidUntil: &until}); err != nil {
		t.Fatal(err)
	}
	c := s.As(pagetest.Citizen)
	p := c.Get("/me").Is(200).Has("시민1", "010-0000-1001", "재단", "이수증 확인", "유효", "2031. 2. 11.(화)까지", "개인정보 수집 및 이용", account.ConsentVersion)
	form := p.Form("/me/contact")
	if form.Get("channels") != "email.sms" || form.Get("locale") != "ko" {
		t.Errorf("%v", form)
	}
	p = c.Post("/me/contact", with(form, "phone", "1", "name", "<b>")).Is(422).Has(`value="&lt;b&gt;"`, `value="1"`, "전화번호는 숫자 10~11자리로", `href="#f-phone"`)
	c.Post("/me/contact", with(p.Form("/me/contact"), "name", "새 이름", "phone", "010-0000-3003", "channels", "sms", "locale", "en")).Is(303)
	p = c.Get("/me").Has("저장했습니다.", "새 이름", "010-0000-3003", "확인되지 않음")
	if form = p.Form("/me/contact"); form.Get("channels") != "sms" || form.Get("locale") != "en" {
		t.Errorf("%v", form)
	}
	to := c.Post("/me/code", url.Values{"kind": {"phone"}}).To()
	p = c.Get(to).Is(200).Has("인증 번호를 보냈습니다.")
	c.Post("/me/verify", with(p.Form("/me/verify"), "code", "000000")).Is(422).Has("인증 번호가 맞지 않거나", `name="code"`)
	c.Post("/me/verify", with(p.Form("/me/verify"), "code", s.Code())).Is(303)
	c.Get("/me").Lacks("확인되지 않음")
}

func TestMyGroupsAndConsents(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	c.Post("/me/groups", url.Values{"groups": {"no-such-group"}}).Is(422)
	c.Post("/me/groups", url.Values{"groups": {"citizen"}}).Is(303)
	c.Get("/me").Has("부산시민", "알려 주심").Lacks(`value="citizen"`)
	c.Post("/me/consent", url.Values{}).Is(303)
	c.Get("/me").Has("동의하지 않음")
	c.Post("/me/consent", url.Values{"survey": {"yes"}}).Is(303)
	c.Get("/me").Lacks("동의하지 않음")
}

// TestMyDevices: each is listed with its own button; another one, or all others, can be ended.
func TestMyDevices(t *testing.T) {
	s := pagetest.New(t)
	s.Password(pagetest.Citizen)
	enter := func() *pagetest.Client {
		c := s.As(pagetest.Nobody)
		c.Post("/sign-in", with(c.Get("/sign-in?by=password").Form("/sign-in"), "login", "citizen@demo.test", "password", pagetest.DemoPassword)).To()
		s.Clock.Add(time.Minute)
		return c
	}
	lost, here, third := enter(), enter(), enter()
	p := here.Get("/me").Is(200).Has("이 기기", "다른 기기 모두 로그아웃", "1. 8.(화) 오전 10:05에 로그인")
	var ends []string
	for _, f := range p.Elements("form") {
		if a := pagetest.Attr(f, "action"); strings.HasSuffix(a, "/end") {
			ends = append(ends, a)
		}
	}
	if len(ends) != 2 {
		t.Fatalf("forms %v", ends)
	}
	s.As(pagetest.Citizen2).Post(ends[1], nil).Is(404)
	here.Post(ends[1], nil).Follow().Is(200).Has("그 기기에서 로그아웃했습니다")
	lost.Get("/me").Is(303)
	third.Get("/me").Is(200)
	here.Post("/me/sessions/end-others", nil).Follow().Is(200).Has("다른 기기에서 모두 로그아웃했습니다").Lacks("다른 기기 모두 로그아웃")
	third.Get("/me").Is(303)
	here.Get("/en/me").Is(200).Has("This device")
}

func TestMyPassword(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	c.Post("/me/password", with(c.Get("/me").Form("/me/password"), "password", "12345678")).Is(422).Has("비밀번호")
	c.Post("/me/password", with(c.Get("/me").Form("/me/password"), "password", "a longer secret")).Is(303)
	form := c.Get("/me").Has("비밀번호를 바꿨습니다").Form("/me/password")
	if !form.Has("current") {
		t.Error("the current password is not asked for")
	}
	c.Post("/me/password", with(form, "current", "wrong wrong", "password", "another secret")).Is(422).Has("지금 비밀번호가 맞지 않습니다").Lacks("another secret")
}

func TestMailboxEscapes(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Demo: true})
	s.Mail.Put(notify.Message{At: time.Unix(0, 0), To: "a@demo.test", Kind: "account.code", Subject: "<script>alert(1)</script>",
		Text: "첫 줄\n<img src=x onerror=1>", Links: []string{"http://gongbang.test/s/x", "javascript:alert(1)"}})
	p := s.As(pagetest.Nobody).Get("/demo/messages").Is(200).Has("&lt;script&gt;", "&lt;img", `href="http://gongbang.test/s/x"`)
	p.Lacks("<script>alert", "<img", "javascript:")
}

// TestPrivacyNamesEveryColumn: what the page says is kept is what the database
// keeps. A new column about people has to be told here too.
func TestPrivacyNamesEveryColumn(t *testing.T) {
	s := pagetest.New(t)
	p := s.As(pagetest.Nobody).Get("/privacy").Is(200)
	p.Has("데이터베이스 파일을 가진 사람이 답변과 보낸 사람을 이을 수 있습니다")
	s.As(pagetest.Nobody).Get("/en/privacy").Has("whoever has the database file can link an answer")
	told := map[string]bool{}
	for _, h := range page.HeldColumns() {
		for _, c := range h.Columns {
			told[c] = true
			p.Has(c)
		}
	}
	// Ids, times of rows and what only says how a row is used tell nothing about a person by themselves.
	silent := regexp.MustCompile(`\.(id|account_id|firm_id|kind|purpose|created_at|expires_at|used_at|hour_start|sent|tries|last_at|demo|closed_at|confirmed_center|issued_center|center_id|audit_seq|version|unit|busy_until|occupies|counted|origin|answer_by|survey_at|equipment_id|category|closed|rule|visit_id|used_until|template|reason|generation|token_hash|tie|desk|delivered|blurred|due_at|remind_at|lease_until|state|day|seq|request|key|tries|done_at|dead_at|last_error|in_use_from)$`)
	tables := []string{"account", "session", "sign_in_code", "sign_in_failure", "account_group", "certificate", "consent", "firm", "firm_claim", "role_grant",
		"booking", "strike", "survey_visit", "survey_invitation", "survey_case", "survey_link", "inquiry", "audit", "audit_reason", "outbox", "left_phone", "calendar_feed"}
	have := map[string]bool{}
	for _, table := range tables {
		for _, column := range columns(t, s.DB, table) {
			name := table + "." + column
			have[name] = true
			if !told[name] && !silent.MatchString(name) {
				t.Errorf("the privacy page does not name %s", name)
			}
		}
	}
	for name := range told {
		if !have[name] {
			t.Errorf("the privacy page names %s, which the database does not have", name)
		}
	}
}

func columns(t *testing.T, db *store.DB, table string) []string {
	t.Helper()
	list, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) ([]string, error) {
		rows, err := tx.Query(ctx, "SELECT name FROM pragma_table_info($1) LIMIT 100", table)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		var list []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return nil, err
			}
			list = append(list, name)
		}
		return list, rows.Err()
	})
	if err != nil || len(list) == 0 {
		t.Fatalf("%s: %d columns, %v", table, len(list), err)
	}
	return list
}

// TestLocales: both languages have the same keys (.one is English plural
// alone), and no template asks for a key that is not there.
func TestLocales(t *testing.T) {
	by := map[string]map[string]string{"ko": {}, "en": {}}
	entries, err := os.ReadDir("locale")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		raw, err := os.ReadFile("locale/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		var part map[string]string
		if err := json.Unmarshal(raw, &part); err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		for k, v := range part {
			l := e.Name()[:2]
			if _, twice := by[l][k]; twice {
				t.Errorf("%s: %q stands twice", e.Name(), k)
			}
			by[l][k] = v
		}
	}
	for k := range by["ko"] {
		en, ok := by["en"][k]
		if !ok {
			t.Errorf("%q has no English", k)
		}
		if hangul.MatchString(en) {
			t.Errorf("%q: the English is %q", k, en)
		}
	}
	for k := range by["en"] {
		if _, ok := by["ko"][k]; !ok && !strings.HasSuffix(k, ".one") {
			t.Errorf("%q has no Korean", k)
		}
	}
	asked := regexp.MustCompile(`\.T "([^"]+)"`)
	err = fs.WalkDir(os.DirFS("."), "templates", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(name)
		for _, m := range asked.FindAllStringSubmatch(string(raw), -1) {
			if _, ok := by["ko"][m[1]]; !ok {
				t.Errorf("%s asks for %q", name, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func giveCertificate(t *testing.T, s *pagetest.Site, who pagetest.Who, key string) {
	t.Helper()
	if _, err := s.Accounts.AddCertificate(context.Background(), s.Actor(pagetest.Admin), "", s.Actor(who).ID, account.NewCertificate{Key: key, Basis: account.FromCourse}); err != nil {
		t.Fatal(err)
	}
}
