package page

import (
	"errors"
	"fmt"
	"html/template"
	"sync/atomic"
	"time"

	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/web/edge"
)

// DemoAccount can be entered by one press in a demo.
type DemoAccount struct {
	Login string
	Role  lang.Text
}

// Deps is what the pages need. Mailbox nil switches the mailbox page off; Demo
// is empty unless the database is a demo that this address may show; Version
// may be empty. All others are required.
type Deps struct {
	Edge    *edge.Edge
	Engine  Engine
	People  People
	Surveys Surveys
	Audit   Audit
	Feed    booking.Feed // what the live pages listen to
	Clock   func() time.Time
	NewID   func() string // idempotency keys of forms
	// Key signs what a person was about to do while they sign in; at least 32 bytes.
	Key     []byte
	Mailbox Mailbox
	Demo    []DemoAccount
	// DemoPassword is that of all demo accounts.
	DemoPassword string
	Version      string
	Keeps        Keeps
}

// pages holds what is made once at the start.
type pages struct {
	Deps
	set    map[string]*template.Template
	texts  *texts
	static *static
	table  []route
	last   atomic.Pointer[booking.Catalog] // the newest seen: for refusals, when the database does not answer
}

// Mount puts the pages on the edge's engine, and makes the edge answer
// refusals outside of the API as pages.
func Mount(d Deps) error {
	p, err := newPages(d)
	if err != nil {
		return err
	}
	return p.mount()
}

func newPages(d Deps) (*pages, error) {
	switch {
	case d.Edge == nil, d.Engine == nil, d.People == nil, d.Surveys == nil, d.Audit == nil, d.Feed == nil:
		return nil, errors.New("page: edge, engine, people, surveys, audit and feed are needed")
	case d.Clock == nil, d.NewID == nil:
		return nil, errors.New("page: clock and ids are needed")
	case len(d.Key) < 32:
		return nil, errors.New("page: the key needs 32 bytes")
	}
	p := &pages{Deps: d}
	var err error
	if p.texts, err = loadTexts(); err != nil {
		return nil, err
	}
	if p.static, err = loadStatic(); err != nil {
		return nil, err
	}
	if p.set, err = loadTemplates(); err != nil {
		return nil, err
	}
	p.table = p.routes()
	for _, r := range p.table {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("page: %w", err)
		}
	}
	return p, nil
}
