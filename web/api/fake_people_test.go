package api_test

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/survey"
	"gongbang/web/api/apitest"
)

// people knows everybody and nothing more.
type people struct{ gateway bool }

func (people) person() account.Account {
	return account.Account{ID: "owner", Name: "시민1", Phone: "+821010000001", Locale: lang.Ko, CreatedAt: noon,
		Grants: []account.Grant{{Role: account.Staff, Center: "c1"}, {Role: account.Admin}}}
}
func (people) Authenticate(_ context.Context, t string) (account.Actor, error) {
	for who, actor := range everybody {
		if token(who) == t {
			return actor, nil
		}
	}
	return account.Actor{}, fault.ErrSignIn
}
func (p people) SignIn(context.Context, account.Actor, account.SignIn) (account.Session, account.Account, error) {
	return account.Session{Token: account.Secret(strings.Repeat("t", 43)), ExpiresAt: noon}, p.person(), nil
}
func (people) SignOut(context.Context, account.Actor) error          { return nil }
func (people) SendCode(context.Context, account.Actor, string) error { return nil }
func (p people) SignUp(_ context.Context, _ account.Actor, in account.SignUp) (account.Account, bool, error) {
	return p.person(), in.Email != "known@demo.test", nil
}
func (people) ResetPassword(context.Context, account.Actor, account.Reset) error { return nil }
func (p people) MustVerify() bool                                                { return p.gateway }
func (p people) Me(context.Context, account.Actor) (account.Profile, error) {
	at := noon
	return account.Profile{Account: p.person(), Groups: []account.Group{{ID: "small", DeclaredAt: &at}},
		Certificates: []account.Certificate{{ID: "t1", Key: "laser", Basis: account.FromCard, IssuedAt: at}},
		Consents:     []account.Consent{{Key: "terms", Given: true, Version: "1", At: at, How: "online"}},
		Firm:         &account.Firm{Name: "공방", BusinessNumber: "1234567891"}}, nil
}
func (p people) PatchMe(c context.Context, a account.Actor, _ account.MePatch) (account.Profile, error) {
	return p.Me(c, a)
}
func (people) SetPassword(context.Context, account.Actor, account.PasswordChange) error { return nil }
func (people) SetConsent(_ context.Context, _ account.Actor, key string, given bool) (account.Consent, error) {
	if key != "survey" {
		return account.Consent{}, fault.ErrNotFound
	}
	return account.Consent{Key: key, Given: given, Version: "1", At: noon, How: "online"}, nil
}
func (people) Devices(context.Context, account.Actor) ([]account.Device, error) {
	return []account.Device{{ID: "s1", Since: noon, ExpiresAt: noon, Current: true}}, nil
}
func (people) EndDevice(_ context.Context, _ account.Actor, id string) error {
	if id != "s1" {
		return fault.ErrNotFound
	}
	return nil
}
func (people) SendContactCode(context.Context, account.Actor, account.Kind) error { return nil }
func (p people) VerifyContact(c context.Context, a account.Actor, _ account.Kind, _ account.Secret) (account.Profile, error) {
	return p.Me(c, a)
}
func (p people) Export(c context.Context, a account.Actor) (account.Export, error) {
	me, err := p.Me(c, a)
	return account.Export{Profile: me, Messages: []account.Sent{{Kind: "booking.confirmed", About: "b1", CreatedAt: noon}}}, err
}
func (people) Leave(c context.Context, a account.Actor, in account.Leaving, free func(context.Context, account.Actor) error) error {
	if in.Confirm != "leave" {
		return fault.BadField("confirm", "oneof", "leave")
	}
	return free(c, a)
}
func (people) MyFirm(context.Context, account.Actor) (account.Membership, error) {
	at := noon
	return account.Membership{Firm: account.Firm{ID: "f1", Name: "공방", BusinessNumber: "1234567891", ConfirmedAt: &at},
		Members: []account.Member{{Account: "owner", Name: "시*1", ClaimedAt: at}}}, nil
}
func (p people) ClaimFirm(c context.Context, a account.Actor, _ account.Firm) (account.Membership, error) {
	return p.MyFirm(c, a)
}
func (people) LeaveFirm(context.Context, account.Actor) error                     { return nil }
func (people) ConfirmMember(context.Context, account.Actor, string, string) error { return nil }
func (people) NewFeed(context.Context, account.Actor, string, string) (account.Feed, account.Secret, error) {
	return account.Feed{ID: "f1", CreatedAt: noon}, "feed-token", nil
}
func (people) Feeds(context.Context, account.Actor) ([]account.Feed, error) {
	return []account.Feed{{ID: "f1", Equipment: "m1", CreatedAt: noon}}, nil
}
func (people) EndFeed(context.Context, account.Actor, string) error { return nil }
func (people) FeedActor(_ context.Context, token string) (account.Actor, string, error) {
	if token != "feed-token" {
		return account.Actor{}, "", fault.ErrNotFound
	}
	return everybody[apitest.Owner], "", nil
}
func (p people) FindByPhone(context.Context, account.Actor, string, string) (account.Account, bool, error) {
	return p.person(), true, nil
}
func (people) ConfirmGroup(_ context.Context, _ account.Actor, _, _, group string) (account.Group, error) {
	at := noon
	return account.Group{ID: group, ConfirmedAt: &at}, nil
}
func (people) AddCertificate(_ context.Context, _ account.Actor, _, _ string, in account.NewCertificate) (account.Certificate, error) {
	return account.Certificate{ID: "t1", Key: in.Key, Basis: in.Basis, IssuedAt: noon, ValidUntil: in.ValidUntil}, nil
}
func (people) ImportCertificates(_ context.Context, _ account.Actor, _ string, raw []byte, _ *time.Location, _ bool) ([]account.PlannedCertificate, error) {
	if len(raw) == 0 {
		return nil, fault.BadField("file", "required", "")
	}
	return []account.PlannedCertificate{{Line: 2, Who: account.Account{ID: "owner", Name: "시○"}, New: account.NewCertificate{Key: "laser", Basis: account.FromCard}}}, nil
}
func (people) RevokeCertificate(_ context.Context, a account.Actor, _, id, _ string) (account.Certificate, error) {
	if !a.May(account.PeopleConfirm, "c1") {
		return account.Certificate{}, fault.ErrNotFound
	}
	at := noon
	return account.Certificate{ID: id, Key: "laser", Basis: account.FromCard, IssuedAt: at, RevokedAt: &at}, nil
}
func (p people) List(context.Context, account.Actor, account.Query) (account.Page, error) {
	return account.Page{Items: []account.Account{p.person().Masked()}, Next: "owner"}, nil
}
func (p people) Get(context.Context, account.Actor, string) (account.Account, error) {
	return p.person(), nil
}
func (p people) LogDownload(context.Context, account.Actor, account.Download) error { return nil }
func (p people) PatchAccount(context.Context, account.Actor, string, account.Patch) (account.Account, error) {
	return p.person(), nil
}

type surveys struct{ opened, answered atomic.Int64 }

func (s *surveys) Open(_ context.Context, t string) (survey.Form, error) {
	s.opened.Add(1)
	switch t {
	case "answered":
		return survey.Form{}, survey.ErrAnswered
	case "expired":
		return survey.Form{}, survey.ErrExpired
	case "open":
		return survey.Form{Mode: survey.Anonymous, Title: lang.Text{Ko: "설문"}, Use: survey.FormUse{Month: "2030-01"}, State: "open", ExpiresAt: noon,
			Questions: []survey.Question{{Key: "overall", Type: survey.Sat5, Required: true, Text: lang.Text{Ko: "어땠나요?"},
				Options: []survey.Option{{Value: 5, Text: lang.Text{Ko: "좋음"}}, {Value: "NA", Text: lang.Text{Ko: "해당 없음"}}}}}}, nil
	}
	return survey.Form{}, fault.ErrNotFound
}
func (s *surveys) Answer(_ context.Context, t string, _ survey.Submission) error {
	if _, err := s.Open(context.Background(), t); err != nil {
		return err
	}
	s.answered.Add(1)
	return nil
}

// wish is the one case the fakes know.
func wish() survey.CaseView {
	return survey.CaseView{Case: survey.Case{ID: "k1", Account: "owner", Center: "c1", Equipment: "m1", Month: "2030-01", Day: "2030-01-07",
		Comment: "덥습니다", State: survey.CaseAnswered, Assignee: "staff", Reply: "고쳤습니다", ClosedAt: noon, Version: 3},
		CenterName: lang.Text{Ko: "하나"}, Machine: lang.Text{Ko: "재단기"}, Worker: "직원", Due: noon}
}

func (s *surveys) Cases(context.Context, account.Actor, survey.CaseList) (survey.CasePage, error) {
	return survey.CasePage{Items: []survey.CaseView{wish()}, Next: "k1"}, nil
}
func (s *surveys) Case(context.Context, account.Actor, string) (survey.CaseView, error) {
	v := wish()
	v.Person = &survey.Person{Name: "시민1", Phone: "+821000000001"}
	return v, nil
}
func (s *surveys) ChangeCase(ctx context.Context, a account.Actor, id string, _ survey.CaseChange) (survey.CaseView, error) {
	return s.Case(ctx, a, id)
}
func (s *surveys) Comments(context.Context, account.Actor, survey.CommentsQuery) (survey.Comments, error) {
	return survey.Comments{Items: []survey.Comment{{ID: "r1", Center: "c1", Month: "2030-01", Text: "덥습니다", Tags: []string{"safety"}}, {ID: "r2", Text: "좋습니다"}},
		Found: 2, Answers: 12, LeftOut: 3, Tags: map[string]int{"safety": 1}}, nil
}
func (s *surveys) SetTags(_ context.Context, _ account.Actor, id string, tags []string) (survey.Comment, error) {
	return survey.Comment{ID: id, Text: "덥습니다", Tags: tags}, nil
}
func (s *surveys) MyCases(context.Context, account.Actor) ([]survey.CaseView, error) {
	return []survey.CaseView{wish()}, nil
}
func (s *surveys) Linked(context.Context, account.Actor) ([]survey.LinkedAnswer, error) {
	return []survey.LinkedAnswer{{Template: "use-standard", Month: "2027-03", Answers: survey.Answers{"overall": 4}, Mode: survey.Confidential, Until: time.Unix(1e9, 0)}}, nil
}
func (s *surveys) Results(_ context.Context, a account.Actor, q survey.ResultsQuery) (survey.Results, error) {
	n := 12
	score := survey.Score([5]int{0, 1, 2, 5, 4})
	return survey.Results{Rule: "s100 = (mean - 1) / 4 * 100", K: 5, Filter: survey.Filter{Centers: []string{"c1"}, From: q.From},
		Total:  survey.Group{Key: "total", Label: lang.Text{Ko: "전체"}, N: &n, Questions: map[string]survey.Figure{"overall": {N: n, Scale: &score}}},
		Groups: []survey.Group{{Key: "c1", Label: lang.Text{Ko: "하나"}, Suppressed: true, Questions: map[string]survey.Figure{}}},
		Seals:  []survey.Seal{}}, nil
}

func edition(draft bool) survey.Edition {
	return survey.Edition{Template: survey.Template{Key: "survey", Version: 2, Mode: survey.Anonymous, Title: lang.Text{Ko: "설문"},
		Questions: []survey.Question{{Key: "overall", Type: survey.Sat5, Required: true, Text: lang.Text{Ko: "어땠나요?"},
			ShowIf: &survey.ShowIf{Question: "goal", Values: []any{"all", 5}}}}}, Draft: draft, Revision: 3, At: noon,
		Changes:  []survey.Difference{{Question: "overall", What: survey.ChangeWords}},
		Warnings: []survey.Warning{{Field: "title.en", Code: survey.WarnEnglish}}}
}
func (s *surveys) Questionnaires(context.Context, account.Actor) ([]survey.Questionnaire, error) {
	e := edition(true)
	return []survey.Questionnaire{{Key: "survey", Draft: &e}}, nil
}
func (s *surveys) History(context.Context, account.Actor, string) ([]survey.Edition, error) {
	return []survey.Edition{edition(true), edition(false)}, nil
}
func (s *surveys) Edition(context.Context, account.Actor, string, int) (survey.Edition, error) {
	return edition(false), nil
}
func (s *surveys) Create(_ context.Context, _ account.Actor, n survey.NewTemplate) (survey.Edition, bool, error) {
	return edition(true), n.Once != nil, nil
}
func (s *surveys) NextVersion(_ context.Context, _ account.Actor, _ string, once *survey.Key) (survey.Edition, bool, error) {
	return edition(true), once != nil, nil
}
func (s *surveys) SaveDraft(_ context.Context, _ account.Actor, d survey.Draft) (survey.Edition, error) {
	e := edition(true)
	e.Template, e.Changes, e.Warnings = d.Template, nil, nil
	return e, nil
}
func (s *surveys) DropDraft(context.Context, account.Actor, string, int) error { return nil }
func (s *surveys) PublishDraft(context.Context, account.Actor, survey.Release) (survey.Edition, error) {
	return edition(false), nil
}
