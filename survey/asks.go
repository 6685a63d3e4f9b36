package survey

import (
	"context"
	"fmt"

	"gongbang/account"
	"gongbang/internal/fault"
)

// Asks is the questionnaire whose answers results speak about, for whoever may
// see results: its texts name the questions and options of every figure.
func (s *Service) Asks(ctx context.Context, actor account.Actor) (*Template, error) {
	switch {
	case actor.Anonymous():
		return nil, fault.ErrSignIn
	case !actor.MaySomewhere(account.Results):
		return nil, fault.ErrForbidden
	}
	var out *Template
	err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		out, err = r.Newest(ctx, standardKey)
		return err
	})
	return out, err
}

// Option is the option with that stored value: "1"…"5", "NA" or a key.
func (q Question) Option(value string) (Option, bool) {
	for _, o := range q.Options {
		if fmt.Sprint(o.Value) == value {
			return o, true
		}
	}
	return Option{}, false
}
