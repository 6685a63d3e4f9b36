package edge

import (
	"encoding"
	"encoding/json"
	"iter"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"

	"gongbang/internal/fault"
)

// maxFieldErrors bounds how many wrong fields one answer lists.
const maxFieldErrors = 32

// Bind fills the struct that dst points to from a parsed body and validates
// it. Everything that is wrong comes back as one fault "validation": unknown
// fields, wrong types and the rules of the validate tags. null is "not given".
func Bind(object map[string]any, dst any) error {
	b := binder{}
	b.value(object, reflect.ValueOf(dst).Elem(), "")
	if len(b.bad) == 0 {
		b.bad = checkTags(dst)
	}
	return b.fault()
}

type binder struct{ bad []fault.Field }

func (b *binder) fault() error {
	if len(b.bad) == 0 {
		return nil
	}
	sort.SliceStable(b.bad, func(i, j int) bool { return b.bad[i].Field < b.bad[j].Field })
	return &fault.Fault{Kind: fault.Invalid, Code: "validation", Fields: b.bad}
}

func (b *binder) refuse(path, rule, limit string) {
	if len(b.bad) < maxFieldErrors {
		b.bad = append(b.bad, fault.Field{Field: clip(path), Rule: rule, Limit: limit})
	}
}

// clip keeps a name that the client made up from filling the answer.
func clip(path string) string {
	if r := []rune(path); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return path
}

var (
	timeType = reflect.TypeFor[time.Time]()
	textType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func (b *binder) value(v any, dst reflect.Value, path string) {
	if v == nil {
		return
	}
	if dst.Kind() != reflect.Pointer && dst.Addr().Type().Implements(textType) {
		b.text(v, dst, path)
		return
	}
	switch dst.Kind() {
	case reflect.Pointer:
		fresh := reflect.New(dst.Type().Elem())
		b.value(v, fresh.Elem(), path)
		dst.Set(fresh)
	case reflect.Struct:
		b.object(v, dst, path)
	case reflect.Map:
		b.entries(v, dst, path)
	case reflect.Slice:
		b.list(v, dst, path)
	case reflect.Interface:
		if b.clean(v, path) {
			dst.Set(reflect.ValueOf(v))
		}
	default:
		b.scalar(v, dst, path)
	}
}

func (b *binder) scalar(v any, dst reflect.Value, path string) {
	switch dst.Kind() {
	case reflect.String:
		if s, ok := v.(string); !ok {
			b.refuse(path, "string", "")
		} else if strings.ContainsRune(s, 0) {
			b.refuse(path, "characters", "")
		} else {
			dst.SetString(s)
		}
	case reflect.Bool:
		if t, ok := v.(bool); ok {
			dst.SetBool(t)
		} else {
			b.refuse(path, "boolean", "")
		}
	case reflect.Int:
		number, _ := v.(json.Number)
		n, err := strconv.ParseInt(string(number), 10, 32)
		if err != nil {
			b.refuse(path, "integer", "")
		}
		dst.SetInt(n)
	default:
		panic("edge: a request type has a field of kind " + dst.Kind().String())
	}
}

func (b *binder) text(v any, dst reflect.Value, path string) {
	s, ok := v.(string)
	if !ok {
		b.refuse(path, "string", "")
		return
	}
	if dst.Type() == timeType {
		t, ok := ParseTime(s)
		if !ok {
			b.refuse(path, "datetime", "")
		}
		dst.Set(reflect.ValueOf(t))
		return
	}
	b.parse(s, dst.Addr().Interface().(encoding.TextUnmarshaler), path)
}

// ruled is a type of a field that names the rule its text has to keep.
type ruled interface{ Rule() string }

func (b *binder) parse(s string, into encoding.TextUnmarshaler, path string) {
	if into.UnmarshalText([]byte(s)) == nil {
		return
	}
	rule := "format"
	if r, ok := into.(ruled); ok {
		rule = r.Rule()
	}
	b.refuse(path, rule, "")
}

// ParseTime reads RFC 3339 within the years that a database and a clock agree on; in UTC, whole milliseconds.
func ParseTime(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1971 || t.Year() > 9000 {
		return time.Time{}, false
	}
	return t.UTC().Truncate(time.Millisecond), true
}

func (b *binder) object(v any, dst reflect.Value, path string) {
	object, ok := v.(map[string]any)
	if !ok {
		b.refuse(path, "object", "")
		return
	}
	known := map[string]bool{}
	for name, field := range fields(dst, "json") {
		known[name] = true
		if member, ok := object[name]; ok {
			b.value(member, field, join(path, name))
		}
	}
	for name := range object {
		if !known[name] {
			b.refuse(join(path, name), "unknown", "")
		}
	}
}

func (b *binder) entries(v any, dst reflect.Value, path string) {
	object, ok := v.(map[string]any)
	if !ok {
		b.refuse(path, "object", "")
		return
	}
	dst.Set(reflect.MakeMap(dst.Type()))
	for name, member := range object {
		entry := reflect.New(dst.Type().Elem()).Elem()
		before := len(b.bad)
		b.value(member, entry, join(path, name))
		if len(b.bad) == before && b.clean(name, join(path, name)) {
			dst.SetMapIndex(reflect.ValueOf(name), entry)
		}
	}
}

func (b *binder) list(v any, dst reflect.Value, path string) {
	list, ok := v.([]any)
	if !ok {
		b.refuse(path, "array", "")
		return
	}
	dst.Set(reflect.MakeSlice(dst.Type(), len(list), len(list)))
	for i, member := range list {
		b.value(member, dst.Index(i), join(path, strconv.Itoa(i)))
	}
}

// clean refuses NUL in free-form values: PostgreSQL takes it in no text.
func (b *binder) clean(v any, path string) bool {
	switch v := v.(type) {
	case string:
		if strings.ContainsRune(v, 0) {
			b.refuse(path, "characters", "")
			return false
		}
	case []any:
		for i, member := range v {
			if !b.clean(member, join(path, strconv.Itoa(i))) {
				return false
			}
		}
	case map[string]any:
		for name, member := range v {
			if !b.clean(name, path) || !b.clean(member, join(path, name)) {
				return false
			}
		}
	}
	return true
}

// fields are a struct's named fields and those of the structs it embeds.
func fields(v reflect.Value, tag string) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if name := fieldName(f, tag); name != "" {
				if !yield(name, v.Field(i)) {
					return
				}
				continue
			}
			if f.Anonymous {
				for name, inner := range fields(v.Field(i), tag) {
					if !yield(name, inner) {
						return
					}
				}
			}
		}
	}
}

func fieldName(f reflect.StructField, tag string) string {
	name, _, _ := strings.Cut(f.Tag.Get(tag), ",")
	if name == "-" {
		return ""
	}
	return name
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
