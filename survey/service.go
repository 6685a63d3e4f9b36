package survey

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Deps is what a Service needs; everything but OldKey and Shares is required.
type Deps struct {
	Store   Store
	People  People
	Catalog func(context.Context) (Catalog, error)
	// NewID makes random public ids.
	NewID func() string
	// Random is uniform in [0, n) and can't be guessed: it orders the flush.
	Random func(n int) int
	Key    []byte // the server key; links and tie-breaks are made of it
	OldKey []byte // the previous server key: links already sent stay the same
	Delay  time.Duration
	Window Window
	// Shares are percent of a rule's events that are asked about; a rule that
	// is not in it asks about all.
	Shares map[string]int
}

// Service is everything that happens after a use.
type Service struct{ d Deps }

// New checks the parts; it starts nothing.
func New(d Deps) (*Service, error) {
	missing := map[string]bool{
		"Store": d.Store == nil, "People": d.People == nil, "Catalog": d.Catalog == nil,
		"NewID": d.NewID == nil, "Random": d.Random == nil, "Key": len(d.Key) < 16,
	}
	for _, name := range []string{"Store", "People", "Catalog", "NewID", "Random", "Key"} {
		if missing[name] {
			return nil, fmt.Errorf("survey: %s is missing", name)
		}
	}
	if d.Delay < 0 {
		return nil, errors.New("survey: Delay is negative")
	}
	if !d.Window.Always && d.Window.From >= d.Window.To {
		return nil, errors.New("survey: Window is empty")
	}
	for name, share := range d.Shares {
		if rank(name) < 0 || share < 0 || share > 100 {
			return nil, fmt.Errorf("survey: share %d of the rule %q", share, name)
		}
	}
	return &Service{d: d}, nil
}

// Load brings in the templates that come with the program, as Bring does.
func (s *Service) Load(ctx context.Context) error { return s.Bring(ctx, shipped()...) }
