package booking

import (
	"context"
	"slices"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// happened is when a desk action really took place: now, or an earlier moment
// of the same day (entered from paper after a power cut). Never the future.
func happened(c *Catalog, at *time.Time, now time.Time) (time.Time, error) {
	if at == nil {
		return now, nil
	}
	t := at.UTC().Truncate(time.Millisecond)
	if t.After(now) || DateOf(t, c.Zone) != DateOf(now, c.Zone) {
		return t, fault.BadField("at", "same_day", "")
	}
	return t, nil
}

// Arrived notes that somebody came; it stops the grace clock. Any time that day.
func (s *Service) Arrived(ctx context.Context, actor account.Actor, id string, req AttendRequest) (*View, error) {
	ch := change{verb: VerbArrived, action: "booking.arrived", version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		t, err := happened(c, req.At, tx.Now())
		if err != nil {
			return nil, err
		}
		if DateOf(b.Start, c.Zone) != DateOf(t, c.Zone) {
			return nil, policyFault(vTooEarly(b.Start, c.Zone))
		}
		b.Details.ArrivedAt = &t
		return nil, b.save(ctx, tx, VerbArrived, Confirmed)
	}
	return s.apply(ctx, actor, id, ch)
}

// CheckIn starts a use. On a booking that was given up as a no-show it is the
// late start. Whoever was still checked in on the unit is finished by it.
func (s *Service) CheckIn(ctx context.Context, actor account.Actor, id string, req AttendRequest) (*View, error) {
	return s.start(ctx, actor, id, req, VerbCheckIn, "booking.check_in")
}

// StartLate seats somebody who came after being given up, if the time is still free.
func (s *Service) StartLate(ctx context.Context, actor account.Actor, id string, req AttendRequest) (*View, error) {
	return s.start(ctx, actor, id, req, VerbStart, "booking.start_late")
}

func (s *Service) start(ctx context.Context, actor account.Actor, id string, req AttendRequest, verb Verb, action string) (*View, error) {
	ch := change{verb: verb, action: action, version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		if req.Code != "" && PlainCode(req.Code) != b.Code {
			return nil, fault.BadField("code", "match", "")
		}
		t, err := happened(c, req.At, tx.Now())
		if err != nil {
			return nil, err
		}
		if t.Before(b.Details.Terms.CheckInFrom) {
			return nil, policyFault(vTooEarly(b.Details.Terms.CheckInFrom, c.Zone))
		}
		if !t.Before(b.End) {
			return nil, fault.ErrState.With("status", string(b.Status))
		}
		return s.checkIn(ctx, tx, b, t, verb, req.Unit)
	}
	v, err := s.apply(ctx, actor, id, ch)
	return v, s.lostWith(ctx, id, err)
}

// checkIn occupies the unit (the booked one, or the one staff chose) from t on.
func (s *Service) checkIn(ctx context.Context, tx Tx, b *Booking, t time.Time, verb Verb, unit int) ([]account.Event, error) {
	f, err := s.facts(ctx, tx, ask{equipment: b.EquipmentID, interval: b.Interval(), ignore: b.ID})
	if err != nil {
		return nil, err
	}
	e, _ := f.Catalog.Machine(b.EquipmentID)
	if unit < 0 || unit > e.Quantity {
		return nil, fault.BadField("unit", "max", itoa(e.Quantity))
	}
	only := unit
	if only == 0 && b.Status != NoShow {
		only = b.Unit
	}
	target := only
	if target == 0 {
		target = b.Unit
	}
	ended, err := s.finishBefore(ctx, tx, &f, b, target, t)
	if err != nil {
		return nil, err
	}
	was, err := b.step(verb, CheckedIn)
	if err != nil {
		return nil, err
	}
	if err := forgive(ctx, tx, b, was); err != nil {
		return nil, err
	}
	b.CheckedInAt, b.EndedAt = &t, nil
	b.Details.Attendance = "attended"
	return ended, s.occupy(ctx, tx, f, b, was, placing{only: only, prefer: b.Unit})
}

// finishBefore ends the use that still runs on the unit when the next one checks in.
func (s *Service) finishBefore(ctx context.Context, tx Tx, f *Facts, b *Booking, unit int, t time.Time) ([]account.Event, error) {
	var events []account.Event
	for _, o := range slices.Clone(f.Busy) {
		if o.Unit != unit || o.Status != CheckedIn || o.Booking == b.ID || !o.Interval.Start.Before(b.Start) {
			continue
		}
		prev, err := tx.Booking(ctx, o.Booking)
		if err != nil {
			return nil, err
		}
		if prev.Details.Terms.Mode == Operator {
			continue // only staff finish what staff run
		}
		ev, err := prev.finish(ctx, tx, VerbFinish, t, 0) // the next person is there: nobody cleans in between
		if err != nil {
			return nil, err
		}
		f.Busy = slices.DeleteFunc(f.Busy, func(x Span) bool { return x.Booking == prev.ID })
		events = append(events, ev...)
		if err := tx.Trace(ctx, entry(account.System("check-in"), "booking.finish", prev, "")); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// Finish ends a use; before its end it frees the rest, keeping the cleaning time.
func (s *Service) Finish(ctx context.Context, actor account.Actor, id string, req AttendRequest) (*View, error) {
	ch := change{verb: VerbFinish, action: "booking.finish", version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		t, err := happened(c, req.At, tx.Now())
		if err != nil {
			return nil, err
		}
		if b.CheckedInAt != nil && t.Before(*b.CheckedInAt) {
			return nil, fault.BadField("at", "after", "checked_in_at")
		}
		return b.finish(ctx, tx, VerbFinish, t, b.buffer())
	}
	return s.apply(ctx, actor, id, ch)
}

// buffer is the cleaning time that was promised to the next user.
func (b *Booking) buffer() time.Duration {
	return time.Duration(b.Details.Terms.BufferMinutes) * time.Minute
}

// finish ends a use at t. The unit stays kept from others while it is cleaned.
func (b *Booking) finish(ctx context.Context, tx Tx, verb Verb, t time.Time, cleaning time.Duration) ([]account.Event, error) {
	was, err := b.step(verb, Completed)
	if err != nil {
		return nil, err
	}
	b.EndedAt = &t
	if t.After(b.End) {
		b.Details.OverrunMin = int(t.Sub(b.End) / time.Minute)
	}
	b.BusyUntil = later(b.Start, t.Add(cleaning))
	b.Occupies = cleaning > 0 && b.BusyUntil.After(later(tx.Now(), b.Start))
	events := b.surveyed(t)
	if err := tx.Update(ctx, b, was); err != nil {
		return nil, err
	}
	for i := range events {
		events[i].Key = events[i].Kind + "/" + b.ID + "/" + itoa(b.Version)
	}
	return events, nil
}

// surveyed is the event that makes the survey ask. A staff-run job is asked
// about when it is collected, or some days after it is ready.
func (b *Booking) surveyed(t time.Time) []account.Event {
	if b.Details.Job != nil && b.Details.Job.State != JobCollected {
		if b.SurveyAt == nil {
			b.askLater(t)
		}
		return nil
	}
	b.SurveyAt = nil
	if b.Details.JobWentOn {
		return nil
	}
	return []account.Event{event("booking.completed", b, nil)}
}

// MarkNoShow gives a booking up after its grace; the rest of the time is free at once.
func (s *Service) MarkNoShow(ctx context.Context, actor account.Actor, id string, req AttendRequest) (*View, error) {
	ch := change{verb: VerbNoShow, action: "booking.no_show", reason: req.Reason, version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		after := b.Start
		if u := b.Details.Terms.CheckInUntil; u != nil {
			after = *u
		}
		if tx.Now().Before(after) {
			return nil, policyFault(vNotGivenUpYet(after, c.Zone))
		}
		return s.giveUp(ctx, tx, b, c)
	}
	return s.apply(ctx, actor, id, ch)
}

func (s *Service) giveUp(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
	now := tx.Now()
	b.EndedAt, b.Details.Attendance = &now, "no_show"
	if err := b.save(ctx, tx, VerbNoShow, NoShow); err != nil {
		return nil, err
	}
	more, err := s.struck(ctx, tx, c, b, StruckNoShow, b.Details.Terms.NoShow)
	return append([]account.Event{event("booking.no_show", b, nil)}, more...), err
}

// Late notes that the person will be some minutes late: the grace moves along, at most to the end.
func (s *Service) Late(ctx context.Context, actor account.Actor, id string, req AttendRequest) (*View, error) {
	if req.Minutes < 1 || req.Minutes > 60 {
		return nil, fault.BadField("minutes", "between", "1…60")
	}
	ch := change{verb: VerbLate, action: "booking.late", version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		b.Details.LateMinutes = req.Minutes
		if u := b.Details.Terms.CheckInUntil; u != nil {
			until := later(*u, b.Start.Add(time.Duration(req.Minutes)*time.Minute))
			if until.After(b.End) {
				until = b.End
			}
			b.Details.Terms.CheckInUntil = &until
		}
		return nil, b.save(ctx, tx, VerbLate, Confirmed)
	}
	return s.apply(ctx, actor, id, ch)
}

// Extend lets somebody who is at the machine stay longer on the same unit.
func (s *Service) Extend(ctx context.Context, actor account.Actor, id string, req AttendRequest) (*View, error) {
	ch := change{verb: VerbExtend, action: "booking.extend", version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		end := req.End.UTC()
		if !end.After(b.End) {
			return nil, fault.BadField("ends_at", "after", "ends_at")
		}
		if err := checkInterval(Interval{b.Start, end}); err != nil {
			return nil, err
		}
		f, err := s.facts(ctx, tx, ask{equipment: b.EquipmentID, interval: Interval{b.Start, end}, ignore: b.ID})
		if err != nil {
			return nil, err
		}
		was, err := b.step(VerbExtend, CheckedIn)
		if err != nil {
			return nil, err
		}
		b.End = end
		b.BusyUntil = end.Add(b.buffer())
		return nil, s.occupy(ctx, tx, f, b, was, placing{only: b.Unit})
	}
	v, err := s.apply(ctx, actor, id, ch)
	return v, s.lostWith(ctx, id, err)
}

// Undo takes back the last step at the desk, on the same day, if the time is still free.
func (s *Service) Undo(ctx context.Context, actor account.Actor, id string, req AttendRequest) (*View, error) {
	ch := change{verb: VerbUndo, action: "booking.undo", reason: req.Reason, version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		now := tx.Now()
		last := b.Start
		if b.EndedAt != nil {
			last = *b.EndedAt
		}
		if DateOf(last, c.Zone) != DateOf(now, c.Zone) && DateOf(b.Start, c.Zone) != DateOf(now, c.Zone) || b.Details.Cause == "center" {
			return nil, fault.ErrState.With("status", string(b.Status))
		}
		f, err := s.facts(ctx, tx, ask{equipment: b.EquipmentID, interval: b.Interval(), ignore: b.ID})
		if err != nil {
			return nil, err
		}
		to := Confirmed
		if b.Status == Completed {
			to = CheckedIn
		}
		only := b.Unit
		if b.Status == NoShow {
			only = 0
		}
		was, err := b.step(VerbUndo, to)
		if err != nil {
			return nil, err
		}
		if err := forgive(ctx, tx, b, was); err != nil {
			return nil, err
		}
		b.EndedAt, b.SurveyAt, b.Details.OverrunMin = nil, nil, 0
		b.BusyUntil = b.End.Add(b.buffer())
		if to == Confirmed {
			b.CheckedInAt, b.Details.Attendance = nil, ""
		}
		return nil, s.occupy(ctx, tx, f, b, was, placing{only: only, prefer: b.Unit})
	}
	v, err := s.apply(ctx, actor, id, ch)
	return v, s.lostWith(ctx, id, err)
}

// PlainCode is a booking's code as it is stored: upper case, without hyphen and spaces.
func PlainCode(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, s))
}
