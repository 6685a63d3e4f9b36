package booking

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

const (
	// holdSlack is how much later than shown a hold really ends: who presses at 0:00 still wins.
	holdSlack = 5 * time.Second
	// holdWorth is how long after it was first made a hold's id is worth anything at all.
	holdWorth = 35 * time.Minute
)

var errHoldExpired = fault.New(fault.Gone, "hold_expired")

// holdClaim is what a hold's id says. It grants nothing that the same booking
// without it would not: it only tells which claim to re-enter.
type holdClaim struct {
	Equipment string    `json:"e"`
	Unit      int       `json:"u"`
	Interval  Interval  `json:"i"` // without buffer
	Busy      time.Time `json:"b"` // end with buffer: what the lock covers
	Owner     string    `json:"o"`
	MadeAt    time.Time `json:"m"` // of the first id of this hold
	ExpiresAt time.Time `json:"x"` // as shown; this id ends holdSlack later
	Lockless  time.Time `json:"l"` // what the id is worth where the lock is gone
}

func (h holdClaim) locked() Interval { return Interval{h.Interval.Start, h.Busy} }

func (s *Service) signHold(h holdClaim) string {
	body, _ := json.Marshal(h)
	text := base64.RawURLEncoding.EncodeToString(body)
	return text + "." + holdSeal(s.Key, text)
}

func holdSeal(key []byte, text string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("hold\x00" + text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

// readHold opens an id that this service (or a node with the same key) signed.
func (s *Service) readHold(id string) (holdClaim, error) {
	var h holdClaim
	for i := range id {
		if id[i] != '.' {
			continue
		}
		text, seal := id[:i], []byte(id[i+1:])
		ok := hmac.Equal(seal, []byte(holdSeal(s.Key, text)))
		if !ok && len(s.PreviousKey) > 0 {
			ok = hmac.Equal(seal, []byte(holdSeal(s.PreviousKey, text)))
		}
		body, err := base64.RawURLEncoding.DecodeString(text)
		if !ok || err != nil || json.Unmarshal(body, &h) != nil {
			break
		}
		return h, nil
	}
	return h, fault.ErrNotFound
}

// holdClaim judges whether an id is still worth something: until its own
// expiry, and where the lock is gone (flushed, lost) only for the first
// minutes from when it was made.
func (s *Service) holdClaim(ctx context.Context, id string) (holdClaim, error) {
	h, err := s.readHold(id)
	if err != nil {
		return h, err
	}
	now := s.now()
	if !now.Before(h.ExpiresAt.Add(holdSlack)) || !now.Before(h.MadeAt.Add(holdWorth)) {
		return h, errHoldExpired
	}
	if now.Before(h.Lockless.Add(holdSlack)) {
		return h, nil
	}
	alive, err := s.Locks.List(ctx, h.Equipment, h.locked())
	for _, l := range alive {
		if err == nil && l.Owner == h.Owner && l.Unit == h.Unit && l.Interval == h.locked() {
			return h, nil
		}
	}
	return h, errHoldExpired
}

// Hold keeps a time for a signed-in person for some minutes; it replaces their older hold.
func (s *Service) Hold(ctx context.Context, actor account.Actor, req HoldRequest) (Hold, error) {
	if actor.Anonymous() {
		return Hold{}, fault.ErrSignIn
	}
	d, _, err := s.draft(ctx, actor, BookRequest{EquipmentID: req.EquipmentID, Start: req.Start, End: req.End, Unit: req.Unit, For: forAccount(req.For), Declares: true, OfAge: true})
	if err != nil {
		return Hold{}, err
	}
	d.ask.people, d.ask.open = 0, true // asked on the next page
	f, err := s.early(ctx, d)
	if err != nil {
		return Hold{}, err
	}
	e, _ := f.Catalog.Machine(d.ask.equipment)
	busy := d.ask.interval.Grow(e.Policy.buffer())
	units := rank(d.units(f, e, s.now()), 0, d.ask.unit)
	if len(units) == 0 {
		return Hold{}, s.withAlternatives(ctx, d.ask, errSlotTaken)
	}
	rule := e.Policy.Hold
	ttl := time.Duration(rule.Minutes)*time.Minute + holdSlack
	held, _, err := s.Locks.Acquire(ctx, Claim{Equipment: e.ID, Units: units, Interval: busy, Owner: s.owner(d.account), TTL: ttl})
	if errors.Is(err, ErrLocked) {
		return Hold{}, s.withAlternatives(ctx, d.ask, errSlotTaken)
	}
	now := s.now()
	h := holdClaim{Equipment: e.ID, Unit: units[0], Interval: d.ask.interval, Busy: busy.End, Owner: s.owner(d.account), MadeAt: now, ExpiresAt: now.Add(ttl - holdSlack)}
	h.Lockless = h.ExpiresAt
	out := Hold{EquipmentID: e.ID, Unit: h.Unit, Start: h.Interval.Start, End: h.Interval.End, ExpiresAt: h.ExpiresAt, ExtensionsLeft: rule.Extensions}
	if err == nil { // with no lock layer the id alone is the hold
		h.Unit, out.Unit = held.Unit, held.Unit
		out.ExtensionsLeft = max(0, rule.Extensions-held.Extensions) // pressed twice: still the same hold
		out.Replaced = s.swap(ctx, f.Catalog, held, ttl)
	}
	out.ID = s.signHold(h)
	s.Watch.Changed(e.ID, DateOf(busy.Start, f.Catalog.Zone))
	return out, nil
}

func forAccount(id string) *ForWhom {
	if id == "" {
		return nil
	}
	return &ForWhom{AccountID: id}
}

// swap remembers the new hold as the person's only one and ends the older.
// It runs after the win, so that who loses keeps the older hold.
func (s *Service) swap(ctx context.Context, c *Catalog, held Held, ttl time.Duration) *Held {
	old, err := s.Locks.Swap(ctx, held.Owner, held, ttl)
	if err != nil || old == nil || old.Equipment == held.Equipment && old.Unit == held.Unit && old.Interval == held.Interval {
		return nil
	}
	gone := []Interval{old.Interval}
	if old.Equipment == held.Equipment { // releasing goes by time: what the new claim covers is spared
		gone = old.Interval.Minus(held.Interval)
	}
	for _, i := range gone {
		_ = s.Locks.Release(ctx, old.Equipment, old.Owner, i)
	}
	s.Watch.Changed(old.Equipment, DateOf(old.Interval.Start, c.Zone))
	return old
}

// ExtendHold gives more time to choose; the answer has a new id, the old one ends at its own expiry.
func (s *Service) ExtendHold(ctx context.Context, actor account.Actor, id string) (Hold, error) {
	h, c, err := s.ownHold(ctx, actor, id)
	if err != nil {
		return Hold{}, err
	}
	if !s.now().Before(h.ExpiresAt.Add(holdSlack)) {
		return Hold{}, errHoldExpired
	}
	e, ok := c.Machine(h.Equipment)
	if !ok {
		return Hold{}, fault.ErrNotFound
	}
	rule := e.Policy.Hold
	alive, err := s.Locks.List(ctx, h.Equipment, h.locked())
	if err != nil {
		return Hold{}, errHoldExpired // without its lock a hold can't be extended
	}
	for _, l := range alive {
		if l.Owner != h.Owner || l.Unit != h.Unit || l.Interval != h.locked() {
			continue
		}
		if l.Extensions >= rule.Extensions {
			return Hold{}, fault.New(fault.Conflict, "state_conflict").With("extensions", itoa(rule.Extensions))
		}
		more := time.Duration(rule.ExtendMinutes) * time.Minute
		ttl := h.ExpiresAt.Sub(s.now()) + more + holdSlack
		held, err := s.Locks.Extend(ctx, h.Equipment, h.Unit, h.locked(), h.Owner, ttl)
		if err != nil {
			return Hold{}, errHoldExpired
		}
		_, _ = s.Locks.Swap(ctx, h.Owner, held, ttl)
		h.ExpiresAt = h.ExpiresAt.Add(more)
		return Hold{ID: s.signHold(h), EquipmentID: h.Equipment, Unit: h.Unit, Start: h.Interval.Start, End: h.Interval.End,
			ExpiresAt: h.ExpiresAt, ExtensionsLeft: max(0, rule.Extensions-held.Extensions)}, nil
	}
	return Hold{}, errHoldExpired
}

// ReleaseHold gives a hold back before it ends. A hold that is gone already is no error.
func (s *Service) ReleaseHold(ctx context.Context, actor account.Actor, id string) error {
	h, c, err := s.ownHold(ctx, actor, id)
	if err != nil {
		return err
	}
	_ = s.Locks.Release(ctx, h.Equipment, h.Owner, h.locked())
	s.Watch.Changed(h.Equipment, DateOf(h.Interval.Start, c.Zone))
	return nil
}

// ownHold opens the id of one's own hold, or of one that staff of the center made for somebody.
func (s *Service) ownHold(ctx context.Context, actor account.Actor, id string) (holdClaim, *Catalog, error) {
	if actor.Anonymous() {
		return holdClaim{}, nil, fault.ErrSignIn
	}
	h, err := s.readHold(id)
	if err != nil {
		return h, nil, err
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return h, nil, err
	}
	e, ok := c.Machine(h.Equipment)
	if !ok || h.Owner != s.owner(actor.ID) && !actor.May(account.DeskWork, e.Center.ID) {
		return h, nil, fault.ErrNotFound
	}
	return h, c, nil
}
