package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// draft is a booking that is about to be judged and written. Ids are drawn
// once, outside the transaction, because a closure may run twice.
type draft struct {
	id, code string
	actor    account.Actor
	account  string
	ask      ask
	req      BookRequest
	origin   Origin
}

// Book records a booking: confirmed, or pending where staff must look first.
// replayed is true when the same request with the same key succeeded before.
func (s *Service) Book(ctx context.Context, actor account.Actor, req BookRequest) (v *View, replayed bool, err error) {
	if actor.Anonymous() {
		return nil, false, fault.ErrSignIn
	}
	if req.For != nil { // before a guest is made for a request that succeeded already
		if m, err := s.replayed(ctx, actor, req.Key); m != nil || err != nil {
			return m, m != nil, err
		}
	}
	v, replayed, err = s.bookAnew(ctx, actor, req)
	if f, ok := fault.As(err); ok && f.Kind != fault.Unavailable && f.Kind != fault.Internal {
		// What succeeded before is shown again, whatever is wrong with it now. It
		// is asked for now and not first: most requests come once.
		if before, err := s.replayed(ctx, actor, req.Key); before != nil || err != nil {
			return before, before != nil, err
		}
	}
	return v, replayed, err
}

// bookAnew is a booking of which only its own transaction asks whether it was made before.
func (s *Service) bookAnew(ctx context.Context, actor account.Actor, req BookRequest) (*View, bool, error) {
	d, hold, err := s.draft(ctx, actor, req)
	if err != nil {
		return nil, false, err
	}
	f, err := s.early(ctx, d)
	if err != nil {
		return nil, false, err
	}
	e, _ := f.Catalog.Machine(d.ask.equipment)
	busy := d.ask.interval.Grow(e.Policy.buffer())
	ranked := func(f Facts) []int { return rank(d.units(f, e, s.now()), hold.Unit, d.ask.unit) }
	c := Claim{Equipment: e.ID, Units: ranked(f), Interval: busy, Owner: s.owner(d.account), TTL: claimTTL}
	look := func() ([]int, error) {
		f, err := s.early(ctx, d)
		return ranked(f), err
	}
	m, err := s.underLock(ctx, c, look, func(prefer int) (*made, error) {
		return do(ctx, s.Store, func(ctx context.Context, tx Tx) (*made, error) { return s.book(ctx, tx, d, prefer) })
	})
	return s.answer(ctx, actor, d.ask, req.Key, m, err)
}

// rank puts the unit of one's own hold first and keeps only the asked unit, if one was asked for.
func rank(units []int, held, asked int) []int {
	var out []int
	for _, u := range units {
		switch {
		case asked != 0 && u != asked:
		case u == held:
			out = append([]int{u}, out...)
		default:
			out = append(out, u)
		}
	}
	return out
}

// draft finds out who the booking is for, and which machine and time.
func (s *Service) draft(ctx context.Context, actor account.Actor, req BookRequest) (draft, holdClaim, error) {
	var hold holdClaim
	d := draft{id: s.NewID(), code: s.NewCode(), actor: actor, account: actor.ID, req: req, origin: Online}
	d.ask = ask{equipment: req.EquipmentID, interval: Interval{req.Start.UTC(), req.End.UTC()}, unit: req.Unit, people: max(1, req.People),
		declared: req.Declares, attendee: req.Attendee, ofAge: req.OfAge, tight: true}
	if req.Job != nil {
		d.ask.due = req.Job.DueDate
	}
	if req.HoldID != "" {
		var err error
		if hold, err = s.holdClaim(ctx, req.HoldID); err != nil {
			return d, hold, err
		}
		d.ask.equipment, d.ask.interval = hold.Equipment, hold.Interval
	}
	e, err := s.known(ctx, d.ask.equipment, d.ask.unit)
	if err != nil {
		return d, hold, err
	}
	if d.ask.unit < 0 || d.ask.unit > e.Quantity {
		return d, hold, fault.BadField("unit", "max", itoa(e.Quantity))
	}
	if err := checkInterval(d.ask.interval); err != nil {
		return d, hold, err
	}
	staff := actor.May(account.DeskWork, e.Center.ID)
	if req.Override != "" && !staff {
		return d, hold, fault.ErrForbidden
	}
	if req.For != nil {
		if !staff {
			return d, hold, fault.ErrForbidden
		}
		d.origin, d.ask.byStaff, d.ask.declared, d.ask.ofAge = AtDesk, true, true, true
		if err = s.worthAGuest(ctx, d); err != nil {
			return d, hold, err
		}
		if d.account, err = s.forWhom(ctx, actor, e.Center.ID, *req.For); err != nil {
			return d, hold, err
		}
	}
	d.ask.account = d.account
	if req.HoldID != "" && hold.Owner != s.owner(d.account) {
		return d, hold, fault.ErrNotFound
	}
	return d, hold, nil
}

// known finds a machine in the last snapshot that was seen: what is decided by
// it, every read of facts verifies. Only a machine or a unit that it does not
// have asks the database for a newer one.
func (s *Service) known(ctx context.Context, id string, unit int) (*Equipment, error) {
	if c := s.last.Load(); c != nil {
		if e, ok := c.Machine(id); ok && unit <= e.Quantity {
			return e, nil
		}
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	if e, ok := c.Machine(id); ok {
		return e, nil
	}
	return nil, fault.ErrNotFound
}

// forWhom is the account staff book for; a name alone makes a guest.
func (s *Service) forWhom(ctx context.Context, actor account.Actor, center string, w ForWhom) (string, error) {
	if w.AccountID != "" {
		return w.AccountID, nil
	}
	return s.Guests.EnsureGuest(ctx, actor, account.Guest{Name: account.Secret(w.Name), Phone: account.Secret(w.Phone), Consent: account.Typed(w.Consent), Center: center})
}

// worthAGuest judges the machine and the time alone, so that a refused request
// leaves no record of a person behind.
func (s *Service) worthAGuest(ctx context.Context, d draft) error {
	d.ask.account = ""
	return s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		f, err := s.facts(ctx, r, d.ask)
		if err != nil {
			return err
		}
		return d.verdict(f, s.now()).refusal()
	})
}

// verdict is the judgement of a draft, less what its door and a reason of staff waive.
func (d draft) verdict(f Facts, now time.Time) verdict {
	v := f.judge(d.ask, now)
	if d.origin == WalkIn {
		v = v.without(func(code string) bool { return walkInFree[code] })
	}
	if d.req.Override != "" {
		v = v.waive()
	}
	return v
}

// early is the refusal before the transaction, on a read that locks nothing.
func (s *Service) early(ctx context.Context, d draft) (f Facts, err error) {
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		if f, err = s.facts(ctx, r, d.ask); err == nil {
			_, err = s.mayBook(f, d, s.now())
		}
		return err
	})
	return f, err
}

// mayBook is the whole judgement of a new booking; needs says why staff must look first.
func (s *Service) mayBook(f Facts, d draft, now time.Time) (needs []string, err error) {
	if f.Person == nil || f.Person.Closed {
		return nil, fault.ErrNotFound
	}
	if s.MustVerify() && !f.Person.Verified && d.origin == Online {
		return nil, fault.New(fault.Forbidden, "contact_unverified")
	}
	v := d.verdict(f, now)
	return v.needs, v.refusal()
}

// book is the transaction: key, locks, the whole judgement again, the unit, the trace.
func (s *Service) book(ctx context.Context, tx Tx, d draft, prefer int) (*made, error) {
	if d.req.Key != nil {
		if r, err := tx.Claim(ctx, *d.req.Key, d.id); r != nil || err != nil {
			return &made{replay: r}, err
		}
	}
	f, err := s.lockedFacts(ctx, tx, d)
	if err != nil {
		return nil, err
	}
	needs, err := s.mayBook(f, d, tx.Now())
	if err != nil {
		return nil, err
	}
	b := d.build(f.Catalog, tx.Now(), needs)
	e, _ := f.Catalog.Machine(b.EquipmentID)
	if err := s.occupy(ctx, tx, f, b, "", placing{only: d.ask.unit, prefer: prefer, open: d.lanes(f, e, tx.Now())}); err != nil {
		return nil, err
	}
	return &made{booking: b, catalog: f.Catalog, person: f.Person}, tx.Trace(ctx, entry(d.actor, "booking.create", b, d.req.Override), madeEvents(b)...)
}

// build is the booking as it will stand: its terms are promised from here on.
func (d draft) build(c *Catalog, now time.Time, needs []string) *Booking {
	e, _ := c.Machine(d.ask.equipment)
	b := &Booking{
		ID: d.id, Code: d.code, Status: Confirmed, Version: 1, EquipmentID: e.ID, CenterID: e.Center.ID,
		AccountID: d.account, MadeBy: d.actor.Name(), Origin: d.origin, CreatedAt: now, Counted: true,
		Details: Details{Purpose: d.req.Purpose, People: d.ask.people, Attendee: d.req.Attendee, Declared: d.ask.declared, OfAge: d.ask.ofAge && e.Policy.MinAge > 0, Override: d.req.Override},
	}
	if d.req.For != nil {
		b.Details.Consent = d.req.For.Consent
	}
	b.Details.Job = newJob(e, d.req.Job)
	b.place(c, e, d.ask.interval, now)
	b.await(c, e, now, needs)
	return b
}

// place gives the booking a time on a machine, under the rules it was made
// under: also one that moves keeps what was promised. A reminder whose moment
// has passed already is not wanted.
func (b *Booking) place(c *Catalog, e *Equipment, i Interval, now time.Time) {
	b.EquipmentID, b.CenterID = e.ID, e.Center.ID
	b.Start, b.End = i.Start.UTC(), i.End.UTC()
	b.BusyUntil = b.End.Add(e.Policy.buffer())
	b.Details.Terms = e.terms(c, i, b.CreatedAt)
	b.schedule(c.Zone, func(r reminder) bool { return r.at.After(now) })
}

// await makes the booking pending when staff must look first, confirmed otherwise.
func (b *Booking) await(c *Catalog, e *Equipment, now time.Time, needs []string) {
	b.Details.NeedsStaff, b.AnswerBy = needs, nil
	if len(needs) == 0 {
		b.Status, b.Details.ConfirmedAt = Confirmed, &now
		return
	}
	b.Status = Pending
	by := answerBy(c, e, b.Start, now)
	b.AnswerBy = &by
}

// answerBy is until when staff answer: within the promised hours of open time,
// at the latest three hours before the start; when that has passed already, the start.
func answerBy(c *Catalog, e *Equipment, start, now time.Time) time.Time {
	hours := 24
	if e.Policy.Approval != nil {
		hours = e.Policy.Approval.AnswerWithinHours
	}
	by := c.AddOpenHours(e.Center, now, hours)
	if last := start.Add(-3 * time.Hour); by.After(last) {
		by = last
	}
	if !by.After(now) {
		by = start
	}
	return by
}

// terms are what is promised for a time on this machine to a booking that was
// made at some moment. The cleaning time is today's: it is the next user's.
func (e *Equipment) terms(c *Catalog, i Interval, made time.Time) Terms {
	p := e.Policy
	if !c.Holds(made) {
		p = e.policyAt(made)
	}
	t := Terms{
		CancelUntil: p.CancelUntil.Before(i.Start, c.Zone), LateCancel: p.LateCancel,
		CheckInFrom:   i.Start.Add(-time.Duration(p.CheckIn.OpensMinutesBefore) * time.Minute),
		BufferMinutes: e.Policy.BufferMinutes, Mode: e.Mode, AutoNoShow: p.CheckIn.Auto,
		NoShow: p.NoShow, Reminders: p.Reminders,
	}
	if g := p.CheckIn.GraceMinutes; g != nil {
		until := i.Start.Add(time.Duration(*g) * time.Minute)
		t.CheckInUntil = &until
	}
	return t
}

func (p Policy) buffer() time.Duration { return time.Duration(p.BufferMinutes) * time.Minute }
