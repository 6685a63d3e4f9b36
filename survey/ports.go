package survey

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/lang"
)

// Store remembers. Do may run fn more than once and answers only after the
// commit is durable; fn assigns to nothing outside itself.
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

// Reader is one consistent snapshot.
type Reader interface {
	Now() time.Time
	Questionnaires
	Invitation(ctx context.Context, id string) (*Invitation, error) // fault.ErrNotFound
	ByToken(ctx context.Context, hash string) (*Invitation, error)  // fault.ErrNotFound
	// Due lists ids of what the drain has to look at by now, oldest first.
	Due(ctx context.Context, d Drain, limit int) ([]string, error)
	// Waiting lists the centers whose inbox is not empty, apart by how answers came.
	Waiting(ctx context.Context) ([]Waiting, error)
	Figures(ctx context.Context, q FiguresQuery) (*Figures, error)
	Counted
	Chained
	History
	Linked
	CaseReader
	NoteReader
	TicketReader
	// LowTold reads how many low scores managers know of, by month and center.
	LowTold(ctx context.Context, from, to string) (map[[2]string]LowTold, error)
}

// Questionnaires reads published templates.
type Questionnaires interface {
	Template(ctx context.Context, key string, version int) (*Template, error) // fault.ErrNotFound
	// Newest is the version of the key that is asked now; fault.ErrNotFound.
	Newest(ctx context.Context, key string) (*Template, error)
	// Editions lists published versions of the key, newest first; "" is the
	// newest of each key.
	Editions(ctx context.Context, key string, limit int) ([]Edition, error)
	Draft(ctx context.Context, key string) (*Draft, error) // fault.ErrNotFound
	Drafts(ctx context.Context, limit int) ([]*Draft, error)
	// Brought tells whether a text of the key came with the program before.
	Brought(ctx context.Context, key, text string) (bool, error)
}

// History reads what was asked of one person, and what people wrote.
type History interface {
	// OfAccount lists what is queued and what was sent since, oldest first.
	OfAccount(ctx context.Context, account string, since time.Time) ([]*Invitation, error)
	// Uses counts the person's visits since the day, whatever became of their invitations.
	Uses(ctx context.Context, account, since string) (int, error)
	// Regulars lists people with a finished use since, each with the center they
	// used most, by id after the given one.
	Regulars(ctx context.Context, since time.Time, after string, limit int) ([]Regular, error)
	Said
}

// Said reads what people wrote.
type Said interface {
	// Comments reads the comments to a questionnaire, "key" or "key@entry", about
	// a center's month in the order of their random ids.
	Comments(ctx context.Context, source, center, month string, limit int) ([]Comment, error)
	// Comment reads one; who writes waits for others. fault.ErrNotFound
	Comment(ctx context.Context, id string) (Comment, error)
}

// Linked reads answers that are tied to a person for a while.
type Linked interface {
	LinkedTo(ctx context.Context, account string, limit int) ([]LinkedResponse, error)
	// Named lists answers whose writer chose to give their name, newest day first.
	Named(ctx context.Context, q NamedQuery) ([]NamedResponse, error)
	NamedOne(ctx context.Context, id string) (NamedResponse, error) // fault.ErrNotFound
}

// LinkedResponse is a response that is tied to a person.
type LinkedResponse struct {
	Response Response
	Mode     string
	Expires  time.Time
}

// Regular is somebody who used machines, and where most.
type Regular struct{ Account, Center string }

// Tx is one transaction that writes. Lock order on PostgreSQL: account,
// invitation, visit, center, then counters in the order Raise sorts them.
type Tx interface {
	Reader
	Templates
	Visits
	Invitations
	Inbox
	Asked
	Grounds
	Months
	Closing
	CaseWriter
	NoteWriter
	TicketWriter
	// SaveTags replaces what a comment is marked with.
	SaveTags(ctx context.Context, id string, tags []string) error
	// TellLow notes a new count and tells the one before; fault.ErrStale when it is known.
	TellLow(ctx context.Context, v LowTold) (before int, err error)
	// Raise adds one to each counter, in a fixed order; call it once, last.
	Raise(ctx context.Context, c ...Counter) error
	// Trace writes the audit entry and the events of a change.
	Trace(ctx context.Context, e account.Entry, events ...account.Event) error
}

// Templates keeps published versions and drafts.
type Templates interface {
	// Repeated inserts the idempotency key, or finds who used it before.
	Repeated(ctx context.Context, k Key, subject string) (*Replay, error)
	// SaveDraft raises the revision that was to the next; 0 inserts. fault.ErrStale.
	SaveDraft(ctx context.Context, d *Draft, was int) error
	// DropDraft deletes the key's draft of the revision; fault.ErrStale.
	DropDraft(ctx context.Context, key string, revision int) error
	NoteBrought(ctx context.Context, key, text string) error
	// PublishTemplate stores a version once; it reports the hash that is stored.
	PublishTemplate(ctx context.Context, t *Template) (hash string, err error)
}

// Visits are uses joined to episodes.
type Visits interface {
	// FirstTime remembers the booking and tells whether it is new here.
	FirstTime(ctx context.Context, booking string) (bool, error)
	// Visit is the person's latest visit to the machine that day; nil if none.
	Visit(ctx context.Context, account, equipment, day string) (*Visit, error)
	SaveVisit(ctx context.Context, v *Visit) error
	CloseVisit(ctx context.Context, id string) error
	// ForgetVisits drops visits that ended before and that no invitation needs.
	ForgetVisits(ctx context.Context, before time.Time, limit int) error
}

// Invitations of one person and their changes.
type Invitations interface {
	// LockAccount makes whoever counts for this person wait for each other.
	LockAccount(ctx context.Context, account string) error
	Invite(ctx context.Context, i *Invitation) error
	// Change writes i if it still is in state was; else fault.ErrStale.
	Change(ctx context.Context, i *Invitation, was State) error
	// OfVisit is the visit's queued invitation; nil if there is none.
	OfVisit(ctx context.Context, visit string) (*Invitation, error)
	// SaveConsent replaces the person's answer to the text about surveys.
	SaveConsent(ctx context.Context, account string, c account.Consent) error
	// Claim leases due queued invitations until then and names their accounts, each once.
	Claim(ctx context.Context, until time.Time, limit int) (accounts []string, err error)
	// Blur drops the hour of sending and the category of final invitations sent before.
	Blur(ctx context.Context, before time.Time, zone *time.Location, limit int) error
}

// Inbox holds answers until they can't be told apart.
type Inbox interface {
	// Answered marks the one answer of an invitation; false when there is one already.
	Answered(ctx context.Context, invitation string) (bool, error)
	// Put adds an answer; due is when the center's inbox empties at the latest.
	Put(ctx context.Context, a Waited, due time.Time) error
	// LockCenter takes the center's inbox for this transaction; zero due: nothing waits.
	LockCenter(ctx context.Context, center string) (due time.Time, err error)
	// Waited lists what waits at the center.
	Waited(ctx context.Context, center string, limit int) ([]Waited, error)
	// Move stores responses, deletes the inbox rows and, when emptied, the due time.
	Move(ctx context.Context, center string, from []Waited, to []Response, emptied bool) error
	SaveTicket(ctx context.Context, t Ticket) error
	SaveCase(ctx context.Context, c Case) error
}

// CaseReader reads wishes for a reply. None of it judges who may see what.
type CaseReader interface {
	Case(ctx context.Context, id string) (*Case, error) // fault.ErrNotFound
	// Cases lists those that have a person, the first due first.
	Cases(ctx context.Context, q CaseQuery) ([]Case, error)
	// CaseCounts counts what waits at the centers; nil is all.
	CaseCounts(ctx context.Context, centers []string) (CaseCount, error)
	// CaseOutcome counts what came on the days from and to and in between, and what became of it.
	CaseOutcome(ctx context.Context, centers []string, from, to string) (CaseOutcome, error)
	// DueCases lists what was due by then and nobody was told of.
	DueCases(ctx context.Context, by time.Time, limit int) ([]Case, error)
}

// CaseWriter changes them.
type CaseWriter interface {
	// ChangeCase writes c if nobody changed it since it was read; else fault.ErrStale.
	ChangeCase(ctx context.Context, c *Case) error
	// CaseTold notes that a reminder left; false when one did before.
	CaseTold(ctx context.Context, id string) (bool, error)
}

// NoteReader reads what centers changed.
type NoteReader interface {
	Note(ctx context.Context, id string) (Note, error) // fault.ErrNotFound; withdrawn or not
	// Notes lists what is on a center's board, newest first.
	Notes(ctx context.Context, center string, limit int) ([]Note, error)
}

// NoteWriter changes the boards.
type NoteWriter interface {
	SaveNote(ctx context.Context, n Note) error
	// WithdrawNote takes a note down; false when it is down already.
	WithdrawNote(ctx context.Context, id string) (bool, error)
}

// TicketReader reads reports of a danger.
type TicketReader interface {
	Ticket(ctx context.Context, id string) (Ticket, error) // fault.ErrNotFound
	// Tickets lists the open ones of a center by the day they came.
	Tickets(ctx context.Context, center string, limit int) ([]Ticket, error)
}

// TicketWriter changes them.
type TicketWriter interface {
	// SettleTicket writes what staff made of an open one; fault.ErrState.
	SettleTicket(ctx context.Context, t Ticket) error
	// TicketOutage notes the outage it opened.
	TicketOutage(ctx context.Context, id, outage string) error
}

// Asked counts who was asked, day by day: the ground on which a response may
// keep its machine.
type Asked interface {
	AddAsked(ctx context.Context, i *Invitation, day string) error
	// Asked counts invitations about uses of that month, with that version of the
	// questionnaire, sent after the day; the caps make each one another person.
	// Equipment "" asks for the whole category.
	Asked(ctx context.Context, q AskedQuery) (int, error)
}

// Grounds are whom responses may be from, and the mixing of those that are kept.
type Grounds interface {
	// Stands lists what stands on a ground.
	Stands(ctx context.Context, g Ground) ([]Stand, error)
	// SaveStands replaces those that are given.
	SaveStands(ctx context.Context, g Ground, list []Stand) error
	// SaveLink ties a response to a person.
	SaveLink(ctx context.Context, l Link) error
	// Unlink destroys links that ended.
	Unlink(ctx context.Context, by time.Time, limit int) error
	// Unname destroys the links that the person chose, and tells how many there
	// were, those of answers that wait included.
	Unname(ctx context.Context, account string) (int, error)
	// SomeResponses lists ids of the center's month, at most limit, from the given one on.
	SomeResponses(ctx context.Context, month, center, from string, limit int) ([]string, error)
	// Mix gives responses (0) other ids (1) in the order given, and rewrites
	// the month's counts where a database shows which transaction wrote a row.
	Mix(ctx context.Context, month, center string, names [][2]string) error
}

// AskedQuery names a month of use, a place, a questionnaire and the day after
// which messages left.
type AskedQuery struct {
	Month, Center, Category, Equipment, After, Template string
	Version                                             int
}

// Months are the counts and what is published of an open month.
type Months interface {
	// Tallied adds what the rows hold to what is held.
	Tallied(ctx context.Context, rows []TallyRow) error
	// Settle counts what is held.
	Settle(ctx context.Context, at SeriesAt) error
	// Carry moves what is held to another month, where it is held too.
	Carry(ctx context.Context, at SeriesAt, to string) error
	Publish(ctx context.Context, p Published) error
}

// Counted reads what was answered.
type Counted interface {
	// Answering lists series with answers, by month, center and series.
	Answering(ctx context.Context, from, to string) ([]SeriesAt, error)
	// Tallies reads all counts of one center.
	Tallies(ctx context.Context, q TallyQuery) ([]TallyRow, error)
	// Lead reads the counts of the first question of a center's month.
	Lead(ctx context.Context, at SeriesAt) ([]TallyRow, error)
	// Shown is what is published of an open month; zero counts when nothing is.
	Shown(ctx context.Context, at SeriesAt) (Published, error)
	// AtDoor counts the uses of a machine in a month, and the answers by its code
	// that wait or were moved.
	AtDoor(ctx context.Context, month, center, equipment string) (uses, answers int, err error)
}

// Chained reads closed months.
type Chained interface {
	Frozen(ctx context.Context, month string) (bool, error)
	// Edges are the newest closed month and the oldest with uses; "" for none.
	Edges(ctx context.Context) (closed, used string, err error)
	// Chain lists the closed months by month, without funnel and cells.
	Chain(ctx context.Context) ([]Frozen, error)
	// Sealed reads the funnel and all cells that were released with a month.
	Sealed(ctx context.Context, month string) (funnel string, cells []Cell, err error)
}

// Closing freezes months.
type Closing interface {
	// Pending tells whether answers of the month still wait in some inbox.
	Pending(ctx context.Context, month string) (bool, error)
	// LastHash is the end of the chain of frozen months; "" at its beginning.
	LastHash(ctx context.Context) (string, error)
	// Freeze stores a closed month; false when it was closed already.
	Freeze(ctx context.Context, f Frozen) (bool, error)
}

// Reach is what the rule needs to know of a person.
type Reach struct {
	Channel   string // "email", "sms", "" none
	OptOut    bool   // the person said no to surveys
	Staff     bool   // works at a center
	BirthYear int    // 0 unknown
}

// People tells how somebody can be asked. An account that left has no channel.
type People interface {
	Reach(ctx context.Context, account string) (Reach, error)
	// Person is who wished for a reply.
	Person(ctx context.Context, account string) (Person, error)
	// Team lists who works at a center.
	Team(ctx context.Context, center string) ([]Member, error)
}

// Person is a name with the contacts by which somebody can be answered.
type Person struct{ Name, Phone, Email account.Secret }

// Member is somebody who works at a center.
type Member struct {
	ID   string
	Name account.Secret
}

// Machine is a kind of machine as the catalog has it.
type Machine struct {
	Name     lang.Text
	Center   string
	Category string
}

// Catalog is one snapshot of names and days.
type Catalog interface {
	Center(id string) (lang.Text, bool)
	Centers() []string
	Category(id string) lang.Text
	Equipment(id string) (Machine, bool)
	// SurveyDelay is a category's own time from the end of use to the invitation.
	SurveyDelay(category string) (time.Duration, bool)
	// Holiday tells whether the day, "2006-01-02", is a public holiday.
	Holiday(day string) bool
	Zone() *time.Location
}
