package booking

import (
	"context"
	"time"

	"gongbang/account"
)

// SMS leave between these minutes of the day alone; what would come too late
// in the morning leaves the evening before.
const (
	smsFrom    = 8 * 60
	smsUntil   = 21 * 60
	smsEvening = 20*60 + 30
)

// SMSTime is when an SMS about a start may leave that is wanted at t: t itself
// outside the quiet hours, else the next morning, or the evening before where
// the morning is not before the start.
func SMSTime(t, start time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	day, minute := DateOf(t, zone), local.Hour()*60+local.Minute()
	if minute >= smsFrom && minute < smsUntil {
		return t
	}
	evening := day
	if minute >= smsUntil {
		day = day.Add(1)
	} else {
		evening = day.Add(-1)
	}
	if morning := day.At(smsFrom, zone); morning.Before(start) {
		return morning
	}
	return evening.At(smsEvening, zone)
}

// reminder is one message before a start: when it is wanted, and when it is
// handed to the delivery so that it can leave before quiet hours.
type reminder struct {
	hours       int
	at, handOut time.Time
}

func (b *Booking) reminders(zone *time.Location) []reminder {
	var out []reminder
	for _, h := range b.Details.Terms.Reminders {
		at := b.Start.Add(-time.Duration(h) * time.Hour)
		out = append(out, reminder{h, at, minTime(at, SMSTime(at, b.Start, zone))})
	}
	return out
}

// schedule sets when the next reminder is handed out, of those that are still wanted.
func (b *Booking) schedule(zone *time.Location, wanted func(reminder) bool) {
	b.RemindAt = nil
	for _, r := range b.reminders(zone) {
		if wanted(r) && (b.RemindAt == nil || r.handOut.Before(*b.RemindAt)) {
			b.RemindAt = &r.handOut
		}
	}
}

// dueReminder is the last one that is due: who was not reminded in time, because
// nothing ran, is reminded once and not of every hour that passed.
func (b *Booking) dueReminder(now time.Time, zone *time.Location) (due reminder, ok bool) {
	confirmed := b.CreatedAt
	if c := b.Details.ConfirmedAt; c != nil {
		confirmed = *c
	}
	for _, r := range b.reminders(zone) {
		missed := r.handOut.Before(*b.RemindAt) || r.handOut.After(now) || !r.at.After(confirmed)
		if !missed && (!ok || r.at.After(due.at)) {
			due, ok = r, true
		}
	}
	return due, ok && now.Before(b.Start)
}

// ReminderDue hands out the reminders that are due. Each is handed out once for
// a start and a number of hours; none after the start.
func (s *Service) ReminderDue(ctx context.Context) (int, error) {
	return s.drain(ctx, ListQuery{RemindBy: s.now()}, "remind", func(ctx context.Context, tx Tx, b *Booking, c *Catalog) (string, []account.Event, error) {
		now := tx.Now()
		if b.Status != Confirmed || b.RemindAt == nil || now.Before(*b.RemindAt) {
			return "", nil, nil
		}
		due, ok := b.dueReminder(now, c.Zone)
		b.schedule(c.Zone, func(r reminder) bool { return r.handOut.After(now) })
		if err := tx.Remind(ctx, b); err != nil || !ok {
			return "booking.remind", nil, err
		}
		e := account.Event{Kind: "booking.reminder", Subject: b.ID, Data: map[string]string{"at": due.at.Format(time.RFC3339)},
			Key: "booking.reminder/" + b.ID + "/" + itoa(due.hours) + "/" + itoa(int(b.Start.Unix()))}
		return "booking.remind", []account.Event{e}, nil
	})
}
