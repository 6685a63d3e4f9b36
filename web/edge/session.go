package edge

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/internal/fault"
)

const (
	actorKey = "edge.actor"
	tokenKey = "edge.token"
	// maxToken bounds what is looked up; our own tokens are far shorter.
	maxToken = 256
)

// Requests a minute and in a burst: a person's own, and an address', behind
// which a whole company or mobile network may sit.
const (
	accountPerMinute, accountBurst = 600, 200
	addressPerMinute, addressBurst = 6000, 2000
)

// ActorOf is who asks; somebody anonymous where no session was looked up.
func ActorOf(c *gin.Context) account.Actor {
	if a, ok := c.Get(actorKey); ok {
		return a.(account.Actor)
	}
	return account.Actor{Locale: LocaleOf(c), Address: c.ClientIP(), RequestID: RequestID(c)}
}

// TokenOf is the session token that was accepted; "" when nobody is signed in.
func TokenOf(c *gin.Context) string { return c.GetString(tokenKey) }

// CookieName is the session cookie's; the __Host- prefix needs TLS.
func (e *Edge) CookieName() string {
	if e.secure {
		return "__Host-gongbang"
	}
	return "gongbang"
}

// SetCookie hands a browser its session until expires; an empty token takes it away.
func (e *Edge) SetCookie(c *gin.Context, token string, expires time.Time) {
	cookie := &http.Cookie{Name: e.CookieName(), Value: token, Path: "/", Expires: expires,
		HttpOnly: true, Secure: e.secure, SameSite: http.SameSiteLaxMode}
	if token == "" {
		cookie.MaxAge, cookie.Expires = -1, time.Time{}
	}
	http.SetCookie(c.Writer, cookie)
}

// Session turns the session token into the Actor. A token that is given and
// wrong is refused on public routes too: its owner should learn it at once.
func (e *Edge) Session(c *gin.Context) {
	actor := account.Actor{Locale: LocaleOf(c), Address: c.ClientIP(), RequestID: RequestID(c)}
	c.Set(actorKey, actor)
	token, given, err := e.token(c.Request)
	if given && err == nil {
		var found account.Actor
		if found, err = e.Sessions.Authenticate(c.Request.Context(), token); err == nil {
			found.Address, found.RequestID = actor.Address, actor.RequestID
			actor = found
			c.Set(actorKey, actor)
			c.Set(tokenKey, token)
		}
	}
	if slow := e.charge(c, actor); slow != nil {
		refuse(c, slow)
		return
	}
	if err == nil {
		return
	}
	if f, ok := fault.As(err); ok && f.Kind == fault.Unauthenticated && len(c.Request.Header.Values("Authorization")) == 0 {
		e.SetCookie(c, "", time.Time{}) // else the browser would be refused for ever
	}
	refuse(c, err)
}

// token reads the Authorization header, else the cookie.
func (e *Edge) token(r *http.Request) (token string, given bool, err error) {
	if values := r.Header.Values("Authorization"); len(values) > 0 {
		token, ok := Bearer(values)
		if !ok {
			return "", true, fault.ErrSignIn
		}
		return token, true, nil
	}
	cookie, err := r.Cookie(e.CookieName())
	if err != nil {
		return "", false, nil
	}
	if !plausible(cookie.Value) {
		return "", true, fault.ErrSignIn
	}
	return cookie.Value, true, nil
}

// Bearer takes the token out of the values of an Authorization header.
func Bearer(values []string) (string, bool) {
	if len(values) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	token = strings.Trim(token, " ")
	return token, ok && strings.EqualFold(scheme, "Bearer") && plausible(token)
}

func plausible(token string) bool {
	if token == "" || len(token) > maxToken {
		return false
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] > '~' {
			return false
		}
	}
	return true
}

// charge counts the request: for the account alone when somebody is signed
// in, so that neighbours behind one address never slow each other down.
func (e *Edge) charge(c *gin.Context, actor account.Actor) error {
	if e.Limiter == nil {
		return nil
	}
	key, perMinute, burst := "a:"+actor.ID, accountPerMinute, accountBurst
	if actor.ID == "" {
		key, perMinute, burst = "ip:"+network(actor.Address), addressPerMinute, addressBurst
	}
	ok, after := e.Limiter.Allow(c.Request.Context(), key, perMinute, burst)
	if ok {
		return nil
	}
	f := fault.New(fault.TooMany, "rate_limited")
	f.RetryAfter = max(1, int((after+time.Second-1)/time.Second))
	return f.With("seconds", strconv.Itoa(f.RetryAfter))
}

// network is what one subscriber has: an IPv4 address or an IPv6 /64.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return address
		}
		return host
	}
	if ip = ip.Unmap(); ip.Is4() {
		return ip.String()
	}
	p, _ := ip.Prefix(64)
	return p.String()
}
