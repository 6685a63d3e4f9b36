package account

import (
	"context"
	"errors"
	"time"
)

// ErrHeld is the database refusing a contact that another open account holds.
// The transaction is over; running it again finds the holder.
var ErrHeld = errors.New("another account holds this contact")

// Store remembers. Do may run fn more than once and answers only after the
// commit is durable; fn assigns to nothing outside itself. Read runs fn on one
// consistent snapshot without writing.
type Store interface {
	Do(ctx context.Context, fn func(context.Context, Tx) (any, error)) (any, error)
	Read(ctx context.Context, fn func(context.Context, Reader) (any, error)) (any, error)
}

// Finder looks people up. None of its methods judges who may see what.
// What is not there is fault.ErrNotFound, unless it says otherwise.
type Finder interface {
	// Account reads one, open or closed, without its grants.
	Account(ctx context.Context, id string) (*Record, error)
	// Holder is the open account that holds the contact; nil when nobody does.
	Holder(ctx context.Context, l Login) (*Record, error)
	// Accounts lists by id, grants included.
	Accounts(ctx context.Context, q Query) ([]*Record, error)
	// Named reads the accounts with these ids, without their grants; unknown ids are left out.
	Named(ctx context.Context, ids []string) ([]*Record, error)
	// AnyAdmin tells whether some open account is an admin of everything.
	AnyAdmin(ctx context.Context) (bool, error)
}

// Papers reads what belongs to one account; nothing there is an empty list.
type Papers interface {
	Grants(ctx context.Context, account string) ([]Grant, error)
	Groups(ctx context.Context, account string) ([]Group, error)
	Certificates(ctx context.Context, account string) ([]Certificate, error)
	Consents(ctx context.Context, account string) ([]Consent, error)
	Firm(ctx context.Context, account string) (*Firm, error) // nil: none
	// Messages lists what was to be sent to the account, or about its bookings.
	Messages(ctx context.Context, account string) ([]Sent, error)
	// Members lists who claims the firm; at most 200.
	Members(ctx context.Context, firm string) ([]Member, error)
}

// Gate reads what sign-in needs.
type Gate interface {
	// Session finds a session by the hash of its token, with the grants of its
	// account, in one statement; nil when there is none or the account closed.
	Session(ctx context.Context, tokenHash string) (*Signed, error)
	// Sessions lists the account's live sessions, newest first; at most 200.
	Sessions(ctx context.Context, account string) ([]Signed, error)
	// SignedInFrom tells whether a live session of the account began at the address.
	SignedInFrom(ctx context.Context, account, addressHash string) (bool, error)
	// Failures reads the counters of the keys; a missing one is zero.
	Failures(ctx context.Context, keys [2]string) ([2]Failure, error)
	// Code finds the last code sent under a key; nil when there is none.
	Code(ctx context.Context, key string) (*Code, error)
	// CodeByID finds a code that was not replaced since.
	CodeByID(ctx context.Context, id string) (*Code, error)
}

// Reader is a snapshot.
type Reader interface {
	Now() time.Time
	Finder
	Papers
	Gate
	FeedReader
}

// PeopleWriter changes accounts.
type PeopleWriter interface {
	// Insert writes a new account; false when an open account holds one of its contacts.
	Insert(ctx context.Context, r *Record) (bool, error)
	// Update writes all of r but its grants. ErrHeld.
	Update(ctx context.Context, r *Record) error
	SetGrants(ctx context.Context, account string, grants []Grant) error
	SaveGroup(ctx context.Context, account string, g Group, by, center string) error
	// SaveConsent replaces the answer under the same key.
	SaveConsent(ctx context.Context, account string, c Consent) error
	// AddCertificate ends the account's certificates of the same key and center, and writes this one.
	AddCertificate(ctx context.Context, account string, c Certificate, by, center string) error
	// ClaimFirm finds or makes the firm by its number and notes the claim.
	ClaimFirm(ctx context.Context, account, firmID string, f Firm) error
}

// CertificateWriter ends certificates before their time.
type CertificateWriter interface {
	// GivenBy is the center that gave the account's certificate, "" where
	// somebody who sees all did; fault.ErrNotFound when there is none.
	GivenBy(ctx context.Context, account, certificate string) (center string, err error)
	RevokeCertificate(ctx context.Context, certificate string) error
}

// GateWriter changes sessions, codes and counters.
type GateWriter interface {
	OpenSession(ctx context.Context, s Signed, tokenHash, addressHash string) error
	// CloseSessions ends the account's sessions but the one with id keep ("": all).
	CloseSessions(ctx context.Context, account, keep string) error
	CloseSession(ctx context.Context, id string) error
	// CountFailure raises the counters; one that rested since before stale starts anew.
	CountFailure(ctx context.Context, keys [2]string, stale time.Time) error
	ForgetFailures(ctx context.Context, key string) error
}

// CodeWriter keeps one code under each key.
type CodeWriter interface {
	// SaveCode replaces the code under its key; false when the last one is
	// younger than gap, or limit of them were sent within the hour.
	SaveCode(ctx context.Context, c Code, gap time.Duration, limit int) (bool, error)
	// TryCode counts one try; false when no live code with a try left is there.
	// On PostgreSQL it locks the code until the end of the transaction.
	TryCode(ctx context.Context, key string, tries int) (bool, error)
	// UseCode ends a code; it is called once a try was right.
	UseCode(ctx context.Context, key string) error
}

// Eraser destroys.
type Eraser interface {
	// Erase takes away all rows that belong to the account and to it alone:
	// sessions, codes, roles, papers, consents, feeds, its claim to a firm,
	// idempotency keys; and stops the messages that wait. Errors of delivery
	// that name one of the contacts are forgotten.
	Erase(ctx context.Context, account string, contacts ...Secret) error
	// KeepPhone keeps the hash of the phone of somebody who left.
	KeepPhone(ctx context.Context, hash, account string, until time.Time) error
	// ComeBack gives the strikes of who left with this phone to the account.
	ComeBack(ctx context.Context, hash, account string) error
}

// Tx is one transaction that writes. Now is fixed for the transaction.
type Tx interface {
	Reader
	PeopleWriter
	CertificateWriter
	FeedWriter
	FirmWriter
	GateWriter
	CodeWriter
	Eraser
	// Lock locks the account rows in the order of their ids. SQLite has one
	// writer and does nothing.
	Lock(ctx context.Context, accounts ...string) error
	// Trace writes the audit entry and the events of a change.
	Trace(ctx context.Context, e Entry, events ...Event) error
}

// Record is an account as it is stored, with what is nobody's to see.
type Record struct {
	Account
	PasswordHash Secret // argon2id in PHC form; "" without a password
	// Wanted contacts are held by somebody else until the person proves them.
	EmailWanted, PhoneWanted Secret
	// ProvedAt is the first proof of any contact. Before it, a code to any of
	// the contacts enters the account; after it, behind a gateway, only one to
	// a proven contact.
	ProvedAt *time.Time
	// Lost tells when somebody else proved the contact that this account held.
	EmailLostAt, PhoneLostAt *time.Time
}

// Signed is a session with whom it stands for.
type Signed struct {
	ID        string
	Account   string
	Since     time.Time // filled by Gate.Sessions
	ExpiresAt time.Time
	Actor     Actor // filled by Gate.Session
}

// Failure counts wrong passwords under one key.
type Failure struct {
	Count int
	Last  time.Time
}

// Purpose is what a code was asked for.
type Purpose string

const (
	ToSignIn Purpose = "sign_in"
	ToSignUp Purpose = "sign_up" // sent by a sign-up to its own contact
	ToVerify Purpose = "verify"  // of a signed-in person, for a contact of theirs
)

// Code is a six-digit code as it is stored: the digits follow from the server
// key, the id and the nonce, so that a message needs no copy of them.
type Code struct {
	Key       string // keyed hash of what it was asked for
	ID        string
	Account   string // "" when nobody holds the contact
	Kind      Kind
	Purpose   Purpose
	Nonce     string
	Hash      string // of id, contact and digits
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// Query lists accounts.
type Query struct {
	Text   string // a whole contact, or part of a name
	Role   Role
	Center string
	After  string // the last id of the page before
	Limit  int
	// Contact is Text as a contact, set by the service.
	Contact Login
}

// do is Store.Do with the type kept. A contact that was taken in the same
// moment is judged again with its holder in view.
func do[T any](ctx context.Context, s Store, fn func(context.Context, Tx) (T, error)) (T, error) {
	var zero T
	for again := 0; ; again++ {
		v, err := s.Do(ctx, func(ctx context.Context, tx Tx) (any, error) { return fn(ctx, tx) })
		if errors.Is(err, ErrHeld) && again < 3 {
			continue
		}
		if err != nil {
			return zero, err
		}
		return v.(T), nil
	}
}

// read is Store.Read with the type kept.
func read[T any](ctx context.Context, s Store, fn func(context.Context, Reader) (T, error)) (T, error) {
	v, err := s.Read(ctx, func(ctx context.Context, r Reader) (any, error) { return fn(ctx, r) })
	if err != nil {
		var zero T
		return zero, err
	}
	return v.(T), nil
}
