package booking

import (
	"context"
	"strings"
	"unicode/utf8"

	"gongbang/account"
	"gongbang/internal/fault"
)

// mostReview bounds what people write about a strike, in characters.
const mostReview = 1000

// AskReview asks the center to look at a strike again; once for each strike.
func (s *Service) AskReview(ctx context.Context, actor account.Actor, id, text string) (*StrikeView, error) {
	text, err := checkReview("text", text)
	if err != nil {
		return nil, err
	}
	return s.onStrike(ctx, actor, actor.ID, id, "strike.review", "", func(tx Tx, x *Strike) error {
		if x.WaivedAt != nil || x.ReviewAt != nil {
			return fault.ErrState.With("status", x.state())
		}
		now := tx.Now()
		x.ReviewAt, x.ReviewText = &now, text
		return nil
	})
}

// WaiveStrike takes points away, with a reason; what they suspended is free at once.
func (s *Service) WaiveStrike(ctx context.Context, actor account.Actor, person, id, reason string) (*StrikeView, error) {
	reason, err := checkReview("reason", reason)
	if err != nil {
		return nil, err
	}
	return s.onStrike(ctx, actor, person, id, "strike.waive", reason, func(tx Tx, x *Strike) error {
		if x.WaivedAt != nil {
			return fault.ErrState.With("status", x.state())
		}
		now := tx.Now()
		x.WaivedAt, x.WaivedBy, x.WaiveReason = &now, actor.ID, reason
		return nil
	})
}

// KeepStrike answers a review: the points stand, with a reason.
func (s *Service) KeepStrike(ctx context.Context, actor account.Actor, person, id, reason string) (*StrikeView, error) {
	reason, err := checkReview("reason", reason)
	if err != nil {
		return nil, err
	}
	return s.onStrike(ctx, actor, person, id, "strike.keep", reason, func(tx Tx, x *Strike) error {
		if !x.open() {
			return fault.ErrState.With("status", x.state())
		}
		now := tx.Now()
		x.KeptAt, x.KeptBy, x.KeepReason = &now, actor.ID, reason
		return nil
	})
}

// StrikeAnswered is the kind of the message that says what became of points.
const StrikeAnswered = "strike.answered"

// answered tells the person what staff decided; their own request tells nobody.
// The reason stays with the strike, where it can be destroyed with the person.
func answered(x *Strike, action string) []account.Event {
	became, decided := strings.CutPrefix(action, "strike.")
	if !decided || action == "strike.review" {
		return nil
	}
	return []account.Event{{Kind: StrikeAnswered, Key: StrikeAnswered + "/" + x.ID + "/" + became, Subject: x.BookingID,
		Data: map[string]string{"strike": x.ID, "became": became}}}
}

// StrikeMessage is a strike as the message about it needs it. fault.ErrNotFound:
// it was taken back.
func (s *Service) StrikeMessage(ctx context.Context, id string) (x *Strike, err error) {
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		found, err := r.Strikes(ctx, StrikeQuery{ID: id, Limit: 1})
		if err != nil || len(found) == 0 {
			return orNotFound(err)
		}
		x = found[0]
		return nil
	})
	return x, err
}

func (s *Strike) state() string {
	switch {
	case s.WaivedAt != nil:
		return "waived"
	case s.KeptAt != nil:
		return "kept"
	case s.ReviewAt != nil:
		return "review"
	}
	return "counting"
}

func checkReview(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", fault.BadField(field, "required", "")
	case utf8.RuneCountInString(text) > mostReview:
		return "", fault.BadField(field, "max", itoa(mostReview))
	}
	return text, nil
}

// onStrike changes one strike of a person: the person their own, staff of the
// center it came from anybody's but their own. Whoever else asks is told it
// does not exist.
func (s *Service) onStrike(ctx context.Context, actor account.Actor, person, id, action, reason string, change func(Tx, *Strike) error) (*StrikeView, error) {
	if actor.Anonymous() {
		return nil, fault.ErrSignIn
	}
	return do(ctx, s.Store, func(ctx context.Context, tx Tx) (*StrikeView, error) {
		if err := tx.Lock(ctx, Locks{Account: person}); err != nil {
			return nil, err
		}
		found, err := tx.Strikes(ctx, StrikeQuery{ID: id, Limit: 1})
		if err != nil || len(found) == 0 || found[0].AccountID != person {
			return nil, orNotFound(err)
		}
		x, asks := found[0], action == "strike.review"
		switch {
		case !asks && actor.ID == person:
			return nil, fault.ErrForbidden
		case !asks && !actor.May(account.DeskWork, x.CenterID):
			return nil, fault.ErrNotFound
		}
		if err := change(tx, x); err != nil {
			return nil, err
		}
		if err := tx.Answer(ctx, x); err != nil {
			return nil, err
		}
		e := account.Entry{Actor: actor.Name(), Action: action, Subject: x.ID, Center: x.CenterID, Reason: reason, About: person, Request: actor.RequestID,
			Detail: map[string]any{"account": person, "booking": x.BookingID, "points": x.Points}}
		if err := tx.Trace(ctx, e, answered(x, action)...); err != nil {
			return nil, err
		}
		return s.strikeView(ctx, tx, actor, x)
	})
}

// strikeView is one strike as it stands now.
func (s *Service) strikeView(ctx context.Context, r Reader, actor account.Actor, x *Strike) (*StrikeView, error) {
	all, err := s.strikesOf(ctx, r, actor, x.AccountID)
	if err != nil {
		return nil, err
	}
	for _, v := range all.Items {
		if v.ID == x.ID {
			return &v, nil
		}
	}
	return nil, fault.ErrNotFound
}

// Reviews lists the strikes of a center whose people wait for an answer, oldest first.
func (s *Service) Reviews(ctx context.Context, actor account.Actor, center string) ([]StrikeView, error) {
	if !actor.May(account.DeskWork, center) {
		return nil, fault.ErrForbidden
	}
	var out []StrikeView
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		c, err := r.Catalog(ctx)
		if err != nil {
			return err
		}
		found, err := r.Strikes(ctx, StrikeQuery{Reviews: []string{center}, Limit: 200})
		if err != nil {
			return err
		}
		out, err = s.strikeViews(ctx, r, c, found, nil, actor)
		return err
	})
	return out, err
}
