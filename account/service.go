package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"strconv"
	"time"
)

// Deps is what a Service needs.
type Deps struct {
	Store Store
	// Clock judges only what the process itself remembers for seconds; the
	// rest goes by the time of its transaction.
	Clock  func() time.Time
	NewID  func() string // random and public
	Random io.Reader     // crypto/rand.Reader
	Key    []byte        // the server key, at least 32 bytes; not kept in the database
	// Gateway tells whether a real mail or SMS gateway is set. Only then are
	// contacts worth proving and answers to a sign-up all the same.
	Gateway func() bool
}

// Service is what people may do with accounts. It is safe for concurrent use.
type Service struct {
	store   Store
	clock   func() time.Time
	newID   func() string
	random  io.Reader
	key     []byte
	gateway func() bool
	hasher  *hasher
	seen    *seen
}

// New makes the service. It starts nothing.
func New(d Deps) (*Service, error) {
	switch {
	case d.Store == nil, d.Clock == nil, d.NewID == nil, d.Random == nil, d.Gateway == nil:
		return nil, errors.New("account: Store, Clock, NewID, Random and Gateway are needed")
	case len(d.Key) < 32:
		return nil, errors.New("account: Key needs at least 32 bytes")
	}
	return &Service{store: d.Store, clock: d.Clock, newID: d.NewID, random: d.Random, key: d.Key,
		gateway: d.Gateway, hasher: newHasher(d.Random), seen: newSeen()}, nil
}

// MustVerify tells whether a contact has to be proved before the first
// booking, and whether a sign-up is answered with 202 whatever is known.
func (s *Service) MustVerify() bool { return s.gateway() }

// keyed is a hash that means nothing without the server key. The purpose and
// the length of each part keep two uses from ever meeting.
func (s *Service) keyed(purpose string, parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(s.mac(purpose, parts...))
}

func (s *Service) mac(purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, s.key)
	for _, p := range append([]string{"account", purpose}, parts...) {
		_, _ = io.WriteString(m, strconv.Itoa(len(p))+":"+p)
	}
	return m.Sum(nil)
}

// randomText is n random bytes as URL-safe text.
func (s *Service) randomText(n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// entry begins the audit entry of a change to an account.
func entry(actor Actor, action, subject string) Entry {
	return Entry{Actor: actor.Name(), Action: action, Subject: subject, Request: actor.RequestID}
}
