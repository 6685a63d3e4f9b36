package page_test

import (
	"net/url"
	"slices"
	"testing"

	"gongbang/account"
	"gongbang/web/page/pagetest"
)

// TestPeopleAreFound: whoever is found is masked until the account is opened,
// and the look is written down.
func TestPeopleAreFound(t *testing.T) {
	s := pagetest.New(t)
	citizen, staff := s.Actor(pagetest.Citizen), s.Actor(pagetest.Staff)
	admin := s.As(pagetest.Admin)
	admin.Get("/manage/people").Is(200).Has("계정과 권한").Lacks("⟦", "/manage/people/")
	find := func(q, role string) *pagetest.Page {
		t.Helper()
		return admin.Post("/manage/people", url.Values{"q": {q}, "role": {role}}).Is(200)
	}
	person := "/manage/people/" + citizen.ID
	for _, q := range []string{"시민1", "민1", "010-0000-1001", "CITIZEN@demo.test"} {
		find(q, "").Has(person, "시*1").Lacks("시민1<", "1001<", "citizen@demo.test<")
	}
	find("010-0000-100", "").Lacks(person).Has("찾으시는 계정이 없습니다")
	find("", "staff").Has("/manage/people/"+staff.ID, "직원 · ").Lacks(person)
	admin.Get(person).Is(200).Has("시민1", "010-0000-1001", "citizen@demo.test").Lacks("⟦")
	admin.Get("/manage/audit?subject="+citizen.ID).Is(200).Has("개인정보를 보았습니다", "계정 관리")
	admin.Get("/en"+person).Is(200).Has("Member since", `<span lang="ko">시민1</span>`)
	admin.Get("/manage/people/nobody").Is(404)
	s.As(pagetest.Manager).Get(person).Is(403)
	s.As(pagetest.Manager).Get("/manage").Is(200).Lacks("/manage/people").Has("/manage/certificates")
	admin.Get("/manage").Is(200).Has("/manage/people")
}

// TestRolesAreGiven: one form keeps, takes away and adds roles.
func TestRolesAreGiven(t *testing.T) {
	s := pagetest.New(t)
	admin, id := s.As(pagetest.Admin), s.Actor(pagetest.Citizen).ID
	path := "/manage/people/" + id
	roles := func(want ...account.Grant) {
		t.Helper()
		a, err := s.Accounts.Get(t.Context(), s.Actor(pagetest.Admin), id)
		if err != nil || !slices.Equal(a.Grants, want) && len(a.Grants)+len(want) > 0 {
			t.Fatalf("roles are %v %v, want %v", a.Grants, err, want)
		}
	}
	form := func() url.Values { return admin.Get(path).Is(200).Form(path + "/roles") }
	admin.Post(path+"/roles", with(form(), "role", "staff")).Is(422).Has(`id="f-center-error"`)
	roles()
	admin.Post(path+"/roles", with(form(), "role", "staff", "center", pagetest.Saha)).Is(303)
	roles(account.Grant{Role: account.Staff, Center: pagetest.Saha})
	admin.Post(path+"/roles", with(form(), "role", "nobody")).Is(422)
	admin.Post(path+"/roles", with(form(), "role", "manager", "center", pagetest.Gangseo)).Is(303)
	a, err := s.Accounts.Get(t.Context(), s.Actor(pagetest.Admin), id)
	if err != nil || len(a.Grants) != 2 {
		t.Fatalf("adding takes away: %v %v", a.Grants, err)
	}
	kept := form()
	kept.Del("roles")
	admin.Post(path+"/roles", kept).Is(303)
	roles()
	own := "/manage/people/" + s.Actor(pagetest.Admin).ID
	admin.Post(own+"/roles", url.Values{}).Is(409)
	admin.Get(own).Is(200).Has("운영자 · 모든 센터")
}

func TestCertificateIsRevoked(t *testing.T) {
	s := pagetest.New(t)
	admin, id := s.As(pagetest.Admin), s.Actor(pagetest.Citizen).ID
	path := "/manage/people/" + id
	c, err := s.Accounts.AddCertificate(t.Context(), s.Actor(pagetest.Staff), pagetest.Saha, id, account.NewCertificate{Key: "laser", Basis: account.FromCard})
	if err != nil {
		t.Fatal(err)
	}
	admin.Get(path).Is(200).Has("revoke="+c.ID).Lacks(path+"/revoke", "새것으로 바뀜")
	form := admin.Get(path + "?revoke=" + c.ID).Is(200).Form(path + "/revoke")
	admin.Post(path+"/revoke", with(form, "reason", " ")).Is(422).Has(`id="f-reason-error"`)
	admin.Post(path+"/revoke", with(form, "certificate", "nothing", "reason", "사고")).Is(404)
	admin.Post(path+"/revoke", with(form, "reason", "사고 뒤에 다시 배우기로 함")).Is(303)
	admin.Get(path).Is(200).Lacks("revoke=" + c.ID)
	me, err := s.Accounts.Me(t.Context(), s.Actor(pagetest.Citizen))
	if err != nil || me.Certificates[0].RevokedAt == nil {
		t.Fatalf("it still counts: %v %v", me.Certificates, err)
	}
}

// TestGroupIsConfirmed: who saw a proof notes it at the person's page.
func TestGroupIsConfirmed(t *testing.T) {
	s := pagetest.New(t)
	admin, id := s.As(pagetest.Admin), s.Actor(pagetest.Citizen).ID
	path := "/manage/people/" + id
	c, err := s.Bookings.Catalog(t.Context())
	noErr(t, err)
	last := c.Groups[len(c.Groups)-1].ID
	noErr(t, s.Accounts.DeclareGroup(t.Context(), s.Actor(pagetest.Citizen), last))
	form := admin.Get(path).Is(200).Has("확인함으로 적기").Lacks("⟦").Form(path + "/groups")
	if form.Get("group") != last {
		t.Errorf("the group that was declared is not offered first: %v", form)
	}
	admin.Post(path+"/groups", with(form, "group", "kings")).Is(422).Has(`id="f-group-error"`)
	admin.Post(path+"/groups", form).Follow().Is(200).Has("저장했습니다")
	me, err := s.Accounts.Me(t.Context(), s.Actor(pagetest.Citizen))
	if err != nil || len(me.Groups) != 1 || me.Groups[0].ConfirmedAt == nil {
		t.Errorf("nothing is confirmed: %+v %v", me.Groups, err)
	}
	admin.Get("/manage/audit?subject=" + id).Is(200).Has("이용 자격을 확인했습니다")
	noKorean(t, admin.Get("/en"+path).Is(200).Lacks("⟦"))
	s.As(pagetest.Citizen).Post(path+"/groups", form).Is(403)
}

// TestAnotherName: who changes their name is called so everywhere at once,
// masked as before, and the record says that it was changed.
func TestAnotherName(t *testing.T) {
	s := pagetest.New(t)
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 11, 0), 1)
	me := s.As(pagetest.Citizen)
	page := me.Get("/me").Is(200).Has("이름, 연락처와 알림")
	form := page.Form("/me/contact")
	me.Post("/me/contact", with(form, "name", " ")).Is(422).Has(`id="f-name-error"`)
	me.Post("/me/contact", with(form, "name", "홍길순")).Follow().Is(200).Has(`value="홍길순"`)
	desk := s.As(pagetest.Staff)
	board := "/desk/" + pagetest.Saha + "?date=2030-01-09"
	desk.Get(board).Is(200).Has("홍*순").Lacks("홍길순", "시*1")
	admin := s.As(pagetest.Admin)
	admin.Get("/manage/people/" + s.Actor(pagetest.Citizen).ID).Is(200).Has("홍길순")
	admin.Get("/manage/audit?subject=" + s.Actor(pagetest.Citizen).ID).Is(200).Has("이름이나 연락처를 바꿨습니다").Lacks("홍길순")
}

// TestFirmIsConfirmedAtTheDesk: staff read the number on the person's paper
// and press once.
func TestFirmIsConfirmedAtTheDesk(t *testing.T) {
	s := pagetest.New(t)
	one, staff := s.As(pagetest.Citizen), s.As(pagetest.Staff)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 1)
	card := cardOf(b)
	staff.Get(card).Is(200).Lacks("업체 확인")
	one.Post("/me/firm", url.Values{"firm": {"시험 공방"}, "business_number": {"123-45-67891"}}).Is(303)
	form := staff.Get(card).Is(200).Has("시험 공방", "1234567891", "업체 확인").Form(card + "/firm")
	s.As(pagetest.Staff).Get("/en"+card).Is(200).Has("Firm not confirmed yet", `<span lang="ko">시험 공방</span>`)
	staff.Post(card+"/firm", with(form, "firm", "another")).Is(404)
	staff.Post(card+"/firm", form).Is(303)
	staff.Get(card).Is(200).Lacks("업체 확인")
	m, err := s.Accounts.MyFirm(t.Context(), s.Actor(pagetest.Citizen))
	if err != nil || m.ConfirmedAt == nil {
		t.Fatalf("the claim still waits: %v %v", m, err)
	}
}
