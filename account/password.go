package account

import (
	"context"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"gongbang/internal/fault"
)

// argon2id as OWASP asks: 19 MiB, two passes, one lane; about 42 ms of one core.
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLanes  = 1
	hashBytes  = 32
	saltBytes  = 16
	hashQueue  = 64
)

// nobody's hash is verified when there is no account or no password, so that
// the answer takes as long as for everybody else.
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$Z29uZ2JhbmctYWNjb3VudA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// hasher runs one hash at a time: sign-ins must not take the memory and the
// cores that bookings need. Beyond the queue people are told to use a code.
type hasher struct {
	random io.Reader
	room   chan struct{}
	turn   chan struct{}
}

func newHasher(random io.Reader) *hasher {
	return &hasher{random: random, room: make(chan struct{}, hashQueue+1), turn: make(chan struct{}, 1)}
}

func (h *hasher) inTurn(ctx context.Context, work func()) error {
	select {
	case h.room <- struct{}{}:
		defer func() { <-h.room }()
	default:
		busy := fault.ErrUnavailable.With("advice", "code")
		busy.RetryAfter = 3 // the queue is worked off in about that many seconds
		return busy
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return fault.ErrUnavailable.Because(context.Cause(ctx))
	}
	work()
	return nil
}

// hash makes the PHC form of a password.
func (h *hasher) hash(ctx context.Context, password Secret) (Secret, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(h.random, salt); err != nil {
		return "", err
	}
	var sum []byte
	err := h.inTurn(ctx, func() {
		sum = argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashLanes, hashBytes)
	})
	enc := base64.RawStdEncoding.EncodeToString
	return Secret(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, hashMemory, hashPasses, hashLanes, enc(salt), enc(sum))), err
}

// verify tells whether the password made the hash. An empty or broken hash
// costs the same and matches nothing.
func (h *hasher) verify(ctx context.Context, hash, password Secret) (bool, error) {
	p, ok := parseHash(string(hash))
	if !ok {
		p, _ = parseHash(nobodysHash)
	}
	var sum []byte
	err := h.inTurn(ctx, func() {
		sum = argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.lanes, uint32(len(p.sum)))
	})
	return err == nil && ok && subtle.ConstantTimeCompare(sum, p.sum) == 1, err
}

type phc struct {
	memory, passes uint32
	lanes          uint8
	salt, sum      []byte
}

func parseHash(s string) (p phc, ok bool) {
	f := strings.Split(s, "$")
	if len(f) != 6 || f[1] != "argon2id" || f[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, false
	}
	if _, err := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil {
		return p, false
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(f[4]); err != nil {
		return p, false
	}
	p.sum, err = base64.RawStdEncoding.DecodeString(f[5])
	return p, err == nil && len(p.sum) == hashBytes && p.passes > 0 && p.lanes > 0
}

//go:embed passwords.txt
var passwordList string

// commonPasswords are refused; all are 8 characters or longer, in lower case.
var commonPasswords = func() map[string]bool {
	m := map[string]bool{}
	for _, p := range strings.Fields(passwordList) {
		m[p] = true
	}
	return m
}()

const minPassword, maxPassword = 8, 1024

// checkPassword is the rule that a new password breaks, "" when none: at least
// 8 characters of any kind, at most 1,024 bytes, and nothing that is tried
// first: a common one, one letter again and again, a keyboard run, the own contact.
func checkPassword(p Secret, own ...Secret) (rule, limit string) {
	s := string(p)
	switch {
	case utf8.RuneCountInString(s) < minPassword:
		return "min", "8"
	case len(s) > maxPassword:
		return "max", "1024"
	case guessable(strings.ToLower(s), own):
		return "common", ""
	}
	return "", ""
}

func guessable(p string, own []Secret) bool {
	first, _ := utf8.DecodeRuneInString(p)
	if commonPasswords[p] || strings.Trim(p, string(first)) == "" {
		return true
	}
	for _, run := range []string{"01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz",
		"qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb"} {
		if strings.Contains(run, p) {
			return true
		}
	}
	for _, o := range own {
		contact := strings.ToLower(string(o))
		local, _, _ := strings.Cut(contact, "@")
		national := "0" + strings.TrimPrefix(contact, "+82")
		if contact != "" && (p == contact || p == local || p == national) {
			return true
		}
	}
	return false
}
