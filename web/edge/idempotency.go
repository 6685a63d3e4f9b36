package edge

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// maxKey is how many characters an Idempotency-Key may have.
const maxKey = 128

// Key reads the Idempotency-Key header: nil without one. Caller, method and
// path belong to the key, and the hash of the body tells a repetition from
// another wish. The hash is over the canonical form, so that a client that
// writes its fields in another order is still the same wish.
func Key(c *gin.Context, body map[string]any) (*booking.Key, error) {
	values := c.Request.Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return nil, nil
	}
	if len(values) > 1 || !printable(values[0]) {
		return nil, fault.BadField("Idempotency-Key", "idempotency_key", "128")
	}
	actor := ActorOf(c)
	who := actor.ID
	if who == "" {
		who = actor.Address
	}
	hash := sha256.Sum256(Canonical(body))
	return &booking.Key{
		Caller: who + " " + c.Request.Method + " " + c.Request.URL.Path,
		Value:  values[0],
		Body:   hex.EncodeToString(hash[:]),
	}, nil
}

func printable(s string) bool {
	if s == "" || len(s) > maxKey {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
