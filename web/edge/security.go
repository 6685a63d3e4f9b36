package edge

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"gongbang/internal/fault"
)

// Content-Security-Policy values: for JSON, and for pages with their own style sheet and forms.
const (
	apiCSP  = "default-src 'none'; frame-ancestors 'none'"
	pageCSP = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

func (e *Edge) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", apiCSP)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language, Authorization, Cookie")
	if e.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// PageHeaders is for HTML: own style and forms, nothing else.
func PageHeaders(c *gin.Context) { c.Header("Content-Security-Policy", pageCSP) }

// sameOrigin refuses what a browser sends here from somebody else's page.
func (e *Edge) sameOrigin() (gin.HandlerFunc, error) {
	p := http.NewCrossOriginProtection()
	if e.PublicURL.Host != "" {
		if err := p.AddTrustedOrigin(e.PublicURL.Scheme + "://" + e.PublicURL.Host); err != nil {
			return nil, err
		}
	}
	// The survey form is opened under Referrer-Policy no-referrer, which makes
	// browsers send "Origin: null"; the unguessable token in its path is the
	// whole authority there, and no cookie counts.
	p.AddInsecureBypassPattern("POST /s/{token}")
	return func(c *gin.Context) {
		if err := p.Check(c.Request); err != nil {
			refuse(c, fault.New(fault.Forbidden, "cross_origin").Because(err))
		}
	}, nil
}
