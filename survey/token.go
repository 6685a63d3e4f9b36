package survey

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
)

// keyed is HMAC-SHA-256 over a purpose and parts; purposes keep uses apart.
func keyed(key []byte, purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(purpose + "\x00" + strings.Join(parts, "\x00")))
	return m.Sum(nil)
}

// token is the 128-bit secret of a link, 22 characters of base64url. It is
// made anew for each message, so that a reminder sends the same link.
func token(key []byte, invitation string, generation int) string {
	sum := keyed(key, "survey.link", invitation, strconv.Itoa(generation))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// tokenHash is what is stored of a token.
func tokenHash(t string) string {
	sum := sha256.Sum256([]byte(t))
	return hex.EncodeToString(sum[:])
}

// link is the token whose hash was stored when the invitation left: after a
// change of the server key links already sent go on working.
func (s *Service) link(i *Invitation) string {
	t := token(s.d.Key, i.ID, i.Generation)
	if tokenHash(t) != i.TokenHash && len(s.d.OldKey) > 0 {
		if old := token(s.d.OldKey, i.ID, i.Generation); tokenHash(old) == i.TokenHash {
			return old
		}
	}
	return t
}
