package edge

import (
	"encoding"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gongbang/internal/fault"
)

// maxQuery bounds one query parameter.
const maxQuery = 1024

// BindQuery fills the struct that dst points to from its query tags and
// validates it; unknown, repeated and malformed parameters are refused by
// name. Fields are string, []string (repeated or comma separated), *int,
// *bool, *time.Time and what reads itself from text.
func BindQuery(r *http.Request, dst any) error {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fault.BadField("query", "format", "")
	}
	b := binder{}
	known := map[string]bool{}
	for name, field := range fields(reflect.ValueOf(dst).Elem(), "query") {
		known[name] = true
		if given := values[name]; len(given) > 0 {
			b.parameter(given, field, name)
		}
	}
	for name := range values {
		if !known[name] {
			b.refuse(strings.ToValidUTF8(name, "?"), "unknown", "")
		}
	}
	if len(b.bad) == 0 {
		b.bad = checkTags(dst)
	}
	return b.fault()
}

// NoQuery refuses every query parameter.
func NoQuery(r *http.Request) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	var none struct{}
	return BindQuery(r, &none)
}

func (b *binder) parameter(given []string, dst reflect.Value, name string) {
	for _, v := range given {
		if len(v) > maxQuery || !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
			b.refuse(name, "format", "")
			return
		}
	}
	if dst.Kind() == reflect.Slice {
		list := []string{}
		for _, v := range given {
			for part := range strings.SplitSeq(v, ",") {
				if part = strings.TrimSpace(part); part != "" {
					list = append(list, part)
				}
			}
		}
		dst.Set(reflect.ValueOf(list))
		return
	}
	if len(given) > 1 {
		b.refuse(name, "once", "")
		return
	}
	b.one(given[0], dst, name)
}

func (b *binder) one(v string, dst reflect.Value, name string) {
	switch target := dst.Addr().Interface().(type) {
	case *string:
		*target = v
	case **int:
		n, err := strconv.ParseInt(v, 10, 32)
		if err != nil {
			b.refuse(name, "integer", "")
			return
		}
		whole := int(n)
		*target = &whole
	case **bool:
		if v != "true" && v != "false" {
			b.refuse(name, "boolean", "")
			return
		}
		t := v == "true"
		*target = &t
	case **time.Time:
		// An unescaped "+09:00" arrives with a space.
		t, ok := ParseTime(strings.Replace(v, " ", "+", 1))
		if !ok {
			b.refuse(name, "datetime", "")
			return
		}
		*target = &t
	case encoding.TextUnmarshaler:
		b.parse(v, target, name)
	default:
		panic("edge: a query type has a field of type " + dst.Type().String())
	}
}
