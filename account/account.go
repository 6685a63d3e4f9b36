package account

import (
	"time"

	"gongbang/internal/lang"
)

// Channel is a way messages reach somebody, in the order the person prefers.
type Channel string

const (
	ByEmail Channel = "email"
	BySMS   Channel = "sms"
)

// Typed tells how a guest agreed that the desk keeps the contact; "" for
// contacts people typed themselves.
type Typed string

const (
	TypedOnPhone   Typed = "phone"
	TypedFromPaper Typed = "paper"
	TypedAtCounter Typed = "counter"
)

// Account is one person as the service knows them. Times are UTC.
type Account struct {
	ID            string
	Name          Secret
	Email, Phone  Secret // normalized; "" when there is none
	EmailVerified bool
	PhoneVerified bool
	HasPassword   bool
	Locale        lang.Locale
	Channels      []Channel
	Guest         bool  // booked for by the desk, never signed in
	Typed         Typed // the desk typed the contact
	Demo          bool
	CreatedAt     time.Time
	ClosedAt      *time.Time
	Grants        []Grant
}

// Verified tells whether some contact was proved by a code.
func (a Account) Verified() bool { return a.EmailVerified || a.PhoneVerified }

// Masked is the account as lists and boards show it.
func (a Account) Masked() Account {
	a.Name = Secret(lang.MaskName(string(a.Name)))
	a.Email = Secret(lang.MaskEmail(string(a.Email)))
	a.Phone = Secret(lang.MaskPhone(string(a.Phone)))
	return a
}

// Group is an eligibility group somebody declared, and staff may have confirmed.
type Group struct {
	ID          string
	DeclaredAt  *time.Time
	ConfirmedAt *time.Time
}

// Certificate is the right to use a category of machine.
type Certificate struct {
	ID         string
	Key        string
	Center     string // "" is valid in every center
	Basis      Basis
	IssuedAt   time.Time
	ValidUntil *time.Time // exclusive; nil is for ever
	RevokedAt  *time.Time
}

// Basis is what a certificate rests on.
type Basis string

const (
	FromCourse     Basis = "course"
	FromCard       Basis = "card_seen"
	FromExperience Basis = "experience"
)

// Consent is one answer to one consent text.
type Consent struct {
	Key     string // terms, privacy, survey, reminder
	Given   bool
	Version string // of the text that was shown
	At      time.Time
	How     string // online, phone, paper, counter, link (of a message)
}

// Profile is what somebody sees of themselves (내 정보).
type Profile struct {
	Account      Account
	Groups       []Group
	Certificates []Certificate
	Consents     []Consent
	Firm         *Firm
}

// Contacts is what the delivery of messages needs to know of somebody.
type Contacts struct {
	AccountID      string
	Name           Secret
	Email, Phone   Secret
	EmailVerified  bool
	PhoneVerified  bool
	Locale         lang.Locale
	Channels       []Channel
	ReminderOptOut bool // said no to reminders
	SurveyOptOut   bool // said no to surveys; who was never asked is asked
	MonthlyOptOut  bool // said no to the monthly mail
	Grants         []Grant
	Typed          Typed // told apart in the survey funnel (desk_contact)
	Guest          bool
	Staff          bool // has any role at a center: never asked
	Demo           bool
}

// Session is a fresh sign-in. Token is shown once; only its hash is kept.
type Session struct {
	Token     Secret
	ExpiresAt time.Time
}
