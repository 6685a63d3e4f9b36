package api

import (
	"context"
	_ "embed"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/web/edge"
)

// probeTime bounds a look at one part; a part that hangs is a part that is down.
const probeTime = 2 * time.Second

// Probe looks at one part for GET /readyz: "database", "locks", "mail",
// "outbox". Without a required one the service is not ready. Detail says what
// an operator should know and never a secret, an address or a person.
type Probe struct {
	Name     string
	Required bool
	Check    func(ctx context.Context) (detail map[string]any, err error)
}

//go:embed openapi.yaml
var openAPI []byte

// OpenAPI is the contract as it is served.
func OpenAPI() []byte { return openAPI }

// mountOperations puts the paths at the root that are for machines and readers
// of the contract. They look up no session: a probe must not hang on one.
func (a *API) mountOperations(g *gin.Engine) {
	edge.Get(g, "/healthz", a.edge.Wrap(func(c *gin.Context) error {
		c.JSON(http.StatusOK, gin.H{"status": "ok"})
		return nil
	}))
	edge.Get(g, "/readyz", a.edge.Wrap(a.ready))
	edge.Get(g, "/metrics", a.edge.Wrap(a.showMetrics))
	edge.Get(g, "/openapi.yaml", a.edge.Wrap(func(c *gin.Context) error {
		c.Data(http.StatusOK, "application/yaml; charset=utf-8", openAPI)
		return nil
	}))
	edge.Get(g, "/docs", a.edge.Wrap(a.docs))
	edge.Get(g, "/docs/style.css", a.edge.Wrap(a.docsStyle))
}

func (a *API) ready(c *gin.Context) error {
	status, word := http.StatusOK, "ready"
	checks := gin.H{}
	for _, p := range a.Probes {
		ctx, cancel := context.WithTimeout(c.Request.Context(), probeTime)
		detail, err := p.Check(ctx)
		cancel()
		h := gin.H{"ok": err == nil, "required": p.Required}
		if len(detail) > 0 {
			h["detail"] = detail
		}
		if err != nil {
			a.Log.Warn("not ready", "part", p.Name, "error", err)
			if p.Required {
				status, word = http.StatusServiceUnavailable, "unavailable"
				c.Header("Retry-After", "2")
			}
		}
		checks[p.Name] = h
	}
	c.JSON(status, gin.H{"status": word, "checks": checks})
	return nil
}
