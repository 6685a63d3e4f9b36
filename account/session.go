package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"gongbang/internal/fault"
)

// seenFor is how long the process trusts what it read of a session. One that
// was ended by another process is refused after at most that time.
const seenFor = 3 * time.Second

const seenMax = 100_000

// tokenHash is what is kept of a token. It needs no key: 256 random bits can't be guessed.
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Authenticate tells who comes by a token; 401 for wrong, ended and expired
// ones alike. The caller adds Address and RequestID to the actor.
func (s *Service) Authenticate(ctx context.Context, token string) (Actor, error) {
	if len(token) != 43 { // 32 bytes as base64
		return Actor{}, fault.ErrSignIn
	}
	h, now := tokenHash(token), s.clock()
	if g, ok := s.seen.get(h, now); ok {
		return g.Actor, nil
	}
	mark := s.seen.mark()
	g, err := read(ctx, s.store, func(ctx context.Context, r Reader) (*Signed, error) {
		g, err := r.Session(ctx, h)
		if err == nil && (g == nil || !r.Now().Before(g.ExpiresAt)) {
			err = fault.ErrSignIn
		}
		return g, err
	})
	if err != nil {
		return Actor{}, err
	}
	s.seen.put(mark, h, g, now)
	return g.Actor, nil
}

// SignOut ends the session that the actor came by.
func (s *Service) SignOut(ctx context.Context, actor Actor) error {
	if actor.ID == "" || actor.Session == "" {
		return fault.ErrSignIn
	}
	_, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
		if err := tx.CloseSession(ctx, actor.Session); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.Trace(ctx, entry(actor, "account.sign_out", actor.ID))
	})
	s.seen.forget(actor.ID)
	return err
}

// seen remembers, for seconds, who stands behind a token.
type seen struct {
	mu sync.RWMutex
	by map[string]seenSession
	of map[string]map[string]bool // account → hashes in by
	// gen rises with every forget: what was read before it is not kept after it.
	gen uint64
}

type seenSession struct {
	session *Signed
	until   time.Time
}

func newSeen() *seen {
	return &seen{by: map[string]seenSession{}, of: map[string]map[string]bool{}}
}

func (c *seen) get(hash string, now time.Time) (*Signed, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e, ok := c.by[hash]
	if !ok || !now.Before(e.until) || !now.Before(e.session.ExpiresAt) {
		return nil, false
	}
	return e.session, true
}

func (c *seen) mark() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.gen
}

func (c *seen) put(mark uint64, hash string, g *Signed, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if mark != c.gen {
		return
	}
	if len(c.by) >= seenMax {
		clear(c.by) // read again by whoever comes next
		clear(c.of)
	}
	c.by[hash] = seenSession{g, now.Add(seenFor)}
	if c.of[g.Account] == nil {
		c.of[g.Account] = map[string]bool{}
	}
	c.of[g.Account][hash] = true
}

// forget drops all that is remembered of an account.
func (c *seen) forget(account string) {
	if account == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gen++
	for h := range c.of[account] {
		delete(c.by, h)
	}
	delete(c.of, account)
}
