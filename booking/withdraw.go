package booking

import (
	"context"
	"strconv"
	"time"

	"gongbang/account"
)

// withdrawal is time that the center takes back from people: by an outage, a
// closure, a holiday, shorter hours, a retired machine, or a rule. One
// function looks after everybody it hits, whatever the reason is.
type withdrawal struct {
	subject string // id of the outage, the closure, or what was changed
	center  string
	action  string // of the audit
	reason  string // people read it
	detail  map[string]any
	units   bool // another unit of the machine may take a booking over
	keep    bool // nobody is touched; they are only listed
	// until is how long a use that runs may still go on; not after now: it ends at once.
	until func(b *Booking) time.Time
}

// withdraw looks after the bookings that are hit, in the transaction that
// takes their time, and notes what became of each.
func (s *Service) withdraw(ctx context.Context, tx Tx, actor account.Actor, c *Catalog, w withdrawal, hit []*Booking) ([]Affected, error) {
	var events []account.Event
	out := make([]Affected, 0, len(hit))
	for _, b := range hit {
		became, ev, err := s.settle(ctx, tx, w, b)
		if err != nil {
			return nil, err
		}
		if became != BecameKept {
			if err := tx.Trace(ctx, entry(actor, "outage.affect", b, w.subject)); err != nil {
				return nil, err
			}
		}
		events = append(events, ev...)
		out = append(out, Affected{View: View{Booking: b}, Became: became})
	}
	if err := tx.NoteWithdrawn(ctx, w.subject, out); err != nil {
		return nil, err
	}
	if err := s.showAffected(ctx, tx, actor, c, out); err != nil {
		return nil, err
	}
	if w.detail == nil {
		w.detail = map[string]any{}
	}
	w.detail["affected"] = len(hit)
	e := account.Entry{Actor: actor.Name(), Action: w.action, Subject: w.subject, Center: w.center, Reason: w.reason, Request: actor.RequestID, Detail: w.detail}
	return out, tx.Trace(ctx, e, events...)
}

// showAffected fills in what is shown beside the bookings, masked.
func (s *Service) showAffected(ctx context.Context, r Reader, actor account.Actor, c *Catalog, list []Affected) error {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].AccountID
	}
	people, err := r.People(ctx, ids)
	if err != nil {
		return err
	}
	for i := range list {
		b := list[i].Booking
		list[i].View = s.view(c, b, people[b.AccountID], actor).masked()
	}
	return nil
}

// What became of a booking.
const (
	BecameMoved     = "moved"     // to another unit, at the same time
	BecameCancelled = "cancelled" // by the center
	BecameEnded     = "ended"     // a use that ran
	BecameShortened = "shortened" // a use that runs and ends earlier
	BecameKept      = "kept"      // it stays, by the decision of who made the change
)

// settle decides for one booking: a running use ends and counts for nobody, a
// coming one moves to another unit at the same time, else the center cancels it.
func (s *Service) settle(ctx context.Context, tx Tx, w withdrawal, b *Booking) (string, []account.Event, error) {
	if w.keep {
		return BecameKept, nil, nil
	}
	if b.Status == CheckedIn && b.Details.Terms.Mode == Self {
		return s.stop(ctx, tx, w, b)
	}
	if w.units {
		moved, ev, err := s.elsewhere(ctx, tx, b)
		if moved || err != nil {
			return BecameMoved, ev, err
		}
	}
	if b.Status == CheckedIn { // a staff-run job that was received: the material stays, the time goes
		return s.stop(ctx, tx, w, b)
	}
	if _, err := b.cancel(ctx, tx, VerbClose, "center", w.reason); err != nil {
		return "", nil, err
	}
	return BecameCancelled, []account.Event{affected(b, BecameCancelled, nil)}, nil
}

func affected(b *Booking, became string, data map[string]string) account.Event {
	if data == nil {
		data = map[string]string{}
	}
	data["became"] = became
	return event("outage.affected", b, data)
}

// elsewhere moves a booking to another unit of its machine at the same time, if one is free.
func (s *Service) elsewhere(ctx context.Context, tx Tx, b *Booking) (bool, []account.Event, error) {
	f, err := s.facts(ctx, tx, ask{equipment: b.EquipmentID, interval: b.Interval(), ignore: b.ID})
	if err != nil {
		return false, nil, err
	}
	old := before(b)
	e, _ := f.Catalog.Machine(b.EquipmentID)
	if len(f.free(e, b.Interval(), b.BusyUntil, b.ID)) == 0 {
		return false, nil, nil
	}
	err = s.occupy(ctx, tx, f, b, b.Status, placing{})
	return true, []account.Event{affected(b, BecameMoved, old)}, err
}

// stop ends a use that runs, or lets it run until the time is taken.
func (s *Service) stop(ctx context.Context, tx Tx, w withdrawal, b *Booking) (string, []account.Event, error) {
	b.Details.Cause, b.Details.Reason, b.Counted = "center", w.reason, false
	until := tx.Now()
	if w.until != nil {
		until = later(until, w.until(b))
	}
	if until.After(tx.Now()) && until.After(b.Start) && until.Before(b.End) {
		b.End, b.BusyUntil = until, until.Add(b.buffer())
		err := b.save(ctx, tx, VerbClose, CheckedIn)
		return BecameShortened, []account.Event{affected(b, BecameShortened, nil)}, err
	}
	ev, err := b.finish(ctx, tx, VerbClose, later(tx.Now(), b.Start), b.buffer())
	return BecameEnded, append(ev, affected(b, BecameEnded, nil)), err
}

// Became is what is remembered of a booking that was hit.
type Became struct{ Booking, Became string }

// toldBefore is what a request that succeeded before told about the bookings it hit.
func (s *Service) toldBefore(ctx context.Context, actor account.Actor, subject string, at time.Time) (out []Affected, err error) {
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		noted, err := r.Withdrawn(ctx, subject, at)
		if err != nil || len(noted) == 0 {
			return err
		}
		c, err := r.Catalog(ctx)
		if err != nil {
			return err
		}
		for _, n := range noted {
			b, err := r.Booking(ctx, n.Booking)
			if err != nil {
				return err
			}
			out = append(out, Affected{View: View{Booking: b}, Became: n.Became})
		}
		return s.showAffected(ctx, r, actor, c, out)
	})
	return out, err
}

// WithdrawImported looks after bookings that a catalog which was just written
// in this transaction breaks: what is hit is cancelled, and what runs ends when
// the machine is no longer offered. reason is what people read.
func (s *Service) WithdrawImported(ctx context.Context, tx Tx, ids []string, reason string) error {
	c, err := tx.Catalog(ctx)
	if err != nil {
		return err
	}
	broken := map[string]bool{}
	for _, id := range ids {
		broken[id] = true
	}
	hit, err := s.standing(ctx, tx, ListQuery{}, func(b *Booking) bool { return broken[b.ID] })
	if err != nil {
		return err
	}
	w := withdrawal{subject: "catalog/" + strconv.FormatInt(c.Revision, 10), action: "catalog.withdraw", reason: reason,
		until: func(b *Booking) time.Time { return c.openUntil(b.EquipmentID, tx.Now()) }}
	_, err = s.withdraw(ctx, tx, account.System("import"), c, w, hit)
	return err
}

// CancelByCenter ends a booking that can't stand because of what the center
// changed: never late, never counted, and the person is told why.
func (s *Service) CancelByCenter(ctx context.Context, actor account.Actor, id, reason string) (*View, error) {
	ch := change{verb: VerbClose, action: "booking.close", reason: reason}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		_, events, err := s.settle(ctx, tx, withdrawal{reason: reason}, b)
		return events, err
	}
	return s.apply(ctx, actor, id, ch)
}
