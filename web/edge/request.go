package edge

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"gongbang/internal/fault"
)

// MaxBody is the most bytes a request body may have.
const MaxBody = 64 << 10

const requestIDKey = "edge.request_id"

// RequestID is the id of this request, the same in the log, the audit and the answer.
func RequestID(c *gin.Context) string { return c.GetString(requestIDKey) }

func (e *Edge) identify(c *gin.Context) {
	id := e.NewID()
	c.Set(requestIDKey, id)
	c.Header("X-Request-Id", id)
}

// accessLog writes one line a request. It names the route's pattern and not
// the path, because paths carry survey tokens and query strings carry names.
func (e *Edge) accessLog(c *gin.Context) {
	start := time.Now()
	c.Next()
	took := time.Since(start)
	route := c.FullPath()
	if route == "" {
		route = "(none)"
	}
	status := c.Writer.Status()
	if e.Observe != nil {
		e.Observe(c.Request.Method, route, status, took)
	}
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	e.Log.LogAttrs(c.Request.Context(), level, "request",
		slog.String("request_id", RequestID(c)), slog.String("method", c.Request.Method),
		slog.String("route", route), slog.Int("status", status),
		slog.Int("bytes", max(0, c.Writer.Size())), slog.Duration("took", took),
		slog.String("account", ActorOf(c).ID), slog.String("code", c.GetString(codeKey)))
}

// recovered answers a panic like any unknown error; the stack goes to the log.
func (e *Edge) recovered(c *gin.Context) {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && (errors.Is(err, http.ErrAbortHandler) || isBroken(err)) {
		c.Abort()
		return
	}
	e.Log.Error("panic", slog.String("request_id", RequestID(c)), slog.String("route", c.FullPath()),
		slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
	refuse(c, fault.New(fault.Internal, "internal"))
	e.answer(c)
}

func isBroken(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "write"
}

// limitBody refuses what is announced as too large at once and cuts the rest off while it is read.
func (e *Edge) limitBody(c *gin.Context) {
	if c.Request.ContentLength > MaxBody {
		refuse(c, fault.New(fault.TooLarge, "too_large"))
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, MaxBody)
}

// cleanURL refuses paths that no database takes as text, before anything looks at them.
func cleanURL(c *gin.Context) {
	if path := c.Request.URL.Path; strings.ContainsRune(path, 0) || !utf8.ValidString(path) {
		refuse(c, fault.New(fault.BadRequest, "bad_request"))
	}
}
