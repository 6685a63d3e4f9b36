package booking

import (
	"context"
	"time"

	"gongbang/account"
)

// Store remembers. Do may run fn more than once and answers only after the
// commit is durable; fn assigns to nothing outside itself. Read runs fn on one
// consistent snapshot without writing.
type Store interface {
	Do(ctx context.Context, fn func(context.Context, Tx) (any, error)) (any, error)
	Read(ctx context.Context, fn func(context.Context, Reader) error) error
}

// do is Store.Do with the type kept.
func do[T any](ctx context.Context, s Store, fn func(context.Context, Tx) (T, error)) (T, error) {
	v, err := s.Do(ctx, func(ctx context.Context, tx Tx) (any, error) { return fn(ctx, tx) })
	if err != nil {
		var zero T
		return zero, err
	}
	return v.(T), nil
}

// Rules reads what the rules need, in one statement.
type Rules interface {
	// Facts reads all that a judgement needs about the asker and the machine.
	Facts(ctx context.Context, q FactsQuery) (Facts, error)
}

// Finder looks bookings up. None of them judges who may see what.
type Finder interface {
	// People names accounts, unmasked; ids that do not exist are left out.
	People(ctx context.Context, ids []string) (map[string]PersonView, error)
	// Replayed finds an earlier success under an idempotency key; nil is none.
	Replayed(ctx context.Context, k Key) (*Replay, error)
	Booking(ctx context.Context, id string) (*Booking, error) // fault.ErrNotFound
	Bookings(ctx context.Context, q ListQuery) ([]*Booking, error)
	// Busy lists what occupies the equipment's units inside the interval,
	// bookings and outages, by unit and start.
	Busy(ctx context.Context, equipment []string, i Interval) ([]Span, error)
	Outages(ctx context.Context, q OutageQuery) ([]*Outage, error)
	// DeskSeen tells whether the center's desk was active inside the grace, and
	// whether every minute of the whole time, in which somebody could have come, had a tick.
	DeskSeen(ctx context.Context, center string, grace, whole Interval) (seen, ticked bool, err error)
	// Ticks lists the minutes in which the service ran since an instant, and the
	// last one before it; at most 200.
	Ticks(ctx context.Context, since time.Time) ([]time.Time, error)
	// Unreached lists bookings of the center whose messages were given up, newest first.
	Unreached(ctx context.Context, center string, limit int) ([]string, error)
}

// StrikeFinder looks strikes up, and whom they concern.
type StrikeFinder interface {
	Strikes(ctx context.Context, q StrikeQuery) ([]*Strike, error)
	// Colleagues are the other confirmed members of all firms that the account
	// is a confirmed member of, each once.
	Colleagues(ctx context.Context, account string) ([]string, error)
}

// Reader is a snapshot.
type Reader interface {
	Now() time.Time
	Catalog(ctx context.Context) (*Catalog, error)
	Rules
	Finder
	Inquiries
	StrikeFinder
	Uses
	Offering
}

// Offering reads what is offered as it is written.
type Offering interface {
	// Written is the catalog's file with all that the database knows beside it.
	// In a Tx nobody else changes the catalog, or books, until it ends.
	Written(ctx context.Context) (*CatalogFile, error)
	// Shape holds a file to the schema of catalogs.
	Shape(f *CatalogFile) []ImportProblem
	// Withdrawn lists what became of the bookings that a subject hit at an instant.
	Withdrawn(ctx context.Context, subject string, at time.Time) ([]Became, error)
}

// OfferWriter changes what is offered.
type OfferWriter interface {
	// Rewrite makes f, which began as Written, the catalog in force and tells its revision.
	// In f it counts the version of each changed center and machine on.
	Rewrite(ctx context.Context, f *CatalogFile) (revision int64, err error)
	// NoteWithdrawn remembers what became of the bookings that a subject hit now.
	NoteWithdrawn(ctx context.Context, subject string, hit []Affected) error
}

// Writer changes bookings. Update is compare-and-set on id, the status and
// version that b was read with; anything but one row is fault.ErrStale.
type Writer interface {
	// Insert writes a new booking. ErrOverlap when the database refuses it.
	Insert(ctx context.Context, b *Booking) error
	// Update writes b, whose Version is the one read; it stores Version+1 and sets it on b.
	Update(ctx context.Context, b *Booking, was Status) error
	// Give makes the booking another account's; Update follows in the same transaction.
	Give(ctx context.Context, b *Booking, to string) error
	// SaveInquiry writes a new question (Version 0), or one whose Version is the one read; else fault.ErrStale.
	SaveInquiry(ctx context.Context, q *Inquiry) error
	// Claim inserts the idempotency key, or finds who used it before.
	Claim(ctx context.Context, k Key, subject string) (*Replay, error)
	// Trace writes the audit entry and the events of a change.
	Trace(ctx context.Context, e account.Entry, events ...account.Event) error
	// Seen marks the center's desk as active in this minute; at most one row a minute.
	Seen(ctx context.Context, center string) error
}

// OutageWriter changes outages.
type OutageWriter interface {
	// SaveOutage writes a new outage (Version 0), or one whose Version is the one read; else fault.ErrStale.
	SaveOutage(ctx context.Context, o *Outage) error
	// DropOutage forgets an outage that never began; a version that was changed since it was read is fault.ErrStale.
	DropOutage(ctx context.Context, o *Outage) error
}

// StrikeWriter writes strikes.
type StrikeWriter interface {
	// Strike writes a strike, or writes one anew that was taken back; one that
	// was waived before stays so. false when the booking has one of that kind.
	Strike(ctx context.Context, s *Strike) (bool, error)
	// TakeBack ends the booking's strike of a kind as if it had never been; none is no error.
	TakeBack(ctx context.Context, booking string, k StrikeKind) error
	// Answer writes what the person asked and what staff answered.
	Answer(ctx context.Context, s *Strike) error
}

// Tx is one transaction that writes. Now is fixed for the transaction.
type Tx interface {
	Reader
	Writer
	OutageWriter
	OfferWriter
	StrikeWriter
	// Remind writes RemindAt alone: the version that people hold stays.
	Remind(ctx context.Context, b *Booking) error
	// Lock takes row locks in the fixed order firm, account, equipment, bookings.
	// A person or firm that is counted for, and a machine whose use changes, must
	// be locked before Facts. SQLite has one writer and does nothing.
	Lock(ctx context.Context, l Locks) error
	// Concurrent tells whether other transactions run beside this one, so that
	// what was read before Lock must be read again.
	Concurrent() bool
	// Accounts is the same transaction for what belongs to accounts.
	Accounts() account.Tx
}

// Locks names the rows to lock; ids are sorted by the implementation.
type Locks struct {
	Account   string
	Firm      bool   // the account's confirmed firms too: limits count for them
	Receiver  string // of a booking that is handed over; locked with Account, their firms too
	Equipment []string
	Bookings  []string
}

// Key is an idempotency key: the caller, the method and path, and what the client sent.
type Key struct {
	Caller string // account id, else address, with method and path
	Value  string
	Body   string // hash of the body
}

// Replay is an earlier success under the same key.
type Replay struct{ Body, Subject string }

// FactsQuery names what a judgement is about.
type FactsQuery struct {
	Account   string   // "" asks nothing about a person
	Equipment string   // the machine
	Near      Interval // what occupies or stops the machine is read in here
	// Last, when later than Near begins: of what begins on a unit by then only
	// the last is read, which is the nearest.
	Last    time.Time
	Counted Interval // the person's counted bookings that start in here; empty: none are read
	Used    bool     // whether the person was on the machine before is asked
}

// Facts is what one read found.
type Facts struct {
	Catalog *Catalog // the one in force in this transaction
	Person  *Person  // nil when no account was asked for or none exists
	Mine    []Span   // the person's counted bookings that start inside the window
	Firm    []Span   // those of confirmed members of the person's confirmed firms; Span.Firm names which
	Strikes []Strike // the person's, and those members', that count
	Used    []string // one or two of the person's counted bookings of the machine, of any time
	Busy    []Span   // occupying bookings of the equipment near the interval; checked-in ones though their time is over
	Outages []Span   // outages of the equipment that overlap the interval
}

// Person is what the rules need to know of somebody.
type Person struct {
	ID           string
	Name, Phone  string
	Verified     bool // some contact was proved by a code
	Guest        bool
	Closed       bool
	Groups       map[string]GroupState
	Certificates map[string]time.Time // key → end of validity; zero is for ever
}

// GroupState of a declared eligibility group.
type GroupState struct{ Declared, Confirmed bool }

// Span is a piece of time that something takes on a unit.
type Span struct {
	Booking   string // id; "" for an outage
	Outage    string
	Equipment string
	Unit      int // 0: all units (an outage)
	Interval  Interval
	BusyUntil time.Time
	Status    Status
	Account   string
	Origin    Origin
	Firm      string // of a colleague's booking: the firm they share
}
