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
	found, err := tx.Strikes(ctx, StrikeQuery{Account: b.AccountID, Colleagues: rule.By == "firm", Counting: true, Limit: mostStrikes})
	if err != nil {
		return nil, err
	}
	var until time.Time
	for _, y := range c.suspensions(b.AccountID, values(found)) {
		if y.Strike == x.ID {
			until = later(until, y.End)
		}
	}
	if until.IsZero() {
		return nil, nil
	}
	return []account.Event{event("account.suspended", b, map[string]string{"kind": string(k), "over": rule.Over, "until": until.Format(time.RFC3339)})}, nil
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
