package api

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/survey"
)

// Entrance is how people come in.
type Entrance interface {
	Authenticate(ctx context.Context, token string) (account.Actor, error)
	SignIn(ctx context.Context, actor account.Actor, in account.SignIn) (account.Session, account.Account, error)
	SignOut(ctx context.Context, actor account.Actor) error
	SendCode(ctx context.Context, actor account.Actor, login string) error
	SignUp(ctx context.Context, actor account.Actor, in account.SignUp) (a account.Account, created bool, err error)
	ResetPassword(ctx context.Context, actor account.Actor, in account.Reset) error
	MustVerify() bool
}

// Devices is where somebody is signed in.
type Devices interface {
	Devices(ctx context.Context, actor account.Actor) ([]account.Device, error)
	EndDevice(ctx context.Context, actor account.Actor, id string) error
}

// Own is what somebody sees and changes of themselves.
type Own interface {
	Me(ctx context.Context, actor account.Actor) (account.Profile, error)
	PatchMe(ctx context.Context, actor account.Actor, p account.MePatch) (account.Profile, error)
	SetPassword(ctx context.Context, actor account.Actor, in account.PasswordChange) error
	SetConsent(ctx context.Context, actor account.Actor, key string, given bool) (account.Consent, error)
	SendContactCode(ctx context.Context, actor account.Actor, k account.Kind) error
	VerifyContact(ctx context.Context, actor account.Actor, k account.Kind, code account.Secret) (account.Profile, error)
}

// Exits is how people take their data away, and leave.
type Exits interface {
	Export(ctx context.Context, actor account.Actor) (account.Export, error)
	Leave(ctx context.Context, actor account.Actor, in account.Leaving, free func(context.Context, account.Actor) error) error
}

// Firms is who belongs together.
type Firms interface {
	MyFirm(ctx context.Context, actor account.Actor) (account.Membership, error)
	ClaimFirm(ctx context.Context, actor account.Actor, f account.Firm) (account.Membership, error)
	LeaveFirm(ctx context.Context, actor account.Actor) error
	ConfirmMember(ctx context.Context, actor account.Actor, firm, id string) error
}

// Certificates is who may use which kind of machine.
type Certificates interface {
	AddCertificate(ctx context.Context, actor account.Actor, center, id string, in account.NewCertificate) (account.Certificate, error)
	ImportCertificates(ctx context.Context, actor account.Actor, center string, raw []byte, zone *time.Location, dry bool) ([]account.PlannedCertificate, error)
	RevokeCertificate(ctx context.Context, actor account.Actor, id, certificate, reason string) (account.Certificate, error)
}

// CalendarFeeds are addresses that calendar programs read.
type CalendarFeeds interface {
	NewFeed(ctx context.Context, actor account.Actor, center, equipment string) (account.Feed, account.Secret, error)
	Feeds(ctx context.Context, actor account.Actor) ([]account.Feed, error)
	EndFeed(ctx context.Context, actor account.Actor, id string) error
	FeedActor(ctx context.Context, token string) (account.Actor, string, error)
}

// Others is what staff and admins do with other people's accounts.
type Others interface {
	FindByPhone(ctx context.Context, actor account.Actor, center, phone string) (a account.Account, ok bool, err error)
	ConfirmGroup(ctx context.Context, actor account.Actor, center, id, group string) (account.Group, error)
	List(ctx context.Context, actor account.Actor, q account.Query) (account.Page, error)
	Get(ctx context.Context, actor account.Actor, id string) (account.Account, error)
	PatchAccount(ctx context.Context, actor account.Actor, id string, p account.Patch) (account.Account, error)
	LogDownload(ctx context.Context, actor account.Actor, d account.Download) error
}

// People is the accounts as this door uses them; *account.Service is one.
type People interface {
	Entrance
	Devices
	Own
	Exits
	Firms
	Certificates
	CalendarFeeds
	Others
}

// Cases is what becomes of wishes for a reply.
type Cases interface {
	Cases(ctx context.Context, actor account.Actor, l survey.CaseList) (survey.CasePage, error)
	Case(ctx context.Context, actor account.Actor, id string) (survey.CaseView, error)
	ChangeCase(ctx context.Context, actor account.Actor, id string, ch survey.CaseChange) (survey.CaseView, error)
	MyCases(ctx context.Context, actor account.Actor) ([]survey.CaseView, error)
}

// Surveys is what people answer and managers read; *survey.Service is one.
type Surveys interface {
	Cases
	Open(ctx context.Context, token string) (survey.Form, error)
	Answer(ctx context.Context, token string, sub survey.Submission) error
	// Linked are the caller's own answers that are still tied to them.
	Linked(ctx context.Context, actor account.Actor) ([]survey.LinkedAnswer, error)
	Results(ctx context.Context, actor account.Actor, q survey.ResultsQuery) (survey.Results, error)
	Voices
	Questionnaires
	Drafting
}

// Voices is what people wrote, and what managers marked it with.
type Voices interface {
	Comments(ctx context.Context, actor account.Actor, q survey.CommentsQuery) (survey.Comments, error)
	SetTags(ctx context.Context, actor account.Actor, id string, tags []string) (survey.Comment, error)
}

// Questionnaires reads what is asked, for who may edit it.
type Questionnaires interface {
	Questionnaires(ctx context.Context, actor account.Actor) ([]survey.Questionnaire, error)
	History(ctx context.Context, actor account.Actor, key string) ([]survey.Edition, error)
	Edition(ctx context.Context, actor account.Actor, key string, no int) (survey.Edition, error)
}

// Drafting makes versions of questionnaires.
type Drafting interface {
	Create(ctx context.Context, actor account.Actor, n survey.NewTemplate) (survey.Edition, bool, error)
	NextVersion(ctx context.Context, actor account.Actor, key string, once *survey.Key) (survey.Edition, bool, error)
	SaveDraft(ctx context.Context, actor account.Actor, d survey.Draft) (survey.Edition, error)
	DropDraft(ctx context.Context, actor account.Actor, key string, no int) error
	PublishDraft(ctx context.Context, actor account.Actor, p survey.Release) (survey.Edition, error)
}

// AuditQuery selects lines of the audit, newest first. Empty fields do not
// select; Centers nil is every center.
type AuditQuery struct {
	Actor, Action, Subject string
	Centers                []string
	From, To               time.Time // zero: open
	Before                 int64     // lines with a lower id; 0: from the newest
	Limit                  int
}

// AuditLine is one line with its place.
type AuditLine struct {
	ID int64
	At time.Time
	account.Entry
	// Erased is why a typed reason is not there any more: "left" or "date".
	Erased string
}

// Audit reads what was done. Who may read which centers is judged before.
type Audit interface {
	Audit(ctx context.Context, q AuditQuery) ([]AuditLine, error)
}
