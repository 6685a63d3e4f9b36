package account

import (
	"context"
	"time"

	"gongbang/internal/fault"
)

// Feed is an address that a calendar program reads without a sign-in.
type Feed struct {
	ID        string
	Account   string
	Equipment string // "" is the person's own bookings
	CreatedAt time.Time
}

// FeedWriter changes feeds.
type FeedWriter interface {
	// SaveFeed replaces the account's feed of the same equipment.
	SaveFeed(ctx context.Context, f Feed, tokenHash string) error
	// EndFeed is false when the account has no such feed.
	EndFeed(ctx context.Context, account, id string) (bool, error)
}

// FeedReader finds feeds.
type FeedReader interface {
	Feeds(ctx context.Context, account string) ([]Feed, error)
	// Feed finds one by the hash of its token; nil when there is none.
	Feed(ctx context.Context, tokenHash string) (*Feed, error)
}

// NewFeed makes the signed-in person's calendar address; an earlier one of the
// same kind ends. The token is shown once. equipment "" is the person's own
// bookings; a machine is for staff of its center.
func (s *Service) NewFeed(ctx context.Context, actor Actor, center, equipment string) (Feed, Secret, error) {
	switch {
	case actor.ID == "":
		return Feed{}, "", fault.ErrSignIn
	case equipment != "" && !actor.May(DeskWork, center):
		return Feed{}, "", fault.ErrNotFound
	}
	token, err := s.randomText(32)
	if err != nil {
		return Feed{}, "", err
	}
	f := Feed{ID: s.newID(), Account: actor.ID, Equipment: equipment}
	f, err = do(ctx, s.store, func(ctx context.Context, tx Tx) (Feed, error) {
		if _, err := open(ctx, tx, actor.ID); err != nil {
			return Feed{}, err
		}
		fresh := f
		fresh.CreatedAt = tx.Now()
		if err := tx.SaveFeed(ctx, fresh, tokenHash(token)); err != nil {
			return Feed{}, err
		}
		e := entry(actor, "account.feed", actor.ID)
		e.Center, e.Detail = center, map[string]any{"equipment": equipment}
		return fresh, tx.Trace(ctx, e)
	})
	return f, Secret(token), err
}

// Feeds lists the signed-in person's calendar addresses, without their tokens.
func (s *Service) Feeds(ctx context.Context, actor Actor) ([]Feed, error) {
	if actor.ID == "" {
		return nil, fault.ErrSignIn
	}
	return read(ctx, s.store, func(ctx context.Context, r Reader) ([]Feed, error) { return r.Feeds(ctx, actor.ID) })
}

// EndFeed makes one of the signed-in person's calendar addresses lead nowhere.
func (s *Service) EndFeed(ctx context.Context, actor Actor, id string) error {
	if actor.ID == "" {
		return fault.ErrSignIn
	}
	_, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
		found, err := tx.EndFeed(ctx, actor.ID, id)
		if err == nil && !found {
			err = fault.ErrNotFound
		}
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.Trace(ctx, entry(actor, "account.feed_ended", actor.ID))
	})
	return err
}

// FeedActor is who stands behind a calendar address, with the roles they have
// now, and what it shows. fault.ErrNotFound for what leads nowhere.
func (s *Service) FeedActor(ctx context.Context, token string) (actor Actor, equipment string, err error) {
	f, err := read(ctx, s.store, func(ctx context.Context, r Reader) (*Feed, error) {
		f, err := r.Feed(ctx, tokenHash(token))
		if err == nil && f == nil {
			err = fault.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		who, err := r.Account(ctx, f.Account)
		if err == nil && who.ClosedAt != nil {
			err = fault.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		actor.ID, actor.Locale = who.ID, who.Locale
		actor.Grants, err = r.Grants(ctx, who.ID)
		return f, err
	})
	if err != nil {
		return Actor{}, "", err
	}
	return actor, f.Equipment, nil
}
