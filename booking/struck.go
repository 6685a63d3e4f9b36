package booking

import (
	"context"
	"time"

	"gongbang/account"
)

// mostStrikes bounds the strikes of one person, with their firm's, that are read at once.
const mostStrikes = 1000

// struck writes the strike of a booking, if the rule it was made under has
// points for it, and tells the person where new bookings stop because of it.
// What staff or the center caused never comes here.
func (s *Service) struck(ctx context.Context, tx Tx, c *Catalog, b *Booking, k StrikeKind, rule *NoShowRule) ([]account.Event, error) {
	points := rule.points(k)
	if points == 0 || b.Origin == Continued {
		return nil, nil
	}
	x := &Strike{ID: strikeID(b.ID, k), BookingID: b.ID, Kind: k, AccountID: b.AccountID, CenterID: b.CenterID, EquipmentID: b.EquipmentID,
		At: tx.Now(), Points: points, Minutes: b.Interval().Minutes(), Rule: *rule}
	if fresh, err := tx.Strike(ctx, x); !fresh || err != nil {
		return nil, err
	}
	told, err := begins(ctx, tx, c, b, x, b.AccountID)
	if err != nil || rule.By != "firm" {
		return told, err
	}
	colleagues, err := tx.Colleagues(ctx, b.AccountID)
	for _, id := range colleagues {
		more, err := begins(ctx, tx, c, b, x, id)
		if err != nil {
			return nil, err
		}
		told = append(told, more...)
	}
	return told, err
}

// begins tells somebody that the strike stops their new bookings, if it does:
// who caused it, or a colleague whose firm is judged as one.
func begins(ctx context.Context, tx Tx, c *Catalog, b *Booking, x *Strike, who string) ([]account.Event, error) {
	found, err := tx.Strikes(ctx, StrikeQuery{Account: who, Colleagues: x.Rule.By == "firm", Counting: true, Limit: mostStrikes})
	if err != nil {
		return nil, err
	}
	var until time.Time
	for _, y := range c.suspensions(who, values(found)) {
		if y.Strike == x.ID {
			until = later(until, y.End)
		}
	}
	if until.IsZero() {
		return nil, nil
	}
	e := event("account.suspended", b, map[string]string{"kind": string(x.Kind), "over": x.Rule.Over, "until": until.Format(time.RFC3339)})
	if who != b.AccountID {
		e.Data["to"], e.Data["became"] = who, "colleague"
		e.Key += "/" + who
	}
	return []account.Event{e}, nil
}

// forgive takes the strike of a no-show back that is none any longer.
func forgive(ctx context.Context, tx Tx, b *Booking, was Status) error {
	if was != NoShow {
		return nil
	}
	return tx.TakeBack(ctx, b.ID, StruckNoShow)
}

func values(list []*Strike) []Strike {
	out := make([]Strike, len(list))
	for i, x := range list {
		out[i] = *x
	}
	return out
}

// lateCost is how many points a cancel or move by the person costs now.
func (b *Booking) lateCost(now time.Time) int {
	if !b.isLate(now) {
		return 0
	}
	return b.Details.Terms.NoShow.points(StruckLateCancel)
}
