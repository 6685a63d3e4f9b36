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

// Others is what staff and admins do with other people's accounts.
type Others interface {
	FindByPhone(ctx context.Context, actor account.Actor, center, phone string) (a account.Account, ok bool, err error)
	ConfirmGroup(ctx context.Context, actor account.Actor, center, id, group string) (account.Group, error)
	AddCertificate(ctx context.Context, actor account.Actor, center, id string, in account.NewCertificate) (account.Certificate, error)
	List(ctx context.Context, actor account.Actor, q account.Query) (account.Page, error)
	PatchAccount(ctx context.Context, actor account.Actor, id string, p account.Patch) (account.Account, error)
}

// People is the accounts as this door uses them; *account.Service is one.
type People interface {
	Entrance
	Devices
	Own
	Others
}

// Surveys is what people answer and managers read; *survey.Service is one.
type Surveys interface {
	Open(ctx context.Context, token string) (survey.Form, error)
	Answer(ctx context.Context, token string, sub survey.Submission) error
	Results(ctx context.Context, actor account.Actor, q survey.ResultsQuery) (survey.Results, error)
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
}

// Audit reads what was done. Who may read which centers is judged before.
type Audit interface {
	Audit(ctx context.Context, q AuditQuery) ([]AuditLine, error)
}
