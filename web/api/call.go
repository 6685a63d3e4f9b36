package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/web/edge"
)

// call is one request on its way through a route.
type call struct {
	*gin.Context
	api   *API
	actor account.Actor
	// sent is the parsed body; the idempotency key is made of it.
	sent map[string]any
}

func (c *call) ctx() context.Context { return c.Request.Context() }

func (c *call) locale() lang.Locale { return edge.LocaleOf(c.Context) }

// id is the :id of the path.
func (c *call) id() string { return c.Param("id") }

// key is the request's idempotency key; nil without one.
func (c *call) key() (*booking.Key, error) { return edge.Key(c.Context, c.sent) }

// show answers with JSON.
func (c *call) show(status int, body any) error {
	c.JSON(status, body)
	return nil
}

// list answers with the items of a list; next "" is its end.
func (c *call) list(items any, next string) error {
	body := gin.H{"items": items, "next_cursor": nil}
	if next != "" {
		body["next_cursor"] = next
	}
	return c.show(http.StatusOK, body)
}

// stamp writes an instant as RFC 3339 with the zone's offset; milliseconds only where there are some.
func stamp(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2006-01-02T15:04:05.999Z07:00")
}

func stampPtr(t *time.Time, zone *time.Location) any {
	if t == nil || t.IsZero() {
		return nil
	}
	return stamp(*t, zone)
}

// put adds a member where there is something to say.
func put(h gin.H, key string, value any) {
	switch v := value.(type) {
	case nil:
		return
	case string:
		if v == "" {
			return
		}
	}
	h[key] = value
}

// each maps a list; nil becomes an empty one, so that JSON shows [] and never null.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}

// zone is the catalog's time zone. It is remembered from the last look at the
// catalog, because answers about sessions should cost no read for it.
func (a *API) zone(ctx context.Context) (*time.Location, error) {
	if z := a.lastZone.Load(); z != nil {
		return z, nil
	}
	c, err := a.catalogNow(ctx)
	if err != nil {
		return nil, err
	}
	return c.Zone, nil
}

func (a *API) catalogNow(ctx context.Context) (*booking.Catalog, error) {
	c, err := a.Engine.Catalog(ctx)
	if err == nil && c.Zone != nil {
		a.lastZone.Store(c.Zone)
	}
	return c, err
}
