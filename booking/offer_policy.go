package booking

import (
	"context"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// PolicyChange is a new version of a layer's rules.
type PolicyChange struct {
	Deciding
	Values        PolicyValues
	EffectiveFrom *time.Time // nil: now
}

// PolicyLayerView is one layer of the rules as its manager sees it.
type PolicyLayerView struct {
	Values  PolicyValues
	Version int       // counts the changes; 0: as it began
	Since   time.Time // zero: since it began
	Coming  []PolicyVersion
}

func (h PolicyHistory) view(now time.Time) PolicyLayerView {
	v := PolicyLayerView{Values: h.At(now), Version: len(h.Versions), Coming: h.Coming(now)}
	if i := h.inForce(now); i >= 0 {
		v.Since = h.Versions[i].EffectiveFrom
	}
	return v
}

// CenterRules is the center's own layer.
func (c *Catalog) CenterRules(center *Center, now time.Time) PolicyLayerView {
	return center.rules.view(now)
}

// MachineRules is the machine's own layer.
func (c *Catalog) MachineRules(e *Equipment, now time.Time) PolicyLayerView {
	if len(e.layers) == 0 {
		return PolicyLayerView{}
	}
	return e.layers[len(e.layers)-1].view(now)
}

// ChangeCenterPolicy adds a version to a center's rules.
func (s *Service) ChangeCenterPolicy(ctx context.Context, actor account.Actor, id string, ch PolicyChange) (*OfferOutcome, error) {
	return s.changePolicy(ctx, actor, ofCenterRules(id, ch.by(actor)), ch)
}

// ChangePolicy adds a version to a machine's rules.
func (s *Service) ChangePolicy(ctx context.Context, actor account.Actor, id string, ch PolicyChange) (*OfferOutcome, error) {
	o, err := s.ofMachineRules(ctx, id, ch.by(actor))
	if err != nil {
		return nil, err
	}
	return s.changePolicy(ctx, actor, o, ch)
}

// layerEdit makes the next history of a layer, and tells from when it says something else.
type layerEdit func(h PolicyHistory, now time.Time) (PolicyHistory, time.Time, error)

// ofCenterRules is a change of the layer of a center's rules.
func ofCenterRules(id string, edit layerEdit) offering {
	o := offering{center: id, subject: id, action: "center.policy"}
	o.edit = func(f *CatalogFile, now time.Time) (string, time.Time, error) {
		i, ok := f.findCenter(id)
		if !ok {
			return "", now, fault.ErrNotFound
		}
		c := &f.Centers[i]
		h, from, err := edit(PolicyHistory{c.Policy, c.Versions}, now)
		c.Versions = h.Versions
		return centerPlace(i), from, err
	}
	return o
}

// ofMachineRules is a change of the layer of a machine's rules.
func (s *Service) ofMachineRules(ctx context.Context, id string, edit layerEdit) (offering, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return offering{}, err
	}
	e, ok := c.Machine(id)
	if !ok {
		return offering{}, fault.ErrNotFound
	}
	o := offering{center: e.Center.ID, machine: id, subject: id, action: "equipment.policy"}
	o.edit = func(f *CatalogFile, now time.Time) (string, time.Time, error) {
		i, j, ok := f.findMachine(id)
		if !ok {
			return "", now, fault.ErrNotFound
		}
		e := &f.Centers[i].Equipment[j]
		h, from, err := edit(PolicyHistory{e.Policy, e.Versions}, now)
		e.Versions = h.Versions
		return machinePlace(i, j), from, err
	}
	return o, nil
}

// rulesChanged is the reason that people read.
const rulesChanged = "센터의 이용 규칙이 바뀌어 취소되었습니다. (The center's rules changed.)"

func (s *Service) changePolicy(ctx context.Context, actor account.Actor, o offering, ch PolicyChange) (*OfferOutcome, error) {
	if !actor.May(account.OfferEdit, o.center) {
		return nil, fault.ErrForbidden
	}
	o.Deciding, o.actor, o.breaks, o.reason = ch.Deciding, actor, s.breaksRules, rulesChanged
	if ch.EffectiveFrom != nil {
		o.detail = map[string]any{"effective_from": ch.EffectiveFrom.UnixMilli()}
	}
	return s.offer(ctx, o)
}

func (ch PolicyChange) by(actor account.Actor) layerEdit {
	return func(h PolicyHistory, now time.Time) (PolicyHistory, time.Time, error) { return ch.onto(h, actor, now) }
}

// onto is the layer with the change behind what it had.
func (ch PolicyChange) onto(h PolicyHistory, actor account.Actor, now time.Time) (PolicyHistory, time.Time, error) {
	if ch.Version != 0 && ch.Version != len(h.Versions) {
		return h, now, fault.ErrStale
	}
	if _, ok := ch.Values[effectiveFrom]; ok {
		return h, now, fault.BadField("policy."+effectiveFrom, "unknown_key", "")
	}
	from := now
	if ch.EffectiveFrom != nil {
		if from = ch.EffectiveFrom.UTC().Truncate(time.Millisecond); from.Before(now) {
			return h, now, fault.BadField(effectiveFrom, "future", "")
		}
	}
	if values := h.Last(); values.same(ch.Values) && ch.EffectiveFrom == nil && len(h.Coming(now)) == 0 {
		return h, from, nil // said again: nothing changes
	}
	return h.With(PolicyVersion{EffectiveFrom: from, Values: ch.Values, MadeBy: actor.Name(), MadeAt: now}), from, nil
}

// notOfRules is what no new rule breaks in a booking that was made: when it
// could be made, where else it is booked, and what the person did since.
var notOfRules = map[string]bool{"suspended": true, "in_past": true, "not_open_yet": true, "too_late": true, "outage": true, "booked_elsewhere": true}

// breaksRules tells the first rule that a booking breaks by the new rules and
// not by the old ones, judged like a booking without the ones before it: of
// five bookings against a new limit of four only the last one breaks it.
func (s *Service) breaksRules(ctx context.Context, r Reader, before, after *Catalog, b *Booking) (string, error) {
	if b.Start.Before(after.Since) { // used before the rules change
		return "", nil
	}
	a := ask{account: b.AccountID, equipment: b.EquipmentID, interval: b.Interval(), people: max(1, b.Details.People),
		declared: true, ofAge: true, byStaff: b.Origin != Online, ignore: b.ID}
	if b.Details.Job != nil {
		a.due = b.Details.Job.DueDate
	}
	q := FactsQuery{Account: a.account, Equipment: a.equipment, Near: a.interval}
	for _, c := range []*Catalog{before, after} {
		if e, ok := c.Machine(a.equipment); ok {
			q.Counted = hull(q.Counted, e.Policy.countedWindow(c, a, r.Now()))
		}
	}
	f, err := r.Facts(ctx, q)
	if err != nil {
		return "", err
	}
	behind := func(m Span) bool {
		return m.Interval.Start.After(b.Start) || m.Interval.Start.Equal(b.Start) && m.Booking > b.ID
	}
	f.Mine, f.Firm = slices.DeleteFunc(f.Mine, behind), slices.DeleteFunc(f.Firm, behind)
	broke := map[string]bool{}
	f.Catalog = before
	for _, v := range f.judge(a, r.Now()).violations {
		broke[v.Code] = true
	}
	f.Catalog = after
	for _, v := range f.judge(a, r.Now()).violations {
		if !broke[v.Code] && !notOfRules[v.Code] {
			return v.Code, nil
		}
	}
	return "", nil
}
