package edge

import (
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/internal/fault"
)

// Browser is Session for pages: a cookie that is no longer worth anything is
// taken away, and its owner goes on as somebody who is not signed in. Headers
// don't sign in here: pages are opened by browsers.
func (e *Edge) Browser(c *gin.Context) {
	actor := account.Actor{Locale: LocaleOf(c), Address: c.ClientIP(), RequestID: RequestID(c)}
	c.Set(actorKey, actor)
	if cookie, err := c.Request.Cookie(e.CookieName()); err == nil {
		found, err := account.Actor{}, error(fault.ErrSignIn)
		if plausible(cookie.Value) {
			found, err = e.Sessions.Authenticate(c.Request.Context(), cookie.Value)
		}
		f, refused := fault.As(err)
		switch {
		case err == nil:
			found.Address, found.RequestID = actor.Address, actor.RequestID
			actor = found
			c.Set(actorKey, actor)
			c.Set(tokenKey, cookie.Value)
		case refused && f.Kind == fault.Unauthenticated:
			e.SetCookie(c, "", time.Time{})
			c.Set(endedKey, true)
		default:
			refuse(c, err)
			return
		}
	}
	if slow := e.charge(c, actor); slow != nil {
		refuse(c, slow)
	}
}

const endedKey = "edge.ended"

// Ended tells that the browser came with a session that is over.
func Ended(c *gin.Context) bool { return c.GetBool(endedKey) }

// SetActor makes the rest of the request act for somebody who just signed in.
func SetActor(c *gin.Context, a account.Actor) { c.Set(actorKey, a) }

// machine tells whether programs ask for a path, not browsers: they get problem documents.
func machine(path string) bool {
	for _, own := range []string{"/api/", "/healthz", "/readyz", "/metrics", "/openapi.yaml", "/docs", "/calendar/"} {
		if path == strings.TrimSuffix(own, "/") || strings.HasPrefix(path, own) {
			return true
		}
	}
	return false
}
