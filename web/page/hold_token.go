package page

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// holdSlack is how much later than shown a hold really ends: who presses at
// 0:00 still wins. The engine judges; here it only decides which page is shown.
const holdSlack = 5 * time.Second

// heldTime is a hold on its way through the pages. The engine's id in it is
// the claim; everything else is for show, sealed so that it can't be made up.
type heldTime struct {
	ID        string    `json:"i"`
	Account   string    `json:"a"`
	Equipment string    `json:"e"`
	Start     time.Time `json:"s"`
	End       time.Time `json:"n"`
	Until     time.Time `json:"u"`
	Left      int       `json:"l"` // extensions
	// Key stays the same over extensions and Back: confirming twice is one booking.
	Key string `json:"k"`
}

func (r *request) held(h booking.Hold, key string) heldTime {
	return heldTime{ID: h.ID, Account: r.actor.ID, Equipment: h.EquipmentID, Start: h.Start, End: h.End, Until: h.ExpiresAt, Left: h.ExtensionsLeft, Key: key}
}

func (h heldTime) interval() booking.Interval { return booking.Interval{Start: h.Start, End: h.End} }

func (h heldTime) minutes() int { return h.interval().Minutes() }

// token is the hold as pages hand it on.
func (p *pages) token(h heldTime) string {
	raw, _ := json.Marshal(h)
	text := base64.RawURLEncoding.EncodeToString(raw)
	return text + "." + p.seal("hold "+text)
}

// readHeld opens a token; who did not make the hold is told that there is none.
func (r *request) readHeld(token string) (h heldTime, e *booking.Equipment, err error) {
	text, seal, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || !hmac.Equal([]byte(seal), []byte(r.p.seal("hold "+text))) || json.Unmarshal(raw, &h) != nil || h.Account != r.actor.ID {
		return h, nil, fault.ErrNotFound
	}
	e, ok := r.catalog.Machine(h.Equipment)
	if !ok {
		return h, nil, fault.ErrNotFound
	}
	return h, e, nil
}

// confirmPath is the page that confirms a hold.
func (p *pages) confirmPath(h heldTime) string {
	return "/confirm?h=" + url.QueryEscape(p.token(h))
}

// bookingKey makes of a hold one booking, however often it is confirmed and
// whatever else was typed meanwhile.
func (h heldTime) bookingKey() *booking.Key {
	sum := sha256.Sum256([]byte(h.Equipment + " " + h.Start.Format(time.RFC3339) + " " + h.End.Format(time.RFC3339)))
	return &booking.Key{Caller: h.Account + " POST /bookings", Value: h.Key, Body: hex.EncodeToString(sum[:])}
}
