package booking

import (
	"context"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// HandOver gives a booking that has not begun to another confirmed member of
// one of the person's firms. Who comes is judged like somebody who books: certificate,
// eligibility, limits; the machine and the time are theirs already.
func (s *Service) HandOver(ctx context.Context, actor account.Actor, id, to string, version int) (*View, error) {
	if to == "" {
		return nil, fault.BadField("account_id", "required", "")
	}
	ch := change{verb: VerbHandOver, action: "booking.hand_over", version: version, to: to, firm: true}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		return s.handOver(ctx, tx, actor, b, to)
	}
	return s.apply(ctx, actor, id, ch)
}

func (s *Service) handOver(ctx context.Context, tx Tx, actor account.Actor, b *Booking, to string) ([]account.Event, error) {
	from := b.AccountID
	if err := colleague(ctx, tx, from, to); err != nil {
		return nil, err
	}
	// What the giver declared of themselves is not the receiver's word.
	byStaff := actor.ID != from
	f, err := s.facts(ctx, tx, ask{account: to, equipment: b.EquipmentID, interval: b.Interval(), unit: b.Unit, ignore: b.ID})
	if err != nil {
		return nil, err
	}
	needs, err := f.mayReceive(b, byStaff, tx.Now())
	if err != nil {
		return nil, err
	}
	e, _ := f.Catalog.Machine(b.EquipmentID)
	was, confirmed := b.Status, b.Details.ConfirmedAt
	b.await(f.Catalog, e, tx.Now(), needs)
	next := b.Status
	if b.Status = was; next == Confirmed && confirmed != nil {
		b.Details.ConfirmedAt = confirmed
	}
	b.Details.Declared, b.Details.Attendee = false, nil
	if err := tx.Give(ctx, b, to); err != nil {
		return nil, err
	}
	b.AccountID = to
	if err := b.save(ctx, tx, VerbHandOver, next); err != nil {
		return nil, err
	}
	events := []account.Event{handedOver(b, from, "given"), handedOver(b, to, "received")}
	if next == Pending {
		events = append(events, event("approval.waiting", b, nil))
	}
	return events, nil
}

// handedOver tells one of the two.
func handedOver(b *Booking, who, became string) account.Event {
	e := event("booking.handed_over", b, map[string]string{"to": who, "became": became})
	e.Key += "/" + became
	return e
}

// colleague refuses who is in no firm of the account; to them the other does not exist.
func colleague(ctx context.Context, r StrikeFinder, from, to string) error {
	all, err := r.Colleagues(ctx, from)
	if err == nil && !slices.Contains(all, to) {
		err = fault.BadField("account_id", "colleague", "")
	}
	return err
}

// theTime is what a hand-over does not judge again: the time was won before.
var theTime = []string{"closed", "holiday", "outside_hours", "off_grid", "too_short", "too_long", "not_open_yet", "too_late", "lane", "lottery_only", "booked_elsewhere"}

// mayReceive judges who comes now; needs says why staff must look first.
func (f Facts) mayReceive(b *Booking, byStaff bool, now time.Time) (needs []string, err error) {
	if f.Person == nil || f.Person.Closed {
		return nil, fault.ErrNotFound
	}
	v := f.judge(ask{account: f.Person.ID, equipment: b.EquipmentID, interval: b.Interval(), unit: b.Unit,
		people: max(1, b.Details.People), byStaff: byStaff, ignore: b.ID}, now)
	v = v.without(func(code string) bool { return slices.Contains(theTime, code) })
	return v.needs, v.refusal()
}
