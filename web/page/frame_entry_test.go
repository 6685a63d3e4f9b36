package page_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongbang/web/page/pagetest"
)

func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

func TestSignInByCode(t *testing.T) {
	s := pagetest.New(t)
	s.Actor(pagetest.Citizen)
	c := s.As(pagetest.Nobody)
	p := c.Get("/en/me").Follow()
	p.Is(200).Has("Sign in")
	p = c.Post("/en/sign-in/code", with(p.Form("/en/sign-in/code"), "login", "010-0000-1001")).Is(200).Has(`autocomplete="one-time-code"`, `inputmode="numeric"`, "autofocus")
	form := p.Form("/en/sign-in")
	p = c.Post("/en/sign-in", with(form, "code", "000000")).Is(401)
	p.Has("The code is wrong or too old", `aria-invalid="true"`, `aria-describedby="f-code-hint f-code-error"`)
	if got := c.Post("/en/sign-in", with(p.Form("/en/sign-in"), "code", s.Code())).To(); got != "/en/me" {
		t.Errorf("leads to %q", got)
	}
	c.Get("/en/me").Is(200).Has("010-0000-1001")
}

// TestSignInTellsNobody: who is not known sees the same as who is.
func TestSignInTellsNobody(t *testing.T) {
	s := pagetest.New(t)
	s.Actor(pagetest.Citizen)
	known := s.As(pagetest.Nobody).Post("/sign-in/code", url.Values{"login": {"citizen@demo.test"}}).Is(200)
	unknown := s.As(pagetest.Nobody).Post("/sign-in/code", url.Values{"login": {"nobody1@demo.test"}}).Is(200)
	if strings.ReplaceAll(known.Body, "citizen@demo.test", "nobody1@demo.test") != unknown.Body {
		t.Error("the two pages differ")
	}
	bad := s.As(pagetest.Nobody).Post("/sign-in/code", url.Values{"login": {"no contact"}}).Is(422)
	bad.Has("휴대폰 번호는 숫자 10~11자리로", `value="no contact"`, `href="#f-login"`)
}

func TestSignInByPassword(t *testing.T) {
	s := pagetest.New(t)
	s.Password(pagetest.Staff)
	c := s.As(pagetest.Nobody)
	p := c.Get("/sign-in?by=password&next=%2Fguide").Is(200)
	form := with(p.Form("/sign-in"), "login", "staff@demo.test", "password", "wrong-wrong")
	p = c.Post("/sign-in", form).Is(401).Has("연락처나 비밀번호가 맞지 않습니다", `value="staff@demo.test"`).Lacks("wrong-wrong")
	if got := c.Post("/sign-in", with(p.Form("/sign-in"), "password", pagetest.DemoPassword)).To(); got != "/guide" {
		t.Errorf("leads to %q", got)
	}
	if got := c.Get("/sign-in?next=%2Fguide").To(); got != "/guide" {
		t.Errorf("who is signed in is led to %q", got)
	}
	if got := c.Post("/sign-out", nil).To(); got != "/" {
		t.Error(got)
	}
	c.Get("/").Has("로그아웃했습니다.")
	c.Get("/").Lacks("로그아웃했습니다.")
	c.Get("/me").Is(303)
}

func TestNextStaysHere(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	for next, want := range map[string]string{"https://evil.test/": "/", "//evil.test": "/", "/\\evil.test": "/", "javascript:alert(1)": "/", "": "/",
		"/me?a=b": "/me?a=b", "/en/me": "/me", "/%2f%2fevil.test": "//evil.test"} {
		got := c.Get("/sign-in?next=" + url.QueryEscape(next)).To()
		if want == "//evil.test" {
			if strings.HasPrefix(got, "//") {
				t.Errorf("%q leads to %q", next, got)
			}
			continue
		}
		if got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

// TestPressIsKept: who presses a button while signed out finds it pressed after the sign-in.
func TestPressIsKept(t *testing.T) {
	s := pagetest.New(t)
	s.Password(pagetest.Citizen)
	c := s.As(pagetest.Nobody)
	to := c.Post("/me/consent", url.Values{"survey": {}}).To()
	if !strings.HasPrefix(to, "/sign-in?flow=") {
		t.Fatalf("leads to %q", to)
	}
	c.Get(to).Is(200).Has("적으신 것은 기억해 두었습니다")
	p := c.Get(strings.Replace(to, "?", "?by=password&", 1))
	form := with(p.Form("/sign-in"), "login", "citizen@demo.test", "password", pagetest.DemoPassword)
	forged := with(form, "flow", form.Get("flow")+"x")
	if got := c.Post("/sign-in", forged).To(); got != "/" {
		t.Errorf("a forged press leads to %q", got)
	}
	c = s.As(pagetest.Nobody)
	if got := c.Post("/sign-in", form).To(); got != "/me#consents" {
		t.Errorf("leads to %q", got)
	}
	c.Get("/me").Has("만족도 조사 안내", "동의하지 않음")
	s.Clock.Add(31 * time.Minute)
	c = s.As(pagetest.Nobody)
	if got := c.Post("/sign-in", form).To(); got != "/" {
		t.Errorf("half an hour later it leads to %q", got)
	}
}

func TestSessionThatEnded(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Staff)
	c.Get("/me").Is(200)
	s.Clock.Add(13 * time.Hour) // staff sessions last 12
	p := c.Get("/").Is(200).Has("로그인")
	if p.Header.Get("Set-Cookie") == "" {
		t.Error("the dead cookie stays")
	}
	c = s.As(pagetest.Nobody)
	c.Cookies[s.API.Edge().CookieName()] = "no-such-token"
	c.Get("/sign-in").Is(200).Has("오래 쉬셔서 로그인이 풀렸습니다")
}

func TestSignUp(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Nobody)
	p := c.Get("/sign-up?next=%2Fguide").Is(200)
	form := p.Form("/sign-up")
	for _, box := range []string{"age", "consents.terms", "consents.privacy", "consents.survey"} {
		if form.Has(box) {
			t.Errorf("%s is ticked from the start", box)
		}
	}
	p = c.Post("/sign-up", with(form, "name", "새 시민", "phone", "12", "age", "yes", "password", "secret-secret")).Is(422)
	p.Has(`value="새 시민"`, `value="12"`, "전화번호는 숫자 10~11자리로", "동의하셔야 이용하실 수 있습니다", `role="alert"`, `href="#f-phone"`).Lacks("secret-secret")
	focused := p.Find(func(n *html.Node) bool { return pagetest.HasAttr(n, "autofocus") })
	if len(focused) != 1 || pagetest.Attr(focused[0], "name") != "phone" {
		t.Errorf("%d fields are focused", len(focused))
	}
	p = c.Post("/sign-up", with(p.Form("/sign-up"), "phone", "010-0000-2001", "consents.terms", "yes", "consents.privacy", "yes", "age", "")).Is(422).Has("만 14세 이상만")
	to := c.Post("/sign-up", with(p.Form("/sign-up"), "age", "yes", "password", "a longer secret")).To()
	if to != "/guide" {
		t.Errorf("leads to %q", to)
	}
	c.Get("/me").Is(200).Has("010-0000-2001", "가입해 주셔서 고맙습니다", "만족도 조사 안내", "동의하지 않음")
}

// TestSignUpWithoutPassword goes on with a code, and known contacts see the same.
func TestSignUpWithoutPassword(t *testing.T) {
	for _, gateway := range []bool{false, true} {
		s := pagetest.New(t, pagetest.Options{Gateway: gateway})
		form := url.Values{"name": {"새 시민"}, "email": {"new@demo.test"}, "age": {"yes"}, "consents.terms": {"yes"}, "consents.privacy": {"yes"}, "next": {"/me"}}
		c := s.As(pagetest.Nobody)
		p := c.Post("/sign-up", form).Is(200).Has("new@demo.test", `name="code"`)
		again := s.As(pagetest.Nobody).Post("/sign-up", form).Is(200)
		if p.Body != again.Body {
			t.Error("a known contact is answered differently")
		}
		if got := c.Post("/sign-in", with(p.Form("/sign-in"), "code", s.Code())).To(); got != "/me" {
			t.Errorf("leads to %q", got)
		}
	}
}

func TestPasswordReset(t *testing.T) {
	s := pagetest.New(t)
	s.Actor(pagetest.Citizen)
	c := s.As(pagetest.Nobody)
	c.Post("/password-reset", url.Values{"login": {"x"}}).Is(422).Has("이메일은 @를 넣어")
	p := c.Post("/password-reset", with(c.Get("/password-reset?next=%2Fguide").Form("/password-reset"), "login", "citizen@demo.test")).Is(200)
	form := p.Form("/password-reset")
	c.Post("/password-reset", with(form, "code", "000000", "password", "new secret words")).Is(422).Has("인증 번호가 맞지 않거나")
	c.Post("/password-reset", with(form, "code", s.Code(), "password", "short")).Is(422).Has("8자 이상으로")
	to := c.Post("/password-reset", with(form, "code", s.Code(), "password", "new secret words")).To()
	p = c.Get(to).Is(200).Has("비밀번호를 바꿨습니다. 새 비밀번호로")
	if got := c.Post("/sign-in", with(p.Form("/sign-in"), "login", "citizen@demo.test", "password", "new secret words")).To(); got != "/guide" {
		t.Errorf("leads to %q", got)
	}
}

func TestSettings(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Nobody)
	form := c.Get("/settings?next=%2Fguide").Is(200).Form("/settings")
	if form.Get("size") != "m" || form.Get("contrast") != "normal" || form.Get("lang") != "ko" {
		t.Errorf("%v", form)
	}
	p := c.Post("/settings", with(form, "size", "xl", "contrast", "more", "lang", "en"))
	if p.To() != "/en/guide" || c.Cookies["ui"] != "more-xl-en" {
		t.Errorf("%s %v", p.To(), c.Cookies)
	}
	p.Follow().Is(200).Has(`data-contrast="more"`, `data-size="xl"`, "Your display settings are saved.")
	c.Cookies["ui"] = `huge-<script>-xx`
	c.Get("/").Is(200).Has(`data-contrast="normal"`, `data-size="m"`).Lacks("<script>-")
	c.Post("/settings", url.Values{"size": {"enormous"}, "next": {"//evil.test"}}).To()
	if c.Cookies["ui"] != "normal-m-ko" {
		t.Error(c.Cookies["ui"])
	}
}

func TestDemo(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Demo: true})
	for _, w := range []pagetest.Who{pagetest.Citizen, pagetest.Staff} {
		s.Password(w)
	}
	c := s.As(pagetest.Nobody)
	p := c.Get("/").Is(200).Has("시연 화면입니다", `value="staff@demo.test"`, `href="/demo/messages"`)
	p.Lacks(pagetest.DemoPassword)
	if got := c.Post("/demo/become", url.Values{"login": {"staff@demo.test"}}).To(); got != "/desk" {
		t.Errorf("leads to %q", got)
	}
	c.Get("/").Has("로그인했습니다.", `href="/desk"`)
	if got := c.Post("/demo/become", url.Values{"login": {"citizen@demo.test"}}).To(); got != "/" {
		t.Errorf("leads to %q", got)
	}
	c.Get("/").Lacks(`href="/desk"`)
	c.Post("/demo/become", url.Values{"login": {"admin@demo.test"}}).Is(404) // not among the demo's
	c.Post("/demo/become", nil).Is(404)
	real := pagetest.New(t)
	real.Password(pagetest.Staff)
	real.As(pagetest.Nobody).Post("/demo/become", url.Values{"login": {"staff@demo.test"}}).Is(404)
	real.As(pagetest.Nobody).Get("/demo/messages").Is(404)
	real.As(pagetest.Nobody).Get("/").Lacks("시연", "demo")
}
