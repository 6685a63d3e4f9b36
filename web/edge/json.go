package edge

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"gongbang/internal/fault"
)

// maxDepth is how deep a body may be nested; ours need 4.
const maxDepth = 16

// ReadJSON reads the request's body as one strict JSON object. No body at all
// is an empty object, so that actions without input need none.
func ReadJSON(c *gin.Context) (map[string]any, error) {
	raw, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return nil, bodyFault(err)
	}
	if len(raw) == 0 {
		return map[string]any{}, nil
	}
	if !isJSON(c.Request.Header) {
		return nil, fault.New(fault.MediaType, "unsupported_media_type").With("type", "application/json")
	}
	return ParseJSON(raw)
}

func bodyFault(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.New(fault.TooLarge, "too_large")
	}
	return fault.New(fault.BadRequest, "bad_request").Because(err)
}

func isJSON(h http.Header) bool {
	values := h.Values("Content-Type")
	if len(values) != 1 {
		return false
	}
	kind, params, err := mime.ParseMediaType(values[0])
	if err != nil || kind != "application/json" {
		return false
	}
	charset, ok := params["charset"]
	return !ok || strings.EqualFold(charset, "utf-8")
}

// ParseJSON parses one JSON object: valid UTF-8, no key twice, at most
// maxDepth deep, nothing after its end. Numbers stay json.Number.
func ParseJSON(raw []byte) (map[string]any, error) {
	malformed := fault.New(fault.BadRequest, "bad_request")
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return nil, malformed
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, err := parseValue(d, 0)
	if err != nil {
		return nil, malformed.Because(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, fault.BadField("body", "object", "")
	}
	return object, nil
}

var errShape = errors.New("too deep, or a key twice")

func parseValue(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth++; depth > maxDepth {
		return nil, errShape
	}
	if delim == '[' {
		return parseArray(d, depth)
	}
	return parseObject(d, depth)
}

func parseArray(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := parseValue(d, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

func parseObject(d *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		if _, twice := object[key]; twice {
			return nil, errShape
		}
		v, err := parseValue(d, depth)
		if err != nil {
			return nil, err
		}
		object[key] = v
	}
	_, err := d.Token()
	return object, err
}

// Canonical writes a parsed body the same way however it was spaced and ordered.
func Canonical(object map[string]any) []byte {
	b, err := json.Marshal(object) // keys of maps are sorted
	if err != nil {
		return nil
	}
	return b
}
