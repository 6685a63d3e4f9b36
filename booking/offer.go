package booking

import (
	"context"
	"slices"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// OfferOutcome is what a change of the offer did, or in a preview would do.
type OfferOutcome struct {
	Catalog  *Catalog // as it is then
	From     time.Time
	Affected []Affected
	Machines []MachinePreview // of a preview alone
}

// Deciding is what every change of the offer says beside itself.
type Deciding struct {
	Version  int    // of what is changed; 0 is not checked
	Affected string // "" or "keep", "cancel": what becomes of bookings it breaks
	Preview  bool   // judge and tell, write nothing
}

// offering is one change of what is offered: centers, machines, rules, holidays.
type offering struct {
	Deciding
	actor   account.Actor
	center  string // "": the whole city
	machine string // "": all of the center
	subject string
	action  string
	reason  string // what people whose booking is cancelled read
	detail  map[string]any
	// edit changes the file. It tells where in it the change stands, so that
	// problems are named as the caller wrote them, and when it takes effect
	// (zero: now).
	edit func(f *CatalogFile, now time.Time) (place string, from time.Time, err error)
	// breaks tells which rule a booking breaks that it did not break before.
	breaks func(ctx context.Context, r Reader, before, after *Catalog, b *Booking) (string, error)
}

// change makes the change of the offer, or shows what it would do.
func (s *Service) offer(ctx context.Context, o offering) (out *OfferOutcome, err error) {
	switch o.Affected {
	case "", "keep", "cancel":
	default:
		return nil, fault.BadField("affected", "oneof", "keep cancel")
	}
	if o.Preview {
		err = s.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
			out, err = s.preview(ctx, r, o)
			return err
		})
		return out, err
	}
	out, err = do(ctx, s.Store, func(ctx context.Context, tx Tx) (*OfferOutcome, error) { return s.rewrite(ctx, tx, o) })
	if err != nil {
		return nil, err
	}
	for _, center := range out.Catalog.Centers {
		if o.center == "" || center.ID == o.center {
			s.changedIn(out.Catalog, machineIDs(center, o.machine), Interval{out.From, out.From.Add(32 * 24 * time.Hour)})
		}
	}
	return out, nil
}

func machineIDs(center *Center, only string) (ids []string) {
	for _, e := range center.Equipment {
		if only == "" || e.ID == only {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// judged is a change that was applied to the file and not written yet.
type judged struct {
	file          *CatalogFile
	before, after *Catalog // after: when the change takes effect
	from          time.Time
	hit           []*Booking
	why           map[string]string
}

// judgeOffer applies the change to the file and finds the bookings it breaks.
func (s *Service) judgeOffer(ctx context.Context, r Reader, o offering) (*judged, error) {
	f, err := r.Written(ctx)
	if err != nil {
		return nil, err
	}
	now := r.Now()
	j := &judged{file: f, why: map[string]string{}}
	var problems []ImportProblem
	if j.before, problems = f.BuildAt(now); len(problems) > 0 {
		return nil, badCatalog(problems, "")
	}
	place, from, err := o.edit(f, now)
	if err != nil {
		return nil, err
	}
	j.from = later(now, from)
	if _, problems = f.Sound(now); len(problems) == 0 {
		problems = r.Shape(f)
	}
	if len(problems) > 0 {
		return nil, badCatalog(problems, place)
	}
	j.after, _ = f.BuildAt(j.from)
	return j, s.findBroken(ctx, r, o, j)
}

func (s *Service) findBroken(ctx context.Context, r Reader, o offering, j *judged) error {
	q := inCenter(o.center)
	if o.machine != "" {
		q = ListQuery{Equipment: []string{o.machine}}
	}
	list, err := s.standing(ctx, r, q, func(b *Booking) bool { return !b.End.Before(j.from) })
	if err != nil {
		return err
	}
	for _, b := range list {
		if e, ok := j.after.Machine(b.EquipmentID); ok && !e.Retired && b.Unit > e.Quantity {
			return fault.BadField("quantity", "quantity", itoa(b.Unit))
		}
		why, err := o.breaks(ctx, r, j.before, j.after, b)
		if err != nil {
			return err
		}
		if why != "" {
			j.hit = append(j.hit, b)
			j.why[b.ID] = why
		}
	}
	return nil
}

// rewrite writes the change and looks after the bookings it breaks, in one transaction.
func (s *Service) rewrite(ctx context.Context, tx Tx, o offering) (*OfferOutcome, error) {
	j, err := s.judgeOffer(ctx, tx, o)
	if err != nil {
		return nil, err
	}
	revision, err := tx.Rewrite(ctx, j.file)
	if err != nil {
		return nil, err
	}
	c, _ := j.file.BuildAt(tx.Now())
	c.Revision = revision
	w := withdrawal{subject: o.subject, center: o.center, action: o.action, reason: o.reason, keep: o.Affected != "cancel", detail: o.detail,
		until: func(b *Booking) time.Time { return j.after.openUntil(b.EquipmentID, tx.Now()) }}
	out := &OfferOutcome{Catalog: c, From: j.from}
	out.Affected, err = s.withdraw(ctx, tx, o.actor, c, w, j.hit)
	j.tell(out.Affected)
	return out, err
}

func (j *judged) tell(list []Affected) {
	for i := range list {
		list[i].Why = j.why[list[i].ID]
	}
}

// badCatalog refuses a change with the problems of the catalog it would make;
// place is where the changed thing stands in it.
func badCatalog(problems []ImportProblem, place string) error {
	bad := &fault.Fault{Kind: fault.Invalid, Code: "validation"}
	for _, p := range problems {
		x := fault.Field{Field: strings.TrimPrefix(p.Path, place+"."), Rule: p.Rule, Limit: p.Limit}
		if !slices.Contains(bad.Fields, x) {
			bad.Fields = append(bad.Fields, x)
		}
	}
	return bad
}
