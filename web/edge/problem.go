package edge

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/web/edge/locale"
)

const codeKey = "edge.code"

// ProblemType is the content type of every refusal (RFC 9457).
const ProblemType = "application/problem+json"

// statuses is the one map from kinds to HTTP.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Gone:            http.StatusGone,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.BadRequest:      http.StatusBadRequest,
	fault.Method:          http.StatusMethodNotAllowed,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.MediaType:       http.StatusUnsupportedMediaType,
}

// Status is the HTTP status of an error; 500 for what is no fault.
func Status(err error) int {
	if f, ok := fault.As(err); ok {
		return statuses[f.Kind]
	}
	return http.StatusInternalServerError
}

// problems answers for every handler that returned an error, and for panics.
func (e *Edge) problems(c *gin.Context) {
	defer e.recovered(c)
	c.Next()
	e.answer(c)
}

func (e *Edge) answer(c *gin.Context) {
	if len(c.Errors) == 0 || c.Writer.Written() {
		return
	}
	f := asFault(c.Request.Context(), c.Errors.Last().Err)
	status := statuses[f.Kind]
	c.Set(codeKey, f.Code)
	if e.Refused != nil {
		e.Refused(f.Code)
	}
	if status >= 500 {
		e.Log.Error("failed", slog.String("request_id", RequestID(c)), slog.String("route", c.FullPath()),
			slog.String("code", f.Code), slog.Any("error", f.Err))
	}
	c.Header("Cache-Control", "no-store")
	c.Writer.Header().Del("ETag")
	switch {
	case status == http.StatusUnauthorized:
		c.Header("WWW-Authenticate", `Bearer realm="gongbang"`)
	case f.RetryAfter > 0:
		c.Header("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	if e.Page != nil && !machine(c.Request.URL.Path) {
		c.Writer.Header().Del("WWW-Authenticate")
		e.Page(c, f, status)
		return
	}
	body, err := json.Marshal(e.Problem(c, f))
	if err != nil {
		body = []byte(`{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"","code":"internal","request_id":""}`)
		status = http.StatusInternalServerError
	}
	c.Data(status, ProblemType, body)
}

// asFault makes every error one that may be shown: what is unknown is
// "internal", and a client that hung up or waited too long is told to retry.
func asFault(ctx context.Context, err error) *fault.Fault {
	f, ok := fault.As(err)
	switch {
	case ok && f.Kind == fault.Internal:
		return fault.New(fault.Internal, "internal").Because(err)
	case !ok && (ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded)):
		f = fault.ErrUnavailable.Because(err)
	case !ok:
		return fault.New(fault.Internal, "internal").Because(err)
	}
	if f.RetryAfter == 0 && (f.Kind == fault.Unavailable || f.Kind == fault.TooMany) {
		c := *f
		c.RetryAfter = 1
		return &c
	}
	return f
}

// Problem is the document for a refusal, in the caller's language.
func (e *Edge) Problem(c *gin.Context, f *fault.Fault) map[string]any {
	l := LocaleOf(c)
	values := f.Values
	if f.RetryAfter > 0 && values["seconds"] == "" {
		values = f.With("seconds", strconv.Itoa(f.RetryAfter)).Values
	}
	title, detail := locale.Fault(l, f.Code, values)
	body := map[string]any{}
	for key, value := range f.Extra {
		body[key] = e.present(c.Request.Context(), l, key, value)
	}
	body["type"] = "/docs#" + f.Code
	body["title"] = title
	body["status"] = statuses[f.Kind]
	body["detail"] = detail
	body["code"] = f.Code
	body["request_id"] = RequestID(c)
	if advice := values["advice"]; advice != "" {
		body["advice"] = advice
		body["detail"] = detail + " " + locale.Advice(l, advice)
		if advice == "credentials" { // who just tried to sign in need not be told to sign in
			body["detail"] = locale.Advice(l, advice)
		}
	}
	if len(f.Fields) > 0 {
		body["errors"] = fieldErrors(l, f.Fields)
	}
	return body
}

func (e *Edge) present(ctx context.Context, l lang.Locale, key string, value any) any {
	if e.Present == nil {
		return value
	}
	return e.Present(ctx, l, key, value)
}

func fieldErrors(l lang.Locale, fields []fault.Field) []gin.H {
	list := make([]gin.H, len(fields))
	for i, f := range fields {
		list[i] = gin.H{"field": f.Field, "rule": f.Rule, "message": locale.Rule(l, f.Rule, f.Limit)}
	}
	return list
}
